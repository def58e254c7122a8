// SPDX-License-Identifier: GPL-3.0-or-later
#include "closed_form.h"
#include "library_error.h"
#include "linear.h"
#include "linear_finite_n.h"
#include "linear_reduction.h"

#include <math.h>
#include <stdlib.h>

static const char no_noise[] = "leaves out eta^2, and with it the noise";

/* The one unit that the network acts as. */
typedef struct {
    double eta;
    double *error; /* [L] per component */
} one_unit;

static int mean_error(closed_form *f, double *mean) {
    ordpar_error err;
    const ordpar_status status = ordpar_linear_mean_error(
        &f->m.network, (ordpar_init)f->parsed->init, f->parsed->sigma_J, mean, &err);
    if (status)
        return library_error(f->parsed, "--init", status, &err);
    table_note(&f->t, "start", "mean over starts and teachers, E[(J - B)^2] = %.17g per component",
               *mean);
    return -1;
}

static int reduce(closed_form *f, one_unit *unit) {
    const bool from_file = f->parsed->overlaps != NULL;
    int result = from_file ? closed_form_start(f) : -1;
    if (result >= 0)
        return result;
    const size_t L = f->m.spectrum.L;
    *unit = (one_unit){.eta = ordpar_linear_effective_eta(&f->m.network),
                       .error = malloc(L * sizeof(double))};
    if (!unit->error)
        return failure(f->parsed, "out of memory for %zu eigenvalues", L);
    if (from_file) {
        ordpar_linear_start_error(&f->m.network, &f->m.spectrum, &f->m.start, unit->error);
        table_note(&f->t, "start", "the overlaps of %s", f->parsed->overlaps);
        return -1;
    }
    double mean;
    if ((result = mean_error(f, &mean)) >= 0)
        return result;
    for (size_t b = 0; b < L; b++)
        unit->error[b] = mean;
    return -1;
}

int closed_form_reduce(closed_form *f, double *eta, double **initial_error) {
    one_unit unit = {0};
    const int result = reduce(f, &unit);
    *eta = unit.eta;
    *initial_error = unit.error;
    return result;
}

/* The window of the power law, where all components are trained from the mean start. */
static void set_window(closed_form *f, double eta, double initial_error) {
    ordpar_power_law law;
    if (!model_is_power_law(f->parsed) || f->parsed->overlaps || f->parsed->trainable >= 0 ||
        f->m.spectrum.L < 2 || !(eta > 0) ||
        ordpar_power_law_init(f->parsed->L, f->parsed->beta, &law, NULL))
        return;
    f->window = ordpar_linear_window(&law, eta, initial_error);
    f->has_window = true;
}

/* eta against eta_c, in the user's units. */
static int check_eta(const closed_form *f, const one_unit *unit, double *ratio) {
    const double critical = ordpar_linear_critical_eta(&f->m.spectrum, f->m.trained_blocks);
    *ratio = unit->eta / critical;
    if (*ratio < 1)
        return -1;
    return usage_error(f->parsed, "--eta: %s needs eta < eta_c = %.10g, got %.10g", f->name,
                       f->m.network.eta / *ratio, f->m.network.eta);
}

typedef ordpar_status (*exact_form)(const ordpar_spectrum *, double, double, size_t, const double *,
                                    const double *, size_t, double *, ordpar_error *);

static int evaluate(closed_form *f, const one_unit *unit, exact_form form) {
    ordpar_error err;
    const model *m = &f->m;
    const ordpar_status status =
        form ? form(&m->spectrum, unit->eta, m->network.label_noise, m->trained_blocks, unit->error,
                    f->alpha, f->count, f->values, &err)
             : ordpar_linear_small_eta(&m->spectrum, unit->eta, m->trained_blocks, unit->error,
                                       f->alpha, f->count, f->values, &err);
    return status ? library_error(f->parsed, NULL, status, &err) : -1;
}

static int all_orders(closed_form *f) {
    one_unit unit = {0};
    double ratio = 0;
    int result = reduce(f, &unit);
    if (result < 0)
        result = check_eta(f, &unit, &ratio);
    if (result < 0) {
        table_note(&f->t, "eta / eta_c", "%.10g", ratio);
        table_note(&f->t, "floor", "%.17g",
                   ordpar_linear_floor(&f->m.spectrum, unit.eta, f->m.network.label_noise,
                                       f->m.trained_blocks, unit.error));
        if (f->m.network.label_noise == 0)
            set_window(f, unit.eta,
                       unit.error[0] / ordpar_linear_margin(&f->m.spectrum, f->m.trained_blocks,
                                                            unit.eta)); /* [6.9] */
        result = evaluate(f, &unit, ordpar_linear_exact);
    }
    free(unit.error);
    return result;
}

