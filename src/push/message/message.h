// SPDX-License-Identifier: Apache-2.0
// What is sent to one customer by one step of one campaign: one row, there at most once, durable
// before anything leaves the house.
//
//   reserved ──▶ started ──▶ accepted
//      │  ▲         ├─────▶ failed
//      │  └─ retry ─┤
//      │  ▲         └─────▶ unknown   it was started, and nobody can say what became of it
//      │  └──── a person decides ┘
//      ├──▶ refused   it may not be sent, for the reason that stands in the row
//   held_out          drawn before anything was sent, to be compared with
//
// What is started is committed as started before the channel hears of it, in the transaction that
// has looked once more whether it may be (opt-outs, caps): after an opt-out was acknowledged
// nothing is started. What a crash left started becomes unknown and is never sent again by the
// program.
#pragma once

#include "govern/consent/permit.h"
#include "push/channel/channel.h"

enum message_state {
    MESSAGE_RESERVED,
    MESSAGE_HELD_OUT,
    MESSAGE_STARTED,
    MESSAGE_ACCEPTED,
    MESSAGE_FAILED,
    MESSAGE_UNKNOWN,
    MESSAGE_REFUSED,
    MESSAGE_STATE_COUNT
};
const char *message_state_name(enum message_state state); // "held_out"

// Why a message is refused, beside the reasons that consents have
// (govern/consent/permit.h). The words are stored.
#define REFUSED_GONE    "no_customer"     // nobody has this id any more
#define REFUSED_ADDRESS "no_address"      // the channel has no address of them
#define REFUSED_CAP     "frequency_cap"   // written to often enough for now
#define REFUSED_TWICE   "sent_twice"      // customers became one since: the other row was sent
#define REFUSED_CONTENT "without_content" // the content says nothing for them
#define REFUSED_STOPPED "stopped"         // the campaign ended before
#define REFUSED_COUPON  "no_coupon"       // its series of coupons has no more to give

struct coupon_series; // push/coupon/coupon.h

struct message {
    int64_t id, campaign_id;
    int32_t step;
    int64_t customer; // as it was when the row was made
    int32_t arm;      // -1: none yet
    int32_t tries;
    int64_t first_at_us; // 0: never tried
};

// ---- reserving ----

struct message_reservation {
    int64_t campaign_id;
    int32_t step;
    int64_t customer;
    int32_t arm;              // -1: none yet
    enum message_state state; // MESSAGE_RESERVED, MESSAGE_HELD_OUT or MESSAGE_REFUSED
    const char *refusal;      // of MESSAGE_REFUSED
    int64_t due_at_us;
};
// In the open transaction. *ret_is_new is false when the customer has a row of the step already,
// which stays as it is.
code message_reserve(struct scope *scope, const struct message_reservation *reservation,
                     bool *ret_is_new);
// For a campaign that is updated: what was refused before it was drawn is forgotten, and what the
// customer had already, as whoever they were, is due again with its arm; unless they stand on the
// list that the receiver keeps. In the open transaction; *ret_count rows are due again.
code message_renew(struct scope *scope, int64_t campaign_id, int64_t customer, int64_t *ret_count);
// What waits of a campaign is refused: it ended. Within the open transaction.
code message_drop_reserved(struct scope *scope, int64_t campaign_id, int64_t *ret_count);

// ---- may it be sent? ----

struct message_rules {
    const struct channel *channel;
    const struct consent_rule *consent; // NULL: of a channel that asks for none
    int32_t cap_count; // messages of all campaigns and channels in cap_days; 0: no cap
    int32_t cap_days;
};

// Whom a message would go to.
struct message_addressee {
    int64_t customer;      // who it is now; 0: nobody
    int64_t identifier_id; // 0: the channel asks for none
    struct text address;
};
// The whole check, in the caller's open transaction. The message's id may be 0: no row is its own
// then. *ret_refusal is NULL when it may be sent, and *ret_addressee is set.
code message_may(struct scope *scope, const struct message_rules *rules,
                 const struct message *message, const char **ret_refusal,
                 struct message_addressee *ret_addressee);

// ---- sending ----

// One message on its way.
struct message_work {
    struct message message;
    struct channel_message content;
    const char *refusal;                       // there is nothing to say to them; NULL: there is
    int64_t wait_until_us;                     // it is not their time; 0: it is
    const struct coupon_series *coupon_series; // whose code is in the content; NULL: none
    struct text coupon_code;                   // as it is compared
    // For message_send_batch.
    struct channel_outcome outcome;
    int64_t cost_micros;
    bool is_started;
};

// What a run may still do, as the row of its campaign says.
struct message_purse {
    bool is_open;        // it may send; otherwise nothing is started
    int64_t left_micros; // INT64_MAX: there is no budget
};

struct message_run {
    struct message_rules rules;
    struct channel_order order;
    void *connection;        // of the channel
    const char *file_folder; // of a channel that makes files
    int64_t cost_micros;     // of one message, usually
    void *owner;             // for the functions below
    // Before the transaction: fill content and token of those messages that have a customer; the
    // others will be refused.
    code (*render)(struct scope *scope, struct message_run *run, struct message_work *work,
                   size_t count);
    // In the transaction that starts a batch: does the campaign still run, and how much may it
    // spend?
    code (*open_purse)(struct scope *scope, struct message_run *run,
                       struct message_purse *ret_purse);
    // In the same transaction, of one that is about to be started: what it alone takes with it.
    // *ret_refusal says why it cannot have it, NULL: it can; with *ret_is_taken false it is made
    // anew in the next batch. NULL: they take nothing.
    code (*claim)(struct scope *scope, const struct message_work *work, const char **ret_refusal,
                  bool *ret_is_taken);
    // In the same transaction, and in that of the outcomes: spent more (or less, below 0).
    code (*spend)(struct scope *scope, struct message_run *run, int64_t micros);
};

struct message_batch {
    int64_t looked_at; // rows that were due; 0: nothing is
    int64_t started, accepted, retried, failed, unknown, refused, put_off;
    bool is_over_budget; // the next one would be: nothing more was started
    bool is_stopped;     // the purse was closed: nothing was started
};

// The next messages that are due, at most `limit`: checked and started in one transaction, handed
// over, their outcomes written in another one. A failure of the channel as a whole (UNAVAILABLE)
// leaves what it had started and told nothing of unknown; of a file, which there is none of
// then, it waits again.
code message_send_batch(struct scope *scope, struct message_run *run, size_t limit,
                        struct message_batch *ret_batch);

// At the start of a campaign's run: what was started and has no outcome is unknown from now on; of
// a channel that makes files it waits again and costs nothing, and what was made of the file is
// taken away: nobody was told of it.
code message_recover(struct scope *scope, struct message_run *run, int64_t *ret_count);

// A person's decision about an unknown message: send it (once more, maybe), or leave it.
// CONFLICT for one that is not unknown; NOT_FOUND.
code message_resend(struct scope *scope, int64_t id);
