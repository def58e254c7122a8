// SPDX-License-Identifier: GPL-3.0-or-later
/** A data set of real images in CIFAR-5m's layout: random patches of pictures. */
#ifndef ORDPAR_PATCHES_H
#define ORDPAR_PATCHES_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
    size_t width, height;
    unsigned char *pixels; /* [height][width][3] red, green, blue */
} ordpar_picture;

/**
 * Reads a binary PPM picture (P6, 255 levels, no comments: as djpeg writes them), at least 32 x 32.
 * name: for messages. Errors: PARSE, MEMORY. The caller clears *picture.
 */
ordpar_status ordpar_picture_read(FILE *file, const char *name, ordpar_picture *picture,
                                  ordpar_error *err);
void ordpar_picture_clear(ordpar_picture *picture);

/**
 * Cuts count patches of 32 x 32 pixels, numbers first, first + 1, .., out of the pictures and
 * writes them to the archive path: array X, shape (count, 32, 32, 3), uint8. Patch i depends on i
 * and the pictures alone: a random picture, a random place in it. The file is there as a whole or
 * not at all; beside it path.new.npy exists for a while. Errors: IO.
 */
ordpar_status ordpar_patches_write(const char *path, size_t count, uint64_t first,
                                   const ordpar_picture *pictures, size_t n_pictures,
                                   ordpar_error *err);

#endif
