// SPDX-License-Identifier: GPL-3.0-or-later
/* For builds without libzip. */
#include "archive.h"

static ordpar_status missing(const char *path, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_INVALID,
                       "%s: .npz archives need libzip, without which this ordpar was built; .npy "
                       "files do not",
                       path);
}

ordpar_status ordpar_archive_open(const char *path, ordpar_archive *archive, uint64_t *size,
                                  ordpar_error *err) {
    (void)archive, (void)size;
    return missing(path, err);
}

ordpar_status ordpar_archive_read(ordpar_archive *archive, void *out, size_t size,
                                  ordpar_error *err) {
    (void)out, (void)size;
    return missing(archive->path, err);
}

void ordpar_archive_close(ordpar_archive *archive) {
    (void)archive;
}

ordpar_status ordpar_archive_write(const char *array, const char *path, ordpar_error *err) {
    (void)array;
    return missing(path, err);
}
