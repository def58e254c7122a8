// SPDX-License-Identifier: GPL-3.0-or-later
/* A model with its theory and its simulations, through the library functions of curve, simulate and
 * closed-form. */
#include "cli/figures/figure.h"
#include "cli/output/progress.h"
#include "model/curve.h"
#include "validation/compare/statistics.h"
#include "validation/compare/theory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

ordpar_model *figure_model(figure *f, const char *activation, double K, double N, double L,
                           double beta, double eta, double sigma_J) {
    static const char *const names[] = {"K", "M", "N", "L", "beta", "eta", "sigma-j", "seed"};
    const double seed = (double)f->parsed->model->value.seed;
    const double values[] = {K, K, N, L, beta, eta, sigma_J, seed};
    ordpar_model *model = NULL;
    FIGURE_TRY(f, ordpar_model_create(&model, &f->err));
    FIGURE_TRY(f, ordpar_model_set_text(model, "activation", activation, &f->err));
    for (size_t k = 0; k < sizeof values / sizeof *values; k++)
        if (!isnan(values[k]))
            FIGURE_TRY(f, ordpar_model_set(model, names[k], 1, &values[k], &f->err));
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
    free(s->eps_g);
    free(s->mean);
    *s = (study){0};
}

typedef struct {
    double *eps_g;
    ordpar_curve_observer next;
    void *context;
} recording;

