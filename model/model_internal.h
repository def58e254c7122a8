// SPDX-License-Identifier: GPL-3.0-or-later
/** A model: values of its settings, and arrays that were given in place of files. Internal. */
#ifndef ORDPAR_MODEL_INTERNAL_H
#define ORDPAR_MODEL_INTERNAL_H

#include "model/model.h"
#include "model/settings.h"
#include "model/source.h"
#include "solver/state/overlaps.h"
#include "solver/steps/integrate.h"
#include "spectra/spectrum/spectrum.h"

#include <stdatomic.h>
#include <stdio.h>

/** Choices of `orders`. */
typedef enum { ORDPAR_ORDERS_LOWEST, ORDPAR_ORDERS_ALL } ordpar_orders;

/** The values of ordpar_model_settings, in the order of its rows. */
typedef struct {
    char *activation, *teacher_activation; /* teacher_activation NULL: the same */
    int64_t K, M, N, L;
    double beta, teacher_decay;
    char *spectrum;
    bool normalise;
    double spread;
    int64_t spread_parts;
    ordpar_texts data;
    char *array, *labels;
    double eta, sigma_J, label_noise;
    ordpar_numbers student_output, teacher_output, unlearnable;
    int64_t trainable; /* -1: all */
    bool small_eta, train_output;
    double eta_v, weight_decay;
    char *schedule, *momentum;
    int64_t batch;
    double batch_fraction; /* 0: not so */
    char *tasks;
    int init, teacher;          /* ordpar_init, ordpar_teacher */
    int64_t seed, teacher_seed; /* teacher_seed -1: a teacher for each run */
    char *overlaps;
    ordpar_grid alpha;
    double rtol, atol;
    int integrator;        /* ordpar_integrator_choice */
    double eta_max, until; /* 0: not given */
    int64_t knots;
    ordpar_numbers moments;
    bool report, continuum, fluctuations;
    char *columns;
    int orders; /* ordpar_orders */
    ordpar_grid compute;
    int64_t digits;
    int representation; /* ordpar_mp_representation */
    double max_error;   /* 0: none */
    ordpar_numbers sizes;
    char *fit, *generate;
    int method; /* ordpar_method */
    int64_t runs, threads;
    bool each;
    char *checkpoint;
    bool keep_partial;
    int against;  /* ordpar_against */
    double max_z; /* 0: none */
    char *continued, *save_overlaps;
} ordpar_values;

struct ordpar_model {
    ordpar_values value;
    bool given[ORDPAR_MAX_SETTINGS]; /* by row */
    bool
        alike[ORDPAR_MAX_SETTINGS]; /* by row: it is that of the file `like`, perhaps its default */
    bool none[ORDPAR_MAX_SETTINGS]; /* by row: "none", which `like` does not change */
    char *text[ORDPAR_MAX_SETTINGS];   /* that it was set from, or shortest decimals of what it was
                                          set to; NULL: the default */
    ordpar_spectrum spectrum;          /* L = 0: not given as arrays */
    ordpar_overlaps overlaps;          /* K = 0: not given as arrays */
    ordpar_source *data;               /* read before; NULL: not */
    struct ordpar_curve_state *origin; /* what `continue` goes on from; NULL: not read */
    atomic_size_t told_blocks;         /* by ordpar_model_blocks; 0: it was not asked */
    const volatile sig_atomic_t *stop; /* may be NULL */
    ordpar_model_progress progress;    /* may be NULL */
    void *context;                     /* for progress */
    ordpar_model_warning warning;      /* may be NULL */
    void *warned;                      /* for warning */
    bool trial; /* of what a run takes: failures tell nothing of its rows, which nobody keeps */
};

/** A copy of its own. Errors: INVALID, MEMORY. */
ordpar_status ordpar_model_copy_spectrum(const ordpar_spectrum *spectrum, ordpar_spectrum *copy,
                                         ordpar_error *err);

/** Spectrum and overlaps that were given as arrays. */
ordpar_status ordpar_model_copy_arrays(const ordpar_model *from, ordpar_model *to,
                                       ordpar_error *err);

/** True if any setting of these groups was set. */
bool ordpar_model_given_any(const ordpar_model *model, unsigned groups);

/** True if the setting is that of the file `like`: whoever refuses it says so. */
bool ordpar_model_is_alike(const ordpar_model *model, const char *name);

/** True for what a model can be without, so that "none" leaves out what `like` has of it. */
bool ordpar_setting_can_be_none(const ordpar_setting *row);

/** True if the settings of the run that goes on, which are now the model's, have this one. */
bool ordpar_model_origin_has(const ordpar_model *model, const char *name);

/** True if the spectrum is the power law of N, L and beta, also that of a run that goes on. */
bool ordpar_model_is_power_law(const ordpar_model *model);

/** True if the starting overlaps are given, as arrays or a file. */
bool ordpar_model_has_overlaps(const ordpar_model *model);

