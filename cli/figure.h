// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The paper's figures: what figure_1.c .. figure_6.c share. A figure is some panels; a panel is
 * some series, written as one CSV file and one picture, with facts (what was measured beside what
 * was predicted) that stand in the CSV file and on the page of `figure all`.
 */
#ifndef ORDPAR_CLI_FIGURE_H
#define ORDPAR_CLI_FIGURE_H

#include "ensemble.h"
#include "integrate.h"
#include "linear_continuum.h"
#include "model.h"
#include "plot.h"

#include <stdbool.h>

enum { FIGURES = 6, FIGURE_MAX_FACTS = 48 };

typedef struct {
    char title[160]; /* in the legend; empty: not there */
    plot_style style;
    int colour; /* from 1; series of one colour belong together */
    size_t count;
    double *x, *y, *error; /* [count]; error NULL: no error bars */
} panel_series;

typedef struct {
    const char *name; /* of its files, as figure2-right */
    char title[400], x_label[96], y_label[96];
    bool x_log, y_log;
    double decades; /* of y that the picture shows at most; 0: all */
    bool key_low;   /* the legend in the lower left corner; else the upper right one, or outside */
    panel_series series[PLOT_MAX_SERIES];
    size_t n_series;
    char facts[FIGURE_MAX_FACTS][320]; /* "key: value" */
    size_t n_facts;
    double seconds; /* that it took */
    bool failed;    /* out of memory */
} panel;

typedef struct {
    const options *parsed;
    int number;    /* of the figure that is being made */
    panel *panels; /* [n_panels] those that are written */
    size_t n_panels;
    double begun;         /* seconds, of a clock, when the present panel was begun */
    const char *name;     /* of the present panel */
    size_t n_checkpoints; /* that it has made */
} figure;

/** Each computes and writes a figure's panels. Returns -1 or an exit code. */
int figure_1(figure *f);
int figure_2(figure *f);
int figure_3(figure *f);
int figure_4(figure *f);
int figure_5(figure *f);
int figure_6(figure *f);

/** A new panel; title: printf-style, without what was reduced. Ends with panel_write. */
panel *panel_begin(figure *f, const char *name, const char *y_label, const char *title, ...)
    __attribute__((format(printf, 4, 5)));

/** Adds a series of copies; title may be empty; error NULL: no error bars. */
void panel_add(panel *p, plot_style style, int colour, size_t count, const double *x,
               const double *y, const double *error, const char *title, ...)
    __attribute__((format(printf, 8, 9)));

/** A guide with the slope of a power law through (x0, y0) from x0 to x1. */
void panel_slope(panel *p, double x0, double x1, double y0, double slope);

/** Says in the title what was reduced. */
void panel_reduced(panel *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

void panel_fact(panel *p, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Writes the CSV file and the pictures, and frees *p in every case. Returns -1 or an exit code. */
int panel_write(figure *f, panel *p);

/** Frees a panel that is given up, and returns result. */
int panel_abandon(panel *p, int result);

/** Writes the page of all panels, index.html. Returns -1 or an exit code. */
int figure_page(const figure *f);

/** -1, or for a failure of the library its exit code after one line. */
int figure_check(const figure *f, ordpar_status status, const ordpar_error *err);

/**
 * How many of count values that decay are to be seen: not those behind the last that is at least
 * 1e-13 of the first. Exponential decay goes on for ever, simulations only to their rounding.
 */
size_t figure_visible(size_t count, const double *y);

/** Without gnuplot's markup: braces and the marks of sub- and superscripts that need none. */
void figure_plain(const char *text, char *plain, size_t size);

/** count values from start to stop, equally spaced in the logarithm, ends included. */
void figure_grid(double start, double stop, size_t count, double *alpha);

/** Options as if given on a command line, for model_create: the figure's seed and threads. */
options figure_options(const figure *f, const char *activation, int64_t K, int64_t N, int64_t L,
                       double beta, double eta, double sigma_J);

/** A model with an ensemble of it: what panels are made of. */
typedef struct {
    options parsed;
    model m;
    ordpar_simulation simulation;
    double rtol; /* of equations that are integrated */
    size_t runs, count;
    const double *alpha;  /* [count], the caller's */
    double *eps_g;        /* [count][runs] */
    double *mean, *error; /* [count] over the runs; error is 0 for one run */
} study;

/** Model and start from parsed. Returns -1 or an exit code; the caller clears *s in every case. */
int study_create(const figure *f, const options *parsed, study *s);
void study_clear(study *s);

/**
 * The curve of the equations of motion from the start of run 1 on the grid, eps_g[count]; m->start
 * is as it was. observer (may be NULL) sees each state. Returns -1 or an exit code.
 */
int study_curve(const figure *f, study *s, const double *alpha, size_t count, double *eps_g,
                ordpar_curve_observer observer, void *context);

/** Simulates `runs` runs on the grid; from the start of run 1 alone if one_start. */
int study_simulate(figure *f, study *s, ordpar_method method, size_t runs, bool one_start,
                   const double *alpha, size_t count, ordpar_ensemble_observer observer,
                   void *context);

/** The exact mean at finite N of linear units [6.5] on the grid. */
int study_finite_n(const figure *f, study *s, const double *alpha, size_t count, double *eps_g);

/**
 * The equations of motion from the start of each run on the grid: curves[count][runs], and their
 * mean over the runs, mean[count].
 */
int study_each_curve(const figure *f, study *s, const double *alpha, size_t count, size_t runs,
                     double *curves, double *mean);

/** Notes the largest |z| of the simulation against theory[count][columns], columns 1 or runs. */
int study_agreement(const figure *f, panel *p, study *s, size_t columns, const double *theory,
                    double accuracy, const char *what);

/**
 * Notes the slopes in the window's middle half of eps_g, and of eps_g + tail, beside the
 * prediction; returns the latter, or NAN where the window has too few points. tail:
 * ordpar_linear_tail, the error of the eigenvalues that a finite L lacks.
 */
double figure_slope(panel *p, size_t count, const double *alpha, const double *eps_g,
                    const ordpar_scaling_window *window, double tail, const char *what);

/** The same for the mean of a simulation of at least 2 runs, with standard errors over them. */
void study_slope(const study *s, panel *p, const ordpar_scaling_window *window, double tail,
                 const char *what);

/** Draws eps_g + tail, and marks where slopes are measured. */
void panel_completed(panel *p, size_t count, const double *alpha, const double *eps_g,
                     const ordpar_scaling_window *window, double tail);

#endif
