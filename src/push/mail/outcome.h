// SPDX-License-Identifier: Apache-2.0
// What became of a mail, from whoever hears it: the answer in its row and the customer's events,
// the figures of its destination, and what follows for the address. Nobody is there (5.1.x): it is
// suppressed at once. Full and the like: after three over fourteen days. A complaint is an
// objection. What blames the sender, and everything in doubt, suppresses nobody.
#pragma once

#include "push/mail/report.h"
#include "store/rows.h"

// What a mailbox or pipe brought. In a transaction of its own. *ret_is_new is false when it changed
// nothing: it was read before, or is about no message of ours.
code mail_report_take(struct scope *scope, const struct mail_report *report, bool *ret_is_new);
// The same from the bytes of the mail.
code mail_receive(struct scope *scope, struct text recipient, struct text mail,
                  struct mail_report *ret_report);

// A relay's refusal of one address while it was sent to: what follows for the address. Within the
// open transaction.
code mail_note_refusal(struct scope *scope, int64_t identifier_id, int64_t message_id,
                       struct text address, enum mail_class class);

// Added to the figures of a destination today.
struct mail_figures {
    struct text domain;
    int64_t accepted, put_off, failed, unknown, delivered, bounced, complained;
};
code mail_figures_add(struct scope *scope, const struct mail_figures *figures);
// Of the last `days`: domain and the sums, in the order of the struct.
code mail_figures_list(struct scope *scope, int days, struct rows **ret_rows);
// How many were sent to a destination today.
code mail_figures_sent(struct scope *scope, struct text domain, int64_t *ret_count);
