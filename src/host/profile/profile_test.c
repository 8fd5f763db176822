// SPDX-License-Identifier: Apache-2.0
#include "host/profile/profile.h"

#include "host/identity/identity.h"
#include "store/ledger.h"
#include "store/store_testing.h"

#define FIELDS(...)                                                                                \
    (const struct profile_field[]) {                                                               \
        __VA_ARGS__                                                                                \
    }
#define FIELD(field_name, field_value)                                                             \
    { .name = TEXT(field_name), .value = TEXT(field_value) }

struct fixture {
    struct profiles *profiles;
    struct resolver *resolver;
};

static void fixture_close(struct fixture *fixture) {
    profiles_free(fixture->profiles);
    resolver_free(fixture->resolver);
}

static struct fixture begin(struct scope *scope) {
    const struct fixture fixture = {.profiles = profiles_new(), .resolver = resolver_new()};

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(resolver_begin(scope, fixture.resolver));
    return fixture;
}

static enum profile_effect put_product(struct scope *scope, struct fixture *fixture,
                                       const char *product_code, int64_t import_id,
                                       enum profile_strength strength,
                                       const struct profile_field *fields, size_t field_count) {
    enum profile_effect effect = PROFILE_UNCHANGED;
    int64_t id;

    CHECK_OK(profiles_put_code(scope, fixture->profiles, PROFILE_PRODUCT, text_of(product_code),
                               import_id, strength, fields, field_count, &id, &effect));
    return effect;
}

static int64_t make_customer(struct scope *scope, struct fixture *fixture, const char *number) {
    const struct sighted identifier = {IDENTIFIER_CUSTOMER_NUMBER, TEXT("shop"), text_of(number)};
    struct resolution resolution = {0};

    CHECK_OK(resolver_resolve(
        scope, fixture->resolver,
        &(struct sighting){.identifiers = &identifier, .count = 1, .import_id = 1}, &resolution));
    return resolution.origin;
}

static enum profile_effect put_customer(struct scope *scope, struct fixture *fixture,
                                        int64_t origin, int64_t import_id,
                                        const struct profile_field *fields, size_t field_count) {
    enum profile_effect effect = PROFILE_UNCHANGED;

    CHECK_OK(profiles_put_customer(scope, fixture->profiles, origin, import_id, SAID_OF_IT, fields,
                                   field_count, &effect));
    return effect;
}

TEST(a_product_is_made_by_the_first_who_names_it) {
    CLEANUP(fixture_close) struct fixture fixture = {0};

    test_store(scope);
    fixture = begin(scope);
    CHECK_INT(put_product(scope, &fixture, "85123A", 1, SAID_IN_PASSING,
                          FIELDS(FIELD("name", "T-LIGHT HOLDER"), FIELD("price_micros", "2550000"),
                                 FIELD("colour", "white"), FIELD("brand", "")),
                          4),
              PROFILE_CREATED);
    CHECK_STRING(
        test_ledger_rows(scope, "SELECT code, name, brand, price_micros, attributes FROM product"),
        "85123A|T-LIGHT HOLDER|-|2550000|{\"colour\":\"white\"}");
}

TEST(what_is_said_in_passing_never_overwrites) {
    CLEANUP(fixture_close) struct fixture fixture = {0};

    test_store(scope);
    fixture = begin(scope);
    put_product(scope, &fixture, "A", 1, SAID_IN_PASSING, FIELDS(FIELD("name", "first")), 1);
    for (int64_t import_id = 1; import_id <= 2; import_id++)
        for (int repeat = 0; repeat < 2; repeat++)
            CHECK_INT(put_product(scope, &fixture, "A", import_id, SAID_IN_PASSING,
                                  FIELDS(FIELD("name", "wrongly coded?")), 1),
                      PROFILE_UNCHANGED);
    CHECK_INT(put_product(scope, &fixture, "A", 1, SAID_IN_PASSING,
                          FIELDS(FIELD("name", "third"), FIELD("category", "gifts")), 2),
              PROFILE_UPDATED);
    CHECK_STRING(test_ledger_rows(scope, "SELECT name, category FROM product"), "first|gifts");
}

