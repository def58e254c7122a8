// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/plateau/escape_law.h"

#include "base/random.h"
#include "solver/plateau/escape_growth.h"
#include "solver/plateau/measure.h"
#include "solver/plateau/prediction.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_psi.h>
#include <math.h>
#include <stdlib.h>

enum { ROWS = 2400 };

/* Smaller starts are computed as of this size, and leave tau ln(LEAST_SIZE/sigma_J) later: what
 * they differ by would be lost in rounding, of the noise below 1e-7, of the start below 1e-12. */
#define LEAST_SIZE 1e-5

typedef struct {
    const ordpar_spectrum *spectrum;
    const ordpar_network *network;
    const ordpar_integrate_options *tolerances;
    double sigma_J;
    double *rho;           /* [L] of a start of the typical size */
    double *e;             /* [K*M] direction */
    double *alpha, *eps_g; /* [ROWS] */
} typical;

static ordpar_status keep(void *context, size_t row, double alpha, double eps_g,
                          const ordpar_overlaps *state, ordpar_error *err) {
    (void)alpha, (void)state, (void)err;
    ((double *)context)[row] = eps_g;
    return ORDPAR_OK;
}

/* e of unit length, without the means of rows and columns. */
static void draw_direction(const typical *t, size_t k) {
    const size_t K = t->network->K, M = t->network->M;
    ordpar_random stream;
    ordpar_random_init(&stream, 1, k / 2, ORDPAR_RANDOM_START, 0);
    const gsl_rng rng = ordpar_random_gsl(&stream);
    for (size_t a = 0; a < K * M; a++)
        t->e[a] = gsl_ran_gaussian_ziggurat(&rng, 1);
    for (size_t i = 0; i < K; i++) {
        double mean = 0;
        for (size_t n = 0; n < M; n++)
            mean += t->e[i * M + n] / (double)M;
        for (size_t n = 0; n < M; n++)
            t->e[i * M + n] -= mean;
    }
    double square = 0;
    for (size_t n = 0; n < M; n++) {
        double mean = 0;
        for (size_t i = 0; i < K; i++)
            mean += t->e[i * M + n] / (double)K;
        for (size_t i = 0; i < K; i++) {
            t->e[i * M + n] -= mean;
            square += t->e[i * M + n] * t->e[i * M + n];
        }
    }
    for (size_t a = 0; a < K * M; a++)
        t->e[a] *= (k % 2 ? -1 : 1) / sqrt(square);
}

static ordpar_status leave(const typical *t, ordpar_plateau_measure *plateau, ordpar_error *err) {
    const size_t K = t->network->K, M = t->network->M, L = t->spectrum->L;
    const ordpar_integrate_options options = {.rtol = t->tolerances->rtol,
                                              .atol = t->tolerances->atol,
                                              .trained_blocks = L,
                                              .observer = keep,
                                              .context = t->eps_g,
                                              .stop = t->tolerances->stop};
    ordpar_overlaps start;
    bool found = false;
    ordpar_status status = ordpar_overlaps_start(
        t->spectrum, K, M, ORDPAR_INIT_MEAN, ORDPAR_TEACHER_MEAN, t->sigma_J, 0, 1, &start, err);
    if (status)
        return status;
    for (size_t a = 0; a < K * M; a++)
        for (size_t b = 0; b < L; b++)
            start.r[a * L + b] = t->e[a] * t->rho[b];
    status = ordpar_integrate(t->spectrum, t->network, &start, t->alpha, ROWS, &options, NULL, err);
    ordpar_overlaps_clear(&start);
    if (!status)
        status = ordpar_measure_plateau(ROWS, t->alpha, t->eps_g, NAN, &found, plateau, err);
    if (!status && !found)
        status = ordpar_fail(err, ORDPAR_NUMERICAL,
                             "with eta = %.10g and sigma_J = %.10g a typical start has no plateau "
                             "that could be left",
                             t->network->eta, t->sigma_J);
    return status;
}

