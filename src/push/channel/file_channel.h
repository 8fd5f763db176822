// SPDX-License-Identifier: Apache-2.0
// A channel that reaches nobody: each message becomes a line of JSON in the store's folder
// (outbox/CAMPAIGN.jsonl), synced before it counts as accepted. For trying a campaign out, and for
// tests.
#pragma once

#include "push/channel/channel.h"

code file_channel_open(struct scope *scope, const struct channel_order *order,
                       void **ret_connection);
code file_channel_send(struct scope *scope, void *connection, const struct channel_order *order,
                       const struct channel_message *messages, size_t count,
                       struct channel_outcome *outcomes);
void file_channel_close(void *connection);
