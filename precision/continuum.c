// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/continuum.h"

#include "precision/exponential.h"

/*
 * Gamma(a, x) by its continued fraction, for x of the order of the bits: e^-x x^a / (x + 1 - a -
 * (1 - a) / (x + 3 - a - 2 (2 - a) / ..)). The error after n terms is about exp(-4 sqrt(n x)).
 */
static void continued_fraction(const mpfr_t a, const mpfr_t x, mpfr_t gamma) {
    const mpfr_prec_t bits = mpfr_get_prec(gamma);
    mpfr_t base, factor, value;
    mpfr_inits2(bits, base, factor, value, (mpfr_ptr)NULL);
    const double size = mpfr_get_d(x, RND);
    const long n = 4 + (long)(0.05 * (double)bits * (double)bits / size);
    mpfr_sub(base, x, a, RND); /* x - a */
    mpfr_add_si(value, base, 2 * n + 1, RND);
    for (long k = n; k > 0; k--) {
        mpfr_si_sub(factor, k, a, RND);
        mpfr_mul_si(factor, factor, k, RND);
        mpfr_div(factor, factor, value, RND);
        mpfr_add_si(value, base, 2 * k - 1, RND);
        mpfr_sub(value, value, factor, RND);
    }
    mpfr_pow(gamma, x, a, RND);
    mpfr_div(gamma, gamma, value, RND);
    mpfr_neg(factor, x, RND);
    mpfr_exp(factor, factor, RND);
    mpfr_mul(gamma, gamma, factor, RND);
    mpfr_clears(base, factor, value, (mpfr_ptr)NULL);
}

/* mpfr_gamma_inc sums a series whose length and cancellation grow with x. The fraction is slow
 * where x is not well above a. */
static void upper_gamma(const mpfr_t a, const mpfr_t x, mpfr_t gamma) {
    if (mpfr_cmp_si(x, (long)mpfr_get_prec(gamma) / 2) > 0 &&
        mpfr_get_d(x, RND) > 2 * mpfr_get_d(a, RND))
        continued_fraction(a, x, gamma);
    else
        mpfr_gamma_inc(gamma, a, x, RND);
}

typedef struct {
    mpfr_t a, ratio, front; /* (beta+zeta)/(1+beta); L^-(1+beta); x lambda_+ / (2 L (1+beta)), x
                               what e(0) of a component is at rank 1 */
    mpfr_t rate;            /* 2 eta lambda_+ */
    mpfr_t z, low, high, term, order, step;
} form;

/* x = (1 - ratio^a)/a, or -log ratio, the integral of s^(a-1) from ratio to 1 */
static void power_integral(const form *f, const mpfr_t a, mpfr_t x) {
    mpfr_log(x, f->ratio, RND);
    if (!mpfr_zero_p(a)) {
        mpfr_mul(x, x, a, RND);
        mpfr_expm1(x, x, RND);
        mpfr_div(x, x, a, RND);
    }
    mpfr_neg(x, x, RND);
}

/* The integral of s^(a-1) e^(-z s) from ratio to 1 for z <= 1, where the powers of z fall fast. */
static void integral_of_powers(form *f) {
    mpfr_set_ui(f->high, 1, RND); /* (-z)^n/n! */
    mpfr_set_zero(f->term, 1);
    for (unsigned long n = 0; !mpfr_zero_p(f->high); n++) {
        mpfr_add_ui(f->order, f->a, n, RND);
        power_integral(f, f->order, f->low);
        mpfr_mul(f->low, f->low, f->high, RND);
        mpfr_add(f->term, f->term, f->low, RND);
        if (mpfr_zero_p(f->low) ||
            mpfr_get_exp(f->low) < mpfr_get_exp(f->term) - mpfr_get_prec(f->term))
            break;
        mpfr_mul(f->high, f->high, f->z, RND);
        mpfr_div_si(f->high, f->high, -(long)n - 1, RND);
    }
}

/* sum_n x^n/(a (a+1) .. (a+n)) e^-x, the integral of s^(a-1) e^(-x s) from 0 to 1, of terms > 0 */
static void lower_part(form *f, const mpfr_t x, mpfr_t sum) {
    mpfr_set(f->order, f->a, RND);
    mpfr_ui_div(f->step, 1, f->a, RND);
    mpfr_set_zero(sum, 1);
    while (mpfr_zero_p(sum) || mpfr_get_exp(f->step) > mpfr_get_exp(sum) - mpfr_get_prec(sum) - 2) {
        mpfr_add(sum, sum, f->step, RND);
        mpfr_add_ui(f->order, f->order, 1, RND);
        mpfr_mul(f->step, f->step, x, RND);
        mpfr_div(f->step, f->step, f->order, RND);
    }
    mpfr_neg(f->step, x, RND);
    mpfr_exp(f->step, f->step, RND);
    mpfr_mul(sum, sum, f->step, RND);
}

/* For z <= a: most of it lies near 1. */
static void integral_from_zero(form *f) {
    lower_part(f, f->z, f->term);
    mpfr_mul(f->low, f->z, f->ratio, RND);
    lower_part(f, f->low, f->high);
    mpfr_pow(f->low, f->ratio, f->a, RND);
    mpfr_mul(f->low, f->low, f->high, RND);
    mpfr_sub(f->term, f->term, f->low, RND);
}

