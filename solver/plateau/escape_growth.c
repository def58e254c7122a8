// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/plateau/escape_growth.h"

#include "solver/state/network_averages.h"

#include <math.h>
#include <stdlib.h>

/* Rows of the symmetric trajectory, geometric but for the first; the noise is smoother. */
enum { ROWS = 4097, NOISE_EVERY = 8 };
static const double first_part = 1e-6;

/* What drives the modes, at each row: d rho^b = lambda_b (slope t^b sum lambda rho - drag rho^b);
 */
typedef struct {
    double slope, drag;
    ordpar_escape_noise noise;
} drive;

typedef struct {
    const ordpar_spectrum *spectrum;
    const ordpar_network *network;
    double *c, *scratch, *u; /* [n^2], [n^2 and the averages'], [n] */
    double *alpha;           /* [ROWS] */
    drive *drives;           /* [ROWS] */
} trajectory;

/* d A_in/d R_in and G_ii - G_ij = v^2 (E[g'^2] - E[g'_i g'_j]) + h. */
static void set_drift(trajectory *t, drive *d) {
    const ordpar_network *net = t->network;
    const size_t K = net->K, n = K + net->M;
    const double *c = t->c, v = net->v[0];
    double h = 0;
    for (size_t a = 0; a < n; a++)
        h += t->u[a] * ordpar_network_ddg_g(net, c, 0, a).value;
    const double C =
        ordpar_network_dg_dg(net, c, 0, 0).value - ordpar_network_dg_dg(net, c, 0, 1).value;
    d->slope = net->eta * v * net->w[0] * ordpar_network_dg_dg(net, c, 0, K).d_ab;
    d->drag = net->eta * (v * v * C + v * h);
}

ordpar_escape_noise ordpar_escape_noise_terms(const ordpar_network *network, const double *c,
                                              const double *u, double *scratch) {
    const size_t K = network->K, n = K + network->M;
    const double s2 = network->label_noise * network->label_noise;
    const double rate = network->eta * network->v[0];
    double f[2], slope[2];
    for (size_t j = 0; j < 2; j++) {
        f[j] = ordpar_network_squared_error_dg_dg(network, c, u, 0, j, scratch, scratch + n * n) +
               s2 * ordpar_network_dg_dg(network, c, 0, j).value;
        const double *row = scratch + K * n + K;
        slope[j] = row[0] - row[1];
    }
    return (ordpar_escape_noise){rate * rate * (f[0] - f[1]),
                                 2 * rate * rate * (slope[0] - slope[1])};
}

static ordpar_status record(void *context, size_t row, double alpha, double eps_g,
                            const ordpar_overlaps *state, ordpar_error *err) {
    trajectory *t = context;
    (void)alpha, (void)eps_g, (void)err;
    ordpar_overlaps_fields(state, t->spectrum, t->network, t->c);
    set_drift(t, &t->drives[row]);
    if (!t->network->small_eta && row % NOISE_EVERY == 0)
        t->drives[row].noise = ordpar_escape_noise_terms(t->network, t->c, t->u, t->scratch);
    return ORDPAR_OK;
}

static ordpar_status follow(trajectory *t, double sigma_J, const ordpar_integrate_options *given,
                            ordpar_error *err) {
    const ordpar_spectrum *s = t->spectrum;
    ordpar_overlaps start;
    ordpar_status status = ordpar_overlaps_start(s, t->network->K, t->network->M, ORDPAR_INIT_MEAN,
                                                 ORDPAR_TEACHER_MEAN, sigma_J, 0, 1, &start, err);
    if (status)
        return status;
    const ordpar_integrate_options options = {.rtol = given->rtol,
                                              .atol = given->atol,
                                              .trained_blocks = s->L,
                                              .observer = record,
                                              .context = t,
                                              .stop = given->stop};
    status = ordpar_integrate(s, t->network, &start, t->alpha, ROWS, &options, NULL, err);
    ordpar_overlaps_clear(&start);
    return status;
}

/* The left eigenvector of the growing mode, with y.rho = sum lambda rho for the right one. */
static void set_end(const trajectory *t, double rate, double *y) {
    const ordpar_spectrum *s = t->spectrum;
    const drive *d = &t->drives[ROWS - 1];
    double product = 0;
    for (size_t b = 0; b < s->L; b++) {
        const double lambda = s->lambda[b], g = rate + lambda * d->drag;
        y[b] = lambda / g;
        product += y[b] * d->slope * lambda * s->p[b] * s->c[b] / g;
    }
    for (size_t b = 0; b < s->L; b++)
        y[b] /= product;
}

