// SPDX-License-Identifier: GPL-3.0-or-later
#include "result.h"

FILE *result_open(output_set *set, const options *parsed, const char *path, const table *t,
                  int *code) {
    *code = EXIT_USAGE;
    if (!t->failed)
        return output_open(set, parsed, path);
    *code = failure(parsed, "out of memory for the output");
    return NULL;
}

int result_begin(output_set *set, const options *parsed, const table *t) {
    int code;
    FILE *file = result_open(set, parsed, parsed->output, t, &code);
    if (!file)
        return code;
    table_write(t, (output_format)parsed->format, file);
    return -1;
}

int result_end(output_set *set, const options *parsed, int result) {
    if (result < 0)
        return output_commit(set, parsed);
    output_abandon(set);
    return result;
}
