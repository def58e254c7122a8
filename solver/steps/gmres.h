// SPDX-License-Identifier: GPL-3.0-or-later
/** Linear systems by products alone. Internal to solver/. */
#ifndef ORDPAR_GMRES_H
#define ORDPAR_GMRES_H

#include <stdbool.h>
#include <stddef.h>

enum { ORDPAR_GMRES_MOST = 60 /* products */ };

/** out[n] = the matrix times x[n]; x may be changed. */
typedef void (*ordpar_gmres_product)(void *context, double *x, double *out);

/** Numbers of scratch for n unknowns. */
size_t ordpar_gmres_size(size_t n);

/**
 * Solves for x[n], the right-hand side before, by GMRES without restarts (Saad and Schultz 1986),
 * from 0 until the residual is below tolerance times the right-hand side or ORDPAR_GMRES_MOST
 * products were made. Returns their number. work: scratch.
 */
size_t ordpar_gmres(size_t n, ordpar_gmres_product product, void *context, double tolerance,
                    double *work, double *x);

#endif
