// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Runs a command several times, its standard output to /dev/null, and prints the median wall time
 * in seconds and the peak memory in MiB: measure RUNS COMMAND [ARGUMENT..]
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_RUNS = 1000 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *left, const void *right) {
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double run_once(char **command) {
    const double start = now();
    const pid_t child = fork();
    if (child == 0) {
        const int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDOUT_FILENO);
        execvp(command[0], command);
        _exit(127);
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
        fprintf(stderr, "measure: %s failed\n", command[0]);
        exit(1);
    }
    return now() - start;
}

int main(int argc, char **argv) {
    double wall[MAX_RUNS];
    const int runs = argc > 2 ? atoi(argv[1]) : 0;
    if (runs < 1 || runs > MAX_RUNS) {
        fputs("measure: needs RUNS COMMAND [ARGUMENT..]\n", stderr);
        return 2;
    }
    for (int k = 0; k < runs; k++)
        wall[k] = run_once(argv + 2);
    qsort(wall, (size_t)runs, sizeof *wall, ascending);
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    printf("%.3f %.0f\n", wall[runs / 2], (double)usage.ru_maxrss / 1024);
    return 0;
}
