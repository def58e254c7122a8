// SPDX-License-Identifier: GPL-3.0-or-later
/** What was measured on a curve, beside what the closed forms predict. Internal. */
#ifndef ORDPAR_REPORT_H
#define ORDPAR_REPORT_H

#include "model/parts.h"

typedef enum {
    ORDPAR_REPORT_HEIGHT,
    ORDPAR_REPORT_ENTRY,
    ORDPAR_REPORT_EXIT,
    ORDPAR_REPORT_LENGTH,
    ORDPAR_REPORT_RATE,
    ORDPAR_REPORT_EXPONENT,
    ORDPAR_REPORT_ROWS
} ordpar_report_quantity;

/** NAN: not measured, not predicted, or without an error. */
typedef struct {
    struct {
        double measured, stderr_, predicted, begin, end;
    } rows[ORDPAR_REPORT_ROWS];
    bool model_known;
    bool of_runs;     /* it is a mean over runs of different starts */
    bool specialises; /* what is measured shows order parameters */
    double pace; /* rows are of the whole number of steps next to pace alpha; 0: of any alpha */
    double window_begin, window_end; /* where the power law is predicted; 0, infinity: not known */
} ordpar_report;

void ordpar_report_init(ordpar_report *r);

/** Predictions for a model with its start (before it is integrated); what has none stays NAN, as
 * does what differs between the runs of a mean over runs, which *t notes. Errors: MEMORY. */
ordpar_status ordpar_report_predict(ordpar_report *r, const ordpar_model *model,
                                    const ordpar_parts *parts, ordpar_table *t, ordpar_error *err);

/** Measures. specialisation[count] (ordpar_specialisation of the order-1 R): NULL if not known.
 * Errors: MEMORY. */
ordpar_status ordpar_report_measure(ordpar_report *r, size_t count, const double *alpha,
                                    const double *eps_g, const double *specialisation,
                                    ordpar_error *err);

/** What two times that are easily confused mean, by the names that they have there. */
void ordpar_note_times(ordpar_table *t, const char *escape_time, const char *exit);

/** What a predicted length does not know: strong label noise may part the students first. */
void ordpar_note_parting(const ordpar_network *network, ordpar_table *t);

/** As facts of a table, one a quantity. */
void ordpar_report_facts(const ordpar_report *r, ordpar_table *t);

#endif
