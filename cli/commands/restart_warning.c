// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/command.h"
#include "model/model.h"

#include <stdio.h>

void command_warn_of_restart(const options *parsed, const ordpar_model *model) {
    char words[400], line[2 * ORDPAR_MESSAGE_SIZE];
    ordpar_error said;
    if (parsed->quiet || !ordpar_model_restarts_unasked(model, words, sizeof words))
        return;
    ordpar_fail(&said, ORDPAR_OK,
                "alpha: starts %s; ordpar curve --continue FILE goes on from where FILE was saved",
                words);
    options_message(&said, line, sizeof line);
    fprintf(stderr, "ordpar %s: %s\n", parsed->command->name, line);
}