TEST(what_is_said_of_a_subject_counts_more_and_the_newest_most) {
    CLEANUP(fixture_close) struct fixture fixture = {0};

    test_store(scope);
    fixture = begin(scope);
    put_product(scope, &fixture, "A", 1, SAID_IN_PASSING,
                FIELDS(FIELD("name", "in passing"), FIELD("brand", "only here")), 2);
    CHECK_INT(put_product(scope, &fixture, "A", 3, SAID_OF_IT,
                          FIELDS(FIELD("name", "newest"), FIELD("category", "")), 2),
              PROFILE_UPDATED);
    CHECK_INT(put_product(scope, &fixture, "A", 2, SAID_OF_IT,
                          FIELDS(FIELD("name", "older"), FIELD("category", "gifts")), 2),
              PROFILE_UPDATED);
    CHECK_STRING(test_ledger_rows(scope, "SELECT name, category, brand FROM product"),
                 "newest|gifts|only here");
    // The same import corrects itself, back and forth.
    for (int i = 0; i < 2; i++) {
        CHECK_INT(put_product(scope, &fixture, "A", 3, SAID_OF_IT, FIELDS(FIELD("name", "b")), 1),
                  PROFILE_UPDATED);
        CHECK_INT(put_product(scope, &fixture, "A", 3, SAID_OF_IT, FIELDS(FIELD("name", "c")), 1),
                  PROFILE_UPDATED);
        CHECK_INT(put_product(scope, &fixture, "A", 3, SAID_OF_IT, FIELDS(FIELD("name", "c")), 1),
                  PROFILE_UNCHANGED);
    }
}

TEST(a_value_that_its_column_cannot_hold_is_refused_by_name) {
    CLEANUP(fixture_close) struct fixture fixture = {0};
    enum profile_effect effect;
    int64_t id;

    test_store(scope);
    fixture = begin(scope);
    CHECK_CODE(profiles_put_code(scope, fixture.profiles, PROFILE_PRODUCT, TEXT("A"), 1, SAID_OF_IT,
                                 FIELDS(FIELD("vat_rate_bp", "20%")), 1, &id, &effect),
               INVALID);
    CHECK_STRING(scope->failure.field, "vat_rate_bp");
}

TEST(a_customer_is_called_and_found_by_what_is_known) {
    CLEANUP(fixture_close) struct fixture fixture = {0};
    int64_t origin;

    test_store(scope);
    fixture = begin(scope);
    origin = make_customer(scope, &fixture, "17850");
    CHECK_INT(put_customer(scope, &fixture, origin, 1,
                           FIELDS(FIELD("given_name", "Émile"), FIELD("family_name", "Weber"),
                                  FIELD("birth_day", "-3650")),
                           3),
              PROFILE_UPDATED);
    CHECK_STRING(test_ledger_rows(scope, "SELECT name, birth_day FROM customer"),
                 "Émile Weber|-3650");
    CHECK_STRING(test_ledger_rows(scope, "SELECT term FROM search_term ORDER BY term"),
                 "17850\nemile\nweber");
    put_customer(scope, &fixture, origin, 2, FIELDS(FIELD("family_name", "Brandt")), 1);
    CHECK_STRING(test_ledger_rows(scope, "SELECT term FROM search_term ORDER BY term"),
                 "17850\nbrandt\nemile");
}

TEST(a_joined_customer_has_the_profiles_of_both) {
    CLEANUP(fixture_close) struct fixture fixture = {0};
    int64_t one, two, link_id;

    test_store(scope);
    fixture = begin(scope);
    one = make_customer(scope, &fixture, "1");
    two = make_customer(scope, &fixture, "2");
    put_customer(scope, &fixture, one, 1, FIELDS(FIELD("name", "Anna"), FIELD("city", "Graz")), 2);
    put_customer(scope, &fixture, two, 2, FIELDS(FIELD("name", "Anna Weber"), FIELD("vip", "yes")),
                 2);
    CHECK_OK(identity_join(scope, one, two, TEXT("same person"), &link_id));
    put_customer(scope, &fixture, two, 3, FIELDS(FIELD("city", "Linz")), 1);
    CHECK_STRING(
        test_ledger_rows(scope, "SELECT name, city, attributes FROM customer ORDER BY id LIMIT 1"),
        "Anna Weber|Linz|{\"vip\":\"yes\"}");
    CHECK_OK(identity_undo_link(scope, link_id));
    CHECK_STRING(test_ledger_rows(scope, "SELECT name, city, attributes FROM customer ORDER BY id"),
                 "Anna|Graz|-\nAnna Weber|Linz|{\"vip\":\"yes\"}");
}

