// SPDX-License-Identifier: GPL-3.0-or-later
/* A model with its theory and its simulations, through the library functions of curve, simulate and
 * closed-form. */
#include "cli/figures/figure.h"
#include "cli/output/progress.h"
#include "model/curve.h"
#include "solver/motion/linear_reduction.h"
#include "validation/compare/statistics.h"
#include "validation/compare/theory.h"
#include "validation/simulate/ensemble.h"
#include "validation/simulate/labelled_runs.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

ordpar_model *figure_model(figure *f, const char *settings, ...) {
    const double seed = (double)f->parsed->model->value.seed;
    char text[256];
    va_list arguments;
    va_start(arguments, settings);
    vsnprintf(text, sizeof text, settings, arguments);
    va_end(arguments);
    ordpar_model *model = NULL;
    FIGURE_TRY(f, ordpar_model_create(&model, &f->err));
    FIGURE_TRY(f, ordpar_model_read_settings_text(model, text, &f->err));
    FIGURE_TRY(f, ordpar_model_set(model, "seed", 1, &seed, &f->err));
    return model;
}

void study_create(figure *f, study *s, ordpar_model *model) {
    *s = (study){.model = model, .rtol = ORDPAR_DEFAULT_RTOL};
    if (model)
        ordpar_model_set_stop(model, &interrupted);
    FIGURE_TRY(f, ordpar_parts_for_equations(model, false, &s->parts, &f->err));
    if (!f->status)
        s->simulation = ordpar_parts_simulation(model, &s->parts);
}

void study_clear(study *s) {
    ordpar_parts_clear(&s->parts);
    ordpar_model_free(s->model);
    free(s->numbers);
    *s = (study){0};
}

ordpar_parts study_parts(figure *f, const study *s) {
    ordpar_parts at = s->parts;
    at.start = (ordpar_overlaps){0};
    FIGURE_TRY(f,
               ordpar_overlaps_init(at.network.K, at.network.M, at.spectrum.L, &at.start, &f->err));
    if (!f->status)
        ordpar_overlaps_copy(&s->parts.start, &at.start);
    return at;
}

void study_observe(figure *f, const study *s, const double *alpha, size_t count,
                   ordpar_curve_observer observer, void *context) {
    ordpar_parts at = study_parts(f, s);
    const ordpar_curve_watch watch = {observer, NULL, context};
    FIGURE_TRY(f, ordpar_curve_integrate(s->model, &at, count, alpha, &watch, NULL, &f->err));
    ordpar_overlaps_clear(&at.start);
    ordpar_deviations_clear(&at.deviations);
}

static ordpar_status record(void *context, size_t row, double alpha, double eps_g,
                            const ordpar_overlaps *state, ordpar_error *err) {
    (void)alpha, (void)state, (void)err;
    ((double *)context)[row] = eps_g;
    return ORDPAR_OK;
}

void study_curve(figure *f, const study *s, const double *alpha, size_t count, double *eps_g) {
    study_observe(f, s, alpha, count, record, eps_g);
}

void study_form(figure *f, const study *s, const char *name, const double *alpha, size_t count,
                double *eps_g, ordpar_scaling_window *window) {
    ordpar_table t = {0};
    FIGURE_TRY(f, ordpar_model_set(s->model, "alpha", count, alpha, &f->err));
    FIGURE_TRY(f, ordpar_compute_closed_form(s->model, name, &t, &f->err));
    for (size_t k = 0; k < count && !f->status; k++)
        eps_g[k] = t.cells[k * t.n_columns + 1];
    *window = t.window;
    ordpar_table_clear(&t);
}

static bool is_linear(const study *s) {
    return s->parts.network.activation == &ordpar_activation_linear;
}

/* As many integrations at a time as the memory holds: K = M = 40 at L = 512 takes 0.6 GB. */
static int integrating_threads(const figure *f, const study *s) {
    const double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    const double one =
        ordpar_integrate_bytes(&s->parts.network, s->parts.spectrum.L, ORDPAR_INTEGRATOR_AUTO);
    return (int)fmax(fmin(ordpar_model_threads(f->parsed->model), 0.8 * memory / one), 1);
}

void study_theory(figure *f, study *s, const double *alpha, size_t count, size_t columns,
                  double *theory) {
    if (f->status)
        return;
    const ordpar_theory_options how = {.against = is_linear(s) ? ORDPAR_AGAINST_FINITE_N
                                                               : ORDPAR_AGAINST_ODE,
                                       .rtol = s->rtol,
                                       .atol = ORDPAR_DEFAULT_ATOL,
                                       .threads = integrating_threads(f, s),
                                       .stop = &interrupted};
    FIGURE_TRY(f,
               ordpar_theory_curves(&s->simulation, alpha, count, columns, &how, theory, &f->err));
}

