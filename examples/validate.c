// SPDX-License-Identifier: GPL-3.0-or-later
/* Job 3, validation: the theory against eight simulated runs of SGD, each from its own start. */
#include <ordpar/ordpar.h>

#include <stdio.h>

enum { ROWS = 3, RUNS = 8 };

int main(void) {
    const double alpha[ROWS] = {0, 20, 40};
    double theory[ROWS * RUNS], simulated[ROWS * RUNS], differences[RUNS];
    size_t rows = 0;
    ordpar_spectrum spectrum = {0};
    ordpar_network network = {0};
    ordpar_error err;

    ordpar_status status = ordpar_spectrum_power_law(200, 10, 1, &spectrum, &err);
    if (!status)
        status = ordpar_network_init(2, 2, ordpar_activation_find("erf"), 0.1, &network, &err);
    const ordpar_simulation simulation = {.spectrum = &spectrum,
                                          .network = &network,
                                          .trained_blocks = spectrum.L,
                                          .method = ORDPAR_METHOD_SGD,
                                          .sigma_J = 0.01,
                                          .seed = 1};
    const ordpar_theory_options theory_options = {.rtol = 1e-8, .atol = 1e-14};
    const ordpar_ensemble_options ensemble_options = {.runs = RUNS};
    if (!status)
        status =
            ordpar_theory_curves(&simulation, alpha, ROWS, RUNS, &theory_options, theory, &err);
    if (!status)
        status = ordpar_ensemble_run(&simulation, alpha, ROWS, &ensemble_options, simulated, &rows,
                                     &err);
    if (status)
        fprintf(stderr, "%s: %s\n", ordpar_status_string(status), err.message);
    else
        puts("alpha,theory,mean,stderr,z");
    for (size_t k = 0; k < ROWS && !status; k++) {
        const ordpar_comparison c = ordpar_compare_row(
            RUNS, simulated + k * RUNS, RUNS, theory + k * RUNS, 10 * theory_options.rtol,
            ordpar_theory_floor(&simulation, &theory_options), differences);
        printf("%.17g,%.17g,%.17g,%.17g,%.17g\n", alpha[k], c.theory, c.mean, c.standard_error,
               c.z);
    }
    ordpar_network_clear(&network);
    ordpar_spectrum_clear(&spectrum);
    return status ? 1 : 0;
}
