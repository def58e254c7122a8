// SPDX-License-Identifier: GPL-3.0-or-later
/* Patches of pictures: what is cut is what stands there, in the layout that data sets have. */
#include "data_support.h"
#include "support.h"
#include "validation/data/dataset.h"
#include "validation/data/patches.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 40, HEIGHT = 35, EDGE = 32, DIM = EDGE * EDGE * 3 };

/* A pixel says where it is, and in which picture. */
static ordpar_picture make_picture(unsigned char number) {
    ordpar_picture p = {WIDTH, HEIGHT, malloc((size_t)WIDTH * HEIGHT * 3)};
    for (size_t y = 0; y < HEIGHT; y++)
        for (size_t x = 0; x < WIDTH; x++) {
            unsigned char *pixel = p.pixels + (y * WIDTH + x) * 3;
            pixel[0] = (unsigned char)x;
            pixel[1] = (unsigned char)y;
            pixel[2] = number;
        }
    return p;
}

/* count rows of the file, which must have no more. */
static double *read_rows(const char *path, size_t count) {
    ordpar_dataset *set;
    ordpar_error err;
    size_t got;
    double *rows = malloc(count * DIM * sizeof *rows);
    check_ok(ordpar_dataset_open(1, &path, &set, &err), &err);
    cr_assert_eq(ordpar_dataset_dim(set), DIM);
    cr_assert_eq(ordpar_dataset_rows(set), count);
    check_ok(ordpar_dataset_read(set, count, rows, &got, &err), &err);
    cr_assert_eq(got, count);
    ordpar_dataset_free(set);
    return rows;
}

Test(patches, are_windows_of_the_pictures) {
    enum { COUNT = 60, FIRST = 20 };
    char path[256];
    ordpar_picture pictures[] = {make_picture(1), make_picture(2)};
    ordpar_error err;
    data_path(path, sizeof path, 1, ".npz");
    check_ok(ordpar_patches_write(path, COUNT, 0, pictures, 2, &err), &err);
    double *rows = read_rows(path, COUNT);
    bool seen[3 * WIDTH] = {false};
    for (size_t r = 0; r < COUNT; r++) {
        const double *row = rows + r * DIM;
        const size_t x0 = (size_t)row[0], y0 = (size_t)row[1], number = (size_t)row[2];
        cr_assert(x0 <= WIDTH - EDGE && y0 <= HEIGHT - EDGE && (number == 1 || number == 2));
        seen[number * WIDTH + x0] = true;
        for (size_t y = 0; y < EDGE; y++)
            for (size_t x = 0; x < EDGE; x++) {
                const double *pixel = row + (y * EDGE + x) * 3;
                cr_assert(pixel[0] == (double)(x0 + x) && pixel[1] == (double)(y0 + y) &&
                              pixel[2] == (double)number,
                          "row %zu, pixel %zu, %zu", r, x, y);
            }
    }
    size_t places = 0;
    for (size_t k = 0; k < 3 * WIDTH; k++)
        places += seen[k];
    cr_assert_geq(places, 12, "%zu of 18 places", places);
    /* a patch depends on its number alone */
    check_ok(ordpar_patches_write(path, COUNT - FIRST, FIRST, pictures, 2, &err), &err);
    double *later = read_rows(path, COUNT - FIRST);
    cr_assert_eq(memcmp(later, rows + FIRST * DIM, (COUNT - FIRST) * DIM * sizeof *rows), 0);
    free(later);
    free(rows);
    remove(path);
    ordpar_picture_clear(&pictures[0]);
    ordpar_picture_clear(&pictures[1]);
}

static ordpar_status read_text(const char *header, size_t pixels, ordpar_picture *picture,
                               ordpar_error *err) {
    FILE *file = tmpfile();
    fputs(header, file);
    for (size_t k = 0; k < pixels; k++)
        fputc((int)(k % 251), file);
    rewind(file);
    const ordpar_status status = ordpar_picture_read(file, "a.ppm", picture, err);
    fclose(file);
    return status;
}

Test(patches, pictures_are_read_or_refused) {
    const size_t size = (size_t)WIDTH * HEIGHT * 3;
    ordpar_picture picture;
    ordpar_error err;
    check_ok(read_text("P6\n40 35\n255\n", size, &picture, &err), &err);
    cr_assert(picture.width == WIDTH && picture.height == HEIGHT);
    for (size_t k = 0; k < size; k++)
        cr_assert_eq(picture.pixels[k], k % 251, "%zu", k);
    ordpar_picture_clear(&picture);
    cr_assert_eq(read_text("P6\n40 35\n255\n", size - 1, &picture, &err), ORDPAR_PARSE);
    cr_assert(strstr(err.message, "a.ppm: is truncated"), "%s", err.message);
    cr_assert_eq(read_text("P6\n40 31\n255\n", size, &picture, &err), ORDPAR_PARSE);
    cr_assert(strstr(err.message, "too small"), "%s", err.message);
    cr_assert_eq(read_text("P6\n40 999999999\n255\n", size, &picture, &err), ORDPAR_PARSE);
    cr_assert(strstr(err.message, "too large"), "%s", err.message);
    cr_assert_eq(read_text("P5\n40 35\n255\n", size, &picture, &err), ORDPAR_PARSE);
    cr_assert_eq(read_text("", 0, &picture, &err), ORDPAR_PARSE);
}

Test(patches, says_where_it_cannot_write) {
    ordpar_picture picture = make_picture(1);
    ordpar_error err;
    cr_assert_eq(ordpar_patches_write("/no/such/folder/a.npz", 1, 0, &picture, 1, &err), ORDPAR_IO);
    cr_assert(strstr(err.message, "/no/such/folder/a.npz"), "%s", err.message);
    ordpar_picture_clear(&picture);
}
