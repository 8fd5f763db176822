// SPDX-License-Identifier: Apache-2.0
// Whoever looks at a customer hears of it whenever the page would show something else: after any
// stream of events, sales, attributes, consents, joins, undoings and a withdrawn import.
#include "analyze/segment/touched_http.h"

#include "analyze/segment/stream_testing.h"
#include "analyze/segment/touched.h"
#include "govern/access/access.h"
#include "host/customer/customer_http.h"
#include "store/change.h"
#include "store/ledger.h"

#include <inttypes.h>

enum { STEPS = 40, LOOKED_AT = 64 };

struct pages {
    int64_t customers[LOOKED_AT];
    uint64_t shown[LOOKED_AT]; // a hash of the page
    size_t count;
    int64_t seen_change_id;
    int told;
};

// Of the page of a customer, or of its not being there.
static uint64_t shown(struct scope *scope, int64_t customer) {
    const struct request_parameter parameters[] = {
        {TEXT("id"), text_printf(&scope->arena, "%" PRId64, customer)}};
    const struct request request = {.parameters = parameters,
                                    .parameter_count = 1,
                                    .path_parameter_count = 1,
                                    .route_parameters = customer_show_parameters};
    CLEANUP(response_clear) struct response response;

    response_init(&response);
    if (customer_http_show(scope, &request, &response) != OK) {
        CHECK_CODE(scope->failure.code, NOT_FOUND);
        scope_forgive(scope);
        return 0;
    }
    return text_hash(buffer_text(&response.body));
}

static void open_pages(struct scope *scope, struct pages *pages) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    CHECK_OK(ledger_query(scope, "SELECT id FROM customer ORDER BY id", NO_BINDS, &rows));
    for (pages->count = 0; pages->count < LOOKED_AT && rows_next(rows); pages->count++)
        pages->customers[pages->count] = rows_int64(rows, 0);
    CHECK(pages->count > 0);
    for (size_t i = 0; i < pages->count; i++)
        pages->shown[i] = shown(scope, pages->customers[i]);
}

static void look(struct scope *scope, struct pages *pages) {
    enum live_change changes[LOOKED_AT];

    CHECK_OK(
        touched_http_look(scope, &pages->seen_change_id, pages->customers, pages->count, changes));
    for (size_t i = 0; i < pages->count; i++) {
        const uint64_t now = shown(scope, pages->customers[i]);

        pages->told += changes[i] != LIVE_SAME;
        if (now != pages->shown[i] && changes[i] == LIVE_SAME)
            test_fail(__FILE__, __LINE__, "nobody is told of customer %" PRId64,
                      pages->customers[i]);
        pages->shown[i] = now;
    }
}

static void check_stream(struct scope *scope, uint64_t seed) {
    CLEANUP(test_stream_close) struct test_stream shop;
    struct pages pages = {0};
    int64_t former_import;

    test_stream_begin(scope, &shop, seed);
    scope->actor.permissions |= MAY_READ_CUSTOMERS;
    former_import = shop.import_id;
    test_happen(&shop, 60);
    open_pages(scope, &pages);
    look(scope, &pages);
    CHECK_INT(pages.told, 0); // the first look finds out where it stands
    for (int step = 0; step < STEPS; step++) {
        test_happen(&shop, 1 + test_draw(&shop, 3));
        if (step == STEPS / 3)
            shop.import_id = store_new_id(scope);
        if (step == STEPS / 2)
            test_take_back(&shop, former_import);
        look(scope, &pages);
    }
    CHECK(pages.told > STEPS / 2);
    CHECK(pages.told < STEPS * (int)pages.count / 4); // and not everybody of everything
}

TEST(who_looks_at_a_customer_hears_of_whatever_changes_there) {
    check_stream(scope, 1);
}

TEST(who_looks_at_a_customer_hears_of_whatever_changes_there_in_another_stream) {
    check_stream(scope, 2);
}

TEST(a_look_after_the_log_was_cut_tells_that_anything_may_have_changed) {
    CLEANUP(test_stream_close) struct test_stream shop;
    struct pages pages = {0};
    enum live_change change;

    test_stream_begin(scope, &shop, 3);
    test_happen(&shop, 20);
    open_pages(scope, &pages);
    look(scope, &pages);
    test_happen(&shop, 20);
    test_ledger_exec(scope, "DELETE FROM change WHERE id < (SELECT max(id) FROM change)");
    CHECK_OK(touched_http_look(scope, &pages.seen_change_id, pages.customers, 1, &change));
    CHECK_INT(change, LIVE_MAY_BE_OTHER);
    CHECK_OK(touched_http_look(scope, &pages.seen_change_id, pages.customers, 1, &change));
    CHECK_INT(change, LIVE_SAME);
}
