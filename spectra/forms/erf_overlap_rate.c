// SPDX-License-Identifier: GPL-3.0-or-later
/* The relaxation of W.B near the teacher. [7.13] */
#include "spectra/forms/erf_asymptotic.h"

#include "base/floating_point.h"

#include <math.h>

typedef struct {
    const ordpar_spectrum *spectrum;
    size_t L; /* without eigenvalues that are 0 */
    double M, eta;
    ordpar_erf_rates c;
    double a, f; /* N_ii = a Omega_ii + f sum_n Omega_ni, N_im = f Omega_mm */
} relaxation;

static relaxation make_relaxation(const ordpar_spectrum *spectrum, const ordpar_erf_site *site,
                                  double eta) {
    const double k = 2 / M_PI * site->v * site->v, T = site->T;
    relaxation r = {.spectrum = spectrum,
                    .L = spectrum->L,
                    .M = (double)site->M,
                    .eta = eta,
                    .c = ordpar_erf_site_rates(site),
                    .f = k / ((1 + T) * (1 + T))};
    r.a = 2 * k * pow(1 + 2 * T, -1.5) - r.f;
    while (r.L > 1 && spectrum->lambda[r.L - 1] == 0)
        r.L--;
    return r;
}

/* sum_b p_b c_b lambda_b^2 eta / (mu + eta lambda_b c), mu = -eta slowest + distance */
static double sum(const relaxation *r, double c, double slowest, double distance) {
    const ordpar_spectrum *s = r->spectrum;
    double total = 0;
    for (size_t b = r->L; b-- > 0;)
        total += s->p[b] * s->c[b] * s->lambda[b] *
                 (r->eta * s->lambda[b] / (distance + r->eta * (s->lambda[b] * c - slowest)));
    return total;
}

/* det(1 - W), the equations of Omega_ii and of sum_n Omega_ni */
static double determinant(const relaxation *r, double slowest, double distance) {
    const double plus = sum(r, r->c.plus, slowest, distance);
    if (r->M == 1) /* both equations are one */
        return 1 - plus * (r->a + r->f);
    const double minus = sum(r, r->c.minus, slowest, distance);
    const double share = minus + (plus - minus) / r->M, g = r->a + (r->M - 1) * r->f;
    return (1 - minus * r->a - (plus - minus) / r->M * g) * (1 - plus * r->f) -
           share * r->f * plus * g;
}

double ordpar_erf_overlap_rate(const ordpar_spectrum *spectrum, const ordpar_erf_site *site,
                               double eta) {
    ORDPAR_FLOATING_POINT;
    const relaxation r = make_relaxation(spectrum, site, eta);
    const double slowest = spectrum->lambda[r.L - 1] * (r.M == 1 ? r.c.plus : r.c.minus);
    double low = log2(eta * slowest) - 50, high = log2(eta * slowest) + 2;
    if (determinant(&r, slowest, exp2(low)) > 0)
        return NAN;
    for (int step = 0; step < 60; step++) {
        const double middle = (low + high) / 2;
        *(determinant(&r, slowest, exp2(middle)) < 0 ? &low : &high) = middle;
    }
    return exp2(high) - eta * slowest;
}
