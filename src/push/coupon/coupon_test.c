// SPDX-License-Identifier: Apache-2.0
#include "push/coupon/coupon.h"

#include "base/test.h"
#include "base/time.h"
#include "push/coupon/coupon_http.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/store.h"
#include "store/store_testing.h"
#include "store/unit.h"

#include <pthread.h>
#include <unistd.h>

static struct coupon_series series_of(struct scope *scope, const char *name,
                                      const struct coupon_choices *choices) {
    struct coupon_choices chosen = *choices;
    struct coupon_series series;

    chosen.name = text_of(name);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(coupon_series_add(scope, &chosen, &series));
    CHECK_OK(ledger_commit(scope));
    CHECK_OK(coupon_series_find(scope, text_of(name), &series));
    return series;
}

static const struct coupon_choices ten_percent = {
    .terms = {.kind = COUPON_PERCENT, .value = 10, .minimum = 20}, .use_count = -1};

static struct text issue(struct scope *scope, const struct coupon_series *series, int64_t customer,
                         int64_t message) {
    struct text issued;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(coupon_issue(scope, series, customer, message, &issued));
    CHECK_OK(ledger_commit(scope));
    return issued;
}

static code redeem(struct scope *scope, struct text coupon, const char *key, double amount,
                   bool *ret_is_repeat) {
    const struct coupon_request request = {
        .key = text_of(key), .amount_micros = (int64_t)(amount * 1e6), .discount_micros = -1};
    struct coupon_check check;

    TRY(ledger_begin(scope));
    return ledger_end(scope, coupon_redeem(scope, coupon, &request, &check, ret_is_repeat));
}

static enum coupon_answer answer_of(struct scope *scope, struct text coupon) {
    struct coupon_check check;

    CHECK_OK(coupon_look(scope, coupon, -1, &check));
    return check.answer;
}

TEST(a_coupon_code_finds_every_single_error_and_exchange) {
    for (int round = 0; round < 50; round++) {
        const struct text made = coupon_code_make(&scope->arena);
        char changed[COUPON_CODE_SIZE];

        CHECK(coupon_code_checks(made));
        for (size_t i = 0; i < COUPON_CODE_SIZE; i++) {
            for (const char *sign = "234679CDFGHJKMNPQRTVWXY0O1I"; *sign; sign++) {
                memcpy(changed, made.data, COUPON_CODE_SIZE);
                changed[i] = *sign;
                CHECK(coupon_code_checks((struct text){changed, COUPON_CODE_SIZE}) ==
                      (*sign == made.data[i]));
            }
            for (size_t j = i + 1; j < COUPON_CODE_SIZE; j++) {
                memcpy(changed, made.data, COUPON_CODE_SIZE);
                changed[i] = made.data[j];
                changed[j] = made.data[i];
                CHECK(coupon_code_checks((struct text){changed, COUPON_CODE_SIZE}) ==
                      (made.data[i] == made.data[j]));
            }
        }
    }
}

TEST(a_coupon_is_understood_as_people_write_it) {
    const struct text made = coupon_code_make(&scope->arena);
    const struct text shown = coupon_code_shown(&scope->arena, made);

    CHECK_INT((int64_t)shown.size, 14);
    CHECK(text_equal(coupon_code_normalise(&scope->arena, shown), made));
    CHECK(text_equal(coupon_code_normalise(&scope->arena, text_printf(&scope->arena, " %.*s ",
                                                                      TEXT_ARG(text_lower_ascii(
                                                                          &scope->arena, shown)))),
                     made));
}

TEST(a_customer_has_one_coupon_of_a_message) {
    struct coupon_series series;
    struct text first;

    test_store(scope);
    series = series_of(scope, "spring", &ten_percent);
    first = issue(scope, &series, 7, 1);
    CHECK(text_equal(issue(scope, &series, 7, 1), first));
    CHECK(!text_equal(issue(scope, &series, 7, 2), first));
    CHECK(!text_equal(issue(scope, &series, 8, 1), first));
    CHECK(!text_equal(issue(scope, &series, 0, 0), issue(scope, &series, 0, 0)));
    CHECK_STRING(test_ledger_rows(scope, "SELECT issued_count FROM coupon_series"), "5");
    CHECK_STRING(test_ledger_rows(scope, "SELECT COUNT(*) FROM coupon"), "5");
}

