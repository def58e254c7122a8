// SPDX-License-Identifier: GPL-3.0-or-later
/* What files hold as decimal text: eigenvalues in the order of the blocks, overlaps. */
#include "base/number.h"
#include "model/decimals.h"
#include "spectra/spectrum/spectrum_read.h"

#include <stdlib.h>
#include <string.h>

/* The block of the file that block b of a spectrum cut at `trained` comes from. */
static size_t block_of(const ordpar_spectrum_file *file, const ordpar_spectrum *s, size_t trained,
                       size_t b) {
    return s->L == file->spectrum.L + 1 && b >= trained ? b - 1 : b;
}

/* True if s is still the file's spectrum, of which one block may be cut. */
static bool is_same(const ordpar_spectrum_file *file, const ordpar_spectrum *s, size_t trained) {
    if (s->L != file->spectrum.L && s->L != file->spectrum.L + 1)
        return false;
    for (size_t b = 0; b < s->L; b++)
        if (block_of(file, s, trained, b) >= file->spectrum.L ||
            s->lambda[b] != file->spectrum.lambda[block_of(file, s, trained, b)])
            return false;
    return true;
}

ordpar_status ordpar_decimals_read_spectrum(const char *path, const ordpar_parts *parts,
                                            ordpar_decimals *d, ordpar_error *err) {
    const ordpar_spectrum *s = &parts->spectrum;
    const size_t trained = parts->trained_blocks;
    ordpar_spectrum_file file = {0};
    char number[ORDPAR_NUMBER_SIZE];
    ordpar_status status = ordpar_spectrum_file_read(path, &file, err);
    if (!status && !is_same(&file, s, trained))
        status = ordpar_fail(err, ORDPAR_IO, "%s: changed while it was read", path);
    for (size_t b = 0; b < s->L && !status; b++) {
        const size_t from = block_of(&file, s, trained, b);
        const char *text = file.texts ? file.texts[from] : ordpar_number_text(s->lambda[b], number);
        d->lambda[b] = strdup(text);
        if (d->c && file.c_texts)
            d->c[b] = strdup(file.c_texts[from]);
        if (!d->lambda[b] || (d->c && !d->c[b]))
            status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", s->L);
    }
    ordpar_spectrum_file_clear(&file);
    return status;
}

/* count: 0 where there are none. */
static bool shortest_texts(size_t count, const double *x, char **texts) {
    char text[ORDPAR_NUMBER_SIZE];
    for (size_t k = 0; k < count; k++)
        if (!(texts[k] = strdup(ordpar_number_text(x[k], text))))
            return false;
    return true;
}

ordpar_status ordpar_decimals_read_overlaps(const char *file, const ordpar_overlaps *start,
                                            ordpar_decimals *d, ordpar_error *err) {
    const size_t K = start->K, M = start->M, L = start->L;
    const bool hidden = start->p && !d->model.unlearnable; /* else the setting's decimals count */
    ordpar_mp_overlaps *o = &d->overlaps;
    ordpar_status status;
    if (file)
        status = ordpar_mp_overlaps_read(file, K, M, L, o, err);
    else if (!(status = ordpar_mp_overlaps_init(K, M, L, o, err)) &&
             (!shortest_texts(hidden ? M * M : 0, start->p, o->p) ||
              !shortest_texts(K * K * L, start->q, o->q) ||
              !shortest_texts(K * M * L, start->r, o->r) ||
              !shortest_texts(M * M * L, start->t, o->t)))
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu overlaps", o->count);
    d->model.q_text = (const char *const *)o->q;
    d->model.r_text = (const char *const *)o->r;
    d->model.t_text = (const char *const *)o->t;
    if (o->p && o->p[0])
        d->model.unlearnable = (const char *const *)o->p;
    return status;
}
