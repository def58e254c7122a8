// SPDX-License-Identifier: GPL-3.0-or-later
/** From the settings of a model to spectrum, network and start. Internal. */
#ifndef ORDPAR_PARTS_H
#define ORDPAR_PARTS_H

#include "model/labels.h"
#include "model/model_internal.h"
#include "model/table.h"
#include "solver/state/network.h"
#include "solver/steps/integrate.h"
#include "validation/simulate/simulation.h"

/** What the settings stand for; zeroed before it is made. */
typedef struct {
    ordpar_spectrum spectrum; /* split where `trainable` cuts a block */
    size_t trained_blocks;
    bool generates;   /* in: the setting `generate` has a place here */
    bool teaches;     /* the teacher weights are the generator's, and .. */
    double generated; /* .. this is the T_perp that belongs to them */
    bool cut; /* `trainable` cuts a block: the last trained one and the next share its rank */
    ordpar_activation *activations[2]; /* made for the student and the teacher; NULL: none was */
    ordpar_network network;
    double eta_max; /* its rate is a function of alpha that is looked for, up to this; 0: not so */
    ordpar_overlaps start;        /* K = 0: none was made */
    bool deviation;               /* start is that of W = J - B (integrate.h) */
    double start_alpha;           /* where start is */
    ordpar_deviations deviations; /* beside it, where a run goes on; then where a curve has come */
    ordpar_source data; /* at its first example; empty: no data. Owned unless the model's */
    bool owns_data;
    bool other_outputs;     /* given overlaps have other output weights than the tasks, or `like` */
    bool other_unlearnable; /* .. and another covariance of what the inputs do not show than `like`
                             */
    ordpar_labels labels;   /* of the data; outputs 0: they are not the target */
} ordpar_parts;

/** The spectrum, spread and split, and the data. The caller clears *parts in every case. */
ordpar_status ordpar_parts_spectrum(const ordpar_model *model, ordpar_parts *parts,
                                    ordpar_error *err);

/** The same but for `continue`, whose spectrum may stand beside it. */
ordpar_status ordpar_parts_spectrum_given(const ordpar_model *model, ordpar_parts *parts,
                                          ordpar_error *err);

/** What the setting `generate` stands for, but for `teacher-decay` where it is not the generator's.
 */
ordpar_status ordpar_parts_generate(const ordpar_model *model, ordpar_parts *parts,
                                    ordpar_error *err);

/** True if that kind of `generate` has no use for the setting of that name, also not its default.
 */
bool ordpar_generate_has_no(const char *generate, const char *name);

/** Says that `generate` is for the computation spectrum alone. */
ordpar_status ordpar_generate_refuse(ordpar_error *err);

/** Says that the file like is of optimize, and has no eta. */
ordpar_status ordpar_eta_refuse(ordpar_error *err);

/** The network. activation: the one to take where none was given; NULL: the setting's default. */
ordpar_status ordpar_parts_network(const ordpar_model *model, const ordpar_activation *activation,
                                   ordpar_parts *parts, ordpar_error *err);

/** Both. */
ordpar_status ordpar_parts_init(const ordpar_model *model, const ordpar_activation *activation,
                                ordpar_parts *parts, ordpar_error *err);

/**
 * The start, at parts whose spectrum and network are there: given overlaps, with their output
 * weights, or a drawn or mean one. may_deviate: where a start near the teacher has deviation
 * coordinates, it is that of W = J - B, and parts->deviation is true.
 */
ordpar_status ordpar_parts_start(const ordpar_model *model, bool may_deviate, ordpar_parts *parts,
                                 ordpar_error *err);

/** The output weights that overlaps have, if they do, become the network's. name: of the setting
 * that they come from. Errors: INVALID (of another number of tasks). */
ordpar_status ordpar_parts_take_outputs(const ordpar_overlaps *overlaps, ordpar_parts *parts,
                                        const char *name, ordpar_error *err);

/** Spectrum, network and start for an integration: also checks memory and that the activation has
 * the orders in eta that are asked for. */
ordpar_status ordpar_parts_for_equations(const ordpar_model *model, bool may_deviate,
                                         ordpar_parts *parts, ordpar_error *err);

void ordpar_parts_clear(ordpar_parts *parts);

/** The facts that every output has: model, training, seed, spread, data. */
void ordpar_parts_facts(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t);

/** Of the activations: how far a fit is from its function. */
void ordpar_activation_facts(const ordpar_parts *parts, ordpar_table *t);

/** Says so where fields of parts->start, which is that or the end of a run, leave the range of a
 * fit. */
void ordpar_activation_range_fact(const ordpar_parts *parts, bool is_start, ordpar_table *t);

/** Of the spectrum alone: its data, and a given trace that is not N. */
void ordpar_spectrum_facts(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t);

/** Text that a picture's title shows as it is: what would be mark-up escaped. */
void ordpar_title_escape(const char *plain, char *text, size_t size);

enum { ORDPAR_FILE_NAME = 200 };

/** Writes a file's name, of ORDPAR_FILE_NAME bytes; a shorter one where it is one of several. */
typedef void ordpar_namer(const void *context, const char *path, bool several, char *name);

/** The names of files, of which files has a line each: "a, b", of many "a .. z (26 files)". namer
 * NULL: as they are. */
void ordpar_file_names(const char *files, ordpar_namer *namer, const void *context, char *text,
                       size_t size);

/** The colon of FILE:ARRAY, as labels have it, by the text alone; NULL: it is FILE. */
const char *ordpar_array_of(const char *file);

/** A setting's value as it was typed: escaped, and 1e-4 as a power of ten; of -1 that is none what
 * it means. name: of the setting or a column. */
void ordpar_symbol_value(const char *name, const char *plain, char *text, size_t size);

/** True if the text of the setting `schedule` names a file. */
bool ordpar_schedule_is_file(const char *text);

/** True if a setting of the kind file, of that name, names a file by that text. */
bool ordpar_setting_names_file(const char *name, const char *text);

/** The simulation of the model's parts, which it refers to. */
ordpar_simulation ordpar_parts_simulation(const ordpar_model *model, const ordpar_parts *parts);

#endif
