// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/npy_file.h"

#include "base/npy_archive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { RAW_BYTES = 1 << 20 };

void ordpar_npy_file_close(ordpar_npy_file *file) {
    if (file->file)
        fclose(file->file);
    ordpar_npy_archive_close(file);
    free(file->raw);
    free(file->columns);
    *file = (ordpar_npy_file){0};
}

static ordpar_status truncated(const ordpar_npy_file *file, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_PARSE, "%s: is truncated or damaged", file->path);
}

/* The next bytes. */
static ordpar_status read_bytes(ordpar_npy_file *file, void *out, size_t size, ordpar_error *err) {
    if (!file->file)
        return ordpar_npy_archive_read(file, out, size, err);
    if (fread(out, 1, size, file->file) == size)
        return ORDPAR_OK;
    if (ferror(file->file))
        return ordpar_fail(err, ORDPAR_IO, "%s: cannot be read: %s", file->path, strerror(errno));
    return truncated(file, err);
}

/* The first bytes tell an archive from an array, whatever the name ends in. */
static bool begins_as_archive(FILE *file) {
    char magic[2] = {0};
    return fread(magic, 1, 2, file) == 2 && memcmp(magic, "PK", 2) == 0;
}

bool ordpar_npy_is_archive(const char *path) {
    struct stat s;
    FILE *file = stat(path, &s) == 0 && S_ISREG(s.st_mode) ? fopen(path, "rb") : NULL;
    const bool archive = file && begins_as_archive(file);
    if (file)
        fclose(file);
    return archive;
}

bool ordpar_npy_is_array(const char *path) {
    struct stat s;
    char begin[sizeof ORDPAR_NPY_MAGIC] = "";
    FILE *file = stat(path, &s) == 0 && S_ISREG(s.st_mode) ? fopen(path, "rb") : NULL;
    const bool read = file && fread(begin, 1, sizeof begin - 1, file) == sizeof begin - 1;
    if (file)
        fclose(file);
    return read && (strcmp(begin, ORDPAR_NPY_MAGIC) == 0 || memcmp(begin, "PK\3\4", 4) == 0);
}

/* What is shorter than the beginning of an array is one that was cut, or something else. */
static ordpar_status refuse_short(ordpar_npy_file *file, ordpar_error *err) {
    unsigned char prefix[ORDPAR_NPY_PREFIX] = {0};
    size_t begin, length;
    const size_t magic = sizeof ORDPAR_NPY_MAGIC - 1;
    const size_t there = fread(prefix, 1, sizeof prefix, file->file);
    if (memcmp(prefix, ORDPAR_NPY_MAGIC, there < magic ? there : magic) == 0)
        return truncated(file, err);
    return ordpar_npy_prefix(file->path, prefix, &begin, &length, err);
}

static ordpar_status open_stream(ordpar_npy_file *file, const char *array, uint64_t *size,
                                 ordpar_error *err) {
    struct stat s;
    if (stat(file->path, &s) == 0 && !S_ISREG(s.st_mode)) /* to open a pipe would wait */
        return ordpar_fail(err, ORDPAR_IO, "%s: is not a regular file", file->path);
    file->file = fopen(file->path, "rb");
    if (!file->file || fstat(fileno(file->file), &s) != 0)
        return ordpar_fail(err, ORDPAR_IO, "%s: cannot be read: %s", file->path, strerror(errno));
    if (begins_as_archive(file->file)) {
        fclose(file->file);
        file->file = NULL;
        return ordpar_npy_archive_open(file, array, size, err);
    }
    if (array)
        return ordpar_fail(err, ORDPAR_PARSE,
                           "%s: is not a .npz archive, whose array %.80s could be taken",
                           file->path, array);
    rewind(file->file);
    *size = (uint64_t)s.st_size;
    return *size < ORDPAR_NPY_PREFIX ? refuse_short(file, err) : ORDPAR_OK;
}

static ordpar_status read_header(ordpar_npy_file *file, uint64_t *used, ordpar_error *err) {
    unsigned char prefix[ORDPAR_NPY_PREFIX];
    size_t begin, length;
    ordpar_status status = read_bytes(file, prefix, sizeof prefix, err);
    if (status || (status = ordpar_npy_prefix(file->path, prefix, &begin, &length, err)))
        return status;
    char *text = malloc(length);
    if (!text)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the header of %s", file->path);
    const size_t here = sizeof prefix - begin; /* of the text, already read: 0 or 2 bytes */
    memcpy(text, prefix + begin, here);
    if (!(status = read_bytes(file, text + here, length - here, err)))
        status = ordpar_npy_header(file->path, text, length, &file->npy, err);
    free(text);
    *used = file->begin = begin + length;
    return status;
}

