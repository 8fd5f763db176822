// SPDX-License-Identifier: Apache-2.0
// Jobs, settings and the doctor through their handlers, on a store of the test's own.
#include "govern/operation/doctor.h"
#include "govern/operation/doctor_http.h"
#include "govern/operation/job_http.h"
#include "govern/operation/setting_http.h"
#include "store/change.h"
#include "store/job.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/store_testing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static code ask(struct scope *scope, handler handle, const char *name, struct text value,
                const char *body, struct text *ret_answer) {
    const struct request_parameter parameter = {.name = text_of(name), .value = value};
    struct request request = {.parameters = &parameter,
                              .parameter_count = name ? 1 : 0,
                              .path_parameter_count = 1,
                              .route_parameters = job_list_parameters};
    struct response response;
    struct json *json = NULL;
    code result;

    if (body)
        CHECK_OK(json_parse(scope, text_of(body), &json));
    request.body = json;
    response_init(&response);
    result = handle(scope, &request, &response);
    *ret_answer = text_copy(&scope->arena, buffer_text(&response.body));
    response_clear(&response);
    return result;
}

static bool holds(struct text text, const char *part) {
    return text.size > 0 && memmem(text.data, text.size, part, strlen(part)) != NULL;
}

TEST(a_job_is_listed_shown_and_asked_to_stop) {
    struct text answer, id;
    int64_t job_id;

    test_store(scope);
    CHECK_OK(job_create(scope, "import", TEXT("import x.csv"), TEXT("{}"), &job_id));
    id = text_printf(&scope->arena, "%" PRId64, job_id);
    CHECK_OK(ask(scope, job_http_list, NULL, id, NULL, &answer));
    CHECK(holds(answer, "\"import\",\"import x.csv\",\"queued\",\"\",null,"));
    CHECK(holds(answer, ",null]],\"row_count\":1}"));
    CHECK_OK(ask(scope, job_http_show, "id", id, NULL, &answer));
    CHECK(text_starts_with(answer, text_printf(&scope->arena,
                                               "{\"id\":\"%" PRId64 "\",\"kind\":\"import\","
                                               "\"title\":\"import x.csv\",\"state\":\"queued\",",
                                               job_id)));
    CHECK(holds(answer, "\"started_at\":null"));
    CHECK_OK(ask(scope, job_http_cancel, "id", id, NULL, &answer));
    CHECK(holds(answer, "\"cancel_requested\":true"));
    CHECK_OK(ask(scope, job_http_log, "id", id, NULL, &answer));
    CHECK(holds(answer, "\"rows\":[],\"row_count\":0}"));
    CHECK_CODE(ask(scope, job_http_show, "id", TEXT("7"), NULL, &answer), NOT_FOUND);
    scope_forgive(scope);
    CHECK_CODE(ask(scope, job_http_show, "id", TEXT("x"), NULL, &answer), INVALID);
}

TEST(a_setting_is_changed_by_name_and_the_change_is_recorded) {
    struct text answer;

    test_store(scope);
    CHECK_OK(
        ask(scope, setting_http_set, "name", TEXT("currency"), "{\"value\":\"GBP\"}", &answer));
    CHECK_TEXT(answer, "{\"currency\":\"GBP\"}");
    CHECK_OK(ask(scope, setting_http_list, NULL, TEXT(""), NULL, &answer));
    CHECK(holds(answer, "[\"currency\",\"GBP\","));
    CHECK_STRING(test_ledger_rows(scope, "SELECT action, object, details FROM audit"),
                 "setting.change|currency|{\"value\":\"GBP\"}");
}

TEST(a_setting_whose_change_cannot_be_recorded_stays_as_it_was) {
    struct text answer;

    test_store(scope);
    test_ledger_refuse_rows(scope, "audit");
    CHECK_CODE(
        ask(scope, setting_http_set, "name", TEXT("currency"), "{\"value\":\"GBP\"}", &answer),
        CONFLICT);
    scope_forgive(scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT name FROM setting WHERE name = 'currency'"), "");
}

TEST(a_setting_refused_leaves_no_trace) {
    struct text answer;

    test_store(scope);
    CHECK_CODE(
        ask(scope, setting_http_set, "name", TEXT("currency"), "{\"value\":\"POUND\"}", &answer),
        INVALID);
    scope_forgive(scope);
    CHECK_CODE(ask(scope, setting_http_set, "name", TEXT("colour"), "{\"value\":\"red\"}", &answer),
               INVALID);
    scope_forgive(scope);
    CHECK_CODE(
        ask(scope, setting_http_set, "name", TEXT("currency"), "{\"valu\":\"GBP\"}", &answer),
        INVALID);
    scope_forgive(scope);
    CHECK_CODE(ask(scope, setting_http_set, "name", TEXT("currency"), NULL, &answer), INVALID);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM audit"), "0");
}

// ---- the doctor ----

static const struct doctor_check *examine(struct scope *scope, const char *name) {
    struct doctor_check *checks;
    size_t count;

    CHECK_OK(doctor_examine(scope, &checks, &count));
    for (size_t i = 0; i < count; i++)
        if (strcmp(checks[i].name, name) == 0)
            return &checks[i];
    test_fail(__FILE__, __LINE__, "there is no check \"%s\"", name);
}

static void one_sale(struct scope *scope, int64_t gross_micros) {
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, currency, net_micros, "
        "vat_micros, gross_micros, discount_micros, line_count) "
        "VALUES (5, 1, 's', 'n', 1, 0, 'EUR', $1, 0, $1, 0, 0)",
        BINDS(BIND_INT64(gross_micros))));
    CHECK_OK(change_record(scope, CHANGE_SALE, CHANGE_CREATED, 5, 5));
    CHECK_OK(ledger_commit(scope));
}

