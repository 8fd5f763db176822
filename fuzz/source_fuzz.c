// SPDX-License-Identifier: Apache-2.0
// Any file is read to its end or refused with a reason, whatever it is found out to be; and each of
// its records reads the same again from its raw bytes. (Parquet is DuckDB's to fuzz.)
#include "fuzz/fuzz.h"
#include "plug/source/source.h"

#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static void check_again(struct scope *scope, const struct source_dialect *dialect,
                        const struct record *record) {
    struct record again;

    assert(source_parse(scope, dialect, record->raw, &again) == OK);
    assert(record->fault || !again.fault);
    if (record->fault)
        return;
    assert(again.field_count == record->field_count);
    for (size_t i = 0; i < record->field_count; i++)
        assert(text_equal(again.fields[i], record->fields[i]));
}

static void read_file(struct scope *scope, const char *path) {
    CLEANUP(source_close) struct source *source = NULL;
    struct record before = {0}, record;
    bool is_end;

    if (source_open(scope, path, NULL, &source) != OK) {
        assert(scope->failure.message[0] != '\0' && scope->failure.code != INTERNAL);
        return;
    }
    while (source_next(scope, source, &record, &is_end) == OK && !is_end) {
        assert(record.row == before.row + 1 && record.line > before.line);
        assert(record.fault || record.field_count == source_column_count(source));
        check_again(scope, source_dialect(source), &record);
        before = record;
    }
    assert(scope->failure.code == OK || scope->failure.code == INVALID);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const int file = memfd_create("source", MFD_CLOEXEC);
    struct scope scope;
    char path[32];

    if (size >= 4 && memcmp(data, "PAR1", 4) == 0) {
        close(file);
        return 0;
    }
    assert(file >= 0 && write(file, data, size) == (ssize_t)size);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    scope_init(&scope);
    read_file(&scope, path);
    scope_clear(&scope);
    close(file);
    return 0;
}
