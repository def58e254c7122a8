// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Symmetries of a start that the equations keep for ever, and that rounding would break where a
 * saddle amplifies it [5.11]. Internal to solver/.
 *
 * Units of a class can be exchanged: the start stays as it is (unit k counts as k/scale_k: -1 for
 * mirror images where the activation is even, or odd and the output weights opposite). Twins of a
 * class are one vector but for that scale; homogeneous students J_i/v_i are twins, too. Where the
 * activation is even, the units of a part can be turned round together: its overlaps with other
 * parts are 0.
 */
#ifndef ORDPAR_SYMMETRY_H
#define ORDPAR_SYMMETRY_H

#include "base/status.h"
#include "solver/state/network.h"
#include "solver/state/overlaps.h"

#include <float.h>
#include <stdbool.h>

/** Of students that are exchangeable but not one. */
#define ORDPAR_LARGEST_CORRELATION (1 - 16 * DBL_EPSILON)

typedef struct ordpar_symmetry {
    size_t K, n;              /* students, all units: students first */
    size_t heads;             /* sets of output weights: tasks */
    size_t *first;            /* [n] the first unit of the class */
    size_t *size;             /* [n] of the class, at its first unit */
    size_t *part;             /* [n] the first unit of the part */
    bool *twins;              /* [n] at the first unit of a class: they coincide */
    double *scale;            /* [n] */
    double *sum;              /* [n*n + n] scratch */
    bool outputs_odd;         /* the output weights change sign with the units */
    bool teacher_outputs_odd; /* those of teachers */
    size_t students;          /* that are tied to others before them */
    size_t teachers;          /* likewise */
    bool exists;              /* there is anything to keep */
} ordpar_symmetry;

/** Errors: MEMORY. The caller clears *symmetry. */
ordpar_status ordpar_symmetry_init(const ordpar_network *network, const ordpar_overlaps *start,
                                   ordpar_symmetry *symmetry, ordpar_error *err);
void ordpar_symmetry_clear(ordpar_symmetry *symmetry);

/** Makes the students' part of overlaps c[n*n], or of their rates, exactly symmetric: means over
 * each class. */
void ordpar_symmetry_average(const ordpar_symmetry *symmetry, double *c);

/** The same for the covariance c of the fields and the output weights v[heads][K]; no correlation
 * of a class passes 1, none of students that are not one ORDPAR_LARGEST_CORRELATION. */
void ordpar_symmetry_restore(const ordpar_symmetry *symmetry, double *c, double *v);

/** Makes the overlaps of students exactly symmetric, block by block, and those output weights
 * v[heads][K]: so that what is tied is found in them again. c[n*n]: scratch. */
void ordpar_symmetry_tie_overlaps(const ordpar_symmetry *symmetry, ordpar_overlaps *overlaps,
                                  double *c);
void ordpar_symmetry_tie_outputs(const ordpar_symmetry *symmetry, double *v);

/** True if unit k has a twin before it: *first and its scale in units of that one. */
bool ordpar_symmetry_twin(const ordpar_symmetry *symmetry, size_t k, size_t *first, double *scale);

#endif
