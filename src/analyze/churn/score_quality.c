// SPDX-License-Identifier: Apache-2.0
#include "analyze/churn/score_quality.h"

#include "analyze/kernel/proportion.h"

#include <math.h>
#include <stdlib.h>

struct scored {
    double probability;
    uint32_t index;
    unsigned char label;
};

// The highest first.
static int by_probability(const void *left, const void *right) {
    const struct scored *a = left, *b = right;

    if (a->probability != b->probability)
        return a->probability > b->probability ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static struct scored *sorted(struct scope *scope, const double *probabilities,
                             const unsigned char *labels, size_t count) {
    struct scored *scores = arena_array(&scope->arena, count, sizeof(*scores));

    for (size_t i = 0; i < count; i++)
        scores[i] = (struct scored){probabilities[i], (uint32_t)i, labels[i]};
    if (count > 1)
        qsort(scores, count, sizeof(*scores), by_probability);
    return scores;
}

double score_log_loss(double probability, unsigned char label) {
    const double kept = fmin(fmax(probability, 1e-15), 1 - 1e-15);

    return label ? -log(kept) : -log1p(-kept);
}

// Pairs of a positive that stands above a negative, counted group by group of equal scores.
static double area(const struct scored *scores, size_t count, double positives) {
    const double negatives = (double)count - positives;
    double above = 0, pairs = 0;

    for (size_t first = 0, last; first < count; first = last) {
        double ones = 0;

        for (last = first; last < count && scores[last].probability == scores[first].probability;
             last++)
            ones += scores[last].label;
        pairs += ((double)(last - first) - ones) * (above + ones / 2);
        above += ones;
    }
    return positives > 0 && negatives > 0 ? pairs / positives / negatives : NAN;
}

void score_quality_measure(struct scope *scope, const double *probabilities,
                           const unsigned char *labels, size_t count,
                           struct score_quality *ret_quality) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    const struct scored *scores = sorted(scope, probabilities, labels, count);
    struct score_quality quality = {.count = count};

    for (size_t i = 0; i < count; i++) {
        const double error = probabilities[i] - labels[i];

        quality.positives += labels[i];
        quality.expected += probabilities[i];
        quality.log_loss += score_log_loss(probabilities[i], labels[i]);
        quality.brier += error * error;
    }
    quality.log_loss /= (double)count;
    quality.brier /= (double)count;
    quality.auc = area(scores, count, (double)quality.positives);
    arena_rewind(&scope->arena, mark);
    *ret_quality = quality;
}

// ---- parts ----

struct owned {
    int64_t customer;
    unsigned char label;
};

static int by_customer(const void *left, const void *right) {
    const int64_t a = ((const struct owned *)left)->customer;
    const int64_t b = ((const struct owned *)right)->customer;

    return (a > b) - (a < b);
}

static double effective_rows(struct owned *rows, size_t count, double share) {
    double squares = 0, clusters = 0;

    qsort(rows, count, sizeof(*rows), by_customer);
    for (size_t i = 0; i < count;) {
        const int64_t customer = rows[i].customer;
        double sum = 0;

        for (; i < count && rows[i].customer == customer; i++)
            sum += rows[i].label - share;
        squares += sum * sum;
        clusters++;
    }
    if (!(share > 0 && share < 1))
        return clusters;
    if (clusters < 2 || squares == 0)
        return (double)count;
    const double n = (double)count;
    const double variance = squares * clusters / (clusters - 1) / (n * n);

    return fmin(n, share * (1 - share) / variance);
}

static void part_interval(struct score_part *part) {
    const double share = (double)part->positives / (double)part->count;

    proportion_interval(share * part->effective, part->effective, 0.95, &part->low, &part->high);
}

void score_parts_make(struct scope *scope, const double *probabilities, const unsigned char *labels,
                      const int64_t *customers, size_t count,
                      struct score_part ret_parts[SCORE_PARTS]) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    const struct scored *scores = sorted(scope, probabilities, labels, count);
    struct owned *rows = arena_array(&scope->arena, count + 1, sizeof(*rows));

    for (size_t k = 0; k < SCORE_PARTS; k++) {
        const size_t first = count * k / SCORE_PARTS, last = count * (k + 1) / SCORE_PARTS;
        struct score_part part = {.count = last - first};

        for (size_t i = first; i < last; i++) {
            part.positives += scores[i].label;
            part.expected += scores[i].probability;
            part.least = scores[i].probability;
            if (customers != NULL)
                rows[i - first] = (struct owned){customers[scores[i].index], scores[i].label};
        }
        part.effective = (double)part.count;
        part.high = 1;
        if (part.count > 0) {
            if (customers != NULL)
                part.effective =
                    effective_rows(rows, part.count, (double)part.positives / (double)part.count);
            part_interval(&part);
        }
        ret_parts[k] = part;
    }
    arena_rewind(&scope->arena, mark);
}
