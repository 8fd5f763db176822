// SPDX-License-Identifier: Apache-2.0
#include "analyze/lifetime_value/lifetime_value_cli.h"

#include "cli/cli.h"

#include <stdlib.h>

static const struct {
    const char *option, *field;
} numbers[] = {{"hold-out", "hold_out_days"},
               {"months", "horizon_months"},
               {"discount", "discount_percent"},
               {"margin", "margin_percent"}};
enum { NUMBERS = sizeof(numbers) / sizeof(*numbers) };

// The number as it was written: what takes it says what is wrong with it.
static code add_number(struct scope *scope, const struct arguments *arguments, size_t i,
                       struct json_writer *writer) {
    const struct text given = argument_text(arguments, numbers[i].option);
    int64_t whole;
    double number;
    char *end;

    if (!argument_given(arguments, numbers[i].option))
        return OK;
    json_key(writer, numbers[i].field);
    if (text_to_int64(given, &whole)) {
        json_write_int64(writer, whole);
        return OK;
    }
    number = strtod(text_string(&scope->arena, given), &end);
    if (given.size == 0 || *end != '\0')
        return scope_fail_field(scope, INVALID, numbers[i].option, "--%s \"%.*s\" is no number",
                                numbers[i].option, TEXT_ARG(given));
    json_write_double(writer, number);
    return OK;
}

static code start(struct scope *scope, struct cli *cli, const struct arguments *arguments,
                  int64_t *ret_job_id) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct request_builder builder;
    const struct json *answer;
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    if (argument_given(arguments, "as-of")) {
        json_key(&writer, "as_of");
        json_write_text(&writer, argument_text(arguments, "as-of"));
    }
    for (size_t i = 0; i < NUMBERS; i++)
        TRY(add_number(scope, arguments, i, &writer));
    json_end_object(&writer);
    request_builder_init(&builder, METHOD_POST, TEXT("/api/v1/lifetime-value/runs"));
    TRY(request_builder_body(scope, &builder, buffer_text(&body)));
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    return cli_job_of(scope, answer, ret_job_id);
}

static code show(struct scope *scope, struct cli *cli) {
    struct request_builder builder;
    const struct json *answer, *result;

    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/lifetime-value"));
    if (cli->format == FORMAT_JSON)
        return cli_call(scope, cli, &builder.request);
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    result = json_member(answer, "result");
    if (result == NULL || result->type == JSON_NULL) {
        scope_fail(scope, NOT_FOUND, "lifetime values were never estimated");
        return scope_hint(scope, "run `tessera analyze lifetime-value`");
    }
    return cli_print(scope, cli, result);
}

static code run(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct json *result;
    int64_t job_id;

    if (argument_given(arguments, "last"))
        return show(scope, cli);
    TRY(start(scope, cli, arguments, &job_id));
    TRY(cli_watch_job(scope, cli, job_id, &result)); // told by what is shown below
    return show(scope, cli);
}

static code run_customers(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const names[] = {"limit", "after", "customer", NULL};
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/lifetime-value/customers"));
    request_builder_options(&builder, arguments, names);
    return cli_call(scope, cli, &builder.request);
}

static const struct option run_options[] = {
    {.name = "as-of",
     .value = "DATE",
     .help = "the last day whose sales count; otherwise that of the last sale"},
    {.name = "hold-out",
     .value = "DAYS",
     .help = "days at the end on which models are measured; otherwise a third of all"},
    {.name = "months", .value = "N", .help = "months ahead that value is counted for (12)"},
    {.name = "discount", .value = "PERCENT", .help = "what money a year later is worth less (10)"},
    {.name = "margin", .value = "PERCENT", .help = "what remains of the gross amount (100)"},
    {.name = "last", .help = "show the last run instead of running again"},
    {0},
};

static const struct option customer_options[] = {
    {.name = "customer", .value = "ID", .help = "only this customer"},
    {.name = "limit", .value = "ROWS", .help = "at most so many rows (50)"},
    {.name = "after", .value = "NEXT", .help = "\"next\" of the page before this one"},
    {0},
};

const struct command lifetime_value_commands[] = {
    {.name = "analyze lifetime-value",
     .operands = "",
     .summary = "Estimate what each customer will buy and be worth",
     .help = "Fits models of repeat purchase (BG/NBD, MBG/NBD, Pareto/NBD) to the first two thirds "
             "of\n"
             "the data, measures them on the rest, takes the one with the smallest error, and "
             "gives\n"
             "every customer a probability of being alive, expected purchases and a discounted\n"
             "value. The scores are columns of `lifetime_value` in `tessera sql`.\n"
             "\n"
             "  tessera analyze lifetime-value --months 12 --discount 10 --margin 30 --format json",
     .options = run_options,
     .run = run,
     .store = COMMAND_NEEDS_STORE},
    {.name = "lifetime-value customers",
     .operands = "",
     .summary = "List customers by their estimated value",
     .options = customer_options,
     .run = run_customers,
     .store = COMMAND_NEEDS_STORE},
};
const size_t lifetime_value_command_count =
    sizeof(lifetime_value_commands) / sizeof(*lifetime_value_commands);
