// SPDX-License-Identifier: GPL-3.0-or-later
/* Names of columns that are numbers, and look like the first of the numbers below them. */
#include "base/csv.h"

#include <string.h>

void ordpar_csv_heading_take(ordpar_csv_heading *h, const ordpar_csv_row *row, double value) {
    const bool whole = !strpbrk(row->fields[0], ".eE");
    if (!row->bare)
        return;
    if (h->count++ == 0) {
        h->whole = whole;
        h->rises = h->falls = true;
        h->first = value;
        return;
    }
    h->others_whole = h->others_whole || whole;
    if (h->count == 2)
        h->second = value;
    else {
        h->rises = h->rises && value >= h->last;
        h->falls = h->falls && value <= h->last;
    }
    h->last = value;
}

bool ordpar_csv_heading_possible(const ordpar_csv_heading *h) {
    return h->count > 1 && h->whole && !h->others_whole;
}

bool ordpar_csv_heading_likely(const ordpar_csv_heading *h) {
    const bool in_line = (h->rises && h->first <= h->second) || (h->falls && h->first >= h->second);
    if (h->whole && h->first == 0 && h->falls && h->second > h->last)
        return true;
    return ordpar_csv_heading_possible(h) &&
           (h->first == 0 || (h->count > 3 && (h->rises || h->falls) && !in_line));
}
