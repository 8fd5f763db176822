// SPDX-License-Identifier: Apache-2.0
#include "analyze/experiment/sample_size.h"

#include "analyze/experiment/difference_kernel.h"
#include "analyze/run/figures.h"

#include <math.h>

enum { CURVE_STEPS = 33, CURVE_MIDDLE = CURVE_STEPS / 2 };
static const double most_customers = 1e9;

#define AT(member) offsetof(struct sample_plan, member)

const struct sample_field sample_fields[SAMPLE_FIELDS] = {
    {"baseline", AT(baseline), .is_percent = true, .minimum = 0.0001, .maximum = 99.99},
    {"mean", AT(mean), .minimum = 1e-6, .maximum = 1e12},
    {"deviation", AT(deviation), .minimum = 1e-6, .maximum = 1e12},
    {"effect", AT(effect), .is_percent = true, .minimum = 0.01, .maximum = 100000},
    {"customers", AT(customers), .is_whole = true, .minimum = 2, .maximum = 1e9},
    {"per_day", AT(per_day), .minimum = 0.01, .maximum = 1e9},
    {"power", AT(power), .is_percent = true, .minimum = 50, .maximum = 99.9},
    {"confidence", AT(confidence), .is_percent = true, .minimum = 80, .maximum = 99.99},
    {"groups", AT(groups), .is_whole = true, .minimum = 2, .maximum = 8},
    {"outcomes", AT(outcomes), .is_whole = true, .minimum = 1, .maximum = 10},
};

struct sample_plan sample_plan_usual(void) {
    return (struct sample_plan){.power = 0.8, .confidence = 0.95, .groups = 2, .outcomes = 1};
}

code sample_plan_read(struct scope *scope, struct sample_plan *plan,
                      const struct sample_field *field, struct text text) {
    double value;

    if (!text_to_double(text_trim(text), &value) ||
        !(value >= field->minimum && value <= field->maximum) ||
        (field->is_whole && value != floor(value)))
        return scope_fail_field(scope, INVALID, field->name, "%s is to be a %snumber from %g to %g",
                                field->name, field->is_whole ? "whole " : "", field->minimum,
                                field->maximum);
    *(double *)(void *)((char *)plan + field->offset) = field->is_percent ? value / 100 : value;
    return OK;
}

// ---- working out ----

struct answer {
    const struct sample_plan *plan;
    bool is_mean;
    double before;      // the baseline, or the mean
    double comparisons; // that the level is divided among
    double level;
    double each;       // customers in each group
    double difference; // that they find
};

static double count_for(const struct answer *answer, double difference) {
    const struct sample_plan *plan = answer->plan;
    const double count =
        answer->is_mean ? count_for_means(difference, plan->deviation, plan->power, answer->level)
                        : count_for_proportions(plan->baseline, plan->baseline + difference,
                                                plan->power, answer->level);

    return ceil(count);
}

static double difference_for(const struct answer *answer, double count) {
    const struct sample_plan *plan = answer->plan;

    return answer->is_mean
               ? difference_for_means(plan->deviation, count, plan->power, answer->level)
               : difference_for_proportions(plan->baseline, count, plan->power, answer->level);
}

static code check(struct scope *scope, const struct sample_plan *plan) {
    if ((plan->baseline > 0) == (plan->mean > 0))
        return scope_fail_field(scope, INVALID, "baseline",
                                "either a baseline or a mean is needed, and not both");
    if ((plan->mean > 0) != (plan->deviation > 0))
        return scope_fail_field(scope, INVALID, "deviation", "a mean and a deviation go together");
    if ((plan->effect > 0) == (plan->customers > 0))
        return scope_fail_field(scope, INVALID, "effect",
                                "either an effect or customers are needed, and not both");
    if (plan->baseline * (1 + plan->effect) > 1)
        return scope_fail_field(scope, INVALID, "effect",
                                "with this effect more than 100 percent of customers would do it");
    return OK;
}

static code work_out(struct scope *scope, struct answer *answer) {
    const struct sample_plan *plan = answer->plan;

    answer->is_mean = plan->mean > 0;
    answer->before = answer->is_mean ? plan->mean : plan->baseline;
    answer->comparisons = (plan->groups - 1) * plan->outcomes;
    answer->level = (1 - plan->confidence) / answer->comparisons;
    if (plan->effect > 0) {
        answer->difference = plan->effect * answer->before;
        answer->each = count_for(answer, answer->difference);
    } else {
        answer->each = plan->customers;
        answer->difference = difference_for(answer, answer->each);
    }
    if (!isfinite(answer->difference))
        return scope_fail_field(scope, INVALID, "customers",
                                "%.0f customers in each group find nothing with such power",
                                answer->each);
    if (!(answer->each <= most_customers))
        return scope_fail_field(scope, INVALID, "effect",
                                "no number of customers finds so small an effect");
    return OK;
}

