// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * A model whose parts are set by the names of settings, with numbers, arrays and
 * text alone: for bindings from other languages and for short programs. No struct of it is visible,
 * so that a new option does not change the binary interface.
 *
 * A model holds its own copies of what it is given. Functions that take a const model may run in
 * several threads at once; everything else about one model may not.
 */
#ifndef ORDPAR_MODEL_H
#define ORDPAR_MODEL_H

#include "base/declarations.h"
#include "base/status.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

ORDPAR_DECLARATIONS_BEGIN

/** The library's version, such as "0.1.0". */
const char *ordpar_version(void);

/** A model, its numerics and its simulation. */
typedef struct ordpar_model ordpar_model;

/** A model with the defaults of the command line. Errors: MEMORY. Free with ordpar_model_free. */
ordpar_status ordpar_model_create(ordpar_model **model, ordpar_error *err);

/** NULL is fine. */
void ordpar_model_free(ordpar_model *model);

/** A model of its own with the same settings and arrays, and with the stop flag and the progress of
 * the other, whose places must outlive both or be set again; a data set is read again when it is
 * needed. Errors: MEMORY. Free with ordpar_model_free. */
ordpar_status ordpar_model_copy(const ordpar_model *model, ordpar_model **copy, ordpar_error *err);

/** How many settings there are. */
size_t ordpar_setting_count(void);

/**
 * What is known of setting k, from 0, as text that lives as long as the program, or NULL where it
 * has no such property. property: name; letter; kind (real, positive, integer, flag, choice, reals,
 * orders, grid, text, file, files); default; choices (a|b|c); low, high; argument; help;
 * computations (names with commas, of those it belongs to).
 */
const char *ordpar_setting_property(size_t k, const char *property);

/** The setting that a word of other programs means, as eta for learning_rate; NULL: none is known.
 */
const char *ordpar_setting_meant(const char *word);

/** The computations and commands, separated by commas, that do what a word says, as "closed-form
 * escape,closed-form escape-law,report" for escape; NULL: none is known. */
const char *ordpar_computation_meant(const char *word);

/**
 * Sets a setting, by its name or letter, to values[count]: a number; for a flag 0 or 1; any count
 * for lists and for the grids alpha and compute (different numbers in any order, which are taken
 * ascending). count 0: the default. Names: see ordpar_setting_property. Errors: INVALID (an unknown
 * name, a wrong count, a value out of its range), MEMORY.
 */
ordpar_status ordpar_model_set(ordpar_model *model, const char *name, size_t count,
                               const double *values, ordpar_error *err);

/**
 * Sets a setting to text, as on the command line: decimal numbers, which arbitrary precision takes
 * as they stand ("0.1" is one tenth); yes or no for a flag; names of files, which are read when
 * they are needed. data: adds a file. NULL: the default. "none", for settings without a default
 * (but spectrum, data, array, overlaps, and those that name what is written) and for runs, digits
 * and representation: the same, and ordpar_model_like leaves it so. A file and the array that
 * stands in its place (ordpar_model_set_spectrum, ..): what is set last counts. Errors: INVALID,
 * MEMORY.
 */
ordpar_status ordpar_model_set_text(ordpar_model *model, const char *name, const char *text,
                                    ordpar_error *err);

/** Sets a setting to its default, whichever it is, and ordpar_model_like leaves it so, what the
 * file says or is swept over. Errors: INVALID, MEMORY. */
ordpar_status ordpar_model_unset(ordpar_model *model, const char *name, ordpar_error *err);

/** The text of a setting, as it was given or its default, until it is set again; of data its files,
 * a line each. NULL: it has neither, or there is none of that name. */
const char *ordpar_model_text(const ordpar_model *model, const char *name);

/** True if the setting of that name was set, by a function above or by ordpar_model_like. */
bool ordpar_model_given(const ordpar_model *model, const char *name);

/** True if a value of the setting, its own for NULL, would say what is so without it, as
 * schedule=constant does. */
bool ordpar_model_is_usual(const ordpar_model *model, const char *name, const char *text);

/** The same of a setting in a line of ordpar_model_settings_text. */
bool ordpar_settings_line_is_usual(const char *line, const char *name);

/** False if something that is given takes the place of the setting, as a spectrum that of
 * eigenvalues: then it has no value, also not its default. */
bool ordpar_model_means(const ordpar_model *model, const char *name);

