// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Resuming from a checkpoint. The input changes the bytes of a good checkpoint (exclusive or),
 * after a first byte that says what to repair then: 1: the digest and size of the data, 2: that of
 * the header, so that changes get past them; 4: the input is the whole file.
 */
#include "memory_file.h"
#include "validation/simulate/checkpoint.h"
#include "validation/simulate/ensemble.h"

#include <stdlib.h>
#include <string.h>

enum { RUNS = 2, ROWS = 3, REPAIR_DATA = 1, REPAIR_HEADER = 2, WHOLE = 4, MAX_FILE = 1 << 12 };

/* The layout of checkpoint.c. */
typedef struct {
    char magic[16];
    uint64_t settings, rows, size, data, header;
} file_header;

static ordpar_spectrum spectrum;
static ordpar_network network;
static uint8_t good[MAX_FILE];
static size_t good_size;
static double eps_g[ROWS * RUNS];

static ordpar_status run(const volatile sig_atomic_t *stop, double *out, size_t *rows,
                         ordpar_error *err) {
    static const double alpha[ROWS] = {0, 0.5, 1};
    const ordpar_simulation simulation = {.spectrum = &spectrum,
                                          .network = &network,
                                          .trained_blocks = spectrum.L,
                                          .method = ORDPAR_METHOD_OVERLAP,
                                          .sigma_J = 0.5,
                                          .seed = 1};
    const ordpar_ensemble_options options = {
        .runs = RUNS, .threads = 1, .checkpoint = MEMORY_FILE, .stop = stop};
    return ordpar_ensemble_run(&simulation, alpha, ROWS, &options, out, rows, err);
}

/* A checkpoint after the second of the rows; an empty file stands for none. */
static void make_good(void) {
    ordpar_error err;
    size_t rows;
    FUZZ_CHECK(!ordpar_spectrum_power_law(4, 2, 1, &spectrum, &err));
    FUZZ_CHECK(!ordpar_network_init(1, 1, ordpar_activation_at(0), 0.1, &network, &err));
    memory_file_set(NULL, 0);
    FUZZ_CHECK(run(NULL, eps_g, &rows, &err) == ORDPAR_OK && rows == ROWS);
    file_header header;
    memcpy(&header, memory_file_written, sizeof header);
    good_size = sizeof header + header.size;
    FUZZ_CHECK(good_size < sizeof good);
    memcpy(good, memory_file_written, good_size);
    memory_file_set(good, good_size);
    double resumed[ROWS * RUNS];
    FUZZ_CHECK(run(NULL, resumed, &rows, &err) == ORDPAR_OK && rows == ROWS);
    FUZZ_CHECK(memcmp(resumed, eps_g, sizeof eps_g) == 0);
}

static void repair(uint8_t *file, size_t size, unsigned what) {
    file_header header;
    if (size < sizeof header)
        return;
    memcpy(&header, file, sizeof header);
    if (what & REPAIR_DATA) {
        header.size = size - sizeof header;
        header.data =
            ordpar_digest(ORDPAR_DIGEST_START, file + sizeof header, size - sizeof header);
    }
    if (what & REPAIR_HEADER)
        header.header = ordpar_digest(ORDPAR_DIGEST_START, &header, offsetof(file_header, header));
    memcpy(file, &header, sizeof header);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint8_t file[MAX_FILE];
    if (!good_size)
        make_good();
    if (size < 3 || size - 1 > sizeof file)
        return 0;
    const unsigned what = data[0];
    const size_t cut = data[1]; /* bytes taken off the end */
    size_t length = size - 2;
    memcpy(file, data + 2, length);
    if (!(what & WHOLE)) {
        if (length < good_size) {
            memset(file + length, 0, good_size - length);
            length = good_size;
        }
        for (size_t k = 0; k < good_size; k++)
            file[k] ^= good[k];
        length -= cut;
    }
    repair(file, length, what);
    memory_file_set(file, length);
    double out[ROWS * RUNS] = {0};
    size_t rows;
    ordpar_error err = {""};
    if (run(NULL, out, &rows, &err))
        FUZZ_CHECK(*err.message);
    else
        FUZZ_CHECK(rows == ROWS);
    return 0;
}
