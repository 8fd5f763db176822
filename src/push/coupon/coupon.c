// SPDX-License-Identifier: Apache-2.0
#include "push/coupon/coupon.h"

#include "base/limits.h"
#include "base/money.h"
#include "base/time.h"
#include "coupon_sql.h"
#include "govern/audit/audit.h"
#include "store/ledger.h"
#include "store/setting.h"
#include "store/store.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>

const char *const coupon_kind_names[] = {"percent", "amount", "text", NULL};

enum { SHARED_LEAST_BYTES = 3 };

#define AT(member) offsetof(struct coupon_terms, member)
const struct json_field coupon_terms_fields[] = {
    {"kind", JSON_FIELD_ENUM, AT(kind), true, coupon_kind_names,
     "a percentage off, an amount off, or whatever the title says"},
    {"value", JSON_FIELD_DOUBLE, AT(value), false, NULL, "percent, or the amount"},
    {"currency", JSON_FIELD_TEXT, AT(currency), false, NULL,
     "ISO 4217 of the amounts; the store's unless told otherwise"},
    {"title", JSON_FIELD_TEXT, AT(title), false, NULL, "for people: \"15 % off\""},
    {"note", JSON_FIELD_TEXT, AT(note), false, NULL, "what restricts it, for people"},
    {"minimum", JSON_FIELD_DOUBLE, AT(minimum), false, NULL, "the least amount of a receipt"},
    {"from", JSON_FIELD_TEXT, AT(from), false, NULL, "the first day, YYYY-MM-DD"},
    {"until", JSON_FIELD_TEXT, AT(until), false, NULL, "the last day, YYYY-MM-DD"},
    {"products", JSON_FIELD_JSON, AT(products), false, NULL, "codes of products it is for"},
    {"categories", JSON_FIELD_JSON, AT(categories), false, NULL, "categories it is for"},
};
#undef AT
const size_t coupon_terms_field_count = sizeof(coupon_terms_fields) / sizeof(*coupon_terms_fields);

// ---- checking what people ask for ----

// Days are kept and compared as they are written: in one way alone.
static code check_day(struct scope *scope, const char *field, struct text day) {
    char canonical[TIME_TEXT_SIZE];
    int32_t parsed;

    if (day.size > 0 &&
        (!day_parse(day, DATE_ORDER_YMD, &parsed) || !text_is(day, day_format(parsed, canonical))))
        return scope_fail_field(scope, INVALID, field, "\"%.*s\" is no day written YYYY-MM-DD",
                                TEXT_ARG(day));
    return OK;
}

static code check_texts(struct scope *scope, const char *field, const struct json *list) {
    if (!list)
        return OK;
    if (list->type != JSON_ARRAY)
        return scope_fail_field(scope, INVALID, field, "\"%s\" is no array of texts", field);
    return OK;
}

static code check_terms(struct scope *scope, const struct coupon_terms *terms) {
    const bool is_text = terms->kind == COUPON_TEXT;

    if (is_text && terms->title.size == 0)
        return scope_fail_field(scope, INVALID, "title", "a coupon of kind \"text\" has a title");
    if (!is_text && !(terms->value > 0 && terms->value <= 1e9))
        return scope_fail_field(scope, INVALID, "value", "a value of %g is not above 0",
                                terms->value);
    if (terms->kind == COUPON_PERCENT && terms->value > 100)
        return scope_fail_field(scope, INVALID, "value", "%g %% is more than all of it",
                                terms->value);
    if (!(terms->minimum >= 0 && terms->minimum <= 1e9))
        return scope_fail_field(scope, INVALID, "minimum", "a minimum of %g is below 0",
                                terms->minimum);
    if (terms->currency.size > 0 && !currency_is_known(terms->currency))
        return scope_fail_field(scope, INVALID, "currency", "currency \"%.*s\" is not of ISO 4217",
                                TEXT_ARG(terms->currency));
    if (terms->title.size > 200 || terms->note.size > 1000)
        return scope_fail_field(scope, INVALID, "title",
                                "a title has at most 200 bytes, a note "
                                "1000");
    TRY(check_day(scope, "from", terms->from));
    TRY(check_day(scope, "until", terms->until));
    if (terms->from.size > 0 && terms->until.size > 0 &&
        text_compare(terms->until, terms->from) < 0)
        return scope_fail_field(scope, INVALID, "until", "the last day is before the first");
    TRY(check_texts(scope, "products", terms->products));
    return check_texts(scope, "categories", terms->categories);
}