static int small_eta(closed_form *f) {
    one_unit unit = {0};
    int result = closed_form_refuse(f, "label-noise", no_noise);
    if (result < 0)
        result = reduce(f, &unit);
    if (result < 0) {
        table_note(&f->t, "floor", "%.17g",
                   ordpar_linear_frozen_error(&f->m.spectrum, f->m.trained_blocks, unit.error));
        set_window(f, unit.eta, unit.error[0]);
        result = evaluate(f, &unit, NULL);
    }
    free(unit.error);
    return result;
}

int closed_form_linear_exact(closed_form *f) {
    const int result =
        closed_form_refuse(f, "small-eta", "has all orders in eta; use linear-small-eta");
    return result >= 0 ? result : all_orders(f);
}

int closed_form_linear_small_eta(closed_form *f) {
    return small_eta(f);
}

/* [6.11]-[6.13] */
static void note_finite_n(closed_form *f, const one_unit *unit) {
    const ordpar_spectrum *s = &f->m.spectrum;
    const size_t trained = f->m.trained_blocks;
    const double r = ordpar_linear_ratio_finite_n(s, trained, unit->eta);
    table_note(&f->t, "r_N", "%.10g in place of eta/eta_c = %.10g", r,
               unit->eta / ordpar_linear_critical_eta(s, trained));
    if (!(r < 1)) {
        table_note(&f->t, "floor", "none: the mean diverges, made by rare runs");
        return;
    }
    table_note(
        &f->t, "floor", "%.17g",
        ordpar_linear_floor_finite_n(s, unit->eta, f->m.network.label_noise, trained, unit->error));
    if (f->m.network.label_noise == 0)
        set_window(f, unit->eta,
                   unit->error[0] / ordpar_linear_margin_finite_n(s, trained, unit->eta));
}

int closed_form_linear_finite_n(closed_form *f) {
    one_unit unit = {0};
    int result = closed_form_refuse(f, "small-eta", "has all orders in eta; use linear-small-eta");
    if (result < 0)
        result = reduce(f, &unit);
    if (result < 0) {
        table_note(&f->t, "steps", "at alpha: the whole number nearest to alpha N");
        note_finite_n(f, &unit);
        result = evaluate(f, &unit, ordpar_linear_finite_n);
    }
    free(unit.error);
    return result;
}

int closed_form_linear_continuum(closed_form *f) {
    ordpar_power_law law;
    double error;
    int result;
    if ((result = closed_form_power_law(f, &law)) >= 0 ||
        (result = closed_form_refuse(f, "overlaps", "starts from the mean over starts")) >= 0 ||
        (result = closed_form_refuse(f, "trainable", "has all components trained; use features")) >=
            0 ||
        (result = closed_form_refuse(f, "label-noise", no_noise)) >= 0 ||
        (result = mean_error(f, &error)) >= 0)
        return result;
    const double eta = ordpar_linear_effective_eta(&f->m.network);
    set_window(f, eta, error);
    ordpar_error err;
    const ordpar_status status =
        ordpar_linear_continuum(&law, eta, error, f->alpha, f->count, f->values, &err);
    return status ? library_error(f->parsed, NULL, status, &err) : -1;
}

/* lambda_+ x / (2 N beta) (N_l^-beta - N^-beta) [6.6], for the power law with L = N */
static void note_floor_estimate(closed_form *f) {
    const double N = f->m.spectrum.N, beta = f->parsed->beta,
                 trained = (double)f->parsed->trainable;
    if (!model_is_power_law(f->parsed) || f->parsed->L != f->parsed->N || f->parsed->trainable < 1)
        return;
    double mean;
    if (ordpar_linear_mean_error(&f->m.network, (ordpar_init)f->parsed->init, f->parsed->sigma_J,
                                 &mean, NULL))
        return;
    table_note(&f->t, "floor, small eta, estimate", "%.17g",
               f->m.spectrum.lambda[0] * mean / (2 * N * beta) *
                   (pow(trained, -beta) - pow(N, -beta)));
}

int closed_form_features(closed_form *f) {
    table_note(&f->t, "N_l", "%lld of %.0f components are trained",
               f->parsed->trainable < 0 ? (long long)f->m.spectrum.N
                                        : (long long)f->parsed->trainable,
               f->m.spectrum.N);
    table_note(&f->t, "orders in eta", "%s", f->parsed->small_eta ? "lowest" : "all");
    if (!f->parsed->overlaps)
        note_floor_estimate(f);
    return f->parsed->small_eta ? small_eta(f) : all_orders(f);
}
