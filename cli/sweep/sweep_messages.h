// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Messages between the processes of a sweep, as a table of operations. MPI and its many libraries
 * stand behind it, in a module that only a sweep under a launcher loads.
 */
#ifndef ORDPAR_CLI_SWEEP_MESSAGES_H
#define ORDPAR_CLI_SWEEP_MESSAGES_H

#include <stdbool.h>

typedef struct {
    /** False: cannot be started. *threads: several threads may take turns. */
    bool (*begin)(int *rank, int *size, bool *threads);
    void (*end)(void);
    /** Ends all processes. */
    void (*abandon)(void);
    /** The least of all processes' numbers. */
    int (*least)(int mine);
    /** data of process `from` to all. */
    void (*broadcast)(void *data, int bytes, int from);
    void (*send)(const void *data, int bytes, int to, int tag);
    /** Waits for a message; its bytes. */
    int (*wait)(int from, int tag);
    void (*receive)(void *data, int bytes, int from, int tag);
    /** Whether a message of any process is there, whose and which. */
    bool (*arrived)(int *from, int *tag);
} sweep_messages;

/** The module's name for its table. */
extern const sweep_messages ordpar_sweep_messages;

#endif
