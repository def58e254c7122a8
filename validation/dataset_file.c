// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void ordpar_dataset_file_close(ordpar_dataset_file *file) {
    if (file->file)
        fclose(file->file);
    ordpar_archive_close(&file->archive);
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
    return ordpar_archive_read(&file->archive, out, size, err);
}

static ordpar_status open_archive(ordpar_dataset_file *file, uint64_t *size, ordpar_error *err) {
    fclose(file->file);
    file->file = NULL;
    return ordpar_archive_open(file->path, &file->archive, size, err);
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
