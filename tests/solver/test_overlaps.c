// SPDX-License-Identifier: GPL-3.0-or-later
/* Reading overlaps, and moments of them. */
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/ordpar-overlaps-XXXXXX";

static void write_file(const char *text) {
    strcpy(path, "/tmp/ordpar-overlaps-XXXXXX");
    const int descriptor = mkstemp(path);
    cr_assert(descriptor >= 0);
    cr_assert_eq(write(descriptor, text, strlen(text)), (ssize_t)strlen(text));
    close(descriptor);
}

/* Reads text as overlaps of K = 1, M = 1, L = 2 and expects a status and a part of the message. */
static void expect(const char *text, ordpar_status status, const char *message) {
    ordpar_error err = {""};
    ordpar_overlaps o = {0};
    write_file(text);
    const ordpar_status got = ordpar_overlaps_read(path, 1, 1, 2, &o, &err);
    unlink(path);
    cr_assert_eq(got, status, "%s: got '%s': %s", text, ordpar_status_string(got), err.message);
    if (status == ORDPAR_OK)
        CHECK_CLOSE(o.r[1], 0.25, TOL_EXACT, 1, "r of block 2");
    else
        cr_assert(strstr(err.message, message), "'%s' not in '%s'", message, err.message);
    ordpar_overlaps_clear(&o);
}

#define HEADER "matrix,block,row,col,value\n"
#define BLOCK_1 "q,1,1,1,1\nr,1,1,1,0.5\nt,1,1,1,1\n"
#define BLOCK_2 "q,2,1,1,0.5\nr,2,1,1,0.25\nt,2,1,1,0.5\n"

Test(overlaps, reads_what_is_complete_and_refuses_the_rest) {
    expect(HEADER BLOCK_1 BLOCK_2, ORDPAR_OK, NULL);
    expect("# a note\r\n\r\n" HEADER BLOCK_2 BLOCK_1, ORDPAR_OK, NULL);
    expect(HEADER BLOCK_1, ORDPAR_PARSE, "q,2,1,1 is missing");
    expect(HEADER BLOCK_1 BLOCK_2 "r,1,1,1,0.5\n", ORDPAR_PARSE, "line 8, column 5 (value)");
    expect(HEADER BLOCK_1 BLOCK_2 "q,1,1,1,0.7\n", ORDPAR_PARSE, "contradicts");
    expect(HEADER BLOCK_1 "q,3,1,1,1\n", ORDPAR_PARSE, "line 5, column 2 (block)");
    expect(HEADER BLOCK_1 "q,2,2,1,1\n", ORDPAR_PARSE, "column 3 (row)");
    expect(HEADER BLOCK_1 "s,2,1,1,1\n", ORDPAR_PARSE, "must be q, r, t, v or p, got 's'");
    expect(HEADER BLOCK_1 "q,2,1,1,nan\n", ORDPAR_PARSE, "must be a finite number, got 'nan'");
    expect(HEADER BLOCK_1 "q,2,1,1\n", ORDPAR_PARSE, "line 5: must have 5 columns, got 4");
    expect("matrix,block,row,value\n", ORDPAR_PARSE, "column 4 must be 'col', got 'value'");
    expect("", ORDPAR_PARSE, "has no rows");
    expect(HEADER, ORDPAR_PARSE, "has no rows");
    expect(HEADER BLOCK_1 "q,2,1,1,0.5\nr,2,1,1,0.75\nt,2,1,1,0.5\n", ORDPAR_INVALID,
           "block 2 is not positive semidefinite");
    expect(HEADER BLOCK_1 "q,2,1,1,-1e-30\nr,2,1,1,0\nt,2,1,1,0.5\n", ORDPAR_INVALID,
           "block 2 is not positive semidefinite");
}

Test(overlaps, either_triangle_is_enough) {
    ordpar_error err;
    ordpar_overlaps o;
    write_file(HEADER "q,1,1,1,1\nq,1,2,1,0.5\nq,1,2,2,1\nr,1,1,1,0\nr,1,2,1,0\nt,1,1,1,1\n");
    check_ok(ordpar_overlaps_read(path, 2, 1, 1, &o, &err), &err);
    unlink(path);
    cr_assert_eq(o.q[1], 0.5);
    cr_assert_eq(o.q[2], 0.5);
    ordpar_overlaps_clear(&o);
}

#define TWO "q,1,1,1,1\nq,1,2,2,4\nr,1,1,1,0\nr,1,2,1,0\nt,1,1,1,1\n"

/* As products of matrices make them: the mean counts, also beside a small entry. */
Test(overlaps, triangles_differ_by_roundings_alone) {
    ordpar_error err;
    ordpar_overlaps o;
    write_file(HEADER TWO "q,1,1,2,0.5\nq,1,2,1,0.5000000000000002\n");
    check_ok(ordpar_overlaps_read(path, 2, 1, 1, &o, &err), &err);
    cr_assert(o.q[1] == o.q[2] && o.q[1] > 0.5 && o.q[1] < 0.5000000000000002, "%.17g", o.q[1]);
    ordpar_overlaps_clear(&o);
    write_file(HEADER TWO "q,1,1,2,1e-16\nq,1,2,1,-2e-16\n");
    check_ok(ordpar_overlaps_read(path, 2, 1, 1, &o, &err), &err);
    cr_assert(o.q[1] == o.q[2] && fabs(o.q[1] + 0.5e-16) < 1e-30, "%.17g", o.q[1]);
    ordpar_overlaps_clear(&o);
    write_file(HEADER TWO "q,1,1,2,0.5\nq,1,2,1,0.50000000001\n");
    cr_assert_eq(ordpar_overlaps_read(path, 2, 1, 1, &o, &err), ORDPAR_PARSE);
    cr_assert(strstr(err.message, "0.5 of q,1,1,2 contradicts 0.5000000000"), "%s", err.message);
    unlink(path);
}

