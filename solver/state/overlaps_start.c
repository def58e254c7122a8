// SPDX-License-Identifier: GPL-3.0-or-later
/* Starts drawn in law without N-dimensional vectors [3.4]. */
#include "solver/state/overlaps_draw.h"

#include "base/floating_point.h"
#include "base/random.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Per block, the rows (B_1..B_M, Z_1..Z_K) of standard normal components have the lower-trapezoidal
 * Bartlett factor X: X X^T is their Gram matrix. The teacher is sqrt(c_b) B, J = sigma_J Z, plus
 * the teacher for a start near it.
 */
typedef struct {
    size_t K, M;
    size_t rank; /* columns of X: min(n_b, K+M) */
    double *X;   /* [(M+K) * (M+K)], row-major, rows: teachers, then students */
} factor;

/* [3.4] Row a of the factor: independent normals left of the diagonal, chi with n_b - a degrees of
 * freedom on it. */
static void draw_row(factor *f, size_t a, double n_b, const gsl_rng *rng) {
    double *row = f->X + a * (f->K + f->M);
    for (size_t d = 0; d < a && d < f->rank; d++)
        row[d] = gsl_ran_gaussian_ziggurat(rng, 1);
    if (a < f->rank)
        row[a] = sqrt(gsl_ran_chisq(rng, n_b - (double)a));
}

/* The first rows of the factor, which are as many as are drawn. */
static void draw_rows(factor *f, size_t rows, double n_b, uint64_t seed, uint64_t run, size_t b) {
    ordpar_random stream;
    ordpar_random_init(&stream, seed, run, ORDPAR_RANDOM_START, b);
    const gsl_rng rng = ordpar_random_gsl(&stream);
    memset(f->X, 0, rows * (f->K + f->M) * sizeof *f->X);
    for (size_t a = 0; a < rows; a++)
        draw_row(f, a, n_b, &rng);
}

static void set_mean_rows(factor *f, double n_b) {
    const size_t n = f->K + f->M;
    memset(f->X, 0, f->M * n * sizeof *f->X);
    for (size_t k = 0; k < f->M; k++)
        f->X[k * n + k] = sqrt(n_b);
}

static void weigh_teachers(factor *f, double c) {
    for (size_t k = 0; k < f->M * (f->K + f->M); k++)
        f->X[k] *= sqrt(c);
}

/* The students' rows of the factor from those of Z. */
static void make_students(factor *f, ordpar_init init, double sigma_J) {
    const size_t n = f->K + f->M;
    for (size_t i = 0; i < f->K; i++) {
        double *student = f->X + (f->M + i) * n;
        const double *teacher = f->X + i * n;
        for (size_t d = 0; d < n; d++)
            student[d] = sigma_J * student[d] + (init == ORDPAR_INIT_NEAR_TEACHER ? teacher[d] : 0);
    }
}

static double product(const factor *f, size_t a, size_t b) {
    const size_t n = f->K + f->M;
    double sum = 0;
    for (size_t d = 0; d < f->rank; d++)
        sum += f->X[a * n + d] * f->X[b * n + d];
    return sum;
}

static void store_block(const factor *f, double N, size_t b, ordpar_overlaps *o) {
    const size_t K = f->K, M = f->M, L = o->L;
    for (size_t i = 0; i < K; i++) {
        for (size_t j = 0; j < K; j++)
            o->q[(i * K + j) * L + b] = product(f, M + i, M + j) / N;
        for (size_t k = 0; k < M; k++)
            o->r[(i * M + k) * L + b] = product(f, M + i, k) / N;
    }
    for (size_t k = 0; k < M; k++)
        for (size_t l = 0; l < M; l++)
            o->t[(k * M + l) * L + b] = product(f, k, l) / N;
}

/* t = p c 1 exactly, where the draw left rounding */
static void set_mean_teacher(const ordpar_spectrum *spectrum, ordpar_overlaps *o) {
    for (size_t k = 0; k < o->M; k++)
        for (size_t l = 0; l < o->M; l++)
            for (size_t b = 0; b < o->L; b++)
                o->t[(k * o->M + l) * o->L + b] = k == l ? spectrum->p[b] * spectrum->c[b] : 0;
}

static void set_mean_student(const ordpar_spectrum *spectrum, double sigma_J, ordpar_overlaps *o) {
    memset(o->r, 0, o->K * o->M * o->L * sizeof *o->r);
    for (size_t i = 0; i < o->K; i++)
        for (size_t j = 0; j < o->K; j++)
            for (size_t b = 0; b < o->L; b++)
                o->q[(i * o->K + j) * o->L + b] = i == j ? spectrum->p[b] * sigma_J * sigma_J : 0;
}

