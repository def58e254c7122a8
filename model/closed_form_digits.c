// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/closed_forms.h"
#include "model/decimals.h"

/* The mean start, whatever is drawn elsewhere, unless one is given. */
static void set_start(const ordpar_form *f, ordpar_mp_closed_form_id id, ordpar_mp_model *model) {
    if (id == ORDPAR_MP_LINEAR_CONTINUUM)
        model->trained_blocks = model->spectrum.L;
    if (ordpar_model_has_overlaps(f->model))
        return;
    model->q = model->r = model->t = NULL;
    model->near_teacher = model->linear && id <= ORDPAR_MP_FEATURES &&
                          f->model->value.init == ORDPAR_INIT_NEAR_TEACHER;
}

ordpar_status ordpar_form_digits(ordpar_form *f, const ordpar_mp_grid *grid,
                                 ordpar_mp_result *result, ordpar_error *err) {
    ordpar_mp_closed_form_id id;
    ordpar_mp_closed_form_find(f->entry->name, &id);
    const ordpar_mp_options options = ordpar_decimals_options(f->model);
    ordpar_decimals d = {0};
    ordpar_status status = ORDPAR_OK;
    if (ordpar_model_has_overlaps(f->model))
        status = ordpar_parts_start(f->model, false, &f->parts, err);
    if (!status)
        status = ordpar_decimals_init(f->model, &f->parts, &d, err);
    if (!status && f->entry->rows && !grid)
        status = ordpar_decimals_grid(f->model, &d, err);
    if (!status) {
        set_start(f, id, &d.model);
        status = ordpar_mp_closed_form(id, &d.model, grid ? grid : &d.grid, &options, result, err);
    }
    ordpar_decimals_clear(&d);
    return status;
}
