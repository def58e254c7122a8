// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/averages/orthant_moment.h"

#include "solver/averages/long_number.h"
#include "solver/averages/orthant.h"

enum { MAX = ORDPAR_ORTHANT_MAX };

/* What the moments of one set of fields are made of. */
typedef struct {
    int n;
    const double (*c)[MAX];
    ordpar_long minor[MAX][MAX][MAX]; /* minor[k][l][m]: c_lm c_kk - c_lk c_mk */
    double given[MAX][MAX][MAX];      /* given[k][l][m]: c_lm conditioned on z_k = 0 */
    double root[MAX][MAX];            /* sqrt(c_kk c_ll - c_kl^2) */
    double angle[MAX][MAX];
    double density[MAX][MAX];    /* of (z_k, z_l) at 0; as 0 where they are parallel */
    double rest_cross[MAX][MAX]; /* n = 4: covariance of the two others, given z_k = z_l = 0, */
    double rest_root[MAX][MAX];  /* and the square root of their determinant */
    double slope[MAX][MAX];      /* d P / dc_kl, P the orthant probability */
} field_set;

static void set_pair(field_set *s, int k, int l) {
    const double det = ordpar_minor(s->c[k][k], s->c[l][l], s->c[k][l], s->c[k][l]);
    const double root = det > 0 ? sqrt(det) : 0;
    s->root[k][l] = s->root[l][k] = root;
    s->angle[k][l] = s->angle[l][k] = atan2(root, s->c[k][l]);
    s->density[k][l] = s->density[l][k] = root > 0 ? 1 / (2 * M_PI * root) : 0;
}

static void set_given(field_set *s, int k) {
    for (int l = 0; l < s->n; l++)
        for (int m = 0; m <= l; m++) {
            const ordpar_long minor =
                l == k || m == k
                    ? (ordpar_long){0, 0}
                    : ordpar_long_minor(ordpar_long_of(s->c[l][m]), ordpar_long_of(s->c[k][k]),
                                        ordpar_long_of(s->c[l][k]), ordpar_long_of(s->c[m][k]));
            s->minor[k][l][m] = s->minor[k][m][l] = minor;
            s->given[k][l][m] = s->given[k][m][l] = minor.high / s->c[k][k];
        }
}

/* The two others, given z_k = z_l = 0. Returns P(both > 0). Where they lie close to z_k and z_l
 * what is left of them is a difference of differences, which decides the probability: twice the
 * digits. */
static double condition_on_two(field_set *s, int k, int l) {
    const int i = k != 0 && l != 0 ? 0 : k != 1 && l != 1 ? 1 : 2, j = 6 - k - l - i;
    const ordpar_long(*m)[MAX] = (const ordpar_long(*)[MAX])s->minor[k];
    const ordpar_long ii = ordpar_long_minor(m[i][i], m[l][l], m[i][l], m[i][l]);
    const ordpar_long jj = ordpar_long_minor(m[j][j], m[l][l], m[j][l], m[j][l]);
    const ordpar_long ij = ordpar_long_minor(m[i][j], m[l][l], m[i][l], m[j][l]);
    const double det = ordpar_long_minor(ii, jj, ij, ij).high, root = det > 0 ? sqrt(det) : 0;
    const double scale = m[l][l].high * s->c[k][k];
    s->rest_cross[k][l] = s->rest_cross[l][k] = ij.high / scale;
    s->rest_root[k][l] = s->rest_root[l][k] = root / scale;
    /* A field parallel to z_k or z_l is 0 itself: positive half of the time, whatever the other. */
    return ii.high == 0 || jj.high == 0 ? 0.25 : ordpar_orthant_2(atan2(root, ij.high));
}

/* [12.5] */
static void set_slope(field_set *s, int k, int l) {
    double slope = 0;
    s->rest_cross[k][l] = s->rest_cross[l][k] = s->rest_root[k][l] = s->rest_root[l][k] = 0;
    if (s->density[k][l] > 0 && s->given[k][l][l] > 0)
        slope = s->density[k][l] * (s->n == 2 ? 1 : s->n == 3 ? 0.5 : condition_on_two(s, k, l));
    s->slope[k][l] = s->slope[l][k] = slope;
}

static void prepare(field_set *s, int n, const double c[MAX][MAX]) {
    s->n = n;
    s->c = c;
    for (int k = 0; k < n; k++) {
        set_given(s, k);
        for (int l = 0; l < k; l++) {
            set_pair(s, k, l);
            set_slope(s, k, l);
        }
    }
}

/* The square root of the determinant of the four correlations, by way of the two fields that are
 * least parallel. */
static double correlation_root(const field_set *s) {
    double sine = -1, rest = 0, scale = 1;
    for (int k = 0; k < MAX; k++) {
        scale *= s->c[k][k];
        for (int l = 0; l < k; l++)
            if (s->root[k][l] > sine * sqrt(s->c[k][k] * s->c[l][l])) {
                sine = s->root[k][l] / sqrt(s->c[k][k] * s->c[l][l]);
                rest = s->root[k][l] * s->rest_root[k][l];
            }
    }
    return rest / sqrt(scale);
}

