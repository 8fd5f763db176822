// SPDX-License-Identifier: Apache-2.0
#include "analyze/experiment/experiment_cli.h"

#include "analyze/experiment/sample_size.h"
#include "analyze/experiment/trial_file.h"
#include "cli/cli.h"

static code needed(struct scope *scope, const struct arguments *arguments, const char *option,
                   struct text *ret_value) {
    *ret_value = argument_text(arguments, option);
    if (ret_value->size == 0)
        return scope_fail_field(scope, INVALID, option, "--%s is missing", option);
    return OK;
}

// In percent; *ret_value stays when the option is not given.
static code read_percent(struct scope *scope, const struct arguments *arguments, const char *option,
                         double *ret_value) {
    double percent;

    if (!argument_given(arguments, option))
        return OK;
    if (!text_to_double(argument_text(arguments, option), &percent) ||
        !(percent > 0 && percent < 100))
        return scope_fail_field(scope, INVALID, option,
                                "--%s is to be a number of percent between 0 and 100", option);
    *ret_value = percent / 100;
    return OK;
}

// ---- analyze experiment ----

// "visit,conversion,spend/visit"
static code read_outcomes(struct scope *scope, struct text list, struct trial_query *query) {
    while (list.size > 0) {
        const struct text name = text_trim(text_split(list, ',', &list));

        if (name.size == 0)
            continue;
        if (query->outcome_count == TRIAL_OUTCOMES)
            return scope_fail_field(scope, INVALID, "outcomes", "more than %d are too many",
                                    TRIAL_OUTCOMES);
        query->outcomes[query->outcome_count++] = name;
    }
    return query->outcome_count > 0
               ? OK
               : scope_fail_field(scope, INVALID, "outcomes", "--outcomes names no column");
}

static code run_experiment(struct scope *scope, struct cli *cli,
                           const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct trial_query query = {.confidence = 0.95, .before = argument_text(arguments, "before")};
    struct text outcomes = {0};
    struct json_writer writer;
    struct trial trial;
    struct json *answer;

    TRY(needed(scope, arguments, "arm", &query.arm));
    TRY(needed(scope, arguments, "control", &query.control));
    TRY(needed(scope, arguments, "outcomes", &outcomes));
    TRY(read_outcomes(scope, outcomes, &query));
    TRY(trial_division_read(scope, argument_text(arguments, "division"), query.division,
                            &query.division_count));
    TRY(read_percent(scope, arguments, "confidence", &query.confidence));
    TRY(trial_read(scope, text_string(&scope->arena, argument_operand(arguments, 0)), &query,
                   &trial));
    json_writer_init(&writer, &text);
    json_begin_object(&writer);
    TRY(trial_write(scope, &trial, &writer));
    json_end_object(&writer);
    TRY(json_parse_own(scope, text_copy(&scope->arena, buffer_text(&text)), &answer));
    return cli_print(scope, cli, answer);
}

static const struct option experiment_options[] = {
    {.name = "arm", .value = "COLUMN", .help = "the column that names the arm"},
    {.name = "control", .value = "NAME", .help = "the arm that the others are compared with"},
    {.name = "outcomes",
     .value = "COLUMNS",
     .help = "what came of it: columns with commas between; spend/visit is a ratio of sums"},
    {.name = "before",
     .value = "COLUMN",
     .help = "a number known before the arms were made, which steadies the comparison (CUPED)"},
    {.name = "division",
     .value = "SHARES",
     .help = "how customers were meant to be divided, the control first: 50,25,25 (equally)"},
    {.name = "confidence", .value = "PERCENT", .help = "of the intervals (95)"},
    {0},
};

// ---- analyze sample-size ----

// In the order of sample_fields.
static const struct option sample_options[] = {
    {.name = "baseline", .value = "PERCENT", .help = "customers that do it without the treatment"},
    {.name = "mean",
     .value = "N",
     .help = "in place of a baseline: the mean of a figure without the treatment"},
    {.name = "deviation",
     .value = "N",
     .help = "of a mean: the standard deviation between customers"},
    {.name = "effect",
     .value = "PERCENT",
     .help = "the smallest change worth knowing, of the baseline or mean"},
    {.name = "customers",
     .value = "N",
     .help = "in each group, to see what can be found with them"},
    {.name = "per-day", .value = "N", .help = "customers that come into the test each day"},
    {.name = "power", .value = "PERCENT", .help = "of such effects that are to be found (80)"},
    {.name = "confidence", .value = "PERCENT", .help = "of the test (95)"},
    {.name = "groups", .value = "N", .help = "how many, the control included (2)"},
    {.name = "outcomes", .value = "N", .help = "how many will be compared (1)"},
    {0},
};

static code run_sample_size(struct scope *scope, struct cli *cli,
                            const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct sample_plan plan = sample_plan_usual();
    struct json_writer writer;
    struct json *answer;

    for (int i = 0; i < SAMPLE_FIELDS; i++)
        if (argument_given(arguments, sample_options[i].name))
            TRY(sample_plan_read(scope, &plan, &sample_fields[i],
                                 argument_text(arguments, sample_options[i].name)));
    json_writer_init(&writer, &text);
    TRY(sample_plan_write(scope, &plan, &writer));
    TRY(json_parse_own(scope, text_copy(&scope->arena, buffer_text(&text)), &answer));
    return cli_print(scope, cli, answer);
}

const struct command experiment_commands[] = {
    {.name = "analyze experiment",
     .operands = "FILE",
     .summary = "Tell what a test between groups shows, from a file",
     .help =
         "FILE has a row for each customer of a test whose arms were chosen by lot. Every arm "
         "is\n"
         "compared with the control: columns of 0 and 1 as shares, others as means and medians.\n"
         "p values are corrected for the number of comparisons.\n"
         "\n"
         "  tessera analyze experiment hillstrom.csv --arm segment --control \"No E-Mail\" \\\n"
         "      --outcomes visit,conversion,spend --before history",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = experiment_options,
     .run = run_experiment,
     .store = COMMAND_WITHOUT_STORE},
    {.name = "analyze sample-size",
     .operands = "",
     .summary = "Plan a test: how many customers it takes",
     .help = "How many customers each group needs to find the smallest effect worth knowing, or\n"
             "(with --customers) what those there are can find.\n"
             "\n"
             "  tessera analyze sample-size --baseline 5 --effect 10\n"
             "  tessera analyze sample-size --mean 42 --deviation 60 --customers 5000",
     .options = sample_options,
     .run = run_sample_size,
     .store = COMMAND_WITHOUT_STORE},
};
const size_t experiment_command_count = sizeof(experiment_commands) / sizeof(*experiment_commands);
