// SPDX-License-Identifier: Apache-2.0
#include "plug/tag/tag.h"

#include "plug/tag/tag_http.h"
#include "store/ledger.h"
#include "store/store_testing.h"

#include <stdlib.h>

static bool holds(struct text text, struct text part) {
    return memmem(text.data, text.size, part.data, part.size) != NULL;
}

// A web site, and its write key.
static struct text make_site(struct scope *scope, const char *name, struct sender *ret_sender) {
    const struct sender sender = {
        .name = text_of(name), .type = SENDER_WEBSITE, .schema = TEXT("")};
    struct text key;
    int64_t id;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, sender_add(scope, &sender, &id, &key)));
    CHECK_OK(tag_find_sender(scope, text_of(name), ret_sender));
    return key;
}

static code publish(struct scope *scope, const struct sender *sender, int64_t *ret_version) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, tag_publish(scope, sender, TEXT("a note"), ret_version));
}

static code save(struct scope *scope, const struct sender *sender, struct text configuration) {
    struct json *json;

    TRY(json_parse(scope, configuration, &json));
    TRY(ledger_begin(scope));
    return ledger_end(scope, tag_save_draft(scope, sender, json));
}

// The first configuration with every `from` replaced.
static struct text changed(struct scope *scope, const char *from, const char *to) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    const char *at = tag_configuration_first, *found;

    while ((found = strstr(at, from))) {
        buffer_add(&out, at, (size_t)(found - at));
        buffer_add_string(&out, to);
        at = found + strlen(from);
    }
    buffer_add_string(&out, at);
    return text_copy(&scope->arena, buffer_text(&out));
}

#define WITH_RULE(rule) changed(scope, "\"rules\":[]", "\"rules\":[" rule "]")
#define CLICK           "{\"event\":\"Product Added\",\"on\":\"click\",\"selector\":\".buy\"}"

static struct tag_version served(struct scope *scope, struct text key) {
    struct tag_version version;
    int64_t sender_id;

    CHECK_OK(tag_published(scope, key, &version, &sender_id));
    return version;
}

TEST(a_draft_is_seen_by_nobody_before_it_is_published) {
    struct sender site;
    struct text key;
    int64_t version;

    test_store(scope);
    key = make_site(scope, "shop", &site);
    CHECK_INT(served(scope, key).version, 0);
    CHECK_OK(publish(scope, &site, &version));
    CHECK_INT(version, 1);
    CHECK_OK(save(scope, &site, WITH_RULE(CLICK)));
    CHECK(!holds(served(scope, key).configuration, TEXT("Product Added")));
    CHECK_OK(publish(scope, &site, &version));
    CHECK(holds(served(scope, key).configuration, TEXT("Product Added")));
    CHECK_CODE(publish(scope, &site, &version), CONFLICT);
    scope_forgive(scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT action, object FROM audit WHERE action LIKE "
                                         "'tag.%' ORDER BY id"),
                 "tag.publish|tag shop\ntag.draft|tag shop\ntag.publish|tag shop");
}

TEST(words_have_the_number_of_the_version_that_had_them_first) {
    struct sender site;
    struct text key;
    int64_t version;

    test_store(scope);
    key = make_site(scope, "shop", &site);
    CHECK_OK(publish(scope, &site, &version));
    CHECK_OK(save(scope, &site, WITH_RULE(CLICK)));
    CHECK_OK(publish(scope, &site, &version));
    CHECK_INT(served(scope, key).text_version, 1); // rules are not what a visitor reads
    CHECK_OK(save(scope, &site, changed(scope, "Accept all", "Yes to all")));
    CHECK_OK(publish(scope, &site, &version));
    CHECK_INT(served(scope, key).text_version, 3);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, tag_restore(scope, &site, 2, &version)));
    CHECK_INT(version, 4);
    CHECK_INT(served(scope, key).text_version, 1);
    CHECK(holds(served(scope, key).configuration, TEXT("Product Added")));
    CHECK_STRING(test_ledger_rows(scope, "SELECT version, text_version, restored_version FROM "
                                         "tag_version ORDER BY version"),
                 "1|1|-\n2|1|-\n3|3|-\n4|1|2");
}

TEST(a_key_that_is_no_more_gets_nothing) {
    struct sender site;
    struct text old, new;
    int64_t version;

    test_store(scope);
    old = make_site(scope, "shop", &site);
    CHECK_OK(publish(scope, &site, &version));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, sender_rotate(scope, site.id, 60, &new)));
    CHECK_INT(served(scope, new).version, 1);
    CHECK_INT(served(scope, old).version, 1);
    scope->now_us += 61000000;
    CHECK_INT(served(scope, old).version, 0);
    CHECK_INT(served(scope, TEXT("tsw_invented")).version, 0);
    site.is_enabled = false;
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, sender_change(scope, &site)));
    CHECK_INT(served(scope, new).version, 0);
}

TEST(only_web_sites_have_a_tag) {
    const struct sender till = {.name = TEXT("till"), .type = SENDER_TILL, .schema = TEXT("")};
    struct sender found;
    struct text key;
    int64_t id;

    test_store(scope);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, sender_add(scope, &till, &id, &key)));
    CHECK_CODE(tag_find_sender(scope, TEXT("till"), &found), INVALID);
}

