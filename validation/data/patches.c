// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/data/patches.h"

#include "base/npy_archive.h"
#include "base/number.h"
#include "base/replace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { EDGE = 32, CHANNELS = 3, PATCH = EDGE * EDGE * CHANNELS, MAX_EDGE = 1 << 16 };

ordpar_status ordpar_picture_read(FILE *file, const char *name, ordpar_picture *picture,
                                  ordpar_error *err) {
    ordpar_picture made = {0};
    char blank = 0;
    if (fscanf(file, "P6 %zu %zu 255%c", &made.width, &made.height, &blank) != 3)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: is not a PPM picture", name);
    if (made.width < EDGE || made.height < EDGE || made.width > MAX_EDGE || made.height > MAX_EDGE)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: a picture of %zu x %zu pixels is too %s", name,
                           made.width, made.height,
                           made.width < EDGE || made.height < EDGE ? "small" : "large");
    const size_t size = made.width * made.height * CHANNELS;
    made.pixels = malloc(size);
    if (!made.pixels)
        return ordpar_fail(err, ORDPAR_MEMORY, "%s: out of memory", name);
    if (fread(made.pixels, 1, size, file) != size) {
        free(made.pixels);
        return ordpar_fail(err, ORDPAR_PARSE, "%s: is truncated", name);
    }
    *picture = made;
    return ORDPAR_OK;
}

void ordpar_picture_clear(ordpar_picture *picture) {
    free(picture->pixels);
    *picture = (ordpar_picture){0};
}

/* splitmix64 */
static uint64_t mix(uint64_t x) {
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* 0 .. n-1; the bias of 2^-40 does not matter here */
static size_t draw(uint64_t *state, size_t n) {
    *state = mix(*state);
    return (size_t)((*state >> 40) * n >> 24);
}

static void cut(const ordpar_picture *pictures, size_t count, uint64_t number,
                unsigned char *patch) {
    uint64_t state = mix(number);
    const ordpar_picture *from = &pictures[draw(&state, count)];
    const size_t x = draw(&state, from->width - EDGE + 1),
                 y = draw(&state, from->height - EDGE + 1);
    for (size_t row = 0; row < EDGE; row++)
        memcpy(patch + row * EDGE * CHANNELS,
               from->pixels + ((y + row) * from->width + x) * CHANNELS, EDGE * CHANNELS);
}

static void write_header(size_t count, FILE *file) {
    char header[128];
    memset(header, ' ', sizeof header);
    memcpy(header, "\x93NUMPY\x01\x00\x76\x00", 10);
    const int length =
        ordpar_format(header + 10, sizeof header - 10,
                      "{'descr': '|u1', 'fortran_order': False, 'shape': (%zu, %d, %d, %d), }",
                      count, EDGE, EDGE, CHANNELS);
    header[10 + length] = ' ';
    header[sizeof header - 1] = '\n';
    fwrite(header, 1, sizeof header, file);
}

ordpar_status ordpar_patches_write(const char *path, size_t count, uint64_t first,
                                   const ordpar_picture *pictures, size_t n_pictures,
                                   ordpar_error *err) {
    unsigned char patch[PATCH];
    ordpar_replacement array;
    ordpar_status status = ordpar_replace_begin(path, &array, err);
    if (status)
        return status;
    write_header(count, array.file);
    for (size_t k = 0; k < count && !ferror(array.file); k++) {
        cut(pictures, n_pictures, first + k, patch);
        fwrite(patch, 1, PATCH, array.file);
    }
    if (fflush(array.file) != 0 || ferror(array.file))
        status =
            ordpar_fail(err, ORDPAR_IO, "%s: cannot be written: %s", array.name, strerror(errno));
    else
        status = ordpar_npy_archive_write(array.name, path, err);
    ordpar_replace_abandon(&array);
    return status;
}
