// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/finite_n.h"

#include "solver/motion/linear_reduction.h"
#include "spectra/forms/linear_critical.h"

#include <math.h>

void ordpar_finite_n_ratio_fact(const ordpar_model *model, const ordpar_parts *parts,
                                ordpar_table *t) {
    const ordpar_network *n = &parts->network;
    const ordpar_spectrum *s = &parts->spectrum;
    const size_t trained = parts->trained_blocks;
    if (!ordpar_network_has(n, &ordpar_activation_linear) ||
        !ordpar_training_is_plain(&n->training))
        return;
    const double eta = ordpar_linear_effective_eta(n);
    const double margin = n->small_eta ? 1 : ordpar_linear_margin(s, trained, eta);
    const double here = ordpar_linear_margin_finite_n(s, trained, eta);
    const double excess = here > 0 ? margin / here - 1 : INFINITY,
                 promised = 10 * model->value.rtol;
    if (!(fabs(excess) > promised))
        return;
    const double r = ordpar_linear_ratio_finite_n(s, trained, eta);
    if (here > 0)
        ordpar_table_fact(t, "finite N", excess,
                          "at this N r_N = %.6g takes the place of %.6g in the equations: late, "
                          "the mean over runs lies off them by a relative %.2g or more, which is "
                          "more than the promised %.2g; theory finite-n is exact",
                          r, 1 - margin, excess, promised);
    else
        ordpar_table_fact(t, "finite N", excess,
                          "at this N r_N = %.6g takes the place of %.6g in the equations: the mean "
                          "over runs diverges, made by rare ones",
                          r, 1 - margin);
}

void ordpar_finite_n_divergence_fact(const ordpar_parts *parts, ordpar_table *t) {
    const ordpar_network *n = &parts->network;
    if (!ordpar_network_has(n, &ordpar_activation_linear) ||
        !ordpar_training_is_plain(&n->training) || parts->data.set)
        return;
    const double r = ordpar_linear_ratio_finite_n(&parts->spectrum, parts->trained_blocks,
                                                  ordpar_linear_effective_eta(n));
    if (!(r < 1))
        ordpar_table_fact(t, "finite N", r,
                          "at this N r_N = %.6g is not below 1: the mean over runs diverges, made "
                          "by rare ones",
                          r);
}

ordpar_status ordpar_finite_n_parting_fact(const ordpar_parts *parts, ordpar_table *t,
                                           ordpar_error *err) {
    double alpha;
    const ordpar_status status =
        ordpar_overlaps_parting(&parts->start, &parts->spectrum, &parts->network, &alpha, err);
    if (!status && alpha > 1)
        ordpar_table_fact(t, "parting", alpha,
                          "two students start so nearly the same that the examples of a run at "
                          "this N do not tell them apart before alpha = %.2g or so; the equations "
                          "of %s part them at once",
                          alpha, parts->network.activation->name);
    return status;
}
