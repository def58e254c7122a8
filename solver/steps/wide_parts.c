// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/wide_parts.h"

#include "base/kernels.h"

#include <stdlib.h>
#include <string.h>

/* At most, and where a part's sums are long, those of a setup: K (K + M)^2 numbers. */
enum { MOST = 16, MOST_LONG = 4, LONG = 1 << 14 };

struct ordpar_wide_parts {
    const ordpar_flow *flow;
    ordpar_team *team;
    size_t chunks;
    size_t own;      /* numbers of scratch that a member has */
    double *scratch; /* [members][own] */
    double *sums;    /* of all parts but the first */
};

static size_t larger(size_t a, size_t b) {
    return a > b ? a : b;
}

static size_t parts_for(const ordpar_wide_parts *p, size_t count) {
    const size_t most = count > LONG ? MOST_LONG : MOST;
    return p->chunks < most ? p->chunks : most;
}

/* The arrays of sums are never asked for at the same time. */
static size_t most_sums(const ordpar_wide_parts *p) {
    const size_t of_setup = ordpar_block_solve_sums(p->flow), of_state = ordpar_flow_sums(p->flow);
    return larger((parts_for(p, of_setup) - 1) * of_setup, (parts_for(p, of_state) - 1) * of_state);
}

bool ordpar_wide_parts_share(ordpar_wide_parts *parts, ordpar_team *team) {
    double *scratch = ordpar_aligned_array(ordpar_team_size(team) * parts->own);
    if (!scratch)
        return false;
    free(parts->scratch);
    parts->scratch = scratch;
    parts->team = team;
    return true;
}

ordpar_wide_parts *ordpar_wide_parts_create(const ordpar_flow *flow) {
    const size_t n = flow->K + flow->M;
    ordpar_wide_parts *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->flow = flow;
    p->chunks = ordpar_flow_chunks(flow);
    ordpar_block_solve solve = {.flow = flow};
    p->own = ordpar_whole_lines(ordpar_flow_scratch(flow)) +
             larger(ordpar_block_solve_set_scratch(&solve, NULL), ordpar_whole_lines(n * n));
    p->sums = ordpar_aligned_array(most_sums(p));
    if (p->sums && ordpar_wide_parts_share(p, NULL))
        return p;
    ordpar_wide_parts_free(p);
    return NULL;
}

void ordpar_wide_parts_free(ordpar_wide_parts *parts) {
    if (!parts)
        return;
    free(parts->scratch);
    free(parts->sums);
    free(parts);
}

typedef struct {
    ordpar_wide_parts *parts;
    ordpar_wide_pass pass;
    void *context;
    size_t count, of; /* sums, and parts */
    double *sums;
} run;

static void do_part(void *context, size_t part, size_t member) {
    const run *r = context;
    const ordpar_wide_parts *p = r->parts;
    double *scratch = p->scratch + member * p->own;
    double *sums = part == 0 ? r->sums : p->sums + (part - 1) * r->count;
    ordpar_flow flow = *p->flow;
    ordpar_flow_set_scratch(&flow, scratch);
    scratch += ordpar_whole_lines(ordpar_flow_scratch(&flow));
    if (r->count)
        memset(sums, 0, r->count * sizeof *sums);
    for (size_t k = part * p->chunks / r->of; k < (part + 1) * p->chunks / r->of; k++)
        r->pass(r->context, &flow, scratch, ordpar_flow_chunk(p->flow, k), sums);
}

void ordpar_wide_parts_run(ordpar_wide_parts *parts, ordpar_wide_pass pass, void *context,
                           size_t count, double *sums) {
    const size_t of = parts_for(parts, count);
    ordpar_team_run(parts->team, of, do_part, &(run){parts, pass, context, count, of, sums});
    for (size_t k = 1; k < of && count; k++)
        ordpar_add_scaled(count, 1, parts->sums + (k - 1) * count, true, sums);
}

void ordpar_wide_parts_do(ordpar_wide_parts *parts, size_t count, ordpar_task task, void *context) {
    ordpar_team_run(parts->team, count, task, context);
}
