// SPDX-License-Identifier: GPL-3.0-or-later
/** Starts of many units and blocks take long to draw. Internal. */
#ifndef ORDPAR_OVERLAPS_DRAW_H
#define ORDPAR_OVERLAPS_DRAW_H

#include "solver/state/overlaps.h"

#include <signal.h>

/** What ordpar_overlaps_start_taught draws. */
typedef struct {
    const ordpar_spectrum *spectrum;
    size_t K, M;
    ordpar_init init;
    ordpar_teacher teacher;
    double sigma_J;
    uint64_t seed, run;
    const uint64_t *teacher_seed;      /* may be NULL */
    const volatile sig_atomic_t *stop; /* may be NULL */
} ordpar_draw;

/** Errors: as there, INTERRUPTED. The caller clears *overlaps. */
ordpar_status ordpar_overlaps_draw(const ordpar_draw *draw, ordpar_overlaps *overlaps,
                                   ordpar_error *err);

#endif
