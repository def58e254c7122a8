// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/averages/polynomial.h"

#include <string.h>

enum { MOST = ORDPAR_POLYNOMIAL_MOST };

/* E[x^power] */
static double moment(int power, double variance) {
    double value = power % 2 ? 0 : 1;
    for (int k = power - 1; k > 0; k -= 2)
        value *= k * variance;
    return value;
}

void ordpar_polynomial_add_means(const ordpar_polynomial *p, double variance,
                                 double mean[ORDPAR_MEANS]) {
    for (int m = 0; m <= MOST; m++) {
        double factor = p->a[m]; /* a_m m!/(m - k)! */
        for (int k = 0; k <= m && factor != 0; k++) {
            mean[k] += factor * moment(m - k, variance);
            factor *= m - k;
        }
    }
}

/* [2.13] sum_k c_ab^k/k! E[f^(k)] E[h^(k)] of the derivatives of these orders. */
static double sum(const double *F, const double *H, int first, int second, double c_ab) {
    double value = 0, factor = 1;
    for (int k = 0; k <= MOST && k + first < ORDPAR_MEANS && k + second < ORDPAR_MEANS; k++) {
        value += factor * F[k + first] * H[k + second];
        factor *= c_ab / (k + 1);
    }
    return value;
}

ordpar_pair_average ordpar_means_pair(const double F[ORDPAR_MEANS], const double H[ORDPAR_MEANS],
                                      int first, int second, double c_ab) {
    return (ordpar_pair_average){.value = sum(F, H, first, second, c_ab),
                                 .d_aa = sum(F, H, first + 2, second, c_ab) / 2,
                                 .d_ab = sum(F, H, first + 1, second + 1, c_ab),
                                 .d_bb = sum(F, H, first, second + 2, c_ab) / 2};
}

/* Four factors: what of their means a term of [2.15] takes. */
enum { FACTORS = 4, PAIRS = 6, NUMBERS = 11 };
static const int pair_of[PAIRS][2] = {{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}};

typedef struct {
    int degree[FACTORS];
    double mean[FACTORS][ORDPAR_MEANS];
    double power[PAIRS][MOST + 1]; /* c_kl^n/n! */
    bool slopes;
    double value[NUMBERS]; /* of the average; by c_kk of each factor; by c_kl of each pair */
} product;

/* Adds the term with left[k] lines of factor k still to be drawn from all of its degree. */
static void add_term(product *f, const int left[FACTORS], double weight) {
    double m[FACTORS], once[FACTORS], twice[FACTORS];
    for (int k = 0; k < FACTORS; k++) {
        const double *mean = f->mean[k] + f->degree[k] - left[k];
        m[k] = mean[0];
        once[k] = mean[1];
        twice[k] = mean[2];
    }
    f->value[0] += weight * m[0] * m[1] * m[2] * m[3];
    if (!f->slopes)
        return;
    for (int k = 0; k < FACTORS; k++)
        f->value[1 + k] += weight / 2 * twice[k] * m[(k + 1) % 4] * m[(k + 2) % 4] * m[(k + 3) % 4];
    for (int p = 0; p < PAIRS; p++) {
        const int k = pair_of[p][0], l = pair_of[p][1];
        const double others = m[pair_of[PAIRS - 1 - p][0]] * m[pair_of[PAIRS - 1 - p][1]];
        f->value[1 + FACTORS + p] += weight * once[k] * once[l] * others;
    }
}

/* [2.15] Chooses how often the fields of the pairs from p on are contracted. */
static void contract(product *f, int left[FACTORS], double weight, int p) {
    if (p == PAIRS) {
        add_term(f, left, weight);
        return;
    }
    const int k = pair_of[p][0], l = pair_of[p][1];
    const int most = left[k] < left[l] ? left[k] : left[l];
    for (int n = 0; n <= most && f->power[p][n] != 0; n++) {
        left[k] -= n;
        left[l] -= n;
        contract(f, left, weight * f->power[p][n], p + 1);
        left[k] += n;
        left[l] += n;
    }
}

static int degree_of(const ordpar_polynomial *p) {
    int degree = MOST;
    while (degree > 0 && p->a[degree] == 0)
        degree--;
    return degree;
}

static void set_product(product *f, size_t n, const double *c, const size_t field[FACTORS]) {
    memset(f->value, 0, sizeof f->value);
    for (int p = 0; p < PAIRS; p++) {
        const double c_kl = c[field[pair_of[p][0]] * n + field[pair_of[p][1]]];
        f->power[p][0] = 1;
        for (int k = 1; k <= MOST; k++)
            f->power[p][k] = f->power[p][k - 1] * c_kl / k;
    }
}

static void add_slopes(const product *f, size_t n, const size_t field[FACTORS], double weight,
                       double *gradient) {
    for (int k = 0; k < FACTORS; k++)
        gradient[field[k] * n + field[k]] += weight * f->value[1 + k];
    for (int p = 0; p < PAIRS; p++) {
        const size_t k = field[pair_of[p][0]], l = field[pair_of[p][1]];
        const double by = weight * f->value[1 + FACTORS + p] / 2;
        gradient[k * n + l] += by;
        gradient[l * n + k] += by;
    }
}

/* The means of factor k, of a field of this variance: from order 1 on of a slope. */
static void set_factor(product *f, int k, const ordpar_polynomial *p, bool slope, double variance) {
    double mean[ORDPAR_MEANS + 1] = {0};
    ordpar_polynomial_add_means(p, variance, mean);
    memcpy(f->mean[k], mean + slope, sizeof f->mean[k]);
    f->degree[k] = degree_of(p) - (slope && degree_of(p) > 0);
}

double ordpar_polynomials_squared_error_dg_dg(const ordpar_polynomial *g,
                                              const ordpar_polynomial *h, size_t K, size_t n,
                                              const double *c, const double *u, size_t i, size_t j,
                                              double *gradient) {
    double all = 0;
    product f = {.slopes = gradient != NULL};
    if (gradient)
        memset(gradient, 0, n * n * sizeof *gradient);
    set_factor(&f, 2, g, true, c[i * n + i]);
    set_factor(&f, 3, g, true, c[j * n + j]);
    for (size_t a = 0; a < n; a++) {
        set_factor(&f, 0, a < K ? g : h, false, c[a * n + a]);
        for (size_t b = 0; b <= a && u[a] != 0; b++) {
            const size_t field[FACTORS] = {a, b, i, j};
            const double weight = (a == b ? 1 : 2) * u[a] * u[b];
            int left[FACTORS];
            set_factor(&f, 1, b < K ? g : h, false, c[b * n + b]);
            set_product(&f, n, c, field);
            memcpy(left, f.degree, sizeof left);
            contract(&f, left, 1, 0);
            all += weight * f.value[0];
            if (gradient)
                add_slopes(&f, n, field, weight, gradient);
        }
    }
    return all;
}
