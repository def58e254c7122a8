// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The one table of closed forms. A new one is a row of ORDPAR_FORM_LIST and its function; what it
 * cannot take is a row of the refusals in closed_form_check.c. Internal.
 */
#ifndef ORDPAR_CLOSED_FORMS_H
#define ORDPAR_CLOSED_FORMS_H

#include "model/parts.h"
#include "model/table.h"
#include "precision/mp_closed_form.h"
#include "solver/motion/linear_reduction.h"

/**
 * X(identifier, function, name, rows, columns, activation). rows: the setting, a grid, that it has
 * a row for each value of, which is its first column; NULL: one row. columns: the others.
 * activation: what it is for; NULL: it looks itself. Digits: where mp_closed_form.h has one of that
 * name.
 */
#define ORDPAR_FORM_LIST(X)                                                                        \
    X(LINEAR_EXACT, linear_exact, "linear-exact", "alpha", "eps_g", "linear")                      \
    X(LINEAR_SMALL_ETA, linear_small_eta, "linear-small-eta", "alpha", "eps_g", "linear")          \
    X(LINEAR_CONTINUUM, linear_continuum, "linear-continuum", "alpha", "eps_g", "linear")          \
    X(LINEAR_FINITE_N, linear_finite_n, "linear-finite-n", "alpha", "eps_g", "linear")             \
    X(FEATURES, features, "features", "alpha", "eps_g", "linear")                                  \
    X(FRONTIER, frontier, "frontier", "compute", "trained,alpha,eps_g,exponent", "linear")         \
    X(PLATEAU, plateau, "plateau", NULL, "Q,R,eps_g", "erf")                                       \
    X(ESCAPE, escape, "escape", NULL, "rate,tau", "erf")                                           \
    X(ESCAPE_LAW, escape_law, "escape-law", NULL, "mean,sd,q05,q50,q95", "erf")                    \
    X(ASYMPTOTIC, asymptotic, "asymptotic", "alpha", "eps_g", "erf")                               \
    X(CRITICAL_ETA, critical_eta, "critical-eta", NULL, "eta_c,eta_c_N", NULL)

/** Their names, separated by |, as a constant. */
#define ORDPAR_FORM_NAME(identifier, function, name, rows, columns, activation) "|" name
#define ORDPAR_FORM_NAMES (&(ORDPAR_FORM_LIST(ORDPAR_FORM_NAME))[1])

typedef enum {
#define ORDPAR_FORM_ENUM(identifier, ...) ORDPAR_FORM_##identifier,
    ORDPAR_FORM_LIST(ORDPAR_FORM_ENUM)
#undef ORDPAR_FORM_ENUM
        ORDPAR_FORMS
} ordpar_form_id;

typedef struct ordpar_form ordpar_form;

typedef struct {
    const char *name, *rows, *columns, *activation;
    ordpar_status (*evaluate)(ordpar_form *f, ordpar_error *err);
} ordpar_form_entry;

/** One being evaluated: the model's parts (of linear-continuum: N and L of the spectrum alone). */
struct ordpar_form {
    const ordpar_model *model;
    ordpar_form_id id;
    const ordpar_form_entry *entry;
    ordpar_parts parts;
    size_t count;
    const double *rows; /* [count] of alpha or compute, in any order */
    double *values;     /* [count] of a curve, whose function fills eps_g in ... */
    ordpar_table *t;    /* ... and else adds its rows here; facts in both cases */
    bool of_run;        /* beside the rows of a run: the model's grid is that run's */
};

/* One function each: what was refused is not there any more. */
#define ORDPAR_FORM_DECLARE(identifier, function, ...)                                             \
    ordpar_status ordpar_form_##function(ordpar_form *f, ordpar_error *err);
ORDPAR_FORM_LIST(ORDPAR_FORM_DECLARE)
#undef ORDPAR_FORM_DECLARE

/** The entry of that name, and *id; NULL: there is none. */
const ordpar_form_entry *ordpar_form_find(const char *name, ordpar_form_id *id);

/** Refuses settings that f->entry has no use for, in double precision or with digits. */
ordpar_status ordpar_form_check(const ordpar_form *f, bool digits, ordpar_error *err);

/** Refuses what came with the overlaps and f->entry has no use for. */
ordpar_status ordpar_form_check_start(const ordpar_form *f, ordpar_error *err);

/** A linear network reduced to one unit [6.10]. */
typedef struct {
    double eta;
    ordpar_linear_start start; /* of the mean over starts, .. */
    double *error; /* [L] E[(J - B)^2] per component at the start, which the caller frees */
} ordpar_one_unit;

/** Notes the critical learning rate [7.8] of erf units where eta is not below it, with equal sizes
 * and output weights, at all orders. */
void ordpar_form_note_critical(ordpar_form *f);

/** True where all runs have one drawn teacher, of the setting teacher-seed, whose forms it is
 * then. */
bool ordpar_form_is_taught(const ordpar_model *model);

/** True where the form is of one teacher, that or the overlaps', not of the mean over them. */
bool ordpar_form_has_one_teacher(const ordpar_model *model);

/** Notes the start. The caller frees unit->error in every case. */
ordpar_status ordpar_form_reduce(ordpar_form *f, ordpar_one_unit *unit, ordpar_error *err);

/** Notes eta/eta_c of the trained components, and r_N where it says another thing at this N. */
void ordpar_form_note_ratio(ordpar_form *f, const ordpar_one_unit *unit);

/** The power law of the settings, with zeta of the teacher; false where the spectrum is another, or
 * has one eigenvalue, or zeta <= -beta. */
bool ordpar_form_power_law(const ordpar_form *f, ordpar_power_law *law);

/**
 * In decimals, into *result, which the caller clears in every case. grid: of a curve; NULL: that of
 * the setting alpha.
 */
ordpar_status ordpar_form_digits(ordpar_form *f, const ordpar_mp_grid *grid,
                                 ordpar_mp_result *result, ordpar_error *err);

#endif
