// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectra/spectrum/spread.h"

#include "base/floating_point.h"

#include <math.h>
#include <stdlib.h>

static size_t parts_of(double n, size_t parts) {
    return n < (double)parts ? (size_t)n : parts;
}

static ordpar_status check(const ordpar_spectrum *s, double spread, size_t parts, size_t *total,
                           ordpar_error *err) {
    double largest = 1, sum = 0;
    if (!(spread >= 0) || !(spread < 1))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the relative spread must be from 0 to below 1, got %g", spread);
    if (parts < 1 || parts > ORDPAR_MAX_SPREAD_PARTS)
        return ordpar_fail(err, ORDPAR_INVALID, "the number of parts must be from 1 to %d, got %zu",
                           ORDPAR_MAX_SPREAD_PARTS, parts);
    for (size_t b = 0; b < s->L; b++) {
        largest = fmax(largest, s->n[b]);
        sum += (double)parts_of(s->n[b], parts);
    }
    if (largest == 1)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "nothing to spread: every eigenvalue has the multiplicity 1");
    if (sum > ORDPAR_MAX_EIGENVALUES)
        return ordpar_fail(err, ORDPAR_INVALID, "%.0f eigenvalues are more than %d", sum,
                           ORDPAR_MAX_EIGENVALUES);
    *total = (size_t)sum;
    return ORDPAR_OK;
}

/* [1.4] The parts of one block, of which the first ones are larger by one component. */
static void cut(double lambda, double n, size_t parts, double spread, double *out, int64_t *count) {
    const double even = floor(n / (double)parts);
    const size_t larger = (size_t)(n - even * (double)parts);
    double before = 0;
    for (size_t j = 0; j < parts; j++) {
        const double size = even + (j < larger);
        out[j] = lambda * (1 + spread * (1 - (2 * before + size) / n));
        count[j] = (int64_t)size;
        before += size;
    }
}

ordpar_status ordpar_spectrum_spread(ordpar_spectrum *spectrum, double spread, size_t parts,
                                     ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    if (spread == 0)
        return ORDPAR_OK;
    size_t total = 0, at = 0;
    ordpar_spectrum made;
    ordpar_status status = check(spectrum, spread, parts, &total, err);
    if (status)
        return status;
    double *lambda = malloc(total * sizeof *lambda);
    double *c = malloc(total * sizeof *c);
    int64_t *count = malloc(total * sizeof *count);
    if (!lambda || !c || !count)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", total);
    for (size_t b = 0; b < spectrum->L && !status; b++) {
        const size_t n = parts_of(spectrum->n[b], parts);
        cut(spectrum->lambda[b], spectrum->n[b], n, spread, lambda + at, count + at);
        for (size_t j = 0; j < n; j++)
            c[at + j] = spectrum->c[b];
        at += n;
    }
    if (!status && !(status = ordpar_spectrum_with_teacher(total, lambda, count, c, &made, err))) {
        ordpar_spectrum_clear(spectrum);
        *spectrum = made;
    }
    free(lambda);
    free(c);
    free(count);
    return status;
}
