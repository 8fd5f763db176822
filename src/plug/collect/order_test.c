// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"
#include "plug/collect/collect_testing.h"
#include "plug/collect/order.h"
#include "store/lake.h"

#include <string.h>

static void send_ok(struct scope *scope, const struct test_collection *collection,
                    const char *body) {
    CHECK_INT(test_collect_send(scope, collection, "/v1/track", text_of(body)).status, 200);
}

static const char completed[] =
    "{\"userId\": \"u1\", \"messageId\": \"o1\", \"event\": \"Order Completed\", \"properties\": "
    "{\"order_id\": \"50314\", \"affiliation\": \"Web shop\", \"total\": 30.25, \"shipping\": 3, "
    "\"tax\": 2.25, \"discount\": 5, \"currency\": \"USD\", \"products\": ["
    "{\"product_id\": \"A\", \"name\": \"Monopoly\", \"category\": \"Games\", \"price\": 19, "
    "\"quantity\": 1, \"coupon\": \"SPRING\"}, {\"sku\": \"B\", \"price\": 5.5, \"quantity\": "
    "2}]}}";

TEST(an_order_is_a_sale_that_adds_up_to_its_total) {
    const struct test_collection *shop = test_collect(scope, SENDER_WEBSITE);

    send_ok(scope, shop, completed);
    CHECK_STRING(test_ledger_rows(scope, "SELECT source, number, kind, currency, gross_micros, "
                                         "net_micros, vat_micros, discount_micros, line_count "
                                         "FROM sale"),
                 "shop|50314|1|USD|30250000|28000000|2250000|5000000|3");
    CHECK_STRING(test_ledger_rows(scope, "SELECT p.code, l.quantity_micros, l.gross_micros, "
                                         "coalesce(l.coupon, '') FROM sale_line l JOIN product p "
                                         "ON p.id = l.product_id ORDER BY l.line"),
                 "A|1000000|17258334|SPRING\nB|2000000|9991666|\nshipping|1000000|3000000|");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM quarantine"), "0");
    CHECK_STRING(test_ledger_rows(scope, "SELECT name FROM product WHERE code = 'A'"), "Monopoly");
}

static struct text replaced(struct scope *scope, const char *in, const char *what, const char *by) {
    const char *found = strstr(in, what);

    return text_printf(&scope->arena, "%.*s%s%s", (int)(found - in), in, by, found + strlen(what));
}

// What somebody did, as a message of this id.
static const char *track(struct scope *scope, const char *id, const char *event,
                         const char *properties) {
    return arena_printf(&scope->arena,
                        "{\"userId\": \"u1\", \"messageId\": \"%s\", \"event\": \"%s\", "
                        "\"properties\": %s}",
                        id, event, properties);
}

TEST(an_order_told_twice_is_one_sale) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);

    send_ok(scope, shop, completed);
    send_ok(scope, shop, completed);
    send_ok(scope, shop,
            text_string(&scope->arena, replaced(scope, completed, "\"o1\"", "\"o2\"")));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*), sum(line_count) FROM sale"), "1|3");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM event"), "2");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM quarantine"), "0");
}

TEST(another_receipt_under_a_known_number_is_kept_apart) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);

    send_ok(scope, shop, completed);
    send_ok(scope, shop,
            track(scope, "o2", "Order Completed", "{\"order_id\": \"50314\", \"total\": 7}"));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*), sum(gross_micros) FROM sale"),
                 "1|30250000");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM event"), "2");
    CHECK_STRING(test_ledger_rows(scope, "SELECT reason, field FROM quarantine"),
                 "receipt_known|order_id");
}

#define PRODUCTS "\"currency\": \"EUR\", \"products\": "

