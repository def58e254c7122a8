// SPDX-License-Identifier: GPL-3.0-or-later
/* Gaussian averages against reference values, Gaussian quadrature, and finite differences. */
#include "activation.h"
#include "csv.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double reference_c[16] = {.8, .15, .3, .05, .15, 1.1, .1, .45,
                                       .3, .1,  1., .2,  .05, .45, .2, .9};

static double pair(ordpar_pair_function f, const double *c, size_t n, size_t a, size_t b) {
    return f(c[a * n + a], c[a * n + b], c[b * n + b]).value;
}

/* E[g'(a) g'(b) g(x) g(y)] from the quadratic form by polarisation. */
static double four(const ordpar_activation *activation, const double *c, size_t n, size_t a,
                   size_t b, size_t x, size_t y) {
    double work[64], u[8] = {0}, both, one, other;
    u[x] += 1;
    u[y] += 1;
    both = activation->squared_error_dg_dg(n, c, u, a, b, NULL, work);
    memset(u, 0, sizeof u);
    u[x] = 1;
    one = activation->squared_error_dg_dg(n, c, u, a, b, NULL, work);
    memset(u, 0, sizeof u);
    u[y] = 1;
    other = activation->squared_error_dg_dg(n, c, u, a, b, NULL, work);
    return (both - one - other) / 2;
}

static ordpar_status check_reference(const ordpar_csv_row *row, void *context, ordpar_error *err) {
    const ordpar_activation *g = &ordpar_activation_erf;
    size_t at[4] = {0};
    (void)context;
    for (size_t k = 0; k < 4; k++)
        if (*row->fields[k + 1])
            at[k] = (size_t)atoi(row->fields[k + 1]) - 1;
    double value, actual;
    const ordpar_status status = ordpar_csv_double(row, 5, &value, err);
    if (strcmp(row->fields[0], "gg") == 0)
        actual = pair(g->gg, reference_c, 4, at[0], at[1]);
    else if (strcmp(row->fields[0], "pp") == 0)
        actual = pair(g->dg_dg, reference_c, 4, at[0], at[1]);
    else if (strcmp(row->fields[0], "pzg") == 0) /* by parts on the factor b */
        actual = reference_c[at[0] * 4 + at[1]] * pair(g->ddg_g, reference_c, 4, at[0], at[2]) +
                 reference_c[at[1] * 4 + at[2]] * pair(g->dg_dg, reference_c, 4, at[0], at[2]);
    else
        actual = four(g, reference_c, 4, at[0], at[1], at[2], at[3]);
    CHECK_CLOSE(actual, value, TOL_TIGHT, fabs(value), "%s(%s,%s,%s,%s)", row->fields[0],
                row->fields[1], row->fields[2], row->fields[3], row->fields[4]);
    return status;
}

Test(averages, erf_matches_the_reference_table) {
    static const char *const columns[] = {"average", "a", "b", "c", "d", "value"};
    ordpar_error err;
    check_ok(ordpar_csv_read(TEST_REFERENCE_DIR "/averages.csv", columns, 6, check_reference, NULL,
                             &err),
             &err);
}