static code claim(struct scope *scope, const struct coupon_series *series, int64_t message,
                  struct text chosen, bool *ret_is_issued) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, coupon_claim(scope, series, 7, message, chosen, ret_is_issued));
}

TEST(a_coupon_that_was_chosen_is_spent_once_it_is_claimed) {
    struct coupon_choices choices = ten_percent;
    struct coupon_series series;
    struct text chosen, other;
    bool is_issued;

    test_store(scope);
    choices.most_count = 2;
    series = series_of(scope, "spring", &choices);
    CHECK_OK(coupon_choose(scope, &series, 7, 1, &chosen));
    CHECK_STRING(test_ledger_rows(scope, "SELECT issued_count FROM coupon_series"), "0");
    CHECK_INT(answer_of(scope, chosen), COUPON_UNKNOWN);
    for (int tries = 0; tries < 2; tries++) {
        CHECK_OK(claim(scope, &series, 1, chosen, &is_issued));
        CHECK(is_issued);
        CHECK_OK(coupon_choose(scope, &series, 7, 1, &other));
        CHECK(text_equal(other, chosen)); // as often as the message is tried
    }
    CHECK_INT(answer_of(scope, chosen), COUPON_VALID);
    CHECK_OK(claim(scope, &series, 1, coupon_code_make(&scope->arena), &is_issued));
    CHECK(!is_issued); // the message has another one
    CHECK_OK(claim(scope, &series, 2, chosen, &is_issued));
    CHECK(!is_issued); // another message has it
    CHECK_STRING(test_ledger_rows(scope, "SELECT issued_count FROM coupon_series"), "1");
    CHECK_OK(claim(scope, &series, 2, coupon_code_make(&scope->arena), &is_issued));
    CHECK(is_issued);
    CHECK_CODE(claim(scope, &series, 3, coupon_code_make(&scope->arena), &is_issued), CONFLICT);
    CHECK_STRING(test_ledger_rows(scope, "SELECT COUNT(*) FROM coupon"), "2");
}

TEST(a_series_that_ran_out_or_was_stopped_issues_nothing) {
    struct coupon_choices choices = ten_percent;
    struct coupon_series series;
    struct text issued;

    test_store(scope);
    choices.most_count = 2;
    series = series_of(scope, "few", &choices);
    issue(scope, &series, 1, 0);
    issue(scope, &series, 2, 0);
    CHECK_OK(ledger_begin(scope));
    CHECK_CODE(ledger_end(scope, coupon_issue(scope, &series, 3, 0, &issued)), CONFLICT);
    scope_forgive(scope);
    issue(scope, &series, 1, 0); // has one already
    series = series_of(scope, "stopped", &ten_percent);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, coupon_series_stop(scope, TEXT("stopped"))));
    CHECK_OK(ledger_begin(scope));
    CHECK_CODE(ledger_end(scope, coupon_issue(scope, &series, 3, 0, &issued)), CONFLICT);
}

TEST(a_coupon_is_redeemed_once_for_each_key) {
    struct coupon_series series;
    struct text coupon;
    bool is_repeat;

    test_store(scope);
    series = series_of(scope, "spring", &ten_percent);
    coupon = issue(scope, &series, 7, 0);
    CHECK_INT(answer_of(scope, coupon), COUPON_VALID);
    CHECK_CODE(redeem(scope, coupon, "till-1", 10, &is_repeat), CONFLICT);
    CHECK(strstr(scope->failure.message, "too_little") != NULL);
    scope_forgive(scope);
    CHECK_OK(redeem(scope, coupon, "till-1", 25, &is_repeat));
    CHECK(!is_repeat);
    CHECK_OK(redeem(scope, coupon, "till-1", 25, &is_repeat));
    CHECK(is_repeat);
    CHECK_CODE(redeem(scope, coupon, "till-1", 26, &is_repeat), REUSED);
    scope_forgive(scope);
    CHECK_CODE(redeem(scope, coupon, "till-2", 25, &is_repeat), CONFLICT);
    scope_forgive(scope);
    CHECK_INT(answer_of(scope, coupon), COUPON_USED);
    CHECK_STRING(test_ledger_rows(scope, "SELECT COUNT(*) FROM coupon_redemption"), "1");
}

