// SPDX-License-Identifier: Apache-2.0
#include "store/home.h"

#include "base/test.h"

#include <stdio.h>

TEST(what_is_somebodys_has_the_origin_as_its_home) {
    CHECK_INT(home_of(42, text_of("shop"), text_of("R-1")), 42);
    CHECK_INT(home_of(42, text_of("till"), text_of("R-2")), 42);
}

TEST(what_is_nobodys_is_spread_evenly_and_finds_its_home_again) {
    enum { FACTS = 32000, MACHINES = 32 };
    int counts[MACHINES] = {0};

    for (int i = 0; i < FACTS; i++) {
        char number[32];
        int64_t home;

        snprintf(number, sizeof(number), "2024-%06d", i);
        home = home_of(0, text_of("shop"), text_of(number));
        CHECK(home < 0 && home >= -HOMES_OF_NOBODY);
        CHECK_INT(home_of(0, text_of("shop"), text_of(number)), home);
        counts[-home % MACHINES]++;
    }
    for (int i = 0; i < MACHINES; i++)
        CHECK(counts[i] > FACTS / MACHINES / 2 && counts[i] < FACTS / MACHINES * 2);
}
