// SPDX-License-Identifier: Apache-2.0
// Who is who in streams: anonymous visits that become somebody's, aliases, shared identifiers that
// are stopped, and what people decide about them.
#include "host/identity/identity.h"

#include "base/limits.h"
#include "store/ledger.h"
#include "store/store_testing.h"

#include <inttypes.h>

// A store in a transaction that is never committed.
struct stream {
    struct scope *scope;
    struct resolver *resolver;
};

static void stream_close(struct stream *stream) {
    resolver_free(stream->resolver);
}

static void begin(struct scope *scope, struct stream *stream) {
    test_store(scope);
    *stream = (struct stream){.scope = scope, .resolver = resolver_new()};
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(resolver_begin(scope, stream->resolver));
}

static struct sighted user(const char *value) {
    return (struct sighted){IDENTIFIER_CUSTOMER_NUMBER, TEXT("shop"), text_of(value)};
}

static struct sighted of(enum identifier_kind kind, const char *value) {
    return (struct sighted){kind, TEXT(""), text_of(value)};
}

static struct sighting sighting_of(const struct sighted *identifiers, size_t count) {
    return (struct sighting){.identifiers = identifiers,
                             .count = count,
                             .import_id = 7,
                             .seen_at_us = 1000,
                             .evidence = TEXT("message 1"),
                             .source = TEXT("web"),
                             .reason = "identify"};
}

static struct resolution see(struct stream *stream, const struct sighted *identifiers,
                             size_t count) {
    const struct sighting sighting = sighting_of(identifiers, count);
    struct scope *scope = stream->scope;
    struct resolution resolution = {0};

    CHECK_OK(resolver_resolve(scope, stream->resolver, &sighting, &resolution));
    return resolution;
}

#define SEE(stream, ...)                                                                           \
    see(stream, (struct sighted[]){__VA_ARGS__},                                                   \
        sizeof((struct sighted[]){__VA_ARGS__}) / sizeof(struct sighted))

static struct resolution alias(struct stream *stream, struct sighted user_id,
                               struct sighted previous) {
    const struct sighted identifiers[] = {user_id, previous};
    struct sighting sighting = sighting_of(identifiers, 2);
    struct scope *scope = stream->scope;
    struct resolution resolution = {0};

    sighting.reason = "alias";
    CHECK_OK(resolver_alias(scope, stream->resolver, &sighting, &resolution));
    return resolution;
}

static int64_t number(struct scope *scope, const char *sql) {
    int64_t value = -1;

    CHECK_OK(ledger_int64(scope, sql, NO_BINDS, -1, &value));
    return value;
}

// ---- joining in a stream ----

TEST(an_anonymous_visit_joins_whoever_signs_in_and_the_link_says_why) {
    CLEANUP(stream_close) struct stream stream = {0};
    struct resolution visit, customer, login;

    begin(scope, &stream);
    customer = SEE(&stream, user("17850"));
    visit = SEE(&stream, of(IDENTIFIER_COOKIE, "c1"));
    CHECK(visit.customer != customer.customer);
    login = SEE(&stream, user("17850"), of(IDENTIFIER_COOKIE, "c1"));
    CHECK_INT(login.joined, 1);
    CHECK_INT(login.customer, customer.customer);
    CHECK_INT(SEE(&stream, of(IDENTIFIER_COOKIE, "c1")).customer, customer.customer);
    CHECK_STRING(test_ledger_rows(scope, "SELECT reason, source, evidence, linked_at_us FROM link"),
                 "identify|web|message 1|1000");
}

TEST(a_code_scanned_at_the_till_makes_one_customer_of_the_web_and_the_shop) {
    CLEANUP(stream_close) struct stream stream = {0};
    struct resolution web, shop;

    begin(scope, &stream);
    web = SEE(&stream, of(IDENTIFIER_EMAIL, "anna@example.org"),
              of(IDENTIFIER_PICKUP_CODE, "CC-771204"));
    shop = SEE(&stream, of(IDENTIFIER_LOYALTY_CARD, "600001"));
    CHECK(web.customer != shop.customer);
    shop = SEE(&stream, of(IDENTIFIER_LOYALTY_CARD, "600001"),
               of(IDENTIFIER_PICKUP_CODE, "CC-771204"));
    CHECK_INT(shop.joined, 1);
    CHECK_INT(shop.customer, web.customer);
}