/** What messages call the given overlaps: their file, or words. */
const char *ordpar_model_overlaps_name(const ordpar_model *model);

/** Threads for a computation: the setting, or one a core. */
int ordpar_model_threads(const ordpar_model *model);

/** Who makes the steps: the setting. */
ordpar_integrator_choice ordpar_model_integrator(const ordpar_model *model);

/** Warns that a checkpoint cannot be written, if anybody wants to know. */
void ordpar_model_warn_unsaved(const ordpar_model *model, const char *reason);

/** Warns of something else, likewise. */
void ordpar_model_warn(const ordpar_model *model, const char *text);

/** Tells the progress, if anybody wants to know; text may be NULL. */
void ordpar_model_tell(const ordpar_model *model, double fraction, const char *text);

/**
 * The model's groups of settings as one line: those that were set, then "; default: " and the rest
 * that counts: name=value, values with blanks or quotes in single quotes. without: rows that do not
 * count, or NULL: none. The caller frees it.
 */
ordpar_status ordpar_model_settings_text(const ordpar_model *model, unsigned groups,
                                         const bool *without, char **text, ordpar_error *err);

/** Sets what such a line says, but not what is given already. Errors: PARSE, INVALID, MEMORY. */
ordpar_status ordpar_model_read_settings_text(ordpar_model *model, const char *text,
                                              ordpar_error *err);

/** A word of such a line. */
typedef struct {
    const char *name, *value; /* value NULL: no setting */
    bool is_default;
} ordpar_settings_word;

/** Takes the next word off a line, in place; *word is zeroed before the first. False at the end. */
bool ordpar_settings_next(char **rest, ordpar_settings_word *word);

/** What stands behind NAME= in such a line, or in one of digests; NULL: that is not there, or no
 * line is. */
const char *ordpar_settings_value_of(const char *line, const char *name);

/** True if NAME=ROW= begins a list of values of both, which are numbers or of one kind: behind a
 * setting that takes names of files eta=0.1.csv is one. before NULL: there is none. */
bool ordpar_settings_can_share(const ordpar_setting *before, const ordpar_setting *row);

/** The next of the names before a list of values, as of K=M=2,3, behind which *rest is set; NULL:
 * there are no more. before: the last one, NULL at the beginning. */
const ordpar_setting *ordpar_settings_next_axis(const char **rest, const ordpar_setting *before);

/** Writes a word: name=value, the value in single quotes where it needs them. */
void ordpar_settings_put(FILE *file, const char *name, const char *value);

/** True for a word that says what a sweep is of, not what its points have in common. */
bool ordpar_settings_of_sweep(const ordpar_settings_word *word);

/** True for the same number, or the same words, or NULL twice. */
bool ordpar_settings_same(const char *a, const char *b);

/** True for a value, of values by rows, that says what is so without it: schedule=constant, the
 * student's activation of the teacher, all components trained, the usual output weights, the array
 * X of data. */
bool ordpar_setting_is_usual(const char *const *values, const ordpar_setting *row);

/** The values in a line of settings, which is cut into them, by rows; those of others stay. */
void ordpar_settings_split(char *line, const char *values[ORDPAR_MAX_SETTINGS]);

/** Puts the initial values in the place of such ones. */
void ordpar_settings_leave_usual(const char *values[ORDPAR_MAX_SETTINGS]);

/** True if name is one of names, which blanks separate. */
bool ordpar_settings_among(const char *names, const char *name);

/** A value in a message: several files in short; of NULL "none". */
void ordpar_setting_words(const char *name, const char *value, char *text, size_t size);

/** Refuses a setting beside a file that has another value of it, or none. */
ordpar_status ordpar_settings_contradict(const char *name, const char *here, const char *path,
                                         const char *there, ordpar_error *err);

/** In the place of a value that is an array. */
#define ORDPAR_SETTINGS_ARRAY "(array)"

/** A setting, and whether it is in use. */
typedef struct {
    const char *name;
    bool is_used;
} ordpar_use;

/** Those in use, as "a, b and c"; returns how many they are. */
size_t ordpar_uses_list(size_t count, const ordpar_use *uses, char *text, size_t size);

/** Sets what a word says; a default without the mark that it was given. */
ordpar_status ordpar_model_take_setting(ordpar_model *model, const ordpar_settings_word *word,
                                        ordpar_error *err);

/** What a file of the program says of its model. */
typedef struct {
    char *settings;    /* the line; NULL: it has none */
    char *files;       /* of ordpar_model_named_files; may be NULL */
    char *swept_files; /* lines "PATH, digest DIGEST" of what was swept over; may be NULL */
    const bool *own;   /* by row: of what is set, that which is the file's; may be NULL */
    unsigned groups;   /* of the settings that its reader takes; 0: all */
    bool rates; /* beside it schedules are swept that are all files, and have eta themselves */
} ordpar_like;

