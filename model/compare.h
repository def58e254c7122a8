// SPDX-License-Identifier: GPL-3.0-or-later
/** Comparisons of theory and simulation. Internal. */
#ifndef ORDPAR_COMPARE_H
#define ORDPAR_COMPARE_H

#include "base/status.h"
#include "model/model_internal.h"
#include "model/parts.h"
#include "validation/compare/statistics.h"

typedef struct {
    ordpar_comparison last; /* the grid's last row */
    ordpar_agreement agreement;
    ordpar_agreement spreads; /* of the runs, where that is predicted; else NAN */
    double where;             /* alpha of the largest |z| */
} ordpar_compare_summary;

/** What the settings of a comparison must not have together. Errors: INVALID. */
ordpar_status ordpar_compare_check(const ordpar_model *model, ordpar_error *err);

/** What its parts must not have; beyond the settings. Errors: INVALID. */
ordpar_status ordpar_compare_check_parts(const ordpar_model *model, const ordpar_parts *parts,
                                         ordpar_error *err);

/** Compares, for a sweep. */
ordpar_status ordpar_compare_summarize(const ordpar_model *model, ordpar_compare_summary *summary,
                                       ordpar_error *err);

#endif
