// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/simulate/checkpoint.h"

#include "base/number.h"
#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char magic[16];
    uint64_t settings, rows, size, data; /* digest of settings; size and digest of the data */
    uint64_t header;                     /* digest of the fields above */
} file_header;

static const char magic[16] = "ordpar state 2\n";

static uint64_t header_digest(const file_header *header) {
    return ordpar_digest(ORDPAR_DIGEST_START, header, offsetof(file_header, header));
}

static ordpar_status io_error(ordpar_error *err, const char *path, const char *what) {
    return ordpar_fail(err, ORDPAR_IO, "%s: cannot be %s: %s", path, what, strerror(errno));
}

static void write_all(FILE *file, const file_header *header, const ordpar_piece *pieces,
                      size_t count) {
    fwrite(header, sizeof *header, 1, file);
    for (size_t k = 0; k < count && !ferror(file); k++)
        fwrite(pieces[k].data, 1, pieces[k].size, file);
}

ordpar_status ordpar_checkpoint_write(const char *path, uint64_t settings, uint64_t rows,
                                      const ordpar_piece *pieces, size_t count, ordpar_error *err) {
    file_header header = {.settings = settings, .rows = rows, .data = ORDPAR_DIGEST_START};
    memcpy(header.magic, magic, sizeof magic);
    for (size_t k = 0; k < count; k++) {
        header.size += pieces[k].size;
        header.data = ordpar_digest(header.data, pieces[k].data, pieces[k].size);
    }
    header.header = header_digest(&header);
    ordpar_replace_remove_remains(path, false, magic, sizeof magic);
    ordpar_replacement r;
    const ordpar_status status = ordpar_replace_begin(path, &r, err);
    if (status)
        return status;
    write_all(r.file, &header, pieces, count);
    return ordpar_replace_commit(&r, err);
}

static ordpar_status check_header(const char *path, const file_header *header, uint64_t settings,
                                  off_t file_size, ordpar_error *err) {
    if (memcmp(header->magic, magic, sizeof magic) != 0)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: is not a checkpoint of this version", path);
    if (header->header != header_digest(header))
        return ordpar_fail(err, ORDPAR_PARSE, "%s: is damaged", path);
    if (header->settings != settings)
        return ordpar_fail(err, ORDPAR_PARSE,
                           "%s: belongs to other settings; remove it, or name another file", path);
    if ((uint64_t)file_size != sizeof *header + header->size)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: is damaged: it has %lld bytes instead of %llu",
                           path, (long long)file_size,
                           (unsigned long long)(sizeof *header + header->size));
    return ORDPAR_OK;
}

static ordpar_status read_header(const char *path, FILE *file, file_header *header,
                                 struct stat *state, ordpar_error *err) {
    if (fstat(fileno(file), state) != 0)
        return io_error(err, path, "read");
    if (!S_ISREG(state->st_mode))
        return ordpar_fail(err, ORDPAR_IO, "%s: is not a file", path);
    if (fread(header, sizeof *header, 1, file) != 1)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: is not a checkpoint of this version", path);
    return ORDPAR_OK;
}

/* Does not wait for the other end of a pipe, which read_header refuses. */
static FILE *open_to_read(const char *path) {
    const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "rb");
    if (!file && descriptor >= 0)
        close(descriptor);
    return file;
}

ordpar_status ordpar_checkpoint_rows(const char *path, uint64_t settings, bool *found,
                                     uint64_t *rows, ordpar_error *err) {
    FILE *file = open_to_read(path);
    if (!file && errno == ENOENT) {
        *found = false;
        return ORDPAR_OK;
    }
    if (!file)
        return io_error(err, path, "read");
    file_header header;
    struct stat state;
    if (fstat(fileno(file), &state) == 0 && S_ISREG(state.st_mode) && state.st_size == 0) {
        fclose(file); /* as mktemp makes them: a place for the first one */
        *found = false;
        return ORDPAR_OK;
    }
    ordpar_status status = read_header(path, file, &header, &state, err);
    if (!status)
        status = check_header(path, &header, settings, state.st_size, err);
    fclose(file);
    if (status)
        return status;
    *found = true;
    *rows = header.rows;
    return ORDPAR_OK;
}

ordpar_status ordpar_checkpoint_read(const char *path, const ordpar_piece *pieces, size_t count,
                                     ordpar_error *err) {
    FILE *file = open_to_read(path);
    if (!file)
        return io_error(err, path, "read");
    file_header header;
    struct stat state;
    ordpar_status status = read_header(path, file, &header, &state, err);
    uint64_t size = 0, digest = ORDPAR_DIGEST_START;
    for (size_t k = 0; k < count && !status; k++) {
        if (fread(pieces[k].data, 1, pieces[k].size, file) != pieces[k].size)
            status = ordpar_fail(err, ORDPAR_PARSE, "%s: is damaged: it ends too early", path);
        digest = ordpar_digest(digest, pieces[k].data, pieces[k].size);
        size += pieces[k].size;
    }
    fclose(file);
    if (!status && (size != header.size || digest != header.data))
        status = ordpar_fail(err, ORDPAR_PARSE, "%s: is damaged", path);
    return status;
}
