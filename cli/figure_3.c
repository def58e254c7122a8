// SPDX-License-Identifier: GPL-3.0-or-later
/* Figure 3, linear units of which only the N_l leading components are trained. Left: Gaussian
 * inputs. Right: a data set. */
#include "figure.h"

#include "library_error.h"
#include "linear.h"
#include "linear_reduction.h"
#include "photographs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Starts differ most in the first components; so many runs know the slope to 2 %. */
enum { SLOPE_RUNS = 100 };

enum { LINES = 161, POINTS = 15, CURVES = 5, MAX_FILES = 99 };

/* Eq. 11 [6.2] at lowest order in eta. */
static int features(const figure *f, const study *s, const double *alpha, size_t count,
                    double *eps_g) {
    const size_t L = s->m.spectrum.L;
    double error, *errors = malloc(L * sizeof *errors);
    ordpar_error err;
    ordpar_status status;
    if (!errors)
        return failure(f->parsed, "out of memory for %zu eigenvalues", L);
    status = ordpar_linear_mean_error(&s->m.network, ORDPAR_INIT_SAMPLED, s->parsed.sigma_J, &error,
                                      &err);
    for (size_t b = 0; b < L && !status; b++)
        errors[b] = error;
    if (!status)
        status = ordpar_linear_small_eta(&s->m.spectrum, ordpar_linear_effective_eta(&s->m.network),
                                         s->m.trained_blocks, errors, alpha, count, eps_g, &err);
    free(errors);
    return figure_check(f, status, &err);
}

/* The larger of |mean / Eq. 11 - 1| over the points, signed. */
static void note_difference(panel *p, const study *s, const double *paper, int64_t trained) {
    double largest = 0;
    size_t where = 0;
    char key[64];
    for (size_t k = 0; k < s->count; k++)
        if (fabs(s->mean[k] / paper[k] - 1) > fabs(largest)) {
            largest = s->mean[k] / paper[k] - 1;
            where = k;
        }
    snprintf(key, sizeof key, "N_l = %lld, simulation against Eq. 11", (long long)trained);
    panel_fact(p, key, "largest difference %+.1f %% at alpha = %.3g; %+.1f %% at the end",
               100 * largest, s->alpha[where],
               100 * (s->mean[s->count - 1] / paper[s->count - 1] - 1));
}

/* One value of N_l: theory as lines, simulation as points. */
static int add_curve(figure *f, study *s, panel *p, int colour, int64_t trained, size_t runs,
                     const double *line, const double *point) {
    double paper[LINES], mean[LINES], theory[POINTS];
    char what[96];
    ordpar_error err;
    const char *inputs = s->m.data.set ? ", Gaussian inputs" : ""; /* which images are not */
    int result = figure_check(
        f, ordpar_spectrum_split(&s->m.spectrum, trained, &s->m.trained_blocks, &err), &err);
    s->simulation.trained_blocks = s->m.trained_blocks;
    if (result >= 0 || (result = features(f, s, line, LINES, paper)) >= 0 ||
        (result = study_finite_n(f, s, line, LINES, mean)) >= 0 ||
        (result = study_finite_n(f, s, point, POINTS, theory)) >= 0 ||
        (result =
             study_simulate(f, s, ORDPAR_METHOD_SGD, runs, false, point, POINTS, NULL, NULL)) >= 0)
        return result;
    panel_add(p, PLOT_LINE, colour, LINES, line, paper, NULL, "N_l = %lld", (long long)trained);
    panel_add(p, PLOT_GUIDE, 2, LINES, line, mean, NULL, "%s%s",
              colour == 1 ? "exact mean at finite N" : "", colour == 1 ? inputs : "");
    panel_add(p, PLOT_POINTS, colour, POINTS, point, s->mean, s->error, "%s",
              colour == 1 ? "simulation" : "");
    snprintf(what, sizeof what, "N_l = %lld, against the exact mean at finite N%s",
             (long long)trained, inputs);
    if ((result = study_agreement(f, p, s, 1, theory, 1e-11, what)) >= 0 ||
        (result = features(f, s, point, POINTS, theory)) >= 0)
        return result;
    note_difference(p, s, theory, trained);
    return -1;
}

