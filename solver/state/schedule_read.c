// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/state/training.h"

#include "base/csv.h"
#include "base/floating_point.h"
#include "base/number.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    ordpar_schedule schedule;
    size_t capacity;
} reading;

static ordpar_status grow(reading *read, ordpar_error *err) {
    enum { FIRST = 64 };
    ordpar_schedule *s = &read->schedule;
    const size_t wanted = read->capacity ? 2 * read->capacity : FIRST;
    double *alpha = realloc(s->alpha, wanted * sizeof *alpha);
    if (alpha)
        s->alpha = alpha;
    double *eta = realloc(s->eta, wanted * sizeof *eta);
    if (eta)
        s->eta = eta;
    if (!alpha || !eta)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a schedule of %zu rows", wanted);
    read->capacity = wanted;
    return ORDPAR_OK;
}

static ordpar_status read_row(const ordpar_csv_row *row, void *context, ordpar_error *err) {
    reading *read = context;
    ordpar_schedule *s = &read->schedule;
    double alpha, eta;
    ordpar_status status;
    if ((status = ordpar_csv_double(row, 0, &alpha, err)) ||
        (status = ordpar_csv_double(row, 1, &eta, err)))
        return status;
    if (alpha < 0)
        return ordpar_csv_fail(row, 0, "must be >= 0", err);
    if (s->count > 0 && !(alpha >= s->alpha[s->count - 1]))
        return ordpar_csv_fail(row, 0, "must not be smaller than in the row before", err);
    if (s->count > 1 && alpha == s->alpha[s->count - 2])
        return ordpar_csv_fail(row, 0, "is a third row at one alpha (two are a jump)", err);
    if (eta < 0)
        return ordpar_csv_fail(row, 1, "must be >= 0", err);
    if (s->count == read->capacity && (status = grow(read, err)))
        return status;
    s->alpha[s->count] = alpha;
    s->eta[s->count++] = eta;
    return ORDPAR_OK;
}

ordpar_status ordpar_schedule_read(const char *path, ordpar_schedule *schedule, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    static const char *const columns[] = {"alpha", "eta"};
    reading read = {.schedule.kind = ORDPAR_SCHEDULE_TABLE};
    const ordpar_status status = ordpar_csv_read(path, columns, 2, read_row, &read, err);
    if (status)
        ordpar_schedule_clear(&read.schedule);
    else
        *schedule = read.schedule;
    return status;
}

void ordpar_schedule_clear(ordpar_schedule *schedule) {
    if (!schedule)
        return;
    free(schedule->alpha);
    free(schedule->eta);
    *schedule = (ordpar_schedule){0};
}
