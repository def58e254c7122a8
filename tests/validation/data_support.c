// SPDX-License-Identifier: GPL-3.0-or-later
#include "data_support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

const char *data_path(char *path, size_t size, int n, const char *suffix) {
    snprintf(path, size, "test_data_%ld_%d%s", (long)getpid(), n, suffix);
    return path;
}

size_t make_npy(const char *dictionary, const void *data, size_t size, unsigned char *out) {
    memset(out, ' ', 128);
    memcpy(out, "\x93NUMPY\x01\x00\x76\x00", 10);
    memcpy(out + 10, dictionary, strlen(dictionary));
    out[127] = '\n';
    if (size)
        memcpy(out + 128, data, size);
    return 128 + size;
}

void write_npy(const char *path, const char *dictionary, const void *data, size_t size) {
    unsigned char *bytes = malloc(128 + size);
    FILE *file = fopen(path, "wb");
    cr_assert(bytes && file);
    const size_t all = make_npy(dictionary, data, size, bytes);
    cr_assert_eq(fwrite(bytes, 1, all, file), all);
    fclose(file);
    free(bytes);
}

static void put_npz(const char *path, int flags, const char *member, const void *data,
                    size_t size) {
    zip_t *archive = zip_open(path, flags, NULL);
    cr_assert_not_null(archive);
    zip_source_t *source = zip_source_buffer(archive, data, size, 0);
    cr_assert_geq(zip_file_add(archive, member, source, ZIP_FL_ENC_UTF_8), 0);
    cr_assert_eq(zip_close(archive), 0);
}

void write_npz(const char *path, const char *member, const void *data, size_t size) {
    put_npz(path, ZIP_CREATE | ZIP_TRUNCATE, member, data, size);
}

void add_npz(const char *path, const char *member, const void *data, size_t size) {
    put_npz(path, 0, member, data, size);
}
