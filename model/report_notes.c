// SPDX-License-Identifier: GPL-3.0-or-later
/* What has to be known of measurements and predictions, in words. */
#include "model/report.h"

#include "base/number.h"

#include <math.h>
#include <stdio.h>

void ordpar_note_parting(const ordpar_network *network, ordpar_table *t) {
    const double strong = 0.05; /* below that all that was measured specialised first */
    const double s = network->label_noise;
    if (!network->small_eta && network->eta * s * s > strong)
        ordpar_table_note(t, "label noise",
                          "the predicted length is until the students specialise; noise may part "
                          "them before, and another plateau follow: closed-form escape-law says, "
                          "by its fact law, where it does");
}

void ordpar_note_times(ordpar_table *t, const char *escape_time, const char *exit) {
    ordpar_table_note(t, "times",
                      "%s is 1/rate, in which a small difference between the students grows by e; "
                      "%s is the alpha at which the plateau ends, many of them after the start",
                      escape_time, exit);
}

void ordpar_note_length(double tau, ordpar_table *t) {
    char now[48] = "";
    if (isfinite(tau))
        ordpar_format(now, sizeof now, ", here %.4g", tau);
    ordpar_table_note(t, "predicted length",
                      "counted from alpha = 0 until the students have specialised, to logarithmic "
                      "accuracy: the plateau's exit comes up to 1.5 escape times (tau%s) before "
                      "that, and a measured length begins at the entry",
                      now);
}

void ordpar_note_below(const ordpar_table *curve, ordpar_table *t) {
    size_t column, below = 0;
    if (!ordpar_table_find_column(curve, "mean", &column))
        return;
    for (size_t k = 0; k < curve->n_rows; k++)
        below += curve->cells[k * curve->n_columns + column] < 0;
    if (below)
        ordpar_table_fact(t, "below 0", (double)below,
                          "%zu of %zu rows, as eps_g of labels is an unbiased estimate; here they "
                          "count as 0",
                          below, curve->n_rows);
}

/* Rows so near that nobody asks. */
static const double near = 0.02;

void ordpar_report_note_resolution(const ordpar_report *r, ordpar_table *t) {
    const double from = r->rows[ORDPAR_REPORT_EXIT].begin, to = r->rows[ORDPAR_REPORT_EXIT].end;
    if (to - from > near * from)
        ordpar_table_note(t, "resolution",
                          "the plateau's exit lies between the rows at alpha = %.6g and %.6g, and "
                          "is taken on a straight line between them, mostly too early: more rows "
                          "tell it better",
                          from, to);
}

void ordpar_note_resolution(const ordpar_grid *alpha, const char *exit, ordpar_table *t) {
    if (alpha->list || alpha->count < 2)
        return;
    const double apart = alpha->logarithmic
                             ? pow(alpha->stop / alpha->start, 1 / (double)(alpha->count - 1)) - 1
                             : (alpha->stop - alpha->start) / (double)(alpha->count - 1);
    if (!alpha->logarithmic)
        ordpar_table_note(t, "resolution",
                          "%s lies within a distance of rows, %.4g, mostly later than said", exit,
                          apart);
    else if (apart > near)
        ordpar_table_note(
            t, "resolution",
            "%s lies within a distance of rows, %.2g %%, mostly later than said: more "
            "rows of alpha tell it better",
            exit, 100 * apart);
}

/* Why a row has no value. */
const char *ordpar_report_reason(const ordpar_report *r, ordpar_report_quantity row) {
    const bool plateau = !isnan(r->rows[ORDPAR_REPORT_EXIT].measured);
    if (row == ORDPAR_REPORT_EXPONENT)
        return r->model_known && isnan(r->rows[row].predicted)
                   ? "this model predicts none, so that none is looked for"
                   : "the local slope behind the plateau (if there is one) is not constant";
    if (!plateau)
        return "in these rows eps_g rests nowhere between two falls (the second to 0.9 of that)";
    if (row == ORDPAR_REPORT_ENTRY || row == ORDPAR_REPORT_LENGTH)
        return "the plateau begins before the first row";
    if (r->of_runs)
        return "a mean over runs has no order parameters";
    if (*r->missing)
        return r->missing;
    return r->specialises ? "on the plateau nothing grows as an exponential in these rows"
                          : "needs the columns R1_1_1, .. of moments=1";
}

void ordpar_report_missing(const ordpar_report *r, char *text, size_t size) {
    static const struct {
        ordpar_report_quantity row;
        const char *name;
    } told[] = {{ORDPAR_REPORT_HEIGHT, "no plateau"},
                {ORDPAR_REPORT_RATE, "no escape rate"},
                {ORDPAR_REPORT_EXPONENT, "no exponent"}};
    const bool plateau = !isnan(r->rows[ORDPAR_REPORT_HEIGHT].measured);
    size_t used = 0;
    *text = '\0';
    for (size_t k = 0; k < sizeof told / sizeof *told && used < size; k++) {
        const ordpar_report_quantity row = told[k].row;
        const bool asked = row == ORDPAR_REPORT_RATE       ? plateau && r->specialises
                           : row == ORDPAR_REPORT_EXPONENT ? !isnan(r->rows[row].predicted)
                                                           : true;
        if (asked && isnan(r->rows[row].measured))
            used += (size_t)ordpar_format(text + used, size - used, "%s%s: %s", used ? "; " : "",
                                          told[k].name, ordpar_report_reason(r, row));
    }
}
