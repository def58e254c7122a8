// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/motion/gradient.h"

#include "base/floating_point.h"
#include "solver/motion/coefficients.h"
#include "solver/state/network_averages.h"

#include <math.h>
#include <stdlib.h>

/* tr(G q G - 2 G r A^T + A t A^T) of block b, as |G J - A B|^2: row by row. */
static double block_square(const ordpar_overlaps *o, const ordpar_coefficients *co, size_t b) {
    const size_t K = o->K, M = o->M, L = o->L;
    double sum = 0;
    for (size_t i = 0; i < K; i++) {
        const double *G = co->G + i * K, *A = co->A + i * M;
        for (size_t j = 0; j < K; j++) {
            for (size_t l = 0; l < K; l++)
                sum += G[j] * G[l] * o->q[(j * K + l) * L + b];
            for (size_t m = 0; m < M; m++)
                sum -= 2 * G[j] * A[m] * o->r[(j * M + m) * L + b];
        }
        for (size_t m = 0; m < M; m++)
            for (size_t l = 0; l < M; l++)
                sum += A[m] * A[l] * o->t[(m * M + l) * L + b];
    }
    return sum;
}

/* [13.11] */
static void measure(const ordpar_overlaps *o, const ordpar_spectrum *spectrum, size_t trained,
                    const ordpar_coefficients *co, double *rate, double *noise_scale) {
    double a = 0, tau = 0, trace = 0;
    for (size_t b = 0; b < trained; b++) {
        a += spectrum->lambda[b] * spectrum->lambda[b] * block_square(o, co, b);
        tau += spectrum->p[b] * spectrum->lambda[b];
    }
    for (size_t i = 0; i < o->K; i++)
        trace += co->F[i * o->K + i];
    *rate = fmax(a, 0);
    trace = fmax(trace, 0); /* on the teacher both are roundings of 0 */
    *noise_scale = trace > 0 ? spectrum->N * tau * trace / *rate : *rate > 0 ? 0 : NAN;
}

ordpar_status ordpar_gradient_measure(const ordpar_overlaps *overlaps,
                                      const ordpar_spectrum *spectrum,
                                      const ordpar_network *network, size_t trained_blocks,
                                      double *rate, double *noise_scale, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const size_t K = network->K, n = K + network->M;
    ordpar_network present = *network;
    ordpar_coefficients co = {0};
    present.small_eta = !ordpar_network_has_all_orders(network);
    if (overlaps->v)
        present.v = overlaps->v;
    ordpar_coefficient_work *work = ordpar_coefficient_work_create(&present);
    double *c = malloc(n * n * sizeof *c);
    ordpar_status status = work && c
                               ? ordpar_coefficients_init(K, network->M, &co, err)
                               : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", n);
    if (!status)
        ordpar_overlaps_fields(overlaps, spectrum, network, c);
    if (!status && !ordpar_coefficients_evaluate(&present, c, work, &co))
        status = ordpar_fail(err, ORDPAR_NUMERICAL, "the averages of the gradient are not finite");
    if (!status)
        measure(overlaps, spectrum, trained_blocks, &co, rate, noise_scale);
    if (present.small_eta)
        *noise_scale = NAN;
    ordpar_coefficients_clear(&co);
    ordpar_coefficient_work_free(work);
    free(c);
    return status;
}
