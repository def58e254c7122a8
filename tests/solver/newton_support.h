// SPDX-License-Identifier: GPL-3.0-or-later
/** Systems of equations whose structured solves and products are held against their Jacobian by
 * finite differences. */
#ifndef ORDPAR_NEWTON_SUPPORT_H
#define ORDPAR_NEWTON_SUPPORT_H

#include "solver/steps/newton_shifts.h"
#include "support.h"

typedef struct {
    ordpar_network *network;
    const ordpar_coordinates *coordinates;
    ordpar_flow flow;
    ordpar_coefficients co;
    ordpar_coefficient_work *work;
    ordpar_newton *newton;
    double *y, *c;
} system_under_test;

/** start: the overlaps, as the coordinates have them. */
void begin_system(system_under_test *s, test_model *m, const ordpar_overlaps *start,
                  const ordpar_state *state, const ordpar_coordinates *coordinates,
                  size_t trained_blocks);
void end_system(system_under_test *s);

/** After a setup with gamma: a solve; [5.17] solves with complex multiples of gamma; transposes,
 * column by column or, of many blocks, by one product. */
void check_solve(system_under_test *s, double gamma);
void check_pairs(system_under_test *s, double gamma);
void check_transposes(system_under_test *s, double gamma);
void check_adjoint(system_under_test *s);

/** [5.13] The same system without its matrix. */
void check_wide(system_under_test *s, double gamma);

#endif
