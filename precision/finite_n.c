// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/finite_n.h"

#include "precision/exponential.h"

static const double MAX_WORK = 1e12, SECONDS_EACH = 1e-7;

/* lambda_b e_b per block, and the factors of the recursion. */
typedef struct {
    const ordpar_mp_problem *problem;
    ordpar_reals numbers;
    mpfr_t *part;  /* [L] n_b lambda_b e_b / N: the block's part of S */
    mpfr_t *decay; /* [L] 1 - 2 x + 2 x^2, x = eta lambda_b / N */
    mpfr_t *feed;  /* [L] p_b eta^2 lambda_b^2 / N */
    mpfr_t *S, *T; /* [1] the sum; S + s^2 */
} recursion;

ordpar_status ordpar_mp_finite_n_check(const ordpar_mp_model *model, const ordpar_mp_grid *grid,
                                       ordpar_error *err) {
    mpfr_t steps;
    mpfr_init2(steps, 64);
    const char *stop = grid->list ? grid->list[grid->count - 1] : grid->stop;
    ordpar_real_parse(stop, steps);
    mpfr_mul_si(steps, steps, (long)model->spectrum.N, RND);
    const double work = mpfr_get_d(steps, RND) * (double)model->spectrum.L;
    mpfr_clear(steps);
    if (work <= MAX_WORK)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID,
                       "linear-finite-n up to alpha = %.40s takes %.3g steps of blocks (N = %lld, "
                       "L = %zu), at least %.3g s; at most %g steps are made",
                       stop, work, (long long)model->spectrum.N, model->spectrum.L,
                       work * SECONDS_EACH, MAX_WORK);
}

static ordpar_status start(const ordpar_mp_problem *problem, recursion *r, ordpar_error *err) {
    const size_t L = problem->eigen.L;
    const long N = (long)problem->model->spectrum.N;
    const ordpar_status status =
        ordpar_reals_init(3 * L + 3, problem->numbers.bits, &r->numbers, err);
    if (status)
        return status;
    r->problem = problem;
    r->part = r->numbers.x;
    r->decay = r->part + L;
    r->feed = r->decay + L;
    r->S = r->feed + L;
    r->T = r->S + 1;
    mpfr_t *eta = r->S + 2;
    ordpar_mp_effective_eta(problem, *eta);
    for (size_t b = 0; b < L; b++) {
        ordpar_mp_block_error(problem, b, r->part[b]);
        mpfr_mul(r->part[b], r->part[b], problem->eigen.lambda[b], RND);
        mpfr_set_ui(r->decay[b], 1, RND);
        if (b >= problem->model->trained_blocks)
            continue;
        mpfr_t *x = r->T;
        mpfr_mul(*x, *eta, problem->eigen.lambda[b], RND);
        mpfr_sqr(r->feed[b], *x, RND);
        mpfr_mul(r->feed[b], r->feed[b], problem->eigen.p[b], RND);
        mpfr_div_si(r->feed[b], r->feed[b], N, RND);
        mpfr_div_si(*x, *x, N, RND);
        mpfr_ui_sub(r->decay[b], 1, *x, RND); /* 1 - 2 x (1 - x) */
        mpfr_mul(r->decay[b], r->decay[b], *x, RND);
        mpfr_mul_2ui(r->decay[b], r->decay[b], 1, RND);
        mpfr_ui_sub(r->decay[b], 1, r->decay[b], RND);
    }
    return ORDPAR_OK;
}

static void sum_up(recursion *r) {
    mpfr_set(*r->S, *r->problem->hidden2, RND); /* [15.7] */
    for (size_t b = r->problem->eigen.L; b-- > 0;)
        mpfr_add(*r->S, *r->S, r->part[b], RND);
    mpfr_add(*r->T, *r->S, *r->problem->noise2, RND);
}

static void step(recursion *r) {
    for (size_t b = 0; b < r->problem->model->trained_blocks; b++)
        mpfr_fmma(r->part[b], r->part[b], r->decay[b], r->feed[b], *r->T, RND);
    sum_up(r);
}

ordpar_status ordpar_mp_finite_n(const ordpar_mp_problem *problem, const ordpar_mp_grid *grid,
                                 const ordpar_mp_options *options, mpfr_t *eps_g, size_t stride,
                                 ordpar_error *err) {
    recursion r;
    mpfr_t target;
    ordpar_status status = start(problem, &r, err);
    if (status)
        return status;
    mpfr_init2(target, problem->numbers.bits);
    sum_up(&r);
    long done = 0;
    for (size_t k = 0; k < grid->count && !status; k++) {
        ordpar_mp_grid_value(grid, k, target);
        mpfr_mul_si(target, target, (long)problem->model->spectrum.N, RND);
        for (const long steps = mpfr_get_si(target, MPFR_RNDN); done < steps && !status; done++) {
            step(&r);
            if (options->stop && *options->stop)
                status = ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted at step %ld", done + 1);
        }
        mpfr_div_2ui(eps_g[k * stride], *r.S, 1, RND);
        if (options->progress)
            options->progress(options->context, (double)(k + 1) / (double)grid->count);
    }
    mpfr_clear(target);
    ordpar_reals_clear(&r.numbers);
    return status;
}
