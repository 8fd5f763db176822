// SPDX-License-Identifier: Apache-2.0
#include "analyze/uplift/uplift_cli.h"

#include "analyze/run/run_cli.h"
#include "analyze/uplift/uplift.h"
#include "cli/cli.h"

static code needed(struct scope *scope, const struct arguments *arguments, const char *option,
                   struct text *ret_value) {
    *ret_value = argument_text(arguments, option);
    if (ret_value->size == 0)
        return scope_fail_field(scope, INVALID, option, "--%s is missing", option);
    return OK;
}

// "recency,history,channel"
static code read_features(struct scope *scope, struct text list, struct experiment_query *query) {
    while (list.size > 0) {
        const struct text name = text_trim(text_split(list, ',', &list));

        if (name.size == 0)
            continue;
        if (query->feature_count == EXPERIMENT_COLUMNS)
            return scope_fail_field(scope, INVALID, "features", "more than %d columns are too many",
                                    EXPERIMENT_COLUMNS);
        query->features[query->feature_count++] = name;
    }
    return query->feature_count > 0
               ? OK
               : scope_fail_field(scope, INVALID, "features", "--features names no column");
}

static code read_query(struct scope *scope, const struct arguments *arguments,
                       struct experiment_query *query) {
    struct text features = {0};

    TRY(needed(scope, arguments, "treatment", &query->treatment));
    TRY(needed(scope, arguments, "treated", &query->treated));
    TRY(needed(scope, arguments, "control", &query->control));
    TRY(needed(scope, arguments, "response", &query->response));
    TRY(needed(scope, arguments, "features", &features));
    return read_features(scope, features, query);
}

// ---- from a file ----

static code run_file(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct experiment_query query = {0};
    struct experiment experiment;
    struct json *answer;
    struct text result;
    int64_t seed = 1;

    TRY(read_query(scope, arguments, &query));
    if (argument_given(arguments, "seed") &&
        !text_to_int64(argument_text(arguments, "seed"), &seed))
        return scope_fail_field(scope, INVALID, "seed", "the seed is no number");
    TRY(experiment_read(scope, text_string(&scope->arena, argument_operand(arguments, 0)), &query,
                        &experiment));
    TRY(uplift_of_experiment(scope, &experiment, (uint64_t)seed, &result));
    TRY(json_parse_own(scope, result, &answer));
    return cli_print(scope, cli, answer);
}

// ---- from the store ----

static const struct analysis_option store_options[] = {
    {"treated", "treated", ANALYSIS_TEXT},
    {"control", "control", ANALYSIS_TEXT},
    {"start", "start", ANALYSIS_TEXT},
    {"arms-on", "arms_on", ANALYSIS_TEXT},
    {"window", "window_days", ANALYSIS_NUMBER},
    {"spend-at-least", "spend_at_least", ANALYSIS_NUMBER},
    {"seed", "seed", ANALYSIS_NUMBER},
};
static const struct analysis_command uplift = {
    .path = "/api/v1/uplift",
    .never = "whom a treatment moves was never worked out",
    .again = "tessera analyze uplift --treated A --control B --start DATE",
    .options = store_options,
    .option_count = sizeof(store_options) / sizeof(*store_options),
};

static code run_store(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return analysis_cli_run(scope, cli, arguments, &uplift);
}

static code run(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    if (argument_operand_count(arguments) > 0)
        return run_file(scope, cli, arguments);
    return cli_with_store(scope, cli, arguments, COMMAND_NEEDS_STORE, run_store);
}

static code run_customers(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const names[] = {"limit", "after", "customer", NULL};

    return cli_ask(scope, cli, arguments, TEXT("/api/v1/uplift/customers"), names);
}

static const struct option options[] = {
    {.name = "treated",
     .value = "NAME",
     .help = "the segment that was treated; of a file, the value of the column"},
    {.name = "control",
     .value = "NAME",
     .help = "the segment that was left alone; of a file, the value of the column"},
    {.name = "start",
     .value = "DATE",
     .help = "the first day of the test: purchases from it on are responses"},
    {.name = "window", .value = "DAYS", .help = "so many days are waited for a response (30)"},
    {.name = "arms-on",
     .value = "DATE",
     .help = "the day whose members the arms are (the one before the start)"},
    {.name = "spend-at-least",
     .value = "AMOUNT",
     .help = "a response is to have spent so much (any purchase)"},
    {.name = "last", .help = "show the last run over the store instead of running again"},
    {.name = "treatment", .value = "COLUMN", .help = "of a file: the column that names the arm"},
    {.name = "response",
     .value = "COLUMN",
     .help = "of a file: whether a customer responded: a number above 0, true, yes"},
    {.name = "features",
     .value = "COLUMNS",
     .help = "of a file: what was known before the treatment: column names with commas between"},
    {.name = "seed", .value = "N", .help = "of the resamples that make intervals (1)"},
    {0},
};

static const struct option customer_options[] = {
    {.name = "customer", .value = "ID", .help = "only this customer"},
    {.name = "limit", .value = "ROWS", .help = "at most so many rows (50)"},
    {.name = "after", .value = "NEXT", .help = "\"next\" of the page before this one"},
    {0},
};

const struct command uplift_commands[] = {
    {.name = "analyze uplift",
     .operands = "[FILE]",
     .summary = "Find whom a treatment moves, from a test between two segments or from a file",
     .help = "Two kinds of model learn from half of a test whose arms were chosen by lot, and are\n"
             "measured on the other half; when no ranking is shown to find anybody, it says so.\n"
             "Without FILE the arms are segments, what was known of customers is taken from the\n"
             "store as of the day before the start, and customers of now are scored (`uplift` in\n"
             "`tessera sql`, `uplift` and `uplift_rank` in segments). FILE has a row for each\n"
             "customer.\n"
             "\n"
             "  tessera analyze uplift --treated mailed --control held-out --start 2011-06-01\n"
             "  tessera analyze uplift hillstrom.csv --treatment segment --treated \"Womens "
             "E-Mail\" \\\n"
             "      --control \"No E-Mail\" --response visit --features recency,history,channel",
     .minimum_operands = 0,
     .maximum_operands = 1,
     .options = options,
     .run = run,
     .store = COMMAND_WITHOUT_STORE},
    {.name = "uplift customers",
     .operands = "",
     .summary = "List customers by how much the treatment moves them",
     .options = customer_options,
     .run = run_customers,
     .store = COMMAND_NEEDS_STORE},
};
const size_t uplift_command_count = sizeof(uplift_commands) / sizeof(*uplift_commands);