static int left(figure *f) {
    static const int64_t trained[CURVES] = {16, 32, 64, 128, 256};
    const options o = figure_options(f, "linear", 1, 256, 256, 1, 0.05, 0.01);
    const bool full = f->parsed->full;
    double line[LINES], point[POINTS];
    ordpar_power_law law;
    ordpar_error err;
    figure_grid(0.01, 1e4, LINES, line);
    figure_grid(0.05, full ? 1e4 : 1e3, POINTS, point);
    panel *p = panel_begin(f, "figure3-left", "ε_g",
                           "linear, K = M = 1, N = L = 256, β = 1, "
                           "η = 0.05, σ_J = 0.01; lines: Eq. 11");
    if (!p)
        return EXIT_FAILED;
    if (!full)
        panel_reduced(p, "10 runs, 100 for N_l = N, up to α = 1000");
    p->key_low = true;
    study s;
    int result = study_create(f, &o, &s);
    for (size_t k = 0; k < CURVES && result < 0; k++)
        result = add_curve(f, &s, p, (int)k + 1, trained[k],
                           trained[k] == 256 ? SLOPE_RUNS
                           : full            ? 50
                                             : 10,
                           line, point);
    if (result < 0)
        result = figure_check(f, ordpar_power_law_init(256, 1, &law, &err), &err);
    if (result < 0) {
        const ordpar_scaling_window window = ordpar_linear_window(&law, 0.05, 1 + 1e-4);
        panel_slope(p, window.begin, window.end, window.amplitude * pow(window.begin, window.slope),
                    window.slope);
        const double *curve = p->series[3 * CURVES - 3].y; /* of N_l = N, as s still is */
        const double tail = ordpar_linear_tail(&law, 1 + 1e-4);
        figure_slope(p, LINES, line, curve, &window, tail, "slope of Eq. 11, N_l = N");
        study_slope(&s, p, &window, tail, "slope of the simulation, N_l = N");
        panel_completed(p, LINES, line, curve, &window, tail);
    }
    study_clear(&s);
    return result < 0 ? panel_write(f, p) : panel_abandon(p, result);
}

/* DIR/patches-1.npz, .. as validation/make-patches writes them; how many. */
static size_t find_patches(const figure *f, char (*paths)[4200]) {
    size_t count = 0;
    for (; count < MAX_FILES; count++) {
        snprintf(paths[count], sizeof paths[count], "%s/patches-%zu.npz", f->parsed->out,
                 count + 1);
        if (access(paths[count], R_OK) != 0)
            break;
    }
    return count;
}

/* Beta of the spectrum that the inputs have, in the title; the window leaves out the first ranks,
 * which follow no power law, and the last tenth. */
static int note_beta(const figure *f, const study *s, panel *p) {
    const size_t first = 10, last = s->m.spectrum.L * 9 / 10;
    ordpar_beta_fit fit;
    ordpar_error err;
    const int result =
        figure_check(f, ordpar_spectrum_fit_beta(&s->m.spectrum, first, last, &fit, &err), &err);
    if (result < 0)
        panel_fact(p, "beta of the data", "%.3f (standard error %.2g of the fit, ranks %zu to %zu)",
                   fit.beta, fit.beta_stderr, first, last);
    return result;
}

static int fill_right(figure *f, const options *o, study *s, panel *p) {
    double line[LINES], point[POINTS];
    int result = study_create(f, o, s);
    if (result >= 0 || (result = note_beta(f, s, p)) >= 0)
        return result;
    const size_t used = strlen(p->title);
    const int64_t N = (int64_t)s->m.spectrum.N;
    snprintf(p->title + used, sizeof p->title - used,
             "\n%llu examples of %zu components, the %lld leading principal components",
             (unsigned long long)s->m.data.principal.rows, s->m.data.principal.dim, (long long)N);
    panel_fact(p, "variance kept", "%.6g", s->m.data.principal.kept);
    const double stop = (double)s->m.data.principal.rows / (double)N;
    figure_grid(stop / 5000, stop, LINES, line);
    figure_grid(stop / 1000, stop, POINTS, point);
    const int first = N >= 64 ? 0 : 3; /* few components are all trained */
    for (int k = first; k < 4 && result < 0; k++)
        result = add_curve(f, s, p, k - first + 1, N >> (6 - 2 * k), 10, line, point);
    return result;
}

