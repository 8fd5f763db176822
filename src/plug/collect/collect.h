// SPDX-License-Identifier: Apache-2.0
// Collection: events are taken as they happen, by the Segment tracking API, and answered when they
// are durable. One collector per server process.
//
// On its way an event is read by the thread of its connection (message.h), waits with others in a
// queue, and is written with all that wait in one transaction by the collector's own thread
// (collect_queue.c): one fsync for as many requests as came during the last one. An event is known
// by its source and messageId, so one sent again changes nothing.
#pragma once

#include "plug/collect/message.h"
#include "store/store.h"

struct collector;
struct intake; // web/intake.h

code collector_start(struct scope *scope, struct store *store, struct collector **ret_collector);
// What the server hands requests to; lives as long as the collector.
const struct intake *collector_intake(struct collector *collector);
// After the server has stopped. Takes NULL.
void collector_stop(struct collector *collector);

// ---- the last events of a source ----

enum { RECENT_COUNT = 100, RECENT_NAME_BYTES = 80, RECENT_TEXT_BYTES = 400 };

enum recent_outcome { RECENT_ACCEPTED, RECENT_DUPLICATE, RECENT_QUARANTINED, RECENT_REFUSED };
extern const char *const recent_outcome_names[];

// As this process saw it, or another server of the database. Kept in memory; where several servers
// share a database, and while somebody looks at the source, a minute of it in a table as well. The
// properties may say who somebody is: whoever sees them may see sources.
struct recent {
    int64_t number;        // grows
    int64_t writer;        // who saw it; 0: this process
    int64_t writer_number; // there
    int64_t received_at_us, at_us;
    enum message_type type; // MESSAGE_TYPE_COUNT: it could not be read
    enum recent_outcome outcome;
    char name[RECENT_NAME_BYTES];    // of the event
    char key[MESSAGE_KEY_BYTES + 1]; // messageId
    char kinds[RECENT_NAME_BYTES];   // of its identifiers: "customer_number, cookie"
    char detail[RECENT_TEXT_BYTES];  // its properties, cut; what was wrong
};

// Those with a larger number than `after`, oldest first, at most RECENT_COUNT; returns the count.
// What other servers of the database take is among it from a second after the first call on.
size_t collector_recent(struct collector *collector, int64_t sender_id, int64_t after,
                        struct recent *recents);
