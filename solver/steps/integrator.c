// SPDX-License-Identifier: GPL-3.0-or-later
/* Which method makes the steps of a run. */
#include "solver/steps/integrator.h"

#include "solver/motion/state.h"
#include "solver/steps/integrate.h"
#include "solver/steps/newton_shifts.h"

#include <math.h>

/* Eigenvalues from where on, and the tolerance up to which, Radau IIA is taken unasked. For a wide
 * network it would factorise the matrices that newton_wide.c does without. */
enum { WIDE = 150, MANY = 512 };
static const double tight = 1e-9;

static bool suits_radau(const ordpar_network *network, size_t L, double rtol) {
    return ordpar_order_parameter_count(network->K, network->M) < WIDE &&
           (L >= MANY || rtol <= tight);
}

const ordpar_integrator *ordpar_integrator_for(const ordpar_network *network, size_t L, double rtol,
                                               ordpar_integrator_choice choice) {
    const bool radau = choice == ORDPAR_INTEGRATOR_RADAU ||
                       (choice == ORDPAR_INTEGRATOR_AUTO && suits_radau(network, L, rtol));
    return radau && ordpar_newton_shifts_exist(ordpar_state_for(network))
               ? &ordpar_integrator_radau
               : &ordpar_integrator_cvode;
}

/* Of sums for each part of the eigenvalues, of which chunks are 64 or more. */
static double sums_bytes(const ordpar_network *network, double L, double systems) {
    const double k = (double)network->K, m = (double)network->M;
    return 8 * fmin(ORDPAR_MOST_PARTS, ceil(L / 64)) * systems * k *
           (m * m + 2 * k * m + k * k + k);
}

double ordpar_integrate_bytes(const ordpar_network *network, size_t L,
                              ordpar_integrator_choice choice) {
    const ordpar_integrator *method = ordpar_integrator_for(network, L, 0, choice);
    const ordpar_state *state = ordpar_state_for(network);
    const size_t K = network->K, M = network->M;
    const double l = (double)L, units = (double)(K + M);
    const double block = (double)state->numbers(K, M, K + M);
    const bool wide = !method->pairs && ordpar_newton_may_be_wide(network);
    const double systems = 1 + 2 * (double)method->pairs;
    const double pairs = method->pairs ? ordpar_newton_shifts_bytes(network, L, method->pairs) +
                                             sums_bytes(network, l, systems)
                                       : 0;
    return ordpar_newton_bytes(state, network, L, wide) + pairs +
           8 * l * ((double)method->vectors * block + 6 * units * units);
}