TEST(one_person_may_have_many_orders_and_messages) {
    CLEANUP(stream_close) struct stream stream = {0};
    struct resolution resolution = {0};

    begin(scope, &stream);
    for (int i = 0; i < 60; i++) {
        resolution = SEE(&stream, of(IDENTIFIER_EMAIL, "anna@example.org"),
                         of(i % 2 ? IDENTIFIER_MESSAGE : IDENTIFIER_PICKUP_CODE,
                            arena_printf(&scope->arena, "m%d", i)));
        CHECK_INT(resolution.kept_apart, 0);
    }
    CHECK_INT(number(scope, "SELECT COUNT(*) FROM customer"), 1);
    CHECK_INT(number(scope, "SELECT COUNT(*) FROM identifier_guard"), 0);
}

TEST(of_two_edges_that_cannot_both_be_the_one_to_the_surer_identifier_is_made) {
    CLEANUP(stream_close) struct stream stream = {0};
    struct resolution one, other, both;
    struct sighted seen[] = {of(IDENTIFIER_COOKIE, "shared"),
                             of(IDENTIFIER_EMAIL, "ben@example.org"), user("2")};

    begin(scope, &stream);
    one = SEE(&stream, user("1"), of(IDENTIFIER_COOKIE, "shared"));
    other = SEE(&stream, of(IDENTIFIER_EMAIL, "ben@example.org"));
    identifiers_by_priority(seen, 3);
    CHECK_INT(seen[0].kind, IDENTIFIER_CUSTOMER_NUMBER);
    CHECK_INT(seen[1].kind, IDENTIFIER_EMAIL);
    CHECK_INT(seen[2].kind, IDENTIFIER_COOKIE);
    both = see(&stream, seen, 3);
    CHECK_INT(both.customer, other.customer);
    CHECK(both.customer != one.customer);
    CHECK_INT(both.kept_apart, 1);
    CHECK_INT(SEE(&stream, of(IDENTIFIER_COOKIE, "shared")).customer, one.customer);
    CHECK_STRING(test_ledger_rows(scope, "SELECT c.reason, c.source, c.evidence, a.kind, b.kind"
                                         " FROM identity_conflict c"
                                         " JOIN identifier a ON a.id = c.identifier_a"
                                         " JOIN identifier b ON b.id = c.identifier_b"),
                 "limit_per_kind|web|message 1|5|4");
}

// ---- alias ----

TEST(an_alias_links_an_anonymous_visitor_to_the_user) {
    CLEANUP(stream_close) struct stream stream = {0};
    struct resolution visit, signed_up;

    begin(scope, &stream);
    visit = SEE(&stream, of(IDENTIFIER_COOKIE, "c1"));
    signed_up = alias(&stream, user("1"), of(IDENTIFIER_COOKIE, "c1"));
    CHECK_INT(signed_up.customer, visit.customer);
    CHECK_STRING(test_ledger_rows(scope, "SELECT reason FROM link"), "alias");
    // Known or not, seen before or not: saying it again changes nothing.
    CHECK_INT(alias(&stream, user("1"), of(IDENTIFIER_COOKIE, "c1")).kept_apart, 0);
    CHECK_INT(alias(&stream, user("1"), of(IDENTIFIER_COOKIE, "new")).customer, visit.customer);
    CHECK_INT(number(scope, "SELECT COUNT(*) FROM link"), 2);
}

