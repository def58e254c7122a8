// SPDX-License-Identifier: GPL-3.0-or-later
#include "doors.h"

#include "base/number.h"
#include "precision/mp_closed_form.h"
#include "precision/mp_curve.h"
#include "solver/plateau/measure.h"
#include "solver/plateau/plateau.h"
#include "solver/steps/integrate.h"
#include "spectra/forms/erf_asymptotic.h"
#include "spectra/forms/frontier.h"
#include "spectra/forms/linear.h"
#include "spectra/forms/linear_finite_n.h"
#include "validation/compare/statistics.h"
#include "validation/compare/theory.h"
#include "validation/data/principal.h"
#include "validation/simulate/ensemble.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRY(call)                                                                                  \
    do {                                                                                           \
        const ordpar_status try_status = (call);                                                   \
        if (try_status)                                                                            \
            return try_status;                                                                     \
    } while (0)

enum { ROWS = 3 };

static const double grid[ROWS] = {0, 3, 30};

typedef struct {
    ordpar_spectrum spectrum;
    ordpar_network network;
    ordpar_overlaps start;
} parts;

static ordpar_status make(const char *activation, size_t K, size_t M, parts *p, ordpar_error *err) {
    TRY(ordpar_spectrum_power_law(64, 4, 0.7, &p->spectrum, err));
    TRY(ordpar_network_init(K, M, ordpar_activation_find(activation), 0.05, &p->network, err));
    p->network.small_eta = !p->network.activation->squared_error_dg_dg;
    return ordpar_overlaps_start(&p->spectrum, K, M, ORDPAR_INIT_SAMPLED, ORDPAR_TEACHER_SAMPLED,
                                 0.1, 3, 1, &p->start, err);
}

static void clear(parts *p) {
    ordpar_spectrum_clear(&p->spectrum);
    ordpar_network_clear(&p->network);
    ordpar_overlaps_clear(&p->start);
}

static ordpar_status keep(void *context, size_t row, double alpha, double eps_g,
                          const ordpar_overlaps *state, ordpar_error *err) {
    (void)alpha, (void)state, (void)err;
    ((double *)context)[row] = eps_g;
    return ORDPAR_OK;
}

/* Few steps where one of them takes long. */
static ordpar_status integrate(parts *p, double *numbers, size_t *count, ordpar_error *err) {
    static const double early[ROWS] = {0, 0.1, 1};
    const ordpar_activation *g = p->network.activation;
    const bool slow = g == ordpar_activation_find("tanh") || g == ordpar_activation_find("gelu");
    const ordpar_integrate_options options = {.rtol = slow ? 1e-4 : 1e-8,
                                              .atol = 1e-14,
                                              .trained_blocks = p->spectrum.L,
                                              .observer = keep,
                                              .context = numbers};
    *count = ROWS;
    return ordpar_integrate(&p->spectrum, &p->network, &p->start, slow ? early : grid, ROWS,
                            &options, NULL, err);
}

static ordpar_status curve_of(const char *activation, double *numbers, size_t *count,
                              ordpar_error *err) {
    parts p = {0};
    TRY(make(activation, 2, 2, &p, err));
    const ordpar_status status = integrate(&p, numbers, count, err);
    clear(&p);
    return status;
}

