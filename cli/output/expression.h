// SPDX-License-Identifier: GPL-3.0-or-later
/** Expressions of a table's columns and of its settings, as M^2/L or eps_g*alpha. */
#ifndef ORDPAR_CLI_EXPRESSION_H
#define ORDPAR_CLI_EXPRESSION_H

#include "model/table.h"

enum { EXPRESSION_ITEMS = 64, EXPRESSION_LABEL = 240 };

typedef struct {
    char kind;     /* 'n' number, 'c' column, or what is done with what is on the stack */
    double number; /* of a column: what stands for -1 in a setting that is none then; else -1 */
    size_t column;
} expression_item;

typedef struct {
    expression_item items[EXPRESSION_ITEMS]; /* operands before operators */
    size_t count;
    char label[EXPRESSION_LABEL]; /* of an axis, in gnuplot's enhanced text */
} expression;

/** The columns of numbers of a table, "a, b, ..", as many as there is place for (size > 50). */
void expression_columns(const ordpar_table *t, char *names, size_t size);

/**
 * Reads + - * / ^ ( ), numbers, sqrt, log and exp, names of columns and, where there is no such
 * column, of settings that are numbers (their value in the table's settings line). A text that is a
 * column's name as a whole is that column, whatever its letters. Errors: INVALID,
 * "SETTING: ..", with the columns that there are, or of a number that is a column's name; PARSE
 * where a word stands among a column's numbers.
 */
ordpar_status expression_read(const char *setting, const char *text, const ordpar_table *t,
                              expression *e, ordpar_error *err);

double expression_value(const expression *e, const double *row);

bool expression_uses(const expression *e, size_t column);

/** True for a column that sweeps alone have, as they measure each curve. */
bool expression_is_of_sweeps(const char *name);

#endif
