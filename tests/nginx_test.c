// SPDX-License-Identifier: Apache-2.0
// The server behind nginx with packaging/nginx.conf, as a browser far away meets it: TLS, sign-in,
// an upload, live updates, and who the visitor is.
#include "base/json.h"
#include "tests/program.h"

#include <curl/curl.h>

enum { PATIENCE_MS = 30000, UPLOAD_BYTES = 3 << 20 };

struct site {
    uint16_t https_port;
    uint16_t http_port;
    const struct served *served;
    const char *certificate;
    const char *origin;
    struct curl_slist *places; // where the name of the site is
    struct curl_slist *headers;
    CURL *handle;
    struct buffer head;
    struct buffer body;
};

static bool holds(struct text text, const char *part) {
    return text.size > 0 && memmem(text.data, text.size, part, strlen(part)) != NULL;
}

// ---- nginx ----

static const char *replace(struct scope *scope, const char *whole, const char *part,
                           const char *by) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    const char *found;

    CHECK(strstr(whole, part) != NULL);
    for (; (found = strstr(whole, part)); whole = found + strlen(part)) {
        buffer_add_text(&out, (struct text){whole, (size_t)(found - whole)});
        buffer_add_string(&out, by);
    }
    buffer_add_string(&out, whole);
    return text_string(&scope->arena, buffer_text(&out));
}

// The documented site, moved to free ports of this machine and to the test's certificate.
static const char *moved_site(struct scope *scope, const struct site *site) {
    const char *text = text_string(&scope->arena, test_source(scope, "packaging/nginx.conf"));
    const char *letsencrypt = "/etc/letsencrypt/live/crm.example.com/";

    text = replace(scope, text, "listen [::]:443 ssl;", "");
    text = replace(scope, text, "listen [::]:80;", "");
    text = replace(scope, text, "listen 443 ssl;",
                   arena_printf(&scope->arena, "listen 127.0.0.1:%u ssl;", site->https_port));
    text = replace(scope, text, "listen 80;",
                   arena_printf(&scope->arena, "listen 127.0.0.1:%u;", site->http_port));
    text =
        replace(scope, text, "proxy_pass http://127.0.0.1:7380;",
                arena_printf(&scope->arena, "proxy_pass http://127.0.0.1:%u;", site->served->port));
    text = replace(scope, text, arena_printf(&scope->arena, "%sfullchain.pem", letsencrypt),
                   site->certificate);
    return replace(scope, text, arena_printf(&scope->arena, "%sprivkey.pem", letsencrypt),
                   arena_printf(&scope->arena, "%s/key.pem", test_folder(scope)));
}

static void make_certificate(struct scope *scope, struct site *site) {
    const char *key = arena_printf(&scope->arena, "%s/key.pem", test_folder(scope));
    const char *const words[] = {"openssl",  "req",
                                 "-x509",    "-newkey",
                                 "rsa:2048", "-nodes",
                                 "-days",    "2",
                                 "-subj",    "/CN=crm.example.com",
                                 "-addext",  "subjectAltName=DNS:crm.example.com",
                                 "-keyout",  key,
                                 "-out",     site->certificate,
                                 NULL};

    if (run_other(scope, words) != 0)
        test_skip("there is no openssl to make a certificate with");
}

// ---- a browser far away ----

static size_t take(char *data, size_t size, size_t count, void *argument) {
    buffer_add(argument, data, size * count);
    return size * count;
}

// What every exchange has: it comes from another address of this machine than nginx itself.
static void set_up(const struct site *site, CURL *handle, struct buffer *head,
                   struct buffer *body) {
    curl_easy_setopt(handle, CURLOPT_RESOLVE, site->places);
    curl_easy_setopt(handle, CURLOPT_CAINFO, site->certificate);
    curl_easy_setopt(handle, CURLOPT_INTERFACE, "127.0.0.2");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)PATIENCE_MS);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, site->headers);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, body);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, head);
}

