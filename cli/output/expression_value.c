// SPDX-License-Identifier: GPL-3.0-or-later
/* What an expression is in a row. */
#include "cli/output/expression.h"

#include <math.h>
#include <string.h>

/* What an operator makes of the last two, or a function of the last. */
static double apply(char kind, double x, double y) {
    switch (kind) {
    case '+':
        return x + y;
    case '-':
        return x - y;
    case '*':
        return x * y;
    case '/':
        return x / y;
    case '^':
        return pow(x, y);
    case '~':
        return -y;
    case 's':
        return sqrt(y);
    case 'l':
        return log(y);
    default:
        return exp(y);
    }
}

double expression_value(const expression *e, const double *row) {
    double stack[EXPRESSION_ITEMS + 1] = {0}, *top = stack; /* the result is at stack[1] */
    for (size_t k = 0; k < e->count; k++) {
        const expression_item *item = &e->items[k];
        if (item->kind == 'n' || item->kind == 'c') {
            const bool none = item->kind == 'c' && row[item->column] == -1;
            *++top = item->kind == 'n' || none ? item->number : row[item->column];
            continue;
        }
        const double y = *top, x = strchr("+-*/^", item->kind) ? *--top : 0;
        *top = apply(item->kind, x, y);
    }
    return *top;
}

bool expression_uses(const expression *e, size_t column) {
    for (size_t k = 0; k < e->count; k++)
        if (e->items[k].kind == 'c' && e->items[k].column == column)
            return true;
    return false;
}