static void show(void *context, size_t rows, size_t total) {
    const figure *f = context;
    char text[64];
    snprintf(text, sizeof text, "simulating, row %zu of %zu", rows, total);
    ordpar_model_tell(f->parsed->model, (double)rows / (double)total, text);
}

static void warn(void *context, const char *reason) {
    const figure *f = context;
    ordpar_model_warn_unsaved(f->parsed->model, reason);
}

/* A long run can be stopped and saved after every row of its grid: on the way to each of the
 * study's it has some more. */
static void run_in_pieces(figure *f, study *s, const ordpar_simulation *simulation,
                          const ordpar_ensemble_options *how) {
    enum { PIECES = 10 };
    const size_t rows = PIECES * s->count, runs = s->runs;
    double *alpha = figure_numbers(f, rows), *eps_g = figure_numbers(f, rows * runs), last = 0;
    size_t complete;
    for (size_t k = 0; k < rows && alpha; k++) {
        const double end = s->alpha[k / PIECES];
        alpha[k] = end - (end - last) * (PIECES - 1 - (double)(k % PIECES)) / PIECES;
        last = k % PIECES == PIECES - 1 ? end : last;
    }
    FIGURE_TRY(f, ordpar_ensemble_run(simulation, alpha, rows, how, eps_g, &complete, &f->err));
    for (size_t k = 0; k < s->count && !f->status; k++)
        memcpy(s->eps_g + k * runs, eps_g + (PIECES * (k + 1) - 1) * runs, runs * sizeof *eps_g);
    free(alpha);
    free(eps_g);
}

/* On the data's examples from the first on, where the study has data. */
static void simulate(figure *f, study *s, const ordpar_simulation *simulation) {
    const ordpar_source *data = &s->parts.data;
    ordpar_examples *examples = NULL;
    char checkpoint[4200];
    size_t complete;
    if (!f->status && data->set) {
        ordpar_dataset_rewind(data->set);
        FIGURE_TRY(f, ordpar_examples_create(data->set, &data->principal,
                                             ordpar_model_threads(f->parsed->model), &examples,
                                             &f->err));
    }
    const bool saves = f->parsed->full && !data->set;
    if (saves)
        snprintf(checkpoint, sizeof checkpoint, "%s/%s-%zu.checkpoint", f->parsed->out, f->p->name,
                 ++f->n_checkpoints);
    const ordpar_ensemble_options how = {.runs = s->runs,
                                         .threads = (int)f->parsed->model->value.threads,
                                         .checkpoint = saves ? checkpoint : NULL,
                                         .stop = &interrupted,
                                         .progress = show,
                                         .warning = warn,
                                         .context = f,
                                         .examples = examples};
    if (saves)
        run_in_pieces(f, s, simulation, &how);
    else
        FIGURE_TRY(f, ordpar_ensemble_run(simulation, s->alpha, s->count, &how, s->eps_g, &complete,
                                          &f->err));
    progress_clear();
    ordpar_examples_free(examples);
}

/* On the labels themselves, each run from a drawn start. */
static void train_on_labels(figure *f, study *s) {
    const ordpar_labels *labels = &s->parts.labels;
    ordpar_simulation drawn = s->simulation;
    drawn.init = ORDPAR_INIT_SAMPLED;
    drawn.teacher = ORDPAR_TEACHER_SAMPLED;
    size_t complete;
    const ordpar_labelled_options how = {.data = &labels->data,
                                         .sums = &labels->sums,
                                         .runs = s->runs,
                                         .threads = (int)f->parsed->model->value.threads,
                                         .stop = &interrupted,
                                         .progress = show,
                                         .context = f};
    FIGURE_TRY(f,
               ordpar_labelled_run(&drawn, s->alpha, s->count, &how, s->eps_g, &complete, &f->err));
    progress_clear();
}

/* Of a row's mean, from the spread of the runs: what they have in common comes on top [11.5]. */
static double error_of(const study *s, size_t row, double mean, double spread) {
    const ordpar_labels *labels = &s->parts.labels;
    if (!labels->outputs)
        return spread;
    const uint64_t last = ordpar_simulation_steps(&s->simulation, s->last);
    return ordpar_labelled_error(&labels->data, &labels->fit, s->runs, last,
                                 ordpar_simulation_steps(&s->simulation, s->alpha[row]), mean,
                                 spread);
}

static void summarize(figure *f, study *s) {
    for (size_t k = 0; k < s->count && !f->status; k++) {
        const ordpar_summary row = ordpar_summarize(s->eps_g + k * s->runs, s->runs);
        s->mean[k] = row.mean;
        s->error[k] = s->runs > 1 ? error_of(s, k, row.mean, row.standard_error) : 0;
    }
}

