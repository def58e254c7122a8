// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/npy.h"

#include "base/number.h"

#include <string.h>

static ordpar_status refuse(const char *name, const char *reason, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_PARSE, "%s: %s", name, reason);
}

ordpar_status ordpar_npy_prefix(const char *name, const unsigned char *prefix, size_t *begin,
                                size_t *length, ordpar_error *err) {
    if (memcmp(prefix, ORDPAR_NPY_MAGIC, sizeof ORDPAR_NPY_MAGIC - 1) != 0)
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
    while (p->at < p->end && (*p->at == ' ' || *p->at == '\n' || *p->at == '\t'))
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

/* "<f8" and the like; numpy's own spelling leaves nothing out. */
static bool parse_type(const char *descr, ordpar_npy *npy) {
    static const char *const types[] = {"b1", "u1", "u2", "u4", "u8", "i1",
                                        "i2", "i4", "i8", "f2", "f4", "f8"};
    const char *word = descr + (*descr && strchr("<>|=", *descr));
    for (size_t k = 0; k < sizeof types / sizeof *types; k++)
        if (strcmp(word, types[k]) == 0) {
            npy->kind = word[0];
            npy->size = (size_t)(word[1] - '0');
            npy->swapped = *descr == '>' && npy->size > 1;
            return true;
        }
    return false;
}

static ordpar_status read_type(parser *p, ordpar_error *err) {
    char descr[32];
    skip_blanks(p);
    if (p->at < p->end && *p->at == '[')
        return refuse(p->name, "holds records; need plain numbers", err);
    if (!take_word(p, descr, sizeof descr))
        return malformed(p, err);
    p->has_type = parse_type(descr, &p->npy);
    if (p->has_type)
        return ORDPAR_OK;
    if (strchr(descr, 'O'))
        return refuse(p->name, "holds Python objects (dtype object), which are not numbers", err);
    return ordpar_fail(err, ORDPAR_PARSE,
                       "%s: has dtype '%s'; need bool, whole numbers, float16, float32 or float64",
                       p->name, descr);
}

static ordpar_status read_order(parser *p, ordpar_error *err) {
    skip_blanks(p);
    const size_t left = (size_t)(p->end - p->at);
    p->npy.fortran = left >= 4 && memcmp(p->at, "True", 4) == 0;
    if (!p->npy.fortran && (left < 5 || memcmp(p->at, "False", 5) != 0))
        return malformed(p, err);
    p->at += p->npy.fortran ? 4 : 5;
    p->has_order = true;
    return ORDPAR_OK;
}

/* Digits, after which Python 2 wrote an L. */
static bool take_length(parser *p, uint64_t *length, bool *fits) {
    const char *begin = (skip_blanks(p), p->at);
    for (*length = 0, *fits = true; p->at < p->end && *p->at >= '0' && *p->at <= '9'; p->at++)
        *fits = *fits && !__builtin_mul_overflow(*length, 10, length) &&
                !__builtin_add_overflow(*length, (uint64_t)(*p->at - '0'), length);
    if (p->at == begin)
        return false;
    p->at += p->at < p->end && *p->at == 'L';
    return true;
}

static ordpar_status read_shape(parser *p, ordpar_error *err) {
    ordpar_npy *npy = &p->npy;
    uint64_t total = 1, length;
    bool fits;
    if (!take(p, '('))
        return malformed(p, err);
    npy->dim = 1;
    while (!take(p, ')')) {
        if (!take_length(p, &length, &fits))
            return malformed(p, err);
        if (!fits || __builtin_mul_overflow(total, length, &total) || total > INT64_MAX / 8)
            return refuse(p->name, "the shape has more numbers than a file can hold", err);
        if (npy->n_axes == ORDPAR_NPY_MAX_AXES)
            return refuse(p->name, "the shape has more axes than NumPy has", err);
        npy->axes[npy->n_axes++] = length;
        if (!take(p, ',') && (skip_blanks(p), p->at == p->end || *p->at != ')'))
            return malformed(p, err);
    }
    if (npy->n_axes == 0)
        return refuse(p->name, "is a single number, not an array", err);
    if (total == 0)
        return refuse(p->name, "is empty (an axis has length 0)", err);
    npy->rows = npy->axes[0];
    npy->dim = total / npy->rows;
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

void ordpar_npy_shape(const ordpar_npy *npy, char shape[ORDPAR_NPY_SHAPE_SIZE]) {
    size_t length = (size_t)ordpar_format(shape, ORDPAR_NPY_SHAPE_SIZE, "(");
    for (size_t k = 0; k < npy->n_axes && length < ORDPAR_NPY_SHAPE_SIZE; k++)
        length += (size_t)ordpar_format(shape + length, ORDPAR_NPY_SHAPE_SIZE - length, "%s%llu%s",
                                        k ? ", " : "", (unsigned long long)npy->axes[k],
                                        npy->n_axes == 1 ? "," : "");
    if (length < ORDPAR_NPY_SHAPE_SIZE)
        ordpar_format(shape + length, ORDPAR_NPY_SHAPE_SIZE - length, ")");
}
