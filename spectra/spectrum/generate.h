// SPDX-License-Identifier: GPL-3.0-or-later
/** Spectra of models of the inputs, with the teacher that some of them bring [15.20] to [15.24]. */
#ifndef ORDPAR_GENERATE_H
#define ORDPAR_GENERATE_H

#include "spectra/spectrum/spectrum.h"

#include <signal.h>

enum { ORDPAR_MAX_SPIKES = 64, ORDPAR_MAX_GENERATED = 16384, ORDPAR_MAX_LATENT = 1 << 20 };

typedef enum {
    ORDPAR_GENERATE_POWER_LAW,       /* power-law */
    ORDPAR_GENERATE_SPIKED,          /* spiked:S1,S2,.. */
    ORDPAR_GENERATE_SPIKED_BULK,     /* spiked:S1,S2,..:RATIO */
    ORDPAR_GENERATE_QUANTILES,       /* marchenko-pastur:RATIO */
    ORDPAR_GENERATE_DRAWN,           /* marchenko-pastur:RATIO:drawn */
    ORDPAR_GENERATE_RANDOM_FEATURES, /* random-features:V */
    ORDPAR_GENERATE_HIDDEN_MANIFOLD, /* hidden-manifold:D:MAP */
} ordpar_generate_kind;

/** A generator. */
typedef struct {
    ordpar_generate_kind kind;
    double spikes[ORDPAR_MAX_SPIKES];
    double ratio;    /* N / examples */
    size_t count;    /* of spikes; of latent variables, V or D */
    const char *map; /* identity, sign, erf or relu */
} ordpar_generator;

/** What it needs beside; each kind uses some. */
typedef struct {
    int64_t N, L;      /* L: blocks of power-law, quantiles and a spiked bulk */
    double beta, zeta; /* latent variables: variances j^-(1+beta), target sum_j j^(-zeta/2) x_j */
    uint64_t seed;
    const volatile sig_atomic_t *stop; /* of quantiles; may be NULL */
} ordpar_generate_options;

/** What comes out. */
typedef struct {
    ordpar_spectrum spectrum;
    bool teaches;       /* the teacher weights are the generator's: T = 1 with T_perp */
    double unlearnable; /* T_perp: what the inputs do not show of that teacher's field */
} ordpar_generated;

/** From NAME[:NUMBERS]. Errors: INVALID, "must be ..". */
ordpar_status ordpar_generator_parse(const char *text, ordpar_generator *generator,
                                     ordpar_error *err);

/** What making it takes, in bytes, about. */
double ordpar_generator_bytes(const ordpar_generator *generator, int64_t N, int64_t L);

/**
 * Makes the spectrum. What is drawn comes from the streams (seed, 0, ORDPAR_RANDOM_SPECTRUM, index)
 * alone. The trace is N, but for spiked (its bulk is 1) and drawn (N on average). Ranges: those of
 * the generator, N <= ORDPAR_MAX_GENERATED where matrices are drawn. Errors: INVALID, MEMORY,
 * NUMERICAL, INTERRUPTED. The caller clears generated->spectrum.
 */
ordpar_status ordpar_generate(const ordpar_generator *generator,
                              const ordpar_generate_options *options, ordpar_generated *generated,
                              ordpar_error *err);

/** The part of it that draws matrices, all kinds from ORDPAR_GENERATE_DRAWN on. */
ordpar_status ordpar_generate_drawn(const ordpar_generator *generator,
                                    const ordpar_generate_options *options,
                                    ordpar_generated *generated, ordpar_error *err);

/** out[count]: the standard normals of the index-th matrix of a seed (0: W, F or examples, row by
 * row, [latent][N], [N][latent] or [examples][N]; 1: the hidden manifold's teacher). */
void ordpar_generate_normals(uint64_t seed, uint64_t index, size_t count, double *out);

#endif
