// SPDX-License-Identifier: GPL-3.0-or-later
/* The legend of a picture, and the room that it takes. */
#include "cli/output/plot.h"

#include "base/number.h"

#include <math.h>
#include <string.h>

enum { USUAL_LETTERS = 11 };

/* Of a letter, its sample's line and a row, for each point of its size, cm. */
static const double letter_width = 0.0234, sample_width = 0.16, row_height = 0.052;

typedef struct {
    size_t entries, longest; /* characters of the longest */
    double letters;          /* points */
    int columns;
    double height; /* cm; 0: it is not above the picture */
} key;

double plot_letters(const plot *p) {
    return p->size[0] == 0 ? USUAL_LETTERS : p->size[0] < 12 ? 8 : 10;
}

size_t plot_shown_characters(const char *text, size_t size) {
    size_t length = 0;
    for (size_t k = 0; k < size && text[k]; k++)
        length += (text[k] & 0xc0) != 0x80 && !strchr("_^{}@\\", text[k]);
    return length;
}

static bool is_small(const plot *p) {
    return p->size[0] > 0 && p->size[0] < 16;
}

static void place_above(const plot *p, key *k) {
    const double usual = 15, margins = 2.3; /* gnuplot keeps within the axes */
    const double width = (p->size[0] > 0 ? p->size[0] : usual) - margins;
    const double each = k->letters * (letter_width * (double)k->longest + sample_width);
    k->columns = (int)fmax(1, floor(width / each));
    k->height = row_height * k->letters * ceil((double)k->entries / k->columns);
}

/* Beside the picture, unless little would be left of it; above it, in small letters where there are
 * more than three rows. */
static key key_of(const plot *p) {
    key k = {.letters = plot_letters(p)};
    for (size_t s = 0; s < p->n_series; s++) {
        const char *title = p->series[s].title;
        const size_t length = title ? plot_shown_characters(title, strlen(title)) : 0;
        k.entries += title != NULL;
        k.longest = length > k.longest ? length : k.longest;
    }
    const bool beside = !is_small(p) && k.longest <= 24 && k.entries > 2;
    if (k.longest == 0 || p->key_low || p->key_inside || beside)
        return k;
    place_above(p, &k);
    if (is_small(p) && k.height > 3.5 * row_height * k.letters) {
        k.letters -= 2;
        place_above(p, &k);
    }
    return k;
}

double plot_write_key(const plot *p, double scale, FILE *script) {
    const key k = key_of(p);
    if (k.longest == 0)
        fputs("unset key\n", script);
    else if (p->key_low)
        fputs("set key inside left bottom Left reverse spacing 1.2\n", script);
    else if (p->key_inside)
        fputs("set key inside right top spacing 1.2\n", script);
    else if (k.height == 0)
        fputs("set key outside right top Left reverse spacing 1.2\n", script);
    else
        ordpar_print(script,
                     "set key outside center top horizontal maxcols %d Left reverse samplen 3 "
                     "spacing 1\n",
                     k.columns);
    if (k.letters < plot_letters(p))
        ordpar_print(script, "set key font ',%g'\n", k.letters * scale);
    return k.height;
}

bool plot_key_crowds(const plot *p) {
    const double rows = p->title ? 7.2 : 5.8; /* title, tics, names and margins */
    const double legend = key_of(p).height;
    const double taken = legend + rows * row_height * plot_letters(p);
    return p->size[1] > 0 && legend > 0 && taken > 0.75 * p->size[1];
}
