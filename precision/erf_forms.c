// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/erf_forms.h"

#include "precision/exponential.h"

enum { CHECK_BITS = 128, SAME_BITS = 100 };

/* |a - b| small against |a|: for weights that a person can give only rounded, such as 1/sqrt(M) */
static bool same(const mpfr_t a, const mpfr_t b, mpfr_t scratch) {
    mpfr_sub(scratch, a, b, RND);
    return mpfr_zero_p(scratch) ||
           (!mpfr_zero_p(a) && mpfr_get_exp(scratch) < mpfr_get_exp(a) - SAME_BITS);
}

static bool all_same(mpfr_t *u, size_t count, mpfr_t scratch) {
    for (size_t k = 1; k < count; k++)
        if (!same(u[0], u[k], scratch))
            return false;
    return true;
}

/* Output weights: equal within student and teacher, and K v = M w. */
static bool symmetric(const ordpar_mp_problem *problem) {
    const size_t K = problem->model->K, M = problem->model->M;
    mpfr_t *v = problem->u, *w = v + K;
    mpfr_t a, b, scratch;
    mpfr_inits2(CHECK_BITS, a, b, scratch, (mpfr_ptr)NULL);
    mpfr_mul_ui(a, v[0], K, RND);
    mpfr_mul_si(b, w[0], -(long)M, RND);
    const bool good = all_same(v, K, scratch) && all_same(w, M, scratch) && same(a, b, scratch);
    mpfr_clears(a, b, scratch, (mpfr_ptr)NULL);
    return good;
}

ordpar_status ordpar_mp_erf_forms_check(ordpar_mp_closed_form_id id, const ordpar_mp_model *model,
                                        ordpar_error *err) {
    if (model->linear)
        return ORDPAR_OK;
    if (model->unlearnable)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the closed form needs a teacher that the inputs show in full");
    const bool specialised = id == ORDPAR_MP_ASYMPTOTIC || id == ORDPAR_MP_CRITICAL_ETA;
    if (specialised && model->K != model->M)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the specialised phase needs K = M, got K = %zu, M = %zu", model->K,
                           model->M);
    if (id == ORDPAR_MP_ESCAPE && (model->K < 2 || model->M < 2))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "only K, M >= 2 units can specialise, got K = %zu, M = %zu", model->K,
                           model->M);
    ordpar_mp_problem problem;
    const ordpar_status status = ordpar_mp_problem_init(model, CHECK_BITS, &problem, err);
    if (status)
        return status;
    const bool good = symmetric(&problem);
    ordpar_mp_problem_clear(&problem);
    return good ? ORDPAR_OK
                : ordpar_fail(err, ORDPAR_INVALID,
                              "the closed form needs output weights that are all equal, v and w, "
                              "with K v = M w");
}

/* Q = T/(M(1+T) - T), R = T/sqrt(M (M(1+T) - T)) [7.1] */
static void plateau(size_t M, const mpfr_t T, mpfr_t Q, mpfr_t R) {
    mpfr_t denominator;
    mpfr_init2(denominator, mpfr_get_prec(Q));
    mpfr_add_ui(denominator, T, 1, RND);
    mpfr_mul_ui(denominator, denominator, M, RND);
    mpfr_sub(denominator, denominator, T, RND);
    mpfr_div(Q, T, denominator, RND);
    mpfr_mul_ui(denominator, denominator, M, RND);
    mpfr_rec_sqrt(R, denominator, RND);
    mpfr_mul(R, R, T, RND);
    mpfr_clear(denominator);
}

/* The bits by which T is below 1. */
static mpfr_exp_t bits_below_one(const mpfr_t T) {
    return mpfr_get_exp(T) < 0 ? -mpfr_get_exp(T) : 0;
}

/* (M w^2 / pi) (asin(T/(1+T)) - M asin(T/(M(1+T)))) [7.1]: of order T^3, so that twice the bits by
 * which T is below 1 cancel. */
static void plateau_error(const ordpar_mp_problem *problem, const mpfr_t T, mpfr_t eps_g) {
    const size_t K = problem->model->K, M = problem->model->M;
    mpfr_t ratio, other;
    mpfr_inits2(problem->numbers.bits + 2 * bits_below_one(T), ratio, other, (mpfr_ptr)NULL);
    mpfr_add_ui(ratio, T, 1, RND);
    mpfr_div(ratio, T, ratio, RND);
    mpfr_div_ui(other, ratio, M, RND);
    mpfr_asin(other, other, RND);
    mpfr_mul_ui(other, other, M, RND);
    mpfr_asin(ratio, ratio, RND);
    mpfr_sub(ratio, ratio, other, RND);
    mpfr_const_pi(other, RND);
    mpfr_div(ratio, ratio, other, RND);
    mpfr_sqr(other, problem->u[K], RND);
    mpfr_mul_ui(other, other, M, RND);
    mpfr_mul(eps_g, ratio, other, RND);
    mpfr_clears(ratio, other, (mpfr_ptr)NULL);
}