static ordpar_status check_size(const ordpar_npy_file *file, uint64_t size, uint64_t used,
                                ordpar_error *err) {
    const ordpar_npy *npy = &file->npy;
    const uint64_t wanted = npy->rows * npy->dim * npy->size;
    if (size < used)
        return truncated(file, err);
    const uint64_t there = size - used;
    if (there == wanted)
        return ORDPAR_OK;
    char shape[ORDPAR_NPY_SHAPE_SIZE];
    ordpar_npy_shape(npy, shape);
    if (there < wanted)
        return ordpar_fail(err, ORDPAR_PARSE,
                           "%s: is truncated: the shape %s needs %llu bytes of data, the file has "
                           "%llu",
                           file->path, shape, (unsigned long long)wanted,
                           (unsigned long long)there);
    return ordpar_fail(err, ORDPAR_PARSE,
                       "%s: has %llu trailing bytes after the array of shape %s: a file must be "
                       "one array",
                       file->path, (unsigned long long)(there - wanted), shape);
}

static ordpar_status make_buffer(ordpar_npy_file *file, ordpar_error *err) {
    const ordpar_npy *npy = &file->npy;
    const size_t row = npy->fortran ? npy->size : npy->dim * npy->size;
    file->raw_rows = row < RAW_BYTES ? RAW_BYTES / row : 1;
    if (file->raw_rows > npy->rows)
        file->raw_rows = npy->rows;
    file->raw = malloc(file->raw_rows * row);
    return file->raw ? ORDPAR_OK
                     : ordpar_fail(err, ORDPAR_MEMORY, "out of memory to read %s", file->path);
}

ordpar_status ordpar_npy_file_open(const char *path, const char *array, ordpar_npy_file *file,
                                   ordpar_error *err) {
    uint64_t size = 0, used = 0;
    *file = (ordpar_npy_file){.path = path};
    ordpar_status status = open_stream(file, array, &size, err);
    if (!status)
        status = read_header(file, &used, err);
    if (!status)
        status = check_size(file, size, used, err);
    if (!status)
        status = make_buffer(file, err);
    if (status)
        ordpar_npy_file_close(file);
    return status;
}

static ordpar_status read_rows(ordpar_npy_file *file, size_t count, double *out,
                               ordpar_error *err) {
    const size_t numbers = count * file->npy.dim;
    const ordpar_status status = read_bytes(file, file->raw, numbers * file->npy.size, err);
    if (!status)
        ordpar_npy_convert(&file->npy, file->raw, numbers, out);
    return status;
}

/* An archive is packed as a stream: its columns must all be in memory. */
static ordpar_status load_columns(ordpar_npy_file *file, ordpar_error *err) {
    const uint64_t size = file->npy.rows * file->npy.dim * file->npy.size;
    if (!(file->columns = malloc(size)))
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %s, which is in Fortran order",
                           file->path);
    return read_bytes(file, file->columns, size, err);
}

/* count numbers of a Fortran array, from number `first` on, as they lie in the file. */
static ordpar_status read_at(ordpar_npy_file *file, uint64_t first, size_t count,
                             ordpar_error *err) {
    const size_t size = count * file->npy.size;
    const uint64_t offset = first * file->npy.size;
    if (file->columns) {
        memcpy(file->raw, file->columns + offset, size);
        return ORDPAR_OK;
    }
    if (fseeko(file->file, (off_t)(file->begin + offset), SEEK_SET) != 0)
        return ordpar_fail(err, ORDPAR_IO, "%s: cannot be read: %s", file->path, strerror(errno));
    return read_bytes(file, file->raw, size, err);
}

static ordpar_status read_columns(ordpar_npy_file *file, size_t count, double *out,
                                  ordpar_error *err) {
    const ordpar_npy *npy = &file->npy;
    ordpar_status status = ORDPAR_OK;
    if (!file->file && !file->columns && (status = load_columns(file, err)))
        return status;
    for (uint64_t k = 0; k < npy->dim; k++) {
        const uint64_t first = ordpar_npy_column(npy, k) * npy->rows + file->row;
        if ((status = read_at(file, first, count, err)))
            return status;
        for (size_t row = 0; row < count; row++)
            ordpar_npy_convert(npy, file->raw + row * npy->size, 1, out + row * npy->dim + k);
    }
    return ORDPAR_OK;
}

ordpar_status ordpar_npy_file_read(ordpar_npy_file *file, size_t count, double *out,
                                   ordpar_error *err) {
    while (count > 0) {
        const size_t rows = count < file->raw_rows ? count : file->raw_rows;
        const ordpar_status status = file->npy.fortran ? read_columns(file, rows, out, err)
                                                       : read_rows(file, rows, out, err);
        if (status)
            return status;
        file->row += rows;
        out += rows * file->npy.dim;
        count -= rows;
    }
    return ORDPAR_OK;
}
