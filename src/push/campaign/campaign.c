// SPDX-License-Identifier: Apache-2.0
// Definitions: reading, checking, writing. The way of a campaign through its states is in
// campaign_step.c.
#include "push/campaign/campaign.h"

#include "base/limits.h"
#include "base/name.h"
#include "base/time.h"
#include "campaign_sql.h"
#include "govern/audit/audit.h"
#include "push/campaign/campaign_record.h"
#include "store/ledger.h"
#include "store/store.h"

#include <sodium.h>
#include <stddef.h>

enum {
    USUAL_HOLD_OUT_BP = 500,
    USUAL_WINDOW_DAYS = 14,
    USUAL_WINNER_MINUTES = 4 * 60,
    MOST_WINDOW_DAYS = 365,
    MOST_PART_BYTES = 256 << 10,
    MOST_SUBJECT_BYTES = LIMIT_NAME_BYTES * 8,
};

static const char *const state_names[] = {"draft",  "waiting",  "approved", "running",
                                          "paused", "finished", "stopped",  "imported"};
_Static_assert(sizeof(state_names) / sizeof(*state_names) == CAMPAIGN_STATE_COUNT,
               "a name for each state");

const char *campaign_state_name(enum campaign_state state) {
    return state_names[state];
}

const char *const campaign_winner_names[] = {"clicks", "buyers", "revenue", NULL};

struct campaign campaign_usual(void) {
    return (struct campaign){
        .description = TEXT(""),
        .hold_out_bp = USUAL_HOLD_OUT_BP,
        .budget_micros = -1,
        .margin_bp = -1,
        .send_minute = -1,
        .window_days = USUAL_WINDOW_DAYS,
        .test_bp = CAMPAIGN_EVERYBODY_BP,
        .winner_after_minutes = USUAL_WINNER_MINUTES,
        .winner_arm = -1,
        .arms = {{.name = TEXT("A"),
                  .share = 1,
                  .template = TEXT(""),
                  .subject = TEXT(""),
                  .html = TEXT(""),
                  .text = TEXT("")}},
        .arm_count = 1,
    };
}

// ---- documents ----

struct document {
    struct text name, description, purpose, channel, segment, starts_at, send_at;
    double hold_out, budget, margin, test; // percent; money
    int32_t window_days, winner_after_minutes;
    int winner_by;
    const struct json *arms;
};

#define AT(member) offsetof(struct document, member)
const struct json_field campaign_fields[CAMPAIGN_FIELDS] = {
    {"name", JSON_FIELD_TEXT, AT(name), false, NULL, "name of the campaign"},
    {"description", JSON_FIELD_TEXT, AT(description), false, NULL, "what it is for"},
    {"purpose", JSON_FIELD_TEXT, AT(purpose), false, NULL,
     "what the customers agreed to be written to for"},
    {"channel", JSON_FIELD_TEXT, AT(channel), false, NULL, "how they are reached"},
    {"segment", JSON_FIELD_TEXT, AT(segment), false, NULL, "who is written to"},
    {"hold_out", JSON_FIELD_DOUBLE, AT(hold_out), false, NULL,
     "percent of those who could be written to and are not, to be compared with"},
    {"budget", JSON_FIELD_DOUBLE, AT(budget), false, NULL,
     "that is never passed, in the store's currency; below 0: none"},
    {"margin", JSON_FIELD_DOUBLE, AT(margin), false, NULL,
     "percent of revenue that is earned; below 0: not known"},
    {"starts_at", JSON_FIELD_TEXT, AT(starts_at), false, NULL,
     "instant, ISO 8601; empty: when it is approved"},
    {"send_at", JSON_FIELD_TEXT, AT(send_at), false, NULL,
     "HH:MM of the customer's own day; empty: at any time"},
    {"window_days", JSON_FIELD_INT32, AT(window_days), false, NULL,
     "days from the start in which what customers do counts"},
    {"test", JSON_FIELD_DOUBLE, AT(test), false, NULL,
     "percent of those written to who decide which arm the others get; 100: nothing is decided"},
    {"winner_by", JSON_FIELD_ENUM, AT(winner_by), false, campaign_winner_names,
     "what the winner is chosen by"},
    {"winner_after_minutes", JSON_FIELD_INT32, AT(winner_after_minutes), false, NULL,
     "from the test's last message to the choice"},
    {"arms", JSON_FIELD_JSON, AT(arms), false, NULL,
     "a list of {name, share, template, subject, html, text}"},
};
#undef AT

