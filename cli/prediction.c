// SPDX-License-Identifier: GPL-3.0-or-later
#include "prediction.h"

#include "erf_plateau.h"
#include "library_error.h"

#include <math.h>
#include <stdlib.h>

void plateau_prediction_clear(plateau_prediction *p) {
    free(p->mean_t);
    ordpar_plateau_clear(&p->at);
}

/* All output weights of a layer equal, and both sums the same: the closed form's condition. */
static bool has_closed_form(const ordpar_network *n) {
    for (size_t i = 1; i < n->K; i++)
        if (n->v[i] != n->v[0])
            return false;
    for (size_t k = 1; k < n->M; k++)
        if (n->w[k] != n->w[0])
            return false;
    const double v = (double)n->K * n->v[0], w = (double)n->M * n->w[0];
    return n->activation == &ordpar_activation_erf && v != 0 && fabs(v - w) <= 1e-14 * fabs(w);
}

static int make_mean_teacher(const options *parsed, const model *m, plateau_prediction *p) {
    const size_t M = m->network.M, L = m->spectrum.L;
    const int result = refuse_memory(parsed, L, 8.0 * (double)(M * M) * (double)L);
    if (result >= 0)
        return result;
    p->mean_t = calloc(M * M * L, sizeof *p->mean_t);
    if (!p->mean_t)
        return failure(parsed, "out of memory for %zu blocks", L);
    for (size_t n = 0; n < M; n++)
        for (size_t b = 0; b < L; b++)
            p->mean_t[(n * M + n) * L + b] = m->spectrum.p[b];
    p->t = p->mean_t;
    return -1;
}

/* [7.1] as the fixed point of the equations: J_i = a sum_n B_n. */
static int set_closed(const options *parsed, const model *m, plateau_prediction *p) {
    const size_t M = m->network.M;
    const ordpar_erf_plateau closed = ordpar_erf_plateau_at(M, m->network.w[0], p->T);
    double *all = malloc(2 * M * sizeof *all);
    if (!all)
        return failure(parsed, "out of memory for %zu units", M);
    p->at = (ordpar_plateau){.M = M, .a = all, .R = all + M, .Q = closed.Q, .eps_g = closed.eps_g};
    for (size_t n = 0; n < M; n++) {
        p->at.a[n] = closed.R / p->T;
        p->at.R[n] = closed.R;
    }
    return -1;
}

int plateau_predict(const options *parsed, model *m, plateau_prediction *p) {
    const bool sampled =
        options_given(parsed, "teacher") && parsed->teacher == ORDPAR_TEACHER_SAMPLED;
    *p = (plateau_prediction){.realised = sampled || parsed->overlaps};
    int result = -1;
    if (p->realised && !m->start.t) {
        model_clear(m);
        result = model_create(parsed, m);
    }
    p->closed = !p->realised && has_closed_form(&m->network);
    if (result < 0 && !p->realised && !p->closed)
        result = make_mean_teacher(parsed, m, p);
    if (result >= 0)
        return result;
    if (p->realised)
        p->t = m->start.t;
    p->T = ordpar_spectrum_moment(&m->spectrum, 1);
    p->T2 = ordpar_spectrum_moment(&m->spectrum, 2);
    if (p->closed)
        return set_closed(parsed, m, p);
    ordpar_error err;
    const ordpar_status status =
        ordpar_plateau_solve(&m->spectrum, &m->network, p->t, &p->at, &err);
    return status ? library_error(parsed, NULL, status, &err) : -1;
}

/* The specialisation that the start has: that of its overlaps, or the root mean square over starts.
 */
static double start_specialisation(const options *parsed, const model *m,
                                   const plateau_prediction *p) {
    const size_t K = m->network.K, M = m->network.M, L = m->spectrum.L;
    if (p->realised) {
        double sum = -1, *R = calloc(K * M, sizeof *R);
        for (size_t k = 0; k < K * M && R; k++)
            for (size_t b = 0; b < L; b++)
                R[k] += m->spectrum.lambda[b] * m->start.r[k * L + b];
        if (R)
            sum = ordpar_specialisation_signed(K, M, m->network.w, R);
        free(R);
        return sum;
    }
    if (parsed->init == ORDPAR_INIT_MEAN)
        return 0;
    return parsed->sigma_J *
           sqrt((double)(K - 1) * (double)(M - 1) * p->T2 / m->spectrum.N); /* [7.4] */
}

int plateau_predict_escape(const options *parsed, const model *m, plateau_prediction *p) {
    const ordpar_network *n = &m->network;
    ordpar_error err;
    if (n->K < 2 || n->M < 2)
        return usage_error(parsed,
                           "-K, -M: units specialise only if there are at least 2 of each, got "
                           "K = %zu, M = %zu",
                           n->K, n->M);
    if (p->closed) {
        p->rate = ordpar_erf_escape_rate(n->M, n->v[0], n->w[0], n->eta, p->T, p->T2);
    } else {
        const ordpar_status status =
            ordpar_plateau_escape_rate(&m->spectrum, n, p->t, &p->at, &p->rate, &err);
        if (status)
            return library_error(parsed, NULL, status, &err);
    }
    p->start = start_specialisation(parsed, m, p);
    p->end = p->T * sqrt((double)(n->K < n->M ? n->K : n->M) - 1);
    p->length = p->start > 0 ? fmax(log(p->end / p->start), 0) / p->rate : INFINITY;
    return -1;
}