/*
 * value += front z^-a (Gamma(a, z ratio) - Gamma(a, z)), each of them in the range of z where it is
 * not a small difference.
 */
static void evaluate(form *f, mpfr_t value) {
    if (mpfr_cmp_ui(f->z, 1) <= 0) {
        integral_of_powers(f);
    } else if (mpfr_cmp(f->z, f->a) <= 0) {
        integral_from_zero(f);
    } else {
        mpfr_mul(f->low, f->z, f->ratio, RND);
        mpfr_set(f->high, f->z, RND);
        upper_gamma(f->a, f->low, f->term);
        upper_gamma(f->a, f->high, f->low);
        mpfr_sub(f->term, f->term, f->low, RND);
        mpfr_neg(f->low, f->a, RND);
        mpfr_pow(f->low, f->z, f->low, RND);
        mpfr_mul(f->term, f->term, f->low, RND);
    }
    mpfr_fma(value, f->term, f->front, value, RND);
}

/* p_0 sigma_J^2 |v|^2, which does not decay with the teacher */
static void student_part(const ordpar_mp_problem *problem, mpfr_t part) {
    ordpar_mp_effective_eta(problem, part);
    mpfr_div(part, part, *problem->eta, RND);
    mpfr_t sigma;
    mpfr_init2(sigma, problem->numbers.bits);
    ordpar_real_parse(problem->model->sigma_J, sigma);
    mpfr_mul(part, part, sigma, RND);
    mpfr_mul(part, part, sigma, RND);
    mpfr_mul(part, part, problem->eigen.p[0], RND);
    mpfr_clear(sigma);
}

/* What e(0) is made of: all of it, or what decays with the teacher and what does not [15.3]. */
typedef enum { WHOLE, TEACHER, STUDENT } part;

static void set_front(const ordpar_mp_problem *problem, part which, form *f) {
    if (which == STUDENT) {
        student_part(problem, f->front);
        return;
    }
    ordpar_mp_block_error(problem, 0, f->front); /* p_0 times e(0) of a component, p_0 = 1/L */
    if (which == TEACHER) {
        student_part(problem, f->term);
        mpfr_sub(f->front, f->front, f->term, RND);
    }
}

static void prepare(const ordpar_mp_problem *problem, part which, form *f) {
    const ordpar_mp_model *model = problem->model;
    const size_t L = problem->eigen.L;
    mpfr_ptr s = f->low;
    ordpar_real_parse(model->spectrum.beta, f->a);
    mpfr_add_ui(s, f->a, 1, RND); /* 1 + beta */
    if (which == TEACHER) {
        ordpar_real_parse(model->spectrum.teacher_decay, f->term);
        mpfr_add(f->a, f->a, f->term, RND);
    }
    mpfr_div(f->a, f->a, s, RND);
    mpfr_set_ui(f->ratio, L, RND);
    mpfr_neg(f->term, s, RND);
    mpfr_pow(f->ratio, f->ratio, f->term, RND);
    ordpar_mp_effective_eta(problem, f->rate);
    mpfr_mul(f->rate, f->rate, problem->eigen.lambda[0], RND);
    mpfr_mul_2ui(f->rate, f->rate, 1, RND);
    set_front(problem, which, f);
    mpfr_mul(f->front, f->front, problem->eigen.lambda[0], RND);
    mpfr_div(f->front, f->front, s, RND);
    mpfr_div_2ui(f->front, f->front, 1, RND);
}

/* eps_g += that part */
static ordpar_status add_part(const ordpar_mp_problem *problem, part which,
                              const ordpar_mp_grid *grid, const ordpar_mp_options *options,
                              mpfr_t *eps_g, size_t stride, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    form f;
    mpfr_inits2(problem->numbers.bits, f.a, f.ratio, f.front, f.rate, f.z, f.low, f.high, f.term,
                f.order, f.step, (mpfr_ptr)NULL);
    prepare(problem, which, &f);
    for (size_t k = 0; k < grid->count && !status; k++) {
        ordpar_mp_grid_time(grid, options->schedule, k, f.z);
        mpfr_mul(f.z, f.z, f.rate, RND);
        evaluate(&f, eps_g[k * stride]);
        if (options->stop && *options->stop)
            status = ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted at row %zu of %zu", k + 1,
                                 grid->count);
    }
    mpfr_clears(f.a, f.ratio, f.front, f.rate, f.z, f.low, f.high, f.term, f.order, f.step,
                (mpfr_ptr)NULL);
    return status;
}

ordpar_status ordpar_mp_continuum(const ordpar_mp_problem *problem, const ordpar_mp_grid *grid,
                                  const ordpar_mp_options *options, mpfr_t *eps_g, size_t stride,
                                  ordpar_error *err) {
    const bool decays = problem->model->spectrum.teacher_decay;
    for (size_t k = 0; k < grid->count; k++)
        mpfr_div_2ui(eps_g[k * stride], *problem->hidden2, 1, RND); /* [15.7] */
    const ordpar_status status =
        add_part(problem, decays ? TEACHER : WHOLE, grid, options, eps_g, stride, err);
    return status || !decays ? status
                             : add_part(problem, STUDENT, grid, options, eps_g, stride, err);
}
