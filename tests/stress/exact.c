// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The promise of models that start on saddles or beside them, against arbitrary precision:
 * exact SEED FIRST COUNT [SECONDS [cvode|radau]]
 * The first COUNT models from number FIRST on that arbitrary precision has: linear or erf units of
 * fixed outputs. Those that take it more than SECONDS of the processor's time (60) are left out.
 */
#include "precision/mp_curve.h"
#include "promise.h"
#include "saddle_model.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

enum { WIDTH = 32, MOST = 8 };

static volatile sig_atomic_t too_long;

static void stop(int number) {
    (void)number;
    too_long = 1;
}

static void set_timer(time_t seconds) {
    const struct itimerval timer = {.it_value = {.tv_sec = seconds}};
    too_long = 0;
    signal(SIGVTALRM, stop);
    setitimer(ITIMER_VIRTUAL, &timer, NULL);
}

static const char *text_of(double x, char text[WIDTH]) {
    snprintf(text, WIDTH, "%.17g", x);
    return text;
}

static bool is_known(const saddle_model *m) {
    const ordpar_activation *g = m->network.activation;
    return (g == &ordpar_activation_erf || g == &ordpar_activation_linear) &&
           m->network.training.eta_v == 0;
}

static ordpar_status exact_curve(const saddle_model *m, time_t seconds, double *eps_g,
                                 ordpar_error *err) {
    const ordpar_network *net = &m->network;
    char outputs[2 * MOST][WIDTH], lambda[MOST][WIDTH], eta[WIDTH], noise[WIDTH], from[WIDTH],
        to[WIDTH];
    const char *v[MOST], *w[MOST], *eigenvalues[MOST];
    for (size_t i = 0; i < net->K; i++)
        v[i] = text_of(net->v[i], outputs[i]);
    for (size_t n = 0; n < net->M; n++)
        w[n] = text_of(net->w[n], outputs[MOST + n]);
    for (size_t b = 0; b < m->spectrum.L; b++)
        eigenvalues[b] = text_of(m->spectrum.lambda[b], lambda[b]);
    const ordpar_mp_model model = {
        .spectrum = {.L = m->spectrum.L, .N = (int64_t)m->spectrum.N, .lambda = eigenvalues},
        .trained_blocks = m->spectrum.L,
        .linear = net->activation == &ordpar_activation_linear,
        .K = net->K,
        .M = net->M,
        .v = v,
        .w = w,
        .eta = text_of(net->eta, eta),
        .sigma_J = "1",
        .label_noise = text_of(net->label_noise, noise),
        .small_eta = net->small_eta,
        .q = m->start.q,
        .r = m->start.r,
        .t = m->start.t};
    const ordpar_mp_grid grid = {text_of(m->alpha[0], from), text_of(m->alpha[SADDLE_ROWS - 1], to),
                                 SADDLE_ROWS, true, NULL};
    const ordpar_mp_options options = {.digits = 10, .stop = &too_long};
    ordpar_mp_result result;
    set_timer(seconds);
    const ordpar_status status =
        ordpar_mp_curve(&model, &grid, model.linear ? ORDPAR_MP_EXPONENTIAL : ORDPAR_MP_IMPLICIT,
                        &options, &result, err);
    set_timer(0);
    for (size_t k = 0; k < SADDLE_ROWS && !status; k++)
        eps_g[k] = atof(ordpar_mp_text(&result, 2 * k + 1));
    if (!status)
        ordpar_mp_result_clear(&result);
    return status;
}

typedef struct {
    size_t compared, left_out, noted, diverged, failed;
    double worst;
    ordpar_integrator_choice integrator;
} summary;

static void compare(uint64_t number, const saddle_model *m, const double *eps_g, summary *total) {
    const promise_run run = {.spectrum = &m->spectrum,
                             .network = &m->network,
                             .start = &m->start,
                             .trained_blocks = m->spectrum.L,
                             .alpha = m->alpha,
                             .rows = SADDLE_ROWS,
                             .integrator = total->integrator,
                             .exact = eps_g};
    const promise_verdict verdict = promise_check(&run);
    total->compared++;
    total->noted += verdict.noted;
    total->diverged += verdict.diverged;
    total->failed += verdict.failed;
    total->worst = fmax(total->worst, verdict.error);
    if (verdict.failed)
        printf("FAILED: number %llu, %s\n    %s\n", (unsigned long long)number, m->text,
               verdict.text);
}

int main(int argc, char **argv) {
    if (argc < 4 || argc > 6) {
        fputs("exact SEED FIRST COUNT [SECONDS [cvode|radau]]\n", stderr);
        return 2;
    }
    const uint64_t seed = strtoull(argv[1], NULL, 10), first = strtoull(argv[2], NULL, 10);
    const size_t count = strtoull(argv[3], NULL, 10);
    const time_t seconds = argc > 4 ? (time_t)strtoull(argv[4], NULL, 10) : 60;
    summary total = {.integrator = promise_integrator(argc, argv)};
    gsl_set_error_handler_off();
    setvbuf(stdout, NULL, _IOLBF, 0);
    uint64_t k = first;
    for (; total.compared < count; k++) {
        saddle_model m;
        ordpar_error err;
        double eps_g[SADDLE_ROWS];
        ordpar_status status = saddle_model_create(seed, k, &m, &err);
        const bool known = !status && is_known(&m);
        if (known)
            status = exact_curve(&m, seconds, eps_g, &err);
        if (known && !status)
            compare(k, &m, eps_g, &total);
        else if (status == ORDPAR_INTERRUPTED)
            total.left_out++;
        else if (status) {
            total.failed++;
            printf("FAILED: number %llu, %s\n    %s\n", (unsigned long long)k, m.text, err.message);
        }
        saddle_model_clear(&m);
    }
    printf("%zu models of the first %llu (worst error %.3g of what is promised or noted), %zu with "
           "a note, %zu diverged, %zu took too long, %zu failures\n",
           total.compared, (unsigned long long)(k - first), total.worst, total.noted,
           total.diverged, total.left_out, total.failed);
    return total.failed > 0;
}
