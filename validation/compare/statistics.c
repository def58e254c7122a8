// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/compare/statistics.h"

#include "base/floating_point.h"

#include <float.h>
#include <gsl/gsl_blas.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MIN_RUNS = 4 };

ordpar_summary ordpar_summarize(const double *values, size_t count) {
    ORDPAR_FLOATING_POINT;
    ordpar_summary s = {.mean = 0, .min = INFINITY, .max = -INFINITY};
    const double n = (double)count;
    for (size_t k = 0; k < count; k++) {
        s.mean += values[k] / n;
        s.min = fmin(s.min, values[k]);
        s.max = fmax(s.max, values[k]);
    }
    double squares = 0;
    for (size_t k = 0; k < count; k++)
        squares += (values[k] - s.mean) * (values[k] - s.mean);
    s.standard_error = count > 1 ? sqrt(squares / (n - 1) / n) : NAN;
    return s;
}

ordpar_scatter ordpar_scatter_of(double *values, size_t count) {
    ORDPAR_FLOATING_POINT;
    static const double shares[3] = {0.05, 0.5, 0.95};
    const ordpar_summary s = ordpar_summarize(values, count);
    ordpar_scatter scatter = {.mean = s.mean,
                              .standard_deviation = s.standard_error * sqrt((double)count)};
    gsl_sort(values, 1, count);
    for (size_t k = 0; k < 3; k++)
        scatter.quantile[k] = gsl_stats_quantile_from_sorted_data(values, 1, count, shares[k]);
    return scatter;
}

ordpar_comparison ordpar_compare_row(size_t runs, const double *values, size_t columns,
                                     const double *theory, double accuracy, double floor,
                                     double *differences) {
    ORDPAR_FLOATING_POINT;
    for (size_t r = 0; r < runs; r++)
        differences[r] = values[r] - theory[columns > 1 ? r : 0];
    const ordpar_summary difference = ordpar_summarize(differences, runs);
    ordpar_comparison row = {.theory = ordpar_summarize(theory, columns).mean,
                             .mean = ordpar_summarize(values, runs).mean,
                             .standard_error = difference.standard_error};
    const double rounding = accuracy * fabs(row.theory);
    const bool exact = fabs(difference.mean) <= rounding && row.standard_error <= rounding;
    const bool rounded = fabs(row.theory) <= floor && fabs(row.mean) <= floor;
    row.z = exact || rounded ? 0 : difference.mean / row.standard_error;
    return row;
}

static bool counts(const ordpar_comparison *row) {
    return row->z != 0 && isfinite(row->z) && row->standard_error > 0;
}

/* The rows that count, each with mean 0 and length 1, moved to the front. */
static size_t standardise(size_t count, size_t runs, const ordpar_comparison *rows,
                          double *differences) {
    size_t kept = 0;
    for (size_t k = 0; k < count; k++) {
        if (!counts(&rows[k]))
            continue;
        const double *from = differences + k * runs;
        double *to = differences + kept++ * runs;
        const double mean = ordpar_summarize(from, runs).mean;
        const double length =
            rows[k].standard_error * sqrt((double)runs) * sqrt((double)(runs - 1));
        for (size_t r = 0; r < runs; r++)
            to[r] = (from[r] - mean) / length;
    }
    return kept;
}

/* tr C^2 = sum_kl rho_kl^2 of the standardised rows X: ||X X^T||^2 = ||X^T X||^2. */
static ordpar_status correlation_trace(size_t count, size_t runs, double *X, double *trace,
                                       ordpar_error *err) {
    const size_t n = count < runs ? count : runs;
    gsl_matrix *C = gsl_matrix_alloc(n, n);
    if (!C)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu correlations", n);
    const gsl_matrix_const_view view = gsl_matrix_const_view_array(X, count, runs);
    gsl_blas_dsyrk(CblasLower, count < runs ? CblasNoTrans : CblasTrans, 1, &view.matrix, 0, C);
    double sum = 0;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b <= a; b++)
            sum += (a == b ? 1 : 2) * gsl_matrix_get(C, a, b) * gsl_matrix_get(C, a, b);
    gsl_matrix_free(C);
    *trace = sum;
    return ORDPAR_OK;
}

/* z follows Student's law; the normal score of the same tail follows the normal law. */
static double sum_squares(size_t count, const ordpar_comparison *rows, double runs) {
    double sum = 0;
    for (size_t k = 0; k < count; k++) {
        if (!counts(&rows[k]))
            continue;
        const double tail = gsl_cdf_tdist_Q(fabs(rows[k].z), runs - 1);
        const double score = tail > DBL_MIN ? gsl_cdf_ugaussian_Qinv(tail) : fabs(rows[k].z);
        sum += score * score;
    }
    return sum;
}

ordpar_status ordpar_compare_all(size_t count, size_t runs, const ordpar_comparison *rows,
                                 double *differences, ordpar_agreement *agreement,
                                 ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_agreement a = {
        .largest = NAN, .chi_square = NAN, .effective_rows = NAN, .probability = NAN};
    for (size_t k = 0; k < count; k++)
        if (!(fabs(rows[k].z) <= a.largest) && !isnan(rows[k].z)) {
            a.largest = fabs(rows[k].z);
            a.where = k;
        }
    a.rows = runs >= MIN_RUNS ? standardise(count, runs, rows, differences) : 0;
    if (a.rows > 0) {
        double trace = 0;
        const ordpar_status status = correlation_trace(a.rows, runs, differences, &trace, err);
        if (status)
            return status;
        const double m = (double)a.rows, R = (double)runs;
        /* the square of a correlation is too large by (1 - rho^2) / (R - 2) on average */
        const double others = trace - m, corrected = others - (m * (m - 1) - others) / (R - 2);
        a.effective_rows = m * m / (m + fmax(corrected, 0));
        a.chi_square = sum_squares(count, rows, R);
        a.probability = gsl_cdf_chisq_Q(a.chi_square * a.effective_rows / m, a.effective_rows);
    }
    *agreement = a;
    return ORDPAR_OK;
}
