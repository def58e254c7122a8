// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/csv.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static double sum;

static ordpar_status add_row(const ordpar_csv_row *row, void *context, ordpar_error *err) {
    double value;
    (void)context;
    for (size_t c = 0; c < row->n_columns; c++) {
        const ordpar_status status = ordpar_csv_double(row, c, &value, err);
        if (status)
            return status;
        sum += value;
    }
    return ORDPAR_OK;
}

static ordpar_status read_bytes(const char *bytes, size_t length, bool any_header,
                                ordpar_error *err) {
    static const char *const columns[] = {"a", "b"};
    char path[] = "/tmp/ordpar-csv-XXXXXX";
    const int descriptor = mkstemp(path);
    cr_assert(descriptor >= 0);
    cr_assert_eq(write(descriptor, bytes, length), (ssize_t)length);
    close(descriptor);
    sum = 0;
    const ordpar_status status =
        ordpar_csv_read(path, any_header ? NULL : columns, any_header ? 0 : 2, add_row, NULL, err);
    unlink(path);
    return status;
}

static ordpar_status read_text(const char *text, ordpar_error *err) {
    return read_bytes(text, strlen(text), false, err);
}

Test(csv, reads_rows_with_comments_blank_lines_and_any_line_end) {
    ordpar_error err;
    check_ok(read_text("# x\n\na,b\r\n1,2\r\n\n 3 , 4", &err), &err);
    cr_assert_eq(sum, 10);
    check_ok(read_bytes("p,q,r\n1,2,3\n", 12, true, &err), &err);
    cr_assert_eq(sum, 6);
}

Test(csv, reads_json_as_the_same_table) {
    ordpar_error err;
    check_ok(read_text("\xef\xbb\xbf{\"k\": 1, \"columns\": [\"a\", \"b\"], \"rows\": [[1, 2.5], "
                       "[\"3\", 4]]}",
                       &err),
             &err);
    cr_assert_eq(sum, 10.5);
}

static void take_note(const char *text, void *context) {
    char *all = context;
    strcat(strcat(all, text), "|");
}

static ordpar_status take_nothing(const ordpar_csv_row *row, void *context, ordpar_error *err) {
    (void)row, (void)context, (void)err;
    return ORDPAR_OK;
}

/* What follows the #, with or without a space between. */
Test(csv, notes_are_whole) {
    char text[] = "\xef\xbb\xbf# one \n#two\na,b\n1,2\n#\n#  a: b\r\n", all[64] = "";
    FILE *file = fmemopen(text, strlen(text), "r");
    ordpar_error err;
    cr_assert_not_null(file);
    check_ok(ordpar_csv_read_stream(file, "memory", take_note, take_nothing, all, &err), &err);
    fclose(file);
    cr_assert_str_eq(all, "one|two||a: b|");
}

/* Rows filled up, or cut behind the last cell that has something; a line of commas is a blank one.
 */
Test(csv, empty_cells_at_the_end_count_for_nothing) {
    static const char *const texts[] = {"a,b,,\n1,2,,\n3,4,,\n", "a,b\n1,2,,,\n3,4\n",
                                        "a,b,,\n1,2\n,,,\n3,4,\n"};
    ordpar_error err;
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        for (int any = 0; any < 2; any++) {
            const ordpar_status status = read_bytes(texts[k], strlen(texts[k]), any, &err);
            if (any && strstr(texts[k], "a,b,,")) /* a column without a name is there */
                cr_assert(status == ORDPAR_PARSE && strstr(err.message, "got ''"), "%zu", k);
            else
                check_ok(status, &err);
            cr_assert(status || sum == 10, "%zu: %g", k, sum);
        }
    const char *const bad[] = {"a,b,,\n1,2,,3\n", "a,b,,\n1,,\n"};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        cr_assert(read_text(bad[k], &err) == ORDPAR_PARSE, "%s", bad[k]);
}

/* Cells of a note as spreadsheets quote them, and what only looks so. */
Test(csv, quoted_notes_are_notes) {
    char text[] = "\"# command: x \"\"y\"\", \"\"z\"\" \",,,\n"
                  "# a: {\"b\":[\"c\",\"d\"]},,\n"
                  "# p: q,\"r \"\"s\"\"\",t,\n"
                  "\"# no note\",b\n1,2\n",
         all[128] = "";
    FILE *file = fmemopen(text, strlen(text), "r");
    ordpar_error err;
    cr_assert_not_null(file);
    check_ok(ordpar_csv_read_stream(file, "memory", take_note, take_nothing, all, &err), &err);
    fclose(file);
    cr_assert_str_eq(all, "command: x \"y\", \"z\"|a: {\"b\":[\"c\",\"d\"]}|p: q,r \"s\",t|", "%s",
                     all);
}