/** False if the settings that are given leave no place for another one with that value (NULL: it is
 * not known): then ordpar_model_like would not take it of a file, as eigenvalues beside a spectrum,
 * or a spectrum beside eigenvalues. names: what that file has, with blanks between: input-dim stays
 * beside other data if the file has data itself. */
bool ordpar_model_has_place(const ordpar_model *model, const char *name, const char *value,
                            const char *names);

/** True if the model begins at alpha = 0 from given overlaps, where going on from them is likely to
 * be meant, as its rows begin where the file of the overlaps ends, or far from 0. words[size]:
 * receives where it begins, as text, cut to size. */
bool ordpar_model_restarts_unasked(const ordpar_model *model, char *words, size_t size);

/** The settings that a file of the program holds, or a JSON object of names and values, but not
 * those that are set already, nor those that these take the place of, which are told to the
 * function of ordpar_model_set_warning. What the file has otherwise takes the place of nothing in
 * it: beside other data its input-dim counts, as the number of components that are kept, and beside
 * other overlaps its teacher-decay. Errors: IO, PARSE, INVALID, MEMORY. */
ordpar_status ordpar_model_like(ordpar_model *model, const char *path, ordpar_error *err);

/** The same for one computation (one of the words of the property `computations`; another, or NULL:
 * any): a setting that the file has several values of, as it is swept there, is left out where that
 * computation has no use for it. */
ordpar_status ordpar_model_like_for(ordpar_model *model, const char *path, const char *computation,
                                    ordpar_error *err);

/** Told how far a computation is, from 0 to 1, with a text of what it does (or NULL). */
typedef void (*ordpar_model_progress)(void *context, double fraction, const char *text);

/** progress may be NULL; it is called in the thread that computes. */
void ordpar_model_set_progress(ordpar_model *model, ordpar_model_progress progress, void *context);

/** Told what a computation that goes on could not do, such as to write its checkpoint, what
 * ordpar_model_like leaves out of a file, and that the given overlaps are of a run with another
 * spectrum or activation; once for each. */
typedef void (*ordpar_model_warning)(void *context, const char *text);

/** warning may be NULL; it is called in the thread that computes. */
void ordpar_model_set_warning(ordpar_model *model, ordpar_model_warning warning, void *context);

/** What a computation found: columns of numbers, and facts beside them. */
typedef struct ordpar_table ordpar_table;

/**
 * Computes: curve, simulate, compare, spectrum, precision curve, precision check, precision map,
 * closed-form NAME, or point, the one row of numbers that a sweep has for a curve, with the
 * settings of the model. A curve goes on from the file of `continue` with what that file says of
 * its model, writes `save-overlaps` when it has ended and `checkpoint` meanwhile. Errors: those of
 * the parts; INTERRUPTED, DIVERGED and NUMERICAL after some rows of curve, simulate and compare,
 * with the setting keep-partial, DISAGREES, and IO where all rows are there and what is
 * saved beside them cannot be, come with a table. The caller frees *table, which is
 * NULL on other failures.
 */
ordpar_status ordpar_model_compute(const ordpar_model *model, const char *computation,
                                   ordpar_table **table, ordpar_error *err);

/** What a curve, simulate, compare or point would refuse, before anything is computed, as a sweep
 * asks of all its points; data are opened. Errors: those of the parts. */
ordpar_status ordpar_model_check(const ordpar_model *model, const char *computation,
                                 ordpar_error *err);

/**
 * The computation `curve`, and the final overlaps of the students J in a table of one column: those
 * of q[K][K][L], then r[K][M][L], then t[M][M][L] (ordpar_model_set_overlaps), then v[heads][K] and
 * p[M][M] where there are such (ordpar_model_set_overlaps_beside), with the facts K, M, L, heads
 * (0: no v) and p (1 or 0); NULL with the setting `runs`, whose curves end in many. Errors as
 * there; both tables are NULL where that has none.
 */
ordpar_status ordpar_model_curve_table(const ordpar_model *model, ordpar_table **curve,
                                       ordpar_table **overlaps, ordpar_error *err);

/**
 * Refuses files that the settings name and that have another content than the fact `digests` of a
 * table says, which was made with them; made: what is said to have been. What is read once,
 * as standard input or a pipe, is refused too. Errors: INVALID, IO, MEMORY.
 */
