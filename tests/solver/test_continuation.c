// SPDX-License-Identifier: GPL-3.0-or-later
/* A run in two parts, and a learning rate that jumps, against runs that do neither. */
#include "solver/steps/continuation.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 4 };

/* eps_g[count] at alpha[count] from m->start at `from`; m->start becomes the end. */
static long integrate_from(test_model *m, double from, const double *alpha, size_t count,
                           double *eps_g) {
    ordpar_error err;
    ordpar_integrate_stats stats;
    const ordpar_integrate_options options = {.rtol = 1e-11,
                                              .atol = ORDPAR_DEFAULT_ATOL,
                                              .trained_blocks = m->spectrum.L,
                                              .observer = keep_curve,
                                              .context = eps_g,
                                              .start_alpha = from};
    check_ok(ordpar_integrate(&m->spectrum, &m->network, &m->start, alpha, count, &options, &stats,
                              &err),
             &err);
    return stats.steps;
}

static ordpar_schedule table_of(size_t count, double *alpha, double *eta) {
    return (ordpar_schedule){
        .kind = ORDPAR_SCHEDULE_TABLE, .count = count, .alpha = alpha, .eta = eta};
}

/* Power law and table: both depend on alpha itself. */
Test(continuation, a_run_in_two_parts_is_the_run) {
    double knots[] = {0, 20, 60}, rates[] = {0.5, 0.3, 0.05};
    const ordpar_schedule schedules[] = {
        {.kind = ORDPAR_SCHEDULE_CONSTANT},
        {.kind = ORDPAR_SCHEDULE_POWER, .gamma = 0.6, .alpha_0 = 30},
        table_of(3, knots, rates)};
    const double alpha[ROWS] = {10, 40, 70, 100};
    for (size_t k = 0; k < 3; k++) {
        double whole[ROWS], parts[ROWS];
        test_model a = make_model(2, 2, 64, 4, 0.7, 0.4, 0.1, "erf", 5),
                   b = make_model(2, 2, 64, 4, 0.7, 0.4, 0.1, "erf", 5);
        a.network.training.schedule = b.network.training.schedule = schedules[k];
        integrate_from(&a, 0, alpha, ROWS, whole);
        integrate_from(&b, 0, alpha, 2, parts);
        integrate_from(&b, alpha[1], alpha + 2, 2, parts + 2);
        for (int row = 0; row < ROWS; row++)
            CHECK_CLOSE(parts[row], whole[row], 1e-9, whole[row], "schedule %zu, row %d", k, row);
        a.network.training.schedule = b.network.training.schedule = (ordpar_schedule){0};
        clear_model(&a);
        clear_model(&b);
    }
}

Test(continuation, grids_begin_where_the_state_is) {
    test_model m = make_model(1, 1, 16, 2, 1, 0.1, 0.1, "erf", 6);
    ordpar_error err;
    double eps_g;
    const double alpha = 9;
    ordpar_integrate_options options = {.rtol = 1e-8,
                                        .trained_blocks = 2,
                                        .observer = keep_curve,
                                        .context = &eps_g,
                                        .start_alpha = 10};
    cr_assert_eq(
        ordpar_integrate(&m.spectrum, &m.network, &m.start, &alpha, 1, &options, NULL, &err),
        ORDPAR_INVALID);
    cr_assert(strstr(err.message, "must be >= 10, finite and ascending, got 9"), "%s", err.message);
    options.start_alpha = NAN;
    cr_assert_eq(
        ordpar_integrate(&m.spectrum, &m.network, &m.start, &alpha, 1, &options, NULL, &err),
        ORDPAR_INVALID);
    clear_model(&m);
}

/* Two rows at one alpha: constant rates before and after, as two runs of constant rates. */
Test(continuation, a_jump_is_a_change_of_the_rate_in_no_time) {
    double knots[] = {0, 30, 30, 90, 90}, rates[] = {0.5, 0.5, 0.05, 0.05, 0.8};
    const double alpha[] = {10, 30, 31, 100};
    double jumped[ROWS], parts[ROWS];
    static const char *const names[] = {"erf", "linear"};
    for (int g = 0; g < 2; g++) {
        test_model a = make_model(2, 2, 64, 4, 0.7, 0.5, 0.1, names[g], 7),
                   b = make_model(2, 2, 64, 4, 0.7, 0.5, 0.1, names[g], 7);
        a.network.training.schedule = table_of(5, knots, rates);
        const long steps = integrate_from(&a, 0, alpha, ROWS, jumped);
        const double end[] = {31, 90};
        double at_end[2];
        long expected = integrate_from(&b, 0, alpha, 2, parts);
        b.network.eta = 0.05;
        expected += integrate_from(&b, 30, end, 2, at_end);
        parts[2] = at_end[0];
        b.network.eta = 0.8;
        expected += integrate_from(&b, 90, alpha + 3, 1, parts + 3);
        for (int row = 0; row < ROWS; row++)
            CHECK_CLOSE(jumped[row], parts[row], 1e-9, parts[row], "%s, row %d", names[g], row);
        cr_assert(labs(steps - expected) <= expected / 10, "%s: %ld steps, in parts %ld", names[g],
                  steps, expected);
        a.network.training.schedule = (ordpar_schedule){0};
        clear_model(&a);
        clear_model(&b);
    }
}