static ordpar_status record(void *context, size_t row, double alpha, double eps_g,
                            const ordpar_overlaps *state, ordpar_error *err) {
    const recording *r = context;
    r->eps_g[row] = eps_g;
    return r->next ? r->next(r->context, row, alpha, eps_g, state, err) : ORDPAR_OK;
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

void study_curve(figure *f, const study *s, const double *alpha, size_t count, double *eps_g,
                 ordpar_curve_observer observer, void *context) {
    recording r = {eps_g, observer, context};
    ordpar_parts at = study_parts(f, s);
    FIGURE_TRY(f, ordpar_curve_integrate(s->model, &at, count, alpha,
                                         &(ordpar_curve_watch){record, NULL, &r}, NULL, &f->err));
    ordpar_overlaps_clear(&at.start);
    ordpar_deviations_clear(&at.deviations);
}

static void show(void *context, size_t rows, size_t total) {
    const figure *f = context;
    char text[64];
    snprintf(text, sizeof text, "simulating, row %zu of %zu", rows, total);
    ordpar_model_tell(f->parsed->model, (double)rows / (double)total, text);
}

/* A long run can be stopped and saved after every row of its grid: on the way to each of the
 * study's it has some more. */
static void run_in_pieces(figure *f, study *s, const ordpar_ensemble_options *settings) {
    enum { PIECES = 10 };
    const size_t rows = PIECES * s->count, runs = s->runs;
    double *alpha = figure_numbers(f, rows), *eps_g = figure_numbers(f, rows * runs), last = 0;
    size_t complete;
    for (size_t k = 0; k < rows && alpha; k++) {
        const double end = s->alpha[k / PIECES];
        alpha[k] = end - (end - last) * (PIECES - 1 - (double)(k % PIECES)) / PIECES;
        last = k % PIECES == PIECES - 1 ? end : last;
    }
    FIGURE_TRY(
        f, ordpar_ensemble_run(&s->simulation, alpha, rows, settings, eps_g, &complete, &f->err));
    for (size_t k = 0; k < s->count && !f->status; k++)
        memcpy(s->eps_g + k * runs, eps_g + (PIECES * (k + 1) - 1) * runs, runs * sizeof *eps_g);
    free(alpha);
    free(eps_g);
}

/* The data's examples from the first on, where the study has data. */
static ordpar_examples *open_examples(figure *f, const study *s) {
    const ordpar_source *data = &s->parts.data;
    ordpar_examples *examples = NULL;
    if (f->status || !data->set)
        return NULL;
    ordpar_dataset_rewind(data->set);
    FIGURE_TRY(f,
               ordpar_examples_create(data->set, &data->principal,
                                      ordpar_model_threads(f->parsed->model), &examples, &f->err));
    return examples;
}

static void summarise(const figure *f, study *s) {
    for (size_t k = 0; k < s->count && !f->status; k++) {
        const ordpar_summary row = ordpar_summarize(s->eps_g + k * s->runs, s->runs);
        s->mean[k] = row.mean;
        s->error[k] = s->runs > 1 ? row.standard_error : 0;
    }
}

void study_simulate(figure *f, study *s, ordpar_method method, size_t runs, bool one_start,
                    const double *alpha, size_t count) {
    s->runs = runs;
    s->count = count;
    s->alpha = alpha;
    s->simulation.method = method;
    s->simulation.start = one_start ? &s->parts.start : NULL;
    free(s->eps_g);
    free(s->mean);
    s->eps_g = figure_numbers(f, count * runs);
    s->mean = figure_numbers(f, 2 * count);
    s->error = s->mean ? s->mean + count : NULL;
    ordpar_examples *examples = open_examples(f, s);
    char checkpoint[4200];
    const bool saves = f->parsed->full && !s->observer && !examples;
    if (saves)
        snprintf(checkpoint, sizeof checkpoint, "%s/%s-%zu.checkpoint", f->parsed->out, f->p->name,
                 ++f->n_checkpoints);
    const ordpar_ensemble_options settings = {.runs = runs,
                                              .threads = (int)f->parsed->model->value.threads,
                                              .checkpoint = saves ? checkpoint : NULL,
                                              .stop = &interrupted,
                                              .progress = show,
                                              .context = f,
                                              .examples = examples,
                                              .observer = s->observer,
                                              .observer_context = s->context};
    size_t rows;
    if (saves)
        run_in_pieces(f, s, &settings);
    else
        FIGURE_TRY(f, ordpar_ensemble_run(&s->simulation, alpha, count, &settings, s->eps_g, &rows,
                                          &f->err));
    progress_clear();
    ordpar_examples_free(examples);
    summarise(f, s);
}

void study_points(figure *f, const study *s, int colour, const char *title) {
    panel_add(f, PLOT_POINTS, colour, s->count, s->alpha, s->mean, s->error, "%s", title);
}

void study_finite_n(figure *f, study *s, const double *alpha, size_t count, double *eps_g) {
    const ordpar_theory_options settings = {.against = ORDPAR_AGAINST_FINITE_N};
    s->simulation.start = NULL;
    FIGURE_TRY(f, ordpar_theory_curves(&s->simulation, alpha, count, 1, &settings, eps_g, &f->err));
}

/* As many integrations at a time as the memory holds: K = M = 40 at L = 512 takes 0.6 GB. */
static int integrating_threads(const figure *f, const study *s) {
    const double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    const double one = ordpar_integrate_bytes(&s->parts.network, s->parts.spectrum.L);
    return (int)fmax(fmin(ordpar_model_threads(f->parsed->model), 0.8 * memory / one), 1);
}

void study_each_curve(figure *f, study *s, const double *alpha, size_t count, size_t runs,
                      double *curves, double *mean) {
    if (f->status)
        return;
    const ordpar_theory_options settings = {.against = ORDPAR_AGAINST_ODE,
                                            .rtol = s->rtol,
                                            .atol = ORDPAR_DEFAULT_ATOL,
                                            .threads = integrating_threads(f, s),
                                            .stop = &interrupted};
    s->simulation.start = NULL;
    f->status =
        ordpar_theory_curves(&s->simulation, alpha, count, runs, &settings, curves, &f->err);
    for (size_t k = 0; k < count && !f->status; k++)
        mean[k] = ordpar_summarize(curves + k * runs, runs).mean;
}

void study_agreement(figure *f, const study *s, size_t columns, const double *theory,
                     double accuracy, const char *what) {
    if (f->status)
        return;
    ordpar_comparison *rows = malloc(s->count * sizeof *rows);
    double *differences = figure_numbers(f, s->count * s->runs);
    ordpar_agreement a;
    if (!rows)
        FIGURE_TRY(f, ordpar_fail(&f->err, ORDPAR_MEMORY, "out of memory for %zu rows", s->count));
    for (size_t k = 0; k < s->count && !f->status; k++)
        rows[k] = ordpar_compare_row(s->runs, s->eps_g + k * s->runs, columns, theory + k * columns,
                                     accuracy, 0, differences + k * s->runs);
    FIGURE_TRY(f, ordpar_compare_all(s->count, s->runs, rows, differences, &a, &f->err));
    if (!f->status)
        panel_fact(f, what,
                   "largest |z| = %.2f (at alpha = %.3g), %zu points that spread like %.1f "
                   "independent ones, p = %.2g",
                   a.largest, s->alpha[a.where], a.rows, a.effective_rows, a.probability);
    free(rows);
    free(differences);
}

void study_against_mean(figure *f, study *s, const char *what) {
    double *theory = figure_numbers(f, s->count);
    study_finite_n(f, s, s->alpha, s->count, theory);
    study_agreement(f, s, 1, theory, 1e-11, what);
    free(theory);
}

size_t study_farthest(const study *s, const double *theory) {
    size_t where = 0;
    for (size_t k = 1; k < s->count; k++)
        if (fabs(s->mean[k] / theory[k] - 1) > fabs(s->mean[where] / theory[where] - 1))
            where = k;
    return where;
}
