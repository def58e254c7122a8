// SPDX-License-Identifier: GPL-3.0-or-later
/** A command line from bytes: words end at a zero byte or a new line. */
#ifndef ORDPAR_FUZZ_COMMAND_WORDS_H
#define ORDPAR_FUZZ_COMMAND_WORDS_H

#include "cli/options/options.h"

enum { COMMAND_WORDS = 64, COMMAND_TEXT = 4096 };

typedef struct {
    char text[COMMAND_TEXT];
    char *words[COMMAND_WORDS + 1]; /* "ordpar", a command, the input's */
    int count;
} command_words;

/** False if the input is too long. */
bool command_words_set(command_words *c, const uint8_t *data, size_t size);

/** Parses them with the options of all commands; see options_parse. */
ordpar_status command_words_parse(command_words *c, options *parsed, ordpar_error *err);

#endif
