// SPDX-License-Identifier: Apache-2.0
#include "plug/source/source_testing.h"

#include <sys/stat.h>
#include <unistd.h>

static struct text join(struct scope *scope, struct text a, struct text b) {
    char *both = arena_alloc(&scope->arena, a.size + b.size);

    memcpy(both, a.data, a.size);
    memcpy(both + a.size, b.data, b.size);
    return (struct text){both, a.size + b.size};
}

// As many lines "number,name" as make more than several buffers.
static struct text many_lines(struct scope *scope, const char *name, int count) {
    CLEANUP(buffer_clear) struct buffer lines = {0};

    buffer_add_string(&lines, "id,name\n");
    for (int i = 1; i <= count; i++)
        buffer_printf(&lines, "%d,%s\n", i, name);
    return text_copy(&scope->arena, buffer_text(&lines));
}

TEST(gzip_members_are_read_one_after_the_other) {
    const struct text packed =
        join(scope, testing_gzip(scope, TEXT("a,b\n1,")), testing_gzip(scope, TEXT("2\n3,4\n")));

    CHECK_STRING(testing_read_text(scope, packed, NULL), "1@2 1|2\n2@3 3|4\n");
}

TEST(what_follows_gzip_data_and_is_none_is_passed_over) {
    const struct text packed = testing_gzip(scope, TEXT("a,b\n1,2\n"));

    CHECK_STRING(testing_read_text(scope, join(scope, packed, TEXT("\0\0\0\0\0\0")), NULL),
                 "1@2 1|2\n");
    CHECK_STRING(testing_read_text(scope, join(scope, packed, TEXT("x")), NULL), "1@2 1|2\n");
}

static code read_to_failure(struct scope *scope, const char *path, int64_t *ret_rows) {
    CLEANUP(source_close) struct source *source = NULL;
    struct record record;
    bool is_end = false;

    *ret_rows = 0;
    TRY(source_open(scope, path, NULL, &source));
    for (;;) {
        TRY(source_next(scope, source, &record, &is_end));
        if (is_end)
            return OK;
        ++*ret_rows;
    }
}

TEST(damaged_gzip_data_fail_with_the_place) {
    const struct text packed = testing_gzip(scope, many_lines(scope, "somebody", 200000));
    char *damaged = arena_copy(&scope->arena, packed.data, packed.size);
    int64_t rows;

    memset(damaged + packed.size - packed.size / 8, 0xFF, 64);
    CHECK_CODE(read_to_failure(scope,
                               test_file(scope, "damaged.gz", (struct text){damaged, packed.size}),
                               &rows),
               INVALID);
    CHECK(strstr(scope->failure.message, "damaged at byte"));
    CHECK(rows > 100000 && rows < 200000);
}

TEST(gzip_data_cut_off_fail_with_the_place) {
    const struct text packed = testing_gzip(scope, many_lines(scope, "somebody", 200000));
    const struct text half = {packed.data, packed.size / 2};
    int64_t rows;

    CHECK_CODE(read_to_failure(scope, test_file(scope, "half.gz", half), &rows), INVALID);
    CHECK(strstr(scope->failure.message, "ends in the middle of its gzip data"));
    CHECK(rows > 80000 && rows < 120000);
}

TEST(a_wrong_checksum_is_noticed) {
    const struct text packed = testing_gzip(scope, TEXT("a,b\n1,2\n"));
    char *damaged = arena_copy(&scope->arena, packed.data, packed.size);
    int64_t rows;

    damaged[packed.size - 6] ^= 1;
    CHECK_CODE(read_to_failure(scope,
                               test_file(scope, "damaged.gz", (struct text){damaged, packed.size}),
                               &rows),
               INVALID);
}

TEST(every_encoding_is_found_out_and_read) {
    const struct text content = TEXT("name,town\nJürgen,Zürich\nAña,Málaga\n");
    static const char expected[] = "1@2 Jürgen|Zürich\n2@3 Aña|Málaga\n";

    CHECK_STRING(testing_read_text(scope, content, NULL), expected);
    CHECK_STRING(testing_read_text(scope, join(scope, TEXT("\xEF\xBB\xBF"), content), NULL),
                 expected);
    CHECK_STRING(testing_read_text(scope, testing_encode(scope, "UTF-16LE", content), NULL),
                 expected);
    CHECK_STRING(testing_read_text(scope, testing_encode(scope, "UTF-16BE", content), NULL),
                 expected);
    CHECK_STRING(testing_read_text(scope, testing_encode(scope, "UTF-16", content), NULL),
                 expected);
    CHECK_STRING(testing_read_text(scope, testing_encode(scope, "ISO-8859-1", content), NULL),
                 expected);
    CHECK_STRING(testing_read_text(
                     scope, testing_gzip(scope, testing_encode(scope, "UTF-16LE", content)), NULL),
                 expected);
}

TEST(windows_1252_is_told_from_latin_1) {
    const struct text euros = TEXT("name,price\nJürgen,€ 5\nAña,„6“\n");
    struct source_dialect dialect;
    const char *path;

    path = test_file(scope, "euros.csv", testing_encode(scope, "windows-1252", euros));
    CHECK_STRING(testing_read(scope, path, NULL), "1@2 Jürgen|€ 5\n2@3 Aña|„6“\n");
    CHECK_OK(source_sniff(scope, path, NULL, &dialect));
    CHECK_INT(dialect.encoding, SOURCE_WINDOWS_1252);
    path = test_file(scope, "latin.csv", testing_encode(scope, "ISO-8859-1", TEXT("a,b\né,1\n")));
    CHECK_OK(source_sniff(scope, path, NULL, &dialect));
    CHECK_INT(dialect.encoding, SOURCE_LATIN1);
}

