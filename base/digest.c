// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/digest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

uint64_t ordpar_digest(uint64_t digest, const void *data, size_t size) {
    const uint64_t prime = UINT64_C(0x100000001b3);
    const unsigned char *byte = data;
    for (; size >= sizeof(uint64_t); size -= sizeof(uint64_t), byte += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, byte, sizeof word);
        digest = (digest ^ word) * prime;
        digest ^= digest >> 32;
    }
    for (; size > 0; size--)
        digest = (digest ^ *byte++) * prime;
    return digest;
}

uint64_t ordpar_digest_number(uint64_t digest, double number) {
    const double value = number == 0 ? 0 : number;
    return ordpar_digest(digest, &value, sizeof value);
}

static ordpar_status cannot_read(const char *path, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_IO, "%s: cannot be read: %s", path, strerror(errno));
}

static ordpar_status digest_stream(const char *path, FILE *file, uint64_t *digest,
                                   ordpar_error *err) {
    enum { SIZE = 1 << 16 }; /* a multiple of a word, so that pieces do not show */
    uint64_t d = *digest, total = 0;
    unsigned char *buffer = malloc(SIZE);
    if (!buffer)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory reading %s", path);
    for (size_t got; (got = fread(buffer, 1, SIZE, file)) > 0; total += got)
        d = ordpar_digest(d, buffer, got);
    free(buffer);
    if (ferror(file))
        return cannot_read(path, err);
    *digest = ordpar_digest(d, &total, sizeof total); /* files that follow one another */
    return ORDPAR_OK;
}

ordpar_status ordpar_digest_file(const char *path, uint64_t *digest, ordpar_error *err) {
    struct stat state;
    if (stat(path, &state) != 0)
        return cannot_read(path, err);
    if (!S_ISREG(state.st_mode))
        return ordpar_fail(err, ORDPAR_IO, "%s: is not a regular file", path);
    FILE *file = fopen(path, "rb");
    if (!file)
        return cannot_read(path, err);
    const ordpar_status status = digest_stream(path, file, digest, err);
    fclose(file);
    return status;
}
