// SPDX-License-Identifier: GPL-3.0-or-later
/* The closed forms under one name each: which model they are for, and what they are given of it. */
#include "erf_asymptotic.h"
#include "erf_plateau.h"
#include "frontier.h"
#include "linear.h"
#include "linear_continuum.h"
#include "linear_finite_n.h"
#include "linear_reduction.h"
#include "model_internal.h"
#include "plateau.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const ordpar_model *model;
    const char *name;
    size_t count;
    const double *alpha; /* or compute */
    double *values;
    ordpar_parts parts;
} form;

typedef ordpar_status (*form_function)(form *f, ordpar_error *err);

static ordpar_status refuse(const form *f, bool given, const char *option, const char *reason,
                            ordpar_error *err) {
    return given ? ordpar_fail(err, ORDPAR_INVALID, "%s: %s %s", option, f->name, reason)
                 : ORDPAR_OK;
}

static ordpar_status refuse_noise(const form *f, ordpar_error *err) {
    return refuse(f, f->model->number[MODEL_LABEL_NOISE] != 0, "label-noise",
                  "leaves out eta^2, and with it the noise", err);
}

static ordpar_status refuse_small_eta(const form *f, ordpar_error *err) {
    return refuse(f, f->model->number[MODEL_SMALL_ETA] != 0, "small-eta",
                  "has all orders in eta; use linear-small-eta", err);
}

static ordpar_status refuse_trainable(const form *f, ordpar_error *err) {
    return refuse(f, f->model->number[MODEL_TRAINABLE] >= 0, "trainable",
                  "needs all components trained", err);
}

/* E[(J - B)^2] of the one unit that a linear network acts as: error[L], which the caller frees. */
static ordpar_status reduce(form *f, double **error, ordpar_error *err) {
    const ordpar_parts *p = &f->parts;
    const size_t L = p->spectrum.L;
    double mean = 0;
    ordpar_status status;
    if (ordpar_model_has_overlaps(f->model))
        status = ordpar_parts_start(f->model, NULL, &f->parts, err);
    else
        status = ordpar_linear_mean_error(&p->network, f->model->init,
                                          f->model->number[MODEL_SIGMA_J], &mean, err);
    if (status)
        return status;
    *error = malloc(L * sizeof **error);
    if (!*error)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", L);
    if (p->start.K)
        ordpar_linear_start_error(&p->network, &p->spectrum, &p->start, *error);
    else
        for (size_t b = 0; b < L; b++)
            (*error)[b] = mean;
    return ORDPAR_OK;
}

typedef enum { EXACT, SMALL_ETA, FINITE_N } linear_kind;

static ordpar_status linear(form *f, linear_kind kind, ordpar_error *err) {
    const ordpar_parts *p = &f->parts;
    const double eta = ordpar_linear_effective_eta(&p->network), noise = p->network.label_noise;
    double *error = NULL;
    ordpar_status status = reduce(f, &error, err);
    if (!status)
        switch (kind) {
        case EXACT:
            status = ordpar_linear_exact(&p->spectrum, eta, noise, p->trained_blocks, error,
                                         f->alpha, f->count, f->values, err);
            break;
        case SMALL_ETA:
            status = ordpar_linear_small_eta(&p->spectrum, eta, p->trained_blocks, error, f->alpha,
                                             f->count, f->values, err);
            break;
        case FINITE_N:
            status = ordpar_linear_finite_n(&p->spectrum, eta, noise, p->trained_blocks, error,
                                            f->alpha, f->count, f->values, err);
        }
    free(error);
    return status;
}

static ordpar_status linear_exact(form *f, ordpar_error *err) {
    const ordpar_status status = refuse_small_eta(f, err);
    return status ? status : linear(f, EXACT, err);
}

static ordpar_status linear_finite_n(form *f, ordpar_error *err) {
    const ordpar_status status = refuse_small_eta(f, err);
    return status ? status : linear(f, FINITE_N, err);
}

static ordpar_status linear_small_eta(form *f, ordpar_error *err) {
    const ordpar_status status = refuse_noise(f, err);
    return status ? status : linear(f, SMALL_ETA, err);
}

static ordpar_status features(form *f, ordpar_error *err) {
    return f->model->number[MODEL_SMALL_ETA] != 0 ? linear_small_eta(f, err)
                                                  : linear(f, EXACT, err);
}

