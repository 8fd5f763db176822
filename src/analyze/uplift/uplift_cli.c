// SPDX-License-Identifier: Apache-2.0
#include "analyze/uplift/uplift_cli.h"

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

static code run(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
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

static const struct option options[] = {
    {.name = "treatment", .value = "COLUMN", .help = "the column that names the arm"},
    {.name = "treated", .value = "VALUE", .help = "its value for customers who were treated"},
    {.name = "control", .value = "VALUE", .help = "its value for those who were not"},
    {.name = "response",
     .value = "COLUMN",
     .help = "whether a customer responded: a number above 0, true, yes"},
    {.name = "features",
     .value = "COLUMNS",
     .help = "what was known before the treatment: column names with commas between"},
    {.name = "seed", .value = "N", .help = "of the resamples that make the Qini's interval (1)"},
    {0},
};

const struct command uplift_commands[] = {
    {.name = "analyze uplift",
     .operands = "FILE",
     .summary = "Find whom a treatment moves, from an experiment in a file",
     .help =
         "FILE has a row for each customer of an experiment whose arms were chosen by lot. Two\n"
         "kinds of model learn from every other row and are measured on the rest; when no\n"
         "ranking is shown to find anybody, it says so.\n"
         "\n"
         "  tessera analyze uplift hillstrom.csv --treatment segment --treated \"Womens "
         "E-Mail\" \\\n"
         "      --control \"No E-Mail\" --response visit --features recency,history,channel",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = options,
     .run = run,
     .store = COMMAND_WITHOUT_STORE},
};
const size_t uplift_command_count = sizeof(uplift_commands) / sizeof(*uplift_commands);
