// SPDX-License-Identifier: Apache-2.0
// What the files of this noun share.
#pragma once

#include "push/campaign/campaign.h"
#include "push/message/message.h"

// Into the audit log, within the open transaction.
code campaign_record(struct scope *scope, const char *action, const struct campaign *campaign);

// Does the receiver of its files keep a list (take_off of push/channel/channel.h)?
bool campaign_keeps_list(const struct campaign *campaign);

// The rules that hold for the campaign's messages now: consent, caps.
code campaign_rules(struct scope *scope, const struct campaign *campaign,
                    struct message_rules *ret_rules);
void campaign_rules_clear(struct message_rules *rules); // they hold keys
