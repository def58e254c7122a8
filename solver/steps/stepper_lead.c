// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Deviations that begin at 0, or decades below what noise soon makes of them, do not say what an
 * error is small beside. Up to a thousandth of the way to the next row or kink errors are small
 * beside two steps of Euler's that far (r moves by what the first one has made of q): eps_g is
 * larger by the time that it is looked at.
 */
#include "solver/steps/stepper_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* lead[2 size]: the first half receives the state. */
static bool make_steps(const ordpar_ode *ode, const double *y, double alpha, double length,
                       double *lead) {
    double *rate = lead + ode->size;
    memcpy(lead, y, ode->size * sizeof *lead);
    for (int step = 1; step <= 2; step++) {
        if (ode->rate(ode->context, alpha + step * length, lead, rate))
            return false;
        for (size_t k = 0; k < ode->size; k++)
            lead[k] += length * rate[k];
    }
    return true;
}

bool ordpar_stepper_look_ahead(ordpar_stepper *in, double alpha, bool *leads) {
    const double part = 1e-3, nothing = 1e-6;
    const ordpar_ode ode = ordpar_stepper_ode(in);
    const double *y = in->integrator->state(in->method), now = in->integrator->alpha(in->method);
    const double length = part * (fmin(alpha, in->next_kink) - now);
    *leads = false;
    in->lead_until = -INFINITY;
    if (!(length > 0))
        return true;
    in->begins = false;
    if (in->coordinates->next)
        return true;
    if (!in->lead && !(in->lead = malloc(2 * ode.size * sizeof *in->lead)))
        return false;
    if (!make_steps(&ode, y, now, length / 2, in->lead))
        return true; /* it is said where a step fails of it */
    in->lead_error = fabs(ordpar_stepper_error_at(in, in->lead));
    *leads = fabs(ordpar_stepper_error_at(in, y)) < nothing * in->lead_error &&
             in->lead_error < INFINITY;
    if (*leads)
        in->lead_until = now + length;
    in->has_c = false;
    return true;
}
