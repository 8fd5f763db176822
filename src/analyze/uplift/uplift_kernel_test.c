// SPDX-License-Identifier: Apache-2.0
#include "analyze/uplift/uplift.h"
#include "base/json.h"
#include "base/random.h"
#include "base/test.h"
#include "plug/source/source.h"

#include <math.h>

// ---- the experiment of Hillstrom: 64,000 customers, three arms ----

// Columns: recency, history_segment, history, mens, womens, zip_code, newbie, channel, segment,
// visit. Words become a feature for each of their values.
enum { FEATURES = 18, COLUMN_SEGMENT = 8, COLUMN_VISIT = 9 };

static const char *const zips[] = {"Rural", "Surburban", "Urban"};
static const char *const channels[] = {"Multichannel", "Phone", "Web"};

static double number_of(struct text text) {
    double number = NAN;

    CHECK(text_to_double(text, &number));
    return number;
}

static void read_features(const struct record *record, double *features) {
    const struct text *fields = record->fields;

    features[0] = number_of(fields[0]);
    features[1] = number_of(fields[2]);
    features[2] = number_of(fields[3]);
    features[3] = number_of(fields[4]);
    features[4] = number_of(fields[6]);
    for (int i = 0; i < 7; i++)
        features[5 + i] = fields[1].data[0] == '1' + i;
    for (int i = 0; i < 3; i++) {
        features[12 + i] = text_is(fields[5], zips[i]);
        features[15 + i] = text_is(fields[7], channels[i]);
    }
}

// Of those of one arm and of nobody's, in the order of the file, every other one.
static void read_arm(struct scope *scope, const char *arm, struct uplift_rows *ret_even,
                     struct uplift_rows *ret_odd) {
    enum { MOST = 22000 };
    CLEANUP(source_close) struct source *source = NULL;
    struct uplift_rows *halves[2] = {ret_even, ret_odd};
    double *values[2];
    unsigned char *treated[2], *responded[2];
    size_t counts[2] = {0}, row = 0;

    for (int half = 0; half < 2; half++) {
        values[half] = arena_array(&scope->arena, (size_t)MOST * FEATURES, sizeof(double));
        treated[half] = arena_array(&scope->arena, MOST, 1);
        responded[half] = arena_array(&scope->arena, MOST, 1);
    }
    CHECK_OK(source_open(scope, test_shared_data(scope, "hillstrom.csv.gz"), NULL, &source));
    for (;;) {
        struct record record;
        bool end;

        CHECK_OK(source_next(scope, source, &record, &end));
        if (end)
            break;
        const bool is_treated = text_is(record.fields[COLUMN_SEGMENT], arm);

        if (!is_treated && !text_is(record.fields[COLUMN_SEGMENT], "No E-Mail"))
            continue;
        const size_t half = row++ % 2, i = counts[half]++;

        read_features(&record, values[half] + i * FEATURES);
        treated[half][i] = is_treated;
        responded[half][i] = text_is(record.fields[COLUMN_VISIT], "1");
    }
    for (int half = 0; half < 2; half++)
        *halves[half] = (struct uplift_rows){counts[half], FEATURES, values[half], treated[half],
                                             responded[half]};
}

static struct uplift_quality measure(struct scope *scope, const struct uplift_rows *even,
                                     const struct uplift_rows *odd, enum uplift_method method,
                                     double *ret_at_30_percent) {
    double *scores = arena_array(&scope->arena, odd->count, sizeof(*scores));
    struct uplift_quality quality;
    struct uplift_model model;

    CHECK_OK(uplift_fit(scope, even, method, 1, 2, &model));
    uplift_score(scope, &model, odd, scores);
    CHECK_OK(uplift_measure(scope, odd->count, scores, odd->treated, odd->responded, 1, &quality));
    *ret_at_30_percent =
        uplift_at(scope, odd->count, scores, odd->treated, odd->responded, 0.3).value;
    return quality;
}

// scikit-uplift's qini_auc_score, uplift_auc_score and uplift_at_k (overall) over scikit-learn's
// logistic regressions, whose solver stops at 10⁻⁴: a customer or two stand elsewhere.
TEST(uplift_on_hillstrom_is_that_of_scikit_uplift) {
    struct uplift_rows even, odd;
    struct uplift_quality quality;
    double at;

    read_arm(scope, "Womens E-Mail", &even, &odd);
    CHECK_INT((int64_t)even.count, 21347);
    quality = measure(scope, &even, &odd, UPLIFT_TWO_MODELS, &at);
    CHECK_CLOSE(quality.qini.value, .053669, 3e-4);
    CHECK_CLOSE(quality.auuc, .024283, 3e-4);
    CHECK_CLOSE(at, .063443, 3e-3);
    CHECK(!quality.is_noise);
    quality = measure(scope, &even, &odd, UPLIFT_CLASS_TRANSFORMATION, &at);
    CHECK_CLOSE(quality.qini.value, .055548, 3e-4);
    CHECK_CLOSE(quality.auuc, .025087, 3e-4);
    CHECK_CLOSE(at, .073404, 3e-3);
    CHECK(!quality.is_noise);
}

