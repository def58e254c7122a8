// SPDX-License-Identifier: GPL-3.0-or-later
/** What the closed forms of the command line share: closed_form_linear.c and closed_form_erf.c. */
#ifndef ORDPAR_CLI_CLOSED_FORM_H
#define ORDPAR_CLI_CLOSED_FORM_H

#include "linear_continuum.h"
#include "model.h"
#include "output.h"
#include "table.h"

#include <stdbool.h>

typedef struct {
    const options *parsed;
    const char *name;
    model m;
    table t;
    double *alpha;  /* curves: [count] the grid, and ... */
    double *values; /* ... eps_g */
    size_t count;
    bool has_window; /* curves: the power law to draw and to note */
    ordpar_scaling_window window;
} closed_form;

/**
 * Each fills f->values, or adds columns and a row to f->t, and adds its notes. Returns -1 or an
 * exit code after one line on standard error. f->m holds spectrum and network (for
 * linear-continuum, which takes any L, the spectrum's N and L alone).
 */
int closed_form_linear_exact(closed_form *f);
int closed_form_linear_small_eta(closed_form *f);
int closed_form_linear_continuum(closed_form *f);
int closed_form_linear_finite_n(closed_form *f);
int closed_form_features(closed_form *f);
int closed_form_frontier(closed_form *f);
int closed_form_plateau(closed_form *f);
int closed_form_escape(closed_form *f);
int closed_form_asymptotic(closed_form *f);
int closed_form_critical_eta(closed_form *f);

/** The picture of the frontier. Returns -1 or an exit code. */
int closed_form_frontier_draw(const closed_form *f, output_set *set);

/**
 * A linear network reduced to one unit [6.10]: *eta, and *initial_error[L] per component, which the
 * caller frees in every case. Notes the start. Returns -1 or an exit code.
 */
int closed_form_reduce(closed_form *f, double *eta, double **initial_error);

/** Refuses an option that the closed form has no use for. Returns -1 or EXIT_USAGE. */
int closed_form_refuse(const closed_form *f, const char *option, const char *reason);

/** The power law that the options name. Returns -1 or an exit code. */
int closed_form_power_law(const closed_form *f, ordpar_power_law *law);

/** Takes the overlaps that the options name into f->m.start. Returns -1 or an exit code. */
int closed_form_start(closed_form *f);

#endif
