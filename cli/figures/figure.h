// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The paper's figures: what figure_1.c .. figure_6.c share. A figure is some panels; a panel is
 * some series, written as one CSV file and one picture, with facts (what was measured beside what
 * was predicted) that stand in the CSV file and on the page of `figure all`.
 *
 * A figure keeps the first error in status and err; after it everything here does nothing, so that
 * only who looks at results must look at status.
 */
#ifndef ORDPAR_CLI_FIGURE_H
#define ORDPAR_CLI_FIGURE_H

#include "cli/options/options.h"
#include "cli/output/plot.h"
#include "model/parts.h"
#include "model/table.h"
#include "solver/steps/integrate.h"
#include "spectra/forms/linear_continuum.h"
#include "validation/simulate/simulation.h"

/* FIGURES: the paper's. */
enum { FIGURES = 6, FIGURE_MAX_PANELS = 16 };

typedef struct {
    char title[160]; /* in the legend; empty: not there */
    plot_style style;
    int colour;          /* from 1; series of one colour belong together */
    size_t first, count; /* rows of the table */
    bool has_error;
} panel_series;

typedef struct {
    const char *name;              /* of its files, as figure2-right */
    const char *y_label, *x_label; /* of x: NULL: alpha */
    char title[400];
    bool x_linear, y_linear;
    bool key_low;   /* the legend in the lower left corner; else the upper right one, or outside */
    double decades; /* of y that the picture shows at most; 0: all */
    panel_series series[PLOT_MAX_SERIES];
    size_t n_series;
    ordpar_table t;             /* series, x, y, stderr */
    size_t first_fact, n_facts; /* of t, those of this panel alone */
    double seconds;             /* that it took */
} panel;

typedef struct {
    const options *parsed;
    panel panels[FIGURE_MAX_PANELS];
    size_t n_panels;      /* that are written */
    panel *p;             /* the present one */
    double begun;         /* seconds, of a clock, when it was begun */
    size_t n_checkpoints; /* that it has made */
    ordpar_status status;
    ordpar_error err;
    ordpar_status lost; /* the first picture that could not be drawn, .. */
    ordpar_error reason;
} figure;

/** Calls a function of the library with &f->err, unless something has failed before. */
#define FIGURE_TRY(f, call) ((void)((f)->status || ((f)->status = (call))))

/** Each computes and writes a figure's panels. */
void figure_1(figure *f);
void figure_2(figure *f);
void figure_3(figure *f);
void figure_4(figure *f);
void figure_5(figure *f);
void figure_6(figure *f);

/** Not of the paper: both phases of learning from teachers that decay. */
void figure_phases(figure *f);

/** Begins a panel; title: printf-style, without what was reduced. Ends with panel_write. */
panel *panel_begin(figure *f, const char *name, const char *y_label, const char *title, ...)
    ORDPAR_PRINTF(4, 5);

/** Adds to the title; panel_reduced: what was reduced, unless all is at full size. */
void panel_entitle(figure *f, const char *format, ...) ORDPAR_PRINTF(2, 3);
void panel_reduced(figure *f, const char *what);

/** Adds a series; title may be empty; error NULL: no error bars. */
void panel_add(figure *f, plot_style style, int colour, size_t count, const double *x,
               const double *y, const double *error, const char *title, ...) ORDPAR_PRINTF(8, 9);

/** A guide with the slope of the window from (x0, y0) to x1. */
void panel_slope(figure *f, double x0, double x1, double y0, double slope);

/** The same through the curve, from where it passes start; none beyond the window. */
void panel_slope_from(figure *f, double start, size_t count, const double *alpha,
                      const double *eps_g, const ordpar_scaling_window *window);

/** A guide at a plateau's height up to its end, and down there. */
void panel_plateau(figure *f, int colour, double height, double end, const char *title);

/** Adds what was measured. */
#define panel_fact(f, key, ...) ordpar_table_note(&(f)->p->t, key, __VA_ARGS__)

/** Writes the CSV file and the pictures. */
void panel_write(figure *f);

/** Writes the page of all panels, index.html. */
void figure_page(figure *f);