/** That of a file of the program, CSV or JSON, or of a JSON object of settings, in *like, whose
 * texts the caller frees. Errors, with like: before them: IO, PARSE, MEMORY. */
ordpar_status ordpar_like_read(const char *path, ordpar_like *like, ordpar_error *err);
void ordpar_like_clear(ordpar_like *like);

/** Of overlaps that are arrays. */
uint64_t ordpar_model_digest_of_overlaps(const ordpar_model *model);

/** "schedule=DIGEST tasks=DIGEST": of what is in the files that the model's settings of these
 * groups name, of a spectrum and overlaps that are arrays, and of the spectrum, data and overlaps
 * of a run that was read to go on from; what is no file is left out. The caller frees *text.
 * Errors: IO, MEMORY. */
ordpar_status ordpar_model_named_files(const ordpar_model *model, unsigned groups, char **text,
                                       ordpar_error *err);

/** Refuses files with another content than that line says, but for the settings without[]. path:
 * where it stands. Errors: INVALID, IO. */
ordpar_status ordpar_model_check_files(const ordpar_model *model, const bool *without,
                                       const char *files, const char *path, ordpar_error *err);

/** True if the setting of that name names what has the digest that such a line has for it, whatever
 * its name; files NULL: it has none. */
bool ordpar_model_is_content(const ordpar_model *model, const char *name, const char *files);

/** The file that setting k names, as it was given, by number from 0 where there may be several;
 * NULL: there are no more. */
const char *ordpar_model_file(const ordpar_model *model, size_t k, size_t number);

/** Its path, without the name of an array behind it, which the caller frees; NULL: there are no
 * more. Errors: MEMORY. */
ordpar_status ordpar_model_path(const ordpar_model *model, size_t k, size_t number, char **path,
                                ordpar_error *err);

/** Shows all of them, with the setting's name, until one is refused. Errors: those of visit;
 * MEMORY. */
typedef ordpar_status (*ordpar_file_visitor)(void *context, const char *name, const char *path,
                                             ordpar_error *err);
ordpar_status ordpar_model_each_file(const ordpar_model *model, ordpar_file_visitor visit,
                                     void *context, ordpar_error *err);

/** Refuses standard input and pipes as files: what is in them is read once. Errors:
 * IO, MEMORY. */
ordpar_status ordpar_model_check_lasting(const ordpar_model *model, ordpar_error *err);

/** Overlaps are written as CSV: refuses names of what is not. path: NULL for none. */
ordpar_status ordpar_saved_name_check(const char *path, ordpar_error *err);

/** Refuses a file of `save-overlaps` that is also read, but for the state that the curve starts
 * from, or that is the checkpoint. Errors: INVALID. */
ordpar_status ordpar_model_check_saved(const ordpar_model *model, ordpar_error *err);

/** Sets what the line of settings says, but not what is given already, nor what that leaves no
 * place for, which is told as a warning; path: what it calls the file; NULL: it is not told.
 * Errors: PARSE, INVALID, MEMORY. */
ordpar_status ordpar_like_take_settings(ordpar_model *model, const char *path,
                                        const ordpar_like *like, ordpar_error *err);

/** Marks the settings that what the model has leaves no place for, whatever the file says of them.
 * Errors: MEMORY. */
ordpar_status ordpar_like_find_aside(ordpar_model *model, const ordpar_like *like,
                                     bool aside[ORDPAR_MAX_SETTINGS], ordpar_error *err);

/** Sets what the file of that path says, as ordpar_model_like does. */
ordpar_status ordpar_like_take(ordpar_model *model, const char *path, const ordpar_like *like,
                               ordpar_error *err);

/** The same as ordpar_like_read of an open stream. */
ordpar_status ordpar_like_of_stream(FILE *file, ordpar_like *like, ordpar_error *err);

/** Reads what the setting `continue` names, if it is given and was not read: its settings, which
 * those given beside it must agree with, and the state that a curve goes on from. Errors: IO,
 * PARSE, INVALID, MEMORY. */
ordpar_status ordpar_model_continue(ordpar_model *model, ordpar_error *err);

/** The same for a model that is only read: *own is a copy that has it, which the caller frees;
 * NULL where there is nothing to read. Errors: as there. */
ordpar_status ordpar_model_resolve(const ordpar_model *model, ordpar_model **own,
                                   ordpar_error *err);

/** True if the model begins at alpha = 0 from given overlaps, with rows that begin later; words:
 * what that means. *good becomes false if out of memory for what the file says of it. */
bool ordpar_model_restarts(const ordpar_model *model, char *words, size_t size, bool *good);

/** Refuses `continue`, for what does not go on. */
ordpar_status ordpar_model_check_continued(const ordpar_model *model, ordpar_error *err);

/** Refuses what this machine cannot hold. Errors: MEMORY's sibling INVALID, with the sizes. */
ordpar_status ordpar_model_check_memory(const ordpar_model *model, size_t L, double bytes,
                                        ordpar_error *err);

#endif
