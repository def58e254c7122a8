// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The overlaps of a start as decimal text, for computations in arbitrary precision: what a file of
 * overlaps says, with all its digits.
 */
#ifndef ORDPAR_MP_OVERLAPS_H
#define ORDPAR_MP_OVERLAPS_H

#include "base/declarations.h"
#include "base/status.h"

#include <stddef.h>

ORDPAR_DECLARATIONS_BEGIN

/** Texts of the overlaps, as ordpar_mp_model.q_text, r_text and t_text take them. */
typedef struct {
    size_t count; /**< of all texts: (K*K + K*M + M*M) L */
    char **q;     /**< [K*K*L], [(i*K + j)*L + b] */
    char **r;     /**< [K*M*L], [(i*M + n)*L + b] */
    char **t;     /**< [M*M*L], [(n*M + m)*L + b] */
    size_t units; /**< M */
    char **p;     /**< [M*M] T_perp, for ordpar_mp_model.unlearnable; all NULL: none in the file */
} ordpar_mp_overlaps;

/** Room for the texts, each NULL, to be set with strdup. Errors: MEMORY. The caller clears it. */
ordpar_status ordpar_mp_overlaps_init(size_t K, size_t M, size_t L, ordpar_mp_overlaps *overlaps,
                                      ordpar_error *err);

/** Frees the texts and zeroes the struct; NULL and a zeroed struct are fine. */
void ordpar_mp_overlaps_clear(ordpar_mp_overlaps *overlaps);

/**
 * Reads the texts of a file of overlaps, which has the header matrix,block,row,col,value and
 * indices from 1 (the file that ordpar_overlaps_read takes, which checks that they are those of
 * vectors). Output weights (matrix v) are passed over. Entries of q and t that are given in both
 * triangles must be the same number in all their digits.
 * Errors: IO, PARSE (naming the line), MEMORY. The caller clears *overlaps.
 */
ordpar_status ordpar_mp_overlaps_read(const char *path, size_t K, size_t M, size_t L,
                                      ordpar_mp_overlaps *overlaps, ordpar_error *err);

ORDPAR_DECLARATIONS_END

#endif
