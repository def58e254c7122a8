// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/labels.h"

#include "base/digest.h"
#include "base/number.h"
#include "model/model_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

ordpar_status ordpar_labels_split(const char *text, char **path, const char **array,
                                  ordpar_error *err) {
    *array = NULL;
    char *copy = *path = strdup(text);
    if (!copy)
        return ordpar_fail(err, ORDPAR_MEMORY, "labels: out of memory");
    char *colon = strrchr(copy, ':');
    if (colon && colon > copy && colon[1] && access(text, F_OK) != 0) {
        *colon = '\0';
        *array = colon + 1;
    }
    return ORDPAR_OK;
}

uint64_t ordpar_labels_digest(uint64_t digest, const char *array) {
    static const char suffix[] = ".npy"; /* which its name in the archive ends in */
    size_t length = array ? strlen(array) : 0;
    if (length > strlen(suffix) && strcmp(array + length - strlen(suffix), suffix) == 0)
        length -= strlen(suffix);
    const bool first =
        length == strlen(ORDPAR_LABELS_ARRAY) && memcmp(array, ORDPAR_LABELS_ARRAY, length) == 0;
    return !length || first ? digest : ordpar_digest(digest, array, length);
}

/* Adds what is said of settings that are used, if any are. */
static void say(const ordpar_use *uses, size_t count, const char *before, ordpar_error *said) {
    char used[128];
    const size_t listed = ordpar_uses_list(count, uses, used, sizeof used);
    const size_t length = strlen(said->message);
    if (listed)
        ordpar_format(said->message + length, sizeof said->message - length, "%s%s%s",
                      length ? "; labels " : "", before, used);
}

/* What the labels themselves say, and what is not known beside them: all of it at once. */
static ordpar_status check_others(const ordpar_model *model, ordpar_error *err) {
    static const char *const names[] = {"overlaps",      "label-noise",  "unlearnable", "teacher",
                                        "teacher-decay", "teacher-seed", "init",        "tasks"};
    enum { OWN = sizeof names / sizeof *names };
    const ordpar_values *v = &model->value;
    ordpar_use own[OWN];
    for (size_t k = 0; k < OWN; k++)
        own[k] = (ordpar_use){names[k],
                              ordpar_model_given(model, names[k]) || (k == 0 && model->overlaps.K)};
    const ordpar_use training[] = {{"train-output", v->train_output},
                                   {"momentum", v->momentum},
                                   {"batch", v->batch > 1},
                                   {"batch-fraction", v->batch_fraction > 0}},
                     files[] = {{"continue", v->continued},
                                {"save-overlaps", v->save_overlaps},
                                {"checkpoint", v->checkpoint}};
    ordpar_error said = {""};
    say(own, OWN, "say what is to be learned, from a drawn start; leave out ", &said);
    say(training, sizeof training / sizeof *training,
        "are for fixed outputs and steps of one example; leave out ", &said);
    say(files, sizeof files / sizeof *files,
        "have no file that holds the noise of each direction to go on from; leave out ", &said);
    return *said.message ? ordpar_fail(err, ORDPAR_INVALID, "labels: %.480s", said.message)
                         : ORDPAR_OK;
}

/* A name that is no file's may be that of an array beside the examples. */
static const char *hint_archive(const ordpar_model *model, ordpar_status status, char *hint,
                                size_t size) {
    const ordpar_texts *data = &model->value.data;
    const char *file = data->count == 1 ? data->items[0] : "", *labels = model->value.labels;
    const size_t length = strlen(file);
    *hint = '\0';
    if (status == ORDPAR_IO && length > 4 && strcmp(file + length - 4, ".npz") == 0 &&
        access(labels, F_OK) != 0 && !strpbrk(labels, "./:"))
        ordpar_format(hint, size, "; its array of that name would be %.100s:%.40s", file, labels);
    return hint;
}

ordpar_status ordpar_labels_read_setting(const ordpar_model *model, const ordpar_source *source,
                                         ordpar_labels *labels, ordpar_error *err) {
    const ordpar_values *v = &model->value;
    const char *array;
    char *path, hint[200];
    ordpar_error reason;
    if (!source->set)
        return ordpar_fail(err, ORDPAR_INVALID, "labels: needs the data that they belong to");
    ordpar_status status = check_others(model, err);
    if (status || (status = ordpar_labels_split(v->labels, &path, &array, err)))
        return status;
    status = ordpar_labels_read(path, array, source->principal.rows, &labels->outputs,
                                &labels->read, &reason);
    free(path);
    if (status)
        return ordpar_fail(err, status, "labels: %.300s%s", reason.message,
                           hint_archive(model, status, hint, sizeof hint));
    if (!ordpar_model_given(model, "teacher-units") || (size_t)v->M == labels->outputs)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID,
                       "teacher-units: the labels have %zu outputs, one for each unit, got %lld",
                       labels->outputs, (long long)v->M);
}

