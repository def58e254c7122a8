// SPDX-License-Identifier: GPL-3.0-or-later
/** JSON that is a setting's text, or in the file that the text names. Internal. */
#ifndef ORDPAR_JSON_TEXT_H
#define ORDPAR_JSON_TEXT_H

#include "base/status.h"

#include <jansson.h>
#include <stdbool.h>

/** True if text is JSON itself, which begins with a brace. */
bool ordpar_is_json(const char *text);

/** What is in it, or in the file of that name; the caller releases *root. Errors: IO, PARSE. */
ordpar_status ordpar_json_load(const char *text, json_t **root, ordpar_error *err);

#endif
