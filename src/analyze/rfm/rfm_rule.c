// SPDX-License-Identifier: Apache-2.0
#include "analyze/rfm/rfm_rule.h"

#include <math.h>
#include <stdlib.h>

static const double amount_most = 1e12;

static code refuse(struct scope *scope, const char *field, struct text text) {
    scope_fail_field(scope, INVALID, field, "\"%.*s\" is no list of four ascending numbers from 0",
                     TEXT_ARG(text));
    return scope_hint(scope, "write them as 30,90,180,365");
}

code rfm_rule_parse(struct scope *scope, enum rfm_measure measure, const char *field,
                    struct text text, struct rfm_rule *ret_rule) {
    const double unit = measure == RFM_MONETARY ? 1e6 : 1;
    struct rfm_rule rule = {.is_set = true};
    struct text rest = text;

    if (text.size == 0)
        return OK;
    for (int i = 0; i < RFM_EDGES; i++) {
        const char *word = text_string(&scope->arena, text_trim(text_split(rest, ',', &rest)));
        char *end;
        const double edge = strtod(word, &end);

        if (*word == '\0' || *end != '\0' || !(edge >= 0 && edge <= amount_most))
            return refuse(scope, field, text);
        rule.edges[i] = llround(edge * unit);
        if (i > 0 && rule.edges[i] <= rule.edges[i - 1])
            return refuse(scope, field, text);
    }
    if (rest.size > 0)
        return refuse(scope, field, text);
    *ret_rule = rule;
    return OK;
}

uint8_t rfm_rule_score(const struct rfm_rule *rule, enum rfm_measure measure, int64_t value) {
    int passed = 0;

    for (int i = 0; i < RFM_EDGES; i++)
        passed += measure == RFM_RECENCY ? value > rule->edges[i] : value >= rule->edges[i];
    return (uint8_t)(measure == RFM_RECENCY ? RFM_SCORES - passed : 1 + passed);
}

void rfm_apply_rules(struct rfm *rfm, const struct rfm_rules *rules) {
    const int64_t *values[RFM_MEASURES] = {rfm->recency_days, rfm->frequency, rfm->monetary_micros};
    uint8_t *scores[RFM_MEASURES] = {rfm->recency_score, rfm->frequency_score, rfm->monetary_score};

    for (int measure = 0; measure < RFM_MEASURES; measure++)
        for (size_t i = 0; rules->of[measure].is_set && i < rfm->count; i++)
            scores[measure][i] =
                rfm_rule_score(&rules->of[measure], (enum rfm_measure)measure, values[measure][i]);
    for (size_t i = 0; i < rfm->count; i++)
        rfm->group[i] = (uint8_t)rfm_group_of(rfm->recency_score[i], rfm->frequency_score[i],
                                              rfm->monetary_score[i]);
}
