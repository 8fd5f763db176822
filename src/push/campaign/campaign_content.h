// SPDX-License-Identifier: Apache-2.0
// What the arms of a campaign say: checked before it is approved, rendered for each customer.
#pragma once

#include "push/campaign/campaign_record.h"

// Every arm's content can be written and the channel takes it; arms that name a template get the id
// of its newest version unless they have one. INVALID, NOT_FOUND.
code campaign_content_check(struct scope *scope, struct campaign *campaign);
// The purpose exists and uses the channel.
code campaign_purpose_check(struct scope *scope, const struct campaign *campaign);

// The contents of a campaign made ready for one thread. On the heap but for what is in the scope's
// arena: it lives as long as that.
struct campaign_content;
code campaign_content_open(struct scope *scope, const struct campaign *campaign,
                           struct campaign_content **ret_content);
void campaign_content_close(struct campaign_content **content);

// Fills the content of those that have a customer and an arm. Texts are in the scope's arena.
code campaign_content_render(struct scope *scope, struct campaign_content *content,
                             struct message_work *work, size_t count);
