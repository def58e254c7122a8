// SPDX-License-Identifier: GPL-3.0-or-later
/** What several tests need: random models, comparisons that say what differed. */
#ifndef ORDPAR_TEST_SUPPORT_H
#define ORDPAR_TEST_SUPPORT_H

#include "base/random.h"
#include "solver/plateau/plateau.h"
#include "solver/state/network.h"
#include "solver/state/overlaps.h"
#include "solver/steps/integrate.h"
#include "spectra/spectrum/spectrum.h"
#include "tolerances.h"

#include <criterion/criterion.h>

/** Whether the sanitizers run along, which takes ten times as long. */
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED true
#else
#define SANITIZED false
#endif

/** Of a test that takes the sanitizers minutes, for the sake of its numbers: others run its code.
 */
#define NUMBERS_ALONE .disabled = SANITIZED

/** From one case to the next where many run the same code: all, or every third. */
enum { CASE_STEP = SANITIZED ? 3 : 1 };

/** Fails the test, with the numbers, unless |actual - expected| <= tolerance * scale. */
#define CHECK_CLOSE(actual, expected, tolerance, scale, ...)                                       \
    check_close(actual, expected, tolerance, scale, __FILE__, __LINE__, __VA_ARGS__)

void check_close(double actual, double expected, double tolerance, double scale, const char *file,
                 int line, const char *format, ...) __attribute__((format(printf, 7, 8)));

/** Fails the test unless status is OK, with the message. */
void check_ok(ordpar_status status, const ordpar_error *err);

/** Uniform in [low, high). */
double uniform(ordpar_random *stream, double low, double high);

/** Activations whose averages of four fields take milliseconds. */
bool is_slow(const ordpar_activation *activation);

/** A stream of its own for each test and case. */
ordpar_random test_stream(unsigned long number);

/**
 * A random covariance c[n*n] of n fields: W W^T / n_columns. With few columns the fields are
 * linearly dependent (rho -> 1).
 */
void random_covariance(ordpar_random *stream, size_t n, size_t columns, double *c);

/** A network with random output weights and noise, and a power-law spectrum; both are cleared by
 * the caller. */
typedef struct {
    ordpar_spectrum spectrum;
    ordpar_network network;
    ordpar_overlaps start;
} test_model;

test_model make_model(size_t K, size_t M, long N, long L, double beta, double eta, double sigma_J,
                      const char *activation, unsigned long seed);
void clear_model(test_model *m);

/** s cut behind its first `trained` components, with the numbers error[s->L] of its blocks in
 * split_error[s->L + 1]; *blocks: those that are trained. The caller clears it. */
ordpar_spectrum split_with(const ordpar_spectrum *s, int64_t trained, const double *error,
                           double *split_error, size_t *blocks);

/** Gives the model tasks with outputs of either sign and probabilities that change at alpha = 3;
 * the first row of probabilities has 1 for the first task if it is to be alone. */
void give_tasks(test_model *m, size_t count, bool alone, unsigned long seed);

/** An observer that writes eps_g into context, an array of doubles. */
ordpar_status keep_curve(void *context, size_t row, double alpha, double eps_g,
                         const ordpar_overlaps *state, ordpar_error *err);

/** Integrates over the grid into eps_g[count]; fails the test on an error. m->start becomes the
 * end. */
void integrate_curve(test_model *m, const double *alpha, size_t count, double rtol, double *eps_g);

/** The same with the first trained_blocks blocks trained. */
void integrate_blocks(test_model *m, size_t trained_blocks, const double *alpha, size_t count,
                      double rtol, double *eps_g);

/** The same with statistics. By the method that is taken unasked; what the other one makes of it,
 * where it exists, must agree within the promises of both. */
void integrate_both_ways(test_model *m, size_t trained_blocks, const double *alpha, size_t count,
                         double rtol, double *eps_g, ordpar_integrate_stats *stats);

/** Makes m->start the plateau of its teacher: r = t a, q = a . t a + p f. */
void put_on_plateau(test_model *m, const ordpar_plateau *at);

/** count values from start to stop, equally spaced in the logarithm. */
void log_grid(double start, double stop, size_t count, double *values);

/** squared_error_dg_dg of an activation (activation.h), with scratch of its own. */
double test_noise_of(const ordpar_activation *g, size_t n, const double *c, const double *u,
                     size_t i, size_t j, double *gradient);

#endif