static ordpar_status power_law(const form *f, ordpar_power_law *law, ordpar_error *err) {
    const ordpar_model *m = f->model;
    const ordpar_status status =
        refuse(f, !ordpar_parts_is_power_law(m),
               m->data                             ? "data"
               : m->spectrum.L || m->spectrum_file ? "spectrum"
                                                   : "spread",
               "needs the power law of eigenvalues and beta, not a given spectrum", err);
    return status ? status
                  : ordpar_power_law_init((int64_t)f->model->number[MODEL_L],
                                          f->model->number[MODEL_BETA], law, err);
}

static ordpar_status linear_continuum(form *f, ordpar_error *err) {
    ordpar_power_law law;
    double error = 0;
    ordpar_status status;
    if ((status = power_law(f, &law, err)) ||
        (status = refuse(f, ordpar_model_has_overlaps(f->model), "overlaps",
                         "starts from the mean over starts", err)) ||
        (status = refuse_trainable(f, err)) || (status = refuse_noise(f, err)) ||
        (status = ordpar_linear_mean_error(&f->parts.network, f->model->init,
                                           f->model->number[MODEL_SIGMA_J], &error, err)))
        return status;
    return ordpar_linear_continuum(&law, ordpar_linear_effective_eta(&f->parts.network), error,
                                   f->alpha, f->count, f->values, err);
}

enum { FRONTIER_COLUMNS = 4 };

static ordpar_status frontier(form *f, ordpar_error *err) {
    const ordpar_parts *p = &f->parts;
    double *error = NULL;
    ordpar_status status;
    if ((status = refuse(f, f->model->number[MODEL_TRAINABLE] >= 0, "trainable", "finds N_l itself",
                         err)) ||
        (status = refuse_noise(f, err)))
        return status;
    ordpar_frontier_point *points = malloc((f->count ? f->count : 1) * sizeof *points);
    status = points ? reduce(f, &error, err)
                    : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", f->count);
    if (!status)
        status = ordpar_linear_frontier(&p->spectrum, ordpar_linear_effective_eta(&p->network),
                                        error, f->alpha, f->count, points, err);
    for (size_t k = 0; k < f->count && !status; k++)
        memcpy(f->values + FRONTIER_COLUMNS * k,
               (double[FRONTIER_COLUMNS]){points[k].trained, points[k].alpha, points[k].eps_g,
                                          points[k].exponent},
               FRONTIER_COLUMNS * sizeof *f->values);
    free(points);
    free(error);
    return status;
}

/* True, and *common set, if all weights are the same. */
static bool equal(size_t count, const double *weights, double *common) {
    for (size_t k = 1; k < count; k++)
        if (weights[k] != weights[0])
            return false;
    *common = weights[0];
    return true;
}

/* The teacher t[M*M*L] of the plateau: the start's, or the self-averaging one, t = p 1. */
static ordpar_status plateau_teacher(form *f, bool realised, ordpar_error *err) {
    ordpar_parts *p = &f->parts;
    if (realised)
        return ordpar_parts_start(f->model, NULL, p, err);
    const size_t M = p->network.M, L = p->spectrum.L;
    const ordpar_status status = ordpar_overlaps_init(p->network.K, M, L, &p->start, err);
    for (size_t n = 0; n < M && !status; n++)
        memcpy(p->start.t + (n * M + n) * L, p->spectrum.p, L * sizeof *p->start.t);
    return status;
}

/* Q, R (the mean over the teachers), eps_g and, if rate is not NULL, the escape rate. The closed
 * form holds for erf, a self-averaging teacher and equal weights; else the fixed point is found. */
