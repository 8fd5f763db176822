// SPDX-License-Identifier: Apache-2.0
#include "analyze/sql/sql_cli.h"

#include "base/limits.h"

#include <stdio.h>

// The query from standard input, up to one byte past what is allowed: the handler refuses that.
static void read_query(struct buffer *query) {
    size_t size = 1;

    while (size > 0 && query->size <= LIMIT_SQL_BYTES) {
        size = fread(buffer_reserve(query, BUFSIZ), 1, BUFSIZ, stdin);
        query->size += size;
    }
}

static code write_body(struct scope *scope, const struct arguments *arguments, struct text query,
                       struct buffer *body) {
    struct json_writer writer;
    int64_t limit;

    json_writer_init(&writer, body);
    json_begin_object(&writer);
    json_key(&writer, "query");
    json_write_text(&writer, query);
    if (argument_given(arguments, "limit")) {
        if (!text_to_int64(argument_text(arguments, "limit"), &limit))
            return scope_fail_field(scope, INVALID, "limit", "\"%.*s\" is not a number of rows",
                                    TEXT_ARG(argument_text(arguments, "limit")));
        json_key(&writer, "limit");
        json_write_int64(&writer, limit);
    }
    json_end_object(&writer);
    return OK;
}

static code run_sql(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer typed = {0};
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct text query = argument_operand(arguments, 0);

    if (argument_operand_count(arguments) == 0 || text_is(query, "-")) {
        read_query(&typed);
        query = buffer_text(&typed);
    }
    TRY(write_body(scope, arguments, query, &body));
    return cli_send(scope, cli, METHOD_POST, TEXT("/api/v1/sql"), buffer_text(&body));
}

static const struct option sql_options[] = {
    {.name = "limit", .value = "COUNT", .help = "rows of the answer at most (1000); 0 for all"},
    {0},
};

const struct command sql_commands[] = {
    {.name = "sql",
     .operands = "[QUERY]",
     .summary = "Ask the lake in SQL",
     .help =
         "One SELECT over the tables customer, alias, product, store, staff, sale, sale_line, "
         "event\n"
         "and consent; `DESCRIBE sale` shows the columns of one. Amounts and quantities are in\n"
         "millionths, instants in microseconds UTC. Nothing can be changed this way. Without QUERY "
         "it\n"
         "is read from standard input.\n"
         "\n"
         "Examples:\n"
         "  tessera sql \"SELECT country, sum(gross_micros) / 1e6 AS gross FROM sale GROUP BY 1\"\n"
         "  tessera sql --format csv --limit 0 < query.sql > answer.csv\n",
     .maximum_operands = 1,
     .options = sql_options,
     .run = run_sql,
     .store = COMMAND_NEEDS_STORE},
};
const size_t sql_command_count = sizeof(sql_commands) / sizeof(*sql_commands);
