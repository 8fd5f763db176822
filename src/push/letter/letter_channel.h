// SPDX-License-Identifier: Apache-2.0
// Letters of a campaign as one PDF for a printer, sorted by country and postal code, and beside it
// a list of them (the same path, ending with .csv): number, pages, weight, postage, lines of the
// address. A row of the table of channels.
//
// The text of an arm is the body (push/letter/letter.h). A line "[[coupon SERIES]]" prints the
// customer's code of that series, issued with the message: made again, it is the same code.
#pragma once

#include "push/channel/channel.h"

code letter_channel_prepare(struct scope *scope, const struct channel_content *sources);
code letter_channel_make(struct scope *scope, const struct channel_order *order,
                         const struct channel_message *messages, size_t count, const char *path,
                         struct channel_outcome *outcomes);
