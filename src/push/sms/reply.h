// SPDX-License-Identifier: Apache-2.0
// What comes back from the air: whether a message arrived, and what people write. STOP in one of
// its writings takes back every consent to marketing by text message, and the number gets none any
// more; anything else is a reply to the newest message that went to the customer.
#pragma once

#include "push/sms/gateway.h"

enum sms_report { SMS_REPORT_DELIVERED, SMS_REPORT_FAILED, SMS_REPORT_OTHER };
// Kannel's numbers, and the words of the generic gateway: "delivered", "failed".
enum sms_report sms_report_of(struct text status);

// In a transaction of its own. *ret_is_new is false when it was told before. NOT_FOUND for a token
// of no message.
code sms_report_take(struct scope *scope, struct text token, struct text status, bool *ret_is_new);

// Is it the word that ends it, alone: stop, unsubscribe, arrêt, stopp, uit, …
bool sms_is_stop(struct arena *arena, struct text text);

struct sms_reply {
    struct text handle; // of the gateway, from the address that was called
    struct text from;   // a number as the gateway writes it
    struct text text;
};
struct sms_reply_receipt {
    bool is_stop;
    bool is_known; // the number is a customer's
};
// In a transaction of its own. NOT_FOUND for another handle, INVALID for what is no number.
code sms_reply_take(struct scope *scope, const struct sms_reply *reply,
                    struct sms_reply_receipt *ret_receipt);
