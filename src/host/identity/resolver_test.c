// SPDX-License-Identifier: Apache-2.0
#include "host/identity/identity.h"

#include "store/ledger.h"
#include "store/store_testing.h"

#include <stdlib.h>

// A store in a transaction that is never committed, and who looks at it.
struct fixture {
    struct resolver *resolver;
    struct sighted identifiers[8];
    size_t count;
};

static void fixture_close(struct fixture *fixture) {
    resolver_free(fixture->resolver);
}

static void begin(struct scope *scope, struct fixture *fixture) {
    fixture->resolver = resolver_new();
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(resolver_begin(scope, fixture->resolver));
}

static void with(struct fixture *fixture, enum identifier_kind kind, const char *value) {
    fixture->identifiers[fixture->count++] = (struct sighted){
        .kind = kind,
        .source = kind == IDENTIFIER_CUSTOMER_NUMBER ? TEXT("shop") : TEXT(""),
        .value = text_of(value),
    };
}

// The row made of what `with` gave.
static struct resolution see(struct scope *scope, struct fixture *fixture, int64_t import_id) {
    const struct sighting sighting = {.identifiers = fixture->identifiers,
                                      .count = fixture->count,
                                      .import_id = import_id,
                                      .seen_at_us = 1000,
                                      .evidence = TEXT("receipts.csv row 17")};
    struct resolution resolution = {0};

    CHECK_OK(resolver_resolve(scope, fixture->resolver, &sighting, &resolution));
    fixture->count = 0;
    return resolution;
}

static int64_t count(struct scope *scope, const char *sql) {
    int64_t value = -1;

    CHECK_OK(ledger_int64(scope, sql, NO_BINDS, -1, &value));
    return value;
}

TEST(an_identifier_finds_its_customer_again) {
    CLEANUP(fixture_close) struct fixture fixture = {0};
    struct resolution first, again;

    test_store(scope);
    begin(scope, &fixture);
    with(&fixture, IDENTIFIER_CUSTOMER_NUMBER, "17850");
    first = see(scope, &fixture, 1);
    CHECK(first.created);
    CHECK_INT(first.customer, first.origin);
    for (int i = 0; i < 2; i++) {
        with(&fixture, IDENTIFIER_CUSTOMER_NUMBER, "17850");
        again = see(scope, &fixture, 1);
        CHECK(!again.created);
        CHECK_INT(again.identifier_id, first.identifier_id);
        CHECK_INT(again.origin, first.origin);
        resolver_forget(fixture.resolver); // the second time from the ledger
    }
    CHECK_INT(count(scope, "SELECT COUNT(*) FROM customer"), 1);
    CHECK_INT(count(scope, "SELECT COUNT(*) FROM search_term WHERE term = '17850'"), 1);
}

TEST(a_new_identifier_seen_with_a_known_one_is_the_same_customer) {
    CLEANUP(fixture_close) struct fixture fixture = {0};
    struct resolution known, both;

    test_store(scope);
    begin(scope, &fixture);
    with(&fixture, IDENTIFIER_LOYALTY_CARD, "600001");
    known = see(scope, &fixture, 1);
    with(&fixture, IDENTIFIER_EMAIL, "anna@example.org");
    with(&fixture, IDENTIFIER_LOYALTY_CARD, "600001");
    both = see(scope, &fixture, 1);
    CHECK(!both.created);
    CHECK(both.identifier_id != known.identifier_id);
    CHECK_INT(both.origin, known.origin);
    CHECK_INT(both.joined, 0);
    CHECK_INT(count(scope, "SELECT COUNT(*) FROM link WHERE reason = 'seen_together'"), 1);
}

