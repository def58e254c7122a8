// SPDX-License-Identifier: GPL-3.0-or-later
/* Models by the names of their settings, from C: every number by %.17g. */
#include <ordpar/ordpar.h>

#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 3, RUNS = 2, K = 2, M = 2, L = 4 };
static const double alpha[ROWS] = {0, 10, 40};
static ordpar_error err;

static void need(ordpar_status status) {
    if (status) {
        printf("%s: %s\n", ordpar_status_string(status), err.message);
        exit(1);
    }
}

static void print(const char *name, size_t count, const double *values) {
    printf("%s", name);
    for (size_t k = 0; k < count; k++)
        printf(" %.17g", values[k]);
    puts("");
}

static ordpar_model *small_model(const char *activation) {
    ordpar_model *model;
    need(ordpar_model_create(&model, &err));
    need(ordpar_model_set(model, "input-dim", 1, (const double[]){64}, &err));
    need(ordpar_model_set(model, "eigenvalues", 1, (const double[]){L}, &err));
    need(ordpar_model_set(model, "sigma-j", 1, (const double[]){0.1}, &err));
    need(ordpar_model_set_text(model, "activation", activation, &err));
    need(ordpar_model_set_text(model, "eta", "0.2", &err));
    return model;
}

static void print_curve(const char *activation) {
    ordpar_model *model = small_model(activation);
    double eps_g[ROWS], moments[ROWS * (K + M) * (K + M)], q[K * K * L], r[K * M * L], t[M * M * L];
    need(ordpar_model_curve(model, ROWS, alpha, eps_g, 1, (const double[]){1}, moments, NULL, q, r,
                            t, &err));
    print("curve", ROWS, eps_g);
    print("moments", ROWS * (K + M) * (K + M), moments);
    print("q", K * K * L, q);
    print("r", K * M * L, r);
    print("t", M * M * L, t);
    need(ordpar_model_set(model, "sigma-j", 0, NULL, &err)); /* means nothing beside overlaps */
    need(ordpar_model_set_overlaps(model, K, M, L, q, r, t, &err));
    need(ordpar_model_curve(model, ROWS, alpha, eps_g, 0, NULL, NULL, NULL, q, r, t, &err));
    print("gone on", ROWS, eps_g);
    ordpar_model_free(model);
}

static void print_linear(void) {
    ordpar_model *model = small_model("linear");
    double form[ROWS];
    need(ordpar_model_closed_form(model, "linear-exact", ROWS, alpha, form, &err));
    print("linear-exact", ROWS, form);
    ordpar_model_free(model);
}

static void print_others(void) {
    ordpar_model *model = small_model("erf");
    double values[ROWS], runs[ROWS * RUNS], summary[ROWS * 4], lambda[L], counts[L];
    size_t rows;
    need(ordpar_model_spectrum(model, lambda, counts, &err));
    print("eigenvalues", L, lambda);
    print("multiplicities", L, counts);
    need(ordpar_model_closed_form(model, "plateau", 1, NULL, values, &err));
    print("plateau", ROWS, values);
    need(ordpar_model_set(model, "runs", 1, (const double[]){RUNS}, &err));
    need(ordpar_model_simulate(model, ROWS, alpha, runs, summary, &rows, &err));
    print("runs", ROWS * RUNS, runs);
    print("summary", ROWS * 4, summary);
    ordpar_model_free(model);
}

int main(void) {
    const char *const activations[] = {"erf", "linear", "relu"};
    for (size_t k = 0; k < 3; k++)
        print_curve(activations[k]);
    print_linear();
    print_others();
    return 0;
}
