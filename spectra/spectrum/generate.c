// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectra/spectrum/generate.h"

#include "base/divisor.h"
#include "base/floating_point.h"
#include "base/number.h"
#include "base/random.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double least_ratio = 1e-3, largest_ratio = 1e3;

/* The word before the next separator, which *text goes behind; empty: there is none that is short
 * enough. */
static void next(const char **text, char separator, char word[ORDPAR_NUMBER_SIZE]) {
    const char *end = *text ? strchr(*text, separator) : NULL;
    const size_t length = *text ? (end ? (size_t)(end - *text) : strlen(*text)) : 0;
    const size_t kept = length < ORDPAR_NUMBER_SIZE ? length : 0;
    memcpy(word, *text ? *text : "", kept);
    word[kept] = '\0';
    *text = end ? end + 1 : NULL;
}

static bool power_law(const char *rest, ordpar_generator *g) {
    (void)g;
    return !rest;
}

static bool ratio_of(const char *word, ordpar_generator *g) {
    return ordpar_parse_double(word, &g->ratio) && g->ratio >= least_ratio &&
           g->ratio <= largest_ratio;
}

static bool spiked(const char *rest, ordpar_generator *g) {
    char word[ORDPAR_NUMBER_SIZE];
    while (rest) {
        if (g->count == ORDPAR_MAX_SPIKES)
            return false;
        next(&rest, ',', word);
        char *ratio = strchr(word, ':');
        if (ratio) {
            *ratio++ = '\0';
            g->kind = ORDPAR_GENERATE_SPIKED_BULK;
        }
        if ((ratio && (rest || !ratio_of(ratio, g))) ||
            !ordpar_parse_double(word, &g->spikes[g->count]) || g->spikes[g->count++] < 0)
            return false;
    }
    return g->count > 0;
}

static bool marchenko_pastur(const char *rest, ordpar_generator *g) {
    char word[ORDPAR_NUMBER_SIZE];
    next(&rest, ':', word);
    if (!ratio_of(word, g))
        return false;
    if (rest)
        g->kind = ORDPAR_GENERATE_DRAWN;
    return !rest || strcmp(rest, "drawn") == 0;
}

static bool latent(const char **rest, ordpar_generator *g) {
    char word[ORDPAR_NUMBER_SIZE];
    int64_t count;
    next(rest, ':', word);
    if (!ordpar_parse_integer(word, &count) || count < 1 || count > ORDPAR_MAX_LATENT)
        return false;
    g->count = (size_t)count;
    return true;
}

static bool random_features(const char *rest, ordpar_generator *g) {
    return latent(&rest, g) && !rest;
}

static bool hidden_manifold(const char *rest, ordpar_generator *g) {
    static const char *const maps[] = {"identity", "sign", "erf", "relu"};
    if (!latent(&rest, g))
        return false;
    for (size_t k = 0; rest && k < sizeof maps / sizeof *maps; k++)
        if (strcmp(rest, maps[k]) == 0)
            g->map = maps[k];
    return g->map;
}

static const struct {
    const char *name;
    bool (*parse)(const char *rest, ordpar_generator *generator);
    ordpar_generate_kind kind;
    const char *form;
} forms[] = {{"power-law", power_law, ORDPAR_GENERATE_POWER_LAW, "power-law"},
             {"spiked", spiked, ORDPAR_GENERATE_SPIKED,
              "spiked:S1,S2,..[:RATIO] with 1 to 64 numbers >= 0, RATIO from 0.001 to 1000"},
             {"marchenko-pastur", marchenko_pastur, ORDPAR_GENERATE_QUANTILES,
              "marchenko-pastur:RATIO[:drawn] with RATIO from 0.001 to 1000"},
             {"random-features", random_features, ORDPAR_GENERATE_RANDOM_FEATURES,
              "random-features:V with V from 1 to 1048576"},
             {"hidden-manifold", hidden_manifold, ORDPAR_GENERATE_HIDDEN_MANIFOLD,
              "hidden-manifold:D:MAP with D from 1 to 1048576, MAP identity, sign, erf or relu"}};

ordpar_status ordpar_generator_parse(const char *text, ordpar_generator *generator,
                                     ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const char *rest = text, *form = "power-law, spiked:.., marchenko-pastur:.., "
                                     "random-features:.. or hidden-manifold:..";
    char name[ORDPAR_NUMBER_SIZE];
    next(&rest, ':', name);
    for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
        ordpar_generator parsed = {.kind = forms[k].kind};
        if (strcmp(name, forms[k].name) != 0)
            continue;
        form = forms[k].form;
        if (forms[k].parse(rest, &parsed)) {
            *generator = parsed;
            return ORDPAR_OK;
        }
    }
    return ordpar_fail(err, ORDPAR_INVALID, "must be %s, got '%.80s'", form, text);
}

/*
 * Share of the eigenvalues above x = 1 + s^2 + 2 s cos(theta), ratio s^2 [15.21]: the integral of
 * (2/pi) sin^2/x. theta = pi: all that are not 0.
 */
static double share_above(double theta, double s) {
    const double pi = acos(-1.0), square = s * s;
    const double turn = theta < pi ? atan(fabs(1 - s) / (1 + s) * tan(theta / 2)) : pi / 2;
    return ((1 + square) * theta / 2 - s * sin(theta) - fabs(1 - square) * turn) / (pi * square);
}

