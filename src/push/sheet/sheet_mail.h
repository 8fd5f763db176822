// SPDX-License-Identifier: Apache-2.0
// Dashboards that go out by e-mail: to whom, how often, at which hour of the business. Each time is
// a job of its own, which draws the numbers of then and hands one mail per address to the relay.
// They are for colleagues, who were named by one who may take data out: nobody's consent is asked.
#pragma once

#include "base/json.h"
#include "base/time.h"
#include "push/sheet/sheet.h"

enum sheet_rhythm { SHEET_DAILY = 1, SHEET_WEEKLY, SHEET_MONTHLY }; // stored
extern const char *const sheet_rhythm_names[]; // of value − 1: "day", "week", "month"

enum { SHEET_ADDRESSES = 20, SHEET_MAIL_FIELDS = 5 };

struct sheet_mail {
    int64_t id;
    struct text dashboard;
    const struct json *to; // list of addresses
    int rhythm;            // enum sheet_rhythm − 1, as JSON reads it
    int64_t day;           // 1 Monday … 7 of a week; 1 … 28 of a month
    int64_t hour;          // 0 … 23, business time zone
    int format;            // enum sheet_format
};
extern const struct json_field sheet_mail_fields[SHEET_MAIL_FIELDS];
struct sheet_mail sheet_mail_usual(void); // Mondays at 7, as a PDF

// The next time after an instant.
int64_t sheet_mail_next_us(const struct sheet_mail *mail, struct zone *zone, int64_t after_us);

// In the open transaction. NOT_FOUND for the dashboard, INVALID with the field, CONFLICT when no
// e-mail is set up.
code sheet_mail_create(struct scope *scope, const struct sheet_mail *mail, int64_t *ret_id);
// NOT_FOUND also for one of another dashboard. In the open transaction.
code sheet_mail_delete(struct scope *scope, struct text dashboard, int64_t id);
// Send it now, as a job; its usual times stay.
code sheet_mail_send(struct scope *scope, struct text dashboard, int64_t id, int64_t *ret_job_id);

// Makes the jobs of those whose time has come. A time that was missed for long is made up for once.
code sheet_mail_start_due(struct scope *scope);
// The job kind "dashboard_mail" (store/job.h).
code sheet_mail_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                    struct json_writer *result);
