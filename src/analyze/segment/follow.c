// SPDX-License-Identifier: Apache-2.0
// How far each segment is true stands in its row of segment_follow, written with the members in one
// transaction. A step is taken from exactly the row that was read: whoever evaluates the segment
// meanwhile wins, and the next round goes on from there.
#include "analyze/segment/follow.h"

#include "analyze/segment/compile.h"
#include "analyze/segment/evaluate.h"
#include "analyze/segment/touched.h"
#include "base/clock.h"
#include "base/limits.h"
#include "segment_sql.h"
#include "store/change.h"
#include "store/lake.h"
#include "store/ledger.h"

#include <stdlib.h>

enum {
    LOOKED_EVERY_US = 500000, // at definitions, while no data changes
    FAILED_REST_US = 1000000, // until what failed is tried again
    RESTS_PER_WORK = 3,       // of whole evaluations
    TREES_AT_ONCE = 24,
    CUSTOMERS_AT_ONCE = 16, // in segment_memberships
};
#define HISTORY_ROW_US (INT64_C(3600) * US_PER_SECOND) // steps of so long are one row

enum need { NEEDS_NOTHING, NEEDS_STEP, NEEDS_ALL };

struct followed {
    struct segment segment;
    const struct segment_node *tree;
    int64_t changed_at_us; // of its definitions
    int64_t known_changed_at_us, history_at_us;
    bool has_scores, asks_catalogue;
    enum need need;
    const bool *holds; // of the customers touched, in their order
};

struct round {
    struct follow *follow;
    struct follow_report report;
    struct followed *segments;
    size_t count;
    int64_t oldest, newest; // changes
    struct text zone_name;  // in which the lake's days are
    int32_t today;
    struct touched touched;
};

// ---- what failed ----

// A segment that could not be evaluated, until it is.
struct failed {
    int64_t segment_id;
    int64_t tried_at_us;
    int64_t again_us; // of the clock: not before
};

void follow_clear(struct follow *follow) {
    buffer_clear(&follow->failed);
}

static struct failed *failed_of(const struct follow *follow, const struct segment *segment) {
    struct failed *failed = (struct failed *)follow->failed.data;
    const size_t count = follow->failed.size / sizeof(*failed);

    for (size_t i = 0; i < count; i++)
        if (failed[i].segment_id == segment->id)
            return &failed[i];
    return NULL;
}

static void forget_failure(struct follow *follow, const struct segment *segment) {
    struct failed *failed = failed_of(follow, segment);

    if (!failed)
        return;
    follow->failed.size -= sizeof(*failed);
    *failed = *(struct failed *)(follow->failed.data + follow->failed.size);
}

static bool is_of_segment(const struct scope *scope) {
    return scope->failure.code != UNAVAILABLE && scope->failure.code != CANCELLED &&
           scope->failure.code != STORAGE_FULL;
}

static code note_problem(struct scope *scope, const struct segment *segment) {
    const struct text problem = text_copy(&scope->arena, text_of(scope->failure.message));

    if (!is_of_segment(scope))
        return scope->failure.code;
    scope_forgive(scope);
    return ledger_exec(scope, sql_segment_follow_problem,
                       BINDS(BIND_INT64(segment->id), BIND_TEXT(problem)));
}

// The others go on without it; it is tried again, as a whole.
static code leave(struct scope *scope, struct round *round, struct followed *followed) {
    const struct failed failed = {
        .segment_id = followed->segment.id,
        .tried_at_us = scope->now_us,
        .again_us = clock_us() + FAILED_REST_US,
    };

    followed->need = NEEDS_NOTHING;
    TRY(note_problem(scope, &followed->segment));
    forget_failure(round->follow, &followed->segment);
    buffer_add(&round->follow->failed, &failed, sizeof(failed));
    round->report.is_pending = true;
    return OK;
}

// ---- what is to be done ----

static void look_at_clauses(struct followed *followed) {
    const struct segment_clause *clauses[LIMIT_SEGMENT_CLAUSES];
    const size_t count = segment_clauses(followed->tree, clauses);

    for (size_t i = 0; i < count; i++) {
        followed->has_scores |= clauses[i]->type == CLAUSE_RFM;
        for (size_t k = 0; k < RESTRICTION_COUNT; k++)
            followed->asks_catalogue |=
                segment_restrictions[k].table && clauses[i]->where[k].count > 0;
    }
}

