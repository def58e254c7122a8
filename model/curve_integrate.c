// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/number.h"
#include "model/curve.h"

#include <math.h>

typedef struct {
    double steps, alpha;
} mark;

/* What ordpar_integrate calls. */
typedef struct {
    const ordpar_model *model;
    const ordpar_curve_watch *watch;
    double end;        /* the last alpha */
    double steps;      /* so far */
    mark before, then; /* some steps ago, the first some more */
    double done;       /* of the work, as was said */
} passing;

static ordpar_status pass(void *context, size_t row, double alpha, double eps_g,
                          const ordpar_overlaps *state, ordpar_error *err) {
    const passing *p = context;
    return p->watch->observer(p->watch->context, row, alpha, eps_g, state, err);
}

static ordpar_status pass_visit(void *context, double alpha, const ordpar_overlaps *state,
                                ordpar_error *err) {
    const ordpar_curve_watch *watch = ((passing *)context)->watch;
    return watch->visit(watch->context, alpha, state, err);
}

/* The part of the work that is done, if steps stay as dense in log alpha as the last ones were. */
static double part_done(passing *p, double alpha) {
    if (p->steps > 1.2 * p->then.steps + 5) {
        p->before = p->then;
        p->then = (mark){p->steps, alpha};
    }
    if (!(p->before.alpha > 0) || alpha > 100 * p->before.alpha) /* the first ones are no measure */
        return p->done;
    const double dense = (p->steps - p->before.steps) / log(alpha / p->before.alpha);
    const double left = alpha < p->end ? dense * log(p->end / alpha) : 0;
    p->done = fmax(p->done, p->steps / (p->steps + left));
    return p->done;
}

static void tick(void *context, double alpha) {
    passing *p = context;
    char text[48];
    p->steps++;
    if (!p->model->progress || !(alpha > 0))
        return;
    ordpar_format(text, sizeof text, "alpha = %.4g", alpha);
    ordpar_model_tell(p->model, part_done(p, alpha), text);
}

ordpar_status ordpar_curve_check_begin(const ordpar_model *model, double alpha, ordpar_error *err) {
    return !model->origin || alpha >= model->origin->head.alpha
               ? ORDPAR_OK
               : ordpar_fail(err, ORDPAR_INVALID,
                             "alpha: must begin at %.17g or later, where %.200s stands, got %.17g",
                             model->origin->head.alpha, model->value.continued, alpha);
}

ordpar_status ordpar_curve_integrate(const ordpar_model *model, ordpar_parts *parts, size_t count,
                                     const double *alpha, const ordpar_curve_watch *watch,
                                     ordpar_integrate_stats *stats, ordpar_error *err) {
    passing p = {.model = model, .watch = watch, .end = count > 0 ? alpha[count - 1] : 0};
    ordpar_status status = count > 0 ? ordpar_curve_check_begin(model, alpha[0], err) : ORDPAR_OK;
    if (status)
        return status;
    const ordpar_integrate_options options = {.rtol = model->value.rtol,
                                              .atol = model->value.atol,
                                              .integrator = ordpar_model_integrator(model),
                                              .trained_blocks = parts->trained_blocks,
                                              .observer = pass,
                                              .tick = tick,
                                              .context = &p,
                                              .start_is_deviation = parts->deviation,
                                              .start_alpha = parts->start_alpha,
                                              .deviations = &parts->deviations,
                                              .visit = watch->visit ? pass_visit : NULL,
                                              .stop = model->stop,
                                              .threads = (int)model->value.threads};
    parts->start.heads = ordpar_network_heads(&parts->network);
    if (parts->network.training.eta_v != 0) /* room for trained outputs in the final state */
        status = ordpar_overlaps_set_outputs(&parts->start, parts->network.v, err);
    return status ? status
                  : ordpar_integrate(&parts->spectrum, &parts->network, &parts->start, alpha, count,
                                     &options, stats, err);
}
