// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/problem.h"

static int64_t multiplicity(const ordpar_mp_spectrum *spectrum, size_t b) {
    return spectrum->n ? spectrum->n[b] : spectrum->N / (int64_t)spectrum->L;
}

/* Smallest divisor of l above 1. */
static size_t divisor(size_t l) {
    for (size_t d = 2; d * d <= l; d++)
        if (l % d == 0)
            return d;
    return l;
}

/* rank^exponent into powers[b]; of a composite rank b + 1 by its factors, which came before */
static void power(const size_t *rank, size_t b, const mpfr_t exponent, mpfr_t *powers) {
    const size_t l = rank ? rank[b] : b + 1, d = rank ? l : divisor(l);
    if (d < l) {
        mpfr_mul(powers[b], powers[d - 1], powers[l / d - 1], RND);
        return;
    }
    mpfr_set_ui(powers[b], l, RND);
    mpfr_pow(powers[b], powers[b], exponent, RND);
}

/* lambda_b = lambda_+ rank_b^-(1+beta), lambda_+ = 1 / sum_b p_b rank_b^-(1+beta) [1.1] */
static void power_law(const ordpar_mp_spectrum *spectrum, ordpar_mp_eigen *eigen) {
    mpfr_t exponent, sum, term;
    mpfr_inits2(eigen->numbers.bits, exponent, sum, term, (mpfr_ptr)NULL);
    ordpar_real_parse(spectrum->beta, exponent);
    mpfr_add_ui(exponent, exponent, 1, RND);
    mpfr_neg(exponent, exponent, RND);
    mpfr_set_zero(sum, 1);
    for (size_t b = 0; b < eigen->L; b++) {
        power(spectrum->rank, b, exponent, eigen->lambda);
        mpfr_mul(term, eigen->lambda[b], eigen->p[b], RND);
        mpfr_add(sum, sum, term, RND);
    }
    for (size_t b = 0; b < eigen->L; b++)
        mpfr_div(eigen->lambda[b], eigen->lambda[b], sum, RND);
    mpfr_clears(exponent, sum, term, (mpfr_ptr)NULL);
}

/* c_b = c rank_b^-zeta with T = 1 [15.1], or as given */
static void set_teacher(const ordpar_mp_spectrum *spectrum, ordpar_mp_eigen *eigen) {
    mpfr_t exponent, T;
    for (size_t b = 0; b < eigen->L; b++) {
        if (spectrum->teacher)
            ordpar_real_parse(spectrum->teacher[b], eigen->c[b]);
        else
            mpfr_set_ui(eigen->c[b], 1, RND);
    }
    if (!spectrum->teacher_decay)
        return;
    mpfr_inits2(eigen->numbers.bits, exponent, T, (mpfr_ptr)NULL);
    ordpar_real_parse(spectrum->teacher_decay, exponent);
    mpfr_neg(exponent, exponent, RND);
    for (size_t b = 0; b < eigen->L; b++)
        power(spectrum->rank, b, exponent, eigen->c);
    ordpar_mp_teacher_trace(eigen, 1, T);
    for (size_t b = 0; b < eigen->L; b++)
        mpfr_div(eigen->c[b], eigen->c[b], T, RND);
    mpfr_clears(exponent, T, (mpfr_ptr)NULL);
}

ordpar_status ordpar_mp_eigen_init(const ordpar_mp_spectrum *spectrum, mpfr_prec_t bits,
                                   ordpar_mp_eigen *eigen, ordpar_error *err) {
    const size_t L = spectrum->L;
    ordpar_mp_eigen made = {.L = L};
    const ordpar_status status = ordpar_reals_init(3 * L, bits, &made.numbers, err);
    if (status)
        return status;
    made.lambda = made.numbers.x;
    made.p = made.lambda + L;
    made.c = made.p + L;
    for (size_t b = 0; b < L; b++) {
        mpfr_set_si(made.p[b], (long)multiplicity(spectrum, b), RND);
        mpfr_div_si(made.p[b], made.p[b], (long)spectrum->N, RND);
        if (spectrum->lambda)
            ordpar_real_parse(spectrum->lambda[b], made.lambda[b]);
    }
    if (!spectrum->lambda)
        power_law(spectrum, &made);
    set_teacher(spectrum, &made);
    *eigen = made;
    return ORDPAR_OK;
}

