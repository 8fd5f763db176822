// SPDX-License-Identifier: Apache-2.0
#include "plug/import/import.h"

#include "base/progress.h"
#include "plug/import/import_testing.h"
#include "store/job.h"
#include "store/ledger.h"
#include "store/store_testing.h"

#include <stdio.h>

#define RECEIPTS                                                                                   \
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"          \
    "1001,A1,\"Mug, red\",2,2011-03-01 10:00:00,2.55,501,France\n"                                 \
    "1001,A1,\"Mug, red\",2,2011-03-01 10:00:00,2.55,501,France\n"                                 \
    "1001,B2,Tray,1,2011-03-01 10:00:00,10.00,501,France\n"                                        \
    "1002,B2,Tray,3,2011-03-02 11:00:00,10.00,,Germany\n"                                          \
    "1003,C3,\"Lamp \"\"Nova\"\"\",1,2011-03-03 09:30:00,0.001,502,Spain\n"                        \
    "C1004,B2,Tray,-1,2011-03-05 12:00:00,10.00,501,France\n"                                      \
    "A1005,B,Adjust bad debt,1,2011-03-06 12:00:00,-50.00,,United Kingdom\n"                       \
    "1006,D4,damaged,-4,2011-03-07 12:00:00,0,,United Kingdom\n"                                   \
    "1002,A1,\"Mug, red\",1,2011-03-02 11:00:00,2.55,,Germany\n"

#define MARKED "{\"options\": {\"refund_prefix\": \"C\", \"other_prefix\": \"adjustment\"}}"

static struct import import_receipts(struct scope *scope) {
    return test_import(scope, "receipts.csv", IMPORT_SALES, text_of(RECEIPTS), MARKED);
}

TEST(an_import_takes_every_line_once_and_adds_up_receipts) {
    struct import import;

    test_store(scope);
    import = import_receipts(scope);
    CHECK_INT(import.tally.read, 9);
    CHECK_INT(import.tally.accepted, 9);
    CHECK_INT(import.counts.sales_created, 6);
    CHECK_INT(import.counts.lines_added, 9);
    CHECK_INT(import.counts.anonymous_lines, 4);
    CHECK_INT(import.counts.customers_created, 2);
    CHECK_STRING(
        test_ledger_rows(scope,
                         "SELECT number, kind, gross_micros, line_count FROM sale ORDER BY 1"),
        "1001|1|20200000|3\n1002|1|32550000|2\n1003|1|1000|1\n1006|3|0|1\nA1005|3|-50000000|1\n"
        "C1004|2|-10000000|1");
    CHECK_STRING(test_ledger_rows(scope, "SELECT code, name FROM product ORDER BY 1"),
                 "A1|Mug, red\nB|-\nB2|Tray\nC3|Lamp \"Nova\"\nD4|-");
}

TEST(the_lake_has_what_the_ledger_has) {
    test_store(scope);
    import_receipts(scope);
    CHECK_STRING(
        test_lake_rows(scope, "SELECT number, kind, sold_on, gross_micros FROM sale ORDER BY 1"),
        "1001|sale|2011-03-01|20200000\n1002|sale|2011-03-02|32550000\n1003|sale|2011-03-03|1000\n"
        "1006|adjustment|2011-03-07|0\nA1005|adjustment|2011-03-06|-50000000\n"
        "C1004|refund|2011-03-05|-10000000");
    CHECK_STRING(test_lake_rows(scope, "SELECT count(*), sum(gross_micros) FROM sale_line"),
                 "9|-7249000");
}

TEST(importing_the_same_file_again_changes_nothing) {
    const char *before;
    struct import again;

    test_store(scope);
    import_receipts(scope);
    before = test_ledger_dump(scope);
    again = import_receipts(scope);
    CHECK_INT(again.tally.duplicate, 9);
    CHECK_INT(again.tally.accepted, 0);
    CHECK_STRING(test_ledger_dump(scope), before);
}