TEST(an_encoding_that_shows_late_is_found_out) {
    static const struct {
        const char *line;
        enum source_encoding encoding;
    } cases[] = {{"1,Z\xFCrich\n", SOURCE_LATIN1}, {"1,Zürich\n", SOURCE_UTF8}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CLEANUP(buffer_clear) struct buffer content = {0};
        struct source_dialect dialect;

        buffer_add_text(&content, many_lines(scope, "somebody", 60000));
        for (int line = 0; line < 20000; line++)
            buffer_add_string(&content, cases[i].line);
        CHECK_OK(source_sniff(scope, test_file(scope, "late.csv", buffer_text(&content)), NULL,
                              &dialect));
        CHECK_INT(dialect.encoding, cases[i].encoding);
    }
}

TEST(a_large_transcoded_file_is_read_whole) {
    const struct text lines = many_lines(scope, "Jürgen €uro 😀", 50000);
    const struct text wide = testing_encode(scope, "UTF-16LE", lines);
    const char *read = testing_read_text(scope, wide, NULL);

    CHECK_STRING(strrchr(text_string(&scope->arena, (struct text){read, strlen(read) - 1}), '\n'),
                 "\n50000@50001 50000|Jürgen €uro 😀");
}

TEST(what_cannot_be_decoded_is_a_fault_of_its_record) {
    struct text wide = testing_encode(scope, "UTF-16LE", TEXT("a,b\n1,xy\n2,z\n"));
    char *bytes = arena_copy(&scope->arena, wide.data, wide.size);

    bytes[2 * 6 + 1] = (char)0xD8; // 'x' becomes half of a surrogate pair
    CHECK_STRING(testing_read_text(scope, (struct text){bytes, wide.size}, NULL),
                 "1@2 !encoding 1|\xEF\xBF\xBDy\n"
                 "2@3 2|z\n");
    // An odd byte at the end.
    CHECK_STRING(testing_read_text(scope, join(scope, wide, TEXT("x")), NULL),
                 "1@2 1|xy\n"
                 "2@3 2|z\n"
                 "3@4 !encoding \xEF\xBF\xBD\n");
}

TEST(one_bad_byte_does_not_change_the_encoding) {
    CLEANUP(buffer_clear) struct buffer content = {0};
    const char *read;

    for (int i = 0; i < 20; i++)
        buffer_printf(&content, "%d,Zürich\n", i);
    buffer_add_string(&content, "20,Z\xFCrich\n");
    read = testing_read_text(scope, buffer_text(&content), NULL);
    CHECK(text_starts_with(text_of(read), TEXT("1@1 0|Zürich\n")));
    CHECK(strstr(read, "21@21 !encoding "));
}

TEST(what_is_no_file_is_refused_with_the_reason) {
    const char *path = test_folder(scope);
    struct source_dialect dialect;

    CHECK_CODE(source_sniff(scope, path, NULL, &dialect), INVALID);
    CHECK(strstr(scope->failure.message, "is a folder"));
    scope_forgive(scope);
    path = arena_printf(&scope->arena, "%s/missing", path);
    CHECK_CODE(source_sniff(scope, path, NULL, &dialect), NOT_FOUND);
    scope_forgive(scope);
    CHECK(mkfifo(path, 0600) == 0);
    CHECK_CODE(source_sniff(scope, path, NULL, &dialect), INVALID);
    CHECK(strstr(scope->failure.message, "not a regular file"));
}

TEST(a_file_that_may_not_be_read_is_forbidden) {
    const char *path = test_file(scope, "secret.csv", TEXT("a,b\n1,2\n"));
    const uid_t user = geteuid();
    struct source_dialect dialect;
    code outcome;

    CHECK(chmod(path, 0) == 0);
    CHECK(user != 0 || seteuid(65534) == 0); // root may read everything: be nobody for a moment
    outcome = source_sniff(scope, path, NULL, &dialect);
    CHECK(user != 0 || seteuid(user) == 0);
    CHECK_CODE(outcome, FORBIDDEN);
}

static const char *refusal(struct scope *scope, struct text content) {
    struct source_dialect dialect;

    scope_forgive(scope);
    CHECK_CODE(source_sniff(scope, test_file(scope, "file", content), NULL, &dialect), INVALID);
    return scope->failure.message;
}

TEST(what_is_no_text_is_refused_by_what_it_is) {
    char noise[3000];

    CHECK(strstr(refusal(scope, TEXT("")), "is empty"));
    CHECK(strstr(refusal(scope, testing_gzip(scope, TEXT(""))), "nothing but white space"));
    CHECK(strstr(refusal(scope, TEXT(" \n\r\n\t\n")), "nothing but white space"));
    CHECK(strstr(refusal(scope, TEXT("PK\x03\x04 xl/workbook.xml")), "Excel workbook"));
    CHECK(strstr(scope->failure.hint, "save the sheet as CSV"));
    CHECK(strstr(refusal(scope, TEXT("%PDF-1.7\n...")), "a PDF document"));
    CHECK(strstr(refusal(scope, testing_gzip(scope, testing_gzip(scope, TEXT("a,b\n")))),
                 "gzip data within gzip data"));
    for (size_t i = 0; i < sizeof(noise); i++)
        noise[i] = (char)(i * i * 31 + i / 7);
    CHECK(strstr(refusal(scope, (struct text){noise, sizeof(noise)}), "is a binary file"));
}
