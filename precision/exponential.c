// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/exponential.h"

#include "precision/exp_table.h"
#include "precision/secular.h"

/*
 * The linear system of the blocks b < trained, the others at rest; without the second term if
 * small: d e_b / d alpha = -2 rate lambda_b e_b + rate^2 p_b lambda_b (sum_c lambda_c e_c + noise2)
 */
typedef struct {
    const ordpar_mp_eigen *eigen;
    size_t trained;
    bool small;
    mpfr_t *e;           /* [L] at alpha = 0 */
    mpfr_srcptr rate;    /* eta |v|^2 */
    mpfr_srcptr noise2;  /* s^2 */
    mpfr_srcptr hidden2; /* of what the inputs do not show: as if frozen [15.7] */
} linear_system;

void ordpar_mp_effective_eta(const ordpar_mp_problem *problem, mpfr_t eta) {
    mpfr_t square;
    mpfr_init2(square, problem->numbers.bits);
    mpfr_set_zero(eta, 1);
    for (size_t i = 0; i < problem->model->K; i++) {
        mpfr_sqr(square, problem->u[i], RND);
        mpfr_add(eta, eta, square, RND);
    }
    mpfr_mul(eta, eta, *problem->eta, RND);
    mpfr_clear(square);
}

/* e_b = sum_ac u_a u_c x^b_ac over students and teachers */
void ordpar_mp_block_error(const ordpar_mp_problem *problem, size_t b, mpfr_t e) {
    const size_t K = problem->model->K, M = problem->model->M, L = problem->eigen.L;
    mpfr_t term;
    mpfr_init2(term, problem->numbers.bits);
    mpfr_set_zero(e, 1);
    for (size_t i = 0; i < K + M; i++)
        for (size_t j = 0; j < K + M; j++) {
            const size_t low = i < j ? i : j, high = i < j ? j : i;
            mpfr_t *x = high < K  ? problem->q + (low * K + high) * L
                        : low < K ? problem->r + (low * M + high - K) * L
                                  : problem->t + ((low - K) * M + high - K) * L;
            if (mpfr_zero_p(x[b])) /* most of a mean start */
                continue;
            mpfr_mul(term, problem->u[i], x[b], RND);
            mpfr_mul(term, term, problem->u[j], RND);
            mpfr_add(e, e, term, RND);
        }
    mpfr_clear(term);
}

/* What the trained blocks are after those of the same eigenvalue are merged, and the modes. */
typedef struct {
    const linear_system *linear;
    size_t m; /* distinct eigenvalues > 0 */
    ordpar_reals numbers;
    mpfr_t *lambda, *p, *g2; /* [m] g2 = p lambda^2 */
    mpfr_t *drive;           /* [m] lambda e(0) */
    mpfr_t *rate, *amplitude,
        *noise; /* [m] modes: S = sum a e^(mu alpha) + b (e^(mu alpha) - 1)/mu */
    mpfr_t *frozen, *kappa, *alpha, *term, *sum; /* [1] */
} modes;

/* Equal eigenvalues are neighbours. */
static void merge(modes *s) {
    const linear_system *linear = s->linear;
    for (size_t b = 0; b < linear->eigen->L; b++) {
        mpfr_t *lambda = &linear->eigen->lambda[b];
        if (mpfr_zero_p(*lambda))
            continue;
        mpfr_mul(*s->term, *lambda, linear->e[b], RND);
        if (b >= linear->trained) {
            mpfr_add(*s->frozen, *s->frozen, *s->term, RND);
            continue;
        }
        if (s->m == 0 || !mpfr_equal_p(s->lambda[s->m - 1], *lambda))
            mpfr_set(s->lambda[s->m++], *lambda, RND);
        const size_t k = s->m - 1;
        mpfr_add(s->p[k], s->p[k], linear->eigen->p[b], RND);
        mpfr_add(s->drive[k], s->drive[k], *s->term, RND);
    }
    for (size_t k = 0; k < s->m; k++) {
        mpfr_sqr(s->g2[k], s->lambda[k], RND);
        mpfr_mul(s->g2[k], s->g2[k], s->p[k], RND);
    }
}

static ordpar_status start(const linear_system *linear, modes *s, ordpar_error *err) {
    const size_t L = linear->eigen->L;
    *s = (modes){.linear = linear};
    const ordpar_status status =
        ordpar_reals_init(7 * L + 5, linear->eigen->numbers.bits, &s->numbers, err);
    if (status)
        return status;
    s->lambda = s->numbers.x;
    s->p = s->lambda + L;
    s->g2 = s->p + L;
    s->drive = s->g2 + L;
    s->rate = s->drive + L;
    s->amplitude = s->rate + L;
    s->noise = s->amplitude + L;
    s->frozen = s->noise + L;
    s->kappa = s->frozen + 1;
    s->alpha = s->frozen + 2;
    s->term = s->frozen + 3;
    s->sum = s->frozen + 4;
    mpfr_set(*s->frozen, linear->hidden2, RND);
    merge(s);
    return ORDPAR_OK;
}

/* Small eta: the blocks are the modes. */
static void set_small_modes(modes *s) {
    for (size_t k = 0; k < s->m; k++) {
        mpfr_mul(s->rate[k], s->lambda[k], s->linear->rate, RND);
        mpfr_mul_si(s->rate[k], s->rate[k], -2, RND);
        mpfr_set(s->amplitude[k], s->drive[k], RND);
    }
}

/* [9.5] Mode k from the root x of the secular equation: mu = -2 rate x,
 * a = (2/rate) sum_j lambda_j e_j/(lambda_j - x) / D, b = 4 s^2 / D, D = sum_j g2_j/(lambda_j -
 * x)^2, where s^2 includes what the frozen blocks add. */
