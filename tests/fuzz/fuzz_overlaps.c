// SPDX-License-Identifier: GPL-3.0-or-later
/* The overlaps' CSV file, with what it says of its run, for the sizes K, M, L that the first byte
 * names. */
#include "memory_file.h"
#include "solver/state/overlaps.h"
#include "solver/steps/continuation.h"

#include <math.h>

static void check(const ordpar_overlaps *o) {
    for (size_t i = 0; i < o->K; i++)
        for (size_t j = 0; j < o->K; j++)
            for (size_t b = 0; b < o->L; b++) {
                const double q = o->q[(i * o->K + j) * o->L + b];
                FUZZ_CHECK(isfinite(q) && q == o->q[(j * o->K + i) * o->L + b]);
                FUZZ_CHECK(i != j || q >= 0);
            }
    for (size_t k = 0; k < o->K * o->M * o->L; k++)
        FUZZ_CHECK(isfinite(o->r[k]));
    for (size_t k = 0; k < o->M * o->M * o->L; k++)
        FUZZ_CHECK(isfinite(o->t[k]));
}

/* What stands before the table, for a run that goes on. */
static void read_head(void) {
    ordpar_continuation head;
    ordpar_error err = {""};
    if (ordpar_continuation_read(MEMORY_FILE, &head, &err)) {
        FUZZ_CHECK(*err.message);
        return;
    }
    FUZZ_CHECK(isfinite(head.alpha) && head.alpha >= 0 && head.settings);
    const ordpar_continuation_list *lists[] = {&head.blocks, &head.teachers, &head.deviations,
                                               &head.rows};
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
        for (size_t n = 0; n < lists[k]->count; n++)
            FUZZ_CHECK(isfinite(lists[k]->values[n]));
    ordpar_continuation_clear(&head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    const size_t K = 1 + data[0] % 2, M = 1 + data[0] / 2 % 2, L = 1 + data[0] / 4 % 2;
    ordpar_overlaps overlaps;
    ordpar_error err = {""};
    memory_file_set(data + 1, size - 1);
    read_head();
    if (ordpar_overlaps_read(MEMORY_FILE, K, M, L, &overlaps, &err)) {
        FUZZ_CHECK(*err.message);
        return 0;
    }
    check(&overlaps);
    ordpar_overlaps_clear(&overlaps);
    return 0;
}
