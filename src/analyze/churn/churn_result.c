// SPDX-License-Identifier: Apache-2.0
// What a run found, written once: the page, the command line and an export show the same numbers.
#include "analyze/churn/churn.h"
#include "analyze/run/figures.h"
#include "base/time.h"

#include <math.h>

// ---- the back-test ----

static void write_models(struct json_writer *writer, const struct churn *churn) {
    static const struct figure_column columns[] = {
        {"model", "Model", "text", NULL},
        {"naive", "Naive", "bool", NULL},
        {"log_loss", "Log-loss", "number", NULL},
        {"auc", "Pairs in the right order (AUC)", "share", NULL},
        {"brier", "Mean squared error", "number", NULL},
        {"expected", "Expected to leave", "number", "customers"},
        {"actual", "Left", "integer", "customers"},
        {"chosen", "Chosen", "bool", NULL},
    };

    FIGURES_BEGIN_TABLE(writer, "models", columns);
    for (size_t k = 0; k < CHURN_MODELS; k++) {
        const struct score_quality *quality = &churn->quality[k];

        json_begin_array(writer);
        json_write_string(writer, churn_model_label((enum churn_model_kind)k));
        json_write_bool(writer, churn_model_is_naive((enum churn_model_kind)k));
        json_write_double(writer, quality->log_loss);
        json_write_double(writer, quality->auc);
        json_write_double(writer, quality->brier);
        json_write_double(writer, quality->expected);
        json_write_int64(writer, (int64_t)quality->positives);
        json_write_bool(writer, k == (size_t)churn->chosen);
        json_end_array(writer);
    }
    figures_end_table(writer, CHURN_MODELS);
}

static void write_month(struct json_writer *writer, const struct churn *churn,
                        const struct churn_month *month) {
    const struct score_quality *chosen = &month->quality[churn->chosen];
    char day[TIME_TEXT_SIZE];

    json_begin_array(writer);
    json_write_string(writer, day_format(month->day, day));
    json_write_int64(writer, (int64_t)month->taught);
    json_write_int64(writer, (int64_t)month->count);
    json_write_int64(writer, (int64_t)month->churned);
    json_write_double(writer, (double)month->churned / (double)month->count);
    json_write_double(writer, chosen->expected / (double)month->count);
    json_write_double(writer, chosen->log_loss);
    json_write_double(writer, month->quality[churn->naive].log_loss);
    json_write_double(writer, chosen->auc);
    json_end_array(writer);
}

static void write_months(struct json_writer *writer, const struct churn *churn) {
    static const struct figure_column columns[] = {
        {"as_of", "As of", "day", NULL},
        {"taught", "Rows taught by", "integer", NULL},
        {"customers", "Customers", "integer", NULL},
        {"left", "Left", "integer", "customers"},
        {"actual", "Share that left", "share", NULL},
        {"expected", "Share expected", "share", NULL},
        {"log_loss", "Log-loss", "number", NULL},
        {"naive_log_loss", "Log-loss, naive", "number", NULL},
        {"auc", "Pairs in the right order (AUC)", "share", NULL},
    };

    FIGURES_BEGIN_TABLE(writer, "months", columns);
    for (size_t i = 0; i < churn->month_count; i++)
        write_month(writer, churn, &churn->months[i]);
    figures_end_table(writer, (int64_t)churn->month_count);
}

static void make_parts(struct scope *scope, const struct churn *churn,
                       struct score_part parts[SCORE_PARTS]) {
    score_parts_make(scope, churn->probabilities[churn->chosen], churn->tested_labels,
                     churn->tested_customers, churn->tested, parts);
}

static void write_calibration(struct json_writer *writer,
                              const struct score_part parts[SCORE_PARTS]) {
    static const struct figure_column columns[] = {
        {"tenth", "Tenth by risk", "integer", NULL},
        {"customers", "Customers", "integer", NULL},
        {"expected", "Expected", "share", NULL},
        {"actual", "Actual", "share", NULL},
        {"low", "From", "share", NULL},
        {"high", "To", "share", NULL},
        {"effective", "Say as much as", "number", "independent rows"},
    };
    int64_t count = 0;

    FIGURES_BEGIN_TABLE(writer, "calibration", columns);
    for (size_t k = 0; k < SCORE_PARTS; k++) {
        const double n = (double)parts[k].count;

        if (parts[k].count == 0)
            continue;
        json_begin_array(writer);
        json_write_int64(writer, (int64_t)k + 1);
        json_write_int64(writer, (int64_t)parts[k].count);
        json_write_double(writer, parts[k].expected / n);
        json_write_double(writer, (double)parts[k].positives / n);
        json_write_double(writer, parts[k].low);
        json_write_double(writer, parts[k].high);
        json_write_double(writer, parts[k].effective);
        json_end_array(writer);
        count++;
    }
    figures_end_table(writer, count);
}

