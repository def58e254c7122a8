// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/npy_archive.h"

#include "base/number.h"
#include "base/zip_library.h"

#include <string.h>

/*
 * Deflate cannot pack more than 1032 to 1, and numbers worth learning from do not pack 200 to 1: a
 * large member that claims to is refused instead of being unpacked for hours.
 */
enum { MAX_RATIO = 200, SMALL_MEMBER = 1 << 24 };

static ordpar_status truncated(const ordpar_npy_file *file, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_PARSE, "%s: is truncated or damaged", file->path);
}

ordpar_status ordpar_npy_archive_read(ordpar_npy_file *file, void *out, size_t size,
                                      ordpar_error *err) {
    for (size_t done = 0; done < size;) {
        const zip_int64_t got = ordpar_zip()->fread(file->member, (char *)out + done, size - done);
        if (got <= 0)
            return truncated(file, err);
        done += (size_t)got;
    }
    file->left -= size < file->left ? size : file->left;
    char beyond; /* reading past the end makes libzip compare the checksum */
    if (file->left == 0 && ordpar_zip()->fread(file->member, &beyond, 1) != 0)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: is damaged: its checksum does not fit",
                           file->path);
    return ORDPAR_OK;
}

/* Length of a member's name without .npy; 0 for a member that is no array. */
static size_t name_length(const char *name) {
    const char *suffix = name ? strrchr(name, '.') : NULL;
    return suffix && strcmp(suffix, ".npy") == 0 ? (size_t)(suffix - name) : 0;
}

static ordpar_status no_array(const ordpar_npy_file *file, const char *array, ordpar_error *err) {
    char list[256] = "";
    size_t used = 0;
    const zip_int64_t entries = ordpar_zip()->get_num_entries(file->archive, 0);
    for (zip_int64_t k = 0; k < entries && used < sizeof list; k++) {
        const char *name = ordpar_zip()->get_name(file->archive, (zip_uint64_t)k, 0);
        if (name_length(name))
            used += (size_t)ordpar_format(list + used, sizeof list - used, "%s%.*s",
                                          used ? ", " : "", (int)name_length(name), name);
    }
    if (!used)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: is an archive without a .npy array", file->path);
    return ordpar_fail(err, ORDPAR_PARSE, "%s: has no array named %.80s; its arrays are %s%s",
                       file->path, array ? array : ORDPAR_NPY_ARRAY, list,
                       used < sizeof list ? "" : "..");
}

static zip_int64_t find(const ordpar_npy_file *file, const char *array) {
    const zip_int64_t entries = ordpar_zip()->get_num_entries(file->archive, 0);
    const char *wanted = array ? array : ORDPAR_NPY_ARRAY;
    for (zip_int64_t k = 0; k < entries; k++) {
        const char *name = ordpar_zip()->get_name(file->archive, (zip_uint64_t)k, 0);
        const size_t length = name_length(name);
        if (name && (strcmp(name, wanted) == 0 ||
                     (length && length == strlen(wanted) && memcmp(name, wanted, length) == 0)))
            return k;
    }
    return !array && entries == 1 ? 0 : -1;
}

static ordpar_status open_member(ordpar_npy_file *file, const char *array, uint64_t *size,
                                 ordpar_error *err) {
    const zip_int64_t index = find(file, array);
    if (index < 0)
        return no_array(file, array, err);
    zip_stat_t s;
    if (ordpar_zip()->stat_index(file->archive, (zip_uint64_t)index, 0, &s) != 0 ||
        !(s.valid & ZIP_STAT_SIZE) || !(s.valid & ZIP_STAT_COMP_SIZE))
        return truncated(file, err);
    if (s.size > SMALL_MEMBER && s.size / MAX_RATIO > s.comp_size)
        return ordpar_fail(err, ORDPAR_PARSE,
                           "%s: packs %llu bytes into %llu, which no data does (a zip bomb?)",
                           file->path, (unsigned long long)s.size, (unsigned long long)s.comp_size);
    file->member = ordpar_zip()->fopen_index(file->archive, (zip_uint64_t)index, 0);
    if (!file->member)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: the array cannot be read: %s", file->path,
                           ordpar_zip()->strerror(file->archive));
    *size = file->left = s.size;
    return ORDPAR_OK;
}

ordpar_status ordpar_npy_archive_open(ordpar_npy_file *file, const char *array, uint64_t *size,
                                      ordpar_error *err) {
    int code = 0;
    if (!ordpar_zip())
        return ordpar_fail(err, ORDPAR_IO, "%s: libzip cannot be loaded", file->path);
    file->archive = ordpar_zip()->open(file->path, ZIP_RDONLY, &code);
    if (file->archive)
        return open_member(file, array, size, err);
    zip_error_t reason;
    ordpar_zip()->error_init_with_code(&reason, code);
    const ordpar_status status = ordpar_fail(err, ORDPAR_PARSE, "%s: is no readable archive: %s",
                                             file->path, ordpar_zip()->error_strerror(&reason));
    ordpar_zip()->error_fini(&reason);
    return status;
}

void ordpar_npy_archive_close(ordpar_npy_file *file) {
    if (file->member)
        ordpar_zip()->fclose(file->member);
    if (file->archive)
        ordpar_zip()->discard(file->archive);
}

ordpar_status ordpar_npy_archive_write(const char *array, const char *archive, ordpar_error *err) {
    if (!ordpar_zip())
        return ordpar_fail(err, ORDPAR_IO, "%s: libzip cannot be loaded", archive);
    zip_t *zip = ordpar_zip()->open(archive, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    if (!zip)
        return ordpar_fail(err, ORDPAR_IO, "%s: cannot be written", archive);
    zip_source_t *source = ordpar_zip()->source_file(zip, array, 0, -1);
    const zip_int64_t index =
        source ? ordpar_zip()->file_add(zip, "X.npy", source, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0)
        ordpar_zip()->source_free(source);
    if (index < 0 ||
        ordpar_zip()->set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0) != 0 ||
        ordpar_zip()->file_set_mtime(zip, (zip_uint64_t)index, 946684800, 0) != 0 ||
        ordpar_zip()->close(zip) != 0) {
        const ordpar_status status = ordpar_fail(err, ORDPAR_IO, "%s: cannot be written: %s",
                                                 archive, ordpar_zip()->strerror(zip));
        ordpar_zip()->discard(zip);
        return status;
    }
    return ORDPAR_OK;
}
