// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "plug/source/source_testing.h"

// What is found out, as "format delimiter quote header: name name".
static const char *describe(struct scope *scope, const char *content) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct source_dialect dialect;

    CHECK_OK(source_sniff(scope, test_file(scope, "sample", text_of(content)), NULL, &dialect));
    buffer_printf(&out, "%s", source_format_names[dialect.format]);
    if (dialect.format == SOURCE_CSV)
        buffer_printf(&out, " %c %c", dialect.delimiter,
                      dialect.quote == SOURCE_QUOTE_NONE ? '-' : dialect.quote);
    buffer_printf(&out, " %s:", source_header_names[dialect.header]);
    for (size_t i = 0; i < dialect.column_count; i++) {
        buffer_printf(&out, " %.*s", TEXT_ARG(dialect.columns[i].name));
        if (dialect.format == SOURCE_FIXED_WIDTH)
            buffer_printf(&out, "@%zu", dialect.columns[i].start);
    }
    return text_string(&scope->arena, buffer_text(&out));
}

TEST(the_delimiter_is_the_one_that_cuts_evenly) {
    CHECK_STRING(describe(scope, "id,name\n1,Ann\n2,Bob\n"), "csv , \" present: id name");
    CHECK_STRING(describe(scope, "id;name\n1;Smith, Ann\n2;Jones, Bob\n"),
                 "csv ; \" present: id name");
    CHECK_STRING(describe(scope, "id\tname\n1\tAnn\n2\tBob|x\n"), "csv \t \" present: id name");
    CHECK_STRING(describe(scope, "id|name\n1|A, B, C\n2|D, E\n"), "csv | \" present: id name");
    CHECK_STRING(describe(scope, "id^name\n1^Ann\n2^Bob\n"), "csv ^ \" present: id name");
    CHECK_STRING(describe(scope, "id,note\n1,\"a;b;c\"\n2,\"d;e\nf\"\n"),
                 "csv , \" present: id note");
}

TEST(decimal_commas_do_not_pass_for_delimiters) {
    CHECK_STRING(describe(scope, "1,50;2,75;3,00\n4,10;5,20;6,30\n"),
                 "csv ; \" absent: col1 col2 col3");
    CHECK_STRING(describe(scope, "Artikel;Preis\nA;1,50\nB;2,75\nC;3,00\n"),
                 "csv ; \" present: Artikel Preis");
}

TEST(a_spreadsheets_line_about_the_delimiter_is_heeded) {
    CHECK_STRING(describe(scope, "sep=;\r\nid;name\r\n1;Ann\r\n"), "csv ; \" present: id name");
    CHECK_STRING(testing_read_text(scope, TEXT("sep=;\r\nid;name\r\n1;Ann\r\n"), NULL),
                 "1@3 1|Ann\n");
}

TEST(the_quote_mark_is_found_out) {
    CHECK_STRING(describe(scope, "id,name\n'1','O''Neil, A'\n'2','B, C'\n"),
                 "csv , ' present: id name");
    // Marks that open and never close are no quotes, unless they are few.
    CHECK_STRING(describe(scope, "id\tsize\n1\t\"5 in\n2\t\"6 in\n3\t7\n"),
                 "csv \t \" present: id size");
    CHECK_STRING(describe(scope, "id\tsize\n1\t\"5 in\n2\t\"6 in\n3\t7\n4\t\"8 in\n"),
                 "csv \t - present: id size");
}

TEST(a_header_is_told_by_its_cells) {
    CHECK_STRING(describe(scope, "1,2\n3,4\n"), "csv , \" absent: col1 col2");
    CHECK_STRING(describe(scope, "name,born\nAnn,1971-05-24\nBob,1980-01-01\n"),
                 "csv , \" present: name born");
    CHECK_STRING(describe(scope, "Ann,1971-05-24\nBob,1980-01-01\n"), "csv , \" absent: col1 col2");
    CHECK_STRING(describe(scope, "name,mail\nAnn,a@example.org\nBob,b@example.org\n"),
                 "csv , \" present: name mail");
    CHECK_STRING(describe(scope, "Ann,a@example.org\nBob,b@example.org\n"),
                 "csv , \" absent: col1 col2");
    // Words everywhere: a header's do not come again.
    CHECK_STRING(describe(scope, "name,town\nAnn,Bern\nBob,Basel\n"),
                 "csv , \" present: name town");
    CHECK_STRING(describe(scope, "Ann,Bern\nBob,Bern\n"), "csv , \" absent: col1 col2");
}

TEST(names_are_unique_and_never_empty) {
    CHECK_STRING(describe(scope, "price,,price, price_2 ,\n1,2,3,4,5\n"),
                 "csv , \" present: price col2 price_2 price_2_2 col5");
}

TEST(one_column_is_enough) {
    CHECK_STRING(describe(scope, "email\na@example.org\nb@example.org\n"),
                 "csv , \" present: email");
    CHECK_STRING(
        testing_read_text(scope, TEXT("note\nHello, world\nfine\nwell, well, well\n"), NULL),
        "1@2 Hello, world\n2@3 fine\n3@4 well, well, well\n");
    CHECK_STRING(describe(scope, "name\nAnn Smith\nBob Jones\nEve Adams\n"),
                 "csv , \" present: name");
}

