// SPDX-License-Identifier: GPL-3.0-or-later
/* The spectrum's file, a table or (FUZZ_ARRAY) a .npy array: what is taken is a spectrum, what is
 * not is refused with a message. */
#include "memory_file.h"
#include "spectra/spectrum/spectrum.h"

#include <math.h>

#ifdef FUZZ_ARRAY
static const char path[] = MEMORY_FILE ".npy";
#else
static const char path[] = MEMORY_FILE;
#endif

static void check(const ordpar_spectrum *s) {
    double N = 0, weight = 0;
    FUZZ_CHECK(s->L >= 1 && s->lambda[0] > 0);
    for (size_t b = 0; b < s->L; b++) {
        FUZZ_CHECK(isfinite(s->lambda[b]) && s->lambda[b] >= 0);
        FUZZ_CHECK(b == 0 || s->lambda[b] <= s->lambda[b - 1]);
        FUZZ_CHECK(s->n[b] >= 1 && s->n[b] == floor(s->n[b]));
        N += s->n[b];
        weight += s->p[b];
    }
    FUZZ_CHECK(N == s->N && N <= (double)ORDPAR_MAX_INPUT_DIM);
    FUZZ_CHECK(fabs(weight - 1) < 1e-12);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    ordpar_spectrum spectrum;
    ordpar_error err = {""};
    memory_file_set(data, size);
    if (ordpar_spectrum_read(path, &spectrum, &err)) {
        FUZZ_CHECK(*err.message);
        return 0;
    }
    check(&spectrum);
    ordpar_beta_fit fit;
    if (!ordpar_spectrum_fit_beta(&spectrum, 1, spectrum.L, &fit, &err))
        FUZZ_CHECK(isfinite(fit.beta) && fit.beta_stderr >= 0);
    size_t blocks;
    const int64_t n_leading = (int64_t)(spectrum.N * (double)(size % 8) / 7);
    FUZZ_CHECK(!ordpar_spectrum_split(&spectrum, n_leading, &blocks, &err));
    check(&spectrum);
    double leading = 0;
    for (size_t b = 0; b < blocks; b++)
        leading += spectrum.n[b];
    FUZZ_CHECK(leading == (double)n_leading);
    ordpar_spectrum_clear(&spectrum);
    return 0;
}
