// SPDX-License-Identifier: Apache-2.0
#include "govern/operation/setting_http.h"

#include "govern/audit/audit.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/setting.h"

code setting_http_list(struct scope *scope, const struct request *request,
                       struct response *response) {
    static const struct column columns[] = {
        {"name", "Name", COLUMN_TEXT, NULL},
        {"value", "Value", COLUMN_TEXT, NULL},
        {"meaning", "Meaning", COLUMN_TEXT, NULL},
    };
    struct settings settings;

    (void)request;
    TRY(settings_load(scope, &settings));
    const struct {
        const char *name;
        struct text value;
        const char *meaning;
    } rows[] = {
        {"zone", settings.zone, "time zone of the business: where its days begin"},
        {"currency", settings.currency, "of amounts whose file names none"},
        {"country", settings.country, "of telephone numbers written without one"},
        {"require_second_factor", settings.require_second_factor,
         "when administrators and data protection officers need one: remote, always, never"},
        {"quiet_hours", settings.quiet_hours,
         "of the customer's day, in which no message rings or shows: 21:00-08:00, never"},
        {"contact_cap", settings.contact_cap,
         "messages that one customer gets in days, all campaigns and channels together: 4/7, "
         "never"},
        {"campaign_approval", settings.campaign_approval,
         "whose campaigns another person approves: marketers, always, never"},
        {"quarantine_days", settings.quarantine_days,
         "for which what a source sent and was kept apart can be looked at and tried again: days, "
         "never: for ever"},
        {"webhook_memory_days", settings.webhook_memory_days,
         "for which a webhook knows the ids of its messages, so that one sent again is a "
         "duplicate"},
    };

    response_begin_table(response, NULL, columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        response_begin_row(response);
        response_text(response, text_of(rows[i].name));
        response_text(response, rows[i].value);
        response_text(response, text_of(rows[i].meaning));
        response_end_row(response);
    }
    response_end_table(response);
    return OK;
}

struct setting_body {
    struct text value;
};

static const struct json_field body_fields[] = {
    {.name = "value",
     .type = JSON_FIELD_TEXT,
     .offset = offsetof(struct setting_body, value),
     .required = true,
     .description = "the new value"},
};

const struct route_body setting_set_body = {.fields = body_fields, .field_count = 1};
const struct route_answer setting_set_answer = {
    .type = ANSWER_OBJECT,
    .help = "the name of the setting with its new value",
};

static code record_change(struct scope *scope, struct text name, struct text value) {
    CLEANUP(buffer_clear) struct buffer details = {0};
    struct json_writer writer;

    json_writer_init(&writer, &details);
    json_begin_object(&writer);
    json_key(&writer, "value");
    json_write_text(&writer, value);
    json_end_object(&writer);
    return audit_append(scope, "setting.change", name, buffer_text(&details));
}

static code change(struct scope *scope, struct text name, struct text value,
                   bool *ret_is_lake_stale) {
    TRY(setting_write(scope, name, value, ret_is_lake_stale));
    return record_change(scope, name, value);
}

code setting_http_set(struct scope *scope, const struct request *request,
                      struct response *response) {
    const struct text name = request_text(request, "name");
    struct setting_body body = {0};
    bool is_lake_stale;

    TRY(json_read_record(scope, request->body, body_fields, 1, &body));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, change(scope, name, body.value, &is_lake_stale)));
    if (is_lake_stale)
        TRY(lake_rebuild(scope));
    json_begin_object(&response->writer);
    json_key_text(&response->writer, name);
    json_write_text(&response->writer, body.value);
    json_end_object(&response->writer);
    return OK;
}
