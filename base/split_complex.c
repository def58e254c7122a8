// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/split_complex.h"

#include "base/vectorise.h"

ORDPAR_VECTORISED_VOID(static, damping,
                       (size_t n, double re, double im, double a, const double *w, double b,
                        const double *d, double *zr, double *zi),
                       (n, re, im, a, w, b, d, zr, zi)) {
#pragma omp simd
    for (size_t k = 0; k < n; k++) {
        const double x = a * w[k] + b * d[k], ar = 1 + re * x, ai = im * x;
        const double scale = 1 / (ar * ar + ai * ai);
        zr[k] = scale * ar;
        zi[k] = -scale * ai;
    }
}

void ordpar_split_damping(size_t n, double re, double im, double a, const double *w, double b,
                          const double *d, ordpar_split z) {
    damping(n, re, im, a, w, b, d, z.re, z.im);
}

ORDPAR_VECTORISED_VOID(static, scale, (size_t n, double re, double im, double *xr, double *xi),
                       (n, re, im, xr, xi)) {
#pragma omp simd
    for (size_t k = 0; k < n; k++) {
        const double r = re * xr[k] - im * xi[k];
        xi[k] = re * xi[k] + im * xr[k];
        xr[k] = r;
    }
}

void ordpar_split_scale(size_t n, double re, double im, ordpar_split x) {
    scale(n, re, im, x.re, x.im);
}

ORDPAR_VECTORISED_VOID(static, multiply,
                       (size_t n, const double *wr, const double *wi, double *xr, double *xi),
                       (n, wr, wi, xr, xi)) {
#pragma omp simd
    for (size_t k = 0; k < n; k++) {
        const double r = wr[k] * xr[k] - wi[k] * xi[k];
        xi[k] = wr[k] * xi[k] + wi[k] * xr[k];
        xr[k] = r;
    }
}

void ordpar_split_multiply(size_t n, ordpar_split w, ordpar_split x) {
    multiply(n, w.re, w.im, x.re, x.im);
}

ORDPAR_VECTORISED_VOID(static, add_pair,
                       (size_t n, double re, double im, const double *w, const double *xr,
                        const double *xi, const double *yr, const double *yi, double *zr,
                        double *zi),
                       (n, re, im, w, xr, xi, yr, yi, zr, zi)) {
#pragma omp simd
    for (size_t k = 0; k < n; k++) {
        const double r = w[k] * (xr[k] + yr[k]), i = w[k] * (xi[k] + yi[k]);
        zr[k] += re * r - im * i;
        zi[k] += re * i + im * r;
    }
}

void ordpar_split_add_pair(size_t n, double re, double im, const double *w, ordpar_split x,
                           ordpar_split y, ordpar_split z) {
    add_pair(n, re, im, w, x.re, x.im, y.re, y.im, z.re, z.im);
}
