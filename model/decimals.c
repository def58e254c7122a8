// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/decimals.h"
#include "base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { STUDENT, TEACHER, UNLEARNABLE, GRID };

/* Standard input and pipes: decimals are read after the doubles. */
static bool is_read_once(const char *path) {
    struct stat state;
    return path && (strcmp(path, "-") == 0 || (stat(path, &state) == 0 && S_ISFIFO(state.st_mode)));
}

ordpar_status ordpar_decimals_check(const ordpar_model *model, ordpar_error *err) {
    const ordpar_values *v = &model->value;
    const ordpar_status status = ordpar_model_check_continued(model, err);
    if (status)
        return status;
    if (model->data || v->data.count)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "data: has no decimals; arbitrary precision takes a spectrum");
    if (v->normalise)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "normalise: has no decimals; write the spectrum with 'ordpar spectrum "
                           "-o FILE' and give it as a spectrum's file");
    if (v->spread > 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "spread: has no decimals; write the spectrum with 'ordpar spectrum -o "
                           "FILE' and give it as a spectrum's file");
    if (!model->spectrum.L && is_read_once(v->spectrum))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "spectrum: must be a file where its decimals matter, got '%.200s'",
                           v->spectrum);
    if (!model->overlaps.K && is_read_once(v->overlaps))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "overlaps: must be a file where its decimals matter, got '%.200s'",
                           v->overlaps);
    if (v->digits <= ORDPAR_MP_MAX_DIGITS)
        return ORDPAR_OK;
    const ordpar_mp_model sizes = {
        .spectrum = {.L = (size_t)v->L}, .K = (size_t)v->K, .M = (size_t)v->M};
    const ordpar_mp_cost cost = ordpar_mp_curve_cost(&sizes, ORDPAR_MP_BLOCKS, (double)v->digits);
    return ordpar_fail(err, ORDPAR_INVALID,
                       "digits: must be at most %d, got %lld: one product of such numbers takes "
                       "about %.2g s, one Taylor step about %.2g s and %.2g GiB",
                       ORDPAR_MP_MAX_DIGITS, (long long)v->digits, cost.seconds_per_product,
                       cost.seconds_per_step, cost.bytes / 0x1p30);
}

/* Cuts a copy of text, which d keeps, at every mark into items[count]. False if out of memory. */
static bool cut(const char *text, char mark, size_t count, const char **items, char **copy) {
    char *next = *copy = strdup(text);
    for (size_t k = 0; k < count && next; k++) {
        items[k] = next;
        next = strchr(next, mark);
        if (next)
            *next++ = '\0';
    }
    return *copy;
}

/* A list of count decimals, or one for all. */
static bool cut_list(const ordpar_model *model, const char *name, size_t count, size_t which,
                     ordpar_decimals *d, const char *const **items) {
    if (!ordpar_model_given(model, name))
        return true;
    const char *text = ordpar_model_text(model, name);
    const bool one = !strchr(text, ',');
    const char **list = d->lists[which] = calloc(count, sizeof *list);
    *items = list;
    const bool done = list && cut(text, ',', one ? 1 : count, list, &d->texts[which]);
    for (size_t k = 1; done && one && k < count; k++)
        list[k] = list[0];
    return done;
}

/* T_perp of the variances of the setting, one for all or M. */
static bool set_unlearnable(const ordpar_model *model, const ordpar_parts *parts,
                            ordpar_decimals *d) {
    const size_t M = d->model.M, count = model->value.unlearnable.count;
    const char *const *items = NULL;
    if (!parts->network.unlearnable || !count)
        return true;
    if (!cut_list(model, "unlearnable", count, UNLEARNABLE, d, &items))
        return false;
    const char **T_perp = d->lists[UNLEARNABLE + 1] = calloc(M * M, sizeof *T_perp);
    for (size_t k = 0; T_perp && k < M * M; k++)
        T_perp[k] = k % (M + 1) ? "0" : items[count > 1 ? k / M : 0];
    d->model.unlearnable = T_perp;
    return T_perp;
}

static bool set_texts(const ordpar_model *model, ordpar_decimals *d) {
    d->model.eta = ordpar_model_text(model, "eta");
    d->model.sigma_J = ordpar_model_text(model, "sigma-j");
    d->model.label_noise = ordpar_model_text(model, "label-noise");
    d->model.spectrum.beta = ordpar_model_text(model, "beta");
    if (model->value.teacher_decay != 0)
        d->model.spectrum.teacher_decay = ordpar_model_text(model, "teacher-decay");
    return cut_list(model, "student-output", d->model.K, STUDENT, d, &d->model.v) &&
           cut_list(model, "teacher-output", d->model.M, TEACHER, d, &d->model.w);
}

/* The rows of a list, which is in the order of its doubles, as they stand in text, or as those
 * doubles. False if out of memory. */
