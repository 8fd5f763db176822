// SPDX-License-Identifier: Apache-2.0
#include "analyze/rfm/rfm_rule.h"

#include "base/test.h"

static struct rfm_rule rule_of(struct scope *scope, enum rfm_measure measure, const char *text) {
    struct rfm_rule rule = {0};

    CHECK_OK(rfm_rule_parse(scope, measure, "edges", text_of(text), &rule));
    return rule;
}

TEST(a_rule_scores_by_its_edges_whatever_others_do) {
    const struct rfm_rule recency = rule_of(scope, RFM_RECENCY, "30,90, 180 ,365");
    const struct rfm_rule amount = rule_of(scope, RFM_MONETARY, "50,100,250,499.99");

    CHECK_INT(rfm_rule_score(&recency, RFM_RECENCY, 0), 5);
    CHECK_INT(rfm_rule_score(&recency, RFM_RECENCY, 30), 5);
    CHECK_INT(rfm_rule_score(&recency, RFM_RECENCY, 31), 4);
    CHECK_INT(rfm_rule_score(&recency, RFM_RECENCY, 365), 2);
    CHECK_INT(rfm_rule_score(&recency, RFM_RECENCY, 366), 1);
    CHECK_INT(rfm_rule_score(&amount, RFM_MONETARY, -5000000), 1);
    CHECK_INT(rfm_rule_score(&amount, RFM_MONETARY, 49999999), 1);
    CHECK_INT(rfm_rule_score(&amount, RFM_MONETARY, 50000000), 2);
    CHECK_INT(rfm_rule_score(&amount, RFM_MONETARY, 499990000), 5);
    CHECK(!rule_of(scope, RFM_FREQUENCY, "").is_set);
}

TEST(edges_that_are_not_four_ascending_numbers_are_refused) {
    static const char *const bad[] = {"1,2,3",    "1,2,3,4,5", "1,2,2,3",   "4,3,2,1",
                                      "-1,2,3,4", "a,b,c,d",   "1,2,3,nan", "1,,2,3"};

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct rfm_rule rule;

        CHECK_CODE(rfm_rule_parse(scope, RFM_FREQUENCY, "edges", text_of(bad[i]), &rule), INVALID);
        scope_forgive(scope);
    }
}

TEST(measures_without_a_rule_keep_their_quintiles_and_groups_follow) {
    int64_t recency[] = {3, 400}, frequency[] = {7, 1}, monetary[] = {9000000, 1000000};
    uint8_t r[] = {1, 5}, f[] = {2, 4}, m[] = {1, 5}, group[2];
    struct rfm rfm = {.count = 2,
                      .recency_days = recency,
                      .frequency = frequency,
                      .monetary_micros = monetary,
                      .recency_score = r,
                      .frequency_score = f,
                      .monetary_score = m,
                      .group = group};
    const struct rfm_rules rules = {
        .of = {[RFM_RECENCY] = rule_of(scope, RFM_RECENCY, "30,90,180,365")}};

    rfm_apply_rules(&rfm, &rules);
    CHECK_INT(r[0], 5);
    CHECK_INT(r[1], 1);
    CHECK_INT(f[0], 2);
    CHECK_TEXT(text_of(rfm_groups[group[0]].name), "Potential loyalists");
    CHECK_TEXT(text_of(rfm_groups[group[1]].name), "At risk");
}