Test(csv, errors_name_line_and_column) {
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "has no rows"},
        {"a,b\n", "has no rows"},
        {"a,c\n1,2\n", "line 1: the header's column 2 must be 'b', got 'c'"},
        {"a\n1\n", "line 1: the header's column 2 must be 'b', got ''"},
        {"a,b,c\n1,2,3\n", "line 1: the header must have 2 columns, got 3"},
        {"a,b\n1,2\n3\n", "line 3: must have 2 columns, got 1"},
        {"a,b\n1,2\n3,4,5\n", "line 3: must have 2 columns, got 3"},
        {"a,a,b\n1,2,3\n", "line 1: the header's column 2 must be 'b', got 'a'"},
        {"b,,a\n1,2,3\n4,5,x\n", "line 3, column 3 (a): must be a finite number, got 'x'"},
        {"b,,a\n1,2\n", "line 2: must have 3 columns, got 2"},
        {"a,b\n1,x\n", "line 2, column 2 (b): must be a finite number, got 'x'"},
        {"a,b\n1,\n", "line 2, column 2 (b): must be a finite number, got ''"},
        {"a,b\n1,inf\n", "got 'inf'"},
        {"a;b\n1,5;2\n", "line 1: the columns are separated by semicolons; need commas"},
        {"a,b\n1,5;2\n\n", "line 2, column 2 (b): must be a finite number, got '5;2'"},
        {"a,b\n1,5;2,5\n", "line 2: the columns are separated by semicolons"},
        {"a\tb\n1\t2\n", "line 1: the columns are separated by tabs"},
        {"a,b\r1,2\r", "line 1: lines end with a carriage return alone"},
        {"# x\ra,b\r1,2\r", "line 1: lines end with a carriage return alone"},
        {"\xff\xfe"
         "a",
         "UTF-16"},
        {"\xfe\xff"
         "a",
         "UTF-16"},
        {"\xff", "the header's column 1 must be 'a', got '\xff'"},
        {"\xef\xbb"
         "a,b",
         "the header's column 1 must be 'a', got '\xef\xbb"
         "a'"},
        {"\n\na,b\n1,x\n", "line 4, column 2 (b)"},
        {"\n{\"columns\": [\"a\" \"b\"]", "line 2: "},
        {"{}", "must have \"columns\" and \"rows\""},
        {"{\"columns\": [\"a\", 1], \"rows\": []}", "must have \"columns\""},
        {"{\"columns\": [\"a\", \"b\"], \"rows\": []}", "has no rows"},
        {"{\"columns\": [\"a\", \"b\"], \"rows\": 1}", "must have \"columns\""},
        {"{\"columns\": [\"a\", \"c\"], \"rows\": []}", "\"columns\": the header's column 2"},
        {"{\"columns\": [\"a\", \"b\"], \"rows\": [[1, 2], [3]]}", "row 2: must have 2 columns"},
        {"{\"columns\": [\"a\", \"b\"], \"rows\": [[1, true]]}", "must have \"columns\""},
        {"{\"columns\": [\"a\", \"b\"], \"rows\": [[1, null]]}",
         "row 1, column 2 (b): must be a finite number, got 'nan'"},
        {"\"a,b\n1,2\n", "line 1: a quoted field does not end"},
        {"a,b\n\"1\"x,2\n", "line 2: a quoted field does not end"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        ordpar_error err = {""};
        cr_assert_eq(read_text(cases[k].text, &err), ORDPAR_PARSE, "'%s'", cases[k].text);
        cr_assert(strstr(err.message, cases[k].message), "'%s' not in '%s'", cases[k].message,
                  err.message);
    }
}

Test(csv, fields_may_be_quoted) {
    ordpar_error err;
    check_ok(read_text("\"a\",\"b\"\n\"1\", \"2\" \r\n3,\"4\"\n", &err), &err);
    cr_assert_eq(sum, 10);
    cr_assert_eq(read_text("\"a,\"\"\",b\n1,2\n", &err), ORDPAR_PARSE);
    cr_assert(strstr(err.message, "must be 'a', got 'a,\"'"), "%s", err.message);
}

Test(csv, what_is_no_text_file_is_refused_without_filling_the_memory) {
    ordpar_error err;
    cr_assert_eq(read_bytes("a,b\n1,\0002\n", 9, false, &err), ORDPAR_PARSE);
    cr_assert(strstr(err.message, "line 2: a zero byte"), "%s", err.message);
    cr_assert_eq(ordpar_csv_read("/dev/zero", NULL, 0, add_row, NULL, &err), ORDPAR_PARSE);
    cr_assert_eq(ordpar_csv_read("/", NULL, 0, add_row, NULL, &err), ORDPAR_IO);
    cr_assert_eq(ordpar_csv_read("/no/such/file", NULL, 0, add_row, NULL, &err), ORDPAR_IO);
    const size_t size = 40 * (size_t)ORDPAR_CSV_MAX_FIELDS;
    char *line = malloc(size);
    memset(line, '1', size - 1);
    line[size - 1] = '\n';
    cr_assert_eq(read_bytes(line, size, true, &err), ORDPAR_PARSE);
    cr_assert(strstr(err.message, "too long a line"), "%s", err.message);
    free(line);
}
