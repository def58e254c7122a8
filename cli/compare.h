// SPDX-License-Identifier: GPL-3.0-or-later
/** Comparisons of the commands compare and sweep. */
#ifndef ORDPAR_CLI_COMPARE_H
#define ORDPAR_CLI_COMPARE_H

#include "options.h"
#include "statistics.h"

typedef struct {
    ordpar_comparison last; /* the grid's last row */
    ordpar_agreement agreement;
    double where; /* alpha of the largest |z| */
} compare_summary;

/** Compares and writes nothing. Returns -1 or an exit code after one line. */
int compare_summarize(const options *parsed, compare_summary *summary);

/** Checks what the options of a comparison must not have together. Returns -1 or EXIT_USAGE. */
int compare_check(const options *parsed);

#endif