struct arm_document {
    struct text name, template, subject, html, text;
    int32_t share;
};
#define AT(member) offsetof(struct arm_document, member)
static const struct json_field arm_fields[] = {
    {"name", JSON_FIELD_TEXT, AT(name), true, NULL, "A, B, …"},
    {"share", JSON_FIELD_INT32, AT(share), false, NULL, "of the sum of shares"},
    {"template", JSON_FIELD_TEXT, AT(template), false, NULL, "name of a template"},
    {"subject", JSON_FIELD_TEXT, AT(subject), false, NULL, "in place of a template"},
    {"html", JSON_FIELD_TEXT, AT(html), false, NULL, "in place of a template"},
    {"text", JSON_FIELD_TEXT, AT(text), false, NULL, "in place of a template"},
};
#undef AT

static code bad(struct scope *scope, const char *field, const char *words) {
    return scope_fail_field(scope, INVALID, field, "%s", words);
}

static code read_percent(struct scope *scope, const char *field, double percent, double most,
                         int32_t *ret_bp) {
    if (!(percent >= 0 && percent <= most))
        return scope_fail_field(scope, INVALID, field, "%g is not from 0 to %g percent", percent,
                                most);
    *ret_bp = (int32_t)(percent * 100 + 0.5);
    return OK;
}

static code read_arm(struct scope *scope, const struct json *json, struct campaign *campaign) {
    struct arm_document document = {
        .share = 1, .template = TEXT(""), .subject = TEXT(""), .html = TEXT(""), .text = TEXT("")};

    TRY(json_read_record(scope, json, arm_fields, sizeof(arm_fields) / sizeof(*arm_fields),
                         &document));
    if (document.name.size == 0 || document.name.size > LIMIT_NAME_BYTES)
        return bad(scope, "arms", "an arm needs a name");
    if (document.share < 1 || document.share > 1000000)
        return bad(scope, "arms", "the share of an arm is a whole number from 1 on");
    if (document.html.size > MOST_PART_BYTES || document.text.size > MOST_PART_BYTES ||
        document.subject.size > MOST_SUBJECT_BYTES)
        return scope_fail_field(scope, TOO_LARGE, "arms", "a part of the content is too long");
    for (size_t i = 0; i < campaign->arm_count; i++)
        if (text_equal(campaign->arms[i].name, document.name))
            return scope_fail_field(scope, INVALID, "arms", "the arm \"%.*s\" is named twice",
                                    TEXT_ARG(document.name));
    campaign->arms[campaign->arm_count++] = (struct campaign_arm){
        .name = document.name,
        .share = document.share,
        .template = document.template,
        .subject = document.subject,
        .html = document.html,
        .text = document.text,
    };
    return OK;
}

static code read_arms(struct scope *scope, const struct json *json, struct campaign *campaign) {
    if (json->type != JSON_ARRAY || json->count < 1 || json->count > CAMPAIGN_ARMS)
        return scope_fail_field(scope, INVALID, "arms", "a campaign has from 1 to %d arms",
                                CAMPAIGN_ARMS);
    campaign->arm_count = 0;
    for (const struct json *arm = json->first; arm; arm = arm->next)
        TRY(read_arm(scope, arm, campaign));
    return OK;
}

static code read_minute(struct scope *scope, struct text text, int32_t *ret_minute) {
    int64_t at_us;
    bool has_time;
    struct zone *zone = NULL;
    bool read;

    if (text.size == 0) {
        *ret_minute = -1;
        return OK;
    }
    TRY(zone_open(scope, TEXT("UTC"), &zone));
    read = text.size == 5 &&
           time_parse(text_printf(&scope->arena, "1970-01-01 %.*s", TEXT_ARG(text)), DATE_ORDER_YMD,
                      zone, &at_us, &has_time) &&
           has_time;
    zone_free(zone);
    if (!read)
        return scope_fail_field(scope, INVALID, "send_at", "\"%.*s\" is no time of day (09:30)",
                                TEXT_ARG(text));
    *ret_minute = (int32_t)(at_us / (60 * US_PER_SECOND));
    return OK;
}

static code read_start(struct scope *scope, struct text text, int64_t *ret_at_us) {
    struct zone *zone = NULL;
    bool read, has_time;

    *ret_at_us = 0;
    if (text.size == 0)
        return OK;
    TRY(zone_open(scope, TEXT("UTC"), &zone));
    read = time_parse(text, DATE_ORDER_YMD, zone, ret_at_us, &has_time);
    zone_free(zone);
    return read ? OK
                : scope_fail_field(scope, INVALID, "starts_at", "\"%.*s\" is no instant",
                                   TEXT_ARG(text));
}

static struct document document_of(struct scope *scope, const struct campaign *campaign) {
    char at[TIME_TEXT_SIZE] = "";

