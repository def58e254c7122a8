// SPDX-License-Identifier: GPL-3.0-or-later
#include "decimals.h"

#include "number.h"
#include "spectrum_read.h"

#include <stdlib.h>
#include <string.h>

enum { ETA, SIGMA_J, LABEL_NOISE, BETA, STUDENT, TEACHER, START, STOP };

char *ordpar_decimals_cut(const char *text, char mark, const char **items, size_t count) {
    char *copy = strdup(text), *next = copy;
    for (size_t k = 0; copy && k < count && next; k++) {
        items[k] = next;
        next = strchr(next, mark);
        if (next)
            *next++ = '\0';
    }
    return copy;
}

const char *ordpar_decimal_text(double value, char text[ORDPAR_DECIMAL_SIZE]) {
    return ordpar_number_text(value, text);
}

/* True unless out of memory. */
static bool copy_text(ordpar_decimals *d, size_t k, const char *text, const char **copy) {
    d->texts[k] = strdup(text);
    *copy = d->texts[k];
    return d->texts[k] != NULL;
}

static bool copy_list(ordpar_decimals *d, size_t k, const char *text, size_t count,
                      const char *const **items) {
    if (!text)
        return true;
    const char **list = calloc(count, sizeof *list);
    d->lists[k - STUDENT] = list;
    if (list)
        d->texts[k] = ordpar_decimals_cut(text, ',', list, count);
    *items = list;
    return d->texts[k] != NULL;
}

static bool copy_texts(const ordpar_decimal_texts *texts, size_t K, size_t M, ordpar_decimals *d) {
    d->grid = texts->grid;
    return copy_text(d, ETA, texts->eta, &d->model.eta) &&
           copy_text(d, SIGMA_J, texts->sigma_J, &d->model.sigma_J) &&
           copy_text(d, LABEL_NOISE, texts->label_noise, &d->model.label_noise) &&
           copy_text(d, BETA, texts->beta, &d->model.spectrum.beta) &&
           copy_list(d, STUDENT, texts->student_output, K, &d->model.v) &&
           copy_list(d, TEACHER, texts->teacher_output, M, &d->model.w) &&
           (!texts->grid.start || (copy_text(d, START, texts->grid.start, &d->grid.start) &&
                                   copy_text(d, STOP, texts->grid.stop, &d->grid.stop)));
}

/* Multiplicities, and the ranks of a power law whose block N_l was split in two. */
static bool copy_blocks(const ordpar_decimal_texts *texts, const ordpar_spectrum *s, size_t trained,
                        ordpar_decimals *d) {
    const bool split = texts->power_law && s->L != texts->power_law;
    if (texts->power_law && !split)
        return true;
    d->rank = calloc(s->L, sizeof *d->rank);
    d->n = calloc(s->L, sizeof *d->n);
    if (!d->rank || !d->n)
        return false;
    for (size_t b = 0; b < s->L; b++) {
        d->rank[b] = split && b >= trained ? b : b + 1;
        d->n[b] = (int64_t)s->n[b];
    }
    return true;
}

/* The block of the file that block b of a spectrum cut at `trained` comes from. */
static size_t block_of(const ordpar_spectrum_file *file, const ordpar_spectrum *s, size_t trained,
                       size_t b) {
    return s->L == file->spectrum.L + 1 && b >= trained ? b - 1 : b;
}

/* True if s is still the file's spectrum, of which one block may be cut. */
static bool is_same(const ordpar_spectrum_file *file, const ordpar_spectrum *s, size_t trained) {
    if (s->L != file->spectrum.L && s->L != file->spectrum.L + 1)
        return false;
    for (size_t b = 0; b < s->L; b++)
        if (block_of(file, s, trained, b) >= file->spectrum.L ||
            s->lambda[b] != file->spectrum.lambda[block_of(file, s, trained, b)])
            return false;
    return true;
}

/* The texts of the spectrum's file, in the blocks' order. */
static ordpar_status read_eigenvalues(const char *path, const ordpar_spectrum *s, size_t trained,
                                      ordpar_decimals *d, ordpar_error *err) {
    ordpar_spectrum_file file = {0};
    char number[ORDPAR_DECIMAL_SIZE];
    ordpar_status status = ordpar_spectrum_file_read(path, &file, err);
    if (!status && !is_same(&file, s, trained))
        status = ordpar_fail(err, ORDPAR_IO, "%s: changed while it was read", path);
    for (size_t b = 0; b < s->L && !status; b++) {
        const char *text = file.texts ? file.texts[block_of(&file, s, trained, b)]
                                      : ordpar_decimal_text(s->lambda[b], number);
        if (!(d->lambda[b] = strdup(text)))
            status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", s->L);
    }
    ordpar_spectrum_file_clear(&file);
    return status;
}

