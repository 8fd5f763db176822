// SPDX-License-Identifier: Apache-2.0
// Random sightings, joins and undos beside a plain slow model: the partition must be that of the
// live links, whatever the order of events.
#include "host/identity/identity.h"

#include "host/profile/profile.h"
#include "store/ledger.h"
#include "store/store_testing.h"

#include <inttypes.h>

enum { POOL_PER_KIND = 5, MEMBERS_MOST = 256 };

static const enum identifier_kind pool_kinds[] = {IDENTIFIER_EMAIL, IDENTIFIER_PHONE,
                                                  IDENTIFIER_LOYALTY_CARD, IDENTIFIER_COOKIE};

struct random {
    uint64_t state;
};

// splitmix64
static uint64_t random_next(struct random *random) {
    uint64_t value = random->state += UINT64_C(0x9e3779b97f4a7c15);

    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

static size_t random_below(struct random *random, size_t bound) {
    return (size_t)(random_next(random) % bound);
}

static struct sighted random_identifier(struct scope *scope, struct random *random, bool numbers) {
    const size_t kind = random_below(random, numbers ? 5 : 4);
    const int value = (int)random_below(random, POOL_PER_KIND);

    if (kind == 4)
        return (struct sighted){IDENTIFIER_CUSTOMER_NUMBER,
                                random_below(random, 2) ? TEXT("shop") : TEXT("web"),
                                text_printf(&scope->arena, "%d", value)};
    return (struct sighted){pool_kinds[kind], TEXT(""),
                            text_printf(&scope->arena, "value%d", value)};
}

static void see_something(struct scope *scope, struct resolver *resolver, struct random *random,
                          int64_t import_id, bool numbers, int64_t sale_id) {
    struct sighted identifiers[3];
    const size_t count = 1 + random_below(random, 3);
    struct resolution resolution;

    for (size_t i = 0; i < count; i++)
        identifiers[i] = random_identifier(scope, random, numbers);
    CHECK_OK(resolver_resolve(scope, resolver,
                              &(struct sighting){.identifiers = identifiers,
                                                 .count = count,
                                                 .import_id = import_id,
                                                 .seen_at_us = sale_id,
                                                 .evidence = TEXT("test")},
                              &resolution));
    CHECK_OK(
        ledger_exec(scope,
                    "INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, currency, "
                    "identifier_id, origin, net_micros, vat_micros, gross_micros, discount_micros, "
                    "line_count) VALUES ($1, $4, 'shop', $5, 1, 5, 'EUR', $2, $3, 1, 0, 1, 0, 1)",
                    BINDS(BIND_INT64(sale_id), BIND_INT64(resolution.identifier_id),
                          BIND_INT64(resolution.origin), BIND_INT64(import_id),
                          BIND_TEXT(text_printf(&scope->arena, "%" PRId64, sale_id)))));
}

// ---- the model ----

struct model {
    int64_t id[MEMBERS_MOST];
    int64_t customer[MEMBERS_MOST]; // as the ledger says
    size_t group[MEMBERS_MOST];     // as the links say
    size_t count;
};

static void model_read(struct scope *scope, struct model *model) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    model->count = 0;
    CHECK_OK(ledger_query(scope,
                          "SELECT i.id, COALESCE(a.customer, i.origin) FROM identifier i "
                          "LEFT JOIN alias a ON a.origin = i.origin ORDER BY i.id",
                          NO_BINDS, &rows));
    while (rows_next(rows)) {
        CHECK(model->count < MEMBERS_MOST);
        model->id[model->count] = rows_int64(rows, 0);
        model->customer[model->count] = rows_int64(rows, 1);
        model->group[model->count] = model->count;
        model->count++;
    }
    CHECK_OK(rows_end(rows));
}

static void model_unite(struct model *model, int64_t id_a, int64_t id_b) {
    size_t a = MEMBERS_MOST, b = MEMBERS_MOST;

    for (size_t i = 0; i < model->count; i++) {
        if (model->id[i] == id_a)
            a = model->group[i];
        if (model->id[i] == id_b)
            b = model->group[i];
    }
    CHECK(a < MEMBERS_MOST && b < MEMBERS_MOST);
    for (size_t i = 0; i < model->count; i++)
        if (model->group[i] == b)
            model->group[i] = a;
}

static void check_partition(struct scope *scope) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct model model;

    model_read(scope, &model);
    CHECK_OK(ledger_query(scope,
                          "SELECT identifier_a, identifier_b FROM link WHERE undone_at_us IS NULL",
                          NO_BINDS, &rows));
    while (rows_next(rows))
        model_unite(&model, rows_int64(rows, 0), rows_int64(rows, 1));
    CHECK_OK(rows_end(rows));
    for (size_t i = 0; i < model.count; i++)
        for (size_t k = 0; k < i; k++)
            CHECK((model.group[i] == model.group[k]) == (model.customer[i] == model.customer[k]));
}