// A shared code is typed by people and read by scanners.
static code check_shared(struct scope *scope, struct text shared) {
    for (size_t i = 0; i < shared.size; i++)
        if (shared.data[i] <= ' ' || shared.data[i] > '~')
            return scope_fail_field(scope, INVALID, "shared_code",
                                    "a shared code is written in ASCII");
    if (shared.size > 0 && (shared.size < SHARED_LEAST_BYTES || shared.size > COUPON_SHARED_BYTES))
        return scope_fail_field(scope, INVALID, "shared_code",
                                "a shared code has from %d to %d signs", SHARED_LEAST_BYTES,
                                COUPON_SHARED_BYTES);
    return OK;
}

static code check_choices(struct scope *scope, const struct coupon_choices *choices,
                          struct text shared) {
    if (choices->name.size == 0 || choices->name.size > LIMIT_NAME_BYTES ||
        !text_is_utf8(choices->name))
        return scope_fail_field(scope, INVALID, "name", "a series has a name of at most %d bytes",
                                LIMIT_NAME_BYTES);
    if (choices->use_count < -1 || choices->most_count < 0)
        return scope_fail_field(scope, INVALID, "uses", "a count is not below 0");
    TRY(check_shared(scope, shared));
    return check_terms(scope, &choices->terms);
}

// ---- series ----

static struct text definition_of(struct scope *scope, const struct coupon_terms *terms) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;

    json_writer_init(&writer, &out);
    json_write_record(&writer, coupon_terms_fields, coupon_terms_field_count, terms);
    return text_copy(&scope->arena, buffer_text(&out));
}

code coupon_series_add(struct scope *scope, const struct coupon_choices *choices,
                       struct coupon_series *ret_series) {
    const struct text shared = coupon_code_normalise(&scope->arena, choices->shared_code);
    const int64_t usual_uses = shared.size > 0 ? 0 : 1;
    struct coupon_terms terms = choices->terms;
    struct settings settings;
    int64_t changed;

    TRY(check_choices(scope, choices, shared));
    TRY(settings_load(scope, &settings));
    if (terms.currency.size == 0)
        terms.currency = settings.currency;
    *ret_series = (struct coupon_series){.id = store_new_id(scope),
                                         .name = choices->name,
                                         .terms = terms,
                                         .shared_code = shared,
                                         .use_count = choices->use_count < 0 ? usual_uses
                                                                             : choices->use_count,
                                         .most_count = choices->most_count};
    TRY(ledger_change(scope, sql_coupon_series_insert,
                      BINDS(BIND_INT64(ret_series->id), BIND_TEXT(choices->name),
                            BIND_TEXT(definition_of(scope, &terms)), BIND_TEXT_OR_NULL(shared),
                            BIND_INT64(ret_series->use_count), BIND_INT64(choices->most_count),
                            BIND_INT64(scope->now_us), BIND_STRING(scope->actor.name)),
                      &changed));
    if (changed == 1 && shared.size > 0)
        TRY(ledger_change(scope, sql_coupon_insert,
                          BINDS(BIND_TEXT(shared), BIND_INT64(ret_series->id), BIND_NULL(),
                                BIND_INT64(0), BIND_INT64(scope->now_us)),
                          &changed));
    if (changed == 0)
        return scope_fail_field(scope, CONFLICT, "name",
                                "a series of this name, or its shared code, exists");
    return AUDIT(scope, "coupon_series.create", choices->name,
                 {"kind", text_of(coupon_kind_names[terms.kind])});
}

static code series_from(struct scope *scope, const struct rows *rows,
                        struct coupon_series *ret_series) {
    struct coupon_series series = {.id = rows_int64(rows, 0),
                                   .name = text_copy(&scope->arena, rows_text(rows, 1)),
                                   .shared_code = text_copy(&scope->arena, rows_text(rows, 3)),
                                   .use_count = rows_int64(rows, 4),
                                   .most_count = rows_int64(rows, 5),
                                   .issued_count = rows_int64(rows, 6),
                                   .is_stopped = rows_int64(rows, 7) != 0};
    struct json *definition;

    TRY(json_parse_own(scope, text_copy(&scope->arena, rows_text(rows, 2)), &definition));
    TRY(json_read_record(scope, definition, coupon_terms_fields, coupon_terms_field_count,
                         &series.terms));
    *ret_series = series;
    return OK;
}

