// SPDX-License-Identifier: Apache-2.0
// The identity explorer's handlers: the graph, previews that change nothing, decisions.
#include "host/identity/identity_http.h"

#include "govern/access/access.h"
#include "govern/consent/consent.h"
#include "store/ledger.h"
#include "store/store_testing.h"

#include <inttypes.h>

// A request's answer as text; its failure stays in the scope until the next.
static code ask(struct scope *scope, handler handle, int64_t id, const char *body,
                const char **ret_answer) {
    const struct request_parameter parameters[] = {
        {TEXT("id"), text_printf(&scope->arena, "%" PRId64, id)}};
    struct request request = {.parameters = parameters,
                              .parameter_count = id != 0,
                              .path_parameter_count = id != 0,
                              .route_parameters =
                                  handle == identity_http_conflicts ? identity_conflicts_parameters
                                  : handle == identity_http_guards  ? identity_guards_parameters
                                                                    : identity_show_parameters};
    CLEANUP(response_clear) struct response response;
    struct json *json = NULL;
    code result;

    scope_forgive(scope);
    if (body)
        CHECK_OK(json_parse(scope, text_of(body), &json));
    request.body = json;
    response_init(&response);
    result = handle(scope, &request, &response);
    if (ret_answer)
        *ret_answer =
            text_string(&scope->arena, text_copy(&scope->arena, buffer_text(&response.body)));
    return result;
}

static bool says(const char *answer, const char *part) {
    return strstr(answer, part) != NULL;
}

struct person {
    int64_t origin, email_id, card_id;
};

static struct person add_person(struct scope *scope, const char *name) {
    const struct sighted identifiers[] = {
        {IDENTIFIER_EMAIL, TEXT(""), text_printf(&scope->arena, "%s@example.org", name)},
        {IDENTIFIER_LOYALTY_CARD, TEXT(""), text_printf(&scope->arena, "card-%s", name)},
    };
    struct resolver *resolver = resolver_new();
    struct resolution resolution = {0};
    struct person person;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(resolver_begin(scope, resolver));
    CHECK_OK(resolver_resolve(scope, resolver,
                              &(struct sighting){.identifiers = identifiers,
                                                 .count = 2,
                                                 .import_id = 1,
                                                 .seen_at_us = 5000000,
                                                 .evidence = TEXT("message m-1"),
                                                 .source = TEXT("web shop"),
                                                 .reason = "identify"},
                              &resolution));
    CHECK_OK(ledger_commit(scope));
    resolver_free(resolver);
    person = (struct person){.origin = resolution.origin, .email_id = resolution.identifier_id};
    CHECK_OK(ledger_int64(scope, "SELECT MAX(id) FROM identifier", NO_BINDS, 0, &person.card_id));
    return person;
}

static void add_sale(struct scope *scope, const struct person *who, int64_t id, int64_t micros) {
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, currency,"
        " identifier_id, origin, net_micros, vat_micros, gross_micros, discount_micros, line_count)"
        " VALUES ($1, 1, 'till', CAST($1 AS TEXT), 1, $1, 'EUR', $2, $3, $4, 0, $4, 0, 1)",
        BINDS(BIND_INT64(id), BIND_INT64(who->card_id), BIND_INT64(who->origin),
              BIND_INT64(micros))));
}

static void add_consent(struct scope *scope, const struct person *who, int64_t id,
                        const char *purpose, const char *state) {
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO consent (id, import_id, seen_import, source, consent_key, identifier_id,"
        " origin, purpose, channel, state, at_us) VALUES ($1, 1, 1, 't', CAST($1 AS TEXT), $2, $3,"
        " $4, 'email', $5, $1)",
        BINDS(BIND_INT64(id), BIND_INT64(who->email_id), BIND_INT64(who->origin),
              BIND_STRING(purpose), BIND_STRING(state))));
}

static int64_t join(struct scope *scope, const struct person *a, const struct person *b) {
    int64_t link_id = 0;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(identity_join(scope, a->origin, b->origin, TEXT("same name and address"), &link_id));
    CHECK_OK(ledger_commit(scope));
    return link_id;
}

