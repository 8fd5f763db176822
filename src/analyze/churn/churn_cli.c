// SPDX-License-Identifier: Apache-2.0
#include "analyze/churn/churn_cli.h"

#include "cli/cli.h"

static const struct {
    const char *option, *field;
} days[] = {{"horizon", "horizon_days"}, {"active", "active_days"}},
  words[] = {{"as-of", "as_of"}, {"model", "model"}};

static code write_body(struct scope *scope, const struct arguments *arguments,
                       struct json_writer *writer) {
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (argument_given(arguments, words[i].option)) {
            json_key(writer, words[i].field);
            json_write_text(writer, argument_text(arguments, words[i].option));
        }
    for (size_t i = 0; i < sizeof(days) / sizeof(*days); i++) {
        const struct text given = argument_text(arguments, days[i].option);
        int64_t number;

        if (!argument_given(arguments, days[i].option))
            continue;
        if (!text_to_int64(given, &number))
            return scope_fail_field(scope, INVALID, days[i].option,
                                    "--%s \"%.*s\" is no number of days", days[i].option,
                                    TEXT_ARG(given));
        json_key(writer, days[i].field);
        json_write_int64(writer, number);
    }
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
    TRY(write_body(scope, arguments, &writer));
    json_end_object(&writer);
    request_builder_init(&builder, METHOD_POST, TEXT("/api/v1/churn/runs"));
    TRY(request_builder_body(scope, &builder, buffer_text(&body)));
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    return cli_job_of(scope, answer, ret_job_id);
}

static code show(struct scope *scope, struct cli *cli) {
    struct request_builder builder;
    const struct json *answer, *result;

    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/churn"));
    if (cli->format == FORMAT_JSON)
        return cli_call(scope, cli, &builder.request);
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    result = json_member(answer, "result");
    if (result == NULL || result->type == JSON_NULL) {
        scope_fail(scope, NOT_FOUND, "who will leave was never estimated");
        return scope_hint(scope, "run `tessera analyze churn`");
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

    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/churn/customers"));
    request_builder_options(&builder, arguments, names);
    return cli_call(scope, cli, &builder.request);
}

static const struct option run_options[] = {
    {.name = "as-of",
     .value = "DATE",
     .help = "the last day that counts; otherwise that of the last sale"},
    {.name = "horizon",
     .value = "DAYS",
     .help = "who buys nothing within so many days has left (90)"},
    {.name = "active",
     .value = "DAYS",
     .help = "who bought within so many days is a customer still (365)"},
    {.name = "model", .value = "MODEL", .help = "best, logistic or trees (best)"},
    {.name = "last", .help = "show the last run instead of running again"},
    {0},
};

static const struct option customer_options[] = {
    {.name = "customer", .value = "ID", .help = "only this customer"},
    {.name = "limit", .value = "ROWS", .help = "at most so many rows (50)"},
    {.name = "after", .value = "NEXT", .help = "\"next\" of the page before this one"},
    {0},
};

const struct command churn_commands[] = {
    {.name = "analyze churn",
     .operands = "",
     .summary = "Estimate who will leave, and why",
     .help =
         "Tests logistic regression and boosted trees on past months, each taught only by what\n"
         "was known then, and gives every customer of now a probability of buying nothing\n"
         "within the horizon, with the two reasons that weigh most. Where no model beats the\n"
         "naive ones nobody is scored. The scores are columns of `churn` in `tessera sql`.\n"
         "\n"
         "  tessera analyze churn --horizon 60 --format json",
     .options = run_options,
     .run = run,
     .store = COMMAND_NEEDS_STORE},
    {.name = "churn customers",
     .operands = "",
     .summary = "List customers by how likely they are to leave",
     .options = customer_options,
     .run = run_customers,
     .store = COMMAND_NEEDS_STORE},
};
const size_t churn_command_count = sizeof(churn_commands) / sizeof(*churn_commands);
