// SPDX-License-Identifier: GPL-3.0-or-later
/** What was probably meant by commands, options and values that are refused. */
#ifndef ORDPAR_CLI_HINTS_H
#define ORDPAR_CLI_HINTS_H

#include "cli/options/options.h"

/** Refuses a word that is none of these commands. */
ordpar_status hint_command(const char *word, const command *commands, size_t count,
                           ordpar_error *err);

/** Refuses an option, as getopt_long found it: its code (':' or '?'), the word, and the letter or
 * the code that it was looked for by. */
ordpar_status hint_option(const command *c, int code, const char *word, int unknown,
                          ordpar_error *err);

/** What stands for an option that a command has not, in words; NULL: nothing does. */
const char *hint_instead(const char *of, const char *name);

/** The setting of these groups that was probably meant by a name that is none; NULL: none. */
const char *hint_meant(unsigned groups, const char *name);

/** Refuses a letter as a long name, which getopt would take for the begin of one, where there is
 * the option of its capital: `--k` for -K; else OK. */
ordpar_status hint_letter(const command *c, const char *word, ordpar_error *err);

/** Refuses an argument that a command does not take. */
ordpar_status hint_argument(const command *c, const char *word, ordpar_error *err);

/** True for a range as others write it, 1-200 or 1..200, of a setting that is a number; range
 * receives it as a sweep takes it. */
bool hint_range(const ordpar_setting *row, const char *text, char *range, size_t size);

/** Adds to the refusal of several values of a setting where these belong. Returns INVALID. */
ordpar_status hint_several(const command *c, const ordpar_setting *row, const char *values,
                           const char *refused, ordpar_error *err);

/** Adds to the refusal of a value, which has this status, where it belongs, if it does. */
ordpar_status hint_value(const command *c, const ordpar_setting *row, const char *text,
                         ordpar_status status, ordpar_error *err);

#endif