TEST(a_longer_export_adds_only_what_is_new) {
    struct import more;

    test_store(scope);
    import_receipts(scope);
    more =
        test_import(scope, "more.csv", IMPORT_SALES,
                    text_of(RECEIPTS "1001,A1,\"Mug, red\",2,2011-03-01 10:00:00,2.55,501,France\n"
                                     "1007,A1,\"Mug, red\",1,2011-03-09 10:00:00,2.55,502,Spain\n"),
                    MARKED);
    CHECK_INT(more.tally.duplicate, 9);
    CHECK_INT(more.tally.accepted, 2);
    CHECK_STRING(
        test_ledger_rows(scope, "SELECT gross_micros, line_count FROM sale WHERE number = '1001'"),
        "25300000|4");
}

TEST(refunds_find_the_sale_they_take_back) {
    struct import import;

    test_store(scope);
    import = import_receipts(scope);
    CHECK_INT(import.counts.refund_lines_tied, 1);
    CHECK_STRING(
        test_ledger_rows(scope,
                         "SELECT r.number, s.number FROM sale r JOIN sale s ON s.id = r.refund_of"),
        "C1004|1001");
}

// Both come in one batch, so that the first does not stand in the ledger yet.
TEST(a_refund_that_names_an_anonymous_receipt_finds_it_in_the_same_batch) {
    test_store(scope);
    test_import(scope, "named.csv", IMPORT_SALES,
                TEXT("receipt,sold_at,product,quantity,unit_price,refund_of\n"
                     "R1,2024-05-01T10:00:00,P1,1,5.00,\n"
                     "R2,2024-05-02T10:00:00,P1,-1,5.00,R1\n"),
                NULL);
    CHECK_STRING(
        test_ledger_rows(scope,
                         "SELECT r.number, s.number FROM sale r JOIN sale s ON s.id = r.refund_of"),
        "R2|R1");
}

TEST(a_refund_never_takes_back_more_than_was_sold) {
    test_store(scope);
    test_import(scope, "receipts.csv", IMPORT_SALES,
                TEXT("receipt,sold_at,product,quantity,unit_price,customer\n"
                     "1,2020-01-01,P,2,5,7\n2,2020-01-02,P,1,5,7\n"
                     "C3,2020-01-03,P,-1,5,7\nC4,2020-01-04,P,-2,5,7\nC5,2020-01-05,P,-1,5,7\n"
                     "C6,2020-01-06,P,-1,4,7\nC7,2019-12-31,P,-1,5,7\n"),
                MARKED);
    CHECK_STRING(test_ledger_rows(scope, "SELECT r.number, s.number FROM sale r LEFT JOIN sale s"
                                         " ON s.id = r.refund_of WHERE r.kind = 2 ORDER BY 1"),
                 "C3|2\nC4|1\nC5|-\nC6|-\nC7|-");
}

TEST(rows_that_cannot_be_taken_wait_in_quarantine_and_can_be_mended) {
    struct quarantined *rows;
    struct import import;
    struct import_tally tally;
    size_t count;

    test_store(scope);
    import = test_import(scope, "bad.csv", IMPORT_SALES,
                         TEXT("receipt,sold_at,product,quantity,unit_price,customer\n"
                              "1,2020-01-01,P,2,5,7\n2,yesterday,P,1,5,7\n3,2020-01-03,P,many,5,7\n"
                              "4,2020-01-04,P,1,5\n5,2020-01-05,P,1,5,7\n6,2020-01-06,P,1,5,7\n"),
                         NULL);
    CHECK_INT(import.tally.accepted, 3);
    CHECK_OK(
        quarantine_list(scope, import.id, &(struct quarantine_filter){0}, 0, 10, &rows, &count));
    CHECK_INT((int64_t)count, 3);
    CHECK_TEXT(rows[0].reason, "bad_date");
    CHECK_TEXT(rows[0].raw, "2,yesterday,P,1,5,7");
    CHECK_INT(rows[0].line, 3);
    CHECK_TEXT(rows[1].reason, "bad_number");
    CHECK_TEXT(rows[2].reason, "field_count");
    CHECK_OK(quarantine_fix(scope, import.id, rows[0].row, TEXT("2,2020-01-02,P,1,5,7")));
    CHECK_OK(quarantine_replay(scope, import.id, NULL, &tally));
    CHECK_INT(tally.accepted, 1);
    CHECK_INT(tally.quarantined, 2);
    CHECK_OK(quarantine_list(scope, import.id,
                             &(struct quarantine_filter){.state = TEXT("waiting")}, 0, 10, &rows,
                             &count));
    CHECK_INT((int64_t)count, 2);
    CHECK_OK(quarantine_list(scope, import.id,
                             &(struct quarantine_filter){.reason = TEXT("bad_number")}, 0, 10,
                             &rows, &count));
    CHECK_INT((int64_t)count, 1);
    CHECK_INT(rows[0].line, 4);
    CHECK_OK(import_find(scope, import.id, &import));
    CHECK_INT(import.tally.accepted, 4);
    CHECK_INT(import.tally.quarantined, 2);
    CHECK_STRING(test_ledger_rows(scope, "SELECT number FROM sale ORDER BY 1"), "1\n2\n5\n6");
}

