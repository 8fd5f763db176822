// SPDX-License-Identifier: Apache-2.0
#include "plug/import/mapping.h"

#include "base/test.h"
#include "store/store_testing.h"

static struct mapping propose(struct scope *scope, enum import_kind kind, struct text content) {
    struct mapping mapping;

    CHECK_OK(mapping_propose(scope, test_file(scope, "sample.csv", content), kind, NULL, &mapping));
    return mapping;
}

static void check_field(const struct mapping *mapping, enum target target, const char *column) {
    const struct mapping_field *field = mapping_find(mapping, target);

    if (!field)
        test_fail(__FILE__, __LINE__, "%s is not mapped", target_info(target)->name);
    CHECK_TEXT(field->columns[0], column);
}

TEST(columns_of_a_salesforce_export_are_known) {
    const struct mapping mapping = propose(
        scope, IMPORT_CUSTOMERS,
        TEXT("Id,IsDeleted,MasterRecordId,AccountId,LastName,FirstName,MailingStreet,MailingCity,"
             "MailingState,MailingPostalCode,MailingCountry,Phone,MobilePhone,Email,Birthdate,"
             "LeadSource\n"
             "003x1,false,,001,Byron,Ada,12 St James,London,,SW1,UK,+44 20 7946 "
             "0000,,ada@example.org,"
             "1815-12-10,Web\n"));

    check_field(&mapping, TARGET_CUSTOMER_NUMBER, "Id");
    check_field(&mapping, TARGET_MASTER_NUMBER, "MasterRecordId");
    check_field(&mapping, TARGET_FAMILY_NAME, "LastName");
    check_field(&mapping, TARGET_GIVEN_NAME, "FirstName");
    check_field(&mapping, TARGET_STREET, "MailingStreet");
    check_field(&mapping, TARGET_CITY, "MailingCity");
    check_field(&mapping, TARGET_POSTAL_CODE, "MailingPostalCode");
    check_field(&mapping, TARGET_COUNTRY, "MailingCountry");
    check_field(&mapping, TARGET_EMAIL, "Email");
    check_field(&mapping, TARGET_BIRTH_DATE, "Birthdate");
    CHECK(mapping.attribute_count > 0);
}

TEST(columns_of_a_hubspot_export_are_known) {
    const struct mapping mapping = propose(
        scope, IMPORT_CUSTOMERS,
        TEXT("First name,Last name,Email address,Phone number,Company name,City,State/Region,"
             "Country/Region,Zip code,Lifecycle stage\n"
             "Ada,Byron,ada@example.org,+442079460000,Engines,London,,United Kingdom,SW1,Lead\n"));

    check_field(&mapping, TARGET_GIVEN_NAME, "First name");
    check_field(&mapping, TARGET_EMAIL, "Email address");
    check_field(&mapping, TARGET_PHONE, "Phone number");
    check_field(&mapping, TARGET_COMPANY, "Company name");
    check_field(&mapping, TARGET_REGION, "State/Region");
    check_field(&mapping, TARGET_COUNTRY, "Country/Region");
    check_field(&mapping, TARGET_POSTAL_CODE, "Zip code");
    CHECK_TEXT(mapping.attributes[0], "Lifecycle stage");
}

TEST(columns_of_a_grocery_chain_are_known) {
    const struct mapping mapping =
        propose(scope, IMPORT_SALES,
                TEXT("household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,"
                     "coupon_disc,coupon_match_disc,week,transaction_timestamp\n"
                     "2261,309,31625220889,940996,1,3.86,0.43,0,0,5,2017-01-28 14:06:53\n"));

    check_field(&mapping, TARGET_CUSTOMER_NUMBER, "household_id");
    check_field(&mapping, TARGET_STORE, "store_id");
    check_field(&mapping, TARGET_RECEIPT, "basket_id");
    check_field(&mapping, TARGET_PRODUCT, "product_id");
    check_field(&mapping, TARGET_QUANTITY, "quantity");
    check_field(&mapping, TARGET_LINE_TOTAL, "sales_value");
    check_field(&mapping, TARGET_DISCOUNT, "retail_disc");
    check_field(&mapping, TARGET_SOLD_AT, "transaction_timestamp");
}

TEST(a_column_of_yes_and_no_is_no_telephone_number) {
    const struct mapping mapping =
        propose(scope, IMPORT_CUSTOMERS,
                TEXT("customerID,PhoneService,Email opt-in\nC1,No,yes\nC2,Yes,no\nC3,Yes,yes\n"));

    CHECK(mapping_find(&mapping, TARGET_PHONE) == NULL);
    CHECK(mapping_find(&mapping, TARGET_EMAIL) == NULL);
    CHECK_INT((int64_t)mapping.attribute_count, 2);
}

TEST(the_mark_of_refunds_is_found_among_receipt_numbers) {
    CLEANUP(buffer_clear) struct buffer content = {0};
    struct mapping mapping;

    buffer_add_string(&content, "invoice,date,sku,qty,price\n");
    for (int i = 0; i < 40; i++)
        buffer_printf(&content, "%d,2020-01-%02d,P,1,2.50\n", 1000 + i, i % 28 + 1);
    buffer_add_string(&content, "C2000,2020-02-01,P,-1,2.50\nC2001,2020-02-02,P,-2,2.50\n");
    mapping = propose(scope, IMPORT_SALES, buffer_text(&content));
    CHECK_TEXT(mapping.options.refund_prefix, "C");
    CHECK(mapping.options.other_prefix_is_adjustment);
}

