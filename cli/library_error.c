// SPDX-License-Identifier: GPL-3.0-or-later
#include "library_error.h"

#include <unistd.h>

int exit_code(ordpar_status status) {
    switch (status) {
    case ORDPAR_OK:
        return EXIT_DONE;
    case ORDPAR_INVALID:
    case ORDPAR_PARSE:
    case ORDPAR_IO:
        return EXIT_USAGE;
    case ORDPAR_MEMORY:
    case ORDPAR_DIVERGED:
    case ORDPAR_NUMERICAL:
        return EXIT_FAILED;
    case ORDPAR_INTERRUPTED:
        return EXIT_INTERRUPTED;
    }
    return EXIT_FAILED;
}

int library_error(const options *parsed, const char *option, ordpar_status status,
                  const ordpar_error *err) {
    if (option)
        usage_error(parsed, "%s: %s", option, err->message);
    else
        usage_error(parsed, "%s", err->message);
    return exit_code(status);
}

int refuse_memory(const options *parsed, size_t L, double bytes) {
    const double machine = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    if (!(machine > 0) || bytes <= machine)
        return -1;
    return usage_error(
        parsed,
        "the sizes -K %lld, -M %lld, -L %zu: need about %.3g GiB of memory, this machine "
        "has %.3g",
        (long long)parsed->K, (long long)parsed->M, L, bytes / 0x1p30, machine / 0x1p30);
}
