// SPDX-License-Identifier: GPL-3.0-or-later
/** Digests that tell whether something has changed; no protection against intent. Internal. */
#ifndef ORDPAR_DIGEST_H
#define ORDPAR_DIGEST_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/** Start value of a digest. */
#define ORDPAR_DIGEST_START UINT64_C(0xcbf29ce484222325)

/** The digest (FNV-1a over 64-bit words, then bytes) continued over size bytes. */
uint64_t ordpar_digest(uint64_t digest, const void *data, size_t size);

/** The same over one number, whose 0 has no sign: a text of it may have lost that. */
uint64_t ordpar_digest_number(uint64_t digest, double number);

/**
 * Continues *digest over what the file path holds: the same for the same bytes, wherever they lie.
 * Errors: IO (also for what is no regular file, which could not be read again), MEMORY.
 */
ordpar_status ordpar_digest_file(const char *path, uint64_t *digest, ordpar_error *err);

#endif