void ordpar_mp_plateau(const ordpar_mp_problem *problem, mpfr_t *values) {
    mpfr_t T, Q, R;
    mpfr_inits2(problem->numbers.bits, T, Q, R, (mpfr_ptr)NULL);
    ordpar_mp_teacher_trace(&problem->eigen, 1, T);
    plateau(problem->model->M, T, Q, R);
    mpfr_set(values[0], Q, RND);
    mpfr_set(values[1], R, RND);
    plateau_error(problem, T, values[2]);
    mpfr_clears(T, Q, R, (mpfr_ptr)NULL);
}

/* 1/tau = (2 eta v w / pi) R ((1+Q)(1+T) - R^2)^(-3/2) T^(2) [7.2] */
void ordpar_mp_escape(const ordpar_mp_problem *problem, mpfr_t *values) {
    mpfr_t T, Q, R, rate;
    mpfr_inits2(problem->numbers.bits, T, Q, R, rate, (mpfr_ptr)NULL);
    ordpar_mp_teacher_trace(&problem->eigen, 1, T);
    plateau(problem->model->M, T, Q, R);
    mpfr_add_ui(Q, Q, 1, RND);
    mpfr_add_ui(T, T, 1, RND);
    mpfr_mul(Q, Q, T, RND);
    mpfr_sqr(T, R, RND);
    mpfr_sub(Q, Q, T, RND);
    mpfr_rec_sqrt(rate, Q, RND);
    mpfr_div(rate, rate, Q, RND);
    mpfr_mul(rate, rate, R, RND);
    ordpar_mp_teacher_trace(&problem->eigen, 2, T);
    mpfr_mul(rate, rate, T, RND);
    mpfr_mul(T, problem->u[0], problem->u[problem->model->K], RND); /* - v w */
    mpfr_mul(rate, rate, T, RND);
    mpfr_mul(rate, rate, *problem->eta, RND);
    mpfr_const_pi(T, RND);
    mpfr_div(rate, rate, T, RND);
    mpfr_mul_si(values[0], rate, -2, RND);
    mpfr_si_div(values[1], 1, values[0], RND);
    mpfr_clears(T, Q, R, rate, (mpfr_ptr)NULL);
}

/* (1 + m T)^(-1/2) */
static void power(const mpfr_t T, unsigned long m, mpfr_t value) {
    mpfr_mul_ui(value, T, m, RND);
    mpfr_add_ui(value, value, 1, RND);
    mpfr_rec_sqrt(value, value, RND);
}

/* C_ii and C_ij at the solution: v^2 (2/pi) (1+2T)^(-1/2), v^2 (2/pi) / (1+T) [7.5] */
static void overlap_matrix(const ordpar_mp_problem *problem, const mpfr_t T, mpfr_t diagonal,
                           mpfr_t off) {
    mpfr_t factor;
    mpfr_init2(factor, problem->numbers.bits);
    mpfr_const_pi(factor, RND);
    mpfr_ui_div(factor, 2, factor, RND);
    mpfr_mul(factor, factor, problem->u[0], RND);
    mpfr_mul(factor, factor, problem->u[0], RND);
    power(T, 2, diagonal);
    mpfr_mul(diagonal, diagonal, factor, RND);
    mpfr_add_ui(off, T, 1, RND);
    mpfr_div(off, factor, off, RND);
    mpfr_clear(factor);
}

/* sum_b p_b lambda_b (c_+ exp(-2 eta lambda_b c_+ alpha) + (M-1) c_- exp(..c_-..)) [7.6] */
static void decay(const ordpar_mp_problem *problem, mpfr_t *c, const mpfr_t alpha, mpfr_t *work,
                  mpfr_t sum) {
    const ordpar_mp_eigen *eigen = &problem->eigen;
    mpfr_t *term = work, *rate = work + 1;
    mpfr_set_zero(sum, 1);
    for (size_t k = 0; k < 2; k++) {
        mpfr_mul(*rate, *problem->eta, c[k], RND);
        mpfr_mul(*rate, *rate, alpha, RND);
        mpfr_mul_si(*rate, *rate, -2, RND);
        for (size_t b = eigen->L; b-- > 0;) {
            mpfr_mul(*term, *rate, eigen->lambda[b], RND);
            mpfr_exp(*term, *term, RND);
            mpfr_mul(*term, *term, eigen->lambda[b], RND);
            mpfr_mul(*term, *term, eigen->p[b], RND);
            mpfr_mul(*term, *term, c[k], RND);
            mpfr_mul_ui(*term, *term, k ? problem->model->M - 1 : 1, RND);
            mpfr_add(sum, sum, *term, RND);
        }
    }
}

