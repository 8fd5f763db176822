// SPDX-License-Identifier: Apache-2.0
// Members and their figures come in the order of customers and are walked along side by side.
#include "analyze/experiment/segment_arms.h"

#include "analyze/experiment/arm_members.h"
#include "segment_arms_sql.h"
#include "store/lake.h"

enum { REVENUE, RECEIPTS, BUYERS, FIGURES };
enum { EARLIER, NOW, PERIODS };

struct member {
    int64_t customer;
    size_t arm;
    double figures[PERIODS][FIGURES];
};

static code read_members(struct scope *scope, const struct segment_arms *arms, int32_t day,
                         struct member **ret_members, size_t *ret_count, int64_t *ret_several) {
    struct arm_member *found;
    struct member *members;
    size_t count;

    TRY(arm_members_read(scope, arms->names, arms->count, day, &found, &count, ret_several));
    members = arena_array(&scope->arena, count + 1, sizeof(*members));
    for (size_t i = 0; i < count; i++)
        members[i] = (struct member){.customer = found[i].customer, .arm = found[i].arm};
    *ret_members = members;
    *ret_count = count;
    return OK;
}

// ---- figures ----

static code read_figures(struct scope *scope, const struct selection *selection, int period,
                         struct member *members, size_t count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t i = 0;

    TRY(selection_query(scope, selection, sql_segment_arms_customers, &rows));
    while (rows_next(rows)) {
        const int64_t customer = rows_int64(rows, 0);

        while (i < count && members[i].customer < customer)
            i++;
        if (i == count || members[i].customer != customer)
            continue;
        members[i].figures[period][REVENUE] = (double)rows_int64(rows, 1) / 1e6;
        members[i].figures[period][RECEIPTS] = (double)rows_int64(rows, 2);
        members[i].figures[period][BUYERS] = rows_int64(rows, 2) > 0;
    }
    return rows_end(rows);
}

// ---- arms ----

static const double *figure_of(struct scope *scope, const struct member *members, size_t count,
                               size_t arm, int period, int figure) {
    double *values = arena_array(&scope->arena, count, sizeof(*values));
    size_t found = 0;

    for (size_t i = 0; i < count; i++)
        if (members[i].arm == arm)
            values[found++] = members[i].figures[period][figure];
    return values;
}

static bool is_any_before(const struct member *members, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (members[i].figures[EARLIER][REVENUE] != 0 || members[i].figures[EARLIER][BUYERS] != 0)
            return true;
    return false;
}

static void fill(struct scope *scope, const struct segment_arms *arms, const struct member *members,
                 size_t count, struct trial *trial) {
    const bool has_before = is_any_before(members, count);

    for (size_t a = 0; a < arms->count; a++) {
        struct trial_arm *arm = &trial->arms[a];

        *arm = (struct trial_arm){.name = arms->names[a],
                                  .share = arms->is_divided ? arms->division[a] : 0};
        for (size_t i = 0; i < count; i++)
            arm->count += members[i].arm == a;
        for (int figure = 0; figure < FIGURES; figure++) {
            arm->values[figure] = figure_of(scope, members, count, a, NOW, figure);
            if (has_before)
                arm->before[figure] = figure_of(scope, members, count, a, EARLIER, figure);
        }
    }
}

// As many days, right before.
static code earlier_of(struct scope *scope, const struct selection *now,
                       struct selection *ret_before) {
    if (!now->has_from || !now->has_to)
        return scope_fail_field(scope, INVALID, now->has_from ? "to" : "from",
                                "segments are compared over a period: from and to are needed");
    *ret_before = *now;
    ret_before->from_day = now->from_day - (now->to_day - now->from_day + 1);
    ret_before->to_day = now->from_day - 1;
    return OK;
}

static code read_lake(struct scope *scope, const struct segment_arms *arms,
                      const struct selection *now, const struct selection *before,
                      struct member **ret_members, size_t *ret_count, int64_t *ret_several,
                      struct text *ret_currency) {
    TRY(read_members(scope, arms, now->from_day - 1, ret_members, ret_count, ret_several));
    TRY(selection_currency(scope, now, ret_currency));
    TRY(read_figures(scope, now, NOW, *ret_members, *ret_count));
    return read_figures(scope, before, EARLIER, *ret_members, *ret_count);
}

code segment_arms_read(struct scope *scope, const struct segment_arms *arms,
                       const struct selection *now, struct trial *ret_trial,
                       struct selection *ret_before) {
    struct trial trial = {
        .arm_count = arms->count,
        .outcomes = {[REVENUE] = {TEXT("Revenue"), TRIAL_MEAN, NULL},
                     [RECEIPTS] = {TEXT("Receipts"), TRIAL_MEAN, NULL},
                     [BUYERS] = {TEXT("Buyers"), TRIAL_SHARE, NULL}},
        .outcome_count = FIGURES,
        .before = TEXT("the same in as many days before"),
        .note =
            TEXT("Members are those of the day before the period. Attributes and scores (value, "
                 "churn, persona) are as they are now: a segment made of them may know what "
                 "came later."),
        .confidence = 0.95,
        .is_observed = !arms->is_divided,
    };
    struct selection before;
    struct text currency = {0};
    struct member *members = NULL;
    int64_t change_id;
    size_t count = 0;

    TRY(earlier_of(scope, now, &before));
    TRY(lake_snapshot_begin(scope, &change_id));
    TRY(lake_snapshot_end(
        scope, read_lake(scope, arms, now, &before, &members, &count, &trial.left_out, &currency)));
    if (currency.size > 0)
        trial.outcomes[REVENUE].unit = text_string(&scope->arena, currency);
    fill(scope, arms, members, count, &trial);
    *ret_trial = trial;
    *ret_before = before;
    return OK;
}