// What the order is worth, and in how many receipts it is told: in the ledger, and in the lake.
static void check_order(struct scope *scope, const char *expected) {
    static const char sums[] = "SELECT count(*), sum(gross_micros), sum(vat_micros) FROM sale";
    static const char lines[] = "SELECT (SELECT count(*) FROM sale), sum(gross_micros), "
                                "sum(vat_micros) FROM sale_line";

    CHECK_STRING(test_ledger_rows(scope, sums), expected);
    CHECK_STRING(test_ledger_rows(scope, lines), expected);
    CHECK_OK(lake_refresh(scope));
    CHECK_STRING(test_lake_rows(scope, sums), expected);
    CHECK_STRING(test_lake_rows(scope, lines), expected);
}

TEST(an_update_is_an_adjustment_after_which_the_order_holds_what_it_says) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    const char *held = "{\"order_id\": \"7\", " PRODUCTS
                       "[{\"product_id\": \"A\", \"price\": 11.9, \"quantity\": 2, \"vat_rate\": "
                       "19}, {\"product_id\": \"C\", \"price\": 1.07, \"vat_rate\": 7}]}";

    send_ok(scope, shop,
            track(scope, "1", "Order Completed",
                  "{\"order_id\": \"7\", " PRODUCTS
                  "[{\"product_id\": \"A\", \"price\": 11.9, \"quantity\": 3, \"vat_rate\": 19}, "
                  "{\"product_id\": \"B\", \"price\": 5.95, \"vat_rate\": 19}]}"));
    check_order(scope, "1|41650000|6650000");
    send_ok(scope, shop, track(scope, "2", "Order Updated", held));
    check_order(scope, "2|24870000|3870000");
    CHECK_STRING(test_ledger_rows(scope,
                                  "SELECT s.number, s.kind, o.number, s.line_count FROM sale s "
                                  "JOIN sale o ON o.id = s.refund_of"),
                 "7 update 2|3|7|3");
    CHECK_STRING(test_ledger_rows(scope, "SELECT p.code, l.quantity_micros, l.gross_micros FROM "
                                         "sale_line l JOIN product p ON p.id = l.product_id JOIN "
                                         "sale s ON s.id = l.sale_id WHERE s.kind = 3 ORDER BY 1"),
                 "A|-1000000|-11900000\nB|-1000000|-5950000\nC|1000000|1070000");
    send_ok(scope, shop, track(scope, "3", "Order Updated", held)); // nothing new
    send_ok(scope, shop,
            track(scope, "4", "Order Updated", "{\"order_id\": \"7\", \"status\": \"sent\"}"));
    send_ok(scope, shop, track(scope, "5", "Order Completed", held)); // as it stands now
    check_order(scope, "2|24870000|3870000");
    send_ok(scope, shop,
            track(scope, "6", "Order Updated", "{\"order_id\": \"7\", \"total\": 20}"));
    check_order(scope, "3|20000000|3870000");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM quarantine"), "0");
}

TEST(an_update_that_comes_late_does_not_turn_the_order_back) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    static const struct {
        const char *event;
        int total, minute;
    } told[] = {{"Completed", 10, 0}, {"Updated", 30, 2}, {"Updated", 20, 1}, {"Updated", 30, 1}};

    for (int i = 0; i < 4; i++)
        send_ok(
            scope, shop,
            arena_printf(&scope->arena,
                         "{\"userId\": \"u1\", \"messageId\": \"m%d\", \"event\": \"Order %s\", "
                         "\"timestamp\": \"2026-03-01T10:0%d:00Z\", \"properties\": "
                         "{\"order_id\": \"7\", \"total\": %d}}",
                         i, told[i].event, told[i].minute, told[i].total));
    check_order(scope, "2|30000000|0");
    CHECK_STRING(test_ledger_rows(scope, "SELECT reason, field FROM quarantine"),
                 "update_is_late|order_id");
}

