// SPDX-License-Identifier: Apache-2.0
// What a column can mean: the targets that a mapping points columns at, per kind of import.
#pragma once

#include "base/text.h"

#include <stdint.h>

enum import_kind {
    IMPORT_SALES,
    IMPORT_CUSTOMERS,
    IMPORT_PRODUCTS,
    IMPORT_STORES,
    IMPORT_STAFF,
    IMPORT_EVENTS,
    IMPORT_CONSENTS,
    IMPORT_KIND_COUNT
};

const char *import_kind_name(enum import_kind kind); // "sales"
bool import_kind_parse(struct text name, enum import_kind *ret_kind);
extern const char *const import_kind_names[]; // NULL-terminated, in the order of the enum

enum target {
    TARGET_CUSTOMER_NUMBER,
    TARGET_EMAIL,
    TARGET_PHONE,
    TARGET_LOYALTY_CARD,
    TARGET_COOKIE,
    TARGET_PICKUP_CODE,
    TARGET_MESSAGE,
    TARGET_MASTER_NUMBER,
    TARGET_RECEIPT,
    TARGET_SOLD_AT,
    TARGET_KIND,
    TARGET_STORE,
    TARGET_TILL,
    TARGET_CASHIER,
    TARGET_CHANNEL,
    TARGET_CURRENCY,
    TARGET_COUNTRY,
    TARGET_PAYMENT,
    TARGET_REFUND_OF,
    TARGET_PRODUCT,
    TARGET_PRODUCT_NAME,
    TARGET_CATEGORY,
    TARGET_BRAND,
    TARGET_QUANTITY,
    TARGET_UNIT_PRICE,
    TARGET_DISCOUNT,
    TARGET_COUPON,
    TARGET_VAT_RATE,
    TARGET_VAT,
    TARGET_LINE_TOTAL,
    TARGET_LINE_NET,
    TARGET_LINES,
    TARGET_NAME,
    TARGET_GIVEN_NAME,
    TARGET_FAMILY_NAME,
    TARGET_COMPANY,
    TARGET_BIRTH_DATE,
    TARGET_GENDER,
    TARGET_LANGUAGE,
    TARGET_STREET,
    TARGET_POSTAL_CODE,
    TARGET_CITY,
    TARGET_REGION,
    TARGET_PRICE,
    TARGET_STAFF,
    TARGET_ROLE,
    TARGET_ID,
    TARGET_AT,
    TARGET_EVENT,
    TARGET_DIRECTION,
    TARGET_CAMPAIGN,
    TARGET_PROPERTIES,
    TARGET_PURPOSE,
    TARGET_STATE,
    TARGET_LEGAL_BASIS,
    TARGET_TEXT_VERSION,
    TARGET_PROOF,
    TARGET_COUNT
};

enum target_type {
    TARGET_TYPE_TEXT,
    TARGET_TYPE_INSTANT,
    TARGET_TYPE_DAY,
    TARGET_TYPE_MONEY,    // micros
    TARGET_TYPE_QUANTITY, // micros
    TARGET_TYPE_RATE,     // basis points
    TARGET_TYPE_CURRENCY,
    TARGET_TYPE_SALE_KIND,
    TARGET_TYPE_CONSENT_STATE,
    TARGET_TYPE_JSON,
};

struct target_info {
    const char *name;  // "sold_at": as mappings write it
    const char *label; // "Sold at"
    enum target_type type;
    uint32_t kinds;    // bit per enum import_kind
    uint32_t required; // kinds that cannot do without
    const char *
        synonyms; // headers that mean it, "invoiceno|receipt|…": lower-case letters and digits only
};

const struct target_info *target_info(enum target target);
const char *target_type_name(enum target_type type); // "instant"
// The target of that name in imports of that kind.
bool target_parse(enum import_kind kind, struct text name, enum target *ret_target);
bool target_is_of(enum target target, enum import_kind kind);
// How well a header names a target: 0 not at all … 100 exactly.
int target_header_score(enum target target, enum import_kind kind, struct text header);
