// SPDX-License-Identifier: GPL-3.0-or-later
/* Sums over the stages of a step, for each vector width. */
#include "solver/steps/stages.h"

#include "base/vectorise.h"

#define ORDPAR_JOIN(name, lanes) ORDPAR_JOIN_NOW(name, lanes)
#define ORDPAR_JOIN_NOW(name, lanes) name##_by_##lanes

enum { MOST = ORDPAR_MOST_STAGES };

#if defined(__x86_64__)
#define LANES 8
#define TARGET ORDPAR_TARGET_V4
#include "solver/steps/stages_loops.h"

#define LANES 4
#define TARGET ORDPAR_TARGET_V3
#include "solver/steps/stages_loops.h"
#endif

#define LANES 2
#define TARGET
#include "solver/steps/stages_loops.h"

void ordpar_stages_mix(size_t rows, size_t s, size_t count, size_t stride, const double *A,
                       const double *z, const double *base, double *out) {
    ORDPAR_WIDEST(mix_all, rows, s, count, stride, A, z, base, out);
}

void ordpar_stages_residual(size_t s, size_t count, size_t stride, const double *inverse,
                            const double *D, const double *z, double *f) {
    ORDPAR_WIDEST(residual_all, s, count, stride, inverse, D, z, f);
}

double ordpar_stages_update(size_t s, size_t count, size_t stride, const double *T, const double *w,
                            const double *weights, double *z) {
    return ORDPAR_WIDEST(update_all, s, count, stride, T, w, weights, z);
}
