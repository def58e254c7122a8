// SPDX-License-Identifier: GPL-3.0-or-later
/* A spread spectrum: its moments against those of the uniform distribution, its counts, its ends.
 */
#include "spectra/spectrum/spread.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static ordpar_spectrum power_law(long N, long L) {
    ordpar_error err;
    ordpar_spectrum s;
    check_ok(ordpar_spectrum_power_law(N, L, 1, &s, &err), &err);
    return s;
}

Test(spread, zero_leaves_every_bit) {
    ordpar_error err;
    ordpar_spectrum s = power_law(96, 8), same = power_law(96, 8);
    check_ok(ordpar_spectrum_spread(&s, 0, 15, &err), &err);
    cr_assert(s.L == 8 && memcmp(s.lambda, same.lambda, 8 * sizeof *s.lambda) == 0 &&
              memcmp(s.n, same.n, 8 * sizeof *s.n) == 0);
    ordpar_spectrum_clear(&s);
    ordpar_spectrum_clear(&same);
}

/* Moments of a uniform variable: those of the parts are below by what a part's width hides. */
Test(spread, has_the_moments_of_a_uniform_variable) {
    for (long L = 1; L <= 16; L *= 4)
        for (size_t parts = 1; parts <= 27; parts += 2) {
            ordpar_error err;
            const double S = 0.3, P = (double)parts;
            ordpar_spectrum plain = power_law(27L * 175 * 11 * 13 * 17 * 19 * 23 * L, L);
            ordpar_spectrum s = power_law(27L * 175 * 11 * 13 * 17 * 19 * 23 * L, L);
            check_ok(ordpar_spectrum_spread(&s, S, parts, &err), &err);
            cr_assert_eq(s.L, parts * (size_t)L);
            cr_assert_eq(s.N, plain.N);
            CHECK_CLOSE(ordpar_spectrum_moment(&s, 1), 1, TOL_TIGHT, 1, "trace, L = %ld", L);
            CHECK_CLOSE(ordpar_spectrum_moment(&s, 2),
                        ordpar_spectrum_moment(&plain, 2) * (1 + S * S / 3 * (1 - 1 / (P * P))),
                        TOL_TIGHT, ordpar_spectrum_moment(&plain, 2), "second, L = %ld, P = %zu", L,
                        parts);
            for (size_t b = 1; b < s.L; b++)
                cr_assert(s.lambda[b] <= s.lambda[b - 1]);
            ordpar_spectrum_clear(&s);
            ordpar_spectrum_clear(&plain);
        }
}

/* Uneven parts, parts of one component, components that have no partner. */
Test(spread, keeps_every_component_and_the_trace) {
    const double lambda[] = {4, 2, 1, 0.5};
    const int64_t n[] = {1, 10, 7, 3};
    ordpar_error err;
    for (size_t parts = 1; parts < 14; parts++) {
        ordpar_spectrum s;
        double trace = 0, N = 0;
        check_ok(ordpar_spectrum_from_arrays(4, lambda, n, &s, &err), &err);
        check_ok(ordpar_spectrum_spread(&s, 0.9, parts, &err), &err);
        for (size_t b = 0; b < s.L; b++) {
            cr_assert(s.n[b] >= 1 && s.lambda[b] > 0);
            N += s.n[b];
            trace += s.n[b] * s.lambda[b];
        }
        cr_assert(N == 21 && s.N == 21);
        cr_assert_eq(s.L, 1 + (parts < 10 ? parts : 10) + (parts < 7 ? parts : 7) +
                              (parts < 3 ? parts : 3));
        CHECK_CLOSE(trace, 32.5, TOL_TIGHT, 32.5, "%zu parts", parts);
        ordpar_spectrum_clear(&s);
    }
}

Test(spread, refuses_nonsense_and_leaves_the_spectrum) {
    ordpar_error err;
    ordpar_spectrum s = power_law(12, 4), single = power_law(12, 12);
    const double bad[] = {-0.1, 1, NAN, INFINITY};
    for (size_t k = 0; k < 4; k++)
        cr_assert_eq(ordpar_spectrum_spread(&s, bad[k], 3, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_spectrum_spread(&s, 0.1, 0, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_spectrum_spread(&single, 0.1, 3, &err), ORDPAR_INVALID);
    cr_assert(s.L == 4 && single.L == 12);
    ordpar_spectrum_clear(&s);
    ordpar_spectrum_clear(&single);
}
