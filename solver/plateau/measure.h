// SPDX-License-Identifier: GPL-3.0-or-later
/** Measuring a learning curve: its plateau, the growth that ends it, the exponent of a power law.
 */
#ifndef ORDPAR_MEASURE_H
#define ORDPAR_MEASURE_H

#include "base/declarations.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

ORDPAR_DECLARATIONS_BEGIN

/**
 * A plateau: eps_g falls, nearly stops, and falls again. Its height is eps_g where the slope
 * |d log eps_g / d log alpha| is smallest; there it must be below 0.3 and a third of the slopes
 * before and after. Entry and exit: where eps_g passes 1.1 and 0.9 times the height, interpolated;
 * the rows must reach both, and none after it, up to the exit, is flatter.
 * Where the rows scatter (as means of runs do) slopes and levels are those of local straight lines,
 * so long that they are known to 0.05 and 1 %.
 */
typedef struct {
    double height; /**< eps_g of the plateau */
    double entry;  /**< alpha where it begins; NAN: before the first row */
    double exit;   /**< alpha where it ends */
    size_t row;    /**< the flattest place: between row and row + 1 */
} ordpar_plateau_measure;

/** alpha[count] ascending, eps_g[count]. height: about that of the plateau, where it is known from
 * elsewhere: then rows may also begin on it, within a tenth of that; else NAN. *plateau stays as it
 * was where *found is false. Errors: MEMORY. */
ordpar_status ordpar_measure_plateau(size_t count, const double *alpha, const double *eps_g,
                                     double height, bool *found, ordpar_plateau_measure *plateau,
                                     ordpar_error *err);

/**
 * The exit of a single run of SGD from a plateau of a known height: where the falling curve that
 * fits eps_g[count] best (least squares over alpha) passes 0.9 times the height. The first row
 * below that is where the run's noise first went so low, which is earlier and scatters more. Known
 * to half the distance of rows, alpha[count] ascending; infinite if the run has not left by the
 * last row.
 */
double ordpar_measure_exit_of_run(size_t count, const double *alpha, const double *eps_g,
                                  double height);

/** A fitted straight line: slope, its standard error, and the rows' range of alpha. */
typedef struct {
    double slope;        /**< estimate */
    double slope_stderr; /**< its standard error */
    double begin;        /**< alpha of the first row used */
    double end;          /**< alpha of the last */
    size_t rows;         /**< how many were used */
} ordpar_slope_measure;

/**
 * The exponential growth rate of x[count] between the values begin and end of alpha: least squares
 * of log x over the longest stretch of rows whose local rates agree, to 0.02 % if x grows there by
 * a factor e^2, else to 0.1 % and a factor e, else to 0.5 % and e^0.5. (Before it other modes still
 * decay; after it the growth is no longer exponential.) growth->rows is 0 if there is no such
 * stretch of at least 4 rows. Errors: MEMORY.
 */
ordpar_status ordpar_measure_growth(size_t count, const double *alpha, const double *x,
                                    double begin, double end, ordpar_slope_measure *growth,
                                    ordpar_error *err);

/**
 * The exponent of a curve where it has one: the widest window between begin and end, of half a
 * decade or more, in which the local slope d log eps_g / d log alpha is constant (to a tenth of
 * itself, and known to change by no more) and the rows scatter about a straight line no more than
 * about each other. exponent->rows is 0 if there is no such window: an exponential has none,
 * whichever piece of it is looked at. The standard error has that of the line and of the change of
 * the local slope. Errors: MEMORY.
 */
ordpar_status ordpar_measure_power_law(size_t count, const double *alpha, const double *eps_g,
                                       double begin, double end, ordpar_slope_measure *exponent,
                                       ordpar_error *err);

/**
 * The mean slope between begin and end, whether or not it is constant: least squares of log eps_g
 * against log alpha between begin and end. exponent->rows is 0 if these are fewer than 4 rows, or
 * eps_g is not positive in all of them. The standard error takes the residuals as independent.
 * Errors: MEMORY.
 */
ordpar_status ordpar_measure_exponent(size_t count, const double *alpha, const double *eps_g,
                                      double begin, double end, ordpar_slope_measure *exponent,
                                      ordpar_error *err);

ORDPAR_DECLARATIONS_END

#endif
