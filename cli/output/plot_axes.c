// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/number.h"
#include "cli/output/plot.h"

#include <math.h>

/* A little beyond tics at the ends of logarithms, which rounding can leave outside. */
static void write_range(const plot_axis *a, FILE *script) {
    const double beyond = a->log && a->low > 0 ? 1e-9 : 0;
    ordpar_print(script, "set %crange [%.12g:%.12g]\n", a->name, a->low * (1 - beyond),
                 a->high * (1 + beyond));
}

/* gnuplot's own has at most five decimals, in which the numbers of neighbouring tics can be alike.
 */
static void write_format(const plot_axis *a, FILE *script) {
    const bool near = a->high - a->low < 1e-7 * fmax(fabs(a->low), fabs(a->high));
    ordpar_print(script, "set format %c '%%.%dh'\n", a->name, near ? 14 : 10);
}

/* Less than two decades: powers of ten alone would be too few. With little more than one the
 * numbers 1, 2, 5 of each decade are named. */
static void write_few_tics(const plot_axis *a, FILE *script) {
    const double decades = log10(a->high / a->low);
    const char *comma = "";
    ordpar_print(script, "set %ctics (", a->name);
    for (double power = pow(10, floor(log10(a->low))); power <= a->high; power *= 10)
        for (int k = 1; k <= 9; k++) {
            const bool named = k == 1 || k == 2 || k == 5 || (decades < 0.8 && k != 7 && k != 9);
            if (k * power < a->low * (1 - 1e-9) || k * power > a->high * (1 + 1e-9))
                continue;
            if (named)
                ordpar_print(script, "%s%.9g", comma, k * power);
            else
                ordpar_print(script, "%s\"\" %.9g 1", comma, k * power);
            comma = ", ";
        }
    fputs(")\n", script);
    write_format(a, script);
}

/* Some five to ten between two numbers. */
static double step_between(double low, double high) {
    const double apart = (high - low) / 5, power = pow(10, floor(log10(apart)));
    return power * (apart > 5 * power ? 10 : apart > 2 * power ? 5 : apart > power ? 2 : 1);
}

/* Powers of ten, named as far as there is room, with the numbers between them where there is. */
static void write_decades(const plot_axis *a, double cm, FILE *script) {
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
static void widen(plot_axis *a) {
    const double from = log10(a->low), to = log10(a->high), margin = 0.03 * (to - from);
    const bool begins = from - floor(from + 1e-9) < 2 * margin,
               ends = ceil(to - 1e-9) - to < 2 * margin;
    if (!a->cut)
        a->low = pow(10, begins ? floor(from + 1e-9) : from - margin);
    a->high = pow(10, ends ? ceil(to - 1e-9) : to + margin);
}

/* Less than a factor of three, in which there may be hardly a number 1, 2, 5. */
static void write_close(plot_axis *a, FILE *script) {
    const double step = step_between(a->low, a->high);
    const char *comma = "";
    write_format(a, script);
    if (a->high - a->low < 1e-6 * a->high)
        return;
    if (!a->given)
        widen(a);
    write_range(a, script);
    ordpar_print(script, "set %ctics (", a->name);
    for (double k = ceil(a->low / step - 1e-9); k * step <= a->high + 1e-9 * step; k++) {
        ordpar_print(script, "%s%.15g", comma, k * step);
        comma = ", ";
    }
    fputs(")\n", script);
}

static void write_log(const plot *p, plot_axis *a, double legend, FILE *script) {
    const bool of_y = a->name == 'y';
    const double usual = of_y ? 10 : 15, size = p->size[of_y] > 0 ? p->size[of_y] : usual;
    ordpar_print(script, "set logscale %c\n", a->name);
    if (!(a->low > 0))
        return;
    if (a->high < 3 * a->low) {
        write_close(a, script);
        return;
    }
    const bool few = a->high / a->low < 100;
    if (!a->given)
        widen(a);
    write_range(a, script);
    if (few)
        write_few_tics(a, script);
    else
        write_decades(a, 0.75 * (of_y ? size - legend : size), script);
}

/* Of numbers of things: whole, some six of them. */
static void write_counts(const plot_axis *a, FILE *script) {
    static const int steps[] = {1, 2, 5};
    double step = 1;
    for (int k = 0; a->high > 6 * step; k++)
        step = steps[k % 3] * pow(10, k / 3);
    ordpar_print(script, "set ytics %.0f\nset yrange [0:%.9g]\n", step,
                 a->given ? a->high : 1.05 * a->high);
    if (step < 2)
        fputs("unset mytics\n", script);
    else
        ordpar_print(script, "set mytics %d\n", fmod(step, 5) == 0 ? 5 : 2);
}

/* Some five tics, for which a narrow picture has room; the range ends at tics. */
static void write_spaced(const plot_axis *a, FILE *script) {
    ordpar_print(script, "set %ctics %.9g\n", a->name, step_between(a->low, a->high));
}

/* A few units, eigenvalues or the like. */
static bool is_whole(const plot *p, const plot_axis *a) {
    const double most = 10;
    bool whole = a->high > a->low && a->high - a->low <= most;
    for (size_t s = 0; s < p->n_series && whole; s++)
        for (size_t k = 0; k < p->series[s].count && whole; k++)
            whole = floor(p->series[s].x[k * p->series[s].stride]) ==
                    p->series[s].x[k * p->series[s].stride];
    return whole;
}

void plot_write_axes(const plot *p, double legend, FILE *script) {
    fputs("set tics nomirror\nset mxtics\nset mytics\n", script);
    for (int of_y = 0; of_y < 2; of_y++) {
        plot_axis a = plot_axis_of(p, of_y);
        if (a.given)
            write_range(&a, script);
        if (a.log && a.low <= a.high)
            write_log(p, &a, legend, script);
        else if (of_y && p->counts)
            write_counts(&a, script);
        else if (!of_y && !a.given && is_whole(p, &a))
            fputs("set xtics 1\nunset mxtics\n", script);
        else if (!a.given && p->size[0] > 0 && p->size[0] < 12 && a.high > a.low)
            write_spaced(&a, script);
        const double span = a.high - a.low;
        if (!a.log && (span < 1e-3 || span < 1e-4 * fmax(fabs(a.low), fabs(a.high))))
            write_format(&a, script);
    }
}
