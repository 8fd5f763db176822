// SPDX-License-Identifier: Apache-2.0
// Which channel an event is a touch of, if any: from its campaign (utm_source, utm_medium), the
// page that led there, and the channel that the event itself names. docs/attribution.md lists the
// rules for people. Pure: words in, words out.
#pragma once

#include "base/scope.h"
#include "base/text.h"

// Of an event; empty: not said. Texts as they were sent.
struct touch_words {
    struct text name, channel, campaign;
    struct text source, medium; // of the campaign
    struct text referrer, url;  // of the page
};

struct touchpoint {
    struct text channel; // "paid search", "email", …; lower case
    bool is_visit;       // to a web site or an app
};

#define TOUCHPOINT_DIRECT "direct" // a visit that nothing is known to have led to

// False: it is no touch (a message that was only opened, a service contact, what a till or a server
// tells). ret_touch's text is the arena's, or words that last.
bool touchpoint_read(struct arena *arena, const struct touch_words *words,
                     struct touchpoint *ret_touch);