static void write_lift(struct json_writer *writer, const struct churn *churn,
                       const struct score_part parts[SCORE_PARTS]) {
    static const struct figure_column columns[] = {
        {"tenth", "Tenth by risk", "integer", NULL},
        {"customers", "Customers", "integer", NULL},
        {"left", "Left", "integer", "customers"},
        {"share", "Share that left", "share", NULL},
        {"lift", "Times as many as on average", "number", NULL},
        {"gain", "Of all who left, so far", "share", NULL},
    };
    const double all = (double)churn->quality[churn->chosen].positives;
    const double share = all / (double)churn->tested;
    double sum = 0;
    int64_t count = 0;

    FIGURES_BEGIN_TABLE(writer, "lift", columns);
    for (size_t k = 0; k < SCORE_PARTS; k++) {
        const double left = (double)parts[k].positives;

        if (parts[k].count == 0)
            continue;
        sum += left;
        json_begin_array(writer);
        json_write_int64(writer, (int64_t)k + 1);
        json_write_int64(writer, (int64_t)parts[k].count);
        json_write_int64(writer, (int64_t)parts[k].positives);
        json_write_double(writer, left / (double)parts[k].count);
        json_write_double(writer, left / (double)parts[k].count / share);
        json_write_double(writer, sum / all);
        json_end_array(writer);
        count++;
    }
    figures_end_table(writer, count);
}

// ---- today ----

// The features, the one that moves scores most first.
static void write_drivers(struct json_writer *writer, const struct churn *churn) {
    static const struct figure_column columns[] = {
        {"name", "Feature", "text", NULL},
        {"label", "What is known", "text", NULL},
        {"importance", "Moves the log-odds by", "number", NULL},
        {"direction", "Together with the risk", "number", NULL},
        {"definition", "Computed as", "text", NULL},
    };
    bool written[CHURN_FEATURES] = {false};

    FIGURES_BEGIN_TABLE(writer, "drivers", columns);
    for (size_t i = 0; i < CHURN_FEATURES && churn->is_usable; i++) {
        size_t best = CHURN_FEATURES;

        for (size_t j = 0; j < CHURN_FEATURES; j++)
            if (!written[j] &&
                (best == CHURN_FEATURES || churn->importance[j] > churn->importance[best]))
                best = j;
        written[best] = true;
        json_begin_array(writer);
        json_write_string(writer, churn_feature_names[best].name);
        json_write_string(writer, churn_feature_names[best].label);
        json_write_double(writer, churn->importance[best]);
        json_write_double(writer, churn->direction[best]);
        json_write_string(writer, churn_feature_names[best].definition);
        json_end_array(writer);
    }
    figures_end_table(writer, churn->is_usable ? CHURN_FEATURES : 0);
}

static void write_bands(struct json_writer *writer, const struct churn *churn) {
    static const struct figure_column columns[] = {
        {"from", "Probability from", "share", NULL},
        {"to", "To", "share", NULL},
        {"customers", "Customers", "integer", NULL},
        {"expected", "Expected to leave", "number", "customers"},
    };

    FIGURES_BEGIN_TABLE(writer, "bands", columns);
    for (size_t k = 0; k < CHURN_BANDS && churn->is_usable; k++) {
        json_begin_array(writer);
        json_write_double(writer, (double)k / CHURN_BANDS);
        json_write_double(writer, (double)(k + 1) / CHURN_BANDS);
        json_write_int64(writer, (int64_t)churn->band_count[k]);
        json_write_double(writer, churn->band_expected[k]);
        json_end_array(writer);
    }
    figures_end_table(writer, churn->is_usable ? CHURN_BANDS : 0);
}

// ---- when not to trust it ----

#define WARN(...) json_write_text(writer, text_printf(&scope->arena, __VA_ARGS__))

static void warn_of_data(struct scope *scope, struct json_writer *writer,
                         const struct churn *churn) {
    const int32_t days = churn->end_day - churn->first_day + 1;

    if (churn->month_count < 4)
        WARN("Only %zu past months could be tested: how good the model is in others is hardly "
             "known.",
             churn->month_count);
    if (days < 730)
        WARN("%d days of sales are less than two years: who comes for a season only cannot be told "
             "from who left.",
             days);
    if (churn->tested / churn->month_count < 100)
        WARN("Only about %zu customers a month were tested: shares of so few move by chance.",
             churn->tested / churn->month_count);
}

