// SPDX-License-Identifier: Apache-2.0
#include "plug/source/source_testing.h"

struct count {
    int64_t rows;
    int64_t faults;
    size_t columns;
};

static struct count count_records(struct scope *scope, const char *name) {
    CLEANUP(source_close) struct source *source = NULL;
    struct count count = {0};
    struct record record;
    bool is_end = false;

    CHECK_OK(source_open(scope, test_shared_data(scope, name), NULL, &source));
    count.columns = source_column_count(source);
    for (;;) {
        CHECK_OK(source_next(scope, source, &record, &is_end));
        if (is_end)
            break;
        count.rows++;
        count.faults += record.fault != NULL;
    }
    CHECK_INT(source_bytes_read(source), source_bytes_total(source));
    return count;
}

static void check_count(const char *name, struct count count, int64_t rows, size_t columns) {
    if (count.rows != rows || count.faults != 0 || count.columns != columns)
        test_fail(__FILE__, __LINE__, "%s: %lld rows, %lld faults, %zu columns", name,
                  (long long)count.rows, (long long)count.faults, count.columns);
}

// Rows as the folder's README states them.
TEST(real_files_are_read_to_the_last_record) {
    static const struct {
        const char *name;
        int64_t rows;
        size_t columns;
    } files[] = {
        {"onlineretail.csv.gz", 541909, 8},
        {"complete_journey/transactions_sample.csv.gz", 75000, 11},
        {"cdnow_master.txt", 69659, 4},
        {"cdnow_sample.txt", 6919, 5},
        {"hillstrom.csv.gz", 64000, 12},
        {"telco_customer_churn.csv", 7043, 21},
        {"PathData.csv.gz", 10000, 4},
        {"febrl3.csv", 5000, 11},
        {"fake_1000.csv", 1000, 7},
        {"airline_passengers.csv", 144, 2},
    };

    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
        check_count(files[i].name, count_records(scope, files[i].name), files[i].rows,
                    files[i].columns);
}

TEST(blank_separated_files_have_their_columns) {
    CLEANUP(source_close) struct source *source = NULL;
    struct record record;
    bool is_end;

    CHECK_OK(source_open(scope, test_shared_data(scope, "cdnow_master.txt"), NULL, &source));
    CHECK_TEXT(source_column_name(source, 0), "customer_id");
    CHECK_TEXT(source_column_name(source, 3), "dollar_value");
    CHECK_OK(source_next(scope, source, &record, &is_end));
    CHECK_TEXT(record.fields[0], "00001");
    CHECK_TEXT(record.fields[3], "11.77");
    CHECK_INT(record.line, 2);
    CHECK_TEXT(record.raw, " 00001 19970101  1   11.77");
}

static const char objects[] =
    "{\"id\":1,\"who\":{\"name\":\"Zo\\u00eb\",\"age\":7},\"tags\":[1,{\"a\":2}]}\n"
    "\n"
    "{\"id\":\"two\",\"paid\":true,\"who\":{\"name\":null,\"x\":{}}}\n"
    "{\"id\":3,\n"
    "[4]\n"
    "{\"_extra\":5,\"who.name\":\"a\",\"who\":{\"name\":\"b\"}}\n";

TEST(json_objects_are_flattened) {
    CHECK_STRING(testing_read_text(scope, text_of(objects), NULL),
                 "1@1 1|Zo\xC3\xAB|7|[1,{\"a\":2}]||\n"
                 "2@3 two||||true|\n"
                 "3@4 !json |||||\n"
                 "4@5 !json |||||\n"
                 "5@6 |a||||{\"_extra\":5,\"who.name\":\"b\"}\n");
}

TEST(json_columns_are_those_of_the_sample_and_one_for_the_rest) {
    CLEANUP(source_close) struct source *source = NULL;
    const struct source_column pinned[] = {{.name = TEXT("id")}, {.name = TEXT("_extra")}};
    const struct source_dialect dialect = {.columns = pinned, .column_count = 2};

    CHECK_OK(source_open(scope, test_file(scope, "objects", text_of(objects)), NULL, &source));
    CHECK_INT((int64_t)source_column_count(source), 6);
    CHECK_TEXT(source_column_name(source, 1), "who.name");
    CHECK_TEXT(source_column_name(source, 4), "paid");
    CHECK_TEXT(source_column_name(source, 5), "_extra");
    CHECK_STRING(
        testing_read_text(scope, TEXT("{\"id\":1,\"b\":[2],\"c\":{\"d\":\"x\"}}\n"), &dialect),
        "1@1 1|{\"b\":[2],\"c.d\":\"x\"}\n");
}

TEST(a_nul_in_a_json_string_is_a_fault) {
    CLEANUP(source_close) struct source *source = NULL;
    const char *path = test_file(scope, "nul", TEXT("{\"a\":\"x\\u0000\"}\n"));
    struct record record;
    bool is_end;

    CHECK_OK(source_open(scope, path, NULL, &source));
    CHECK_OK(source_next(scope, source, &record, &is_end));
    CHECK_STRING(record.fault_code, "encoding");
    CHECK_STRING(record.fault, "has a NUL character in \"a\"");
}