TEST(known_identifiers_seen_together_join_their_customers_once) {
    CLEANUP(fixture_close) struct fixture fixture = {0};
    struct resolution older, younger, both;

    test_store(scope);
    begin(scope, &fixture);
    with(&fixture, IDENTIFIER_LOYALTY_CARD, "600001");
    older = see(scope, &fixture, 1);
    with(&fixture, IDENTIFIER_EMAIL, "anna@example.org");
    younger = see(scope, &fixture, 1);
    for (int i = 0; i < 3; i++) {
        with(&fixture, IDENTIFIER_EMAIL, "anna@example.org");
        with(&fixture, IDENTIFIER_LOYALTY_CARD, "600001");
        both = see(scope, &fixture, 1 + i / 2);
        CHECK_INT(both.joined, i == 0);
        CHECK_INT(both.customer, older.customer);
        CHECK_INT(both.origin, younger.origin);
    }
    CHECK_INT(count(scope, "SELECT COUNT(*) FROM link"), 1);
    CHECK_INT(count(scope, "SELECT COUNT(*) FROM alias"), 1);
}

TEST(a_second_number_of_the_same_source_is_kept_apart) {
    CLEANUP(fixture_close) struct fixture fixture = {0};
    struct resolution one, two;

    test_store(scope);
    begin(scope, &fixture);
    with(&fixture, IDENTIFIER_CUSTOMER_NUMBER, "1001");
    with(&fixture, IDENTIFIER_EMAIL, "family@example.org");
    one = see(scope, &fixture, 1);
    for (int i = 0; i < 3; i++) {
        with(&fixture, IDENTIFIER_CUSTOMER_NUMBER, "1002");
        with(&fixture, IDENTIFIER_EMAIL, "family@example.org");
        two = see(scope, &fixture, 1);
        CHECK(two.customer != one.customer);
        CHECK_INT(two.kept_apart, i == 0);
    }
    CHECK_INT(
        count(scope, "SELECT COUNT(*) FROM identity_conflict WHERE reason = 'limit_per_kind'"), 1);
    CHECK_INT(count(scope, "SELECT COUNT(*) FROM link"), 1);
}

TEST(a_customer_takes_five_addresses_and_keeps_the_sixth_apart) {
    static const char *const addresses[] = {"a@x.example", "b@x.example", "c@x.example",
                                            "d@x.example", "e@x.example", "f@x.example"};
    CLEANUP(fixture_close) struct fixture fixture = {0};
    struct resolution resolution = {0};

    test_store(scope);
    begin(scope, &fixture);
    for (int i = 0; i < 6; i++) {
        with(&fixture, IDENTIFIER_LOYALTY_CARD, "600001");
        with(&fixture, IDENTIFIER_EMAIL, addresses[i]);
        resolution = see(scope, &fixture, 1);
        CHECK_INT(resolution.kept_apart, i == 5);
    }
    CHECK_INT(count(scope, "SELECT COUNT(*) FROM customer"), 2);
}

TEST(a_link_that_a_person_undid_is_not_made_again_by_a_file) {
    CLEANUP(fixture_close) struct fixture fixture = {0};
    struct resolution resolution;

    test_store(scope);
    begin(scope, &fixture);
    for (int i = 0; i < 2; i++) {
        with(&fixture, i == 0 ? IDENTIFIER_EMAIL : IDENTIFIER_LOYALTY_CARD,
             i == 0 ? "a@x.example" : "6001");
        see(scope, &fixture, 1);
    }
    with(&fixture, IDENTIFIER_EMAIL, "a@x.example");
    with(&fixture, IDENTIFIER_LOYALTY_CARD, "6001");
    CHECK_INT(see(scope, &fixture, 1).joined, 1);
    CHECK_OK(identity_undo_link(scope, count(scope, "SELECT id FROM link")));
    CHECK_INT(count(scope, "SELECT COUNT(*) FROM alias"), 0);
    CHECK_OK(resolver_begin(scope, fixture.resolver));
    with(&fixture, IDENTIFIER_EMAIL, "a@x.example");
    with(&fixture, IDENTIFIER_LOYALTY_CARD, "6001");
    resolution = see(scope, &fixture, 2);
    CHECK_INT(resolution.joined, 0);
    CHECK_INT(resolution.kept_apart, 1);
    CHECK_CODE(identity_undo_link(scope, count(scope, "SELECT id FROM link")), CONFLICT);
}

