// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectra/forms/exp_sum.h"

#include "base/floating_point.h"
#include "base/team.h"
#include "base/vectorise.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Beyond this, exp leaves the normal numbers. */
static const double deepest = 708;

/* Terms that are summed plainly; the sums of chunks are then added, to keep rounding small. */
enum { CHUNK = 512 };

/* Times that share one pass over the terms: long sums come from memory, not from the cache. */
enum { GROUP = 16 };

/*
 * sum_b w_b exp((shift - rate_b) t) for arguments in [-deepest, 0]: reduction by multiples of log 2
 * (Cody and Waite) and the Taylor polynomial of degree 13, whose next term is below 1e-17. One loop
 * without branches or calls, so that it runs in vector registers; libm's exp would not.
 */
ORDPAR_VECTORISED(static, double, chunk_sum,
                  (size_t n, const double *w, const double *rate, double shift, double t),
                  (n, w, rate, shift, t)) {
    const double log2_e = 0x1.71547652b82fep0, ln2_high = 0x1.62e42fefa3800p-1,
                 ln2_low = 0x1.ef35793c76730p-45;
    const double to_integer = 0x1.8p52; /* added: the low bits hold the rounded number */
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t b = 0; b < n; b++) {
        const double x = (shift - rate[b]) * t;
        const double shifted = x * log2_e + to_integer, k = shifted - to_integer;
        const double r = (x - k * ln2_high) - k * ln2_low;
        double p = 1 / 6227020800.0;
        p = p * r + 1 / 479001600.0;
        p = p * r + 1 / 39916800.0;
        p = p * r + 1 / 3628800.0;
        p = p * r + 1 / 362880.0;
        p = p * r + 1 / 40320.0;
        p = p * r + 1 / 5040.0;
        p = p * r + 1 / 720.0;
        p = p * r + 1 / 120.0;
        p = p * r + 1 / 24.0;
        p = p * r + 1 / 6.0;
        p = p * r + 0.5;
        p = p * r + 1;
        p = p * r + 1;
        uint64_t power, bits;
        memcpy(&power, &shifted, sizeof power);
        memcpy(&bits, &p, sizeof bits);
        bits += power << 52; /* times 2^k */
        memcpy(&p, &bits, sizeof p);
        sum += w[b] * p;
    }
    return sum;
}

/* The first term that does not vanish beside the slowest one. */
static size_t first_alive(size_t n, const double *rate, double t) {
    size_t low = 0, high = n - 1;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if ((rate[middle] - rate[n - 1]) * t <= deepest)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* s exp(-x), also where exp(-x) alone would underflow. */
static double scale(double s, double x) {
    return s * exp(-x / 2) * exp(-x / 2);
}

static void group_sums(size_t n, const double *weight, const double *rate, size_t count,
                       const double *t, double *out) {
    const double slowest = rate[n - 1];
    double sum[GROUP] = {0};
    size_t first[GROUP], start = n;
    for (size_t j = 0; j < count; j++) {
        first[j] = first_alive(n, rate, t[j]);
        start = first[j] < start ? first[j] : start;
    }
    for (size_t b = start; b < n; b += CHUNK) {
        const size_t end = n - b < CHUNK ? n : b + CHUNK;
        for (size_t j = 0; j < count; j++) {
            const size_t from = first[j] > b ? first[j] : b;
            if (from < end)
                sum[j] += chunk_sum(end - from, weight + from, rate + from, slowest, t[j]);
        }
    }
    for (size_t j = 0; j < count; j++) {
        const double x = slowest * t[j];
        out[j] = fabs(x) < 1 ? sum[j] * exp(-x) : scale(sum[j], x);
    }
}

typedef struct {
    size_t n, count;
    const double *weight, *rate, *t;
    double *out;
} sums;

static void sum_group(void *context, size_t index, size_t member) {
    const sums *s = context;
    const size_t j = index * GROUP;
    (void)member;
    group_sums(s->n, s->weight, s->rate, s->count - j < GROUP ? s->count - j : GROUP, s->t + j,
               s->out + j);
}

void ordpar_exp_sum(size_t n, const double *weight, const double *rate, size_t count,
                    const double *t, double *out) {
    ORDPAR_FLOATING_POINT;
    while (n > 0 && weight[n - 1] == 0)
        n--;
    if (n == 0) {
        for (size_t j = 0; j < count; j++)
            out[j] = 0;
        return;
    }
    const sums s = {n, count, weight, rate, t, out};
    const size_t threads = n * count > 1000000 ? ordpar_threads(0) : 1;
    ordpar_parallel(threads, (count + GROUP - 1) / GROUP, sum_group, (void *)&s);
}