static ordpar_status average(const typical *t, ordpar_escape_law *law, ordpar_error *err) {
    const size_t count = law->modes > 1 ? ORDPAR_ESCAPE_DIRECTIONS : 1;
    double squares = 0;
    for (size_t k = 0; k < count; k++) {
        ordpar_plateau_measure plateau;
        draw_direction(t, k);
        const ordpar_status status = leave(t, &plateau, err);
        if (status)
            return status;
        law->exit[k] = plateau.exit;
        law->mean += plateau.exit / (double)count;
        law->height += plateau.height / (double)count;
    }
    law->directions = count;
    for (size_t k = 0; k < count; k++)
        squares += (law->exit[k] - law->mean) * (law->exit[k] - law->mean);
    law->direction = count > 1 ? sqrt(squares / (double)(count - 1)) : 0;
    return ORDPAR_OK;
}

/* How much earlier a start of twice the size leaves: tau ln 2 by the law. */
static ordpar_status try_twice(const typical *t, ordpar_escape_law *law, ordpar_error *err) {
    const size_t L = t->spectrum->L;
    ordpar_plateau_measure plateau;
    draw_direction(t, 0);
    for (size_t b = 0; b < L; b++)
        t->rho[b] *= 2;
    const ordpar_status status = leave(t, &plateau, err);
    law->twice = status ? NAN : law->exit[0] - plateau.exit;
    return status == ORDPAR_NUMERICAL ? ORDPAR_OK : status;
}

/* E ln chi */
static double log_typical(const ordpar_escape_law *law) {
    return (gsl_sf_psi((double)law->modes / 2) + M_LN2) / 2;
}

/* [7.17] The exit of a start of the geometric mean size is the mean. */
static ordpar_status find_mean(const ordpar_escape_growth *growth, double end, typical *t,
                               ordpar_escape_law *law, ordpar_error *err) {
    const ordpar_spectrum *s = t->spectrum;
    const size_t L = s->L, cells = t->network->K * t->network->M;
    const double amplitude = t->sigma_J * sqrt(growth->start / s->N) * exp(log_typical(law));
    double *all = malloc((L + cells + 2 * ROWS) * sizeof *all);
    if (!all)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu blocks", L);
    t->rho = all;
    t->e = all + L;
    t->alpha = t->e + cells;
    t->eps_g = t->alpha + ROWS;
    for (size_t b = 0; b < L; b++)
        t->rho[b] = s->p[b] * s->c[b] * growth->y[b] * amplitude / growth->start;
    for (size_t k = 0; k < ROWS; k++)
        t->alpha[k] = end * pow(1e-6, (double)(ROWS - 1 - k) / (ROWS - 1));
    ordpar_status status = average(t, law, err);
    if (!status)
        status = try_twice(t, law, err);
    free(all);
    return status;
}

double ordpar_escape_law_share(const ordpar_escape_law *law, double alpha) {
    const double most = 300; /* beyond it the share is 0, also where the square overflows */
    double share = 0;
    for (size_t k = 0; k < law->directions; k++) { /* a small start leaves late */
        const double log_size = log_typical(law) + (law->exit[k] - alpha) / law->tau;
        share += gsl_cdf_chisq_Q(exp(2 * fmin(log_size, most)), (double)law->modes) /
                 (double)law->directions;
    }
    return share;
}