    if (campaign->starts_at_us > 0)
        time_format_utc(campaign->starts_at_us, at);
    return (struct document){
        .name = campaign->name,
        .description = campaign->description,
        .purpose = campaign->purpose,
        .channel = text_of(campaign->channel ? campaign->channel->name : ""),
        .segment = campaign->segment,
        .hold_out = campaign->hold_out_bp / 100.0,
        .budget = campaign->budget_micros < 0 ? -1 : (double)campaign->budget_micros / 1e6,
        .margin = campaign->margin_bp < 0 ? -1 : campaign->margin_bp / 100.0,
        .starts_at = text_copy(&scope->arena, text_of(at)),
        .send_at = campaign->send_minute < 0
                       ? TEXT("")
                       : text_printf(&scope->arena, "%02d:%02d", campaign->send_minute / 60,
                                     campaign->send_minute % 60),
        .window_days = campaign->window_days,
        .test = campaign->test_bp / 100.0,
        .winner_by = (int)campaign->winner_by,
        .winner_after_minutes = campaign->winner_after_minutes,
    };
}

// A number is an id wherever a campaign is named.
static code check_name(struct scope *scope, struct text name) {
    int64_t number;

    TRY(name_check(scope, name));
    return text_to_int64(name, &number)
               ? scope_fail_field(scope, INVALID, "name", "a number is no name: \"%.*s\"",
                                  TEXT_ARG(name))
               : OK;
}

static code read_figures(struct scope *scope, const struct document *document,
                         struct campaign *campaign) {
    TRY(read_percent(scope, "hold_out", document->hold_out, 90, &campaign->hold_out_bp));
    TRY(read_percent(scope, "test", document->test, 100, &campaign->test_bp));
    campaign->margin_bp = -1;
    if (document->margin >= 0)
        TRY(read_percent(scope, "margin", document->margin, 100, &campaign->margin_bp));
    if (!(document->budget < 9e12))
        return bad(scope, "budget", "the budget is too large");
    campaign->budget_micros = document->budget < 0 ? -1 : (int64_t)(document->budget * 1e6 + 0.5);
    if (document->window_days < 1 || document->window_days > MOST_WINDOW_DAYS)
        return bad(scope, "window_days", "the window is from 1 to 365 days");
    if (document->winner_after_minutes < 1 || document->winner_after_minutes > 60 * 24 * 60)
        return bad(scope, "winner_after_minutes", "the test takes from 1 minute to 60 days");
    campaign->window_days = document->window_days;
    campaign->winner_after_minutes = document->winner_after_minutes;
    campaign->winner_by = (enum campaign_winner)document->winner_by;
    return OK;
}

code campaign_read(struct scope *scope, const struct json *json, struct campaign *campaign) {
    struct document document = document_of(scope, campaign);

    TRY(json_read_record(scope, json, campaign_fields, CAMPAIGN_FIELDS, &document));
    TRY(check_name(scope, document.name));
    if (document.purpose.size == 0)
        return bad(scope, "purpose", "a campaign needs a purpose: what the customers agreed to");
    if (document.segment.size == 0)
        return bad(scope, "segment", "a campaign needs a segment: who is written to");
    campaign->name = document.name;
    campaign->description = document.description;
    campaign->purpose = document.purpose;
    campaign->segment = document.segment;
    TRY(channel_named(scope, document.channel, &campaign->channel));
    TRY(read_figures(scope, &document, campaign));
    TRY(read_minute(scope, document.send_at, &campaign->send_minute));
    TRY(read_start(scope, document.starts_at, &campaign->starts_at_us));
    return document.arms ? read_arms(scope, document.arms, campaign) : OK;
}

static void write_arm(struct json_writer *writer, const struct campaign_arm *arm) {
    const struct arm_document document = {
        .name = arm->name,
        .share = arm->share,
        .template = arm->template,
        .subject = arm->subject,
        .html = arm->html,
        .text = arm->text,
    };

    json_write_record(writer, arm_fields, sizeof(arm_fields) / sizeof(*arm_fields), &document);
}

void campaign_write(struct scope *scope, struct json_writer *writer,
                    const struct campaign *campaign) {
    const struct document document = document_of(scope, campaign);

    // The arms are written apart: the last field is theirs.
    json_write_members(writer, campaign_fields, CAMPAIGN_FIELDS - 1, &document);
    json_key(writer, "arms");
    json_begin_array(writer);
    for (size_t i = 0; i < campaign->arm_count; i++)
        write_arm(writer, &campaign->arms[i]);
    json_end_array(writer);
}

// ---- the ledger ----

