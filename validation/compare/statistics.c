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
    int exponent = 0;
    double squares = 0; /* in units of a power of two: of tiny numbers they would be 0 */
    frexp(fmax(s.max - s.mean, s.mean - s.min), &exponent);
    for (size_t k = 0; k < count; k++) {
        const double x = ldexp(values[k] - s.mean, -exponent);
        squares += x * x;
    }
    s.standard_error = count > 1 ? ldexp(sqrt(squares / (n - 1) / n), exponent) : NAN;
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

/* A row that counts: the normal score of its deviation, and the length of its differences about
 * their mean. */
typedef struct {
    double score, length; /* NAN: it does not */
} scored;

/* The rows that count, each with mean 0 and length 1, moved to the front. */
static size_t standardise(size_t count, size_t runs, const scored *rows, double *differences) {
    size_t kept = 0;
    for (size_t k = 0; k < count; k++) {
        if (isnan(rows[k].score))
            continue;
        const double *from = differences + k * runs;
        double *to = differences + kept++ * runs;
        const double mean = ordpar_summarize(from, runs).mean;
        for (size_t r = 0; r < runs; r++)
            to[r] = (from[r] - mean) / rows[k].length;
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

/* The same of the rows that count, from what is known; of their squares with power 2. */
static double known_trace(size_t count, const scored *rows, const ordpar_rows_covariance *known,
                          double power) {
    const double *c = known->covariance;
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        for (size_t l = 0; l < count; l++) {
            const double product = c[k * (known->stride + 1)] * c[l * (known->stride + 1)];
            const double square = c[k * known->stride + l] * c[k * known->stride + l] / product;
            sum += isnan(rows[k].score) || isnan(rows[l].score) ? 0
                   : k == l                                     ? 1
                                                                : pow(square, power);
        }
    return sum;
}

/* [8.5] */
static ordpar_status sum_up(size_t count, size_t runs, const scored *rows,
                            const ordpar_rows_covariance *known, double power, double *differences,
                            ordpar_agreement *a, ordpar_error *err) {
    a->rows = runs >= MIN_RUNS ? standardise(count, runs, rows, differences) : 0;
    if (a->rows == 0)
        return ORDPAR_OK;
    double trace = 0, sum = 0;
    const double m = (double)a->rows, R = (double)runs;
    if (known && known->covariance) {
        trace = known_trace(count, rows, known, power);
    } else {
        const ordpar_status status = correlation_trace(a->rows, runs, differences, &trace, err);
        if (status)
            return status;
        /* the square of a correlation is too large by (1 - rho^2) / (R - 2) on average */
        const double others = trace - m, corrected = others - (m * (m - 1) - others) / (R - 2);
        trace = m + fmax(corrected, 0);
    }
    for (size_t k = 0; k < count; k++)
        sum += isnan(rows[k].score) ? 0 : rows[k].score * rows[k].score;
    a->effective_rows = m * m / trace;
    a->chi_square = sum;
    a->probability = gsl_cdf_chisq_Q(sum * a->effective_rows / m, a->effective_rows);
    return ORDPAR_OK;
}

static ordpar_agreement nothing(void) {
    return (ordpar_agreement){
        .largest = NAN, .chi_square = NAN, .effective_rows = NAN, .probability = NAN};
}

static void note_largest(double z, size_t row, ordpar_agreement *a) {
    if (!(fabs(z) <= a->largest) && !isnan(z)) {
        a->largest = fabs(z);
        a->where = row;
    }
}

double ordpar_compare_score(double z, size_t runs) {
    ORDPAR_FLOATING_POINT;
    const double tail = isfinite(z) ? gsl_cdf_tdist_Q(fabs(z), (double)runs - 1) : 0;
    return tail > DBL_MIN ? fabs(gsl_cdf_ugaussian_Qinv(tail)) : fabs(z); /* of 0 not -0 */
}

/* [8.7] */
double ordpar_compare_threshold(double rows, size_t runs) {
    ORDPAR_FLOATING_POINT;
    const double row = 1 - pow(0.95, 1 / fmax(rows, 1)); /* of a single one */
    return gsl_cdf_tdist_Qinv(row / 2, (double)runs - 1);
}

static scored score_mean(const ordpar_comparison *row, size_t runs) {
    const double R = (double)runs;
    if (row->z == 0 || !isfinite(row->z) || !(row->standard_error > 0))
        return (scored){NAN, NAN};
    return (scored){ordpar_compare_score(row->z, runs),
                    row->standard_error * sqrt(R) * sqrt(R - 1)};
}

ordpar_status ordpar_compare_all(size_t count, size_t runs, const ordpar_comparison *rows,
                                 double *differences, ordpar_agreement *agreement,
                                 ordpar_error *err) {
    return ordpar_compare_all_known(count, runs, rows, NULL, differences, agreement, err);
}

ordpar_status ordpar_compare_all_known(size_t count, size_t runs, const ordpar_comparison *rows,
                                       const ordpar_rows_covariance *known, double *differences,
                                       ordpar_agreement *agreement, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_agreement a = nothing();
    scored *scores = malloc((count + 1) * sizeof *scores);
    if (!scores)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    for (size_t k = 0; k < count; k++) {
        note_largest(rows[k].z, k, &a);
        scores[k] = runs >= MIN_RUNS ? score_mean(&rows[k], runs) : (scored){NAN, NAN};
    }
    const ordpar_status status = sum_up(count, runs, scores, known, 1, differences, &a, err);
    free(scores);
    if (!status)
        *agreement = a;
    return status;
}

/* The excess kurtosis of a log-normal number of this relative variance. */
static double kurtosis_of(double relative) {
    const double w = 1 + relative;
    return w * w * w * w + 2 * w * w * w + 3 * w * w - 6;
}

/* The normal score of a chi-square of these degrees of freedom, from its nearer tail. */
static double score_of(double chi_square, double freedom) {
    const double below = gsl_cdf_chisq_P(chi_square, freedom);
    const double above = gsl_cdf_chisq_Q(chi_square, freedom);
    return above < below ? gsl_cdf_ugaussian_Qinv(fmax(above, DBL_MIN))
                         : gsl_cdf_ugaussian_Pinv(fmax(below, DBL_MIN));
}

ordpar_spread ordpar_compare_spread(size_t runs, double *differences, size_t columns,
                                    const double *variance, double theory, double *squares) {
    ORDPAR_FLOATING_POINT;
    const double R = (double)runs, predicted = ordpar_summarize(variance, columns).mean;
    const double measured = ordpar_summarize(differences, runs).standard_error * sqrt(R);
    ordpar_spread row = {sqrt(predicted), measured, NAN};
    bool predicts = runs >= MIN_RUNS;
    for (size_t k = 0; k < columns; k++)
        predicts = predicts && variance[k] > 0 && isfinite(variance[k]);
    for (size_t r = 0; r < runs; r++)
        squares[r] = NAN;
    if (!predicts)
        return row;
    for (size_t r = 0; r < runs; r++)
        differences[r] /= sqrt(variance[columns > 1 ? r : 0]);
    const ordpar_summary scaled = ordpar_summarize(differences, runs);
    const double square = scaled.standard_error * scaled.standard_error * R;
    const double freedom = 2 / (2 / (R - 1) + kurtosis_of(predicted / (theory * theory)) / R);
    for (size_t r = 0; r < runs; r++)
        squares[r] = (differences[r] - scaled.mean) * (differences[r] - scaled.mean);
    row.z = score_of(square * freedom, freedom);
    return row;
}

ordpar_status ordpar_compare_spreads(size_t count, size_t runs, const ordpar_spread *rows,
                                     const ordpar_rows_covariance *known, double *squares,
                                     ordpar_agreement *agreement, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_agreement a = nothing();
    scored *scores = malloc((count + 1) * sizeof *scores);
    if (!scores)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    for (size_t k = 0; k < count; k++) {
        note_largest(rows[k].z, k, &a);
        const ordpar_summary s = ordpar_summarize(squares + k * runs, runs);
        const double length = s.standard_error * sqrt((double)runs) * sqrt((double)runs - 1);
        scores[k] = length > 0 ? (scored){rows[k].z, length} : (scored){NAN, NAN};
    }
    const ordpar_status status = sum_up(count, runs, scores, known, 2, squares, &a, err);
    free(scores);
    if (!status)
        *agreement = a;
    return status;
}
