// SPDX-License-Identifier: GPL-3.0-or-later
/** The options of training: --train-output, --eta-v, --weight-decay, --schedule. */
#ifndef ORDPAR_CLI_TRAINING_H
#define ORDPAR_CLI_TRAINING_H

#include "network.h"
#include "options.h"
#include "table.h"

enum { TRAINING_ETA_SIZE = 64 };

/** Sets network->training, and eta where a schedule's file gives it. Returns -1 or an exit code. */
int training_set(const options *parsed, ordpar_network *network);

/** eta as a number, or, where a file gives it, in words: for notes. */
void training_eta_text(const ordpar_network *network, char text[TRAINING_ETA_SIZE]);

/** What follows the symbol of eta in a picture's title: "= .." or where it comes from. */
void training_eta_title(const ordpar_network *network, char text[TRAINING_ETA_SIZE]);

/** Adds a note for each of them that is used. */
void training_notes(table *t, const options *parsed, const ordpar_network *network);

#endif
