// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = erf(x / sqrt 2) in deviation coordinates, without a difference of large numbers.
 * [10.2]-[10.4] */
#include "solver/averages/activation.h"
#include "solver/averages/tilt.h"

#include <math.h>
#include <string.h>

/* The blocks of the joint covariance of (w, y): E = cov(w, w), Omega = cov(w, y), T = cov(y, y). */
typedef struct {
    size_t K;
    const double *c;
} joint;

static double E(joint f, size_t i, size_t j) {
    return f.c[i * 2 * f.K + j];
}

static double Omega(joint f, size_t i, size_t n) {
    return f.c[i * 2 * f.K + f.K + n];
}

static double T(joint f, size_t n, size_t m) {
    return f.c[(f.K + n) * 2 * f.K + f.K + m];
}

static double R(joint f, size_t i, size_t n) {
    return T(f, i, n) + Omega(f, i, n);
}

static double Q(joint f, size_t i, size_t j) {
    return T(f, i, j) + Omega(f, i, j) + Omega(f, j, i) + E(f, i, j);
}

/* The determinants DA of (x_i, y_m) and DC of (x_i, x_m), and DC - DA. */
typedef struct {
    double root_A, root_C, difference;
} determinants;

static determinants make_determinants(joint f, size_t i, size_t m) {
    const double Q_ii = Q(f, i, i), R_im = R(f, i, m), Q_im = Q(f, i, m);
    return (determinants){.root_A = sqrt(ordpar_erf_determinant(Q_ii, R_im, T(f, m, m))),
                          .root_C = sqrt(ordpar_erf_determinant(Q_ii, Q_im, Q(f, m, m))),
                          .difference = (1 + Q_ii) * (2 * Omega(f, m, m) + E(f, m, m)) -
                                        (Omega(f, m, i) + E(f, i, m)) * (Q_im + R_im)};
}

/* [10.2] */
static double dg_dg_difference(size_t K, const double *c, size_t i, size_t m) {
    const determinants d = make_determinants((joint){K, c}, i, m);
    return M_2_PI * d.difference / (d.root_A * d.root_C * (d.root_A + d.root_C));
}

/* [10.3] */
static double error_ddg(size_t K, const double *c, const double *v, size_t i) {
    const joint f = {K, c};
    double sum = 0;
    for (size_t n = 0; n < K; n++) {
        const determinants d = make_determinants(f, i, n);
        sum += v[n] *
               ((Omega(f, n, i) + E(f, i, n)) * d.root_A -
                R(f, i, n) * d.difference / (d.root_A + d.root_C)) /
               (d.root_A * d.root_C);
    }
    return -M_2_PI * sum / (1 + Q(f, i, i));
}

/* Gauss-Legendre rules on [0, 1]. */
typedef struct {
    size_t n;
    double x[8], w[8];
} rule;

static const rule rules[] = {
    {2, {0.2113248654051871177, 0.7886751345948128823}, {0.5, 0.5}},
    {4,
     {0.06943184420297371239, 0.3300094782075718676, 0.6699905217924281324, 0.9305681557970262876},
     {0.1739274225687269287, 0.3260725774312730713, 0.3260725774312730713, 0.1739274225687269287}},
    {8,
     {0.01985507175123188416, 0.1016667612931866302, 0.2372337950418355071, 0.4082826787521750975,
      0.5917173212478249025, 0.7627662049581644929, 0.8983332387068133698, 0.9801449282487681158},
     {0.05061426814518812958, 0.1111905172266872353, 0.1568533229389436437, 0.1813418916891809915,
      0.1813418916891809915, 0.1568533229389436437, 0.1111905172266872353,
      0.05061426814518812958}}};

/*
 * The pair (i, j) enters the squared error with
 *     Delta = f(b + w1 + w2 + s2) - f(b + w1) - f(b + w2) + f(b),  f = asin,
 * where b, b + w1, .. are the correlations of (y_i, y_j), (x_i, y_j), (y_i, x_j), (x_i, x_j) with
 * each variance raised by 1.
 */
typedef struct {
    double root_t[2], root_d[2]; /* sqrt(1 + T_ii), sqrt(1 + Q_ii) of i and j */
    double xi[2], eps[2];        /* Q_ii - T_ii in units of 1 + T_ii; sqrt(1 + xi) - 1 */
    double b, w1, w2, s2;
} pair;

