// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/path_kind.h"

#include "base/line.h"

#include <string.h>
#include <strings.h>

static const char *ending_of(const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? dot : "";
}

ordpar_path_kind ordpar_path_kind_of(const char *path, const char **ending) {
    static const char *const pictures[] = {".svg", ".png", ".pdf",  ".eps",
                                           ".jpg", ".gif", ".jpeg", NULL};
    static const char *const others[] = {
        ".npy", ".npz", ".h5", ".hdf5", ".mat", ".nc",  ".pkl", ".parquet", ".feather", ".xlsx",
        ".xls", ".ods", ".gz", ".bz2",  ".xz",  ".zst", ".zip", ".tsv",     NULL};
    *ending = ending_of(path);
    return ordpar_text_is_among(*ending, pictures) ? ORDPAR_PATH_PICTURE
           : ordpar_text_is_among(*ending, others) ? ORDPAR_PATH_OTHER
           : strcasecmp(*ending, ".json") == 0     ? ORDPAR_PATH_JSON
                                                   : ORDPAR_PATH_PLAIN;
}