struct till {
    struct store *store;
    pthread_barrier_t *barrier;
    struct text coupon;
    const char *key;
    code result;
    bool is_repeat;
};

static code redeem_at_once(struct scope *scope, void *argument) {
    struct till *till = argument;

    return redeem(scope, till->coupon, till->key, 25, &till->is_repeat);
}

static void *stand_at_till(void *argument) {
    struct till *till = argument;
    struct scope scope;

    scope_init(&scope);
    till->result = session_open(&scope, till->store);
    pthread_barrier_wait(till->barrier);
    if (till->result == OK)
        till->result = unit_run(&scope, redeem_at_once, till);
    session_close(&scope);
    scope_clear(&scope);
    return NULL;
}

TEST(two_requests_of_one_key_at_one_instant_are_told_the_same) {
    struct coupon_choices choices = ten_percent;
    pthread_barrier_t barrier;
    struct coupon_series series;

    test_store(scope);
    series = series_of(scope, "spring", &choices);
    CHECK_INT(pthread_barrier_init(&barrier, NULL, 2), 0);
    for (int round = 0; round < 8; round++) {
        struct till tills[2];
        pthread_t threads[2];

        tills[0] = tills[1] = (struct till){.store = session_store(scope),
                                            .barrier = &barrier,
                                            .coupon = issue(scope, &series, 7, round + 1),
                                            .key = arena_printf(&scope->arena, "till-%d", round)};
        for (int i = 0; i < 2; i++)
            CHECK_INT(pthread_create(&threads[i], NULL, stand_at_till, &tills[i]), 0);
        for (int i = 0; i < 2; i++)
            pthread_join(threads[i], NULL);
        CHECK_INT(tills[0].result, OK);
        CHECK_INT(tills[1].result, OK);
        CHECK(tills[0].is_repeat != tills[1].is_repeat);
    }
    pthread_barrier_destroy(&barrier);
    CHECK_STRING(test_ledger_rows(scope, "SELECT COUNT(*) FROM coupon_redemption"), "8");
    CHECK_STRING(test_ledger_rows(scope, "SELECT MAX(redeemed_count) FROM coupon"), "1");
}

TEST(all_codes_of_a_series_are_in_its_file) {
    const struct request_parameter name = {TEXT("name"), TEXT("spring")};
    const struct request request = {.parameters = &name, .parameter_count = 1};
    enum { COUNT = 1001 }; // more than are read at once
    struct coupon_series series;
    struct response response;
    struct text issued;
    int lines = 0;
    char bytes[8192];
    ssize_t size;

    test_store(scope);
    series = series_of(scope, "spring", &ten_percent);
    CHECK_OK(ledger_begin(scope));
    for (int i = 0; i < COUNT; i++)
        CHECK_OK(coupon_issue(scope, &series, 0, 0, &issued));
    CHECK_OK(ledger_commit(scope));
    response_init(&response);
    CHECK_OK(coupon_http_export(scope, &request, &response));
    while ((size = read(response.file, bytes, sizeof(bytes))) > 0)
        for (ssize_t i = 0; i < size; i++)
            lines += bytes[i] == '\n';
    response_clear(&response);
    CHECK_INT(lines, COUNT + 1);
}

