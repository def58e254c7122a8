// SPDX-License-Identifier: GPL-3.0-or-later
/* Sampled starts: law, rank and reproducibility. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { K = 2, M = 3, DRAWS = 20000 };

typedef struct {
    double sum, square;
} moments;

static void add(moments *m, double x) {
    m->sum += x;
    m->square += x * x;
}

/* Mean and variance against theory: 5 standard errors, that of the variance from the normal law. */
static void check_law(const moments *m, double mean, double variance, const char *what) {
    const double n = DRAWS, found = m->sum / n, spread = m->square / n - found * found;
    CHECK_CLOSE(found, mean, 5 * sqrt(variance / n), 1, "mean of %s", what);
    CHECK_CLOSE(spread, variance, 0.08, variance, "variance of %s", what);
}

static void check_start_law(int64_t n_b, double sigma_J) {
    const double lambda = 1;
    ordpar_error err;
    ordpar_spectrum spectrum;
    moments q11 = {0}, q12 = {0}, r12 = {0}, t33 = {0}, t13 = {0};
    check_ok(ordpar_spectrum_from_arrays(1, &lambda, &n_b, &spectrum, &err), &err);
    for (uint64_t run = 1; run <= DRAWS; run++) {
        ordpar_overlaps o;
        check_ok(ordpar_overlaps_start(&spectrum, K, M, ORDPAR_INIT_SAMPLED, ORDPAR_TEACHER_SAMPLED,
                                       sigma_J, 7, run, &o, &err),
                 &err);
        add(&q11, o.q[0]);
        add(&q12, o.q[1]);
        add(&r12, o.r[1]);
        add(&t33, o.t[8]);
        add(&t13, o.t[2]);
        ordpar_overlaps_clear(&o);
    }
    const double n = (double)n_b, s = sigma_J; /* sums of n products, divided by N = n */
    check_law(&q11, s * s, 2 * pow(s, 4) / n, "q_11");
    check_law(&q12, 0, pow(s, 4) / n, "q_12");
    check_law(&r12, 0, s * s / n, "r_12");
    check_law(&t33, 1, 2 / n, "t_33");
    check_law(&t13, 0, 1 / n, "t_13");
    ordpar_spectrum_clear(&spectrum);
}

Test(start, sampled_overlaps_have_the_moments_of_gaussian_vectors) {
    check_start_law(100, 0.5);
    check_start_law(5, 2); /* as many components as units */
    check_start_law(3, 1); /* fewer */
    check_start_law(1000000000000, 1);
}

/* Rank by Gaussian elimination with full pivoting on the diagonal. */
static size_t rank_of_block(const ordpar_overlaps *o, size_t b) {
    enum { n = K + M };
    double c[n][n];
    size_t rank = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            c[i][j] =
                i < K ? (j < K ? o->q[(i * K + j) * o->L + b] : o->r[(i * M + j - K) * o->L + b])
                      : (j < K ? o->r[(j * M + i - K) * o->L + b]
                               : o->t[((i - K) * M + j - K) * o->L + b]);
    for (;;) {
        size_t p = 0;
        for (size_t i = 1; i < n; i++)
            if (c[i][i] > c[p][p])
                p = i;
        if (c[p][p] < 1e-9 / (double)o->L)
            return rank;
        rank++;
        const double pivot = c[p][p];
        double column[n];
        for (size_t i = 0; i < n; i++)
            column[i] = c[i][p];
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                c[i][j] -= column[i] * column[j] / pivot;
    }
}

Test(start, a_block_smaller_than_the_units_is_rank_deficient) {
    ordpar_error err;
    for (long n_b = 1; n_b <= 7; n_b++) {
        const long L = 4;
        test_model m = make_model(K, M, n_b * L, L, 1, 0.1, 1, "erf", 3);
        double least;
        for (size_t b = 0; b < (size_t)L; b++)
            cr_assert_eq(rank_of_block(&m.start, b), (size_t)(n_b < K + M ? n_b : K + M),
                         "block %zu of multiplicity %ld", b, n_b);
        check_ok(ordpar_overlaps_min_eigenvalue(&m.start, &least, NULL, &err), &err);
        cr_assert(least > -TOL_SUM, "least eigenvalue %g", least);
        clear_model(&m);
    }
}

static ordpar_overlaps start(const ordpar_spectrum *s, size_t units, ordpar_init init,
                             ordpar_teacher teacher, double sigma_J, uint64_t seed, uint64_t run) {
    ordpar_error err;
    ordpar_overlaps o;
    check_ok(ordpar_overlaps_start(s, units, M, init, teacher, sigma_J, seed, run, &o, &err), &err);
    return o;
}

Test(start, depends_on_seed_and_run_alone) {
    test_model m = make_model(K, M, 120, 6, 1, 0.1, 0.5, "erf", 9);
    ordpar_overlaps same =
        start(&m.spectrum, K, ORDPAR_INIT_SAMPLED, ORDPAR_TEACHER_SAMPLED, 0.5, 9, 1);
    ordpar_overlaps run2 =
        start(&m.spectrum, K, ORDPAR_INIT_SAMPLED, ORDPAR_TEACHER_SAMPLED, 0.5, 9, 2);
    ordpar_overlaps seed =
        start(&m.spectrum, K, ORDPAR_INIT_SAMPLED, ORDPAR_TEACHER_SAMPLED, 0.5, 10, 1);
    cr_assert_eq(memcmp(same.q, m.start.q, K * K * 6 * sizeof(double)), 0);
    cr_assert_neq(memcmp(run2.q, m.start.q, K * K * 6 * sizeof(double)), 0);
    cr_assert_neq(memcmp(seed.q, m.start.q, K * K * 6 * sizeof(double)), 0);
    ordpar_overlaps_clear(&same);
    ordpar_overlaps_clear(&run2);
    ordpar_overlaps_clear(&seed);
    clear_model(&m);
}

