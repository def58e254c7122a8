// SPDX-License-Identifier: GPL-3.0-or-later
/* A model with its theory and its simulations, through the library functions of curve, simulate and
 * closed-form. */
#include "figure.h"

#include "linear_finite_n.h"
#include "linear_reduction.h"
#include "progress.h"
#include "statistics.h"
#include "theory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

options figure_options(const figure *f, const char *activation, int64_t K, int64_t N, int64_t L,
                       double beta, double eta, double sigma_J) {
    options o = *f->parsed;
    o.K = o.M = K;
    o.N = N;
    o.L = L;
    o.beta = beta;
    o.eta = eta;
    o.sigma_J = sigma_J;
    o.activation = 0;
    while (strcmp(ordpar_activation_at((size_t)o.activation)->name, activation) != 0)
        o.activation++;
    o.data = NULL;
    o.n_more_data = 0;
    return o;
}

int study_create(const figure *f, const options *parsed, study *s) {
    *s = (study){.parsed = *parsed, .rtol = ORDPAR_DEFAULT_RTOL};
    (void)f;
    const int result = model_create(&s->parsed, &s->m);
    s->simulation = (ordpar_simulation){.spectrum = &s->m.spectrum,
                                        .network = &s->m.network,
                                        .trained_blocks = s->m.trained_blocks,
                                        .init = (ordpar_init)parsed->init,
                                        .teacher = (ordpar_teacher)parsed->teacher,
                                        .sigma_J = parsed->sigma_J,
                                        .seed = (uint64_t)parsed->seed};
    return result;
}