TEST(a_configuration_that_the_tag_could_not_follow_is_refused_by_name) {
    const struct {
        struct text configuration;
        const char *field;
    } refused[] = {
        {WITH_RULE("{\"event\":\"A\",\"on\":\"hover\",\"selector\":\"a\"}"), "on"},
        {WITH_RULE("{\"event\":\"A\",\"on\":\"click\"}"), "selector"},
        {WITH_RULE("{\"event\":\"A\",\"on\":\"page\"}"), "pattern"},
        {WITH_RULE("{\"event\":\"A\",\"on\":\"page\",\"pattern\":\"*********\"}"), "pattern"},
        {WITH_RULE("{\"event\":\"\",\"on\":\"page\",\"pattern\":\"*\"}"), "event"},
        {WITH_RULE("{\"event\":\"Consent Updated\",\"on\":\"page\",\"pattern\":\"*\"}"), "event"},
        {WITH_RULE("{\"event\":\"A\",\"on\":\"page\",\"pattern\":\"*\",\"purpose\":\"x\"}"),
         "purpose"},
        {WITH_RULE("{\"event\":\"A\",\"on\":\"page\",\"pattern\":\"*\",\"code\":\"alert(1)\"}"),
         "code"},
        {WITH_RULE("{\"event\":\"A\",\"on\":\"page\",\"pattern\":\"*\",\"properties\":"
                   "[{\"name\":\"a\",\"from\":\"attribute\"}]}"),
         "key"},
        {changed(scope, "\"policy_url\":\"\"", "\"policy_url\":\"javascript:alert(1)\""),
         "policy_url"},
        {changed(scope, "\"data_layer\":\"\"", "\"data_layer\":\"a.b\""), "data_layer"},
        {changed(scope, "\"measure\":\"analytics\"", "\"measure\":\"all\""), "measure"},
        {changed(scope, "\"keep_days\":182", "\"keep_days\":4000"), "keep_days"},
        {changed(scope, "{\"name\":\"marketing\"", "{\"name\":\"third\""), "purposes"},
        {changed(scope, "\"marketing\"", "\"analytics\""), NULL},
        {changed(scope, "\"refuse\":\"Refuse all\",", ""), "refuse"},
        {changed(scope, "[1,8]", "[0]"), "tcf"},
    };

    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
        struct tag_configuration configuration;
        struct json *json = NULL;

        scope_forgive(scope);
        if (json_parse(scope, refused[i].configuration, &json) == OK)
            CHECK_CODE(tag_configuration_read(scope, json, &configuration), INVALID);
        if (refused[i].field)
            CHECK_STRING(scope->failure.field, refused[i].field);
    }
}

TEST(what_a_web_site_begins_with_is_itself_sound) {
    struct tag_configuration configuration;
    struct json *json;

    CHECK_OK(json_parse(scope, text_of(tag_configuration_first), &json));
    CHECK_OK(tag_configuration_read(scope, json, &configuration));
    CHECK_INT((int64_t)configuration.languages->count, 3);
    CHECK(text_equal(tag_configuration_text(scope, &configuration),
                     text_of(tag_configuration_first)));
}

// ---- what pages ask for ----

static struct response ask(struct scope *scope, struct text key, const char *known) {
    const struct request_parameter file = {TEXT("file"),
                                           text_printf(&scope->arena, "%.*s.json", TEXT_ARG(key))};
    const struct request_client client = {.if_none_match = text_of(known)};
    const struct request request = {.parameters = &file, .parameter_count = 1, .client = &client};
    struct response response;

    response_init(&response);
    tag_http_served(scope, &request, &response);
    return response;
}

static struct text header(const struct response *response, const char *name) {
    for (size_t i = 0; i < response->header_count; i++)
        if (strcmp(response->headers[i].name, name) == 0)
            return response->headers[i].value;
    return TEXT("");
}

TEST(pages_of_every_site_may_read_what_is_published_and_keep_it) {
    struct response response;
    struct sender site;
    struct text key;
    int64_t version;

    test_store(scope);
    key = make_site(scope, "gardens-and-co", &site);
    response = ask(scope, key, "");
    CHECK_INT(scope->failure.code, NOT_FOUND);
    CHECK_TEXT(header(&response, "Access-Control-Allow-Origin"), "*");
    response_clear(&response);
    scope_forgive(scope);
    CHECK_OK(publish(scope, &site, &version));
    response = ask(scope, key, "");
    CHECK(
        text_starts_with(buffer_text(&response.body), TEXT("{\"version\":1,\"text_version\":1,")));
    CHECK_TEXT(header(&response, "Cross-Origin-Resource-Policy"), "cross-origin");
    CHECK_TEXT(header(&response, "Cache-Control"), "public, max-age=60");
    CHECK(!holds(buffer_text(&response.body), site.name));
    CHECK(!holds(buffer_text(&response.body), TEXT("a note")));
    {
        struct response again = ask(
            scope, key, arena_printf(&scope->arena, "%.*s", TEXT_ARG(header(&response, "ETag"))));

        CHECK_INT(again.status, 304);
        CHECK_INT((int64_t)again.body.size, 0);
        response_clear(&again);
    }
    response_clear(&response);
}