ordpar_status ordpar_mp_asymptotic(const ordpar_mp_problem *problem, const ordpar_mp_grid *grid,
                                   const ordpar_mp_options *options, mpfr_t *eps_g, size_t stride,
                                   ordpar_error *err) {
    ordpar_reals numbers;
    mpfr_t rough;
    mpfr_init2(rough, CHECK_BITS);
    ordpar_mp_teacher_trace(&problem->eigen, 1, rough);
    const mpfr_prec_t bits = problem->numbers.bits + 2 * bits_below_one(rough); /* c_- is of T^2 */
    mpfr_clear(rough);
    ordpar_status status = ordpar_reals_init(8, bits, &numbers, err);
    if (status)
        return status;
    mpfr_t *c = numbers.x, *alpha = c + 2, *sum = c + 3, *work = c + 4, *front = c + 6, *T = c + 7;
    ordpar_mp_teacher_trace(&problem->eigen, 1, *T);
    overlap_matrix(problem, *T, c[0], c[1]);
    mpfr_mul_ui(*sum, c[1], problem->model->M - 1, RND);
    mpfr_sub(c[1], c[0], c[1], RND); /* c_- */
    mpfr_add(c[0], c[0], *sum, RND); /* c_+ */
    ordpar_real_parse(problem->model->sigma_J, *front);
    mpfr_sqr(*front, *front, RND);
    mpfr_div_2ui(*front, *front, 1, RND);
    for (size_t k = 0; k < grid->count && !status; k++) {
        ordpar_mp_grid_time(grid, options->schedule, k, *alpha);
        decay(problem, c, *alpha, work, *sum);
        mpfr_mul(eps_g[k * stride], *sum, *front, RND);
        if (options->stop && *options->stop)
            status = ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted at row %zu of %zu", k + 1,
                                 grid->count);
    }
    ordpar_reals_clear(&numbers);
    return status;
}

/*
 * The noise operator [7.7] on (e, f) = (diagonal, off-diagonal) entries, up to (2/pi)^2 v^4: in
 * F_ij = sum_kl E[g'_i g'_j g'_k g'_l] e_kl, unit n occurring m_n times gives a factor
 * s_m = (1 + m_n T)^(-1/2). F[0] = F_ii from e and f, F[1] = F_ij.
 */
static void noise_operator(size_t M, const mpfr_t T, mpfr_t F[2][2]) {
    /* number of (k, l) as a polynomial in M, and the occurrences m of the units */
    static const struct {
        int row, column, m[4];
    } terms[] = {{0, 0, {4, 0, 0, 0}}, {0, 0, {2, 2, 0, 0}}, {0, 1, {3, 1, 0, 0}},
                 {0, 1, {2, 1, 1, 0}}, {1, 0, {3, 1, 0, 0}}, {1, 0, {1, 1, 2, 0}},
                 {1, 1, {2, 2, 0, 0}}, {1, 1, {2, 1, 1, 0}}, {1, 1, {1, 1, 1, 1}}};
    const double n = (double)M;
    const double counts[] = {1,     n - 1, 2 * (n - 1), (n - 1) * (n - 2), 2,
                             n - 2, 2,     4 * (n - 2), (n - 2) * (n - 3)};
    mpfr_t product, factor;
    mpfr_inits2(mpfr_get_prec(F[0][0]), product, factor, (mpfr_ptr)NULL);
    for (int row = 0; row < 2; row++)
        for (int column = 0; column < 2; column++)
            mpfr_set_zero(F[row][column], 1);
    for (size_t k = 0; k < sizeof terms / sizeof *terms; k++) {
        mpfr_set_d(product, counts[k], RND);
        for (int u = 0; u < 4; u++) {
            power(T, (unsigned long)terms[k].m[u], factor);
            mpfr_mul(product, product, factor, RND);
        }
        mpfr_ptr entry = F[terms[k].row][terms[k].column];
        mpfr_add(entry, entry, product, RND);
    }
    mpfr_clears(product, factor, (mpfr_ptr)NULL);
}

