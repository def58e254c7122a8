// SPDX-License-Identifier: GPL-3.0-or-later
#include <ordpar/ordpar.h>
#include <stdio.h>

int main(void) {
    ordpar_error err;
    ordpar_spectrum spectrum;
    if (ordpar_spectrum_power_law(12, 3, 1, &spectrum, &err))
        return 1;
    for (size_t l = 0; l < spectrum.L; l++)
        printf("%.17g\n", spectrum.lambda[l]);
    ordpar_spectrum_clear(&spectrum);
    return 0;
}