// ---- what others say ----

static void check_city(struct scope *scope, const char *expected) {
    CHECK_STRING(test_ledger_rows(scope, "SELECT city FROM customer"), expected);
}

TEST(what_others_have_said_meanwhile_is_overwritten_by_who_speaks_last) {
    CLEANUP(fixture_close) struct fixture a = {0}, b = {.profiles = profiles_new()};
    int64_t origin;

    test_store(scope);
    a = begin(scope);
    origin = make_customer(scope, &a, "1");
    for (int round = 0; round < 2; round++) {
        CHECK_OK(profiles_begin(scope, a.profiles, true));
        put_customer(scope, &a, origin, 1, FIELDS(FIELD("city", "Bonn")), 1);
        check_city(scope, "Bonn");
        CHECK_OK(profiles_begin(scope, b.profiles, true));
        put_customer(scope, &b, origin, 1, FIELDS(FIELD("city", "Berlin")), 1);
        check_city(scope, "Berlin");
    }
}

TEST(what_was_said_holds_until_somebody_outdates_it) {
    CLEANUP(fixture_close) struct fixture a = {0}, b = {.profiles = profiles_new()};
    int64_t origin;

    test_store(scope);
    a = begin(scope);
    origin = make_customer(scope, &a, "1");
    CHECK_OK(profiles_begin(scope, a.profiles, false));
    put_customer(scope, &a, origin, 1, FIELDS(FIELD("city", "Berlin")), 1);
    put_customer(scope, &b, origin, 1, FIELDS(FIELD("city", "Bonn")), 1);
    CHECK_OK(profiles_begin(scope, a.profiles, false));
    put_customer(scope, &a, origin, 1, FIELDS(FIELD("city", "Berlin")), 1);
    check_city(scope, "Bonn"); // it did not look
    CHECK_OK(profiles_outdate_others(scope, b.profiles));
    CHECK_OK(profiles_begin(scope, a.profiles, false));
    put_customer(scope, &a, origin, 1, FIELDS(FIELD("city", "Berlin")), 1);
    check_city(scope, "Berlin");
    CHECK_OK(profiles_begin(scope, b.profiles, false)); // who outdates others holds on
    put_customer(scope, &b, origin, 1, FIELDS(FIELD("city", "Bonn")), 1);
    check_city(scope, "Berlin");
}

TEST(a_product_that_was_taken_back_is_made_again) {
    CLEANUP(fixture_close) struct fixture fixture = {0};

    test_store(scope);
    fixture = begin(scope);
    CHECK_OK(profiles_begin(scope, fixture.profiles, false));
    put_product(scope, &fixture, "A", 2, SAID_IN_PASSING, NULL, 0);
    CHECK_OK(profile_undo_import(scope, 2));
    CHECK_OK(profiles_begin(scope, fixture.profiles, false));
    CHECK_INT(put_product(scope, &fixture, "A", 3, SAID_IN_PASSING, NULL, 0), PROFILE_CREATED);
}

// ---- taking an import back ----

enum { SUBJECTS = 6 };

