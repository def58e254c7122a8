// SPDX-License-Identifier: GPL-3.0-or-later
#include "decimal_model.h"

#include "csv.h"
#include "mp_curve.h"
#include "progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COPY_V, COPY_W, COPY_GRID };

/* Cuts a copy of text at every mark into items[count]; the copy is NULL if out of memory. */
static char *cut(const char *text, char mark, const char **items, size_t count) {
    char *copy = strdup(text), *next = copy;
    for (size_t k = 0; copy && k < count && next; k++) {
        items[k] = next;
        next = strchr(next, mark);
        if (next)
            *next++ = '\0';
    }
    return copy;
}

static bool read_list(const options *parsed, const char *name, const number_list *list, int which,
                      decimal_model *d, const char *const **weights) {
    if (list->count == 0)
        return true;
    d->items[which] = calloc(list->count, sizeof *d->items[which]);
    if (!d->items[which])
        return false;
    d->copies[which] =
        cut(options_text(parsed, name, d->buffers[0]), ',', d->items[which], list->count);
    *weights = d->items[which];
    return d->copies[which] != NULL;
}

static bool read_grid(const options *parsed, decimal_model *d) {
    const char *parts[3] = {0};
    d->copies[COPY_GRID] = cut(options_text(parsed, "alpha", d->buffers[0]), ':', parts, 3);
    d->grid = (ordpar_mp_grid){parts[0], parts[1], (size_t)parsed->alpha.count,
                               parsed->alpha.logarithmic};
    return d->copies[COPY_GRID] != NULL;
}

