// SPDX-License-Identifier: Apache-2.0
#include "push/mail/mail_doctor.h"

#include "base/config.h"
#include "mail_sql.h"
#include "push/mail/mail.h"
#include "store/ledger.h"
#include "store/store.h"

#include <curl/curl.h>

enum { MOST_CHECKS = 16, PROBE_TIMEOUT_MS = 5000 };

struct examination {
    struct scope *scope;
    const struct dns_server *server;
    struct mail_setup setup;
    struct text domain; // of the sender
    struct doctor_check *checks;
    size_t count;
    bool is_red;
};

static void note(struct examination *examination, const char *name, enum doctor_state state,
                 struct text finding, struct text advice) {
    examination->checks[examination->count++] = (struct doctor_check){name, state, finding, advice};
    examination->is_red |= state == DOCTOR_FAIL;
}

// A question whose failure is a finding.
static bool ask(struct examination *examination, const char *check, struct text name,
                enum dns_type type, struct dns_answers *answers) {
    struct scope *scope = examination->scope;

    if (dns_ask(scope, examination->server, name, type, answers) == OK)
        return true;
    note(examination, check, DOCTOR_FAIL, text_printf(&scope->arena, "%s", scope->failure.message),
         TEXT("see that this machine can ask DNS"));
    scope_forgive(scope);
    return false;
}

static const struct text *find_record(const struct dns_answers *answers, const char *prefix) {
    for (size_t i = 0; i < answers->count; i++)
        if (answers->values[i].size >= strlen(prefix) &&
            strncasecmp(answers->values[i].data, prefix, strlen(prefix)) == 0)
            return &answers->values[i];
    return NULL;
}

// ---- each check ----

static void check_sender(struct examination *examination) {
    struct arena *arena = &examination->scope->arena;
    const struct mail_setup *setup = &examination->setup;

    if (setup->host.size == 0 || setup->from_address.size == 0)
        note(examination, "set-up", DOCTOR_FAIL, TEXT("no relay or no sender is set up"),
             TEXT("tessera mail set --host HOST --from ADDRESS"));
    else
        note(examination, "set-up", DOCTOR_OK,
             text_printf(arena, "mail from @%.*s leaves through %.*s:%d",
                         TEXT_ARG(examination->domain), TEXT_ARG(setup->host), setup->port),
             (struct text){0});
}

static void check_spf(struct examination *examination) {
    struct arena *arena = &examination->scope->arena;
    const struct text host = examination->setup.return_host.size > 0
                                 ? examination->setup.return_host
                                 : examination->domain;
    struct dns_answers answers;
    const struct text *record;
    int count = 0;

    if (!ask(examination, "SPF", host, DNS_TXT, &answers))
        return;
    for (size_t i = 0; i < answers.count; i++)
        count += text_starts_with(answers.values[i], TEXT("v=spf1"));
    record = find_record(&answers, "v=spf1");
    if (count != 1) {
        note(examination, "SPF", DOCTOR_FAIL,
             text_printf(arena, "%.*s has %d SPF records instead of one", TEXT_ARG(host), count),
             text_printf(arena, "put into DNS: %.*s TXT \"v=spf1 a:%.*s -all\"", TEXT_ARG(host),
                         TEXT_ARG(examination->setup.host)));
        return;
    }
    if (memmem(record->data, record->size, "+all", 4))
        note(examination, "SPF", DOCTOR_FAIL, TEXT("the record allows everybody (+all)"),
             TEXT("end it with -all or ~all"));
    else
        note(examination, "SPF", DOCTOR_OK, *record, (struct text){0});
}

// Only what stands behind p=: blanks and the order of tags do not matter.
static bool has_key(const struct dns_answers *answers, struct text record) {
    const char *key = memmem(record.data, record.size, "p=", 2);

    if (!key)
        return false;
    for (size_t i = 0; i < answers->count; i++)
        if (memmem(answers->values[i].data, answers->values[i].size, key,
                   record.size - (size_t)(key - record.data)))
            return true;
    return false;
}