ordpar_status ordpar_labels_fit(const ordpar_model *model, const ordpar_source *source,
                                const double *w, ordpar_labels *labels, ordpar_error *err) {
    const ordpar_principal *p = &source->principal;
    const int threads = (int)model->value.threads;
    const double N = (double)p->N, bytes = ordpar_labelled_bytes((double)p->rows, N);
    ordpar_error reason;
    ordpar_status status =
        ordpar_model_check_memory(model, p->N, bytes + 7 * sizeof N * N * N, err);
    if (status)
        return status;
    ordpar_model_tell(model, 0, "fitting the labels");
    if (!(status = ordpar_labelled_init(source->set, p, labels->outputs, labels->read, w, threads,
                                        model->stop, &labels->data, &reason)) &&
        !(status = ordpar_label_sums_init(&labels->data, threads, &labels->sums, &reason)))
        status = ordpar_label_fit_init(&labels->data, &labels->sums, &labels->fit, &reason);
    free(labels->read);
    labels->read = NULL;
    const bool file = status == ORDPAR_IO || status == ORDPAR_PARSE;
    if (status == ORDPAR_INTERRUPTED)
        return ordpar_fail(err, status, "interrupted while the labels are fitted");
    return status ? ordpar_fail(err, status, "%s: %.480s", file ? "data" : "labels", reason.message)
                  : ORDPAR_OK;
}

/* [15.33], [15.34], [15.36]; what counts as no direction has no signal, and the rest's mean for its
 * noise */
ordpar_status ordpar_labels_weigh(const ordpar_labels *labels, bool coupled,
                                  ordpar_spectrum *spectrum, ordpar_error *err) {
    const ordpar_label_fit *fit = &labels->fit;
    const size_t L = spectrum->L, rank = fit->rank;
    double *noise = calloc(L * (L + 1), sizeof *noise), *coupling = noise + L;
    if (!noise)
        return ordpar_fail(err, ORDPAR_MEMORY, "labels: out of memory for %zu directions", L);
    for (size_t b = 0; b < L; b++) {
        const bool counts = b < rank;
        spectrum->c[b] = counts ? spectrum->N * fit->pooled[b] / spectrum->lambda[b] : 0;
        noise[b] = counts ? fit->noise[b] : fit->rest;
        if (counts)
            memcpy(coupling + b * L, fit->coupling + b * rank, rank * sizeof *coupling);
    }
    const ordpar_status status =
        ordpar_spectrum_set_noise(spectrum, noise, coupled ? coupling : NULL, err);
    free(noise);
    return status;
}

void ordpar_labels_facts(const ordpar_labels *labels, bool linear, ordpar_table *t) {
    const ordpar_label_fit *fit = &labels->fit;
    const double s = sqrt(fit->rest), s_error = s > 0 ? fit->rest_error / (2 * s) : 0;
    if (!labels->outputs)
        return;
    ordpar_table_note(
        t, "labels",
        "%zu output%s, weighted and added up, less their mean: variance %.6g; teacher: "
        "their linear part, by products of the coefficients of two halves of the "
        "examples",
        labels->outputs, labels->outputs > 1 ? "s" : "", labels->data.variance);
    ordpar_table_fact(t, "T", fit->T, "%.6g, standard error %.2g: variance of the linear part",
                      fit->T, fit->T_error);
    ordpar_table_fact(t, "T, standard error", fit->T_error, "%.3g", fit->T_error);
    ordpar_table_fact(t, "s", s,
                      "%.6g, standard error %.2g: standard deviation of the rest, which is label "
                      "noise; it drives the directions by %.4g of its variance on average",
                      s, s_error, fit->rest > 0 ? fit->mean_noise / fit->rest : 1);
    ordpar_table_fact(t, "s, standard error", s_error, "%.3g", s_error);
    if (!linear)
        ordpar_table_note(t, "approximation",
                          "the teacher is linear, and the rest is noise of its own size in each "
                          "direction: exact where the rest has nothing to do with the inputs; what "
                          "students that are not linear learn of it is left out");
    ordpar_table_fact(t, "rest", fit->rest / 2,
                      "%.6g, half of its variance: eps_g leaves it out, the error on other "
                      "examples is the sum",
                      fit->rest / 2);
    ordpar_table_fact(t, "pooled", (double)fit->groups,
                      "%zu groups of neighbours among %zu directions: in each the coefficients' "
                      "squares that came out negative are 0, the others shrunk by as much%s",
                      fit->groups, fit->rank,
                      fit->T < 0 ? "; all together they are negative: no linear part was found"
                                 : "");
}

void ordpar_labels_clear(ordpar_labels *labels) {
    free(labels->read);
    ordpar_labelled_clear(&labels->data);
    ordpar_label_sums_clear(&labels->sums);
    ordpar_label_fit_clear(&labels->fit);
    *labels = (ordpar_labels){0};
}
