// SPDX-License-Identifier: GPL-3.0-or-later
/** Settings of a model, and the library's objects that they stand for. Internal to api/. */
#ifndef ORDPAR_MODEL_INTERNAL_H
#define ORDPAR_MODEL_INTERNAL_H

#include "model.h"
#include "mp_model.h"
#include "network.h"
#include "overlaps.h"
#include "principal.h"
#include "simulation.h"
#include "spectrum.h"
#include "spread.h"

#include <stdbool.h>

/* X(identifier, option, whole number, least, largest, default) */
#define ORDPAR_MODEL_NUMBERS(X)                                                                    \
    X(K, "student-units", true, 1, ORDPAR_MAX_UNITS, 2)                                            \
    X(M, "teacher-units", true, 1, ORDPAR_MAX_UNITS, 2)                                            \
    X(N, "input-dim", true, 1, (double)ORDPAR_MAX_INPUT_DIM, 1024)                                 \
    X(L, "eigenvalues", true, 1, ORDPAR_MAX_EIGENVALUES, 16)                                       \
    X(BETA, "beta", false, DBL_MIN, DBL_MAX, 1)                                                    \
    X(SPREAD, "spread", false, 0, 1, 0)                                                            \
    X(SPREAD_PARTS, "spread-parts", true, 1, ORDPAR_MAX_SPREAD_PARTS, 15)                          \
    X(ETA, "eta", false, DBL_MIN, DBL_MAX, 0.1)                                                    \
    X(SIGMA_J, "sigma-j", false, 0, 1e10, 0.01)                                                    \
    X(LABEL_NOISE, "label-noise", false, 0, 1e10, 0)                                               \
    X(TRAIN_OUTPUT, "train-output", true, 0, 1, 0)                                                 \
    X(ETA_V, "eta-v", false, 0, DBL_MAX, 0)                                                        \
    X(WEIGHT_DECAY, "weight-decay", false, 0, DBL_MAX, 0)                                          \
    X(TRAINABLE, "trainable", true, -1, (double)ORDPAR_MAX_INPUT_DIM, -1)                          \
    X(SMALL_ETA, "small-eta", true, 0, 1, 0)                                                       \
    X(CONTINUUM, "continuum", true, 0, 1, 0)                                                       \
    X(DIGITS, "digits", true, 1, ORDPAR_MP_MAX_DIGITS, 30)                                         \
    X(SEED, "seed", true, 0, 9007199254740992.0, 1)                                                \
    X(RTOL, "rtol", false, ORDPAR_MIN_RTOL, ORDPAR_MAX_RTOL, ORDPAR_DEFAULT_RTOL)                  \
    X(ATOL, "atol", false, 0, 1, ORDPAR_DEFAULT_ATOL)                                              \
    X(RUNS, "runs", true, 1, 1e7, 10)                                                              \
    X(THREADS, "threads", true, 0, 4096, 0)

typedef enum {
#define ORDPAR_MODEL_ENUM(identifier, option, whole, low, high, value) MODEL_##identifier,
    ORDPAR_MODEL_NUMBERS(ORDPAR_MODEL_ENUM)
#undef ORDPAR_MODEL_ENUM
        MODEL_NUMBER_COUNT
} ordpar_model_number;

/** count 0: the default. */
typedef struct {
    double *values;
    size_t count;
    char *text; /* that it was set from; NULL: from doubles */
} ordpar_model_list;

struct ordpar_model {
    double number[MODEL_NUMBER_COUNT];
    bool given[MODEL_NUMBER_COUNT];
    char *text[MODEL_NUMBER_COUNT]; /* that it was set from; NULL: from a double */
    ordpar_model_list student_output, teacher_output;
    const ordpar_activation *activation; /* NULL: not given */
    ordpar_init init;
    ordpar_teacher teacher;
    ordpar_method method;
    ordpar_mp_representation representation;
    bool init_given, teacher_given, representation_given;
    ordpar_spectrum spectrum; /* L = 0: not given */
    ordpar_dataset *data;     /* NULL: not given */
    ordpar_principal principal;
    ordpar_overlaps overlaps; /* K = 0: not given */
    char *spectrum_file, *overlaps_file, *checkpoint, *schedule;
    const volatile sig_atomic_t *stop;
};

/** What the settings stand for; zeroed before it is made. */
typedef struct {
    ordpar_spectrum spectrum; /* split where `trainable` cuts a block */
    size_t trained_blocks;
    ordpar_network network;
    ordpar_overlaps start; /* K = 0: none was made */
} ordpar_parts;

/** Spectrum and network. activation: where none was given. The caller clears *parts. */
ordpar_status ordpar_parts_init(const ordpar_model *model, const ordpar_activation *activation,
                                ordpar_parts *parts, ordpar_error *err);
void ordpar_parts_clear(ordpar_parts *parts);

/** Refuses a second source of the spectrum beside the first, data or a given spectrum. */
ordpar_status ordpar_parts_check_source(const ordpar_model *model, bool data, ordpar_error *err);

/** True if the spectrum is the power law of N, L and beta. */
bool ordpar_parts_is_power_law(const ordpar_model *model);

/** The spectrum alone, spread and split, with parts->trained_blocks. */
ordpar_status ordpar_parts_spectrum(const ordpar_model *model, ordpar_parts *parts,
                                    ordpar_error *err);

/** What the closed form of that name needs of spectrum and network. Errors: also an unknown name.
 */
ordpar_status ordpar_parts_form(const ordpar_model *model, const char *name, ordpar_parts *parts,
                                ordpar_error *err);

/** The network alone. */
ordpar_status ordpar_parts_network(const ordpar_model *model, const ordpar_activation *activation,
                                   ordpar_parts *parts, ordpar_error *err);

/** True if the starting overlaps are given. */
bool ordpar_model_has_overlaps(const ordpar_model *model);

/**
 * The start, at parts whose spectrum and network are there. *deviation: NULL, or whether the start
 * is that of W = J - B (integrate.h), which then is so where it can.
 */
ordpar_status ordpar_parts_start(const ordpar_model *model, bool *deviation, ordpar_parts *parts,
                                 ordpar_error *err);

#endif
