// SPDX-License-Identifier: GPL-3.0-or-later
/** Small data sets, made by the tests themselves. */
#ifndef ORDPAR_TEST_DATA_SUPPORT_H
#define ORDPAR_TEST_DATA_SUPPORT_H

#include <stddef.h>

/** A name in a folder of the test's own process; n distinguishes files. */
const char *data_path(char *path, size_t size, int n, const char *suffix);

/** Writes a .npy file of version 1 with this dictionary and these bytes. */
void write_npy(const char *path, const char *dictionary, const void *data, size_t size);

/** The same as bytes; returns how many. out must hold 128 + size. */
size_t make_npy(const char *dictionary, const void *data, size_t size, unsigned char *out);

/** Writes an archive with one member. */
void write_npz(const char *path, const char *member, const void *data, size_t size);

/** Adds a member to an archive. */
void add_npz(const char *path, const char *member, const void *data, size_t size);

#endif
