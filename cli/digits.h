// SPDX-License-Identifier: GPL-3.0-or-later
/** Closed forms with --digits. */
#ifndef ORDPAR_CLI_DIGITS_H
#define ORDPAR_CLI_DIGITS_H

#include "model.h"
#include "table.h"

/**
 * The closed form of that name to parsed->digits digits: adds its notes, columns and rows to t.
 * m holds spectrum and network. Returns -1, or an exit code after one line.
 */
int closed_form_digits(const options *parsed, const char *name, const model *m, table *t);

#endif