TEST(on_the_arm_where_there_is_nothing_uplift_says_so) {
    struct uplift_rows even, odd;
    struct uplift_quality quality;
    double at;

    read_arm(scope, "Mens E-Mail", &even, &odd);
    quality = measure(scope, &even, &odd, UPLIFT_TWO_MODELS, &at);
    CHECK(fabs(quality.qini.value - .002942) < 1e-3);
    CHECK(fabs(quality.auuc - .002130) < 1e-3);
    CHECK(quality.is_noise);
    CHECK(quality.effect > 0.07); // the mail works, on everybody alike
    quality = measure(scope, &even, &odd, UPLIFT_CLASS_TRANSFORMATION, &at);
    CHECK(fabs(quality.qini.value - .011400) < 1e-3);
    CHECK(fabs(quality.auuc - .006006) < 1e-3);
    CHECK(quality.is_noise);
}

// ---- rankings whose worth is known ----

enum { CUSTOMERS = 400 };

struct made {
    double scores[CUSTOMERS];
    unsigned char treated[CUSTOMERS], responded[CUSTOMERS];
};

// Half are treated. The first quarter respond when treated, the last when not, the rest never.
static struct made made_up(void) {
    struct made made = {0};

    for (int i = 0; i < CUSTOMERS; i++) {
        made.treated[i] = i % 2 == 1;
        made.responded[i] = i < CUSTOMERS / 4        ? made.treated[i]
                            : i >= CUSTOMERS * 3 / 4 ? !made.treated[i]
                                                     : 0;
        made.scores[i] = made.responded[i] ? (made.treated[i] ? 1 : -1) : 0;
    }
    return made;
}

TEST(a_perfect_ranking_has_a_qini_of_one_and_its_reverse_is_worse_than_chance) {
    struct made made = made_up();
    struct uplift_quality quality;

    CHECK_OK(
        uplift_measure(scope, CUSTOMERS, made.scores, made.treated, made.responded, 1, &quality));
    CHECK_CLOSE(quality.qini.value, 1, 1e-12);
    CHECK_CLOSE(quality.effect + 1, 1, 1e-12); // as many are moved as are put off
    for (int i = 0; i < CUSTOMERS; i++)
        made.scores[i] = -made.scores[i];
    CHECK_OK(
        uplift_measure(scope, CUSTOMERS, made.scores, made.treated, made.responded, 1, &quality));
    CHECK(quality.qini.high < 0);
    CHECK(quality.is_noise);
}

TEST(a_ranking_that_says_nothing_has_a_qini_of_nought) {
    struct made made = made_up();
    struct uplift_quality quality;

    for (int i = 0; i < CUSTOMERS; i++)
        made.scores[i] = 0.5;
    CHECK_OK(
        uplift_measure(scope, CUSTOMERS, made.scores, made.treated, made.responded, 1, &quality));
    CHECK_CLOSE(quality.qini.value + 1, 1, 1e-12);
    CHECK(quality.is_noise);
}

// By any increasing change of the scores, and twice in a row.
TEST(measures_of_a_ranking_depend_on_its_order_alone) {
    struct made made = made_up();
    struct random random = random_stream(3, 1, 2);
    struct uplift_quality one, other;

    for (int i = 0; i < CUSTOMERS; i++)
        made.scores[i] = random_uniform(&random) + (i < CUSTOMERS / 4);
    CHECK_OK(uplift_measure(scope, CUSTOMERS, made.scores, made.treated, made.responded, 1, &one));
    for (int i = 0; i < CUSTOMERS; i++)
        made.scores[i] = exp(made.scores[i]) * 7 - 3;
    CHECK_OK(
        uplift_measure(scope, CUSTOMERS, made.scores, made.treated, made.responded, 1, &other));
    CHECK(one.qini.value == other.qini.value && one.qini.low == other.qini.low);
    CHECK(one.auuc == other.auuc && one.at[4].value == other.at[4].value);
    CHECK(one.qini.low <= one.qini.value && one.qini.value <= one.qini.high);
}

