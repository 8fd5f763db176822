// SPDX-License-Identifier: Apache-2.0
// Links that tell who followed them: BASE/l/TOKEN, the token holding the message, the address it
// goes to and a keyed hash over both. It leads where it was made to lead and nowhere else, so it is
// no open redirect. Sizes grow with the address; nothing is stored for a link.
#pragma once

#include "base/scope.h"
#include "push/mail/verp.h"

struct mail_link {
    int64_t message_id;
    struct text url;
};

// In the arena.
struct text mail_link_token(struct arena *arena, const unsigned char key[VERP_KEY_BYTES],
                            const struct mail_link *link);
// NOT_FOUND for what is no token of this key. The url lives in the arena.
code mail_link_read(struct scope *scope, const unsigned char key[VERP_KEY_BYTES], struct text token,
                    struct mail_link *ret_link);

// The HTML with every <a href="http…"> leading through `base`/l/; what leads to `base` itself
// (unsubscribing, preferences) stays as it is. In the arena.
struct text mail_link_html(struct arena *arena, const unsigned char key[VERP_KEY_BYTES],
                           struct text base, int64_t message_id, struct text html);

// A visit that no person made: HEAD, a program by its name, or within seconds of the sending
// (0: not known), when scanners look at every link.
bool mail_link_is_machine(bool is_head, struct text user_agent, int64_t sent_at_us, int64_t now_us);
