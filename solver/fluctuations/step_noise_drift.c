// SPDX-License-Identifier: GPL-3.0-or-later
/* [19.9] What is of second order in 1/N of the mean change of the overlaps in one step. */
#include "solver/fluctuations/step_noise.h"

/* Of one block. Vector a becomes V + M V/N + M2 V/N^2 + (push + more/N) c xi/sqrt N; J has c of its
 * own P after the step. */
typedef struct {
    const ordpar_step_noise *s;
    const ordpar_step_rule *rule;
    size_t b;
    double lambda;
} block;

static double gram(const block *x, size_t a, size_t e) {
    return x->s->gram[(a * x->s->rows + e) * x->s->L + x->b] / x->lambda;
}

static size_t unit_of(const block *x, size_t a) {
    return a < x->s->n ? a : a - x->s->n;
}

static bool moves(const block *x, size_t a) {
    return a < x->s->K || a >= x->s->n;
}

/* E[c_i z_e] */
static double driven(const block *x, size_t i, size_t e) {
    double sum = 0;
    for (size_t d = 0; d < x->s->n; d++)
        sum += x->s->drift[i * x->s->n + d] * gram(x, d, e);
    return x->lambda * sum;
}

/* Where M takes vector a: to -kappa J - e P, or -c P. */
typedef struct {
    size_t count, at[2];
    double factor[2];
} image;

static image image_of(const block *x, size_t a) {
    const ordpar_push *push = &x->rule->push;
    const size_t n = x->s->n;
    if (!moves(x, a))
        return (image){0};
    if (a >= n)
        return (image){1, {a, 0}, {-push->c, 0}};
    return (image){x->s->rows > n ? 2 : 1, {a, a + n}, {-x->rule->kappa, -push->e}};
}

/* E[c_i c_j |xi_b|^2] beyond p_b lambda_b F, and of a batch the products of different examples. */
static double lengths(const block *x, size_t i, size_t j) {
    const ordpar_step_noise *s = x->s;
    const size_t n = s->n;
    const double *curve = s->curve + (i * s->K + j) * n * n;
    double own = 0, other = 0;
    for (size_t d = 0; d < n; d++)
        for (size_t e = 0; e < n; e++) {
            const double part = x->lambda * x->lambda * gram(x, d, e);
            own += curve[d * n + e] * part;
            other += s->drift[i * n + d] * s->drift[j * n + e] * part;
        }
    return own / s->batch + (1 - 1 / s->batch) * other;
}

/* What of a has to do with b, in this order. */
static double one_side(const block *x, size_t a, size_t b) {
    const ordpar_step_noise *s = x->s;
    const ordpar_push *push = &x->rule->push;
    double sum = 0;
    if (!moves(x, a))
        return 0;
    const image to = image_of(x, b);
    for (size_t k = 0; k < to.count; k++)
        sum += s->push[a] * to.factor[k] * driven(x, unit_of(x, a), to.at[k]);
    if (a < s->K && s->rows > s->n) {
        sum += push->e * push->c * gram(x, a + s->n, b) + push->e * driven(x, a, b);
        if (moves(x, b))
            sum +=
                push->e * s->push[b] * s->weight[x->b] * s->batch * s->F[a * s->K + unit_of(x, b)];
    }
    return sum;
}

static double both_sides(const block *x, size_t a, size_t b) {
    const image left = image_of(x, a), right = image_of(x, b);
    double sum = one_side(x, a, b) + one_side(x, b, a);
    for (size_t k = 0; k < left.count; k++)
        for (size_t m = 0; m < right.count; m++)
            sum += left.factor[k] * right.factor[m] * gram(x, left.at[k], right.at[m]);
    if (moves(x, a) && moves(x, b))
        sum += x->s->push[a] * x->s->push[b] * lengths(x, unit_of(x, a), unit_of(x, b));
    return sum;
}

void ordpar_step_noise_drift(const ordpar_step_noise *s, const double *lambda,
                             const ordpar_step_rule *rule, double *f1) {
    for (size_t b = 0; b < s->L; b++) {
        const block x = {s, rule, b, lambda[b]};
        for (size_t k = 0; k < s->S && s->weight[b] > 0; k++) {
            const ordpar_step_pair pair = ordpar_step_pair_of(s, k);
            f1[k * s->L + b] += both_sides(&x, pair.a, pair.b);
        }
    }
}
