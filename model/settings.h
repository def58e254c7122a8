// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The table of settings: one row for each, from which the command line, sweeps, Python, the help,
 * the manual page, completion and files know its name, kind, range, default, choices and meaning.
 * A program may have rows of its own (cli/) beside those of the model; they are read by the same
 * functions. Internal to the project.
 */
#ifndef ORDPAR_SETTINGS_H
#define ORDPAR_SETTINGS_H

#include "base/status.h"
#include "model/grid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    ORDPAR_KIND_REAL,     /* double in [low, high] */
    ORDPAR_KIND_POSITIVE, /* double in (low, high] */
    ORDPAR_KIND_INTEGER,  /* int64_t in [low, high] */
    ORDPAR_KIND_FLAG,     /* bool: yes or no */
    ORDPAR_KIND_CHOICE,   /* int: index into choices */
    ORDPAR_KIND_REALS,    /* ordpar_numbers */
    ORDPAR_KIND_ORDERS,   /* ordpar_numbers: different whole numbers in [low, high] */
    ORDPAR_KIND_GRID,     /* ordpar_grid, values up to high */
    ORDPAR_KIND_TEXT,     /* char *, owned */
    ORDPAR_KIND_FILE,     /* char *, owned: the name of a file */
    ORDPAR_KIND_FILES,    /* ordpar_texts: names of files */
    ORDPAR_KIND_TEXTS     /* ordpar_texts: may be set several times */
} ordpar_kind;

/** count 0: not given. */
typedef struct {
    double *values;
    size_t count;
} ordpar_numbers;

/** Owned texts. */
typedef struct {
    char **items;
    size_t count;
} ordpar_texts;

/** A row. Names are those of the command line, without dashes. */
typedef struct {
    const char *name;
    char letter; /* 0: none */
    ordpar_kind kind;
    unsigned groups;      /* that it is in */
    size_t offset;        /* of the field in the struct of values */
    const char *argument; /* its name in the help; NULL for a flag */
    const char
        *choices; /* a|b|c; of other kinds than CHOICE what a value may begin with; or NULL */
    double low, high;
    const char *initial; /* the default, as text; NULL: none, the field is zero */
    const char *help;
} ordpar_setting;

/** Groups of settings; a computation takes the union of some. */
enum {
    ORDPAR_GROUP_NETWORK = 1 << 0,  /* network and start */
    ORDPAR_GROUP_SPECTRUM = 1 << 1, /* spectrum or data */
    ORDPAR_GROUP_TRAINING = 1 << 2, /* trained outputs, decay, schedule */
    ORDPAR_GROUP_SEED = 1 << 3,
    ORDPAR_GROUP_GRID = 1 << 4,
    ORDPAR_GROUP_TOLERANCE = 1 << 5,
    ORDPAR_GROUP_CURVE = 1 << 6,
    ORDPAR_GROUP_CLOSED_FORM = 1 << 7,
    ORDPAR_GROUP_DIGITS = 1 << 8,
    ORDPAR_GROUP_PRECISION = 1 << 9,
    ORDPAR_GROUP_RUNS = 1 << 10,       /* simulations */
    ORDPAR_GROUP_SIMULATION = 1 << 11, /* simulations by a command of their own */
    ORDPAR_GROUP_COMPARISON = 1 << 12,
    ORDPAR_GROUP_FIT = 1 << 13, /* the spectrum's own command */
    ORDPAR_GROUP_MOMENTS = 1 << 14,
    ORDPAR_GROUP_THREADS = 1 << 15,
    ORDPAR_GROUP_EACH = 1 << 16,
    ORDPAR_GROUP_CHECKPOINT = 1 << 17,
    ORDPAR_GROUP_AGAINST = 1 << 18, /* a comparison's theory */
    ORDPAR_GROUP_DATA = 1 << 19,    /* the data alone */
    ORDPAR_GROUP_MODEL = ORDPAR_GROUP_NETWORK | ORDPAR_GROUP_SPECTRUM | ORDPAR_GROUP_SEED,
    ORDPAR_GROUP_SAVE = 1 << 20,     /* a curve's end */
    ORDPAR_GROUP_CONTINUE = 1 << 21, /* a curve's start */
    ORDPAR_GROUP_SCHEDULE = 1 << 22,
    ORDPAR_GROUP_PROGRAM = 1 << 23 /* from this bit on the program's own */
};

