// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * tanh x = sum_k a_k erf(s_k x / sqrt 2) to 8.5e-12 for all x: X(a_k, s_k). As scripts/fit_mixture
 * finds them; of several with such an error, this has the best third derivative at 0, to 7e-10.
 * Internal to solver/.
 */
#ifndef ORDPAR_TANH_TERMS_H
#define ORDPAR_TANH_TERMS_H

#define ORDPAR_TANH_TERMS(X)                                                                       \
    X(4.6962488936573617e-05, 0.40220467095606338)                                                 \
    X(0.0017714220250049928, 0.49404461771897862)                                                  \
    X(0.015848105360428653, 0.59838837253580013)                                                   \
    X(0.062282130550949041, 0.72229225827410981)                                                   \
    X(0.14198425848810431, 0.87151596853454061)                                                    \
    X(0.2185047016432092, 1.051598832439707)                                                       \
    X(0.24159022259745747, 1.2678075914232605)                                                     \
    X(0.18919721503841205, 1.5258174396701183)                                                     \
    X(0.097088106272895991, 1.833309613184364)                                                     \
    X(0.02810104649868117, 2.2023397427627596)                                                     \
    X(0.0034859029729571575, 2.6548893497127031)                                                   \
    X(9.9926062963384688e-05, 3.2464176207496571)

#endif
