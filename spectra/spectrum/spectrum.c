// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectra/spectrum/spectrum.h"

#include "base/divisor.h"
#include "base/floating_point.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void ordpar_spectrum_clear(ordpar_spectrum *spectrum) {
    if (!spectrum)
        return;
    free(spectrum->lambda);
    free(spectrum->n);
    free(spectrum->p);
    free(spectrum->c);
    free(spectrum->noise);
    free(spectrum->coupling);
    *spectrum = (ordpar_spectrum){0};
}

static ordpar_status allocate(size_t L, ordpar_spectrum *spectrum, ordpar_error *err) {
    *spectrum = (ordpar_spectrum){.L = L,
                                  .lambda = calloc(L, sizeof(double)),
                                  .n = calloc(L, sizeof(double)),
                                  .p = calloc(L, sizeof(double)),
                                  .c = calloc(L, sizeof(double))};
    if (spectrum->lambda && spectrum->n && spectrum->p && spectrum->c)
        return ORDPAR_OK;
    ordpar_spectrum_clear(spectrum);
    return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a spectrum of %zu eigenvalues", L);
}

static void set_weights(ordpar_spectrum *spectrum) {
    for (size_t b = 0; b < spectrum->L; b++)
        spectrum->p[b] = spectrum->n[b] / spectrum->N;
}

static ordpar_status check_power_law(int64_t N, int64_t L, double beta, ordpar_error *err) {
    if (N < 1 || N > ORDPAR_MAX_INPUT_DIM)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the input dimension N must be from 1 to %lld, got %lld",
                           (long long)ORDPAR_MAX_INPUT_DIM, (long long)N);
    if (L < 1 || L > N || L > ORDPAR_MAX_EIGENVALUES)
        return ordpar_fail(
            err, ORDPAR_INVALID,
            "the number of distinct eigenvalues L must be from 1 to N = %lld (and at "
            "most %d), got %lld",
            (long long)N, ORDPAR_MAX_EIGENVALUES, (long long)L);
    const ordpar_status status = ordpar_check_divides(L, N, err);
    if (status)
        return status;
    if (!(beta > 0) || !isfinite(beta))
        return ordpar_fail(err, ORDPAR_INVALID, "beta must be positive and finite, got %g", beta);
    if (pow((double)L, -(1 + beta)) < 1e-290)
        return ordpar_fail(
            err, ORDPAR_INVALID,
            "beta = %g is too large for L = %lld: the smallest eigenvalue underflows", beta,
            (long long)L);
    return ORDPAR_OK;
}

ordpar_status ordpar_spectrum_power_law(int64_t N, int64_t L, double beta,
                                        ordpar_spectrum *spectrum, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_status status = check_power_law(N, L, beta, err);
    ordpar_spectrum made;
    if (status || (status = allocate((size_t)L, &made, err)))
        return status;
    made.N = (double)N;
    double sum = 0; /* from the smallest term up, for the accuracy of the sum */
    for (size_t b = made.L; b-- > 0;) {
        made.lambda[b] = pow((double)(b + 1), -(1 + beta));
        made.n[b] = (double)(N / L);
        made.c[b] = 1;
        sum += made.lambda[b];
    }
    const double lambda_plus = (double)L / sum;
    for (size_t b = 0; b < made.L; b++)
        made.lambda[b] *= lambda_plus;
    set_weights(&made);
    *spectrum = made;
    return ORDPAR_OK;
}

typedef struct {
    double lambda;
    int64_t n;
    size_t position;
} entry;

static int by_decreasing_eigenvalue(const void *left, const void *right) {
    const entry *a = left, *b = right;
    if (a->lambda != b->lambda)
        return a->lambda > b->lambda ? -1 : 1;
    return a->position < b->position ? -1 : 1;
}

static double largest_of(size_t L, const double *lambda) {
    double largest = 0;
    for (size_t b = 0; b < L; b++)
        if (isfinite(lambda[b]))
            largest = fmax(largest, lambda[b]);
    return largest;
}

double ordpar_spectrum_rounding(size_t L, const double *lambda) {
    return (double)L * DBL_EPSILON * largest_of(L, lambda);
}

double ordpar_spectrum_negative_rounding(size_t L, const double *lambda) {
    const double usual = 4 * sqrt((double)L); /* epsilons, of matrices of L rows */
    return fmax((double)L * DBL_EPSILON, usual * FLT_EPSILON) * largest_of(L, lambda);
}