static code check_keys(struct examination *examination) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct arena *arena = &examination->scope->arena;
    bool has_signing = false, is_aligned = false;

    TRY(mail_key_list(examination->scope, &rows));
    while (rows_next(rows)) {
        const struct text domain = text_copy(arena, rows_text(rows, 1));
        const struct text record = text_copy(arena, rows_text(rows, 4));
        const bool signs = rows_int64(rows, 3) == MAIL_KEY_SIGNS;
        const struct text name = text_printf(arena, "%.*s._domainkey.%.*s",
                                             TEXT_ARG(rows_text(rows, 0)), TEXT_ARG(domain));
        struct dns_answers answers;

        has_signing |= signs && rows_int64(rows, 2) == DKIM_RSA;
        is_aligned |= signs && text_equal(domain, examination->domain);
        if (examination->count >= MOST_CHECKS - 6 || rows_int64(rows, 3) == MAIL_KEY_RETIRED ||
            !ask(examination, "DKIM", name, DNS_TXT, &answers))
            continue;
        if (has_key(&answers, record))
            note(examination, "DKIM", DOCTOR_OK, name, (struct text){0});
        else
            note(examination, "DKIM", signs ? DOCTOR_FAIL : DOCTOR_WARN,
                 text_printf(arena, "DNS does not have the key of %.*s", TEXT_ARG(name)),
                 text_printf(arena, "put into DNS: %.*s TXT \"%.*s\"", TEXT_ARG(name),
                             TEXT_ARG(record)));
    }
    TRY(rows_end(rows));
    if (!has_signing)
        note(examination, "DKIM", DOCTOR_FAIL, TEXT("no RSA key signs mail"),
             TEXT("tessera mail add-key, put its record into DNS, tessera mail use-key SELECTOR"));
    else
        note(examination, "alignment", is_aligned ? DOCTOR_OK : DOCTOR_FAIL,
             is_aligned ? TEXT("the signature's domain is the sender's")
                        : TEXT("no key that signs is of the sender's domain"),
             is_aligned ? (struct text){0} : TEXT("make a key anew: tessera mail add-key"));
    return OK;
}

static void check_dmarc(struct examination *examination) {
    struct arena *arena = &examination->scope->arena;
    struct text domain = examination->domain;

    while (domain.size > 0) {
        struct text parent;
        struct dns_answers answers;
        const struct text *record;

        if (!ask(examination, "DMARC", text_printf(arena, "_dmarc.%.*s", TEXT_ARG(domain)), DNS_TXT,
                 &answers))
            return;
        record = find_record(&answers, "v=DMARC1");
        if (record) {
            note(examination, "DMARC", DOCTOR_OK, *record, (struct text){0});
            return;
        }
        text_split(domain, '.', &parent);
        domain = text_contains(parent, '.') ? parent : (struct text){0};
    }
    note(examination, "DMARC", DOCTOR_FAIL,
         text_printf(arena, "_dmarc.%.*s has no record", TEXT_ARG(examination->domain)),
         text_printf(arena, "put into DNS: _dmarc.%.*s TXT \"v=DMARC1; p=none\"",
                     TEXT_ARG(examination->domain)));
}

static struct text reverse_name(struct arena *arena, struct text address) {
    unsigned char octets[4];
    struct text rest = address;

    for (int i = 0; i < 4; i++) {
        int64_t octet;

        if (!text_to_int64(text_split(rest, '.', &rest), &octet) || octet < 0 || octet > 255)
            return (struct text){0};
        octets[i] = (unsigned char)octet;
    }
    return text_printf(arena, "%d.%d.%d.%d.in-addr.arpa", octets[3], octets[2], octets[1],
                       octets[0]);
}

// The name that the relay's address has must have that address.
static void check_pointer(struct examination *examination) {
    struct arena *arena = &examination->scope->arena;
    struct dns_answers addresses, names, back;
    struct text reverse;

    if (!ask(examination, "PTR", examination->setup.host, DNS_A, &addresses))
        return;
    reverse = addresses.count > 0 ? reverse_name(arena, addresses.values[0]) : (struct text){0};
    if (reverse.size == 0) {
        note(examination, "PTR", DOCTOR_SKIPPED, TEXT("the relay has no address in DNS"),
             (struct text){0});
        return;
    }
    if (!ask(examination, "PTR", reverse, DNS_PTR, &names))
        return;
    if (names.count > 0 && !ask(examination, "PTR", names.values[0], DNS_A, &back))
        return;
    for (size_t i = 0; names.count > 0 && i < back.count; i++)
        if (text_equal(back.values[i], addresses.values[0])) {
            note(examination, "PTR", DOCTOR_OK, names.values[0], (struct text){0});
            return;
        }
    note(
        examination, "PTR", DOCTOR_WARN,
        text_printf(arena, "%.*s has no name that leads back to it", TEXT_ARG(addresses.values[0])),
        TEXT("ask whoever runs the relay for a PTR record, if mail leaves from that address"));
}