static code find_by(struct scope *scope, int64_t id, struct text name,
                    struct coupon_series *ret_series) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_coupon_series_find, BINDS(BIND_INT64(id), BIND_TEXT(name)), &rows,
                    &found));
    if (!found) {
        scope_fail(scope, NOT_FOUND, "coupon series \"%.*s\" does not exist", TEXT_ARG(name));
        return scope_hint(scope, "`tessera coupon list` shows those there are");
    }
    return series_from(scope, rows, ret_series);
}

code coupon_series_find(struct scope *scope, struct text name_or_id,
                        struct coupon_series *ret_series) {
    int64_t id = 0;

    text_to_int64(name_or_id, &id);
    return find_by(scope, id, name_or_id, ret_series);
}

code coupon_series_stop(struct scope *scope, struct text name_or_id) {
    struct coupon_series series;

    TRY(coupon_series_find(scope, name_or_id, &series));
    TRY(ledger_exec(scope, sql_coupon_series_stop, BINDS(BIND_INT64(series.id))));
    return audit_append(scope, "coupon_series.stop", series.name, TEXT("{}"));
}

struct text coupon_title(struct scope *scope, const struct coupon_terms *terms) {
    char amount[MICROS_TEXT_SIZE];

    if (terms->title.size > 0)
        return terms->title;
    if (terms->kind == COUPON_PERCENT)
        return text_printf(&scope->arena, "%g %%", terms->value);
    return text_printf(
        &scope->arena, "%s %.*s",
        micros_format(llround(terms->value * 1e6), currency_digits(terms->currency), amount),
        TEXT_ARG(terms->currency));
}

// ---- issuing ----

static code find_issued(struct scope *scope, int64_t series_id, int64_t customer,
                        int64_t message_id, struct text *ret_code) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found = false;

    if (customer != 0)
        TRY(ledger_find(scope, sql_coupon_issued,
                        BINDS(BIND_INT64(series_id), BIND_INT64(customer), BIND_INT64(message_id)),
                        &rows, &found));
    *ret_code = found ? text_copy(&scope->arena, rows_text(rows, 0)) : (struct text){0};
    return OK;
}

static code count_issued(struct scope *scope, const struct coupon_series *series) {
    int64_t changed;

    TRY(ledger_change(scope, sql_coupon_series_count, BINDS(BIND_INT64(series->id)), &changed));
    if (changed == 0)
        return scope_fail(scope, CONFLICT,
                          "series \"%.*s\" was stopped, or all its %" PRId64 " codes are issued",
                          TEXT_ARG(series->name), series->most_count);
    return OK;
}

// The count comes first: it holds the series, so that of two who issue at once to the same customer
// the second sees what the first did.
static code make_code(struct scope *scope, const struct coupon_series *series, int64_t customer,
                      int64_t message_id, struct text *ret_code) {
    TRY(count_issued(scope, series));
    for (int tries = 0; tries < 8; tries++) {
        const struct text made = coupon_code_make(&scope->arena);
        int64_t changed;

        TRY(ledger_change(scope, sql_coupon_insert,
                          BINDS(BIND_TEXT(made), BIND_INT64(series->id),
                                BIND_INT64_IF(customer != 0, customer), BIND_INT64(message_id),
                                BIND_INT64(scope->now_us)),
                          &changed));
        if (changed == 1) {
            *ret_code = made;
            return OK;
        }
        TRY(find_issued(scope, series->id, customer, message_id, ret_code));
        if (ret_code->size > 0)
            return ledger_exec(scope, sql_coupon_series_uncount, BINDS(BIND_INT64(series->id)));
    }
    return scope_fail(scope, INTERNAL, "no free code was found");
}

code coupon_issue(struct scope *scope, const struct coupon_series *series, int64_t customer,
                  int64_t message_id, struct text *ret_code) {
    struct text issued;

    if (series->shared_code.size > 0) {
        *ret_code = series->shared_code;
        return OK;
    }
    TRY(find_issued(scope, series->id, customer, message_id, &issued));
    if (issued.size == 0)
        TRY(make_code(scope, series, customer, message_id, &issued));
    *ret_code = issued;
    return OK;
}

