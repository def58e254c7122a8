// SPDX-License-Identifier: GPL-3.0-or-later
/** What an activation does with a field turned round or scaled. Internal to solver/. */
#ifndef ORDPAR_ACTIVATION_PARITY_H
#define ORDPAR_ACTIVATION_PARITY_H

#include "activation.h"

/** g(-x) = g(x) */
static inline bool ordpar_activation_is_even(const ordpar_activation *activation) {
    return activation->g(1) == activation->g(-1);
}

/** g(-x) = -g(x) */
static inline bool ordpar_activation_is_odd(const ordpar_activation *activation) {
    return activation->g(1) == -activation->g(-1);
}

/** g(s x) = s g(x) for s > 0, but not for s < 0: the direction of a field counts, not its size. */
static inline bool ordpar_activation_is_homogeneous(const ordpar_activation *activation) {
    return activation->needs_variance;
}

#endif