static int64_t number(struct scope *scope, const char *sql) {
    int64_t value = -1;

    CHECK_OK(ledger_int64(scope, sql, NO_BINDS, -1, &value));
    return value;
}

static void check_rows(struct scope *scope) {
    // Sales are where their identifier is.
    CHECK_INT(number(scope,
                     "SELECT COUNT(*) FROM sale s JOIN identifier i ON i.id = s.identifier_id "
                     "WHERE i.origin <> s.origin"),
              0);
    CHECK_INT(number(scope, "SELECT COUNT(*) FROM sale s WHERE NOT EXISTS "
                            "(SELECT 1 FROM identifier i WHERE i.id = s.identifier_id)"),
              0);
    // The older origin stays, aliases are not chained, and every origin is somebody's.
    CHECK_INT(number(scope, "SELECT COUNT(*) FROM alias WHERE customer >= origin"), 0);
    CHECK_INT(number(scope, "SELECT COUNT(*) FROM alias a JOIN alias b ON b.origin = a.customer"),
              0);
    CHECK_INT(number(scope, "SELECT COUNT(*) FROM customer c WHERE NOT EXISTS "
                            "(SELECT 1 FROM identifier i WHERE i.origin = c.id)"),
              0);
    CHECK_INT(number(scope, "SELECT COUNT(*) FROM identifier i WHERE NOT EXISTS "
                            "(SELECT 1 FROM customer c WHERE c.id = i.origin)"),
              0);
    // Every word leads to an origin that an identifier or a name gives it.
    CHECK_INT(
        number(scope,
               "SELECT COUNT(*) FROM identifier i WHERE i.kind = 1 AND NOT EXISTS "
               "(SELECT 1 FROM search_term t WHERE t.term = i.value AND t.origin = i.origin)"),
        0);
}

static void join_somebody(struct scope *scope, struct random *random) {
    struct model model;
    int64_t link_id, a, b;

    model_read(scope, &model);
    if (model.count == 0)
        return;
    a = model.customer[random_below(random, model.count)];
    b = model.customer[random_below(random, model.count)];
    if (a != b)
        CHECK_OK(identity_join(scope, a, b, TEXT("test"), &link_id));
}

static int64_t some_live_link(struct scope *scope, struct random *random) {
    const int64_t live = number(scope, "SELECT COUNT(*) FROM link WHERE undone_at_us IS NULL");
    int64_t id = 0;

    if (live > 0)
        CHECK_OK(ledger_int64(
            scope, "SELECT id FROM link WHERE undone_at_us IS NULL ORDER BY id LIMIT 1 OFFSET $1",
            BINDS(BIND_INT64((int64_t)random_below(random, (size_t)live))), 0, &id));
    return id;
}

// Every table that joining and undoing could touch, as text.
static struct text dump(struct scope *scope) {
    static const char *const queries[] = {
        "SELECT id, kind, source, value, origin, import_id, seen_import FROM identifier ORDER BY 1",
        "SELECT origin, customer FROM alias ORDER BY origin",
        "SELECT * FROM customer ORDER BY id",
        "SELECT id, identifier_id, origin FROM sale ORDER BY id",
        "SELECT * FROM profile ORDER BY subject_kind, subject, import_id",
        "SELECT term, origin FROM search_term ORDER BY term, origin",
    };
    CLEANUP(buffer_clear) struct buffer out = {0};

    for (size_t q = 0; q < sizeof(queries) / sizeof(*queries); q++) {
        CLEANUP(rows_close) struct rows *rows = NULL;

        CHECK_OK(ledger_query(scope, queries[q], NO_BINDS, &rows));
        while (rows_next(rows)) {
            for (size_t column = 0; column < rows_column_count(rows); column++) {
                buffer_add_text(&out, rows_text(rows, column));
                buffer_add_char(&out, '|');
            }
            buffer_add_char(&out, '\n');
        }
        CHECK_OK(rows_end(rows));
    }
    return text_copy(&scope->arena, buffer_text(&out));
}

static void say_something(struct scope *scope, struct profiles *profiles, struct random *random,
                          int64_t import_id) {
    static const char *const names[] = {"name", "given_name", "family_name", "city", "shoe_size"};
    struct profile_field field = {.name = text_of(names[random_below(random, 5)])};
    enum profile_effect effect;
    struct model model;
    int64_t origin = 0;

    model_read(scope, &model);
    if (model.count == 0)
        return;
    CHECK_OK(ledger_int64(scope, "SELECT origin FROM identifier WHERE id = $1",
                          BINDS(BIND_INT64(model.id[random_below(random, model.count)])), 0,
                          &origin));
    field.value = text_printf(&scope->arena, "word%d", (int)random_below(random, 4));
    CHECK_OK(profiles_put_customer(scope, profiles, origin, import_id,
                                   random_below(random, 2) ? SAID_OF_IT : SAID_IN_PASSING, &field,
                                   1, &effect));
}

