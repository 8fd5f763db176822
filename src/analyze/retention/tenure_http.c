// SPDX-License-Identifier: Apache-2.0
// Curves are written at no more than POINTS times, the first and the last one among them.
#include "analyze/retention/tenure_http.h"

#include "analyze/kernel/proportion.h"
#include "analyze/metric/selection_http.h"
#include "analyze/retention/retention.h"
#include "analyze/retention/tenure.h"
#include "analyze/run/figures.h"
#include "base/time.h"
#include "tenure_sql.h"

#include <math.h>

enum { POINTS = 60 };

static void write_share(struct json_writer *writer, int64_t part, int64_t whole) {
    double low, high;

    proportion_interval((double)part, (double)whole, tenure_confidence, &low, &high);
    json_write_double(writer, whole > 0 ? (double)part / (double)whole : NAN);
    json_write_double(writer, low);
    json_write_double(writer, high);
}

// ---- curves ----

static void write_cohorts(struct json_writer *writer, const struct retention *retention) {
    static const struct figure_column columns[] = {
        {"month", "Months since", "integer", NULL},
        {"customers", "Customers", "integer", NULL},
        {"of", "Of", "integer", NULL},
        {"share", "Share", "share", NULL},
        {"low", "From", "share", NULL},
        {"high", "To", "share", NULL},
    };
    int64_t count = 0;

    FIGURES_BEGIN_TABLE(writer, "cohorts", columns);
    for (size_t since = 0; since < retention->size; since++) {
        const struct retention_point point = retention_point(retention, since);

        if (point.of == 0)
            continue;
        json_begin_array(writer);
        json_write_int64(writer, (int64_t)since);
        json_write_int64(writer, point.customers);
        json_write_int64(writer, point.of);
        write_share(writer, point.customers, point.of);
        json_end_array(writer);
        count++;
    }
    figures_end_table(writer, count);
}

// The last time is one of them.
static size_t next_point(size_t t, size_t step, size_t times) {
    return t + 1 < times && t + step >= times ? times - 1 : t + step;
}

// Of a curve the share to whom it has happened, or to whom it has not.
static void write_survival(struct json_writer *writer, const char *key,
                           const struct survival *survival, bool happened) {
    static const struct figure_column columns[] = {
        {"days", "Days", "integer", "days"}, {"at_risk", "Still observed", "integer", NULL},
        {"share", "Share", "share", NULL},   {"low", "From", "share", NULL},
        {"high", "To", "share", NULL},
    };
    const size_t times = survival->times;
    const size_t step = times > POINTS ? (times - 2) / (POINTS - 1) + 1 : 1;
    int64_t count = 0;

    FIGURES_BEGIN_TABLE(writer, key, columns);
    for (size_t t = 0; t < times; t = next_point(t, step, times)) {
        const double share = survival->share[t];

        json_begin_array(writer);
        json_write_int64(writer, (int64_t)t);
        json_write_double(writer, survival->at_risk[t]);
        json_write_double(writer, happened ? 1 - share : share);
        json_write_double(writer, happened ? 1 - survival->high[t] : survival->low[t]);
        json_write_double(writer, happened ? 1 - survival->low[t] : survival->high[t]);
        json_end_array(writer);
        count++;
    }
    figures_end_table(writer, count);
}

static void write_contracts(struct json_writer *writer, const struct tenure *tenure) {
    static const struct figure_column columns[] = {
        {"month", "Renewals", "integer", NULL},
        {"at_risk", "Still observed", "integer", NULL},
        {"share", "Share that renewed", "share", NULL},
        {"low", "From", "share", NULL},
        {"high", "To", "share", NULL},
        {"projected", "Projected (sBG)", "share", NULL},
        {"renewal_rate", "Renews the next time", "share", NULL},
    };
    const struct survival *survival = &tenure->contracts;
    const size_t last = survival->times + (tenure->has_projection ? TENURE_AHEAD : 0);
    const double *parameters = tenure->projection.parameters;

    FIGURES_BEGIN_TABLE(writer, "contracts", columns);
    for (size_t t = 0; t < last; t++) {
        const bool seen = t < survival->times;

        json_begin_array(writer);
        json_write_int64(writer, (int64_t)t);
        json_write_double(writer, seen ? survival->at_risk[t] : NAN);
        json_write_double(writer, seen ? survival->share[t] : NAN);
        json_write_double(writer, seen ? survival->low[t] : NAN);
        json_write_double(writer, seen ? survival->high[t] : NAN);
        json_write_double(writer,
                          tenure->has_projection ? contract_survival(parameters, (double)t) : NAN);
        json_write_double(writer,
                          tenure->has_projection ? contract_retention(parameters, (double)t) : NAN);
        json_end_array(writer);
    }
    figures_end_table(writer, (int64_t)last);
}

