// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectra/forms/erf_asymptotic.h"

#include "base/floating_point.h"
#include "base/team.h"
#include "spectra/forms/exp_sum.h"
#include "spectra/forms/linear_modes.h"

#include <complex.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

ordpar_erf_rates ordpar_erf_site_rates(const ordpar_erf_site *site) { /* [7.5] */
    const double factor = 2 / M_PI * site->v * site->v, T = site->T;
    const double root = sqrt(1 + 2 * T), same = 1 / root, other = 1 / (1 + T);
    return (ordpar_erf_rates){factor * (same + ((double)site->M - 1) * other),
                              /* same - other, without the difference */
                              factor * same * other * T / ((1 + T) + root) * T};
}

ordpar_scaling_window ordpar_erf_window(const ordpar_power_law *law, const ordpar_erf_site *site,
                                        double eta) {
    const ordpar_erf_rates c = ordpar_erf_site_rates(site);
    ordpar_scaling_window window = ordpar_linear_window(law, eta * c.plus, 1);
    if (site->M > 1)
        window.begin = ordpar_linear_window(law, eta * c.minus, 1).begin;
    return window;
}

/* x^-1/2 at x = s + d is s^-1/2 (1 - y/2 + curve) with y = d/s >= 0. */
typedef struct {
    double half, curve;
} root_part;

static root_part part_of(double d, double s) {
    const double y = d / s, r = sqrt(1 + y);
    return (root_part){y / 2, y / (1 + r) * (y / (1 + r)) * (2 + r) / (2 * r)};
}

/*
 * The rows of minus, by factor/m. The products in dd, nd and nn are the inverse roots of s = 1 + 4
 * T and of what is s to first order in T: up to there they cancel, in that of (minus, minus) up to
 * third order.
 */
static void small_noise(double m, double T, double *mixed, double *minus) {
    const double s = 1 + 4 * T, T2 = T * T;
    const root_part b = part_of(4 * T2, s), c = part_of(3 * T2, s),
                    d = part_of((5 + 2 * T) * T2, s), e = part_of((6 + (4 + T) * T) * T2, s);
    const double pairs = (m - 2) * (m - 3);
    *mixed = ((m - 3) * (b.curve - b.half) + 2 * (m - 2) * (c.curve - c.half) +
              (m - 2) * (m - 6) * (d.curve - d.half) - pairs * (e.curve - e.half)) /
             sqrt(s);
    *minus = ((m * m - 2 * m + 3) * b.curve - 4 * (m - 1) * c.curve - 2 * pairs * d.curve +
              pairs * (e.curve - T2 * T2 / (2 * s))) /
             sqrt(s);
}

void ordpar_erf_site_noise(const ordpar_erf_site *site, double F[2][2]) { /* [7.7] */
    const double m = (double)site->M, T = site->T, v2 = site->v * site->v;
    const double factor = 4 / (M_PI * M_PI) * v2 * v2;
    const double s1 = 1 / sqrt(1 + T), s2 = 1 / sqrt(1 + 2 * T), s3 = 1 / sqrt(1 + 3 * T),
                 s4 = 1 / sqrt(1 + 4 * T);
    /* rows: a diagonal and an off-diagonal element of F(e); columns: those of e */
    const double dd = s4 + (m - 1) * s2 * s2;
    const double dn = (m - 1) * (2 * s3 * s1 + (m - 2) * s2 * s1 * s1);
    const double nd = 2 * s3 * s1 + (m - 2) * s1 * s1 * s2;
    const double nn = 2 * s2 * s2 + (m - 2) * (4 * s2 * s1 * s1 + (m - 3) * s1 * s1 * s1 * s1);
    /* to (plus, minus): plus = d + (m-1) n, minus = d - n; d = (plus + (m-1) minus)/m, n = (plus -
     * minus)/m */
    double mixed = dd + (m - 2) * nd - nn, minus = (m - 1) * (dd - nd) - (dn - nn);
    if (T < 0.5)
        small_noise(m, T, &mixed, &minus);
    F[0][0] = factor * (dd + (m - 1) * nd + dn + (m - 1) * nn) / m;
    F[0][1] = factor * (m - 1) * mixed / m;
    F[1][0] = factor * mixed / m;
    F[1][1] = factor * minus / m;
    if (site->M == 1) /* there is no minus */
        F[0][1] = F[1][0] = F[1][1] = 0;
}

/* The spectral radius of a 2 x 2 matrix with elements >= 0. */
static double radius(double a, double b, double c, double d) {
    return ((a + d) + sqrt((a - d) * (a - d) + 4 * b * c)) / 2;
}

