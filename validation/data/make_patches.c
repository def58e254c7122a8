// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * make_patches OUT COUNT FIRST PICTURE.ppm..: writes COUNT patches of the pictures to OUT. A
 * program of its own, built by validation/make-patches.
 */
#include "validation/data/patches.h"

#include <stdlib.h>

int main(int argc, char **argv) {
    if (argc < 5) {
        fprintf(stderr, "usage: make_patches OUT COUNT FIRST PICTURE.ppm..\n");
        return 2;
    }
    const size_t n_pictures = (size_t)argc - 4;
    ordpar_picture *pictures = calloc(n_pictures, sizeof *pictures);
    ordpar_error err;
    ordpar_status status = pictures ? ORDPAR_OK : ordpar_fail(&err, ORDPAR_MEMORY, "out of memory");
    for (size_t k = 0; k < n_pictures && !status; k++) {
        FILE *file = fopen(argv[4 + k], "rb");
        status = file ? ordpar_picture_read(file, argv[4 + k], &pictures[k], &err)
                      : ordpar_fail(&err, ORDPAR_IO, "%s: cannot be read", argv[4 + k]);
        if (file)
            fclose(file);
    }
    if (!status)
        status = ordpar_patches_write(argv[1], strtoul(argv[2], NULL, 10),
                                      strtoul(argv[3], NULL, 10), pictures, n_pictures, &err);
    if (status)
        fprintf(stderr, "make_patches: %s\n", err.message);
    for (size_t k = 0; pictures && k < n_pictures; k++)
        ordpar_picture_clear(&pictures[k]);
    free(pictures);
    return status != ORDPAR_OK;
}