// The records of a file from row `skipped` + 1 on, once skipped and once read.
static void check_skip(struct scope *scope, const char *path, int64_t skipped) {
    CLEANUP(source_close) struct source *skipping = NULL;
    CLEANUP(source_close) struct source *reading = NULL;
    CLEANUP(buffer_clear) struct buffer a = {0}, b = {0};
    struct record record = {0}, expected = {0};
    bool is_end = false;

    CHECK_OK(source_open(scope, path, NULL, &skipping));
    CHECK_OK(source_open(scope, path, NULL, &reading));
    CHECK_OK(source_skip(scope, skipping, skipped));
    for (int64_t i = 0; i <= skipped; i++)
        CHECK_OK(source_next(scope, reading, &expected, &is_end));
    CHECK_OK(source_next(scope, skipping, &record, &is_end));
    CHECK(!is_end);
    testing_add_record(&a, &record);
    testing_add_record(&b, &expected);
    CHECK_STRING(buffer_string(&a), buffer_string(&b));
    CHECK_INT(record.offset_bytes, expected.offset_bytes);
    CHECK_CODE(source_skip(scope, skipping, 1000), INVALID);
}

TEST(skipped_records_are_counted_as_if_read) {
    check_skip(scope, test_file(scope, "a", TEXT("a,b\n1,\"x\ny\"\n\n2,\"\n3,4\n5,6,7\n8,9\n")), 4);
    check_skip(scope, test_file(scope, "b", TEXT("a   b\n1   2\n3  44\n\n5   6\n5   6\n7   8\n")),
               3);
    scope_forgive(scope);
    check_skip(scope, test_file(scope, "c", text_of(objects)), 2);
}

// Each faulty or good record of the file gives, from its raw bytes alone, what the file gave.
static void check_parse(struct scope *scope, const char *path) {
    CLEANUP(source_close) struct source *source = NULL;
    struct record record, again;
    bool is_end = false;

    CHECK_OK(source_open(scope, path, NULL, &source));
    for (;;) {
        CHECK_OK(source_next(scope, source, &record, &is_end));
        if (is_end)
            return;
        CHECK_OK(source_parse(scope, source_dialect(source), record.raw, &again));
        CHECK(text_equal(record.raw, again.raw));
        CHECK_INT((int64_t)again.field_count, (int64_t)record.field_count);
        CHECK((again.fault != NULL) == (record.fault != NULL));
        if (record.fault)
            CHECK_STRING(again.fault_code, record.fault_code);
        for (size_t i = 0; i < record.field_count; i++)
            CHECK(text_equal(again.fields[i], record.fields[i]));
    }
}

TEST(a_record_can_be_read_again_from_its_raw_bytes) {
    check_parse(scope, test_file(scope, "a", TEXT("a,b\n1,\"x\n\"\"y\"\n\n2,\"\n3,4\n5,6,7\n")));
    check_parse(scope, test_file(scope, "b", TEXT("a   b\n1   2\n3  44\n\n5   6\n")));
    check_parse(scope, test_file(scope, "c", text_of(objects)));
}

TEST(a_mended_record_is_taken) {
    CLEANUP(source_close) struct source *source = NULL;
    struct record record;

    CHECK_OK(source_open(scope, test_file(scope, "a", TEXT("a,b\n1,2\n")), NULL, &source));
    CHECK_OK(source_parse(scope, source_dialect(source), TEXT("3,\"4\n5\""), &record));
    CHECK(!record.fault);
    CHECK_TEXT(record.fields[1], "4\n5");
    CHECK_OK(source_parse(scope, source_dialect(source), TEXT("3,4\n5,6"), &record));
    CHECK_STRING(record.fault_code, "record_count");
    CHECK_OK(source_parse(scope, source_dialect(source), TEXT(""), &record));
    CHECK_STRING(record.fault, "is empty");
}

TEST(a_record_cannot_be_read_in_a_dialect_left_open) {
    const struct source_dialect open = {.format = SOURCE_CSV, .delimiter = ','};
    struct record record;

    CHECK_CODE(source_parse(scope, &open, TEXT("1,2"), &record), INVALID);
}

TEST(a_ragged_record_is_told_without_a_header_that_is_none) {
    CLEANUP(source_close) struct source *source = NULL;
    struct record record;
    bool is_end;

    CHECK_OK(source_open(scope, test_file(scope, "a", TEXT("1,2\n3\n4,5\n")), NULL, &source));
    CHECK_OK(source_skip(scope, source, 1));
    CHECK_OK(source_next(scope, source, &record, &is_end));
    CHECK_STRING(record.fault, "has 1 field, the other records have 2");
}

TEST(a_digest_changes_with_the_size_the_head_and_the_tail) {
    CLEANUP(buffer_clear) struct buffer content = {0};
    struct source_digest first, second;

    for (int i = 0; i < 400000; i++)
        buffer_printf(&content, "%07d\n", i);
    CHECK_OK(source_digest(scope, test_file(scope, "a", buffer_text(&content)), &first));
    CHECK_INT(first.size_bytes, 3200000);
    CHECK_INT((int64_t)strlen(first.hash), 64);
    CHECK_OK(source_digest(scope, test_file(scope, "b", buffer_text(&content)), &second));
    CHECK_STRING(first.hash, second.hash);
    content.data[content.size - 2] = 'x';
    CHECK_OK(source_digest(scope, test_file(scope, "b", buffer_text(&content)), &second));
    CHECK(strcmp(first.hash, second.hash) != 0);
    content.size--;
    CHECK_OK(source_digest(scope, test_file(scope, "b", buffer_text(&content)), &second));
    CHECK_INT(second.size_bytes, 3199999);
    CHECK_CODE(source_digest(scope, test_folder(scope), &second), INVALID);
}
