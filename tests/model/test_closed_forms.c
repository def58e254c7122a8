// SPDX-License-Identifier: GPL-3.0-or-later
/* The table of closed forms through both functions of a model: the same numbers, facts beside them,
 * and the same refusals in the same words. The numbers themselves: tests/spectra, tests/solver. */
#include "model/model.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const forms[] = {"linear-exact",    "linear-small-eta", "linear-continuum",
                                    "linear-finite-n", "features",         "frontier",
                                    "plateau",         "escape",           "asymptotic",
                                    "critical-eta",    "escape-law"};

enum { FORMS = sizeof forms / sizeof *forms };

/* Settings: NAME=TEXT, separated by blanks. */
static ordpar_model *make(const char *settings) {
    ordpar_model *model = NULL;
    ordpar_error err;
    char copy[256];
    check_ok(ordpar_model_create(&model, &err), &err);
    snprintf(copy, sizeof copy, "%s", settings);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
        char *value = strchr(word, '=');
        *value++ = '\0';
        check_ok(ordpar_model_set_text(model, word, value, &err), &err);
    }
    return model;
}

static ordpar_table *compute(const ordpar_model *model, const char *form) {
    char computation[64];
    ordpar_table *t = NULL;
    ordpar_error err;
    snprintf(computation, sizeof computation, "closed-form %s", form);
    check_ok(ordpar_model_compute(model, computation, &t, &err), &err);
    return t;
}

static const char *fact(const ordpar_table *t, const char *key) {
    for (size_t k = 0; ordpar_table_fact_key(t, k); k++)
        if (strcmp(ordpar_table_fact_key(t, k), key) == 0)
            return ordpar_table_fact_text(t, k);
    return NULL;
}

static double number(const ordpar_table *t, const char *key) {
    for (size_t k = 0; ordpar_table_fact_key(t, k); k++)
        if (strcmp(ordpar_table_fact_key(t, k), key) == 0)
            return ordpar_table_fact_value(t, k);
    return NAN;
}

Test(closed_forms, rows_in_any_order_are_those_of_the_table) {
    enum { COUNT = 3, MAX = 64 };
    const double rows[COUNT] = {30, 0, 7}; /* sorted in the table: 1, 2, 0 */
    const size_t sorted[COUNT] = {1, 2, 0};
    for (size_t k = 0; k < FORMS; k++) {
        const char *along = ordpar_model_closed_form_rows(forms[k]);
        char settings[64] = "N=64 L=4 ";
        double values[MAX];
        ordpar_error err;
        if (along)
            snprintf(settings, sizeof settings, "N=64 L=4 %s=30,0,7", along);
        ordpar_model *model = make(settings), *plain = make("N=64 L=4");
        ordpar_table *t = compute(model, forms[k]);
        check_ok(ordpar_model_closed_form(plain, forms[k], COUNT, rows, values, &err), &err);
        const size_t n = ordpar_table_n_rows(t), first = along ? 1 : 0;
        size_t columns = 1; /* escape-law has jitter behind them */
        for (const char *c = ordpar_model_closed_form_columns(forms[k]); *c; c++)
            columns += *c == ',';
        cr_assert_eq(ordpar_table_n_columns(t),
                     first + columns + (strcmp(forms[k], "escape-law") == 0), "%s", forms[k]);
        cr_assert_eq(n, along ? COUNT : 1, "%s", forms[k]);
        cr_assert_str_eq(fact(t, "closed form"), forms[k]);
        for (size_t row = 0; row < n; row++)
            cr_assert_eq(memcmp(ordpar_table_values(t) + row * (columns + first) + first,
                                values + (along ? sorted[row] : 0) * columns,
                                columns * sizeof *values),
                         0, "%s, row %zu", forms[k], row);
        if (along)
            cr_assert_str_eq(ordpar_table_column_name(t, 0), along);
        ordpar_table_free(t);
        ordpar_model_free(model);
        ordpar_model_free(plain);
    }
}

