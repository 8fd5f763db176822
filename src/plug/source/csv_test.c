// SPDX-License-Identifier: Apache-2.0
#include "plug/source/csv.h"

#include "base/limits.h"
#include "plug/source/source_testing.h"

// All records of the text, arriving in pieces, with this limit of a record's bytes.
static const char *read_pieces(struct scope *scope, struct text content, char delimiter,
                               size_t columns, size_t piece, size_t limit_bytes) {
    struct testing_pieces pieces = {.rest = content, .piece = piece};
    CLEANUP(buffer_clear) struct buffer out = {0};
    CLEANUP(window_clear) struct window window = {0};
    CLEANUP(csv_clear) struct csv csv = {0};
    struct record record;
    bool is_end = false;

    CHECK_OK(window_open(scope, &window, (struct window_input){testing_read_piece, &pieces}));
    window.limit_bytes = limit_bytes;
    csv_open(&csv, &window, delimiter, '"');
    csv.column_count = columns;
    for (;;) {
        CHECK_OK(csv_next(scope, &csv, &record, &is_end));
        if (is_end)
            break;
        testing_add_record(&out, &record);
    }
    return text_string(&scope->arena, buffer_text(&out));
}

static const char *read_commas(struct scope *scope, const char *content, size_t columns) {
    return read_pieces(scope, text_of(content), ',', columns, 1 << 20, LIMIT_RECORD_BYTES);
}

TEST(quoted_fields_hold_delimiters_line_ends_and_doubled_quotes) {
    CHECK_STRING(read_commas(scope, "a,\"b,c\",\"d\"\"e\"\n\"\"\"\",\"\",\"x\ny\"\n", 3),
                 "1@1 a|b,c|d\"e\n"
                 "2@2 \"||x\ny\n");
}

TEST(any_line_end_ends_a_record_and_the_last_may_be_missing) {
    CHECK_STRING(read_commas(scope, "a,b\nc,d", 2), "1@1 a|b\n2@2 c|d\n");
    CHECK_STRING(read_commas(scope, "a,b\r\nc,d\r\n", 2), "1@1 a|b\n2@2 c|d\n");
    CHECK_STRING(read_commas(scope, "a,b\rc,d\r", 2), "1@1 a|b\n2@2 c|d\n");
    CHECK_STRING(read_commas(scope, "a,", 2), "1@1 a|\n");
    CHECK_STRING(read_commas(scope, "", 2), "");
}

TEST(lines_are_counted_through_quoted_line_ends_and_blank_lines) {
    CHECK_STRING(read_commas(scope, "\n\r\n \t\na,\"1\r\n2\r3\n4\"\nb,5\n\x1A", 2),
                 "1@4 a|1\r\n2\r3\n4\n"
                 "2@8 b|5\n");
}

TEST(a_byte_order_mark_is_passed_over) {
    CHECK_STRING(read_commas(scope, "\xEF\xBB\xBF\"a\",b\n", 2), "1@1 a|b\n");
}

TEST(a_quote_mark_inside_a_field_is_a_character) {
    CHECK_STRING(read_commas(scope, "5\" pipe,6\"\nx\"\"y,\n", 2),
                 "1@1 5\" pipe|6\"\n2@2 x\"\"y|\n");
}

TEST(blanks_around_quotes_do_not_count) {
    CHECK_STRING(read_commas(scope, "\"a\" , \"b,c\"\n b ,  c\n", 2), "1@1 a|b,c\n2@2  b |  c\n");
}

TEST(a_ragged_record_is_a_fault_but_for_empty_fields_too_many) {
    CHECK_STRING(read_commas(scope, "a,b\nc\nd,e,f\ng,h,,\n", 2), "1@1 a|b\n"
                                                                  "2@2 !field_count c\n"
                                                                  "3@3 !field_count d|e|f\n"
                                                                  "4@4 g|h\n");
}

TEST(the_fault_tells_the_numbers) {
    CLEANUP(window_clear) struct window window = {0};
    CLEANUP(csv_clear) struct csv csv = {0};
    struct record record;
    bool is_end;

    window_open_memory(&window, TEXT("1,2,3,4,5,6,7\n"));
    csv_open(&csv, &window, ',', '"');
    csv.column_count = 8;
    csv.has_header = true;
    CHECK_OK(csv_next(scope, &csv, &record, &is_end));
    CHECK_STRING(record.fault, "has 7 fields, the header has 8");
}

TEST(an_unclosed_quote_costs_one_line) {
    CHECK_STRING(read_commas(scope, "a,\"b\nc,d\ne,f\n", 2), "1@1 !unbalanced_quotes \n"
                                                             "2@2 c|d\n"
                                                             "3@3 e|f\n");
    // The next quote mark closes the stray one; what follows it betrays that.
    CHECK_STRING(read_commas(scope, "a,\"b\nc,\"d\"\n\"e\",f\n", 2), "1@1 !unbalanced_quotes \n"
                                                                     "2@2 c|d\n"
                                                                     "3@3 e|f\n");
    CHECK_STRING(read_commas(scope, "\"a\"b,c\nd,e\n", 2), "1@1 !unbalanced_quotes \n"
                                                           "2@2 d|e\n");
}

TEST(an_unclosed_quote_costs_one_line_also_past_the_limit) {
    const struct text content = TEXT("a,\"b\nc,d\ne,f\n\"g\",h\n");

    for (size_t piece = 1; piece <= 24; piece++)
        CHECK_STRING(read_pieces(scope, content, ',', 2, piece, 8), "1@1 !unbalanced_quotes \n"
                                                                    "2@2 c|d\n"
                                                                    "3@3 e|f\n"
                                                                    "4@4 g|h\n");
}

