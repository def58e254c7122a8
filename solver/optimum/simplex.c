// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/optimum/simplex.h"

#include "base/floating_point.h"

#include <gsl/gsl_multimin.h>
#include <gsl/gsl_qrng.h>
#include <math.h>
#include <string.h>

enum { MOST = ORDPAR_SIMPLEX_MOST };

/* A simplex that has met the faces of the cube is flat: another begins where it ended. */
static const size_t most_descents = 6;

static const double endless = 1e300; /* where f is infinite, which the library does not take */

typedef struct {
    ordpar_simplex_function function;
    void *context;
    double best[MOST], f; /* the least so far */
    ordpar_status status; /* the first error ends the search */
    ordpar_error *err;
} search;

/* f at the point of the cube next to x. GSL's callback. */
static double evaluate(const gsl_vector *x, void *context) {
    search *s = context;
    double at[MOST], f;
    if (s->status)
        return endless;
    for (size_t k = 0; k < x->size; k++)
        at[k] = fmin(fmax(gsl_vector_get(x, k), 0), 1);
    const ordpar_status status = s->function(s->context, at, &f, s->err);
    if (status == ORDPAR_DIVERGED || status == ORDPAR_NUMERICAL)
        return endless;
    s->status = status;
    if (status || !(f < endless))
        return endless;
    if (f < s->f) {
        s->f = f;
        memcpy(s->best, at, x->size * sizeof *at);
    }
    return f;
}

/* Points that fill the cube evenly. */
static void look_around(search *s, gsl_qrng *points, const double *also, gsl_vector *x) {
    if (also) {
        memcpy(x->data, also, x->size * sizeof *also);
        evaluate(x, s);
    }
    for (size_t k = 0; k < 7 * x->size; k++) {
        gsl_qrng_get(points, x->data);
        evaluate(x, s);
    }
    if (!s->status && !(s->f < endless))
        s->status =
            ordpar_fail(s->err, ORDPAR_NUMERICAL, "no learning rate that was tried has an end");
}

static void go_downhill(search *s, gsl_multimin_fminimizer *method, gsl_vector *x,
                        gsl_vector *edges, double tolerance) {
    gsl_multimin_function f = {evaluate, x->size, s};
    memcpy(x->data, s->best, x->size * sizeof *s->best);
    for (size_t k = 0; k < x->size; k++)
        gsl_vector_set(edges, k, s->best[k] > 0.5 ? -0.12 : 0.12);
    int flag = gsl_multimin_fminimizer_set(method, &f, x, edges);
    double before = INFINITY;
    for (size_t k = 0, still = 0; k < 25 * x->size && !flag && !s->status && still < 6 * x->size;
         k++) {
        flag = gsl_multimin_fminimizer_iterate(method);
        still = before - s->f < tolerance ? still + 1 : 0;
        before = s->f;
    }
}

ordpar_status ordpar_simplex_minimise(ordpar_simplex_function function, void *context, size_t count,
                                      const double *also, double tolerance, double *x, double *f,
                                      ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    search s = {.function = function, .context = context, .f = endless, .err = err};
    gsl_multimin_fminimizer *method =
        gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, count);
    gsl_qrng *points = gsl_qrng_alloc(gsl_qrng_halton, (unsigned)count);
    gsl_vector *at = gsl_vector_alloc(count), *edges = gsl_vector_alloc(count);
    if (!method || !points || !at || !edges)
        s.status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a search");
    if (!s.status)
        look_around(&s, points, also, at);
    double before = INFINITY;
    for (size_t k = 0; k < most_descents && !s.status && before - s.f >= tolerance; k++) {
        before = s.f;
        go_downhill(&s, method, at, edges, tolerance);
    }
    gsl_multimin_fminimizer_free(method);
    gsl_qrng_free(points);
    gsl_vector_free(at);
    gsl_vector_free(edges);
    memcpy(x, s.best, count * sizeof *x);
    *f = s.f;
    return s.status;
}
