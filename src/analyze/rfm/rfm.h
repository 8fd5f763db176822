// SPDX-License-Identifier: Apache-2.0
// Recency, frequency and monetary value of every customer who bought, their scores 1 … 5 and
// groups.
//
//   recency    whole days on the business clock from the last purchase to the reference midnight
//   frequency  documents that are sales
//   monetary   gross amount of all documents, refunds and adjustments deducted
//
// Scores are rank quintiles; of equal values the customer with the smaller number (shorter first,
// then bytewise; then the id) has the lower score.
#pragma once

#include "analyze/metric/selection.h"
#include "analyze/rfm/rfm_score.h"

// Arrays of one entry for each customer, in the order of their numbers. In the scope's arena.
struct rfm {
    int32_t reference_day; // purchases before its midnight count
    struct text currency;
    size_t count;
    int64_t *customers;
    struct text *numbers; // empty where a customer has none
    int32_t *last_days;   // of the last purchase
    int64_t *recency_days;
    int64_t *frequency;
    int64_t *monetary_micros;
    uint8_t *recency_score;
    uint8_t *frequency_score;
    uint8_t *monetary_score;
    uint8_t *group; // index in rfm_groups
};

// The day after the last sale there is; the day of `scope->now_us` in UTC when there is none.
code rfm_default_day(struct scope *scope, int32_t *ret_day);
// The documents that rfm_compute reads.
struct selection rfm_selection(const struct selection *selection, int32_t reference_day);
// Of the selected documents before the reference day's midnight.
code rfm_compute(struct scope *scope, const struct selection *selection, int32_t reference_day,
                 struct rfm *ret_rfm);

// The query of customer, recency, frequency, monetary (scores) and rfm_group, of the selected
// documents: what rfm_compute says of the day behind the selection's last.
void rfm_write_scores(struct statement *statement, const struct selection *selection);