TEST(bytes_in_quarantine_are_those_of_the_file) {
    struct quarantined *rows;
    struct import import;
    size_t count;

    test_store(scope);
    import = test_import(scope, "bytes.csv", IMPORT_SALES,
                         TEXT("receipt,sold_at,product,quantity,unit_price\n1,2020-01-01,P,2,5\n"
                              "2,2020-01-01,P,2,5\n3,20\xFF\xFE,P,1,5\n"),
                         "{\"format\": {\"encoding\": \"utf-8\"}}");
    CHECK_INT(import.tally.quarantined, 1);
    CHECK_OK(
        quarantine_list(scope, import.id, &(struct quarantine_filter){0}, 0, 10, &rows, &count));
    CHECK_TEXT(rows[0].raw, "3,20\xFF\xFE,P,1,5");
}

TEST(a_dry_run_counts_as_the_import_does_and_keeps_nothing) {
    const char *path;
    struct import_file file;
    struct mapping mapping;
    const char *before;
    struct job job;
    static const struct job_kind kinds[] = {{"import", import_run, JOB_HEAVY}};
    int64_t job_id;

    test_store(scope);
    before = test_ledger_dump(scope);
    path = test_file(scope, "receipts.csv", text_of(RECEIPTS));
    CHECK_OK(mapping_propose(scope, path, IMPORT_SALES, NULL, &mapping));
    CHECK_OK(import_file_at(scope, text_of(path), &file));
    CHECK_OK(import_start(scope, &file, &mapping, true, &job_id));
    CHECK_OK(job_run(scope, kinds, 1, job_id));
    CHECK_OK(job_find(scope, job_id, &job));
    CHECK(memmem(job.result.data, job.result.size, "\"sales_created\":6", 17));
    CHECK_STRING(test_ledger_dump(scope), before);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM import"), "0");
    CHECK_STRING(test_lake_rows(scope, "SELECT count(*) FROM sale"), "0");
}

TEST(an_undone_import_is_as_if_it_had_never_been) {
    const char *empty;
    struct import import;

    test_store(scope);
    empty = test_ledger_dump(scope);
    import = import_receipts(scope);
    test_import_undo(scope, import.id);
    CHECK_STRING(test_ledger_dump(scope), empty);
    CHECK_STRING(test_lake_rows(
                     scope, "SELECT (SELECT count(*) FROM sale) + (SELECT count(*) FROM sale_line)"
                            " + (SELECT count(*) FROM customer) + (SELECT count(*) FROM product)"),
                 "0");
}

TEST(rows_that_a_third_import_delivered_too_do_not_go_with_the_first) {
    const char *before;
    struct import first, third;
    int64_t job_id;

    test_store(scope);
    first = import_receipts(scope);
    import_receipts(scope);
    third = import_receipts(scope);
    before = test_ledger_dump(scope);
    test_import_undo(scope, third.id);
    CHECK_CODE(import_undo_start(scope, first.id, &job_id), CONFLICT);
    CHECK(strstr(scope->failure.hint, "receipts.csv\" once more") != NULL);
    scope_forgive(scope);
    import_receipts(scope);
    test_import_undo(scope, first.id);
    CHECK_STRING(test_ledger_dump(scope), before);
}

