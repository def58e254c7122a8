// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/number.h"
#include "support.h"

Test(number, doubles_are_whole_finite_and_decimal) {
    static const char *const good[] = {"0", "-1.5", "1e-3", "+2.", ".5", "1e308"};
    static const char *const bad[] = {"",       "nan",  "inf",   "-inf",    "1e999", "1e-999",
                                      "-1e999", "1.5x", " 1",    "1 ",      "0x10",  "1,5",
                                      "1e",     "--1",  "1.2.3", "infinity"};
    double value;
    for (size_t k = 0; k < sizeof good / sizeof *good; k++)
        cr_assert(ordpar_parse_double(good[k], &value), "'%s'", good[k]);
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        cr_assert(!ordpar_parse_double(bad[k], &value), "'%s'", bad[k]);
    cr_assert(ordpar_parse_double("0.1", &value) && value == 0.1);
}

Test(number, integers_are_exact) {
    static const char *const bad[] = {"",    "1.5", "nan", "99999999999999999999", "1e17", "1e999",
                                      "0x1", "12a", "-"};
    int64_t value;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        cr_assert(!ordpar_parse_integer(bad[k], &value), "'%s'", bad[k]);
    cr_assert(ordpar_parse_integer("9223372036854775807", &value) && value == INT64_MAX);
    cr_assert(ordpar_parse_integer("-12", &value) && value == -12);
    cr_assert(ordpar_parse_integer("1e12", &value) && value == INT64_C(1000000000000));
    cr_assert(ordpar_parse_integer("2.5e3", &value) && value == 2500);
}
