// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/plateau/prediction.h"

#include "solver/state/network_averages.h"

#include "spectra/forms/erf_plateau.h"

#include <math.h>
#include <stdlib.h>

void ordpar_prediction_clear(ordpar_prediction *p) {
    free(p->mean_t);
    ordpar_plateau_clear(&p->at);
}

/* All output weights of a layer equal, and both sums the same: the closed form's condition. */
bool ordpar_plateau_is_closed(const ordpar_network *n) {
    if (n->unlearnable)
        return false;
    for (size_t i = 1; i < n->K; i++)
        if (n->v[i] != n->v[0])
            return false;
    for (size_t k = 1; k < n->M; k++)
        if (n->w[k] != n->w[0])
            return false;
    const double v = (double)n->K * n->v[0], w = (double)n->M * n->w[0];
    return ordpar_network_has(n, &ordpar_activation_erf) && v != 0 &&
           fabs(v - w) <= 1e-14 * fabs(w);
}

static ordpar_status make_mean_teacher(const ordpar_spectrum *spectrum, size_t M,
                                       ordpar_prediction *p, ordpar_error *err) {
    const size_t L = spectrum->L;
    p->t = p->mean_t = calloc(M * M * L, sizeof *p->mean_t);
    if (!p->mean_t)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu blocks", L);
    for (size_t n = 0; n < M; n++)
        for (size_t b = 0; b < L; b++)
            p->mean_t[(n * M + n) * L + b] = spectrum->p[b] * spectrum->c[b];
    return ORDPAR_OK;
}

/* [7.1] as the fixed point of the equations: J_i = a sum_n B_n. */
static ordpar_status set_closed(const ordpar_network *network, ordpar_prediction *p,
                                ordpar_error *err) {
    const size_t M = network->M;
    const ordpar_erf_plateau closed = ordpar_erf_plateau_at(M, network->w[0], p->T);
    double *all = malloc(2 * M * sizeof *all);
    if (!all)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", M);
    p->at = (ordpar_plateau){.M = M, .a = all, .R = all + M, .Q = closed.Q, .eps_g = closed.eps_g};
    for (size_t n = 0; n < M; n++) {
        p->at.a[n] = closed.R / p->T;
        p->at.R[n] = closed.R;
    }
    return ORDPAR_OK;
}

/* [7.14] T of a given teacher: students that are its units are as specialised as those of T 1. One
 * of negative weight is the opposite unit. */
static ordpar_status set_given(const ordpar_spectrum *spectrum, const double *t, const double *w,
                               size_t M, ordpar_prediction *p, ordpar_error *err) {
    const size_t L = spectrum->L;
    double *R = calloc(M * M, sizeof *R);
    if (!R)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", M);
    for (size_t k = 0; k < M * M; k++)
        for (size_t b = 0; b < L; b++)
            R[k] += (w[k / M] < 0 ? -1 : 1) * spectrum->lambda[b] * t[k * L + b];
    p->T = M > 1 ? ordpar_specialisation_signed(M, M, w, R) / sqrt((double)M - 1) : fabs(R[0]);
    free(R);
    return ORDPAR_OK;
}

ordpar_status ordpar_predict_plateau(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                     const double *t, bool all_orders, ordpar_prediction *p,
                                     ordpar_error *err) {
    *p = (ordpar_prediction){.closed = !t && !all_orders && ordpar_plateau_is_closed(network),
                             .t = t,
                             .T = ordpar_spectrum_teacher_moment(spectrum, 1),
                             .T2 = ordpar_spectrum_teacher_moment(spectrum, 2)};
    if (p->closed)
        return set_closed(network, p, err);
    const ordpar_status status = t ? set_given(spectrum, t, network->w, network->M, p, err)
                                   : make_mean_teacher(spectrum, network->M, p, err);
    return status ? status : ordpar_plateau_solve(spectrum, network, p->t, &p->at, err);
}

ordpar_status ordpar_start_specialisation(const ordpar_spectrum *spectrum,
                                          const ordpar_overlaps *start, const double *w,
                                          double *specialisation, ordpar_error *err) {
    const size_t count = start->K * start->M, L = start->L;
    double *R = calloc(count, sizeof *R);
    if (!R)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu overlaps", count);
    for (size_t k = 0; k < count; k++)
        for (size_t b = 0; b < L; b++)
            R[k] += spectrum->lambda[b] * start->r[k * L + b];
    *specialisation = ordpar_specialisation_signed(start->K, start->M, w, R);
    free(R);
    return ORDPAR_OK;
}

ordpar_status ordpar_predict_escape(const ordpar_spectrum *spectrum, const ordpar_network *n,
                                    double start, ordpar_prediction *p, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    if (n->K < 2 || n->M < 2)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "K, M: units specialise only if there are at least 2 of each, got "
                           "K = %zu, M = %zu",
                           n->K, n->M);
    if (p->closed)
        p->rate = ordpar_erf_escape_rate(n->M, n->v[0], n->w[0], n->eta, p->T, p->T2);
    else
        status = ordpar_plateau_escape_rate(spectrum, n, p->t, &p->at, &p->rate, err);
    if (status)
        return status;
    p->start = start;
    p->end = p->T * sqrt((double)(n->K < n->M ? n->K : n->M) - 1);
    p->length = ordpar_plateau_length(n->K, n->M, p->T, start, p->rate);
    return ORDPAR_OK;
}
