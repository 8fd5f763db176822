// SPDX-License-Identifier: Apache-2.0
// Which of the four ends a mail came to is told by three things: libcurl's verdict, the last reply,
// and whether the end of the message was handed to libcurl, behind which it sends the final dot.
#include "push/mail/smtp.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    CONNECT_TIMEOUT_MS = 30000,
    RESPONSE_TIMEOUT_S = 300, // of one reply; RFC 5321 (4.5.3.2) asks for five minutes and more
    STALLED_S = 600,          // in which it takes no byte of a mail
};

const char *const smtp_tls_names[] = {"starttls", "implicit", "none", NULL};

struct smtp {
    CURL *curl;
    struct curl_slist *recipient;
    // Of the mail that is being sent.
    struct text rest; // that libcurl has not taken yet
    bool has_ended;   // it wrote all and was told that there is no more: the final dot follows
    bool has_begun;   // it asked for the first byte: DATA was answered by 354
    char last[600];   // the last line of a reply
};

// ---- talking ----

// libcurl is not told the size: it then asks once more when all is written to the connection, and
// that question is the line between "certainly not taken" and "maybe".
static size_t give_message(char *buffer, size_t size, size_t count, void *context) {
    struct smtp *smtp = context;
    const size_t room = size * count;
    const size_t given = smtp->rest.size < room ? smtp->rest.size : room;

    smtp->has_begun = true;
    smtp->has_ended = given == 0 || smtp->has_ended;
    if (given > 0)
        memcpy(buffer, smtp->rest.data, given);
    smtp->rest = (struct text){smtp->rest.data + given, smtp->rest.size - given};
    return given;
}

// Every line of every reply; the last one is kept. Not the answer to QUIT, which libcurl says when
// it gives a connection up.
static size_t take_reply(char *data, size_t size, size_t count, void *context) {
    struct smtp *smtp = context;
    const size_t given = size * count;
    const size_t kept = given < sizeof(smtp->last) - 1 ? given : sizeof(smtp->last) - 1;

    if (given >= 3 && memcmp(data, "221", 3) == 0)
        return given;
    memcpy(smtp->last, data, kept);
    smtp->last[kept] = '\0';
    return given;
}

// As libcurl wants it: NOLINTNEXTLINE(readability-non-const-parameter)
static size_t ignore(char *data, size_t size, size_t count, void *context) {
    (void)data;
    (void)context;
    return size * count;
}

static bool set_relay(struct scope *scope, CURL *curl, const struct smtp_relay *relay) {
    const char *scheme = relay->tls == SMTP_TLS_IMPLICIT ? "smtps" : "smtp";
    const bool is_v6 = text_contains(relay->host, ':') && !text_contains(relay->host, '[');
    const char *url =
        arena_printf(&scope->arena, is_v6 ? "%s://[%.*s]:%d/%.*s" : "%s://%.*s:%d/%.*s", scheme,
                     TEXT_ARG(relay->host), relay->port, TEXT_ARG(relay->helo));
    bool is_set = curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK;

    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     (long)(relay->tls == SMTP_TLS_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (relay->user.size > 0) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, text_string(&scope->arena, relay->user));
        curl_easy_setopt(curl, CURLOPT_PASSWORD, text_string(&scope->arena, relay->password));
    }
    if (relay->ca_file.size > 0)
        curl_easy_setopt(curl, CURLOPT_CAINFO, text_string(&scope->arena, relay->ca_file));
    return is_set && curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK;
}

