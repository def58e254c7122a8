// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ORDPAR_CLI_PICTURE_INTERNAL_H
#define ORDPAR_CLI_PICTURE_INTERNAL_H

#include "cli/output/expression.h"
#include "cli/output/picture.h"
#include "cli/output/plot.h"

enum { PICTURE_COLUMNS = 16, PICTURE_LINES = PLOT_MAX_SERIES };

/** Theory is a line; a simulation, and what was measured where a prediction stands beside it, are
 * points; what is measured on a sweep's curves alone is both. */
typedef enum { PICTURE_THEORY, PICTURE_SIMULATION, PICTURE_MEASURED, PICTURE_SWEPT } picture_role;

/** A column that is shown. */
typedef struct {
    expression y;
    picture_role role;
    bool is_told, has_stderr; /* is_told: the style says what it is, and colour and legend do not */
    bool is_error;            /* eps_g, theory, mean, also of a task */
    bool is_of_one_start,
        is_of_several; /* a curve of one that is drawn; a mean over runs of more */
    size_t stderr_column;
} picture_column;

/** What is shown of a source. */
typedef struct {
    const ordpar_table *t;
    const char *path;
    expression x;
    picture_column columns[PICTURE_COLUMNS];
    size_t n_columns;
    bool *splits;                /* [t->n_columns] it has another line for each value */
    size_t first[PICTURE_LINES]; /* a row of each line */
    size_t n_lines;
    bool is_law;         /* the closed form escape-law, which has no lines */
    const char *along;   /* the swept setting along which lines run; NULL: none */
    size_t place;        /* the column along which they run; n_columns: none */
    bool over_alpha;     /* it is alpha, of a frontier compute, and rows are joined as the table has
                            them */
    const char *against; /* what is drawn against, unless it was given: a column's name */
    char label[PICTURE_LABEL]; /* how it differs from the other sources */
    char missing[120];         /* columns to be drawn that others have */
} picture_choice;

typedef struct {
    double x, y, error;
} picture_point;

enum { PICTURE_STRIDE = sizeof(picture_point) / sizeof(double) };

/** A picture being made. */
typedef struct {
    const options *parsed;
    picture_choice *choices;
    size_t n_choices;
    plot drawn;
    picture_column columns[PLOT_MAX_SERIES];     /* what its series show */
    char legend[PLOT_MAX_SERIES][PICTURE_LABEL]; /* models, a colour each */
    size_t n_legend;
    char title[PICTURE_LABEL]; /* of several sources */
    char points_name[80];      /* of all points, where lines have their models' names */
    char x_label[EXPRESSION_LABEL], y_label[EXPRESSION_LABEL + 64];
    picture_point *points[PLOT_MAX_SERIES]; /* owned */
    size_t n_points;
    picture_point *bands[PLOT_MAX_SERIES]; /* owned */
    size_t n_bands;
    char band_names[2][64];               /* or of laws */
    char own_laws[4][PICTURE_LABEL + 64]; /* names of laws that are of no bars' model */
    size_t n_own_laws;
    size_t n_bars; /* series of a histogram before its laws */
} picture;

/** The points of a line, at most as many as the table has rows: those without x have no place,
 * those without y stay. */
size_t picture_collect(const picture_choice *c, const picture_column *column, size_t line,
                       picture_point *points);

/** Which model, and which of several columns, in the legend: its place from 1, which is its colour.
 */
int picture_enter(picture *p, const picture_choice *c, const picture_column *column, size_t line);

/** Adds points to what is drawn; they stay the picture's. */
void picture_add_series(picture *p, const picture_column *column, plot_style style,
                        picture_point *points, size_t count, int colour);

/** True if the expression is that column alone. */
bool picture_is_column(const ordpar_table *t, const expression *e, const char *name);

/** Adds the band about a line, where the table has one. Errors: MEMORY. */
ordpar_status picture_add_band(picture *p, const picture_choice *c, const picture_column *column,
                               size_t line, int colour, ordpar_error *err);

/** What the bands are, in the legend. */
void picture_name_bands(picture *p);

/** The user's own words for the legend, when it is complete. Errors: INVALID. */
ordpar_status picture_take_legend(picture *p, ordpar_error *err);

/** picture_law.c: true for a table of the closed form escape-law, and whether it can be drawn.
 * Errors: INVALID. */
bool picture_is_law(const ordpar_table *t);
ordpar_status picture_check_law(const options *parsed, ordpar_error *err);

/** picture_panel.c: true for a figure's file of several series; draws source `which`, which is one.
 * Errors: INVALID beside other sources and other columns, NUMERICAL; those of plot_draw. */
bool picture_is_panel(const ordpar_table *t);
ordpar_status picture_draw_panel(const options *parsed, const picture_source *sources, size_t count,
                                 size_t which, output_set *set, const char *path,
                                 ordpar_error *err);

/** picture_histogram.c: draws how often which values occur. */
ordpar_status picture_draw_histogram(picture *p, output_set *set, const char *path,
                                     ordpar_error *err);

enum { PICTURE_AXES = 16, PICTURE_JOINT = 8 };

/** Settings that a sweep gave the same value, and how many values. */
typedef struct {
    size_t columns[PICTURE_JOINT], width, values;
} picture_axis;

bool picture_uses_axis(const expression *e, const picture_axis *a);

