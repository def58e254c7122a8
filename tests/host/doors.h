// SPDX-License-Identifier: GPL-3.0-or-later
/** Every kind of computation once, small, for tests of what a host program does to them. */
#ifndef ORDPAR_TEST_DOORS_H
#define ORDPAR_TEST_DOORS_H

#include "base/status.h"

#include <stddef.h>

enum { DOOR_NUMBERS = 64 };

typedef struct {
    const char *name;
    /** Writes at most DOOR_NUMBERS numbers, *count of them. folder: for files of its own. */
    ordpar_status (*run)(const char *folder, double *numbers, size_t *count, ordpar_error *err);
} door;

extern const door doors[];
extern const size_t n_doors;

#endif
