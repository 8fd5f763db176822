// SPDX-License-Identifier: Apache-2.0
// A customer's day as three systems tell it to a running server: the mailer, the web shop's tag and
// the shop's till, which calls a webhook of its own form or speaks the tracking API with the `pos`
// extension. They click on a link in an e-mail, browse, order with click-and-collect, fetch
// the order in the shop, where the code is scanned with their card, and bring one article back a
// week later. One customer, one timeline; then what tied the web to the shop is undone, and both
// histories are as they were.
#include "base/base64.h"
#include "base/json.h"
#include "base/time.h"
#include "plug/inbound/signature.h"
#include "tests/program.h"
#include "web/server_testing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ANNA "anna@example.org"
#define CARD "600001"

struct company {
    struct scope *scope;
    uint16_t port;
    struct text mailer, shop; // write keys
    bool till_calls_hook;
    struct text till_address, till_secret; // of its webhook
    struct text till;                      // its write key otherwise
    int receipts;                          // told so far
};

struct receipt {
    const char *number, *at, *article;
    int pieces;
    const char *price;
    const char *code;    // scanned with the card; NULL: none
    const char *returns; // the receipt that it takes back; NULL: it is a sale
};

// ---- what people type ----

static struct json *command(struct scope *scope, const char *words) {
    const struct program_result result =
        run_program(scope, arena_printf(&scope->arena, "%s --format json", words), TEXT(""));
    struct json *json = NULL;

    if (result.exit_code != 0)
        test_fail(__FILE__, __LINE__, "%s: %.*s", words, TEXT_ARG(result.err));
    CHECK_OK(json_parse(scope, result.out, &json));
    return json;
}

static struct text member(const struct json *object, const char *name) {
    return json_member(object, name)->string;
}

static void add_hook(struct company *company) {
    static const char mapping[] =
        "{\"kind\": \"sales\", \"source\": \"till\", \"fields\": {\"receipt\": \"number\", "
        "\"sold_at\": \"at\", \"product\": \"article\", \"quantity\": \"pieces\", \"unit_price\": "
        "\"price\", \"refund_of\": \"returns\", \"loyalty_card\": \"card\", \"pickup_code\": "
        "\"code\", \"cashier\": \"cashier\", \"kind\": \"kind\"}, \"constants\": {\"store\": "
        "\"Leeds\", \"currency\": \"GBP\", \"channel\": \"store\"}}";
    struct scope *scope = company->scope;
    const char *path = arena_printf(&scope->arena, "%s/till.json", test_folder(scope));
    FILE *file = fopen(path, "w");
    struct json *till;

    CHECK(file && fputs(mapping, file) >= 0 && fclose(file) == 0);
    till = command(scope, arena_printf(&scope->arena, "hook add till --mapping %s", path));
    company->till_address = member(till, "address");
    company->till_secret = member(till, "secret");
}

static struct company found(struct scope *scope, bool till_calls_hook) {
    struct company company = {
        .scope = scope, .port = serve_program(scope, "")->port, .till_calls_hook = till_calls_hook};

    company.mailer = member(command(scope, "source add mailer --type server"), "key");
    company.shop = member(command(scope, "source add shop --type website"), "key");
    if (till_calls_hook)
        add_hook(&company);
    else
        company.till = member(command(scope, "source add till --type till"), "key");
    return company;
}

// ---- what systems tell ----

static struct test_answer post(struct company *company, struct text path, const char *fields,
                               const char *body) {
    const struct text request =
        text_printf(&company->scope->arena,
                    "POST %.*s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                    "Content-Type: application/json\r\nContent-Length: %zu\r\n%s\r\n%s",
                    TEXT_ARG(path), strlen(body), fields, body);

    return test_ask(company->scope, company->port, request);
}