static void check_same(const ordpar_overlaps *a, const ordpar_overlaps *b) {
    const size_t K = a->K, M = a->M, L = a->L;
    cr_assert(memcmp(a->r, b->r, K * M * L * sizeof *a->r) == 0, "r");
    cr_assert(memcmp(a->q, b->q, K * K * L * sizeof *a->q) == 0, "q");
    cr_assert(memcmp(a->t, b->t, M * M * L * sizeof *a->t) == 0, "t");
    cr_assert_eq(!a->v, !b->v);
    cr_assert(!a->v || memcmp(a->v, b->v, K * sizeof *a->v) == 0, "v");
}

Test(overlaps, are_read_as_they_were_written) {
    ordpar_error err;
    for (size_t K = 1; K <= 3; K++)
        for (int outputs = 0; outputs < 2; outputs++) {
            test_model m = make_model(K, 4 - K, 30 * (long)K, 5 * (long)K, 1, 0.1, 1e-7, "erf", K);
            ordpar_overlaps back;
            if (outputs)
                check_ok(ordpar_overlaps_set_outputs(&m.start, m.network.v, &err), &err);
            write_file("# a note\n");
            FILE *file = fopen(path, "a");
            check_ok(ordpar_overlaps_write(&m.start, file, &err), &err);
            cr_assert_eq(fclose(file), 0);
            check_ok(ordpar_overlaps_read(path, K, 4 - K, 5 * K, &back, &err), &err);
            unlink(path);
            check_same(&m.start, &back);
            ordpar_overlaps_clear(&back);
            clear_model(&m);
        }
}

Test(overlaps, that_cannot_be_written_say_so) {
    ordpar_error err = {""};
    test_model m = make_model(2, 2, 4000, 4000, 1, 0.1, 1, "erf", 1);
    FILE *full = fopen("/dev/full", "w");
    cr_assert_eq(ordpar_overlaps_write(&m.start, full, &err), ORDPAR_IO);
    cr_assert(strstr(err.message, "cannot be written: No space left"), "%s", err.message);
    fclose(full);
    clear_model(&m);
}

Test(overlaps, moments_are_sums_over_blocks) {
    ordpar_error err;
    test_model m = make_model(2, 3, 40, 4, 1, 0.1, 0.5, "erf", 2);
    double c[25];
    for (int p = 0; p < 4; p++) {
        check_ok(ordpar_overlaps_moment(&m.start, &m.spectrum, p, c, &err), &err);
        double r12 = 0, q21 = 0, t23 = 0;
        for (size_t b = 0; b < 4; b++) {
            const double weight = pow(m.spectrum.lambda[b], p);
            r12 += weight * m.start.r[1 * 4 + b];
            q21 += weight * m.start.q[2 * 4 + b];
            t23 += weight * m.start.t[5 * 4 + b];
        }
        CHECK_CLOSE(c[0 * 5 + 3], r12, TOL_SUM, fabs(r12), "R_12 of order %d", p);
        CHECK_CLOSE(c[3 * 5 + 0], r12, TOL_SUM, fabs(r12), "R_12 of order %d, transposed", p);
        CHECK_CLOSE(c[1 * 5 + 0], q21, TOL_SUM, fabs(q21), "Q_21 of order %d", p);
        CHECK_CLOSE(c[3 * 5 + 4], t23, TOL_SUM, fabs(t23), "T_23 of order %d", p);
    }
    clear_model(&m);
}

/* A network without activation, as an unknown name gives it, is refused by all that take one. */
Test(overlaps, a_network_needs_its_parts) {
    test_model m = make_model(2, 2, 16, 2, 1, 0.1, 0.1, "erf", 8);
    ordpar_network made, *net = &m.network;
    ordpar_plateau plateau = {0};
    ordpar_error err = {""};
    double value, alpha = 1;
    const ordpar_integrate_options options = {
        .rtol = 1e-8, .trained_blocks = 2, .observer = keep_curve, .context = &value};
    cr_assert_eq(ordpar_network_init(2, 2, ordpar_activation_find("ref"), 0.1, &made, &err),
                 ORDPAR_INVALID);
    cr_assert(strstr(err.message, "activation"), "%s", err.message);
    double *const v = net->v;
    const ordpar_activation *const g = net->activation;
    for (int missing = 0; missing < 2; missing++) {
        net->activation = missing ? g : NULL;
        net->v = missing ? NULL : v;
        cr_assert_eq(ordpar_network_check(net, &err), ORDPAR_INVALID);
        cr_assert(strstr(err.message, missing ? "no array v" : "no activation"), "%s", err.message);
        cr_assert_eq(ordpar_integrate(&m.spectrum, net, &m.start, &alpha, 1, &options, NULL, &err),
                     ORDPAR_INVALID);
        cr_assert_eq(ordpar_overlaps_error(&m.start, &m.spectrum, net, &value, &err),
                     ORDPAR_INVALID);
        cr_assert_eq(ordpar_plateau_solve(&m.spectrum, net, m.start.t, &plateau, &err),
                     ORDPAR_INVALID);
        cr_assert_eq(
            ordpar_plateau_escape_rate(&m.spectrum, net, m.start.t, &plateau, &value, &err),
            ORDPAR_INVALID);
    }
    net->v = v;
    clear_model(&m);
}
