// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/prediction.h"

#include "spectra/forms/erf_plateau.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void ordpar_prediction_clear(ordpar_prediction *p) {
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

static ordpar_status make_mean_teacher(const ordpar_model *model, const ordpar_parts *parts,
                                       ordpar_prediction *p, ordpar_error *err) {
    const size_t M = parts->network.M, L = parts->spectrum.L;
    const double bytes = sizeof(double) * (double)(M * M) * (double)L;
    const ordpar_status status = ordpar_model_check_memory(model, L, bytes, err);
    if (status)
        return status;
    p->mean_t = calloc(M * M * L, sizeof *p->mean_t);
    if (!p->mean_t)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu blocks", L);
    for (size_t n = 0; n < M; n++)
        for (size_t b = 0; b < L; b++)
            p->mean_t[(n * M + n) * L + b] = parts->spectrum.p[b] * parts->spectrum.c[b];
    p->t = p->mean_t;
    return ORDPAR_OK;
}

/* [7.1] as the fixed point of the equations: J_i = a sum_n B_n. */
static ordpar_status set_closed(const ordpar_parts *parts, ordpar_prediction *p,
                                ordpar_error *err) {
    const size_t M = parts->network.M;
    const ordpar_erf_plateau closed = ordpar_erf_plateau_at(M, parts->network.w[0], p->T);
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

ordpar_status ordpar_predict_plateau(const ordpar_model *model, ordpar_parts *parts,
                                     ordpar_prediction *p, ordpar_error *err) {
    const bool sampled =
        ordpar_model_given(model, "teacher") && model->value.teacher == ORDPAR_TEACHER_SAMPLED;
    const bool given = ordpar_model_given(model, "orders");
    const bool all = given && model->value.orders == ORDPAR_ORDERS_ALL;
    *p = (ordpar_prediction){.realised = sampled || ordpar_model_has_overlaps(model)};
    ordpar_status status = ORDPAR_OK;
    parts->network.small_eta = parts->network.small_eta || (given && !all);
    if (p->realised && !parts->start.t)
        status = ordpar_parts_start(model, false, parts, err);
    p->closed =
        !p->realised && !all && !parts->network.unlearnable && has_closed_form(&parts->network);
    if (!status && !p->realised && !p->closed)
        status = make_mean_teacher(model, parts, p, err);
    if (status)
        return status;
    if (p->realised)
        p->t = parts->start.t;
    p->T = ordpar_spectrum_teacher_moment(&parts->spectrum, 1);
    p->T2 = ordpar_spectrum_teacher_moment(&parts->spectrum, 2);
    return p->closed ? set_closed(parts, p, err)
                     : ordpar_plateau_solve(&parts->spectrum, &parts->network, p->t, &p->at, err);
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

/* That of the overlaps, or the root mean square over starts [7.4]. */
static ordpar_status find_start(const ordpar_model *model, const ordpar_parts *parts,
                                ordpar_prediction *p, ordpar_error *err) {
    const ordpar_network *n = &parts->network;
    if (p->realised)
        return ordpar_start_specialisation(&parts->spectrum, &parts->start, n->w, &p->start, err);
    p->start =
        model->value.init == ORDPAR_INIT_MEAN
            ? 0
            : ordpar_plateau_start(n->K, n->M, model->value.sigma_J, p->T2, parts->spectrum.N);
    return ORDPAR_OK;
}

ordpar_status ordpar_predict_escape(const ordpar_model *model, const ordpar_parts *parts,
                                    ordpar_prediction *p, ordpar_error *err) {
    const ordpar_network *n = &parts->network;
    if (n->K < 2 || n->M < 2)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "K, M: units specialise only if there are at least 2 of each, got "
                           "K = %zu, M = %zu",
                           n->K, n->M);
    ordpar_status status = find_start(model, parts, p, err);
    if (p->closed)
        p->rate = ordpar_erf_escape_rate(n->M, n->v[0], n->w[0], n->eta, p->T, p->T2);
    else if (!status)
        status = ordpar_plateau_escape_rate(&parts->spectrum, n, p->t, &p->at, &p->rate, err);
    if (status)
        return status;
    p->end = p->T * sqrt((double)(n->K < n->M ? n->K : n->M) - 1);
    p->length = ordpar_plateau_length(n->K, n->M, p->T, p->start, p->rate);
    return ORDPAR_OK;
}
