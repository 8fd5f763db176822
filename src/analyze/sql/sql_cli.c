// SPDX-License-Identifier: Apache-2.0
#include "analyze/sql/sql_cli.h"

#include "base/limits.h"
#include "store/export_file.h"

#include <stdio.h>

static struct text query_path(struct scope *scope, struct text name) {
    return text_printf(&scope->arena, "/api/v1/queries/%.*s",
                       TEXT_ARG(request_path_element(&scope->arena, name)));
}

// The query from standard input, up to one byte past what is allowed: the handler refuses that.
static void read_query(struct buffer *query) {
    size_t size = 1;

    while (size > 0 && query->size <= LIMIT_SQL_BYTES) {
        size = fread(buffer_reserve(query, BUFSIZ), 1, BUFSIZ, stdin);
        query->size += size;
    }
}

static code add_limit(struct scope *scope, const struct arguments *arguments,
                      struct json_writer *writer) {
    int64_t limit;

    if (!argument_given(arguments, "limit"))
        return OK;
    if (!text_to_int64(argument_text(arguments, "limit"), &limit))
        return scope_fail_field(scope, INVALID, "limit", "\"%.*s\" is not a number of rows",
                                TEXT_ARG(argument_text(arguments, "limit")));
    json_key(writer, "limit");
    json_write_int64(writer, limit);
    return OK;
}

static code add_file(struct scope *scope, const struct arguments *arguments,
                     struct json_writer *writer) {
    struct text path;

    TRY(cli_absolute_path(scope, argument_text(arguments, "to"), &path));
    json_key(writer, "path");
    json_write_text(writer, path);
    if (argument_given(arguments, "format-file")) {
        json_key(writer, "format");
        json_write_text(writer, argument_text(arguments, "format-file"));
    }
    return OK;
}

// What is asked: the operand, the saved query, or what standard input holds.
static code find_query(struct scope *scope, struct cli *cli, const struct arguments *arguments,
                       struct buffer *typed, struct text *ret_query) {
    const struct text operand = argument_operand(arguments, 0);
    struct request_builder builder;
    const struct json *answer;

    if (argument_given(arguments, "saved")) {
        if (argument_operand_count(arguments) > 0)
            return scope_fail(scope, INVALID, "either a query is written or a saved one is named");
        request_builder_init(&builder, METHOD_GET,
                             query_path(scope, argument_text(arguments, "saved")));
        TRY(cli_fetch(scope, cli, &builder.request, &answer));
        *ret_query = json_member(answer, "query")->string;
    } else if (argument_operand_count(arguments) == 0 || text_is(operand, "-")) {
        read_query(typed);
        *ret_query = buffer_text(typed);
    } else {
        *ret_query = operand;
    }
    return OK;
}

static code run_sql(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer typed = {0};
    CLEANUP(buffer_clear) struct buffer body = {0};
    const bool to_file = argument_given(arguments, "to");
    struct json_writer writer;
    struct text query;

    if (to_file && argument_given(arguments, "limit"))
        return scope_fail(scope, INVALID, "a file holds all rows: --limit is of no use with --to");
    if (!to_file && argument_given(arguments, "format-file"))
        return scope_fail(scope, INVALID, "--format-file says how the file of --to is written");
    TRY(find_query(scope, cli, arguments, &typed, &query));
    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "query");
    json_write_text(&writer, query);
    TRY(to_file ? add_file(scope, arguments, &writer) : add_limit(scope, arguments, &writer));
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST,
                    to_file ? TEXT("/api/v1/sql/file") : TEXT("/api/v1/sql"), buffer_text(&body));
}

// ---- saved queries ----

static code run_list(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    (void)arguments;
    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/queries"));
    request_builder_add(&builder, "limit", TEXT("1000"));
    return cli_call(scope, cli, &builder.request);
}

static code run_columns(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    (void)arguments;
    return cli_send(scope, cli, METHOD_GET, TEXT("/api/v1/sql/columns"), TEXT(""));
}

static code run_show(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(scope, cli, METHOD_GET, query_path(scope, argument_operand(arguments, 0)),
                    TEXT(""));
}

static code run_save(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer typed = {0};
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct text query = argument_operand(arguments, 1);
    struct json_writer writer;

    if (argument_operand_count(arguments) == 1 || text_is(query, "-")) {
        read_query(&typed);
        query = buffer_text(&typed);
    }
    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "query");
    json_write_text(&writer, query);
    json_key(&writer, "description");
    json_write_text(&writer, argument_text(arguments, "description"));
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_PUT, query_path(scope, argument_operand(arguments, 0)),
                    buffer_text(&body));
}

static code run_delete(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(scope, cli, METHOD_DELETE, query_path(scope, argument_operand(arguments, 0)),
                    TEXT(""));
}

// ---- the table ----

static const struct option sql_options[] = {
    {"limit", "COUNT", "rows of the answer at most (1000); 0 for all", NULL, false},
    {"saved", "NAME", "ask the query that is kept under this name", NULL, false},
    {"to", "FILE", "write all rows to this file, which must not be there", NULL, false},
    {"format-file", "FORMAT", "format of the file (csv)", export_format_names, false},
    {0},
};
static const struct option save_options[] = {
    {"description", "TEXT", "what the query tells", NULL, false},
    {0},
};

// clang-format off
const struct command sql_commands[] = {
    {"sql", "[QUERY]", "Ask the lake in SQL",
     "One SELECT over the tables that `tessera query columns` lists. Amounts and quantities are\n"
     "in millionths, instants in microseconds UTC. Nothing can be changed this way. Without QUERY\n"
     "it is read from standard input.\n"
     "\n"
     "Examples:\n"
     "  tessera sql \"SELECT country, sum(gross_micros) / 1e6 AS gross FROM sale GROUP BY 1\"\n"
     "  tessera sql --to lines.parquet --format-file parquet \"SELECT * FROM sale_line\"\n"
     "  tessera sql --format csv --limit 0 < query.sql > answer.csv\n"
     "  tessera sql --saved best-customers\n",
     0, 1, sql_options, run_sql, COMMAND_NEEDS_STORE},
    {"query list", "", "Questions in SQL that are kept by name", NULL,
     0, 0, NULL, run_list, COMMAND_NEEDS_STORE},
    {"query columns", "", "The tables and columns that can be asked", NULL,
     0, 0, NULL, run_columns, COMMAND_NEEDS_STORE},
    {"query show", "NAME", "The SQL of a saved query", NULL,
     1, 1, NULL, run_show, COMMAND_NEEDS_STORE},
    {"query save", "NAME [QUERY]", "Keep a question in SQL under a name",
     "It takes the place of an earlier one of that name. Without QUERY it is read from standard\n"
     "input.\n"
     "\n"
     "Example:\n"
     "  tessera query save best-customers --description \"for the letter in May\" < best.sql\n",
     1, 2, save_options, run_save, COMMAND_NEEDS_STORE},
    {"query delete", "NAME", "Forget a saved query", NULL,
     1, 1, NULL, run_delete, COMMAND_NEEDS_STORE},
};
// clang-format on
const size_t sql_command_count = sizeof(sql_commands) / sizeof(*sql_commands);