// An event by the tracking API. A new key counts within a second.
static void tell(struct company *company, struct text key, const char *path, const char *body) {
    struct scope *scope = company->scope;
    const struct text basic = base64_encode(
        &scope->arena, text_printf(&scope->arena, "%.*s:", TEXT_ARG(key)), BASE64_STANDARD);
    const char *fields =
        arena_printf(&scope->arena, "Authorization: Basic %.*s\r\n", TEXT_ARG(basic));
    struct test_answer answer = post(company, text_of(path), fields, body);

    for (int i = 0; i < 100 && answer.status == 401; i++) {
        usleep(50000);
        answer = post(company, text_of(path), fields, body);
    }
    if (answer.status != 200)
        test_fail(__FILE__, __LINE__, "%d: %.*s", answer.status, TEXT_ARG(answer.body));
}

static void write_member(struct json_writer *writer, const char *name, const char *value) {
    if (!value)
        return;
    json_key(writer, name);
    json_write_string(writer, value);
}

static const char *text_of_buffer(struct scope *scope, const struct buffer *buffer) {
    return text_string(&scope->arena, buffer_text(buffer));
}

// In the till's own words, which the webhook's mapping knows.
static const char *own_words(struct scope *scope, const struct receipt *receipt) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;

    json_writer_init(&writer, &out);
    json_begin_object(&writer);
    write_member(&writer, "number", receipt->number);
    write_member(&writer, "kind", receipt->returns ? "refund" : "sale");
    write_member(&writer, "at", receipt->at);
    write_member(&writer, "article", receipt->article);
    json_key(&writer, "pieces");
    json_write_int64(&writer, receipt->pieces);
    write_member(&writer, "price", receipt->price);
    write_member(&writer, "card", CARD);
    write_member(&writer, "code", receipt->code);
    write_member(&writer, "returns", receipt->returns);
    write_member(&writer, "cashier", "Mia");
    json_end_object(&writer);
    return text_of_buffer(scope, &out);
}

static void write_external_id(struct json_writer *writer, const char *type, const char *id) {
    json_begin_object(writer);
    write_member(writer, "type", type);
    write_member(writer, "id", id);
    json_end_object(writer);
}

static void write_properties(struct json_writer *writer, const struct receipt *receipt) {
    json_begin_object(writer);
    write_member(writer, "order_id", receipt->returns);
    write_member(writer, "currency", "GBP");
    json_key(writer, "pos");
    json_begin_object(writer);
    write_member(writer, "receipt", receipt->number);
    write_member(writer, "store", "Leeds");
    write_member(writer, "till", "3");
    write_member(writer, "cashier", "Mia");
    json_end_object(writer);
    json_key(writer, "products");
    json_begin_array(writer);
    json_begin_object(writer);
    write_member(writer, "product_id", receipt->article);
    write_member(writer, "price", receipt->price);
    json_key(writer, "quantity");
    json_write_int64(writer, receipt->pieces);
    write_member(writer, "vat_rate", "20");
    json_end_object(writer);
    json_end_array(writer);
    json_end_object(writer);
}

// As docs/collect.md has it for tills.
static const char *pos_words(struct scope *scope, const struct receipt *receipt) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;

    json_writer_init(&writer, &out);
    json_begin_object(&writer);
    write_member(&writer, "messageId", receipt->number);
    write_member(&writer, "timestamp", receipt->at);
    write_member(&writer, "event", receipt->returns ? "Order Refunded" : "Order Completed");
    json_key(&writer, "context");
    json_begin_object(&writer);
    json_key(&writer, "externalIds");
    json_begin_array(&writer);
    write_external_id(&writer, "loyalty_card", CARD);
    if (receipt->code)
        write_external_id(&writer, "pickup_code", receipt->code);
    json_end_array(&writer);
    json_end_object(&writer);
    json_key(&writer, "properties");
    write_properties(&writer, receipt);
    json_end_object(&writer);
    return text_of_buffer(scope, &out);
}

// Signed.
static void call_hook(struct company *company, const char *body) {
    struct scope *scope = company->scope;
    struct signed_message message = {
        .id = text_printf(&scope->arena, "receipt-%d", ++company->receipts),
        .timestamp = text_printf(&scope->arena, "%" PRId64, time_now_us() / US_PER_SECOND),
        .body = text_of(body)};
    const struct text signature =
        signature_make(&scope->arena, SIGNATURE_STANDARD, company->till_secret, &message);
    const struct test_answer answer =
        post(company, company->till_address,
             arena_printf(&scope->arena,
                          "webhook-id: %.*s\r\nwebhook-timestamp: %.*s\r\nwebhook-signature: "
                          "%.*s\r\n",
                          TEXT_ARG(message.id), TEXT_ARG(message.timestamp), TEXT_ARG(signature)),
             body);

    CHECK_TEXT(answer.body,
               "{\"state\":\"taken\",\"accepted\":1,\"duplicate\":0,\"quarantined\":0}");
}

