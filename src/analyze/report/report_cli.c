// SPDX-License-Identifier: Apache-2.0
// Reports on the terminal. Tables with a column to look along get bars; an overview leaves out
// tables that have nothing to show.
#include "analyze/report/report_cli.h"

#include "analyze/metric/comparison.h"
#include "analyze/metric/metric_cli.h"
#include "cli/output.h"

enum { BAR_WIDTH = 24 };

// ---- bars ----

static struct json *new_string(struct scope *scope, struct text value) {
    struct json *json = arena_alloc(&scope->arena, sizeof(*json));

    *json = (struct json){.type = JSON_STRING, .string = value};
    return json;
}

// The tree of an answer belongs to this command alone: it may grow.
static void append(const struct json *parent, struct json *child) {
    struct json *grown = (struct json *)parent;
    struct json **place = &grown->first;

    while (*place)
        place = &(*place)->next;
    *place = child;
    grown->count++;
}

static void add_member(struct scope *scope, struct json *object, const char *key,
                       const char *value) {
    struct json *member = new_string(scope, text_of(value));

    member->key = text_of(key);
    append(object, member);
}

static double number_of(const struct json *json) {
    if (json && json->type == JSON_INT64)
        return (double)json->int64;
    return json && json->type == JSON_DOUBLE ? json->number : 0;
}

static const struct json *element(const struct json *array, size_t index) {
    const struct json *child = array->first;

    while (child && index-- > 0)
        child = child->next;
    return child;
}

static struct text bar(struct scope *scope, double value, double greatest) {
    // An eighth of a block each.
    static const char *const parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const int eighths =
        value > 0 && greatest > 0 ? (int)(value / greatest * BAR_WIDTH * 8 + 0.5) : 0;
    struct buffer drawn = {0};
    struct text copy;

    for (int i = 0; i < eighths / 8; i++)
        buffer_add_string(&drawn, "█");
    buffer_add_string(&drawn, parts[eighths % 8]);
    copy = text_copy(&scope->arena, buffer_text(&drawn));
    buffer_clear(&drawn);
    return copy;
}

// A last column that draws the numbers of another one.
static void add_bars(struct scope *scope, const struct json *table, const char *name) {
    struct json *column = arena_alloc(&scope->arena, sizeof(*column));
    const struct json *rows = json_member(table, "rows");
    double greatest = 0;
    const struct json *found = json_member(table, "columns")->first;
    size_t index = 0;

    for (; found && !text_is(json_member(found, "name")->string, name); found = found->next)
        index++;
    if (!found)
        return;
    for (const struct json *row = rows->first; row; row = row->next)
        if (number_of(element(row, index)) > greatest)
            greatest = number_of(element(row, index));
    for (const struct json *row = rows->first; row; row = row->next)
        append(row, new_string(scope, bar(scope, number_of(element(row, index)), greatest)));
    column->type = JSON_OBJECT;
    add_member(scope, column, "name", "bar");
    add_member(scope, column, "label", " ");
    add_member(scope, column, "type", "text");
    append(json_member(table, "columns"), column);
}

// ---- what is worth showing ----

// Nothing in the first column of words means that the sales state none of it: no stores, no
// channels.
static bool is_worth_showing(const struct json *table) {
    const struct json *rows = json_member(table, "rows");
    const struct json *first = rows->first;

    return first && (first->next || !first->first->next || first->first->next->type != JSON_NULL);
}

// What of an answer is for people: not its selection, which they typed; tables with bars.
static const struct json *shown(struct scope *scope, const struct json *answer) {
    struct json *result = arena_alloc(&scope->arena, sizeof(*result));

    result->type = JSON_OBJECT;
    for (const struct json *member = answer->first; member; member = member->next) {
        const bool is_table = output_is_table(member);
        struct json *copy;

        if (text_is(member->key, "selection") || (is_table && !is_worth_showing(member)))
            continue;
        if (is_table && (text_is(member->key, "months") || text_is(member->key, "periods")))
            add_bars(scope, member, "revenue_gross");
        if (is_table && text_is(member->key, "bins"))
            add_bars(scope, member, "customers");
        copy = arena_copy(&scope->arena, member, sizeof(*member));
        copy->next = NULL;
        append(result, copy);
    }
    return result;
}

