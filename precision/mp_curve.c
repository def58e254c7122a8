// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/mp_curve.h"

#include "base/floating_point.h"
#include "precision/collocation.h"
#include "precision/exact_start.h"
#include "precision/exponential.h"
#include "precision/hierarchy.h"
#include "precision/range.h"
#include "precision/refine.h"
#include "precision/taylor.h"

#include <math.h>
#include <stdlib.h>

/* Bits beyond the tolerance of the steps, for the roundings. */
enum { ROUNDING_BITS = 20 };

typedef struct {
    const ordpar_mp_model *model;
    const ordpar_mp_grid *grid;
    ordpar_mp_representation representation;
    const ordpar_mp_options *options;
    long steps, order;
    bool zero_start; /* eps_g is 0 at alpha = 0 .. */
    bool zero_all;   /* .. and stays so */
} curve;

/* Digits of the last coefficient of an implicit step. It is of degree s, while the error at the
 * steps' ends is of order 2s: two thirds of the wanted digits, with a guard that grows with the
 * working digits and so from run to run. */
static long implicit_tolerance(const curve *c, long digits) {
    enum { GUARD = 6, WORKING_DIGITS_FOR_ONE = 16 };
    return (c->options->digits + GUARD + digits / WORKING_DIGITS_FOR_ONE) * 2 / 3;
}

/* eps_g of the rows with so many working digits. */
static ordpar_status integrate(curve *c, const ordpar_mp_problem *problem, long digits,
                               mpfr_t *eps_g, size_t stride, ordpar_error *err) {
    if (c->representation == ORDPAR_MP_EXPONENTIAL)
        return ordpar_mp_exponential(problem, c->grid, c->options, eps_g, stride, err);
    if (c->representation == ORDPAR_MP_IMPLICIT) {
        const long tolerance = implicit_tolerance(c, digits);
        c->order = (long)ordpar_mp_collocation_stages(tolerance);
        return ordpar_mp_collocation(problem, c->grid, digits, tolerance, c->options, eps_g, stride,
                                     &c->steps, err);
    }
    c->order = (long)ordpar_mp_taylor_order(digits);
    return ordpar_mp_taylor(problem, c->representation, c->grid, digits, c->options, eps_g, stride,
                            &c->steps, err);
}

/* Rows of alpha, eps_g, for ordpar_mp_refine. */
static ordpar_status compute(void *context, long digits, mpfr_t *values, ordpar_error *err) {
    curve *c = context;
    ordpar_mp_problem problem;
    ordpar_status status = ordpar_mp_problem_init(
        c->model, ordpar_bits_for_digits(digits) + ROUNDING_BITS, &problem, err);
    if (status)
        return status;
    for (size_t k = 0; k < c->grid->count; k++)
        ordpar_mp_grid_value(c->grid, k, values[2 * k]);
    if (!c->zero_all)
        status = integrate(c, &problem, digits, values + 1, 2, err);
    if (c->zero_start && mpfr_zero_p(values[0]))
        mpfr_set_zero(values[1], 1);
    ordpar_mp_problem_clear(&problem);
    for (size_t k = 0; k < c->grid->count && !status; k++)
        if (mpfr_zero_p(values[2 * k + 1]) && !c->zero_all &&
            !(c->zero_start && mpfr_zero_p(values[2 * k])))
            status = ordpar_fail(err, ORDPAR_NUMERICAL,
                                 "eps_g of row %zu vanishes in %ld working digits", k + 1, digits);
    return status;
}

/* Zeros that no number of digits would show. */
static ordpar_status find_zeros(curve *c, ordpar_error *err) {
    bool moves;
    const ordpar_status status = ordpar_mp_start_is_exact(c->model, &c->zero_start, &moves, err);
    c->zero_all = !status && c->zero_start && !moves;
    return status;
}

static ordpar_status check(const ordpar_mp_model *model, const ordpar_mp_grid *grid,
                           ordpar_mp_representation representation, ordpar_error *err) {
    ordpar_status status = ordpar_mp_model_check(model, err);
    if (!status)
        status = ordpar_mp_grid_check(grid, err);
    if (status)
        return status;
    if (representation == ORDPAR_MP_MOMENTS && model->trained_blocks < model->spectrum.L)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "trainable: the hierarchy of moments is closed only where all %zu "
                           "blocks are trained, got %zu; representation blocks has no such need",
                           model->spectrum.L, model->trained_blocks);
    if (representation == ORDPAR_MP_EXPONENTIAL && !model->linear)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "only a linear activation is solved by exponentials");
    return ORDPAR_OK;
}

ordpar_status ordpar_mp_closure_condition(const ordpar_mp_spectrum *spectrum,
                                          double *log10_condition, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ORDPAR_MP_RANGE;
    const ordpar_mp_model model = {
        .spectrum = *spectrum, .K = 1, .M = 1, .eta = "1", .sigma_J = "0", .label_noise = "0"};
    const ordpar_status status = ordpar_mp_model_check(&model, err);
    return status ? status : ordpar_mp_spectrum_condition(spectrum, log10_condition, err);
}