#define CURVE(activation)                                                                          \
    static ordpar_status curve_##activation(const char *folder, double *numbers, size_t *count,    \
                                            ordpar_error *err) {                                   \
        (void)folder;                                                                              \
        return curve_of(#activation, numbers, count, err);                                         \
    }
CURVE(erf)
CURVE(relu)
CURVE(tanh)
CURVE(gelu)
CURVE(quadratic)

static ordpar_status files(const char *folder, double *numbers, size_t *count, ordpar_error *err) {
    static const struct {
        const char *name, *text;
    } written[] = {{"spectrum.csv", "eigenvalue,multiplicity\n1.5,50\n0.5,50\n"},
                   {"schedule.csv", "alpha,eta\n0,0.1\n10,0.05\n"},
                   {"overlaps.csv", "matrix,block,row,col,value\nq,1,1,1,0.25\nq,2,1,1,0.5\n"
                                    "r,1,1,1,0.125\nr,2,1,1,0.1\nt,1,1,1,0.5\nt,2,1,1,0.5\n"}};
    char paths[3][300];
    for (int k = 0; k < 3; k++) {
        snprintf(paths[k], sizeof paths[k], "%s/%s", folder, written[k].name);
        FILE *file = fopen(paths[k], "w");
        if (!file)
            return ordpar_fail(err, ORDPAR_IO, "%s", paths[k]);
        fputs(written[k].text, file);
        fclose(file);
    }
    parts p = {0};
    TRY(ordpar_spectrum_read(paths[0], &p.spectrum, err));
    TRY(ordpar_network_init(1, 1, &ordpar_activation_erf, 0.2, &p.network, err));
    TRY(ordpar_schedule_read(paths[1], &p.network.training.schedule, err));
    TRY(ordpar_overlaps_read(paths[2], 1, 1, 2, &p.start, err));
    const ordpar_status status = integrate(&p, numbers, count, err);
    clear(&p);
    return status;
}

static ordpar_status simulate(ordpar_method method, size_t K, double *numbers, size_t *count,
                              ordpar_error *err) {
    parts p = {0};
    size_t rows;
    TRY(make("erf", K, 2, &p, err));
    const ordpar_simulation s = {.spectrum = &p.spectrum,
                                 .network = &p.network,
                                 .trained_blocks = p.spectrum.L,
                                 .method = method,
                                 .init = ORDPAR_INIT_SAMPLED,
                                 .sigma_J = 0.01,
                                 .seed = 1};
    const double alpha[ROWS] = {0, 1, 2};
    const ordpar_ensemble_options options = {.runs = 4, .threads = 2};
    *count = 4 * ROWS;
    const ordpar_status status =
        ordpar_ensemble_run(&s, alpha, ROWS, &options, numbers, &rows, err);
    clear(&p);
    return status;
}

static ordpar_status sgd(const char *folder, double *numbers, size_t *count, ordpar_error *err) {
    (void)folder;
    return simulate(ORDPAR_METHOD_SGD, 2, numbers, count, err);
}

static ordpar_status sgd_in_batches(const char *folder, double *numbers, size_t *count,
                                    ordpar_error *err) {
    (void)folder;
    return simulate(ORDPAR_METHOD_SGD, 24, numbers, count, err);
}

static ordpar_status overlap(const char *folder, double *numbers, size_t *count,
                             ordpar_error *err) {
    (void)folder;
    return simulate(ORDPAR_METHOD_OVERLAP, 2, numbers, count, err);
}

static ordpar_status compare(const char *folder, double *numbers, size_t *count,
                             ordpar_error *err) {
    (void)folder;
    parts p = {0};
    TRY(make("erf", 2, 2, &p, err));
    const ordpar_simulation s = {.spectrum = &p.spectrum,
                                 .network = &p.network,
                                 .trained_blocks = p.spectrum.L,
                                 .method = ORDPAR_METHOD_SGD,
                                 .sigma_J = 0.01,
                                 .seed = 1};
    const ordpar_theory_options options = {.rtol = 1e-8, .atol = 1e-14, .threads = 2};
    TRY(ordpar_theory_curves(&s, grid, ROWS, 3, &options, numbers, err));
    const ordpar_summary summary = ordpar_summarize(numbers, 9);
    numbers[9] = summary.standard_error;
    *count = 10;
    clear(&p);
    return ORDPAR_OK;
}

/* Uniform numbers from a fixed recurrence, of rank 5 in 6 dimensions. */
static ordpar_status data(const char *folder, double *numbers, size_t *count, ordpar_error *err) {
    enum { EXAMPLES = 40, DIM = 6 };
    char path[300], header[128];
    double x[EXAMPLES][DIM];
    unsigned long state = 1;
    for (int k = 0; k < EXAMPLES * DIM; k++) {
        state = (state * 1103515245 + 12345) % 2147483648;
        x[k / DIM][k % DIM] = k % DIM == DIM - 1 ? x[k / DIM][0] : (double)state / 2147483648.0;
    }
    snprintf(path, sizeof path, "%s/data.npy", folder);
    memset(header, ' ', sizeof header);
    memcpy(header, "\x93NUMPY\x01\x00\x76\x00", 10);
    const char *text = "{'descr': '<f8', 'fortran_order': False, 'shape': (40, 6), }";
    memcpy(header + 10, text, strlen(text));
    header[127] = '\n';
    FILE *file = fopen(path, "wb");
    if (!file)
        return ordpar_fail(err, ORDPAR_IO, "%s", path);
    fwrite(header, 1, sizeof header, file);
    fwrite(x, 1, sizeof x, file);
    fclose(file);
    const char *const paths[] = {path};
    ordpar_dataset *set;
    ordpar_principal p = {0};
    const ordpar_principal_options options = {.threads = 2};
    TRY(ordpar_dataset_open(1, paths, &set, err));
    const ordpar_status status = ordpar_principal_init(set, &options, &p, err);
    if (!status)
        memcpy(numbers, p.lambda, DIM * sizeof *numbers);
    *count = DIM;
    ordpar_principal_clear(&p);
    ordpar_dataset_free(set);
    return status;
}

static ordpar_status linear(const char *folder, double *numbers, size_t *count, ordpar_error *err) {
    (void)folder;
    ordpar_spectrum s;
    ordpar_power_law law;
    const double error[4] = {1, 1, 1, 1};
    TRY(ordpar_spectrum_power_law(64, 4, 0.7, &s, err));
    TRY(ordpar_power_law_init(4, 0.7, &law, err));
    TRY(ordpar_linear_exact(&s, 0.2, 0.1, 4, error, grid, ROWS, numbers, err));
    TRY(ordpar_linear_small_eta(&s, 0.2, 4, error, grid, ROWS, numbers + 3, err));
    TRY(ordpar_linear_continuum(&law, 0.2, 1, grid, ROWS, numbers + 6, err));
    TRY(ordpar_linear_finite_n(&s, 0.2, 0.1, 4, error, grid, ROWS, numbers + 9, err));
    numbers[12] = ordpar_linear_floor(&s, 0.2, 0.1, 4, error);
    *count = 13;
    ordpar_spectrum_clear(&s);
    return ORDPAR_OK;
}

static ordpar_status erf_forms(const char *folder, double *numbers, size_t *count,
                               ordpar_error *err) {
    (void)folder;
    parts p = {0};
    TRY(make("erf", 2, 2, &p, err));
    const ordpar_erf_site site = {2, 1 / sqrt(2), 1, 1};
    ordpar_plateau plateau = {0};
    TRY(ordpar_erf_asymptotic(&p.spectrum, &site, 0.1, 0.1, 0, grid, ROWS, numbers, err));
    TRY(ordpar_plateau_solve(&p.spectrum, &p.network, p.start.t, &plateau, err));
    numbers[3] = plateau.eps_g;
    TRY(ordpar_plateau_escape_rate(&p.spectrum, &p.network, p.start.t, &plateau, &numbers[4], err));
    numbers[5] = ordpar_erf_critical_eta(&site);
    *count = 6;
    ordpar_plateau_clear(&plateau);
    clear(&p);
    return ORDPAR_OK;
}

static ordpar_status read_back(const ordpar_mp_result *result, double *numbers, size_t *count,
                               ordpar_error *err) {
    *count = result->count;
    for (size_t k = 0; k < result->count; k++) {
        const char *text = ordpar_mp_text(result, k);
        if (!ordpar_parse_double(text, &numbers[k]))
            return ordpar_fail(err, ORDPAR_NUMERICAL, "'%s' is no decimal", text);
    }
    return ORDPAR_OK;
}

static ordpar_status decimals(const char *folder, double *numbers, size_t *count,
                              ordpar_error *err) {
    (void)folder;
    const ordpar_mp_model model = {.spectrum = {.L = 2, .N = 64, .beta = "0.7"},
                                   .trained_blocks = 2,
                                   .K = 1,
                                   .M = 1,
                                   .eta = "0.25",
                                   .sigma_J = "0.01",
                                   .label_noise = "0"};
    const ordpar_mp_grid rows = {"0", "0.5", 2, false, NULL};
    const ordpar_mp_options options = {.digits = 10};
    ordpar_mp_result result = {0};
    TRY(ordpar_mp_curve(&model, &rows, ORDPAR_MP_BLOCKS, &options, &result, err));
    const ordpar_status status = read_back(&result, numbers, count, err);
    ordpar_mp_result_clear(&result);
    return status;
}

const door doors[] = {{"curve of erf", curve_erf},
                      {"curve of relu", curve_relu},
                      {"curve of tanh", curve_tanh},
                      {"curve of gelu", curve_gelu},
                      {"curve of quadratic", curve_quadratic},
                      {"files", files},
                      {"simulation", sgd},
                      {"simulation in batches", sgd_in_batches},
                      {"simulation of overlaps", overlap},
                      {"comparison", compare},
                      {"data", data},
                      {"linear closed forms", linear},
                      {"erf closed forms", erf_forms},
                      {"arbitrary precision", decimals}};
const size_t n_doors = sizeof doors / sizeof *doors;
