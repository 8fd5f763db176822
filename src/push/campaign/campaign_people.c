// SPDX-License-Identifier: Apache-2.0
// Those who were drawn stand in the ledger, what they bought in the lake: both come in the order of
// customers and are walked along side by side.
#include "push/campaign/campaign_people.h"

#include "base/time.h"
#include "campaign_sql.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/setting.h"

// Customers who became one since keep the arm that was drawn for the first of them.
static code read_drawn(struct scope *scope, int64_t campaign_id, struct campaign_people *people) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    CLEANUP(buffer_clear) struct buffer found = {0};
    int64_t previous = 0;

    TRY(ledger_query(scope, sql_campaign_drawn, BINDS(BIND_INT64(campaign_id)), &rows));
    while (rows_next(rows)) {
        const struct campaign_person person = {.customer = rows_int64(rows, 0),
                                               .arm = (int32_t)rows_int64(rows, 1),
                                               .clicked = rows_int64(rows, 2) != 0};

        if (person.customer == previous)
            continue;
        previous = person.customer;
        buffer_add(&found, &person, sizeof(person));
    }
    TRY(rows_end(rows));
    people->count = found.size / sizeof(struct campaign_person);
    people->people = people->count == 0 ? NULL : arena_copy(&scope->arena, found.data, found.size);
    return OK;
}

static code read_bought(struct scope *scope, int64_t from_us, int64_t to_us, bool is_earlier,
                        struct campaign_people *people) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t i = 0;

    TRY(lake_query(scope, sql_campaign_bought,
                   BINDS(BIND_INT64(from_us), BIND_INT64(to_us), BIND_TEXT(people->currency)),
                   &rows));
    while (rows_next(rows)) {
        const int64_t customer = rows_int64(rows, 0);

        while (i < people->count && people->people[i].customer < customer)
            i++;
        if (i == people->count || people->people[i].customer != customer)
            continue;
        if (is_earlier) {
            people->people[i].earlier_revenue = (double)rows_int64(rows, 1) / 1e6;
            people->people[i].earlier_receipts = (double)rows_int64(rows, 2);
        } else {
            people->people[i].revenue = (double)rows_int64(rows, 1) / 1e6;
            people->people[i].receipts = (double)rows_int64(rows, 2);
        }
    }
    return rows_end(rows);
}

static code read_currency(struct scope *scope, struct campaign_people *people) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t before_us = people->from_us - (people->to_us - people->from_us);
    int64_t all = 0, own = 0, currencies = 0;
    struct settings settings;

    TRY(settings_load(scope, &settings));
    TRY(lake_query(scope, sql_campaign_currencies,
                   BINDS(BIND_INT64(before_us), BIND_INT64(people->to_us)), &rows));
    for (; rows_next(rows); currencies++) {
        people->currency = text_copy(&scope->arena, rows_text(rows, 0));
        all += rows_int64(rows, 1);
        own += text_equal(people->currency, settings.currency) ? rows_int64(rows, 1) : 0;
    }
    if (currencies > 1) {
        people->currency = settings.currency;
        people->left_out = all - own;
    }
    return rows_end(rows);
}

code campaign_people_read(struct scope *scope, const struct campaign *campaign, int64_t until_us,
                          struct campaign_people *ret_people) {
    struct campaign_people people = {.from_us = campaign->started_at_us};
    const int64_t window_us = campaign->window_days * US_PER_DAY;

    people.to_us = people.from_us + window_us < until_us ? people.from_us + window_us : until_us;
    if (people.from_us == 0 || people.to_us < people.from_us)
        people.to_us = people.from_us;
    TRY(lake_refresh(scope));
    TRY(read_drawn(scope, campaign->id, &people));
    TRY(read_currency(scope, &people));
    TRY(read_bought(scope, people.from_us, people.to_us, false, &people));
    TRY(read_bought(scope, people.from_us - (people.to_us - people.from_us), people.from_us, true,
                    &people));
    *ret_people = people;
    return OK;
}