/* Multiplicities, and the ranks of a power law whose block N_l was split in two. */
static bool copy_blocks(const options *parsed, const model *m, decimal_model *d) {
    const size_t L = m->spectrum.L;
    const bool split = !parsed->spectrum && L != (size_t)parsed->L;
    if (!parsed->spectrum && !split)
        return true;
    d->rank = calloc(L, sizeof *d->rank);
    d->n = calloc(L, sizeof *d->n);
    if (!d->rank || !d->n)
        return false;
    for (size_t b = 0; b < L; b++) {
        d->rank[b] = split && b >= m->trained_blocks ? b : b + 1;
        d->n[b] = (int64_t)m->spectrum.n[b];
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

/* The texts of the spectrum's file, in the blocks' order. */
static int read_spectrum(const options *parsed, const model *m, decimal_model *d) {
    static const char *const header[] = {"eigenvalue", "multiplicity"};
    ordpar_error err;
    eigenvalues e = {0};
    const ordpar_status status =
        ordpar_csv_read(parsed->spectrum, header, 2, add_eigenvalue, &e, &err);
    int result = status ? library_error(parsed, "--spectrum", status, &err) : -1;
    const size_t L = m->spectrum.L;
    if (!status && e.count != L && e.count + 1 != L)
        result = failure(parsed, "--spectrum: %s changed while it was read", parsed->spectrum);
    if (result < 0 && !(d->lambda = calloc(L, sizeof *d->lambda)))
        result = failure(parsed, "out of memory for %zu eigenvalues", L);
    if (result < 0) {
        qsort(e.list, e.count, sizeof *e.list, by_decreasing_eigenvalue);
        d->n_lambda = L;
        for (size_t b = 0; b < L; b++) {
            const size_t from = e.count < L && b >= m->trained_blocks ? b - 1 : b;
            if (!(d->lambda[b] = strdup(e.list[from].text)))
                result = failure(parsed, "out of memory for %zu eigenvalues", L);
        }
    }
    for (size_t k = 0; k < e.count; k++)
        free(e.list[k].text);
    free(e.list);
    return result;
}

static const char *text_of(const options *parsed, const char *name, decimal_model *d, size_t k) {
    return options_text(parsed, name, d->buffers[k]);
}

int decimal_model_create(const options *parsed, const model *m, decimal_model *d) {
    *d = (decimal_model){0};
    ordpar_mp_model *made = &d->model;
    const ordpar_activation *g = m->network.activation;
    if (g != &ordpar_activation_linear && g != &ordpar_activation_erf)
        return usage_error(
            parsed, "--activation: arbitrary precision is for erf and linear, got %s", g->name);
    if (m->start.v)
        return usage_error(parsed,
                           "--overlaps: %s has output weights; arbitrary precision takes those of "
                           "--student-output",
                           parsed->overlaps);
    if (!read_list(parsed, "student-output", &parsed->student_output, COPY_V, d, &made->v) ||
        !read_list(parsed, "teacher-output", &parsed->teacher_output, COPY_W, d, &made->w) ||
        !read_grid(parsed, d) || !copy_blocks(parsed, m, d))
        return failure(parsed, "out of memory for the model");
    if (parsed->spectrum) {
        const int result = read_spectrum(parsed, m, d);
        if (result >= 0)
            return result;
    }
    made->spectrum = (ordpar_mp_spectrum){.L = m->spectrum.L,
                                          .n = d->n,
                                          .N = (int64_t)m->spectrum.N,
                                          .lambda = (const char *const *)d->lambda,
                                          .beta = text_of(parsed, "beta", d, 1),
                                          .rank = d->rank};
    made->trained_blocks = m->trained_blocks;
    made->linear = g == &ordpar_activation_linear;
    made->K = m->network.K;
    made->M = m->network.M;
    made->eta = text_of(parsed, "eta", d, 2);
    made->sigma_J = text_of(parsed, "sigma-j", d, 3);
    made->label_noise = text_of(parsed, "label-noise", d, 4);
    made->small_eta = parsed->small_eta;
    const bool given = parsed->overlaps != NULL;
    if (given || parsed->init != ORDPAR_INIT_MEAN) {
        made->q = m->start.q;
        made->r = m->start.r;
    }
    if (given || parsed->teacher != ORDPAR_TEACHER_MEAN)
        made->t = m->start.t;
    return -1;
}

void decimal_model_clear(decimal_model *d) {
    for (size_t k = 0; k < sizeof d->copies / sizeof *d->copies; k++)
        free(d->copies[k]);
    for (size_t k = 0; k < sizeof d->items / sizeof *d->items; k++)
        free(d->items[k]);
    for (size_t b = 0; b < d->n_lambda; b++)
        free(d->lambda[b]);
    free(d->lambda);
    free(d->rank);
    free(d->n);
}

static void show(void *context, double fraction) {
    progress_show(context, fraction, "arbitrary precision");
}

ordpar_mp_options decimal_options(const options *parsed) {
    return (ordpar_mp_options){.digits = (long)parsed->digits,
                               .stop = &interrupted,
                               .progress = show,
                               .context = (void *)parsed};
}

int decimal_check_options(const options *parsed) {
    if (parsed->data)
        return usage_error(parsed, "--data: has no decimals; arbitrary precision takes --spectrum");
    if (parsed->spread > 0)
        return usage_error(parsed, "--spread: has no decimals; write the spectrum with 'ordpar "
                                   "spectrum -o FILE' and give it as --spectrum FILE");
    if (parsed->spectrum && strcmp(parsed->spectrum, "-") == 0)
        return usage_error(parsed, "--spectrum: must be a file where its decimals matter, got '-'");
    if (parsed->digits <= ORDPAR_MP_MAX_DIGITS)
        return -1;
    const ordpar_mp_model sizes = {
        .spectrum = {.L = (size_t)parsed->L}, .K = (size_t)parsed->K, .M = (size_t)parsed->M};
    const ordpar_mp_cost cost =
        ordpar_mp_curve_cost(&sizes, ORDPAR_MP_BLOCKS, (double)parsed->digits);
    return usage_error(parsed,
                       "--digits: must be at most %d, got %lld: one product of such numbers takes "
                       "about %.2g s, one Taylor step about %.2g s and %.2g GiB",
                       ORDPAR_MP_MAX_DIGITS, (long long)parsed->digits, cost.seconds_per_product,
                       cost.seconds_per_step, cost.bytes / 0x1p30);
}

int decimal_check_cost(const options *parsed, const ordpar_mp_model *decimals,
                       ordpar_mp_representation representation, double lost) {
    static const double patience = 1e5;
    enum { GUARD_DIGITS = 16 }; /* of the second, finer run */
    const double working = (double)parsed->digits + lost + GUARD_DIGITS;
    const ordpar_mp_cost cost = ordpar_mp_curve_cost(decimals, representation, working);
    if (cost.seconds_per_step > patience)
        return usage_error(parsed,
                           "--digits: %lld digits (%.0f working digits) for K = %zu, M = %zu, L = "
                           "%zu take about %.2g s for each step",
                           (long long)parsed->digits, working, decimals->K, decimals->M,
                           decimals->spectrum.L, cost.seconds_per_step);
    return model_check_memory(parsed, decimals->spectrum.L, cost.bytes);
}

void decimal_notes(table *t, const options *parsed, const ordpar_mp_result *result) {
    table_note(t, "digits", "%lld right significant digits", (long long)parsed->digits);
    if (isfinite(result->log10_bound))
        table_note(t, "error bound",
                   "10^%.1f relative, from two runs; the finer had %ld working digits",
                   result->log10_bound, result->working_digits);
    else
        table_note(t, "error bound",
                   "none: two runs agree exactly; the finer had %ld working digits",
                   result->working_digits);
}