TEST(the_order_of_day_and_month_is_found) {
    const struct mapping mapping = propose(
        scope, IMPORT_SALES,
        TEXT("receipt;date;product;qty;total\n1;13/02/2020;P;1;2,50\n2;01/02/2020;P;1;3\n"));

    CHECK_INT(mapping.options.date_order, DATE_ORDER_DMY);
    CHECK_INT(mapping.dialect.delimiter, ';');
}

TEST(the_decimal_sign_is_one_for_the_whole_file) {
    struct mapping mapping =
        propose(scope, IMPORT_SALES,
                TEXT("receipt,date,product,qty,price,total\n1,2020-02-13,P,2,1.250,2.50\n"));

    CHECK_INT(mapping.options.decimal, DECIMAL_POINT);
    mapping =
        propose(scope, IMPORT_SALES,
                TEXT("receipt;date;product;qty;price;total\n1;2020-02-13;P;2;1.250;2.500,00\n"));
    CHECK_INT(mapping.options.decimal, DECIMAL_COMMA);
    mapping = propose(scope, IMPORT_SALES,
                      TEXT("receipt,date,product,qty,price\n1,2020-02-13,P,1,1.250\n"));
    CHECK_INT(mapping.options.decimal, DECIMAL_POINT);
}

TEST(a_mapping_survives_being_written_and_read) {
    struct mapping mapping, again;
    struct json *json;
    struct text text;

    CHECK_OK(json_parse(
        scope,
        TEXT("{\"kind\": \"sales\", \"source\": \"till\", \"format\": {\"delimiter\": \";\"},"
             "\"fields\": {\"receipt\": \"No\", \"sold_at\": [\"Date\", \"Time\"]},"
             "\"constants\": {\"currency\": \"CHF\"}, \"options\": {\"vat_rate\": \"7.7\","
             "\"zone\": \"Europe/Zurich\", \"date_order\": \"dmy\"}}"),
        &json));
    CHECK_OK(mapping_read(scope, json, &mapping));
    CHECK_INT(mapping.options.vat_rate_bp, 770);
    text = mapping_text(scope, &mapping);
    CHECK_OK(json_parse(scope, text, &json));
    CHECK_OK(mapping_read(scope, json, &again));
    CHECK_TEXT(mapping_text(scope, &again), text_string(&scope->arena, text));
}

TEST(a_column_that_is_left_out_is_not_proposed_again) {
    struct mapping given, mapping;
    struct json *json;

    CHECK_OK(json_parse(scope,
                        TEXT("{\"kind\": \"customers\", \"fields\": {\"customer_number\": \"id\"}, "
                             "\"left_out\": [\"email\", \"shoe size\"]}"),
                        &json));
    CHECK_OK(mapping_read(scope, json, &given));
    CHECK_OK(mapping_propose(
        scope,
        test_file(
            scope, "sample.csv",
            TEXT("id,email,shoe size,hat size\n1,a@example.org,40,57\n2,b@example.org,41,56\n")),
        IMPORT_CUSTOMERS, &given, &mapping));
    CHECK(!mapping_find(&mapping, TARGET_EMAIL));
    CHECK_INT((int64_t)mapping.attribute_count, 1);
    CHECK_TEXT(mapping.attributes[0], "hat size");
    CHECK(memmem(mapping_text(scope, &mapping).data, mapping_text(scope, &mapping).size,
                 "\"left_out\":[\"email\",\"shoe size\"]", 32));
}

TEST(mappings_with_unknown_fields_targets_or_zones_are_refused_by_name) {
    static const struct {
        const char *text, *field;
    } cases[] = {
        {"{\"kind\": \"sales\", \"colour\": 1}", "colour"},
        {"{\"kind\": \"sales\", \"fields\": {\"birth_date\": \"x\"}}", "fields"},
        {"{\"kind\": \"sales\", \"options\": {\"zone\": \"Mars/Olympus\"}}", ""},
        {"{\"kind\": \"sales\", \"options\": {\"vat_rate\": \"120\"}}", "vat_rate"},
        {"{\"source\": \"x\"}", "kind"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct mapping mapping;
        struct json *json;

        CHECK_OK(json_parse(scope, text_of(cases[i].text), &json));
        CHECK_CODE(mapping_read(scope, json, &mapping), INVALID);
        if (cases[i].field[0] != '\0')
            CHECK_STRING(scope->failure.field, cases[i].field);
        scope_forgive(scope);
    }
}

TEST(a_mapping_is_kept_under_its_name) {
    struct mapping mapping = {
        .kind = IMPORT_STORES, .source = TEXT("main"), .options.vat_rate_bp = -1};
    struct mapping loaded;

    test_store(scope);
    CHECK_OK(mapping_save(scope, TEXT("shops"), &mapping));
    CHECK_OK(mapping_load(scope, TEXT("shops"), &loaded));
    CHECK_INT(loaded.kind, IMPORT_STORES);
    CHECK_OK(mapping_delete(scope, TEXT("shops")));
    CHECK_CODE(mapping_load(scope, TEXT("shops"), &loaded), NOT_FOUND);
}