static ordpar_status plateau_of(form *f, double *values, double *rate, ordpar_error *err) {
    ordpar_parts *p = &f->parts;
    const ordpar_network *n = &p->network;
    const bool realised = ordpar_model_has_overlaps(f->model) ||
                          (f->model->teacher_given && f->model->teacher == ORDPAR_TEACHER_SAMPLED);
    const double T = ordpar_spectrum_moment(&p->spectrum, 1);
    double v, w;
    if (!realised && n->activation == &ordpar_activation_erf && equal(n->K, n->v, &v) &&
        equal(n->M, n->w, &w) && v != 0 &&
        fabs((double)n->K * v - (double)n->M * w) <= 1e-14 * fabs((double)n->M * w)) {
        const ordpar_erf_plateau at = ordpar_erf_plateau_at(n->M, w, T);
        memcpy(values, (double[]){at.Q, at.R, at.eps_g}, 3 * sizeof *values);
        if (rate)
            *rate = ordpar_erf_escape_rate(n->M, v, w, n->eta, T,
                                           ordpar_spectrum_moment(&p->spectrum, 2));
        return ORDPAR_OK;
    }
    ordpar_plateau at = {0};
    ordpar_status status = plateau_teacher(f, realised, err);
    if (!status)
        status = ordpar_plateau_solve(&p->spectrum, n, p->start.t, &at, err);
    if (!status) {
        double mean = 0;
        for (size_t k = 0; k < n->M; k++)
            mean += at.R[k] / (double)n->M;
        memcpy(values, (double[]){at.Q, mean, at.eps_g}, 3 * sizeof *values);
        if (rate)
            status = ordpar_plateau_escape_rate(&p->spectrum, n, p->start.t, &at, rate, err);
    }
    ordpar_plateau_clear(&at);
    return status;
}

static ordpar_status plateau(form *f, ordpar_error *err) {
    const ordpar_status status = refuse_trainable(f, err);
    return status ? status : plateau_of(f, f->values, NULL, err);
}

static ordpar_status escape(form *f, ordpar_error *err) {
    const size_t K = f->parts.network.K, M = f->parts.network.M;
    double values[3], rate = 0;
    ordpar_status status = refuse_trainable(f, err);
    if (!status && (K < 2 || M < 2))
        status = ordpar_fail(err, ORDPAR_INVALID,
                             "units specialise only if there are at least 2 of each, got K = %zu, "
                             "M = %zu",
                             K, M);
    if (status || (status = plateau_of(f, values, &rate, err)))
        return status;
    f->values[0] = rate;
    f->values[1] = 1 / rate;
    return ORDPAR_OK;
}

static ordpar_status site_of(const form *f, ordpar_erf_site *site, ordpar_error *err) {
    const ordpar_network *n = &f->parts.network;
    double v, w;
    if (n->K != n->M)
        return ordpar_fail(err, ORDPAR_INVALID, "%s needs K = M, got K = %zu, M = %zu", f->name,
                           n->K, n->M);
    if (!equal(n->K, n->v, &v) || !equal(n->M, n->w, &w) || fabs(v - w) > 1e-15 * fabs(w) || v == 0)
        return ordpar_fail(err, ORDPAR_INVALID, "%s needs all output weights equal, and not 0",
                           f->name);
    *site = (ordpar_erf_site){n->M, v, ordpar_spectrum_moment(&f->parts.spectrum, 1)};
    return ORDPAR_OK;
}

static ordpar_status asymptotic(form *f, ordpar_error *err) {
    const ordpar_model *m = f->model;
    const ordpar_network *n = &f->parts.network;
    const ordpar_spectrum *s = &f->parts.spectrum;
    const double sigma = m->number[MODEL_SIGMA_J];
    const bool continuum = m->number[MODEL_CONTINUUM] != 0;
    ordpar_erf_site site;
    ordpar_power_law law = {0};
    ordpar_status status;
    if ((status = refuse_trainable(f, err)) ||
        (status = refuse(f, ordpar_model_has_overlaps(m), "overlaps",
                         "starts from J = B + sigma_J noise", err)) ||
        (status = refuse(f, m->init_given && m->init != ORDPAR_INIT_NEAR_TEACHER, "init",
                         "starts from J = B + sigma_J noise (near-teacher)", err)) ||
        (status = site_of(f, &site, err)) ||
        ((continuum || n->small_eta) && (status = refuse_noise(f, err))) ||
        (continuum && (status = power_law(f, &law, err))))
        return status;
    if (continuum)
        return ordpar_erf_asymptotic_continuum(&law, &site, n->eta, sigma, f->alpha, f->count,
                                               f->values, err);
    if (n->small_eta)
        return ordpar_erf_asymptotic_small_eta(s, &site, n->eta, sigma, f->alpha, f->count,
                                               f->values, err);
    return ordpar_erf_asymptotic(s, &site, n->eta, sigma, n->label_noise, f->alpha, f->count,
                                 f->values, err);
}

