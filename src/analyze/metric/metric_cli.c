// SPDX-License-Identifier: Apache-2.0
#include "analyze/metric/metric_cli.h"

#include "analyze/metric/comparison.h"
#include "cli/cli.h"

code selection_cli_call(struct scope *scope, struct cli *cli, const struct request *request) {
    struct json shown = {.type = JSON_OBJECT};
    struct json **place = &shown.first;
    const struct json *answer;

    if (cli->format != FORMAT_TABLE)
        return cli_call(scope, cli, request);
    TRY(cli_fetch(scope, cli, request, &answer));
    for (const struct json *member = answer->first; member; member = member->next) {
        if (text_is(member->key, "selection"))
            continue;
        *place = arena_copy(&scope->arena, member, sizeof(*member));
        place = &(*place)->next;
        shown.count++;
    }
    *place = NULL;
    return cli_print(scope, cli, &shown);
}

static code run_values(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const names[] = {
        "by", "compare", "order", "limit", "sql", SELECTION_OPTION_NAMES, NULL};
    const struct text asked = request_path_element(&scope->arena, argument_operand(arguments, 0));
    struct request_builder builder;
    const struct json *answer;

    request_builder_init(
        &builder, METHOD_GET,
        text_printf(&scope->arena, "/api/v1/metrics/%.*s/values", TEXT_ARG(asked)));
    request_builder_options(&builder, arguments, names);
    if (cli->format != FORMAT_TABLE || argument_given(arguments, "sql"))
        return cli_call(scope, cli, &builder.request);
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    return cli_print(scope, cli, json_member(answer, "values"));
}

static code run_list(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    (void)arguments;
    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/metrics"));
    return cli_call(scope, cli, &builder.request);
}

static code run_explain(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct text name = request_path_element(&scope->arena, argument_operand(arguments, 0));
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET,
                         text_printf(&scope->arena, "/api/v1/metrics/%.*s", TEXT_ARG(name)));
    return cli_call(scope, cli, &builder.request);
}

static const struct option value_options[] = {
    {.name = "by",
     .value = "DIMENSION",
     .help = "one row for each month, store, product and so on; several divide further",
     .repeats = true},
    SELECTION_OPTIONS,
    {.name = "compare",
     .value = "WITH",
     .help = "values of as many days before beside, or of the same days a year before, and the "
             "change; it needs --from and --to",
     .choices = comparison_names},
    {.name = "order", .value = "COLUMN", .help = "order by a column; COLUMN:asc or COLUMN:desc"},
    {.name = "limit", .value = "ROWS", .help = "at most so many rows"},
    {.name = "sql", .help = "show the SQL and the values bound into it as well"},
    {0},
};

const struct command metric_commands[] = {
    {.name = "metric",
     .operands = "NAME[,NAME...]",
     .summary = "Count revenue, receipts, customers by month, store, product",
     .help = "Counts what the metrics define, over all documents or a selection of them.\n"
             "\n"
             "  tessera metric revenue_gross --by month\n"
             "  tessera metric revenue_gross,receipts,customers --by country --limit 5\n"
             "  tessera metric basket_value --by store --from 2011-01-01 --to 2011-12-31\n"
             "  tessera metric customers --filter customer=known --filter 'unit_price>0'\n"
             "\n"
             "`tessera metric list` shows all metrics, dimensions and filters.",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = value_options,
     .run = run_values,
     .store = COMMAND_NEEDS_STORE},
    {.name = "metric list",
     .operands = "",
     .summary = "List all metrics, dimensions and filters",
     .run = run_list,
     .store = COMMAND_WITHOUT_STORE},
    {.name = "metric explain",
     .operands = "NAME",
     .summary = "Show how a metric is defined, with its SQL",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_explain,
     .store = COMMAND_WITHOUT_STORE},
};
const size_t metric_command_count = sizeof(metric_commands) / sizeof(*metric_commands);
