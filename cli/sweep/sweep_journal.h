// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The journal of a sweep: the rows that are complete, in the order in which they came. A text file:
 * a first line with a key, lines with # that say what the key stands for (older ones have none),
 * then one line a row, with a digest. Lines are only ever added. A line that was cut short by a
 * crash, or is damaged, counts as not written.
 */
#ifndef ORDPAR_CLI_SWEEP_JOURNAL_H
#define ORDPAR_CLI_SWEEP_JOURNAL_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
    FILE *file;
    char *path;
    uint64_t key;
    const char *known; /* by reference; or NULL */
    double synced;     /* seconds of a clock: when it was last flushed to the disk */
    bool unsynced;     /* something was written since */
} sweep_journal;

/** Given each complete row of the file. False: no row of this sweep; it is passed over. */
typedef bool (*sweep_journal_visit)(void *context, size_t point, const char *row);

/**
 * Opens or makes the journal, locks it against other processes, and visits what it has. known: the
 * lines that the key stands for, of which an error says the first that differs; or NULL.
 * Errors: IO (also: in use), PARSE (no journal, or one with another key), MEMORY. The caller closes
 * it in every case.
 */
ordpar_status sweep_journal_open(sweep_journal *journal, const char *path, uint64_t key,
                                 const char *known, sweep_journal_visit visit, void *context,
                                 ordpar_error *err);

/** Visits what a journal has, if there is one, and leaves it as it is. Errors: IO, PARSE, MEMORY.
 */
ordpar_status sweep_journal_look(const char *path, uint64_t key, const char *known,
                                 sweep_journal_visit visit, void *context, ordpar_error *err);

/** Adds a row, without control characters; it is in the file when this returns. Errors: IO. */
ordpar_status sweep_journal_add(sweep_journal *journal, size_t point, const char *row,
                                ordpar_error *err);

/** Closes it and removes the file. */
void sweep_journal_remove(sweep_journal *journal);

/** Closes it, flushed to the disk; the file stays. A zeroed struct is fine. */
void sweep_journal_close(sweep_journal *journal);

#endif
