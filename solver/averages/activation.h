// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Activation functions g and their Gaussian averages [2.x in docs/equations.md].
 *
 * An activation is a table of functions, which take it as their first argument, and of what they
 * are made of. The known ones are constants; to add one, write its file activation_NAME.c and enter
 * NAME in the list below.
 * Fields are jointly Gaussian with mean zero; c_ab is the covariance of fields a and b.
 */
#ifndef ORDPAR_ACTIVATION_H
#define ORDPAR_ACTIVATION_H

#include "base/declarations.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

ORDPAR_DECLARATIONS_BEGIN

/** An average of two fields with its derivatives with respect to c_aa, c_ab and c_bb. */
typedef struct {
    double value; /**< the average */
    double d_aa;  /**< its derivative with respect to c_aa */
    double d_ab;  /**< likewise c_ab */
    double d_bb;  /**< likewise c_bb */
} ordpar_pair_average;

/** An activation; self in the functions below. */
typedef struct ordpar_activation ordpar_activation;

/** Takes (c_aa, c_ab, c_bb); coinciding fields are c_aa = c_ab = c_bb. */
typedef ordpar_pair_average (*ordpar_pair_function)(const ordpar_activation *self, double c_aa,
                                                    double c_ab, double c_bb);

/**
 * E[(sum_a u_a g(z_a))^2 g'(z_i) g'(z_j)] for n fields with covariance c[n*n] (row-major,
 * symmetric) and coefficients u[n]. gradient: NULL, or [n*n], receives the symmetric matrix Gamma
 * with d value = sum_ab Gamma_ab dc_ab (the sum over all ordered pairs). work: scratch of
 * ordpar_activation_work(activation, n) doubles.
 */
typedef double (*ordpar_noise_function)(const ordpar_activation *self, size_t n, const double *c,
                                        const double *u, size_t i, size_t j, double *gradient,
                                        double *work);

/**
 * Averages in deviation coordinates [10.x]: K = M, equal output weights v of a student and its
 * teacher, x_i = y_i + w_i. c[n*n] is the covariance of the n = 2 K fields (w_1..w_K, y_1..y_K).
 * The values keep their relative accuracy however small w is.
 */
typedef struct {
    /** E[g'(x_i) g'(y_m)] - E[g'(x_i) g'(x_m)] */
    double (*dg_dg_difference)(const ordpar_activation *self, size_t K, const double *c, size_t i,
                               size_t m);
    /** E[(sum_k v_k (g(x_k) - g(y_k))) g''(x_i)] */
    double (*error_ddg)(const ordpar_activation *self, size_t K, const double *c, const double *v,
                        size_t i);
    /** E[(sum_k v_k (g(x_k) - g(y_k)))^2]; gradient: NULL or [n*n] as above */
    double (*squared_error)(const ordpar_activation *self, size_t K, const double *c,
                            const double *v, double *gradient);
    /** The same under the weight g'(x_i) g'(x_j); work: as ordpar_noise_function */
    double (*squared_error_dg_dg)(const ordpar_activation *self, size_t K, const double *c,
                                  const double *v, size_t i, size_t j, double *gradient,
                                  double *work);
} ordpar_deviation_averages;

/** A smooth activation whose averages are found by quadrature (quadrature.h). */
struct ordpar_smooth_function;
/** A sum of erfs (mixture.h). */
struct ordpar_mixture;
/** A ramp, sharp or smoothed, and bumps (ramp.h). */
struct ordpar_ramp;
/** A polynomial (polynomial.h). */
struct ordpar_polynomial;

/** An activation function: its averages, as one table of functions. */
struct ordpar_activation {
    const char *name; /**< as --activation takes it */
    /** g(x) and, if dy is not NULL, g'(x) of count numbers; y may be x. */
    void (*evaluate)(const ordpar_activation *self, size_t count, const double *x, double *y,
                     double *dy);
    /** units of it can learn at first by the square or a higher power of what they know: small
     * overlaps are right in units of their own */
    bool escapes_by_size;
    int parity;          /**< 1: even, g(-x) = g(x); -1: odd, g(-x) = -g(x); 0: neither */
    int homogeneity;     /**< d with g(a x) = a^d g(x) for all a > 0; 0: there is none */
    bool needs_variance; /**< g' jumps at 0: averages exist only for fields that are not constant;
                              a variance below 1e-200 counts as that */
    ordpar_pair_function gg;                     /**< E[g(a) g(b)] */
    ordpar_pair_function dg_dg;                  /**< E[g'(a) g'(b)] */
    ordpar_pair_function ddg_g;                  /**< E[g''(a) g(b)] */
    ordpar_noise_function squared_error_dg_dg;   /**< NULL: small eta only */
    size_t (*work)(size_t n);                    /**< its scratch; NULL: n*n + 6*n doubles */
    const ordpar_deviation_averages *deviation;  /**< NULL: none are known */
    const struct ordpar_smooth_function *smooth; /**< averages by quadrature; NULL: closed */
    const struct ordpar_mixture *mixture; /**< g is the sum of this; NULL: nothing of the kind */
    const struct ordpar_ramp *ramp;       /**< plus this */
    const struct ordpar_polynomial *polynomial; /**< plus this */
    bool is_made;     /**< with parameters of its own, by a function below */
    double fit_error; /**< how far it is from the function that it was fitted to; 0: it was not */
    double fit_until; /**< the largest |x| that it was fitted to; 0: not known */
};

