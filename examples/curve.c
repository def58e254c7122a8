// SPDX-License-Identifier: GPL-3.0-or-later
/* Job 1, a theoretical curve: eps_g against alpha by the equations of motion. */
#include <ordpar/ordpar.h>

#include <stdio.h>

/* Called at each grid point; state could give the order parameters as well. */
static ordpar_status print_row(void *context, size_t row, double alpha, double eps_g,
                               const ordpar_overlaps *state, ordpar_error *err) {
    (void)context, (void)row, (void)state, (void)err;
    printf("%.17g,%.17g\n", alpha, eps_g);
    return ORDPAR_OK;
}

int main(void) {
    const double alpha[] = {0, 50, 100, 150, 200};
    const ordpar_activation *erf = ordpar_activation_find("erf");
    ordpar_spectrum spectrum = {0};
    ordpar_network network = {0};
    ordpar_overlaps state = {0};
    ordpar_error err;

    /* N = 1024, L = 16, beta = 1; K = M = 2, eta = 0.1; sigma_J = 0.01, seed 1, run 1 */
    ordpar_status status = ordpar_spectrum_power_law(1024, 16, 1, &spectrum, &err);
    if (!status)
        status = ordpar_network_init(2, 2, erf, 0.1, &network, &err);
    if (!status)
        status = ordpar_overlaps_start(&spectrum, 2, 2, ORDPAR_INIT_SAMPLED, ORDPAR_TEACHER_SAMPLED,
                                       0.01, 1, 1, &state, &err);
    const ordpar_integrate_options options = {.rtol = ORDPAR_DEFAULT_RTOL,
                                              .atol = ORDPAR_DEFAULT_ATOL,
                                              .trained_blocks = spectrum.L,
                                              .observer = print_row};
    if (!status) {
        puts("alpha,eps_g");
        status = ordpar_integrate(&spectrum, &network, &state, alpha, 5, &options, NULL, &err);
    }
    if (status)
        fprintf(stderr, "%s: %s\n", ordpar_status_string(status), err.message);
    ordpar_overlaps_clear(&state);
    ordpar_network_clear(&network);
    ordpar_spectrum_clear(&spectrum);
    return status ? 1 : 0;
}