void study_clear(study *s) {
    model_clear(&s->m);
    free(s->eps_g);
    free(s->mean);
    s->eps_g = s->mean = s->error = NULL;
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

int study_curve(const figure *f, study *s, const double *alpha, size_t count, double *eps_g,
                ordpar_curve_observer observer, void *context) {
    recording r = {eps_g, observer, context};
    const ordpar_integrate_options settings = {.rtol = s->rtol,
                                               .atol = ORDPAR_DEFAULT_ATOL,
                                               .trained_blocks = s->m.trained_blocks,
                                               .observer = record,
                                               .context = &r,
                                               .stop = &interrupted};
    ordpar_overlaps state;
    ordpar_error err;
    ordpar_status status =
        ordpar_overlaps_init(s->m.network.K, s->m.network.M, s->m.spectrum.L, &state, &err);
    if (status)
        return figure_check(f, status, &err);
    ordpar_overlaps_copy(&s->m.start, &state);
    status = ordpar_integrate(&s->m.spectrum, &s->m.network, &state, alpha, count, &settings, NULL,
                              &err);
    ordpar_overlaps_clear(&state);
    return figure_check(f, status, &err);
}

static void show(void *context, size_t rows, size_t total) {
    progress_show(context, (double)rows / (double)total, "simulating, row %zu of %zu", rows, total);
}

static void summarise(study *s) {
    for (size_t k = 0; k < s->count; k++) {
        const ordpar_summary row = ordpar_summarize(s->eps_g + k * s->runs, s->runs);
        s->mean[k] = row.mean;
        s->error[k] = s->runs > 1 ? row.standard_error : 0;
    }
}

static int allocate(const figure *f, study *s) {
    free(s->eps_g);
    free(s->mean);
    s->eps_g = malloc(s->count * s->runs * sizeof *s->eps_g);
    s->mean = malloc(2 * s->count * sizeof *s->mean);
    if (!s->eps_g || !s->mean)
        return failure(f->parsed, "out of memory for %zu rows of %zu runs", s->count, s->runs);
    s->error = s->mean + s->count;
    return -1;
}

/* The data's examples from the first on, where the study has data. */
static int open_examples(const figure *f, study *s, ordpar_examples **examples) {
    *examples = NULL;
    if (!s->m.data.set)
        return -1;
    ordpar_error err;
    ordpar_dataset_rewind(s->m.data.set);
    return figure_check(f,
                        ordpar_examples_create(s->m.data.set, &s->m.data.principal,
                                               (int)f->parsed->threads, examples, &err),
                        &err);
}

/* A long run can be stopped and saved after every row of its grid: so many more rows make none of
 * them long. */
enum { MORE_ROWS = 50 };

/* Rows between those of the study, so that none takes more than 1/MORE_ROWS of the time; place[k]:
 * where row k stands among them. Returns how many there are, at most count + MORE_ROWS. */
static size_t refine(const study *s, double *fine, size_t *place) {
    const double longest = s->alpha[s->count - 1] / MORE_ROWS;
    double last = 0;
    size_t rows = 0;
    for (size_t k = 0; k < s->count; k++) {
        const double step = s->alpha[k] - last;
        for (double pieces = ceil(step / longest); pieces > 1; pieces--)
            fine[rows++] = s->alpha[k] - step * (pieces - 1) / ceil(step / longest);
        fine[rows] = s->alpha[k];
        place[k] = rows++;
        last = s->alpha[k];
    }
    return rows;
}

/* The ensemble on the refined grid, into the rows of the study. */
static ordpar_status run_refined(study *s, const ordpar_ensemble_options *settings,
                                 ordpar_error *err) {
    const size_t most = s->count + MORE_ROWS, runs = s->runs;
    double *fine = malloc(most * (1 + runs) * sizeof *fine), *eps_g = fine + most;
    size_t *place = malloc(s->count * sizeof *place), complete;
    ordpar_status status = ORDPAR_OK;
    if (!fine || !place)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", most);
    if (!status)
        status = ordpar_ensemble_run(&s->simulation, fine, refine(s, fine, place), settings, eps_g,
                                     &complete, err);
    for (size_t k = 0; k < s->count && !status; k++)
        memcpy(s->eps_g + k * runs, eps_g + place[k] * runs, runs * sizeof *eps_g);
    free(fine);
    free(place);
    return status;
}

int study_simulate(figure *f, study *s, ordpar_method method, size_t runs, bool one_start,
                   const double *alpha, size_t count, ordpar_ensemble_observer observer,
                   void *context) {
    s->runs = runs;
    s->count = count;
    s->alpha = alpha;
    s->simulation.method = method;
    s->simulation.start = one_start ? &s->m.start : NULL;
    ordpar_examples *examples;
    int result = allocate(f, s);
    if (result >= 0 || (result = open_examples(f, s, &examples)) >= 0)
        return result;
    char checkpoint[4200];
    const bool saves = f->parsed->full && !observer && !examples;
    if (saves)
        snprintf(checkpoint, sizeof checkpoint, "%s/%s-%zu.checkpoint", f->parsed->out, f->name,
                 ++f->n_checkpoints);
    options copy = *f->parsed; /* progress takes it through a plain pointer */
    const ordpar_ensemble_options settings = {.runs = runs,
                                              .threads = (int)f->parsed->threads,
                                              .checkpoint = saves ? checkpoint : NULL,
                                              .stop = &interrupted,
                                              .progress = show,
                                              .context = &copy,
                                              .examples = examples,
                                              .observer = observer,
                                              .observer_context = context};
    size_t rows;
    ordpar_error err;
    const ordpar_status status =
        saves ? run_refined(s, &settings, &err)
              : ordpar_ensemble_run(&s->simulation, alpha, count, &settings, s->eps_g, &rows, &err);
    progress_clear();
    ordpar_examples_free(examples);
    if (status)
        return figure_check(f, status, &err);
    summarise(s);
    return -1;
}

int study_finite_n(const figure *f, study *s, const double *alpha, size_t count, double *eps_g) {
    const ordpar_theory_options settings = {.against = ORDPAR_AGAINST_FINITE_N};
    ordpar_error err;
    s->simulation.start = NULL;
    return figure_check(
        f, ordpar_theory_curves(&s->simulation, alpha, count, 1, &settings, eps_g, &err), &err);
}

/* As many integrations at a time as the memory holds: K = M = 40 at L = 512 takes 0.6 GB. */
static int integrating_threads(const figure *f, const study *s) {
    const double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    const double one = ordpar_integrate_bytes(&s->m.network, s->m.spectrum.L);
    const double cores = (double)sysconf(_SC_NPROCESSORS_ONLN);
    const double wanted = f->parsed->threads > 0 ? (double)f->parsed->threads : cores;
    return (int)fmax(fmin(wanted, 0.8 * memory / one), 1);
}

int study_each_curve(const figure *f, study *s, const double *alpha, size_t count, size_t runs,
                     double *curves, double *mean) {
    const ordpar_theory_options settings = {.against = ORDPAR_AGAINST_ODE,
                                            .rtol = s->rtol,
                                            .atol = ORDPAR_DEFAULT_ATOL,
                                            .threads = integrating_threads(f, s),
                                            .stop = &interrupted};
    ordpar_error err;
    s->simulation.start = NULL;
    const ordpar_status status =
        ordpar_theory_curves(&s->simulation, alpha, count, runs, &settings, curves, &err);
    for (size_t k = 0; k < count && !status; k++)
        mean[k] = ordpar_summarize(curves + k * runs, runs).mean;
    return figure_check(f, status, &err);
}

int study_agreement(const figure *f, panel *p, study *s, size_t columns, const double *theory,
                    double accuracy, const char *what) {
    ordpar_comparison *rows = malloc(s->count * sizeof *rows);
    double *differences = malloc(s->count * s->runs * sizeof *differences);
    ordpar_agreement a;
    ordpar_error err;
    ordpar_status status = ORDPAR_OK;
    if (!rows || !differences)
        status = ordpar_fail(&err, ORDPAR_MEMORY, "out of memory for %zu rows", s->count);
    for (size_t k = 0; k < s->count && !status; k++)
        rows[k] = ordpar_compare_row(s->runs, s->eps_g + k * s->runs, columns, theory + k * columns,
                                     accuracy, 0, differences + k * s->runs);
    if (!status && !(status = ordpar_compare_all(s->count, s->runs, rows, differences, &a, &err)))
        panel_fact(p, what,
                   "largest |z| = %.2f (at alpha = %.3g), %zu points that spread like %.1f "
                   "independent ones, p = %.2g",
                   a.largest, s->alpha[a.where], a.rows, a.effective_rows, a.probability);
    free(rows);
    free(differences);
    return figure_check(f, status, &err);
}