double ordpar_erf_critical_eta(const ordpar_erf_site *site) {
    ORDPAR_FLOATING_POINT;
    double F[2][2];
    const ordpar_erf_rates c = ordpar_erf_site_rates(site);
    ordpar_erf_site_noise(site, F);
    return 2 / (site->trace * radius(F[0][0] / c.plus, F[0][1] / c.plus, F[1][0] / c.minus,
                                     F[1][1] / c.minus)); /* [7.8] */
}

/* The linearised operator; its poles and roots are counted from the slowest pole. */
typedef struct {
    const ordpar_spectrum *spectrum;
    double eta;
    double c[2]; /* plus, minus; for M = 1 both are plus, and minus has no weight */
    double multiplicity[2];
    double F[2][2];
    size_t L;     /* without eigenvalues that are 0 */
    double slope; /* lambda c of the slowest pole, which is -2 eta slope */
} operator;

static operator make_operator(const ordpar_spectrum *spectrum, const ordpar_erf_site *site,
                              double eta) {
    const ordpar_erf_rates c = ordpar_erf_site_rates(site);
    operator op = {.spectrum = spectrum,
                   .eta = eta,
                   .c = {c.plus, site->M > 1 ? c.minus : c.plus},
                   .multiplicity = {1, (double)site->M - 1},
                   .L = spectrum->L};
    ordpar_erf_site_noise(site, op.F);
    while (op.L > 1 && spectrum->lambda[op.L - 1] == 0)
        op.L--;
    op.slope = spectrum->lambda[op.L - 1] * op.c[1];
    return op;
}

/* eta^2 sum_b p_b lambda_b^2 / (s + 2 eta lambda_b c), s = slowest pole + distance */
static double real_sum(const operator* op, int sign, double distance) {
    const ordpar_spectrum *s = op->spectrum;
    double sum = 0;
    for (size_t b = op->L; b-- > 0;) {
        const double step = op->eta * s->lambda[b];
        sum += s->p[b] * step *
               (step / (distance + 2 * op->eta * (s->lambda[b] * op->c[sign] - op->slope)));
    }
    return sum;
}

/* The spectral radius of eta^2 diag(sums) F, which falls as the distance grows. */
static double gain(const operator* op, double distance) {
    const double plus = real_sum(op, 0, distance), minus = real_sum(op, 1, distance);
    return radius(plus * op->F[0][0], plus * op->F[0][1], minus * op->F[1][0], minus * op->F[1][1]);
}

/* How far above the slowest pole the largest root of det(1 - eta^2 diag(sums) F) lies. */
static double root_distance(const operator* op) {
    double low = -1000, high = 1000; /* log2 */
    for (int step = 0; step < 70; step++) {
        const double middle = (low + high) / 2;
        *(gain(op, exp2(middle)) > 1 ? &low : &high) = middle;
    }
    return exp2(high);
}

double ordpar_erf_asymptotic_rate(const ordpar_spectrum *spectrum, const ordpar_erf_site *site,
                                  double eta) {
    ORDPAR_FLOATING_POINT;
    const operator op = make_operator(spectrum, site, eta);
    return root_distance(&op) - 2 * eta * op.slope;
}

/* eps_g of the start. */
static double start_of(const ordpar_erf_site *site, double sigma_W) {
    const ordpar_erf_rates c = ordpar_erf_site_rates(site);
    const double others = site->M > 1 ? ((double)site->M - 1) * c.minus : 0;
    return sigma_W * sigma_W / 2 * site->trace * (c.plus + others);
}

/* What is finite may have a product that is not. lambda: the largest eigenvalue. */
static ordpar_status check_products(const ordpar_erf_site *site, double lambda, double eta,
                                    double sigma_W, ordpar_error *err) {
    const ordpar_erf_rates c = ordpar_erf_site_rates(site);
    double F[2][2];
    ordpar_erf_site_noise(site, F);
    if (!(c.plus > 0) || (site->M > 1 && !(c.minus > 0)) || !isfinite(F[0][0] + F[1][1]))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "output weights of %g and a field of variance %g have rates that are "
                           "0 or infinite",
                           site->v, site->T);
    if (!isfinite(2 * eta * lambda * c.plus) || !isfinite(2 * eta * lambda))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the learning rate %g is too large for the eigenvalue %g", eta, lambda);
    return isfinite(2 * start_of(site, sigma_W))
               ? ORDPAR_OK
               : ordpar_fail(err, ORDPAR_INVALID,
                             "eps_g of the start overflows: sigma_J is %g, the trace %g", sigma_W,
                             site->trace);
}

