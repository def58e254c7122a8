// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/stream_path.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_LINKS = 40 };

/* Of the name itself, whose folder may lead over links to /proc/PID/fd. */
static int named(const char *path) {
    char folder[PATH_MAX], place[PATH_MAX], *end;
    const char *slash = strrchr(path, '/');
    long process, number;
    int length = 0;
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash + 1 - path) : 1,
             slash ? path : ".");
    if (!realpath(folder, place) || sscanf(place, "/proc/%ld/%n", &process, &length) != 1 ||
        length == 0 || strlen(place) < 3 || strcmp(place + strlen(place) - 3, "/fd") != 0)
        return ORDPAR_STREAM_NONE;
    const char *base = slash ? slash + 1 : path;
    number = strtol(base, &end, 10);
    if (end == base || *end || number < 0 || number > INT_MAX)
        return ORDPAR_STREAM_NONE;
    return process == (long)getpid() ? (int)number : ORDPAR_STREAM_FOREIGN;
}

/* Puts what a link has into its place; false: it is none. */
static bool follow(char *path) {
    char link[PATH_MAX];
    const ssize_t length = readlink(path, link, sizeof link - 1);
    if (length < 0)
        return false;
    link[length] = '\0';
    const char *slash = *link == '/' ? NULL : strrchr(path, '/');
    const size_t kept = slash ? (size_t)(slash + 1 - path) : 0;
    if (kept + (size_t)length >= PATH_MAX)
        return false;
    strcpy(path + kept, link);
    return true;
}

int ordpar_stream_of_path(const char *path) {
    char at[PATH_MAX];
    if (strlen(path) >= sizeof at)
        return ORDPAR_STREAM_NONE;
    strcpy(at, path);
    for (int k = 0; k < MOST_LINKS; k++) {
        const int stream = named(at);
        if (stream != ORDPAR_STREAM_NONE)
            return stream;
        if (!follow(at))
            break;
    }
    return ORDPAR_STREAM_NONE;
}

bool ordpar_path_is_passing(const char *path) {
    static const char *const open[] = {"/dev/stdin", "/dev/fd/", "/proc/self/fd/"};
    bool passing = strcmp(path, "-") == 0;
    for (size_t k = 0; k < sizeof open / sizeof *open; k++)
        passing = passing || strncmp(path, open[k], strlen(open[k])) == 0;
    return passing;
}

char *ordpar_path_target(const char *path) {
    const bool is_file = ordpar_stream_of_path(path) == ORDPAR_STREAM_NONE;
    char *target = is_file ? realpath(path, NULL) : NULL;
    if (target || !is_file || strlen(path) >= PATH_MAX)
        return target ? target : strdup(path);
    char *at = malloc(PATH_MAX);
    if (!at)
        return NULL;
    strcpy(at, path);
    for (int k = 0; k < MOST_LINKS && follow(at); k++) {
    }
    return at;
}

bool ordpar_stream_is_direct(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 &&
           (!S_ISREG(status.st_mode) || ordpar_stream_of_path(path) != ORDPAR_STREAM_NONE);
}
