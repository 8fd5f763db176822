// SPDX-License-Identifier: Apache-2.0
// What templates may name. To add a value: a row here, its place in people.h and its reading in
// people.c (or message_values in render.c), in the same order.
#include "push/template/people.h"

// clang-format off
#define VALUE(name, type, example, description)                                                    \
    {name, LIQUID_##type, example, description, NULL, false, false}

static const struct liquid_declaration customer_members[] = {
    [CUSTOMER_NAME] = VALUE("name", TEXT, "Ada Byron", "full name"),
    [CUSTOMER_GIVEN_NAME] = VALUE("given_name", TEXT, "Ada", "first name"),
    [CUSTOMER_FAMILY_NAME] = VALUE("family_name", TEXT, "Byron", "last name"),
    [CUSTOMER_COMPANY] = VALUE("company", TEXT, "Engines Ltd", "company"),
    [CUSTOMER_BIRTH_DAY] = VALUE("birth_day", DAY, "1985-12-10", "day of birth"),
    [CUSTOMER_GENDER] = VALUE("gender", TEXT, "female", "as the source tells it"),
    [CUSTOMER_LANGUAGE] = VALUE("language", TEXT, "de", "language"),
    [CUSTOMER_STREET] = VALUE("street", TEXT, "Main Street 1", "street and number"),
    [CUSTOMER_POSTAL_CODE] = VALUE("postal_code", TEXT, "89073", "postal code"),
    [CUSTOMER_CITY] = VALUE("city", TEXT, "Ulm", "town"),
    [CUSTOMER_REGION] = VALUE("region", TEXT, "Swabia", "region or state"),
    [CUSTOMER_COUNTRY] = VALUE("country", TEXT, "DE", "country"),
    [CUSTOMER_SINCE] = VALUE("since", INSTANT, "2024-05-02", "when it was first seen"),
    [CUSTOMER_ATTRIBUTES] = {"attributes", LIQUID_OBJECT, "customer.attributes.size",
                             "everything else that the sources tell", NULL, true, false},
    [CUSTOMER_SEGMENTS] = VALUE("segments", LIST, "contains \"gold\"",
                                "names of the segments that it is in"),
    [CUSTOMER_PURCHASES] = VALUE("purchases", INTEGER, "7", "receipts, ever"),
    [CUSTOMER_SPENT] = VALUE("spent", MONEY, "412.50", "what it paid, refunds deducted"),
    [CUSTOMER_PERSONA] = VALUE("persona", TEXT, "Weekend cooks", "name of its persona"),
    [CUSTOMER_LIFETIME_VALUE] = VALUE("lifetime_value", MONEY, "180.00",
                                      "value expected within the horizon"),
    [CUSTOMER_CHURN] = VALUE("churn", NUMBER, "0.42", "probability of buying nothing more"),
    [CUSTOMER_ID] = VALUE("id", TEXT, "7301444403200000001", "its id here: for other systems"),
    [CUSTOMER_NUMBER] = VALUE("number", TEXT, "K-1042", "customer number, as its source has it"),
    {0},
};
static const struct liquid_declaration product_members[] = {
    [PRODUCT_CODE] = VALUE("code", TEXT, "A-100", "product number"),
    [PRODUCT_NAME] = VALUE("name", TEXT, "Blue mug", "name"),
    [PRODUCT_PRICE] = VALUE("price", MONEY, "12.90", "price of one"),
    [PRODUCT_URL] = VALUE("url", TEXT, "https://shop.example/a-100", "its page (attribute url)"),
    [PRODUCT_IMAGE_URL] = VALUE("image_url", TEXT, "https://shop.example/a-100.jpg",
                                "its picture (attribute image_url)"),
    [PRODUCT_QUANTITY] = VALUE("quantity", NUMBER, "2", "how many of it"),
    [PRODUCT_TOTAL] = VALUE("total", MONEY, "25.80", "what they cost"),
    {0},
};
static const struct liquid_declaration last_sale_members[] = {
    [LAST_SALE_AT] = VALUE("at", INSTANT, "2026-03-09 17:20", "when"),
    [LAST_SALE_TOTAL] = VALUE("total", MONEY, "59.80", "gross"),
    [LAST_SALE_STORE] = VALUE("store", TEXT, "Ulm, Main Street", "name of the store"),
    [LAST_SALE_LINES] = {"lines", LIQUID_LIST, "",
                         "up to 20 products", product_members, false, false},
    {0},
};
static const struct liquid_declaration coupon_members[] = {
    [COUPON_CODE] = VALUE("code", TEXT, "SPRING-7F3K", "the customer's own code"),
    [COUPON_VALUE] = VALUE("value", TEXT, "10 %", "what it is worth"),
    [COUPON_EXPIRES] = VALUE("expires", DAY, "2026-04-30", "its last day"),
    [COUPON_QR] = VALUE("qr", TEXT, "https://crm.example/q/….png", "picture of it as QR"),
    [COUPON_BARS] = VALUE("bars", TEXT, "https://crm.example/q/….png", "picture of it as bars"),
    {0},
};
static const struct liquid_declaration message_members[] = {
    [MESSAGE_CAMPAIGN] = VALUE("campaign", TEXT, "Spring", "name of the campaign"),
    [MESSAGE_PREFERENCE_URL] = VALUE("preference_url", TEXT, "https://crm.example/c/…",
                                     "the customer's preference centre"),
    [MESSAGE_UNSUBSCRIBE_URL] = VALUE("unsubscribe_url", TEXT, "https://crm.example/u/…",
                                      "unsubscribes"),
    [MESSAGE_VIEW_URL] = VALUE("view_url", TEXT, "https://crm.example/v/…",
                               "the message in a browser"),
    [MESSAGE_DAY] = VALUE("day", DAY, "2026-03-10", "the day on which it is sent"),
    {0},
};
static const struct liquid_declaration sender_members[] = {
    [SENDER_NAME] = VALUE("name", TEXT, "Corner Shop", "who writes"),
    [SENDER_ADDRESS] = VALUE("address", TEXT, "Main Street 1, 89073 Ulm", "its postal address"),
    {0},
};

const struct liquid_declaration template_declarations[] = {
    [ROOT_CUSTOMER] = {"customer", LIQUID_OBJECT, "",
                       "whom the message is for", customer_members, false, false},
    [ROOT_LAST_SALE] = {"last_sale", LIQUID_OBJECT, "",
        "its last purchase; nothing when there is none", last_sale_members, false, false},
    [ROOT_RECOMMENDATIONS] = {"recommendations", LIQUID_LIST, "",
        "products for it; none until there is a model of them", product_members, false, false},
    [ROOT_COUPON] = {"coupon", LIQUID_OBJECT, "",
                     "its coupon of this campaign", coupon_members, false, false},
    [ROOT_MESSAGE] = {"message", LIQUID_OBJECT, "",
                      "the message itself", message_members, false, false},
    [ROOT_SENDER] = {"sender", LIQUID_OBJECT, "", "who writes", sender_members, false, false},
    {0},
};
// clang-format on
