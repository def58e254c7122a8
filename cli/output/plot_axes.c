// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/number.h"
#include "cli/output/plot.h"

#include <math.h>

typedef struct {
    char name;
    bool log, given;
    double low, high; /* shown, or what there is; low > high: nothing */
} axis;

static bool is_shown(const plot *p, double x, double y) {
    return isfinite(x) && isfinite(y) && !(p->x_log && !(x > 0)) && !(p->y_log && !(y > 0));
}

static axis axis_of(const plot *p, bool of_y) {
    const double *range = of_y ? p->y_range : p->x_range;
    if (range[0] < range[1])
        return (axis){"xy"[of_y], of_y ? p->y_log : p->x_log, true, range[0], range[1]};
    axis a = {"xy"[of_y], of_y ? p->y_log : p->x_log, false, INFINITY, -INFINITY};
    for (size_t s = 0; s < p->n_series; s++)
        for (size_t k = 0; k < p->series[s].count; k++) {
            const double x = p->series[s].x[k * p->series[s].stride];
            const double y = p->series[s].y[k * p->series[s].stride];
            if (is_shown(p, x, y)) {
                a.low = fmin(a.low, of_y ? y : x);
                a.high = fmax(a.high, of_y ? y : x);
            }
        }
    return a;
}

static bool shows_nothing(const plot *p) {
    size_t points = 0;
    for (size_t s = 0; s < p->n_series; s++)
        for (size_t k = 0; k < p->series[s].count; k++, points++)
            if (is_shown(p, p->series[s].x[k * p->series[s].stride],
                         p->series[s].y[k * p->series[s].stride]))
                return false;
    return points > 0;
}

bool plot_is_empty(const plot *p, char *reason, size_t size) {
    const double from = p->x_range[0], to = p->x_range[1];
    if (shows_nothing(p)) {
        ordpar_format(reason, size, "there is no number to show%s",
                      p->x_log || p->y_log ? ": a logarithmic axis has no place for 0 and less; "
                                             "--xscale and --yscale may be lin"
                                           : "");
        return true;
    }
    if (!(from < to) || p->y_range[0] < p->y_range[1])
        return false;
    for (size_t s = 0; s < p->n_series; s++)
        for (size_t k = 0; k < p->series[s].count; k++) {
            const double x = p->series[s].x[k * p->series[s].stride];
            if (is_shown(p, x, p->series[s].y[k * p->series[s].stride]) && x >= from && x <= to)
                return false;
        }
    ordpar_format(reason, size, "no point lies in --xrange %.9g:%.9g, so give --yrange too", from,
                  to);
    return true;
}

static void write_range(const axis *a, FILE *script) {
    ordpar_print(script, "set %crange [%.9g:%.9g]\n", a->name, a->low, a->high);
}

/* Less than two decades: powers of ten alone would be too few. With little more than one the
 * numbers 1, 2, 5 of each decade are named. */
static void write_few_tics(const axis *a, FILE *script) {
    const double decades = log10(a->high / a->low);
    const char *comma = "";
    ordpar_print(script, "set %ctics (", a->name);
    for (double power = pow(10, floor(log10(a->low))); power <= a->high; power *= 10)
        for (int k = 1; k <= 9; k++) {
            const bool named = k == 1 || k == 2 || k == 5 || (decades < 0.8 && k != 7 && k != 9);
            if (k * power < a->low * (1 - 1e-9) || k * power > a->high * (1 + 1e-9))
                continue;
            if (named)
                ordpar_print(script, "%s\"%.6g\" %.9g", comma, k * power, k * power);
            else
                ordpar_print(script, "%s\"\" %.9g 1", comma, k * power);
            comma = ", ";
        }
    fputs(")\n", script);
}

/* Powers of ten, named as far as there is room, with the numbers between them where there is. */
static void write_decades(const axis *a, double cm, FILE *script) {
    const double first = floor(log10(a->low) + 1e-9), last = ceil(log10(a->high) - 1e-9);
    const double room = cm / (last - first), label = a->name == 'x' ? 1.1 : 0.55;
    const int step = (int)ceil(label / room);
    const char *comma = "";
    ordpar_print(script, "set %ctics (", a->name);
    for (double power = first; power <= last; power++) {
        if (fmod(fabs(power), step) == 0)
            ordpar_print(script, "%s\"10^{%.0f}\" 1e%.0f", comma, power, power);
        else
            ordpar_print(script, "%s\"\" 1e%.0f 1", comma, power);
        for (int k = 2; k <= 9 && room > 0.6 && power < last; k++)
            ordpar_print(script, ", \"\" %de%.0f 1", k, power);
        comma = ", ";
    }
    fputs(")\n", script);
}

/* By a little, so that no point lies on the border, or to a power of ten that is near. */
static void widen(axis *a, bool cut) {
    const double from = log10(a->low), to = log10(a->high), margin = 0.03 * (to - from);
    const bool begins = from - floor(from + 1e-9) < 2 * margin,
               ends = ceil(to - 1e-9) - to < 2 * margin;
    if (!cut)
        a->low = pow(10, begins ? floor(from + 1e-9) : from - margin);
    a->high = pow(10, ends ? ceil(to - 1e-9) : to + margin);
}

/* On a log axis the last decades of a curve that decays for hundreds would hide all the others. */
static void write_log(const plot *p, axis *a, double legend, FILE *script) {
    const bool of_y = a->name == 'y';
    const double usual = of_y ? 10 : 15, size = p->size[of_y] > 0 ? p->size[of_y] : usual;
    const double limit = a->high * pow(10, -p->decades);
    const bool cut = !a->given && of_y && p->decades > 0 && a->low < limit;
    if (cut)
        a->low = limit;
    ordpar_print(script, "set logscale %c\n", a->name);
    if (!(a->low > 0) || a->high < 2 * a->low) {
        ordpar_print(script, "set format %c '%%g'\n", a->name);
        return;
    }
    const bool few = a->high / a->low < 100;
    if (!a->given)
        widen(a, cut);
    write_range(a, script);
    if (few)
        write_few_tics(a, script);
    else
        write_decades(a, 0.75 * (of_y ? size - legend : size), script);
}

void plot_write_axes(const plot *p, double legend, FILE *script) {
    fputs("set tics nomirror\nset mxtics\nset mytics\n", script);
    for (int of_y = 0; of_y < 2; of_y++) {
        axis a = axis_of(p, of_y);
        if (a.given)
            write_range(&a, script);
        if (a.log && a.low <= a.high)
            write_log(p, &a, legend, script);
    }
}
