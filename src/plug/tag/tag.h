// SPDX-License-Identifier: Apache-2.0
// The tag manager: for each source that is a web site one draft of a configuration, published as
// versions that never change. The last version is in force; to go back is to publish an old one
// again under a new number, so that a consent always finds the words that were read.
#pragma once

#include "base/json.h"
#include "plug/sender/sender.h"
#include "plug/tag/configuration.h"

struct tag_version {
    int64_t version; // 0: nothing was published
    int64_t text_version;
    struct text configuration; // JSON
};

// By name or id. INVALID for a source that is no web site.
code tag_find_sender(struct scope *scope, struct text name_or_id, struct sender *ret_sender);

// The draft, or what a new one begins with; JSON in the arena.
code tag_draft(struct scope *scope, int64_t sender_id, struct text *ret_configuration);
// `version` 0: the last one, whose number is 0 when there is none; of another number NOT_FOUND.
code tag_version_find(struct scope *scope, int64_t sender_id, int64_t version,
                      struct tag_version *ret_version);

// Each within the open transaction, with its record in the audit log.
code tag_save_draft(struct scope *scope, const struct sender *sender, const struct json *json);
code tag_publish(struct scope *scope, const struct sender *sender, struct text note,
                 int64_t *ret_version);
// The draft becomes that of the old version as well.
code tag_restore(struct scope *scope, const struct sender *sender, int64_t version,
                 int64_t *ret_version);

// What pages of who has this write key are told; version 0: nothing. *ret_sender_id is then
// untouched.
code tag_published(struct scope *scope, struct text key, struct tag_version *ret_version,
                   int64_t *ret_sender_id);