// The status of a request; its answer is in site->head and site->body. `body` is NULL for a GET.
static long ask(struct scope *scope, struct site *site, const char *path, const struct text *body) {
    long status = 0;

    buffer_clear(&site->head);
    buffer_clear(&site->body);
    set_up(site, site->handle, &site->head, &site->body);
    curl_easy_setopt(site->handle, CURLOPT_URL,
                     arena_printf(&scope->arena, "%s%s", site->origin, path));
    if (body) {
        curl_easy_setopt(site->handle, CURLOPT_POST, 1L);
        curl_easy_setopt(site->handle, CURLOPT_POSTFIELDS, body->data);
        curl_easy_setopt(site->handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->size);
    } else {
        curl_easy_setopt(site->handle, CURLOPT_HTTPGET, 1L);
    }
    CHECK_INT(curl_easy_perform(site->handle), CURLE_OK);
    curl_easy_getinfo(site->handle, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

static struct text member(struct scope *scope, const struct site *site, const char *name) {
    struct json *answer;

    CHECK_OK(json_parse(scope, text_copy(&scope->arena, buffer_text(&site->body)), &answer));
    CHECK(json_member(answer, name) != NULL);
    return json_scalar_text(&scope->arena, json_member(answer, name));
}

static void add_header(struct scope *scope, struct site *site, const char *name,
                       const char *value) {
    site->headers =
        curl_slist_append(site->headers, arena_printf(&scope->arena, "%s: %s", name, value));
}

static void clean_up(void *argument) {
    struct site *site = argument;

    curl_easy_cleanup(site->handle);
    curl_slist_free_all(site->headers);
    curl_slist_free_all(site->places);
    buffer_clear(&site->head);
    buffer_clear(&site->body);
}

static struct site *new_site(struct scope *scope) {
    struct site *site = arena_alloc(&scope->arena, sizeof(*site));

    *site = (struct site){
        .https_port = free_port(),
        .http_port = free_port(),
        .certificate = arena_printf(&scope->arena, "%s/certificate.pem", test_folder(scope)),
        .handle = curl_easy_init(),
    };
    site->origin = arena_printf(&scope->arena, "https://crm.example.com:%u", site->https_port);
    site->places =
        curl_slist_append(site->places, arena_printf(&scope->arena, "crm.example.com:%u:127.0.0.1",
                                                     site->https_port));
    curl_easy_setopt(site->handle, CURLOPT_COOKIEFILE, ""); // cookies are kept
    test_at_end(clean_up, site);
    return site;
}

// Ann's token, out of the link that the command prints.
static const char *invite(struct scope *scope) {
    const struct program_result added =
        run_program(scope, "account add ann --role marketer --format json", TEXT(""));
    struct json *answer;
    struct text token;

    CHECK_INT(added.exit_code, 0);
    CHECK_OK(json_parse(scope, added.out, &answer));
    text_split(json_member(answer, "link")->string, '#', &token);
    return text_string(&scope->arena, token);
}

// A site that Ann is signed in to.
static struct site *signed_in(struct scope *scope) {
    const char *token = invite(scope);
    struct site *site = new_site(scope);
    struct text body;

    make_certificate(scope, site);
    site->served =
        serve_program(scope, arena_printf(&scope->arena, " --base-url %s --trusted-proxy 127.0.0.1",
                                          site->origin));
    start_nginx(scope, moved_site(scope, site), site->https_port);
    add_header(scope, site, "Origin", site->origin);
    add_header(scope, site, "Content-Type", "application/json");
    add_header(scope, site, "X-Forwarded-For", "192.0.2.66"); // would like to be somebody else
    body = text_of(arena_printf(
        &scope->arena, "{\"token\": \"%s\", \"password\": \"corkscrew staircase\"}", token));
    CHECK_INT(ask(scope, site, "/api/v1/invitations/accept", &body), 200);
    CHECK(holds(buffer_text(&site->head), "__Host-"));
    add_header(scope, site, "X-CSRF-Token",
               text_string(&scope->arena, member(scope, site, "csrf")));
    return site;
}

// ---- what must be true ----

TEST(behind_nginx_a_session_holds_and_the_visitor_is_known) {
    struct site *site = signed_in(scope);

    CHECK_INT(ask(scope, site, "/api/v1/account/sessions", NULL), 200);
    CHECK(holds(buffer_text(&site->body), "127.0.0.2"));
    CHECK(!holds(buffer_text(&site->body), "192.0.2.66"));
    CHECK(holds(buffer_text(&site->head),
                "Strict-Transport-Security: max-age=63072000; includeSubDomains"));
    CHECK(holds(buffer_text(&site->head), "Content-Security-Policy: default-src 'self'"));
    add_header(scope, site, "Host", "elsewhere.example.com");
    CHECK_INT(ask(scope, site, "/api/v1/session", NULL), 421);
}

TEST(behind_nginx_plain_http_is_sent_to_https) {
    struct site *site = signed_in(scope);

    curl_easy_setopt(site->handle, CURLOPT_RESOLVE, NULL);
    site->origin = arena_printf(&scope->arena, "http://127.0.0.1:%u", site->http_port);
    CHECK_INT(ask(scope, site, "/customers?q=x", NULL), 308);
    CHECK(holds(buffer_text(&site->head), "Location: https://127.0.0.1/customers?q=x"));
}

static struct text nginx_said(struct scope *scope) {
    const char *const words[] = {
        "cat", arena_printf(&scope->arena, "%s/nginx.error", test_folder(scope)), NULL};

    return run_other_for_output(scope, words);
}

TEST(behind_nginx_a_file_is_uploaded_and_never_stands_in_a_file_of_the_proxy) {
    struct site *site = signed_in(scope);
    char *bytes = arena_alloc(&scope->arena, UPLOAD_BYTES);
    const struct text file = {.data = bytes, .size = UPLOAD_BYTES};

    memset(bytes, '1', UPLOAD_BYTES);
    CHECK_INT(ask(scope, site, "/api/v1/uploads?name=ones.csv", &file), 200);
    CHECK_TEXT(member(scope, site, "bytes"), "3145728");
    CHECK(!holds(nginx_said(scope), "buffered to a temporary file"));
}

static void copy_cookies(CURL *from, CURL *to) {
    struct curl_slist *cookies = NULL;

    CHECK_INT(curl_easy_getinfo(from, CURLINFO_COOKIELIST, &cookies), CURLE_OK);
    for (const struct curl_slist *cookie = cookies; cookie; cookie = cookie->next)
        curl_easy_setopt(to, CURLOPT_COOKIELIST, cookie->data);
    curl_slist_free_all(cookies);
}

// Runs the stream until it holds a part.
static void read_live(CURLM *streams, const struct buffer *told, const char *part) {
    int running = 1;

    for (int waited_ms = 0; !holds(buffer_text(told), part); waited_ms += 20) {
        CHECK_INT(curl_multi_perform(streams, &running), CURLM_OK);
        CHECK(running == 1 && waited_ms < PATIENCE_MS);
        curl_multi_poll(streams, NULL, 0, 20, NULL);
    }
}

TEST(behind_nginx_live_updates_come_while_the_stream_is_open) {
    struct site *site = signed_in(scope);
    const struct text sample = TEXT("{\"customers\": 20}");
    CURL *stream = curl_easy_init();
    CURLM *streams = curl_multi_init();
    struct buffer head = {0}, told = {0};
    const char *event;

    set_up(site, stream, &head, &told);
    copy_cookies(site->handle, stream);
    curl_easy_setopt(stream, CURLOPT_URL,
                     arena_printf(&scope->arena, "%s/api/v1/live", site->origin));
    curl_easy_setopt(stream, CURLOPT_HTTPGET, 1L);
    curl_multi_add_handle(streams, stream);
    read_live(streams, &told, "retry: 2000\n\n");
    CHECK(holds(buffer_text(&head), "text/event-stream"));
    CHECK_INT(ask(scope, site, "/api/v1/sample", &sample), 200);
    event = arena_printf(&scope->arena, "event: job\ndata: {\"id\":\"%.*s\"",
                         TEXT_ARG(member(scope, site, "job_id")));
    read_live(streams, &told, event);

    curl_multi_remove_handle(streams, stream);
    curl_easy_cleanup(stream);
    curl_multi_cleanup(streams);
    buffer_clear(&head);
    buffer_clear(&told);
}
