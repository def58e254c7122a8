// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/floating_point.h"

ordpar_floating_point ordpar_floating_point_enter(void) {
    ordpar_floating_point saved;
    fegetenv(&saved.host);
    fesetenv(FE_DFL_ENV);
    return saved;
}

void ordpar_floating_point_leave(const ordpar_floating_point *host) {
    fesetenv(&host->host);
}
