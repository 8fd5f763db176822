// SPDX-License-Identifier: Apache-2.0
// Ways to reach a customer: one table, each with its own rules, cost and rate. A channel knows how
// to hand messages over and what became of them; whether somebody may be written to, and when, is
// decided before (push/message, push/campaign).
//
// To add one:
//   1. a value of enum channel_kind (values are stored: append only);
//   2. its functions in the channel's own folder, declared in that folder's header;
//   3. a row in channel.c.
#pragma once

#include "base/json.h"
#include "base/scope.h"
#include "host/identity/identity.h"

enum channel_kind {
    CHANNEL_EMAIL = 1,
    CHANNEL_SMS = 2,
    CHANNEL_LETTER = 3,
    CHANNEL_AUDIENCE = 4,
    CHANNEL_WEBHOOK = 5,
    CHANNEL_CALL_LIST = 6,
    CHANNEL_ON_SITE = 7,
    CHANNEL_WEB_PUSH = 8,
    CHANNEL_FILE = 9, // lines in a file of the store, for trying things out
};

enum channel_way {
    CHANNEL_ONE_BY_ONE, // `send`: batches of started messages, each with its outcome
    CHANNEL_AS_A_FILE,  // `make`: one file for all, for a printer, a call centre, an ad server
};

// ---- what is sent ----

// The content of an arm, rendered for one customer. A channel takes what it has use for; empty
// parts were not written.
struct channel_content {
    struct text subject; // a header's text: no line breaks
    struct text html;
    struct text text;
};

// One message that was started: its row says so durably. Texts live until the call returns.
struct channel_message {
    int64_t id;      // of its row
    struct text key; // the same for the same row whenever it is tried: Message-ID, idempotency key
    int64_t customer;
    int64_t identifier_id; // of `address`; 0: the channel asks for none
    struct text address;   // normalised, of channel.address; empty where the channel asks for none
    int tries;             // before this one
    struct channel_content content;
};

// What all messages of one call have in common.
struct channel_order {
    int64_t campaign_id;
    struct text campaign; // its name
    struct text purpose;
    int step;
};

// ---- what became of it ----

enum channel_result {
    CHANNEL_UNKNOWN = 0, // it may have arrived: never sent again without a person's decision
    CHANNEL_ACCEPTED,
    CHANNEL_RETRY,   // certainly not sent, worth trying again at retry_at_us
    CHANNEL_FAILED,  // certainly not sent, and will not be
    CHANNEL_PUT_OFF, // held back before it was tried: at retry_at_us, and this was no try
};

// Why it failed, or has to be tried again.
enum channel_class {
    CHANNEL_CLASS_NONE = 0,
    CHANNEL_CLASS_ADDRESS, // nobody there: the address is to be suppressed (5.1.x)
    CHANNEL_CLASS_MAILBOX, // full, or put off too long
    CHANNEL_CLASS_CONTENT, // this message cannot be sent to anybody like that
    CHANNEL_CLASS_POLICY,  // the receiver refuses the sender: the campaign stops, nobody is
                           // suppressed
    CHANNEL_CLASS_PLACE,   // network, server, gateway: not this message's fault
    CHANNEL_CLASS_COUNT
};
const char *channel_class_name(enum channel_class class); // "address"; "" of none

struct channel_outcome {
    enum channel_result result;
    enum channel_class class;
    int64_t retry_at_us; // of CHANNEL_RETRY, 0: the usual back-off; of CHANNEL_PUT_OFF, 0: now
    int64_t cost_micros; // what it cost; -1: what `cost` said
    char detail[200];    // what the other side said, without the address
};

// Who may stay on the receiver's list.
struct channel_stayers {
    void *owner;
    // *ret_customer is who they are now; 0: they have to leave it.
    code (*ask)(struct scope *scope, void *owner, int64_t customer, int64_t *ret_customer);
};

// ---- the table ----

struct channel {
    enum channel_kind kind;
    const char *name;  // "email": the channel of consents too
    const char *label; // "E-mail"
    enum channel_way way;
    enum identifier_kind address; // where it goes; 0: none (a postal address, a page)
    bool is_postal;               // needs the profile's street, postal code and city
    bool is_quiet_at_night;       // quiet hours hold: it rings, or shows a notice
    bool asks_no_consent;         // reaches nobody: for trying things out
    int64_t cost_micros;     // of one message, until somebody edits it; in the store's currency
    int32_t rate_per_second; // until somebody edits it; 0: as fast as it goes
    // Of a content before it is approved, not rendered yet: parts that have to be there. INVALID
    // with the field ("subject", "html", "text"). NULL: anything will do.
    code (*prepare)(struct scope *scope, const struct channel_content *sources);
    // What this one message will cost, known before it is started (parts of an SMS, postage of a
    // country); never less than it turns out to be. NULL: cost_micros.
    code (*cost)(struct scope *scope, const struct channel_message *message, int64_t usual_micros,
                 int64_t *ret_micros);
    // CHANNEL_ONE_BY_ONE. `open` makes what lives for a run of batches (connections); it may
    // answer UNAVAILABLE, and the run is tried later. `send` hands over what it can and fills an
    // outcome for each message, all of which begin as CHANNEL_UNKNOWN; it keeps to the outcomes
    // when cancelled. A failure of the call leaves those that have none yet unknown. It opens no
    // ledger transaction that is open when it returns.
    code (*open)(struct scope *scope, const struct channel_order *order, void **ret_connection);
    code (*send)(struct scope *scope, void *connection, const struct channel_order *order,
                 const struct channel_message *messages, size_t count,
                 struct channel_outcome *outcomes);
    void (*close)(void *connection); // takes NULL
    // CHANNEL_AS_A_FILE: writes all of them to a new file at `path` and syncs it; the file is the
    // same when it is made again of the same messages. A list beside it is PATH.csv. Outcomes as
    // above; when the call fails there is no file, and all of them wait again; nor is there one
    // when nobody can stand in it.
    code (*make)(struct scope *scope, const struct channel_order *order,
                 const struct channel_message *messages, size_t count, const char *path,
                 struct channel_outcome *outcomes);
    const char *file_extension; // of `make`: "pdf", "csv"
    // Of a channel whose files add people to a list that the receiver keeps: a finished campaign
    // can be updated, and its files then have those alone who came since. Who is on the list and
    // has to leave it stands in files of its own, whose paths begin with `stem`. NULL: a file is
    // for once.
    code (*take_off)(struct scope *scope, const struct channel_order *order,
                     const struct channel_stayers *stayers, const char *stem);
    // The receiver deletes the list as a whole: nothing is kept of it any more. In the open
    // transaction. NULL as above.
    code (*forget)(struct scope *scope, int64_t campaign_id);
};

extern const struct channel channels[];
extern const size_t channel_count;

const struct channel *channel_of(enum channel_kind kind); // NULL: there is no such row
// INVALID, field "channel", names those there are.
code channel_named(struct scope *scope, struct text name, const struct channel **ret_channel);

// What people made of a channel's cost and rate.
struct channel_terms {
    int64_t cost_micros;
    int32_t rate_per_second; // 0: as fast as it goes
};
code channel_terms_read(struct scope *scope, const struct channel *channel,
                        struct channel_terms *ret_terms);
// Within the open transaction, or one of its own. INVALID below 0.
code channel_terms_write(struct scope *scope, const struct channel *channel,
                         const struct channel_terms *terms);