/* A kept teacher: that of its seed's run 1 in all runs; the students' law and draws stay. */
Test(start, teachers_are_kept) {
    enum { L = 6 };
    const size_t q = K * K * L * sizeof(double), t = M * M * L * sizeof(double);
    const uint64_t own = 9, other = 4;
    ordpar_error err;
    ordpar_overlaps taught[3];
    test_model m = make_model(K, M, 120, L, 1, 0.1, 0.5, "erf", 9);
    test_model teacher = make_model(K, M, 120, L, 1, 0.1, 0.5, "erf", 4);
    for (uint64_t k = 0; k < 3; k++)
        check_ok(ordpar_overlaps_start_taught(&m.spectrum, K, M, ORDPAR_INIT_SAMPLED,
                                              ORDPAR_TEACHER_SAMPLED, 0.5, 9, k ? k : 1,
                                              k ? &other : &own, &taught[k], &err),
                 &err);
    cr_assert_eq(memcmp(taught[0].q, m.start.q, q) || memcmp(taught[0].t, m.start.t, t), 0);
    cr_assert_eq(memcmp(taught[1].q, m.start.q, q), 0);
    cr_assert_neq(memcmp(taught[2].q, m.start.q, q), 0);
    for (size_t k = 1; k < 3; k++) {
        double least;
        cr_assert_eq(memcmp(taught[k].t, teacher.start.t, t), 0);
        check_ok(ordpar_overlaps_min_eigenvalue(&taught[k], &least, NULL, &err), &err);
        cr_assert(least > -TOL_SUM, "no vectors have these overlaps: %g", least);
    }
    for (size_t k = 0; k < 3; k++)
        ordpar_overlaps_clear(&taught[k]);
    clear_model(&m);
    clear_model(&teacher);
}

Test(start, near_the_teacher_the_difference_has_the_given_size) {
    ordpar_error err;
    ordpar_spectrum s;
    const double sigma_J = 1e-3;
    check_ok(ordpar_spectrum_power_law(3000000, 3, 1, &s, &err), &err);
    ordpar_overlaps o =
        start(&s, M, ORDPAR_INIT_NEAR_TEACHER, ORDPAR_TEACHER_SAMPLED, sigma_J, 1, 1);
    for (size_t b = 0; b < 3; b++)
        for (size_t i = 0; i < M; i++) {
            const size_t at = (i * M + i) * 3 + b;
            CHECK_CLOSE(o.q[at] - 2 * o.r[at] + o.t[at], sigma_J * sigma_J / 3, 0.02,
                        sigma_J * sigma_J / 3, "|J - B|^2 of unit %zu in block %zu", i, b);
        }
    ordpar_overlaps_clear(&o);
    ordpar_spectrum_clear(&s);
}

Test(start, means_are_exact) {
    ordpar_error err;
    ordpar_spectrum s;
    check_ok(ordpar_spectrum_power_law(30, 3, 1, &s, &err), &err);
    ordpar_overlaps o = start(&s, K, ORDPAR_INIT_MEAN, ORDPAR_TEACHER_MEAN, 0.5, 1, 1);
    for (size_t b = 0; b < 3; b++) {
        cr_assert_eq(o.q[b], s.p[b] * 0.25);
        cr_assert_eq(o.q[3 + b], 0);
        cr_assert_eq(o.r[b], 0);
        cr_assert_eq(o.t[b], s.p[b]);
        cr_assert_eq(o.t[3 + b], 0);
    }
    ordpar_overlaps_clear(&o);
    /* a sampled student beside a mean teacher is one that vectors can have */
    double least;
    o = start(&s, K, ORDPAR_INIT_SAMPLED, ORDPAR_TEACHER_MEAN, 0.5, 1, 1);
    check_ok(ordpar_overlaps_min_eigenvalue(&o, &least, NULL, &err), &err);
    cr_assert(least > -TOL_SUM);
    ordpar_overlaps_clear(&o);
    ordpar_spectrum_clear(&s);
}

Test(start, refuses_what_cannot_be) {
    ordpar_error err;
    ordpar_spectrum s;
    ordpar_overlaps o = {0};
    check_ok(ordpar_spectrum_power_law(8, 4, 1, &s, &err), &err);
    cr_assert_eq(ordpar_overlaps_start(&s, K, M, ORDPAR_INIT_NEAR_TEACHER, ORDPAR_TEACHER_SAMPLED,
                                       1, 1, 1, &o, &err),
                 ORDPAR_INVALID);
    cr_assert(strstr(err.message, "K = 2, M = 3"), "%s", err.message);
    cr_assert_eq(ordpar_overlaps_start(&s, K, M, ORDPAR_INIT_SAMPLED, ORDPAR_TEACHER_MEAN, 1, 1, 1,
                                       &o, &err),
                 ORDPAR_INVALID);
    cr_assert_eq(ordpar_overlaps_start(&s, K, M, ORDPAR_INIT_SAMPLED, ORDPAR_TEACHER_SAMPLED, NAN,
                                       1, 1, &o, &err),
                 ORDPAR_INVALID);
    cr_assert_null(o.q, "outputs untouched");
    ordpar_spectrum_clear(&s);
}
