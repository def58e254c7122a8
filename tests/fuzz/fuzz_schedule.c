// SPDX-License-Identifier: GPL-3.0-or-later
/* The schedule's CSV file: what is taken has its values everywhere, what is not is refused. */
#include "memory_file.h"
#include "solver/state/training.h"

#include <math.h>
#include <stdbool.h>

static void check(const ordpar_schedule *s) {
    ordpar_error err;
    const ordpar_training training = {.schedule = *s};
    FUZZ_CHECK(!ordpar_training_check(&training, &err));
    double at = 0;
    for (size_t k = 0; k < s->count; k++) {
        const bool jumps = k + 1 < s->count && s->alpha[k + 1] == s->alpha[k];
        FUZZ_CHECK((jumps ? ordpar_schedule_eta_before : ordpar_schedule_eta)(s, 1, s->alpha[k]) ==
                   s->eta[k]);
        const double between = ordpar_schedule_eta(s, 1, at + (s->alpha[k] - at) / 2);
        FUZZ_CHECK(between >= 0 && between <= ordpar_schedule_largest(s) * (1 + 1e-15));
        FUZZ_CHECK(s->alpha[k] == at || ordpar_schedule_next_kink(s, at) == s->alpha[k]);
        at = s->alpha[k];
    }
    FUZZ_CHECK(isinf(ordpar_schedule_next_kink(s, at)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    ordpar_schedule schedule;
    ordpar_error err = {""};
    memory_file_set(data, size);
    if (ordpar_schedule_read(MEMORY_FILE, &schedule, &err)) {
        FUZZ_CHECK(*err.message);
        return 0;
    }
    check(&schedule);
    ordpar_schedule_clear(&schedule);
    return 0;
}
