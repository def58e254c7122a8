// SPDX-License-Identifier: GPL-3.0-or-later
/* Starts in arbitrary precision: overlaps as the decimals of a file, and starts at the teacher. */
#include "curve_support.h"
#include "precision/mp_overlaps.h"
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const ones[] = {"1", "1", "1"};

static ordpar_status read_text(const char *text, size_t K, size_t M, size_t L,
                               ordpar_mp_overlaps *o, ordpar_error *err) {
    char path[] = "/tmp/ordpar-mp-overlaps-XXXXXX";
    const int fd = mkstemp(path);
    cr_assert(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    const ordpar_status status = ordpar_mp_overlaps_read(path, K, M, L, o, err);
    remove(path);
    return status;
}

static void use_texts(const ordpar_mp_overlaps *o, ordpar_mp_model *model) {
    model->q_text = (const char *const *)o->q;
    model->r_text = (const char *const *)o->r;
    model->t_text = (const char *const *)o->t;
}

#define HEADER "matrix,block,row,col,value\n"

/* K = M = 2, L = 1: the value was found by another program's series in 60 digits. */
Test(start, decimals_of_a_file_have_all_their_digits) {
    ordpar_error err;
    ordpar_mp_overlaps o;
    check_ok(read_text(HEADER "q,1,1,1,0.2\nq,1,2,1,0.005\nq,1,2,2,0.3\n"
                              "r,1,1,1,0.001\nr,1,1,2,-0.002\nr,1,2,1,0.0005\nr,1,2,2,0.0015\n"
                              "t,1,1,1,1\nt,1,1,2,0\nt,1,2,2,1\n",
                       2, 2, 1, &o, &err),
             &err);
    ordpar_mp_model model = base_model(1);
    model.v = model.w = ones;
    use_texts(&o, &model);
    const ordpar_mp_grid grid = {"1", "1", 1, false, NULL};
    const ordpar_mp_options options = {.digits = 32};
    ordpar_mp_result result;
    for (int basis = ORDPAR_MP_MOMENTS; basis <= ORDPAR_MP_IMPLICIT; basis++) {
        check_ok(ordpar_mp_curve(&model, &grid, (ordpar_mp_representation)basis, &options, &result,
                                 &err),
                 &err);
        cr_expect_str_eq(ordpar_mp_text(&result, 1), "2.2980972499784470960965438964822e-01",
                         "basis %d", basis);
        ordpar_mp_result_clear(&result);
    }
    ordpar_mp_overlaps_clear(&o);
}

Test(start, files_of_overlaps_are_checked) {
    static const struct {
        char text[200], message[60];
    } cases[] = {{HEADER "q,1,1,1,1\nr,1,1,1,0\n", "entry 3 of the 3"},
                 {HEADER "x,1,1,1,1\n", "must be q, r, t, v or p"},
                 {HEADER "q,1,1,1,1\nq,1,1,1,1.0000000000000000000001\n", "contradicts"},
                 {HEADER "q,2,1,1,1\n", "2"},
                 {HEADER "q,1,1,1,nan\n", "nan"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        ordpar_mp_overlaps o = {0};
        ordpar_error err = {""};
        cr_assert_eq(read_text(cases[k].text, 1, 1, 1, &o, &err), ORDPAR_PARSE, "case %zu", k);
        cr_assert(strstr(err.message, cases[k].message), "%s", err.message);
        cr_assert_null(o.q);
    }
    ordpar_error err;
    ordpar_mp_overlaps o;
    check_ok(read_text(HEADER "q,1,1,1,1\nq,1,1,2,0.1\nq,1,2,1,1.0e-1\nq,1,2,2,1\nr,1,1,1,0\n"
                              "r,1,2,1,0\nt,1,1,1,1\nv,1,1,1,1\nv,1,2,1,1\n",
                       2, 1, 1, &o, &err),
             &err);
    cr_assert_str_eq(o.q[2], "0.1");
    ordpar_mp_overlaps_clear(&o);
}

/* eps_g as a double at alpha = 0 and 1. */
static void ends(const ordpar_mp_model *model, ordpar_mp_representation basis, double *eps_g) {
    const ordpar_mp_grid grid = {"0", "1", 2, false, NULL};
    const ordpar_mp_options options = {.digits = 10};
    ordpar_mp_result result;
    ordpar_error err;
    check_ok(ordpar_mp_curve(model, &grid, basis, &options, &result, &err), &err);
    for (size_t k = 0; k < 2; k++)
        eps_g[k] = strtod(ordpar_mp_text(&result, 2 * k + 1), NULL);
    ordpar_mp_result_clear(&result);
}

/* Students on their teachers: 0 for ever, or until label noise moves them. */
Test(start, at_the_teacher_eps_g_is_zero) {
    double eps_g[2];
    for (int basis = ORDPAR_MP_MOMENTS; basis <= ORDPAR_MP_EXPONENTIAL; basis++)
        for (size_t M = 1; M < 4; M++) {
            ordpar_mp_model model = base_model(2);
            model.K = model.M = M;
            model.near_teacher = true;
            model.linear = basis == ORDPAR_MP_EXPONENTIAL;
            model.sigma_J = "0";
            ends(&model, (ordpar_mp_representation)basis, eps_g);
            cr_assert(eps_g[0] == 0 && eps_g[1] == 0, "M %zu: %g, %g", M, eps_g[0], eps_g[1]);
            model.label_noise = "0.1";
            ends(&model, (ordpar_mp_representation)basis, eps_g);
            cr_assert(eps_g[0] == 0 && eps_g[1] > 1e-9, "M %zu: %g, %g", M, eps_g[0], eps_g[1]);
            model.small_eta = true;
            ends(&model, (ordpar_mp_representation)basis, eps_g);
            cr_assert(eps_g[0] == 0 && eps_g[1] == 0, "M %zu: %g, %g", M, eps_g[0], eps_g[1]);
            if (basis == ORDPAR_MP_IMPLICIT || M > 1)
                continue;
            model.sigma_J = "1e-90"; /* far below any double's reach beside 1, yet no zero */
            ends(&model, (ordpar_mp_representation)basis, eps_g);
            cr_assert(eps_g[0] > 1e-182 && eps_g[1] > 0, "M %zu: %g, %g", M, eps_g[0], eps_g[1]);
        }
}

/* Two students share a teacher, one is opposite to it, one is absent: 0.3 + 0.2 - (-0.5) = 1. */
Test(start, coinciding_students_share_their_teacher_exactly) {
    static const char *const q[] = {"0.7",  "0.7",  "-0.7", "0", "0.7", "0.7", "-0.7", "0",
                                    "-0.7", "-0.7", "0.7",  "0", "0",   "0",   "0",    "0"},
                             *const r[] = {"0.7", "0.7", "-0.7", "0"}, *const t[] = {"0.7"};
    static const char *const v[] = {"0.3", "0.2", "-0.5", "4"},
                             *const off[] = {"0.3", "0.2", "-0.50000000000000000000000000001", "4"};
    ordpar_mp_model model = base_model(1);
    model.K = 4;
    model.M = 1;
    model.w = ones;
    model.v = v;
    model.q_text = q;
    model.r_text = r;
    model.t_text = t;
    double eps_g[2];
    ends(&model, ORDPAR_MP_BLOCKS, eps_g);
    cr_assert(eps_g[0] == 0 && eps_g[1] == 0, "%g, %g", eps_g[0], eps_g[1]);
    model.v = off;
    ends(&model, ORDPAR_MP_BLOCKS, eps_g);
    CHECK_CLOSE(eps_g[0], 1e-58 / M_PI * asin(0.7 / 1.7), 1e-9, eps_g[0], "weights 1e-29 off");
}