static ordpar_status critical_eta(form *f, ordpar_error *err) {
    const ordpar_parts *p = &f->parts;
    const ordpar_activation *g = p->network.activation;
    ordpar_erf_site site;
    ordpar_status status;
    if (g == &ordpar_activation_linear) {
        const double unit = ordpar_linear_effective_eta(&p->network) / p->network.eta;
        const double critical = ordpar_linear_critical_eta(&p->spectrum, p->trained_blocks) / unit;
        if (!isfinite(critical))
            return ordpar_fail(err, ORDPAR_INVALID, "nothing is trained, so no eta is critical");
        *f->values = critical;
        return ORDPAR_OK;
    }
    if (g != &ordpar_activation_erf)
        return ordpar_fail(err, ORDPAR_INVALID, "activation: %s is for erf and linear, got %s",
                           f->name, g->name);
    if ((status = refuse_trainable(f, err)) || (status = site_of(f, &site, err)))
        return status;
    *f->values = ordpar_erf_critical_eta(&site);
    return ORDPAR_OK;
}

/* rows: what they run over; NULL: there is one. activation: what the form is for; NULL: any. */
static const struct {
    const char *name, *rows, *columns;
    form_function evaluate;
    const ordpar_activation *activation;
} forms[] = {
    {"linear-exact", "alpha", "eps_g", linear_exact, &ordpar_activation_linear},
    {"linear-small-eta", "alpha", "eps_g", linear_small_eta, &ordpar_activation_linear},
    {"linear-continuum", "alpha", "eps_g", linear_continuum, &ordpar_activation_linear},
    {"linear-finite-n", "alpha", "eps_g", linear_finite_n, &ordpar_activation_linear},
    {"features", "alpha", "eps_g", features, &ordpar_activation_linear},
    {"frontier", "compute", "trained,alpha,eps_g,exponent", frontier, &ordpar_activation_linear},
    {"plateau", NULL, "Q,R,eps_g", plateau, &ordpar_activation_erf},
    {"escape", NULL, "rate,tau", escape, &ordpar_activation_erf},
    {"asymptotic", "alpha", "eps_g", asymptotic, &ordpar_activation_erf},
    {"critical-eta", NULL, "eta_c", critical_eta, NULL},
};

enum { FORMS = sizeof forms / sizeof *forms };

static size_t find(const char *name) {
    size_t k = 0;
    while (k < FORMS && strcmp(forms[k].name, name) != 0)
        k++;
    return k;
}

const char *ordpar_model_closed_form_columns(const char *name) {
    const size_t k = find(name);
    return k < FORMS ? forms[k].columns : NULL;
}

const char *ordpar_model_closed_form_rows(const char *name) {
    const size_t k = find(name);
    return k < FORMS ? forms[k].rows : NULL;
}

ordpar_status ordpar_parts_form(const ordpar_model *model, const char *name, ordpar_parts *parts,
                                ordpar_error *err) {
    const size_t k = find(name);
    if (k == FORMS)
        return ordpar_fail(err, ORDPAR_INVALID, "'%.80s' is not a closed form", name);
    const ordpar_activation *activation = forms[k].activation;
    if (activation && model->activation && model->activation != activation)
        return ordpar_fail(err, ORDPAR_INVALID, "activation: %s is for %s, got %s", name,
                           activation->name, model->activation->name);
    if (!activation)
        activation = &ordpar_activation_erf;
    if (forms[k].evaluate != linear_continuum)
        return ordpar_parts_init(model, activation, parts, err);
    /* It takes any number of eigenvalues, and needs no list of them. */
    parts->spectrum.L = (size_t)model->number[MODEL_L];
    parts->spectrum.N = model->number[MODEL_N];
    return ordpar_parts_network(model, activation, parts, err);
}

ordpar_status ordpar_model_closed_form(const ordpar_model *model, const char *name, size_t count,
                                       const double *rows, double *values, ordpar_error *err) {
    form f = {.model = model, .name = name, .count = count, .alpha = rows, .values = values};
    ordpar_status status = ordpar_parts_form(model, name, &f.parts, err);
    if (!status)
        status = forms[find(name)].evaluate(&f, err);
    ordpar_parts_clear(&f.parts);
    return status;
}
