// SPDX-License-Identifier: Apache-2.0
// What becomes of a visitor's answer, over the network: consents of the device, with their proof;
// and what a source that counts without consent may not say.
#include "plug/collect/collect_testing.h"
#include "plug/tag/tag.h"
#include "store/ledger.h"

#include <unistd.h>

#define JSON(...) TEXT(#__VA_ARGS__)

enum { LOOK_US = 20000, LOOKS = 200 };

_Static_assert(IDENTIFIER_COOKIE == 5, "the kind that the rows below name");

// The site's tag, published in this mode.
static const struct test_collection *make_site(struct scope *scope, const char *mode) {
    const struct test_collection *site = test_collect(scope, SENDER_WEBSITE);
    const char *first = strchr(tag_configuration_first, ',');
    struct sender sender;
    struct json *json;
    int64_t version;

    CHECK_OK(
        json_parse(scope, text_printf(&scope->arena, "{\"mode\":\"%s\"%s", mode, first), &json));
    CHECK_OK(tag_find_sender(scope, TEXT("shop"), &sender));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(tag_save_draft(scope, &sender, json));
    CHECK_OK(ledger_end(scope, tag_publish(scope, &sender, TEXT(""), &version)));
    return site;
}

static int64_t send_message(struct scope *scope, const struct test_collection *site,
                            const char *path, struct text body) {
    return test_collect_send(scope, site, path, body).status;
}

TEST(an_answer_to_the_banner_becomes_consents_of_the_device_with_their_proof) {
    const struct test_collection *site = make_site(scope, "consent");
    const struct text answer = JSON({
        "event" : "Consent Updated",
        "messageId" : "m1",
        "anonymousId" : "visitor-1",
        "timestamp" : "2020-01-02T03:04:05Z",
        "properties" : {
            "purposes" : {"analytics" : true, "marketing" : false},
            "text_version" : 1,
            "language" : "fr",
            "method" : "save",
            "tcf_string" : "CPXxRfAPXxRfA"
        }
    });

    CHECK_INT(send_message(scope, site, "/v1/track", answer), 200);
    CHECK_INT(send_message(scope, site, "/v1/track", answer), 200);
    CHECK_STRING(test_ledger_rows(scope,
                                  "SELECT c.source, c.purpose, c.channel, c.state, c.legal_basis, "
                                  "c.text_version, c.at_us, i.kind, i.value FROM consent c JOIN "
                                  "identifier i ON i.id = c.identifier_id ORDER BY c.purpose"),
                 "shop|analytics|web|granted|consent|1|1577934245000000|5|visitor-1\n"
                 "shop|marketing|web|denied|consent|1|1577934245000000|5|visitor-1");
    CHECK_STRING(
        test_ledger_rows(scope, "SELECT proof FROM consent WHERE purpose = 'analytics'"),
        arena_printf(&scope->arena,
                     "{\"method\":\"save\",\"language\":\"fr\",\"text\":\"/api/v1/sources/%lld/tag/"
                     "versions/1\",\"message\":\"m1\",\"tcf_string\":\"CPXxRfAPXxRfA\"}",
                     (long long)site->sender_id));
}

TEST(an_answer_is_never_that_of_whoever_is_said_to_use_the_device) {
    const struct test_collection *site = make_site(scope, "consent");

    CHECK_INT(
        send_message(
            scope, site, "/v1/track", JSON({
                "event" : "Consent Updated",
                "anonymousId" : "visitor-1",
                "userId" : "customer-1",
                "context" : {"traits" : {"email" : "ada@example.org"}},
                "properties" :
                    {"purposes" : {"marketing" : false}, "text_version" : 1, "method" : "withdraw"}
            })),
        200);
    CHECK_STRING(test_ledger_rows(scope, "SELECT kind, value FROM identifier"), "5|visitor-1");
    CHECK_STRING(test_ledger_rows(scope, "SELECT state FROM consent"), "withdrawn");
}

TEST(an_answer_to_words_that_were_never_published_is_kept_apart) {
    static const char *const properties[] = {
        "{\"purposes\":{\"analytics\":true},\"text_version\":2}",
        "{\"purposes\":{\"analytics\":true},\"text_version\":0}",
        "{\"purposes\":{\"analytics\":true}}",
        "{\"purposes\":{\"email\":true},\"text_version\":1}",
        "{\"purposes\":{\"analytics\":\"yes\"},\"text_version\":1}",
        "{\"purposes\":{},\"text_version\":1}",
        "{\"text_version\":1}",
        "{}",
    };
    const struct test_collection *site = make_site(scope, "consent");
    const int count = sizeof(properties) / sizeof(*properties);

    for (int i = 0; i < count; i++)
        CHECK_INT(send_message(scope, site, "/v1/track",
                               text_printf(&scope->arena,
                                           "{\"event\":\"Consent Updated\",\"anonymousId\":\"v%d\","
                                           "\"properties\":%s}",
                                           i, properties[i])),
                  200);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM consent"), "0");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM event"), "8");
    CHECK_STRING(test_ledger_rows(scope, "SELECT reason, count(*) FROM quarantine GROUP BY reason"),
                 "bad_choice|8");
}