/* The columns of ordpar_model_closed_form are there, whatever the table has behind them. */
Test(closed_forms, plateau_with_moments_of_a_drawn_teacher) {
    double values[3];
    ordpar_error err;
    ordpar_model *model = make("N=64 L=4 M=3 K=3 moments=0,1 teacher=sampled");
    ordpar_table *t = compute(model, "plateau");
    cr_assert_eq(ordpar_table_n_columns(t), 10);
    cr_assert_str_eq(ordpar_table_column_name(t, 6), "R1");
    cr_assert_str_eq(ordpar_table_column_name(t, 9), "R_3");
    check_ok(ordpar_model_closed_form(model, "plateau", 0, NULL, values, &err), &err);
    const double *cells = ordpar_table_values(t);
    cr_assert_eq(memcmp(values, cells, sizeof values), 0);
    CHECK_CLOSE(cells[4], cells[0], TOL_TIGHT, cells[0], "Q of order 1");
    CHECK_CLOSE(cells[6], cells[1], TOL_TIGHT, cells[1], "R of order 1");
    CHECK_CLOSE((cells[7] + cells[8] + cells[9]) / 3, cells[1], TOL_TIGHT, cells[1], "mean of R");
    cr_assert_str_eq(fact(t, "teacher"), "drawn with the seed");
    ordpar_table_free(t);
    ordpar_model_free(model);
}

/* Two heights: that of the closed form, and the one a curve rests at. */
Test(closed_forms, plateau_and_escape_at_the_orders_asked_for) {
    double lowest[3], all[3], drawn[3], drawn_lowest[3], rate[2], rate_all[2];
    ordpar_error err;
    const struct {
        char settings[48];
        char form[8];
        double *values;
    } cases[] = {{"L=4 eta=0.5", "plateau", lowest},
                 {"L=4 eta=0.5 orders=all", "plateau", all},
                 {"L=4 eta=0.5 teacher=sampled small-eta=yes", "plateau", drawn},
                 {"L=4 eta=0.5 teacher=sampled orders=lowest", "plateau", drawn_lowest},
                 {"L=4 eta=0.5 orders=lowest", "escape", rate},
                 {"L=4 eta=0.5 orders=all", "escape", rate_all}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        ordpar_model *model = make(cases[k].settings);
        check_ok(ordpar_model_closed_form(model, cases[k].form, 0, NULL, cases[k].values, &err),
                 &err);
        ordpar_model_free(model);
    }
    ordpar_model *model = make("L=4 eta=0.5");
    ordpar_table *t = compute(model, "plateau");
    CHECK_CLOSE(number(t, "eps_g at all orders in eta"), all[2], TOL_SUM, all[2], "the fact");
    ordpar_table_free(t);
    ordpar_model_free(model);
    cr_assert_eq(memcmp(drawn, drawn_lowest, sizeof drawn), 0);
    cr_assert(all[2] > 1.1 * lowest[2] && all[2] < 1.12 * lowest[2], "%g, %g", all[2], lowest[2]);
    cr_assert(fabs(rate_all[0] / rate[0] - 1) > 1e-3, "%g, %g", rate_all[0], rate[0]);

    const double late[1] = {500}, q[4] = {0.25, 0.25, 0.25, 0.25}, /* one and the same student */
        r[4] = {0.1, 0.1, 0.1, 0.1}, identity[4] = {1, 0, 0, 1};
    double eps_g[1];
    model = make("L=1 eta=0.5");
    check_ok(ordpar_model_set_overlaps(model, 2, 2, 1, q, r, identity, &err), &err);
    check_ok(ordpar_model_curve(model, 1, late, eps_g, 0, NULL, NULL, NULL, NULL, NULL, NULL, &err),
             &err);
    ordpar_model_free(model);
    CHECK_CLOSE(eps_g[0], all[2], 10 * ORDPAR_DEFAULT_RTOL, all[2], "where a curve rests");
}