bool ordpar_covariance_is_symmetric(size_t N, const double *S, double tolerance, size_t *row,
                                    size_t *column) {
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j <= i; j++) {
            const double here = S[i * N + j], there = S[j * N + i];
            const double scale = sqrt(fabs(S[i * N + i])) * sqrt(fabs(S[j * N + j]));
            *row = i;
            *column = j;
            if (!(isfinite(here) && isfinite(there) &&
                  fabs(here - there) <= tolerance * fmax(scale, fabs(here))))
                return false;
        }
    return true;
}

static ordpar_status check_entries(size_t L, const double *lambda, const int64_t *multiplicity,
                                   const double *c, ordpar_error *err) {
    if (L < 1 || L > ORDPAR_MAX_EIGENVALUES)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "a spectrum must have from 1 to %d eigenvalues, got %zu",
                           ORDPAR_MAX_EIGENVALUES, L);
    int64_t N = 0;
    double largest = 0;
    const double rounding = ordpar_spectrum_negative_rounding(L, lambda);
    for (size_t b = 0; b < L; b++) {
        if (!isfinite(lambda[b]) || lambda[b] < -rounding)
            return ordpar_fail(err, ORDPAR_INVALID,
                               "eigenvalue %zu must be finite and >= 0, got %g", b + 1, lambda[b]);
        if (multiplicity[b] < 1 || multiplicity[b] > ORDPAR_MAX_INPUT_DIM - N)
            return ordpar_fail(
                err, ORDPAR_INVALID,
                "multiplicity %zu must be >= 1 and the sum of all at most %lld, got %lld", b + 1,
                (long long)ORDPAR_MAX_INPUT_DIM, (long long)multiplicity[b]);
        if (c && !(c[b] >= 0 && isfinite(c[b])))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "teacher weight %zu must be finite and >= 0, got %g", b + 1, c[b]);
        N += multiplicity[b];
        largest = fmax(largest, lambda[b]);
    }
    if (largest == 0)
        return ordpar_fail(err, ORDPAR_INVALID, "a spectrum needs an eigenvalue above 0");
    return ORDPAR_OK;
}

ordpar_status ordpar_spectrum_from_arrays(size_t L, const double *lambda,
                                          const int64_t *multiplicity, ordpar_spectrum *spectrum,
                                          ordpar_error *err) {
    return ordpar_spectrum_with_teacher(L, lambda, multiplicity, NULL, spectrum, err);
}

ordpar_status ordpar_spectrum_with_teacher(size_t L, const double *lambda,
                                           const int64_t *multiplicity, const double *c,
                                           ordpar_spectrum *spectrum, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_status status = check_entries(L, lambda, multiplicity, c, err);
    if (status)
        return status;
    ordpar_spectrum made = {0};
    entry *entries = calloc(L, sizeof *entries);
    if (!entries)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a spectrum of %zu eigenvalues",
                           L);
    if (!(status = allocate(L, &made, err))) {
        for (size_t b = 0; b < L; b++)
            entries[b] = (entry){fmax(lambda[b], 0), multiplicity[b], b};
        qsort(entries, L, sizeof *entries, by_decreasing_eigenvalue);
        for (size_t b = 0; b < L; b++) {
            made.lambda[b] = entries[b].lambda;
            made.n[b] = (double)entries[b].n;
            made.c[b] = c ? c[entries[b].position] : 1;
            made.N += made.n[b];
            made.reordered = made.reordered || entries[b].position != b;
        }
        set_weights(&made);
        *spectrum = made;
    }
    free(entries);
    return status;
}

double ordpar_spectrum_moment(const ordpar_spectrum *spectrum, double power) {
    ORDPAR_FLOATING_POINT;
    double sum = 0;
    for (size_t b = spectrum->L; b-- > 0;)
        sum += spectrum->p[b] * pow(spectrum->lambda[b], power);
    return sum;
}

double ordpar_spectrum_teacher_moment(const ordpar_spectrum *spectrum, double power) {
    ORDPAR_FLOATING_POINT;
    double sum = 0; /* [15.2] */
    for (size_t b = spectrum->L; b-- > 0;)
        sum += spectrum->p[b] * pow(spectrum->lambda[b], power) * spectrum->c[b];
    return sum;
}

bool ordpar_spectrum_is_plain(const ordpar_spectrum *spectrum) {
    for (size_t b = 0; b < spectrum->L; b++)
        if (spectrum->c[b] != 1)
            return false;
    return true;
}

