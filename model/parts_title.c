// SPDX-License-Identifier: GPL-3.0-or-later
/* What a picture's title says of the spectrum. */
#include "base/number.h"
#include "model/model_internal.h"
#include "model/parts.h"

#include <string.h>

void ordpar_title_escape(const char *plain, char *text, size_t size) {
    size_t used = 0;
    for (; *plain && used + 3 < size; plain++) {
        if (strchr("_^{}@&~\\", *plain))
            text[used++] = '\\';
        text[used++] = *plain;
    }
    text[used] = '\0';
}

/* Of a file its name, without folder and suffix. */
void ordpar_spectrum_title(const ordpar_model *model, char *text, size_t size) {
    const ordpar_values *v = &model->value;
    const char *file = v->data.count > 0 ? v->data.items[0] : v->spectrum;
    char name[48];
    *text = '\0';
    if (!file && !model->data && !model->spectrum.L)
        ordpar_format(text, size, ", β = %g", v->beta);
    if (!file || strcmp(file, "-") == 0)
        return;
    const char *slash = strrchr(file, '/');
    ordpar_format(name, sizeof name, "%s", slash ? slash + 1 : file);
    char *dot = strrchr(name, '.');
    if (dot && dot != name)
        *dot = '\0';
    const int used = ordpar_format(text, size, ", %s = ", v->data.count > 0 ? "data" : "spectrum");
    ordpar_title_escape(name, text + used, size - (size_t)used);
}
