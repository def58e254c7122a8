// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The floating-point environment of a computation: round to nearest, no traps, denormal numbers
 * kept, whatever the host program has set. LAPACK and others raise flags on the way to right
 * results, which a host that traps them would die of. Public functions that compute begin with
 * ORDPAR_FLOATING_POINT; the host's environment, flags included, is back when they return. The
 * host's callbacks run in the library's environment. Internal.
 */
#ifndef ORDPAR_FLOATING_POINT_H
#define ORDPAR_FLOATING_POINT_H

#include <fenv.h>

typedef struct {
    fenv_t host;
} ordpar_floating_point;

ordpar_floating_point ordpar_floating_point_enter(void);
void ordpar_floating_point_leave(const ordpar_floating_point *host);

/** A declaration: from here to the end of the block. */
#define ORDPAR_FLOATING_POINT                                                                      \
    const ordpar_floating_point host_floating_point                                                \
        __attribute__((cleanup(ordpar_floating_point_leave), unused)) =                            \
            ordpar_floating_point_enter()

#endif
