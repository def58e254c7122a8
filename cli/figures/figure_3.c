// SPDX-License-Identifier: GPL-3.0-or-later
/* Figure 3, linear units of which only the N_l leading components are trained. Left: Gaussian
 * inputs. Right: a data set. */
#include "cli/figures/figure.h"

#include "solver/motion/linear_reduction.h"
#include "spectra/forms/linear.h"
#include "validation/data/photographs.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

/* Starts differ most in the first components; so many runs know the slope to 2 %. */
enum { SLOPE_RUNS = 100 };

enum { LINES = 161, POINTS = 15 };

/* Eq. 11 [6.2] at lowest order in eta. */
static void features(figure *f, const study *s, const double *alpha, size_t count, double *eps_g) {
    const size_t L = s->parts.spectrum.L;
    ordpar_linear_start x = {0};
    double *errors = figure_numbers(f, L);
    FIGURE_TRY(f, ordpar_linear_mean_start(&s->parts.network, ORDPAR_INIT_SAMPLED,
                                           s->model->value.sigma_J, &x, &f->err));
    for (size_t b = 0; b < L && errors; b++) /* [15.2] */
        errors[b] = x.student + x.teacher * s->parts.spectrum.c[b];
    FIGURE_TRY(f, ordpar_linear_small_eta(
                      &s->parts.spectrum, ordpar_linear_effective_eta(&s->parts.network),
                      s->parts.trained_blocks, errors, alpha, count, eps_g, &f->err));
    free(errors);
}

/* The larger of |mean / Eq. 11 - 1| over the points, signed. */
static void note_difference(figure *f, const study *s, int trained) {
    char key[64];
    double paper[POINTS];
    features(f, s, s->alpha, s->count, paper);
    if (f->status)
        return;
    const size_t where = study_farthest(s, paper), last = s->count - 1;
    snprintf(key, sizeof key, "N_l = %d, simulation against Eq. 11", trained);
    panel_fact(f, key, "largest difference %+.1f %% at alpha = %.3g; %+.1f %% at the end",
               100 * (s->mean[where] / paper[where] - 1), s->alpha[where],
               100 * (s->mean[last] / paper[last] - 1));
}

/* One value of N_l: theory as lines on line[LINES], simulation as points. */
static void add_curve(figure *f, study *s, int colour, int trained, size_t runs, double from,
                      double stop, const double *line) {
    double paper[LINES], mean[LINES];
    char what[96];
    const char *inputs = s->parts.data.set ? ", Gaussian inputs" : ""; /* which images are not */
    const bool first = colour == 1;
    const sample how = {.runs = runs,
                        .from = from,
                        .to = stop,
                        .points = POINTS,
                        .colour = colour,
                        .title = first ? "simulation" : "",
                        .against = what};
    snprintf(what, sizeof what, "N_l = %d, against the exact mean at finite N%s", trained, inputs);
    FIGURE_TRY(
        f, ordpar_spectrum_split(&s->parts.spectrum, trained, &s->parts.trained_blocks, &f->err));
    s->simulation.trained_blocks = s->parts.trained_blocks;
    features(f, s, line, LINES, paper);
    study_theory(f, s, line, LINES, 1, mean);
    study_sample(f, s, &how);
    panel_add(f, PLOT_LINE, colour, LINES, line, paper, NULL, "N_l = %d", trained);
    panel_add(f, PLOT_GUIDE, 2, LINES, line, mean, NULL, "%s%s",
              first ? "exact mean at finite N" : "", first ? inputs : "");
    study_points(f, s, &how);
    note_difference(f, s, trained);
}

/* The slope of the curve of N_l = N, at which s is. */
static void add_slope(figure *f, const study *s, const double *line) {
    double curve[LINES];
    ordpar_scaling_window w;
    study_form(f, s, "linear-small-eta", line, LINES, curve, &w);
    panel_slope(f, w.begin, w.end, w.amplitude * pow(w.begin, w.slope), w.slope);
    const double tail = study_tail(f, s);
    figure_slope(f, LINES, line, curve, NULL, &w, tail, "slope of Eq. 11, N_l = N");
    figure_slope(f, s->count, s->alpha, s->mean, s, &w, tail, "slope of the simulation, N_l = N");
    panel_completed(f, LINES, line, curve, &w, tail);
}

static void left(figure *f) {
    enum { CURVES = 5 };
    static const int trained[CURVES] = {16, 32, 64, 128, 256};
    const bool full = f->parsed->full;
    const size_t runs = full ? 50 : 10;
    double line[LINES];
    study s;
    figure_grid(0.01, 1e4, LINES, line);
    panel_begin(f, "figure3-left", "ε_g",
                "linear, K = M = 1, N = L = 256, β = 1, η = 0.05, σ_J = 0.01; lines: Eq. 11")
        ->key_low = true;
    panel_reduced(f, "10 runs, 100 for N_l = N, up to α = 1000");
    study_create(
        f, &s,
        figure_model(f, "activation=linear K=1 M=1 N=256 L=256 beta=1 eta=0.05 sigma-j=0.01"));
    for (int k = 0; k < CURVES; k++)
        add_curve(f, &s, k + 1, trained[k], k + 1 == CURVES ? SLOPE_RUNS : runs, 0.05,
                  full ? 1e4 : 1e3, line);
    add_slope(f, &s, line);
    study_clear(&s);
    panel_write(f);
}

/* DIR/patches-1.npz, .. as validation/make-patches writes them. */
static const char *patches(const figure *f, size_t number, char path[4200]) {
    snprintf(path, 4200, "%s/patches-%zu.npz", f->parsed->out, number);
    return path;
}

