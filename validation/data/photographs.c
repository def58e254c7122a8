// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/data/photographs.h"

#include "validation/data/patches.h"

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

static ordpar_status write_files(const char *folder, size_t files, const ordpar_picture *pictures,
                                 size_t count, ordpar_error *err) {
    ordpar_error reason;
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < files && !status; k++) {
        char path[4200];
        snprintf(path, sizeof path, "%s/patches-%zu.npz", folder, k + 1);
        status = ordpar_patches_write(path, PER_FILE, k * PER_FILE, pictures, count, &reason);
    }
    return status ? ordpar_fail(err, status, "out: %.480s", reason.message) : ORDPAR_OK;
}

ordpar_status ordpar_photographs_make_patches(const char *folder, size_t files, ordpar_error *err) {
    glob_t found;
    if (glob("/usr/share/backgrounds/mate/nature/*.jpg", 0, NULL, &found) != 0)
        return ORDPAR_OK;
    ordpar_picture *pictures = calloc(found.gl_pathc, sizeof *pictures);
    size_t count = 0;
    while (pictures && count < found.gl_pathc && decode(found.gl_pathv[count], &pictures[count]))
        count++;
    ordpar_status status = ORDPAR_OK;
    if (!pictures)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu photographs",
                             (size_t)found.gl_pathc);
    else if (count == found.gl_pathc)
        status = write_files(folder, files, pictures, count, err);
    for (size_t k = 0; k < count; k++)
        ordpar_picture_clear(&pictures[k]);
    free(pictures);
    globfree(&found);
    return status;
}
