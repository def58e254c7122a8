// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/refine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* GUARD: digits beyond the wanted ones; STEP: between two working precisions */
enum { GUARD = 6, STEP = 10, MAX_DOUBLINGS = 3 };

typedef struct {
    long digits;
    ordpar_reals values;
} run;

static ordpar_status start_run(ordpar_mp_function function, void *context, size_t count,
                               long digits, run *made, ordpar_error *err) {
    *made = (run){.digits = digits};
    ordpar_status status =
        ordpar_reals_init(count, ordpar_bits_for_digits(digits), &made->values, err);
    if (!status)
        status = function(context, digits, made->values.x, err);
    for (size_t k = 0; !status && k < count; k++)
        if (!mpfr_number_p(made->values.x[k]))
            status =
                ordpar_fail(err, ORDPAR_NUMERICAL, "number %zu of %zu is not finite", k + 1, count);
    if (status)
        ordpar_reals_clear(&made->values);
    return status;
}

/* log10 of the relative difference of two runs in number k: the bound on the better one's error. */
static double log_difference(const run *rough, const run *fine, size_t k, mpfr_t difference) {
    mpfr_sub(difference, rough->values.x[k], fine->values.x[k], RND);
    if (mpfr_zero_p(difference))
        return -INFINITY;
    return ordpar_real_log10(difference) - ordpar_real_log10(fine->values.x[k]);
}

/* [9.6] True if value (1 - bound) and value (1 + bound) read the same in so many digits; then it is
 * text.
 */
static bool same_text(const mpfr_t value, double log10_bound, long digits, char *text, char *other,
                      mpfr_t scratch) {
    ordpar_real_format(value, digits, text);
    for (int sign = -1; sign <= 1; sign += 2) {
        mpfr_set_d(scratch, log10_bound, RND);
        mpfr_exp10(scratch, scratch, RND);
        mpfr_mul(scratch, scratch, value, RND);
        (sign < 0 ? mpfr_sub : mpfr_add)(scratch, value, scratch, RND);
        ordpar_real_format(scratch, digits, other);
        if (strcmp(text, other) != 0)
            return false;
    }
    return true;
}

/* Digits that are missing for certainty, 0 if none; the texts and the bound go into result. */
static double missing_digits(const run *rough, const run *fine, long digits, char *other,
                             mpfr_t scratch, ordpar_mp_result *result) {
    double missing = 0;
    result->log10_bound = -INFINITY;
    result->working_digits = fine->digits;
    for (size_t k = 0; k < result->count; k++) {
        const double log10_bound = log_difference(rough, fine, k, scratch);
        char *text = result->text + k * result->width;
        result->log10_bound = fmax(result->log10_bound, log10_bound);
        /* A result half way between two texts stays so at any precision: both are then right. */
        if (log10_bound > -(double)digits - 1)
            missing = fmax(missing, log10_bound + (double)digits + GUARD);
        else if (!same_text(fine->values.x[k], log10_bound, digits, text, other, scratch) &&
                 log10_bound > -(double)digits - 4 * GUARD)
            missing = fmax(missing, GUARD);
    }
    return missing;
}

/* What a refinement runs and where it stands; rough.digits = 0: the next run starts a pair. */
typedef struct {
    ordpar_mp_function function;
    void *context;
    const ordpar_mp_options *options;
    ordpar_mp_result *result;
    char *other; /* [width] */
    run rough;
    long digits; /* of the next run */
    bool certain;
} refinement;

static void start_pair(refinement *r, long digits) {
    ordpar_reals_clear(&r->rough.values);
    r->rough = (run){0};
    r->digits = digits;
}

/* The finer run of a pair, its comparison, and the next digits: what is missing, or, where no digit
 * agreed, a new pair of twice the digits. */
static ordpar_status finish_pair(refinement *r, ordpar_error *err) {
    run fine;
    const ordpar_status status =
        start_run(r->function, r->context, r->result->count, r->digits, &fine, err);
    if (status)
        return status;
    mpfr_t scratch;
    mpfr_init2(scratch, fine.values.bits);
    const long wanted = r->options->digits;
    const double missing = missing_digits(&r->rough, &fine, wanted, r->other, scratch, r->result);
    mpfr_clear(scratch);
    ordpar_reals_clear(&r->rough.values);
    r->rough = fine;
    r->certain = missing == 0;
    r->digits += STEP + (long)ceil(missing);
    if (missing >= (double)(wanted + GUARD) - 1)
        start_pair(r, 2 * fine.digits);
    return ORDPAR_OK;
}

/* One run. */
static ordpar_status proceed(refinement *r, ordpar_error *err) {
    if (r->rough.digits)
        return finish_pair(r, err);
    const ordpar_status status =
        start_run(r->function, r->context, r->result->count, r->digits, &r->rough, err);
    if (status)
        r->rough = (run){0};
    r->digits += STEP;
    return status;
}

static ordpar_status refine(refinement *r, double lost, ordpar_error *err) {
    r->digits = r->options->digits + GUARD + (long)ceil(lost);
    const long most = 8 * r->digits + 2000;
    int doublings = 0;
    ordpar_status status = ORDPAR_OK;
    while (!status && !r->certain) {
        if (r->digits > most)
            status = ordpar_fail(err, ORDPAR_NUMERICAL,
                                 "%ld working digits do not give %ld right ones; a result may be 0",
                                 r->rough.digits, r->options->digits);
        else if ((status = proceed(r, err)) == ORDPAR_NUMERICAL && doublings++ < MAX_DOUBLINGS) {
            start_pair(r, 2 * r->digits); /* rounding can leave the domain of a function */
            status = ORDPAR_OK;
        }
    }
    ordpar_reals_clear(&r->rough.values);
    return status;
}

ordpar_status ordpar_mp_refine(ordpar_mp_function function, void *context, size_t count,
                               double lost, const ordpar_mp_options *options,
                               ordpar_mp_result *result, ordpar_error *err) {
    ordpar_mp_result made = {.count = count, .width = ordpar_real_width(options->digits)};
    char *other = malloc(made.width);
    made.text = calloc(count, made.width);
    ordpar_status status = ORDPAR_OK;
    if (!other || !made.text)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu numbers of %ld digits",
                             count, options->digits);
    if (!status)
        status = refine(&(refinement){.function = function,
                                      .context = context,
                                      .options = options,
                                      .result = &made,
                                      .other = other},
                        lost, err);
    free(other);
    mpfr_free_cache();
    if (status)
        ordpar_mp_result_clear(&made);
    else
        *result = made;
    return status;
}
