// SPDX-License-Identifier: GPL-3.0-or-later
/** A clock that only goes on. Internal. */
#ifndef ORDPAR_CLOCK_H
#define ORDPAR_CLOCK_H

/** Seconds since some moment. */
double ordpar_seconds(void);

#endif
