// SPDX-License-Identifier: Apache-2.0
#include "analyze/experiment/trial_file.h"
#include "base/test.h"

#include <math.h>
#include <string.h>

static struct trial_query query_of(const char *control, const char *outcome) {
    return (struct trial_query){.arm = TEXT("arm"),
                                .control = text_of(control),
                                .outcomes = {text_of(outcome)},
                                .outcome_count = 1,
                                .confidence = 0.95};
}

static const struct json *told(struct scope *scope, const struct trial *trial) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct json_writer writer;
    struct json *answer;

    json_writer_init(&writer, &text);
    json_begin_object(&writer);
    CHECK_OK(trial_write(scope, trial, &writer));
    json_end_object(&writer);
    CHECK_OK(json_parse_own(scope, text_copy(&scope->arena, buffer_text(&text)), &answer));
    return answer;
}

static const struct json *tell_file(struct scope *scope, const char *content,
                                    const struct trial_query *query) {
    struct trial trial;

    CHECK_OK(trial_read(scope, test_file(scope, "trial.csv", text_of(content)), query, &trial));
    return told(scope, &trial);
}

static const struct json *cell_of(const struct json *table, const struct json *row,
                                  const char *name) {
    size_t place = 0;
    const struct json *column = json_member(table, "columns")->first;

    for (; column != NULL; column = column->next, place++)
        if (text_is(json_member(column, "name")->string, name))
            break;
    CHECK(column != NULL);
    row = row->first;
    while (place-- > 0)
        row = row->next;
    return row;
}

// The number of a cell of the table of differences.
static double figure(const struct json *answer, const char *outcome, const char *arm,
                     const char *method, const char *name) {
    const struct json *table = json_member(answer, "differences");
    const struct json *row = json_member(table, "rows")->first;

    for (; row != NULL; row = row->next)
        if (text_is(cell_of(table, row, "outcome")->string, outcome) &&
            text_is(cell_of(table, row, "arm")->string, arm) &&
            text_is(cell_of(table, row, "method")->string, method)) {
            const struct json *cell = cell_of(table, row, name);

            return cell->type == JSON_INT64 ? (double)cell->int64 : cell->number;
        }
    return NAN;
}

static bool says(const struct json *answer, const char *member, const char *words) {
    for (const struct json *line = json_member(answer, member)->first; line; line = line->next)
        if (memmem(line->string.data, line->string.size, words, strlen(words)) != NULL)
            return true;
    return false;
}

// The figures of R 4.2.2 on Hillstrom's e-mail experiment (prop.test, t.test).
TEST(a_report_on_hillstroms_experiment_has_the_figures_of_r) {
    const struct trial_query query = {
        .arm = TEXT("segment"),
        .control = TEXT("No E-Mail"),
        .outcomes = {TEXT("visit"), TEXT("conversion"), TEXT("spend"), TEXT("spend/visit")},
        .outcome_count = 4,
        .confidence = 0.95};
    const struct json *answer;
    struct trial trial;

    CHECK_OK(trial_read(scope, test_shared_data(scope, "hillstrom.csv.gz"), &query, &trial));
    CHECK_INT((int64_t)trial.arms[1].count, 21307);
    CHECK_TEXT(trial.arms[2].name, "Womens E-Mail");
    answer = told(scope, &trial);
    CHECK_CLOSE(figure(answer, "visit", "Mens E-Mail", "plain", "difference"), .076589564, 1e-8);
    CHECK_CLOSE(figure(answer, "visit", "Mens E-Mail", "plain", "statistic"), 22.48604083, 1e-9);
    CHECK_CLOSE(figure(answer, "conversion", "Mens E-Mail", "plain", "difference"), .006805007,
                1e-6);
    CHECK_CLOSE(figure(answer, "conversion", "Womens E-Mail", "plain", "statistic"), 3.77956096,
                1e-8);
    CHECK_CLOSE(figure(answer, "spend", "Mens E-Mail", "plain", "difference"), .769827156, 1e-9);
    CHECK_CLOSE(figure(answer, "spend", "Mens E-Mail", "plain", "p"), 1.1638e-7, 1e-4);
    CHECK_CLOSE(figure(answer, "spend", "Womens E-Mail", "plain", "p"), .00112940, 1e-5);
    CHECK_CLOSE(figure(answer, "spend/visit", "Mens E-Mail", "plain", "value"), 30311.69 / 3894,
                1e-9);
    // Of 8 comparisons, those of spend per visit are the two largest p values, the women's spend
    // the third.
    CHECK_CLOSE(figure(answer, "spend", "Womens E-Mail", "plain", "corrected_p"), 3 * .00112940,
                1e-5);
    CHECK(says(answer, "reading", "visit: 18.28 percent for \"Mens E-Mail\", 10.62 percent"));
    CHECK(says(answer, "reading", "+7.66 points"));
    CHECK(says(answer, "reading", "No difference is shown"));
    CHECK(!says(answer, "warnings", "not divided as meant"));
}

