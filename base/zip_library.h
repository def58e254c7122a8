// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The functions of libzip. A library is linked to them; a program that is compiled with
 * ORDPAR_LIBZIP_NAME loads the shared library of that name when an archive is opened: it brings
 * libraries of cryptography, which take longer to start than the program. Internal.
 */
#ifndef ORDPAR_ZIP_LIBRARY_H
#define ORDPAR_ZIP_LIBRARY_H

#include <zip.h>

/** X of each function's name without zip_. */
#define ORDPAR_ZIP_LIST(X)                                                                         \
    X(open)                                                                                        \
    X(close)                                                                                       \
    X(discard)                                                                                     \
    X(strerror)                                                                                    \
    X(get_num_entries)                                                                             \
    X(get_name)                                                                                    \
    X(stat_index)                                                                                  \
    X(fopen_index)                                                                                 \
    X(fread)                                                                                       \
    X(fclose)                                                                                      \
    X(source_file)                                                                                 \
    X(source_free)                                                                                 \
    X(file_add)                                                                                    \
    X(set_file_compression)                                                                        \
    X(file_set_mtime) X(error_init_with_code) X(error_strerror) X(error_fini)

typedef struct {
#define ORDPAR_ZIP_MEMBER(name) __typeof__(zip_##name) *name;
    ORDPAR_ZIP_LIST(ORDPAR_ZIP_MEMBER)
#undef ORDPAR_ZIP_MEMBER
} ordpar_zip_functions;

/** NULL where it cannot be loaded. From any thread. */
const ordpar_zip_functions *ordpar_zip(void);

#endif
