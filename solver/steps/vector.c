// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/vector.h"

#include "base/kernels.h"
#include "solver/steps/vector_notes.h"

#include <math.h>
#include <nvector/nvector_serial.h>
#include <stdlib.h>

typedef struct {
    ordpar_notes notes;
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

static void take_note(N_Vector z, ordpar_note note) {
    note.z = NV_DATA_S(z);
    ordpar_notes_take(&book_of(z)->notes, note);
}

static void catch_up(N_Vector x) {
    ordpar_notes_finish(&book_of(x)->notes);
}

static sunrealtype *array(N_Vector x) {
    ordpar_notes_open(&book_of(x)->notes, NV_DATA_S(x));
    return NV_DATA_S(x);
}

static void linear_sum(sunrealtype a, N_Vector x, sunrealtype b, N_Vector y, N_Vector z) {
    take_note(z, (ordpar_note){.a = a, .b = b, .x = NV_DATA_S(x), .y = NV_DATA_S(y)});
}

static void scale(sunrealtype a, N_Vector x, N_Vector z) {
    take_note(z, (ordpar_note){.a = a, .x = NV_DATA_S(x)});
}

static void set_constant(sunrealtype a, N_Vector z) {
    take_note(z, (ordpar_note){.a = a});
}

static sunrealtype weighted_norm(N_Vector x, N_Vector w) {
    ordpar_notes *notes = &book_of(x)->notes;
    const double square = ordpar_notes_weighted_square(notes, NV_DATA_S(x), NV_DATA_S(w));
    return sqrt(square / (double)notes->length);
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
    catch_up(z);
    N_VProd_Serial(x, y, z);
}

static void quotient(N_Vector x, N_Vector y, N_Vector z) {
    catch_up(z);
    N_VDiv_Serial(x, y, z);
}

static void absolute(N_Vector x, N_Vector z) {
    catch_up(z);
    N_VAbs_Serial(x, z);
}

static void inverse(N_Vector x, N_Vector z) {
    catch_up(z);
    N_VInv_Serial(x, z);
}

static void add_constant(N_Vector x, sunrealtype b, N_Vector z) {
    catch_up(z);
    N_VAddConst_Serial(x, b, z);
}

static sunrealtype max_norm(N_Vector x) {
    catch_up(x);
    return N_VMaxNorm_Serial(x);
}

static sunrealtype minimum(N_Vector x) {
    catch_up(x);
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
    catch_up(x); /* a note may still name this vector's numbers */
    if (x == book->spare)
        return;
    if (owns_book && book->spare)
        free_vector(book->spare);
    free_vector(x);
    if (owns_book) {
        ordpar_notes_clear(&book->notes);
        free(book);
    }
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
    N_Vector x = book && ordpar_notes_init(n, &book->notes) ? create(n, book, context) : NULL;
    if (!x) {
        if (book)
            ordpar_notes_clear(&book->notes);
        free(book);
        return NULL;
    }
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

const double *ordpar_vector_read(N_Vector x) {
    return ordpar_notes_read(&book_of(x)->notes, NV_DATA_S(x));
}

void ordpar_vector_swap(N_Vector x, N_Vector y) {
    double *data = NV_DATA_S(x);
    NV_DATA_S(x) = NV_DATA_S(y);
    NV_DATA_S(y) = data;
}
