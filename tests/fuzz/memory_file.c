// SPDX-License-Identifier: GPL-3.0-or-later
#include "memory_file.h"

#include "base/lock.h"
#include "base/replace.h"

#include <cblas.h>
#include <errno.h>
#include <gsl/gsl_errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

FILE *__real_fopen(const char *path, const char *mode);
int __real_fstat(int descriptor, struct stat *status);
int __real_rename(const char *from, const char *to);
int __real_unlink(const char *path);
FILE *__wrap_fopen(const char *path, const char *mode);
int __wrap_fstat(int descriptor, struct stat *status);
int __wrap_fsync(int descriptor);
int __wrap_rename(const char *from, const char *to);
int __wrap_unlink(const char *path);
zip_t *__wrap_zip_open(const char *path, int flags, int *code);

int __real_ordpar_replace_check(const char *path);
int __wrap_ordpar_replace_check(const char *path);
ordpar_status __real_ordpar_replace_begin(const char *path, ordpar_replacement *r,
                                          ordpar_error *err);
ordpar_status __wrap_ordpar_replace_begin(const char *path, ordpar_replacement *r,
                                          ordpar_error *err);
ordpar_status __real_ordpar_replace_commit(ordpar_replacement *r, ordpar_error *err);
ordpar_status __wrap_ordpar_replace_commit(ordpar_replacement *r, ordpar_error *err);
ordpar_status __real_ordpar_lock_take(const char *path, ordpar_lock *lock, ordpar_error *err);
ordpar_status __wrap_ordpar_lock_take(const char *path, ordpar_lock *lock, ordpar_error *err);

const char *__asan_default_options(void);
int LLVMFuzzerInitialize(int *argc, char ***argv);

unsigned char memory_file_written[MEMORY_FILE_WRITTEN];

/* What the sanitizer spends on each of many small allocations. */
const char *__asan_default_options(void) {
    return "quarantine_size_mb=4:thread_local_quarantine_size_kb=64:max_malloc_fill_size=0:"
           "allocator_release_to_os_interval_ms=-1";
}

/* As main() does. */
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    gsl_set_error_handler_off();
    openblas_set_num_threads(1);
    return 0;
}

static const uint8_t *bytes;
static size_t n_bytes;

void memory_file_set(const uint8_t *data, size_t size) {
    bytes = data;
    n_bytes = size;
}

void fuzz_fail(const char *condition, const char *file, int line) {
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}

static int is_memory(const char *path) {
    return strncmp(path, MEMORY_FILE, strlen(MEMORY_FILE)) == 0;
}

FILE *__wrap_fopen(const char *path, const char *mode) {
    if (!is_memory(path))
        return __real_fopen(path, mode);
    if (*mode == 'w')
        return fmemopen(memory_file_written, sizeof memory_file_written, mode);
    if (!bytes) {
        errno = ENOENT;
        return NULL;
    }
    return fmemopen((void *)(uintptr_t)bytes, n_bytes, mode); /* which is only read */
}

/* A stream in memory has the descriptor -1. */
int __wrap_fstat(int descriptor, struct stat *status) {
    if (descriptor != -1)
        return __real_fstat(descriptor, status);
    *status = (struct stat){.st_mode = S_IFREG | 0644, .st_size = (off_t)n_bytes};
    return 0;
}

int __wrap_fsync(int descriptor) {
    (void)descriptor;
    return 0;
}

int __wrap_rename(const char *from, const char *to) {
    return is_memory(to) ? 0 : __real_rename(from, to);
}

int __wrap_unlink(const char *path) {
    return is_memory(path) ? 0 : __real_unlink(path);
}

int __wrap_ordpar_replace_check(const char *path) {
    return is_memory(path) ? 0 : __real_ordpar_replace_check(path);
}

ordpar_status __wrap_ordpar_replace_begin(const char *path, ordpar_replacement *r,
                                          ordpar_error *err) {
    if (!is_memory(path))
        return __real_ordpar_replace_begin(path, r, err);
    *r = (ordpar_replacement){.path = path, .file = fopen(path, "w")};
    return r->file ? ORDPAR_OK : ordpar_fail(err, ORDPAR_MEMORY, "out of memory");
}

ordpar_status __wrap_ordpar_replace_commit(ordpar_replacement *r, ordpar_error *err) {
    if (!is_memory(r->path))
        return __real_ordpar_replace_commit(r, err);
    fclose(r->file);
    *r = (ordpar_replacement){0};
    return ORDPAR_OK;
}

ordpar_status __wrap_ordpar_lock_take(const char *path, ordpar_lock *lock, ordpar_error *err) {
    if (!is_memory(path))
        return __real_ordpar_lock_take(path, lock, err);
    *lock = (ordpar_lock){0};
    return ORDPAR_OK;
}

zip_t *__wrap_zip_open(const char *path, int flags, int *code) {
    zip_error_t error;
    zip_error_init(&error);
    (void)path;
    zip_source_t *source = zip_source_buffer_create(bytes, n_bytes, 0, &error);
    zip_t *archive = source ? zip_open_from_source(source, flags, &error) : NULL;
    if (!archive) {
        *code = zip_error_code_zip(&error);
        zip_source_free(source);
    }
    zip_error_fini(&error);
    return archive;
}
