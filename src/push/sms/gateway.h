// SPDX-License-Identifier: Apache-2.0
// Where text messages go: one gateway of the store, Kannel or one that takes JSON over HTTP. Its
// password is sealed; what it calls back (reports, replies) it calls at addresses nobody can guess.
//
// Kannel: POST to its sendsms with the X-Kannel-… headers, so that no address holds the password.
// Generic: POST {"to", "from", "text", "id", "report"} with Authorization: Bearer PASSWORD; 2xx is
// accepted, 429 and 503 mean later, other answers of 4xx that it will never be.
#pragma once

#include "base/scope.h"
#include "push/outbound/outbound.h"
#include "push/sms/gsm.h"

enum sms_gateway_kind { SMS_GATEWAY_KANNEL, SMS_GATEWAY_HTTP };
extern const char *const sms_gateway_kind_names[]; // "kannel", "http"; ends with NULL

enum { SMS_KEY_BYTES = 32, SMS_MOST_PARTS = 10 };

struct sms_gateway {
    enum sms_gateway_kind kind;
    struct text url;                  // "http://127.0.0.1:13013/cgi-bin/sendsms"
    struct text sender;               // the number or word that people see; empty: the gateway's
    struct text user;                 // of Kannel
    struct text password;             // sealed at rest
    struct text handle;               // in the address of replies: 192 random bits
    unsigned char key[SMS_KEY_BYTES]; // of the addresses of reports
};

// In the arena. NOT_FOUND, with a hint, when none was set up; CONFLICT when its password cannot be
// unsealed.
code sms_gateway_load(struct scope *scope, struct sms_gateway *ret_gateway);
// Within the open transaction, with its record in the audit log. An empty password leaves the one
// that is kept, unless it was given for another address. INVALID with the field.
code sms_gateway_save(struct scope *scope, const struct sms_gateway *gateway);

struct sms {
    int64_t message_id; // 0: of no campaign, nobody reports on it
    struct text key;    // the same whenever it is tried
    struct text to;     // E.164
    struct text text;   // UTF-8
};

enum sms_result { SMS_ACCEPTED, SMS_RETRY, SMS_FAILED, SMS_REFUSED_SENDER, SMS_UNKNOWN };
struct sms_outcome {
    enum sms_result result;
    char detail[200]; // without the number
};
// `base_url` is where the gateway finds Tessera; empty: it is asked for no reports.
void sms_send(struct scope *scope, const struct sms_gateway *gateway, struct text base_url,
              const struct sms *sms, struct sms_outcome *ret_outcome);

// What names a message in the address of its reports: /sms/reports/TOKEN. In the arena.
struct text sms_report_token(struct arena *arena, const struct sms_gateway *gateway, int64_t id);
// False when it is none of ours.
bool sms_report_read(const struct sms_gateway *gateway, struct text token, int64_t *ret_id);