static void ring_up(struct company *company, struct receipt receipt) {
    if (company->till_calls_hook)
        call_hook(company, own_words(company->scope, &receipt));
    else
        tell(company, company->till, "/v1/track", pos_words(company->scope, &receipt));
}

// ---- what is seen ----

static size_t index_of(const struct json *table, const char *name) {
    size_t index = 0;

    for (const struct json *column = json_member(table, "columns")->first; column;
         column = column->next, index++)
        if (text_is(member(column, "name"), name))
            return index;
    test_fail(__FILE__, __LINE__, "there is no column %s", name);
}

static struct text cell(struct scope *scope, const struct json *table, const struct json *row,
                        const char *name) {
    const struct json *value = row->first;

    for (size_t i = index_of(table, name); i > 0; i--)
        value = value->next;
    return value->type == JSON_NULL ? TEXT("-") : json_scalar_text(&scope->arena, value);
}

// "day kind what source", the newest first, one per line.
static const char *timeline(struct scope *scope, const char *customer) {
    const struct json *answer =
        command(scope, arena_printf(&scope->arena, "customer timeline %s", customer));
    const struct json *table = json_member(answer, "timeline");
    const char *all = "";

    for (const struct json *row = json_member(table, "rows")->first; row; row = row->next)
        all = arena_printf(
            &scope->arena, "%s%.5s %.*s %.*s, %.*s\n", all, cell(scope, table, row, "at").data + 5,
            TEXT_ARG(cell(scope, table, row, "kind")), TEXT_ARG(cell(scope, table, row, "what")),
            TEXT_ARG(cell(scope, table, row, "source")));
    return all;
}

static struct text id_of(struct scope *scope, const char *customer) {
    return member(command(scope, arena_printf(&scope->arena, "customer show %s", customer)), "id");
}

// The live link between two kinds of identifiers.
static struct text link_between(struct scope *scope, const char *customer, const char *kind,
                                const char *other) {
    const struct json *answer =
        command(scope, arena_printf(&scope->arena, "identity show %s", customer));
    const struct json *table = json_member(answer, "links");

    for (const struct json *row = json_member(table, "rows")->first; row; row = row->next) {
        const struct text a = cell(scope, table, row, "kind_a"),
                          b = cell(scope, table, row, "kind_b");

        if (text_is(cell(scope, table, row, "undone_at"), "-") &&
            ((text_is(a, kind) && text_is(b, other)) || (text_is(a, other) && text_is(b, kind))))
            return cell(scope, table, row, "id");
    }
    test_fail(__FILE__, __LINE__, "no link between %s and %s", kind, other);
}

#define WEB_DAY                                                                                    \
    "03-01 event Order Completed, shop\n03-01 event Product Viewed, shop\n"                        \
    "03-01 event E-Mail Clicked, shop\n03-01 event E-Mail Sent, mailer\n"

static void order_on_the_web(struct company *company) {
    tell(company, company->mailer, "/v1/track",
         "{\"event\": \"E-Mail Sent\", \"messageId\": \"mail-1\", \"timestamp\": "
         "\"2026-03-01T09:00:00Z\", \"context\": {\"traits\": {\"email\": \"" ANNA
         "\"}, \"externalIds\": [{\"id\": \"m-9f31\", \"type\": \"message\"}]}}");
    tell(company, company->shop, "/v1/track",
         "{\"event\": \"E-Mail Clicked\", \"messageId\": \"web-1\", \"anonymousId\": \"v-1f00aa\", "
         "\"timestamp\": \"2026-03-01T10:00:00Z\", \"context\": {\"externalIds\": [{\"id\": "
         "\"m-9f31\", \"type\": \"message\"}]}}");
    tell(company, company->shop, "/v1/track",
         "{\"event\": \"Product Viewed\", \"messageId\": \"web-2\", \"anonymousId\": \"v-1f00aa\", "
         "\"timestamp\": \"2026-03-01T10:01:00Z\", \"properties\": {\"product_id\": \"TEA\"}}");
    tell(
        company, company->shop, "/v1/track",
        "{\"event\": \"Order Completed\", \"messageId\": \"web-3\", \"anonymousId\": \"v-1f00aa\", "
        "\"userId\": \"17850\", \"timestamp\": \"2026-03-01T10:05:00Z\", \"context\": "
        "{\"externalIds\": [{\"id\": \"CC-771204\", \"type\": \"pickup_code\"}]}, \"properties\": "
        "{\"order_id\": \"W-1\"}}");
}