// Everything that a preview must leave as it is.
static const char *dump(struct scope *scope) {
    return arena_printf(&scope->arena, "%s\n%s\n%s\n%s\n%s\n%s",
                        test_ledger_rows(scope, "SELECT id, origin FROM identifier ORDER BY 1"),
                        test_ledger_rows(scope, "SELECT id, undone_at_us FROM link ORDER BY 1"),
                        test_ledger_rows(scope, "SELECT origin, customer FROM alias ORDER BY 1"),
                        test_ledger_rows(scope, "SELECT id FROM customer ORDER BY 1"),
                        test_ledger_rows(scope, "SELECT id, origin FROM sale ORDER BY 1"),
                        test_ledger_rows(scope, "SELECT epoch FROM identity_epoch"));
}

TEST(the_graph_says_of_every_edge_why_it_is_and_masks_what_it_is_between) {
    struct person anna;
    const char *answer;

    test_store(scope);
    anna = add_person(scope, "anna");
    add_sale(scope, &anna, 1, 5000000);
    CHECK_OK(ask(scope, identity_http_show, anna.origin, NULL, &answer));
    CHECK(says(answer, "\"identify\",\"web shop\",\"message m-1\",\"1970-01-01T00:00:05Z\""));
    CHECK(says(answer, "a…@example.org"));
    CHECK(!says(answer, "anna@example.org"));
}

TEST(the_preview_of_a_join_shows_both_sides_and_changes_nothing) {
    struct person anna, ben;
    const char *answer, *before;

    test_store(scope);
    anna = add_person(scope, "anna");
    ben = add_person(scope, "ben");
    add_sale(scope, &anna, 1, 5000000);
    add_sale(scope, &ben, 2, 7250000);
    add_consent(scope, &anna, 3, "newsletter", "withdrawn");
    add_consent(scope, &ben, 4, "newsletter", "granted");
    before = dump(scope);
    CHECK_OK(ask(scope, identity_http_join_preview, anna.origin, "{\"other\": \"ben@example.org\"}",
                 &answer));
    CHECK_STRING(dump(scope), before);
    CHECK(says(answer, "[\"a\",\"EUR\",1,5]"));
    CHECK(says(answer, "[\"b\",\"EUR\",1,7.25]"));
    CHECK(says(answer, "[\"newsletter\",\"email\",\"withdrawn\",\"granted\",\"withdrawn\"]"));
    CHECK(!says(answer, "\"refusal\""));
    CHECK_CODE(ask(scope, identity_http_join_preview, anna.origin,
                   "{\"other\": \"anna@example.org\"}", NULL),
               CONFLICT);
}

TEST(the_preview_of_an_undo_shows_what_is_cut_off_and_is_what_the_undo_does) {
    struct person anna, ben;
    const char *answer, *before;
    int64_t link_id;

    test_store(scope);
    anna = add_person(scope, "anna");
    ben = add_person(scope, "ben");
    add_sale(scope, &ben, 2, 7250000);
    link_id = join(scope, &anna, &ben);
    before = dump(scope);
    CHECK_OK(ask(scope, identity_http_undo_preview, link_id, NULL, &answer));
    CHECK_STRING(dump(scope), before);
    CHECK(says(answer, "\"separated\":true"));
    CHECK(says(answer, arena_printf(&scope->arena, "\"customer_b\":\"%" PRId64 "\"", ben.origin)));
    CHECK(says(answer, "[\"b\",\"EUR\",1,7.25]"));
    CHECK_CODE(ask(scope, identity_http_undo_preview, 5, NULL, NULL), NOT_FOUND);
}

TEST(blocking_and_releasing_need_a_reason_and_are_in_the_audit_log) {
    struct person anna;
    const char *answer;

    test_store(scope);
    anna = add_person(scope, "anna");
    CHECK_CODE(ask(scope, identity_http_block, anna.email_id, "{\"why\": \" \"}", NULL), INVALID);
    CHECK_CODE(ask(scope, identity_http_block, 5, "{\"why\": \"x\"}", NULL), NOT_FOUND);
    CHECK_OK(ask(scope, identity_http_block, anna.email_id, "{\"why\": \"the shop's\"}", &answer));
    CHECK(says(answer, "\"links_undone\":1"));
    CHECK_OK(ask(scope, identity_http_guards, 0, NULL, &answer));
    CHECK(says(answer, "\"blocked\",\"the shop's\""));
    CHECK_OK(ask(scope, identity_http_release, anna.email_id, "{\"why\": \"hers\"}", &answer));
    CHECK_STRING(test_ledger_rows(scope, "SELECT action FROM audit ORDER BY id"),
                 "identifier.block\nidentifier.release");
}

