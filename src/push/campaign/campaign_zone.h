// SPDX-License-Identifier: Apache-2.0
// The time of day where customers are: by the zone that their profile names (the attribute
// "time_zone", an IANA name), else the business zone.
#pragma once

#include "push/campaign/send_time.h"

struct campaign_zones;
code campaign_zones_open(struct scope *scope, struct campaign_zones **ret_zones);
void campaign_zones_close(struct campaign_zones **zones);
const struct quiet_hours *campaign_quiet_hours(const struct campaign_zones *zones);
// Lives as long as `zones`.
code campaign_zone_of(struct scope *scope, struct campaign_zones *zones, int64_t customer,
                      struct zone **ret_zone);
