// SPDX-License-Identifier: GPL-3.0-or-later
/** Compiles a function for several vector widths; the one for the machine is chosen at the start.
 */
#ifndef ORDPAR_VECTORISE_H
#define ORDPAR_VECTORISE_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define ORDPAR_VECTORISE                                                                           \
    __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define ORDPAR_VECTORISE
#endif

#endif