/** The groups that each computation takes. */
enum {
    ORDPAR_CURVE_GROUPS = ORDPAR_GROUP_MODEL | ORDPAR_GROUP_TRAINING | ORDPAR_GROUP_GRID |
                          ORDPAR_GROUP_TOLERANCE | ORDPAR_GROUP_CURVE | ORDPAR_GROUP_MOMENTS |
                          ORDPAR_GROUP_SAVE | ORDPAR_GROUP_CONTINUE | ORDPAR_GROUP_CHECKPOINT |
                          ORDPAR_GROUP_THREADS,
    ORDPAR_ENSEMBLE_GROUPS = ORDPAR_GROUP_MODEL | ORDPAR_GROUP_TRAINING | ORDPAR_GROUP_GRID |
                             ORDPAR_GROUP_RUNS | ORDPAR_GROUP_SIMULATION | ORDPAR_GROUP_THREADS |
                             ORDPAR_GROUP_CHECKPOINT,
    ORDPAR_SIMULATE_GROUPS = ORDPAR_ENSEMBLE_GROUPS | ORDPAR_GROUP_EACH,
    ORDPAR_COMPARE_GROUPS = ORDPAR_ENSEMBLE_GROUPS | ORDPAR_GROUP_TOLERANCE | ORDPAR_GROUP_AGAINST |
                            ORDPAR_GROUP_COMPARISON,
    ORDPAR_FORM_GROUPS = ORDPAR_GROUP_MODEL | ORDPAR_GROUP_GRID | ORDPAR_GROUP_CLOSED_FORM |
                         ORDPAR_GROUP_MOMENTS | ORDPAR_GROUP_DIGITS | ORDPAR_GROUP_SCHEDULE,
    ORDPAR_PRECISION_GROUPS = ORDPAR_GROUP_MODEL | ORDPAR_GROUP_GRID | ORDPAR_GROUP_TOLERANCE |
                              ORDPAR_GROUP_DIGITS | ORDPAR_GROUP_PRECISION | ORDPAR_GROUP_SCHEDULE,
    ORDPAR_SPECTRUM_GROUPS = ORDPAR_GROUP_SPECTRUM | ORDPAR_GROUP_FIT | ORDPAR_GROUP_SEED,
    ORDPAR_REPORT_GROUPS = ORDPAR_GROUP_MODEL,
    ORDPAR_SWEEP_GROUPS = ORDPAR_GROUP_MODEL | ORDPAR_GROUP_TRAINING | ORDPAR_GROUP_GRID |
                          ORDPAR_GROUP_TOLERANCE | ORDPAR_GROUP_RUNS | ORDPAR_GROUP_AGAINST |
                          ORDPAR_GROUP_THREADS | ORDPAR_GROUP_CHECKPOINT | ORDPAR_GROUP_CONTINUE
};

/** The bit that an enumerator has not. */
#define ORDPAR_GROUP_OPTIMUM (1u << 31)
#define ORDPAR_OPTIMUM_GROUPS                                                                      \
    (ORDPAR_GROUP_MODEL | ORDPAR_GROUP_TRAINING | ORDPAR_GROUP_TOLERANCE | ORDPAR_GROUP_OPTIMUM)

/** A computation by its name, and the groups of settings that it takes. */
typedef struct {
    const char *name;
    unsigned groups;
} ordpar_computation;

/** All of them; the last has no name. */
extern const ordpar_computation ordpar_computations[];

/** A table of rows; all functions below take one. */
typedef struct {
    const ordpar_setting *rows;
    size_t count;
} ordpar_setting_table;

/** The model's table; its values are ordpar_values (model_internal.h). */
extern const ordpar_setting_table ordpar_model_settings;

/** Room for the model's rows. */
enum { ORDPAR_MAX_SETTINGS = 96 };

/** True for a setting that is one number, whole or not. */
bool ordpar_setting_is_number(const ordpar_setting *row);

/** True if the text, a default, stands for none: -1 where numbers are from 0 on. */
bool ordpar_setting_is_none(const ordpar_setting *row, const char *text);

/** The row of a name, or of a letter given as a name of one character; NULL: there is none. */
const ordpar_setting *ordpar_setting_find(const ordpar_setting_table *table, const char *name);

/**
 * Sets the row's field in *values from text. A flag is yes or no. Errors: INVALID, "NAME: must be
 * .., got '..'", MEMORY; the field is then as it was.
 */
ordpar_status ordpar_setting_read(const ordpar_setting *row, const char *text, void *values,
                                  ordpar_error *err);

/** Refuses a list of numbers, or of what has some, one of which begins as 05: it stood behind a
 * decimal comma. text NULL: there is none. Errors: INVALID. */
ordpar_status ordpar_setting_check_commas(const ordpar_setting *row, const char *text,
                                          ordpar_error *err);

/** Sets all fields to their defaults; *values is zeroed before. Errors: MEMORY. */
ordpar_status ordpar_settings_reset(const ordpar_setting_table *table, void *values,
                                    ordpar_error *err);

/** Copies all fields, with memory of their own; *to is zeroed before. Errors: MEMORY. */
ordpar_status ordpar_settings_copy(const ordpar_setting_table *table, const void *from, void *to,
                                   ordpar_error *err);
void ordpar_settings_clear(const ordpar_setting_table *table, void *values);

/** Zeroes one field and frees what it holds. */
void ordpar_setting_clear(const ordpar_setting *row, void *values);

/** The range in words, as "a finite number > 0". */
void ordpar_setting_requirement(const ordpar_setting *row, char *text, size_t size);

#endif
