// SPDX-License-Identifier: GPL-3.0-or-later
/* Reading .npy and .npz: what is written comes back; what is damaged is refused in one line. */
#include "data_support.h"
#include "support.h"
#include "validation/data/dataset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define U8(shape) "{'descr': '|u1', 'fortran_order': False, 'shape': (" shape "), }"

static ordpar_status open_one(const char *path, ordpar_dataset **set, ordpar_error *err) {
    return ordpar_dataset_open(1, &path, set, err);
}

/* Three files of three types in batches that fit none of them. */
Test(dataset, reads_what_was_written) {
    enum { DIM = 12, ROWS = 5, BATCH = 4 };
    unsigned char bytes[ROWS * DIM], packed[128 + ROWS * DIM];
    float floats[ROWS * DIM];
    double doubles[ROWS * DIM], expected[3 * ROWS * DIM], out[BATCH * DIM];
    char names[3][64];
    for (int k = 0; k < ROWS * DIM; k++) {
        expected[k] = bytes[k] = (unsigned char)(k * 37 % 256);
        expected[ROWS * DIM + k] = floats[k] = 0.1f * (float)k - 3;
        expected[2 * ROWS * DIM + k] = doubles[k] = -1e-3 * k * k;
    }
    const char *paths[] = {data_path(names[0], 64, 0, ".npz"), data_path(names[1], 64, 1, ".npy"),
                           data_path(names[2], 64, 2, ".npy")};
    write_npz(paths[0], "X.npy", packed, make_npy(U8("5, 2, 2, 3"), bytes, sizeof bytes, packed));
    write_npy(paths[1], "{'shape': (5, 12), 'fortran_order': False, 'descr': '<f4'}", floats,
              sizeof floats);
    write_npy(paths[2], "{\"descr\":\"<f8\",\"fortran_order\":False,\"shape\":(5,3,4)}", doubles,
              sizeof doubles);
    ordpar_dataset *set;
    ordpar_error err;
    check_ok(ordpar_dataset_open(3, paths, &set, &err), &err);
    cr_assert_eq(ordpar_dataset_dim(set), DIM);
    cr_assert_eq(ordpar_dataset_rows(set), 3 * ROWS);
    for (int pass = 0; pass < 2; pass++) {
        size_t got = 0, done = 0;
        do {
            check_ok(ordpar_dataset_read(set, BATCH, out, &got, &err), &err);
            for (size_t k = 0; k < got * DIM; k++)
                cr_assert_eq(out[k], expected[done * DIM + k], "row %zu", done + k / DIM);
            done += got;
        } while (got > 0);
        cr_assert_eq(done, 3 * ROWS);
        ordpar_dataset_rewind(set);
    }
    ordpar_dataset_free(set);
    for (int k = 0; k < 3; k++)
        unlink(paths[k]);
}

/* One covariance and training on something else: a file that is replaced between two readings. */
Test(dataset, is_the_same_each_time_it_is_read) {
    unsigned char bytes[6] = {1, 2, 3, 4, 5, 6};
    char names[2][64];
    const char *path = data_path(names[0], 64, 0, ".npy"),
               *other = data_path(names[1], 64, 1, ".npy");
    double out[6];
    size_t got;
    ordpar_dataset *set;
    ordpar_error err;
    write_npy(path, U8("2, 3"), bytes, sizeof bytes);
    check_ok(open_one(path, &set, &err), &err);
    check_ok(ordpar_dataset_read(set, 2, out, &got, &err), &err);
    bytes[0] = 9;
    write_npy(other, U8("2, 3"), bytes, sizeof bytes);
    cr_assert_eq(rename(other, path), 0);
    ordpar_dataset_rewind(set);
    cr_assert_eq(ordpar_dataset_read(set, 2, out, &got, &err), ORDPAR_IO);
    cr_assert_not_null(strstr(err.message, "has changed while it was read"));
    ordpar_dataset_free(set);
    unlink(path);
}

typedef struct {
    const char *dictionary, *pattern;
    size_t bytes; /* of data */
} damage;

