// SPDX-License-Identifier: Apache-2.0
#include "analyze/segment/stream_testing.h"

#include "analyze/segment/segment.h"
#include "base/time.h"
#include "govern/consent/consent.h"
#include "host/event/event.h"
#include "host/sale/sale.h"
#include "store/ledger.h"

enum { PEOPLE = 40 };

void test_stream_close(struct test_stream *stream) {
    resolver_free(stream->resolver);
    profiles_free(stream->profiles);
}

uint32_t test_draw(struct test_stream *stream, uint32_t below) {
    return random_below(&stream->random, below);
}

// ---- what happens ----

struct resolution test_somebody(struct test_stream *stream) {
    struct scope *scope = stream->scope;
    const struct sighted who = {
        test_draw(stream, 3) ? IDENTIFIER_COOKIE : IDENTIFIER_EMAIL, TEXT(""),
        text_printf(&scope->arena, "p%u@example.org", test_draw(stream, PEOPLE))};
    const struct sighting sighting = {.identifiers = &who,
                                      .count = 1,
                                      .import_id = stream->import_id,
                                      .seen_at_us = scope->now_us,
                                      .evidence = TEXT("a test"),
                                      .source = TEXT("web")};
    struct resolution resolution = {0};

    CHECK_OK(resolver_resolve(scope, stream->resolver, &sighting, &resolution));
    return resolution;
}

static int64_t some_instant(struct test_stream *stream) {
    return stream->scope->now_us +
           ((int64_t)test_draw(stream, 20) - 17) * US_PER_DAY; // later ones, too
}

struct text test_next_key(struct test_stream *stream) {
    return text_printf(&stream->scope->arena, "k%d", stream->number++);
}

static void put_event(struct test_stream *stream) {
    struct change_run run = {.table = CHANGE_EVENT};
    struct scope *scope = stream->scope;
    const struct resolution who = test_somebody(stream);
    const struct event_row row = {.source = TEXT("web"),
                                  .key = test_next_key(stream),
                                  .identifier_id = who.identifier_id,
                                  .origin = who.origin,
                                  .at_us = some_instant(stream),
                                  .name = test_draw(stream, 2) ? TEXT("opened") : TEXT("clicked")};
    bool added;

    CHECK_OK(event_add(scope, &run, stream->import_id, &row, &added));
    CHECK_OK(change_run_announce(scope, &run));
}

static void put_consent(struct test_stream *stream) {
    struct change_run run = {.table = CHANGE_CONSENT};
    struct scope *scope = stream->scope;
    const struct resolution who = test_somebody(stream);
    const struct consent_row row = {
        .source = TEXT("web"),
        .key = test_next_key(stream),
        .identifier_id = who.identifier_id,
        .origin = who.origin,
        .purpose = TEXT("newsletter"),
        .channel = TEXT("email"),
        .state = (enum consent_state)(CONSENT_GRANTED + test_draw(stream, 3)),
        .at_us = some_instant(stream)};
    bool added;

    CHECK_OK(consent_add(scope, &run, stream->import_id, &row, &added));
    CHECK_OK(change_run_announce(scope, &run));
}

static int64_t product(struct test_stream *stream, uint32_t number) {
    static const struct text categories[] = {{"Tea", 3}, {"Coffee", 6}};
    const struct profile_field field = {TEXT("category"), categories[test_draw(stream, 2)]};
    struct scope *scope = stream->scope;
    enum profile_effect effect;
    int64_t id;

    CHECK_OK(profiles_put_code(scope, stream->profiles, PROFILE_PRODUCT,
                               text_printf(&scope->arena, "P%u", number), stream->import_id,
                               SAID_OF_IT, &field, 1, &id, &effect));
    return id;
}

static void put_sale(struct test_stream *stream) {
    struct scope *scope = stream->scope;
    struct sale_writer *writer = sale_writer_new(stream->import_id, true);
    const struct resolution who = test_somebody(stream);
    const int64_t gross = (1 + test_draw(stream, 40)) * INT64_C(1000000);
    const struct sale_row row = {.source = TEXT("till"),
                                 .number = text_printf(&scope->arena, "R%u", test_draw(stream, 60)),
                                 .sold_at_us = some_instant(stream),
                                 .currency = TEXT("EUR"),
                                 .identifier_id = who.identifier_id,
                                 .origin = who.origin,
                                 .product_id = product(stream, test_draw(stream, 4)),
                                 .quantity_micros = 1000000,
                                 .unit_price_micros = gross,
                                 .vat_rate_bp = -1,
                                 .net_micros = gross,
                                 .gross_micros = gross};
    enum sale_effect effect;

    CHECK_OK(sale_writer_add(scope, writer, &row, &effect));
    CHECK_OK(sale_writer_flush(scope, writer));
    sale_writer_free(writer);
}

