// SPDX-License-Identifier: GPL-3.0-or-later
/** What is asked before linear algebra begins. Internal. */
#ifndef ORDPAR_LINEAR_ALGEBRA_H
#define ORDPAR_LINEAR_ALGEBRA_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

/** Whether a limit of address space has room for so much. */
bool ordpar_has_address_space(size_t bytes);

/** Said where there is none for it. */
#define ORDPAR_NO_LINEAR_ALGEBRA "out of memory: linear algebra needs 192 MiB of address space"

/** MEMORY where a limit of address space leaves no room for OpenBLAS's buffer, for which it asks
 * again and again, without an end. A process whose linear algebra has begun, here or elsewhere, has
 * its buffer and is not refused. */
ordpar_status ordpar_linear_algebra_begin(ordpar_error *err);

#endif
