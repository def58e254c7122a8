// SPDX-License-Identifier: GPL-3.0-or-later
/** The subcommands. Each gets its parsed options and returns an exit code. */
#ifndef ORDPAR_CLI_COMMAND_H
#define ORDPAR_CLI_COMMAND_H

#include "options.h"

int command_curve(const options *parsed);
int command_simulate(const options *parsed);
int command_compare(const options *parsed);
int command_closed_form(const options *parsed);
int command_report(const options *parsed);
int command_spectrum(const options *parsed);
int command_figure(const options *parsed);
int command_precision(const options *parsed);
int command_plot(const options *parsed);
int command_sweep(const options *parsed);

#endif
