// SPDX-License-Identifier: GPL-3.0-or-later
/* A data set's file, read to its end: a .npy array, or (FUZZ_ARCHIVE) a .npz archive. */
#include "memory_file.h"
#include "validation/data/dataset.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { MAX_INPUT = 1 << 12, MAX_DIM = 64, BATCH = 8 };

/* The rows are all there and finite, or the end is refused with a message. */
static void read_rows(ordpar_dataset *set) {
    double rows[BATCH * MAX_DIM];
    const size_t dim = ordpar_dataset_dim(set);
    ordpar_error err = {""};
    uint64_t total = 0;
    for (size_t got = BATCH; got == BATCH && total < MAX_INPUT;) {
        if (ordpar_dataset_read(set, BATCH, rows, &got, &err)) {
            FUZZ_CHECK(*err.message);
            return;
        }
        for (size_t k = 0; k < got * dim; k++)
            FUZZ_CHECK(isfinite(rows[k]));
        total += got;
    }
    FUZZ_CHECK(total == ordpar_dataset_rows(set) || total >= MAX_INPUT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint8_t file[MAX_INPUT];
    static const char *const paths[] = {MEMORY_FILE, MEMORY_FILE};
    if (size < 2 || size > sizeof file)
        return 0;
    memcpy(file, data, size);
#ifdef FUZZ_ARCHIVE
    memcpy(file, "PK", 2);
#else
    file[0] = 0x93;
#endif
    memory_file_set(file, size);
    ordpar_dataset *set;
    ordpar_error err = {""};
    if (ordpar_dataset_open(1 + size % 2, paths, &set, &err)) {
        FUZZ_CHECK(*err.message);
        return 0;
    }
    if (ordpar_dataset_dim(set) <= MAX_DIM)
        read_rows(set);
    ordpar_dataset_free(set);
    return 0;
}
