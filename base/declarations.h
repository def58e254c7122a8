// SPDX-License-Identifier: GPL-3.0-or-later
/** What stands around the declarations of a public header: C linkage for users from C++. */
#ifndef ORDPAR_DECLARATIONS_H
#define ORDPAR_DECLARATIONS_H

#ifdef __cplusplus
#define ORDPAR_DECLARATIONS_BEGIN extern "C" {
#define ORDPAR_DECLARATIONS_END }
#else
#define ORDPAR_DECLARATIONS_BEGIN
#define ORDPAR_DECLARATIONS_END
#endif

#endif