static bool list_rows(const ordpar_grid *alpha, const char *text, ordpar_decimals *d) {
    const size_t count = (size_t)alpha->count;
    const char **items = calloc(count, sizeof *items);
    d->n_rows = count;
    d->rows = calloc(count, sizeof *d->rows);
    bool good = items && d->rows && (!text || cut(text, ',', count, items, &d->texts[GRID]));
    for (size_t k = 0; text && k < count && good; k++) {
        double value = NAN;
        ordpar_parse_double(items[k], &value);
        const double *place =
            bsearch(&value, alpha->list, count, sizeof *alpha->list, ordpar_grid_compare);
        good = place && (d->rows[place - alpha->list] = strdup(items[k]));
    }
    for (size_t k = 0; !text && k < count && good; k++) {
        char number[ORDPAR_NUMBER_SIZE];
        good = (d->rows[k] = strdup(ordpar_number_text(alpha->list[k], number)));
    }
    free(items);
    return good;
}

ordpar_status ordpar_decimals_grid(const ordpar_model *model, ordpar_decimals *d,
                                   ordpar_error *err) {
    const ordpar_grid *alpha = &model->value.alpha;
    const char *text = ordpar_model_text(model, "alpha"), *ends[2] = {NULL, NULL};
    const bool good = alpha->list ? list_rows(alpha, alpha->of_file ? NULL : text, d)
                                  : cut(text, ':', 2, ends, &d->texts[GRID]);
    if (!good)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the grid");
    d->grid = (ordpar_mp_grid){ends[0], ends[1] ? ends[1] : ends[0], (size_t)alpha->count,
                               alpha->logarithmic, (const char *const *)d->rows};
    return ORDPAR_OK;
}

/* Multiplicities, and the ranks where the block N_l was split in two. */
static bool copy_blocks(const ordpar_parts *parts, bool power_law, ordpar_decimals *d) {
    const ordpar_spectrum *s = &parts->spectrum;
    if (power_law && !parts->cut)
        return true;
    d->rank = calloc(s->L, sizeof *d->rank);
    d->n = calloc(s->L, sizeof *d->n);
    if (!d->rank || !d->n)
        return false;
    for (size_t b = 0; b < s->L; b++) {
        d->rank[b] = parts->cut && b >= parts->trained_blocks ? b : b + 1;
        d->n[b] = (int64_t)s->n[b];
    }
    return true;
}

static ordpar_status set_eigenvalues(const ordpar_model *model, const ordpar_parts *parts,
                                     ordpar_decimals *d, ordpar_error *err) {
    const ordpar_spectrum *s = &parts->spectrum;
    const bool power_law = ordpar_model_is_power_law(model);
    const bool weighted =
        !power_law && model->value.teacher_decay == 0 && !ordpar_spectrum_is_plain(s);
    bool good = copy_blocks(parts, power_law, d);
    if (good && !power_law) {
        d->lambda = calloc(s->L, sizeof *d->lambda);
        d->n_lambda = d->lambda ? s->L : 0;
        d->c = weighted ? calloc(s->L, sizeof *d->c) : NULL;
        d->n_c = d->c ? s->L : 0;
        good = d->lambda && (d->c || !weighted);
        if (good && !model->spectrum.L)
            return ordpar_decimals_read_spectrum(model->value.spectrum, parts, d, err);
    }
    char text[ORDPAR_NUMBER_SIZE];
    for (size_t b = 0; b < d->n_lambda && good; b++)
        good = (d->lambda[b] = strdup(ordpar_number_text(s->lambda[b], text)));
    for (size_t b = 0; b < d->n_c && good; b++)
        good = (d->c[b] = strdup(ordpar_number_text(s->c[b], text)));
    return good ? ORDPAR_OK
                : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", s->L);
}

/* The doubles of a drawn start are exact; a given one is that of its decimals. */
static ordpar_status set_start(const ordpar_model *model, const ordpar_overlaps *start,
                               ordpar_decimals *d, ordpar_error *err) {
    if (ordpar_model_has_overlaps(model) && start->K)
        return ordpar_decimals_read_overlaps(model->overlaps.K ? NULL : model->value.overlaps,
                                             start, d, err);
    if (model->value.init != ORDPAR_INIT_MEAN) {
        d->model.q = start->q;
        d->model.r = start->r;
    }
    if (model->value.teacher != ORDPAR_TEACHER_MEAN)
        d->model.t = start->t;
    return ORDPAR_OK;
}

