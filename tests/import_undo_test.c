// SPDX-License-Identifier: Apache-2.0
// A small company delivers each of the seven kinds twice, the second time with some rows repeated,
// some changed and some new. Whatever else there is, an import taken back leaves no trace, row by
// row of every table.
#include "plug/import/import_testing.h"
#include "store/store_testing.h"

struct delivery {
    enum import_kind kind;
    const char *first, *second;
};

static const struct delivery deliveries[] = {
    {IMPORT_STORES, "store,name,city,area\nS1,Mitte,Berlin,120\nS4,Nord,Hamburg,80\n",
     "store,name,city,area\nS1,Mitte am Markt,Berlin,140\nS5,West,Bonn,80\n"},
    {IMPORT_STAFF, "staff,name,store,role\nK1,Kim Keller,S1,cashier\nK4,Lou Lang,S9,manager\n",
     "staff,name,store,role\nK1,Kim Keller,S2,head\nK5,Mo Mann,S1,manager\n"},
    {IMPORT_PRODUCTS, "sku,name,category,price\nP1,Green tea,Tea,3.50\nP8,Tray,Cups,20\n",
     "sku,name,category,price\nP1,Green tea 100 g,Tea,3.90\nP4,Spoon,Cutlery,2.25\n"},
    {IMPORT_CUSTOMERS,
     "customer id,first name,email,phone,city,loyalty card,tier\n"
     "C1,Anna,anna@example.org,+49 30 901820,Berlin,7001,gold\n"
     "C2,Ben,ben@example.org,+44 20 7946 0958,London,7002,\n"
     "C5,Eve,,,Paris,7005,silver\nC6,Fay,eve@example.org,,Paris,7005,silver\n",
     "customer id,first name,email,phone,city,loyalty card,tier\n"
     "C2,Benjamin,ben@example.org,+44 20 7946 0958,Leeds,7002,gold\n"
     "C5,Eve,eve@example.org,,Lyon,7005,gold\nC8,,gus@example.org,+49 30 901820,Rome,,\n"},
    {IMPORT_SALES,
     "receipt,date,store,cashier,customer,email,product,quantity,price,coupon\n"
     "R1,2024-01-05 10:00:00,S1,K1,C1,anna@example.org,P1,2,3.50,\n"
     "R1,2024-01-05 10:00:00,S1,K1,C1,anna@example.org,P2,1,12.00,WELCOME\n"
     "R2,2024-01-06 11:00:00,S1,K1,,,P1,1,3.50,\n"
     "R3,2024-02-06 11:00:00,S2,K2,C2,ben@example.org,P3,1,30.00,\n"
     "R4,2024-02-07 12:00:00,S2,K2,C2,ben@example.org,P3,-1,30.00,\n"
     "R5,some day,S2,K2,C2,ben@example.org,P3,-1,30.00,\n",
     "receipt,date,store,cashier,customer,email,product,quantity,price,coupon\n"
     "R3,2024-02-06 11:00:00,S2,K2,C2,ben@example.org,P3,1,30.00,\n"
     "R6,2024-03-01 09:00:00,S3,K3,C3,anna@example.org,P4,4,2.25,\n"
     "R1,2024-01-05 10:00:00,S1,K1,C1,anna@example.org,P9,1,1.00,\n"},
    {IMPORT_EVENTS,
     "id,event,at,email,channel,page,sku,coupon\n"
     "e1,mail_opened,2024-03-01T10:00:00Z,anna@example.org,email,,,SPRING\n"
     "e2,page_viewed,2024-03-01T10:05:00Z,zoe@example.org,web,/tea,P1,\n"
     "e3,page_viewed,2024-03-01T10:06:00Z,,web,/cups,P20,\n"
     "e4,page_viewed,nonsense,,web,/tea,P21,\n"
     ",page_viewed,2024-03-01T10:07:00Z,zoe@example.org,web,/new,P22,\n",
     "id,event,at,email,channel,page,sku,coupon\n"
     "e2,page_viewed,2024-03-01T10:05:00Z,zoe@example.org,web,/tea,P1,\n"
     ",page_viewed,2024-03-01T10:07:00Z,zoe@example.org,web,/new,P22,\n"
     ",page_viewed,2024-03-01T10:07:00Z,zoe@example.org,web,/new,P23,\n"
     "e9,mail_clicked,2024-03-02T10:00:00Z,ben@example.org,email,,P20,SPRING\n"},
    {IMPORT_CONSENTS,
     "id,email,purpose,channel,state,at\n"
     "c1,anna@example.org,newsletter,email,granted,2024-01-01T00:00:00Z\n"
     "c2,ida@example.org,newsletter,email,withdrawn,2024-01-02T00:00:00Z\n",
     "id,email,purpose,channel,state,at\n"
     "c1,anna@example.org,newsletter,email,granted,2024-01-01T00:00:00Z\n"
     "c3,ben@example.org,newsletter,email,granted,2024-01-03T00:00:00Z\n"},
};
enum { DELIVERIES = sizeof(deliveries) / sizeof(*deliveries) };