TEST(links_undone_go_with_their_last_end) {
    struct import first, second;

    test_store(scope);
    first = test_import(scope, "one.csv", IMPORT_CUSTOMERS,
                        TEXT("Contact ID,Phone\n7,+44 20 7946 0000\n"), NULL);
    second = test_import(scope, "two.csv", IMPORT_CUSTOMERS,
                         TEXT("loyalty_card,Phone\nL-1,+44 20 7946 0000\n"), NULL);
    test_import_undo(scope, first.id);
    test_import_undo(scope, second.id);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM identifier"), "0");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM link"), "0");
}

TEST(customers_known_by_several_identifiers_are_one) {
    struct import import;

    test_store(scope);
    test_import(
        scope, "shop.csv", IMPORT_CUSTOMERS,
        TEXT("Contact ID,First name,Last name,Email,City\n"
             "7,Ada,Byron,Ada@Example.org,London\n9,Grace,Hopper,grace@example.org,New York\n"),
        NULL);
    test_import(scope, "cards.csv", IMPORT_CUSTOMERS, TEXT("loyalty_card,name\nL-1,Ada Lovelace\n"),
                NULL);
    import = test_import(scope, "news.csv", IMPORT_CUSTOMERS,
                         TEXT("loyalty_card,email\nL-1,ada@example.org \n"), NULL);
    CHECK_INT(import.counts.customers_joined, 1);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM customer c WHERE NOT EXISTS"
                                         " (SELECT 1 FROM alias a WHERE a.origin = c.id)"),
                 "2");
    test_import_undo(scope, import.id);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM alias"), "0");
}

TEST(two_customer_numbers_of_one_source_are_never_joined_by_a_file) {
    struct import import;

    test_store(scope);
    import = test_import(scope, "people.csv", IMPORT_CUSTOMERS,
                         TEXT("Contact ID,Email\n7,ada@example.org\n8,ada@example.org\n"), NULL);
    CHECK_INT(import.counts.joins_refused, 1);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM customer"), "2");
}

TEST(orders_with_their_lines_as_json_become_receipts) {
    struct import import;

    test_store(scope);
    import = test_import(scope, "orders.jsonl", IMPORT_SALES,
                         TEXT("{\"userId\":\"u1\",\"timestamp\":\"2024-05-01T10:00:00Z\","
                              "\"properties\":{\"order_id\":\"o1\","
                              "\"currency\":\"USD\",\"products\":[{\"sku\":\"A\",\"name\":\"Ale\","
                              "\"price\":2.5,\"quantity\":4},"
                              "{\"sku\":\"B\",\"price\":1,\"quantity\":1}]}}\n"
                              "{\"userId\":\"u1\",\"timestamp\":\"2024-05-02T10:00:00Z\","
                              "\"properties\":{\"order_id\":\"o2\","
                              "\"currency\":\"USD\",\"products\":[]}}\n"),
                         NULL);
    CHECK_INT(import.tally.accepted, 1);
    CHECK_INT(import.tally.quarantined, 1);
    CHECK_STRING(
        test_ledger_rows(scope, "SELECT number, currency, gross_micros, line_count FROM sale"),
        "o1|USD|11000000|2");
}

TEST(rows_without_a_receipt_number_are_receipts_of_their_own) {
    static const char *const purchases = " customer_id  date number_of_cds  dollar_value\n"
                                         " 00001 19970101  1   11.77\n 00002 19970112  1   12.00\n"
                                         " 00002 19970112  1   12.00\n 00002 19970112  5   77.00\n";
    struct import import;

    test_store(scope);
    import = test_import(scope, "cdnow.txt", IMPORT_SALES, text_of(purchases), NULL);
    CHECK_INT(import.counts.sales_created, 4);
    import = test_import(scope, "cdnow.txt", IMPORT_SALES, text_of(purchases), NULL);
    CHECK_INT(import.tally.duplicate, 4);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*), sum(gross_micros) FROM sale"),
                 "4|112770000");
}