// The doctor looks at variables that no option has: those of the test program are away meanwhile.
static void show_variable(void *argument) {
    char *name = argument;
    char *value = strchr(name, '=');

    *value++ = '\0';
    setenv(name, value, 1);
    free(name);
}

static void hide_variables(void) {
    static const char *const names[] = {"TESSERA_TEST_STORE", "TESSERA_TEST_POSTGRESQL",
                                        "TESSERA_TEST_POSTGRESQL_TCP",
                                        "TESSERA_TEST_POSTGRESQL_PID", "TESSERA_TEST_FULL"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const char *value = getenv(names[i]);
        char *entry;

        if (value && asprintf(&entry, "%s=%s", names[i], value) > 0)
            test_at_end(show_variable, entry);
        unsetenv(names[i]);
    }
}

TEST(the_doctor_finds_a_sound_store_sound) {
    struct doctor_check *checks;
    size_t count;

    test_store(scope);
    hide_variables();
    one_sale(scope, 120);
    CHECK_OK(doctor_examine(scope, &checks, &count));
    for (size_t i = 0; i < count; i++)
        if (checks[i].state > DOCTOR_SKIPPED && strcmp(checks[i].name, "disk space") != 0)
            test_fail(__FILE__, __LINE__, "%s: %.*s", checks[i].name, TEXT_ARG(checks[i].finding));
}

TEST(the_doctor_finds_a_lake_that_differs_by_a_millionth) {
    struct text answer;

    test_store_in_folder(scope);
    hide_variables();
    one_sale(scope, 120);
    CHECK_OK(lake_refresh(scope));
    // Behind the mirror's back.
    test_ledger_exec(scope, "UPDATE sale SET gross_micros = 121 WHERE id = 5");
    CHECK_INT(examine(scope, "lake totals")->state, DOCTOR_FAIL);
    CHECK_TEXT(examine(scope, "lake totals")->finding,
               "sale: 1 rows in the ledger, 1 in the lake; their gross differs by 1 millionths");
    CHECK_OK(ask(scope, doctor_http_examine, NULL, TEXT(""), NULL, &answer));
    CHECK(text_starts_with(answer, TEXT("{\"fail_count\":1,\"warn_count\":0,\"checks\":")));
    CHECK_OK(lake_rebuild(scope));
    CHECK_INT(examine(scope, "lake totals")->state, DOCTOR_OK);
}

TEST(the_doctor_finds_a_tampered_audit_log) {
    struct text answer;

    test_store(scope);
    CHECK_OK(
        ask(scope, setting_http_set, "name", TEXT("currency"), "{\"value\":\"GBP\"}", &answer));
    test_ledger_exec(scope, "UPDATE audit SET actor = 'nobody'");
    CHECK_INT(examine(scope, "audit log")->state, DOCTOR_FAIL);
    CHECK_INT(examine(scope, "jobs")->state, DOCTOR_OK);
}

TEST(the_doctor_warns_of_work_that_waits) {
    int64_t id;

    test_store(scope);
    CHECK_OK(job_create(scope, "import", TEXT("import x.csv"), TEXT("{}"), &id));
    CHECK_INT(examine(scope, "jobs")->state, DOCTOR_OK);
    test_ledger_exec(scope, "UPDATE job SET state = 'interrupted'");
    CHECK_INT(examine(scope, "jobs")->state, DOCTOR_WARN);
    CHECK_TEXT(examine(scope, "jobs")->finding, "1 interrupted");
    test_ledger_exec(scope,
                     "INSERT INTO quarantine (import_id, row, line, reason, field, message, raw, "
                     "raw_encoding, state) VALUES (1, 1, 2, 'bad_date', 'date', 'm', 'r', 'utf8', "
                     "'waiting')");
    CHECK_INT(examine(scope, "quarantine")->state, DOCTOR_WARN);
}

TEST(the_doctor_warns_of_a_clock_that_went_back_and_of_files_that_outstay) {
    test_store(scope);
    CHECK_INT(examine(scope, "clock")->state, DOCTOR_OK);
    CHECK_INT(examine(scope, "uploads")->state, DOCTOR_OK);
    test_ledger_exec(scope, "INSERT INTO upload (id, name, bytes, actor, created_at_us) "
                            "VALUES ('0123456789abcdef0123456789abcdef', 'a.csv', 1, 'ann', 0);"
                            "INSERT INTO job (id, kind, title, state, parameters, actor, "
                            "created_at_us) VALUES (1, 'import', 't', 'done', '{}', 'ann', "
                            "9000000000000000)");
    CHECK_INT(examine(scope, "clock")->state, DOCTOR_WARN);
    CHECK_TEXT(examine(scope, "uploads")->finding, "1 uploaded files have expired");
}