/* compare says by how much its equations are off late; the floors of label noise are, too. */
Test(closed_forms, compare_notes_what_r_N_does_to_the_equations) {
    const char settings[] = "K=1 M=1 N=32 L=32 eta=0.5 label-noise=0.3 alpha=1 activation=linear";
    ordpar_error err;
    ordpar_table *t = NULL;
    ordpar_model *model = make(settings);
    ordpar_table *exact = compute(model, "linear-exact"),
                 *finite = compute(model, "linear-finite-n");
    const double expected = number(finite, "floor") / number(finite, "r_N") /
                            (number(exact, "floor") / number(exact, "eta / eta_c"));
    check_ok(ordpar_model_set_text(model, "runs", "2", &err), &err);
    check_ok(ordpar_model_compute(model, "compare", &t, &err), &err);
    CHECK_CLOSE(number(t, "finite N"), expected - 1, TOL_SUM, 1, "the factor less 1");
    ordpar_table_free(t);
    const struct {
        char name[16], text[16];
        double least;                        /* NAN: no fact */
    } others[] = {{"small-eta", "yes", 0.4}, /* r_N beside 0 */
                  {"small-eta", "no", 0.1},  {"rtol", "0.1", NAN}, {"rtol", "1e-8", 0.1},
                  {"eta", "1.5", INFINITY},  {"eta", "0.5", 0.1},  {"against", "finite-n", NAN}};
    for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
        check_ok(ordpar_model_set_text(model, others[k].name, others[k].text, &err), &err);
        check_ok(ordpar_model_compute(model, "compare", &t, &err), &err);
        const double got = number(t, "finite N");
        cr_assert(isnan(others[k].least) ? isnan(got) : got >= others[k].least, "%s: %g",
                  others[k].text, got);
        ordpar_table_free(t);
    }
    ordpar_table_free(exact);
    ordpar_table_free(finite);
    ordpar_model_free(model);
}

/* A power law where the source limits, which noise bends: the law says by how much. */
Test(closed_forms, frontier_of_all_orders_has_the_law_of_its_phase) {
    for (int noise = 0; noise < 2; noise++) {
        char settings[128];
        snprintf(settings, sizeof settings,
                 "K=1 M=1 N=200 L=200 eta=0.3 sigma-j=1e-8 orders=all compute=0.01:1e5:71:log "
                 "teacher-decay=%d",
                 noise ? 4 : 1);
        ordpar_model *model = make(settings);
        ordpar_table *t = compute(model, "frontier");
        const double exponent = number(t, noise ? "law" : "power law"),
                     found = number(t, "exponent of eps_g + tail");
        CHECK_CLOSE(exponent, noise ? -5. / 3 : -2. / 3, TOL_TIGHT, 1, "exponent");
        cr_assert_null(fact(t, noise ? "power law" : "law"));
        cr_assert_not_null(strstr(fact(t, "phase"), noise ? "noise" : "source"));
        CHECK_CLOSE(number(t, "eta / eta_c"), 0.15, TOL_SUM, 1, "eta / eta_c");
        cr_assert_gt(number(t, "r_N"), 0.16);
        const char *predicted = strstr(fact(t, "exponent of eps_g + tail"), "predicted ");
        CHECK_CLOSE(found, atof(predicted + 10), 0.015, 1, "%s", predicted);
        cr_assert(noise ? found > exponent + 0.1 : found > exponent - 0.02, "%g", found);
        ordpar_table_free(t);
        ordpar_model_free(model);
    }
}

/* r_N where it is another number than eta/eta_c, and runs whose mean diverges [6.12]. */
Test(closed_forms, finite_n_is_said_where_it_matters) {
    const struct {
        const char *settings;
        bool differs, diverges;
    } cases[] = {
        {"K=1 M=1 N=32 L=32 eta=0.5 alpha=0,1 activation=linear", true, false},
        {"K=1 M=1 N=32 L=32 eta=1.2 alpha=0,1 activation=linear", true, true},
        {"K=1 M=1 N=320000 L=32 eta=0.5 method=overlap alpha=0,1 activation=linear", false, false}};
    for (size_t k = 0; k < 3; k++) {
        ordpar_error err;
        ordpar_table *runs;
        ordpar_model *model = make(cases[k].settings);
        ordpar_table *exact = compute(model, "linear-exact"),
                     *finite = compute(model, "linear-finite-n");
        const double here = number(finite, "r_N");
        cr_assert_eq(fact(exact, "r_N") != NULL, cases[k].differs, "%s", cases[k].settings);
        cr_assert(!cases[k].differs || number(exact, "r_N") == here);
        check_ok(ordpar_model_set_text(model, "runs", "1", &err), &err);
        check_ok(ordpar_model_compute(model, "simulate", &runs, &err), &err);
        cr_assert_eq(fact(runs, "finite N") != NULL, cases[k].diverges, "%s", cases[k].settings);
        cr_assert_eq(here >= 1, cases[k].diverges);
        ordpar_table_free(runs);
        ordpar_table_free(exact);
        ordpar_table_free(finite);
        ordpar_model_free(model);
    }
}

