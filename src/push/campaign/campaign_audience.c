// SPDX-License-Identifier: Apache-2.0
#include "push/campaign/campaign_audience.h"

#include "analyze/segment/segment.h"
#include "store/lake.h"
#include "store/ledger.h"

#include <stdlib.h>

code campaign_members(struct scope *scope, const struct campaign *campaign,
                      const int64_t **ret_customers, size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    CLEANUP(buffer_clear) struct buffer ids = {0};
    const struct segment_node *tree;
    struct segment segment;
    struct binds binds;
    const char *sql;

    TRY(lake_refresh(scope));
    TRY(segment_find(scope, campaign->segment, &segment));
    TRY(segment_tree_of(scope, &segment, &tree, NULL));
    TRY(segment_sql(scope, tree, SEGMENT_TODAY, &sql, &binds));
    TRY(lake_query(scope, sql, binds, &rows));
    while (rows_next(rows)) {
        const int64_t customer = rows_int64(rows, 0);

        buffer_add(&ids, &customer, sizeof(customer));
    }
    TRY(rows_end(rows));
    *ret_count = ids.size / sizeof(int64_t);
    *ret_customers = ids.size == 0 ? NULL : arena_copy(&scope->arena, ids.data, ids.size);
    return OK;
}

enum { MOST_REASONS = 32 };

static void count_reason(struct campaign_audience *audience, const char *reason) {
    for (size_t i = 0; i < audience->reason_count; i++)
        if (text_is(audience->reasons[i].reason, reason)) {
            audience->reasons[i].count++;
            return;
        }
    if (audience->reason_count < MOST_REASONS)
        audience->reasons[audience->reason_count++] =
            (struct campaign_reason){.reason = text_of(reason), .count = 1};
}

static int more_first(const void *a, const void *b) {
    const struct campaign_reason *one = a, *other = b;

    return (one->count < other->count) - (one->count > other->count);
}

code campaign_audience_count(struct scope *scope, const struct campaign *campaign,
                             struct campaign_audience *ret_audience) {
    struct campaign_audience audience = {0};
    CLEANUP(campaign_rules_clear) struct message_rules rules = {0};
    struct channel_terms terms;
    const int64_t *customers;
    size_t count;

    TRY(campaign_members(scope, campaign, &customers, &count));
    TRY(campaign_rules(scope, campaign, &rules));
    TRY(channel_terms_read(scope, campaign->channel, &terms));
    audience.members = (int64_t)count;
    audience.reasons = arena_array(&scope->arena, MOST_REASONS, sizeof(*audience.reasons));
    for (size_t i = 0; i < count; i++) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        const struct message message = {.customer = customers[i], .step = -1};
        struct message_addressee addressee;
        const char *refusal;

        TRY(message_may(scope, &rules, &message, &refusal, &addressee));
        arena_rewind(&scope->arena, mark);
        if (refusal)
            count_reason(&audience, refusal);
        else
            audience.permitted++;
    }
    if (audience.reason_count > 0)
        qsort(audience.reasons, audience.reason_count, sizeof(*audience.reasons), more_first);
    audience.cost_micros = audience.permitted * (CAMPAIGN_EVERYBODY_BP - campaign->hold_out_bp) /
                           CAMPAIGN_EVERYBODY_BP * terms.cost_micros;
    *ret_audience = audience;
    return OK;
}