code smtp_open(struct scope *scope, const struct smtp_relay *relay, struct smtp **ret_smtp) {
    struct smtp *smtp = calloc(1, sizeof(*smtp));

    if (!smtp)
        abort();
    smtp->curl = curl_easy_init();
    if (!smtp->curl || !set_relay(scope, smtp->curl, relay)) {
        smtp_close(smtp);
        return scope_fail(scope, UNAVAILABLE, "no connection can be made to the relay %.*s:%d",
                          TEXT_ARG(relay->host), relay->port);
    }
    curl_easy_setopt(smtp->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(smtp->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(smtp->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    curl_easy_setopt(smtp->curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)RESPONSE_TIMEOUT_S);
    curl_easy_setopt(smtp->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(smtp->curl, CURLOPT_LOW_SPEED_TIME, (long)STALLED_S);
    curl_easy_setopt(smtp->curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(smtp->curl, CURLOPT_READFUNCTION, give_message);
    curl_easy_setopt(smtp->curl, CURLOPT_READDATA, smtp);
    curl_easy_setopt(smtp->curl, CURLOPT_HEADERFUNCTION, take_reply);
    curl_easy_setopt(smtp->curl, CURLOPT_HEADERDATA, smtp);
    curl_easy_setopt(smtp->curl, CURLOPT_WRITEFUNCTION, ignore);
    *ret_smtp = smtp;
    return OK;
}

void smtp_close(struct smtp *smtp) {
    if (!smtp)
        return;
    curl_easy_cleanup(smtp->curl);
    curl_slist_free_all(smtp->recipient);
    free(smtp);
}

// ---- what became of it ----

// Words with an @ in them are left out: replies repeat the address.
static void write_detail(struct smtp_result *result, struct text said) {
    size_t size = 0;

    while (said.size > 0 && size < sizeof(result->detail) - 1) {
        struct text word = text_split(said, ' ', &said);

        if (text_contains(word, '@'))
            word = TEXT("(address)");
        for (size_t i = 0; i < word.size && size < sizeof(result->detail) - 2; i++)
            result->detail[size++] =
                word.data[i] >= ' ' && word.data[i] <= '~' ? word.data[i] : '?';
        if (said.size > 0)
            result->detail[size++] = ' ';
    }
    result->detail[size] = '\0';
}

// libcurl tells the command that was refused by its own failure alone; the text names it.
static enum smtp_stage stage_of(CURLcode status, const struct smtp *smtp, const char *failure) {
    if (smtp->has_begun || strstr(failure, "DATA"))
        return SMTP_STAGE_DATA;
    if (strstr(failure, "RCPT"))
        return SMTP_STAGE_RECIPIENT;
    if (strstr(failure, "MAIL"))
        return SMTP_STAGE_SENDER;
    return status == CURLE_SEND_ERROR ? SMTP_STAGE_RECIPIENT : SMTP_STAGE_CONNECT;
}

static void judge_reply(struct smtp *smtp, CURLcode status, const char *failure,
                        struct smtp_result *result) {
    const struct smtp_reply reply = smtp_reply_read(text_of(smtp->last));
    const enum smtp_stage stage = stage_of(status, smtp, failure);

    result->status = reply.status;
    result->class = smtp_classify(&reply, stage);
    result->is_throttled = smtp_is_throttle(&reply);
    result->is_of_relay =
        stage == SMTP_STAGE_CONNECT || (stage == SMTP_STAGE_SENDER && reply.status / 100 == 4);
    // A relay that refuses our password is set up wrongly: the mail waits until it is mended.
    result->state =
        reply.status / 100 == 5 && stage != SMTP_STAGE_CONNECT ? SMTP_FAILED : SMTP_RETRY;
    write_detail(result, text_trim(text_of(smtp->last)));
}

static void judge(struct smtp *smtp, CURLcode status, const char *failure,
                  struct smtp_result *result) {
    const int last = smtp_reply_read(text_of(smtp->last)).status;

    if (status == CURLE_OK) {
        result->state = SMTP_ACCEPTED;
        result->status = last;
        write_detail(result, text_trim(text_of(smtp->last)));
    } else if (last >= 400 && last < 600) {
        judge_reply(smtp, status, failure, result);
    } else {
        result->state = smtp->has_ended ? SMTP_UNKNOWN : SMTP_RETRY;
        result->class = MAIL_CLASS_PLACE;
        result->is_of_relay = !smtp->has_begun;
        result->status = last;
        write_detail(result, text_of(failure[0] ? failure : curl_easy_strerror(status)));
    }
}

// A connection that was open and that the relay had closed meanwhile, or ends now (421) because it
// took enough mails: the next one is another.
static bool was_idle_too_long(struct smtp *smtp) {
    const int last = smtp_reply_read(text_of(smtp->last)).status;
    long connect_count = 1;

    curl_easy_getinfo(smtp->curl, CURLINFO_NUM_CONNECTS, &connect_count);
    return connect_count == 0 && !smtp->has_begun && (last == 0 || last == 421);
}

void smtp_send(struct smtp *smtp, const char *return_path, const char *recipient,
               struct text message, struct smtp_result *ret_result) {
    char failure[CURL_ERROR_SIZE] = "";
    CURLcode status;

    *ret_result = (struct smtp_result){0};
    curl_slist_free_all(smtp->recipient);
    smtp->recipient = curl_slist_append(NULL, recipient);
    smtp->rest = message;
    smtp->has_ended = smtp->has_begun = false;
    smtp->last[0] = '\0';
    curl_easy_setopt(smtp->curl, CURLOPT_MAIL_FROM, return_path);
    curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, smtp->recipient);
    curl_easy_setopt(smtp->curl, CURLOPT_ERRORBUFFER, failure);
    status = curl_easy_perform(smtp->curl);
    if (status != CURLE_OK && was_idle_too_long(smtp)) {
        smtp->last[0] = failure[0] = '\0';
        status = curl_easy_perform(smtp->curl);
    }
    curl_easy_setopt(smtp->curl, CURLOPT_ERRORBUFFER, NULL);
    judge(smtp, status, failure, ret_result);
}
