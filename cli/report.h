// SPDX-License-Identifier: GPL-3.0-or-later
/** What was measured on a curve, beside what the closed forms predict. */
#ifndef ORDPAR_CLI_REPORT_H
#define ORDPAR_CLI_REPORT_H

#include "model.h"
#include "table.h"

#include <stdbool.h>

typedef enum {
    REPORT_HEIGHT,
    REPORT_ENTRY,
    REPORT_EXIT,
    REPORT_LENGTH,
    REPORT_RATE,
    REPORT_EXPONENT,
    REPORT_ROWS
} report_quantity;

/** NAN: not measured, not predicted, or without an error. */
typedef struct {
    struct {
        double measured, stderr_, predicted, begin, end;
    } rows[REPORT_ROWS];
    bool model_known;
    double window_begin, window_end; /* where the power law is predicted; 0, infinity: not known */
} report;

void report_init(report *r);

/**
 * Predictions for a model with its start (before it is integrated); what has none stays NAN.
 * Returns -1, or EXIT_FAILED after one line if out of memory.
 */
int report_predict(report *r, const options *parsed, const model *m);

/**
 * Measures. specialisation[count] (ordpar_specialisation of the order-1 R): NULL if not known.
 * Returns -1, or EXIT_FAILED after one line if out of memory.
 */
int report_measure(report *r, const options *parsed, size_t count, const double *alpha,
                   const double *eps_g, const double *specialisation);

/** As notes of a table, one a quantity. */
void report_note(const report *r, table *t);

/** As CSV or JSON: quantity, measured, stderr, predicted, begin, end; empty or null for NAN. */
void report_write(const report *r, const table *notes, output_format format, FILE *file);

#endif
