// SPDX-License-Identifier: Apache-2.0
// Campaigns by e-mail, to a relay that is as bad as the worst: killed senders, people who opt out
// while it sends, and tests to one's own address.
#include "analyze/segment/segment.h"
#include "base/base64.h"
#include "base/random.h"
#include "base/time.h"
#include "govern/consent/consent.h"
#include "govern/consent/preference.h"
#include "govern/consent/purpose.h"
#include "govern/consent/suppression.h"
#include "govern/consent/token.h"
#include "push/campaign/campaign.h"
#include "push/campaign/campaign_content.h"
#include "push/campaign/campaign_http.h"
#include "push/mail/mail.h"
#include "push/mail/mail_channel.h"
#include "store/change.h"
#include "store/ledger.h"
#include "tests/campaign_sender.h"
#include "tests/smtp_sink.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { IDENTIFIERS = 10000, CONSENTS = 20000, DOMAINS = 3 };

// ---- a shop with customers who agreed to its news ----

static void add_customers(struct scope *scope, int count) {
    CLEANUP(buffer_clear) struct buffer sql = {0};

    for (int i = 1; i <= count; i++)
        buffer_printf(&sql,
                      "%sINSERT INTO customer (id, import_id, created_at_us, country) "
                      "VALUES (%d, 0, 1, 'DE');"
                      "INSERT INTO identifier (id, kind, source, value, origin, import_id, "
                      "seen_at_us) VALUES (%d, 1, '', 'p%d@d%d.example', %d, 0, 1);"
                      "INSERT INTO consent (id, import_id, seen_import, source, consent_key, "
                      "identifier_id, origin, purpose, channel, state, at_us, home) VALUES (%d, 0, "
                      "0, 'test', 'c%d', %d, %d, 'news', 'email', 'granted', 1, %d)",
                      i > 1 ? ";" : "", i, IDENTIFIERS + i, i, i % DOMAINS, i, CONSENTS + i, i,
                      IDENTIFIERS + i, i, i);
    test_ledger_exec(scope, buffer_string(&sql));
    CHECK_OK(change_record(scope, CHANGE_CUSTOMER, CHANGE_CREATED, 1, count));
}

static void add_purpose_and_segment(struct scope *scope) {
    struct json *definition, *tree;
    int64_t version;

    CHECK_OK(json_parse(scope,
                        TEXT("{\"is_marketing\": true, \"channels\": {\"email\": {\"basis\": "
                             "\"consent\", \"double_opt_in\": false}}, \"languages\": {\"en\": "
                             "{\"title\": \"News\", \"explanation\": \"e\", \"text\": \"t\"}}}"),
                        &definition));
    CHECK_OK(purpose_save(scope, TEXT("news"), definition, &version));
    CHECK_OK(json_parse(
        scope, TEXT("{\"attribute\": \"country\", \"operator\": \"is\", \"value\": \"DE\"}"),
        &tree));
    CHECK_OK(segment_create(scope, TEXT("germans"), TEXT(""), tree));
}

static void set_up_mail(struct scope *scope, int port) {
    const struct mail_setup setup = {.host = TEXT("127.0.0.1"),
                                     .port = port,
                                     .tls = SMTP_TLS_NONE,
                                     .connections = 4,
                                     .per_domain = 4,
                                     .from_name = TEXT("The Shop"),
                                     .from_address = TEXT("shop@example.org")};

    CHECK_OK(mail_setup_save(scope, &setup));
}

static struct campaign approved(struct scope *scope) {
    struct campaign campaign = campaign_usual();
    struct json *document;

    CHECK_OK(json_parse(scope,
                        TEXT("{\"name\": \"spring\", \"purpose\": \"news\", \"channel\": "
                             "\"email\", \"segment\": \"germans\", \"hold_out\": 0, \"arms\": "
                             "[{\"name\": \"A\", \"subject\": \"Hello\", \"text\": "
                             "\"{{ message.unsubscribe_url }}\"}]}"),
                        &document));
    CHECK_OK(campaign_read(scope, document, &campaign));
    CHECK_OK(campaign_create(scope, &campaign));
    CHECK_OK(campaign_take_step(scope, &campaign, CAMPAIGN_SUBMIT));
    CHECK_OK(campaign_take_step(scope, &campaign, CAMPAIGN_APPROVE));
    test_ledger_exec(scope, "UPDATE campaign SET job_id = 1");
    return campaign;
}

