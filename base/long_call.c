// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/long_call.h"

#include <stddef.h>

static void (*told)(bool begins);

void ordpar_long_call_listen(void (*listener)(bool begins)) {
    told = listener;
}

void ordpar_long_call_begin(void) {
    if (told)
        told(true);
}

void ordpar_long_call_end(void) {
    if (told)
        told(false);
}