/* [15.1] */
ordpar_status ordpar_spectrum_set_teacher_decay(ordpar_spectrum *spectrum, double zeta,
                                                ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    if (zeta == 0)
        return ORDPAR_OK;
    const double last = pow((double)spectrum->L, -zeta);
    double T = 0;
    for (size_t b = spectrum->L; b-- > 0;)
        T += spectrum->p[b] * spectrum->lambda[b] * pow((double)(b + 1), -zeta);
    if (!(last > 1e-290 && last < 1e290) || !(T > 0) || !isfinite(T))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the weights of %zu eigenspaces leave the range of numbers, got %g",
                           spectrum->L, zeta);
    for (size_t b = 0; b < spectrum->L; b++)
        spectrum->c[b] = pow((double)(b + 1), -zeta) / T;
    return ORDPAR_OK;
}

/* A copy of finite numbers >= low; NULL, with *status, on failure. */
static double *copy_numbers(size_t count, const double *numbers, double low, ordpar_status *status,
                            ordpar_error *err) {
    for (size_t k = 0; k < count && !*status; k++)
        if (!(numbers[k] >= low && isfinite(numbers[k])))
            *status =
                ordpar_fail(err, ORDPAR_INVALID, "number %zu of the noise must be finite%s, got %g",
                            k + 1, low == 0 ? " and >= 0" : "", numbers[k]);
    double *copy = *status ? NULL : malloc(count * sizeof *copy);
    if (copy)
        memcpy(copy, numbers, count * sizeof *copy);
    else if (!*status)
        *status =
            ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the noise of %zu blocks", count);
    return copy;
}

ordpar_status ordpar_spectrum_set_noise(ordpar_spectrum *spectrum, const double *variance,
                                        const double *coupling, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const size_t L = spectrum->L;
    ordpar_status status = ORDPAR_OK;
    double *noise = copy_numbers(L, variance, 0, &status, err), *pairs = NULL;
    if (!status && coupling)
        pairs = copy_numbers(L * L, coupling, -INFINITY, &status, err);
    if (status) {
        free(noise);
        return status;
    }
    free(spectrum->noise);
    free(spectrum->coupling);
    spectrum->noise = noise;
    spectrum->coupling = pairs;
    return ORDPAR_OK;
}

void ordpar_spectrum_normalise(ordpar_spectrum *spectrum) {
    ORDPAR_FLOATING_POINT;
    const double largest = spectrum->lambda[0];
    for (size_t b = 0; b < spectrum->L; b++)
        spectrum->lambda[b] /= largest;
    const double mean = ordpar_spectrum_moment(spectrum, 1);
    for (size_t b = 0; b < spectrum->L; b++)
        spectrum->lambda[b] /= mean;
}

ordpar_status ordpar_spectrum_split(ordpar_spectrum *spectrum, int64_t n_leading, size_t *n_blocks,
                                    ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    if (n_leading < 0 || (double)n_leading > spectrum->N)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the number of components must be from 0 to N = %.0f, got %lld",
                           spectrum->N, (long long)n_leading);
    double left = (double)n_leading;
    size_t cut = 0;
    while (cut < spectrum->L && left >= spectrum->n[cut])
        left -= spectrum->n[cut++];
    if (left > 0 && spectrum->coupling)
        return ordpar_fail(err, ORDPAR_INVALID, "a block whose noise depends on others is not cut");
    if (left > 0) {
        ordpar_spectrum made;
        const ordpar_status status = allocate(spectrum->L + 1, &made, err);
        if (status)
            return status;
        if (spectrum->noise && !(made.noise = malloc(made.L * sizeof *made.noise))) {
            ordpar_spectrum_clear(&made);
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues",
                               spectrum->L);
        }
        for (size_t b = 0; b < made.L; b++) {
            const size_t source = b <= cut ? b : b - 1;
            made.lambda[b] = spectrum->lambda[source];
            made.n[b] = spectrum->n[source];
            made.c[b] = spectrum->c[source];
            if (made.noise)
                made.noise[b] = spectrum->noise[source];
        }
        made.n[cut] = left;
        made.n[cut + 1] -= left;
        made.N = spectrum->N;
        set_weights(&made);
        ordpar_spectrum_clear(spectrum);
        *spectrum = made;
        cut++;
    }
    *n_blocks = cut;
    return ORDPAR_OK;
}
