// SPDX-License-Identifier: GPL-3.0-or-later
/** How long a thread goes on with a row when its work is to end. Internal. */
#ifndef ORDPAR_PATIENCE_H
#define ORDPAR_PATIENCE_H

#include "base/clock.h"

#include <signal.h>
#include <stdbool.h>

typedef struct {
    const volatile sig_atomic_t *stop; /* may be NULL */
    double told;                       /* when it saw that the work is to end; 0: not yet */
    bool left;                         /* a row, in its midst */
} ordpar_patience;

/** Whether the row is left: one that is nearly there is finished, one that takes longer is not.
 * Once it is it stays so, whatever is asked of it then. NULL: never. */
static inline bool ordpar_patience_ends(ordpar_patience *p) {
    const double patience = 1;
    if (!p || (!p->left && (!p->stop || !*p->stop)))
        return false;
    const double now = ordpar_seconds();
    p->told = p->told > 0 ? p->told : now;
    p->left = p->left || now - p->told > patience;
    return p->left;
}

#endif
