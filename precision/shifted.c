// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/shifted.h"

#include "base/factor.h"

#include <stdlib.h>

ordpar_status ordpar_shifted_init(const ordpar_mp_problem *problem, const ordpar_mp_path *path,
                                  size_t s, ordpar_shifted *shifted, ordpar_error *err) {
    const size_t groups = path->motion.moving, size = path->motion.size, block = size * size;
    *shifted = (ordpar_shifted){.s = s, .groups = groups, .size = size};
    shifted->lambda = calloc(groups + block + groups * block, sizeof *shifted->lambda);
    shifted->blocks =
        calloc(s * (2 * groups * block + block + groups * size) + size, sizeof *shifted->blocks);
    shifted->pivots = calloc(s * (groups + 1) * size, sizeof *shifted->pivots);
    if (!shifted->lambda || !shifted->blocks || !shifted->pivots)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu stages of %zu numbers", s,
                           groups * size);
    shifted->within = shifted->lambda + groups;
    shifted->across = shifted->within + block;
    shifted->spread = shifted->blocks + s * groups * block;
    shifted->capacity = shifted->spread + s * groups * block;
    shifted->vectors = shifted->capacity + s * block;
    shifted->sums = shifted->vectors + s * groups * size;
    for (size_t g = 0; g < groups; g++)
        shifted->lambda[g] = mpfr_get_d(problem->eigen.lambda[g], RND);
    return ORDPAR_OK;
}

void ordpar_shifted_clear(ordpar_shifted *shifted) {
    free(shifted->lambda);
    free(shifted->blocks);
    free(shifted->pivots);
    *shifted = (ordpar_shifted){0};
}

/* The rates' coefficients of order 1 where state `moved` alone has one, 1: a column of J. */
static void differentiate(ordpar_mp_path *path, size_t moved) {
    for (size_t k = 0; k < path->n_states; k++)
        mpfr_set_ui(ordpar_mp_path_state(path, k)[1], k == moved, RND);
    ordpar_tape_evaluate(&path->motion.tape, 1);
}

static double rate(const ordpar_mp_path *path, size_t k) {
    return mpfr_get_d(ordpar_tape_series(&path->motion.tape, path->motion.rates[k])[1], RND);
}

/* A number of the first group moves the others through the covariance alone; one of another group
 * shows how it moves the first. */
void ordpar_shifted_jacobian(ordpar_mp_path *path, ordpar_shifted *sh) {
    const size_t size = sh->size, block = size * size;
    const bool second = sh->groups > 1 && sh->lambda[1] > 0;
    for (size_t k = 0; k < size && sh->lambda[0] > 0; k++) {
        double *own = sh->across + k * size;
        for (size_t m = 0; m < size; m++)
            own[m] = 0;
        if (second) {
            differentiate(path, size + k);
            for (size_t m = 0; m < size; m++)
                own[m] = rate(path, m) / sh->lambda[1];
        }
        differentiate(path, k);
        for (size_t m = 0; m < size; m++)
            sh->within[k * size + m] = rate(path, m) / sh->lambda[0] - own[m];
        for (size_t g = 1; g < sh->groups; g++)
            for (size_t m = 0; m < size; m++)
                sh->across[g * block + k * size + m] = rate(path, g * size + m) / sh->lambda[0];
    }
}

static bool factor(lapack_int n, double complex *a, lapack_int *pivots) {
    return ordpar_factor_complex_lu(LAPACK_COL_MAJOR, n, a, pivots) == 0;
}

static void solve(lapack_int n, const double complex *lu, const lapack_int *pivots,
                  lapack_int columns, double complex *x) {
    LAPACKE_zgetrs_work(LAPACK_COL_MAJOR, 'N', n, columns, lu, n, pivots, x, n);
}

/* One stage: the blocks, their solutions with the matrix of low rank, and what couples them. */
static bool factor_stage(ordpar_shifted *sh, size_t i, double complex shift, double h) {
    const size_t size = sh->size, block = size * size;
    const lapack_int n = (lapack_int)size;
    double complex *capacity = sh->capacity + i * block;
    lapack_int *pivots = sh->pivots + i * (sh->groups + 1) * size;
    for (size_t k = 0; k < block; k++)
        capacity[k] = k % (size + 1) == 0;
    for (size_t g = 0; g < sh->groups; g++) {
        double complex *lu = sh->blocks + (i * sh->groups + g) * block;
        double complex *spread = sh->spread + (i * sh->groups + g) * block;
        for (size_t k = 0; k < block; k++) {
            lu[k] = (k % (size + 1) == 0 ? shift : 0) - h * sh->lambda[g] * sh->within[k];
            spread[k] = h * sh->across[g * block + k];
        }
        if (!factor(n, lu, pivots + g * size))
            return false;
        solve(n, lu, pivots + g * size, n, spread);
        for (size_t k = 0; k < block; k++)
            capacity[k] -= sh->lambda[g] * spread[k];
    }
    return factor(n, capacity, pivots + sh->groups * size);
}

bool ordpar_shifted_factor(const ordpar_radau *radau, double h, ordpar_shifted *shifted) {
    for (size_t i = 0; i < shifted->s; i++)
        if (!factor_stage(shifted, i, radau->T[i * (radau->s + 1)], h))
            return false;
    return true;
}

/* By Woodbury's identity. */
static void solve_stage(ordpar_shifted *sh, size_t i, double complex *x) {
    const size_t size = sh->size, block = size * size;
    const lapack_int n = (lapack_int)size;
    const lapack_int *pivots = sh->pivots + i * (sh->groups + 1) * size;
    for (size_t m = 0; m < size; m++)
        sh->sums[m] = 0;
    for (size_t g = 0; g < sh->groups; g++) {
        solve(n, sh->blocks + (i * sh->groups + g) * block, pivots + g * size, 1, x + g * size);
        for (size_t m = 0; m < size; m++)
            sh->sums[m] += sh->lambda[g] * x[g * size + m];
    }
    solve(n, sh->capacity + i * block, pivots + sh->groups * size, 1, sh->sums);
    for (size_t g = 0; g < sh->groups; g++) {
        const double complex *spread = sh->spread + (i * sh->groups + g) * block;
        for (size_t k = 0; k < size; k++)
            for (size_t m = 0; m < size; m++)
                x[g * size + m] += spread[k * size + m] * sh->sums[k];
    }
}

void ordpar_shifted_solve(const ordpar_radau *radau, ordpar_shifted *shifted, double *x) {
    const size_t s = radau->s, n = shifted->groups * shifted->size;
    double complex *y = shifted->vectors;
    for (size_t i = 0; i < s; i++)
        for (size_t k = 0; k < n; k++) {
            y[i * n + k] = 0;
            for (size_t j = 0; j < s; j++)
                y[i * n + k] += conj(radau->U[j + s * i]) * x[j * n + k];
        }
    for (size_t i = s; i-- > 0;) {
        for (size_t j = i + 1; j < s; j++)
            for (size_t k = 0; k < n; k++)
                y[i * n + k] -= radau->T[i + s * j] * y[j * n + k];
        solve_stage(shifted, i, y + i * n);
    }
    for (size_t i = 0; i < s; i++)
        for (size_t k = 0; k < n; k++) {
            double complex sum = 0;
            for (size_t j = 0; j < s; j++)
                sum += radau->U[i + s * j] * y[j * n + k];
            x[i * n + k] = creal(sum);
        }
}
