// SPDX-License-Identifier: Apache-2.0
// The channel webhook: each message is posted to the endpoint on its own, as the JSON that its
// template makes, several at a time. Once the endpoint is gone, or silent again and again, the rest
// of a batch is not posted and tried later.
#pragma once

#include "push/channel/channel.h"

code webhook_channel_prepare(struct scope *scope, const struct channel_content *sources);
code webhook_channel_open(struct scope *scope, const struct channel_order *order,
                          void **ret_connection);
code webhook_channel_send(struct scope *scope, void *connection, const struct channel_order *order,
                          const struct channel_message *messages, size_t count,
                          struct channel_outcome *outcomes);
void webhook_channel_close(void *connection); // takes NULL