ordpar_status ordpar_mp_curve(const ordpar_mp_model *model, const ordpar_mp_grid *grid,
                              ordpar_mp_representation representation,
                              const ordpar_mp_options *options, ordpar_mp_result *result,
                              ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ORDPAR_MP_RANGE;
    double lost = 0;
    ordpar_mp_result made;
    ordpar_status status = ordpar_mp_options_check(options, err);
    if (!status)
        status = check(model, grid, representation, err);
    if (!status && representation == ORDPAR_MP_MOMENTS)
        status = ordpar_mp_spectrum_condition(&model->spectrum, &lost, err);
    curve c = {.model = model, .grid = grid, .representation = representation, .options = options};
    if (!status)
        status = find_zeros(&c, err);
    if (!status)
        status = ordpar_mp_refine(compute, &c, 2 * grid->count, lost + ordpar_mp_start_depth(model),
                                  options, &made, err);
    if (status)
        return status;
    made.steps = c.steps;
    made.order = c.order;
    *result = made;
    return ORDPAR_OK;
}

/* What was computed of one uncontrolled run, as doubles. */
static void copy_out(const ordpar_reals *values, size_t count, double *eps_g) {
    for (size_t k = 0; k < count; k++)
        eps_g[k] = mpfr_number_p(values->x[k]) ? mpfr_get_d(values->x[k], RND) : NAN;
}

ordpar_status ordpar_mp_curve_at(const ordpar_mp_model *model, const ordpar_mp_grid *grid,
                                 ordpar_mp_representation representation, long bits,
                                 const ordpar_mp_options *options, double *eps_g,
                                 ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ORDPAR_MP_RANGE;
    ordpar_reals values = {0};
    ordpar_mp_problem problem = {0};
    ordpar_status status = ordpar_mp_options_check(options, err);
    if (!status)
        status = check(model, grid, representation, err);
    if (!status)
        status = ordpar_reals_init(grid->count, bits, &values, err);
    if (!status)
        status = ordpar_mp_problem_init(model, bits, &problem, err);
    for (size_t k = 0; !status && k < grid->count; k++)
        mpfr_set_nan(values.x[k]);
    curve c = {.model = model, .grid = grid, .representation = representation, .options = options};
    if (!status)
        status = integrate(&c, &problem, (long)((double)bits * 0.30103), values.x, 1, err);
    if (status == ORDPAR_NUMERICAL) /* the rows after that are NAN */
        status = ORDPAR_OK;
    if (!status)
        copy_out(&values, grid->count, eps_g);
    ordpar_mp_problem_clear(&problem);
    ordpar_reals_clear(&values);
    mpfr_free_cache();
    return status;
}

/* Counted from the recording in fields.c and system.c: series, of which some half are convolutions.
 */
static double count_series(const ordpar_mp_model *model) {
    const double K = (double)model->K, M = (double)model->M, n = K + M;
    const double groups = (double)model->spectrum.L;
    const double pairs = model->linear || model->small_eta ? 0 : K * (K + 1) / 2;
    const double noise = pairs * (5.5 * n * n + 11 * n),
                 rows = model->linear ? 0 : K * n * (n + 13);
    const double motion = groups * ((K * M + K * K) * (2 * n + 3) + 2 * (K * M + K * K + M * M));
    return n * n + noise + rows + motion;
}

/* An implicit step: some `corrections`, each with the rates at every stage and the product with D.
 */
static ordpar_mp_cost implicit_cost(const ordpar_mp_model *model, double digits, double product) {
    const double K = (double)model->K, M = (double)model->M, size = K * M + K * (K + 1) / 2;
    const double numbers = (double)model->spectrum.L * size, series = count_series(model);
    const double stages = 2 * digits / 3, corrections = 2 + digits / 12;
    const double number = 40 + 3.33 / 8 * digits;
    return (ordpar_mp_cost){
        .seconds_per_product = product,
        .seconds_per_step = corrections * stages * (series + stages * numbers) * product,
        .bytes = (2 * series + 2 * stages * numbers) * number + 32 * stages * numbers * size};
}

ordpar_mp_cost ordpar_mp_curve_cost(const ordpar_mp_model *model,
                                    ordpar_mp_representation representation, double digits) {
    ORDPAR_FLOATING_POINT;
    /* measured: 18 ns at 16 digits, 34 at 75, 80 at 168, 1000 at 1000; see docs/precision.md */
    const double product = 1e-9 * (15 + 0.03 * pow(digits, 1.5));
    if (representation == ORDPAR_MP_IMPLICIT)
        return implicit_cost(model, digits, product);
    const double order = 9 + 1.152 * digits, series = count_series(model);
    return (ordpar_mp_cost){.seconds_per_product = product,
                            .seconds_per_step = 0.25 * series * order * order * product,
                            .bytes = series * order * (40 + 3.33 / 8 * digits)};
}