// ---- between purchases ----

static void write_gaps(struct json_writer *writer, const struct tenure *tenure) {
    static const struct figure_column columns[] = {
        {"from", "Days from", "integer", "days"},
        {"to", "To", "integer", "days"},
        {"count", "Repeat purchases", "integer", NULL},
        {"share", "Share", "share", NULL},
    };
    static const int64_t edges[] = {1,  4,   8,   15,  22,  31,  46,   61,
                                    91, 121, 181, 271, 366, 731, 36501};
    int64_t rows = 0;

    FIGURES_BEGIN_TABLE(writer, "gaps", columns);
    for (size_t k = 0; k + 1 < sizeof(edges) / sizeof(*edges); k++) {
        int64_t count = 0;

        if (edges[k] >= (int64_t)tenure->gap_days)
            break;
        for (int64_t i = edges[k]; i < edges[k + 1] && i < (int64_t)tenure->gap_days; i++)
            count += tenure->gaps[i];
        json_begin_array(writer);
        json_write_int64(writer, edges[k]);
        json_write_int64(writer, edges[k + 1] - 1);
        json_write_int64(writer, count);
        json_write_double(writer,
                          tenure->gap_count > 0 ? (double)count / (double)tenure->gap_count : NAN);
        json_end_array(writer);
        rows++;
    }
    figures_end_table(writer, rows);
}

static void write_categories(struct json_writer *writer, const struct tenure *tenure) {
    static const struct figure_column columns[] = {
        {"category", "Category", "text", NULL},
        {"count", "Repeat purchases", "integer", NULL},
        {"lower", "A quarter within", "integer", "days"},
        {"median", "Half within", "integer", "days"},
        {"upper", "Three quarters within", "integer", "days"},
    };

    FIGURES_BEGIN_TABLE(writer, "categories", columns);
    for (size_t i = 0; i < tenure->category_count; i++) {
        const struct tenure_category *category = &tenure->categories[i];

        json_begin_array(writer);
        json_write_text(writer, category->name);
        json_write_int64(writer, category->gaps);
        json_write_int64(writer, category->lower);
        json_write_int64(writer, category->median);
        json_write_int64(writer, category->upper);
        json_end_array(writer);
    }
    figures_end_table(writer, (int64_t)tenure->category_count);
}

static void write_win_back_row(struct json_writer *writer, const struct survival *next,
                               int64_t silent) {
    static const int64_t within[] = {30, 90, 365};
    const struct survival_chance now =
        survival_chance(next, (size_t)silent, (size_t)silent, tenure_confidence);

    json_begin_array(writer);
    json_write_int64(writer, silent);
    json_write_double(writer, now.at_risk);
    for (size_t i = 0; i < sizeof(within) / sizeof(*within); i++) {
        const struct survival_chance chance =
            survival_chance(next, (size_t)silent, (size_t)(silent + within[i]), tenure_confidence);

        json_write_double(writer, chance.share);
        json_write_double(writer, chance.low);
        json_write_double(writer, chance.high);
    }
    json_end_array(writer);
}

static void write_win_back(struct json_writer *writer, const struct tenure *tenure) {
    static const struct figure_column columns[] = {
        {"silent_days", "Silent for", "integer", "days"},
        {"silences", "Silences", "integer", NULL},
        {"back_30", "Back within 30 days", "share", NULL},
        {"low_30", "From", "share", NULL},
        {"high_30", "To", "share", NULL},
        {"back_90", "Back within 90 days", "share", NULL},
        {"low_90", "From", "share", NULL},
        {"high_90", "To", "share", NULL},
        {"back_365", "Back within a year", "share", NULL},
        {"low_365", "From", "share", NULL},
        {"high_365", "To", "share", NULL},
    };
    static const int64_t silences[] = {30, 60, 90, 120, 180, 270, 365, 730};
    int64_t count = 0;

    FIGURES_BEGIN_TABLE(writer, "win_back", columns);
    for (size_t i = 0; i < sizeof(silences) / sizeof(*silences); i++) {
        const struct survival_chance soon = survival_chance(
            &tenure->next, (size_t)silences[i], (size_t)silences[i] + 30, tenure_confidence);

        if (!isfinite(soon.share)) // observation ended before that
            break;
        write_win_back_row(writer, &tenure->next, silences[i]);
        count++;
    }
    figures_end_table(writer, count);
}

