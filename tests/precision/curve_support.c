// SPDX-License-Identifier: GPL-3.0-or-later
#include "curve_support.h"

#include "support.h"

ordpar_mp_model base_model(size_t L) {
    return (ordpar_mp_model){.spectrum = {.L = L, .N = 64 * (int64_t)L, .beta = "1"},
                             .trained_blocks = L,
                             .K = 2,
                             .M = 2,
                             .eta = "0.5",
                             .sigma_J = "0.1",
                             .label_noise = "0"};
}

void check_same(const char *name, const ordpar_mp_model *model, const ordpar_mp_grid *grid,
                ordpar_mp_representation first, ordpar_mp_representation second, long digits) {
    const ordpar_mp_options options = {.digits = digits};
    ordpar_mp_result a, b;
    ordpar_error err;
    check_ok(ordpar_mp_curve(model, grid, first, &options, &a, &err), &err);
    check_ok(ordpar_mp_curve(model, grid, second, &options, &b, &err), &err);
    for (size_t k = 0; k < a.count; k++)
        cr_expect_str_eq(ordpar_mp_text(&a, k), ordpar_mp_text(&b, k), "%s, number %zu: %s and %s",
                         name, k, ordpar_mp_text(&a, k), ordpar_mp_text(&b, k));
    ordpar_mp_result_clear(&a);
    ordpar_mp_result_clear(&b);
}