TEST(conflicts_are_listed_until_they_are_decided) {
    const char *answer;
    int64_t conflict;

    test_store(scope);
    for (int i = 0; i < 7; i++) {
        const struct sighted identifiers[] = {
            {IDENTIFIER_EMAIL, TEXT(""), TEXT("anna@example.org")},
            {IDENTIFIER_LOYALTY_CARD, TEXT(""), text_printf(&scope->arena, "card-%d", i)},
        };
        struct resolver *resolver = resolver_new();
        struct resolution resolution;

        CHECK_OK(ledger_begin(scope));
        CHECK_OK(resolver_begin(scope, resolver));
        CHECK_OK(resolver_resolve(
            scope, resolver,
            &(struct sighting){.identifiers = identifiers, .count = 2, .import_id = 1},
            &resolution));
        CHECK_OK(ledger_commit(scope));
        resolver_free(resolver);
    }
    CHECK_OK(ask(scope, identity_http_conflicts, 0, NULL, &answer));
    CHECK(says(answer, "\"row_count\":2"));
    CHECK_OK(ledger_int64(scope, "SELECT MIN(id) FROM identity_conflict", NO_BINDS, 0, &conflict));
    CHECK_OK(ask(scope, identity_http_decide, conflict,
                 "{\"decision\": \"kept_apart\", \"why\": \"her brother's\"}", NULL));
    CHECK_OK(ask(scope, identity_http_conflicts, 0, NULL, &answer));
    CHECK(says(answer, "\"row_count\":1"));
    CHECK_CODE(ask(scope, identity_http_decide, conflict,
                   "{\"decision\": \"joined\", \"why\": \"hers\"}", NULL),
               CONFLICT);
}

// ---- joins never widen consent ----

enum { PEOPLE = 6, STEPS = 600 };
static const char *const purposes[] = {"newsletter", "profiling"};

static bool allows(struct scope *scope, int64_t customer, const char *purpose) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool allowed = false;

    CHECK_OK(consent_held(scope, customer, &rows));
    while (rows_next(rows))
        if (text_is(rows_text(rows, 0), purpose))
            allowed = text_is(rows_text(rows, 2), "granted");
    CHECK_OK(rows_end(rows));
    return allowed;
}

// Beside a plain slow model that knows of each two people since when they are one customer.
struct said {
    size_t person, purpose;
    int64_t at_us;
    bool is_granted;
};

struct model {
    struct person people[PEOPLE];
    int64_t customer_of[PEOPLE];
    int64_t together_us[PEOPLE][PEOPLE]; // of those who are
    struct said said[STEPS];
    size_t said_count;
};

static void follow(struct scope *scope, struct model *model) {
    for (size_t i = 0; i < PEOPLE; i++) {
        const int64_t before = model->customer_of[i];

        CHECK_OK(identity_customer_of(scope, model->people[i].origin, &model->customer_of[i]));
        if (before == model->customer_of[i])
            continue;
        for (size_t k = 0; k < PEOPLE; k++)
            if (k != i && model->together_us[i][k] == 0)
                model->together_us[i][k] = model->together_us[k][i] = scope->now_us;
    }
    for (size_t i = 0; i < PEOPLE; i++)
        for (size_t k = 0; k < PEOPLE; k++)
            if (model->customer_of[i] != model->customer_of[k])
                model->together_us[i][k] = 0;
            else if (i != k && model->together_us[i][k] == 0)
                model->together_us[i][k] = scope->now_us;
}