TEST(what_is_wrong_with_a_coupon_is_told_apart) {
    struct coupon_choices choices = ten_percent;
    struct coupon_series series;
    struct text coupon, misread;

    test_store(scope);
    choices.terms.from = TEXT("2020-01-02");
    choices.terms.until = TEXT("2020-01-31");
    series = series_of(scope, "january", &choices);
    coupon = issue(scope, &series, 7, 0);
    scope->now_us = (int64_t)day_from_civil(2020, 1, 1) * US_PER_DAY + US_PER_DAY - 1;
    CHECK_INT(answer_of(scope, coupon), COUPON_EARLY);
    scope->now_us += 1;
    CHECK_INT(answer_of(scope, coupon), COUPON_VALID);
    scope->now_us = (int64_t)day_from_civil(2020, 2, 1) * US_PER_DAY;
    CHECK_INT(answer_of(scope, coupon), COUPON_LATE);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, coupon_void(scope, coupon)));
    CHECK_INT(answer_of(scope, coupon), COUPON_VOID);
    CHECK_INT(answer_of(scope, coupon_code_make(&scope->arena)), COUPON_UNKNOWN);
    misread = text_copy(&scope->arena, coupon);
    ((char *)misread.data)[3] = misread.data[3] == '2' ? '3' : '2';
    CHECK_INT(answer_of(scope, misread), COUPON_MISREAD);
    CHECK_INT(answer_of(scope, TEXT("SUMMER")), COUPON_UNKNOWN);
}

TEST(a_shared_coupon_is_redeemed_as_often_as_it_may) {
    struct coupon_choices choices = {.terms = {.kind = COUPON_AMOUNT, .value = 5},
                                     .shared_code = TEXT("Hello-5"),
                                     .use_count = 2};
    struct coupon_series series;
    bool is_repeat;

    test_store(scope);
    series = series_of(scope, "hello", &choices);
    CHECK_TEXT(issue(scope, &series, 7, 1), "HELLO5");
    CHECK_TEXT(coupon_title(scope, &series.terms), "5.00 EUR");
    CHECK_OK(redeem(scope, TEXT("hello5"), "a", 1, &is_repeat));
    CHECK_OK(redeem(scope, TEXT("HELLO 5"), "b", 1, &is_repeat));
    CHECK_CODE(redeem(scope, TEXT("hello5"), "c", 1, &is_repeat), CONFLICT);
}

// A sale of 40.00 with one line that bears the coupon.
static void sell(struct scope *scope, int64_t sale, const char *coupon, const char *number) {
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, currency, net_micros, "
        "vat_micros, gross_micros, discount_micros, line_count, home) VALUES ($1, 1, 'shop', $2, "
        "1, 1600000000000000, 'EUR', 40000000, 0, 40000000, 4000000, 1, $1)",
        BINDS(BIND_INT64(sale), BIND_STRING(number))));
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO sale_line (sale_id, line, import_id, seen_import, content_hash, "
        "unit_price_micros, "
        "quantity_micros, discount_micros, coupon, net_micros, vat_micros, gross_micros, home) "
        "VALUES ($1, 1, 1, 1, 1, 44000000, 1000000, 4000000, $2, 40000000, 0, 40000000, $1)",
        BINDS(BIND_INT64(sale), BIND_STRING(coupon))));
}