static const damage damages[] = {
    {U8("2, 3"), "truncated.*6 bytes.*has 5", 5},
    {U8("2, 3"), "1 trailing bytes after the array of shape (2, 3)", 7},
    {"{'descr': '<c16', 'fortran_order': False, 'shape': (2, 3), }", "dtype '<c16'", 96},
    {"{'descr': '<U3', 'fortran_order': False, 'shape': (2, 3), }", "dtype '<U3'", 72},
    {"{'descr': '|O', 'fortran_order': False, 'shape': (2, 3), }", "dtype object", 48},
    {"{'descr': '<f4', 'fortran_order': Truf, 'shape': (2, 3), }", "malformed", 24},
    {"{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,), }", "records", 16},
    {U8("4294967296, 4294967296"), "more numbers", 6},
    {U8("99999999999999999999999, 1"), "more numbers", 6},
    {U8("1, 100000"), "100000 components.*at most", 100000},
    {U8("0, 3"), "empty", 0},
    {U8("6,"), "1 axis", 6},
    {U8(""), "a single number", 1},
    {U8("-2, 3"), "malformed", 6},
    {U8("2LL, 3"), "malformed", 6},
    {U8("L, 3"), "malformed", 6},
    {U8("2, 3") "x", "malformed", 6},
    {"{'descr': '|u1', 'shape': (2, 3), }", "malformed", 6},
    {"{'descr': '|u1', 'descr': '|u1', 'shape': (2, 3)}", "malformed", 6},
    {"", "malformed", 6},
    {"{'descr': '|u1", "malformed", 6},
    {"{'descr': '|u1', 'fortran_order': Fals", "malformed", 6},
};

/* What NumPy writes without being asked: every type, either byte order, the shapes of Python 2. */
Test(dataset, reads_numpys_types) {
    static const struct {
        const char *dictionary, *bytes;
        size_t size;
        double expected[2];
    } cases[] = {
        {"{'descr': '|b1', 'fortran_order': False, 'shape': (1L, 2L), }", "\0\1", 2, {0, 1}},
        {"{'descr': '|i1', 'fortran_order': False, 'shape': (1, 2), }", "\x80\x7f", 2, {-128, 127}},
        {"{'descr': '<u2', 'fortran_order': False, 'shape': (1, 2), }",
         "\xff\xff\1\0",
         4,
         {65535, 1}},
        {"{'descr': '>i2', 'fortran_order': False, 'shape': (1, 2), }",
         "\xff\xfe\1\0",
         4,
         {-2, 256}},
        {"{'descr': '<i4', 'fortran_order': False, 'shape': (1L, 2L), }",
         "\0\0\0\x80\x15\xcd\x5b\x07",
         8,
         {-2147483648.0, 123456789}},
        {"{'descr': '<i8', 'fortran_order': False, 'shape': (1L, 2L), }",
         "\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\x40",
         16,
         {-1, 0x1p62}},
        {"{'descr': '<f2', 'fortran_order': False, 'shape': (1, 2), }",
         "\x55\x35\1\x80",
         4,
         {0x1.554p-2, -0x1p-24}},
        {"{'descr': '>f4', 'fortran_order': False, 'shape': (1, 2), }",
         "\xc0\0\0\0\x3f\x80\0\0",
         8,
         {-2, 1}},
        {"{'descr': '>f8', 'fortran_order': False, 'shape': (1, 2), }",
         "\x3f\xb9\x99\x99\x99\x99\x99\x9a\xc0\0\0\0\0\0\0\0",
         16,
         {0.1, -2}}};
    char path[64];
    data_path(path, sizeof path, 16, ".npy");
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        ordpar_dataset *set;
        ordpar_error err;
        double out[2];
        size_t got;
        write_npy(path, cases[k].dictionary, cases[k].bytes, cases[k].size);
        check_ok(open_one(path, &set, &err), &err);
        check_ok(ordpar_dataset_read(set, 1, out, &got, &err), &err);
        for (int i = 0; i < 2; i++)
            cr_assert_eq(out[i], cases[k].expected[i], "%s: %.17g", cases[k].dictionary, out[i]);
        ordpar_dataset_free(set);
    }
    unlink(path);
}