TEST(an_update_that_does_not_say_all_changes_nothing) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);

    send_ok(scope, shop, completed);
    send_ok(scope, shop,
            track(scope, "2", "Order Updated",
                  "{\"order_id\": \"50314\", \"products\": [{\"product_id\": \"A\"}]}"));
    send_ok(scope, shop,
            track(scope, "3", "Order Updated",
                  "{\"order_id\": \"50314\", \"total\": 99, \"products\": [{\"product_id\": "
                  "\"A\", \"price\": 1}]}"));
    send_ok(scope, shop,
            track(scope, "4", "Order Updated",
                  "{\"order_id\": \"50314\", \"currency\": \"EUR\", \"total\": 99}"));
    check_order(scope, "1|30250000|2250000");
    CHECK_STRING(test_ledger_rows(scope, "SELECT reason FROM quarantine ORDER BY reason"),
                 "currency_differs\nno_price\ntotals_differ");
}

TEST(a_cancelled_order_is_worth_nothing_and_stays_so) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);

    send_ok(scope, shop, completed);
    send_ok(scope, shop,
            track(scope, "r1", "Order Refunded",
                  "{\"order_id\": \"50314\", \"currency\": \"USD\", \"products\": "
                  "[{\"product_id\": \"B\", \"price\": 5.5, \"quantity\": 1}]}"));
    send_ok(scope, shop, track(scope, "c1", "Order Cancelled", "{\"order_id\": \"50314\"}"));
    check_order(scope, "3|0|0");
    send_ok(scope, shop,
            track(scope, "c2", "Order Cancelled", "{\"order_id\": \"50314\", \"total\": 1}"));
    send_ok(scope, shop,
            track(scope, "2", "Order Updated", "{\"order_id\": \"50314\", \"total\": 30.25}"));
    check_order(scope, "3|0|0");
    CHECK_STRING(test_ledger_rows(scope, "SELECT number, kind FROM sale ORDER BY kind"),
                 "50314|1\n50314 refund r1|2\n50314 cancelled|3");
    CHECK_STRING(test_ledger_rows(scope, "SELECT reason FROM quarantine"), "order_cancelled");
}

TEST(a_discount_that_was_given_back_with_a_refund_is_not_taken_off_again) {
    static const char products[] =
        "{\"order_id\": \"8\", " PRODUCTS
        "[{\"product_id\": \"A\", \"price\": 10, \"quantity\": %d, \"discount\": %d}]}";
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);

    send_ok(scope, shop,
            track(scope, "o", "Order Completed", arena_printf(&scope->arena, products, 3, 3)));
    send_ok(scope, shop,
            track(scope, "r", "Order Refunded", arena_printf(&scope->arena, products, 1, 1)));
    send_ok(scope, shop, track(scope, "c", "Order Cancelled", "{\"order_id\": \"8\"}"));
    CHECK_STRING(test_ledger_rows(scope, "SELECT s.kind, l.quantity_micros, l.discount_micros, "
                                         "l.gross_micros FROM sale_line l JOIN sale s ON s.id = "
                                         "l.sale_id ORDER BY s.kind"),
                 "1|3000000|3000000|27000000\n2|-1000000|1000000|-9000000\n"
                 "3|-2000000|-2000000|-18000000");
}

TEST(a_refund_takes_back_what_it_names) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);

    send_ok(scope, shop, completed);
    send_ok(scope, shop,
            "{\"userId\": \"u1\", \"messageId\": \"r1\", \"event\": \"Order Refunded\", "
            "\"properties\": {\"order_id\": \"50314\", \"currency\": \"USD\", \"products\": "
            "[{\"product_id\": \"B\", \"price\": 5.5, \"quantity\": 1}]}}");
    CHECK_STRING(test_ledger_rows(scope, "SELECT number, kind, gross_micros FROM sale WHERE kind = "
                                         "2"),
                 "50314 refund r1|2|-5500000");
    send_ok(scope, shop,
            "{\"userId\": \"u2\", \"event\": \"Order Cancelled\", \"properties\": "
            "{\"order_id\": \"7\", \"total\": 12.5}}");
    CHECK_STRING(test_ledger_rows(scope, "SELECT reason FROM quarantine"), "order_unknown");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM sale"), "2");
}

