// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The promise of models that start on saddles or beside them: saddles SEED FIRST COUNT [SECONDS
 * [cvode|radau]] As models does for all kinds. A run that notes a limit keeps to that. Models that
 * take more than SECONDS of the processor's time are left out, and named; without SECONDS they fail
 * after 60.
 */
#include "promise.h"
#include "saddle_model.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    if (argc < 4 || argc > 6) {
        fputs("saddles SEED FIRST COUNT [SECONDS [cvode|radau]]\n", stderr);
        return 2;
    }
    const uint64_t seed = strtoull(argv[1], NULL, 10), first = strtoull(argv[2], NULL, 10);
    const size_t count = strtoull(argv[3], NULL, 10);
    size_t failed = 0, diverged = 0, ended = 0, noted = 0, on_saddle = 0, left_out = 0;
    double worst = 0;
    gsl_set_error_handler_off();
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (uint64_t k = first; k < first + count; k++) {
        saddle_model m;
        ordpar_error err;
        promise_verdict verdict = {.failed = true};
        if (!saddle_model_create(seed, k, &m, &err)) {
            const promise_run run = {.spectrum = &m.spectrum,
                                     .network = &m.network,
                                     .start = &m.start,
                                     .trained_blocks = m.spectrum.L,
                                     .alpha = m.alpha,
                                     .rows = SADDLE_ROWS,
                                     .integrator = promise_integrator(argc, argv),
                                     .seconds = argc > 4 ? atof(argv[4]) : 0};
            verdict = promise_check(&run);
        } else
            snprintf(verdict.text, sizeof verdict.text, "%s", err.message);
        failed += verdict.failed;
        diverged += verdict.diverged;
        ended += verdict.ended;
        noted += verdict.noted;
        left_out += verdict.left_out;
        if (verdict.left_out)
            printf("left out: number %llu\n", (unsigned long long)k);
        on_saddle += m.distance == 0;
        worst = fmax(worst, verdict.error);
        if (verdict.failed)
            printf("FAILED: number %llu, %s\n    %s\n", (unsigned long long)k, m.text,
                   verdict.text);
        saddle_model_clear(&m);
    }
    printf("%zu models, %zu of them on a saddle (worst error %.3g of what is promised or noted), "
           "%zu with a note, %zu diverged, %zu ended, %zu left out, %zu failures\n",
           count, on_saddle, worst, noted, diverged, ended, left_out, failed);
    return failed > 0;
}
