// SPDX-License-Identifier: GPL-3.0-or-later
/** Progress on standard error, when that is a terminal; and the flag that SIGINT raises. */
#ifndef ORDPAR_CLI_PROGRESS_H
#define ORDPAR_CLI_PROGRESS_H

#include "cli/options/options.h"

#include <signal.h>

/** Not 0 once the user pressed Ctrl-C; another one, after a second, ends the program. */
extern volatile sig_atomic_t interrupted;

/** Installs the handlers: SIGINT, SIGTERM and SIGHUP raise the flag, and end the program within a
 * call that looks at no flag for long (base/long_call.h), before which nothing is half written; a
 * closed pipe or a file size limit is an error of the write. */
void progress_handle_signals(void);

/** What a signal that ends the program at once says to be interrupted; once. */
void progress_name(const char *name);

/** While it is on, the first signal ends the program, with status 130: for what does not look at
 * the flag and has written nothing yet. */
void progress_leave_at_once(bool on);

/** True if standard error is a terminal that takes no more words at present: it was stopped, or
 * nobody reads it. */
bool progress_is_stuck(void);

/** Whether anybody would see it: the words of each step take a quarter of a short curve's time. */
bool progress_is_shown(const options *parsed);

/** Shows "COMMAND: TEXT (n %)" at most a few times a second; fraction in [0, 1]. context: the
 * options. An ordpar_model_progress. */
void progress_show(void *context, double fraction, const char *text);

/** A line on standard error of what a computation that goes on could not do. context: the options.
 * An ordpar_model_warning. */
void progress_warn(void *context, const char *text);

/** A time in words, rounded up: "34 s", "12 min", "3 h". */
void progress_duration(double seconds, size_t size, char *text);

/** Takes the line away again. */
void progress_clear(void);

#endif
