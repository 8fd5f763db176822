// SPDX-License-Identifier: Apache-2.0
// Text messages as a channel of campaigns: the text part alone, priced by its parts.
#pragma once

#include "push/channel/channel.h"

code sms_channel_prepare(struct scope *scope, const struct channel_content *sources);
code sms_channel_cost(struct scope *scope, const struct channel_message *message,
                      int64_t usual_micros, int64_t *ret_micros);
code sms_channel_open(struct scope *scope, const struct channel_order *order,
                      void **ret_connection);
code sms_channel_send(struct scope *scope, void *connection, const struct channel_order *order,
                      const struct channel_message *messages, size_t count,
                      struct channel_outcome *outcomes);
void sms_channel_close(void *connection);
