// SPDX-License-Identifier: Apache-2.0
#include "analyze/lifetime_value/purchase_testing.h"

#include "base/test.h"
#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct line {
    int64_t customer;
    int32_t day;
    double amount;
};

static int by_customer_and_day(const void *a, const void *b) {
    const struct line *first = a;
    const struct line *second = b;

    if (first->customer != second->customer)
        return first->customer < second->customer ? -1 : 1;
    return (first->day > second->day) - (first->day < second->day);
}

// The master begins each line with the customer, the sample with the number in the master as well.
static size_t read_lines(struct scope *scope, const char *path, bool is_sample,
                         struct line **ret_lines) {
    FILE *file = fopen(path, "r");
    struct line *lines = arena_array(&scope->arena, 100000, sizeof(*lines));
    char text[200];
    size_t count = 0;

    CHECK(file != NULL);
    while (fgets(text, sizeof(text), file) != NULL) {
        char *at = text;
        long date;

        lines[count].customer = strtoll(at, &at, 10);
        if (is_sample)
            strtoll(at, &at, 10);
        date = strtol(at, &at, 10);
        if (date < 19000000)
            continue; // the header
        strtol(at, &at, 10);
        lines[count].day =
            day_from_civil((int)(date / 10000), (int)(date / 100 % 100), (int)(date % 100));
        lines[count++].amount = strtod(at, NULL);
    }
    fclose(file);
    qsort(lines, count, sizeof(*lines), by_customer_and_day);
    *ret_lines = lines;
    return count;
}

struct sums {
    int64_t *repeats, *later;
    double *last, *observed, *average, *all;
};

static void read_customer(const struct line *lines, size_t count, int32_t end, struct sums *sums,
                          size_t i) {
    double repeat_amount = 0;
    double amount = 0;

    sums->observed[i] = (end - lines[0].day) / 7.0;
    for (size_t k = 0; k < count; k++) {
        const bool is_new = k == 0 || lines[k].day != lines[k - 1].day;

        if (lines[k].day > end) {
            sums->later[i] += is_new;
            continue;
        }
        amount += lines[k].amount;
        if (lines[k].day == lines[0].day)
            continue;
        sums->repeats[i] += is_new;
        sums->last[i] = (lines[k].day - lines[0].day) / 7.0;
        repeat_amount += lines[k].amount;
    }
    if (sums->repeats[i] > 0)
        sums->average[i] = repeat_amount / (double)sums->repeats[i];
    sums->all[i] = amount / (double)(sums->repeats[i] + 1);
}

void test_cdnow(struct scope *scope, const char *name, struct test_purchases *ret_purchases) {
    const int32_t end = day_from_civil(1997, 9, 30);
    struct line *lines;
    const size_t count =
        read_lines(scope, test_shared_data(scope, name), strstr(name, "sample") != NULL, &lines);
    struct sums sums = {.repeats = arena_array(&scope->arena, count, sizeof(int64_t)),
                        .later = arena_array(&scope->arena, count, sizeof(int64_t)),
                        .last = arena_array(&scope->arena, count, sizeof(double)),
                        .observed = arena_array(&scope->arena, count, sizeof(double)),
                        .average = arena_array(&scope->arena, count, sizeof(double)),
                        .all = arena_array(&scope->arena, count, sizeof(double))};
    size_t customers = 0;

    for (size_t first = 0, last; first < count; first = last) {
        for (last = first; last < count && lines[last].customer == lines[first].customer;)
            last++;
        read_customer(lines + first, last - first, end, &sums, customers++);
    }
    *ret_purchases = (struct test_purchases){.history = {.count = customers,
                                                         .repeats = sums.repeats,
                                                         .last = sums.last,
                                                         .observed = sums.observed},
                                             .average_spend = sums.average,
                                             .first_spend = sums.all,
                                             .later = sums.later};
    CHECK_OK(purchase_groups_make(scope, &ret_purchases->history, &ret_purchases->groups));
}

void test_donations(struct scope *scope, struct purchase_groups *ret_groups) {
    // Repeats, last opportunity, donors.
    static const int table[][3] = {{6, 6, 1203}, {5, 6, 728}, {4, 6, 512}, {3, 6, 357}, {2, 6, 234},
                                   {1, 6, 129},  {5, 5, 335}, {4, 5, 284}, {3, 5, 225}, {2, 5, 173},
                                   {1, 5, 119},  {4, 4, 240}, {3, 4, 181}, {2, 4, 155}, {1, 4, 78},
                                   {3, 3, 322},  {2, 3, 255}, {1, 3, 129}, {2, 2, 613}, {1, 2, 277},
                                   {1, 1, 1091}, {0, 0, 3464}};
    const size_t count = sizeof(table) / sizeof(*table);

    *ret_groups = (struct purchase_groups){
        .count = count, .items = arena_array(&scope->arena, count, sizeof(*ret_groups->items))};
    for (size_t i = 0; i < count; i++)
        ret_groups->items[i] = (struct purchase_group){
            .repeats = table[i][0], .last = table[i][1], .observed = 6, .count = table[i][2]};
}
