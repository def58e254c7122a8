// SPDX-License-Identifier: GPL-3.0-or-later
/** What a file's name says that it holds. Internal. */
#ifndef ORDPAR_PATH_KIND_H
#define ORDPAR_PATH_KIND_H

typedef enum {
    ORDPAR_PATH_PLAIN,   /**< what may be text */
    ORDPAR_PATH_JSON,    /**< .json */
    ORDPAR_PATH_PICTURE, /**< .svg, .png, .. */
    ORDPAR_PATH_OTHER    /**< arrays, spreadsheets, archives: what others would fail to read */
} ordpar_path_kind;

/** The kind of path; *ending: ".npz", or "" where it has none. */
ordpar_path_kind ordpar_path_kind_of(const char *path, const char **ending);

#endif