// Every column but seen_import, which only says who came by.
static const char *dump(struct scope *scope) {
    static const char *const queries[] = {
        "SELECT id, kind, source, value, origin, import_id FROM identifier ORDER BY 1",
        "SELECT id, identifier_a, identifier_b, reason, evidence, import_id, undone_at_us FROM link"
        " ORDER BY 1",
        "SELECT * FROM identity_conflict ORDER BY 1",
        "SELECT * FROM alias ORDER BY 1",
        "SELECT * FROM customer ORDER BY 1",
        "SELECT * FROM profile ORDER BY 1, 2, 3",
        "SELECT * FROM search_term ORDER BY 1, 2",
        "SELECT * FROM product ORDER BY 1",
        "SELECT * FROM store ORDER BY 1",
        "SELECT * FROM staff ORDER BY 1",
        "SELECT * FROM sale ORDER BY 1",
        "SELECT sale_id, line, import_id, content_hash, product_id, quantity_micros, coupon,"
        " gross_micros, net_micros, refund_of_sale, refund_of_line FROM sale_line ORDER BY 1, 2",
        "SELECT id, import_id, event_key, identifier_id, origin, at_us, name, properties FROM event"
        " ORDER BY 1",
        "SELECT id, import_id, consent_key, identifier_id, origin, state, at_us FROM consent"
        " ORDER BY 1",
    };
    const char *all = "";

    for (size_t i = 0; i < sizeof(queries) / sizeof(*queries); i++)
        all = arena_printf(&scope->arena, "%s-- %zu\n%s\n", all, i,
                           test_ledger_rows(scope, queries[i]));
    return all;
}

static struct import deliver(struct scope *scope, const struct delivery *delivery, bool second) {
    return test_import(scope, second ? "second.csv" : "first.csv", delivery->kind,
                       text_of(second ? delivery->second : delivery->first), NULL);
}

static void check_taken_back(struct scope *scope, size_t last) {
    const char *without, *with;
    struct import first, second;

    test_store(scope);
    for (size_t i = 0; i < DELIVERIES; i++)
        if (i != last)
            deliver(scope, &deliveries[i], false);
    without = dump(scope);
    first = deliver(scope, &deliveries[last], false);
    with = dump(scope);
    CHECK(strcmp(with, without) != 0);
    second = deliver(scope, &deliveries[last], true);
    CHECK(strcmp(dump(scope), with) != 0);
    test_import_undo(scope, second.id);
    CHECK_STRING(dump(scope), with);
    test_import_undo(scope, first.id);
    CHECK_STRING(dump(scope), without);
}

TEST(stores_taken_back_leave_no_trace) {
    check_taken_back(scope, 0);
}

TEST(staff_taken_back_leave_no_trace) {
    check_taken_back(scope, 1);
}

TEST(products_taken_back_leave_no_trace) {
    check_taken_back(scope, 2);
}

TEST(customers_taken_back_leave_no_trace) {
    check_taken_back(scope, 3);
}

TEST(sales_taken_back_leave_no_trace) {
    check_taken_back(scope, 4);
}

TEST(events_taken_back_leave_no_trace) {
    check_taken_back(scope, 5);
}

TEST(consents_taken_back_leave_no_trace) {
    check_taken_back(scope, 6);
}
