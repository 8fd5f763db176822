// SPDX-License-Identifier: Apache-2.0
#include "analyze/attribution/cost.h"

#include "base/money.h"
#include "base/time.h"
#include "cost_sql.h"
#include "store/ledger.h"
#include "store/store.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define AT(member) offsetof(struct channel_cost_entry, member)
const struct json_field channel_cost_fields[CHANNEL_COST_FIELDS] = {
    {"channel", JSON_FIELD_TEXT, AT(channel), true, NULL, "its name, as attribution shows it"},
    {"from", JSON_FIELD_TEXT, AT(from), true, NULL, "the first day"},
    {"until", JSON_FIELD_TEXT, AT(until), true, NULL, "the last day"},
    {"amount", JSON_FIELD_DOUBLE, AT(amount), true, NULL, "over all these days"},
    {"currency", JSON_FIELD_TEXT, AT(currency), true, NULL, "EUR"},
};
#undef AT

enum { CHANNEL_BYTES_MOST = 200, DAYS_MOST = 3660 };

static code read_day(struct scope *scope, const char *field, struct text written,
                     int32_t *ret_day) {
    if (!day_parse(written, DATE_ORDER_YMD, ret_day))
        return scope_fail_field(scope, INVALID, field, "\"%.*s\" is not a day like 2025-12-31",
                                TEXT_ARG(written));
    return OK;
}

static code check(struct scope *scope, const struct channel_cost_entry *entry) {
    if (entry->channel.size == 0 || entry->channel.size > CHANNEL_BYTES_MOST)
        return scope_fail_field(scope, INVALID, "channel", "a cost is that of no channel");
    if (!(entry->amount >= 0 && entry->amount <= 1e12))
        return scope_fail_field(scope, INVALID, "amount", "a cost of %g is not 0 to 10¹²",
                                entry->amount);
    if (!currency_is_known(entry->currency))
        return scope_fail_field(scope, INVALID, "currency", "\"%.*s\" is no currency like EUR",
                                TEXT_ARG(entry->currency));
    return OK;
}

code channel_cost_put(struct scope *scope, const struct channel_cost_entry *entry) {
    struct channel_cost_entry cost = *entry;
    int32_t from_day = 0, until_day = 0;

    cost.channel = text_trim(cost.channel);
    TRY(check(scope, &cost));
    TRY(read_day(scope, "from", cost.from, &from_day));
    TRY(read_day(scope, "until", cost.until, &until_day));
    if (until_day < from_day || until_day - from_day >= DAYS_MOST)
        return scope_fail_field(scope, INVALID, "until", "%.*s to %.*s are not 1 to %d days",
                                TEXT_ARG(cost.from), TEXT_ARG(cost.until), DAYS_MOST);
    return ledger_exec(scope, sql_channel_cost_put,
                       BINDS(BIND_INT64(store_new_id(scope)), BIND_TEXT(cost.channel),
                             BIND_INT64(from_day), BIND_INT64(until_day), BIND_TEXT(cost.currency),
                             BIND_INT64(llround(cost.amount * 1e6)), BIND_INT64(scope->now_us),
                             BIND_STRING(scope->actor.name)));
}

code channel_cost_delete(struct scope *scope, int64_t id) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_channel_cost_delete, BINDS(BIND_INT64(id)), &rows, &found));
    return found ? OK : scope_fail(scope, NOT_FOUND, "there is no cost %" PRId64, id);
}

// ---- of a period ----

static double share_within(const struct rows *rows, int32_t from_day, int32_t until_day) {
    const int64_t first = rows_int64(rows, 1);
    const int64_t last = rows_int64(rows, 2);
    const int64_t begin = first > from_day ? first : from_day;
    const int64_t end = last < until_day ? last : until_day;

    return (double)(end - begin + 1) / (double)(last - first + 1);
}

static code collect(struct scope *scope, struct rows *rows, const int32_t days[2],
                    struct text currency, struct buffer *costs, size_t *ret_other_count) {
    size_t count = 0, other_count = 0;

    while (rows_next(rows)) {
        const struct text channel = rows_text(rows, 0);
        struct channel_cost *last = (struct channel_cost *)(void *)costs->data + count;

        if (!text_equal(rows_text(rows, 4), currency)) {
            other_count++;
            continue;
        }
        if (count == 0 || !text_equal(last[-1].channel, channel)) {
            const struct channel_cost cost = {text_copy(&scope->arena, channel), 0};

            buffer_add(costs, &cost, sizeof(cost));
            last = (struct channel_cost *)(void *)costs->data + ++count;
        }
        last[-1].cost += (double)rows_int64(rows, 3) / 1e6 * share_within(rows, days[0], days[1]);
    }
    TRY(rows_end(rows));
    *ret_other_count = other_count;
    return OK;
}

code channel_costs_read(struct scope *scope, int32_t from_day, int32_t until_day,
                        struct text currency, struct channel_cost **ret_costs, size_t *ret_count,
                        size_t *ret_other_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    CLEANUP(buffer_clear) struct buffer costs = {0};
    const int32_t days[2] = {from_day, until_day};

    TRY(ledger_query(scope, sql_channel_cost_within,
                     BINDS(BIND_INT64(from_day), BIND_INT64(until_day)), &rows));
    TRY(collect(scope, rows, days, currency, &costs, ret_other_count));
    *ret_count = costs.size / sizeof(**ret_costs);
    *ret_costs = arena_array(&scope->arena, *ret_count + 1, sizeof(**ret_costs));
    if (costs.size > 0)
        memcpy(*ret_costs, costs.data, costs.size);
    return OK;
}
