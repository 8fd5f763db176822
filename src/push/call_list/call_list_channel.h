// SPDX-License-Identifier: Apache-2.0
// Calls to be made, as a list for the people who make them: message, telephone number, name, why
// (the subject) and what to say (the text). A row of the table of channels: each of them was
// checked to allow it. The file lies in the store's folder, readable by its owner only.
#pragma once

#include "push/channel/channel.h"

code call_list_channel_prepare(struct scope *scope, const struct channel_content *sources);
code call_list_channel_make(struct scope *scope, const struct channel_order *order,
                            const struct channel_message *messages, size_t count, const char *path,
                            struct channel_outcome *outcomes);
