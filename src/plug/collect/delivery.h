// SPDX-License-Identifier: Apache-2.0
// Inside of a collector, for this folder only: what a request becomes, and the stations it passes.
#pragma once

#include "plug/collect/collect.h"
#include "plug/sender/sender.h"

#include <pthread.h>
#include <stdatomic.h>

// A request with its messages read. Belongs to the connection's thread, then to the queue, then to
// the writer, who frees it.
struct delivery {
    struct delivery *next;
    struct exchange *exchange; // to be answered; NULL: nobody waits
    struct arena arena;        // of the messages
    int64_t sender_id;
    int64_t received_at_us;
    struct text sender_name; // in the arena
    bool is_exempt;          // of a sender that counts without consent
    bool asks;               // of a site that shows a banner: what was refused to it counts
    struct message *messages;
    size_t message_count;
    int64_t forgotten_count; // of messages that are not among these: their purpose was refused
    int64_t bytes;
    bool is_pixel;  // answered by an image
    bool is_replay; // out of quarantine: what is wrong is said by the message alone
    struct delivery_counts {
        int64_t accepted, duplicate, quarantined;
        int64_t marked;    // of those accepted: with a part that was kept apart
        int64_t forgotten; // besides: what was refused before, as the ledger knows
    } counts;              // when it is written
};
struct delivery *delivery_new(void);
void delivery_free(struct delivery *delivery);

// ---- the way in and out (collect_http.c) ----

struct intake *collect_intake_new(struct collector *collector);
// It is written, with its counts / it is not.
void delivery_answer(const struct delivery *delivery);
void delivery_refuse(const struct delivery *delivery, const struct failure *failure);

code collect_write_figures(void *context, struct scope *scope, struct buffer *out);

struct desks;
struct desks *desks_new(void);
void desks_free(struct desks *desks);

// ---- the last events (recent.c) ----

struct recents;
struct recents *recents_new(void);
void recents_free(struct recents *recents);
void recents_add(struct recents *recents, const struct delivery *delivery,
                 const struct message *message, enum recent_outcome outcome);
// A request that could not be read as a whole.
void recents_add_refusal(struct recents *recents, int64_t sender_id, int64_t received_at_us,
                         const char *why);
size_t recents_read(struct recents *recents, int64_t sender_id, int64_t after,
                    struct recent *found);

// What follows is for showing them to other servers, and what others show.
size_t recents_own(struct recents *recents, int64_t sender_id, int64_t after, struct recent *found);
// One that is known already, by its writer and number there, changes nothing.
void recents_add_of_other(struct recents *recents, int64_t sender_id, const struct recent *recent);
enum { RECENT_WATCHED_MOST = 32 };
// Sources that somebody looked at in the last seconds, at most RECENT_WATCHED_MOST.
size_t recents_watched(struct recents *recents, int64_t *sender_ids);

// ---- the last events at other servers (recent_share.c) ----

struct recent_share;
// NULL where no other server can be.
code recent_share_start(struct scope *scope, struct store *store, struct recents *recents,
                        struct recent_share **ret_share);
void recent_share_stop(struct recent_share *share); // takes NULL

// ---- writing (collect_sink.c) ----

// Of the writer's thread.
struct collect_sink;
struct collect_sink *collect_sink_new(void);
void collect_sink_free(struct collect_sink *sink); // takes NULL
// Within one transaction: begin, then deliveries, then flush. Deliveries keep what came of them.
code collect_sink_begin(struct scope *scope, struct collect_sink *sink);
code collect_sink_take(struct scope *scope, struct collect_sink *sink, struct delivery *delivery);
// Some messages of it, from `first` to before `end`, where it cannot be written as a whole. Counts
// go on from those before, which the caller puts back when the transaction is taken back.
code collect_sink_take_some(struct scope *scope, struct collect_sink *sink,
                            struct delivery *delivery, size_t first, size_t end);
// The same for one that cannot be written: it is kept apart with the reason, the first time as it
// was read, then without what it says.
code collect_sink_put_apart(struct scope *scope, struct collect_sink *sink,
                            struct delivery *delivery, size_t index, code reason);
code collect_sink_flush(struct scope *scope, struct collect_sink *sink);
// The only message of a delivery out of quarantine (is_replay). Of an event that is there already
// only the part with a field that was wrong is tried; "": nothing of it. What is wrong still:
// message_wrong().
code collect_sink_try_again(struct scope *scope, struct collect_sink *sink,
                            struct delivery *delivery, struct text field);
// The transaction was taken back.
void collect_sink_forget(struct collect_sink *sink);

// ---- the whole ----

enum { FULL_MOST = 64 }; // of more at once the others are found when these are not any more

struct collector {
    struct store *store;
    struct intake *intake;
    struct desks *desks;
    struct recents *recents;
    struct recent_share *share;
    pthread_t thread;
    bool is_started;

    pthread_mutex_t list_mutex; // guards the next three, held for a look only
    struct sender_list *list;
    char country[8];         // of national phone numbers
    int64_t full[FULL_MOST]; // senders of which LIMIT_WAITING_PER_SOURCE messages wait; 0: none

    pthread_mutex_t mutex; // guards what follows
    pthread_cond_t wanted; // something waits, or the end has come
    pthread_cond_t empty;  // nothing waits and nothing is being written
    struct delivery *first, **end;
    bool is_writing;
    bool is_stopped; // nothing more is taken
    bool is_ending;  // the thread is to end
};

// False when nothing more is taken; the delivery stays the caller's.
bool collect_put(struct collector *collector, struct delivery *delivery);
void *collect_write(void *argument); // the thread of a collector
// The senders anew.
code collect_refresh(struct scope *scope, struct collector *collector);
// Of which too much waits in quarantine, anew.
code collect_look_for_full(struct scope *scope, struct collector *collector);
// Nothing more is taken; returns when all that was taken is answered.
void collect_stop_taking(struct collector *collector);