TEST(coupons_on_sales_are_found_once) {
    struct coupon_choices choices = ten_percent;
    struct coupon_series series;
    struct coupon_tally tally;
    const char *coupon, *other, *fake;
    bool is_repeat;

    test_store(scope);
    choices.terms.until = TEXT("2030-01-01");
    series = series_of(scope, "spring", &choices);
    coupon = text_string(&scope->arena, issue(scope, &series, 7, 0));
    other = text_string(&scope->arena, issue(scope, &series, 8, 0));
    fake = text_string(&scope->arena, coupon_code_make(&scope->arena));
    CHECK_OK(redeem(scope, text_of(other), "till-9", 40, &is_repeat));
    CHECK_OK(ledger_begin(scope));
    sell(scope, 101, coupon, "R1");
    sell(scope, 102, coupon, "R2"); // once too often
    sell(scope, 103, other, "R3");  // that the till told of
    sell(scope, 104, fake, "R4");
    sell(scope, 105, "SUMMER", "R5");
    CHECK_OK(ledger_commit(scope));
    CHECK_OK(lake_rebuild(scope));
    CHECK_OK(coupon_collect(scope, &tally));
    CHECK_INT(tally.read, 5);
    CHECK_INT(tally.taken, 1);
    CHECK_INT(tally.again, 1);
    CHECK_INT(tally.attached, 1);
    CHECK_INT(tally.unknown, 1);
    CHECK_INT(tally.foreign, 1);
    CHECK_STRING(test_ledger_rows(scope, "SELECT receipt, state, revenue_micros, discount_micros "
                                         "FROM coupon_redemption ORDER BY receipt"),
                 "R1|taken|40000000|4000000\nR2|again|40000000|4000000\n"
                 "R3|taken|40000000|4000000");
    CHECK_OK(coupon_collect(scope, &tally));
    CHECK_INT(tally.taken + tally.again + tally.attached, 0);
    CHECK_STRING(test_ledger_rows(scope, "SELECT COUNT(*) FROM coupon_redemption"), "3");
}

TEST(the_picture_of_a_coupon_opens_by_its_signature_only) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    const char *content_type = NULL;
    struct text path, name;
    char *forged;

    test_store(scope);
    CHECK_OK(coupon_picture_path(scope, TEXT("K7HQ3MXW9TRC"), COUPON_PICTURE_QR, "png", &path));
    name = (struct text){path.data + 3, path.size - 3};
    CHECK_OK(coupon_picture_draw(scope, name, &out, &content_type));
    CHECK_STRING(content_type, "image/png");
    CHECK(out.size > 100 && memcmp(out.data, "\x89PNG", 4) == 0);
    for (size_t i = 0; i + 4 < name.size; i++) {
        forged = text_string(&scope->arena, name);
        forged[i] = forged[i] == 'A' ? 'B' : 'A';
        CHECK_CODE(coupon_picture_draw(scope, text_of(forged), &out, &content_type), NOT_FOUND);
        scope_forgive(scope);
    }
    CHECK_CODE(coupon_picture_draw(scope, TEXT("x"), &out, &content_type), NOT_FOUND);
}

TEST(a_series_of_coupons_that_cannot_be_is_refused) {
    static const struct coupon_choices wrong[] = {
        {.name = {"x", 1}, .terms = {.kind = COUPON_PERCENT, .value = 0}},
        {.name = {"x", 1}, .terms = {.kind = COUPON_PERCENT, .value = 101}},
        {.name = {"x", 1}, .terms = {.kind = COUPON_TEXT}},
        {.name = {"x", 1}, .terms = {.kind = COUPON_AMOUNT, .value = 5, .currency = {"XXY", 3}}},
        {.name = {"x", 1}, .terms = {.kind = COUPON_AMOUNT, .value = 5, .until = {"soon", 4}}},
        {.name = {"x", 1},
         .terms = {.kind = COUPON_AMOUNT,
                   .value = 5,
                   .from = {"2020-01-02", 10},
                   .until = {"2020-01-01", 10}}},
        {.name = {"", 0}, .terms = {.kind = COUPON_AMOUNT, .value = 5}},
        {.name = {"x", 1},
         .terms = {.kind = COUPON_AMOUNT, .value = 5},
         .shared_code = {"\xc3\xa4\xc3\xa4", 4}},
    };
    struct coupon_series series;

    test_store(scope);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        CHECK_OK(ledger_begin(scope));
        CHECK_CODE(ledger_end(scope, coupon_series_add(scope, &wrong[i], &series)), INVALID);
        scope_forgive(scope);
    }
    series_of(scope, "spring", &ten_percent);
    CHECK_OK(ledger_begin(scope));
    {
        struct coupon_choices again = ten_percent;

        again.name = TEXT("spring");
        CHECK_CODE(ledger_end(scope, coupon_series_add(scope, &again, &series)), CONFLICT);
    }
}
