// SPDX-License-Identifier: Apache-2.0
// E-mail as a channel of campaigns (push/channel/channel.h): the content becomes a mail with all
// that mail for many needs, links that tell who followed them, one click to unsubscribe.
#pragma once

#include "push/channel/channel.h"

code mail_channel_prepare(struct scope *scope, const struct channel_content *sources);
// CONFLICT when no relay or sender is set up, no key signs, or the address of this server is no
// https address: then no mail for many may leave.
code mail_channel_open(struct scope *scope, const struct channel_order *order,
                       void **ret_connection);
code mail_channel_send(struct scope *scope, void *context, const struct channel_order *order,
                       const struct channel_message *messages, size_t count,
                       struct channel_outcome *outcomes);
void mail_channel_close(void *context);