// ---- rates and reasons ----

static void write_months(struct json_writer *writer, const struct tenure *tenure) {
    static const struct figure_column columns[] = {
        {"month", "At the beginning of", "day", NULL},
        {"active", "Active customers", "integer", NULL},
        {"stayed", "Bought again", "integer", NULL},
        {"retention", "Retention rate", "share", NULL},
        {"low", "From", "share", NULL},
        {"high", "To", "share", NULL},
        {"churn", "Churn rate", "share", NULL},
    };

    FIGURES_BEGIN_TABLE(writer, "rates", columns);
    for (size_t i = 0; i < tenure->month_count; i++) {
        const struct tenure_month *month = &tenure->months[i];
        char day[TIME_TEXT_SIZE];

        json_begin_array(writer);
        json_write_string(writer, day_format(month->first_day, day));
        json_write_int64(writer, month->active);
        json_write_int64(writer, month->stayed);
        write_share(writer, month->stayed, month->active);
        json_write_double(writer, 1 - (double)month->stayed / (double)month->active);
        json_end_array(writer);
    }
    figures_end_table(writer, (int64_t)tenure->month_count);
}

static void write_reasons(struct json_writer *writer, const struct tenure *tenure) {
    static const struct figure_column columns[] = {
        {"reason", "Reason", "text", NULL},
        {"event", "Told in", "text", NULL},
        {"count", "Times", "integer", NULL},
        {"customers", "Customers", "integer", NULL},
    };

    FIGURES_BEGIN_TABLE(writer, "reasons", columns);
    for (size_t i = 0; i < tenure->reason_count; i++) {
        const struct tenure_reason *reason = &tenure->reasons[i];

        json_begin_array(writer);
        json_write_text(writer, reason->reason);
        json_write_text(writer, reason->event);
        json_write_int64(writer, reason->count);
        json_write_int64(writer, reason->customers);
        json_end_array(writer);
    }
    figures_end_table(writer, (int64_t)tenure->reason_count);
}

// ---- when not to trust it ----

#define WARN(...) json_write_text(writer, text_printf(&scope->arena, __VA_ARGS__))

static void write_warnings(struct scope *scope, struct json_writer *writer,
                           const struct tenure *tenure) {
    const double once = 1 - tenure->second.happened / fmax(tenure->second.spells, 1);

    json_key(writer, "warnings");
    json_begin_array(writer);
    if (tenure->customers < 100)
        WARN("Only %.0f customers bought anything: shares of so few move by chance.",
             (double)tenure->customers);
    if (tenure->gap_count < 30)
        WARN("Only %.0f repeat purchases: when customers come back is hardly known.",
             (double)tenure->gap_count);
    if (tenure->next.times < 365)
        WARN("Less than a year of sales: who comes once a year cannot be told from who left.");
    if (once > 0.8)
        WARN("%.0f of 100 customers bought once so far; curves beyond the first return speak of "
             "few.",
             100 * once);
    if (tenure->has_projection && tenure->projection.at_boundary)
        WARN("The projection of contracts went to its limit: all are as likely to leave, or nobody "
             "seems to.");
    WARN("Silences of one customer are not independent of each other: intervals of who comes back "
         "are somewhat too narrow.");
    json_end_array(writer);
}

// ---- the whole ----

static const char definition[] =
    "Spells from each day of purchase of a known customer to the next one, or to the last day that "
    "is known, among the selected documents; refunds and adjustments are no purchases. Curves are "
    "Kaplan-Meier estimates with Greenwood's variance on the log-log scale, shares have Wilson's "
    "intervals, all of 95 percent.";

