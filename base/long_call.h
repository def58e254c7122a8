// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Around calls of other libraries that may take minutes and look at no stop. The program listens,
 * so that a signal ends it meanwhile; the library alone has nobody who does. Internal.
 */
#ifndef ORDPAR_LONG_CALL_H
#define ORDPAR_LONG_CALL_H

#include <stdbool.h>

/** Called with true before and with false after such a call, from any thread. Before threads are
 * made. */
void ordpar_long_call_listen(void (*listener)(bool begins));

void ordpar_long_call_begin(void);
void ordpar_long_call_end(void);

#endif
