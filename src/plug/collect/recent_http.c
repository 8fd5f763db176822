// SPDX-License-Identifier: Apache-2.0
#include "plug/collect/recent_http.h"

#include "plug/collect/collect.h"
#include "web/intake.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

const struct route_parameter recent_http_parameters[] = {
    {.name = "known", .type = PARAMETER_TEXT, .help = "the number of the last one that is known"},
    PARAMETERS_END,
};

static const struct column columns[] = {
    {"number", "Number", COLUMN_ID, NULL},
    {"received_at", "Received", COLUMN_INSTANT, NULL},
    {"at", "Happened", COLUMN_INSTANT, NULL},
    {"type", "Type", COLUMN_TEXT, NULL},
    {"name", "Event", COLUMN_TEXT, NULL},
    {"outcome", "Outcome", COLUMN_TEXT, NULL},
    {"identifiers", "Identified by", COLUMN_TEXT, NULL},
    {"message_id", "Message id", COLUMN_TEXT, NULL},
    {"detail", "Detail", COLUMN_TEXT, NULL},
};

static void write_row(struct response *response, const struct recent *recent) {
    response_begin_row(response);
    response_int64(response, COLUMN_ID, recent->number);
    response_int64(response, COLUMN_INSTANT, recent->received_at_us);
    if (recent->at_us > 0)
        response_int64(response, COLUMN_INSTANT, recent->at_us);
    else
        response_null(response);
    if (recent->type < MESSAGE_TYPE_COUNT)
        response_text(response, text_of(message_type_names[recent->type]));
    else
        response_null(response);
    response_text(response, text_of(recent->name));
    response_text(response, text_of(recent_outcome_names[recent->outcome]));
    response_text(response, text_of(recent->kinds));
    response_text(response, text_of(recent->key));
    response_text(response, text_of(recent->detail));
    response_end_row(response);
}

// A command in this process has no server whose events these could be.
code recent_http_list(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct collector *collector = request->intake ? request->intake->context : NULL;
    struct recent *recents = arena_array(&scope->arena, RECENT_COUNT, sizeof(*recents));
    struct sender sender;
    size_t count = 0;
    int64_t known;

    TRY(request_int64(scope, request, "known", 0, INT64_MAX, 0, &known));
    TRY(sender_find(scope, request_text(request, "id"), &sender));
    if (collector)
        count = collector_recent(collector, sender.id, known, recents);
    response_begin_table(response, NULL, columns, COUNT_OF(columns));
    for (size_t i = 0; i < count; i++)
        write_row(response, &recents[i]);
    response_end_table(response);
    return OK;
}