static code read_segment(struct scope *scope, const struct segment *segment,
                         struct followed *followed) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    *followed = (struct followed){.segment = *segment};
    TRY(segment_tree_of(scope, segment, &followed->tree, &followed->changed_at_us));
    look_at_clauses(followed);
    TRY(ledger_find(scope, sql_segment_follow_find, BINDS(BIND_INT64(segment->id)), &rows, &found));
    if (!found) {
        followed->segment.evaluated_at_us = 0; // of another time: it counts for nothing here
        return OK;
    }
    followed->known_changed_at_us = rows_int64(rows, 0);
    followed->history_at_us = rows_int64(rows, 1);
    return OK;
}

static code read_segments(struct scope *scope, struct round *round) {
    struct segment *segments;
    size_t count;

    TRY(segment_list(scope, &segments, &count));
    round->segments = arena_array(&scope->arena, count + 1, sizeof(*round->segments));
    for (size_t i = 0; i < count; i++) {
        if (!segments[i].is_live)
            continue;
        if (read_segment(scope, &segments[i], &round->segments[round->count]) == OK)
            round->count++;
        else
            TRY(note_problem(scope, &segments[i]));
    }
    return OK;
}

static code read_today(struct scope *scope, struct round *round) {
    CLEANUP(zone_close) struct zone *zone = NULL;

    TRY(segment_lake_zone(scope, &round->zone_name));
    TRY(zone_open(scope, round->zone_name, &zone));
    round->today = zone_day(zone, scope->now_us);
    return OK;
}

// Before it is known who changed.
static enum need need_of(const struct round *round, const struct followed *followed,
                         int64_t now_us) {
    const struct segment *segment = &followed->segment;

    if (segment->is_pinned && now_us - segment->evaluated_at_us < FOLLOW_PINNED_US)
        return NEEDS_NOTHING;
    if (segment->evaluated_at_us == 0 || segment->is_pinned ||
        followed->known_changed_at_us != followed->changed_at_us ||
        segment->as_of_day != round->today || !text_equal(segment->zone, round->zone_name))
        return NEEDS_ALL;
    if (segment->change_id >= round->newest)
        return NEEDS_NOTHING;
    return followed->has_scores || segment->change_id < round->oldest ? NEEDS_ALL : NEEDS_STEP;
}

// What failed would stay behind, and with it what all others have to look at.
static enum need need_after_failure(struct round *round, const struct followed *followed) {
    const struct failed *failed = failed_of(round->follow, &followed->segment);

    if (!failed || followed->need == NEEDS_NOTHING)
        return followed->need;
    if (clock_us() >= failed->again_us)
        return NEEDS_ALL;
    round->report.is_pending = true;
    return NEEDS_NOTHING;
}

static code find_needs(struct scope *scope, struct round *round) {
    int64_t from = INT64_MAX;

    for (size_t i = 0; i < round->count; i++) {
        struct followed *followed = &round->segments[i];

        followed->need = need_of(round, followed, scope->now_us);
        followed->need = need_after_failure(round, followed);
        if (followed->need == NEEDS_STEP && followed->segment.change_id < from)
            from = followed->segment.change_id;
    }
    if (from == INT64_MAX)
        return OK;
    TRY(touched_read(scope, from, &round->touched));
    for (size_t i = 0; i < round->count; i++) {
        struct followed *followed = &round->segments[i];

        if (followed->need == NEEDS_STEP &&
            (round->touched.is_anybody ||
             (round->touched.has_catalogue && followed->asks_catalogue)))
            followed->need = NEEDS_ALL;
    }
    return OK;
}

// ---- steps ----

