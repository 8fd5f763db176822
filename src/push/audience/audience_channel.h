// SPDX-License-Identifier: Apache-2.0
// Customers of a campaign as a file that an ad platform matches its users by. A row of the table of
// channels: whoever is in it was checked, one by one, to allow it (purpose, channel "ads", browsers
// that opt out of being sold). The text of an arm names the platform: "google" or "meta".
#pragma once

#include "push/channel/channel.h"

enum { AUDIENCE_LEAST_PEOPLE = 100 }; // fewer are not matched by either platform

code audience_channel_prepare(struct scope *scope, const struct channel_content *sources);
code audience_channel_make(struct scope *scope, const struct channel_order *order,
                           const struct channel_message *messages, size_t count, const char *path,
                           struct channel_outcome *outcomes);
// A platform's members who may not stay, or of whom it was told something else than it would be
// told now: STEM.google.removed.csv, as they stood in the files that added them. No file when
// everybody stays.
code audience_channel_take_off(struct scope *scope, const struct channel_order *order,
                               const struct channel_stayers *stayers, const char *stem);
