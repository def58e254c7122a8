// SPDX-License-Identifier: GPL-3.0-or-later
/** The program gnuplot, run so that whatever it does or fails to do costs no more than a picture.
 */
#ifndef ORDPAR_CLI_GNUPLOT_H
#define ORDPAR_CLI_GNUPLOT_H

#include <stdbool.h>
#include <stddef.h>

enum { GNUPLOT_REASON = 256 };

typedef enum { GNUPLOT_DONE, GNUPLOT_FAILED, GNUPLOT_INTERRUPTED } gnuplot_result;

/**
 * Runs gnuplot on a script and takes what it writes to standard output: *picture[*size], for the
 * caller to free. No file is made. Its settings from the environment are taken away. It is ended
 * (GNUPLOT_INTERRUPTED) once the program's flag `interrupted` becomes set, if heed is true, and
 * (GNUPLOT_FAILED) after ORDPAR_GNUPLOT_TIMEOUT seconds, 120 unless that is set; reason then says
 * in a few words what failed.
 */
gnuplot_result gnuplot_run(const char *script, size_t length, bool heed, char **picture,
                           size_t *size, char reason[GNUPLOT_REASON]);

#endif