TEST(a_browser_that_says_not_to_track_leaves_nothing) {
    const struct test_collection *site = make_site(scope, "consent");
    static const char *const fields[] = {"Sec-GPC: 1\r\n", "DNT: 1\r\n"};
    const struct text body =
        text_printf(&scope->arena,
                    "{\"writeKey\":\"%.*s\",\"batch\":[{\"type\":\"identify\",\"userId\":\"u1\","
                    "\"traits\":{\"email\":\"ada@example.org\"}}]}",
                    TEXT_ARG(site->key));

    for (size_t i = 0; i < 2; i++)
        CHECK_INT(test_collect_raw(scope, site, "/v1/batch", fields[i], body).status, 200);
    CHECK_STRING(test_ledger_rows(scope, "SELECT (SELECT count(*) FROM event), (SELECT count(*) "
                                         "FROM identifier), (SELECT count(*) FROM quarantine), "
                                         "(SELECT count(*) FROM profile)"),
                 "0|0|0|0");
    CHECK_INT(test_collect_raw(scope, site, "/v1/batch", "Sec-GPC: 0\r\n", body).status, 200);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM event"), "1");
}

// What the tag sends of one visitor: a purpose behind the id, the choice in the context.
static struct text event_of(struct scope *scope, const char *id, const char *event,
                            const char *preferences) {
    return text_printf(
        &scope->arena,
        "{\"type\":\"track\",\"messageId\":\"%s\",\"anonymousId\":\"v\",\"event\":\"%s\","
        "\"context\":{\"consent\":{\"categoryPreferences\":{%s}}}}",
        id, event, preferences);
}

TEST(an_event_whose_purpose_was_refused_is_answered_and_leaves_nothing) {
    const struct test_collection *site = make_site(scope, "consent");
    struct test_answer answer;

    answer = test_collect_send(
        scope, site, "/v1/track",
        event_of(scope, "1~marketing", "Seen", "\"analytics\":true,\"marketing\":false"));
    CHECK_INT(answer.status, 200);
    CHECK_TEXT(answer.body, "{\"success\":true,\"accepted\":0,\"duplicates\":0,\"quarantined\":0,"
                            "\"marked\":0,\"forgotten\":1}");
    test_collect_send(scope, site, "/v1/track",
                      event_of(scope, "2", "Seen", "\"analytics\":false"));
    test_collect_send(scope, site, "/v1/track", // its faults are not kept either
                      event_of(scope, "3", "", "\"analytics\":false"));
    answer = test_collect_send(
        scope, site, "/v1/batch",
        text_printf(&scope->arena,
                    "{\"context\":{\"consent\":{\"categoryPreferences\":{\"analytics\":\"yes\"}}},"
                    "\"batch\":[{\"type\":\"page\",\"anonymousId\":\"v\"},%.*s]}",
                    TEXT_ARG(event_of(scope, "4~analytics", "Taken", "\"analytics\":true"))));
    CHECK(memmem(answer.body.data, answer.body.size, "\"accepted\":1", 12));
    CHECK(memmem(answer.body.data, answer.body.size, "\"forgotten\":1", 13));
    CHECK_STRING(test_ledger_rows(scope, "SELECT name FROM event"), "Taken");
    CHECK_STRING(test_ledger_rows(scope, "SELECT (SELECT count(*) FROM identifier), "
                                         "(SELECT count(*) FROM quarantine)"),
                 "1|0");
}

static struct text answer_of(struct scope *scope, const char *id, const char *minute,
                             const char *purposes) {
    return text_printf(&scope->arena,
                       "{\"event\":\"Consent Updated\",\"messageId\":\"%s\",\"anonymousId\":\"v\","
                       "\"timestamp\":\"2020-01-02T03:%s:00Z\",\"properties\":{\"purposes\":{%s},"
                       "\"text_version\":1,\"language\":\"fr\",\"method\":\"save\"}}",
                       id, minute, purposes);
}

// Without a word on consent, as a page sends that knows no banner.
static bool is_forgotten(struct scope *scope, const struct test_collection *site, const char *id,
                         const char *visitor) {
    const struct test_answer answer = test_collect_send(
        scope, site, "/v1/identify",
        text_printf(&scope->arena,
                    "{\"messageId\":\"%s\",\"anonymousId\":\"%s\",\"traits\":{\"email\":"
                    "\"%s@example.com\"}}",
                    id, visitor, id));

    CHECK_INT(answer.status, 200);
    return memmem(answer.body.data, answer.body.size, "\"forgotten\":1", 13) != NULL;
}