static const struct {
    const char *form, *settings, *message;
    bool digits; /* alone */
} refusals[] = {
    {"nothing", "", "the closed form's NAME must be one of linear-exact|", false},
    {"linear-exact", "small-eta=yes", "small-eta: linear-exact has all orders in eta", false},
    {"linear-exact", "eta=2", "eta: linear-exact needs eta < eta_c = 2, got 2", false},
    {"linear-exact", "activation=erf", "activation: linear-exact is for linear, got erf", false},
    {"linear-exact", "moments=1", "moments: linear-exact has no order parameters", false},
    {"linear-exact", "compute=1", "compute: linear-exact has a grid of alpha", false},
    {"linear-exact", "weight-decay=0.1", "weight-decay: linear-exact is without decay", false},
    {"features", "momentum=constant:1:0.1", "momentum: features is without momentum", false},
    {"asymptotic", "train-output=yes eta-v=1", "train-output: asymptotic is for fixed", false},
    {"critical-eta", "batch=2", "batch: critical-eta is for single examples, whose curve", false},
    {"linear-finite-n", "batch=2", "batch: linear-finite-n is for single examples; use", false},
    {"frontier", "batch-fraction=2", "batch-fraction: frontier is not for steps that", false},
    {"linear-exact", "schedule=linear:5", "schedule: linear-exact is for a constant", false},
    {"features", "schedule=linear:5", "schedule: features has schedules at lowest order", false},
    {"linear-exact", "K=3 init=near-teacher", "init: a start near the teacher needs K = M", false},
    {"linear-finite-n", "small-eta=yes", "small-eta: linear-finite-n has all orders", false},
    {"linear-small-eta", "label-noise=0.1", "label-noise: linear-small-eta leaves out", false},
    {"linear-continuum", "N=10 L=3",
     "N, L: L must divide N (each eigenvalue has multiplicity N/L), got L = 3, N = 10; take L = 2, "
     "or N = 9 or 12",
     false},
    {"linear-continuum", "spread=0.1", "spread: linear-continuum needs the power law", false},
    {"linear-continuum", "spectrum=none", "spectrum: linear-continuum needs the power", false},
    {"linear-continuum", "overlaps=none", "overlaps: linear-continuum starts from", false},
    {"linear-continuum", "trainable=3", "trainable: linear-continuum has all", false},
    {"features", "small-eta=yes label-noise=1", "label-noise: features leaves out", false},
    {"frontier", "label-noise=0.1", "label-noise: frontier leaves out", false},
    {"frontier", "orders=lowest label-noise=0.1", "label-noise: frontier leaves out", false},
    {"frontier", "orders=all K=4 M=2 N=64 eta=50", "eta: frontier needs eta < ", false},
    {"frontier", "orders=all N=4096 L=4096", "orders: the frontier at all orders", false},
    {"frontier", "orders=all unlearnable=1", "unlearnable: frontier leaves out", false},
    {"frontier", "alpha=1", "alpha: frontier has compute in its place", false},
    {"frontier", "digits=20", "digits: frontier has no such precision", true},
    {"plateau", "trainable=3", "trainable: plateau needs all components", false},
    {"plateau", "compute=1", "compute: plateau is one row", false},
    {"plateau", "digits=20 moments=1", "moments: plateau has only its own columns", true},
    {"plateau", "digits=20 orders=all", "orders: plateau has digits at lowest order", true},
    {"plateau", "small-eta=yes orders=all", "orders: plateau has the lowest with small-eta", false},
    {"plateau", "digits=20 teacher=sampled", "teacher: plateau has digits for the mean", true},
    {"plateau", "digits=20 overlaps=none", "overlaps: plateau has digits for the mean", true},
    {"plateau", "digits=20000", "digits: must be at most 10000, got 20000", true},
    {"escape", "K=1", "K, M: units specialise only if there are at least 2", false},
    {"escape-law", "K=1", "K, M: units specialise only if there are at least 2", false},
    {"escape-law", "teacher=sampled", "teacher: escape-law is for the mean teacher", false},
    {"escape-law", "init=near-teacher", "init: escape-law is the law over sampled", false},
    {"escape-law", "sigma-j=0", "sigma-j: escape-law needs students that differ", false},
    {"escape-law", "student-output=1,2", "student-output: escape-law needs equal", false},
    {"escape-law", "N=12 L=4", "input-dim: escape-law needs multiplicities", false},
    {"escape-law", "digits=20", "digits: escape-law has no such precision", true},
    {"asymptotic", "K=3", "K, M: asymptotic needs K = M, got K = 3, M = 2", false},
    {"asymptotic", "init=mean", "init: asymptotic starts from J = B", false},
    {"asymptotic", "continuum=yes spread=0.1", "spread: asymptotic needs the power law", false},
    {"asymptotic", "small-eta=yes label-noise=1", "label-noise: asymptotic needs all", false},
    {"asymptotic", "eta=5", "eta: asymptotic needs eta < eta_c = ", false},
    {"asymptotic", "digits=20", "digits: asymptotic has them at lowest order in eta", true},
    {"critical-eta", "trainable=4", "trainable: critical-eta needs all components", false},
    {"critical-eta", "activation=relu", "activation: critical-eta is for erf and linear", false},
    {"critical-eta", "activation=linear trainable=0", "trainable: critical-eta: nothing", false},
    {"critical-eta", "student-output=1,2", "student-output, teacher-output: critical-eta", false},
};