void ordpar_mp_eigen_clear(ordpar_mp_eigen *eigen) {
    ordpar_reals_clear(&eigen->numbers);
    *eigen = (ordpar_mp_eigen){0};
}

/* weights NULL: 1 */
static void trace_with(const ordpar_mp_eigen *eigen, unsigned long power, mpfr_t *weights,
                       mpfr_t trace) {
    mpfr_t term;
    mpfr_init2(term, eigen->numbers.bits);
    mpfr_set_zero(trace, 1);
    for (size_t b = eigen->L; b-- > 0;) {
        mpfr_pow_ui(term, eigen->lambda[b], power, RND);
        mpfr_mul(term, term, eigen->p[b], RND);
        if (weights)
            mpfr_mul(term, term, weights[b], RND);
        mpfr_add(trace, trace, term, RND);
    }
    mpfr_clear(term);
}

void ordpar_mp_trace(const ordpar_mp_eigen *eigen, unsigned long power, mpfr_t trace) {
    trace_with(eigen, power, NULL, trace);
}

void ordpar_mp_teacher_trace(const ordpar_mp_eigen *eigen, unsigned long power, mpfr_t trace) {
    trace_with(eigen, power, eigen->c, trace);
}

/* Output weights v, -w: as given, or the paper's v = sqrt(M)/K, w = 1/sqrt(M). */
static void set_weights(const ordpar_mp_model *model, mpfr_t *u) {
    for (size_t i = 0; i < model->K; i++) {
        if (model->v) {
            ordpar_real_parse(model->v[i], u[i]);
            continue;
        }
        mpfr_sqrt_ui(u[i], model->M, RND);
        mpfr_div_ui(u[i], u[i], model->K, RND);
    }
    for (size_t n = model->K; n < model->K + model->M; n++) {
        if (model->w) {
            ordpar_real_parse(model->w[n - model->K], u[n]);
        } else {
            mpfr_sqrt_ui(u[n], model->M, RND);
            mpfr_ui_div(u[n], 1, u[n], RND);
        }
        mpfr_neg(u[n], u[n], RND);
    }
}

/* x = the given overlaps, or p_b variance_b 1 where there are none (variance NULL: nothing). */
static void set_overlaps(const double *given, const char *const *texts, size_t rows, size_t columns,
                         size_t L, mpfr_t *p, mpfr_t *variance, mpfr_t *x) {
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            for (size_t b = 0; b < L; b++) {
                const size_t k = (i * columns + j) * L + b;
                if (texts)
                    ordpar_real_parse(texts[k], x[k]);
                else if (given)
                    mpfr_set_d(x[k], given[k], RND);
                else if (variance && i == j)
                    mpfr_mul(x[k], p[b], variance[b], RND);
            }
}

/* From the overlaps of W = J - B to those of J */
static void add_teacher(const ordpar_mp_model *model, ordpar_mp_problem *problem) {
    const size_t K = model->K, L = model->spectrum.L;
    mpfr_t *q = problem->q, *r = problem->r, *t = problem->t;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++)
            for (size_t b = 0; b < L; b++) {
                const size_t ij = (i * K + j) * L + b, ji = (j * K + i) * L + b;
                mpfr_add(q[ij], q[ij], t[ij], RND);
                mpfr_add(q[ij], q[ij], r[ij], RND);
                mpfr_add(q[ij], q[ij], r[ji], RND);
            }
    for (size_t k = 0; k < K * K * L; k++)
        mpfr_add(r[k], r[k], t[k], RND);
}

