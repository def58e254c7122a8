// SPDX-License-Identifier: GPL-3.0-or-later
/* A checkpoint belongs to its settings: each of them, changed alone, is seen. */
#include "simulation_support.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 2, RUNS = 2, OF_SIMULATION = 11, SETTINGS = 21 };

typedef struct {
    test_model m;
    ordpar_simulation s;
    ordpar_ensemble_options options;
    double alpha[ROWS];
} set_up;

static const double table_alpha[] = {0, 1}, table_eta[] = {0.5, 0.4};

/* Change one setting; NULL past the last. */
static const char *change_simulation(set_up *u, int k) {
    switch (k) {
    case 0:
        return u->s.teacher = ORDPAR_TEACHER_MEAN, "teacher";
    case 1:
        return u->s.init = ORDPAR_INIT_MEAN, "init";
    case 2:
        return u->s.sigma_J *= 1 + 1e-15, "sigma_J";
    case 3:
        return u->s.seed++, "seed";
    case 4:
        return u->s.trained_blocks--, "trained blocks";
    case 5:
        return u->s.method = ORDPAR_METHOD_OVERLAP, "method";
    case 6:
        return u->s.start = &u->m.start, "start";
    case 7:
        return u->options.runs++, "runs";
    case 8:
        return u->alpha[1] += 1, "alpha";
    case 9:
        return u->m.spectrum.lambda[1] *= 1 + 1e-15, "eigenvalue";
    case 10:
        return u->m.spectrum.n[0]++, u->m.spectrum.n[1]--, "multiplicity";
    default:
        return NULL;
    }
}

static const char *change_network(ordpar_network *n, int k) {
    switch (k) {
    case 0:
        return n->eta *= 1 + 1e-15, "eta";
    case 1:
        return n->label_noise *= 1 + 1e-15, "label noise";
    case 2:
        return n->activation = &ordpar_activation_relu, "activation";
    case 3:
        return n->v[1] *= 1 + 1e-15, "v";
    case 4:
        return n->w[0] *= 1 + 1e-15, "w";
    case 5:
        return n->training.eta_v = 0.1, "eta_v";
    case 6:
        return n->training.weight_decay = 0.1, "weight decay";
    case 7:
        return n->training.schedule.kind = ORDPAR_SCHEDULE_POWER, "schedule";
    case 8:
        return n->M = 1, "M";
    default:
        return n->K = 1, "K";
    }
}

static set_up make(void) {
    set_up u = {.m = make_model(2, 2, 24, 2, 1, 0.5, 0.5, "erf", 17),
                .options = {.runs = RUNS, .threads = 1},
                .alpha = {0, 1}};
    u.m.network.label_noise = 0.1;
    u.m.network.training.schedule.gamma = 0.5;
    u.m.network.training.schedule.alpha_0 = 1;
    return u;
}

static ordpar_status run(set_up *u, const char *path, ordpar_error *err) {
    double eps_g[ROWS * (RUNS + 1)];
    size_t rows;
    u->options.checkpoint = path;
    return ordpar_ensemble_run(&u->s, u->alpha, ROWS, &u->options, eps_g, &rows, err);
}

Test(resume, every_setting_counts) {
    char path[64];
    snprintf(path, sizeof path, "settings.%ld", (long)getpid());
    for (int k = -1; k < SETTINGS; k++) {
        ordpar_error err;
        set_up u = make();
        u.s = simulate_model(&u.m, ORDPAR_METHOD_SGD, 0.5);
        if (k < 0) {
            unlink(path);
            check_ok(run(&u, path, &err), &err);
            check_ok(run(&u, path, &err), &err);
        } else {
            const char *what = k < OF_SIMULATION ? change_simulation(&u, k)
                                                 : change_network(&u.m.network, k - OF_SIMULATION);
            cr_assert_eq(run(&u, path, &err), ORDPAR_PARSE, "%s is not seen", what);
            cr_assert(strstr(err.message, "other settings"), "%s: %s", what, err.message);
        }
        u.m.network.K = u.m.network.M = 2;
        clear_model(&u.m);
    }
    unlink(path);
}

/* The rows of a schedule's table. */
Test(resume, the_table_of_a_schedule_counts) {
    char path[64];
    snprintf(path, sizeof path, "table.%ld", (long)getpid());
    double alpha[2], eta[2];
    for (int k = 0; k < 3; k++) {
        ordpar_error err;
        set_up u = make();
        memcpy(alpha, table_alpha, sizeof alpha);
        memcpy(eta, table_eta, sizeof eta);
        ordpar_schedule *schedule = &u.m.network.training.schedule;
        schedule->kind = ORDPAR_SCHEDULE_TABLE;
        schedule->count = 2;
        schedule->alpha = alpha;
        schedule->eta = eta;
        u.s = simulate_model(&u.m, ORDPAR_METHOD_SGD, 0.5);
        alpha[1] += k == 1;
        eta[1] += k == 2;
        const ordpar_status status = run(&u, path, &err);
        cr_assert_eq(status, k ? ORDPAR_PARSE : ORDPAR_OK, "case %d: %s", k,
                     status ? err.message : "");
        schedule->kind = ORDPAR_SCHEDULE_CONSTANT;
        schedule->count = 0;
        schedule->alpha = schedule->eta = NULL;
        clear_model(&u.m);
    }
    unlink(path);
}