/* The same array in both orders, in a file and in an archive, in batches that do not fit. */
Test(dataset, order_in_the_file_does_not_matter) {
    enum { ROWS = 7, A = 2, B = 3, C = 4, DIM = A * B * C };
    int32_t fortran[ROWS * DIM];
    double out[3 * DIM];
    unsigned char packed[128 + sizeof fortran];
    for (int n = 0; n < ROWS; n++)
        for (int k = 0; k < DIM; k++) {
            const int a = k / (B * C), b = k / C % B, c = k % C;
            fortran[n + ROWS * (a + A * (b + B * c))] = 1000 * n + k;
        }
    const char *dictionary = "{'descr': '<i4', 'fortran_order': True, 'shape': (7, 2, 3, 4), }";
    char names[2][64];
    const char *paths[] = {data_path(names[0], 64, 17, ".npy"),
                           data_path(names[1], 64, 18, ".npz")};
    write_npy(paths[0], dictionary, fortran, sizeof fortran);
    write_npz(paths[1], "X.npy", packed, make_npy(dictionary, fortran, sizeof fortran, packed));
    ordpar_dataset *set;
    ordpar_error err;
    check_ok(ordpar_dataset_open(2, paths, &set, &err), &err);
    for (size_t done = 0, got = 1; got > 0; done += got) {
        check_ok(ordpar_dataset_read(set, 3, out, &got, &err), &err);
        for (size_t k = 0; k < got * DIM; k++)
            cr_assert_eq(out[k], (double)(1000 * ((done + k / DIM) % ROWS) + k % DIM),
                         "row %zu, component %zu: %g", done + k / DIM, k % DIM, out[k]);
        cr_assert(got > 0 || done == 2 * ROWS);
    }
    ordpar_dataset_free(set);
    unlink(paths[0]);
    unlink(paths[1]);
}

/* pattern: parts that must occur in this order, separated by ".*". */
static bool matches(const char *text, const char *pattern) {
    char part[64];
    while (*pattern) {
        const char *end = strstr(pattern, ".*");
        const size_t length = end ? (size_t)(end - pattern) : strlen(pattern);
        snprintf(part, sizeof part, "%.*s", (int)length, pattern);
        if (!(text = strstr(text, part)))
            return false;
        text += length;
        pattern += length + (end ? 2 : 0);
    }
    return true;
}

static void check_refused(const char *path, const char *pattern) {
    ordpar_dataset *set = NULL;
    ordpar_error err = {0};
    const ordpar_status status = open_one(path, &set, &err);
    cr_assert(status == ORDPAR_PARSE || status == ORDPAR_INVALID, "%s: status %d", pattern,
              (int)status);
    cr_assert_null(set);
    cr_assert(matches(err.message, pattern), "'%s' not in: %s", pattern, err.message);
    cr_assert_not_null(strstr(err.message, path), "no file name in: %s", err.message);
    cr_assert_null(strchr(err.message, '\n'));
    unlink(path);
}

Test(dataset, refuses_damaged_arrays) {
    char path[64];
    data_path(path, sizeof path, 10, ".npy");
    unsigned char *zeros = calloc(1, 100000);
    for (size_t k = 0; k < sizeof damages / sizeof *damages; k++) {
        write_npy(path, damages[k].dictionary, zeros, damages[k].bytes);
        check_refused(path, damages[k].pattern);
    }
    free(zeros);
}

static void write_bytes(const char *path, const void *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    fwrite(bytes, 1, size, file);
    fclose(file);
}

Test(dataset, refuses_what_is_no_array) {
    char path[64];
    data_path(path, sizeof path, 11, ".npy");
    const struct {
        const char *bytes, *pattern;
        size_t size;
    } cases[] = {{"", "truncated", 0},
                 {"\x93NUM", "truncated", 4},
                 {"hello, this is a text file", "not a .npy array", 26},
                 {"\x93NUMPY\x07\x00\x76\x00{}", "version 7.0", 12},
                 {"\x93NUMPY\x02\x00\xff\xff\xff\xff", "header of 4294967295 bytes", 12},
                 {"\x93NUMPY\x01\x00\xff\x00{ 'de", "truncated", 16},
                 {"PK\x03\x04 no archive", "no readable archive", 15}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        write_bytes(path, cases[k].bytes, cases[k].size);
        check_refused(path, cases[k].pattern);
    }
    ordpar_dataset *set;
    ordpar_error err;
    cr_assert_eq(open_one("no/such/file.npy", &set, &err), ORDPAR_IO);
    cr_assert_eq(open_one(".", &set, &err), ORDPAR_IO);
    unlink(path);
    cr_assert_eq(mkfifo(path, 0600), 0);
    cr_assert_eq(open_one(path, &set, &err), ORDPAR_IO); /* and does not wait */
    cr_assert(strstr(err.message, "is not a regular file"), "%s", err.message);
    unlink(path);
    cr_assert_eq(ordpar_dataset_open(0, NULL, &set, &err), ORDPAR_INVALID);
}

/* Every prefix of a good archive, and every one with a byte flipped, is refused or read as it was
 * written. */
