// SPDX-License-Identifier: Apache-2.0
// Golden texts: what people and programs read.
#include "base/test.h"
#include "cli/output.h"

#include <stdlib.h>

static const struct text months =
    TEXT("{\"metric\":\"revenue_gross\",\"watermark\":12345,\"table\":{\"columns\":["
         "{\"name\":\"month\",\"label\":\"Month\",\"type\":\"day\"},"
         "{\"name\":\"country\",\"label\":\"Country\",\"type\":\"text\"},"
         "{\"name\":\"receipts\",\"label\":\"Receipts\",\"type\":\"integer\"},"
         "{\"name\":\"revenue\",\"label\":\"Revenue\",\"type\":\"money\",\"unit\":\"GBP\"},"
         "{\"name\":\"share\",\"label\":\"Share\",\"type\":\"share\"}],"
         "\"rows\":[[\"2010-12-01\",\"United Kingdom\",25900,8187806.364,0.84],"
         "[\"2011-01-01\",\"=cmd()\",7,-12.5,0.0561],[\"2011-02-01\",null,null,null,null]],"
         "\"row_count\":3},\"notices\":[\"3 rows shown\"]}");

static struct text printed(struct scope *scope, enum cli_format format, struct text answer,
                           struct text *ret_remarks) {
    struct cli cli = {.format = format};
    char *out, *err;
    size_t out_size, err_size;
    struct json *json;
    struct text result;

    cli.out = open_memstream(&out, &out_size);
    cli.err = open_memstream(&err, &err_size);
    CHECK_OK(json_parse(scope, answer, &json));
    CHECK_OK(cli_print(scope, &cli, json));
    fclose(cli.out);
    fclose(cli.err);
    result = text_copy(&scope->arena, (struct text){out, out_size});
    if (ret_remarks)
        *ret_remarks = text_copy(&scope->arena, (struct text){err, err_size});
    free(out);
    free(err);
    return result;
}

TEST(a_table_for_people_is_aligned_and_grouped) {
    struct text remarks;

    CHECK_TEXT(printed(scope, FORMAT_TABLE, months, &remarks),
               "metric:    revenue_gross\n"
               "watermark: 12,345\n"
               "\n"
               "Month       Country         Receipts  Revenue (GBP)  Share\n"
               "----------  --------------  --------  -------------  -----\n"
               "2010-12-01  United Kingdom    25,900  8,187,806.364  84.0%\n"
               "2011-01-01  =cmd()                 7        -12.500   5.6%\n"
               "2011-02-01\n");
    CHECK_TEXT(remarks, "tessera: 3 rows shown\n");
}

TEST(csv_is_the_table_alone_raw_and_safe) {
    CHECK_TEXT(printed(scope, FORMAT_CSV, months, NULL),
               "month,country,receipts,revenue,share\r\n"
               "2010-12-01,United Kingdom,25900,8187806.364,0.84\r\n"
               "2011-01-01,'=cmd(),7,-12.5,0.0561\r\n"
               "2011-02-01,,,,\r\n");
}

TEST(json_is_what_the_handler_answered) {
    const struct text answer = printed(scope, FORMAT_JSON, months, NULL);

    CHECK(text_starts_with(answer, (struct text){months.data, months.size}));
    CHECK_INT((int64_t)answer.size, (int64_t)months.size + 1);
}