ordpar_status ordpar_model_check_digests(const ordpar_model *model, const char *digests,
                                         const char *made, ordpar_error *err);

/** The values of the grid `alpha` or `compute`: their number, and values[*count] unless NULL. */
ordpar_status ordpar_model_grid(const ordpar_model *model, const char *name, size_t *count,
                                double *values, ordpar_error *err);

/**
 * Measures plateau, escape rate and decay exponent on a curve's table (alpha, eps_g), beside the
 * predictions of model, which may be NULL. Errors: INVALID (no such columns, no rows, alpha that
 * does not ascend, numbers that are not finite), MEMORY.
 */
ordpar_status ordpar_model_report(const ordpar_model *model, const ordpar_table *curve,
                                  ordpar_table **report, ordpar_error *err);

/**
 * A table of one's own, such as a measured curve for ordpar_model_report: columns, names with
 * commas ("alpha,eps_g"), and values[n_rows][columns]. Errors: INVALID (no column; a name that is
 * empty, there twice, longer than 39 characters or has blanks about it), MEMORY. Free with
 * ordpar_table_free.
 */
ordpar_status ordpar_table_create(const char *columns, size_t n_rows, const double *values,
                                  ordpar_table **table, ordpar_error *err);

/**
 * Adds a fact to a table of one's own: a report heeds `closed form`, the name of that which the
 * numbers are of, as rows of linear-finite-n are of whole numbers of examples. Errors: MEMORY.
 */
ordpar_status ordpar_table_add_fact(ordpar_table *table, const char *key, const char *text,
                                    ordpar_error *err);

/** Frees a table; NULL is fine. */
void ordpar_table_free(ordpar_table *table);

/** Its number of rows. */
size_t ordpar_table_n_rows(const ordpar_table *table);

/** Its number of columns. */
size_t ordpar_table_n_columns(const ordpar_table *table);

/** The name of a column, from 0; NULL beyond the last. */
const char *ordpar_table_column_name(const ordpar_table *table, size_t column);

/** The numbers, [rows][columns]; they live as long as the table. */
const double *ordpar_table_values(const ordpar_table *table);

/** What stands in a cell in place of the number, such as all digits of it; NULL: nothing does. */
const char *ordpar_table_text(const ordpar_table *table, size_t row, size_t column);

/** The key of fact k, from 0; NULL beyond the last. */
const char *ordpar_table_fact_key(const ordpar_table *table, size_t k);

/** Fact k in words. */
const char *ordpar_table_fact_text(const ordpar_table *table, size_t k);

/** The number in fact k; NAN where it has none. */
double ordpar_table_fact_value(const ordpar_table *table, size_t k);

/**
 * Sets the spectrum to eigenvalues[L] with multiplicities[L], in any order (spectrum.h), in place
 * of input-dim, eigenvalues and beta. Errors: INVALID, MEMORY.
 */
ordpar_status ordpar_model_set_spectrum(ordpar_model *model, size_t L, const double *eigenvalues,
                                        const int64_t *multiplicities, ordpar_error *err);

/** The same with the teacher weights teacher[L] (spectrum.h): the variances of the teacher's
 * components. NULL: 1. Errors: INVALID, MEMORY. */
ordpar_status ordpar_model_set_spectrum_teacher(ordpar_model *model, size_t L,
                                                const double *eigenvalues,
                                                const int64_t *multiplicities,
                                                const double *teacher, ordpar_error *err);

/**
 * Reads a data set (dataset.h) and takes its spectrum (principal.h), in place of eigenvalues, beta
 * and spectrum; input-dim, if it was set before, says how many components to keep, and array which
 * one of archives: others that are set later are refused where the data are used. A simulation
 * trains on the examples, in one pass: it reads the files again, and with data there may be one
 * such call for a model at a time.
 * Errors: INVALID (also beside a given spectrum), IO, PARSE, MEMORY, NUMERICAL, INTERRUPTED; the
 * model is then as it was.
 */
ordpar_status ordpar_model_read_data(ordpar_model *model, size_t count, const char *const *files,
                                     ordpar_error *err);

/**
 * Sets the starting overlaps, in place of init and teacher: q[K][K][L], r[K][M][L], t[M][M][L]
 * (overlaps.h), blocks from the largest eigenvalue down, whatever the order in which these were
 * set; one that `trainable` cuts counts as two. Errors: INVALID (a value that is not finite, a
 * matrix that is not symmetric or not positive semidefinite), MEMORY, NUMERICAL. The output weights
 * are those of student-output, what the inputs do not show is that of unlearnable, unless
 * ordpar_model_set_overlaps_beside says otherwise.
 */
