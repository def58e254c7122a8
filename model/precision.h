// SPDX-License-Identifier: GPL-3.0-or-later
/** The part of ordpar_compute_precision that has a file of its own. Internal. */
#ifndef ORDPAR_PRECISION_H
#define ORDPAR_PRECISION_H

#include "model/table.h"

/** What the closure of the hierarchy of moments costs (mp_map.h): a row for each of `sizes`. */
ordpar_status ordpar_precision_map(const ordpar_model *model, ordpar_table *t, ordpar_error *err);

#endif
