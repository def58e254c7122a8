// SPDX-License-Identifier: GPL-3.0-or-later
/** The table behind options.h; see options_table.c. */
#ifndef ORDPAR_CLI_OPTIONS_TABLE_H
#define ORDPAR_CLI_OPTIONS_TABLE_H

#include "options.h"

typedef enum {
    KIND_REAL,     /* double in [low, high] */
    KIND_POSITIVE, /* double in (low, high] */
    KIND_INTEGER,  /* int64_t in [low, high] */
    KIND_CHOICE,   /* int: index into choices */
    KIND_FLAG,     /* bool, no argument */
    KIND_TEXT,     /* const char * */
    KIND_REALS,    /* number_list */
    KIND_ORDERS,   /* number_list of whole numbers in [low, high] */
    KIND_GRID,     /* grid */
    KIND_TEXTS     /* text_list: the option may be given several times */
} option_kind;

typedef struct {
    const char *name; /* long name */
    char letter;      /* short name or 0 */
    option_kind kind;
    unsigned groups;
    size_t offset;        /* of the field in options */
    const char *argument; /* its name in the help */
    const char *choices;  /* KIND_CHOICE: a|b|c */
    double low, high;
    const char *help;
} option_entry;

/** The entry of a long name, or of a short one of one letter; NULL: there is none. */
const option_entry *option_find(const char *name);

/**
 * Sets one option from text, as if given on the command line; text must outlive *parsed. A flag is
 * set by "yes" and unset by "no". Returns -1, or EXIT_USAGE after one line.
 */
int options_set(options *parsed, const option_entry *entry, const char *text);

/** A copy that has its own lists; cleared by options_clear. False: out of memory. */
bool options_copy(const options *from, options *to);

/** The default of an option as text; empty where there is none to tell. */
void option_default_text(const option_entry *entry, char *text, size_t size);

/** Help of an option with its choices and default: at most size characters. */
void option_help_text(const option_entry *entry, char *text, size_t size);

/** The order in which help shows the groups. */
typedef struct {
    unsigned groups;
    const char *title;
} option_section;

extern const option_section option_sections[];
extern const size_t option_section_count;

extern const option_entry option_table[];
extern const size_t option_count;
extern const options option_defaults;

#endif