Test(dataset, survives_damaged_archives) {
    char path[64];
    data_path(path, sizeof path, 12, ".npz");
    unsigned char numbers[600], npy[128 + 600], archive[2048];
    double out[600];
    for (int k = 0; k < 600; k++)
        numbers[k] = (unsigned char)(k * k);
    write_npz(path, "X.npy", npy, make_npy(U8("200, 3"), numbers, 600, npy));
    FILE *file = fopen(path, "rb");
    const size_t size = fread(archive, 1, sizeof archive, file);
    fclose(file);
    cr_assert(size > 200 && size < sizeof archive);
    size_t good = 0;
    for (size_t k = 0; k < 2 * size; k++) {
        ordpar_dataset *set = NULL;
        ordpar_error err;
        size_t got;
        archive[k / 2] ^= (unsigned char)(k % 2 ? 0x41 : 0);
        write_bytes(path, archive, k % 2 ? size : k / 2);
        if (!open_one(path, &set, &err) && !ordpar_dataset_read(set, 200, out, &got, &err)) {
            good++;
            cr_assert_eq(got, 200);
            for (int i = 0; i < 600; i++)
                cr_assert_eq(out[i], numbers[i], "byte %zu, number %d", k / 2, i);
        }
        ordpar_dataset_free(set);
        archive[k / 2] ^= (unsigned char)(k % 2 ? 0x41 : 0);
    }
    cr_assert(good < size / 2, "%zu of %zu damaged archives were read", good, 2 * size);
    unlink(path);
}

Test(dataset, arrays_of_an_archive_have_names) {
    char path[64];
    const char *const paths[] = {data_path(path, sizeof path, 19, ".npz")};
    unsigned char one[256], two[256];
    const double a[2] = {1, 2}, b[2] = {3, 4};
    const char *dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }";
    write_npz(paths[0], "images.npy", one, make_npy(dictionary, a, sizeof a, one));
    add_npz(paths[0], "labels.npy", two, make_npy(dictionary, b, sizeof b, two));
    ordpar_dataset *set = NULL;
    ordpar_error err;
    double out[2];
    size_t got;
    check_ok(ordpar_dataset_open_array(1, paths, "labels", &set, &err), &err);
    check_ok(ordpar_dataset_read(set, 1, out, &got, &err), &err);
    cr_assert(out[0] == 3 && out[1] == 4);
    ordpar_dataset_free(set);
    cr_assert_eq(ordpar_dataset_open_array(1, paths, "label", &set, &err), ORDPAR_PARSE);
    cr_assert(matches(err.message, "no array named label; its arrays are images, labels"), "%s",
              err.message);
    cr_assert_eq(open_one(paths[0], &set, &err), ORDPAR_PARSE);
    cr_assert(matches(err.message, "no array named X; its arrays are images, labels"), "%s",
              err.message);
    write_npy(paths[0], dictionary, a, sizeof a);
    cr_assert_eq(ordpar_dataset_open_array(1, paths, "labels", &set, &err), ORDPAR_PARSE);
    cr_assert(matches(err.message, "is not a .npz archive.*labels"), "%s", err.message);
    unlink(paths[0]);
}

Test(dataset, refuses_a_zip_bomb) {
    char path[64];
    data_path(path, sizeof path, 13, ".npz");
    const size_t size = 40000000;
    unsigned char *zeros = calloc(1, size), *npy = malloc(size + 128);
    write_npz(path, "X.npy", npy, make_npy(U8("40000, 1000"), zeros, size, npy));
    check_refused(path, "zip bomb");
    write_npz(path, "a.npy", npy, 1000);
    free(zeros);
    free(npy);
    unlink(path);
}

Test(dataset, refuses_values_and_shapes_that_do_not_fit) {
    char names[2][64];
    const char *paths[] = {data_path(names[0], 64, 14, ".npy"),
                           data_path(names[1], 64, 15, ".npy")};
    const double values[6] = {1, 2, 3, 4, NAN, 6};
    double out[6];
    size_t got;
    ordpar_dataset *set;
    ordpar_error err;
    write_npy(paths[0], "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)}", values,
              sizeof values);
    write_npy(paths[1], "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2)}", values,
              sizeof values);
    check_ok(open_one(paths[0], &set, &err), &err);
    cr_assert_eq(ordpar_dataset_read(set, 2, out, &got, &err), ORDPAR_PARSE);
    cr_assert_not_null(strstr(err.message, "example 1 has the value nan"), "%s", err.message);
    ordpar_dataset_free(set);
    cr_assert_eq(ordpar_dataset_open(2, paths, &set, &err), ORDPAR_INVALID);
    cr_assert(matches(err.message, "2 components an example.*has 3"), "%s", err.message);
    unlink(paths[0]);
    unlink(paths[1]);
}
