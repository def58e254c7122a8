// SPDX-License-Identifier: GPL-3.0-or-later
/** A data set with its principal components. Internal. */
#ifndef ORDPAR_SOURCE_H
#define ORDPAR_SOURCE_H

#include "principal.h"

typedef struct {
    ordpar_dataset *set; /* NULL: there is none */
    ordpar_principal principal;
} ordpar_source;

/** Zeroed is fine. */
void ordpar_source_clear(ordpar_source *source);

#endif
