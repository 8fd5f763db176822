// SPDX-License-Identifier: Apache-2.0
#include "tests/two_databases.h"

#include "plug/import/import_testing.h"
#include "plug/sample/sample.h"
#include "store/postgresql_testing.h"
#include "store/setting.h"
#include "store/store_copy.h"

// ---- comparing ----

void test_same_lines(const char *one_name, const struct buffer *one, const char *other_name,
                     const struct buffer *other) {
    struct text left = buffer_text(one), right = buffer_text(other);

    CHECK(left.size > 0);
    while (left.size > 0 || right.size > 0) {
        struct text rest_left, rest_right;
        const struct text line = text_split(left, '\n', &rest_left);
        const struct text counterpart = text_split(right, '\n', &rest_right);

        if (!text_equal(line, counterpart))
            test_fail(__FILE__, __LINE__, "%s\n    %.*s\n  %s\n    %.*s", one_name, TEXT_ARG(line),
                      other_name, TEXT_ARG(counterpart));
        left = rest_left;
        right = rest_right;
    }
}

// The scope of the copy, whose failures are its own.
struct other {
    struct scope scope;
    struct store *store;
};

static void close_other(void *argument) {
    struct other *other = argument;

    session_close(&other->scope);
    store_close(other->store);
    scope_clear(&other->scope);
}

struct scope *test_copy_to_postgresql(struct scope *scope) {
    struct other *other = arena_alloc(&scope->arena, sizeof(*other));
    const struct test_place place = {
        .address = test_database(scope),
        .folder = arena_printf(&scope->arena, "%s/beside", test_folder(scope))};
    struct store_copy_summary summary;
    struct scope *from = scope;

    *other = (struct other){0};
    scope_init(&other->scope);
    test_at_end(close_other, other);
    scope = &other->scope;
    CHECK_OK(test_store_open(scope, place, STORE_READ_WRITE, &other->store));
    CHECK_OK(session_open(scope, other->store));
    CHECK_OK(store_copy(from, scope, &summary));
    CHECK(summary.row_count > 0);
    CHECK_INT(summary.present_count, 0);
    return scope;
}

// ---- data ----

void test_sample_company(struct scope *scope, int64_t customers, int64_t lines) {
    struct sample_options options;
    struct sample_counts counts;
    const char *folder;

    test_store_in_folder(scope);
    CHECK_OK(setting_set(scope, TEXT("zone"), TEXT(SAMPLE_ZONE)));
    test_store_reopen(scope);
    folder = arena_printf(&scope->arena, "%s/sample", test_folder(scope));
    options = sample_default_options(scope);
    options.customers = customers;
    options.lines = lines;
    CHECK_OK(sample_write(scope, &options, folder, &counts));
    for (int i = 0; sample_files[i].name; i++) {
        enum import_kind kind;

        CHECK(import_kind_parse(text_of(sample_files[i].kind), &kind));
        test_import_file(scope, arena_printf(&scope->arena, "%s/%s", folder, sample_files[i].name),
                         kind, NULL);
    }
}
