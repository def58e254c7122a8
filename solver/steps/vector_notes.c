// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/vector_notes.h"

#include "base/kernels.h"

#include <stdlib.h>

/* Numbers of each vector done at a time: the pieces of a dozen vectors fit the first-level cache.
 */
enum { PIECE = 512 };

/* Numbers that one thread does at a time, and from how many on threads are woken: it takes them
 * some ten microseconds, a pass a millisecond. */
enum { SLICE = 64 * PIECE, SHARED = 1 << 18 };

/* From this many numbers on it pays to look at what notes are of. */
enum { LONG = 1 << 14 };

static bool reads(const ordpar_note *n, const double *x) {
    return n->x == x || n->y == x;
}

/* Whether the note must be done before the other, which was taken later. */
static bool precedes(const ordpar_note *n, const ordpar_note *later) {
    return reads(later, n->z) || reads(n, later->z);
}

static void do_note(const ordpar_note *n, size_t first, size_t count) {
    if (n->y) {
        ordpar_combine(count, n->a, n->x + first, n->b, n->y + first, false, n->z + first);
    } else if (n->x) {
        ordpar_add_scaled(count, n->a, n->x + first, false, n->z + first);
    } else {
        for (size_t k = 0; k < count; k++)
            n->z[first + k] = n->a;
    }
}

static void forget(ordpar_notes *notes, size_t k) {
    notes->count--;
    for (; k < notes->count; k++)
        notes->notes[k] = notes->notes[k + 1];
}

bool ordpar_notes_init(size_t length, ordpar_notes *notes) {
    *notes = (ordpar_notes){.length = length};
    notes->sums = calloc(length / SLICE + 1, sizeof *notes->sums);
    if (notes->sums && length >= SHARED)
        notes->team = ordpar_team_for(length / SLICE);
    return notes->sums;
}

void ordpar_notes_clear(ordpar_notes *notes) {
    ordpar_team_free(notes->team);
    free(notes->sums);
    *notes = (ordpar_notes){0};
}

typedef struct {
    const ordpar_notes *notes;
    const double *x, *w;
} pass;

/* What is due of one slice, and its part of the norm. */
static void do_slice(void *context, size_t index, size_t member) {
    const pass *p = context;
    const ordpar_notes *notes = p->notes;
    const size_t begin = index * SLICE, rest = notes->length - begin;
    const size_t end = begin + (rest < SLICE ? rest : SLICE);
    double sum = 0;
    (void)member;
    for (size_t first = begin; first < end; first += PIECE) {
        const size_t count = end - first < PIECE ? end - first : PIECE;
        for (size_t k = 0; k < notes->count; k++)
            if (notes->notes[k].due)
                do_note(&notes->notes[k], first, count);
        if (p->x)
            sum += ordpar_weighted_square(count, p->x + first, p->w + first);
    }
    notes->sums[index] = sum;
}

/* Does what is due; returns sum (x w)^2 if x is not NULL. */
static double do_due(ordpar_notes *notes, const double *x, const double *w) {
    const size_t slices = (notes->length + SLICE - 1) / SLICE;
    bool any = x;
    double sum = 0;
    size_t left = 0;
    for (size_t k = 0; k < notes->count; k++)
        any = any || notes->notes[k].due;
    if (any)
        ordpar_team_run(notes->team, slices, do_slice, &(pass){notes, x, w});
    for (size_t k = 0; k < slices && x; k++)
        sum += notes->sums[k];
    for (size_t k = 0; k < notes->count; k++)
        if (!notes->notes[k].due)
            notes->notes[left++] = notes->notes[k];
    notes->count = left;
    return sum;
}