/* And their sum, divided by N. */
static double sum_above(double theta) {
    return (theta - sin(theta) * cos(theta)) / acos(-1.0);
}

static double theta_of(double share, double s) {
    double low = 0, high = acos(-1.0);
    if (share_above(high, s) <= share)
        return high;
    for (int k = 0; k < 64; k++) {
        const double middle = (low + high) / 2;
        *(share_above(middle, s) < share ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

static ordpar_status check_blocks(int64_t N, int64_t L, ordpar_error *err) {
    if (L >= 1 && L <= N)
        return ordpar_check_divides(L, N, err);
    return ordpar_fail(err, ORDPAR_INVALID, "eigenvalues must be from 1 to N = %lld, got %lld",
                       (long long)N, (long long)L);
}

/* So many components in L shares, as equal as can be, each at its mean [15.21]. False: stopped. */
static bool fill_quantiles(double ratio, int64_t count, int64_t L,
                           const volatile sig_atomic_t *stop, double *lambda, int64_t *n) {
    double before = 0;
    int64_t taken = 0;
    for (int64_t b = 0; b < L; b++) {
        if (stop && *stop)
            return false;
        const int64_t up = count / L * (b + 1) + count % L * (b + 1) / L;
        const double share = (double)up / (double)count;
        const double sum = b + 1 < L ? sum_above(theta_of(share, sqrt(ratio))) : 1;
        n[b] = up - taken;
        lambda[b] = fmax((double)count / (double)n[b] * (sum - before), 0);
        before = sum;
        taken = up;
    }
    return true;
}

/* Spikes, once each, and a bulk of L shares; ratio 0: all of it at 1 [15.20]. */
static ordpar_status make_blocks(const ordpar_generator *g, int64_t N, int64_t L,
                                 const volatile sig_atomic_t *stop, ordpar_spectrum *spectrum,
                                 ordpar_error *err) {
    const size_t blocks = g->count + (size_t)L;
    double *lambda = calloc(blocks, sizeof *lambda);
    int64_t *n = calloc(blocks, sizeof *n);
    ordpar_status status = ORDPAR_OK;
    if (!lambda || !n)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", blocks);
    for (size_t k = 0; k < g->count && !status; k++) {
        lambda[k] = g->spikes[k];
        n[k] = 1;
    }
    if (!status && g->ratio == 0) {
        lambda[g->count] = 1;
        n[g->count] = N - (int64_t)g->count;
    } else if (!status && !fill_quantiles(g->ratio, N - (int64_t)g->count, L, stop,
                                          lambda + g->count, n + g->count)) {
        status = ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted");
    }
    if (!status)
        status = ordpar_spectrum_from_arrays(blocks, lambda, n, spectrum, err);
    free(lambda);
    free(n);
    return status;
}

static ordpar_status make_spiked(const ordpar_generator *g, int64_t N, int64_t L,
                                 const volatile sig_atomic_t *stop, ordpar_spectrum *spectrum,
                                 ordpar_error *err) {
    const int64_t bulk = N - (int64_t)g->count;
    if (bulk < 1)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "must leave a bulk: %zu spikes, N = %lld components", g->count,
                           (long long)N);
    if (g->ratio == 0)
        L = 1;
    if (L > bulk)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "eigenvalues must be at most the bulk's N - %zu = %lld, got L = %lld",
                           g->count, (long long)bulk, (long long)L);
    return make_blocks(g, N, L, stop, spectrum, err);
}

static ordpar_status make_quantiles(const ordpar_generator *g, int64_t N, int64_t L,
                                    const volatile sig_atomic_t *stop, ordpar_spectrum *spectrum,
                                    ordpar_error *err) {
    const ordpar_status status = check_blocks(N, L, err);
    return status ? status : make_blocks(g, N, L, stop, spectrum, err);
}

void ordpar_generate_normals(uint64_t seed, uint64_t index, size_t count, double *out) {
    ordpar_random stream;
    ordpar_random_init(&stream, seed, 0, ORDPAR_RANDOM_SPECTRUM, index);
    const gsl_rng rng = ordpar_random_gsl(&stream);
    for (size_t k = 0; k < count; k++)
        out[k] = gsl_ran_gaussian_ziggurat(&rng, 1);
}

ordpar_status ordpar_generate(const ordpar_generator *generator,
                              const ordpar_generate_options *options, ordpar_generated *generated,
                              ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const ordpar_generate_options *o = options;
    ordpar_generated made = {.teaches = false};
    ordpar_status status;
    switch (generator->kind) {
    case ORDPAR_GENERATE_POWER_LAW:
        status = ordpar_spectrum_power_law(o->N, o->L, o->beta, &made.spectrum, err);
        break;
    case ORDPAR_GENERATE_SPIKED:
    case ORDPAR_GENERATE_SPIKED_BULK:
        status = make_spiked(generator, o->N, o->L, o->stop, &made.spectrum, err);
        break;
    case ORDPAR_GENERATE_QUANTILES:
        status = make_quantiles(generator, o->N, o->L, o->stop, &made.spectrum, err);
        break;
    default:
        status = ordpar_generate_drawn(generator, o, &made, err);
    }
    if (!status)
        *generated = made;
    return status;
}
