// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/averages/activation.h"

#include "base/floating_point.h"

#include <string.h>

#define POINTER(name) &ordpar_activation_##name,
static const ordpar_activation *const known[] = {ORDPAR_ACTIVATION_LIST(POINTER)};

const ordpar_activation *ordpar_activation_at(size_t index) {
    return index < sizeof known / sizeof *known ? known[index] : NULL;
}

const ordpar_activation *ordpar_activation_find(const char *name) {
    const ordpar_activation *activation;
    for (size_t k = 0; (activation = ordpar_activation_at(k)); k++)
        if (strcmp(activation->name, name) == 0)
            return activation;
    return NULL;
}

double ordpar_activation_value(const ordpar_activation *activation, double x) {
    ORDPAR_FLOATING_POINT;
    double y;
    activation->evaluate(activation, 1, &x, &y, NULL);
    return y;
}

double ordpar_activation_slope(const ordpar_activation *activation, double x) {
    ORDPAR_FLOATING_POINT;
    double y, dy;
    activation->evaluate(activation, 1, &x, &y, &dy);
    return dy;
}

size_t ordpar_activation_work(const ordpar_activation *activation, size_t n) {
    return activation->work ? activation->work(n) : n * n + 6 * n;
}

double ordpar_squared_error_add(size_t n, double weight, ordpar_pair_average gg, size_t a, size_t b,
                                double *gradient) {
    if (gradient) {
        gradient[a * n + a] += weight * gg.d_aa;
        gradient[b * n + b] += weight * gg.d_bb;
        gradient[a * n + b] += weight * gg.d_ab / 2;
        gradient[b * n + a] += weight * gg.d_ab / 2;
    }
    return weight * gg.value;
}

double ordpar_activation_squared_error(const ordpar_activation *activation, size_t n,
                                       const double *c, const double *u, double *gradient) {
    double sum = 0;
    if (gradient)
        memset(gradient, 0, n * n * sizeof *gradient);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b <= a; b++) {
            const ordpar_pair_average gg =
                activation->gg(activation, c[a * n + a], c[a * n + b], c[b * n + b]);
            sum += ordpar_squared_error_add(n, (a == b ? 1 : 2) * u[a] * u[b], gg, a, b,
                                            gradient); /* [2.5] */
        }
    return sum;
}