TEST(an_alias_never_makes_one_of_two_known_customers) {
    CLEANUP(stream_close) struct stream stream = {0};
    struct resolution one, other, said;

    begin(scope, &stream);
    one = SEE(&stream, user("1"));
    other = SEE(&stream, of(IDENTIFIER_EMAIL, "ben@example.org"), of(IDENTIFIER_COOKIE, "c2"));
    said = alias(&stream, user("1"), of(IDENTIFIER_COOKIE, "c2"));
    CHECK_INT(said.customer, one.customer);
    CHECK_INT(said.kept_apart, 1);
    said = alias(&stream, user("1"), of(IDENTIFIER_EMAIL, "ben@example.org"));
    CHECK_INT(said.kept_apart, 1);
    CHECK_INT(SEE(&stream, of(IDENTIFIER_COOKIE, "c2")).customer, other.customer);
    CHECK_INT(number(scope, "SELECT COUNT(*) FROM identity_conflict"
                            " WHERE reason = 'alias_of_known'"),
              2);
}

TEST(an_alias_of_a_number_that_the_source_knows_is_no_visitor) {
    CLEANUP(stream_close) struct stream stream = {0};
    struct resolution one, other, said;

    begin(scope, &stream);
    one = SEE(&stream, user("1"));
    other = SEE(&stream, user("2"));
    said = alias(&stream, user("1"), of(IDENTIFIER_COOKIE, "2"));
    CHECK_INT(said.customer, one.customer);
    CHECK_INT(said.kept_apart, 1);
    CHECK_INT(SEE(&stream, user("2")).customer, other.customer);
    CHECK_STRING(test_ledger_rows(scope, "SELECT reason FROM identity_conflict"), "alias_of_known");
    CHECK_INT(number(scope, "SELECT COUNT(*) FROM identifier"), 2);
    CHECK_INT(alias(&stream, user("1"), of(IDENTIFIER_COOKIE, "1")).kept_apart, 0); // of itself
    CHECK_INT(number(scope, "SELECT COUNT(*) FROM identifier"), 2);
}

// ---- the breaker ----

static struct resolution see_card(struct stream *stream, int card) {
    const char *value = arena_printf(&stream->scope->arena, "6%05d", card);

    return SEE(stream, of(IDENTIFIER_LOYALTY_CARD, value), of(IDENTIFIER_PHONE, "+442071234567"));
}

static int64_t phone_id(struct scope *scope) {
    return number(scope, "SELECT id FROM identifier WHERE kind = 2");
}

TEST(a_phone_that_is_everybodys_stops_joining_and_is_reported_once) {
    CLEANUP(stream_close) struct stream stream = {0};
    struct resolution last;

    begin(scope, &stream);
    for (int card = 0; card < 200; card++)
        see_card(&stream, card);
    // Five cards by the limit, then refusals until it trips, then nothing is written any more.
    CHECK_INT(number(scope, "SELECT COUNT(*) FROM identity_conflict"
                            " WHERE reason = 'limit_per_kind'"),
              LIMIT_PULLS_PER_IDENTIFIER);
    CHECK_STRING(test_ledger_rows(scope,
                                  "SELECT reason, CASE WHEN identifier_a = identifier_b THEN 1 END"
                                  " FROM identity_conflict"
                                  " WHERE reason <> 'limit_per_kind'"),
                 "circuit_breaker|1");
    CHECK_STRING(test_ledger_rows(scope, "SELECT state, decided_by FROM identifier_guard"), "1|");
    CHECK_INT(number(scope, "SELECT COUNT(*) FROM customer"), 196);
    // A row that carries it and a card is the card's.
    last =
        SEE(&stream, of(IDENTIFIER_PHONE, "+442071234567"), of(IDENTIFIER_LOYALTY_CARD, "600199"));
    CHECK_INT(last.customer, see_card(&stream, 199).customer);
    CHECK(last.customer != SEE(&stream, of(IDENTIFIER_PHONE, "+442071234567")).customer);
}

