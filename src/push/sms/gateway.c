// SPDX-License-Identifier: Apache-2.0
#include "push/sms/gateway.h"

#include "base/base64.h"
#include "base/json.h"
#include "gateway_sql.h"
#include "govern/access/seal.h"
#include "govern/audit/audit.h"
#include "store/ledger.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

enum { HANDLE_BYTES = 24, MAC_BYTES = 16, MOST_SENDER_BYTES = 20, MOST_HEADERS = 10 };

const char *const sms_gateway_kind_names[] = {"kannel", "http", NULL};

// ---- kept ----

static code unpack_key(struct scope *scope, struct text sealed, unsigned char *ret_key) {
    struct text key, bytes;

    TRY(unseal(scope, sealed, &key));
    if (!base64_decode(&scope->arena, key, BASE64_URL, &bytes) || bytes.size != SMS_KEY_BYTES)
        return scope_fail(scope, INTERNAL, "the key of the gateway's reports cannot be read");
    memcpy(ret_key, bytes.data, SMS_KEY_BYTES);
    return OK;
}

code sms_gateway_load(struct scope *scope, struct sms_gateway *ret_gateway) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct text sealed, key;
    bool found;

    TRY(ledger_find(scope, sql_sms_gateway_find, NO_BINDS, &rows, &found));
    if (!found) {
        scope_fail(scope, NOT_FOUND, "no gateway for text messages is set up");
        return scope_hint(scope, "`tessera sms set-gateway` sets one up");
    }
    *ret_gateway = (struct sms_gateway){
        .kind = text_is(rows_text(rows, 0), "kannel") ? SMS_GATEWAY_KANNEL : SMS_GATEWAY_HTTP,
        .url = text_copy(&scope->arena, rows_text(rows, 1)),
        .sender = text_copy(&scope->arena, rows_text(rows, 2)),
        .user = text_copy(&scope->arena, rows_text(rows, 3)),
        .handle = text_copy(&scope->arena, rows_text(rows, 5))};
    sealed = text_copy(&scope->arena, rows_text(rows, 4));
    key = text_copy(&scope->arena, rows_text(rows, 6));
    if (sealed.size > 0)
        TRY(unseal(scope, sealed, &ret_gateway->password));
    return unpack_key(scope, key, ret_gateway->key);
}

static bool is_printable(struct text text) {
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < ' ' || text.data[i] > '~')
            return false;
    return true;
}

static code check(struct scope *scope, const struct sms_gateway *gateway) {
    TRY(outbound_check(scope, gateway->url, "url"));
    if (!is_printable(gateway->sender) || gateway->sender.size > MOST_SENDER_BYTES)
        return scope_fail_field(scope, INVALID, "sender",
                                "\"%.*s\" is no sender: up to %d letters and digits",
                                TEXT_ARG(gateway->sender), MOST_SENDER_BYTES);
    if (!is_printable(gateway->user) || !is_printable(gateway->password))
        return scope_fail_field(scope, INVALID, "password",
                                "the user and the password are plain letters, digits and signs");
    return OK;
}

static struct text random_text(struct arena *arena, size_t size) {
    unsigned char bytes[SMS_KEY_BYTES];

    randombytes_buf(bytes, size);
    return base64_encode(arena, (struct text){(const char *)bytes, size}, BASE64_URL);
}

code sms_gateway_save(struct scope *scope, const struct sms_gateway *gateway) {
    const struct text kind = text_of(sms_gateway_kind_names[gateway->kind]);
    struct text password = TEXT(""), key;

    TRY(check(scope, gateway));
    if (gateway->password.size > 0)
        TRY(seal(scope, gateway->password, &password));
    TRY(seal(scope, random_text(&scope->arena, SMS_KEY_BYTES), &key));
    TRY(ledger_exec(scope, sql_sms_gateway_put,
                    BINDS(BIND_TEXT(kind), BIND_TEXT(gateway->url), BIND_TEXT(gateway->sender),
                          BIND_TEXT(gateway->user), BIND_TEXT(password),
                          BIND_TEXT(random_text(&scope->arena, HANDLE_BYTES)), BIND_TEXT(key))));
    return AUDIT(scope, "sms.gateway", TEXT("gateway for text messages"), {"kind", kind},
                 {"url", gateway->url});
}

// ---- reports ----

static void report_mac(const struct sms_gateway *gateway, int64_t id, unsigned char *ret_mac) {
    char words[40];
    const int size = snprintf(words, sizeof(words), "report %" PRId64, id);

    crypto_generichash(ret_mac, MAC_BYTES, (const unsigned char *)words, (unsigned long long)size,
                       gateway->key, SMS_KEY_BYTES);
}

struct text sms_report_token(struct arena *arena, const struct sms_gateway *gateway, int64_t id) {
    unsigned char mac[MAC_BYTES];

    report_mac(gateway, id, mac);
    return text_printf(
        arena, "%" PRId64 ".%.*s", id,
        TEXT_ARG(base64_encode(arena, (struct text){(const char *)mac, MAC_BYTES}, BASE64_URL)));
}

