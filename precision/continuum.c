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

/* mpfr_gamma_inc sums a series whose length and cancellation grow with x. */
static void upper_gamma(const mpfr_t a, const mpfr_t x, mpfr_t gamma) {
    if (mpfr_cmp_si(x, (long)mpfr_get_prec(gamma) / 2) > 0)
        continued_fraction(a, x, gamma);
    else
        mpfr_gamma_inc(gamma, a, x, RND);
}

typedef struct {
    mpfr_t a, ratio, front; /* beta/(1+beta); L^-(1+beta); e(0) lambda_+ / (2 L (1+beta)) */
    mpfr_t rate;            /* 2 eta lambda_+ */
    mpfr_t z, low, high, term;
} form;

/* z^-a (Gamma(a, z ratio) - Gamma(a, z)), (1 - ratio^a)/a at z = 0 */
static void evaluate(form *f, mpfr_t value) {
    if (mpfr_zero_p(f->z)) {
        mpfr_pow(f->term, f->ratio, f->a, RND);
        mpfr_ui_sub(f->term, 1, f->term, RND);
        mpfr_div(f->term, f->term, f->a, RND);
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
    mpfr_mul(value, f->term, f->front, RND);
}

static void prepare(const ordpar_mp_problem *problem, form *f) {
    const ordpar_mp_model *model = problem->model;
    const size_t L = problem->eigen.L;
    mpfr_ptr s = f->low;
    ordpar_real_parse(model->spectrum.beta, f->a);
    mpfr_add_ui(s, f->a, 1, RND); /* 1 + beta */
    mpfr_div(f->a, f->a, s, RND);
    mpfr_set_ui(f->ratio, L, RND);
    mpfr_neg(f->term, s, RND);
    mpfr_pow(f->ratio, f->ratio, f->term, RND);
    ordpar_mp_effective_eta(problem, f->rate);
    mpfr_mul(f->rate, f->rate, problem->eigen.lambda[0], RND);
    mpfr_mul_2ui(f->rate, f->rate, 1, RND);
    ordpar_mp_block_error(problem, 0, f->front); /* p_0 times e(0) of a component, p_0 = 1/L */
    mpfr_mul(f->front, f->front, problem->eigen.lambda[0], RND);
    mpfr_div(f->front, f->front, s, RND);
    mpfr_div_2ui(f->front, f->front, 1, RND);
}

ordpar_status ordpar_mp_continuum(const ordpar_mp_problem *problem, const ordpar_mp_grid *grid,
                                  const ordpar_mp_options *options, mpfr_t *eps_g, size_t stride,
                                  ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    form f;
    mpfr_inits2(problem->numbers.bits, f.a, f.ratio, f.front, f.rate, f.z, f.low, f.high, f.term,
                (mpfr_ptr)NULL);
    prepare(problem, &f);
    for (size_t k = 0; k < grid->count && !status; k++) {
        ordpar_mp_grid_time(grid, options->schedule, k, f.z);
        mpfr_mul(f.z, f.z, f.rate, RND);
        evaluate(&f, eps_g[k * stride]);
        if (options->stop && *options->stop)
            status = ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted at row %zu of %zu", k + 1,
                                 grid->count);
    }
    mpfr_clears(f.a, f.ratio, f.front, f.rate, f.z, f.low, f.high, f.term, (mpfr_ptr)NULL);
    return status;
}