// ---- telling ----

#define SAY(...) json_write_text(writer, text_printf(&scope->arena, __VA_ARGS__))

static void write_reading(struct scope *scope, struct json_writer *writer,
                          const struct answer *answer) {
    const struct sample_plan *plan = answer->plan;
    const double after = answer->before + answer->difference;

    json_key(writer, "reading");
    json_begin_array(writer);
    if (answer->is_mean)
        SAY("%.0f customers in each group (%.0f in all) find a rise from %.4g to %.4g per customer "
            "with a probability of %g percent, if it is there.",
            answer->each, answer->each * plan->groups, answer->before, after, 100 * plan->power);
    else
        SAY("%.0f customers in each group (%.0f in all) find a rise from %.4g to %.4g percent of "
            "customers with a probability of %g percent, if it is there.",
            answer->each, answer->each * plan->groups, 100 * answer->before, 100 * after,
            100 * plan->power);
    if (plan->per_day > 0)
        SAY("With %g customers a day that is %.0f days.", plan->per_day,
            ceil(answer->each * plan->groups / plan->per_day));
    if (answer->comparisons > 1)
        SAY("The level of %.4g is divided among %.0f comparisons, so that one false claim among "
            "all of them stays that rare.",
            1 - plan->confidence, answer->comparisons);
    SAY("Half the effect takes about four times as many customers.");
    json_end_array(writer);
}

static void write_warnings(struct scope *scope, struct json_writer *writer,
                           const struct answer *answer) {
    const struct sample_plan *plan = answer->plan;
    const double days = plan->per_day > 0 ? answer->each * plan->groups / plan->per_day : NAN;

    json_key(writer, "warnings");
    json_begin_array(writer);
    SAY("Fix the size now and look once, when it is reached. Whoever means to look along the way "
        "needs more customers and reads the interval \"looked at any time\".");
    if (!answer->is_mean && plan->baseline * answer->each < 10)
        SAY("Fewer than 10 of the control would do it: the figures here are rough.");
    if (answer->is_mean && plan->deviation > 5 * plan->mean)
        SAY("Customers differ so much (deviation over 5 times the mean) that a few large ones rule "
            "the mean: take the share of buyers as the outcome, or adjust for what was known "
            "before.");
    if (days < 7)
        SAY("Under a week: let it run for whole weeks, since customers of one weekday are not all "
            "customers.");
    if (days > 60)
        SAY("Over two months: customers, offers and seasons change meanwhile.");
    json_end_array(writer);
}

// From a 32nd of the customers to 32 times as many, in equal steps of the logarithm.
static void write_curve(struct json_writer *writer, const struct answer *answer) {
    static const struct figure_column columns[] = {
        {"customers", "Customers in each group", "integer", "customers"},
        {"difference", "Smallest difference found", "number", NULL},
        {"effect", "Of the baseline", "share", NULL},
    };
    double last = 0;
    int64_t rows = 0;

    FIGURES_BEGIN_TABLE(writer, "curve", columns);
    for (int step = 0; step < CURVE_STEPS; step++) {
        const double each = round(answer->each * exp2((step - CURVE_MIDDLE) * 10.0 / 32));
        const double difference =
            each > last && each >= 2 && each <= most_customers ? difference_for(answer, each) : NAN;

        if (!isfinite(difference))
            continue;
        json_begin_array(writer);
        json_write_int64(writer, (int64_t)each);
        json_write_double(writer, difference);
        json_write_double(writer, difference / answer->before);
        json_end_array(writer);
        last = each;
        rows++;
    }
    figures_end_table(writer, rows);
}

code sample_plan_write(struct scope *scope, const struct sample_plan *plan,
                       struct json_writer *writer) {
    struct answer answer = {.plan = plan};

    TRY(check(scope, plan));
    TRY(work_out(scope, &answer));
    json_begin_object(writer);
    figure_text(writer, "measure", answer.is_mean ? "mean" : "share");
    figure_integer(writer, "each", (int64_t)answer.each);
    figure_integer(writer, "all", (int64_t)(answer.each * plan->groups));
    figure_number(writer, "days",
                  plan->per_day > 0 ? ceil(answer.each * plan->groups / plan->per_day) : NAN);
    figure_number(writer, "before", answer.before);
    figure_number(writer, "difference", answer.difference);
    figure_number(writer, "effect", answer.difference / answer.before);
    figure_number(writer, "power", plan->power);
    figure_number(writer, "level", answer.level);
    figure_integer(writer, "comparisons", (int64_t)answer.comparisons);
    write_reading(scope, writer, &answer);
    write_warnings(scope, writer, &answer);
    write_curve(writer, &answer);
    json_end_object(writer);
    return OK;
}