/**
 * How many of count values that decay are to be seen: not those behind the last that is at least
 * 1e-13 of the first. Exponential decay goes on for ever, simulations only to their rounding.
 */
size_t figure_visible(size_t count, const double *y);

/** Room for count numbers, which the caller frees. NULL after a failure, such as want of memory. */
double *figure_numbers(figure *f, size_t count);

/** count values from start to stop, equally spaced in the logarithm, ends included. */
void figure_grid(double start, double stop, size_t count, double *alpha);

/** A model, and the sample of its runs: what panels are made of. */
typedef struct {
    ordpar_model *model;
    ordpar_parts parts;
    ordpar_simulation simulation; /* of the parts; start: NULL, each run from its own */
    double rtol;                  /* of equations that are integrated from each start */
    double *numbers;              /* all that follows */
    size_t runs, count, rows;
    double last;                           /* the last alpha of the sample */
    double *alpha, *mean, *error, *theory; /* [count]; mean over the runs, error is 0 for one */
    double *grid, *curve;                  /* [rows] of the theory's mean */
    double *eps_g;                         /* [count][runs] */
} study;

/** A model with these settings (printf-style, as in a settings line) and the figure's seed, to be
 * handed to study_create. NULL, or a model without some of this, on failure. */
ordpar_model *figure_model(figure *f, const char *settings, ...) ORDPAR_PRINTF(2, 3);

/** Takes over the model, and makes its parts. The caller clears *s in every case. */
void study_create(figure *f, study *s, ordpar_model *model);
void study_clear(study *s);

/** The parts with a start of their own, which the caller clears in every case. */
ordpar_parts study_parts(figure *f, const study *s);

/** Integrates the equations of motion from the start of run 1; the observer sees each state. */
void study_observe(figure *f, const study *s, const double *alpha, size_t count,
                   ordpar_curve_observer observer, void *context);

/** Their curve on the grid, eps_g[count]. */
void study_curve(figure *f, const study *s, const double *alpha, size_t count, double *eps_g);

/** A closed form of the model on the grid, eps_g[count]; window: where it is a power law. */
void study_form(figure *f, const study *s, const char *name, const double *alpha, size_t count,
                double *eps_g, ordpar_scaling_window *window);

/** theory[count][columns] as a simulation is compared with (theory.h): of linear units the exact
 * mean at finite N, of others the equations of motion from the start of each run. */
void study_theory(figure *f, study *s, const double *alpha, size_t count, size_t columns,
                  double *theory);

/** How a study is simulated and compared with its theory, and how its points are shown. */
typedef struct {
    ordpar_method method;
    size_t runs;
    bool one_start;  /* all runs, and the equations of motion, from the start of run 1 */
    bool no_theory;  /* it takes too long */
    double from, to; /* the points' grid, equally spaced in the logarithm */
    size_t points;
    size_t between; /* rows of the theory from one point to the next; 0: 1 */
    int colour;
    const char *title;   /* of the points; may be empty */
    const char *against; /* the fact that says how well they agree; NULL: none */
} sample;

/** Computes and compares. Rows that theory says are too small to be seen are left out. */
void study_sample(figure *f, study *s, const sample *how);

/** Adds its mean as points. */
void study_points(figure *f, const study *s, const sample *how);

/** The row where the sample's mean is, relatively, farthest from theory[count]. */
size_t study_farthest(const study *s, const double *theory);

/** What the eigenvalues that the model's power law lacks beyond L would add to eps_g [6.14]. */
double study_tail(figure *f, const study *s);

/**
 * Notes the slopes in the window's middle half of eps_g, and of eps_g + tail, beside the
 * prediction. runs: that of whose sample eps_g is the mean, for standard errors; NULL: none.
 */
void figure_slope(figure *f, size_t count, const double *alpha, const double *eps_g,
                  const study *runs, const ordpar_scaling_window *window, double tail,
                  const char *what);

/** Draws eps_g + tail, and marks where slopes are measured. */
void panel_completed(figure *f, size_t count, const double *alpha, const double *eps_g,
                     const ordpar_scaling_window *window, double tail);

#endif