static ordpar_status check(const ordpar_draw *draw, ordpar_error *err) {
    const ordpar_spectrum *spectrum = draw->spectrum;
    const size_t K = draw->K, M = draw->M;
    if (!(draw->sigma_J >= 0) || !isfinite(draw->sigma_J))
        return ordpar_fail(err, ORDPAR_INVALID, "sigma_J must be >= 0 and finite, got %g",
                           draw->sigma_J);
    if (draw->init == ORDPAR_INIT_NEAR_TEACHER && K != M)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "a start near the teacher needs K = M, got K = %zu, M = %zu", K, M);
    if (draw->teacher != ORDPAR_TEACHER_MEAN || draw->init == ORDPAR_INIT_MEAN)
        return ORDPAR_OK;
    for (size_t b = 0; b < spectrum->L; b++)
        if (spectrum->n[b] < (double)M)
            return ordpar_fail(err, ORDPAR_INVALID,
                               "a mean teacher under students that are drawn needs multiplicities "
                               "of at least M = %zu, got %.0f in block %zu",
                               M, spectrum->n[b], b + 1);
    return ORDPAR_OK;
}

static void draw_block(const ordpar_draw *draw, factor *f, size_t b, ordpar_overlaps *made) {
    const size_t units = draw->K + draw->M;
    const double n_b = draw->spectrum->n[b];
    f->rank = n_b < (double)units ? (size_t)n_b : units;
    draw_rows(f, units, n_b, draw->seed, draw->run, b);
    if (draw->teacher == ORDPAR_TEACHER_MEAN)
        set_mean_rows(f, n_b);
    else if (draw->teacher_seed)
        draw_rows(f, draw->M, n_b, *draw->teacher_seed, 1, b);
    weigh_teachers(f, draw->spectrum->c[b]);
    make_students(f, draw->init, draw->sigma_J);
    store_block(f, draw->spectrum->N, b, made);
}

ordpar_status ordpar_overlaps_draw(const ordpar_draw *draw, ordpar_overlaps *overlaps,
                                   ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const size_t K = draw->K, M = draw->M, L = draw->spectrum->L;
    ordpar_status status = check(draw, err);
    if (status)
        return status;
    ordpar_overlaps made;
    if ((status = ordpar_overlaps_init(K, M, L, &made, err)))
        return status;
    factor f = {.K = K, .M = M, .X = malloc((K + M) * (K + M) * sizeof(double))};
    if (!f.X)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu + %zu units", K, M);
    for (size_t b = 0; b < L && !status; b++) {
        if (draw->stop && *draw->stop)
            status = ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted while the start is drawn");
        else
            draw_block(draw, &f, b, &made);
    }
    free(f.X);
    if (status) {
        ordpar_overlaps_clear(&made);
        return status;
    }
    if (draw->teacher == ORDPAR_TEACHER_MEAN)
        set_mean_teacher(draw->spectrum, &made);
    if (draw->init == ORDPAR_INIT_MEAN)
        set_mean_student(draw->spectrum, draw->sigma_J, &made);
    *overlaps = made;
    return ORDPAR_OK;
}

ordpar_status ordpar_overlaps_start_taught(const ordpar_spectrum *spectrum, size_t K, size_t M,
                                           ordpar_init init, ordpar_teacher teacher, double sigma_J,
                                           uint64_t seed, uint64_t run,
                                           const uint64_t *teacher_seed, ordpar_overlaps *overlaps,
                                           ordpar_error *err) {
    const ordpar_draw draw = {.spectrum = spectrum,
                              .K = K,
                              .M = M,
                              .init = init,
                              .teacher = teacher,
                              .sigma_J = sigma_J,
                              .seed = seed,
                              .run = run,
                              .teacher_seed = teacher_seed};
    return ordpar_overlaps_draw(&draw, overlaps, err);
}

ordpar_status ordpar_overlaps_start(const ordpar_spectrum *spectrum, size_t K, size_t M,
                                    ordpar_init init, ordpar_teacher teacher, double sigma_J,
                                    uint64_t seed, uint64_t run, ordpar_overlaps *overlaps,
                                    ordpar_error *err) {
    return ordpar_overlaps_start_taught(spectrum, K, M, init, teacher, sigma_J, seed, run, NULL,
                                        overlaps, err);
}
