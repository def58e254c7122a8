// SPDX-License-Identifier: GPL-3.0-or-later
#include "archive.h"

#include <zip.h>

/*
 * Deflate cannot pack more than 1032 to 1, and numbers worth learning from do not pack 200 to 1: a
 * large member that claims to is refused instead of being unpacked for hours.
 */
enum { MAX_RATIO = 200, SMALL_MEMBER = 1 << 24 };

void ordpar_archive_close(ordpar_archive *archive) {
    if (archive->member)
        zip_fclose(archive->member);
    if (archive->zip)
        zip_discard(archive->zip);
    *archive = (ordpar_archive){0};
}

static ordpar_status truncated(const ordpar_archive *archive, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_PARSE, "%s: is truncated or damaged", archive->path);
}

ordpar_status ordpar_archive_read(ordpar_archive *archive, void *out, size_t size,
                                  ordpar_error *err) {
    for (size_t done = 0; done < size;) {
        const zip_int64_t got = zip_fread(archive->member, (char *)out + done, size - done);
        if (got <= 0)
            return truncated(archive, err);
        done += (size_t)got;
    }
    archive->left -= size < archive->left ? size : archive->left;
    char beyond; /* reading past the end makes libzip compare the checksum */
    if (archive->left == 0 && zip_fread(archive->member, &beyond, 1) != 0)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: is damaged: its checksum does not fit",
                           archive->path);
    return ORDPAR_OK;
}

static ordpar_status open_member(ordpar_archive *archive, uint64_t *size, ordpar_error *err) {
    const zip_int64_t entries = zip_get_num_entries(archive->zip, 0);
    zip_int64_t index = zip_name_locate(archive->zip, "X.npy", 0);
    if (index < 0 && entries == 1)
        index = 0;
    if (index < 0)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: has %lld arrays and none of them is named X",
                           archive->path, (long long)entries);
    zip_stat_t s;
    if (zip_stat_index(archive->zip, (zip_uint64_t)index, 0, &s) != 0 ||
        !(s.valid & ZIP_STAT_SIZE) || !(s.valid & ZIP_STAT_COMP_SIZE))
        return truncated(archive, err);
    if (s.size > SMALL_MEMBER && s.size / MAX_RATIO > s.comp_size)
        return ordpar_fail(
            err, ORDPAR_PARSE, "%s: packs %llu bytes into %llu, which no data does (a zip bomb?)",
            archive->path, (unsigned long long)s.size, (unsigned long long)s.comp_size);
    archive->member = zip_fopen_index(archive->zip, (zip_uint64_t)index, 0);
    if (!archive->member)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: the array cannot be read: %s", archive->path,
                           zip_strerror(archive->zip));
    *size = archive->left = s.size;
    return ORDPAR_OK;
}

ordpar_status ordpar_archive_open(const char *path, ordpar_archive *archive, uint64_t *size,
                                  ordpar_error *err) {
    int code = 0;
    *archive = (ordpar_archive){.path = path, .zip = zip_open(path, ZIP_RDONLY, &code)};
    if (archive->zip)
        return open_member(archive, size, err);
    zip_error_t reason;
    zip_error_init_with_code(&reason, code);
    const ordpar_status status = ordpar_fail(err, ORDPAR_PARSE, "%s: is no readable archive: %s",
                                             path, zip_error_strerror(&reason));
    zip_error_fini(&reason);
    return status;
}

ordpar_status ordpar_archive_write(const char *array, const char *path, ordpar_error *err) {
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    if (!zip)
        return ordpar_fail(err, ORDPAR_IO, "%s: cannot be written", path);
    zip_source_t *source = zip_source_file(zip, array, 0, -1);
    const zip_int64_t index = source ? zip_file_add(zip, "X.npy", source, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0)
        zip_source_free(source);
    if (index < 0 || zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0) != 0 ||
        zip_file_set_mtime(zip, (zip_uint64_t)index, 946684800, 0) != 0 || zip_close(zip) != 0) {
        const ordpar_status status =
            ordpar_fail(err, ORDPAR_IO, "%s: cannot be written: %s", path, zip_strerror(zip));
        zip_discard(zip);
        return status;
    }
    return ORDPAR_OK;
}
