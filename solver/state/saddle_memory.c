// SPDX-License-Identifier: GPL-3.0-or-later
/* What a run has seen of saddles, for another that goes on from it. */
#include "solver/state/saddle.h"

#include <math.h>

/* An amplitude that has not been: no amplitude counts for more than 1. */
static const double never = 2;

static size_t pairs_of(const ordpar_saddle *s) {
    const size_t K = s->network ? s->network->K : 0;
    return K ? 4 * (K * (K - 1) / 2) : 0;
}

size_t ordpar_saddle_memory(const ordpar_saddle *s, double *values) {
    const size_t pairs = pairs_of(s), count = s->network ? s->count : 0;
    if (!values)
        return 2 + 2 * count + pairs;
    *values++ = fmin(s->limit, 1e300);
    for (size_t k = 0; k < count; k++) {
        *values++ = fmin(s->least[k], never);
        *values++ = s->most[k];
    }
    for (size_t k = 0; k < pairs; k++)
        *values++ = s->pair[k];
    *values = s->network ? fmin(s->least_recent, 1e300) : 1e300;
    return 2 + 2 * count + pairs;
}

void ordpar_saddle_recall(ordpar_saddle *s, const double *values, size_t count) {
    if (!count || !s->network)
        return;
    s->limit = fmax(s->limit, *values);
    const size_t whole = ordpar_saddle_memory(s, NULL);
    if (count != whole && count != whole - 1) /* as files of before have it */
        return;
    if (count == whole)
        s->least_recent = values[whole - 1] < 1e300 ? values[whole - 1] : INFINITY;
    const double *of_pairs = values + 1 + 2 * s->count;
    for (size_t k = 0; k < s->count; k++) {
        const double least = values[1 + 2 * k];
        s->least[k] = least > 0 && least < never ? least : INFINITY;
        s->most[k] = values[2 + 2 * k];
    }
    for (size_t k = 0; k < pairs_of(s); k++)
        s->pair[k] = of_pairs[k];
}