TEST(a_header_alone_has_no_records) {
    CHECK_STRING(describe(scope, "id,name\n"), "csv , \" present: id name");
    CHECK_STRING(testing_read_text(scope, TEXT("id,name"), NULL), "");
}

TEST(what_is_given_stands) {
    const struct source_column columns[] = {{.name = TEXT("a")}, {.name = TEXT("b")}};
    const struct source_dialect given = {
        .format = SOURCE_CSV,
        .delimiter = ':',
        .quote = SOURCE_QUOTE_NONE,
        .header = SOURCE_HEADER_ABSENT,
        .columns = columns,
        .column_count = 2,
    };
    struct source_dialect dialect;
    const char *path = test_file(scope, "given", TEXT("\"x:1,2\ny\":3,4\n"));

    CHECK_OK(source_sniff(scope, path, &given, &dialect));
    CHECK_TEXT(dialect.columns[1].name, "b");
    CHECK_INT(dialect.encoding, SOURCE_UTF8);
    CHECK_STRING(testing_read(scope, path, &given), "1@1 \"x|1,2\n2@2 y\"|3,4\n");
}

TEST(a_delimiter_that_cannot_be_is_refused) {
    const struct source_dialect given = {.delimiter = '"', .quote = '"'};
    struct source_dialect dialect;

    CHECK_CODE(source_sniff(scope, test_file(scope, "x", TEXT("a,b\n")), &given, &dialect),
               INVALID);
    CHECK_STRING(scope->failure.field, "delimiter");
}

TEST(lines_divided_by_blank_places_are_fixed_width) {
    static const char content[] = "customer      town            spent\n"
                                  "Ann Smith     Bern              1.50\n"
                                  "Bob           La Chaux         12.00\n"
                                  "Eve van Dyk   Bern            100.25\n"
                                  "\n"
                                  "Zo\xC3\xAB           Z\xC3\xBCrich            1.00\n";

    CHECK_STRING(describe(scope, content), "fixed_width present: customer@0 town@14 spent@23");
    CHECK_STRING(testing_read_text(scope, TEXT(content), NULL),
                 "1@2 Ann Smith|Bern|1.50\n"
                 "2@3 Bob|La Chaux|12.00\n"
                 "3@4 Eve van Dyk|Bern|100.25\n"
                 "4@6 Zo\xC3\xAB|Z\xC3\xBCrich|1.00\n");
}

TEST(characters_outside_the_columns_are_a_fault) {
    const struct source_column columns[] = {
        {.name = TEXT("a"), .start = 0, .width = 3},
        {.name = TEXT("b"), .start = 5, .width = 2},
    };
    const struct source_dialect given = {
        .format = SOURCE_FIXED_WIDTH,
        .header = SOURCE_HEADER_ABSENT,
        .columns = columns,
        .column_count = 2,
    };

    CHECK_STRING(testing_read_text(scope, TEXT("abc  12\n\xC3\xA9 \n  c x12\nabc  123\n"), &given),
                 "1@1 abc|12\n"
                 "2@2 \xC3\xA9|\n"
                 "3@3 !outside_columns c|12\n"
                 "4@4 !outside_columns abc|12\n");
}

TEST(columns_of_fixed_width_that_overlap_are_refused) {
    const struct source_column columns[] = {
        {.name = TEXT("a"), .start = 0, .width = 3},
        {.name = TEXT("b"), .start = 2, .width = 2},
    };
    const struct source_dialect given = {
        .format = SOURCE_FIXED_WIDTH, .columns = columns, .column_count = 2};
    CLEANUP(source_close) struct source *source = NULL;

    CHECK_CODE(source_open(scope, test_file(scope, "x", TEXT("abc  12\n")), &given, &source),
               INVALID);
}

TEST(json_that_is_not_one_object_per_line_is_refused) {
    struct source_dialect dialect;

    CHECK_CODE(source_sniff(scope, test_file(scope, "x", TEXT("[\n{\"a\":1}]\n")), NULL, &dialect),
               INVALID);
    CHECK(strstr(scope->failure.hint, "jq"));
    scope_forgive(scope);
    CHECK_CODE(
        source_sniff(scope, test_file(scope, "x", TEXT("{\n \"a\": 1\n}\n")), NULL, &dialect),
        INVALID);
}

TEST(a_header_of_too_many_columns_is_refused) {
    CLEANUP(buffer_clear) struct buffer content = {0};
    struct source_dialect dialect;

    for (int i = 0; i <= LIMIT_RECORD_FIELDS; i++)
        buffer_printf(&content, "%sc%d", i > 0 ? "," : "", i);
    CHECK_CODE(source_sniff(scope, test_file(scope, "x", buffer_text(&content)), NULL, &dialect),
               TOO_LARGE);
}
