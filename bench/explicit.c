// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The baseline of the curves: GSL's explicit Runge-Kutta method of order 8(9) on the same
 * right-hand side, with the relative and absolute tolerance rtol on every component of the state.
 * explicit L BETA ETA STOP RTOL: K = M = 2, erf, N = 1024; prints eps_g at STOP and the number of
 * right-hand sides.
 */
#include "solver/motion/coefficients.h"
#include "solver/motion/state.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <stdio.h>
#include <stdlib.h>

enum { K = 2, M = 2 };

typedef struct {
    ordpar_flow flow;
    ordpar_network network;
    ordpar_coefficients coefficients;
    ordpar_coefficient_work *work;
    double c[(K + M) * (K + M)], m[K * M + K * (K + 1) / 2];
    long evaluations;
} system_data;

static void set_covariance(system_data *s, const double *y) {
    ordpar_flow_moment(&s->flow, y, s->m);
    ordpar_covariance_set(K, M, s->m, s->c);
}

static int right_hand_side(double alpha, const double *y, double *dy, void *data) {
    system_data *s = data;
    (void)alpha;
    s->evaluations++;
    set_covariance(s, y);
    if (!ordpar_coefficients_evaluate(&s->network, s->c, s->work, &s->coefficients))
        return GSL_EBADFUNC;
    ordpar_flow_apply(&s->flow, &s->coefficients, y, dy);
    return GSL_SUCCESS;
}

int main(int argc, char **argv) {
    if (argc != 6) {
        fputs("explicit: needs L BETA ETA STOP RTOL\n", stderr);
        return 2;
    }
    const long L = atol(argv[1]);
    const double beta = atof(argv[2]), eta = atof(argv[3]), stop = atof(argv[4]);
    const double rtol = atof(argv[5]);
    system_data s = {.evaluations = 0};
    ordpar_spectrum spectrum;
    ordpar_overlaps start;
    ordpar_error err;
    if (ordpar_spectrum_power_law(1024, L, beta, &spectrum, &err) ||
        ordpar_network_init(K, M, &ordpar_activation_erf, eta, &s.network, &err) ||
        ordpar_overlaps_start(&spectrum, K, M, ORDPAR_INIT_SAMPLED, ORDPAR_TEACHER_SAMPLED, 0.01, 1,
                              1, &start, &err) ||
        ordpar_flow_init(&spectrum, &s.network, &ordpar_state_overlaps, spectrum.L,
                         &(ordpar_flow_start){.overlaps = &start}, &s.flow, &err) ||
        ordpar_coefficients_init(K, M, &s.coefficients, &err) ||
        ordpar_overlaps_moment(&start, &spectrum, 1, s.c, &err)) {
        fprintf(stderr, "explicit: %s\n", err.message);
        return 1;
    }
    s.work = ordpar_coefficient_work_create(&s.network);
    double *y = malloc(ordpar_flow_size(&s.flow) * sizeof *y), alpha = 0;
    ordpar_flow_pack(&s.flow, &(ordpar_flow_start){.overlaps = &start}, y);
    gsl_odeiv2_system ode = {right_hand_side, NULL, ordpar_flow_size(&s.flow), &s};
    gsl_odeiv2_driver *driver =
        gsl_odeiv2_driver_alloc_y_new(&ode, gsl_odeiv2_step_rk8pd, 1e-6, rtol, rtol);
    if (gsl_odeiv2_driver_apply(driver, &alpha, stop, y) != GSL_SUCCESS)
        return 1;
    set_covariance(&s, y);
    printf("%.17g %ld\n", ordpar_generalization_error(&s.network, s.c, s.work), s.evaluations);
    gsl_odeiv2_driver_free(driver);
    free(y);
    ordpar_coefficient_work_free(s.work);
    ordpar_coefficients_clear(&s.coefficients);
    ordpar_flow_clear(&s.flow);
    ordpar_overlaps_clear(&start);
    ordpar_network_clear(&s.network);
    ordpar_spectrum_clear(&spectrum);
    return 0;
}