Test(closed_forms, refused_in_the_same_words) {
    static char text[1 << 16];
    const double rows[1] = {1};
    for (size_t k = 0; k < sizeof refusals / sizeof *refusals; k++) {
        const char *form = refusals[k].form, *message = refusals[k].message;
        char computation[64];
        ordpar_table *t = NULL;
        double values[16];
        ordpar_error first = {""}, second = {""};
        ordpar_model *model = make(refusals[k].settings);
        snprintf(computation, sizeof computation, "closed-form %s", form);
        cr_assert_eq(ordpar_model_compute(model, computation, &t, &first), ORDPAR_INVALID, "%s %s",
                     form, refusals[k].settings);
        const ordpar_status status =
            refusals[k].digits
                ? ordpar_model_closed_form_digits(model, form, "1", "1", 1, 0, text, &second)
                : ordpar_model_closed_form(model, form, 1, rows, values, &second);
        cr_assert_eq(status, ORDPAR_INVALID, "%s %s", form, refusals[k].settings);
        cr_assert_null(t);
        cr_assert_eq(strncmp(first.message, message, strlen(message)), 0, "'%s', not '%s'",
                     first.message, message);
        cr_assert_str_eq(first.message, second.message);
        ordpar_model_free(model);
    }
}

/* [13.6] At lowest order in eta, against the equations of motion under the same schedule. */
Test(closed_forms, schedules_at_lowest_order) {
    static const char *const schedules[] = {"linear:20", "cosine:15:0.1", "steps:5=0.2,10=3",
                                            "wsd:3:8:30", "power:0.5:3"};
    for (size_t k = 0; k < sizeof schedules / sizeof *schedules; k++)
        for (int features = 0; features < 2; features++) {
            char settings[200];
            snprintf(
                settings, sizeof settings,
                "L=8 N=64 eta=0.3 alpha=0:25:6 schedule=%s init=mean teacher=mean small-eta=%s%s",
                schedules[k], "yes", features ? " trainable=20" : "");
            ordpar_model *model = make(settings);
            ordpar_table *form = compute(model, features ? "features" : "linear-small-eta"), *curve;
            ordpar_error err;
            check_ok(ordpar_model_set_text(model, "activation", "linear", &err), &err);
            check_ok(ordpar_model_set_text(model, "rtol", "1e-10", &err), &err);
            check_ok(ordpar_model_compute(model, "curve", &curve, &err), &err);
            for (size_t row = 0; row < 6; row++) {
                const double *a = ordpar_table_values(form) + 2 * row;
                const double *b = ordpar_table_values(curve) + 2 * row;
                cr_assert_eq(a[0], b[0]);
                CHECK_CLOSE(a[1], b[1], 1e-8, b[1], "%s at %g", schedules[k], a[0]);
            }
            cr_assert_null(fact(form, "power law"), "a window in alpha");
            ordpar_table_free(form);
            ordpar_table_free(curve);
            ordpar_model_free(model);
        }
}