/** g(x) */
double ordpar_activation_value(const ordpar_activation *activation, double x);

/** g'(x) */
double ordpar_activation_slope(const ordpar_activation *activation, double x);

/** The sum of the absolute amplitudes of a sum of erfs with parameters of its own, of which its
 * values may be small differences; 0 for other activations. */
double ordpar_activation_gross(const ordpar_activation *activation);

/** Of linear units. */
extern const ordpar_deviation_averages ordpar_deviation_linear;
/** Of erf units. */
extern const ordpar_deviation_averages ordpar_deviation_erf;
/** Of sums of erfs. */
extern const ordpar_deviation_averages ordpar_deviation_mixture;
/** g(x) = x */
extern const ordpar_activation ordpar_activation_linear;
/** g(x) = max(x, 0) */
extern const ordpar_activation ordpar_activation_relu;
/** g(x) = x^2 */
extern const ordpar_activation ordpar_activation_quadratic;
/** g(x) = tanh x */
extern const ordpar_activation ordpar_activation_tanh;
/** g(x) = x/(1 + e^-x) */
extern const ordpar_activation ordpar_activation_silu;
/** g(x) = 1/(1 + e^-x) */
extern const ordpar_activation ordpar_activation_sigmoid;
/** g(x) = x Phi(x), Phi the normal distribution */
extern const ordpar_activation ordpar_activation_gelu;
/** g(x) = log(1 + e^x) */
extern const ordpar_activation ordpar_activation_softplus;
/** g(x) = erf(x/sqrt 2) */
extern const ordpar_activation ordpar_activation_erf;

/**
 * g(x) = sum_k c[k - 1] He_k(x), k = 1..count <= 5, He_k the probabilists' Hermite polynomials: x,
 * x^2 - 1, x^3 - 3x, x^4 - 6x^2 + 3, x^5 - 10x^3 + 15x. name is copied. Errors: INVALID (no
 * coefficient that is not 0, one that is not finite, too many), MEMORY; *activation is then as it
 * was. Free with ordpar_activation_free, after the networks that have it.
 */
ordpar_status ordpar_activation_hermite(const char *name, size_t count, const double *c,
                                        ordpar_activation **activation, ordpar_error *err);

/** g(x) = constant + slope x + sum_k a[k] erf(s[k] x/sqrt 2). */
typedef struct {
    size_t terms;    /**< from 1 to 24 */
    const double *a; /**< [terms] finite */
    const double *s; /**< [terms] from 1e-6 to 1e6 */
    double slope;    /**< finite */
    double constant; /**< finite */
} ordpar_erfs;

/** An activation of that form, with copies. Errors and memory: as above. */
ordpar_status ordpar_activation_erfs(const char *name, const ordpar_erfs *given,
                                     ordpar_activation **activation, ordpar_error *err);

/** Frees what the two functions above made; NULL is fine. */
void ordpar_activation_free(ordpar_activation *activation);

/** Goes on with a digest (base/digest.h) of its name and its parameters. */
uint64_t ordpar_activation_digest(const ordpar_activation *activation, uint64_t digest);

/** (1 + c_aa)(1 + c_bb) - c_ab^2 to two units in the last place, also for parallel fields. */
double ordpar_erf_determinant(double c_aa, double c_ab, double c_bb);

/** X(name) for each of them, in the order of the choices of the setting `activation`. */
#define ORDPAR_ACTIVATION_LIST(X)                                                                  \
    X(erf) X(linear) X(relu) X(quadratic) X(tanh) X(gelu) X(softplus) X(silu) X(sigmoid)

/** The activation of that name, or NULL. */
const ordpar_activation *ordpar_activation_find(const char *name);

/** Number index (from 0) of the known activations, NULL past the last. */
const ordpar_activation *ordpar_activation_at(size_t index);

/** Doubles of scratch that averages of four fields, deviations included, need for n fields. */
size_t ordpar_activation_work(const ordpar_activation *activation, size_t n);

/**
 * E[(sum_a u_a g(z_a))^2] = sum_ab u_a u_b E[g(z_a) g(z_b)] [2.5], with the gradient as above (or
 * NULL). The generalization error is half of it, with u = (v, -w).
 */
double ordpar_activation_squared_error(const ordpar_activation *activation, size_t n,
                                       const double *c, const double *u, double *gradient);

/** One term of such a sum: returns weight times the average of fields a and b, and adds its
 * derivatives to gradient[n*n], unless that is NULL. */
double ordpar_squared_error_add(size_t n, double weight, ordpar_pair_average gg, size_t a, size_t b,
                                double *gradient);

/** Relative errors of averages by quadrature. */
typedef struct {
    double gg;    /**< of E[g g]: that of eps_g */
    double dg_dg; /**< of E[g' g']: that of the speed at which a curve is run through */
} ordpar_average_errors;

/**
 * The errors for two equal fields of this variance (>= 0, finite), by comparison with a finer rule
 * in one dimension; those of other pairs are of this size. 0 for activations with closed averages.
 */
ordpar_average_errors ordpar_activation_average_errors(const ordpar_activation *activation,
                                                       double variance);

ORDPAR_DECLARATIONS_END

#endif
