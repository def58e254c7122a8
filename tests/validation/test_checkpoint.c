// SPDX-License-Identifier: GPL-3.0-or-later
/* Checkpoint files: what goes in comes out, and nothing else is taken. */
#include "support.h"
#include "validation/simulate/checkpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS = 100 };

static char path[64];

static void name_file(void) {
    snprintf(path, sizeof path, "checkpoint.%ld", (long)getpid());
}

static void remove_file(void) {
    unlink(path);
}

TestSuite(checkpoint, .init = name_file, .fini = remove_file);

static void write_one(uint64_t settings, double *data) {
    for (size_t k = 0; k < WORDS; k++)
        data[k] = 1 / (double)(k + 1);
    const ordpar_piece pieces[] = {{data, 30 * sizeof *data}, {data + 30, 70 * sizeof *data}};
    ordpar_error err;
    check_ok(ordpar_checkpoint_write(path, settings, 7, pieces, 2, &err), &err);
}

static ordpar_status read_one(uint64_t settings, double *data, ordpar_error *err) {
    bool found;
    uint64_t rows;
    const ordpar_piece piece = {data, WORDS * sizeof *data};
    const ordpar_status status = ordpar_checkpoint_rows(path, settings, &found, &rows, err);
    if (status)
        return status;
    cr_assert(found);
    cr_assert_eq(rows, 7);
    return ordpar_checkpoint_read(path, &piece, 1, err);
}

Test(checkpoint, round_trip) {
    double data[WORDS], back[WORDS];
    ordpar_error err;
    bool found = true;
    uint64_t rows;
    check_ok(ordpar_checkpoint_rows(path, 3, &found, &rows, &err), &err);
    cr_assert_not(found);
    write_one(3, data);
    check_ok(read_one(3, back, &err), &err);
    cr_assert_eq(memcmp(data, back, sizeof data), 0);
    cr_assert_eq(read_one(4, back, &err), ORDPAR_PARSE);
    cr_assert(strstr(err.message, "other settings"), "%s", err.message);
}

/* Every byte of the file counts. */
Test(checkpoint, damage_is_seen) {
    double data[WORDS], back[WORDS];
    ordpar_error err;
    write_one(3, data);
    FILE *file = fopen(path, "r+b");
    fseek(file, 0, SEEK_END);
    const long size = ftell(file);
    for (long k = 0; k < size; k++) {
        fseek(file, k, SEEK_SET);
        const int byte = fgetc(file);
        fseek(file, k, SEEK_SET);
        fputc(byte ^ 4, file);
        fflush(file);
        cr_assert_eq(read_one(3, back, &err), ORDPAR_PARSE, "byte %ld of %ld", k, size);
        fseek(file, k, SEEK_SET);
        fputc(byte, file);
        fflush(file);
    }
    check_ok(read_one(3, back, &err), &err);
    for (long length = 1; length < size; length += 41) {
        write_one(3, data);
        cr_assert_eq(truncate(path, length), 0);
        cr_assert_eq(read_one(3, back, &err), ORDPAR_PARSE, "cut at %ld", length);
    }
    bool found = true; /* an empty file is a place for one */
    uint64_t rows;
    cr_assert_eq(truncate(path, 0), 0);
    check_ok(ordpar_checkpoint_rows(path, 3, &found, &rows, &err), &err);
    cr_assert_not(found);
    fclose(file);
}

Test(checkpoint, unwritable) {
    double data = 1;
    const ordpar_piece piece = {&data, sizeof data};
    ordpar_error err;
    cr_assert_eq(ordpar_checkpoint_write("/nowhere/x", 1, 1, &piece, 1, &err), ORDPAR_IO);
    cr_assert(strstr(err.message, "/nowhere/x"), "%s", err.message);
}

/* path.new: what a killed run has left is replaced; a link or a file of the user's is neither
 * followed nor touched. */
Test(checkpoint, what_is_in_the_way) {
    char name[80], victim[80], text[32] = "";
    double data[WORDS];
    snprintf(name, sizeof name, "%s.new", path);
    snprintf(victim, sizeof victim, "%s.victim", path);
    FILE *file = fopen(name, "w");
    fputs("ordpar st", file);
    fclose(file);
    write_one(3, data);
    cr_assert_neq(access(name, F_OK), 0, "the remains are left");
    file = fopen(victim, "w");
    fputs("precious", file);
    fclose(file);
    cr_assert_eq(symlink(victim, name), 0);
    write_one(3, data);
    cr_assert_eq(access(name, F_OK), 0);
    unlink(name);
    cr_assert_eq(rename(victim, name), 0);
    write_one(3, data);
    file = fopen(name, "r");
    cr_assert(file && fgets(text, sizeof text, file));
    fclose(file);
    cr_assert_str_eq(text, "precious");
    unlink(name);
}