static ordpar_status check(const ordpar_erf_site *site, double lambda, double eta, double sigma_W,
                           const double *alpha, size_t count, ordpar_error *err) {
    if (site->M < 1 || !isfinite(site->v) || !(site->T > 0) || !isfinite(site->T))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the specialised phase needs M >= 1, finite output weights and T > 0, "
                           "got %zu, %g, %g",
                           site->M, site->v, site->T);
    if (!(eta > 0) || !isfinite(eta))
        return ordpar_fail(err, ORDPAR_INVALID, "eta must be positive and finite, got %g", eta);
    if (!(sigma_W >= 0) || !isfinite(sigma_W))
        return ordpar_fail(err, ORDPAR_INVALID, "sigma_J must be finite and >= 0, got %g", sigma_W);
    for (size_t j = 0; j < count; j++)
        if (!(alpha[j] >= 0) || !isfinite(alpha[j]))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "alpha must be finite and >= 0, got %g in row %zu", alpha[j], j + 1);
    return check_products(site, lambda, eta, sigma_W, err);
}

/* eps_g is a sum over plus and minus of a curve that part computes into out[count]. */
typedef ordpar_status (*curve_part)(const void *context, double c, double weight,
                                    const double *alpha, size_t count, double *out,
                                    ordpar_error *err);

static ordpar_status add_parts(const ordpar_erf_site *site, double sigma_W, curve_part part,
                               const void *context, const double *alpha, size_t count,
                               double *eps_g, ordpar_error *err) {
    const ordpar_erf_rates c = ordpar_erf_site_rates(site);
    double *minus = malloc((count + 1) * sizeof *minus);
    if (!minus)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    ordpar_status status =
        part(context, c.plus, sigma_W * sigma_W * c.plus, alpha, count, eps_g, err);
    if (!status && site->M > 1)
        status = part(context, c.minus, sigma_W * sigma_W * c.minus * ((double)site->M - 1), alpha,
                      count, minus, err);
    for (size_t j = 0; j < count && !status && site->M > 1; j++)
        eps_g[j] += minus[j];
    free(minus);
    return status;
}

typedef struct {
    const ordpar_spectrum *spectrum;
    const ordpar_power_law *law;
    double eta;
} part_context;

/* [7.6] weight/2 sum_b p lambda exp(-2 eta c lambda alpha) */
static ordpar_status sum_part(const void *context, double c, double weight, const double *alpha,
                              size_t count, double *out, ordpar_error *err) {
    const part_context *in = context;
    const ordpar_spectrum *s = in->spectrum;
    double *weights = malloc(2 * s->L * sizeof *weights), *rates = weights + s->L;
    if (!weights)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", s->L);
    for (size_t b = 0; b < s->L; b++) {
        weights[b] = weight / 2 * s->p[b] * s->lambda[b];
        rates[b] = 2 * in->eta * c * s->lambda[b];
    }
    ordpar_exp_sum(s->L, weights, rates, count, alpha, out);
    free(weights);
    return ORDPAR_OK;
}

static ordpar_status continuum_part(const void *context, double c, double weight,
                                    const double *alpha, size_t count, double *out,
                                    ordpar_error *err) {
    const part_context *in = context;
    return ordpar_linear_continuum(in->law, in->eta * c, weight, alpha, count, out, err);
}

ordpar_status ordpar_erf_asymptotic_small_eta(const ordpar_spectrum *spectrum,
                                              const ordpar_erf_site *site, double eta,
                                              double sigma_W, const double *alpha, size_t count,
                                              double *eps_g, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const part_context context = {.spectrum = spectrum, .eta = eta};
    const ordpar_status status = check(site, spectrum->lambda[0], eta, sigma_W, alpha, count, err);
    return status ? status : add_parts(site, sigma_W, sum_part, &context, alpha, count, eps_g, err);
}

ordpar_status ordpar_erf_asymptotic_continuum(const ordpar_power_law *law,
                                              const ordpar_erf_site *site, double eta,
                                              double sigma_W, const double *alpha, size_t count,
                                              double *eps_g, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const part_context context = {.law = law, .eta = eta};
    const ordpar_status status = check(site, law->lambda_plus, eta, sigma_W, alpha, count, err);
    return status ? status
                  : add_parts(site, sigma_W, continuum_part, &context, alpha, count, eps_g, err);
}