code coupon_choose(struct scope *scope, const struct coupon_series *series, int64_t customer,
                   int64_t message_id, struct text *ret_code) {
    struct text chosen = series->shared_code;

    if (chosen.size == 0)
        TRY(find_issued(scope, series->id, customer, message_id, &chosen));
    if (chosen.size == 0)
        chosen = coupon_code_make(&scope->arena);
    *ret_code = chosen;
    return OK;
}

code coupon_claim(struct scope *scope, const struct coupon_series *series, int64_t customer,
                  int64_t message_id, struct text chosen, bool *ret_is_issued) {
    struct text issued;
    int64_t changed;

    *ret_is_issued = true;
    if (series->shared_code.size > 0)
        return OK;
    TRY(find_issued(scope, series->id, customer, message_id, &issued));
    *ret_is_issued = text_equal(issued, chosen);
    if (issued.size > 0)
        return OK;
    TRY(count_issued(scope, series));
    TRY(ledger_change(scope, sql_coupon_insert,
                      BINDS(BIND_TEXT(chosen), BIND_INT64(series->id),
                            BIND_INT64_IF(customer != 0, customer), BIND_INT64(message_id),
                            BIND_INT64(scope->now_us)),
                      &changed));
    *ret_is_issued = changed == 1;
    return changed == 1
               ? OK
               : ledger_exec(scope, sql_coupon_series_uncount, BINDS(BIND_INT64(series->id)));
}

code coupon_void(struct scope *scope, struct text raw) {
    const struct text coupon = coupon_code_normalise(&scope->arena, raw);
    int64_t changed;

    TRY(ledger_change(scope, sql_coupon_void, BINDS(BIND_TEXT(coupon)), &changed));
    if (changed == 0)
        return scope_fail(scope, NOT_FOUND, "nobody issued this coupon");
    return audit_append(scope, "coupon.void", coupon, TEXT("{}"));
}

// ---- the till ----

const char *coupon_answer_name(enum coupon_answer answer) {
    static const char *const names[] = {"valid", "unknown", "misread", "void",
                                        "used",  "early",   "late",    "too_little"};

    _Static_assert(sizeof(names) / sizeof(*names) == COUPON_ANSWER_COUNT, "a name for each");
    return names[answer];
}

static code today(struct scope *scope, char ret_day[TIME_TEXT_SIZE]) {
    CLEANUP(zone_close) struct zone *zone = NULL;
    struct settings settings;

    TRY(settings_load(scope, &settings));
    TRY(zone_open(scope, settings.zone, &zone));
    day_format(zone_day(zone, scope->now_us), ret_day);
    return OK;
}

static code judge(struct scope *scope, struct coupon_check *check, bool is_void,
                  int64_t amount_micros) {
    const struct coupon_terms *terms = &check->series.terms;
    char day[TIME_TEXT_SIZE];

    TRY(today(scope, day));
    if (is_void)
        check->answer = COUPON_VOID;
    else if (check->series.use_count > 0 && check->redeemed_count >= check->series.use_count)
        check->answer = COUPON_USED;
    else if (terms->from.size > 0 && text_compare(text_of(day), terms->from) < 0)
        check->answer = COUPON_EARLY;
    else if (terms->until.size > 0 && text_compare(text_of(day), terms->until) > 0)
        check->answer = COUPON_LATE;
    else if (amount_micros >= 0 && amount_micros < llround(terms->minimum * 1e6))
        check->answer = COUPON_TOO_LITTLE;
    else
        check->answer = COUPON_VALID;
    return OK;
}

code coupon_look(struct scope *scope, struct text raw, int64_t amount_micros,
                 struct coupon_check *ret_check) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct coupon_check check = {.coupon = coupon_code_normalise(&scope->arena, raw)};
    bool found, is_void;

    TRY(ledger_find(scope, sql_coupon_find, BINDS(BIND_TEXT(check.coupon)), &rows, &found));
    if (!found) {
        check.answer = check.coupon.size == COUPON_CODE_SIZE && !coupon_code_checks(check.coupon)
                           ? COUPON_MISREAD
                           : COUPON_UNKNOWN;
        *ret_check = check;
        return OK;
    }
    check.customer = rows_int64(rows, 1);
    is_void = rows_int64(rows, 2) != 0;
    check.redeemed_count = rows_int64(rows, 3);
    TRY(find_by(scope, rows_int64(rows, 0), TEXT(""), &check.series));
    TRY(judge(scope, &check, is_void, amount_micros));
    *ret_check = check;
    return OK;
}