static void set_start(const ordpar_mp_model *model, ordpar_mp_problem *problem) {
    const size_t K = model->K, M = model->M, L = model->spectrum.L;
    mpfr_t *c = problem->eigen.c, *variance = problem->numbers.x + problem->numbers.count - L;
    for (size_t b = 0; b < L; b++) {
        ordpar_real_parse(model->sigma_J, variance[b]);
        mpfr_sqr(variance[b], variance[b], RND);
        if (model->near_teacher)
            mpfr_add(variance[b], variance[b], c[b], RND);
    }
    set_overlaps(model->q, model->q_text, K, K, L, problem->eigen.p, variance, problem->q);
    set_overlaps(model->r, model->r_text, K, M, L, problem->eigen.p, model->near_teacher ? c : NULL,
                 problem->r);
    set_overlaps(model->t, model->t_text, M, M, L, problem->eigen.p, c, problem->t);
    if (model->deviations)
        add_teacher(model, problem);
}

/* [15.6], [15.7] */
static void set_hidden(const ordpar_mp_model *model, ordpar_mp_problem *problem) {
    const size_t K = model->K, M = model->M;
    mpfr_t term;
    mpfr_init2(term, problem->numbers.bits);
    for (size_t n = 0; n < M && model->unlearnable; n++)
        for (size_t m = 0; m < M; m++) {
            ordpar_real_parse(model->unlearnable[n * M + m], problem->hidden[n * M + m]);
            mpfr_mul(term, problem->u[K + n], problem->u[K + m], RND);
            mpfr_fma(*problem->hidden2, term, problem->hidden[n * M + m], *problem->hidden2, RND);
        }
    mpfr_clear(term);
}

ordpar_status ordpar_mp_problem_init(const ordpar_mp_model *model, mpfr_prec_t bits,
                                     ordpar_mp_problem *problem, ordpar_error *err) {
    const size_t K = model->K, M = model->M, L = model->spectrum.L;
    ordpar_mp_problem made = {.model = model};
    ordpar_status status = ordpar_mp_eigen_init(&model->spectrum, bits, &made.eigen, err);
    if (!status)
        status = ordpar_reals_init(K + M + (K * K + K * M + M * M + 1) * L + M * M + 3, bits,
                                   &made.numbers, err);
    if (status) {
        ordpar_mp_problem_clear(&made);
        return status;
    }
    made.u = made.numbers.x;
    made.q = made.u + K + M;
    made.r = made.q + K * K * L;
    made.t = made.r + K * M * L;
    made.eta = made.t + M * M * L;
    made.noise2 = made.eta + 1;
    made.hidden2 = made.eta + 2;
    made.hidden = made.eta + 3;
    set_weights(model, made.u);
    set_start(model, &made);
    set_hidden(model, &made);
    ordpar_real_parse(model->eta, *made.eta);
    ordpar_real_parse(model->label_noise, *made.noise2);
    mpfr_sqr(*made.noise2, *made.noise2, RND);
    *problem = made;
    return ORDPAR_OK;
}

void ordpar_mp_problem_clear(ordpar_mp_problem *problem) {
    ordpar_mp_eigen_clear(&problem->eigen);
    ordpar_reals_clear(&problem->numbers);
    *problem = (ordpar_mp_problem){0};
}

void ordpar_mp_grid_value(const ordpar_mp_grid *grid, size_t k, mpfr_t alpha) {
    mpfr_t stop;
    if (grid->list) {
        ordpar_real_parse(grid->list[k], alpha);
        return;
    }
    mpfr_init2(stop, mpfr_get_prec(alpha));
    ordpar_real_parse(grid->start, alpha);
    if (grid->count > 1 && k > 0) {
        const unsigned long steps = grid->count - 1;
        ordpar_real_parse(grid->stop, stop);
        if (k == steps) {
            mpfr_set(alpha, stop, RND);
        } else if (grid->logarithmic) { /* start (stop/start)^(k/steps) */
            mpfr_div(stop, stop, alpha, RND);
            mpfr_log(stop, stop, RND);
            mpfr_mul_ui(stop, stop, k, RND);
            mpfr_div_ui(stop, stop, steps, RND);
            mpfr_exp(stop, stop, RND);
            mpfr_mul(alpha, alpha, stop, RND);
        } else { /* start + (stop - start) k/steps */
            mpfr_sub(stop, stop, alpha, RND);
            mpfr_mul_ui(stop, stop, k, RND);
            mpfr_div_ui(stop, stop, steps, RND);
            mpfr_add(alpha, alpha, stop, RND);
        }
    }
    mpfr_clear(stop);
}
