// SPDX-License-Identifier: GPL-3.0-or-later
/* Sums of vectors that wait against the same sums made at once: random ones, with many copies and
 * zeros, read, written to and normed in between. Long and short vectors. */
#include "solver/steps/vector_notes.h"

#include "base/kernels.h"
#include "support.h"

#include <stdlib.h>

enum { VECTORS = 6, LONG = (1 << 14) + 3, LONGEST = (1 << 18) + 5 };

typedef struct {
    ordpar_notes notes;
    double *waits[VECTORS], *made[VECTORS];
} pair;

static void begin(pair *p, size_t length) {
    cr_assert(ordpar_notes_init(length, &p->notes));
    for (size_t v = 0; v < VECTORS; v++) {
        p->waits[v] = ordpar_aligned_array(LONGEST);
        p->made[v] = ordpar_aligned_array(LONGEST);
    }
}

static void end(pair *p) {
    ordpar_notes_clear(&p->notes);
    for (size_t v = 0; v < VECTORS; v++) {
        free(p->waits[v]);
        free(p->made[v]);
    }
}

/* One vector's numbers, three of which stand for all: the first, one on the way, the last. */
static void check(const pair *p, const double *is, size_t v, size_t operation) {
    const size_t length = p->notes.length, places[] = {0, length / 3, length - 1};
    for (size_t k = 0; k < 3; k++)
        cr_assert_eq(is[places[k]], p->made[v][places[k]], "%g, not %g: vector %zu after %zu",
                     is[places[k]], p->made[v][places[k]], v, operation);
}

static size_t draw(ordpar_random *stream, size_t count) {
    return (size_t)uniform(stream, 0, (double)count);
}

/* Sums of numbers that stay small, copies, zeros and other constants. */
static void sum(pair *p, ordpar_random *stream) {
    static const double factors[] = {1, 1, -1, 0.5};
    const size_t x = draw(stream, VECTORS), y = draw(stream, VECTORS), z = draw(stream, VECTORS);
    const size_t kind = draw(stream, 5);
    ordpar_note n = {.a = factors[draw(stream, 4)], .b = factors[draw(stream, 4)]};
    if (kind == 0)
        n.a = draw(stream, 3) > 0 ? 0 : 0.25;
    if (kind > 2)
        n.a *= 0.5, n.b *= 0.5;
    for (size_t k = 0; k < p->notes.length; k++) {
        const double a = n.a * p->made[x][k], b = n.b * p->made[y][k];
        p->made[z][k] = kind == 0 ? n.a : kind <= 2 ? a : a + b;
    }
    n.x = kind > 0 ? p->waits[x] : NULL;
    n.y = kind > 2 ? p->waits[y] : NULL;
    n.z = p->waits[z];
    ordpar_notes_take(&p->notes, n);
}

static void overwrite(pair *p, size_t v, double value) {
    ordpar_notes_open(&p->notes, p->waits[v]);
    for (size_t k = 0; k < p->notes.length; k++)
        p->waits[v][k] = p->made[v][k] = value + 1e-3 * (double)k / LONGEST;
}

static void norm(pair *p, size_t x, size_t w) {
    const double is = ordpar_notes_weighted_square(&p->notes, p->waits[x], p->waits[w]);
    const double should = ordpar_weighted_square(p->notes.length, p->made[x], p->made[w]);
    CHECK_CLOSE(is, should, TOL_SUM, should, "norm of %zu by %zu", x, w);
}

static void check_length(size_t length, size_t operations) {
    pair p;
    ordpar_random stream = test_stream(length);
    begin(&p, length);
    for (size_t k = 0; k < operations; k++) {
        const size_t v = draw(&stream, VECTORS), what = draw(&stream, 16);
        if (what > 3)
            sum(&p, &stream);
        else if (what == 0)
            overwrite(&p, v, uniform(&stream, -1, 1));
        else if (what == 1)
            norm(&p, v, draw(&stream, VECTORS));
        else
            check(&p, ordpar_notes_read(&p.notes, p.waits[v]), v, k);
    }
    ordpar_notes_finish(&p.notes);
    for (size_t v = 0; v < VECTORS; v++)
        check(&p, p.waits[v], v, operations);
    end(&p);
}

Test(vector_notes, end_as_the_sums_made_at_once) {
    check_length(7, 1500);
    check_length(LONG, 1500);
}

/* Norms of very long vectors, after a sum, by the environment's number of threads. */
static double norm_by(const char *threads) {
    pair p;
    setenv("OMP_NUM_THREADS", threads, 1);
    begin(&p, LONGEST);
    cr_assert_eq(ordpar_team_size(p.notes.team), (size_t)atoi(threads));
    overwrite(&p, 0, 0.3);
    overwrite(&p, 1, -0.7);
    ordpar_notes_take(
        &p.notes,
        (ordpar_note){.a = 0.1, .b = 0.3, .x = p.waits[0], .y = p.waits[1], .z = p.waits[2]});
    const double square = ordpar_notes_weighted_square(&p.notes, p.waits[2], p.waits[1]);
    end(&p);
    return square;
}

Test(vector_notes, are_the_same_for_any_number_of_threads) {
    cr_assert_eq(norm_by("2"), norm_by("1"));
    cr_assert_eq(norm_by("3"), norm_by("1"));
    setenv("OMP_NUM_THREADS", "3", 1);
    check_length(LONGEST, 200);
}

/* A copy that is overwritten unread is never made; what it is of may be read in its place. */
Test(vector_notes, copies_of_long_vectors_are_looked_through) {
    pair p;
    begin(&p, LONG);
    overwrite(&p, 0, 1);
    ordpar_notes_take(&p.notes, (ordpar_note){.a = 1, .x = p.waits[0], .z = p.waits[1]});
    cr_assert_eq(ordpar_notes_read(&p.notes, p.waits[1]), p.waits[0]);
    ordpar_notes_take(&p.notes, (ordpar_note){.a = 3, .z = p.waits[1]});
    cr_assert_eq(p.notes.count, 1);
    ordpar_notes_finish(&p.notes);
    cr_assert_eq(p.waits[1][5], 3);
    end(&p);
}