// The last that holds for a person: said by itself, or by another when both were one already. NULL:
// it said nothing itself.
static const struct said *last_said(const struct model *model, size_t person, size_t purpose) {
    const struct said *last = NULL;
    bool has_spoken = false;

    for (size_t i = 0; i < model->said_count; i++) {
        const struct said *said = &model->said[i];
        const int64_t together_us = model->together_us[person][said->person];

        if (said->purpose != purpose)
            continue;
        has_spoken |= said->person == person;
        if (said->person == person || (together_us > 0 && said->at_us > together_us))
            last = said;
    }
    return has_spoken ? last : NULL;
}

// What one of them refused, and the whole has not allowed since, is allowed of no customer.
static void check_no_wider(struct scope *scope, const struct model *model) {
    for (size_t i = 0; i < PEOPLE; i++)
        for (size_t purpose = 0; purpose < 2; purpose++) {
            const struct said *last = last_said(model, i, purpose);

            if (last && !last->is_granted)
                CHECK(!allows(scope, model->customer_of[i], purposes[purpose]));
        }
}

static void say(struct scope *scope, struct model *model, size_t person, size_t purpose,
                const char *state) {
    add_consent(scope, &model->people[person], scope->now_us, purposes[purpose], state);
    model->said[model->said_count++] = (struct said){.person = person,
                                                     .purpose = purpose,
                                                     .at_us = scope->now_us,
                                                     .is_granted = strcmp(state, "granted") == 0};
    CHECK(allows(scope, model->customer_of[person], purposes[purpose]) ==
          (strcmp(state, "granted") == 0));
}

TEST(random_joins_and_undos_never_allow_what_one_refused_and_the_whole_did_not_allow_since) {
    static const char *const states[] = {"granted", "denied", "withdrawn"};
    struct model model = {0};
    int64_t links[STEPS];
    size_t link_count = 0;
    uint64_t random = 20111126;

    test_store(scope);
    for (size_t i = 0; i < PEOPLE; i++)
        model.people[i] = add_person(scope, arena_printf(&scope->arena, "p%zu", i));
    for (int64_t step = 0; step < STEPS; step++) {
        const size_t a = (random >> 33) % PEOPLE, b = (random >> 40) % PEOPLE;
        const size_t purpose = (random >> 50) % 2, state = (random >> 52) % 3;

        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        scope->now_us = 1000 + step;
        follow(scope, &model);
        if (step % 3 == 0) {
            say(scope, &model, a, purpose, states[state]);
        } else if (model.customer_of[a] != model.customer_of[b]) {
            links[link_count++] = join(scope, &model.people[a], &model.people[b]);
        } else if (link_count > 0) {
            CHECK_OK(ledger_begin(scope));
            CHECK_OK(identity_undo_link(scope, links[--link_count]));
            CHECK_OK(ledger_commit(scope));
        }
        follow(scope, &model);
        check_no_wider(scope, &model);
    }
    CHECK(link_count > 0);
}

TEST(what_the_joined_customer_allows_again_holds_and_is_forgotten_with_the_join) {
    struct person anna, ben;
    int64_t customer, link_id;

    test_store(scope);
    anna = add_person(scope, "anna");
    ben = add_person(scope, "ben");
    scope->now_us = 1000;
    add_consent(scope, &anna, 900, "newsletter", "denied");
    add_consent(scope, &ben, 910, "newsletter", "granted");
    link_id = join(scope, &anna, &ben);
    CHECK_OK(identity_customer_of(scope, ben.origin, &customer));
    CHECK(!allows(scope, customer, "newsletter"));
    add_consent(scope, &ben, 999, "newsletter", "granted"); // heard of late: it was before
    CHECK(!allows(scope, customer, "newsletter"));
    add_consent(scope, &ben, 1001, "newsletter", "granted");
    CHECK(allows(scope, customer, "newsletter"));
    add_consent(scope, &anna, 1002, "newsletter", "withdrawn");
    CHECK(!allows(scope, customer, "newsletter"));
    add_consent(scope, &anna, 1003, "newsletter", "granted");
    CHECK(allows(scope, customer, "newsletter"));
    add_consent(scope, &ben, 1004, "newsletter", "withdrawn");
    CHECK(!allows(scope, customer, "newsletter"));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(identity_undo_link(scope, link_id));
    CHECK_OK(ledger_commit(scope));
    CHECK(allows(scope, anna.origin, "newsletter"));
    CHECK(!allows(scope, ben.origin, "newsletter"));
}