static void join_and_undo(struct scope *scope, struct random *random) {
    const struct text before = dump(scope);
    const int64_t newest = number(scope, "SELECT COALESCE(MAX(id), 0) FROM link");
    int64_t link_id;

    join_somebody(scope, random);
    link_id = number(scope, "SELECT COALESCE(MAX(id), 0) FROM link");
    if (link_id == newest)
        return;
    check_partition(scope);
    CHECK_OK(identity_undo_link(scope, link_id));
    CHECK(text_equal(dump(scope), before));
}

TEST(the_partition_is_that_of_the_live_links_after_any_history) {
    struct resolver *resolver = resolver_new();
    struct profiles *profiles = profiles_new();
    struct random random = {.state = 20260701};

    test_store(scope);
    CHECK_OK(ledger_begin(scope));
    for (int step = 1; step <= 1500; step++) {
        const size_t dice = random_below(&random, 100);
        const int64_t import_id = 1 + step / 200;
        int64_t link_id;

        CHECK_OK(resolver_begin(scope, resolver));
        if (dice < 50) {
            see_something(scope, resolver, &random, import_id, true, 1000000 + step);
        } else if (dice < 65) {
            say_something(scope, profiles, &random, import_id);
        } else if (dice < 68) {
            join_somebody(scope, &random);
        } else if (dice < 76) {
            join_and_undo(scope, &random);
        } else if ((link_id = some_live_link(scope, &random)) != 0) {
            CHECK_OK(identity_undo_link(scope, link_id));
        }
        check_partition(scope);
        check_rows(scope);
    }
    ledger_rollback(scope);
    resolver_free(resolver);
    profiles_free(profiles);
}

// ---- taking an import back ----

static void import_something(struct scope *scope, uint64_t seed, int64_t import_id) {
    struct resolver *resolver = resolver_new();
    struct random random = {.state = seed * 1000 + (uint64_t)import_id};

    CHECK_OK(resolver_begin(scope, resolver));
    for (int i = 0; i < 12; i++)
        see_something(scope, resolver, &random, import_id, false, import_id * 1000 + i);
    resolver_free(resolver);
}

// Who is together with whom, without ids: each identifier and the first one of its customer.
static struct text who_is_who(struct scope *scope) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct text all = TEXT("");

    CHECK_OK(ledger_query(
        scope,
        "WITH member AS (SELECT i.kind * 10 + CAST(SUBSTR(i.value, 6) AS BIGINT) AS label, "
        "i.import_id, COALESCE(a.customer, i.origin) AS customer, i.id "
        "FROM identifier i LEFT JOIN alias a ON a.origin = i.origin) "
        "SELECT m.label, (SELECT MIN(o.label) FROM member o WHERE o.customer = m.customer), "
        "m.import_id, "
        "(SELECT COUNT(*) FROM sale s WHERE s.identifier_id = m.id) FROM member m ORDER BY m.label",
        NO_BINDS, &rows));
    while (rows_next(rows))
        all = text_printf(&scope->arena, "%.*s%.*s with %.*s of %.*s sales %.*s\n", TEXT_ARG(all),
                          TEXT_ARG(rows_text(rows, 0)), TEXT_ARG(rows_text(rows, 1)),
                          TEXT_ARG(rows_text(rows, 2)), TEXT_ARG(rows_text(rows, 3)));
    CHECK_OK(rows_end(rows));
    return all;
}

TEST(an_import_taken_back_leaves_who_is_who_as_without_it) {
    test_store(scope);
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct text expected;

        CHECK_OK(ledger_begin(scope));
        import_something(scope, seed, 1);
        import_something(scope, seed, 3);
        expected = who_is_who(scope);
        ledger_rollback(scope);

        CHECK_OK(ledger_begin(scope));
        import_something(scope, seed, 1);
        import_something(scope, seed, 2);
        import_something(scope, seed, 3);
        CHECK_OK(ledger_exec(scope, "DELETE FROM sale WHERE import_id = 2", NO_BINDS));
        CHECK_OK(profile_undo_import(scope, 2));
        CHECK_OK(identity_undo_import(scope, 2));
        check_partition(scope);
        check_rows(scope);
        CHECK_TEXT(who_is_who(scope), text_string(&scope->arena, expected));
        CHECK_INT(number(scope, "SELECT COUNT(*) FROM customer WHERE import_id = 2"), 0);
        ledger_rollback(scope);
    }
}