// What is known of the relay's TLS is said by an attempt: EHLO, STARTTLS, QUIT.
static void check_relay(struct examination *examination) {
    struct arena *arena = &examination->scope->arena;
    const struct mail_setup *setup = &examination->setup;
    char failure[CURL_ERROR_SIZE] = "";
    CURL *curl = curl_easy_init();
    CURLcode status = CURLE_OUT_OF_MEMORY;

    if (curl) {
        curl_easy_setopt(curl, CURLOPT_URL,
                         arena_printf(arena, "%s://%.*s:%d/",
                                      setup->tls == SMTP_TLS_IMPLICIT ? "smtps" : "smtp",
                                      TEXT_ARG(setup->host), setup->port));
        curl_easy_setopt(curl, CURLOPT_USE_SSL,
                         (long)(setup->tls == SMTP_TLS_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL));
        curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
        curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)PROBE_TIMEOUT_MS);
        curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, failure);
        status = curl_easy_perform(curl);
        curl_easy_cleanup(curl);
    }
    if (status != CURLE_OK)
        note(examination, "relay", DOCTOR_FAIL,
             text_printf(arena, "%.*s:%d: %s", TEXT_ARG(setup->host), setup->port,
                         failure[0] ? failure : curl_easy_strerror(status)),
             TEXT("see that the relay is up, lets this machine in, and offers TLS"));
    else
        note(examination, "relay", setup->tls == SMTP_TLS_NONE ? DOCTOR_WARN : DOCTOR_OK,
             setup->tls == SMTP_TLS_NONE ? TEXT("it answers, without TLS: it is this machine")
                                         : TEXT("it answers, and its certificate is known"),
             (struct text){0});
}

static void check_one_click(struct examination *examination) {
    const struct text base = config_base_url(&examination->scope->arena,
                                             store_config(session_store(examination->scope)));
    const bool is_https = text_starts_with(base, TEXT("https://"));

    note(examination, "one click", is_https ? DOCTOR_OK : DOCTOR_FAIL,
         is_https ? text_printf(&examination->scope->arena, "%.*s/u/…", TEXT_ARG(base))
                  : TEXT("the address to unsubscribe at would be no https address"),
         is_https ? (struct text){0} : TEXT("say base_url = https://… in the configuration"));
}

static void check_feedback(struct examination *examination) {
    const bool has_id = examination->setup.feedback_id.size > 0;

    note(examination, "Feedback-ID", has_id ? DOCTOR_OK : DOCTOR_WARN,
         has_id ? examination->setup.feedback_id : TEXT("Gmail is told no sender to count by"),
         has_id ? (struct text){0} : TEXT("tessera mail set --feedback-id NAME (5 to 15 letters)"));
}

code mail_doctor_examine(struct scope *scope, const struct dns_server *server,
                         struct doctor_check **ret_checks, size_t *ret_count, bool *ret_is_red) {
    struct examination examination = {
        .scope = scope,
        .server = server,
        .checks = arena_array(&scope->arena, MOST_CHECKS, sizeof(struct doctor_check))};

    TRY(mail_setup_load(scope, &examination.setup));
    examination.domain = mime_domain(&scope->arena, examination.setup.from_address);
    check_sender(&examination);
    if (!examination.is_red) {
        TRY(check_keys(&examination));
        check_spf(&examination);
        check_dmarc(&examination);
        check_pointer(&examination);
        check_relay(&examination);
        check_one_click(&examination);
        check_feedback(&examination);
    }
    *ret_checks = examination.checks;
    *ret_count = examination.count;
    *ret_is_red = examination.is_red;
    return OK;
}
