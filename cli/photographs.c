// SPDX-License-Identifier: GPL-3.0-or-later
#include "photographs.h"

#include "library_error.h"
#include "patches.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

enum { PER_FILE = 50000 };

/* One photograph; false if there is no djpeg, or it cannot read it. */
static bool decode(const char *path, ordpar_picture *picture) {
    char command[4400];
    ordpar_error err;
    if (strchr(path, '\'') || strlen(path) > 4000)
        return false;
    snprintf(command, sizeof command, "djpeg -dct int -scale 1/4 -pnm '%s' 2>/dev/null", path);
    FILE *output = popen(command, "r");
    if (!output)
        return false;
    const bool read = ordpar_picture_read(output, path, picture, &err) == ORDPAR_OK;
    return pclose(output) == 0 && read;
}

static int write_files(const options *parsed, const char *folder, size_t files,
                       const ordpar_picture *pictures, size_t count) {
    for (size_t k = 0; k < files; k++) {
        char path[4200];
        ordpar_error err;
        snprintf(path, sizeof path, "%s/patches-%zu.npz", folder, k + 1);
        const ordpar_status status =
            ordpar_patches_write(path, PER_FILE, k * PER_FILE, pictures, count, &err);
        if (status)
            return library_error(parsed, "--out", status, &err);
    }
    return -1;
}

int photographs_make_patches(const options *parsed, const char *folder, size_t files, bool *made) {
    glob_t found;
    *made = false;
    if (glob("/usr/share/backgrounds/mate/nature/*.jpg", 0, NULL, &found) != 0)
        return -1;
    ordpar_picture *pictures = calloc(found.gl_pathc, sizeof *pictures);
    size_t count = 0;
    while (pictures && count < found.gl_pathc && decode(found.gl_pathv[count], &pictures[count]))
        count++;
    *made = count == found.gl_pathc;
    int result = -1;
    if (!pictures)
        result = failure(parsed, "out of memory for %zu photographs", (size_t)found.gl_pathc);
    else if (*made)
        result = write_files(parsed, folder, files, pictures, count);
    for (size_t k = 0; k < count; k++)
        ordpar_picture_clear(&pictures[k]);
    free(pictures);
    globfree(&found);
    return result;
}