TEST(a_till_posts_a_receipt_with_vat_by_line) {
    const struct test_collection *tills = test_collect(scope, SENDER_TILL);

    send_ok(scope, tills,
            "{\"context\": {\"externalIds\": [{\"type\": \"loyalty_card\", \"id\": \"L77\"}]}, "
            "\"event\": \"Order Completed\", \"properties\": {\"currency\": \"EUR\", \"total\": "
            "13.00, \"pos\": {\"receipt\": \"2024-1-9\", \"store\": \"S1\", \"till\": \"3\", "
            "\"cashier\": \"C9\", \"tenders\": [{\"type\": \"card\", \"amount\": 10}, {\"type\": "
            "\"cash\", \"amount\": 3}]}, \"products\": [{\"product_id\": \"Milk\", \"price\": "
            "1.07, \"vat_rate\": 7}, {\"product_id\": \"Pan\", \"price\": 11.93, \"vat_rate\": "
            "19}]}}");
    CHECK_STRING(test_ledger_rows(scope,
                                  "SELECT s.number, t.code, s.till, c.code, s.payment, s.channel, "
                                  "s.gross_micros, s.vat_micros FROM sale s JOIN store t ON t.id = "
                                  "s.store_id JOIN staff c ON c.id = s.cashier_id"),
                 "2024-1-9|S1|3|C9|card+cash|store|13000000|1974790");
    CHECK_STRING(test_ledger_rows(scope, "SELECT vat_rate_bp FROM sale_line ORDER BY line"),
                 "700\n1900");
}

TEST(an_order_that_does_not_add_up_is_kept_and_reported) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);

    send_ok(scope, shop,
            "{\"userId\": \"u1\", \"event\": \"Order Completed\", \"properties\": {\"order_id\": "
            "\"1\", \"total\": 99, \"products\": [{\"product_id\": \"A\", \"price\": 19}]}}");
    send_ok(scope, shop,
            "{\"userId\": \"u1\", \"event\": \"Order Completed\", \"properties\": {}}");
    CHECK_STRING(test_ledger_rows(scope, "SELECT reason FROM quarantine ORDER BY reason"),
                 "no_order_id\ntotals_differ");
    CHECK_STRING(test_ledger_rows(scope, "SELECT gross_micros FROM sale"), "19000000");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM event"), "2");
}

TEST(a_product_that_is_looked_at_is_known) {
    const struct test_collection *shop = test_collect(scope, SENDER_WEBSITE);

    send_ok(scope, shop,
            "{\"anonymousId\": \"c\", \"event\": \"Product Viewed\", \"properties\": "
            "{\"product_id\": \"P1\", \"name\": \"Pan\", \"brand\": \"Iron\"}}");
    CHECK_STRING(test_ledger_rows(scope, "SELECT code, name, brand FROM product"), "P1|Pan|Iron");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM sale"), "0");
}

// What came of an order with these products: the fault, or "".
static const char *fault_of_order(struct scope *scope, const char *properties,
                                  struct order **ret_order) {
    struct message_fault fault = {0};
    struct json *json;

    CHECK_OK(json_parse_own(scope, text_of(properties), &json));
    *ret_order = order_read(&scope->arena, TEXT("Order Completed"), json, TEXT("k"), &fault);
    return fault.reason ? fault.reason : "";
}

TEST(figures_past_all_sense_are_no_sale) {
    static const struct {
        const char *properties, *reason;
    } cases[] = {
        {"{\"order_id\": \"1\", \"tax\": 92000000, \"products\": [{\"price\": 92000000}, "
         "{\"price\": "
         "91999999.999999, \"quantity\": -1}]}",
         "totals_differ"},
        {"{\"order_id\": \"1\", \"products\": [{\"price\": 92000000}, {\"price\": 92000000}]}",
         "bad_line"},
        {"{\"order_id\": \"1\", \"tax\": 92000000, \"products\": [{\"price\": 92000000}]}",
         "bad_line"},
        {"{\"order_id\": \"1\", \"products\": [{\"price\": 92000000, \"vat_rate\": 50}], \"pos\": "
         "{\"prices\": \"net\"}}",
         "bad_line"},
        {"{\"order_id\": \"1\", \"shipping\": 92000000, \"products\": [{\"price\": 92000000}]}",
         "bad_line"},
    };
    struct order *order;

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CHECK_STRING(fault_of_order(scope, cases[i].properties, &order), cases[i].reason);
        CHECK(!order || order->is_sale == (i == 0));
    }
}

