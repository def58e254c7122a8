// SPDX-License-Identifier: GPL-3.0-or-later
/** Closed forms with --digits. */
#ifndef ORDPAR_CLI_DIGITS_H
#define ORDPAR_CLI_DIGITS_H

#include "table.h"

/**
 * The closed form of that name, to parsed->digits digits: fills t, without standard notes, for the
 * caller to write. Returns -1, or an exit code after one line.
 */
int closed_form_digits(const options *parsed, const char *name, table *t);

#endif