/* The Laplace transform of eps_g at s = slowest pole + distance [7.7]. */
static double complex transform(const operator* op, double complex s, double complex distance,
                                double start, double noise) {
    const ordpar_spectrum *spectrum = op->spectrum;
    double complex g[2], k[2];
    for (int sign = 0; sign < 2; sign++) {
        double complex first = 0, second = 0;
        for (size_t b = op->L; b-- > 0;) {
            const double lambda = spectrum->lambda[b];
            const double complex term =
                spectrum->p[b] * lambda /
                (distance + 2 * op->eta * (lambda * op->c[sign] - op->slope));
            first += term;
            second += op->eta * (op->eta * lambda) * term;
        }
        k[sign] = second;
        g[sign] = start * first;
        if (noise > 0)
            g[sign] += k[sign] * noise * op->c[sign] / s;
    }
    const double complex a = 1 - k[0] * op->F[0][0], b = -k[0] * op->F[0][1],
                         c = -k[1] * op->F[1][0], d = 1 - k[1] * op->F[1][1];
    const double complex plus = (g[0] * d - b * g[1]) / (a * d - b * c),
                         minus = (a * g[1] - c * g[0]) / (a * d - b * c);
    return (op->multiplicity[0] * op->c[0] * plus + op->multiplicity[1] * op->c[1] * minus) / 2;
}

/*
 * The inverse transform by the trapezoidal rule on Talbot's contour (with the parameters of
 * Trefethen, Weideman and Schmelzer 2006), around the poles left of one that is taken out as a
 * factor, so that the relative error stays small when eps_g decays exponentially: the slowest root,
 * or the pole at s = 0 that constant noise adds.
 */
static double invert(const operator* op, double root, double start, double noise, double alpha) {
    enum { NODES = 24 };
    const double slowest = -2 * op->eta * op->slope;
    const double pole = noise > 0 ? 0 : slowest + root, distance = noise > 0 ? -slowest : root;
    if (pole * alpha < -1500) /* below the smallest double, whatever the factor */
        return 0;
    double sum = 0;
    for (int j = 0; j < NODES / 2; j++) {
        const double theta = (2 * j + 1) * M_PI / NODES, x = 0.6407 * theta;
        const double complex z = NODES * (0.5017 * theta / tan(x) - 0.6122 + 0.2645 * I * theta);
        const double complex dz =
            NODES * (0.5017 / tan(x) - 0.5017 * 0.6407 * theta / (sin(x) * sin(x)) + 0.2645 * I);
        const double complex s = z / alpha;
        sum += creal(cexp(z) * transform(op, pole + s, distance + s, start, noise) * dz / I);
    }
    return 2 * sum / (NODES * alpha) * exp(pole * alpha / 2) * exp(pole * alpha / 2);
}

typedef struct {
    const operator* op;
    double root, start, noise, first;
    const double *alpha;
    double *eps_g;
} inversion;

static void invert_row(void *context, size_t j, size_t member) {
    const inversion *in = context;
    const double alpha = in->alpha[j];
    (void)member;
    in->eps_g[j] = alpha > 0 ? invert(in->op, in->root, in->start, in->noise, alpha) : in->first;
}

ordpar_status ordpar_erf_asymptotic(const ordpar_spectrum *spectrum, const ordpar_erf_site *site,
                                    double eta, double sigma_W, double label_noise,
                                    const double *alpha, size_t count, double *eps_g,
                                    ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const ordpar_status status = check(site, spectrum->lambda[0], eta, sigma_W, alpha, count, err);
    if (status)
        return status;
    if (!(label_noise >= 0) || !isfinite(label_noise * label_noise))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the label noise must be >= 0 with a finite square, got %g",
                           label_noise);
    const double critical = ordpar_erf_critical_eta(site);
    if (eta >= critical)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the learning rate must be below the critical one, %.6g, got %.6g",
                           critical, eta);
    const operator op = make_operator(spectrum, site, eta);
    const double start = sigma_W * sigma_W, noise = label_noise * label_noise;
    const double root = root_distance(&op);
    double *values = malloc((count + 1) * sizeof *values);
    if (!values)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    inversion in = {&op, root, start, noise, start_of(site, sigma_W), alpha, values};
    ordpar_parallel(ordpar_threads(0), count, invert_row, &in);
    const ordpar_status found = ordpar_forms_check(count, alpha, values, err);
    for (size_t j = 0; j < count && !found; j++)
        eps_g[j] = values[j];
    free(values);
    return found;
}
