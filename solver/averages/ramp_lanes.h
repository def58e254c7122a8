// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Phi = E[g(a) h(b)] of two smoothed ramps with their bumps, for eight covariances side by side,
 * with its derivatives, which are the averages of derivatives: dPhi/dc_ab = E[g' h'],
 * 2 dPhi/dc_aa = E[g'' h] [12.20]. Internal to ramp*.c.
 */
#ifndef ORDPAR_RAMP_LANES_H
#define ORDPAR_RAMP_LANES_H

#include "solver/averages/mixture_tilts.h"
#include "solver/averages/ramp.h"

/** Derivatives by A = c_aa, C = c_ab and B = c_bb. */
typedef struct {
    double value[ORDPAR_MIXTURE_LANES];
    double A[ORDPAR_MIXTURE_LANES], C[ORDPAR_MIXTURE_LANES], B[ORDPAR_MIXTURE_LANES];
    double AA[ORDPAR_MIXTURE_LANES], AC[ORDPAR_MIXTURE_LANES], CC[ORDPAR_MIXTURE_LANES];
    double BC[ORDPAR_MIXTURE_LANES], BB[ORDPAR_MIXTURE_LANES]; /* AB is CC/4 */
} ordpar_ramp_lanes;

/** Phi of the ramps alone. */
void ordpar_ramp_lanes_of_ramps(const ordpar_ramp *g, const ordpar_ramp *h,
                                const double A[ORDPAR_MIXTURE_LANES],
                                const double C[ORDPAR_MIXTURE_LANES],
                                const double B[ORDPAR_MIXTURE_LANES], ordpar_ramp_lanes *out);

/** Phi without the bumps of both: what has a ramp. The second derivatives only where wanted. */
void ordpar_ramp_lanes_set(const ordpar_ramp *g, const ordpar_ramp *h,
                           const double A[ORDPAR_MIXTURE_LANES],
                           const double C[ORDPAR_MIXTURE_LANES],
                           const double B[ORDPAR_MIXTURE_LANES], bool slopes,
                           ordpar_ramp_lanes *out);

/** Adds to E[g' h'], which is C, and where wanted its derivatives AC, CC and BC, what bumps of both
 * have of it. */
void ordpar_ramp_lanes_add_bumps(const ordpar_ramp *g, const ordpar_ramp *h,
                                 const double A[ORDPAR_MIXTURE_LANES],
                                 const double C[ORDPAR_MIXTURE_LANES],
                                 const double B[ORDPAR_MIXTURE_LANES], bool slopes,
                                 ordpar_ramp_lanes *out);

#endif
