// SPDX-License-Identifier: GPL-3.0-or-later
/* Locks, files that are replaced as a whole, digests of files. */
#define _GNU_SOURCE /* F_OFD_SETLK */
#include "base/digest.h"
#include "base/lock.h"
#include "base/replace.h"
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[32];

static void enter_folder(void) {
    strcpy(folder, "/tmp/ordpar-files-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
}

static void leave_folder(void) {
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(files, .init = enter_folder, .fini = leave_folder);

static void write_text(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
}

static void check_text(const char *path, const char *expected) {
    char text[64] = "";
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    cr_assert(fgets(text, sizeof text, file) || !*expected);
    fclose(file);
    cr_assert_str_eq(text, expected);
}

/* Exit status of a child that tries to take the lock. */
static int try_in_child(void) {
    int status = -1;
    const pid_t child = fork();
    if (child == 0) {
        ordpar_lock lock;
        ordpar_error err;
        _exit(ordpar_lock_take("f", &lock, &err) ? 1 : 0); /* ends it without releasing */
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    return WEXITSTATUS(status);
}

static int lock_error; /* 0: the system's own */

int __real_fcntl(int descriptor, int command, ...);
int __real_fcntl64(int descriptor, int command, ...);
int __wrap_fcntl(int descriptor, int command, ...);
int __wrap_fcntl64(int descriptor, int command, ...);

static bool refuses_lock(int command) {
    const bool lock = command == F_SETLK || command == F_OFD_SETLK;
    if (lock && lock_error)
        errno = lock_error;
    return lock && lock_error;
}

#define WRAP(name)                                                                                 \
    int __wrap_##name(int descriptor, int command, ...) {                                          \
        va_list more;                                                                              \
        va_start(more, command);                                                                   \
        void *argument = va_arg(more, void *);                                                     \
        va_end(more);                                                                              \
        return refuses_lock(command) ? -1 : __real_##name(descriptor, command, argument);          \
    }
WRAP(fcntl)
WRAP(fcntl64)

Test(files, one_at_a_time_has_a_lock) {
    ordpar_lock lock, second;
    ordpar_error err;
    check_ok(ordpar_lock_take("f", &lock, &err), &err);
    cr_assert_eq(ordpar_lock_take("f", &second, &err), ORDPAR_IO); /* this process again */
    cr_assert_str_eq(err.message, "f: is in use by another run");
    ordpar_lock_release(&second);
    cr_assert_eq(try_in_child(), 1);
    ordpar_lock_release(&lock);
    cr_assert_neq(access("f.lock", F_OK), 0);
    cr_assert_eq(try_in_child(), 0); /* and dies with it */
    cr_assert_eq(access("f.lock", F_OK), 0);
    check_ok(ordpar_lock_take("f", &lock, &err), &err);
    ordpar_lock_release(&lock);
    ordpar_lock_release(&lock);
    cr_assert_eq(ordpar_lock_take("none/f", &lock, &err), ORDPAR_IO);
    write_text("victim", "v");
    cr_assert_eq(symlink("victim", "f.lock"), 0);
    cr_assert_eq(ordpar_lock_take("f", &lock, &err), ORDPAR_IO);
    check_text("victim", "v");
}

static void replace(const char *path, const char *text) {
    ordpar_replacement r;
    ordpar_error err;
    check_ok(ordpar_replace_begin(path, &r, &err), &err);
    fputs(text, r.file);
    check_ok(ordpar_replace_commit(&r, &err), &err);
}

static size_t count_files(void) {
    char text[16] = "";
    FILE *list = popen("ls -A | wc -l", "r");
    cr_assert_not_null(fgets(text, sizeof text, list));
    pclose(list);
    return strtoul(text, NULL, 10);
}

/* Of one that is being written, not even in this process. */
Test(files, remains_go_but_not_what_is_held) {
    ordpar_replacement r;
    ordpar_error err;
    check_ok(ordpar_replace_begin("f", &r, &err), &err);
    fputs("# x", r.file);
    fflush(r.file);
    ordpar_replace_remove_remains("f", false, "# x", 3);
    check_text("f.new", "# x");
    check_ok(ordpar_replace_commit(&r, &err), &err);
    check_text("f", "# x");
    replace("f.new", "# x, of the dead");
    replace("f.new-0123abcd", "# y");
    ordpar_replace_remove_remains("f", false, "# x", 3);
    check_text("f.new-0123abcd", "# y");
    cr_assert_eq(count_files(), 2);
}

Test(files, a_replacement_is_whole_or_not_at_all) {
    ordpar_replacement r;
    ordpar_error err;
    struct stat state;
    umask(022);
    replace("f", "one");
    check_text("f", "one");
    cr_assert(stat("f", &state) == 0 && (state.st_mode & 0777) == 0644);
    check_ok(ordpar_replace_begin("f", &r, &err), &err);
    fputs("two", r.file);
    check_text("f", "one");
    ordpar_replace_abandon(&r);
    check_text("f", "one");
    replace("f", "three");
    check_text("f", "three");
    cr_assert_eq(count_files(), 1);
    cr_assert_eq(ordpar_replace_begin("none/f", &r, &err), ORDPAR_IO);
    cr_assert_eq(mkdir("d", 0700), 0);
    check_ok(ordpar_replace_begin("d", &r, &err), &err);
    cr_assert_eq(ordpar_replace_commit(&r, &err), ORDPAR_IO);
    cr_assert_eq(count_files(), 2);
}

Test(files, a_replacement_follows_no_link_and_takes_no_file_of_the_users) {
    write_text("victim", "v");
    cr_assert_eq(symlink("victim", "f.new"), 0);
    write_text("g.new", "mine");
    replace("f", "one");
    replace("g", "two");
    check_text("victim", "v");
    check_text("g.new", "mine");
    check_text("f", "one");
    check_text("g", "two");
    cr_assert_eq(ordpar_replace_check("f"), 0);
    cr_assert_eq(ordpar_replace_check("none/f"), ENOENT);
    cr_assert_eq(count_files(), 5);
}

/* As another user: in a sticky folder a file that may be written may not be replaced. */
static int check_as_other(const char *path) {
    int status = -1;
    const pid_t child = fork();
    if (child == 0)
        _exit(setgid(54321) != 0 || setuid(54321) != 0 ? 255 : ordpar_replace_check(path));
    cr_assert_eq(waitpid(child, &status, 0), child);
    return WEXITSTATUS(status);
}

Test(files, a_sticky_folder_keeps_others_files) {
    if (geteuid() != 0)
        cr_skip_test("only the administrator can be somebody else");
    write_text("f", "root's");
    cr_assert(chmod("f", 0666) == 0 && chmod(".", 01777) == 0);
    cr_assert_eq(check_as_other("f"), EPERM);
    cr_assert_eq(check_as_other("own"), 0);
    cr_assert_eq(chmod(".", 0777), 0);
    cr_assert_eq(check_as_other("f"), 0);
    cr_assert_eq(chmod(".", 0755), 0);
    cr_assert_eq(check_as_other("f"), EACCES);
    cr_assert_eq(count_files(), 1);
}

static uint64_t digest_of(const char *path) {
    uint64_t digest = ORDPAR_DIGEST_START;
    ordpar_error err;
    check_ok(ordpar_digest_file(path, &digest, &err), &err);
    return digest;
}

Test(files, a_file_system_without_locks_counts_as_free) {
    const int reasons[] = {ENOLCK, EOPNOTSUPP, EINVAL, ENOSYS};
    ordpar_error err;
    write_text("f.new-0123abcd", "# x");
    for (size_t k = 0; k < sizeof reasons / sizeof *reasons; k++) {
        ordpar_lock lock;
        lock_error = reasons[k];
        check_ok(ordpar_lock_take("f", &lock, &err), &err);
        ordpar_lock_release(&lock);
        cr_assert_eq(ordpar_replace_check("f"), 0);
        replace("f", "one");
        ordpar_replace_remove_remains("f", false, "# x", 3); /* somebody may be writing it */
    }
    cr_assert_eq(count_files(), 2);
    lock_error = EAGAIN;
    cr_assert_eq(ordpar_lock_take("f", &(ordpar_lock){0}, &err), ORDPAR_IO);
    cr_assert_str_eq(err.message, "f: is in use by another run");
}

Test(files, digests_are_of_what_files_hold) {
    write_text("a", "alpha,eta\n0,1\n");
    write_text("b", "alpha,eta\n0,1\n");
    cr_assert_eq(digest_of("a"), digest_of("b"));
    write_text("b", "alpha,eta\n0,2\n");
    cr_assert_neq(digest_of("a"), digest_of("b"));
    FILE *file = fopen("long", "w");
    for (int k = 0; k < 200000; k++)
        fputc(k * 7 % 256, file);
    fclose(file);
    const uint64_t before = digest_of("long");
    file = fopen("long", "r+");
    fseek(file, 150000, SEEK_SET);
    fputc(1, file);
    fclose(file);
    cr_assert_neq(digest_of("long"), before);
    write_text("empty", "");
    cr_assert_neq(digest_of("empty"), ORDPAR_DIGEST_START);
    uint64_t digest = 5;
    ordpar_error err;
    cr_assert_eq(ordpar_digest_file("none", &digest, &err), ORDPAR_IO);
    cr_assert_eq(ordpar_digest_file(".", &digest, &err), ORDPAR_IO);
    cr_assert_eq(mkfifo("pipe", 0600), 0);
    cr_assert_eq(ordpar_digest_file("pipe", &digest, &err), ORDPAR_IO); /* and does not wait */
    cr_assert_eq(digest, 5);
}