TEST(an_order_has_a_limit_of_products) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct order *order;

    buffer_add_string(&out, "{\"order_id\":\"1\",\"products\":[{\"price\":1}");
    for (int i = 1; i < LIMIT_ORDER_LINES; i++)
        buffer_add_string(&out, ",{\"price\":1}");
    CHECK_STRING(
        fault_of_order(
            scope, text_printf(&scope->arena, "%.*s]}", TEXT_ARG(buffer_text(&out))).data, &order),
        "");
    CHECK_INT((int64_t)order->line_count, LIMIT_ORDER_LINES);
    buffer_add_string(&out, ",{\"price\":1}");
    CHECK_STRING(
        fault_of_order(
            scope, text_printf(&scope->arena, "%.*s]}", TEXT_ARG(buffer_text(&out))).data, &order),
        "too_many_products");
}

// ---- what an event is about ----

// Of all events, in the order of their ids: the only product's code and name, and the coupon.
static void check_subjects(struct scope *scope, const char *expected) {
    static const char sql[] =
        "SELECT e.name, coalesce(p.code, ''), coalesce(p.name, ''), coalesce(e.coupon, '') "
        "FROM event e LEFT JOIN product p ON p.id = e.product_id ORDER BY e.id";

    CHECK_STRING(test_ledger_rows(scope, sql), expected);
    CHECK_OK(lake_refresh(scope));
    CHECK_STRING(test_lake_rows(scope, sql), expected);
}

TEST(events_name_the_product_they_are_about) {
    const struct test_collection *shop = test_collect(scope, SENDER_WEBSITE);
    const char *viewed = track(scope, "1", "Product Viewed",
                               "{\"product_id\": \"A\", \"name\": \"Monopoly\", \"price\": 19, "
                               "\"coupon\": \"SPRING\"}");

    send_ok(scope, shop, viewed);
    send_ok(scope, shop, viewed);
    send_ok(scope, shop, track(scope, "2", "Product Added", "{\"sku\": \"B\"}"));
    send_ok(scope, shop,
            track(scope, "3", "Cart Viewed",
                  "{\"products\": [{\"product_id\": \"A\"}, {\"product_id\": \"B\"}]}"));
    send_ok(scope, shop,
            track(scope, "4", "Checkout Started",
                  "{\"coupon\": \"TEN\", \"products\": [{\"product_id\": \"C\"}]}"));
    send_ok(scope, shop, track(scope, "5", "Product Removed", "{\"product_id\": 17}"));
    send_ok(scope, shop, track(scope, "6", "Priced", "{\"product_id\": \"D\"}"));
    check_subjects(scope, "Product Viewed|A|Monopoly|SPRING\nProduct Added|B||\nCart Viewed|||\n"
                          "Checkout Started|C||TEN\nProduct Removed|17||\nPriced|||");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM product"), "4");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM quarantine"), "0");
    CHECK_STRING(test_lake_rows(scope, "SELECT e.name, p.code FROM event_product e JOIN product p "
                                       "ON p.id = e.product_id ORDER BY e.event_id, p.code"),
                 "Product Viewed|A\nProduct Added|B\nCart Viewed|A\nCart Viewed|B\n"
                 "Checkout Started|C\nProduct Removed|17");
}

