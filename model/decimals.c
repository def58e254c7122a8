// SPDX-License-Identifier: GPL-3.0-or-later
#include "decimals.h"

#include "csv.h"

#include <stdio.h>
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
    enum { ALWAYS_READ_BACK = 17 };
    for (int digits = 1; digits <= ALWAYS_READ_BACK; digits++) {
        snprintf(text, ORDPAR_DECIMAL_SIZE, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return text;
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

typedef struct {
    double lambda;
    size_t position;
    char *text;
} eigenvalue;

typedef struct {
    eigenvalue *list;
    size_t count, capacity;
} eigenvalues;

static ordpar_status add_eigenvalue(const ordpar_csv_row *row, void *context, ordpar_error *err) {
    eigenvalues *e = context;
    if (e->count == e->capacity) {
        const size_t capacity = e->capacity ? 2 * e->capacity : 256;
        eigenvalue *grown = realloc(e->list, capacity * sizeof *grown);
        if (!grown)
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", capacity);
        e->list = grown;
        e->capacity = capacity;
    }
    eigenvalue next = {.position = e->count, .text = strdup(row->fields[0])};
    const ordpar_status status = ordpar_csv_double(row, 0, &next.lambda, err);
    if (status || !next.text) {
        free(next.text);
        return status ? status : ordpar_fail(err, ORDPAR_MEMORY, "out of memory");
    }
    e->list[e->count++] = next;
    return ORDPAR_OK;
}

/* The order of ordpar_spectrum_from_arrays. */
static int by_decreasing_eigenvalue(const void *left, const void *right) {
    const eigenvalue *a = left, *b = right;
    if (a->lambda != b->lambda)
        return a->lambda > b->lambda ? -1 : 1;
    return a->position < b->position ? -1 : 1;
}

/* e, sorted, to the blocks of a spectrum that may be cut at `trained`. */
static bool place_texts(const eigenvalues *e, size_t trained, ordpar_decimals *d) {
    for (size_t b = 0; b < d->n_lambda; b++) {
        const size_t from = e->count < d->n_lambda && b >= trained ? b - 1 : b;
        if (!(d->lambda[b] = strdup(e->list[from].text)))
            return false;
    }
    return true;
}

/* The texts of the spectrum's file, in the blocks' order. */
static ordpar_status read_eigenvalues(const char *file, size_t trained, ordpar_decimals *d,
                                      ordpar_error *err) {
    static const char *const header[] = {"eigenvalue", "multiplicity"};
    eigenvalues e = {0};
    ordpar_status status = ordpar_csv_read(file, header, 2, add_eigenvalue, &e, err);
    if (!status && e.count != d->n_lambda && e.count + 1 != d->n_lambda)
        status = ordpar_fail(err, ORDPAR_IO, "%s changed while it was read", file);
    if (!status) {
        qsort(e.list, e.count, sizeof *e.list, by_decreasing_eigenvalue);
        if (!place_texts(&e, trained, d))
            status =
                ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", d->n_lambda);
    }
    for (size_t k = 0; k < e.count; k++)
        free(e.list[k].text);
    free(e.list);
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
        return read_eigenvalues(texts->spectrum_file, trained, d, err);
    char text[ORDPAR_DECIMAL_SIZE];
    for (size_t b = 0; b < s->L; b++)
        if (!(d->lambda[b] = strdup(ordpar_decimal_text(s->lambda[b], text))))
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", s->L);
    return ORDPAR_OK;
}

static void set_start(const ordpar_decimal_texts *texts, const ordpar_overlaps *start,
                      ordpar_mp_model *model) {
    if (texts->given_start || texts->init != ORDPAR_INIT_MEAN) {
        model->q = start->q;
        model->r = start->r;
    }
    if (texts->given_start || texts->teacher != ORDPAR_TEACHER_MEAN)
        model->t = start->t;
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
    set_start(texts, start, made);
    return ORDPAR_OK;
}

void ordpar_decimals_clear(ordpar_decimals *d) {
    for (size_t k = 0; k < sizeof d->texts / sizeof *d->texts; k++)
        free(d->texts[k]);
    for (size_t k = 0; k < sizeof d->lists / sizeof *d->lists; k++)
        free(d->lists[k]);
    for (size_t b = 0; b < d->n_lambda; b++)
        free(d->lambda[b]);
    free(d->lambda);
    free(d->rank);
    free(d->n);
    *d = (ordpar_decimals){0};
}