static double quantile(const ordpar_escape_law *law, double share) {
    double low = law->mean - 100 * law->tau, high = law->mean + 100 * law->tau;
    for (int k = 0; k < 60; k++) {
        const double middle = (low + high) / 2;
        *(ordpar_escape_law_share(law, middle) < share ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

/*
 * [7.18] The standard deviation of ln |chi|, chi of the size sqrt(d) and a normal part of variance
 * n in each of d modes: |chi|^2/n is chi-square of d + 2k degrees of freedom, k by Poisson's law.
 */
static double spread_by_noise(double n, double d) {
    const double mean = d / (2 * n), reach = 12 * sqrt(mean) + 40;
    if (!(n > 1e-5 * d))
        return sqrt(n / d);
    double weight = 0, sum = 0, squares = 0, within = 0;
    for (double k = fmax(0, floor(mean - reach)); k <= mean + reach; k++) {
        const double part = gsl_ran_poisson_pdf((unsigned)k, mean);
        const double log_size = gsl_sf_psi(d / 2 + k) - log(mean + d / 2);
        weight += part;
        sum += part * log_size;
        squares += part * log_size * log_size;
        within += part * gsl_sf_psi_1(d / 2 + k);
    }
    return sqrt(within / weight + squares / weight - sum / weight * (sum / weight)) / 2;
}

static void find_spread(const typical *t, const ordpar_escape_growth *growth,
                        ordpar_escape_law *law) {
    static const double shares[3] = {0.05, 0.5, 0.95};
    const double d = (double)law->modes, tau = law->tau;
    const double N = t->spectrum->N, start = t->sigma_J * t->sigma_J * growth->start / N;
    const double noise = growth->noise / N / start;
    law->sd = hypot(tau / 2 * sqrt(gsl_sf_psi_1(d / 2)), law->direction);
    for (size_t k = 0; k < 3; k++)
        law->quantile[k] = quantile(law, shares[k]);
    law->jitter = tau * spread_by_noise(noise, d);
    law->earlier = tau / 2 * log1p(noise);
}

static void delay(ordpar_escape_law *law, double alpha) {
    law->mean += alpha;
    for (size_t k = 0; k < law->directions; k++)
        law->exit[k] += alpha;
}

static ordpar_status check(const ordpar_spectrum *s, const ordpar_network *n, ordpar_error *err) {
    for (size_t i = 0; i < n->K; i++)
        if (n->v[i] != n->v[0])
            return ordpar_fail(err, ORDPAR_INVALID,
                               "the law of the escape needs equal output weights of the students");
    for (size_t k = 0; k < n->M; k++)
        if (n->w[k] != n->w[0])
            return ordpar_fail(err, ORDPAR_INVALID,
                               "the law of the escape needs equal output weights of the teachers");
    for (size_t b = 0; b < s->L; b++)
        if (s->n[b] < (double)(n->K + n->M))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "the law of the escape needs multiplicities of at least K + M = "
                               "%zu, got %.0f in block %zu",
                               n->K + n->M, s->n[b], b + 1);
    return ORDPAR_OK;
}

ordpar_status ordpar_escape_law_find(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                     double sigma_J, const ordpar_integrate_options *tolerances,
                                     ordpar_escape_law *law, ordpar_error *err) {
    const size_t K = network->K, M = network->M;
    const double computed = fmax(sigma_J, LEAST_SIZE * fmax(1, sqrt(spectrum->N / 1e9)));
    ordpar_prediction p = {0};
    ordpar_escape_growth growth = {0};
    typical t = {
        .spectrum = spectrum, .network = network, .tolerances = tolerances, .sigma_J = computed};
    ordpar_escape_law made = {.modes = (K - 1) * (M - 1)};
    ordpar_status status;
    if ((status = check(spectrum, network, err)) ||
        (status = ordpar_predict_plateau(spectrum, network, NULL, !network->small_eta, &p, err)) ||
        (status = ordpar_predict_escape(spectrum, network,
                                        ordpar_plateau_start(K, M, computed, p.T2, spectrum->N), &p,
                                        err))) {
        ordpar_prediction_clear(&p);
        return status;
    }
    made.tau = 1 / p.rate;
    const double end = made.tau * fmax(4, fmin(p.length / made.tau, 30));
    status = ordpar_escape_growth_find(spectrum, network, computed, p.rate, end, tolerances,
                                       &growth, err);
    if (!status)
        status = find_mean(&growth, 1.6 * end + 6 * made.tau, &t, &made, err);
    if (!status) {
        delay(&made, made.tau * log(computed / sigma_J));
        find_spread(&t, &growth, &made);
        *law = made;
    }
    free(growth.y);
    ordpar_prediction_clear(&p);
    return status;
}
