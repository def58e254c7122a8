// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ORDPAR_CLI_PICTURE_SETTINGS_H
#define ORDPAR_CLI_PICTURE_SETTINGS_H

#include "cli/output/picture_internal.h"
#include "model/parts.h"

#include <stdbool.h>

/** Of settings that tell models apart, and of what a spectrum is made by. */
bool picture_is_told(const ordpar_setting *row);

/** The row of a setting. */
size_t picture_row_of(const char *name);

/** The model of a source, by rows of settings. */
typedef struct {
    char *line; /**< its settings line, cut into words; NULL: it has none */
    const char *values[ORDPAR_MAX_SETTINGS];
    const char *digests[ORDPAR_MAX_SETTINGS]; /**< 16 characters of what is in the files that they
                                                 name; NULL: not known */
    bool unseeded;                            /**< nothing is drawn */
    bool continues;    /**< what its line does not say is that of the run that it goes on from */
    bool starts_given; /**< from overlaps */
    bool is_curve;     /**< one, in double precision, of one start: others may go on from it */
    size_t begun_by;   /**< the source that has this run's begin; its own number where none has */
    double begin, end; /**< of alpha */
} picture_settings;

/** Those of all sources; the lines are the caller's to free, zeroed before. Of a run in parts what
 * goes on has the settings of what it goes on from, which is what ends last of those that nothing
 * contradicts. Errors: MEMORY. */
ordpar_status picture_read_settings(const picture_choice *choices, size_t count,
                                    picture_settings *all, ordpar_error *err);

/** Without notes nothing is known; nor what a run took over with the state that it goes on from,
 * where no digest of it is noted. What is not known contradicts nothing. */
bool picture_is_unknown(const picture_settings *s, size_t row);

/** The same value; of files, by what is in them. What starts from given overlaps, without a seed,
 * is the theory of each. */
bool picture_same_setting(const picture_settings *a, const picture_settings *b, size_t row);

/** Both have a setting of the model, which is not the same; said or not, what is not there is. */
bool picture_contradicts(const picture_settings *a, const picture_settings *b, size_t row);

/** What is not there needs no word: no flag, no decay, no schedule. */
bool picture_is_absent(const ordpar_setting *row, const char *value);

/** Nothing that both say contradicts; what has no notes is no other source's model. */
bool picture_same_model(const picture_settings *a, const picture_settings *b);

/** The source with which a source's run begins. */
size_t picture_first_of(const picture_settings *all, size_t k);

#endif
