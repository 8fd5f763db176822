// SPDX-License-Identifier: Apache-2.0
#include "plug/collect/message.h"

#include "base/test.h"
#include "base/time.h"

static struct message read_of(struct scope *scope, const struct sender *sender, const char *json) {
    struct message_context context = {.sender = sender,
                                      .received_at_us = INT64_C(1700000000000000)};
    struct message message;
    struct json *tree;

    CHECK_OK(zone_open(scope, TEXT("UTC"), &context.zone));
    CHECK_OK(json_parse(scope, text_of(json), &tree));
    message_read(&scope->arena, &context, tree, MESSAGE_TYPE_COUNT, &message);
    zone_free(context.zone);
    return message;
}

static struct message read(struct scope *scope, enum sender_type type, const char *json) {
    const struct sender sender = {.name = TEXT("shop"), .type = type};

    return read_of(scope, &sender, json);
}

TEST(a_wrong_clock_is_corrected_and_nothing_happens_in_the_future) {
    const int64_t received = INT64_C(1700000000000000), hour = 3600 * US_PER_SECOND;

    (void)scope;
    CHECK_INT(message_corrected_us(received - hour, 0, received), received - hour);
    // Two hours ahead; it happened ten seconds before it was sent.
    CHECK_INT(message_corrected_us(received + 2 * hour - 10 * US_PER_SECOND, received + 2 * hour,
                                   received),
              received - 10 * US_PER_SECOND);
    CHECK_INT(message_corrected_us(received + hour, 0, received), received);
    CHECK_INT(message_corrected_us(received, received - hour, received), received);
    CHECK_INT(message_corrected_us(INT64_MAX, INT64_MIN, received), received);
}

TEST(a_message_names_its_people_by_the_surest_first) {
    const struct message message =
        read(scope, SENDER_WEBSITE,
             "{\"type\": \"identify\", \"anonymousId\": \"c1\", \"userId\": 42, \"traits\": "
             "{\"email\": \" A@B.de \"}, \"context\": {\"externalIds\": [{\"type\": "
             "\"loyalty_id\", \"id\": \"L 7\"}, {\"type\": \"unheard of\", \"id\": \"1\"}]}}");

    CHECK(message.is_taken);
    CHECK_INT((int64_t)message.identifier_count, 4);
    CHECK_INT(message.identifiers[0].kind, IDENTIFIER_CUSTOMER_NUMBER);
    CHECK(text_is(message.identifiers[0].value, "42"));
    CHECK(text_is(message.identifiers[0].source, "shop"));
    CHECK_INT(message.identifiers[3].kind, IDENTIFIER_COOKIE);
}

TEST(an_anonymous_id_of_an_app_is_a_device) {
    const struct message message =
        read(scope, SENDER_APP, "{\"type\": \"screen\", \"anonymousId\": \"d1\"}");

    CHECK_INT(message.identifiers[0].kind, IDENTIFIER_DEVICE);
}

TEST(an_alias_of_an_app_names_the_installation_that_its_events_named) {
    const struct message app = read(
        scope, SENDER_APP, "{\"type\": \"alias\", \"userId\": \"u1\", \"previousId\": \"d1\"}");
    const struct message page = read(
        scope, SENDER_WEBSITE, "{\"type\": \"alias\", \"userId\": \"u1\", \"previousId\": \"c1\"}");

    CHECK_INT((int64_t)app.identifier_count, 2);
    CHECK_INT(app.identifiers[1].kind, IDENTIFIER_DEVICE);
    CHECK_INT(page.identifiers[1].kind, IDENTIFIER_COOKIE);
}

TEST(without_an_id_a_message_is_known_by_what_it_says) {
    const char *once = "{\"type\": \"page\", \"userId\": \"a\", \"name\": \"x\"}";
    const struct message a = read(scope, SENDER_SERVER, once), b = read(scope, SENDER_SERVER, once),
                         c = read(scope, SENDER_SERVER,
                                  "{\"type\": \"page\", \"userId\": \"a\", \"name\": \"y\"}");

    CHECK(text_equal(a.key, b.key));
    CHECK(!text_equal(a.key, c.key));
}

TEST(an_address_on_the_network_is_not_kept) {
    const struct message message =
        read(scope, SENDER_WEBSITE,
             "{\"type\": \"page\", \"anonymousId\": \"c\", \"context\": {\"ip\": \"192.0.2.7\", "
             "\"page\": {\"path\": \"/a\"}, \"campaign\": {\"name\": \"spring\"}}}");

    CHECK(text_is(message.properties, "{\"context\":{\"page\":{\"path\":\"/a\"},\"campaign\":"
                                      "{\"name\":\"spring\"}}}"));
    CHECK(text_is(message.campaign, "spring"));
}

TEST(a_server_may_say_what_a_page_may_not) {
    static const char json[] = "{\"type\": \"identify\", \"userId\": \"a\", \"traits\": "
                               "{\"points\": 5, \"birthday\": \"1980-02-03T00:00:00Z\"}}";
    const struct message page = read(scope, SENDER_WEBSITE, json);
    const struct message server = read(scope, SENDER_SERVER, json);

    CHECK(page.is_taken && server.is_taken);
    CHECK_STRING(message_wrong(&page)->reason, "protected_trait");
    CHECK_INT((int64_t)page.trait_count, 1);
    CHECK(message_wrong(&server) == NULL);
    CHECK_INT((int64_t)server.trait_count, 2);
    CHECK(text_is(server.traits[1].value, "3685"));
}

TEST(whatever_is_wrong_with_it_nobody_is_named_by_what_an_exempt_source_sends) {
    const struct sender sender = {.name = TEXT("shop"), .type = SENDER_WEBSITE, .is_exempt = true};
    char *key = memset(arena_alloc(&scope->arena, 102), 'k', 101);
    const char *texts[] = {
        "{\"type\": \"what\", \"userId\": \"ann@example.com\"}",
        arena_printf(&scope->arena,
                     "{\"type\": \"page\", \"userId\": \"ann@example.com\", \"messageId\": \"%s\"}",
                     key),
        "{\"type\": \"track\", \"context\": {\"traits\": {\"email\": \"ann@example.com\"}}}",
        "{\"type\": \"page\", \"context\": {\"ip\": \"192.0.2.7\"}}",
        "\"ann@example.com\"",
    };
    const char *reasons[] = {"bad_type", "bad_message_id", "no_event", "no_identity", "no_object"};

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        const struct message message = read_of(scope, &sender, texts[i]);

        CHECK(!message.is_taken);
        CHECK_STRING(message.fault.reason, reasons[i]);
        CHECK(message.raw.data && message.raw.size > 0);
        CHECK(!memmem(message.raw.data, message.raw.size, "ann@", 4));
        CHECK(!memmem(message.raw.data, message.raw.size, "192.0", 5));
    }
}