// The same request is the same text.
static struct text request_text_of(struct scope *scope, const struct coupon_request *request) {
    return text_printf(&scope->arena, "%.*s|%" PRId64 "|%" PRId64 "|%.*s",
                       TEXT_ARG(request->receipt), request->amount_micros, request->discount_micros,
                       TEXT_ARG(request->currency));
}

static code find_request(struct scope *scope, const struct coupon_request *request,
                         struct text coupon, bool *ret_is_repeat) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_coupon_redemption_of_key, BINDS(BIND_TEXT(request->key)), &rows,
                    &found));
    if (found && (!text_equal(rows_text(rows, 0), coupon) ||
                  !text_equal(rows_text(rows, 1), request_text_of(scope, request))))
        return scope_fail_field(scope, REUSED, "key", "the key \"%.*s\" redeemed something else",
                                TEXT_ARG(request->key));
    *ret_is_repeat = found;
    return OK;
}

static code check_request(struct scope *scope, const struct coupon_request *request) {
    if (request->key.size == 0 || request->key.size > LIMIT_IDEMPOTENCY_KEY_BYTES)
        return scope_fail_field(scope, INVALID, "key", "a redemption has a key of at most %d bytes",
                                LIMIT_IDEMPOTENCY_KEY_BYTES);
    if (request->receipt.size > LIMIT_NAME_BYTES)
        return scope_fail_field(scope, INVALID, "receipt",
                                "a receipt's number has at most %d bytes", LIMIT_NAME_BYTES);
    return OK;
}

// Of two requests of one key for two coupons the second is told so.
static code insert_redemption(struct scope *scope, const struct coupon_request *request,
                              const struct coupon_check *check) {
    int64_t inserted;
    bool is_repeat;

    TRY(ledger_change(scope, sql_coupon_redemption_redeem,
                      BINDS(BIND_INT64(store_new_id(scope)), BIND_TEXT(check->coupon),
                            BIND_INT64(check->series.id), BIND_TEXT(request->key),
                            BIND_TEXT(request_text_of(scope, request)), BIND_INT64(scope->now_us),
                            BIND_TEXT(request->receipt),
                            BIND_INT64_IF(request->amount_micros >= 0, request->amount_micros),
                            BIND_INT64_IF(request->discount_micros >= 0, request->discount_micros),
                            BIND_TEXT_OR_NULL(request->currency)),
                      &inserted));
    return inserted == 1 ? OK : find_request(scope, request, check->coupon, &is_repeat);
}

// The count holds the coupon: whoever redeems it at the same instant waits there, so what another
// request of the same key did is asked for once more behind it.
code coupon_redeem(struct scope *scope, struct text raw, const struct coupon_request *request,
                   struct coupon_check *ret_check, bool *ret_is_repeat) {
    int64_t changed;

    TRY(check_request(scope, request));
    TRY(coupon_look(scope, raw, request->amount_micros, ret_check));
    TRY(find_request(scope, request, ret_check->coupon, ret_is_repeat));
    if (*ret_is_repeat) {
        ret_check->answer = COUPON_VALID; // as it was told when it was taken
        return OK;
    }
    if (ret_check->answer != COUPON_VALID)
        return scope_fail(scope, ret_check->answer == COUPON_UNKNOWN ? NOT_FOUND : CONFLICT,
                          "the coupon cannot be redeemed: %s",
                          coupon_answer_name(ret_check->answer));
    TRY(ledger_change(scope, sql_coupon_count_use,
                      BINDS(BIND_TEXT(ret_check->coupon), BIND_INT64(ret_check->series.use_count)),
                      &changed));
    TRY(find_request(scope, request, ret_check->coupon, ret_is_repeat));
    if (*ret_is_repeat) // the same till was faster: counted once, it is told the same
        return changed == 0 ? OK
                            : ledger_exec(scope, sql_coupon_uncount_use,
                                          BINDS(BIND_TEXT(ret_check->coupon)));
    if (changed == 0)
        return scope_fail(scope, CONFLICT, "the coupon cannot be redeemed: used");
    ret_check->redeemed_count++;
    return insert_redemption(scope, request, ret_check);
}
