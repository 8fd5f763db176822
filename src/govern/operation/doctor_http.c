// SPDX-License-Identifier: Apache-2.0
#include "govern/operation/doctor_http.h"

#include "govern/operation/doctor.h"

static int64_t count_state(const struct doctor_check *checks, size_t count,
                           enum doctor_state state) {
    int64_t found = 0;

    for (size_t i = 0; i < count; i++)
        found += checks[i].state == state;
    return found;
}

const struct route_answer doctor_examine_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "fail_count", ANSWER_INTEGER, "checks that found it broken"},
                              {.name = "warn_count", ANSWER_INTEGER, "checks that advise a change"},
                              {.name = "checks", ANSWER_TABLE, "what was found, and what to do"}),
};

code doctor_http_examine(struct scope *scope, const struct request *request,
                         struct response *response) {
    static const struct column columns[] = {
        {"check", "Check", COLUMN_TEXT, NULL},
        {"state", "State", COLUMN_TEXT, NULL},
        {"finding", "Finding", COLUMN_TEXT, NULL},
        {"advice", "What to do", COLUMN_TEXT, NULL},
    };
    struct doctor_check *checks;
    size_t count;

    (void)request;
    TRY(doctor_examine(scope, &checks, &count));
    json_begin_object(&response->writer);
    json_key(&response->writer, "fail_count");
    json_write_int64(&response->writer, count_state(checks, count, DOCTOR_FAIL));
    json_key(&response->writer, "warn_count");
    json_write_int64(&response->writer, count_state(checks, count, DOCTOR_WARN));
    response_begin_table(response, "checks", columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < count; i++) {
        response_begin_row(response);
        response_text(response, text_of(checks[i].name));
        response_text(response, text_of(doctor_state_name(checks[i].state)));
        response_text(response, checks[i].finding);
        response_text(response, checks[i].advice);
        response_end_row(response);
    }
    response_end_table(response);
    json_end_object(&response->writer);
    return OK;
}