static void put_attribute(struct test_stream *stream) {
    static const struct text countries[] = {{"France", 6}, {"Spain", 5}};
    const struct profile_field field = {TEXT("country"), countries[test_draw(stream, 2)]};
    struct scope *scope = stream->scope;
    enum profile_effect effect;

    CHECK_OK(profiles_put_customer(scope, stream->profiles, test_somebody(stream).origin,
                                   stream->import_id, SAID_OF_IT, &field, 1, &effect));
}

static void join(struct test_stream *stream) {
    struct scope *scope = stream->scope;
    const int64_t one = test_somebody(stream).customer, other = test_somebody(stream).customer;

    if (one == other || stream->link_count == TEST_LINKS_MOST)
        return;
    CHECK_OK(identity_join(scope, one, other, TEXT("a test"), &stream->links[stream->link_count]));
    stream->link_count++;
}

static void undo(struct test_stream *stream) {
    struct scope *scope = stream->scope;

    if (stream->link_count > 0)
        CHECK_OK(identity_undo_link(scope, stream->links[--stream->link_count]));
}

static void happen(struct test_stream *stream) {
    switch (test_draw(stream, 16)) {
    case 0:
        join(stream);
        return;
    case 1:
        undo(stream);
        return;
    case 2:
        product(stream, test_draw(stream, 4));
        return;
    case 3:
    case 4:
        put_attribute(stream);
        return;
    case 5:
    case 6:
        put_consent(stream);
        return;
    case 7:
    case 8:
    case 9:
        put_sale(stream);
        return;
    default:
        put_event(stream);
    }
}

// What a withdrawn import does, in its order.
void test_take_back(struct test_stream *stream, int64_t import_id) {
    struct scope *scope = stream->scope;

    CHECK_OK(sale_undo_import(scope, import_id));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(event_undo_import(scope, import_id));
    CHECK_OK(consent_undo_import(scope, import_id));
    CHECK_OK(profile_undo_import(scope, import_id));
    CHECK_OK(identity_undo_import(scope, import_id));
    CHECK_OK(ledger_commit(scope));
    resolver_forget(stream->resolver);
    profiles_forget(stream->profiles);
    stream->link_count = 0; // some of them are gone
}

void test_define(struct scope *scope, const char *name, const char *definition) {
    struct json *json;

    CHECK_OK(json_parse(scope, text_of(definition), &json));
    CHECK_OK(segment_create(scope, text_of(name), TEXT(""), json));
}

void test_stream_begin(struct scope *scope, struct test_stream *stream, uint64_t seed) {
    test_store(scope);
    scope->now_us = time_now_us();
    *stream = (struct test_stream){.scope = scope,
                                   .random = random_stream(11, 3, seed),
                                   .resolver = resolver_new(),
                                   .profiles = profiles_new(),
                                   .import_id = store_new_id(scope)};
}

void test_happen(struct test_stream *stream, uint32_t count) {
    struct scope *scope = stream->scope;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(resolver_begin(scope, stream->resolver));
    for (uint32_t i = 0; i < count; i++)
        happen(stream);
    CHECK_OK(ledger_commit(scope));
}

void test_open_mail(struct test_stream *stream) {
    struct change_run run = {.table = CHANGE_EVENT};
    struct scope *scope = stream->scope;
    struct event_row row = {.source = TEXT("web"), .name = TEXT("opened"), .at_us = scope->now_us};
    struct resolution who;
    bool added;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(resolver_begin(scope, stream->resolver));
    who = test_somebody(stream);
    row.identifier_id = who.identifier_id;
    row.origin = who.origin;
    row.key = test_next_key(stream);
    CHECK_OK(event_add(scope, &run, stream->import_id, &row, &added));
    CHECK_OK(change_run_announce(scope, &run));
    CHECK_OK(ledger_commit(scope));
}
