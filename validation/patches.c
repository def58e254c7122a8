// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * patches OUT COUNT FIRST IMAGE.ppm..: cuts COUNT patches of 32 x 32 pixels, numbers FIRST,
 * FIRST+1, .., out of images and writes them to OUT.npz: array X, shape (COUNT, 32, 32, 3), uint8.
 * Patch i depends on i and the images alone: a random image, a random place in it. A program of its
 * own, built by validation/make-patches.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum { EDGE = 32, CHANNELS = 3, PATCH = EDGE * EDGE * CHANNELS };

typedef struct {
    size_t width, height;
    unsigned char *pixels; /* [height][width][CHANNELS] */
} image;

static _Noreturn void die(const char *what, const char *reason) {
    fprintf(stderr, "patches: %s: %s\n", what, reason);
    exit(1);
}

/* As djpeg writes them: P6, width, height, 255, one blank, then the pixels. */
static image read_image(const char *path) {
    image i = {0};
    char blank = 0;
    FILE *file = fopen(path, "rb");
    if (!file || fscanf(file, "P6 %zu %zu 255%c", &i.width, &i.height, &blank) != 3)
        die(path, "is not a PPM picture");
    if (i.width < EDGE || i.height < EDGE || i.width > 1 << 16 || i.height > 1 << 16)
        die(path, "is too small or too large");
    const size_t size = i.width * i.height * CHANNELS;
    i.pixels = malloc(size);
    if (!i.pixels || fread(i.pixels, 1, size, file) != size)
        die(path, "is truncated");
    fclose(file);
    return i;
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

static void cut(const image *images, size_t count, uint64_t number, unsigned char *patch) {
    uint64_t state = mix(number);
    const image *from = &images[draw(&state, count)];
    const size_t x = draw(&state, from->width - EDGE + 1),
                 y = draw(&state, from->height - EDGE + 1);
    for (size_t row = 0; row < EDGE; row++)
        memcpy(patch + row * EDGE * CHANNELS,
               from->pixels + ((y + row) * from->width + x) * CHANNELS, EDGE * CHANNELS);
}

static void write_header(unsigned long count, FILE *file) {
    char header[128];
    memset(header, ' ', sizeof header);
    memcpy(header, "\x93NUMPY\x01\x00\x76\x00", 10);
    const int length =
        snprintf(header + 10, sizeof header - 10,
                 "{'descr': '|u1', 'fortran_order': False, 'shape': (%lu, %d, %d, %d), }", count,
                 EDGE, EDGE, CHANNELS);
    header[10 + length] = ' ';
    header[sizeof header - 1] = '\n';
    fwrite(header, 1, sizeof header, file);
}

static void pack(const char *array, const char *archive) {
    zip_t *zip = zip_open(archive, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    zip_source_t *source = zip ? zip_source_file(zip, array, 0, -1) : NULL;
    const zip_int64_t index = source ? zip_file_add(zip, "X.npy", source, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0 || zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0) != 0 ||
        zip_file_set_mtime(zip, (zip_uint64_t)index, 946684800, 0) != 0 || zip_close(zip) != 0)
        die(archive, "cannot be written");
}

int main(int argc, char **argv) {
    if (argc < 5)
        die("usage", "patches OUT COUNT FIRST IMAGE.ppm..");
    const size_t n_images = (size_t)argc - 4;
    const unsigned long count = strtoul(argv[2], NULL, 10), first = strtoul(argv[3], NULL, 10);
    image *images = calloc(n_images, sizeof *images);
    for (size_t k = 0; images && k < n_images; k++)
        images[k] = read_image(argv[4 + k]);
    char array[4096], archive[4096];
    snprintf(array, sizeof array, "%s.npy", argv[1]);
    snprintf(archive, sizeof archive, "%s.npz", argv[1]);
    FILE *file = fopen(array, "wb");
    if (!images || !file || count < 1)
        die(array, "cannot be written");
    write_header(count, file);
    unsigned char patch[PATCH];
    for (unsigned long k = 0; k < count; k++) {
        cut(images, n_images, first + k, patch);
        fwrite(patch, 1, PATCH, file);
    }
    if (ferror(file) || fclose(file) != 0)
        die(array, "cannot be written");
    pack(array, archive);
    remove(array);
    return 0;
}
