// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A library to be preloaded into ordpar, in which one call fails: ORDPAR_FAIL=malloc:N the N-th
 * allocation, ORDPAR_FAIL=file:N the N-th of the calls that make, flush, close and rename files.
 * ORDPAR_FAIL_COUNT=FILE: how many such calls there were is written there at the end. Children
 * (gnuplot) are left alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* glibc's allocator, and that of the address sanitizer where it is linked. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
__attribute__((weak)) void *__interceptor_malloc(size_t size);
__attribute__((weak)) void *__interceptor_calloc(size_t count, size_t size);
__attribute__((weak)) void *__interceptor_realloc(void *memory, size_t size);
__attribute__((weak)) void *__interceptor_aligned_alloc(size_t alignment, size_t size);

enum { UNKNOWN, OFF, ALLOCATIONS, FILES };
static int what = UNKNOWN;
static long fail_at;
static atomic_long calls;

static void set_up(void) {
    const char *fail = getenv("ORDPAR_FAIL");
    what = OFF;
    if (!fail || strcmp(program_invocation_short_name, "ordpar") != 0)
        return;
    fail_at = atol(strchr(fail, ':') + 1);
    what = *fail == 'm' ? ALLOCATIONS : FILES;
}

/* SUNContext_Create of SUNDIALS 6.4.1 does not look whether its logger got memory, which cannot be
 * seen from outside, and crashes when it is freed: nothing fails in there. */
static _Thread_local bool spared;

static bool fails(int kind) {
    if (what == UNKNOWN)
        set_up();
    if (what != kind || spared || atomic_fetch_add(&calls, 1) + 1 != fail_at)
        return false;
    errno = kind == ALLOCATIONS ? ENOMEM : ENOSPC;
    return true;
}

__attribute__((destructor)) static void tell_count(void) {
    const char *path = getenv("ORDPAR_FAIL_COUNT");
    char text[32];
    const long count = calls;
    if (!path || (what != ALLOCATIONS && what != FILES))
        return;
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    const int length = snprintf(text, sizeof text, "%ld\n", count);
    if (file < 0 || write(file, text, (size_t)length) != length)
        _exit(99);
    close(file);
}

void *malloc(size_t size) {
    if (fails(ALLOCATIONS))
        return NULL;
    return __interceptor_malloc ? __interceptor_malloc(size) : __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    if (fails(ALLOCATIONS))
        return NULL;
    return __interceptor_calloc ? __interceptor_calloc(count, size) : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    if (fails(ALLOCATIONS))
        return NULL;
    return __interceptor_realloc ? __interceptor_realloc(memory, size)
                                 : __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    if (fails(ALLOCATIONS))
        return NULL;
    return __interceptor_aligned_alloc ? __interceptor_aligned_alloc(alignment, size)
                                       : __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    *memory = aligned_alloc(alignment, size);
    return *memory ? 0 : ENOMEM;
}

/* The function of that name that would have been called without this library. */
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int SUNContext_Create(void *communicator, void **context);
int SUNContext_Create(void *communicator, void **context) {
    spared = true;
    const int result = REAL(SUNContext_Create)(communicator, context);
    spared = false;
    return result;
}

FILE *fopen(const char *path, const char *mode) {
    return fails(FILES) ? NULL : REAL(fopen)(path, mode);
}

FILE *fdopen(int descriptor, const char *mode) {
    return fails(FILES) ? NULL : REAL(fdopen)(descriptor, mode);
}

FILE *popen(const char *command, const char *mode) {
    return fails(FILES) ? NULL : REAL(popen)(command, mode);
}

FILE *open_memstream(char **text, size_t *size) {
    return fails(FILES) ? NULL : REAL(open_memstream)(text, size);
}

int mkstemp(char *name) {
    return fails(FILES) ? -1 : REAL(mkstemp)(name);
}

/* What has nothing to write cannot fail. */
int fflush(FILE *file) {
    return file && __fpending(file) > 0 && fails(FILES) ? EOF : REAL(fflush)(file);
}

int fclose(FILE *file) {
    const bool failed = fails(FILES);
    const int result = REAL(fclose)(file);
    if (failed)
        errno = ENOSPC;
    return failed ? EOF : result;
}

int fsync(int descriptor) {
    return fails(FILES) ? -1 : REAL(fsync)(descriptor);
}

int rename(const char *from, const char *to) {
    return fails(FILES) ? -1 : REAL(rename)(from, to);
}

int link(const char *from, const char *to) {
    return fails(FILES) ? -1 : REAL(link)(from, to);
}