Test(continuation, a_jump_has_its_value_from_the_right) {
    double knots[] = {0, 10, 10, 20}, rates[] = {1, 0.5, 0.1, 0.2};
    const ordpar_schedule s = table_of(4, knots, rates);
    cr_assert_eq(ordpar_schedule_eta(&s, 1, 10), 0.1);
    cr_assert_eq(ordpar_schedule_eta_before(&s, 1, 10), 0.5);
    CHECK_CLOSE(ordpar_schedule_eta(&s, 1, nextafter(10, 0)), 0.5, TOL_EXACT, 1, "before");
    CHECK_CLOSE(ordpar_schedule_eta(&s, 1, 15), 0.15, TOL_EXACT, 1, "between");
    cr_assert_eq(ordpar_schedule_eta_before(&s, 1, 15), ordpar_schedule_eta(&s, 1, 15));
    cr_assert_eq(ordpar_schedule_next_kink(&s, 0), 10);
    cr_assert_eq(ordpar_schedule_next_kink(&s, 10), 20);
}

static char path[64];

static ordpar_status read_text(const char *text, ordpar_continuation *c, ordpar_error *err) {
    snprintf(path, sizeof path, "test_continuation.%ld", (long)getpid());
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    const ordpar_status status = ordpar_continuation_read(path, c, err);
    unlink(path);
    return status;
}

Test(continuation, files_of_overlaps_say_where_they_are_from) {
    ordpar_error err;
    ordpar_continuation c = {0};
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    fputs("# command: x\n", file);
    ordpar_continuation written = {.alpha = 100.1,
                                   .settings = "{\"eta\": 0.1}",
                                   .files = "schedule=17",
                                   .digests = "spectrum=2a",
                                   .digest = "0f"};
    double numbers[20];
    for (int k = 0; k < 20; k++)
        numbers[k] = pow(-0.1, k);
    check_ok(ordpar_continuation_add(&written.rows, 13, numbers, &err), &err);
    check_ok(ordpar_continuation_add(&written.rows, 7, numbers + 13, &err), &err);
    check_ok(ordpar_continuation_write(file, &written, &err), &err);
    fputs("matrix,block,row,col,value\nq,1,1,1,1\n# alpha: 7\n", file);
    fclose(file);
    check_ok(read_text(text, &c, &err), &err);
    cr_assert_eq(c.alpha, 100.1);
    cr_assert_str_eq(c.settings, "{\"eta\": 0.1}");
    cr_assert_str_eq(c.files, "schedule=17");
    cr_assert_str_eq(c.digests, "spectrum=2a");
    cr_assert_str_eq(c.digest, "0f");
    cr_assert_eq(ordpar_continuation_digest(&c, 1), ordpar_continuation_digest(&written, 1));
    c.rows.values[19] = nextafter(numbers[19], 0);
    cr_assert_neq(ordpar_continuation_digest(&c, 1), ordpar_continuation_digest(&written, 1));
    c.rows.values[19] = numbers[19];
    cr_assert_eq(c.rows.count, 20);
    cr_assert_arr_eq(c.rows.values, numbers, sizeof numbers);
    cr_assert_eq(c.blocks.count + c.teachers.count + c.deviations.count, 0);
    free(written.rows.values);
    ordpar_continuation_clear(&c);
    free(text);
}

Test(continuation, what_does_not_say_so_is_refused) {
    static const struct {
        const char *text, *message;
    } cases[] = {{"", "does not say where its run has ended"},
                 {"# alpha: 3\nmatrix,block\n# settings: x\n", "no line '# settings:' before"},
                 {"# settings: x\nmatrix\n", "'# settings:', as all outputs, but no '# alpha:'"},
                 {"# alpha: -3\n# settings: x\n", "alpha must be a number >= 0, got '-3'"},
                 {"# alpha: 0,5\n# settings: x\n", "got '0,5'"},
                 {"# alpha: 1\n# alpha: 2\n# settings: x\n", "a second line"},
                 {"# alpha: 1\n# settings: x\n# rows: 1 2,5\n", "'2,5' is not a finite number"},
                 {"# alpha: 1\n# settings: x\nq,1,1,1,0.1", "was cut short"}};
    ordpar_error err;
    ordpar_continuation c = {0};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        cr_assert_eq(read_text(cases[k].text, &c, &err), ORDPAR_PARSE, "%s", cases[k].text);
        cr_assert(strstr(err.message, cases[k].message), "%s", err.message);
    }
    cr_assert_eq(ordpar_continuation_read("/no/such/file", &c, &err), ORDPAR_IO);
    c = (ordpar_continuation){.alpha = NAN, .settings = ""};
    cr_assert_eq(ordpar_continuation_write(stdout, &c, &err), ORDPAR_INVALID);
    c = (ordpar_continuation){.alpha = 1, .settings = "a\nb"};
    cr_assert_eq(ordpar_continuation_write(stdout, &c, &err), ORDPAR_INVALID);
}

