// SPDX-License-Identifier: GPL-3.0-or-later
/* Averages of two fields through smooth activations, against adaptive quadrature and by parts. */
#include "solver/averages/activation.h"
#include "support.h"

#include <gsl/gsl_integration.h>
#include <math.h>

/* E[f(a) h(b)] of two fields, nested adaptive quadrature. */
typedef struct {
    double (*f)(const ordpar_activation *, double); /* of both */
    const ordpar_activation *g;
    double l_aa, l_ba, l_bb, x;
    gsl_integration_cquad_workspace *inner;
} nested;

static double normal(double x) {
    return exp(-x * x / 2) / sqrt(2 * M_PI);
}

static double inner_value(double y, void *context) {
    const nested *n = context;
    return n->f(n->g, n->l_ba * n->x + n->l_bb * y) * normal(y);
}

static double outer_value(double x, void *context) {
    nested *n = context;
    double inner;
    n->x = x;
    gsl_function f = {inner_value, n};
    gsl_integration_cquad(&f, -9, 9, 1e-14, 1e-13, n->inner, &inner, NULL, NULL);
    return n->f(n->g, n->l_aa * x) * normal(x) * inner;
}

/* c_aa, rho, c_bb: small and large variances, parallel fields. */
static const double smooth_cases[][3] = {{0.04, 0.3, 1.5},  {1, 1, 1},         {1, -0.999999, 1},
                                         {9, 0.9, 1e-4},    {16, 1 - 1e-9, 9}, {36, -0.4, 49},
                                         {64, 0.999, 60.25}};

static void check_smooth(const ordpar_activation *g, const double *at) {
    const double c_ab = at[1] * sqrt(at[0] * at[2]), size = 1 + sqrt(at[0] * at[2]);
    gsl_integration_cquad_workspace *outer = gsl_integration_cquad_workspace_alloc(1000);
    nested n = {.g = g,
                .l_aa = sqrt(at[0]),
                .l_ba = c_ab / sqrt(at[0]),
                .l_bb = sqrt(fmax(at[2] - c_ab * c_ab / at[0], 0)),
                .inner = gsl_integration_cquad_workspace_alloc(1000)};
    for (int which = 0; which < 2; which++) {
        double expected;
        n.f = which ? ordpar_activation_slope : ordpar_activation_value;
        gsl_function f = {outer_value, &n};
        gsl_integration_cquad(&f, -9, 9, 1e-13, 1e-12, outer, &expected, NULL, NULL);
        const ordpar_pair_average average = (which ? g->dg_dg : g->gg)(g, at[0], c_ab, at[2]);
        CHECK_CLOSE(average.value, expected, g == &ordpar_activation_gelu ? 1e-12 : TOL_FIT, size,
                    "%s, %s at (%g, %g, %g)", g->name, which ? "g'g'" : "gg", at[0], at[1], at[2]);
    }
    const ordpar_pair_average gg = g->gg(g, at[0], c_ab, at[2]),
                              ddg = g->ddg_g(g, at[0], c_ab, at[2]);
    CHECK_CLOSE(ddg.value, 2 * gg.d_aa, TOL_TIGHT, 1, "%s, g''g", g->name);
    gsl_integration_cquad_workspace_free(n.inner);
    gsl_integration_cquad_workspace_free(outer);
}

Test(smooth, averages_match_adaptive_quadrature_at_any_correlation_and_variance) {
    static const ordpar_activation *const all[] = {
        &ordpar_activation_tanh, &ordpar_activation_sigmoid, &ordpar_activation_gelu,
        &ordpar_activation_softplus, &ordpar_activation_silu};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        for (size_t p = 0; p < sizeof smooth_cases / sizeof *smooth_cases; p++)
            check_smooth(all[k], smooth_cases[p]);
}

/* Errors of an integrator leave a field of next to no variance with covariances that it cannot
 * have: averages are off by no more than they are. */
Test(smooth, averages_know_fields_that_are_next_to_nothing) {
    static const double next_to[][2] = {{1e-30, 1e-10}, {0, 1e-12},      {-1e-20, 1e-12},
                                        {1e-40, -1e-9}, {-1e-16, 1e-16}, {-1e-20, 0}};
    const ordpar_activation *g;
    for (size_t index = 0; (g = ordpar_activation_at(index)); index++)
        for (size_t k = 0; k < sizeof next_to / sizeof *next_to; k++) {
            const double c_aa = next_to[k][0], c_ab = next_to[k][1], own = 1e-200, c_bb = 1.3;
            const ordpar_pair_average none = g->gg(g, own, 0, c_bb),
                                      few = g->gg(g, c_aa, c_ab, c_bb),
                                      turned = g->gg(g, c_bb, c_ab, c_aa);
            CHECK_CLOSE(few.value, none.value, 3e-9, 1, "%s, gg", g->name);
            CHECK_CLOSE(turned.value, none.value, 3e-9, 1, "%s, gg turned", g->name);
            CHECK_CLOSE(g->ddg_g(g, c_bb, c_ab, c_aa).value, g->ddg_g(g, c_bb, 0, own).value, 3e-9,
                        1, "%s, g''g", g->name);
            const double dg_dg = g->dg_dg(g, c_aa, c_ab, c_bb).value;
            cr_assert(isfinite(dg_dg) && isfinite(few.d_ab) && isfinite(turned.d_ab),
                      "%s beside %g, %g: g'g' = %g", g->name, c_aa, c_ab, dg_dg);
        }
}

/* By parts on z_a: E[z_a g(z_a) ..] checks g'' against g and g', for any activation. */
Test(smooth, second_derivatives_agree_with_integration_by_parts) {
    const ordpar_activation *g;
    for (size_t index = 0; (g = ordpar_activation_at(index)); index++) {
        const double c[3] = {1.3, 0.4, 0.8}, step = 1e-4;
        /* E[g(s a) g(b)] by s is E[a g'(a) g(b)] = c_aa E[g'' g] + c_ab E[g' g'] */
        double side[2];
        for (int k = 0; k < 2; k++) {
            const double s = 1 + (k ? step : -step);
            side[k] = g->gg(g, s * s * c[0], s * c[1], c[2]).value;
        }
        CHECK_CLOSE(c[0] * g->ddg_g(g, c[0], c[1], c[2]).value +
                        c[1] * g->dg_dg(g, c[0], c[1], c[2]).value,
                    (side[1] - side[0]) / (2 * step), TOL_DIFFERENCE, 1, "%s", g->name);
    }
}
