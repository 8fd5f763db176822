// SPDX-License-Identifier: Apache-2.0
// The coupons of a campaign's messages: a template names a series, each message has a code of its
// own. The code is chosen when the message is written and issued in the transaction that starts it,
// so that one that is refused spends none, and a later try has the same.
#pragma once

#include "push/coupon/coupon.h"
#include "push/message/message.h"
#include "push/template/template.h"

enum { CAMPAIGN_COUPON_SERIES = 64 };

// The series of all arms. The caller's; it begins as zero but for the address.
struct campaign_coupons {
    struct text base_url; // before the addresses of pictures
    struct coupon_series *series[CAMPAIGN_COUPON_SERIES];
    size_t count;
};

// Every series that the template names exists and gives codes. INVALID with the field "coupon".
code campaign_coupon_check(struct scope *scope, const struct template_program *program);
// Takes in the series of an arm; they live as long as the scope's arena.
code campaign_coupon_open(struct scope *scope, struct campaign_coupons *coupons,
                          const struct template_program *program);
// Sets the coupon of the work and of the message. Of a message without a row (a test) it is a code
// that nobody has.
code campaign_coupon_choose(struct scope *scope, struct campaign_coupons *coupons,
                            const struct template_program *program, struct text series,
                            struct message_work *work, struct template_message *message);
// `claim` of struct message_run.
code campaign_coupon_claim(struct scope *scope, const struct message_work *work,
                           const char **ret_refusal, bool *ret_is_taken);
