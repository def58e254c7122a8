// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * MPFR's range of exponents and its flags, which belong to the thread: a host that emulates other
 * formats has set them. Public functions that compute with MPFR begin with ORDPAR_MP_RANGE; what
 * the host had is back when they return. Internal to precision/.
 */
#ifndef ORDPAR_PRECISION_RANGE_H
#define ORDPAR_PRECISION_RANGE_H

#include <mpfr.h>

typedef struct {
    mpfr_exp_t emin, emax;
    mpfr_flags_t flags;
} ordpar_mp_range;

ordpar_mp_range ordpar_mp_range_enter(void);
void ordpar_mp_range_leave(const ordpar_mp_range *host);

/** A declaration: from here to the end of the block. */
#define ORDPAR_MP_RANGE                                                                            \
    const ordpar_mp_range host_range __attribute__((cleanup(ordpar_mp_range_leave), unused)) =     \
        ordpar_mp_range_enter()

#endif