/* [13.6] In decimals, where double precision has ten digits. */
Test(closed_forms, schedules_have_digits) {
    static const char *const schedules[] = {"linear:5",    "cosine:4:0.1", "steps:0.5=0.2,2=2",
                                            "wsd:0.3:1:4", "wsd:0:2:2",    "power:0.5:3",
                                            "power:1:2"};
    static const char *const kinds[] = {"activation=linear", "representation=blocks"};
    for (size_t k = 0; k < sizeof schedules / sizeof *schedules; k++)
        for (size_t kind = 0; kind < 2; kind++) {
            char settings[200];
            ordpar_table *t;
            ordpar_error err;
            snprintf(
                settings, sizeof settings,
                "L=3 N=48 eta=0.3 alpha=0:6:4 digits=20 rtol=1e-10 max-error=1e-9 small-eta=yes "
                "schedule=%s %s",
                schedules[k], kinds[kind]);
            ordpar_model *model = make(settings);
            check_ok(ordpar_model_compute(model, "precision check", &t, &err), &err);
            ordpar_table_free(t);
            ordpar_model_free(model);
        }
}

/* What says nothing that the form does not do anyway is not refused. */
Test(closed_forms, taken) {
    static const char *const taken[][2] = {{"linear-exact", "small-eta=no continuum=no"},
                                           {"asymptotic", "init=near-teacher trainable=-1"},
                                           {"plateau", "digits=20 teacher=mean"},
                                           {"linear-exact", "digits=20 alpha=2"},
                                           {"linear-small-eta", "weight-decay=0"}};
    for (size_t k = 0; k < sizeof taken / sizeof *taken; k++) {
        ordpar_model *model = make(taken[k][1]);
        ordpar_table_free(compute(model, taken[k][0]));
        ordpar_model_free(model);
    }
}

Test(closed_forms, precision_of_a_model) {
    ordpar_error err;
    ordpar_table *t = NULL;
    ordpar_model *model = make("L=1 alpha=0:1:2 digits=20 max-error=1e-7");
    check_ok(ordpar_model_compute(model, "precision check", &t, &err), &err);
    cr_assert_eq(ordpar_table_n_rows(t), 2);
    cr_assert(strstr(fact(t, "largest relative error"), "agrees"));
    ordpar_table_free(t);
    check_ok(ordpar_model_set_text(model, "max-error", "1e-20", &err), &err);
    cr_assert_eq(ordpar_model_compute(model, "precision check", &t, &err), ORDPAR_DISAGREES);
    cr_assert_eq(ordpar_table_n_rows(t), 2);
    cr_assert(strstr(err.message, "max-error: 1e-20 is exceeded"), "%s", err.message);
    ordpar_table_free(t);
    cr_assert_eq(ordpar_model_compute(model, "precision curve", &t, &err), ORDPAR_INVALID);
    cr_assert_str_eq(err.message, "max-error: belongs to 'precision check'");
    check_ok(ordpar_model_set_text(model, "max-error", NULL, &err), &err);
    check_ok(ordpar_model_set_text(model, "alpha", "0,1,5", &err), &err);
    check_ok(ordpar_model_compute(model, "precision curve", &t, &err), &err);
    cr_assert_eq(ordpar_table_n_rows(t), 3);
    cr_assert_eq(atof(ordpar_table_text(t, 2, 0)), 5);
    ordpar_table_free(t);
    ordpar_model_free(model);
}

/* Its rows are computed some at a time, between which it may end. */
Test(closed_forms, asymptotic_ends_where_it_is_told_to) {
    static const volatile sig_atomic_t stop = 1;
    ordpar_error err;
    ordpar_table *t = NULL;
    ordpar_model *model = make("alpha=0:1:100");
    ordpar_model_set_stop(model, &stop);
    cr_assert_eq(ordpar_model_compute(model, "closed-form asymptotic", &t, &err),
                 ORDPAR_INTERRUPTED);
    cr_assert_null(t);
    ordpar_model_free(model);
}
