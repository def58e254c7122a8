// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Sums of vectors that wait. They are noted down and done together, one piece of the vectors at a
 * time, when a result is asked for. Of long vectors, whose every pass goes through memory, only
 * what the result needs is done then; copies and zeros are looked through, so that a copy which is
 * overwritten before anybody writes to what it is of is never made. Threads share out very long
 * ones, with the same results for any number of them. Internal to solver/.
 */
#ifndef ORDPAR_VECTOR_NOTES_H
#define ORDPAR_VECTOR_NOTES_H

#include "base/team.h"

#include <stdbool.h>
#include <stddef.h>

enum { ORDPAR_MOST_NOTES = 64 };

/** z = a x + b y, or z = a x if y is NULL, or z = a if x is NULL too. */
typedef struct {
    double a, b;
    const double *x, *y;
    double *z;
    bool due; /* of the notebook */
} ordpar_note;

/** What waits for vectors of this length, the oldest first. */
typedef struct {
    size_t length, count;
    ordpar_note notes[ORDPAR_MOST_NOTES];
    double *sums;      /* of slices of a norm */
    ordpar_team *team; /* of vectors so long that it is worth its while, or NULL */
} ordpar_notes;

/** No notes of vectors of this length. False if out of memory. Free with ordpar_notes_clear. */
bool ordpar_notes_init(size_t length, ordpar_notes *notes);
void ordpar_notes_clear(ordpar_notes *notes);

void ordpar_notes_take(ordpar_notes *notes, ordpar_note note);

/** Does all. */
void ordpar_notes_finish(ordpar_notes *notes);

/** Brings x up to date. It may then be written to. */
void ordpar_notes_open(ordpar_notes *notes, double *x);

/** The numbers of x, to be read until the next note: x, or what it is to be a copy of. */
const double *ordpar_notes_read(ordpar_notes *notes, const double *x);

/** sum_k (x_k w_k)^2, taken on the way. */
double ordpar_notes_weighted_square(ordpar_notes *notes, const double *x, const double *w);

#endif
