// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The equations of motion [4.5, 4.6] of all blocks for given coefficients A, G, F. They are linear
 * in the coefficients and, for fixed coefficients, in the state; the Newton solver uses both facts.
 * Internal to solver/.
 *
 * The integrator's state y: first r[(i*M + n)*L + b], then q packed,
 * [(ordpar_packed_index(K, i, j))*L + b] for i <= j.
 */
#ifndef ORDPAR_FLOW_H
#define ORDPAR_FLOW_H

#include "coefficients.h"
#include "overlaps.h"

typedef struct {
    size_t K, M, L;
    double *lambda; /* [L] */
    double *rate;   /* [L] eta lambda_b; 0 in frozen blocks */
    double *noise;  /* [L] eta^2 p_b lambda_b; 0 in frozen blocks */
    double *t;      /* [M*M*L] */
    double *full;   /* [K*K*L] scratch: q unpacked */
    double *half;   /* [K*K*L] scratch: A r^T - G q, before symmetrising */
} ordpar_flow;

/** The first trained_blocks blocks are trained. Errors: MEMORY. The caller clears *flow. */
ordpar_status ordpar_flow_init(const ordpar_spectrum *spectrum, const ordpar_network *network,
                               size_t trained_blocks, const double *t, ordpar_flow *flow,
                               ordpar_error *err);
void ordpar_flow_clear(ordpar_flow *flow);

/** Number of components of y: (K*M + K*(K+1)/2) * L. */
size_t ordpar_flow_size(const ordpar_flow *flow);

/** Writes dy/dalpha. */
void ordpar_flow_apply(const ordpar_flow *flow, const ordpar_coefficients *coefficients,
                       const double *y, double *dy);

/** m = sum_b lambda_b y_b [3.2], the order-1 parameters. */
void ordpar_flow_moment(const ordpar_flow *flow, const double *y, double *m);

/** Between public overlaps and y. */
void ordpar_flow_pack(const ordpar_flow *flow, const ordpar_overlaps *overlaps, double *y);
void ordpar_flow_unpack(const ordpar_flow *flow, const double *y, ordpar_overlaps *overlaps);

#endif
