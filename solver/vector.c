// SPDX-License-Identifier: GPL-3.0-or-later
#include "vector.h"

#include "kernels.h"

#include <math.h>
#include <nvector/nvector_serial.h>

static size_t length(N_Vector x) {
    return (size_t)NV_LENGTH_S(x);
}

static void linear_sum(sunrealtype a, N_Vector x, sunrealtype b, N_Vector y, N_Vector z) {
    ordpar_combine(length(x), a, NV_DATA_S(x), b, NV_DATA_S(y), false, NV_DATA_S(z));
}

static void scale(sunrealtype a, N_Vector x, N_Vector z) {
    ordpar_add_scaled(length(x), a, NV_DATA_S(x), false, NV_DATA_S(z));
}

static void set_constant(sunrealtype a, N_Vector x) {
    double *values = NV_DATA_S(x);
    for (size_t k = 0, n = length(x); k < n; k++)
        values[k] = a;
}

static sunrealtype weighted_norm(N_Vector x, N_Vector w) {
    const size_t n = length(x);
    return sqrt(ordpar_weighted_square(n, NV_DATA_S(x), NV_DATA_S(w)) / (double)n);
}

/* z = sum_k a_k x_k; z may be x_0 */
static int linear_combination(int count, sunrealtype *a, N_Vector *x, N_Vector z) {
    scale(a[0], x[0], z);
    for (int k = 1; k < count; k++)
        linear_sum(a[k], x[k], 1, z, z);
    return 0;
}

/* z_k = a_k x + y_k */
static int scale_add_multi(int count, sunrealtype *a, N_Vector x, N_Vector *y, N_Vector *z) {
    for (int k = 0; k < count; k++)
        linear_sum(a[k], x, 1, y[k], z[k]);
    return 0;
}

N_Vector ordpar_vector_create(size_t n, SUNContext context) {
    N_Vector x = N_VNew_Serial((sunindextype)n, context);
    if (!x)
        return NULL;
    x->ops->nvlinearsum = linear_sum;
    x->ops->nvconst = set_constant;
    x->ops->nvscale = scale;
    x->ops->nvwrmsnorm = weighted_norm;
    x->ops->nvlinearcombination = linear_combination;
    x->ops->nvscaleaddmulti = scale_add_multi;
    return x;
}