/* Of vectors that are not long all is done whenever something is asked for; likewise. */
static double do_all(ordpar_notes *notes, const double *x, const double *w) {
    const size_t length = notes->length;
    double sum = 0;
    for (size_t first = 0; first < length && (x || notes->count > 0); first += PIECE) {
        const size_t count = length - first < PIECE ? length - first : PIECE;
        for (size_t k = 0; k < notes->count; k++)
            do_note(&notes->notes[k], first, count);
        if (x)
            sum += ordpar_weighted_square(count, x + first, w + first);
    }
    notes->count = 0;
    return sum;
}

void ordpar_notes_finish(ordpar_notes *notes) {
    for (size_t k = 0; k < notes->count; k++)
        notes->notes[k].due = true;
    do_due(notes, NULL, NULL);
}

/* Marks what x and w, or NULL, are made of and, if x is to be written to, what reads it. */
static void mark(ordpar_notes *notes, const double *x, const double *w, bool written) {
    ordpar_note *all = notes->notes;
    for (size_t j = notes->count; j-- > 0;) {
        all[j].due = all[j].z == x || all[j].z == w || (written && reads(&all[j], x));
        for (size_t k = j + 1; k < notes->count && !all[j].due; k++)
            all[j].due = all[k].due && precedes(&all[j], &all[k]);
    }
}

/* What x will be once all is done: a copy of the vector that is returned; NULL: zeros. */
static const double *origin(const ordpar_notes *notes, const double *x) {
    const ordpar_note *all = notes->notes;
    for (size_t j = notes->count; j-- > 0;) {
        if (all[j].z != x)
            continue;
        if (all[j].y || all[j].a != (all[j].x ? 1 : 0))
            return x;
        for (size_t k = j + 1; k < notes->count; k++)
            if (all[k].z == all[j].x)
                return x;
        if (!all[j].x)
            return NULL;
        x = all[j].x; /* which only older notes write to */
    }
    return x;
}

/* The same note of what its vectors are copies of. */
static ordpar_note look_through(const ordpar_notes *notes, ordpar_note n) {
    const double *x = n.x ? origin(notes, n.x) : NULL, *y = n.y ? origin(notes, n.y) : NULL;
    if (n.x && !x && !y)
        return (ordpar_note){.z = n.z};
    if (n.x && !x)
        return (ordpar_note){.a = n.b, .x = y, .z = n.z};
    n.x = x;
    n.y = y;
    return n;
}

/* Forgets a note whose result nobody reads before it is overwritten. */
static void forget_overwritten(ordpar_notes *notes, const double *z) {
    for (size_t j = notes->count; j-- > 0;) {
        if (notes->notes[j].z == z)
            forget(notes, j);
        else if (!reads(&notes->notes[j], z))
            continue;
        return;
    }
}

void ordpar_notes_take(ordpar_notes *notes, ordpar_note note) {
    if (notes->count == ORDPAR_MOST_NOTES)
        ordpar_notes_finish(notes);
    if (notes->length >= LONG) {
        note = look_through(notes, note);
        if (!note.y && note.x == note.z && note.a == 1)
            return;
        if (!reads(&note, note.z))
            forget_overwritten(notes, note.z);
    }
    notes->notes[notes->count++] = note;
}

void ordpar_notes_open(ordpar_notes *notes, double *x) {
    if (notes->length < LONG) {
        do_all(notes, NULL, NULL);
        return;
    }
    mark(notes, x, NULL, true);
    do_due(notes, NULL, NULL);
}

const double *ordpar_notes_read(ordpar_notes *notes, const double *x) {
    if (notes->length < LONG) {
        do_all(notes, NULL, NULL);
        return x;
    }
    const double *of = origin(notes, x);
    of = of ? of : x;
    mark(notes, of, NULL, false);
    do_due(notes, NULL, NULL);
    return of;
}

double ordpar_notes_weighted_square(ordpar_notes *notes, const double *x, const double *w) {
    if (notes->length < LONG)
        return do_all(notes, x, w);
    const double *of = origin(notes, x);
    of = of ? of : x;
    mark(notes, of, w, false);
    return do_due(notes, of, w);
}