// The collector looks at the sources every now and then.
static void wait_until_asking(struct scope *scope, const struct test_collection *site) {
    const struct text answer = JSON({
        "event" : "Consent Updated",
        "messageId" : "w",
        "anonymousId" : "w",
        "properties" : {"purposes" : {"analytics" : false}, "text_version" : 1}
    });

    CHECK_INT(send_message(scope, site, "/v1/track", answer), 200);
    for (int i = 0; i < LOOKS; i++) {
        if (is_forgotten(scope, site, arena_printf(&scope->arena, "w%d", i), "w"))
            return;
        usleep(LOOK_US);
    }
    test_fail(__FILE__, __LINE__, "what a device has refused is taken");
}

TEST(what_a_device_has_refused_is_forgotten_though_its_messages_do_not_say_so) {
    const struct test_collection *site = make_site(scope, "consent");

    wait_until_asking(scope, site);
    CHECK(!is_forgotten(scope, site, "1~marketing", "v")); // not asked yet
    send_message(scope, site, "/v1/track",
                 answer_of(scope, "a", "01", "\"analytics\":true,\"marketing\":false"));
    CHECK(is_forgotten(scope, site, "2~marketing", "v"));
    CHECK(!is_forgotten(scope, site, "3~analytics", "v"));
    CHECK(!is_forgotten(scope, site, "4", "v"));           // not all was refused
    CHECK(!is_forgotten(scope, site, "5~marketing", "u")); // another device
    send_message(scope, site, "/v1/track",
                 answer_of(scope, "b", "02", "\"analytics\":false,\"marketing\":false"));
    CHECK(is_forgotten(scope, site, "6", "v"));
    CHECK(is_forgotten(scope, site, "7~other", "v"));
    send_message(scope, site, "/v1/track",
                 answer_of(scope, "c", "03", "\"analytics\":false,\"marketing\":true"));
    CHECK(!is_forgotten(scope, site, "8~marketing", "v"));
    CHECK_STRING(test_ledger_rows(scope, "SELECT event_key FROM event WHERE name = 'identify' AND "
                                         "event_key NOT LIKE 'w%' ORDER BY event_key"),
                 "1~marketing\n3~analytics\n4\n5~marketing\n8~marketing");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM identifier WHERE value LIKE '2%' OR "
                                         "value LIKE '6%' OR value LIKE '7%'"),
                 "0");
}

TEST(a_refusal_itself_is_told_whatever_it_refuses) {
    const struct test_collection *site = make_site(scope, "consent");

    CHECK_INT(send_message(scope, site, "/v1/track",
                           event_of(scope, "1", "Consent Updated", "\"analytics\":false")),
              200);
    CHECK_STRING(test_ledger_rows(scope, "SELECT name FROM event"), "Consent Updated");
}

// The collector looks at the sources every now and then.
static void wait_until_exempt(struct scope *scope, const struct test_collection *site) {
    for (int i = 0; i < LOOKS; i++) {
        if (send_message(scope, site, "/v1/track", JSON({"event" : "x", "userId" : "u"})) == 400)
            return;
        usleep(LOOK_US);
    }
    test_fail(__FILE__, __LINE__, "a source that counts without consent is told who somebody is");
}

TEST(a_source_that_counts_without_consent_may_not_say_who_somebody_is) {
    static const char *const named[] = {
        "{\"type\":\"track\",\"event\":\"x\",\"anonymousId\":\"a\",\"userId\":\"u\"}",
        "{\"type\":\"page\",\"anonymousId\":\"a\",\"traits\":{\"email\":\"ada@example.org\"}}",
        "{\"type\":\"page\",\"anonymousId\":\"a\",\"context\":{\"traits\":{\"age\":3}}}",
        "{\"type\":\"page\",\"anonymousId\":\"a\",\"context\":{\"externalIds\":[]}}",
        "{\"type\":\"identify\",\"anonymousId\":\"a\"}",
        "{\"type\":\"group\",\"anonymousId\":\"a\",\"groupId\":\"g\"}",
        "{\"type\":\"alias\",\"userId\":\"u\",\"previousId\":\"a\"}",
    };
    const struct test_collection *site = make_site(scope, "exempt");
    const char *before;

    wait_until_exempt(scope, site);
    before = test_ledger_rows(scope, "SELECT count(*) FROM identifier");
    for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++)
        CHECK_INT(send_message(scope, site, "/v1/batch",
                               text_printf(&scope->arena, "{\"batch\":[%s]}", named[i])),
                  200);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM identifier"), before);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM quarantine WHERE reason = "
                                         "'exempt_source' AND raw NOT LIKE '%ada%'"),
                 "5"); // as many as there are types: what they said is not kept
    CHECK_INT(send_message(scope, site, "/v1/page", JSON({"anonymousId" : "tracer"})), 200);
    CHECK_INT(send_message(scope, site, "/v1/batch", JSON({
                               "context" : {"traits" : {"email" : "ada@example.org"}},
                               "batch" : [ {"type" : "page", "anonymousId" : "second"} ]
                           })),
              200);
    CHECK_STRING(test_ledger_rows(scope, "SELECT value FROM identifier WHERE kind = 5"), "tracer");
}
