// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * A file in memory, for readers that take a path: the linker sends fopen, fstat, fsync, rename,
 * unlink, zip_open and the library's replace.h and lock.h here (see CMakeLists.txt), and calls for
 * MEMORY_FILE work on the bytes set last. What replaces MEMORY_FILE is kept in memory_file_written.
 */
#ifndef ORDPAR_FUZZ_MEMORY_FILE_H
#define ORDPAR_FUZZ_MEMORY_FILE_H

#include <stddef.h>
#include <stdint.h>

#define MEMORY_FILE "fuzz.input"

/** data NULL: no such file. */
void memory_file_set(const uint8_t *data, size_t size);

enum { MEMORY_FILE_WRITTEN = 1 << 14 };
extern unsigned char memory_file_written[MEMORY_FILE_WRITTEN];

/** Ends the program, which the fuzzer reports as a crash, unless the condition holds. */
#define FUZZ_CHECK(condition) ((condition) ? (void)0 : fuzz_fail(#condition, __FILE__, __LINE__))
_Noreturn void fuzz_fail(const char *condition, const char *file, int line);

/** Of libFuzzer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