static pair make_pair(joint f, size_t i, size_t j) {
    pair p;
    const size_t at[2] = {i, j};
    for (size_t k = 0; k < 2; k++) {
        const double t = 1 + T(f, at[k], at[k]);
        p.xi[k] = (2 * Omega(f, at[k], at[k]) + E(f, at[k], at[k])) / t;
        p.eps[k] = p.xi[k] / (1 + sqrt(1 + p.xi[k]));
        p.root_t[k] = sqrt(t);
        p.root_d[k] = p.root_t[k] * (1 + p.eps[k]);
    }
    const double T_ij = T(f, i, j), O_ij = Omega(f, i, j), O_ji = Omega(f, j, i);
    p.b = T_ij / (p.root_t[0] * p.root_t[1]);
    p.w1 = (O_ij - T_ij * p.eps[0]) / (p.root_d[0] * p.root_t[1]);
    p.w2 = (O_ji - T_ij * p.eps[1]) / (p.root_t[0] * p.root_d[1]);
    p.s2 = (E(f, i, j) - O_ij * p.eps[1] - O_ji * p.eps[0] + T_ij * p.eps[0] * p.eps[1]) /
           (p.root_d[0] * p.root_d[1]);
    return p;
}

/* Enough nodes for 1e-16: the integrand is analytic up to |z| = 1. NULL: it comes too near to that,
 * and the deviation is so large that nothing cancels. */
static const rule *choose_rule(const pair *p) {
    const double reach = fmax(fabs(p->s2), fmax(fabs(p->w1), fabs(p->w2))) / (1 - fabs(p->b));
    return reach < 1e-4 ? &rules[0] : reach < 0.02 ? &rules[1] : reach < 0.1 ? &rules[2] : NULL;
}

/* The four terms of the differences themselves. */
static void plain_differences(joint f, size_t i, size_t j, double *of_f, double *of_df) {
    const double t[2] = {T(f, i, i), T(f, j, j)}, q[2] = {Q(f, i, i), Q(f, j, j)};
    const struct {
        double sign, a, ab, b;
    } terms[4] = {{1, q[0], Q(f, i, j), q[1]},
                  {-1, q[0], R(f, i, j), t[1]},
                  {-1, t[0], R(f, j, i), q[1]},
                  {1, t[0], T(f, i, j), t[1]}};
    double sum = 0, sum_df = 0;
    for (size_t k = 0; k < 4; k++) {
        const double root = sqrt(ordpar_erf_determinant(terms[k].a, terms[k].ab, terms[k].b));
        sum += terms[k].sign * atan2(terms[k].ab, root);
        sum_df += terms[k].sign * sqrt((1 + terms[k].a) * (1 + terms[k].b)) / root;
    }
    *of_f = sum;
    if (of_df)
        *of_df = sum_df;
}

/*
 * [10.4] Delta and, where asked for, the same second difference of f', as integrals over the unit
 * square: f''(z) (w1 + q s2)(w2 + p s2) + f'(z) s2 at z = b + p w1 + q w2 + p q s2.
 */
static void second_differences(joint f, size_t i, size_t j, const pair *p, double *of_f,
                               double *of_df) {
    const rule *r = choose_rule(p);
    if (!r) {
        plain_differences(f, i, j, of_f, of_df);
        return;
    }
    double sum = 0, sum_df = 0;
    for (size_t k = 0; k < r->n; k++)
        for (size_t l = 0; l < r->n; l++) {
            const double z = p->b + r->x[k] * p->w1 + r->x[l] * (p->w2 + r->x[k] * p->s2);
            const double product = (p->w1 + r->x[l] * p->s2) * (p->w2 + r->x[k] * p->s2);
            const double inverse = 1 / ((1 - z) * (1 + z)), df = sqrt(inverse);
            const double ddf = z * inverse * df, weight = r->w[k] * r->w[l];
            sum += weight * (ddf * product + df * p->s2);
            if (of_df)
                sum_df +=
                    weight * ((1 + 2 * z * z) * inverse * inverse * df * product + ddf * p->s2);
        }
    *of_f = sum;
    if (of_df)
        *of_df = sum_df;
}

/* f'(x + step) - f'(x) */
static double difference_df(double x, double step) {
    const double y = x + step, root_x = sqrt((1 - x) * (1 + x)), root_y = sqrt((1 - y) * (1 + y));
    return step * (x + y) / (root_x * root_y * (root_x + root_y));
}