ordpar_status ordpar_model_set_overlaps(ordpar_model *model, size_t K, size_t M, size_t L,
                                        const double *q, const double *r, const double *t,
                                        ordpar_error *err);

/**
 * What a file of overlaps may have besides, of those that ordpar_model_set_overlaps has set: the
 * student's output weights v[heads][K], those of each task, and the covariance p[M][M] of what the
 * inputs do not show of the teachers; NULL: none. Errors: INVALID (no overlaps are set, a value
 * that is not finite, p not symmetric), MEMORY; the model is then as it was.
 */
ordpar_status ordpar_model_set_overlaps_beside(ordpar_model *model, size_t heads, const double *v,
                                               const double *p, ordpar_error *err);

/** Computations end with INTERRUPTED once *stop is not 0; it must outlive them. May be NULL. */
void ordpar_model_set_stop(ordpar_model *model, const volatile sig_atomic_t *stop);

/**
 * Reads the spectrum's file, if one is named, and tells the number *L of blocks, after the cut of
 * `trainable`. Errors: those of spectrum.h.
 */
ordpar_status ordpar_model_blocks(const ordpar_model *model, size_t *L, ordpar_error *err);

/**
 * The spectrum: eigenvalues[L], decreasing, and multiplicities[L], L of ordpar_model_blocks.
 * Errors: those of spectrum.h; INVALID where a file has another L by now.
 */
ordpar_status ordpar_model_spectrum(const ordpar_model *model, double *eigenvalues,
                                    double *multiplicities, ordpar_error *err);

/** The teacher weights of the spectrum: teacher[L], L of ordpar_model_blocks. Errors: as there. */
ordpar_status ordpar_model_teacher(const ordpar_model *model, double *teacher, ordpar_error *err);

/**
 * Integrates the equations of motion: eps_g[count] at alpha[count], ascending, >= 0.
 * moments[order][row][K+M][K+M]: the order parameters of the n_orders orders (>= 0) in orders, as
 * the joint covariance of students and teachers (overlaps.h); NULL where n_orders is 0.
 * outputs[row][K]: the student's output weights, where they are trained, of one task; may be NULL.
 * q, r, t: the final overlaps, of the shapes of ordpar_model_set_overlaps with L of
 * ordpar_model_blocks; each may be NULL. With `continue` alpha begins where its file ends, or
 * later. Errors: as ordpar_integrate, and those of the model's parts; INVALID where a file has
 * another L by now, and for what ordpar_model_compute knows: checkpoint, save-overlaps,
 * keep-partial, runs, fluctuations, report, columns, and the trained outputs of several tasks.
 * Outputs are undefined on failure.
 */
ordpar_status ordpar_model_curve(const ordpar_model *model, size_t count, const double *alpha,
                                 double *eps_g, size_t n_orders, const double *orders,
                                 double *moments, double *outputs, double *q, double *r, double *t,
                                 ordpar_error *err);

/**
 * The columns of a closed form of the command line, such as "eps_g" or "Q,R,eps_g", without that of
 * ordpar_model_closed_form_rows; NULL for an unknown name.
 */
const char *ordpar_model_closed_form_columns(const char *name);

/** The names of all closed forms, separated by |. */
const char *ordpar_model_closed_form_names(void);

/**
 * Sets, where they are not given, the activation, teacher and init that a closed form is of, so
 * that the model's settings are those of its numbers. Errors: INVALID (no such form), MEMORY.
 */
ordpar_status ordpar_model_set_form(ordpar_model *model, const char *name, ordpar_error *err);

/** What a closed form has a row for each of: "alpha" or "compute"; NULL: it has one row. */
const char *ordpar_model_closed_form_rows(const char *name);

/**
 * Evaluates a closed form: values[count][columns] at rows[count] of alpha or compute (any order, >=
 * 0), else values[columns]; count and rows are not looked at then.
 * Errors: INVALID (also for a model that the form is not for), MEMORY, NUMERICAL.
 */
ordpar_status ordpar_model_closed_form(const ordpar_model *model, const char *name, size_t count,
                                       const double *rows, double *values, ordpar_error *err);