// ---- commands ----

static const char *const plain_names[] = {SELECTION_OPTION_NAMES, NULL};
static const char *const period_names[] = {"by", SELECTION_OPTION_NAMES, NULL};
static const char *const bridge_names[] = {"compare", SELECTION_OPTION_NAMES, NULL};
static const char *const sales_names[] = {"by", "compare", SELECTION_OPTION_NAMES, NULL};

// `options` are those that the command has.
static code ask(struct scope *scope, struct cli *cli, const struct arguments *arguments,
                const char *name, const char *const *options) {
    struct request_builder builder;
    const struct json *answer;

    request_builder_init(&builder, METHOD_GET,
                         text_printf(&scope->arena, "/api/v1/reports/%s", name));
    request_builder_options(&builder, arguments, options);
    if (cli->format != FORMAT_TABLE)
        return cli_call(scope, cli, &builder.request);
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    return cli_print(scope, cli, shown(scope, answer));
}

static code run_overview(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return ask(scope, cli, arguments, "overview", plain_names);
}

static code run_sales(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return ask(scope, cli, arguments, "sales", sales_names);
}

static code run_bridge(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return ask(scope, cli, arguments, "bridge", bridge_names);
}

static code run_vat(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return ask(scope, cli, arguments, "vat", period_names);
}

static code run_stores(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return ask(scope, cli, arguments, "stores", plain_names);
}

static code run_cashiers(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return ask(scope, cli, arguments, "cashiers", plain_names);
}

static code run_histogram(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return ask(scope, cli, arguments, "histogram", plain_names);
}

static code run_pareto(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return ask(scope, cli, arguments, "pareto", plain_names);
}

static const char *const periods[] = {"day", "week", "month", "quarter", "year", NULL};

static const struct option period_options[] = {
    {.name = "by",
     .value = "PERIOD",
     .help = "day, week, month, quarter or year",
     .choices = periods},
    SELECTION_OPTIONS,
    {0},
};

static const struct option sales_options[] = {
    {.name = "by",
     .value = "PERIOD",
     .help = "day, week, month, quarter or year",
     .choices = periods},
    {.name = "compare",
     .value = "WITH",
     .help = "the days before, or the year before, beside; it needs --from and --to",
     .choices = comparison_names},
    SELECTION_OPTIONS,
    {0},
};

static const struct option bridge_options[] = {
    {.name = "compare",
     .value = "WITH",
     .help = "the year before, or as many days before (year)",
     .choices = comparison_names},
    SELECTION_OPTIONS,
    {0},
};

static const struct option plain_options[] = {SELECTION_OPTIONS, {0}};

#define REPORT(word, what, given_options, function)                                                \
    {                                                                                              \
        .name = "report " word, .operands = "", .summary = (what), .options = (given_options),     \
        .run = (function), .store = COMMAND_NEEDS_STORE                                            \
    }

const struct command report_commands[] = {
    REPORT("overview", "Show the business on one page", plain_options, run_overview),
    REPORT("sales", "Show revenue, VAT, receipts and customers by period", sales_options,
           run_sales),
    REPORT("bridge", "Show why revenue changed; it needs --from and --to", bridge_options,
           run_bridge),
    REPORT("vat", "Show VAT collected by rate and period, to the cent", period_options, run_vat),
    REPORT("stores", "Rank the stores", plain_options, run_stores),
    REPORT("cashiers", "Rank the cashiers", plain_options, run_cashiers),
    REPORT("histogram", "Show how many customers spend how much", plain_options, run_histogram),
    REPORT("pareto", "Show what part of revenue the best customers bring", plain_options,
           run_pareto),
};
const size_t report_command_count = sizeof(report_commands) / sizeof(*report_commands);