TEST(an_experiment_without_an_arm_is_refused) {
    struct made made = made_up();
    const struct uplift_rows rows = {CUSTOMERS, 1, made.scores, made.treated, made.responded};
    struct uplift_quality quality;
    struct uplift_model model;

    for (int i = 0; i < CUSTOMERS; i++)
        made.treated[i] = 1;
    CHECK_CODE(uplift_fit(scope, &rows, UPLIFT_TWO_MODELS, 1, 1, &model), INVALID);
    scope_forgive(scope);
    CHECK_CODE(
        uplift_measure(scope, CUSTOMERS, made.scores, made.treated, made.responded, 1, &quality),
        INVALID);
    scope_forgive(scope);
    for (int i = 0; i < CUSTOMERS; i++)
        made.treated[i] = i % 4 == 0;
    CHECK_CODE(uplift_fit(scope, &rows, UPLIFT_CLASS_TRANSFORMATION, 1, 1, &model), INVALID);
    scope_forgive(scope);
    made.scores[7] = NAN;
    CHECK_CODE(uplift_fit(scope, &rows, UPLIFT_TWO_MODELS, 1, 1, &model), INVALID);
    scope_forgive(scope);
    CHECK_CODE(
        uplift_measure(scope, CUSTOMERS, made.scores, made.treated, made.responded, 1, &quality),
        INVALID);
    scope_forgive(scope);
}

// ---- files ----

static struct experiment_query query_of(const char *feature) {
    return (struct experiment_query){.treatment = TEXT("arm"),
                                     .treated = TEXT("mail"),
                                     .control = TEXT("none"),
                                     .response = TEXT("bought"),
                                     .features = {text_of(feature), TEXT("place")},
                                     .feature_count = 2};
}

static code read_text(struct scope *scope, const char *content, const char *feature,
                      struct experiment *experiment) {
    const struct experiment_query query = query_of(feature);

    return experiment_read(scope, test_file(scope, "experiment.csv", text_of(content)), &query,
                           experiment);
}

TEST(an_experiment_is_read_from_a_file_with_words_as_features) {
    struct experiment experiment;

    CHECK_OK(read_text(scope,
                       "arm,bought,age,place\nmail,yes,30,town\nnone,0,41.5,country\n"
                       "letter,1,20,moon\nnone,TRUE,50,town\n",
                       "age", &experiment));
    CHECK_INT((int64_t)experiment.rows.count, 3);
    CHECK_INT(experiment.left_out, 1);
    CHECK_INT((int64_t)experiment.rows.features, 3);
    CHECK_TEXT(experiment.names[1], "place = country");
    CHECK_CLOSE(experiment.rows.values[3], 41.5, 0);
    CHECK_CLOSE(experiment.rows.values[4], 1, 0);
    CHECK(experiment.rows.responded[0] && !experiment.rows.responded[1]);
    CHECK(experiment.rows.treated[0] && !experiment.rows.treated[2]);
}

TEST(an_experiment_that_cannot_be_read_is_refused_by_row_or_column) {
    static const char *const bad[] = {
        "arm,bought,age\nmail,1,30\n",                // no place
        "arm,bought,age,place\nmail,maybe,30,town\n", // no response
        "arm,bought,age,place\nmail,1,,town\n",       // missing
        "arm,bought,age,place\nletter,1,3,town\n",    // nobody of either arm
    };
    struct experiment experiment;

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        CHECK_CODE(read_text(scope, bad[i], "age", &experiment), INVALID);
        scope_forgive(scope);
    }
    CHECK_CODE(read_text(scope, "arm,bought,age,place\nmail,1,30,town\n", "bought", &experiment),
               INVALID); // what is to be foretold cannot foretell
    scope_forgive(scope);
}

TEST(a_report_of_uplift_says_when_there_is_nothing) {
    struct uplift_rows even, odd;
    struct experiment experiment = {0};
    struct text first, again;
    struct json *result;

    read_arm(scope, "Mens E-Mail", &even, &odd);
    experiment.rows = even;
    CHECK_OK(uplift_of_experiment(scope, &experiment, 1, &first));
    CHECK_OK(uplift_of_experiment(scope, &experiment, 1, &again));
    CHECK_TEXT(again, text_string(&scope->arena, first)); // to the last digit
    CHECK_OK(json_parse_own(scope, first, &result));
    CHECK(json_member(result, "noise")->boolean);
    CHECK_INT(json_member(json_member(result, "methods"), "row_count")->int64, 2);
}
