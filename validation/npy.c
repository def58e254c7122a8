// SPDX-License-Identifier: GPL-3.0-or-later
#include "npy.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static ordpar_status refuse(const char *name, const char *reason, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_PARSE, "%s: %s", name, reason);
}

ordpar_status ordpar_npy_prefix(const char *name, const unsigned char *prefix, size_t *begin,
                                size_t *length, ordpar_error *err) {
    if (memcmp(prefix, "\x93NUMPY", 6) != 0)
        return refuse(name, "is not a .npy array (its first bytes are not \\x93NUMPY)", err);
    const unsigned version = prefix[6];
    if (version < 1 || version > 3)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: .npy version %u.%u is not known", name, version,
                           prefix[7]);
    size_t text = prefix[8] | (size_t)prefix[9] << 8;
    if (version > 1)
        text |= (size_t)prefix[10] << 16 | (size_t)prefix[11] << 24;
    if (text < 2 || text > ORDPAR_NPY_MAX_HEADER)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: a header of %zu bytes is not plausible", name,
                           text);
    *begin = version > 1 ? 12 : 10;
    *length = text;
    return ORDPAR_OK;
}

/* The header is the text of a Python dictionary with exactly three entries. */
typedef struct {
    const char *name, *at, *end;
    ordpar_npy npy;
    bool has_type, has_order, has_shape;
} parser;

static void skip_blanks(parser *p) {
    while (p->at < p->end && isspace((unsigned char)*p->at))
        p->at++;
}

static bool take(parser *p, char c) {
    skip_blanks(p);
    if (p->at == p->end || *p->at != c)
        return false;
    p->at++;
    return true;
}

/* A quoted word of fewer than size characters. */
static bool take_word(parser *p, char *word, size_t size) {
    skip_blanks(p);
    const char quote = p->at < p->end ? *p->at : 0;
    if (quote != '\'' && quote != '"')
        return false;
    const char *begin = ++p->at, *close = memchr(begin, quote, (size_t)(p->end - begin));
    if (!close || (size_t)(close - begin) >= size)
        return false;
    memcpy(word, begin, (size_t)(close - begin));
    word[close - begin] = '\0';
    p->at = close + 1;
    return true;
}

static ordpar_status malformed(const parser *p, ordpar_error *err) {
    return refuse(p->name, "the header is malformed or truncated", err);
}

static ordpar_status read_type(parser *p, ordpar_error *err) {
    static const struct {
        const char *descr;
        ordpar_npy_type type;
    } types[] = {{"|u1", ORDPAR_NPY_UINT8},
                 {"u1", ORDPAR_NPY_UINT8},
                 {"<f4", ORDPAR_NPY_FLOAT32},
                 {"<f8", ORDPAR_NPY_FLOAT64}};
    char descr[32];
    skip_blanks(p);
    if (p->at < p->end && *p->at == '[')
        return refuse(p->name, "holds records; need plain uint8, float32 or float64", err);
    if (!take_word(p, descr, sizeof descr))
        return malformed(p, err);
    for (size_t k = 0; k < sizeof types / sizeof *types; k++)
        if (strcmp(descr, types[k].descr) == 0) {
            p->npy.type = types[k].type;
            p->has_type = true;
            return ORDPAR_OK;
        }
    if (strchr(descr, 'O'))
        return refuse(p->name, "holds Python objects (dtype object), which are not numbers", err);
    if (descr[0] == '>')
        return ordpar_fail(err, ORDPAR_PARSE,
                           "%s: is big-endian (dtype '%s'); need little-endian numbers", p->name,
                           descr);
    return ordpar_fail(err, ORDPAR_PARSE,
                       "%s: has dtype '%s'; need uint8 (|u1), float32 (<f4) or float64 (<f8)",
                       p->name, descr);
}

static ordpar_status read_order(parser *p, ordpar_error *err) {
    skip_blanks(p);
    const size_t left = (size_t)(p->end - p->at);
    if (left >= 4 && memcmp(p->at, "True", 4) == 0)
        return refuse(p->name, "is in Fortran order; need C order", err);
    if (left < 5 || memcmp(p->at, "False", 5) != 0)
        return malformed(p, err);
    p->at += 5;
    p->has_order = true;
    return ORDPAR_OK;
}

static ordpar_status read_shape(parser *p, ordpar_error *err) {
    uint64_t total = 1;
    size_t axes = 0;
    if (!take(p, '('))
        return malformed(p, err);
    p->npy.dim = 1;
    while (!take(p, ')')) {
        uint64_t length = 0;
        bool digits = false, fits = true;
        skip_blanks(p);
        for (; p->at < p->end && isdigit((unsigned char)*p->at); p->at++) {
            digits = true;
            fits = fits && !__builtin_mul_overflow(length, 10, &length) &&
                   !__builtin_add_overflow(length, (uint64_t)(*p->at - '0'), &length);
        }
        if (!digits)
            return malformed(p, err);
        if (!fits || __builtin_mul_overflow(total, length, &total) || total > INT64_MAX / 8)
            return refuse(p->name, "the shape has more numbers than a file can hold", err);
        if (axes++ == 0)
            p->npy.rows = length;
        else
            p->npy.dim *= length;
        if (!take(p, ',') && (skip_blanks(p), p->at == p->end || *p->at != ')'))
            return malformed(p, err);
    }
    if (axes < 2)
        return ordpar_fail(err, ORDPAR_PARSE,
                           "%s: has %zu axes; need at least 2: examples, then their components",
                           p->name, axes);
    if (p->npy.rows == 0 || p->npy.dim == 0)
        return refuse(p->name, "is empty (an axis has length 0)", err);
    p->has_shape = true;
    return ORDPAR_OK;
}

static ordpar_status read_entry(parser *p, ordpar_error *err) {
    char key[32];
    if (!take_word(p, key, sizeof key) || !take(p, ':'))
        return malformed(p, err);
    if (strcmp(key, "descr") == 0 && !p->has_type)
        return read_type(p, err);
    if (strcmp(key, "fortran_order") == 0 && !p->has_order)
        return read_order(p, err);
    if (strcmp(key, "shape") == 0 && !p->has_shape)
        return read_shape(p, err);
    return malformed(p, err);
}

ordpar_status ordpar_npy_header(const char *name, const char *text, size_t length, ordpar_npy *npy,
                                ordpar_error *err) {
    parser p = {.name = name, .at = text, .end = text + length};
    if (!take(&p, '{'))
        return malformed(&p, err);
    while (!take(&p, '}')) {
        const ordpar_status status = read_entry(&p, err);
        if (status)
            return status;
        if (!take(&p, ',') && (skip_blanks(&p), p.at == p.end || *p.at != '}'))
            return malformed(&p, err);
    }
    skip_blanks(&p);
    if (p.at != p.end || !p.has_type || !p.has_order || !p.has_shape)
        return malformed(&p, err);
    *npy = p.npy;
    return ORDPAR_OK;
}