/** picture_guess.c: whether a column has the values of a setting, and not only the name of one. */
bool picture_is_setting(const ordpar_table *t, size_t column);

/** The axes of a table whose notes name none; of curves, which runs says, where
 * they are drawn against something else than alpha. Returns how many. */
size_t picture_guess_axes(const options *parsed, const ordpar_table *t, bool runs,
                          picture_axis axes[PICTURE_AXES]);

/** Whether the columns of a table with axes are those of a sweep: means that have no other sign of
 * it are points. */
bool picture_is_swept(const ordpar_table *t, bool guessed);

/** Chooses columns and lines of source `which`. The caller frees c->splits in every case. */
ordpar_status picture_choose(const options *parsed, const picture_source *sources, size_t count,
                             size_t which, picture_choice *c, ordpar_error *err);

/** picture_columns.c: chooses c->columns by the settings column and histogram, or the usual ones;
 * of several names those that the source has, where another one has the others. Errors: INVALID;
 * those of expression_read. */
ordpar_status picture_choose_columns(const options *parsed, const picture_source *sources,
                                     size_t count, bool swept, picture_choice *c,
                                     ordpar_error *err);

/** Refuses a setting that has no usual value: what was not given is not refused as if it had been.
 * Returns INVALID. */
ordpar_status picture_ask_for(const char *setting, const char *usual, const ordpar_table *t,
                              ordpar_error *err);

/** picture_names.c: the titles of the series, a model's once; beside lines, points have one name
 * for all. */
void picture_name_series(picture *p);

/** Names the axes by all that they show. */
void picture_name_axes(picture *p);

/** True for a series that is the band about another. */
bool picture_is_band(const plot_series *s);

/** picture_scales.c: which axes are logarithmic. */
void picture_scale_axes(picture *p);

/** picture_lines.c: the lines of c->splits, and of those columns more that tell them apart where
 * rows of a line stand at one place, or lines would run back. Errors: INVALID where lines do so
 * still, MEMORY. */
ordpar_status picture_find_lines(picture_choice *c, ordpar_error *err);

/** The number of a row's line, from 1; 0: it begins one. */
size_t picture_line_of(const picture_choice *c, size_t row);

/** A row of a line, and where along it it stands. */
typedef struct {
    size_t line, row;
    double at;
} picture_place;

typedef struct {
    picture_place *listed; /* owned; line by line, as the table has their rows */
    picture_place *sorted; /* owned; line by line, along them; NULL: no two rows have one place */
    size_t count;
} picture_places;

/** picture_places.c: places the rows that have a place along c->place; the caller frees with clear
 * in every case. Errors: MEMORY. */
ordpar_status picture_place_rows(const picture_choice *c, picture_places *p, ordpar_error *err);
void picture_clear_places(picture_places *p);

/** The first row whose line goes back and forth; n_rows: none. level: it must not stay, either. */
size_t picture_find_return(const picture_choice *c, const picture_places *p, bool level);

/** The most and the least rows that a line has at one place. */
typedef struct {
    size_t most, least;
} picture_crowd;

/** Of that line; n_lines: of all of them. */
picture_crowd picture_count_crowd(const picture_choice *c, const picture_places *p, size_t line);

/** picture_telling.c: what tells lines apart, best first: the settings, then what counts or names,
 * then, of curves, what is measured and stays along each. */
typedef enum { PICTURE_SETTING, PICTURE_COUNT, PICTURE_QUANTITY } picture_telling;

/** Whether a column is of that kind and tells rows apart that cannot be of one line. */
bool picture_tells(const picture_choice *c, const picture_places *p, picture_telling kind,
                   size_t column);

/** True for a column that is drawn as a line, whether with points or not. */
bool picture_is_line(const picture_column *column);

/** True if both rows belong to one line. */
bool picture_same_line(const picture_choice *c, size_t a, size_t b);

/** The values of the swept settings of a line, "K = M = 2, L = 4", in enhanced text. */
void picture_name_line(const picture_choice *c, size_t row, char *text, size_t size);

/** picture_start.c: true for the integrated curve of one start. */
bool picture_is_of_one(const ordpar_table *t);

/** Which columns of a source are of one start, and which of several. */
void picture_read_start(picture_choice *c);

/** What the legend calls the lines of theory beside a simulation. */
const char *picture_theory_name(const picture *p);

/** picture_title.c: sets the title, of PICTURE_LABEL bytes, from the settings that all sources
 * share, by rows, and where these are not known (NULL, but "" where they differ) from what notes
 * say. */
void picture_entitle(const picture_choice *choices, size_t count, const char *const *shared,
                     char *title);

/** picture_files.c: what a legend calls the files that a setting names, such that they are told
 * from those of the others among values[count], of which some may be NULL; name, of
 * ORDPAR_FILE_NAME bytes, is escaped. Errors: MEMORY. */
ordpar_status picture_file_names(const char *setting, const char *value, const char *const *values,
                                 size_t count, char *name, ordpar_error *err);

/** Sets the labels of all sources: the settings of the model in which they differ, or their files'
 * names; and the title, of PICTURE_LABEL bytes, to the settings that they share. Errors: MEMORY. */
ordpar_status picture_label(picture_choice *choices, size_t count, char *title, ordpar_error *err);

#endif
