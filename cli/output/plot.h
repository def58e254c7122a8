// SPDX-License-Identifier: GPL-3.0-or-later
/** Pictures, drawn by the program gnuplot. */
#ifndef ORDPAR_CLI_PLOT_H
#define ORDPAR_CLI_PLOT_H

#include "cli/output/output.h"

/* Of a longer series those points are drawn that can be seen, about as many. */
enum { PLOT_MAX_SERIES = 64, PLOT_MAX_POINTS = 5000 };

typedef enum {
    PLOT_LINE,   /* theory */
    PLOT_POINTS, /* simulation, with error bars where error is not NULL */
    PLOT_GUIDE,  /* a thin line, dotted (colour 0), dash-dotted (1) or dashed (2): predictions */
    PLOT_FILLED, /* a line with the area below it */
    PLOT_BAND,   /* the area from y to error, of quantiles */
    PLOT_SPREAD  /* the same with a dotted border, of a standard deviation */
} plot_style;

typedef struct {
    const char *title; /* in the legend, gnuplot's enhanced text; NULL: none */
    plot_style style;
    size_t count;                /* 0: in the legend alone */
    const double *x, *y, *error; /* [count] at the stride below */
    size_t stride;
    int colour;  /* from 1: series of one colour belong together; 0: one of its own; -1: grey */
    bool marked; /* a line with its points */
    bool common; /* its points have the mark of all such, which stands in the legend once */
} plot_series;

typedef struct plot plot;

struct plot {
    const char *title, *x_label, *y_label; /* enhanced text; a title may have lines */
    char words[3][1024];                   /* of the user, where those point */
    bool x_log, y_log;
    bool counts;                   /* y is a number of things: tics are whole */
    double x_range[2], y_range[2]; /* shown; both 0: what there is */
    double size[2];                /* cm; 0: the usual */
    double decades;                /* shown at most on a log axis of y; 0: all */
    bool key_inside; /* the legend in the upper right corner; else beside the picture */
    bool key_low;    /* the legend in the lower left corner */
    plot_series series[PLOT_MAX_SERIES];
    size_t n_series;
    size_t placeless,
        placed;        /* points that are no numbers, and others, beside those of the series */
    char missing[240]; /* what was to be drawn of some files and is not there, in words */
    const plot *below; /* another one in the lower half, with this one's axis of x; or NULL */
};

/**
 * Checks, before a long computation, that path ends in .svg, .png or .pdf and can be written;
 * option: which setting names it. path NULL: no picture is wanted. Errors: INVALID, IO.
 */
ordpar_status plot_check(const char *option, const char *path, ordpar_error *err);

/** Draws into a staged output; nothing to do where path is NULL. Errors: IO, MEMORY, INTERRUPTED.
 */
ordpar_status plot_draw(const plot *p, output_set *set, const char *path, ordpar_error *err);

/** Adds a line through the columns x and y of a table-like array. */
void plot_add(plot *p, plot_series series);

/** Writes gnuplot's settings of axes: scales, ranges, and tics for which there is room. legend: the
 * height that it takes, cm. */
void plot_write_axes(const plot *p, double legend, FILE *script);

/** plot_key.c: the size of letters, points. */
double plot_letters(const plot *p);

/** Characters that show, without mark-up. */
size_t plot_shown_characters(const char *text, size_t size);

/** Writes where the legend stands; scale: the terminal's units of letters in a point. Returns the
 * height that it takes, cm. */
double plot_write_key(const plot *p, double scale, FILE *script);

/** True if it leaves little of the picture. */
bool plot_key_crowds(const plot *p);

/** What an axis shows. */
typedef struct {
    char name;
    bool log, given, cut; /* given: by the range; cut: by the decades that a log axis of y shows */
    double low, high;     /* low > high: nothing */
} plot_axis;

/** The axis of x or y: its range, or what there is, of y within the range of x. */
plot_axis plot_axis_of(const plot *p, bool of_y);

/** plot_points.c: which of the points of a long series are drawn along that axis of x, for the
 * caller to free; NULL: all. A part of the axis that a pixel shows has its first, last, lowest and
 * highest ones. */
bool *plot_points(const plot *p, const plot_axis *axis, const plot_series *series);

/** True if nothing has a place on the axes; reason says why. */
bool plot_is_empty(const plot *p, char *reason, size_t size);

/** Says in one line which curves lie outside the frame or leave it above or below, and how many
 * points have no place on the axes; false: none. */
bool plot_outside(const plot *p, char *words, size_t size);

/** True if a log axis suits these positive values: they span more than a decade and a half. */
bool plot_wants_log(const double *values, size_t count, size_t stride);

#endif
