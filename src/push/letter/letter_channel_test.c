// SPDX-License-Identifier: Apache-2.0
#include "push/letter/letter_channel.h"

#include "base/test.h"
#include "push/letter/letter_coupon.h"
#include "push/letter/postage.h"
#include "push/letter/stationery.h"
#include "push/template/template.h"
#include "store/ledger.h"
#include "store/setting.h"
#include "store/store_testing.h"

#include <stdio.h>

static void add_customer(struct scope *scope, int64_t id, const char *name, const char *street,
                         const char *postal_code) {
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO customer (id, import_id, created_at_us, name, street, "
        "postal_code, city, country) VALUES ($1, 1, 1, $2, $3, $4, 'Berlin', 'DE')",
        BINDS(BIND_INT64(id), BIND_STRING(name), BIND_STRING(street), BIND_STRING(postal_code))));
}

static struct text read_all(struct scope *scope, const char *path) {
    static const size_t most = 1 << 20;
    char *bytes = arena_array(&scope->arena, most, 1);
    FILE *file = fopen(path, "r");
    size_t size;

    CHECK(file != NULL);
    size = fread(bytes, 1, most, file);
    fclose(file);
    return (struct text){bytes, size};
}

static struct channel_message message_to(int64_t id, int64_t customer) {
    return (struct channel_message){
        .id = (INT64_C(200000000000) << 22) + id,
        .customer = customer,
        .content = {.subject = TEXT("Thank you"),
                    .text = TEXT("Dear friend,\n\n[[coupon spring]]\n\nYours")}};
}

TEST(letters_are_sorted_by_postal_code_and_what_has_no_address_fails_alone) {
    const struct coupon_choices spring = {
        .name = TEXT("spring"), .terms = {.kind = COUPON_PERCENT, .value = 15}, .use_count = -1};
    const struct channel_message messages[] = {message_to(1, 11), message_to(2, 12),
                                               message_to(3, 13)};
    const char *path = arena_printf(&scope->arena, "%s/letters.pdf", test_folder(scope));
    const char *list_path = arena_printf(&scope->arena, "%s.csv", path);
    struct channel_outcome outcomes[3] = {0};
    const struct channel_order order = {0};
    struct coupon_series series;
    struct text list, pdf;
    const char *first, *second;

    test_store(scope);
    CHECK_OK(setting_set(scope, TEXT("country"), TEXT("DE")));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(coupon_series_add(scope, &spring, &series));
    add_customer(scope, 11, "=Zoe", "A Street 1", "80331");
    add_customer(scope, 12, "Nobody", "", "10115");
    add_customer(scope, 13, "Adam", "B Street 2", "10115");
    CHECK_OK(ledger_commit(scope));
    CHECK_OK(letter_channel_make(scope, &order, messages, 3, path, outcomes));
    CHECK_INT(outcomes[0].result, CHANNEL_ACCEPTED);
    CHECK_INT(outcomes[1].result, CHANNEL_FAILED);
    CHECK_STRING(outcomes[1].detail, "the address has no street");
    CHECK_INT(outcomes[2].result, CHANNEL_ACCEPTED);
    list = read_all(scope, list_path);
    first = strstr(text_string(&scope->arena, list), "10115,Adam,B Street 2");
    second = strstr(text_string(&scope->arena, list), "80331,'=Zoe,A Street 1");
    CHECK(first != NULL && second != NULL);
    CHECK(strstr(text_string(&scope->arena, list), "1,838860800000000003,1,1,10.0,0.95,EUR,DE") !=
          NULL);
    CHECK_STRING(test_ledger_rows(scope, "SELECT COUNT(*) FROM coupon"), "2");
    pdf = read_all(scope, path);
    CHECK_OK(letter_channel_make(scope, &order, messages, 3, path, outcomes));
    CHECK(text_equal(read_all(scope, path), pdf));
    CHECK(text_equal(read_all(scope, list_path), list));
    CHECK_STRING(test_ledger_rows(scope, "SELECT COUNT(*) FROM coupon"), "2");
}

static void add_spring(struct scope *scope, int64_t most_count) {
    const struct coupon_choices spring = {.name = TEXT("spring"),
                                          .terms = {.kind = COUPON_PERCENT, .value = 15},
                                          .use_count = -1,
                                          .most_count = most_count};
    struct coupon_series series;

    CHECK_OK(setting_set(scope, TEXT("country"), TEXT("DE")));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(coupon_series_add(scope, &spring, &series));
    add_customer(scope, 11, "Zoe", "A Street 1", "80331");
    add_customer(scope, 12, "[[coupon spring]]", "B Street 2", "80332");
    CHECK_OK(ledger_commit(scope));
}

TEST(a_letter_that_is_refused_spends_no_coupon) {
    const char *path = arena_printf(&scope->arena, "%s/letters.pdf", test_folder(scope));
    struct channel_message messages[] = {message_to(1, 11), message_to(2, 12)};
    const struct channel_order order = {0};
    struct channel_outcome outcomes[2] = {0};

    test_store(scope);
    add_spring(scope, 1);
    // It is printed first, and has a sign that is in no font.
    messages[0].content.text = TEXT("[[coupon spring]]\n\n\xf3\xb0\x80\x80");
    CHECK_OK(letter_channel_make(scope, &order, messages, 2, path, outcomes));
    CHECK_INT(outcomes[0].result, CHANNEL_FAILED);
    CHECK_INT(outcomes[1].result, CHANNEL_ACCEPTED);
    CHECK_STRING(test_ledger_rows(scope, "SELECT message_id FROM coupon"), "838860800000000002");
    CHECK_STRING(test_ledger_rows(scope, "SELECT issued_count FROM coupon_series"), "1");
    messages[0].content.text = TEXT("[[coupon spring]]\n");
    CHECK_OK(letter_channel_make(scope, &order, messages, 2, path, outcomes));
    CHECK_INT(outcomes[0].result, CHANNEL_FAILED); // the series has one code
    CHECK_INT(outcomes[1].result, CHANNEL_ACCEPTED);
    messages[1].content.text = TEXT("[[coupon spring]]\n\n[[coupon spring]]\n");
    CHECK_OK(letter_channel_make(scope, &order, messages, 2, path, outcomes));
    CHECK_STRING(outcomes[1].detail, "a letter has one coupon, this one more");
}

