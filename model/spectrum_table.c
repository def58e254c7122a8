// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/number.h"
#include "model/compute.h"

#include <stdlib.h>
#include <string.h>

/* FIRST:LAST, ranks of distinct eigenvalues. */
static bool parse_window(const char *text, int64_t *first, int64_t *last) {
    char *copy = strdup(text);
    char *colon = copy ? strchr(copy, ':') : NULL;
    bool good = false;
    if (colon) {
        *colon = '\0';
        good = ordpar_parse_integer(copy, first) && ordpar_parse_integer(colon + 1, last) &&
               *first >= 1 && *last >= 1;
    }
    free(copy);
    return good;
}

/* fit->last stays 0 where no fit was asked for and the spectrum allows none. */
static ordpar_status fit_beta(const ordpar_model *model, const ordpar_spectrum *s,
                              ordpar_beta_fit *fit, ordpar_error *err) {
    const char *window = model->value.fit;
    int64_t first = 1, last = (int64_t)s->L;
    ordpar_error reason;
    if (window && !parse_window(window, &first, &last))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "fit: must be FIRST:LAST, two ranks counted from 1, got '%.80s'",
                           window);
    while (!window && last > 0 && s->lambda[last - 1] == 0)
        last--;
    if (!window && last < 3)
        return ORDPAR_OK;
    const ordpar_status status =
        ordpar_spectrum_fit_beta(s, (size_t)first, (size_t)last, fit, &reason);
    return status ? ordpar_fail(err, status, "fit: %.480s", reason.message) : ORDPAR_OK;
}

/* The two halves of a block that trainable cuts are one rank. */
static ordpar_status fit_whole(const ordpar_model *model, const ordpar_parts *parts,
                               ordpar_beta_fit *fit, ordpar_error *err) {
    ordpar_spectrum whole = parts->spectrum;
    double *lambda = parts->cut ? malloc(whole.L * sizeof *lambda) : NULL;
    if (parts->cut && !lambda)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", whole.L);
    if (parts->cut) {
        whole.L--;
        for (size_t b = 0; b < whole.L; b++)
            lambda[b] = parts->spectrum.lambda[b < parts->trained_blocks ? b : b + 1];
        whole.lambda = lambda;
    }
    const ordpar_status status = fit_beta(model, &whole, fit, err);
    free(lambda);
    return status;
}

/* Where it is more than the scatter about the line [1.5]. */
static void note_bias(const ordpar_principal *data, const ordpar_beta_fit *fit, ordpar_table *t) {
    const double examples = (double)data->rows;
    const double bias = ordpar_beta_fit_bias(fit, data->dim, examples);
    if (bias > fit->beta_stderr)
        ordpar_table_fact(t, "few examples", bias,
                          "beta is too large by some %.2g, for %.0f examples of %zu components: "
                          "the smallest eigenvalues of few examples are too small; a fit to the "
                          "first ranks suffers less",
                          bias, examples, data->dim);
}

static void fill(const ordpar_model *model, const ordpar_parts *parts, const ordpar_beta_fit *fit,
                 ordpar_table *t) {
    const ordpar_spectrum *s = &parts->spectrum;
    ordpar_spectrum_facts(model, parts, t);
    if (parts->teaches)
        ordpar_table_fact(t, "unlearnable", parts->generated,
                          "%.17g of the target's variance 1 is not in these inputs; a command that "
                          "reads them has this target with unlearnable = %.17g, one teacher unit "
                          "and teacher = mean",
                          parts->generated, parts->generated);
    ordpar_table_fact(t, "N", s->N, "%.0f", s->N);
    ordpar_table_note(t, "tr Sigma^p / N for p = 1, 2, 3", "%.17g, %.17g, %.17g",
                      ordpar_spectrum_moment(s, 1), ordpar_spectrum_moment(s, 2),
                      ordpar_spectrum_moment(s, 3));
    if (fit->last)
        ordpar_table_fact(t, "fit", fit->beta,
                          "beta = %.6g, standard error %.2g (least squares of log eigenvalue "
                          "against log rank, ranks %zu to %zu, rms residual %.2g)",
                          fit->beta, fit->beta_stderr, fit->first, fit->last, fit->log_residual);
    const bool plain = ordpar_spectrum_is_plain(s);
    if (!plain)
        ordpar_table_note(t, "T^(p), the mean teacher's sum_b p_b lambda_b^p c_b, p = 1, 2",
                          "%.17g, %.17g", ordpar_spectrum_teacher_moment(s, 1),
                          ordpar_spectrum_teacher_moment(s, 2));
    if (fit->last && parts->data.set)
        note_bias(&parts->data.principal, fit, t);
    ordpar_table_columns(t, plain ? "index,eigenvalue,multiplicity"
                                  : "index,eigenvalue,multiplicity,teacher");
    for (size_t b = 0; b < s->L; b++) {
        double *row = ordpar_table_row(t);
        if (!row)
            return;
        row[0] = (double)(b + 1);
        row[1] = s->lambda[b];
        row[2] = s->n[b];
        if (!plain)
            row[3] = s->c[b];
    }
}

ordpar_status ordpar_compute_spectrum(const ordpar_model *model, ordpar_table *t,
                                      ordpar_beta_fit *fit, ordpar_error *err) {
    ordpar_parts parts = {.generates = true};
    ordpar_beta_fit found = {0};
    ordpar_status status = ordpar_model_check_continued(model, err);
    if (!status)
        status = ordpar_parts_spectrum(model, &parts, err);
    if (!status)
        status = fit_whole(model, &parts, &found, err);
    if (!status)
        fill(model, &parts, &found, t);
    if (!status && fit)
        *fit = found;
    ordpar_parts_clear(&parts);
    return status;
}