/* Adds factor times the derivative of Delta(i, j) to the symmetric gradient in (w, y). */
static void add_gradient(joint f, size_t i, size_t j, const pair *p, double D_b, double factor,
                         double *gradient) {
    const size_t n = 2 * f.K, at[2] = {i, j};
    const double full = p->b + p->w1 + p->w2 + p->s2;
    const double D_s2 = 1 / sqrt((1 - full) * (1 + full));
    const double D_w1 = difference_df(p->b + p->w1, p->w2 + p->s2);
    const double D_w2 = difference_df(p->b + p->w2, p->w1 + p->s2);
    const double dd = 1 / (p->root_d[0] * p->root_d[1]), dt = 1 / (p->root_d[0] * p->root_t[1]);
    const double td = 1 / (p->root_t[0] * p->root_d[1]), tt = 1 / (p->root_t[0] * p->root_t[1]);
    const double T_ij = T(f, i, j), O_ij = Omega(f, i, j), O_ji = Omega(f, j, i);
    const double by_T = D_b * tt - D_w1 * p->eps[0] * dt - D_w2 * p->eps[1] * td +
                        D_s2 * p->eps[0] * p->eps[1] * dd;
    const double by_O_ij = D_w1 * dt - D_s2 * p->eps[1] * dd;
    const double by_O_ji = D_w2 * td - D_s2 * p->eps[0] * dd;
    /* with respect to eps_i, 1 + Q_ii and 1 + T_ii, and the same for j */
    const double by_eps[2] = {-D_w1 * T_ij * dt + D_s2 * (T_ij * p->eps[1] - O_ji) * dd,
                              -D_w2 * T_ij * td + D_s2 * (T_ij * p->eps[0] - O_ij) * dd};
    const double by_d[2] = {-(D_w1 * p->w1 + D_s2 * p->s2) / 2, -(D_w2 * p->w2 + D_s2 * p->s2) / 2};
    const double by_t[2] = {-(D_b * p->b + D_w2 * p->w2) / 2, -(D_b * p->b + D_w1 * p->w1) / 2};
    const double half = factor / 2; /* an off-diagonal entry stands twice */
    gradient[i * n + j] += half * D_s2 * dd;
    gradient[j * n + i] += half * D_s2 * dd;
    gradient[i * n + f.K + j] += half * by_O_ij;
    gradient[(f.K + j) * n + i] += half * by_O_ij;
    gradient[j * n + f.K + i] += half * by_O_ji;
    gradient[(f.K + i) * n + j] += half * by_O_ji;
    gradient[(f.K + i) * n + f.K + j] += half * by_T;
    gradient[(f.K + j) * n + f.K + i] += half * by_T;
    for (size_t k = 0; k < 2; k++) {
        const size_t w = at[k], y = f.K + at[k];
        const double t = p->root_t[k] * p->root_t[k], d = p->root_d[k] * p->root_d[k];
        const double by_xi = by_eps[k] / (2 * t * (1 + p->eps[k])), by_Q = by_xi + by_d[k] / d;
        gradient[w * n + w] += factor * by_Q;
        gradient[w * n + y] += factor * by_Q;
        gradient[y * n + w] += factor * by_Q;
        gradient[y * n + y] += factor * (by_d[k] / d + by_t[k] / t - by_xi * p->xi[k]);
    }
}

static double squared_error(size_t K, const double *c, const double *v, double *gradient) {
    const joint f = {K, c};
    double sum = 0;
    if (gradient)
        memset(gradient, 0, 4 * K * K * sizeof *gradient);
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j <= i; j++) {
            double delta, D_b;
            const pair p = make_pair(f, i, j);
            const double weight = M_2_PI * (i == j ? 1 : 2) * v[i] * v[j];
            second_differences(f, i, j, &p, &delta, gradient ? &D_b : NULL);
            sum += weight * delta;
            if (gradient)
                add_gradient(f, i, j, &p, D_b, weight, gradient);
        }
    return sum;
}

/* Adds factor times the derivative by Q_ij to the gradient: Q = T + Omega + Omega^T + E. */
static void add_by_Q(size_t K, size_t i, size_t j, double factor, double *gradient) {
    const size_t n = 2 * K, first[2] = {i, K + i}, second[2] = {j, K + j};
    for (size_t k = 0; k < 2; k++)
        for (size_t l = 0; l < 2; l++) {
            gradient[first[k] * n + second[l]] += factor / 2;
            gradient[second[l] * n + first[k]] += factor / 2;
        }
}

static double squared_error_dg_dg(size_t K, const double *c, const double *v, size_t i, size_t j,
                                  double *gradient, double *work) {
    const size_t n = 2 * K;
    double *tilted = work, *scratch = work + n * n;
    const ordpar_tilt tilt = ordpar_tilt_prepare(
        n, c, (ordpar_field){i, K + i}, (ordpar_field){j, K + j}, ordpar_erf_determinant, scratch);
    const ordpar_pair_average weight =
        ordpar_activation_erf.dg_dg(&ordpar_activation_erf, tilt.s_11, tilt.s_12, tilt.s_22);
    ordpar_tilt_apply(&tilt, c, tilted);
    const double error = squared_error(K, tilted, v, gradient);
    if (gradient) {
        ordpar_tilt_pull_back(&tilt, gradient, scratch + ORDPAR_TILT_SCRATCH(n));
        for (size_t k = 0; k < n * n; k++)
            gradient[k] *= weight.value;
        add_by_Q(K, i, i, error * weight.d_aa, gradient);
        add_by_Q(K, i, j, error * weight.d_ab, gradient);
        add_by_Q(K, j, j, error * weight.d_bb, gradient);
    }
    return weight.value * error;
}

const ordpar_deviation_averages ordpar_deviation_erf = {.dg_dg_difference = dg_dg_difference,
                                                        .error_ddg = error_ddg,
                                                        .squared_error = squared_error,
                                                        .squared_error_dg_dg = squared_error_dg_dg};
