// SPDX-License-Identifier: GPL-3.0-or-later
/** The part of ordpar_compute_precision that has a file of its own. Internal. */
#ifndef ORDPAR_PRECISION_H
#define ORDPAR_PRECISION_H

#include "model/table.h"

/** What the closure of the hierarchy of moments costs (mp_map.h): a row for each of `sizes`. */
ordpar_status ordpar_precision_map(const ordpar_model *model, ordpar_table *t, ordpar_error *err);

/** The settings that its rows are of, as ordpar_model_settings_text has those of a model: the
 * network of the map in place of the defaults, without what its sizes are, or what it has no use
 * for. *text is the caller's to free. */
ordpar_status ordpar_precision_map_settings(const ordpar_model *model, unsigned groups, char **text,
                                            ordpar_error *err);

#endif
