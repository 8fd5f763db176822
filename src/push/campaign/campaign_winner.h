// SPDX-License-Identifier: Apache-2.0
// Which arm of a test the others get: the one with the highest share of those written to who
// clicked or bought, or with the most revenue per customer. Equal ones: the first. Whether the
// difference can be told from nothing is said by the results, not asked here.
#pragma once

#include "push/campaign/campaign.h"

code campaign_winner_choose(struct scope *scope, const struct campaign *campaign, int32_t *ret_arm);