TEST(what_was_known_before_steadies_a_comparison) {
    struct trial_query query = query_of("a", "spent");
    const struct json *answer;

    query.before = TEXT("earlier");
    // The arms differ in what they spent earlier by 1; of what came, nearly all follows from it.
    answer = tell_file(scope,
                       "arm,spent,earlier\n"
                       "a,10.1,10\na,20.2,20\na,29.8,30\na,40,40\na,50.1,50\n"
                       "b,13.1,11\nb,23,21\nb,32.9,31\nb,43.2,41\nb,53,51\n",
                       &query);
    CHECK(figure(answer, "spent", "b", "plain", "p") > 0.5);
    CHECK(figure(answer, "spent", "b", "adjusted", "p") < 1e-6);
    CHECK_CLOSE(figure(answer, "spent", "b", "adjusted", "difference"), 2, 0.02);
    CHECK(isnan(figure(answer, "spent", "b", "plain", "corrected_p")) ||
          figure(answer, "spent", "b", "plain", "corrected_p") == 0); // it does not decide: null
    CHECK(figure(answer, "spent", "b", "adjusted", "kept") < 0.01);
    CHECK(says(answer, "warnings", "a mean of so few"));
}

TEST(arms_that_were_not_divided_as_meant_are_told_first) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct trial_query query = query_of("mail", "bought");
    struct trial trial;
    const char *path;

    buffer_add_string(&text, "arm,bought\n");
    for (int i = 0; i < 1000; i++)
        buffer_printf(&text, "%s,%s\n", i % 5 < 3 ? "mail" : "none", i % 7 == 0 ? "yes" : "no");
    path = test_file(scope, "trial.csv", buffer_text(&text));
    CHECK_OK(trial_read(scope, path, &query, &trial));
    CHECK(says(told(scope, &trial), "warnings", "Do not trust any of this"));
    query.division[0] = 60;
    query.division[1] = 40;
    query.division_count = 2;
    CHECK_OK(trial_read(scope, path, &query, &trial));
    CHECK(!says(told(scope, &trial), "warnings", "Do not trust any of this"));
    query.division_count = 1;
    CHECK_CODE(trial_read(scope, path, &query, &trial), INVALID);
    scope_forgive(scope);
}

TEST(a_trial_of_equal_customers_says_that_nothing_varies) {
    const struct trial_query query = query_of("a", "spent");
    const struct json *answer =
        tell_file(scope, "arm,spent\na,5\na,5\nb,5\nb,5\n,7\nb,5\na,5\n", &query);

    CHECK_INT(json_member(answer, "left_out")->int64, 1);
    CHECK_INT(json_member(answer, "customers")->int64, 6);
    CHECK(says(answer, "reading", "cannot be told"));
}

TEST(a_trial_that_cannot_be_read_is_refused_by_row_or_column) {
    static const char *const bad[] = {
        "arm,paid\na,1\nb,2\n",                                // no such outcome
        "group,spent\na,1\nb,2\n",                             // no arms
        "arm,spent\na,1\nb,\n",                                // missing
        "arm,spent\na,1\nb,much\n",                            // no number
        "arm,spent\na,1\nb,inf\n",                             // not finite
        "arm,spent\nb,1\nc,1\nd,1\ne,1\nf,1\ng,1\nh,1\ni,1\n", // nine arms
    };
    static const char *const lonely[] = {
        "arm,spent\na,1\na,2\n",      // one arm only
        "arm,spent\nb,1\nb,2\n",      // nobody is a control
        "arm,spent\na,1\na,2\nb,3\n", // a single customer
    };
    const struct trial_query query = query_of("a", "spent");
    struct trial trial;

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        CHECK_CODE(
            trial_read(scope, test_file(scope, "trial.csv", text_of(bad[i])), &query, &trial),
            INVALID);
        scope_forgive(scope);
    }
    for (size_t i = 0; i < sizeof(lonely) / sizeof(*lonely); i++) {
        CLEANUP(buffer_clear) struct buffer text = {0};
        struct json_writer writer;

        CHECK_OK(
            trial_read(scope, test_file(scope, "trial.csv", text_of(lonely[i])), &query, &trial));
        json_writer_init(&writer, &text);
        CHECK_CODE(trial_write(scope, &trial, &writer), INVALID);
        scope_forgive(scope);
    }
}
