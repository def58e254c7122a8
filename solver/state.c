// SPDX-License-Identifier: GPL-3.0-or-later
#include "state.h"

const ordpar_state *ordpar_state_for(const ordpar_network *network) {
    return network->small_eta ? &ordpar_state_vectors : &ordpar_state_overlaps;
}
