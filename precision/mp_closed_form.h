// SPDX-License-Identifier: GPL-3.0-or-later
/** Every closed form of the library to any number of right digits. */
#ifndef ORDPAR_MP_CLOSED_FORM_H
#define ORDPAR_MP_CLOSED_FORM_H

#include "base/declarations.h"
#include "precision/mp_model.h"

ORDPAR_DECLARATIONS_BEGIN

/** The list of closed forms: X(identifier, name, columns, whether there is a row for each alpha) */
#define ORDPAR_MP_CLOSED_FORM_LIST(X)                                                              \
    X(LINEAR_EXACT, "linear-exact", "alpha,eps_g", true)                                           \
    X(LINEAR_SMALL_ETA, "linear-small-eta", "alpha,eps_g", true)                                   \
    X(LINEAR_CONTINUUM, "linear-continuum", "alpha,eps_g", true)                                   \
    X(LINEAR_FINITE_N, "linear-finite-n", "alpha,eps_g", true)                                     \
    X(FEATURES, "features", "alpha,eps_g", true)                                                   \
    X(PLATEAU, "plateau", "Q,R,eps_g", false)                                                      \
    X(ESCAPE, "escape", "rate,tau", false)                                                         \
    X(ASYMPTOTIC, "asymptotic", "alpha,eps_g", true)                                               \
    X(CRITICAL_ETA, "critical-eta", "eta_c", false)

/** The closed forms of ORDPAR_MP_CLOSED_FORM_LIST, in its order. */
typedef enum {
#define ORDPAR_MP_ENUM(identifier, name, columns, curve) ORDPAR_MP_##identifier,
    ORDPAR_MP_CLOSED_FORM_LIST(ORDPAR_MP_ENUM)
#undef ORDPAR_MP_ENUM
        ORDPAR_MP_CLOSED_FORMS
} ordpar_mp_closed_form_id;

/** An entry of ORDPAR_MP_CLOSED_FORM_LIST. */
typedef struct {
    const char *name;    /**< as on the command line */
    const char *columns; /**< separated by commas */
    bool curve;          /**< a row for each alpha of the grid; else one row */
} ordpar_mp_closed_form_entry;

/** What a closed form returns; NULL for an unknown name, else *id is set too. */
const ordpar_mp_closed_form_entry *ordpar_mp_closed_form_find(const char *name,
                                                              ordpar_mp_closed_form_id *id);

/**
 * Evaluates a closed form: result holds the rows' numbers in the order of the columns, to
 * options->digits right digits. grid: for the curves; else it may be NULL.
 *
 * LINEAR_EXACT [6.1] (all orders in eta), LINEAR_SMALL_ETA [6.2] and FEATURES (either, as the model
 * says), with the first trained_blocks blocks trained, start from the model's q, r, t, or their
 * mean.
 * LINEAR_CONTINUUM [6.8]: power law, all blocks trained, mean start. LINEAR_FINITE_N [6.5]: the
 * recursion step by step, each alpha rounded to a whole number of steps of 1/N; at most 1e12 block
 * steps. PLATEAU [7.1] and ESCAPE [7.2]: erf, self-averaging teacher, output weights v and w all
 * equal with K v = M w. ASYMPTOTIC [7.6] (small eta) and CRITICAL_ETA [7.8]: erf, K = M, v = w;
 * CRITICAL_ETA also linear [6.4].
 * Errors: INVALID, MEMORY, INTERRUPTED, NUMERICAL. The caller clears *result; it is untouched on
 * failure.
 */
ordpar_status ordpar_mp_closed_form(ordpar_mp_closed_form_id id, const ordpar_mp_model *model,
                                    const ordpar_mp_grid *grid, const ordpar_mp_options *options,
                                    ordpar_mp_result *result, ordpar_error *err);

ORDPAR_DECLARATIONS_END

#endif
