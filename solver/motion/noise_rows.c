// SPDX-License-Identifier: GPL-3.0-or-later
/* F of all pairs of students [4.4], rows shared out among threads where that takes long. */
#include "solver/motion/coefficients_internal.h"

typedef struct {
    const ordpar_network *network;
    const double *c;
    const ordpar_coefficient_work *work;
    const ordpar_symmetry *twins;
    ordpar_noise_of_pair of_pair;
    double *F;
} rows;

static bool is_twin(const ordpar_symmetry *symmetry, size_t i) {
    size_t first;
    double scale;
    return symmetry && ordpar_symmetry_twin(symmetry, i, &first, &scale);
}

/* Long rows first. */
static void fill_row(void *context, size_t index, size_t member) {
    const rows *r = context;
    const size_t K = r->network->K, i = K - 1 - index;
    double *scratch = r->work->scratch + member * r->work->scratch_size;
    for (size_t j = 0; j <= i && !is_twin(r->twins, i); j++)
        if (!is_twin(r->twins, j) && !ordpar_coefficient_work_stopped(r->work))
            r->F[i * K + j] = r->F[j * K + i] =
                r->of_pair(r->network, r->c, r->work->u, i, j, scratch);
}

void ordpar_noise_fill(const ordpar_network *network, const double *c,
                       const ordpar_coefficient_work *work, const ordpar_symmetry *twins,
                       ordpar_noise_of_pair of_pair, double *F) {
    ordpar_team_run(work->team, network->K, fill_row, &(rows){network, c, work, twins, of_pair, F});
}

/* Averages of two fields in F from which on another thread is worth its while: they take about a
 * nanosecond each, waking a thread takes some ten microseconds. */
static const double least_averages = 3e5;

ordpar_team *ordpar_noise_team(const ordpar_network *network) {
    const double K = (double)network->K, n = K + (double)network->M;
    if (network->small_eta || network->training.tasks.count ||
        K * (K + 1) / 2 * n * (n + 1) / 2 < least_averages)
        return NULL;
    return ordpar_team_for(network->K);
}