static double probability(const field_set *s) {
    switch (s->n) {
    case 1:
        return 0.5;
    case 2:
        return ordpar_orthant_2(s->angle[0][1]);
    case 3:
        return ordpar_orthant_3(s->angle[0][1], s->angle[0][2], s->angle[1][2]);
    default:
        return ordpar_orthant_4((const double(*)[MAX])s->angle, correlation_root(s));
    }
}

/* [12.5] with, on the diagonal, that a field enters only by its sign. */
static void differentiate_probability(const field_set *s, double gradient[MAX][MAX]) {
    for (int k = 0; k < s->n; k++) {
        gradient[k][k] = 0;
        for (int l = 0; l < s->n; l++)
            if (l != k) {
                gradient[k][l] = s->slope[k][l] / 2;
                gradient[k][k] -= s->c[k][l] * gradient[k][l] / s->c[k][k];
            }
    }
}

double ordpar_orthant_probability(int n, const double c[MAX][MAX], double gradient[MAX][MAX]) {
    field_set s;
    prepare(&s, n, c);
    if (gradient)
        differentiate_probability(&s, gradient);
    return probability(&s);
}

/* [12.6] E[delta(z_k) z_b 1 .. 1], the step of z_k left out. */
static double edge(const field_set *s, int k, int b) {
    double sum = 0;
    for (int l = 0; l < s->n; l++)
        if (l != k)
            sum += s->given[k][b][l] * s->slope[k][l];
    return sum;
}

static void add(int k, int l, double value, double gradient[MAX][MAX]) {
    gradient[k][l] += value / 2;
    gradient[l][k] += value / 2;
}

/* E[delta(z_k) delta(z_l) z_a z_b 1 .. 1], for k and l other than a and b. */
static double corner(const field_set *s, int k, int l, int a) {
    if (!(s->density[k][l] > 0 && s->given[k][l][l] > 0))
        return 0;
    if (s->n == 4)
        return s->density[k][l] * s->rest_root[k][l] / (2 * M_PI) +
               s->rest_cross[k][l] * s->slope[k][l];
    const double(*g)[MAX] = (const double(*)[MAX])s->given[k];
    return ordpar_minor(g[a][a], g[l][l], g[a][l], g[a][l]) / g[l][l] * s->slope[k][l];
}

/* [12.7] Half the average of the second derivatives. z_k with k other than a and b enters only by
 * its sign, so that its scale does not count: this is the diagonal. */
static void differentiate(const field_set *s, double P, int a, int b, double gradient[MAX][MAX]) {
    for (int k = 0; k < s->n; k++)
        for (int l = 0; l < s->n; l++)
            gradient[k][l] = 0;
    add(a, b, P, gradient);
    for (int k = 0; k < s->n; k++) {
        if (k != b)
            add(k, a, edge(s, k, b) / (k == a ? 2 : 1), gradient);
        if (k != a)
            add(k, b, edge(s, k, a) / (k == b ? 2 : 1), gradient);
        for (int l = 0; l < k; l++)
            if (k != a && k != b && l != a && l != b)
                add(k, l, corner(s, k, l, a), gradient);
    }
    for (int k = 0; k < s->n; k++)
        if (k != a && k != b)
            for (int l = 0; l < s->n; l++)
                if (l != k)
                    gradient[k][k] -= s->c[k][l] * gradient[k][l] / s->c[k][k];
}

static double moment(int n, const double c[MAX][MAX], int a, int b, double gradient[MAX][MAX]) {
    field_set s;
    prepare(&s, n, c);
    const double P = probability(&s);
    double value = c[a][b] * P; /* [12.4] */
    for (int k = 0; k < n; k++)
        if (k != b)
            value += c[a][k] * edge(&s, k, b);
    if (gradient)
        differentiate(&s, P, a, b, gradient);
    return value;
}

/* The fields are scaled by powers of two, without rounding, to variances of order one: then the
 * products of many covariances neither overflow nor underflow. */
double ordpar_orthant_moment(int n, const double c[MAX][MAX], int a, int b,
                             double gradient[MAX][MAX]) {
    double scale[MAX] = {0}, scaled[MAX][MAX];
    for (int k = 0; k < n; k++) {
        int exponent;
        frexp(c[k][k], &exponent);
        scale[k] = ldexp(1, -exponent / 2);
    }
    for (int k = 0; k < n; k++)
        for (int l = 0; l < n; l++)
            scaled[k][l] = c[k][l] * scale[k] * scale[l];
    const double back = 1 / scale[a] / scale[b];
    const double value = moment(n, (const double(*)[MAX])scaled, a, b, gradient);
    for (int k = 0; gradient && k < n; k++)
        for (int l = 0; l < n; l++)
            gradient[k][l] *= scale[k] * scale[l] * back;
    return value * back;
}
