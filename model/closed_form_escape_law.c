// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/floating_point.h"
#include "base/number.h"
#include "model/closed_forms.h"
#include "solver/plateau/escape_law.h"

#include <math.h>
#include <string.h>

static ordpar_status check(const ordpar_form *f, ordpar_error *err) {
    const ordpar_values *v = &f->model->value;
    if (v->init != ORDPAR_INIT_SAMPLED)
        return ordpar_fail(err, ORDPAR_INVALID, "init: %s is the law over sampled starts",
                           f->entry->name);
    if (!(v->sigma_J > 0))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "sigma-j: %s needs students that differ at the start, got %g",
                           f->entry->name, v->sigma_J);
    return ORDPAR_OK;
}

/* What ordpar_escape_law_find refuses, by the names of settings. */
static ordpar_status check_network(const ordpar_form *f, ordpar_error *err) {
    const ordpar_network *n = &f->parts.network;
    const ordpar_spectrum *s = &f->parts.spectrum;
    for (size_t i = 1; i < n->K; i++)
        if (n->v[i] != n->v[0])
            return ordpar_fail(err, ORDPAR_INVALID, "student-output: %s needs equal weights",
                               f->entry->name);
    for (size_t k = 1; k < n->M; k++)
        if (n->w[k] != n->w[0])
            return ordpar_fail(err, ORDPAR_INVALID, "teacher-output: %s needs equal weights",
                               f->entry->name);
    for (size_t b = 0; b < s->L; b++)
        if (s->n[b] < (double)(n->K + n->M))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "input-dim: %s needs multiplicities of at least K + M = %zu, got "
                               "%.0f in block %zu",
                               f->entry->name, n->K + n->M, s->n[b], b + 1);
    return ORDPAR_OK;
}

/* [7.17] is of small starts: sd of 200 starts of sigma_J = 0.1, 0.5, 1 (docs/fluctuations.md). */
static void add_window(ordpar_form *f) {
    const double largest = 0.2, sigma_J = f->model->value.sigma_J;
    if (sigma_J > largest)
        ordpar_table_fact(
            f->t, "window", largest,
            "for sigma_J well below 1: starts of sigma_J = %g differ in more than the "
            "modes that grow, and their exits scatter more than by this law",
            sigma_J);
}

/* A law of what grows by the rate 1/tau; whatever else ends a plateau ends it for all starts. */
static void check_law(ordpar_form *f, const ordpar_escape_law *law) {
    const double expected = law->tau * M_LN2;
    if (fabs(law->twice - expected) <= 0.2 * expected)
        return;
    ordpar_table_fact(f->t, "law", law->twice / expected,
                      "does not hold here: a start of twice the size leaves %.4g earlier (nan: has "
                      "no plateau), not tau ln 2 = %.4g; starts are not small, or something else "
                      "ends the plateau, as noise that parts students: sd, quantiles and jitter "
                      "are not those of such exits",
                      law->twice, expected);
}

/* With tau, modes and these the law is whole. */
static void add_exits(ordpar_form *f, const ordpar_escape_law *law) {
    char text[24 * ORDPAR_ESCAPE_DIRECTIONS] = "";
    size_t used = 0;
    for (size_t k = 0; k < law->directions; k++)
        used += (size_t)ordpar_format(text + used, sizeof text - used, "%s%.10g", k ? " " : "",
                                      law->exit[k]);
    ordpar_table_note(f->t, "exits", "%s", text);
}

double ordpar_model_escape_share(double tau, size_t modes, size_t count, const double *exits,
                                 double alpha) {
    ORDPAR_FLOATING_POINT;
    double share = 0;
    for (size_t first = 0; first < count; first += ORDPAR_ESCAPE_DIRECTIONS) {
        ordpar_escape_law law = {.tau = tau, .modes = modes};
        for (size_t k = first; k < count && law.directions < ORDPAR_ESCAPE_DIRECTIONS; k++)
            law.exit[law.directions++] = exits[k];
        share += ordpar_escape_law_share(&law, alpha) * (double)law.directions / (double)count;
    }
    return share;
}

static void add_facts(ordpar_form *f, const ordpar_escape_law *law) {
    add_window(f);
    check_law(f, law);
    ordpar_table_note(f->t, "teacher", "self-averaging, t = p c 1");
    ordpar_table_note(f->t, "orders in eta", "%s", f->parts.network.small_eta ? "lowest" : "all");
    ordpar_form_note_critical(f);
    ordpar_table_fact(f->t, "tau", law->tau, "%.12g", law->tau);
    ordpar_table_fact(
        f->t, "modes", (double)law->modes,
        "%zu, (K-1)(M-1): exit = that of a direction - tau (ln chi - E ln chi), chi^2 "
        "of so many degrees of freedom",
        law->modes);
    if (law->modes > 1)
        ordpar_table_fact(
            f->t, "directions", law->direction,
            "starts of one size exit with a standard deviation of %.4g, as they differ in "
            "direction among the modes; sd and quantiles have it, of sizes alone sd "
            "is %.6g",
            law->direction, sqrt(law->sd * law->sd - law->direction * law->direction));
    if (law->modes > 1)
        add_exits(f, law);
    if (f->parts.network.small_eta)
        return;
    ordpar_table_fact(f->t, "mean over runs of SGD", law->mean - law->earlier,
                      "%.10g, earlier by its noise, with the same sd", law->mean - law->earlier);
    ordpar_table_note(f->t, "jitter",
                      "standard deviation of runs of SGD from one start of the root mean square "
                      "size; it does not widen the law over starts");
}

ordpar_status ordpar_form_escape_law(ordpar_form *f, ordpar_error *err) {
    const ordpar_values *v = &f->model->value;
    const ordpar_integrate_options options = {
        .rtol = ORDPAR_DEFAULT_RTOL, .atol = ORDPAR_DEFAULT_ATOL, .stop = f->model->stop};
    ordpar_escape_law law;
    ordpar_status status;
    if ((status = check(f, err)) || (status = check_network(f, err)) ||
        (status = ordpar_escape_law_find(&f->parts.spectrum, &f->parts.network, v->sigma_J,
                                         &options, &law, err)))
        return status;
    add_facts(f, &law);
    if (!f->parts.network.small_eta)
        ordpar_table_column(f->t, "jitter");
    double *row = ordpar_table_row(f->t);
    if (row) {
        memcpy(row, (double[]){law.mean, law.sd}, 2 * sizeof *row);
        memcpy(row + 2, law.quantile, sizeof law.quantile);
        if (!f->parts.network.small_eta)
            row[5] = law.jitter;
    }
    return ORDPAR_OK;
}