// With a store that answers at an https address, as mail for many asks for one.
static struct campaign shop(struct scope *scope, int customers, int port,
                            struct test_place *ret_place) {
    struct campaign campaign;
    struct mail_key key;

    test_store(scope);
    *ret_place = test_store_place(scope);
    test_store_close(scope);
    CHECK_OK(campaign_store_open(scope, *ret_place));
    scope->now_us = time_now_us();
    scope->actor.permissions = ~0u;
    CHECK_OK(ledger_begin(scope));
    add_customers(scope, customers);
    add_purpose_and_segment(scope);
    set_up_mail(scope, port);
    CHECK_OK(mail_key_make(scope, DKIM_ED25519, TEXT("k"), &key));
    CHECK_OK(mail_key_use(scope, TEXT("k")));
    campaign = approved(scope);
    CHECK_OK(ledger_commit(scope));
    return campaign;
}

static int64_t count(struct scope *scope, const char *sql) {
    int64_t value = -1;

    CHECK_OK(ledger_int64(scope, sql, NO_BINDS, -1, &value));
    return value;
}

// ---- what the relay took ----

struct taken {
    int64_t *ids; // of messages, in order
    size_t count;
};

static int by_id(const void *a, const void *b) {
    const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

// By the address that bounces would come to.
static struct taken read_taken(struct scope *scope, const struct smtp_sink *sink) {
    CLEANUP(buffer_clear) struct buffer ids = {0};
    unsigned char key[VERP_KEY_BYTES];
    char *line = NULL;
    size_t room = 0;
    FILE *file = fopen(sink->taken, "r");
    struct taken taken = {0};

    CHECK(file != NULL);
    CHECK_OK(mail_secret_load(scope, key));
    while (getline(&line, &room, file) > 0) {
        struct json *mail;
        int64_t id;

        CHECK_OK(json_parse(scope, text_trim(text_of(line)), &mail));
        CHECK(verp_read(key, json_member(mail, "from")->string, &id));
        buffer_add(&ids, &id, sizeof(id));
    }
    free(line);
    fclose(file);
    taken.count = ids.size / sizeof(int64_t);
    taken.ids = taken.count == 0 ? NULL : arena_copy(&scope->arena, ids.data, ids.size);
    if (taken.count > 0)
        qsort(taken.ids, taken.count, sizeof(*taken.ids), by_id);
    return taken;
}

// Each once, and each of a message that says it was sent, or that nobody knows.
static void check_taken(struct scope *scope, const struct smtp_sink *sink, int64_t *ret_accepted) {
    const struct taken taken = read_taken(scope, sink);

    *ret_accepted = 0;
    for (size_t i = 0; i < taken.count; i++) {
        const char *state = test_ledger_rows(
            scope, arena_printf(&scope->arena, "SELECT state FROM message WHERE id = %lld",
                                (long long)taken.ids[i]));

        CHECK(i == 0 || taken.ids[i] != taken.ids[i - 1]);
        CHECK(strcmp(state, "accepted") == 0 || strcmp(state, "unknown") == 0);
        *ret_accepted += strcmp(state, "accepted") == 0;
    }
}

// ---- killed ----

enum { PEOPLE = 300, KILLS = 8, SHARED_KILLS = 4, ROUNDS = 20, A_SECOND = 20, LONGEST_US = 30000 };

// What waits is due again, and a relay that died has another port. How many wait.
static int64_t go_on(struct scope *scope, struct test_place place, struct smtp_sink *sink) {
    int64_t waiting;

    if (!smtp_sink_runs(sink))
        smtp_sink_start(scope, sink, (const char *const[]){"--storm", "100", "--lost", "20", NULL});
    CHECK_OK(campaign_store_open(scope, place));
    scope->now_us = time_now_us();
    CHECK_OK(ledger_begin(scope));
    set_up_mail(scope, sink->port);
    test_ledger_exec(scope, "UPDATE message SET due_at_us = 1 WHERE state = 'reserved'");
    CHECK_OK(ledger_commit(scope));
    waiting = count(scope, "SELECT count(*) FROM message WHERE state = 'reserved'");
    test_store_close(scope);
    return waiting;
}

static void set_rate(struct scope *scope, int rate) {
    test_ledger_exec(scope, "DELETE FROM channel");
    test_ledger_exec(scope, arena_printf(&scope->arena,
                                         "INSERT INTO channel (kind, cost_micros, "
                                         "rate_per_second) VALUES (%d, 0, %d)",
                                         CHANNEL_EMAIL, rate));
}

TEST(a_sender_of_mail_killed_over_a_bad_relay_leaves_nobody_out_and_writes_to_nobody_twice) {
    struct smtp_sink *sink = smtp_sink_new(scope);
    struct random random = {.state = 20261123};
    int64_t id, accepted, taken_accepted, unknown;
    struct test_place place;
    int hits = 0;

    smtp_sink_start(scope, sink,
                    (const char *const[]){"--storm", "100", "--lost", "20", "--slow", "4",
                                          "--die-after", "60", NULL});
    id = shop(scope, PEOPLE, sink->port, &place).id;
    set_rate(scope, A_SECOND);
    test_store_close(scope);
    for (int i = 0; i < (test_store_is_shared() ? SHARED_KILLS : KILLS); i++) {
        hits += kill_campaign(place, id, sink->taken, random_below(&random, LONGEST_US));
        go_on(scope, place, sink);
    }
    CHECK_OK(campaign_store_open(scope, place));
    set_rate(scope, 0);
    test_store_close(scope);
    for (int i = 0; i < ROUNDS && go_on(scope, place, sink) > 0; i++)
        finish_campaign(place, id);
    CHECK_OK(campaign_store_open(scope, place));
    check_taken(scope, sink, &taken_accepted);
    accepted = count(scope, "SELECT count(*) FROM message WHERE state = 'accepted'");
    unknown = count(scope, "SELECT count(*) FROM message WHERE state = 'unknown'");
    printf("  %d kills: %lld accepted, %lld unknown\n", hits, (long long)accepted,
           (long long)unknown);
    CHECK_INT(accepted + unknown, PEOPLE); // nobody is left out
    CHECK_INT(taken_accepted, accepted);   // what is said to be sent was taken
    CHECK(hits > 0 && unknown > 0);
}

// ---- opting out while it sends ----

struct sending {
    struct store *store;
    int64_t campaign_id;
    atomic_bool is_done;
    code result;
};

static void *send_beside(void *argument) {
    struct sending *sending = argument;
    struct scope scope;

    scope_init(&scope);
    scope.now_us = time_now_us();
    sending->result = session_open(&scope, sending->store);
    if (sending->result == OK)
        sending->result = run_campaign(&scope, sending->campaign_id);
    session_close(&scope);
    scope_clear(&scope);
    atomic_store(&sending->is_done, true);
    return NULL;
}

static code opt_out_somehow(struct scope *scope, int customer) {
    struct consent_said said = {.origin = customer,
                                .identifier_id = IDENTIFIERS + customer,
                                .source = TEXT("test"),
                                .purpose = TEXT("news"),
                                .channel = TEXT("email"),
                                .state = CONSENT_WITHDRAWN};
    int64_t fact_id;
    bool is_new;

    if (customer % 3 == 0)
        return suppression_add(
            scope, TEXT("email"),
            text_printf(&scope->arena, "p%d@d%d.example", customer, customer % DOMAINS),
            SUPPRESSION_COMPLAINED, TEXT("test"), &is_new);
    if (customer % 3 == 1) {
        said.purpose = said.channel = TEXT(CONSENT_ALL);
        said.state = CONSENT_OBJECTED;
    }
    return consent_say(scope, &said, &fact_id);
}

// In the transaction that opts them out: was their message started before it?
static code opt_out(struct scope *scope, int customer, bool *ret_is_in_time) {
    int64_t started;

    TRY(opt_out_somehow(scope, customer));
    TRY(ledger_int64(scope,
                     "SELECT count(*) FROM message WHERE customer = $1 AND state <> 'reserved'",
                     BINDS(BIND_INT64(customer)), 0, &started));
    *ret_is_in_time = started == 0;
    return OK;
}

TEST(who_opted_out_before_their_message_was_started_does_not_get_it) {
    enum { CUSTOMERS = 400 };
    struct smtp_sink *sink = smtp_sink_new(scope);
    struct random random = {.state = 20261124};
    bool is_in_time[CUSTOMERS + 1] = {false}, was_asked[CUSTOMERS + 1] = {false};
    struct sending sending = {0};
    struct test_place place;
    pthread_t sender;
    int64_t in_time = 0;

    smtp_sink_start(scope, sink, (const char *const[]){"--slow", "2", NULL});
    sending.campaign_id = shop(scope, CUSTOMERS, sink->port, &place).id;
    sending.store = session_store(scope);
    CHECK(pthread_create(&sender, NULL, send_beside, &sending) == 0);
    while (!atomic_load(&sending.is_done)) {
        const int customer = 1 + (int)random_below(&random, CUSTOMERS);

        usleep((useconds_t)random_below(&random, 10000));
        if (was_asked[customer])
            continue;
        was_asked[customer] = true;
        scope->now_us = time_now_us();
        CHECK_OK(ledger_begin(scope));
        CHECK_OK(ledger_end(scope, opt_out(scope, customer, &is_in_time[customer])));
    }
    pthread_join(sender, NULL);
    CHECK_INT(sending.result, OK);
    for (int customer = 1; customer <= CUSTOMERS; customer++) {
        const char *state = test_ledger_rows(
            scope,
            arena_printf(&scope->arena, "SELECT state FROM message WHERE customer = %d", customer));

        in_time += is_in_time[customer];
        CHECK_STRING(state, is_in_time[customer] ? "refused" : "accepted");
    }
    CHECK(in_time > 0 && in_time < CUSTOMERS);
    CHECK_INT((int64_t)read_taken(scope, sink).count, CUSTOMERS - in_time);
}

// ---- a test to one's own address ----

static void check_is_inert(struct scope *scope, struct text link) {
    const int64_t facts = count(scope, "SELECT count(*) FROM consent");
    struct preference_token token;

    CHECK(text_starts_with(link, TEXT("https://crm.example.org/u/")));
    link = (struct text){link.data + 26, link.size - 26};
    CHECK_OK(preference_token_read(scope, PREFERENCE_UNSUBSCRIBE, link, &token));
    CHECK_OK(preference_unsubscribe(scope, &token, "one_click"));
    CHECK_INT(count(scope, "SELECT count(*) FROM consent"), facts);
}

static struct text written_link(struct scope *scope, const struct campaign *campaign,
                                int64_t message_id) {
    CLEANUP(campaign_content_close) struct campaign_content *content = NULL;
    struct message_work work = {
        .content = {.id = message_id, .customer = 1, .identifier_id = IDENTIFIERS + 1}};

    CHECK_OK(campaign_content_open(scope, campaign, &content));
    CHECK_OK(campaign_content_render(scope, content, &work, 1));
    return text_trim(work.content.content.text);
}

TEST(the_links_of_a_test_mail_are_nobodys) {
    struct smtp_sink *sink = smtp_sink_new(scope);
    const struct request_parameter parameters[] = {{TEXT("name"), TEXT("spring")}};
    struct request request = {.parameters = parameters, .parameter_count = 1};
    struct json *body, *mail;
    struct response response;
    struct campaign campaign;
    struct test_place place;
    struct text data, link;
    char line[1 << 14] = "";
    const char *field;
    FILE *file;

    smtp_sink_start(scope, sink, (const char *const[]){NULL});
    campaign = shop(scope, 2, sink->port, &place);
    CHECK_OK(json_parse(scope, TEXT("{\"customer\": \"1\", \"to\": \"me@example.org\"}"), &body));
    request.body = body;
    response_init(&response);
    CHECK_OK(campaign_http_test(scope, &request, &response));
    response_clear(&response);
    file = fopen(sink->taken, "r");
    CHECK(file && fgets(line, sizeof(line), file));
    fclose(file);
    CHECK_OK(json_parse(scope, text_trim(text_of(line)), &mail));
    CHECK(base64_decode(&scope->arena, json_member(mail, "data")->string, BASE64_STANDARD, &data));
    field = strstr(text_string(&scope->arena, data), "<https://crm.example.org/u/");
    CHECK(field != NULL);
    link = text_split(text_of(field + 1), '>', &data);
    check_is_inert(scope, link);
    check_is_inert(scope, written_link(scope, &campaign, 0));
    CHECK(!text_equal(written_link(scope, &campaign, 0), written_link(scope, &campaign, 7)));
}

// ---- a batch that cannot be written ----

TEST(mails_that_cannot_be_written_were_not_tried) {
    const struct channel_order order = {
        .campaign_id = 7,
        .purpose = TEXT("a purpose whose name is longer than the sixty bytes that a link has room "
                        "for")};
    const struct channel_message message = {
        .id = 1, .customer = 1, .address = TEXT("p1@d1.example"), .key = TEXT("1.7")};
    struct channel_outcome outcome = {0};
    struct test_place place;
    void *connection;

    shop(scope, 2, 25, &place);
    CHECK_OK(mail_channel_open(scope, &order, &connection));
    CHECK_CODE(mail_channel_send(scope, connection, &order, &message, 1, &outcome), INVALID);
    mail_channel_close(connection);
    CHECK_INT(outcome.result, CHANNEL_PUT_OFF);
}