/* What the visits have seen. */
typedef struct {
    double *eps_g, last;
    int visits;
} visited;

static ordpar_status keep_visited(void *context, size_t row, double alpha, double eps_g,
                                  const ordpar_overlaps *state, ordpar_error *err) {
    return keep_curve(((visited *)context)->eps_g, row, alpha, eps_g, state, err);
}

static ordpar_status visit(void *context, double alpha, const ordpar_overlaps *state,
                           ordpar_error *err) {
    visited *v = context;
    (void)err;
    cr_assert(alpha > v->last && state->q[0] > 0);
    v->last = alpha;
    v->visits++;
    return ORDPAR_OK;
}

static ordpar_integrate_stats integrate_visited(test_model *m, double from, const double *alpha,
                                                size_t count, ordpar_deviations *deviations,
                                                double *eps_g) {
    ordpar_error err;
    ordpar_integrate_stats stats;
    visited v = {.eps_g = eps_g, .last = from};
    const ordpar_integrate_options options = {.rtol = 1e-10,
                                              .trained_blocks = m->spectrum.L,
                                              .observer = keep_visited,
                                              .visit = visit,
                                              .context = &v,
                                              .deviations = deviations,
                                              .start_alpha = from};
    check_ok(ordpar_integrate(&m->spectrum, &m->network, &m->start, alpha, count, &options, &stats,
                              &err),
             &err);
    cr_assert(v.visits > 10 && v.visits < 1000, "%d visits", v.visits);
    cr_assert_eq(v.last, alpha[count - 1]);
    return stats;
}

/* Far below 1e-16 of the scale of the overlaps, where deviations alone keep eps_g; the students
 * stand beside teachers of other numbers. */
Test(continuation, deviations_go_on) {
    const double alpha[] = {800, 1600};
    for (int small = 0; small < 2; small++) {
        double whole[2], parts[2];
        test_model a = make_model(3, 3, 64, 2, 0.2, 1.5, 0.9, "erf", 5),
                   b = make_model(3, 3, 64, 2, 0.2, 1.5, 0.9, "erf", 5);
        a.network.small_eta = b.network.small_eta = small;
        ordpar_deviations unused = {0}, kept = {0};
        integrate_visited(&a, 0, alpha, 2, &unused, whole);
        integrate_visited(&b, 0, alpha, 1, &kept, parts);
        cr_assert_not_null(kept.teacher_of);
        cr_assert(kept.teacher_of[0] != 0 || kept.teacher_of[1] != 1);
        const ordpar_integrate_stats stats =
            integrate_visited(&b, alpha[0], alpha + 1, 1, &kept, parts + 1);
        cr_assert_eq(stats.deviations_from, alpha[0]);
        cr_assert_lt(whole[1], 1e-17);
        for (int row = 0; row < 2; row++)
            CHECK_CLOSE(parts[row], whole[row], 1e-9, whole[row], "small %d, row %d", small, row);
        ordpar_deviations_clear(&unused);
        ordpar_deviations_clear(&kept);
        clear_model(&a);
        clear_model(&b);
    }
}

Test(continuation, deviations_from_the_wrong_teachers_are_refused) {
    test_model m = make_model(2, 2, 64, 2, 0.2, 1.5, 0.9, "erf", 5);
    ordpar_error err;
    double eps_g, alpha = 1;
    size_t teacher_of[2] = {1, 1};
    ordpar_deviations given = {.teacher_of = teacher_of, .overlaps = m.start};
    const ordpar_integrate_options options = {.rtol = 1e-8,
                                              .trained_blocks = 2,
                                              .observer = keep_curve,
                                              .context = &eps_g,
                                              .deviations = &given};
    for (size_t last = 1; last < 4; last += 2) { /* twice the same; none of that number */
        teacher_of[1] = last;
        cr_assert_eq(
            ordpar_integrate(&m.spectrum, &m.network, &m.start, &alpha, 1, &options, NULL, &err),
            ORDPAR_INVALID);
        cr_assert(strstr(err.message, "a start in deviations needs"), "%s", err.message);
    }
    clear_model(&m);
}