TEST(what_was_learnt_after_forgetting_is_forgotten_as_well) {
    CLEANUP(fixture_close) struct fixture fixture = {0};
    struct resolution one, two;
    int64_t link_id;

    test_store(scope);
    begin(scope, &fixture);
    with(&fixture, IDENTIFIER_CUSTOMER_NUMBER, "1001");
    one = see(scope, &fixture, 1);
    resolver_forget(fixture.resolver); // amid a batch
    with(&fixture, IDENTIFIER_CUSTOMER_NUMBER, "1002");
    two = see(scope, &fixture, 1);
    CHECK_OK(identity_join(scope, one.customer, two.customer, TEXT("same person"), &link_id));
    CHECK_OK(resolver_begin(scope, fixture.resolver));
    with(&fixture, IDENTIFIER_CUSTOMER_NUMBER, "1001");
    one = see(scope, &fixture, 1);
    with(&fixture, IDENTIFIER_CUSTOMER_NUMBER, "1002");
    two = see(scope, &fixture, 1);
    CHECK_INT(two.customer, one.customer);
}

TEST(undoing_a_link_moves_the_rows_of_what_it_cuts_off) {
    CLEANUP(fixture_close) struct fixture fixture = {0};
    struct resolution email;

    test_store(scope);
    begin(scope, &fixture);
    with(&fixture, IDENTIFIER_LOYALTY_CARD, "6001");
    see(scope, &fixture, 1);
    with(&fixture, IDENTIFIER_EMAIL, "a@x.example");
    with(&fixture, IDENTIFIER_LOYALTY_CARD, "6001");
    email = see(scope, &fixture, 1);
    CHECK_OK(
        ledger_exec(scope,
                    "INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, currency, "
                    "identifier_id, origin, net_micros, vat_micros, gross_micros, discount_micros, "
                    "line_count) VALUES (77, 1, 'shop', 'A1', 1, 5, 'EUR', $1, $2, 1, 0, 1, 0, 1)",
                    BINDS(BIND_INT64(email.identifier_id), BIND_INT64(email.origin))));
    CHECK_OK(identity_undo_link(scope, count(scope, "SELECT id FROM link")));
    CHECK(count(scope, "SELECT origin FROM sale") != email.origin);
    CHECK_INT(count(scope,
                    "SELECT COUNT(*) FROM sale s JOIN identifier i ON i.id = s.identifier_id "
                    "AND i.origin = s.origin AND i.value = 'a@x.example'"),
              1);
    CHECK_INT(count(scope, "SELECT COUNT(*) FROM customer"), 2);
    CHECK_INT(count(scope, "SELECT COUNT(DISTINCT origin) FROM search_term"), 2);
}

TEST(customers_joined_by_hand_are_one_until_the_link_is_undone) {
    CLEANUP(fixture_close) struct fixture fixture = {0};
    struct resolution one, two;
    int64_t link_id, customer;

    test_store(scope);
    begin(scope, &fixture);
    with(&fixture, IDENTIFIER_CUSTOMER_NUMBER, "1001");
    one = see(scope, &fixture, 1);
    with(&fixture, IDENTIFIER_CUSTOMER_NUMBER, "1002");
    two = see(scope, &fixture, 1);
    CHECK_OK(identity_join(scope, two.customer, one.customer, TEXT("same person"), &link_id));
    CHECK_OK(identity_customer_of(scope, two.origin, &customer));
    CHECK_INT(customer, one.customer);
    CHECK_CODE(identity_join(scope, one.customer, two.customer, TEXT("again"), &link_id), CONFLICT);
    scope_forgive(scope);
    CHECK_CODE(identity_join(scope, one.customer, 4711, TEXT("nobody"), &link_id), NOT_FOUND);
    scope_forgive(scope);
    CHECK_OK(identity_undo_link(scope, link_id));
    CHECK_OK(identity_customer_of(scope, two.origin, &customer));
    CHECK_INT(customer, two.customer);
}
