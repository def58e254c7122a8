// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_words.h"

#include "cli/commands/command.h"

#include <getopt.h>
#include <string.h>

bool command_words_set(command_words *c, const uint8_t *data, size_t size) {
    static char program[] = "ordpar", name[] = "fuzz";
    if (size + 1 > sizeof c->text)
        return false;
    memcpy(c->text, data, size);
    c->text[size] = '\0';
    c->count = 0;
    c->words[c->count++] = program;
    c->words[c->count++] = name;
    for (size_t k = 0; k <= size && c->count < COMMAND_WORDS; k++) {
        if (c->text[k] == '\n')
            c->text[k] = '\0';
        if (k < size && (k == 0 || c->text[k - 1] == '\0'))
            c->words[c->count++] = c->text + k;
    }
    c->words[c->count] = NULL;
    return true;
}

ordpar_status command_words_parse(command_words *c, options *parsed, ordpar_error *err) {
    static const command fuzz = {.name = "fuzz", .groups = ~0U, .max_arguments = COMMAND_WORDS};
    char *none[] = {c->words[0], NULL};
    optind = 0; /* getopt forgets the word it stopped in */
    (void)getopt(1, none, "");
    return options_parse(c->count, c->words, &fuzz, parsed, err);
}
