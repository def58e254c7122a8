// SPDX-License-Identifier: GPL-3.0-or-later
#include "report.h"

#include "erf_asymptotic.h"
#include "library_error.h"
#include "linear_continuum.h"
#include "linear_reduction.h"
#include "measure.h"
#include "plateau.h"

#include <math.h>
#include <stdlib.h>

static const char *const names[REPORT_ROWS] = {"plateau height", "plateau entry", "plateau exit",
                                               "plateau length", "escape rate",   "decay exponent"};

void report_init(report *r) {
    for (size_t k = 0; k < REPORT_ROWS; k++)
        r->rows[k].measured = r->rows[k].stderr_ = r->rows[k].predicted = r->rows[k].begin =
            r->rows[k].end = NAN;
    r->model_known = false;
    r->window_begin = 0;
    r->window_end = INFINITY;
}

/* NAN if out of memory. */
static double specialisation_at_start(const model *m) {
    const size_t K = m->network.K, M = m->network.M, L = m->spectrum.L;
    double *R = calloc(K * M, sizeof *R);
    if (!R)
        return NAN;
    for (size_t k = 0; k < K * M; k++)
        for (size_t b = 0; b < L; b++)
            R[k] += m->spectrum.lambda[b] * m->start.r[k * L + b];
    const double start = ordpar_specialisation_signed(K, M, m->network.w, R);
    free(R);
    return start;
}

/* The plateau of the start's teacher at all orders, or lowest under --small-eta. */
static ordpar_status predict_plateau(report *r, const options *parsed, const model *m) {
    const size_t K = m->network.K, M = m->network.M;
    ordpar_plateau at = {0};
    double rate;
    if (m->network.activation != &ordpar_activation_erf || m->trained_blocks < m->spectrum.L ||
        parsed->init == ORDPAR_INIT_NEAR_TEACHER || K < 2 || M < 2)
        return ORDPAR_OK;
    ordpar_status status = ordpar_plateau_solve(&m->spectrum, &m->network, m->start.t, &at, NULL);
    if (status)
        return status;
    r->rows[REPORT_HEIGHT].predicted = at.eps_g;
    status = ordpar_plateau_escape_rate(&m->spectrum, &m->network, m->start.t, &at, &rate, NULL);
    if (!status) {
        const double start = specialisation_at_start(m);
        const double end =
            ordpar_spectrum_moment(&m->spectrum, 1) * sqrt((double)(K < M ? K : M) - 1);
        r->rows[REPORT_RATE].predicted = rate;
        r->rows[REPORT_LENGTH].predicted =
            start > 0 ? fmax(log(end / start), 0) / rate : INFINITY; /* [7.4] */
        status = isnan(start) ? ORDPAR_MEMORY : ORDPAR_OK;
    }
    ordpar_plateau_clear(&at);
    return status;
}

/* Where all modes of the model show the power law; false where none is predicted. */
static bool predict_window(const options *parsed, const model *m, ordpar_scaling_window *window) {
    ordpar_power_law law;
    if (!model_is_power_law(parsed) || parsed->trainable >= 0 || m->spectrum.L < 2 ||
        ordpar_power_law_init(parsed->L, parsed->beta, &law, NULL))
        return false;
    if (m->network.activation == &ordpar_activation_linear) {
        *window = ordpar_linear_window(&law, ordpar_linear_effective_eta(&m->network), 1);
        return true;
    }
    if (m->network.activation != &ordpar_activation_erf || m->network.K != m->network.M)
        return false;
    const ordpar_erf_site site = {m->network.M, m->network.v[0], 1};
    const ordpar_erf_rates c = ordpar_erf_site_rates(&site);
    *window = ordpar_linear_window(&law, m->network.eta * c.plus, 1);
    if (m->network.M > 1)
        window->begin = ordpar_linear_window(&law, m->network.eta * c.minus, 1).begin;
    return window->begin < window->end;
}

int report_predict(report *r, const options *parsed, const model *m) {
    ordpar_scaling_window window;
    if (!ordpar_training_is_plain(&m->network.training))
        return -1; /* the closed forms know constant rates alone */
    r->model_known = true;
    if (predict_plateau(r, parsed, m) == ORDPAR_MEMORY)
        return failure(parsed, "out of memory for the predictions");
    if (!predict_window(parsed, m, &window))
        return -1;
    r->rows[REPORT_EXPONENT].predicted = window.slope;
    r->window_begin = window.begin;
    r->window_end = window.end;
    return -1;
}

