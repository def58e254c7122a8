// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/range.h"

ordpar_mp_range ordpar_mp_range_enter(void) {
    const ordpar_mp_range host = {mpfr_get_emin(), mpfr_get_emax(), mpfr_flags_save()};
    mpfr_set_emin(MPFR_EMIN_DEFAULT);
    mpfr_set_emax(MPFR_EMAX_DEFAULT);
    return host;
}

void ordpar_mp_range_leave(const ordpar_mp_range *host) {
    mpfr_set_emin(host->emin);
    mpfr_set_emax(host->emax);
    mpfr_flags_restore(host->flags, MPFR_FLAGS_ALL);
}