static void set_mode(modes *s, size_t k, size_t origin, const mpfr_t offset) {
    mpfr_t *D = s->alpha, *overlap = s->sum, *inverse = s->term;
    mpfr_set_zero(*D, 1);
    mpfr_set_zero(*overlap, 1);
    for (size_t j = 0; j < s->m; j++) {
        mpfr_sub(*inverse, s->lambda[j], s->lambda[origin], RND);
        mpfr_sub(*inverse, *inverse, offset, RND);
        mpfr_ui_div(*inverse, 1, *inverse, RND);
        mpfr_fma(*overlap, *inverse, s->drive[j], *overlap, RND);
        mpfr_sqr(*inverse, *inverse, RND);
        mpfr_fma(*D, *inverse, s->g2[j], *D, RND);
    }
    mpfr_div(s->amplitude[k], *overlap, *D, RND);
    mpfr_div(s->amplitude[k], s->amplitude[k], *s->kappa, RND);
    mpfr_add(s->noise[k], *s->frozen, s->linear->noise2, RND);
    mpfr_mul_2ui(s->noise[k], s->noise[k], 2, RND);
    mpfr_div(s->noise[k], s->noise[k], *D, RND);
    mpfr_add(s->rate[k], s->lambda[origin], offset, RND);
    mpfr_mul(s->rate[k], s->rate[k], s->linear->rate, RND);
    mpfr_mul_si(s->rate[k], s->rate[k], -2, RND);
}

static ordpar_status set_modes(modes *s, const ordpar_mp_options *options, ordpar_error *err) {
    mpfr_div_2ui(*s->kappa, s->linear->rate, 1, RND);
    const ordpar_mp_secular secular = {s->m, s->lambda, s->g2, *s->kappa};
    mpfr_t offset;
    mpfr_init2(offset, s->numbers.bits);
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < s->m && !status; k++) {
        size_t origin;
        ordpar_mp_secular_root(&secular, k, &origin, offset);
        set_mode(s, k, origin, offset);
        if (options->stop && *options->stop)
            status = ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted at eigenvalue %zu of %zu",
                                 k + 1, s->m);
        if (options->progress)
            options->progress(options->context, (double)(k + 1) / (double)s->m);
    }
    mpfr_clear(offset);
    return status;
}

/* eps_g = (1/2) (sum_k a_k e^(mu_k alpha) + b_k (e^(mu_k alpha) - 1)/mu_k + frozen) */
static void evaluate(modes *s, ordpar_exp_table *table, mpfr_t eps_g) {
    mpfr_set(*s->sum, *s->frozen, RND);
    for (size_t k = s->m; k-- > 0;) {
        mpfr_mul(*s->term, s->rate[k], *s->alpha, RND);
        if (!mpfr_zero_p(s->noise[k])) {
            mpfr_t *grown = s->kappa; /* the modes are known: it is free */
            mpfr_expm1(*grown, *s->term, RND);
            if (mpfr_zero_p(s->rate[k]))
                mpfr_set(*grown, *s->alpha, RND);
            else
                mpfr_div(*grown, *grown, s->rate[k], RND);
            mpfr_fma(*s->sum, *grown, s->noise[k], *s->sum, RND);
        }
        ordpar_exp_table_evaluate(table, *s->term, *s->term);
        mpfr_mul(*s->term, *s->term, s->amplitude[k], RND);
        mpfr_add(*s->sum, *s->sum, *s->term, RND);
    }
    mpfr_div_2ui(eps_g, *s->sum, 1, RND);
}

static ordpar_status solve(const linear_system *linear, const ordpar_mp_grid *grid,
                           const ordpar_mp_options *options, mpfr_t *eps_g, size_t stride,
                           ordpar_error *err) {
    modes s;
    ordpar_exp_table table = {0};
    ordpar_status status = start(linear, &s, err);
    if (!status)
        status = ordpar_exp_table_init(s.numbers.bits, s.m * grid->count, &table, err);
    if (!status &&
        (linear->small || mpfr_zero_p(linear->rate))) /* at rest, without terms of noise */
        set_small_modes(&s);
    else if (!status)
        status = set_modes(&s, options, err);
    for (size_t k = 0; k < grid->count && !status; k++) {
        ordpar_mp_grid_time(grid, options->schedule, k, *s.alpha);
        evaluate(&s, &table, eps_g[k * stride]);
        if (options->stop && *options->stop)
            status = ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted at row %zu of %zu", k + 1,
                                 grid->count);
    }
    ordpar_exp_table_clear(&table);
    ordpar_reals_clear(&s.numbers);
    return status;
}

ordpar_status ordpar_mp_exponential(const ordpar_mp_problem *problem, const ordpar_mp_grid *grid,
                                    const ordpar_mp_options *options, mpfr_t *eps_g, size_t stride,
                                    ordpar_error *err) {
    const size_t L = problem->eigen.L;
    ordpar_reals numbers;
    ordpar_status status = ordpar_reals_init(L + 1, problem->numbers.bits, &numbers, err);
    if (status)
        return status;
    mpfr_t *e = numbers.x, *rate = e + L;
    for (size_t b = 0; b < L; b++)
        ordpar_mp_block_error(problem, b, e[b]);
    ordpar_mp_effective_eta(problem, *rate);
    const linear_system linear = {.eigen = &problem->eigen,
                                  .trained = problem->model->trained_blocks,
                                  .small = problem->model->small_eta,
                                  .e = e,
                                  .rate = *rate,
                                  .noise2 = *problem->noise2,
                                  .hidden2 = *problem->hidden2};
    status = solve(&linear, grid, options, eps_g, stride, err);
    ordpar_reals_clear(&numbers);
    return status;
}