static void compare(figure *f, const study *s, size_t columns, const double *each, size_t between,
                    const char *against) {
    const double accuracy = is_linear(s) ? 1e-11 : 10 * s->rtol;
    ordpar_comparison *rows = f->status ? NULL : malloc(s->count * sizeof *rows);
    double *differences = figure_numbers(f, s->count * s->runs);
    ordpar_agreement a;
    if (!rows)
        FIGURE_TRY(f, ordpar_fail(&f->err, ORDPAR_MEMORY, "out of memory for %zu rows", s->count));
    for (size_t k = 0; k < s->count && !f->status; k++) {
        ordpar_comparison *row = &rows[k];
        *row = ordpar_compare_row(s->runs, s->eps_g + k * s->runs, columns,
                                  each + k * between * columns, accuracy, 0,
                                  differences + k * s->runs);
        const double error = error_of(s, k, row->mean, row->standard_error);
        if (error != row->standard_error && !isnan(error))
            row->z = (row->mean - row->theory) / error;
    }
    FIGURE_TRY(f, ordpar_compare_all(s->count, s->runs, rows, differences, &a, &f->err));
    if (!f->status)
        panel_fact(f, against,
                   "largest |z| = %.2f (at alpha = %.3g), %zu points that spread like %.1f "
                   "independent ones, p = %.2g",
                   a.largest, s->alpha[a.where], a.rows, a.effective_rows, a.probability);
    free(rows);
    free(differences);
}

/* Grids, and room for what stands on them. */
static void begin(figure *f, study *s, const sample *how, size_t between) {
    const size_t count = how->points, rows = (count - 1) * between + 1;
    free(s->numbers);
    s->numbers = figure_numbers(f, (4 + how->runs) * count + 2 * rows);
    if (f->status)
        return;
    s->runs = how->runs;
    s->count = count;
    s->rows = rows;
    s->last = how->to;
    s->alpha = s->numbers;
    s->mean = s->alpha + count;
    s->error = s->mean + count;
    s->theory = s->error + count;
    s->grid = s->theory + count;
    s->curve = s->grid + rows;
    s->eps_g = s->curve + rows;
    figure_grid(how->from, how->to, rows, s->grid);
    for (size_t k = 0; k < count; k++)
        s->alpha[k] = s->grid[k * between];
}

void study_sample(figure *f, study *s, const sample *how) {
    const size_t between = how->between ? how->between : 1;
    begin(f, s, how, between);
    if (f->status)
        return;
    ordpar_simulation simulation = s->simulation;
    simulation.method = how->method;
    simulation.start = how->one_start ? &s->parts.start : NULL;
    if (s->parts.labels.outputs)
        train_on_labels(f, s);
    else
        simulate(f, s, &simulation);
    summarize(f, s);
    if (how->no_theory)
        return;
    const size_t columns = how->one_start || is_linear(s) ? 1 : s->runs;
    double *each = figure_numbers(f, s->rows * columns);
    if (how->one_start)
        study_curve(f, s, s->grid, s->rows, each);
    else
        study_theory(f, s, s->grid, s->rows, columns, each);
    for (size_t k = 0; k < s->rows && !f->status; k++)
        s->curve[k] = ordpar_summarize(each + k * columns, columns).mean;
    for (size_t k = 0; k < s->count && !f->status; k++)
        s->theory[k] = s->curve[k * between];
    if (!f->status)
        s->count = figure_visible(s->count, s->theory);
    if (how->against)
        compare(f, s, columns, each, between, how->against);
    free(each);
}

void study_points(figure *f, const study *s, const sample *how) {
    panel_add(f, PLOT_POINTS, how->colour, s->count, s->alpha, s->mean, s->error, "%s", how->title);
}

size_t study_farthest(const study *s, const double *theory) {
    size_t where = 0;
    for (size_t k = 1; k < s->count; k++)
        if (fabs(s->mean[k] / theory[k] - 1) > fabs(s->mean[where] / theory[where] - 1))
            where = k;
    return where;
}

double study_tail(figure *f, const study *s) {
    ordpar_power_law law;
    double error = 0;
    FIGURE_TRY(f, ordpar_linear_mean_error(&s->parts.network, ORDPAR_INIT_SAMPLED,
                                           s->model->value.sigma_J, &error, &f->err));
    FIGURE_TRY(f, ordpar_power_law_init(s->model->value.L, s->model->value.beta, &law, &f->err));
    return f->status ? 0 : ordpar_linear_tail(&law, error);
}