// The codes in the order of the event, as the ledger keeps them.
static const char *listed(struct scope *scope) {
    return test_ledger_rows(
        scope, "SELECT (SELECT code FROM product WHERE id = product_id), "
               "CASE WHEN product_ids = (SELECT CAST(b.id AS TEXT) || ',' || CAST(a.id AS TEXT) "
               "FROM product a, product b WHERE a.code = 'A' AND b.code = 'B') THEN 'B,A' "
               "ELSE product_ids END FROM event ORDER BY id");
}

TEST(events_name_each_of_several_products_once) {
    const struct test_collection *shop = test_collect(scope, SENDER_WEBSITE);

    send_ok(scope, shop, track(scope, "1", "Product Viewed", "{\"product_id\": \"A\"}"));
    send_ok(scope, shop,
            track(scope, "2", "Product List Viewed",
                  "{\"products\": [{\"product_id\": \"B\"}, {\"sku\": \"A\"}, {\"product_id\": "
                  "\" B\"}, {\"name\": \"No code\"}, 7]}"));
    send_ok(scope, shop,
            track(scope, "3", "Cart Viewed",
                  "{\"products\": [{\"product_id\": \"A\"}, {\"product_id\": \"A\"}]}"));
    send_ok(scope, shop, track(scope, "4", "Product List Viewed", "{\"products\": [{}, {}]}"));
    send_ok(scope, shop,
            track(scope, "5", "Order Completed",
                  "{\"order_id\": \"7\", \"products\": [{\"product_id\": \"A\", \"price\": 5}, "
                  "{\"product_id\": \"B\", \"price\": 5}]}"));
    CHECK_STRING(listed(scope), "A|-\n-|B,A\nA|-\n-|-\n-|-");
}

TEST(events_name_the_coupon_they_are_about) {
    const struct test_collection *shop = test_collect(scope, SENDER_WEBSITE);

    send_ok(scope, shop, track(scope, "1", "Coupon Entered", "{\"coupon_id\": \" TEN \"}"));
    send_ok(scope, shop,
            track(scope, "2", "Coupon Applied",
                  "{\"coupon_id\": \"TEN\", \"coupon_name\": \"Ten per cent\"}"));
    send_ok(scope, shop,
            track(scope, "3", "Coupon Denied", "{\"coupon\": \"OLD\", \"reason\": \"expired\"}"));
    send_ok(scope, shop, track(scope, "4", "Coupon Removed", "{\"coupon_name\": \"Ten\"}"));
    send_ok(scope, shop,
            track(scope, "5", "Order Completed",
                  "{\"order_id\": \"7\", \"coupon\": \"TEN\", \"products\": "
                  "[{\"product_id\": \"A\", \"price\": 5, \"coupon\": \"TWO\"}]}"));
    send_ok(scope, shop, track(scope, "6", "Coupon Entered", "{\"coupon_id\": {\"a\": 1}}"));
    check_subjects(scope, "Coupon Entered|||TEN\nCoupon Applied|||TEN\nCoupon Denied|||OLD\n"
                          "Coupon Removed|||Ten\nOrder Completed|||TEN\nCoupon Entered|||");
    CHECK_STRING(test_ledger_rows(scope, "SELECT coupon FROM sale_line"), "TWO");
}

TEST(an_event_is_about_its_product_though_its_figures_cannot_be_kept) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    CLEANUP(buffer_clear) struct buffer long_code = {0};

    send_ok(scope, shop,
            track(scope, "1", "Product Viewed",
                  "{\"product_id\": \"A\", \"price\": 9e12, \"quantity\": 9e12}"));
    for (int i = 0; i <= MESSAGE_NAME_BYTES; i++)
        buffer_add_char(&long_code, 'x');
    send_ok(scope, shop,
            track(scope, "2", "Product Viewed",
                  arena_printf(&scope->arena, "{\"product_id\": \"%s\", \"coupon\": \"%s\"}",
                               buffer_string(&long_code), buffer_string(&long_code))));
    check_subjects(scope, "Product Viewed|A||\nProduct Viewed|||");
}