/**
 * The share of starts that have left the plateau by alpha, P(exit <= alpha) [7.17], from what the
 * facts of the closed form escape-law say: tau, modes, and exits[count], those of typical starts in
 * so many directions (where there is no such fact, its mean alone). In [0, 1]; no errors.
 */
double ordpar_model_escape_share(double tau, size_t modes, size_t count, const double *exits,
                                 double alpha);

/**
 * How a setting (by its long name or letter) or column is written, as ε_g of eps_g, into text, of
 * size bytes: UTF-8, where _x and _{xyz} are subscripts and ^x and ^{xyz} superscripts, with \
 * before such characters that are meant; other names as they are, blanks for _; what has no room
 * is cut behind a character. Pictures call so
 * what no column is: q05..q95, eps_g..sd, escape-law and, of models with labels, eps_g of labels.
 */
void ordpar_symbol_short(const char *name, char *text, size_t size);

/** The same with words, as an axis has it: generalization error ε_g. */
void ordpar_symbol_axis(const char *name, char *text, size_t size);

/**
 * A picture's title, "erf, K = 2, M = 2, N = 1024, L = 16, β = 1, η = 0.1", from what its models
 * share: values[count] of the settings of these long names, in any order, and perhaps of "closed
 * form", "starts" and "N", "L" of a given spectrum by their settings' names. Defaults that need no
 * word have none, and what text, of size bytes, has no place for is left out.
 */
void ordpar_title(size_t count, const char *const *names, const char *const *values, char *text,
                  size_t size);

/**
 * Whether pictures give numbers a logarithmic axis: the positive ones from least to greatest, and 0
 * beside them or not; none is negative. axis: x; y; or, of settings that are swept and of what is
 * drawn against them, swept, and "swept y" beside a logarithmic axis of x.
 */
bool ordpar_axis_is_log(const char *axis, double least, double greatest, bool has_zero);

/**
 * True if rows of alpha, values[count] at this stride, are ascending and equally spaced: then their
 * axis is linear, as on a logarithmic one the first of them would lie decades apart.
 */
bool ordpar_axis_is_even(size_t count, const double *values, size_t stride);

/** The width of bins by the rule of Freedman and Diaconis; INFINITY: these numbers say none. */
double ordpar_histogram_width(size_t count, const double *ascending);

/** How many bins of about that width, the least of all lines, a histogram has from *low to *high,
 * which part where they are one. */
size_t ordpar_histogram_bins(double width, double *low, double *high);

/** At how many threads, of `wanted` and 1 at least, models can be computed at once: fewer where the
 * address space has a limit, as each needs room for its linear algebra. */
size_t ordpar_threads_at_once(size_t wanted);

/** Characters of a number with the model's `digits`, with the final zero. */
size_t ordpar_model_width(const ordpar_model *model);

/**
 * Integrates the equations of motion in arbitrary precision: text[count][2][width], alpha and eps_g
 * of each row to `digits` right digits, width as of ordpar_model_width. The rows go from start to
 * stop (decimal text), equally spaced, or in the logarithm if logarithmic is not 0. A number that
 * was set as a double stands for the shortest decimal that reads as it. representation: as on the
 * command line. Errors: those of ordpar_mp_curve and of the model's parts; INVALID for data,
 * spread and training.
 */
ordpar_status ordpar_model_precision(const ordpar_model *model, const char *start, const char *stop,
                                     size_t count, int logarithmic, char *text, ordpar_error *err);

/**
 * The same for a closed form, all but frontier: text[count][2][width], alpha and eps_g, for a
 * curve, else text[columns][width] (start and stop may be NULL), without eta_c_N of critical-eta.
 * Errors: as there.
 */
ordpar_status ordpar_model_closed_form_digits(const ordpar_model *model, const char *name,
                                              const char *start, const char *stop, size_t count,
                                              int logarithmic, char *text, ordpar_error *err);

/**
 * Simulates one-pass SGD: eps_g[count][runs], with the option `runs`. summary[count][4]: mean,
 * its standard error (NAN for one run), least and largest of each row; may be NULL. *rows: how many
 * rows are complete, also on INTERRUPTED. Errors: as ordpar_ensemble_run.
 */
ordpar_status ordpar_model_simulate(const ordpar_model *model, size_t count, const double *alpha,
                                    double *eps_g, double *summary, size_t *rows,
                                    ordpar_error *err);

ORDPAR_DECLARATIONS_END

#endif
