// SPDX-License-Identifier: Apache-2.0
#include "push/campaign/campaign_winner.h"

#include "push/campaign/campaign_people.h"

code campaign_winner_choose(struct scope *scope, const struct campaign *campaign,
                            int32_t *ret_arm) {
    double sums[CAMPAIGN_ARMS] = {0}, best = -1;
    int64_t counts[CAMPAIGN_ARMS] = {0};
    struct campaign_people people;

    TRY(campaign_people_read(scope, campaign, scope->now_us, &people));
    for (size_t i = 0; i < people.count; i++) {
        const struct campaign_person *person = &people.people[i];

        if (person->arm < 0)
            continue;
        counts[person->arm]++;
        sums[person->arm] += campaign->winner_by == WINNER_BY_CLICKS   ? person->clicked
                             : campaign->winner_by == WINNER_BY_BUYERS ? person->receipts > 0
                                                                       : person->revenue;
    }
    *ret_arm = 0;
    for (size_t arm = 0; arm < campaign->arm_count; arm++)
        if (counts[arm] > 0 && sums[arm] / (double)counts[arm] > best) {
            best = sums[arm] / (double)counts[arm];
            *ret_arm = (int32_t)arm;
        }
    return OK;
}
