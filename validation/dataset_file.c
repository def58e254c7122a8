// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zip.h>

/*
 * Deflate cannot pack more than 1032 to 1, and numbers worth learning from do not pack 200 to 1: a
 * large member that claims to is refused instead of being unpacked for hours.
 */
enum { MAX_RATIO = 200, SMALL_MEMBER = 1 << 24 };

void ordpar_dataset_file_close(ordpar_dataset_file *file) {
    if (file->file)
        fclose(file->file);
    if (file->member)
        zip_fclose(file->member);
    if (file->archive)
        zip_discard(file->archive);
    *file = (ordpar_dataset_file){0};
}

static ordpar_status truncated(const ordpar_dataset_file *file, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_PARSE, "%s: is truncated or damaged", file->path);
}

ordpar_status ordpar_dataset_file_read(ordpar_dataset_file *file, void *out, size_t size,
                                       ordpar_error *err) {
    if (file->file) {
        if (fread(out, 1, size, file->file) == size)
            return ORDPAR_OK;
        if (ferror(file->file))
            return ordpar_fail(err, ORDPAR_IO, "%s: cannot be read: %s", file->path,
                               strerror(errno));
        return truncated(file, err);
    }
    for (size_t done = 0; done < size;) {
        const zip_int64_t got = zip_fread(file->member, (char *)out + done, size - done);
        if (got <= 0)
            return truncated(file, err);
        done += (size_t)got;
    }
    file->left -= size < file->left ? size : file->left;
    char beyond; /* reading past the end makes libzip compare the checksum */
    if (file->left == 0 && zip_fread(file->member, &beyond, 1) != 0)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: is damaged: its checksum does not fit",
                           file->path);
    return ORDPAR_OK;
}

/* The member X, or the only one; *size and *packed: its bytes, unpacked and in the file. */
static ordpar_status open_member(ordpar_dataset_file *file, uint64_t *size, ordpar_error *err) {
    const zip_int64_t entries = zip_get_num_entries(file->archive, 0);
    zip_int64_t index = zip_name_locate(file->archive, "X.npy", 0);
    if (index < 0 && entries == 1)
        index = 0;
    if (index < 0)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: has %lld arrays and none of them is named X",
                           file->path, (long long)entries);
    zip_stat_t s;
    if (zip_stat_index(file->archive, (zip_uint64_t)index, 0, &s) != 0 ||
        !(s.valid & ZIP_STAT_SIZE) || !(s.valid & ZIP_STAT_COMP_SIZE))
        return truncated(file, err);
    if (s.size > SMALL_MEMBER && s.size / MAX_RATIO > s.comp_size)
        return ordpar_fail(err, ORDPAR_PARSE,
                           "%s: packs %llu bytes into %llu, which no data does (a zip bomb?)",
                           file->path, (unsigned long long)s.size, (unsigned long long)s.comp_size);
    file->member = zip_fopen_index(file->archive, (zip_uint64_t)index, 0);
    if (!file->member)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: the array cannot be read: %s", file->path,
                           zip_strerror(file->archive));
    *size = file->left = s.size;
    return ORDPAR_OK;
}

static ordpar_status open_archive(ordpar_dataset_file *file, uint64_t *size, ordpar_error *err) {
    int code = 0;
    fclose(file->file);
    file->file = NULL;
    file->archive = zip_open(file->path, ZIP_RDONLY, &code);
    if (file->archive)
        return open_member(file, size, err);
    zip_error_t reason;
    zip_error_init_with_code(&reason, code);
    const ordpar_status status = ordpar_fail(err, ORDPAR_PARSE, "%s: is no readable archive: %s",
                                             file->path, zip_error_strerror(&reason));
    zip_error_fini(&reason);
    return status;
}

/* The first bytes tell an archive from an array, whatever the name ends in. */
static ordpar_status open_stream(ordpar_dataset_file *file, uint64_t *size, ordpar_error *err) {
    struct stat s;
    char magic[2] = {0};
    if (stat(file->path, &s) == 0 && !S_ISREG(s.st_mode)) /* to open a pipe would wait */
        return ordpar_fail(err, ORDPAR_IO, "%s: is not a regular file", file->path);
    file->file = fopen(file->path, "rb");
    if (!file->file || fstat(fileno(file->file), &s) != 0)
        return ordpar_fail(err, ORDPAR_IO, "%s: cannot be read: %s", file->path, strerror(errno));
    if (fread(magic, 1, 2, file->file) == 2 && memcmp(magic, "PK", 2) == 0)
        return open_archive(file, size, err);
    rewind(file->file);
    *size = (uint64_t)s.st_size;
    return ORDPAR_OK;
}

static ordpar_status read_header(ordpar_dataset_file *file, uint64_t *used, ordpar_error *err) {
    unsigned char prefix[ORDPAR_NPY_PREFIX];
    size_t begin, length;
    ordpar_status status = ordpar_dataset_file_read(file, prefix, sizeof prefix, err);
    if (status || (status = ordpar_npy_prefix(file->path, prefix, &begin, &length, err)))
        return status;
    char *text = malloc(length);
    if (!text)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the header of %s", file->path);
    const size_t here = sizeof prefix - begin; /* of the text, already read: 0 or 2 bytes */
    memcpy(text, prefix + begin, here);
    if (!(status = ordpar_dataset_file_read(file, text + here, length - here, err)))
        status = ordpar_npy_header(file->path, text, length, &file->npy, err);
    free(text);
    *used = begin + length;
    return status;
}

static ordpar_status check_size(const ordpar_dataset_file *file, uint64_t size, uint64_t used,
                                ordpar_error *err) {
    const ordpar_npy *npy = &file->npy;
    const uint64_t wanted = npy->rows * npy->dim * ordpar_npy_size(npy->type);
    if (size < used)
        return truncated(file, err);
    if (size - used == wanted)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_PARSE,
                       "%s: is %s: the shape needs %llu bytes of data, the file has %llu",
                       file->path, size - used < wanted ? "truncated" : "damaged",
                       (unsigned long long)wanted, (unsigned long long)(size - used));
}

ordpar_status ordpar_dataset_file_open(const char *path, ordpar_dataset_file *file,
                                       ordpar_error *err) {
    uint64_t size = 0, used = 0;
    *file = (ordpar_dataset_file){.path = path};
    ordpar_status status = open_stream(file, &size, err);
    if (!status)
        status = read_header(file, &used, err);
    if (!status)
        status = check_size(file, size, used, err);
    if (status)
        ordpar_dataset_file_close(file);
    return status;
}