TEST(a_blocked_identifier_lets_go_of_everybody_and_is_nobody) {
    CLEANUP(stream_close) struct stream stream = {0};
    int64_t undone;

    begin(scope, &stream);
    for (int card = 0; card < 5; card++)
        see_card(&stream, card);
    CHECK_INT(number(scope, "SELECT COUNT(*) FROM customer"), 1);
    CHECK_OK(identity_block(scope, phone_id(scope), TEXT("the shop's own phone"), &undone));
    CHECK_OK(resolver_begin(scope, stream.resolver));
    CHECK_INT(undone, 5);
    CHECK_INT(number(scope, "SELECT COUNT(*) FROM customer"), 6);
    CHECK(see_card(&stream, 0).customer != see_card(&stream, 1).customer);
    CHECK_INT(number(scope, "SELECT COUNT(*) FROM link WHERE undone_at_us IS NULL"), 0);
    CHECK_INT(identity_block(scope, phone_id(scope), TEXT("again"), &undone), CONFLICT);
    scope_forgive(scope);
    // Released, it joins as others do.
    CHECK_OK(identity_release(scope, phone_id(scope), TEXT("a family's")));
    CHECK_OK(resolver_begin(scope, stream.resolver));
    see_card(&stream, 0);
    see_card(&stream, 1);
    CHECK_INT(see_card(&stream, 0).customer, see_card(&stream, 1).customer);
}

TEST(a_released_identifier_does_not_trip_again) {
    CLEANUP(stream_close) struct stream stream = {0};

    begin(scope, &stream);
    for (int card = 0; card < 30; card++)
        see_card(&stream, card);
    CHECK_OK(identity_release(scope, phone_id(scope), TEXT("a company's switchboard")));
    CHECK_OK(resolver_begin(scope, stream.resolver));
    for (int card = 30; card < 60; card++)
        see_card(&stream, card);
    CHECK_STRING(test_ledger_rows(scope, "SELECT state FROM identifier_guard"), "3");
    CHECK_STRING(test_ledger_rows(scope, "SELECT decision FROM identity_conflict"
                                         " WHERE reason = 'circuit_breaker'"),
                 "released");
}

TEST(a_cookie_of_a_computer_in_the_library_trips_but_not_the_people_who_use_it) {
    CLEANUP(stream_close) struct stream stream = {0};

    begin(scope, &stream);
    for (int i = 0; i < 40; i++)
        SEE(&stream, user(arena_printf(&scope->arena, "%d", i + 1)),
            of(IDENTIFIER_COOKIE, "library"));
    CHECK_STRING(test_ledger_rows(scope, "SELECT i.kind, g.state FROM identifier_guard g"
                                         " JOIN identifier i ON i.id = g.identifier_id"),
                 "5|1");
}

TEST(somebody_with_many_browsers_is_not_stopped) {
    CLEANUP(stream_close) struct stream stream = {0};

    begin(scope, &stream);
    for (int i = 0; i < 60; i++) {
        const char *cookie = arena_printf(&scope->arena, "c%d", i);

        SEE(&stream, of(IDENTIFIER_COOKIE, cookie));
        SEE(&stream, user("1"), of(IDENTIFIER_COOKIE, cookie));
    }
    CHECK_INT(number(scope, "SELECT COUNT(*) FROM identifier_guard"), 0);
    CHECK_INT(number(scope, "SELECT COUNT(*) FROM alias"), 4);
}

// ---- decisions ----

TEST(what_was_kept_apart_is_joined_or_left_by_a_person_once) {
    CLEANUP(stream_close) struct stream stream = {0};
    int64_t conflict;

    begin(scope, &stream);
    SEE(&stream, user("1"), of(IDENTIFIER_EMAIL, "anna@example.org"));
    SEE(&stream, user("2"), of(IDENTIFIER_EMAIL, "anna@example.org"));
    conflict = number(scope, "SELECT id FROM identity_conflict");
    CHECK(SEE(&stream, user("1")).customer != SEE(&stream, user("2")).customer);
    CHECK_OK(identity_decide(scope, conflict, true, TEXT("two accounts of hers")));
    CHECK_OK(resolver_begin(scope, stream.resolver));
    CHECK_INT(SEE(&stream, user("1")).customer, SEE(&stream, user("2")).customer);
    CHECK_INT(identity_decide(scope, conflict, false, TEXT("")), CONFLICT);
    scope_forgive(scope);
    CHECK_INT(identity_decide(scope, 1, false, TEXT("")), NOT_FOUND);
    scope_forgive(scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT decision FROM identity_conflict"), "joined");
}