static size_t place_of(const struct ids *ids, int64_t id) {
    size_t low = 0, high = ids->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (ids->items[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static code evaluate_together(struct scope *scope, struct round *round, struct followed **some,
                              size_t count, const struct segment_moment *moment) {
    const struct ids *customers = &round->touched.customers;
    const struct segment_node *trees[TREES_AT_ONCE];
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool *holds[TREES_AT_ONCE];
    struct segment_query query;

    for (size_t i = 0; i < count; i++) {
        trees[i] = some[i]->tree;
        some[i]->holds = holds[i] = arena_array(&scope->arena, customers->count, sizeof(bool));
    }
    query =
        segment_compile_several(scope, trees, count, moment, customers->items, customers->count);
    TRY(lake_query(scope, query.sql, query.binds, &rows));
    while (rows_next(rows)) {
        const size_t place = place_of(customers, rows_int64(rows, 0));

        for (size_t i = 0; i < count; i++)
            holds[i][place] = rows_bool(rows, i + 1);
    }
    return rows_end(rows);
}

// One that fails takes the statement of all with it: then each has its own.
static code evaluate_some(struct scope *scope, struct round *round, struct followed **some,
                          size_t count, const struct segment_moment *moment) {
    if (evaluate_together(scope, round, some, count, moment) == OK)
        return OK;
    if (!is_of_segment(scope))
        return scope->failure.code;
    scope_forgive(scope);
    for (size_t i = 0; i < count; i++)
        if (evaluate_together(scope, round, &some[i], 1, moment) != OK)
            TRY(leave(scope, round, some[i]));
    return OK;
}

static code evaluate_steps(struct scope *scope, struct round *round) {
    CLEANUP(segment_moment_close) struct segment_moment moment = {0};
    struct followed *some[TREES_AT_ONCE];
    size_t count = 0;

    if (round->touched.customers.count == 0)
        return OK;
    TRY(segment_moment_open(scope, round->today, &moment));
    for (size_t i = 0; i < round->count; i++) {
        if (round->segments[i].need == NEEDS_STEP)
            some[count++] = &round->segments[i];
        if (count == TREES_AT_ONCE || (i + 1 == round->count && count > 0)) {
            TRY(evaluate_some(scope, round, some, count, &moment));
            count = 0;
        }
    }
    return OK;
}

struct membership {
    int64_t segment_id, customer;
};

static int compare_memberships(const void *a, const void *b) {
    const struct membership *first = a, *second = b;

    if (first->segment_id != second->segment_id)
        return first->segment_id < second->segment_id ? -1 : 1;
    return (first->customer > second->customer) - (first->customer < second->customer);
}

// Which segments the customers touched are in now, in the order above.
static code read_memberships(struct scope *scope, const struct ids *customers,
                             struct buffer *memberships) {
    for (size_t i = 0; i < customers->count; i += CUSTOMERS_AT_ONCE) {
        CLEANUP(rows_close) struct rows *rows = NULL;
        struct bind values[CUSTOMERS_AT_ONCE];

        for (size_t k = 0; k < CUSTOMERS_AT_ONCE; k++) // the last ones again where there are fewer
            values[k] = BIND_INT64(
                customers->items[i + k < customers->count ? i + k : customers->count - 1]);
        TRY(ledger_query(scope, sql_segment_memberships,
                         (struct binds){.values = values, .count = CUSTOMERS_AT_ONCE}, &rows));
        while (rows_next(rows)) {
            const struct membership membership = {rows_int64(rows, 0), rows_int64(rows, 1)};

            buffer_add(memberships, &membership, sizeof(membership));
        }
        TRY(rows_end(rows));
    }
    if (memberships->size > 0)
        qsort(memberships->data, memberships->size / sizeof(struct membership),
              sizeof(struct membership), compare_memberships);
    return OK;
}

static void find_moves(const struct round *round, const struct followed *followed,
                       const struct buffer *memberships, struct member_changes *changes) {
    const size_t count = memberships->size / sizeof(struct membership);

    for (size_t i = 0; i < round->touched.customers.count; i++) {
        const int64_t customer = round->touched.customers.items[i];
        const struct membership wanted = {followed->segment.id, customer};
        const bool is_in = count > 0 && bsearch(&wanted, memberships->data, count, sizeof(wanted),
                                                compare_memberships);

        if (followed->holds[i] && !is_in)
            ids_add(&changes->entered, customer);
        else if (!followed->holds[i] && is_in)
            ids_add(&changes->departed, customer);
    }
}

// Steps within an hour are one row of the history.
static code count_history(struct scope *scope, const struct followed *followed,
                          const struct member_changes *changes, int64_t change_id) {
    const int64_t id = followed->segment.id, entered = (int64_t)changes->entered.count,
                  departed = (int64_t)changes->departed.count;

    if (entered + departed == 0)
        return OK;
    if (changes->at_us - followed->history_at_us < HISTORY_ROW_US)
        return ledger_exec(scope, sql_segment_history_count,
                           BINDS(BIND_INT64(id), BIND_INT64(followed->history_at_us),
                                 BIND_INT64(entered), BIND_INT64(departed), BIND_INT64(change_id)));
    TRY(ledger_exec(scope, sql_segment_history_insert,
                    BINDS(BIND_INT64(id), BIND_INT64(changes->at_us),
                          BIND_INT64(followed->segment.as_of_day),
                          BIND_INT64(followed->segment.size + entered - departed),
                          BIND_INT64(entered), BIND_INT64(departed), BIND_INT64(change_id))));
    return ledger_exec(scope, sql_segment_follow_history,
                       BINDS(BIND_INT64(id), BIND_INT64(changes->at_us)));
}

static code write_moves(struct scope *scope, struct round *round, const struct followed *followed,
                        const struct member_changes *changes) {
    const struct segment *segment = &followed->segment;
    const int64_t grown = (int64_t)changes->entered.count - (int64_t)changes->departed.count;
    int64_t stepped;

    TRY(ledger_change(scope, sql_segment_follow_step,
                      BINDS(BIND_INT64(segment->id), BIND_INT64(segment->change_id),
                            BIND_INT64(followed->known_changed_at_us),
                            BIND_INT64(segment->as_of_day), BIND_INT64(round->newest),
                            BIND_INT64(changes->at_us), BIND_INT64(grown),
                            BIND_TEXT(round->zone_name)),
                      &stepped));
    if (stepped == 0)
        return OK; // it was evaluated meanwhile, or is gone
    TRY(members_write(scope, changes));
    TRY(count_history(scope, followed, changes, round->newest));
    round->report.stepped++;
    round->report.moved += (int)(changes->entered.count + changes->departed.count);
    return OK;
}

static code write_step(struct scope *scope, struct round *round, const struct followed *followed,
                       const struct buffer *memberships) {
    const struct segment *segment = &followed->segment;
    CLEANUP(member_changes_clear)
    struct member_changes changes = {
        .segment_id = segment->id,
        .at_us =
            scope->now_us > segment->evaluated_at_us ? scope->now_us : segment->evaluated_at_us + 1,
    };

    find_moves(round, followed, memberships, &changes);
    return write_moves(scope, round, followed, &changes);
}

static code write_steps(struct scope *scope, struct round *round) {
    CLEANUP(buffer_clear) struct buffer memberships = {0};

    TRY(read_memberships(scope, &round->touched.customers, &memberships));
    for (size_t i = 0; i < round->count; i++)
        if (round->segments[i].need == NEEDS_STEP)
            TRY(write_step(scope, round, &round->segments[i], &memberships));
    return OK;
}

static code take_steps(struct scope *scope, struct round *round) {
    size_t count = 0;

    for (size_t i = 0; i < round->count; i++)
        count += round->segments[i].need == NEEDS_STEP;
    if (count == 0)
        return OK;
    TRY(evaluate_steps(scope, round));
    round->report.customers = (int)round->touched.customers.count;
    TRY(ledger_begin(scope));
    return ledger_end(scope, write_steps(scope, round));
}

// ---- whole evaluations ----

// When it was evaluated or could not be.
static int64_t last_tried_at_us(const struct round *round, const struct followed *followed) {
    const struct failed *failed = failed_of(round->follow, &followed->segment);

    return failed && failed->tried_at_us > followed->segment.evaluated_at_us
               ? failed->tried_at_us
               : followed->segment.evaluated_at_us;
}

// The one whose turn it is: whose last try is the longest ago.
static struct followed *next_whole(struct round *round) {
    struct followed *next = NULL;

    for (size_t i = 0; i < round->count; i++) {
        struct followed *followed = &round->segments[i];

        if (followed->need == NEEDS_ALL &&
            (!next || last_tried_at_us(round, followed) < last_tried_at_us(round, next)))
            next = followed;
    }
    return next;
}

static code evaluate_whole(struct scope *scope, struct round *round) {
    struct follow *follow = round->follow;
    struct followed *next;

    while ((next = next_whole(round))) {
        const int64_t begun_us = clock_us();

        if (begun_us < follow->rest_until_us) {
            round->report.is_pending = true;
            return OK;
        }
        next->need = NEEDS_NOTHING;
        if (segment_refresh(scope, &next->segment, round->today) == OK)
            forget_failure(follow, &next->segment);
        else
            TRY(leave(scope, round, next));
        follow->rest_until_us = clock_us() + RESTS_PER_WORK * (clock_us() - begun_us);
        round->report.evaluated++;
        TRY(scope_check(scope));
    }
    return OK;
}

// ---- a round ----

static code run(struct scope *scope, struct round *round) {
    TRY(read_today(scope, round));
    TRY(read_segments(scope, round));
    TRY(find_needs(scope, round));
    TRY(take_steps(scope, round));
    return evaluate_whole(scope, round);
}

code follow_round(struct scope *scope, struct follow *follow, struct follow_report *ret_report) {
    struct round round = {.follow = follow};
    code result;

    *ret_report = round.report;
    TRY(change_span(scope, &round.oldest, &round.newest));
    if (round.newest == follow->seen_change_id && clock_us() - follow->looked_us < LOOKED_EVERY_US)
        return OK;
    result = run(scope, &round);
    touched_clear(&round.touched);
    TRY(result);
    follow->looked_us = clock_us();
    follow->seen_change_id = round.report.is_pending ? -1 : round.newest;
    *ret_report = round.report;
    return OK;
}
