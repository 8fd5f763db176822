// SPDX-License-Identifier: Apache-2.0
// Coupons: series of codes, each issued durably once to a customer with a message, redeemed at the
// till or found in the sales that come in. A code that is redeemed once too often, after its days,
// or that nobody issued is reported, never lost.
#pragma once

#include "base/json.h"
#include "push/coupon/code.h"
#include "store/rows.h"

enum coupon_kind { COUPON_PERCENT, COUPON_AMOUNT, COUPON_TEXT };
extern const char *const coupon_kind_names[]; // percent, amount, text; ends with NULL

// What a code gives. Kept as JSON; days in the business zone, both included.
struct coupon_terms {
    int kind;                // enum coupon_kind
    double value;            // percent, or an amount in `currency`; of COUPON_TEXT nothing
    struct text currency;    // ISO 4217; empty: the store's
    struct text title;       // for people: "15 % off"; empty: made of kind and value
    struct text note;        // what restricts it, for people
    double minimum;          // of the receipt, in `currency`; 0: none
    struct text from, until; // YYYY-MM-DD; empty: no limit
    const struct json *products, *categories; // arrays of texts; NULL: all
};
extern const struct json_field coupon_terms_fields[];
extern const size_t coupon_terms_field_count;

struct coupon_series {
    int64_t id;
    struct text name;
    struct coupon_terms terms;
    struct text shared_code; // empty: each code is its own
    int64_t use_count, most_count, issued_count;
    bool is_stopped;
};

struct coupon_choices {
    struct text name;
    struct coupon_terms terms;
    struct text shared_code;
    int64_t use_count;  // -1: once, or any number of times for a shared one
    int64_t most_count; // 0: any number
};

// In the open transaction, as all that change something. CONFLICT: the name or the shared code is
// taken.
code coupon_series_add(struct scope *scope, const struct coupon_choices *choices,
                       struct coupon_series *ret_series);
code coupon_series_find(struct scope *scope, struct text name_or_id,
                        struct coupon_series *ret_series);
code coupon_series_stop(struct scope *scope, struct text name_or_id);
// "15 %", "5.00 EUR", or the title.
struct text coupon_title(struct scope *scope, const struct coupon_terms *terms);

// The customer's code of this message (0: of no message), made when there is none: asking again
// gives the same one. customer 0: nobody's, a new one each time. A shared code is given to
// everybody. CONFLICT when the series was stopped or has no codes left.
code coupon_issue(struct scope *scope, const struct coupon_series *series, int64_t customer,
                  int64_t message_id, struct text *ret_code);
// The same in two steps, for what may turn out not to be sent: the code of the message, or one that
// nobody has yet, and (in the open transaction, once it is certain) that it is issued. Between the
// two no code is spent. *ret_is_issued is false when another code of the message, or another
// message's claim of this one, was faster: it is to be chosen anew.
code coupon_choose(struct scope *scope, const struct coupon_series *series, int64_t customer,
                   int64_t message_id, struct text *ret_code);
code coupon_claim(struct scope *scope, const struct coupon_series *series, int64_t customer,
                  int64_t message_id, struct text chosen, bool *ret_is_issued);
// No till takes it any more.
code coupon_void(struct scope *scope, struct text raw);

// ---- the till ----

enum coupon_answer {
    COUPON_VALID,
    COUPON_UNKNOWN, // nobody issued it
    COUPON_MISREAD, // as long as one of ours, and the last sign does not check it
    COUPON_VOID,
    COUPON_USED, // as often as it may be
    COUPON_EARLY,
    COUPON_LATE,       // outside its days
    COUPON_TOO_LITTLE, // the receipt is below its minimum
    COUPON_ANSWER_COUNT
};
const char *coupon_answer_name(enum coupon_answer answer); // "valid", "too_little", …

struct coupon_check {
    enum coupon_answer answer;
    struct text coupon;          // normalised
    struct coupon_series series; // when it is known
    int64_t customer;            // 0: nobody's
    int64_t redeemed_count;
};
// amount_micros: of the receipt, gross; below 0: not said.
code coupon_look(struct scope *scope, struct text raw, int64_t amount_micros,
                 struct coupon_check *ret_check);

struct coupon_request {
    struct text key;     // the till's own name for this redemption, at most 255 bytes
    struct text receipt; // its number, if it has one yet
    int64_t amount_micros, discount_micros; // below 0: not said
    struct text currency;
};
// Redeems it, once for each key: the same key again is told the same, with *ret_is_repeat. CONFLICT
// when the coupon cannot be redeemed (ret_check says why) ; REUSED for a key that came with another
// request.
code coupon_redeem(struct scope *scope, struct text raw, const struct coupon_request *request,
                   struct coupon_check *ret_check, bool *ret_is_repeat);

// ---- what came of it ----

struct coupon_tally {
    int64_t read;                   // (coupon, sale) pairs in the sales
    int64_t taken;                  // redemptions that were not known
    int64_t attached;               // that the till had told of
    int64_t again, outside, voided; // redeemed all the same: to be looked at
    int64_t unknown;                // made as ours are and issued by nobody
    int64_t foreign;                // codes that are none of ours
};
// Reads the coupons of all sales; what is known already changes nothing. Transactions of its own.
code coupon_collect(struct scope *scope, struct coupon_tally *ret_tally);

// The code as a picture: "/q/TOKEN.png", good for as long as the store has its key.
enum coupon_picture { COUPON_PICTURE_QR, COUPON_PICTURE_BARS };
code coupon_picture_path(struct scope *scope, struct text coupon, enum coupon_picture picture,
                         const char *ending, struct text *ret_path);
// Of a path's last part. NOT_FOUND for what this store did not sign.
code coupon_picture_draw(struct scope *scope, struct text name, struct buffer *out,
                         const char **ret_content_type);
