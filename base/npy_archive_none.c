// SPDX-License-Identifier: GPL-3.0-or-later
/* For builds without libzip. */
#include "base/npy_archive.h"

static ordpar_status missing(const char *path, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_INVALID,
                       "%s: .npz archives need libzip, without which this ordpar was built; .npy "
                       "files do not",
                       path);
}

ordpar_status ordpar_npy_archive_open(ordpar_npy_file *file, const char *array, uint64_t *size,
                                      ordpar_error *err) {
    (void)array, (void)size;
    return missing(file->path, err);
}

ordpar_status ordpar_npy_archive_read(ordpar_npy_file *file, void *out, size_t size,
                                      ordpar_error *err) {
    (void)out, (void)size;
    return missing(file->path, err);
}

void ordpar_npy_archive_close(ordpar_npy_file *file) {
    (void)file;
}

ordpar_status ordpar_npy_archive_write(const char *array, const char *path, ordpar_error *err) {
    (void)array;
    return missing(path, err);
}