/* Largest eigenvalue of D^-1 F for 2 x 2 matrices: that of its trace and determinant. */
static void spectral_radius(mpfr_t D[2][2], mpfr_t F[2][2], mpfr_t rho) {
    mpfr_t determinant, trace, term;
    mpfr_inits2(mpfr_get_prec(rho), determinant, trace, term, (mpfr_ptr)NULL);
    mpfr_fmms(determinant, D[0][0], D[1][1], D[0][1], D[1][0], RND);
    mpfr_fmms(trace, D[1][1], F[0][0], D[0][1], F[1][0], RND);
    mpfr_fmms(term, D[0][0], F[1][1], D[1][0], F[0][1], RND);
    mpfr_add(trace, trace, term, RND);
    mpfr_div(trace, trace, determinant, RND);
    mpfr_fmms(term, F[0][0], F[1][1], F[0][1], F[1][0], RND);
    mpfr_div(determinant, term, determinant, RND);
    mpfr_mul_2ui(determinant, determinant, 2, RND);
    mpfr_sqr(term, trace, RND);
    mpfr_sub(term, term, determinant, RND);
    mpfr_sqrt(term, term, RND);
    mpfr_add(rho, trace, term, RND);
    mpfr_div_2ui(rho, rho, 1, RND);
    mpfr_clears(determinant, trace, term, (mpfr_ptr)NULL);
}

/* eta_c = 1 / (rho(D^-1 F) sum_b p_b lambda_b), D e = C e + e C [7.8] */
static void erf_critical_eta(const ordpar_mp_problem *problem, mpfr_t eta_c) {
    const size_t M = problem->model->M;
    mpfr_t D[2][2], F[2][2];
    mpfr_t T, diagonal, off, rho;
    mpfr_init2(T, problem->numbers.bits);
    ordpar_mp_teacher_trace(&problem->eigen, 1, T);
    const mpfr_prec_t bits = problem->numbers.bits + 4 * bits_below_one(T); /* F_-- is of T^4 */
    mpfr_inits2(bits, diagonal, off, rho, D[0][0], D[0][1], D[1][0], D[1][1], F[0][0], F[0][1],
                F[1][0], F[1][1], (mpfr_ptr)NULL);
    overlap_matrix(problem, T, diagonal, off);
    mpfr_mul_2ui(diagonal, diagonal, 1, RND);
    mpfr_mul_2ui(off, off, 1, RND);
    mpfr_set(D[0][0], diagonal, RND);
    mpfr_mul_ui(D[0][1], off, M - 1, RND);
    mpfr_set(D[1][0], off, RND);
    mpfr_mul_si(D[1][1], off, (long)M - 2, RND);
    mpfr_add(D[1][1], D[1][1], diagonal, RND);
    noise_operator(M, T, F);
    if (M == 1)
        mpfr_div(rho, F[0][0], D[0][0], RND);
    else
        spectral_radius(D, F, rho);
    ordpar_mp_trace(&problem->eigen, 1, T);
    mpfr_mul(rho, rho, T, RND);
    mpfr_const_pi(T, RND); /* F's factor (2/pi)^2 v^4 */
    mpfr_ui_div(T, 2, T, RND);
    mpfr_mul(T, T, problem->u[0], RND);
    mpfr_mul(T, T, problem->u[0], RND);
    mpfr_sqr(T, T, RND);
    mpfr_mul(rho, rho, T, RND);
    mpfr_ui_div(eta_c, 1, rho, RND);
    mpfr_clears(T, diagonal, off, rho, D[0][0], D[0][1], D[1][0], D[1][1], F[0][0], F[0][1],
                F[1][0], F[1][1], (mpfr_ptr)NULL);
}

/* 2 / (|v|^2 sum of the trained p_b lambda_b) [6.4] */
static void linear_critical_eta(const ordpar_mp_problem *problem, mpfr_t eta_c) {
    mpfr_t trace, term;
    mpfr_inits2(problem->numbers.bits, trace, term, (mpfr_ptr)NULL);
    mpfr_set_zero(trace, 1);
    for (size_t b = problem->model->trained_blocks; b-- > 0;) {
        mpfr_mul(term, problem->eigen.p[b], problem->eigen.lambda[b], RND);
        mpfr_add(trace, trace, term, RND);
    }
    ordpar_mp_effective_eta(problem, term); /* eta |v|^2 */
    mpfr_mul(trace, trace, term, RND);
    mpfr_div(trace, *problem->eta, trace, RND);
    mpfr_mul_2ui(eta_c, trace, 1, RND);
    mpfr_clears(trace, term, (mpfr_ptr)NULL);
}

void ordpar_mp_critical_eta(const ordpar_mp_problem *problem, mpfr_t eta_c) {
    if (problem->model->linear)
        linear_critical_eta(problem, eta_c);
    else
        erf_critical_eta(problem, eta_c);
}
