// SPDX-License-Identifier: GPL-3.0-or-later
#include "result.h"

int result_begin(output_set *set, const options *parsed, const table *t) {
    if (t->failed)
        return failure(parsed, "out of memory for the output");
    FILE *file = output_open(set, parsed, parsed->output);
    if (!file)
        return EXIT_USAGE;
    table_write(t, (output_format)parsed->format, file);
    return -1;
}

int result_end(output_set *set, const options *parsed, int result) {
    if (result < 0)
        return output_commit(set, parsed);
    output_abandon(set);
    return result;
}