code campaign_record(struct scope *scope, const char *action, const struct campaign *campaign) {
    return AUDIT(scope, action,
                 text_printf(&scope->arena, "campaign %.*s", TEXT_ARG(campaign->name)),
                 {"segment", campaign->segment}, {"purpose", campaign->purpose},
                 {"channel", text_of(campaign->channel ? campaign->channel->name : "")});
}

static code insert_arms(struct scope *scope, const struct campaign *campaign) {
    TRY(ledger_exec(scope, sql_campaign_arms_delete, BINDS(BIND_INT64(campaign->id))));
    for (size_t i = 0; i < campaign->arm_count; i++) {
        const struct campaign_arm *arm = &campaign->arms[i];

        TRY(ledger_exec(
            scope, sql_campaign_arm_insert,
            BINDS(BIND_INT64(campaign->id), BIND_INT64((int64_t)i), BIND_TEXT(arm->name),
                  BIND_INT64(arm->share), BIND_TEXT(arm->template),
                  BIND_INT64_IF(arm->template_version != 0, arm->template_version),
                  BIND_TEXT(arm->subject), BIND_TEXT(arm->html), BIND_TEXT(arm->text))));
    }
    return OK;
}

code campaign_create(struct scope *scope, struct campaign *campaign) {
    int64_t count = 0;

    TRY(check_name(scope, campaign->name));
    campaign->id = store_new_id(scope);
    randombytes_buf(&campaign->key, sizeof(campaign->key));
    TRY(ledger_change(
        scope, sql_campaign_insert,
        BINDS(BIND_INT64(campaign->id), BIND_TEXT(campaign->name), BIND_TEXT(campaign->description),
              BIND_TEXT(campaign->purpose), BIND_INT64(campaign->channel->kind),
              BIND_TEXT(campaign->segment), BIND_STRING(state_names[campaign->state]),
              BIND_INT64(campaign->hold_out_bp), BIND_INT64(campaign->key),
              BIND_INT64_IF(campaign->budget_micros >= 0, campaign->budget_micros),
              BIND_INT64_IF(campaign->margin_bp >= 0, campaign->margin_bp),
              BIND_INT64_IF(campaign->starts_at_us > 0, campaign->starts_at_us),
              BIND_INT64_IF(campaign->send_minute >= 0, campaign->send_minute),
              BIND_INT64(campaign->window_days), BIND_INT64(campaign->test_bp),
              BIND_STRING(campaign_winner_names[campaign->winner_by]),
              BIND_INT64(campaign->winner_after_minutes), BIND_STRING(scope->actor.name),
              BIND_INT64(scope->now_us), BIND_TEXT_OR_NULL(campaign->result)),
        &count));
    if (count == 0)
        return scope_fail_field(scope, CONFLICT, "name", "campaign \"%.*s\" exists already",
                                TEXT_ARG(campaign->name));
    TRY(insert_arms(scope, campaign));
    return campaign_record(scope, "campaign.create", campaign);
}

code campaign_change(struct scope *scope, struct campaign *campaign) {
    int64_t count = 0;

    TRY(ledger_change(scope, sql_campaign_update,
                      BINDS(BIND_INT64(campaign->id), BIND_TEXT(campaign->description),
                            BIND_TEXT(campaign->purpose), BIND_INT64(campaign->channel->kind),
                            BIND_TEXT(campaign->segment), BIND_INT64(campaign->hold_out_bp),
                            BIND_INT64_IF(campaign->budget_micros >= 0, campaign->budget_micros),
                            BIND_INT64_IF(campaign->margin_bp >= 0, campaign->margin_bp),
                            BIND_INT64_IF(campaign->starts_at_us > 0, campaign->starts_at_us),
                            BIND_INT64_IF(campaign->send_minute >= 0, campaign->send_minute),
                            BIND_INT64(campaign->window_days), BIND_INT64(campaign->test_bp),
                            BIND_STRING(campaign_winner_names[campaign->winner_by]),
                            BIND_INT64(campaign->winner_after_minutes), BIND_INT64(scope->now_us),
                            BIND_STRING(scope->actor.name)),
                      &count));
    if (count == 0)
        return scope_fail(scope, CONFLICT, "campaign \"%.*s\" is %s: only drafts are changed",
                          TEXT_ARG(campaign->name), state_names[campaign->state]);
    TRY(insert_arms(scope, campaign));
    return campaign_record(scope, "campaign.change", campaign);
}

