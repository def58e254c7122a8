// SPDX-License-Identifier: GPL-3.0-or-later
/** What one writes first: plain loops, GSL's Mersenne twister and ziggurat. */
#ifndef ORDPAR_BENCH_SIMULATION_BASELINE_H
#define ORDPAR_BENCH_SIMULATION_BASELINE_H

#include <stddef.h>

/** Everything is timed so often; the fastest counts. */
enum { REPETITIONS = 21 };

/** Seconds of processor time of this thread. */
double now(void);

/** Seconds a normal number. */
double baseline_normals(int count);

/** Seconds a step of one-pass SGD, erf, with the spectrum 1, 1, .. */
double baseline_sgd(size_t K, size_t M, size_t N, double eta, int steps);

#endif