/* [7.16] one step back, y' = -J^T y, by the implicit midpoint: J is diagonal plus rank one. */
static void step_back(const trajectory *t, size_t row, double *y) {
    const ordpar_spectrum *s = t->spectrum;
    const drive *a = &t->drives[row - 1], *b = &t->drives[row];
    const double half = (t->alpha[row] - t->alpha[row - 1]) / 2;
    const double slope = half * (a->slope + b->slope) / 2, drag = half * (a->drag + b->drag) / 2;
    double sum = 0, moved = 0, response = 0;
    for (size_t k = 0; k < s->L; k++)
        sum += s->lambda[k] * s->p[k] * s->c[k] * y[k];
    for (size_t k = 0; k < s->L; k++) {
        const double lambda = s->lambda[k], weight = lambda * s->p[k] * s->c[k];
        const double damped = 1 / (1 + lambda * drag);
        y[k] = (y[k] * (1 - lambda * drag) + lambda * slope * sum) * damped;
        moved += weight * y[k];
        response += weight * lambda * slope * damped;
    }
    const double after = moved / (1 - response);
    for (size_t k = 0; k < s->L; k++)
        y[k] += s->lambda[k] * slope * after / (1 + s->lambda[k] * drag);
}

double ordpar_escape_noise_of(const ordpar_spectrum *s, ordpar_escape_noise noise,
                              const double *y) {
    double with_teacher = 0, own = 0;
    for (size_t b = 0; b < s->L; b++) {
        const double weight = y[b] * s->lambda[b] * s->p[b] * s->c[b];
        with_teacher += weight;
        own += weight * y[b];
    }
    return fmax(own * noise.f + with_teacher * with_teacher * noise.g, 0);
}

static void go_back(const trajectory *t, double rate, ordpar_escape_growth *growth) {
    const ordpar_spectrum *s = t->spectrum;
    set_end(t, rate, growth->y);
    double after = ordpar_escape_noise_of(s, t->drives[ROWS - 1].noise, growth->y);
    for (size_t row = ROWS - 1; row > 0; row--) {
        step_back(t, row, growth->y);
        if (t->network->small_eta || (row - 1) % NOISE_EVERY)
            continue;
        const double before = ordpar_escape_noise_of(s, t->drives[row - 1].noise, growth->y);
        growth->noise +=
            (before + after) / 2 * (t->alpha[row - 1 + NOISE_EVERY] - t->alpha[row - 1]);
        after = before;
    }
    for (size_t b = 0; b < s->L; b++)
        growth->start += growth->y[b] * growth->y[b] * s->p[b] * s->c[b];
}

static void set_rows(trajectory *t, double end) {
    t->alpha[0] = 0;
    for (size_t k = 1; k < ROWS; k++)
        t->alpha[k] = end * pow(first_part, (double)(ROWS - 1 - k) / (ROWS - 2));
}

ordpar_status ordpar_escape_growth_find(const ordpar_spectrum *spectrum,
                                        const ordpar_network *network, double sigma_J, double rate,
                                        double end, const ordpar_integrate_options *tolerances,
                                        ordpar_escape_growth *growth, ordpar_error *err) {
    const size_t K = network->K, n = K + network->M;
    const size_t scratch = n * n + ordpar_network_work(network);
    double *all = malloc((n * n + scratch + n + ROWS) * sizeof *all);
    trajectory t = {.spectrum = spectrum,
                    .network = network,
                    .c = all,
                    .scratch = all + n * n,
                    .u = all + n * n + scratch,
                    .alpha = all + n * n + scratch + n,
                    .drives = calloc(ROWS, sizeof *t.drives)};
    ordpar_status status = ORDPAR_OK;
    *growth = (ordpar_escape_growth){.y = malloc(spectrum->L * sizeof *growth->y)};
    if (!all || !t.drives || !growth->y)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu blocks", spectrum->L);
    if (!status) {
        for (size_t a = 0; a < n; a++)
            t.u[a] = a < K ? network->v[a] : -network->w[a - K];
        set_rows(&t, end);
        status = follow(&t, sigma_J, tolerances, err);
    }
    if (!status)
        go_back(&t, rate, growth);
    free(all);
    free(t.drives);
    return status;
}
