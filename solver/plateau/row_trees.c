// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/plateau/row_trees.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct ordpar_line_node node;

static size_t leaves_of(size_t count) {
    size_t leaves = 1;
    while (leaves < count)
        leaves *= 2;
    return leaves;
}

/* Chan, Golub and LeVeque 1983. */
static node join(node a, node b) {
    if (a.n == 0 || b.n == 0)
        return a.n == 0 ? b : a;
    const double n = a.n + b.n, part = b.n / n, weight = a.n * part;
    const double dx = b.x - a.x, dy = b.y - a.y;
    return (node){.n = n,
                  .x = a.x + part * dx,
                  .y = a.y + part * dy,
                  .xx = a.xx + b.xx + weight * dx * dx,
                  .xy = a.xy + b.xy + weight * dx * dy};
}

ordpar_status ordpar_line_tree_init(size_t count, const double *x, const double *y,
                                    ordpar_line_tree *tree, ordpar_error *err) {
    const size_t leaves = leaves_of(count);
    node *nodes = calloc(2 * leaves, sizeof *nodes);
    if (!nodes)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    for (size_t k = 0; k < count; k++)
        nodes[leaves + k] = (node){.n = 1, .x = x[k], .y = y[k]};
    for (size_t i = leaves; i-- > 1;)
        nodes[i] = join(nodes[2 * i], nodes[2 * i + 1]);
    *tree = (ordpar_line_tree){leaves, nodes};
    return ORDPAR_OK;
}

ordpar_line_sums ordpar_line_tree_sums(const ordpar_line_tree *tree, size_t low, size_t high) {
    node before = {0}, after = {0};
    for (size_t i = tree->leaves + low, end = tree->leaves + high + 1; i < end; i /= 2, end /= 2) {
        if (i & 1)
            before = join(before, tree->nodes[i++]);
        if (end & 1)
            after = join(tree->nodes[--end], after);
    }
    const node all = join(before, after);
    return (ordpar_line_sums){.x0 = all.x, .y0 = all.y, .n = all.n, .xx = all.xx, .xy = all.xy};
}

ordpar_status ordpar_maxima_init(size_t count, const double *values, double factor,
                                 ordpar_maxima *maxima, ordpar_error *err) {
    const size_t leaves = leaves_of(count);
    double *most = malloc(2 * leaves * sizeof *most);
    if (!most)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    for (size_t k = 0; k < leaves; k++)
        most[leaves + k] = k >= count         ? -INFINITY
                           : isnan(values[k]) ? INFINITY
                                              : factor * values[k];
    for (size_t i = leaves; i-- > 1;)
        most[i] = fmax(most[2 * i], most[2 * i + 1]);
    *maxima = (ordpar_maxima){leaves, most};
    return ORDPAR_OK;
}

/* side: the child of a node that is looked at first, 1 on the way to lower rows. */
static size_t nearest(const ordpar_maxima *m, size_t k, double bound, size_t side) {
    size_t i = m->leaves + k;
    while (!(m->most[i] > bound)) {
        while (i > 1 && (i & 1) != side) /* nothing beside it on that side */
            i /= 2;
        if (i <= 1)
            return SIZE_MAX;
        i = side ? i - 1 : i + 1;
    }
    while (i < m->leaves)
        i = 2 * i + (m->most[2 * i + side] > bound ? side : 1 - side);
    return i - m->leaves;
}

size_t ordpar_maxima_before(const ordpar_maxima *maxima, size_t k, double bound) {
    return nearest(maxima, k, bound, 1);
}

size_t ordpar_maxima_after(const ordpar_maxima *maxima, size_t k, double bound) {
    return nearest(maxima, k, bound, 0);
}
