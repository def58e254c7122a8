// SPDX-License-Identifier: GPL-3.0-or-later
/** Settings of which one takes the place of others. Sets of settings are flags by their rows.
 * Internal. */
#ifndef ORDPAR_REPLACED_H
#define ORDPAR_REPLACED_H

#include "model/model_internal.h"

/** True if the setting of that name is in the set. */
bool ordpar_setting_is_among(const bool *set, const char *name);

/** What is given as an array, or was read before, in the place of a text. */
bool ordpar_model_has_array(const ordpar_model *model, const char *name);

/** What is set: arrays take the place of files. */
void ordpar_model_find_given(const ordpar_model *model, bool given[ORDPAR_MAX_SETTINGS]);

/** True if the setting of that name is not meant where these are given. */
bool ordpar_setting_is_replaced(const ordpar_model *model, const bool *given, const char *name);

/** Which of the given settings takes the place of that one; NULL: none. pairs: settings that stand
 * together elsewhere, as a data set and the number of its components do, and stay so. */
const char *ordpar_setting_replaced_by(const ordpar_model *model, const bool *given,
                                       const bool *pairs, const char *name);

/** The other way round: which of the given settings the word leaves no place for, so that it is not
 * meant itself; NULL: none. */
const char *ordpar_setting_in_place_of(const bool *given, const ordpar_settings_word *word);

#endif
