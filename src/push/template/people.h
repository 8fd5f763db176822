// SPDX-License-Identifier: Apache-2.0
// The values of templates as they stand in memory: the places of the declared members, and what is
// read for a batch of customers. Private to push/template.
#pragma once

#include "push/template/template.h"

enum {
    CUSTOMER_NAME,
    CUSTOMER_GIVEN_NAME,
    CUSTOMER_FAMILY_NAME,
    CUSTOMER_COMPANY,
    CUSTOMER_BIRTH_DAY,
    CUSTOMER_GENDER,
    CUSTOMER_LANGUAGE,
    CUSTOMER_STREET,
    CUSTOMER_POSTAL_CODE,
    CUSTOMER_CITY,
    CUSTOMER_REGION,
    CUSTOMER_COUNTRY,
    CUSTOMER_SINCE,
    CUSTOMER_ATTRIBUTES,
    CUSTOMER_SEGMENTS,
    CUSTOMER_PURCHASES,
    CUSTOMER_SPENT,
    CUSTOMER_PERSONA,
    CUSTOMER_LIFETIME_VALUE,
    CUSTOMER_CHURN,
    CUSTOMER_ID,
    CUSTOMER_NUMBER,
    CUSTOMER_MEMBERS
};
enum {
    PRODUCT_CODE,
    PRODUCT_NAME,
    PRODUCT_PRICE,
    PRODUCT_URL,
    PRODUCT_IMAGE_URL,
    PRODUCT_QUANTITY,
    PRODUCT_TOTAL,
    PRODUCT_MEMBERS
};
enum { LAST_SALE_AT, LAST_SALE_TOTAL, LAST_SALE_STORE, LAST_SALE_LINES, LAST_SALE_MEMBERS };
enum { COUPON_CODE, COUPON_VALUE, COUPON_EXPIRES, COUPON_QR, COUPON_BARS, COUPON_MEMBERS };
enum {
    MESSAGE_CAMPAIGN,
    MESSAGE_PREFERENCE_URL,
    MESSAGE_UNSUBSCRIBE_URL,
    MESSAGE_VIEW_URL,
    MESSAGE_DAY,
    MESSAGE_MEMBERS
};
enum { SENDER_NAME, SENDER_ADDRESS, SENDER_MEMBERS };
enum {
    ROOT_CUSTOMER,
    ROOT_LAST_SALE,
    ROOT_RECOMMENDATIONS,
    ROOT_COUPON,
    ROOT_MESSAGE,
    ROOT_SENDER,
    ROOT_MEMBERS
};

// One customer; its lists are what the members point to.
struct template_person {
    int64_t id;
    struct liquid_member customer[CUSTOMER_MEMBERS];
    struct liquid_member last_sale[LAST_SALE_MEMBERS];
    struct liquid_value segments[64];
    struct liquid_value lines[20];
    uint32_t segment_count, line_count;
    bool is_found, has_sale;
};

struct template_people {
    struct template_person *persons; // in the order that was asked for
    size_t count;
};

// Members named as they are declared, all of them nothing.
void template_name_members(struct liquid_member *members,
                           const struct liquid_declaration *declarations);