TEST(a_line_past_the_limit_is_one_fault) {
    const struct text content = TEXT("a,b\n1234567890,b\r\nc,12345\nd,123456\n");

    for (size_t piece = 1; piece <= 40; piece++)
        CHECK_STRING(read_pieces(scope, content, ',', 2, piece, 7), "1@1 a|b\n"
                                                                    "2@2 !too_long \n"
                                                                    "3@3 c|12345\n"
                                                                    "4@4 !too_long \n");
}

TEST(bytes_that_are_no_text_are_a_fault_of_their_record) {
    CLEANUP(window_clear) struct window window = {0};
    CLEANUP(csv_clear) struct csv csv = {0};
    struct record record;
    bool is_end;

    window_open_memory(&window, TEXT("Z\xC3\xBCrich,Z\xFCrich\nBern\0,x\nBasel,y\n"));
    csv_open(&csv, &window, ',', '"');
    CHECK_OK(csv_next(scope, &csv, &record, &is_end));
    CHECK_STRING(record.fault, "is not UTF-8: byte 0xFC at byte 10");
    CHECK_STRING(record.fault_code, "encoding");
    CHECK_TEXT(record.raw, "Z\xC3\xBCrich,Z\xFCrich");
    CHECK_OK(csv_next(scope, &csv, &record, &is_end));
    CHECK_STRING(record.fault, "has a NUL byte at byte 5");
    CHECK_OK(csv_next(scope, &csv, &record, &is_end));
    CHECK(record.fault == NULL);
}

TEST(a_blank_as_delimiter_stands_for_a_run_of_blanks) {
    CHECK_STRING(read_pieces(scope, TEXT(" 1  2 \n\"a b\"   \"\"\n   \n3 4\r\n"), ' ', 2, 1 << 20,
                             LIMIT_RECORD_BYTES),
                 "1@1 1|2\n"
                 "2@2 a b|\n"
                 "3@4 3|4\n");
}

// Takes what the records and the gaps between them hold; the two must give the content again.
static void check_cover(struct scope *scope, struct text content) {
    CLEANUP(window_clear) struct window window = {0};
    CLEANUP(csv_clear) struct csv csv = {0};
    size_t place = 0;
    struct record record;
    bool is_end = false;

    window_open_memory(&window, content);
    csv_open(&csv, &window, ',', '"');
    for (;;) {
        CHECK_OK(csv_next(scope, &csv, &record, &is_end));
        if (is_end)
            break;
        for (; place < (size_t)record.offset_bytes; place++)
            CHECK(strchr("\r\n", content.data[place]));
        CHECK(text_equal(record.raw, (struct text){content.data + place, record.raw.size}));
        place += record.raw.size;
    }
    CHECK(place == content.size || content.data[place] == '\n');
}

TEST(raw_bytes_and_offsets_are_those_of_the_file) {
    check_cover(scope, TEXT("a,b\r\n\r\n\"c\nd\",\"e\"\"f\"\n\"g\nh,i\rj"));
}

TEST(where_the_buffer_is_cut_does_not_matter) {
    const struct text content =
        TEXT("id,name,note\r\n1,\"Smith, "
             "\"\"Bob\"\"\",x\r\n\r\n2,\"two\r\nlines\",\"\"\r\n3,\"open,y\r\n"
             "4,Z\xC3\xBCrich,5\" pipe\r5,\"a\"b,c\n6, \"q\" ,\"\"\"\"\n7,,");
    const char *whole = read_pieces(scope, content, ',', 3, 1 << 20, LIMIT_RECORD_BYTES);

    CHECK_STRING(whole, "1@1 id|name|note\n"
                        "2@2 1|Smith, \"Bob\"|x\n"
                        "3@4 2|two\r\nlines|\n"
                        "4@6 !unbalanced_quotes \n"
                        "5@7 4|Z\xC3\xBCrich|5\" pipe\n"
                        "6@8 !unbalanced_quotes \n"
                        "7@9 6|q|\"\n"
                        "8@10 7||\n");
    for (size_t piece = 1; piece <= 64; piece++)
        CHECK_STRING(read_pieces(scope, content, ',', 3, piece, LIMIT_RECORD_BYTES), whole);
}

TEST(records_larger_than_the_window_are_read) {
    CLEANUP(buffer_clear) struct buffer content = {0};
    const char *read;

    buffer_add_string(&content, "a,\"");
    for (int i = 0; i < 200000; i++)
        buffer_add_string(&content, i % 100 == 0 ? "\"\"\n" : "xyz");
    buffer_add_string(&content, "\"\nb,c\n");
    read = read_pieces(scope, buffer_text(&content), ',', 2, 5000, LIMIT_RECORD_BYTES);
    CHECK(text_starts_with(text_of(read), TEXT("1@1 a|\"\nxyzxyz")));
    CHECK_STRING(read + strlen(read) - 12, "\n2@2002 b|c\n");
}

TEST(a_field_past_its_limit_is_a_fault) {
    CLEANUP(buffer_clear) struct buffer content = {0};
    const char *read;

    buffer_add_string(&content, "a,");
    for (int i = 0; i < LIMIT_FIELD_BYTES / 8 + 1; i++)
        buffer_add_string(&content, "12345678");
    buffer_add_string(&content, "\nb,c\n");
    read = read_pieces(scope, buffer_text(&content), ',', 2, 1 << 20, LIMIT_RECORD_BYTES);
    CHECK(text_starts_with(text_of(read), TEXT("1@1 !too_long a|1234")));
    CHECK_STRING(read + strlen(read) - 8, "2@2 b|c\n");
}