static void warn_of_model(struct scope *scope, struct json_writer *writer,
                          const struct churn *churn, const struct score_part *parts) {
    const struct churn_month *last = &churn->months[churn->month_count - 1];
    const double expected = 100 * last->quality[churn->chosen].expected / (double)last->count;
    const double actual = 100 * (double)last->churned / (double)last->count;
    int missed = 0;

    if (fabs(expected - actual) > 5)
        WARN("In the last tested month %.0f percent were expected to leave and %.0f percent did: "
             "trade changes, the order of customers is better than their probabilities.",
             expected, actual);
    for (size_t k = 0; k < SCORE_PARTS; k++)
        missed +=
            parts[k].count > 0 && (parts[k].expected < parts[k].low * (double)parts[k].count ||
                                   parts[k].expected > parts[k].high * (double)parts[k].count);
    if (missed > 2)
        WARN("In %d of %d tenths the expected share lies outside the interval of the actual one.",
             missed, SCORE_PARTS);
    if (churn->quality[churn->chosen].auc < 0.65)
        WARN("The model orders only %.0f of 100 pairs of customers rightly; a coin does 50.",
             100 * churn->quality[churn->chosen].auc);
}

static struct text refusal(struct scope *scope, const struct churn *churn) {
    const struct score_quality *best = &churn->quality[churn->chosen];
    const struct score_quality *naive = &churn->quality[churn->naive];

    if (churn->is_usable)
        return TEXT("");
    if (best->log_loss < naive->log_loss)
        return text_printf(&scope->arena,
                           "In %zu of %zu past months only the best model (%s) beat the naive one "
                           "(%s); more than half would be needed. Customers are not scored.",
                           churn->months_won, churn->month_count, churn_model_label(churn->chosen),
                           churn_model_label(churn->naive));
    return text_printf(&scope->arena,
                       "In the back-test of %zu past months the best model (%s, log-loss %.4f) did "
                       "not beat the naive one (%s, log-loss %.4f). Customers are not scored.",
                       churn->month_count, churn_model_label(churn->chosen), best->log_loss,
                       churn_model_label(churn->naive), naive->log_loss);
}

// ---- the whole ----

static void write_facts(struct scope *scope, struct json_writer *writer,
                        const struct churn *churn) {
    const struct score_quality *quality = &churn->quality[churn->chosen];

    figure_day(writer, "from", churn->first_day);
    figure_day(writer, "as_of", churn->end_day);
    figure_integer(writer, "horizon_days", churn->options.horizon_days);
    figure_integer(writer, "active_days", churn->options.active_days);
    figure_bool(writer, "usable", churn->is_usable);
    json_key(writer, "refusal");
    json_write_text(writer, refusal(scope, churn));
    figure_text(writer, "model", churn_model_label(churn->chosen));
    figure_text(writer, "naive", churn_model_label(churn->naive));
    figure_number(writer, "log_loss", quality->log_loss);
    figure_number(writer, "naive_log_loss", churn->quality[churn->naive].log_loss);
    figure_number(writer, "auc", quality->auc);
    figure_integer(writer, "months_tested", (int64_t)churn->month_count);
    figure_integer(writer, "months_won", (int64_t)churn->months_won);
    figure_integer(writer, "tested", (int64_t)churn->tested);
    figure_number(writer, "past_share", (double)quality->positives / (double)churn->tested);
    figure_integer(writer, "every", churn->stride);
    figure_integer(writer, "taught", (int64_t)churn->taught);
    figure_integer(writer, "buyers", churn->buyers);
    figure_integer(writer, "customers", (int64_t)churn->count);
    figure_number(writer, "expected", churn->is_usable ? churn->expected : NAN);
}

void churn_write(struct scope *scope, struct json_writer *writer, const struct churn *churn) {
    struct score_part parts[SCORE_PARTS];

    make_parts(scope, churn, parts);
    json_begin_object(writer);
    write_facts(scope, writer, churn);
    write_calibration(writer, parts);
    write_lift(writer, churn, parts);
    write_drivers(writer, churn);
    write_bands(writer, churn);
    write_models(writer, churn);
    write_months(writer, churn);
    json_key(writer, "warnings");
    json_begin_array(writer);
    warn_of_data(scope, writer, churn);
    warn_of_model(scope, writer, churn, parts);
    json_end_array(writer);
    json_end_object(writer);
}
