// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/vector.h"

#include "base/kernels.h"

#include <math.h>
#include <nvector/nvector_serial.h>
#include <stdlib.h>

/* Numbers of each vector done at a time: the pieces of a dozen vectors fit the first-level cache.
 */
enum { PIECE = 512, MAX_NOTES = 64 };

/* From this many numbers on vectors are passed through memory, and it pays to look which notes can
 * wait for a pass that others make. */
enum { LONG = 1 << 16 };

/* z = a x + b y, or z = a x if y is NULL, or z = a if x is NULL too */
typedef struct {
    double a, b;
    const double *x, *y;
    double *z;
    bool due;
} note;

typedef struct {
    size_t length, count;
    note notes[MAX_NOTES];
    N_Vector spare; /* takes the place of a clone that there is no memory for */
    bool exhausted; /* it did */
} notebook;

/* The serial content comes first, so that the serial vector's own functions work on it. */
typedef struct {
    struct _N_VectorContent_Serial serial;
    notebook *book;
    bool owns_book;
} content;

static notebook *book_of(N_Vector x) {
    return ((content *)x->content)->book;
}

static void do_note(const note *n, size_t first, size_t count) {
    if (n->y) {
        ordpar_combine(count, n->a, n->x + first, n->b, n->y + first, false, n->z + first);
    } else if (n->x) {
        ordpar_add_scaled(count, n->a, n->x + first, false, n->z + first);
    } else {
        for (size_t k = 0; k < count; k++)
            n->z[first + k] = n->a;
    }
}

static bool touches(const note *n, const double *x) {
    return n->x == x || n->y == x || n->z == x;
}

/* Whether the note must be done before the other, which was taken later. */
static bool precedes(const note *n, const note *later) {
    return n->z == later->x || n->z == later->y || touches(n, later->z);
}

/* Marks what x and w, or NULL, are made of and, if they are to be written to, what reads them. */
static void mark(notebook *book, const double *x, const double *w, bool written) {
    note *notes = book->notes;
    for (size_t j = book->count; j-- > 0;) {
        notes[j].due = book->length < LONG || notes[j].z == x || notes[j].z == w ||
                       (written && touches(&notes[j], x));
        for (size_t k = j + 1; k < book->count && !notes[j].due; k++)
            notes[j].due = notes[k].due && precedes(&notes[j], &notes[k]);
    }
}

static void forget_what_was_done(notebook *book) {
    size_t left = 0;
    for (size_t k = 0; k < book->count; k++)
        if (!book->notes[k].due)
            book->notes[left++] = book->notes[k];
    book->count = left;
}

/* Does what is due; returns sum (x w)^2 if x is not NULL, taken on the way. */
static double do_due(notebook *book, const double *x, const double *w) {
    bool any = x;
    double sum = 0;
    for (size_t k = 0; k < book->count; k++)
        any = any || book->notes[k].due;
    for (size_t first = 0; first < book->length && any; first += PIECE) {
        const size_t left = book->length - first, count = left < PIECE ? left : PIECE;
        for (size_t k = 0; k < book->count; k++)
            if (book->notes[k].due)
                do_note(&book->notes[k], first, count);
        if (x)
            sum += ordpar_weighted_square(count, x + first, w + first);
    }
    forget_what_was_done(book);
    return sum;
}

/* Does all that was noted. */
static void catch_up(notebook *book) {
    for (size_t k = 0; k < book->count; k++)
        book->notes[k].due = true;
    do_due(book, NULL, NULL);
}

static void take_note(notebook *book, note n) {
    if (book->count == MAX_NOTES)
        catch_up(book);
    book->notes[book->count++] = n;
}

static sunrealtype *array(N_Vector x) {
    mark(book_of(x), NV_DATA_S(x), NULL, true);
    do_due(book_of(x), NULL, NULL);
    return NV_DATA_S(x);
}

static void linear_sum(sunrealtype a, N_Vector x, sunrealtype b, N_Vector y, N_Vector z) {
    take_note(book_of(z),
              (note){.a = a, .b = b, .x = NV_DATA_S(x), .y = NV_DATA_S(y), .z = NV_DATA_S(z)});
}

static void scale(sunrealtype a, N_Vector x, N_Vector z) {
    take_note(book_of(z), (note){.a = a, .x = NV_DATA_S(x), .z = NV_DATA_S(z)});
}

static void set_constant(sunrealtype a, N_Vector z) {
    take_note(book_of(z), (note){.a = a, .z = NV_DATA_S(z)});
}

static sunrealtype weighted_norm(N_Vector x, N_Vector w) {
    notebook *book = book_of(x);
    mark(book, NV_DATA_S(x), NV_DATA_S(w), false);
    return sqrt(do_due(book, NV_DATA_S(x), NV_DATA_S(w)) / (double)book->length);
}