code campaign_delete(struct scope *scope, const struct campaign *campaign) {
    if (campaign->state != CAMPAIGN_DRAFT && campaign->state != CAMPAIGN_IMPORTED)
        return scope_fail(scope, CONFLICT,
                          "campaign \"%.*s\" is %s: what wrote to customers is kept",
                          TEXT_ARG(campaign->name), state_names[campaign->state]);
    TRY(ledger_exec(scope, sql_campaign_arms_delete, BINDS(BIND_INT64(campaign->id))));
    TRY(ledger_exec(scope, sql_campaign_delete, BINDS(BIND_INT64(campaign->id))));
    return campaign_record(scope, "campaign.delete", campaign);
}

static int choice_of(struct text name, const char *const *names, int count) {
    for (int i = 0; i < count; i++)
        if (text_is(name, names[i]))
            return i;
    return 0;
}

static void from_row(struct scope *scope, const struct rows *rows, struct campaign *campaign) {
    struct arena *arena = &scope->arena;

    *campaign = (struct campaign){
        .id = rows_int64(rows, 0),
        .name = text_copy(arena, rows_text(rows, 1)),
        .description = text_copy(arena, rows_text(rows, 2)),
        .purpose = text_copy(arena, rows_text(rows, 3)),
        .channel = channel_of((enum channel_kind)rows_int64(rows, 4)),
        .segment = text_copy(arena, rows_text(rows, 5)),
        .state =
            (enum campaign_state)choice_of(rows_text(rows, 6), state_names, CAMPAIGN_STATE_COUNT),
        .problem = text_copy(arena, rows_text(rows, 7)),
        .hold_out_bp = (int32_t)rows_int64(rows, 8),
        .key = rows_int64(rows, 9),
        .budget_micros = rows_int64(rows, 10),
        .cost_micros = rows_int64(rows, 11),
        .spent_micros = rows_int64(rows, 12),
        .margin_bp = (int32_t)rows_int64(rows, 13),
        .starts_at_us = rows_int64(rows, 14),
        .send_minute = (int32_t)rows_int64(rows, 15),
        .window_days = (int32_t)rows_int64(rows, 16),
        .test_bp = (int32_t)rows_int64(rows, 17),
        .winner_by = (enum campaign_winner)choice_of(rows_text(rows, 18), campaign_winner_names,
                                                     WINNER_COUNT),
        .winner_after_minutes = (int32_t)rows_int64(rows, 19),
        .winner_arm = (int32_t)rows_int64(rows, 20),
        .actor = text_copy(arena, rows_text(rows, 21)),
        .approved_by = text_copy(arena, rows_text(rows, 22)),
        .job_id = rows_int64(rows, 23),
        .created_at_us = rows_int64(rows, 24),
        .changed_at_us = rows_int64(rows, 25),
        .approved_at_us = rows_int64(rows, 26),
        .reserved_at_us = rows_int64(rows, 27),
        .started_at_us = rows_int64(rows, 28),
        .tested_at_us = rows_int64(rows, 29),
        .next_at_us = rows_int64(rows, 30),
        .finished_at_us = rows_int64(rows, 31),
        .result = text_copy(arena, rows_text(rows, 32)),
    };
}

static code read_own_arms(struct scope *scope, struct campaign *campaign) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct arena *arena = &scope->arena;

    TRY(ledger_query(scope, sql_campaign_arms, BINDS(BIND_INT64(campaign->id)), &rows));
    while (campaign->arm_count < CAMPAIGN_ARMS && rows_next(rows))
        campaign->arms[campaign->arm_count++] = (struct campaign_arm){
            .name = text_copy(arena, rows_text(rows, 0)),
            .share = (int32_t)rows_int64(rows, 1),
            .template = text_copy(arena, rows_text(rows, 2)),
            .template_version = rows_int64(rows, 3),
            .subject = text_copy(arena, rows_text(rows, 4)),
            .html = text_copy(arena, rows_text(rows, 5)),
            .text = text_copy(arena, rows_text(rows, 6)),
        };
    return rows_end(rows);
}

code campaign_find(struct scope *scope, struct text name_or_id, struct campaign *ret_campaign) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct campaign campaign;
    bool found;

    TRY(ledger_find(scope, sql_campaign_find, BINDS(BIND_TEXT(name_or_id)), &rows, &found));
    if (!found)
        return scope_fail(scope, NOT_FOUND, "campaign \"%.*s\" does not exist",
                          TEXT_ARG(name_or_id));
    from_row(scope, rows, &campaign);
    rows_close(&rows);
    TRY(read_own_arms(scope, &campaign));
    *ret_campaign = campaign;
    return OK;
}

code campaign_find_id(struct scope *scope, int64_t id, struct campaign *ret_campaign) {
    return campaign_find(scope, text_printf(&scope->arena, "%lld", (long long)id), ret_campaign);
}
