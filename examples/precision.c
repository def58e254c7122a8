// SPDX-License-Identifier: GPL-3.0-or-later
/* Job 2, a cross-check of precision: how far is a curve in double from one with 20 right digits? */
#include <ordpar/ordpar.h>

#include <math.h>
#include <stdio.h>

enum { ROWS = 3, K = 2, M = 2 };

/* The equations of motion in double, from the mean start. */
static ordpar_status record(void *context, size_t row, double alpha, double eps_g,
                            const ordpar_overlaps *state, ordpar_error *err) {
    (void)alpha, (void)state, (void)err;
    ((double *)context)[row] = eps_g;
    return ORDPAR_OK;
}

static ordpar_status in_double(const double *alpha, double *eps_g, ordpar_error *err) {
    ordpar_spectrum spectrum = {0};
    ordpar_network network = {0};
    ordpar_overlaps state = {0};
    ordpar_status status = ordpar_spectrum_power_law(1024, 4, 1, &spectrum, err);
    if (!status)
        status = ordpar_network_init(K, M, ordpar_activation_find("erf"), 0.1, &network, err);
    if (!status)
        status = ordpar_overlaps_start(&spectrum, K, M, ORDPAR_INIT_MEAN, ORDPAR_TEACHER_MEAN, 0.01,
                                       1, 1, &state, err);
    const ordpar_integrate_options options = {.rtol = ORDPAR_DEFAULT_RTOL,
                                              .atol = ORDPAR_DEFAULT_ATOL,
                                              .trained_blocks = spectrum.L,
                                              .observer = record,
                                              .context = eps_g};
    if (!status)
        status = ordpar_integrate(&spectrum, &network, &state, alpha, ROWS, &options, NULL, err);
    ordpar_overlaps_clear(&state);
    ordpar_network_clear(&network);
    ordpar_spectrum_clear(&spectrum);
    return status;
}

int main(void) {
    const double alpha[ROWS] = {0, 100, 200};
    /* The same model; numbers as decimal text, so that 0.1 is one tenth. */
    const ordpar_mp_model model = {
        .spectrum = {.L = 4, .N = 1024, .beta = "1"},
        .trained_blocks = 4,
        .K = K,
        .M = M,
        .eta = "0.1",
        .sigma_J = "0.01",
        .label_noise = "0",
    };
    const ordpar_mp_grid grid = {.start = "0", .stop = "200", .count = ROWS};
    const ordpar_mp_options options = {.digits = 20};
    ordpar_mp_result exact = {0};
    ordpar_error err;
    double eps_g[ROWS];
    ordpar_status status = in_double(alpha, eps_g, &err);
    if (!status)
        status = ordpar_mp_curve(&model, &grid, ORDPAR_MP_MOMENTS, &options, &exact, &err);
    if (status)
        fprintf(stderr, "%s: %s\n", ordpar_status_string(status), err.message);
    else
        puts("alpha,double,mpfr,relative_error");
    for (size_t k = 0; k < ROWS && !status; k++) {
        const char *digits = ordpar_mp_text(&exact, 2 * k + 1);
        printf("%s,%.17g,%s,%.17g\n", ordpar_mp_text(&exact, 2 * k), eps_g[k], digits,
               fabs(ordpar_mp_relative_error(eps_g[k], digits)));
    }
    ordpar_mp_result_clear(&exact);
    return status ? 1 : 0;
}