TEST(a_csv_cell_is_quoted_and_no_formula) {
    static const struct {
        struct text text;
        const char *cell;
    } cases[] = {
        {TEXT("plain"), "plain"},
        {TEXT("a,b"), "\"a,b\""},
        {TEXT("say \"hi\""), "\"say \"\"hi\"\"\""},
        {TEXT("two\nlines"), "\"two\nlines\""},
        {TEXT("=1+1"), "'=1+1"},
        {TEXT("@SUM(A1)"), "'@SUM(A1)"},
        {TEXT("-5"), "-5"},
        {TEXT("+44 20"), "'+44 20"},
        {TEXT("-2+3"), "'-2+3"},
        {TEXT("\t=1"), "'\t=1"},
        {TEXT("\r=1"), "\"'\r=1\""},
        {TEXT("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\""},
        {TEXT(""), ""},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct buffer out = {0};

        output_csv_text(&out, cases[i].text);
        CHECK_TEXT(buffer_text(&out), cases[i].cell);
        buffer_clear(&out);
    }
}

TEST(members_are_lines_and_nested_ones_stand_below) {
    CHECK_TEXT(printed(scope, FORMAT_TABLE,
                       TEXT("{\"name\":\"Ann\",\"birth_day\":null,\"tags\":[\"a\",\"b\"],"
                            "\"totals\":{\"sale_count\":1234567,\"gross\":2.5},\"active\":true}"),
                       NULL),
               "name:      Ann\n"
               "birth day:\n"
               "tags:      a, b\n"
               "active:    yes\n"
               "totals:\n"
               "  sale count: 1,234,567\n"
               "  gross:      2.5\n");
    CHECK_TEXT(printed(scope, FORMAT_CSV, TEXT("{\"name\":\"Ann\",\"count\":1234567}"), NULL),
               "name,value\r\nname,Ann\r\ncount,1234567\r\n");
}

TEST(several_tables_stand_under_their_names) {
    const struct text answer =
        TEXT("{\"first_one\":{\"columns\":[{\"name\":\"a\"}],\"rows\":[[\"x\"]]},"
             "\"second\":{\"columns\":[{\"name\":\"b\"}],\"rows\":[]}}");

    CHECK_TEXT(printed(scope, FORMAT_TABLE, answer, NULL),
               "first one\na\n-\nx\n\nsecond\nb\n-\n(no rows)\n");
    CHECK_TEXT(printed(scope, FORMAT_CSV, answer, NULL), "a\r\nx\r\n\r\nb\r\n");
}

TEST(data_cannot_give_orders_to_a_terminal) {
    struct buffer out = {0};

    output_safe_text(&out, TEXT("a\x1b[2Jb\tc\x7f\xC2\x9B"
                                "d \xE2\x80\xAE"
                                "e é 名"));
    CHECK_TEXT(buffer_text(&out), "a\xEF\xBF\xBD[2Jb c\xEF\xBF\xBD\xEF\xBF\xBD"
                                  "d \xEF\xBF\xBD"
                                  "e é 名");
    CHECK_INT((int64_t)output_width(TEXT("é名e\xCC\x81")), 4);
    buffer_clear(&out);
}

TEST(numbers_of_a_column_line_up) {
    CHECK_TEXT(
        printed(
            scope, FORMAT_TABLE,
            TEXT(
                "{\"columns\":[{\"name\":\"n\",\"type\":\"number\"},{\"name\":\"m\",\"type\":"
                "\"money\"},{\"name\":\"r\",\"type\":\"rate\"},{\"name\":\"s\",\"type\":\"share\"},"
                "{\"name\":\"id\",\"type\":\"id\"}],\"rows\":[[1.5,1,20,1,\"10\"],"
                "[1234.5678901,-0.004,17.5,0,\"9\"],[0.0000012,1e15,0,0.0004,\"8\"]]}"),
            NULL),
        "         n                          m      r        s  id\n"
        "----------  -------------------------  -----  -------  --\n"
        "    1.5000                      1.000  20.0%  100.00%  10\n"
        "1,234.5679                     -0.004  17.5%    0.00%  9\n"
        "   1.2e-06  1,000,000,000,000,000.000   0.0%    0.04%  8\n");
}

TEST(a_narrow_terminal_breaks_texts_and_cuts_nothing) {
    struct cli cli = {.out_is_terminal = true, .out_width = 40, .colour = true};
    struct buffer out = {0};
    struct json *table;

    CHECK_OK(json_parse(
        scope,
        TEXT("{\"columns\":[{\"name\":\"check\"},{\"name\":\"finding\"},{\"name\":"
             "\"rows\",\"type\":\"integer\"}],\"rows\":[[\"lake totals\",\"the ledger "
             "has what the lake has\",1234567],[\"x\",\"abcdefghijklmnopqrstuvwxyz\",1]]}"),
        &table));
    output_table(scope, &cli, table, &out);
    CHECK_TEXT(buffer_text(&out), "\x1b[1mcheck        finding                rows\x1b[0m\n"
                                  "-----------  ----------------  ---------\n"
                                  "lake totals  the ledger has    1,234,567\n"
                                  "             what the lake\n"
                                  "             has\n"
                                  "x            abcdefghijklmnop          1\n"
                                  "             qrstuvwxyz\n");
    buffer_clear(&out);
}

TEST(an_error_is_told_to_people_and_to_programs) {
    struct cli cli = {.format = FORMAT_TABLE};
    char *err;
    size_t size;

    scope_fail(scope, NOT_FOUND, "segment \"v\x1bip\" does not exist");
    scope_hint(scope, "`tessera segment list` shows them");
    cli.out = cli.err = open_memstream(&err, &size);
    output_failure(&cli, &scope->failure);
    CHECK_TEXT(((struct text){err, size}), "tessera: segment \"v\xEF\xBF\xBDip\" does not exist\n"
                                           "  hint: `tessera segment list` shows them\n");
    rewind(cli.err);
    cli.format = FORMAT_JSON;
    output_failure(&cli, &scope->failure);
    CHECK(strstr(err, "{\"error\":{\"code\":\"not_found\",\"message\":\"segment"));
    fclose(cli.err);
    free(err);
}