TEST(a_customers_name_issues_no_coupon) {
    const struct template_version version = {
        .kind = TEMPLATE_LETTER,
        .content = {.html = TEXT("<p>{{ customer.name }}</p>"),
                    .text = TEXT("{{ customer.name }}\n\n{% capture all %}{{ customer.name }}"
                                 "{% endcapture %}\n{{ all }}\n")}};
    const struct template_message message = {.coupon_expires_day = INT32_MIN};
    const struct template_program *program;
    struct template_renderer *renderer;
    struct template_people *people;
    struct template_output output;
    struct coupon_series series;
    struct letter letter = {0};
    bool is_found;

    test_store(scope);
    add_spring(scope, 0);
    CHECK_OK(template_compile(scope, &version, NULL, &program));
    CHECK_OK(template_people_read(scope, program, (const int64_t[]){12}, 1, &people));
    CHECK_OK(template_renderer_new(scope, &renderer));
    CHECK_OK(template_render(scope, renderer, program, people, 0, &message, &output));
    letter.body = text_copy(&scope->arena, output.text);
    template_renderer_free(renderer);
    CHECK_TEXT(letter.body, "\\[\\[coupon spring]]\n\n\n\\[\\[coupon spring]]\n");
    CHECK_OK(letter_coupon_find(scope, &letter, &series, &is_found));
    CHECK(!is_found);
}

TEST(the_marks_of_coupons_are_checked_before_a_letter_is_approved) {
    const struct {
        struct text text;
        code expected;
    } cases[] = {
        {TEXT("Dear\n[[coupon spring]]\n"), OK},
        {TEXT("{% if customer.city %}[[coupon spring]]{% endif %}"), OK},
        {TEXT("[[coupon autumn]]"), INVALID},
        {TEXT("[[coupon]]"), INVALID},
        {TEXT("[[couponspring]]"), INVALID},
        {TEXT("[[coupon spring]] [[coupon {{ customer.city }}]]"), INVALID},
    };

    test_store(scope);
    add_spring(scope, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const struct channel_content sources = {.text = cases[i].text};

        CHECK_INT(letter_channel_prepare(scope, &sources), cases[i].expected);
        scope_forgive(scope);
    }
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, coupon_series_stop(scope, TEXT("spring"))));
    CHECK_CODE(letter_channel_prepare(scope, &(struct channel_content){.text = cases[0].text}),
               INVALID);
}

TEST(a_text_of_a_letter_is_needed) {
    const struct channel_content empty = {.subject = TEXT("x"), .text = TEXT(" \n")};

    CHECK_CODE(letter_channel_prepare(scope, &empty), INVALID);
    CHECK_STRING(scope->failure.field, "text");
}

TEST(stationery_is_kept_and_one_that_cannot_be_printed_is_not) {
    struct letter_stationery stationery;

    test_store(scope);
    CHECK_OK(letter_stationery_load(scope, &stationery));
    CHECK_INT(stationery.format, LETTER_DIN_B);
    stationery.format = LETTER_US;
    stationery.company = TEXT("Farm & Sons");
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, letter_stationery_save(scope, &stationery)));
    CHECK_OK(letter_stationery_load(scope, &stationery));
    CHECK_INT(stationery.format, LETTER_US);
    CHECK_TEXT(stationery.company, "Farm & Sons");
    stationery.font = TEXT("No Such Font");
    CHECK_OK(ledger_begin(scope));
    CHECK_CODE(ledger_end(scope, letter_stationery_save(scope, &stationery)), INVALID);
}

TEST(postage_is_that_of_country_weight_and_day) {
    struct postage postage;
    struct json *own;
    bool is_known;

    CHECK_OK(postage_find(scope, NULL, "DE", 20, "2026-01-01", &postage, &is_known));
    CHECK(is_known);
    CHECK_INT(postage.price_micros, 950000);
    CHECK_OK(postage_find(scope, NULL, "DE", 20.1, "2026-01-01", &postage, &is_known));
    CHECK_INT(postage.price_micros, 1100000);
    CHECK_OK(postage_find(scope, NULL, "DE", 20, "2024-12-31", &postage, &is_known));
    CHECK(!is_known);
    CHECK_OK(postage_find(scope, NULL, "FR", 20, "2026-01-01", &postage, &is_known));
    CHECK(!is_known);
    CHECK_OK(json_parse(scope,
                        TEXT("[{\"country\": \"DE\", \"most_grams\": 50, \"price\": 0.4, "
                             "\"currency\": \"EUR\", \"from\": \"2026-02-01\"}]"),
                        &own));
    CHECK_OK(postage_find(scope, own, "DE", 20, "2026-02-01", &postage, &is_known));
    CHECK_INT(postage.price_micros, 400000);
    CHECK_OK(postage_find(scope, own, "DE", 20, "2026-01-31", &postage, &is_known));
    CHECK_INT(postage.price_micros, 950000);
    CHECK_CLOSE(letter_grams(210, 297, 80, 2, 5), 14.98, 1e-3);
}
