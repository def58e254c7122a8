// SPDX-License-Identifier: GPL-3.0-or-later
/** Statistics of ensembles and of their agreement with a theory. */
#ifndef ORDPAR_STATISTICS_H
#define ORDPAR_STATISTICS_H

#include "base/declarations.h"
#include "base/status.h"

#include <stddef.h>

ORDPAR_DECLARATIONS_BEGIN

/** Of some values. */
typedef struct {
    double mean;           /**< arithmetic */
    double standard_error; /**< of the mean; NAN for a single value */
    double min;            /**< the least */
    double max;            /**< the largest */
} ordpar_summary;

/** Of values[count], count >= 1. */
ordpar_summary ordpar_summarize(const double *values, size_t count);

/** How some values are spread. */
typedef struct {
    double mean;               /**< arithmetic */
    double standard_deviation; /**< of one value; NAN for a single one */
    double quantile[3];        /**< 5 %, 50 %, 95 % of the values lie below, linear in between */
} ordpar_scatter;

/** Of values[count], count >= 1, which are sorted. */
ordpar_scatter ordpar_scatter_of(double *values, size_t count);

/** One row of a comparison. */
typedef struct {
    double theory;         /**< mean over the runs */
    double mean;           /**< of the simulated values */
    double standard_error; /**< of mean - theory, from the spread of the runs' differences */
    double z; /**< (mean - theory) / standard_error; 0 within the theory's accuracy, and where both
                   are at most the floor */
} ordpar_comparison;

/**
 * Compares the simulated values[runs] of a row with theory[columns], columns 1 or runs: each run
 * with its own theory. A difference and a standard error that both lie within accuracy * |theory|
 * are agreement, z = 0. So are means that are both at most floor >= 0 in size
 * (ordpar_theory_floor), where they are rounding. differences: receives the runs' differences
 * [runs].
 */
ordpar_comparison ordpar_compare_row(size_t runs, const double *values, size_t columns,
                                     const double *theory, double accuracy, double floor,
                                     double *differences);

/** The size of z of a mean over runs >= 2, which follows Student's law of runs - 1 degrees of
 * freedom, as a normal score: of the same tail under the normal law. [8.5] */
double ordpar_compare_score(double z, size_t runs);

/** What the largest |z| of so many rows passes in 1 of 20 cases where the theory is right, if they
 * are independent and normal; runs from 2 on. [8.7] */
double ordpar_compare_threshold(double rows, size_t runs);

/** How well all rows agree. */
typedef struct {
    double largest;        /**< |z| */
    size_t where;          /**< its row */
    size_t rows;           /**< rows that count: those with a finite z and a spread */
    double chi_square;     /**< sum over them of z^2, z made normal */
    double effective_rows; /**< how many independent rows would spread as much */
    double probability;    /**< of a larger chi-square if theory and simulation agree */
} ordpar_agreement;

/**
 * Sums up rows[count] with the differences[count][runs] of ordpar_compare_row [8.5]. z follows
 * Student's law of runs - 1 degrees of freedom; each is turned into the normal score s of the same
 * tail. The rows of a curve are correlated: with the rows' correlation matrix C, nu sum s^2 / rows
 * is taken as distributed like chi-square with nu = rows^2 / tr C^2 (exact for equal and for
 * independent rows), tr C^2 estimated from the runs and corrected for its bias. chi_square and what
 * follows are NAN for fewer than 4 runs, or where no row counts. differences is overwritten.
 * Errors: MEMORY.
 */
ordpar_status ordpar_compare_all(size_t count, size_t runs, const ordpar_comparison *rows,
                                 double *differences, ordpar_agreement *agreement,
                                 ordpar_error *err);

/** Covariances of rows that a theory predicts: [k*stride + l]. */
typedef struct {
    const double *covariance; /**< NULL: they are estimated from the runs */
    size_t stride;            /**< numbers from row to row */
} ordpar_rows_covariance;

/** The same with correlations that are known, and so without what few runs say of them. */
ordpar_status ordpar_compare_all_known(size_t count, size_t runs, const ordpar_comparison *rows,
                                       const ordpar_rows_covariance *known, double *differences,
                                       ordpar_agreement *agreement, ordpar_error *err);

/** How the runs of one row are spread about their theory. */
typedef struct {
    double predicted; /**< standard deviation of a run, the root of the mean variance */
    double measured;  /**< of the runs, about the mean of their differences */
    double z;         /**< normal score of the measured variance; NAN: none is predicted */
} ordpar_spread;

/**
 * [8.6] The spread of differences[runs] (ordpar_compare_row), each divided by the root of its
 * variance[columns], columns 1 or runs: the variance of these numbers is 1, if the prediction
 * holds. Its law is taken as chi-square with as many degrees of freedom as its own variance wants,
 * with the kurtosis of a log-normal eps_g of this size, theory. squares[runs] receives what the
 * rows' correlation is taken from, and differences are overwritten with the numbers.
 */
ordpar_spread ordpar_compare_spread(size_t runs, double *differences, size_t columns,
                                    const double *variance, double theory, double *squares);

/** Sums up rows[count] with their squares[count][runs] as ordpar_compare_all does, which are
 * overwritten. known: of the rows, whose squares are correlated with the correlations' squares;
 * may be NULL. Errors: MEMORY. */
ordpar_status ordpar_compare_spreads(size_t count, size_t runs, const ordpar_spread *rows,
                                     const ordpar_rows_covariance *known, double *squares,
                                     ordpar_agreement *agreement, ordpar_error *err);

ORDPAR_DECLARATIONS_END

#endif