const struct route_parameter tenure_parameters[] = {
    EXPLANATION_PARAMETER,
    SELECTION_PARAMETERS,
    {.name = "silence",
     PARAMETER_INTEGER,
     "days without a purchase that count as silence; otherwise nine of ten who came back had by "
     "then",
     .minimum = 1,
     .maximum = TENURE_DAYS_MOST},
    PARAMETERS_END,
};
const struct route_answer tenure_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        SELECTION_ANSWER,
        {.name = "silence_days", ANSWER_INTEGER, "days without a purchase that count as silence"},
        {.name = "silence_is_given", ANSWER_BOOL, "by the request, not from the data"},
        {.name = "customers", ANSWER_INTEGER, "known ones with a purchase"},
        {.name = "repeat_purchases", ANSWER_INTEGER, "days of purchase after another"},
        {.name = "second_median",
         ANSWER_INTEGER,
         "days by which half have bought again",
         .is_nullable = true},
        {.name = "silence_median",
         ANSWER_INTEGER,
         "days by which half have fallen silent",
         .is_nullable = true},
        {.name = "gap_median",
         ANSWER_INTEGER,
         "days, of all repeat purchases",
         .is_nullable = true},
        {.name = "gap_nine_of_ten",
         ANSWER_INTEGER,
         "days within which nine of ten fall",
         .is_nullable = true},
        {.name = "sbg_alpha", ANSWER_NUMBER, "of the projection of contracts", .is_nullable = true},
        {.name = "sbg_beta", ANSWER_NUMBER, "of the projection of contracts", .is_nullable = true},
        {.name = "cohorts", ANSWER_TABLE, "share of newcomers who buy so many months later"},
        {.name = "second", ANSWER_TABLE, "share that has bought a second time, by days"},
        {.name = "silence", ANSWER_TABLE, "share not yet silent, by days since the first purchase"},
        {.name = "gaps", ANSWER_TABLE, "days between purchases"},
        {.name = "categories", ANSWER_TABLE, "days between purchases of one category"},
        {.name = "win_back", ANSWER_TABLE, "who comes back, by how long the silence has lasted"},
        {.name = "rates", ANSWER_TABLE, "retention and churn without contracts, by month"},
        {.name = "contracts", ANSWER_TABLE, "renewals, where a month's purchase is one"},
        {.name = "reasons", ANSWER_TABLE, "given in surveys, tickets and notes"},
        {.name = "warnings", ANSWER_TEXT, "when not to trust it", .is_list = true},
        EXPLANATION_ANSWER),
};

static void write_median(struct json_writer *writer, const char *key, int64_t days, bool known) {
    json_key(writer, key);
    if (known && days >= 0)
        json_write_int64(writer, days);
    else
        json_write_null(writer);
}

static void write_facts(struct json_writer *writer, const struct tenure *tenure) {
    const bool has_gaps = tenure->gap_count > 0;
    const double *sbg = tenure->projection.parameters;

    figure_integer(writer, "silence_days", tenure->silence_days);
    figure_bool(writer, "silence_is_given", tenure->silence_is_given);
    figure_integer(writer, "customers", tenure->customers);
    figure_integer(writer, "repeat_purchases", tenure->gap_count);
    write_median(writer, "second_median", survival_quantile(&tenure->second, 0.5), true);
    write_median(writer, "silence_median", survival_quantile(&tenure->silence, 0.5), true);
    write_median(writer, "gap_median", tenure_gap_quantile(tenure->gaps, tenure->gap_days, 0.5),
                 has_gaps);
    write_median(writer, "gap_nine_of_ten",
                 tenure_gap_quantile(tenure->gaps, tenure->gap_days, 0.9), has_gaps);
    figure_number(writer, "sbg_alpha", tenure->has_projection ? sbg[CONTRACT_ALPHA] : NAN);
    figure_number(writer, "sbg_beta", tenure->has_projection ? sbg[CONTRACT_BETA] : NAN);
}

code tenure_http_show(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct json_writer *writer = &response->writer;
    struct selection selection;
    struct retention retention;
    struct tenure tenure;
    int64_t silence_days;

    TRY(selection_read(scope, request, &selection));
    TRY(request_int64(scope, request, "silence", 1, TENURE_DAYS_MOST, 0, &silence_days));
    TRY(tenure_compute(scope, &selection, silence_days, &tenure));
    TRY(retention_compute(scope, &selection, &retention));
    json_begin_object(writer);
    TRY(selection_write(scope, response, &selection));
    write_facts(writer, &tenure);
    write_cohorts(writer, &retention);
    write_survival(writer, "second", &tenure.second, true);
    write_survival(writer, "silence", &tenure.silence, false);
    write_gaps(writer, &tenure);
    write_categories(writer, &tenure);
    write_win_back(writer, &tenure);
    write_months(writer, &tenure);
    write_contracts(writer, &tenure);
    write_reasons(writer, &tenure);
    write_warnings(scope, writer, &tenure);
    TRY(explanation_write(scope, request, response, &selection, definition, sql_tenure_spells));
    json_end_object(writer);
    return OK;
}
