// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/curve_fluctuations.h"

#include "solver/fluctuations/fluctuations.h"

#include <math.h>
#include <stdlib.h>

/* Overlaps of which the dense covariance is followed for the shift. */
enum { MOST_OVERLAPS = 160 };

ordpar_status ordpar_fluctuations_refuse(const char *setting, const ordpar_parts *parts, int init,
                                         ordpar_error *err) {
    ordpar_error reason;
    const ordpar_status status = ordpar_fluctuations_check(&parts->network, &reason);
    if (status)
        return ordpar_fail(err, status, "%s: %.400s", setting, reason.message);
    if (parts->labels.outputs)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "%s: not known for labels, whose noise has a level of "
                           "its own in each direction",
                           setting);
    if (parts->deviation || init == ORDPAR_INIT_NEAR_TEACHER)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "%s: not known for a start near the teacher, whose "
                           "eps_g is a difference of large overlaps",
                           setting);
    return ORDPAR_OK;
}

static ordpar_status check(const ordpar_model *model, const ordpar_parts *parts,
                           ordpar_error *err) {
    const ordpar_status status =
        ordpar_fluctuations_refuse("fluctuations", parts, ORDPAR_INIT_SAMPLED, err);
    if (status)
        return status;
    const ordpar_use files[] = {{"continue", model->origin},
                                {"checkpoint", model->value.checkpoint}};
    char used[64];
    return ordpar_uses_list(2, files, used, sizeof used)
               ? ordpar_fail(err, ORDPAR_INVALID, "fluctuations: begin with the run; leave out %s",
                             used)
               : ORDPAR_OK;
}

/* The largest relative error of the rows by the length of steps. */
static double worst(const ordpar_fluctuation *rows, size_t count) {
    double largest = 0;
    for (size_t k = 0; k < count; k++)
        if (rows[k].variance > 0)
            largest = fmax(largest, rows[k].variance_error / (2 * rows[k].variance));
    return largest;
}

/* Rows without sd, whose eps_g is too small. */
static void note_unknown(const ordpar_fluctuation *rows, size_t count, ordpar_table *t) {
    size_t unknown = 0;
    for (size_t k = 0; k < count; k++)
        unknown += isnan(rows[k].variance) ? 1 : 0;
    if (unknown)
        ordpar_table_note(t, "unknown",
                          "sd and shift are nan in %zu of %zu rows: eps_g is so small there that "
                          "rounding hides them",
                          unknown, count);
}

static void add_fact(const ordpar_fluctuation *rows, size_t count, bool shifts, double N,
                     ordpar_table *t) {
    const double error = worst(rows, count);
    ordpar_table_fact(t, "fluctuations", error,
                      "sd over runs from this start and shift of their mean at N = %.0f, in first "
                      "order of 1/N; sd to %.1g of itself%s",
                      N, error,
                      shifts ? "" : "; no shift, whose cost is quadratic in the overlaps");
}

ordpar_status ordpar_curve_fluctuations(const ordpar_model *model, const ordpar_parts *parts,
                                        ordpar_table *t, double **values, ordpar_error *err) {
    const size_t count = (size_t)model->value.alpha.count, L = parts->spectrum.L;
    const double N = parts->spectrum.N;
    const ordpar_fluctuation_problem problem = {
        .spectrum = &parts->spectrum,
        .network = &parts->network,
        .trained_blocks = parts->trained_blocks,
        .start = &parts->start,
        .rtol = fmin(model->value.rtol, ORDPAR_DEFAULT_RTOL),
        .atol = model->value.atol,
        .shifts = ordpar_fluctuations_numbers(&parts->network, L) <= MOST_OVERLAPS,
        .stop = model->stop,
        .threads = (int)model->value.threads};
    ordpar_status status = check(model, parts, err);
    if (status || (status = ordpar_model_check_memory(
                       model, L, ordpar_fluctuations_bytes(&problem, count), err)))
        return status;
    double *alpha = NULL;
    const size_t curves = ordpar_fluctuations_curves(&problem); /* the first is the mean's */
    ordpar_fluctuation *rows = malloc(count * curves * sizeof *rows);
    double *made = malloc(2 * count * sizeof *made);
    status = rows && made ? ordpar_grid_values(&model->value.alpha, &alpha, err)
                          : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    if (!status)
        status = ordpar_fluctuations(&problem, alpha, count, rows, err);
    for (size_t k = 0; k < count && !status; k++) {
        rows[k] = rows[k * curves];
        made[2 * k] = sqrt(rows[k].variance / N);
        made[2 * k + 1] = rows[k].shift / N;
    }
    if (!status) {
        add_fact(rows, count, problem.shifts, N, t);
        note_unknown(rows, count, t);
        *values = made;
    } else
        free(made);
    free(rows);
    free(alpha);
    return status;
}
