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
    bool of_runs;      /* it is a mean over runs of different starts */
    bool specialises;  /* what is measured shows order parameters */
    size_t K, M;       /* of the model; 0: not known */
    char missing[128]; /* which order parameter is, in words, where others are there; "": none */
    double pace; /* rows are of the whole number of steps next to pace alpha; 0: of any alpha */
    double window_begin, window_end; /* where the power law is predicted; 0, infinity: not known */
} ordpar_report;

void ordpar_report_init(ordpar_report *r);

/** Predictions for a model with its start (before it is integrated); what has none stays NAN, as
 * does what differs between the runs of a mean over runs, which *t notes. Errors: MEMORY. */
ordpar_status ordpar_report_predict(ordpar_report *r, const ordpar_model *model,
                                    const ordpar_parts *parts, ordpar_table *t, ordpar_error *err);

/** report_trace.c: [3][rows], alpha, eps_g and room for the specialisation, of a curve's table. The
 * caller frees it. Errors: INVALID, MEMORY. */
ordpar_status ordpar_report_trace(const ordpar_model *model, const ordpar_table *t, double **trace,
                                  ordpar_error *err);

/** How many columns there are of the overlaps R1_i_n, of which i and n receive the most if they are
 * not more. */
size_t ordpar_report_overlaps(const ordpar_table *t, size_t *K, size_t *M);

/** The specialisation of each row, where the table has all overlaps R1_i_n, in whatever order; else
 * r->missing. Errors: MEMORY. */
ordpar_status ordpar_report_specialise(ordpar_report *r, const ordpar_table *t,
                                       double *specialisation, ordpar_error *err);

/** Measures. specialisation[count] (ordpar_specialisation of the order-1 R): NULL if not known.
 * Errors: MEMORY. */
ordpar_status ordpar_report_measure(ordpar_report *r, size_t count, const double *alpha,
                                    const double *eps_g, const double *specialisation,
                                    ordpar_error *err);

/** What two times that are easily confused mean, by the names that they have there. */
void ordpar_note_times(ordpar_table *t, const char *escape_time, const char *exit);

/** What a predicted length does not know: strong label noise may part the students first. */
void ordpar_note_parting(const ordpar_network *network, ordpar_table *t);

/** Says how many rows of a mean over runs are below 0. */
void ordpar_note_below(const ordpar_table *curve, ordpar_table *t);

/** What a predicted length is, and how far the measured one may be from it; tau: the escape time
 * that is predicted, or NAN. */
void ordpar_note_length(double tau, ordpar_table *t);

/** Between which rows the plateau's exit lies, where they are far apart; of a sweep's grid how far
 * apart they are. */
void ordpar_report_note_resolution(const ordpar_report *r, ordpar_table *t);
void ordpar_note_resolution(const ordpar_grid *alpha, const char *exit, ordpar_table *t);

/** Why there is no number for a quantity. */
const char *ordpar_report_reason(const ordpar_report *r, ordpar_report_quantity row);

/** The same of all that was looked for, in one text; "": nothing is missing. */
void ordpar_report_missing(const ordpar_report *r, char *text, size_t size);

/** As facts of a table, one a quantity. */
void ordpar_report_facts(const ordpar_report *r, ordpar_table *t);

#endif