TEST(vat_is_taken_out_of_gross_prices_and_put_on_net_ones) {
    test_store(scope);
    test_import(scope, "vat.csv", IMPORT_SALES,
                TEXT("receipt,sold_at,product,quantity,unit_price,vat_rate\n"
                     "1,2024-01-01,P,3,1.19,19\n2,2024-01-01,P,1,10.70,7%\n3,2024-01-01,P,1,5,0\n"),
                NULL);
    CHECK_STRING(test_ledger_rows(scope,
                                  "SELECT number, net_micros, vat_micros, gross_micros FROM sale"
                                  " ORDER BY 1"),
                 "1|3000000|570000|3570000\n2|10000000|700000|10700000\n3|5000000|0|5000000");
    test_import(
        scope, "net.csv", IMPORT_SALES,
        TEXT("receipt,sold_at,product,quantity,unit_price,vat_rate\n4,2024-01-01,P,3,1.00,19\n"),
        "{\"options\": {\"prices\": \"net\"}}");
    CHECK_STRING(test_ledger_rows(scope, "SELECT net_micros, vat_micros, gross_micros FROM sale"
                                         " WHERE number = '4'"),
                 "3000000|570000|3570000");
}

// Every report of the work, as whoever waits for the ledger's one writer sees it.
struct onlooker {
    struct progress progress;
    struct scope *scope;
    int64_t writes;
};

static void write_meanwhile(struct progress *progress, const char *stage, int64_t done,
                            int64_t total, const char *unit) {
    struct onlooker *onlooker = (struct onlooker *)progress;

    (void)stage, (void)done, (void)total, (void)unit;
    onlooker->writes +=
        ledger_exec(onlooker->scope, "UPDATE identity_epoch SET epoch = epoch", NO_BINDS) == OK;
}

static void note_nothing(struct progress *progress, const char *line) {
    (void)progress, (void)line;
}

TEST(a_dry_run_keeps_nobody_waiting_and_shows_how_far_it_is) {
    static const struct job_kind kinds[] = {{"import", import_run, JOB_HEAVY}};
    struct onlooker onlooker = {.progress = {.report = write_meanwhile, .note = note_nothing}};
    const char *path = test_file(scope, "receipts.csv", text_of(RECEIPTS));
    struct import_file file;
    struct mapping mapping;
    struct scope other;
    int64_t job_id;

    test_store(scope);
    scope_init(&other);
    CHECK_INT(session_open(&other, session_store(scope)), OK);
    onlooker.scope = &other;
    CHECK_OK(mapping_propose(scope, path, IMPORT_SALES, NULL, &mapping));
    CHECK_OK(import_file_at(scope, text_of(path), &file));
    CHECK_OK(import_start(scope, &file, &mapping, true, &job_id));
    scope->progress = &onlooker.progress;
    CHECK_OK(job_run(scope, kinds, 1, job_id));
    scope->progress = progress_silent();
    CHECK(onlooker.writes > 0);
    CHECK_INT(other.failure.code, OK);
    session_close(&other);
    scope_clear(&other);
    CHECK_STRING(test_ledger_rows(scope, "SELECT stage FROM job"), "trying");
}

TEST(an_imported_event_names_the_product_and_the_coupon_it_is_about) {
    static const char file[] = "event,at,customer id,sku,coupon,page\n"
                               "Product Viewed,2024-03-01T10:00:00Z,C1,P1,,/a\n"
                               "Product Viewed,2024-03-01T10:00:00Z,C1,P2,,/a\n"
                               "Coupon Applied,2024-03-01T10:01:00Z,C1,,SPRING,/a\n"
                               "Page,2024-03-01T10:02:00Z,C1,,,/a\n";
    struct import import;

    test_store(scope);
    import = test_import(scope, "events.csv", IMPORT_EVENTS, text_of(file), NULL);
    CHECK_INT(import.tally.accepted, 4);
    CHECK_STRING(test_ledger_rows(scope,
                                  "SELECT e.name, p.code, e.coupon, e.properties FROM event e"
                                  " LEFT JOIN product p ON p.id = e.product_id ORDER BY e.id"),
                 "Product Viewed|P1|-|{\"page\":\"/a\"}\nProduct Viewed|P2|-|{\"page\":\"/a\"}\n"
                 "Coupon Applied|-|SPRING|{\"page\":\"/a\"}\nPage|-|-|{\"page\":\"/a\"}");
    import = test_import(scope, "again.csv", IMPORT_EVENTS, text_of(file), NULL);
    CHECK_INT(import.tally.duplicate, 4);
}
