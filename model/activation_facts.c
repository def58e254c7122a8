// SPDX-License-Identifier: GPL-3.0-or-later
/* What outputs say of activations that are fits of others. */
#include "base/number.h"
#include "model/parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void fit_fact(const char *key, const ordpar_activation *g, ordpar_table *t) {
    char until[64] = "";
    if (!g || !(g->fit_error > 0))
        return;
    if (g->fit_until > 0)
        ordpar_format(until, sizeof until, " for |x| up to %g", g->fit_until);
    ordpar_table_fact(t, key, g->fit_error,
                      "a sum of erfs, which is off by up to %.2g%s; what is promised is of the sum",
                      g->fit_error, until);
}

void ordpar_activation_facts(const ordpar_parts *parts, ordpar_table *t) {
    fit_fact("fit", parts->network.activation, t);
    fit_fact("teacher's fit", parts->network.teacher_activation, t);
    ordpar_activation_range_fact(parts, true, t);
}

/* The largest variance of the fields first..last-1 of n. */
static double largest(const double *c, size_t n, size_t first, size_t last) {
    double variance = 0;
    for (size_t a = first; a < last; a++)
        variance = fmax(variance, c[a * n + a]);
    return variance;
}

static void note_range(const char *whose, const ordpar_activation *g, double variance,
                       const char *when, ordpar_table *t) {
    const double share = g->fit_until > 0 ? erfc(g->fit_until / sqrt(2 * variance)) : 0;
    char key[64];
    snprintf(key, sizeof key, "fields of %s at the %s", whose, when);
    if (share > 1e-4)
        ordpar_table_fact(t, key, sqrt(variance),
                          "their standard deviation is %.3g: %.2g of them are beyond the fit's |x| "
                          "= %g, where it goes on as sums of erfs do",
                          sqrt(variance), share, g->fit_until);
}

void ordpar_activation_range_fact(const ordpar_parts *parts, bool is_start, ordpar_table *t) {
    const char *when = is_start ? "start" : "end";
    const ordpar_network *network = &parts->network;
    const ordpar_activation *g = network->activation, *h = network->teacher_activation;
    const size_t K = network->K, n = K + network->M;
    if (!parts->start.K || (!(g->fit_until > 0) && !(h && h->fit_until > 0)))
        return;
    double *c = malloc(n * n * sizeof *c);
    if (!c)
        return;
    ordpar_overlaps_fields(&parts->start, &parts->spectrum, network, c);
    const double teachers = largest(c, n, K, n),
                 students = largest(c, n, 0, K) + (parts->deviation ? teachers : 0);
    note_range("students", g, students, when, t);
    if (is_start)
        note_range("teachers", h ? h : g, teachers, when, t);
    free(c);
}
