// SPDX-License-Identifier: Apache-2.0
#include "store/occurrence.h"

#include "base/test.h"

struct taken {
    int64_t count;
    int64_t looks;
};

static code look(struct scope *scope, void *context, int64_t occurrence, bool *ret_taken) {
    struct taken *taken = context;

    (void)scope;
    taken->looks++;
    *ret_taken = occurrence <= taken->count;
    return OK;
}

static int64_t find_free(struct scope *scope, struct taken *taken, int64_t from) {
    int64_t occurrence = 0;

    taken->looks = 0;
    CHECK_OK(occurrence_find_free(scope, from, look, taken, &occurrence));
    return occurrence;
}

TEST(the_first_free_occurrence_is_found_from_wherever_the_search_begins) {
    for (int64_t count = 0; count < 70; count++)
        for (int64_t from = 1; from <= count + 1; from++) {
            struct taken taken = {.count = count};

            CHECK_INT(find_free(scope, &taken, from), count + 1);
        }
}

TEST(the_first_free_occurrence_costs_looks_by_the_logarithm_of_how_far_it_is) {
    struct taken taken = {.count = 1000000};

    CHECK_INT(find_free(scope, &taken, 1), 1000001);
    CHECK(taken.looks <= INT64_C(2) * 21);
    CHECK_INT(find_free(scope, &taken, 1000001), 1000001);
    CHECK_INT(taken.looks, 1);
}