static uint64_t random_next(uint64_t *state) {
    uint64_t value = *state += UINT64_C(0x9e3779b97f4a7c15);

    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

// What one import says, depending on the seed and its number alone.
static void import_something(struct scope *scope, struct fixture *fixture, uint64_t seed,
                             int64_t import_id) {
    static const char *const names[] = {"name", "category", "brand", "city", "given_name", "size"};
    uint64_t state = seed * 100 + (uint64_t)import_id;

    for (int i = 0; i < 30; i++) {
        const int subject = (int)(random_next(&state) % SUBJECTS);
        const enum profile_strength strength =
            random_next(&state) % 2 ? SAID_OF_IT : SAID_IN_PASSING;
        const char *label = arena_printf(&scope->arena, "%d", subject);
        struct profile_field fields[2];
        enum profile_effect effect;

        for (size_t k = 0; k < 2; k++)
            fields[k] = (struct profile_field){
                .name = text_of(names[random_next(&state) % 6]),
                .value = text_printf(&scope->arena, "%.*s", (int)(random_next(&state) % 3), "xy"),
            };
        put_product(scope, fixture, label, import_id, strength, fields, 2);
        CHECK_OK(profiles_put_customer(scope, fixture->profiles,
                                       make_customer(scope, fixture, label), import_id, strength,
                                       fields, 2, &effect));
    }
}

static struct text everything(struct scope *scope) {
    const char *products = test_ledger_rows(
        scope,
        "SELECT code, import_id, name, category, brand, attributes FROM product ORDER BY code");
    const char *customers = test_ledger_rows(
        scope, "SELECT i.value, c.name, c.given_name, c.city, c.attributes FROM customer c "
               "JOIN identifier i ON i.origin = c.id ORDER BY i.value");
    const char *terms = test_ledger_rows(
        scope, "SELECT i.value, t.term FROM search_term t "
               "JOIN identifier i ON i.origin = t.origin ORDER BY i.value, t.term");

    return text_printf(&scope->arena, "%s\n%s\n%s", products, customers, terms);
}

TEST(an_import_taken_back_leaves_profiles_as_without_it) {
    test_store(scope);
    for (uint64_t seed = 1; seed <= 25; seed++) {
        struct text expected = {0};

        for (int with = 0; with < 2; with++) {
            CLEANUP(fixture_close) struct fixture fixture = begin(scope);

            import_something(scope, &fixture, seed, 1);
            if (with)
                import_something(scope, &fixture, seed, 2);
            import_something(scope, &fixture, seed, 3);
            if (with)
                CHECK_OK(profile_undo_import(scope, 2));
            if (with)
                CHECK_TEXT(everything(scope), text_string(&scope->arena, expected));
            expected = everything(scope);
            ledger_rollback(scope);
        }
    }
}

TEST(products_that_only_an_import_taken_back_spoke_of_go) {
    CLEANUP(fixture_close) struct fixture fixture = {0};

    test_store(scope);
    fixture = begin(scope);
    put_product(scope, &fixture, "gone", 2, SAID_IN_PASSING, FIELDS(FIELD("name", "x")), 1);
    put_product(scope, &fixture, "bare", 2, SAID_IN_PASSING, NULL, 0);
    put_product(scope, &fixture, "in a cart", 2, SAID_IN_PASSING, NULL, 0);
    put_product(scope, &fixture, "bare too", 2, SAID_IN_PASSING, NULL, 0);
    put_product(scope, &fixture, "sold", 2, SAID_IN_PASSING, FIELDS(FIELD("name", "x")), 1);
    put_product(scope, &fixture, "listed", 2, SAID_IN_PASSING, FIELDS(FIELD("name", "x")), 1);
    put_product(scope, &fixture, "listed", 3, SAID_OF_IT, FIELDS(FIELD("brand", "y")), 1);
    CHECK_OK(
        ledger_exec(scope,
                    "INSERT INTO sale_line (sale_id, line, import_id, seen_import, content_hash, "
                    "product_id, quantity_micros, unit_price_micros, discount_micros, net_micros, "
                    "vat_micros, gross_micros) "
                    "SELECT 1, 1, 3, 3, 0, id, 1, 1, 0, 1, 0, 1 FROM product WHERE code = 'sold'",
                    NO_BINDS));
    CHECK_OK(ledger_exec(scope,
                         "INSERT INTO event (id, import_id, seen_import, source, event_key, at_us, "
                         "name, product_ids) SELECT 1, 3, 3, 's', 'k', 1, 'Cart Viewed', "
                         "CAST(max(id) + 100 AS TEXT) || ',' || CAST(min(id) AS TEXT) "
                         "FROM product WHERE code = 'in a cart'",
                         NO_BINDS));
    CHECK_OK(profile_undo_import(scope, 2));
    CHECK_STRING(
        test_ledger_rows(scope, "SELECT code, import_id, name, brand FROM product ORDER BY code"),
        "in a cart|2|-|-\nlisted|3|-|y\nsold|2|-|-");
}