static void set_slope(report *r, report_quantity quantity, const ordpar_slope_measure *m) {
    if (m->rows == 0)
        return;
    r->rows[quantity].measured = m->slope;
    r->rows[quantity].stderr_ = m->slope_stderr;
    r->rows[quantity].begin = m->begin;
    r->rows[quantity].end = m->end;
}

/* The middle half, in the logarithm, of the predicted window, after the plateau; or, without a
 * prediction, all that comes after the plateau. */
static ordpar_status measure_exponent(report *r, size_t count, const double *alpha,
                                      const double *eps_g, double exit, ordpar_error *err) {
    ordpar_slope_measure m;
    double begin = r->window_begin, end = r->window_end;
    if (r->model_known && isnan(r->rows[REPORT_EXPONENT].predicted))
        return ORDPAR_OK;
    if (begin > 0) {
        const double quarter = pow(end / begin, 0.25);
        begin *= quarter;
        end /= quarter;
    }
    const ordpar_status status =
        ordpar_measure_power_law(count, alpha, eps_g, fmax(begin, 3 * exit), end, &m, err);
    if (!status)
        set_slope(r, REPORT_EXPONENT, &m);
    return status;
}

int report_measure(report *r, const options *parsed, size_t count, const double *alpha,
                   const double *eps_g, const double *specialisation) {
    ordpar_plateau_measure p = {0};
    ordpar_slope_measure growth = {0};
    ordpar_error err;
    bool found = false;
    ordpar_status status = ordpar_measure_plateau(count, alpha, eps_g, &found, &p, &err);
    if (!status && found) {
        r->rows[REPORT_HEIGHT].measured = p.height;
        r->rows[REPORT_ENTRY].measured = p.entry;
        r->rows[REPORT_EXIT].measured = p.exit;
        r->rows[REPORT_LENGTH].measured = p.exit - p.entry;
        r->rows[REPORT_HEIGHT].begin = r->rows[REPORT_LENGTH].begin = p.entry;
        r->rows[REPORT_HEIGHT].end = r->rows[REPORT_LENGTH].end = p.exit;
        if (specialisation)
            status =
                ordpar_measure_growth(count, alpha, specialisation, p.entry, p.exit, &growth, &err);
    }
    if (!status)
        status = measure_exponent(r, count, alpha, eps_g, p.exit, &err);
    if (status)
        return library_error(parsed, NULL, status, &err);
    set_slope(r, REPORT_RATE, &growth);
    return -1;
}

void report_note(const report *r, table *t) {
    for (size_t k = 0; k < REPORT_ROWS; k++) {
        char measured[96] = "not found", predicted[64] = "";
        if (!isnan(r->rows[k].measured))
            snprintf(measured, sizeof measured, "%.8g", r->rows[k].measured);
        if (!isnan(r->rows[k].stderr_))
            snprintf(measured, sizeof measured,
                     "%.8g, standard error %.2g, from alpha = %.6g to %.6g", r->rows[k].measured,
                     r->rows[k].stderr_, r->rows[k].begin, r->rows[k].end);
        if (!isnan(r->rows[k].predicted))
            snprintf(predicted, sizeof predicted, "; predicted %.8g", r->rows[k].predicted);
        table_note(t, names[k], "%s%s", measured, predicted);
    }
}

static void write_cell(double value, output_format format, FILE *file) {
    if (isfinite(value))
        fprintf(file, "%.17g", value);
    else if (format == FORMAT_JSON)
        fputs("null", file);
    else if (!isnan(value))
        fputs("inf", file);
}

void report_write(const report *r, const table *notes, output_format format, FILE *file) {
    static const char *const columns[] = {"measured", "stderr", "predicted", "begin", "end"};
    if (format == FORMAT_CSV) {
        for (size_t k = 0; k < notes->n_notes; k++)
            fprintf(file, "# %s\n", notes->notes[k]);
        fputs("quantity,measured,stderr,predicted,begin,end\n", file);
    }
    for (size_t k = 0; k < REPORT_ROWS; k++) {
        const double cells[] = {r->rows[k].measured, r->rows[k].stderr_, r->rows[k].predicted,
                                r->rows[k].begin, r->rows[k].end};
        if (format == FORMAT_CSV)
            fputs(names[k], file);
        else
            fprintf(file, "%s\"%s\"", k ? "},\n  " : "{\n  ", names[k]);
        for (size_t c = 0; c < 5; c++) {
            if (format == FORMAT_CSV)
                fputc(',', file);
            else
                fprintf(file, "%s\"%s\": ", c ? ", " : ": {", columns[c]);
            write_cell(cells[c], format, file);
        }
        if (format == FORMAT_CSV)
            fputc('\n', file);
    }
    if (format == FORMAT_JSON)
        fputs("}\n}\n", file);
}