static ordpar_status set_eigenvalues(const ordpar_decimal_texts *texts, const ordpar_spectrum *s,
                                     size_t trained, ordpar_decimals *d, ordpar_error *err) {
    if (texts->power_law)
        return ORDPAR_OK;
    d->lambda = calloc(s->L, sizeof *d->lambda);
    if (!d->lambda)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", s->L);
    d->n_lambda = s->L;
    if (texts->spectrum_file)
        return read_eigenvalues(texts->spectrum_file, s, trained, d, err);
    char text[ORDPAR_DECIMAL_SIZE];
    for (size_t b = 0; b < s->L; b++)
        if (!(d->lambda[b] = strdup(ordpar_decimal_text(s->lambda[b], text))))
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", s->L);
    return ORDPAR_OK;
}

static bool shortest_texts(size_t count, const double *x, char **texts) {
    char text[ORDPAR_DECIMAL_SIZE];
    for (size_t k = 0; k < count; k++)
        if (!(texts[k] = strdup(ordpar_decimal_text(x[k], text))))
            return false;
    return true;
}

/* The decimals of a given start. */
static ordpar_status set_decimals(const char *file, const ordpar_overlaps *start,
                                  ordpar_decimals *d, ordpar_error *err) {
    const size_t K = start->K, M = start->M, L = start->L;
    ordpar_mp_overlaps *o = &d->overlaps;
    ordpar_status status;
    if (file && strcmp(file, "-") == 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "overlaps: must be a file where its decimals matter, got '-'");
    if (file)
        status = ordpar_mp_overlaps_read(file, K, M, L, o, err);
    else if (!(status = ordpar_mp_overlaps_init(K, M, L, o, err)) &&
             (!shortest_texts(K * K * L, start->q, o->q) ||
              !shortest_texts(K * M * L, start->r, o->r) ||
              !shortest_texts(M * M * L, start->t, o->t)))
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu overlaps", o->count);
    d->model.q_text = (const char *const *)o->q;
    d->model.r_text = (const char *const *)o->r;
    d->model.t_text = (const char *const *)o->t;
    return status;
}

static ordpar_status set_start(const ordpar_decimal_texts *texts, const ordpar_overlaps *start,
                               ordpar_decimals *d, ordpar_error *err) {
    if (texts->given_start)
        return set_decimals(texts->overlaps_file, start, d, err);
    if (texts->init != ORDPAR_INIT_MEAN) {
        d->model.q = start->q;
        d->model.r = start->r;
    }
    if (texts->teacher != ORDPAR_TEACHER_MEAN)
        d->model.t = start->t;
    return ORDPAR_OK;
}

ordpar_status ordpar_decimals_init(const ordpar_decimal_texts *texts,
                                   const ordpar_spectrum *spectrum, size_t trained_blocks,
                                   const ordpar_network *network, const ordpar_overlaps *start,
                                   ordpar_decimals *d, ordpar_error *err) {
    *d = (ordpar_decimals){0};
    ordpar_mp_model *made = &d->model;
    const ordpar_activation *g = network->activation;
    if (g != &ordpar_activation_linear && g != &ordpar_activation_erf)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "activation: arbitrary precision is for erf and linear, got %s",
                           g->name);
    if (start->v)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "overlaps: %.80s has output weights; arbitrary precision takes those of "
                           "student-output",
                           texts->overlaps_file);
    if (!copy_texts(texts, network->K, network->M, d) ||
        !copy_blocks(texts, spectrum, trained_blocks, d))
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the model");
    const ordpar_status status = set_eigenvalues(texts, spectrum, trained_blocks, d, err);
    if (status)
        return status;
    made->spectrum.L = spectrum->L;
    made->spectrum.n = d->n;
    made->spectrum.N = (int64_t)spectrum->N;
    made->spectrum.lambda = (const char *const *)d->lambda;
    made->spectrum.rank = d->rank;
    made->trained_blocks = trained_blocks;
    made->linear = g == &ordpar_activation_linear;
    made->K = network->K;
    made->M = network->M;
    made->small_eta = network->small_eta;
    return set_start(texts, start, d, err);
}

void ordpar_decimals_clear(ordpar_decimals *d) {
    for (size_t k = 0; k < sizeof d->texts / sizeof *d->texts; k++)
        free(d->texts[k]);
    for (size_t k = 0; k < sizeof d->lists / sizeof *d->lists; k++)
        free(d->lists[k]);
    for (size_t b = 0; b < d->n_lambda; b++)
        free(d->lambda[b]);
    free(d->lambda);
    ordpar_mp_overlaps_clear(&d->overlaps);
    free(d->rank);
    free(d->n);
    *d = (ordpar_decimals){0};
}