bool sms_report_read(const struct sms_gateway *gateway, struct text token, int64_t *ret_id) {
    char wanted[64];
    unsigned char mac[MAC_BYTES];
    struct text code_given;
    const struct text number = text_split(token, '.', &code_given);
    int64_t id;

    if (!text_to_int64(number, &id))
        return false;
    report_mac(gateway, id, mac);
    sodium_bin2base64(wanted, sizeof(wanted), mac, MAC_BYTES,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    if (code_given.size != strlen(wanted) ||
        sodium_memcmp(wanted, code_given.data, code_given.size) != 0)
        return false;
    *ret_id = id;
    return true;
}

// ---- sending ----

static void add_header(struct outbound_header *headers, size_t *count, const char *name,
                       struct text value) {
    if (value.size > 0)
        headers[(*count)++] = (struct outbound_header){name, value};
}

static size_t kannel_headers(struct scope *scope, const struct sms_gateway *gateway,
                             struct text report, const struct sms *sms,
                             struct outbound_header *headers) {
    const bool is_wide = sms_measure(sms->text).alphabet == SMS_UCS_2;
    size_t count = 0;

    add_header(headers, &count, "Content-Type", TEXT("text/plain; charset=\"UTF-8\""));
    add_header(headers, &count, "X-Kannel-Username", gateway->user);
    add_header(headers, &count, "X-Kannel-Password", gateway->password);
    add_header(headers, &count, "X-Kannel-From", gateway->sender);
    add_header(headers, &count, "X-Kannel-To", sms->to);
    add_header(headers, &count, "X-Kannel-Coding", text_of(is_wide ? "2" : "0"));
    if (report.size > 0) {
        // 1 delivered, 2 not delivered, 16 refused by the centre. %d: which of them.
        add_header(headers, &count, "X-Kannel-DLR-Mask", TEXT("19"));
        add_header(headers, &count, "X-Kannel-DLR-Url",
                   text_printf(&scope->arena, "%.*s?status=%%d", TEXT_ARG(report)));
    }
    return count;
}

static struct text http_body(struct scope *scope, const struct sms_gateway *gateway,
                             struct text report, const struct sms *sms) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "to");
    json_write_text(&writer, sms->to);
    json_key(&writer, "from");
    json_write_text(&writer, gateway->sender);
    json_key(&writer, "text");
    json_write_text(&writer, sms->text);
    json_key(&writer, "id");
    json_write_text(&writer, sms->key);
    json_key(&writer, "report");
    json_write_text(&writer, report);
    json_end_object(&writer);
    return text_copy(&scope->arena, buffer_text(&body));
}

// What Kannel answers: 202 with "0: …" taken, "3: …" taken for later; 403 wrong password; 4xx it
// will not take this one; 503 not now.
static void judge(const struct outbound_answer *answer, struct sms_outcome *outcome) {
    const int status = answer->status;

    if (answer->state != OUTBOUND_ANSWERED) {
        outcome->result = answer->state == OUTBOUND_NOT_SENT ? SMS_RETRY : SMS_UNKNOWN;
        snprintf(outcome->detail, sizeof(outcome->detail), "%s", answer->detail);
        return;
    }
    if (status >= 200 && status < 300)
        outcome->result = SMS_ACCEPTED;
    else if (status == 401 || status == 403)
        outcome->result = SMS_REFUSED_SENDER;
    else if (status == 429 || status == 503)
        outcome->result = SMS_RETRY;
    else
        outcome->result = status >= 400 && status < 500 ? SMS_FAILED : SMS_UNKNOWN;
    snprintf(outcome->detail, sizeof(outcome->detail), "the gateway answered %d", status);
}

void sms_send(struct scope *scope, const struct sms_gateway *gateway, struct text base_url,
              const struct sms *sms, struct sms_outcome *ret_outcome) {
    struct outbound_header headers[MOST_HEADERS];
    struct outbound_request request = {.method = "POST", .url = gateway->url, .headers = headers};
    struct text report = TEXT("");
    struct outbound_answer answer;

    *ret_outcome = (struct sms_outcome){.result = SMS_UNKNOWN};
    if (base_url.size > 0 && sms->message_id > 0)
        report = text_printf(&scope->arena, "%.*s/sms/reports/%.*s", TEXT_ARG(base_url),
                             TEXT_ARG(sms_report_token(&scope->arena, gateway, sms->message_id)));
    if (gateway->kind == SMS_GATEWAY_KANNEL) {
        request.header_count = kannel_headers(scope, gateway, report, sms, headers);
        request.body = sms->text;
    } else {
        add_header(headers, &request.header_count, "Content-Type", TEXT("application/json"));
        if (gateway->password.size > 0)
            add_header(headers, &request.header_count, "Authorization",
                       text_printf(&scope->arena, "Bearer %.*s", TEXT_ARG(gateway->password)));
        request.body = http_body(scope, gateway, report, sms);
    }
    outbound_call(scope, &request, &answer);
    judge(&answer, ret_outcome);
}
