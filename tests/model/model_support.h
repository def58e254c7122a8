// SPDX-License-Identifier: GPL-3.0-or-later
/* A model with the default settings, and settings that must be taken. */
#ifndef ORDPAR_TESTS_MODEL_SUPPORT_H
#define ORDPAR_TESTS_MODEL_SUPPORT_H

#include "model/model.h"
#include "support.h"

static inline ordpar_model *make(void) {
    ordpar_model *model = NULL;
    ordpar_error err;
    check_ok(ordpar_model_create(&model, &err), &err);
    return model;
}

static inline void set(ordpar_model *model, const char *option, double value) {
    ordpar_error err;
    check_ok(ordpar_model_set(model, option, 1, &value, &err), &err);
}

static inline void set_text(ordpar_model *model, const char *option, const char *text) {
    ordpar_error err;
    check_ok(ordpar_model_set_text(model, option, text, &err), &err);
}

#endif
