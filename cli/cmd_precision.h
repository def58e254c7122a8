// SPDX-License-Identifier: GPL-3.0-or-later
/** The part of the command precision that has a file of its own. */
#ifndef ORDPAR_CLI_CMD_PRECISION_H
#define ORDPAR_CLI_CMD_PRECISION_H

#include "options.h"

/** precision map; returns an exit code. */
int precision_map(const options *parsed);

#endif
