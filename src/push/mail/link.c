// SPDX-License-Identifier: Apache-2.0
// token = base64url(id, 8 bytes · code, 16 bytes · url)
#include "push/mail/link.h"

#include "base/base64.h"
#include "base/time.h"
#include "govern/access/secret.h"

#include <sodium.h>

enum { ID_BYTES = 8, CODE_BYTES = 16, HEAD_BYTES = ID_BYTES + CODE_BYTES, MOST_URL_BYTES = 2000 };
enum { SCANNERS_LOOK_WITHIN_S = 10 };

static void write_code(const unsigned char key[VERP_KEY_BYTES], const unsigned char *id,
                       struct text url, unsigned char code_bytes[CODE_BYTES]) {
    unsigned char hash[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;

    secret_start();
    crypto_auth_hmacsha256_init(&state, key, VERP_KEY_BYTES);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)"link", 4);
    crypto_auth_hmacsha256_update(&state, id, ID_BYTES);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)url.data, url.size);
    crypto_auth_hmacsha256_final(&state, hash);
    memcpy(code_bytes, hash, CODE_BYTES);
}

struct text mail_link_token(struct arena *arena, const unsigned char key[VERP_KEY_BYTES],
                            const struct mail_link *link) {
    unsigned char *bytes = arena_alloc(arena, HEAD_BYTES + link->url.size);

    for (int i = 0; i < ID_BYTES; i++)
        bytes[i] = (unsigned char)((uint64_t)link->message_id >> (56 - 8 * i));
    write_code(key, bytes, link->url, bytes + ID_BYTES);
    memcpy(bytes + HEAD_BYTES, link->url.data, link->url.size);
    return base64_encode(arena, (struct text){(char *)bytes, HEAD_BYTES + link->url.size},
                         BASE64_URL);
}

static bool is_web_address(struct text url) {
    if (!text_starts_with(url, TEXT("https://")) && !text_starts_with(url, TEXT("http://")))
        return false;
    for (size_t at = 0; at < url.size; at++)
        if ((unsigned char)url.data[at] <= ' ' || url.data[at] == 0x7f)
            return false;
    return url.size <= MOST_URL_BYTES;
}

code mail_link_read(struct scope *scope, const unsigned char key[VERP_KEY_BYTES], struct text token,
                    struct mail_link *ret_link) {
    unsigned char expected[CODE_BYTES];
    struct text bytes, url;
    uint64_t id = 0;

    if (token.size <= (HEAD_BYTES + MOST_URL_BYTES) * 4 / 3 + 4 &&
        base64_decode(&scope->arena, token, BASE64_URL, &bytes) && bytes.size > HEAD_BYTES) {
        url = (struct text){bytes.data + HEAD_BYTES, bytes.size - HEAD_BYTES};
        write_code(key, (const unsigned char *)bytes.data, url, expected);
        if (sodium_memcmp(expected, bytes.data + ID_BYTES, CODE_BYTES) == 0 &&
            is_web_address(url)) {
            for (int i = 0; i < ID_BYTES; i++)
                id = id << 8 | (unsigned char)bytes.data[i];
            *ret_link = (struct mail_link){(int64_t)id, url};
            return OK;
        }
    }
    return scope_fail(scope, NOT_FOUND, "this link leads nowhere");
}

// ---- HTML ----

// "&amp;" is the one reference that addresses are written with.
static struct text unescape(struct arena *arena, struct text value) {
    char *url = arena_alloc(arena, value.size + 1);
    size_t size = 0;

    for (size_t at = 0; at < value.size; at++) {
        url[size++] = value.data[at];
        if (value.size - at >= 5 && memcmp(value.data + at, "&amp;", 5) == 0)
            at += 4;
    }
    return (struct text){url, size};
}

// Where the value of the href of the tag that begins at `at` lies; false when it has none.
static bool find_href(struct text html, size_t at, size_t *ret_start, size_t *ret_end) {
    char quote = '\0';

    for (at += 2; at < html.size; at++) {
        const char byte = html.data[at];

        if (quote) {
            quote = byte == quote ? '\0' : quote;
        } else if (byte == '"' || byte == '\'') {
            quote = byte;
        } else if (byte == '>') {
            return false;
        } else if (html.size - at > 7 && strncasecmp(html.data + at, " href=", 6) == 0 &&
                   strchr("\"'", html.data[at + 6])) {
            const char *end = memchr(html.data + at + 7, html.data[at + 6], html.size - at - 7);

            *ret_start = at + 7;
            *ret_end = end ? (size_t)(end - html.data) : 0;
            return end != NULL;
        }
    }
    return false;
}

struct text mail_link_html(struct arena *arena, const unsigned char key[VERP_KEY_BYTES],
                           struct text base, int64_t message_id, struct text html) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    size_t written = 0, start, end;

    for (size_t at = 0; at + 2 < html.size; at++) {
        struct mail_link link = {.message_id = message_id};

        if (html.data[at] != '<' || (html.data[at + 1] | 32) != 'a' ||
            !strchr(" \t\r\n", html.data[at + 2]) || !find_href(html, at, &start, &end))
            continue;
        link.url = unescape(arena, text_trim((struct text){html.data + start, end - start}));
        if (!is_web_address(link.url) || text_starts_with(link.url, base))
            continue;
        buffer_add(&out, html.data + written, start - written);
        buffer_printf(&out, "%.*s/l/%.*s", TEXT_ARG(base),
                      TEXT_ARG(mail_link_token(arena, key, &link)));
        written = end;
        at = end;
    }
    buffer_add(&out, html.data + written, html.size - written);
    return text_copy(arena, buffer_text(&out));
}

// ---- visitors ----

bool mail_link_is_machine(bool is_head, struct text user_agent, int64_t sent_at_us,
                          int64_t now_us) {
    static const char *const words[] = {
        "bot",       "crawl",     "spider",     "scan",      "preview", "proofpoint",
        "mimecast",  "barracuda", "curl",       "wget",      "python",  "java/",
        "go-http",   "headless",  "okhttp",     "libwww",    "phantom", "googleimageproxy",
        "safelinks", "symantec",  "forcepoint", "validator", "monitor"};
    char lower[256] = "";

    if (is_head || user_agent.size == 0 ||
        (sent_at_us > 0 && now_us - sent_at_us < SCANNERS_LOOK_WITHIN_S * US_PER_SECOND))
        return true;
    for (size_t i = 0; i < user_agent.size && i < sizeof(lower) - 1; i++)
        lower[i] =
            (char)(user_agent.data[i] >= 'A' && user_agent.data[i] <= 'Z' ? user_agent.data[i] + 32
                                                                          : user_agent.data[i]);
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (strstr(lower, words[i]))
            return true;
    return false;
}
