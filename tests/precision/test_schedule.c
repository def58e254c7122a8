// SPDX-License-Identifier: GPL-3.0-or-later
/* [13.6] The time of a schedule in decimals, against that in double precision and by hand. */
#include "precision/problem.h"
#include "support.h"

static void time_at(const char *schedule, const char *alpha, mpfr_t time) {
    const ordpar_mp_grid grid = {alpha, alpha, 1, false, NULL};
    ordpar_mp_grid_time(&grid, schedule, 0, time);
}

Test(schedule, times_are_those_in_double) {
    static const char *const forms[] = {
        "constant",    "power:0.5:10", "power:1:10", "cosine:30",    "cosine:30:0.2",
        "linear:10",   "wsd:10:20:40", "wsd:0:0:10", "wsd:10:10:10", "steps:10=0.1,20=0.01,30=2",
        "steps:0=0.5", "wsd:2:15:17"};
    static const char *const alphas[] = {"0", "1", "9.5", "10", "16", "20", "31", "55"};
    mpfr_t time;
    mpfr_init2(time, 200);
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        ordpar_schedule schedule;
        ordpar_error err;
        check_ok(ordpar_schedule_parse(forms[f], &schedule, &err), &err);
        for (size_t k = 0; k < sizeof alphas / sizeof *alphas; k++) {
            const double alpha = strtod(alphas[k], NULL);
            time_at(forms[f], alphas[k], time);
            CHECK_CLOSE(mpfr_get_d(time, RND), ordpar_schedule_integral(&schedule, 1, alpha),
                        TOL_TIGHT, 1 + alpha, "%s to %s", forms[f], alphas[k]);
        }
        ordpar_schedule_clear(&schedule);
    }
    mpfr_clear(time);
}

/* 3 - 3^2/20; 2/2 + 13 + 1 - 1/4; 10 + 1 + 0.1 + 2; 10 (1 - 1/4); 0.2 60 + 0.4 30 by hand. */
Test(schedule, times_have_all_their_digits) {
    static const struct {
        const char *schedule, *alpha, *time;
    } cases[] = {{"linear:10", "3", "2.55"},
                 {"wsd:2:15:17", "16", "14.75"},
                 {"steps:10=0.1,20=0.01,30=2", "31", "13.1"},
                 {"power:2:10", "30", "7.5"},
                 {"cosine:30:0.2", "60", "24"}};
    mpfr_t time, by_hand;
    mpfr_inits2(400, time, by_hand, (mpfr_ptr)NULL);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        time_at(cases[k].schedule, cases[k].alpha, time);
        cr_assert(ordpar_real_parse(cases[k].time, by_hand));
        mpfr_sub(time, time, by_hand, RND);
        cr_assert(mpfr_zero_p(time) || ordpar_real_log10(time) < -110, "%s to %s",
                  cases[k].schedule, cases[k].alpha);
    }
    mpfr_clears(time, by_hand, (mpfr_ptr)NULL);
}