// A receipt in the timeline; what the tracking API tells is an event as well.
static const char *rung_up(const struct company *company, const char *day, const char *kind,
                           const char *number) {
    const char *event = strcmp(kind, "refund") == 0 ? "Refunded" : "Completed";

    return company->till_calls_hook
               ? arena_printf(&company->scope->arena, "%s %s %s, till\n", day, kind, number)
               : arena_printf(&company->scope->arena, "%s %s %s, till\n%s event Order %s, till\n",
                              day, kind, number, day, event);
}

static void fetch_and_bring_back(struct company *company) {
    ring_up(company, (struct receipt){.number = "R-1",
                                      .at = "2026-03-02T12:00:00Z",
                                      .article = "TEA",
                                      .pieces = 2,
                                      .price = "4.5",
                                      .code = "CC-771204"});
    ring_up(company, (struct receipt){.number = "R-2",
                                      .at = "2026-03-09T12:00:00Z",
                                      .article = "TEA",
                                      .pieces = 1,
                                      .price = "4.5",
                                      .returns = "R-1"});
}

static void live_a_day(struct scope *scope, bool till_calls_hook) {
    struct company company = found(scope, till_calls_hook);
    const char *before = rung_up(&company, "02-10", "sale", "R-0");
    const char *fetched =
        arena_printf(&scope->arena, "%s%s", rung_up(&company, "03-09", "refund", "R-2"),
                     rung_up(&company, "03-02", "sale", "R-1"));
    struct text web, shop;

    ring_up(&company, (struct receipt){.number = "R-0",
                                       .at = "2026-02-10T12:00:00Z",
                                       .article = "CUP",
                                       .pieces = 1,
                                       .price = "7.25"});
    order_on_the_web(&company);
    web = id_of(scope, ANNA);
    shop = id_of(scope, CARD);
    CHECK(!text_equal(web, shop));
    CHECK_STRING(timeline(scope, ANNA), WEB_DAY);
    CHECK_STRING(timeline(scope, CARD), before);
    CHECK_TEXT(id_of(scope, "17850"), text_string(&scope->arena, web));

    // The cashier scans the code and the card.
    fetch_and_bring_back(&company);
    CHECK_TEXT(id_of(scope, CARD), text_string(&scope->arena, id_of(scope, ANNA)));
    CHECK_STRING(timeline(scope, ANNA),
                 arena_printf(&scope->arena, "%s%s%s", fetched, WEB_DAY, before));

    // What was fetched and brought back is the card's, which was there both times.
    command(scope,
            arena_printf(&scope->arena, "customer undo-link %.*s",
                         TEXT_ARG(link_between(scope, CARD, "loyalty_card", "pickup_code"))));
    CHECK_TEXT(id_of(scope, ANNA), text_string(&scope->arena, web));
    CHECK_TEXT(id_of(scope, CARD), text_string(&scope->arena, shop));
    CHECK_STRING(timeline(scope, ANNA), WEB_DAY);
    CHECK_STRING(timeline(scope, CARD), arena_printf(&scope->arena, "%s%s", fetched, before));
}

TEST(a_day_in_the_life_is_one_timeline_until_its_link_is_undone) {
    live_a_day(scope, true);
}

TEST(a_day_in_the_life_with_a_till_that_speaks_the_tracking_api_is_the_same) {
    live_a_day(scope, false);
}
