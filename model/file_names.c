// SPDX-License-Identifier: GPL-3.0-or-later
/* What pictures and messages say of files. */
#include "base/number.h"
#include "model/parts.h"

#include <stdio.h>
#include <string.h>

enum { FEW = 3 };

static void as_it_is(const void *context, const char *path, bool several, char *name) {
    (void)context, (void)several;
    ordpar_format(name, ORDPAR_FILE_NAME, "%s", path);
}

void ordpar_file_names(const char *files, ordpar_namer *namer, const void *context, char *text,
                       size_t size) {
    size_t count = 1, used = 0, number = 0;
    for (const char *c = files; *c; c++)
        count += *c == '\n';
    const char *after = count > FEW ? " .. " : ", ";
    *text = '\0';
    for (const char *from = files; number < count; from += strcspn(from, "\n") + 1) {
        char path[4096], name[ORDPAR_FILE_NAME];
        if (++number > 1 && number < count && count > FEW)
            continue;
        ordpar_format(path, sizeof path, "%.*s", (int)strcspn(from, "\n"), from);
        (namer ? namer : as_it_is)(context, path, count > 1, name);
        used += (size_t)ordpar_format(text + used, size - used, "%s%s", used ? after : "", name);
        if (used >= size)
            return;
    }
    if (count > FEW)
        ordpar_format(text + used, size - used, " (%zu files)", count);
}

const char *ordpar_array_of(const char *file) {
    const char *colon = strrchr(file, ':');
    const bool archive = colon && colon - file > 4 && memcmp(colon - 4, ".npz", 4) == 0;
    return colon && colon > file && colon[1] && (archive || !strchr(colon, '/')) ? colon : NULL;
}