static ordpar_status check_training(const ordpar_model *model, const ordpar_training *training,
                                    ordpar_error *err) {
    const ordpar_use uses[] = {{"train-output", training->eta_v > 0},
                               {"weight-decay", training->weight_decay > 0},
                               {"momentum", training->momentum.weight > 0},
                               {"batch", training->batch > 1},
                               {"batch-fraction", training->batch_fraction > 0},
                               {"tasks", training->tasks.count > 0}};
    char names[128] = "";
    size_t used = 0, count = 0;
    for (size_t k = 0; k < sizeof uses / sizeof *uses; k++)
        if (uses[k].is_used)
            used += (size_t)ordpar_format(names + used, sizeof names - used, "%s%s",
                                          count++ ? ", " : "", uses[k].name);
    if (ordpar_schedule_is_file(model->value.schedule))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "schedule: %.200s has no decimals; schedules in words have them",
                           model->value.schedule);
    return count ? ordpar_fail(err, ORDPAR_INVALID, "%s: %s no arbitrary precision", names,
                               count > 1 ? "have" : "has")
                 : ORDPAR_OK;
}

static ordpar_status check_parts(const ordpar_model *model, const ordpar_parts *parts,
                                 ordpar_error *err) {
    const ordpar_activation *g = parts->network.activation;
    if (g != &ordpar_activation_linear && g != &ordpar_activation_erf)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "activation: arbitrary precision is for erf and linear, got %s",
                           g->name);
    if (parts->network.teacher_activation)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "teacher-activation: arbitrary precision is for teachers with the "
                           "student's, got %s beside %s",
                           parts->network.teacher_activation->name, g->name);
    const ordpar_status status = check_training(model, &parts->network.training, err);
    if (status)
        return status;
    if (parts->start.v)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "overlaps: %.80s has output weights; arbitrary precision takes those of "
                           "student-output",
                           ordpar_model_overlaps_name(model));
    return ORDPAR_OK;
}

ordpar_status ordpar_decimals_init(const ordpar_model *model, const ordpar_parts *parts,
                                   ordpar_decimals *d, ordpar_error *err) {
    ordpar_mp_model *made = &d->model;
    ordpar_status status = check_parts(model, parts, err);
    if (status)
        return status;
    made->K = parts->network.K;
    made->M = parts->network.M;
    if (!set_texts(model, d) || !set_unlearnable(model, parts, d))
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the model");
    if ((status = set_eigenvalues(model, parts, d, err)))
        return status;
    made->spectrum.L = parts->spectrum.L;
    made->spectrum.n = d->n;
    made->spectrum.N = (int64_t)parts->spectrum.N;
    made->spectrum.lambda = (const char *const *)d->lambda;
    made->spectrum.teacher = (const char *const *)d->c;
    made->spectrum.rank = d->rank;
    made->trained_blocks = parts->trained_blocks;
    made->linear = parts->network.activation == &ordpar_activation_linear;
    made->small_eta = parts->network.small_eta;
    made->deviations = parts->deviation;
    return set_start(model, &parts->start, d, err);
}

void ordpar_decimals_clear(ordpar_decimals *d) {
    for (size_t k = 0; k < sizeof d->texts / sizeof *d->texts; k++)
        free(d->texts[k]);
    for (size_t k = 0; k < sizeof d->lists / sizeof *d->lists; k++)
        free(d->lists[k]);
    for (size_t k = 0; k < d->n_rows && d->rows; k++)
        free(d->rows[k]);
    free(d->rows);
    for (size_t b = 0; b < d->n_lambda; b++)
        free(d->lambda[b]);
    for (size_t b = 0; b < d->n_c; b++)
        free(d->c[b]);
    free(d->lambda);
    free(d->c);
    ordpar_mp_overlaps_clear(&d->overlaps);
    free(d->rank);
    free(d->n);
    *d = (ordpar_decimals){0};
}

static void tell(void *context, double fraction) {
    ordpar_model_tell(context, fraction, "arbitrary precision");
}

static bool is_scheduled(const ordpar_model *model) {
    const char *text = model->value.schedule;
    return text && strcmp(text, "constant") != 0;
}

ordpar_mp_options ordpar_decimals_options(const ordpar_model *model) {
    return (ordpar_mp_options){.digits = (long)model->value.digits,
                               .stop = model->stop,
                               .progress = tell,
                               .context = (void *)model,
                               .schedule = is_scheduled(model) ? model->value.schedule : NULL};
}

void ordpar_decimals_facts(const ordpar_model *model, const ordpar_mp_result *result,
                           ordpar_table *t) {
    ordpar_table_fact(t, "digits", (double)model->value.digits, "%lld right significant digits",
                      (long long)model->value.digits);
    if (isfinite(result->log10_bound))
        ordpar_table_note(t, "error bound",
                          "10^%.1f relative, from two runs; the finer had %ld working digits",
                          result->log10_bound, result->working_digits);
    else
        ordpar_table_note(t, "error bound",
                          "none: two runs agree exactly; the finer had %ld working digits",
                          result->working_digits);
}

void ordpar_decimals_fill(const ordpar_mp_result *result, ordpar_table *t) {
    const size_t columns = t->n_columns;
    for (size_t k = 0; k < result->count; k++) {
        if (k % columns == 0 && !ordpar_table_row(t))
            return;
        ordpar_table_set_text(t, k / columns, k % columns, ordpar_mp_text(result, k));
    }
}