/* The paper's 1024 components, or all if the data has fewer. */
static int choose_components(const figure *f, options *o) {
    ordpar_dataset *set;
    ordpar_error err;
    const ordpar_status status = ordpar_dataset_open(1, &o->data, &set, &err);
    if (status)
        return library_error(f->parsed, "--data", status, &err);
    if (ordpar_dataset_dim(set) >= 1024)
        options_mark(o, "input-dim");
    ordpar_dataset_free(set);
    return -1;
}

/* Without images: Gaussian inputs on a power law with the paper's estimate of beta. */
static int without_images(figure *f) {
    const options o = figure_options(f, "linear", 1, 1024, 1024, 0.3, 0.05, 0.01);
    double line[LINES], point[POINTS];
    if (!f->parsed->quiet)
        fprintf(stderr,
                "ordpar figure: figure3-right has Gaussian inputs: for images give --data, or "
                "install " PHOTOGRAPHS_PACKAGES "\n");
    panel *p = panel_begin(f, "figure3-right", "ε_g",
                           "linear, K = M = 1, N = L = 1024, η = 0.05, σ_J = 0.01; lines: Eq. 11\n"
                           "(no images were found: Gaussian inputs, β = 0.3, instead)");
    if (!p)
        return EXIT_FAILED;
    p->key_low = true;
    panel_fact(p, "images", "none: give --data, or install " PHOTOGRAPHS_PACKAGES);
    figure_grid(0.01, 50, LINES, line);
    figure_grid(0.05, 50, POINTS, point);
    study s;
    int result = study_create(f, &o, &s);
    for (int k = 0; k < 4 && result < 0; k++)
        result = add_curve(f, &s, p, k + 1, k < 3 ? 16 << (2 * k) : 1024, 10, line, point);
    study_clear(&s);
    return result < 0 ? panel_write(f, p) : panel_abandon(p, result);
}

/* On images: o->data names them; `ours`: they are the patches. */
static int with_images(figure *f, options *o, bool ours) {
    int result = choose_components(f, o);
    if (result >= 0)
        return result;
    study s = {0};
    panel *p = panel_begin(f, "figure3-right", "ε_g",
                           "linear, K = M = 1, η = 0.05, σ_J = 0.01, trained on %s; lines: Eq. 11",
                           ours ? "patches of photographs" : "images");
    result = p ? fill_right(f, o, &s, p) : EXIT_FAILED;
    if (p)
        p->key_low = true;
    if (result < 0 && !f->parsed->full && ours)
        panel_reduced(p, "the first file of patches");
    study_clear(&s);
    return result < 0 ? panel_write(f, p) : panel_abandon(p, result);
}

/* On the data that --data names; else on patches, which are in the folder or can be made. */
static int right(figure *f) {
    options o = figure_options(f, "linear", 1, 1024, 1024, 1, 0.05, 0.01);
    char(*paths)[4200] = calloc(MAX_FILES, sizeof *paths);
    char *more[MAX_FILES];
    bool made = false;
    int result = paths ? -1 : failure(f->parsed, "out of memory for file names");
    size_t found = paths && !f->parsed->data ? find_patches(f, paths) : 0;
    if (result < 0 && !f->parsed->data && found == 0)
        result =
            photographs_make_patches(f->parsed, f->parsed->out, f->parsed->full ? 4 : 1, &made);
    if (result < 0 && made)
        found = find_patches(f, paths);
    if (!f->parsed->full && found > 1)
        found = 1;
    for (size_t k = 1; k < found; k++)
        more[k - 1] = paths[k];
    o.data = found ? paths[0] : f->parsed->data;
    o.more_data = found ? more : f->parsed->more_data;
    o.n_more_data = found ? found - 1 : f->parsed->n_more_data;
    if (result < 0)
        result = o.data ? with_images(f, &o, found > 0) : without_images(f);
    free(paths);
    return result;
}

int figure_3(figure *f) {
    const int result = left(f);
    return result < 0 ? right(f) : result;
}