static size_t count_patches(const figure *f) {
    enum { MAX_FILES = 99 };
    char path[4200];
    size_t count = 0;
    while (count < MAX_FILES && access(patches(f, count + 1, path), R_OK) == 0)
        count++;
    return f->parsed->full || count == 0 ? count : 1;
}

/* The window for beta leaves out the first ranks, which follow no power law, and the last tenth,
 * where there are enough. */
static void fill_right(figure *f, study *s) {
    double line[LINES];
    const size_t L = s->parts.spectrum.L;
    const size_t first = L < 40 ? 1 : 10, last = L < 40 ? L : L * 9 / 10;
    const ordpar_principal *data = &s->parts.data.principal;
    ordpar_beta_fit fit;
    FIGURE_TRY(f, ordpar_spectrum_fit_beta(&s->parts.spectrum, first, last, &fit, &f->err));
    if (f->status)
        return;
    const int N = (int)s->parts.spectrum.N;
    panel_fact(f, "beta of the data", "%.3f (standard error %.2g of the fit, ranks %zu to %zu)",
               fit.beta, fit.beta_stderr, first, last);
    panel_fact(f, "variance kept", "%.6g", data->kept);
    panel_entitle(f, "\n%llu examples of %zu components, the %d leading principal components",
                  (unsigned long long)data->rows, data->dim, N);
    /* Labels: the other half measures what a run has learned. */
    const bool labels = s->parts.labels.outputs;
    const double stop = (double)data->rows / N / (labels ? 2 : 1);
    if (labels)
        ordpar_labels_facts(&s->parts.labels, true, &f->p->t);
    figure_grid(stop / 5000, stop, LINES, line);
    const int few = N >= 64 ? 0 : 3; /* components are all trained */
    for (int k = few; k < 4; k++)
        add_curve(f, s, k - few + 1, N >> (6 - 2 * k), 10, stop / 1000, stop, line);
}

/* The paper's 1024 components, or all ("") if the data has fewer, or cannot be read: then the model
 * will say so. */
static const char *components(const char *path) {
    ordpar_dataset *set;
    if (ordpar_dataset_open(1, &path, &set, NULL))
        return "";
    const bool enough = ordpar_dataset_dim(set) >= 1024;
    ordpar_dataset_free(set);
    return enough ? "N=1024" : "";
}

/* Without images: Gaussian inputs on a power law with the paper's estimate of beta. */
static void without_images(figure *f) {
    double line[LINES];
    study s;
    if (!f->parsed->quiet && !f->status)
        fputs("ordpar figure: figure3-right has Gaussian inputs: for images give --data, or "
              "install " ORDPAR_PHOTOGRAPHS_PACKAGES "\n",
              stderr);
    panel_begin(f, "figure3-right", "ε_g",
                "linear, K = M = 1, N = L = 1024, η = 0.05, σ_J = 0.01; lines: Eq. 11\n"
                "(no images were found: Gaussian inputs, β = 0.3, instead)")
        ->key_low = true;
    panel_fact(f, "images", "none: give --data, or install " ORDPAR_PHOTOGRAPHS_PACKAGES);
    figure_grid(0.01, 50, LINES, line);
    study_create(
        f, &s,
        figure_model(f, "activation=linear K=1 M=1 N=1024 L=1024 beta=0.3 eta=0.05 sigma-j=0.01"));
    for (int k = 0; k < 4; k++)
        add_curve(f, &s, k + 1, k < 3 ? 16 << (2 * k) : 1024, 10, 0.05, 50, line);
    study_clear(&s);
    panel_write(f);
}

/* On so many files of patches, or on the data that were given. */
static void with_images(figure *f, size_t found) {
    const ordpar_texts *given = &f->parsed->model->value.data;
    const char *labels = f->parsed->model->value.labels;
    char path[4200];
    study s;
    panel_begin(f, "figure3-right", "ε_g",
                "linear, K = M = 1, η = 0.05, σ_J = 0.01, trained on %s; lines: Eq. 11",
                found    ? "patches of photographs"
                : labels ? "images and their labels"
                         : "images")
        ->key_low = true;
    ordpar_model *model =
        figure_model(f, "activation=linear K=1 %s eta=0.05 sigma-j=0.01 %s", labels ? "" : "M=1",
                     components(found ? patches(f, 1, path) : given->items[0]));
    if (labels)
        FIGURE_TRY(f, ordpar_model_set_text(model, "labels", labels, &f->err));
    for (size_t k = 0; k < (found ? found : given->count); k++)
        FIGURE_TRY(f, ordpar_model_set_text(model, "data",
                                            found ? patches(f, k + 1, path) : given->items[k],
                                            &f->err));
    study_create(f, &s, model);
    fill_right(f, &s);
    if (found)
        panel_reduced(f, "the first file of patches");
    study_clear(&s);
    panel_write(f);
}

/* On data that were given; else on patches, which are in the folder or can be made. */
static void right(figure *f) {
    const bool given = f->parsed->model->value.data.count > 0;
    if (!given && count_patches(f) == 0)
        FIGURE_TRY(
            f, ordpar_photographs_make_patches(f->parsed->out, f->parsed->full ? 4 : 1, &f->err));
    const size_t found = given ? 0 : count_patches(f);
    if (given || found)
        with_images(f, found);
    else
        without_images(f);
}

void figure_3(figure *f) {
    left(f);
    right(f);
}