/* z = sum_k a_k x_k; z may be x_0 */
static int linear_combination(int count, sunrealtype *a, N_Vector *x, N_Vector z) {
    scale(a[0], x[0], z);
    for (int k = 1; k < count; k++)
        linear_sum(a[k], x[k], 1, z, z);
    return 0;
}

/* z_k = a_k x + y_k */
static int scale_add_multi(int count, sunrealtype *a, N_Vector x, N_Vector *y, N_Vector *z) {
    for (int k = 0; k < count; k++)
        linear_sum(a[k], x, 1, y[k], z[k]);
    return 0;
}

/* What CVODE needs rarely is done by the serial vector, on numbers that are up to date. */
static void product(N_Vector x, N_Vector y, N_Vector z) {
    catch_up(book_of(z));
    N_VProd_Serial(x, y, z);
}

static void quotient(N_Vector x, N_Vector y, N_Vector z) {
    catch_up(book_of(z));
    N_VDiv_Serial(x, y, z);
}

static void absolute(N_Vector x, N_Vector z) {
    catch_up(book_of(z));
    N_VAbs_Serial(x, z);
}

static void inverse(N_Vector x, N_Vector z) {
    catch_up(book_of(z));
    N_VInv_Serial(x, z);
}

static void add_constant(N_Vector x, sunrealtype b, N_Vector z) {
    catch_up(book_of(z));
    N_VAddConst_Serial(x, b, z);
}

static sunrealtype max_norm(N_Vector x) {
    catch_up(book_of(x));
    return N_VMaxNorm_Serial(x);
}

static sunrealtype minimum(N_Vector x) {
    catch_up(book_of(x));
    return N_VMin_Serial(x);
}

static void free_vector(N_Vector x) {
    content *c = x->content;
    free(c->serial.data);
    free(c);
    N_VFreeEmpty(x);
}

static void destroy(N_Vector x) {
    const content *c = x->content;
    notebook *book = c->book;
    const bool owns_book = c->owns_book;
    catch_up(book); /* a note may still name this vector's numbers */
    if (x == book->spare)
        return;
    if (owns_book && book->spare)
        free_vector(book->spare);
    free_vector(x);
    if (owns_book)
        free(book);
}

static N_Vector create(size_t n, notebook *book, SUNContext context);

static N_Vector clone(N_Vector x) {
    notebook *book = book_of(x);
    N_Vector made = create((size_t)NV_LENGTH_S(x), book, x->sunctx);
    if (!made) {
        book->exhausted = true;
        return book->spare;
    }
    N_VCopyOps(x, made);
    return made;
}

static N_Vector create(size_t n, notebook *book, SUNContext context) {
    N_Vector x = N_VNewEmpty(context);
    content *c = calloc(1, sizeof *c);
    double *data = ordpar_unset_array(n);
    if (!x || !c || !data) {
        if (x)
            N_VFreeEmpty(x);
        free(c);
        free(data);
        return NULL;
    }
    c->serial.length = (sunindextype)n;
    c->serial.data = data;
    c->book = book;
    x->content = c;
    return x;
}

static N_Vector_ID vector_id(N_Vector x) {
    (void)x;
    return SUNDIALS_NVEC_CUSTOM;
}

static sunindextype length(N_Vector x) {
    return NV_LENGTH_S(x);
}

static void set_operations(N_Vector x) {
    x->ops->nvgetvectorid = vector_id;
    x->ops->nvclone = clone;
    x->ops->nvdestroy = destroy;
    x->ops->nvgetarraypointer = array;
    x->ops->nvgetlength = length;
    x->ops->nvlinearsum = linear_sum;
    x->ops->nvconst = set_constant;
    x->ops->nvscale = scale;
    x->ops->nvwrmsnorm = weighted_norm;
    x->ops->nvlinearcombination = linear_combination;
    x->ops->nvscaleaddmulti = scale_add_multi;
    x->ops->nvprod = product;
    x->ops->nvdiv = quotient;
    x->ops->nvabs = absolute;
    x->ops->nvinv = inverse;
    x->ops->nvaddconst = add_constant;
    x->ops->nvmaxnorm = max_norm;
    x->ops->nvmin = minimum;
}

N_Vector ordpar_vector_create(size_t n, SUNContext context) {
    notebook *book = calloc(1, sizeof *book);
    N_Vector x = book ? create(n, book, context) : NULL;
    if (!x) {
        free(book);
        return NULL;
    }
    book->length = n;
    ((content *)x->content)->owns_book = true;
    set_operations(x);
    book->spare = create(n, book, context);
    if (!book->spare) {
        N_VDestroy(x);
        return NULL;
    }
    N_VCopyOps(x, book->spare);
    return x;
}

bool ordpar_vector_exhausted(N_Vector x) {
    return book_of(x)->exhausted;
}
