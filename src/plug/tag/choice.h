// SPDX-License-Identifier: Apache-2.0
// A visitor's answer to the banner, as the tag tells it ("Consent Updated"), as consents: one for
// each purpose, through the channel "web", of the device alone. A write key that stands in a page
// proves nothing of who somebody is, so it never touches the consent to an e-mail address or a
// telephone.
#pragma once

#include "base/scope.h"
#include "store/change.h"

struct tag_choice {
    int64_t sender_id;
    struct text source;
    struct text key; // messageId
    int64_t identifier_id;
    int64_t origin;
    int64_t at_us;
    struct text properties; // JSON: purposes, text_version, method, language, tcf_string
};

// Within the open transaction. INVALID or NOT_FOUND, with nothing written, for what does not answer
// words that this source has published.
code tag_choice_put(struct scope *scope, struct change_run *run, int64_t import_id,
                    const struct tag_choice *choice);
