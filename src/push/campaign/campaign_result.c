// SPDX-License-Identifier: Apache-2.0
#include "push/campaign/campaign_result.h"

#include "analyze/experiment/difference_kernel.h"
#include "analyze/experiment/trial_file.h"

#include <math.h>

enum { REVENUE, RECEIPTS, BUYERS, OUTCOMES };

static double figure(const struct campaign_person *person, int outcome, bool is_earlier) {
    const double revenue = is_earlier ? person->earlier_revenue : person->revenue;
    const double receipts = is_earlier ? person->earlier_receipts : person->receipts;

    return outcome == REVENUE ? revenue : outcome == RECEIPTS ? receipts : receipts > 0;
}

static const double *figures_of(struct scope *scope, const struct campaign_people *people,
                                int32_t arm, size_t count, int outcome, bool is_earlier) {
    double *values = arena_array(&scope->arena, count, sizeof(*values));
    size_t next = 0;

    for (size_t i = 0; i < people->count; i++)
        if (people->people[i].arm == arm)
            values[next++] = figure(&people->people[i], outcome, is_earlier);
    return values;
}

static size_t count_of(const struct campaign_people *people, int32_t arm) {
    size_t count = 0;

    for (size_t i = 0; i < people->count; i++)
        count += people->people[i].arm == arm;
    return count;
}

static bool has_earlier(const struct campaign_people *people) {
    for (size_t i = 0; i < people->count; i++)
        if (people->people[i].earlier_receipts != 0 || people->people[i].earlier_revenue != 0)
            return true;
    return false;
}

// An arm of one customer says nothing.
static void add_arm(struct scope *scope, struct campaign_result *result, struct text name,
                    int32_t arm) {
    const struct campaign_people *people = &result->people;
    const size_t count = count_of(people, arm);
    struct trial_arm *added = &result->trial.arms[result->trial.arm_count];

    if (count < 2)
        return;
    *added = (struct trial_arm){.name = name, .count = count};
    for (int outcome = 0; outcome < OUTCOMES; outcome++) {
        added->values[outcome] = figures_of(scope, people, arm, count, outcome, false);
        if (has_earlier(people))
            added->before[outcome] = figures_of(scope, people, arm, count, outcome, true);
    }
    result->trial.arm_count++;
    if (arm < 0)
        result->has_hold_out = true;
}

// What the arms together spent beyond the hold-out, per customer, times those in the arms. Known
// spending before steadies it, as it does the comparisons.
static void tell_uplift(struct scope *scope, const struct campaign *campaign,
                        struct campaign_result *result) {
    const struct campaign_people *people = &result->people;
    const size_t held = count_of(people, -1), treated = people->count - held;
    double *now[2], *before[2];
    size_t next[2] = {0};
    struct difference difference;
    double kept;

    if (!result->has_hold_out || treated < 2)
        return;
    for (int side = 0; side < 2; side++) {
        const size_t count = side == 0 ? held : treated;

        now[side] = arena_array(&scope->arena, count, sizeof(double));
        before[side] = arena_array(&scope->arena, count, sizeof(double));
    }
    for (size_t i = 0; i < people->count; i++) {
        const int side = people->people[i].arm >= 0;

        now[side][next[side]] = people->people[i].revenue;
        before[side][next[side]++] = people->people[i].earlier_revenue;
    }
    if (has_earlier(people))
        difference =
            difference_of_adjusted_means(pair_sample_of(now[0], before[0], held),
                                         pair_sample_of(now[1], before[1], treated), 0.95, &kept);
    else
        difference = difference_of_means(sample_of(now[0], held), sample_of(now[1], treated), 0.95);
    result->uplift = difference.value * (double)treated;
    result->uplift_low = difference.low * (double)treated;
    result->uplift_high = difference.high * (double)treated;
    if (campaign->margin_bp >= 0)
        result->margin = result->uplift * campaign->margin_bp / 1e4;
}

static struct text note_of(struct scope *scope, const struct campaign_people *people) {
    const struct text note =
        TEXT("Everybody counts in the arm that was drawn for them, whether the "
             "message reached them or not.");

    return people->left_out == 0
               ? note
               : text_printf(&scope->arena,
                             "%.*s Amounts of %lld receipts in other currencies than %.*s do not "
                             "count.",
                             TEXT_ARG(note), (long long)people->left_out,
                             TEXT_ARG(people->currency));
}

code campaign_result_read(struct scope *scope, const struct campaign *campaign,
                          struct campaign_result *ret_result) {
    struct campaign_result result = {
        .trial = {.outcomes = {[REVENUE] = {TEXT("Revenue"), TRIAL_MEAN, NULL},
                               [RECEIPTS] = {TEXT("Receipts"), TRIAL_MEAN, NULL},
                               [BUYERS] = {TEXT("Buyers"), TRIAL_SHARE, NULL}},
                  .outcome_count = OUTCOMES,
                  .before = TEXT("the same in as long a time before the campaign"),
                  .confidence = 0.95},
        .uplift = NAN,
        .uplift_low = NAN,
        .uplift_high = NAN,
        .margin = NAN,
        .cost = (double)campaign->spent_micros / 1e6,
    };

    TRY(campaign_people_read(scope, campaign, scope->now_us, &result.people));
    if (result.people.currency.size > 0)
        result.trial.outcomes[REVENUE].unit = text_string(&scope->arena, result.people.currency);
    result.trial.note = note_of(scope, &result.people);
    add_arm(scope, &result, TEXT("hold-out"), -1);
    for (size_t arm = 0; arm < campaign->arm_count; arm++)
        add_arm(scope, &result, campaign->arms[arm].name, (int32_t)arm);
    if (result.trial.arm_count < 2)
        result.trial.arm_count = 0;
    tell_uplift(scope, campaign, &result);
    *ret_result = result;
    return OK;
}

code campaign_import(struct scope *scope, struct campaign *campaign, const char *path,
                     const struct trial_query *query) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct json_writer writer;
    struct trial trial;

    TRY(trial_read(scope, path, query, &trial));
    json_writer_init(&writer, &text);
    json_begin_object(&writer);
    TRY(trial_write(scope, &trial, &writer));
    json_end_object(&writer);
    campaign->result = text_copy(&scope->arena, buffer_text(&text));
    campaign->state = CAMPAIGN_IMPORTED;
    campaign->hold_out_bp = 0;
    campaign->arm_count = 0;
    for (size_t i = 1; i < trial.arm_count && campaign->arm_count < CAMPAIGN_ARMS; i++)
        campaign->arms[campaign->arm_count++] = (struct campaign_arm){
            .name = trial.arms[i].name,
            .share = 1,
            .template = TEXT(""),
            .subject = TEXT(""),
            .html = TEXT(""),
            .text = TEXT(""),
        };
    return campaign_create(scope, campaign);
}
