// SPDX-License-Identifier: Apache-2.0
// Definitions and steps. What came of a campaign: campaign_result_http.c.
#include "push/campaign/campaign_http.h"

#include "analyze/experiment/trial_file.h"
#include "campaign_sql.h"
#include "govern/access/path.h"
#include "govern/audit/audit.h"
#include "push/campaign/campaign_audience.h"
#include "push/campaign/campaign_content.h"
#include "push/campaign/campaign_result.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <inttypes.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

// ---- lists ----

static const char *const states[] = {"",       "draft",    "waiting", "approved", "running",
                                     "paused", "finished", "stopped", "imported", NULL};

const struct route_parameter campaign_list_parameters[] = {
    {.name = "state",
     .type = PARAMETER_CHOICE,
     .help = "of those in this state; empty: of all",
     .usual = "",
     .choices = states},
    PARAMETER_LIMIT("100"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};

code campaign_after(struct scope *scope, const struct request *request, int64_t otherwise,
                    int64_t *ret_id) {
    const struct text after = request_text(request, "after");

    *ret_id = otherwise;
    if (after.size == 0 || text_to_int64(after, ret_id))
        return OK;
    return scope_fail_field(scope, INVALID, "after", "\"%.*s\" is no page's \"next\"",
                            TEXT_ARG(after));
}

void campaign_write_instant(struct response *response, const char *key, int64_t at_us) {
    json_key(&response->writer, key);
    if (at_us > 0)
        response_int64(response, COLUMN_INSTANT, at_us);
    else
        json_write_null(&response->writer);
}

code campaign_http_list(struct scope *scope, const struct request *request,
                        struct response *response) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t limit = request_integer(request, "limit");
    struct settings settings;
    int64_t before;

    TRY(settings_load(scope, &settings));
    TRY(campaign_after(scope, request, INT64_MAX, &before));
    const char *currency = text_string(&scope->arena, settings.currency);
    const struct column columns[] = {
        {"id", "Id", COLUMN_ID, NULL},
        {"name", "Campaign", COLUMN_TEXT, NULL},
        {"state", "State", COLUMN_TEXT, NULL},
        {"problem", "Paused for", COLUMN_TEXT, NULL},
        {"purpose", "Purpose", COLUMN_TEXT, NULL},
        {"channel", "Channel", COLUMN_TEXT, NULL},
        {"segment", "Segment", COLUMN_TEXT, NULL},
        {"starts_at", "Starts", COLUMN_INSTANT, NULL},
        {"finished_at", "Finished", COLUMN_INSTANT, NULL},
        {"customers", "Customers", COLUMN_INTEGER, NULL},
        {"sent", "Sent", COLUMN_INTEGER, NULL},
        {"spent", "Spent", COLUMN_MONEY, currency},
        {"budget", "Budget", COLUMN_MONEY, currency},
        {"actor", "Made by", COLUMN_TEXT, NULL},
        {"description", "What it is for", COLUMN_TEXT, NULL},
    };
    int64_t count = 0, last = 0;
    bool has_more = false;

    TRY(ledger_query(scope, sql_campaign_list,
                     BINDS(BIND_INT64(before), BIND_TEXT(request_choice(request, "state")),
                           BIND_INT64(limit + 1)),
                     &rows));
    response_begin_table(response, NULL, columns, COUNT_OF(columns));
    while (rows_next(rows)) {
        const struct channel *channel = channel_of((enum channel_kind)rows_int64(rows, 5));

        has_more = count++ == limit;
        if (has_more)
            break;
        last = rows_int64(rows, 0);
        response_begin_row(response);
        for (size_t i = 0; i < COUNT_OF(columns); i++)
            if (i == 5)
                response_text(response, text_of(channel ? channel->name : ""));
            else
                response_cell(response, columns[i].type, rows, i);
        response_end_row(response);
    }
    TRY(rows_end(rows));
    response_end_page(response, has_more ? last : 0);
    return OK;
}

// ---- definitions ----

#define WORDS                                                                                      \
    "Arms are a list of objects: name, share (a whole number), and either template (its name) or " \
    "the parts subject, html and text."
const struct route_body campaign_create_body = {campaign_fields, CAMPAIGN_FIELDS, WORDS, false};
const struct route_body campaign_change_body = {campaign_fields, CAMPAIGN_FIELDS, WORDS, false};

const struct route_answer campaign_saved_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "name", ANSWER_TEXT, "of the campaign"},
                              {.name = "state", ANSWER_TEXT, "in which it is now"}),
};

static code write_saved(struct response *response, const struct campaign *campaign) {
    json_begin_object(&response->writer);
    json_key(&response->writer, "name");
    json_write_text(&response->writer, campaign->name);
    json_key(&response->writer, "state");
    json_write_string(&response->writer, campaign_state_name(campaign->state));
    json_end_object(&response->writer);
    return OK;
}

code campaign_http_create(struct scope *scope, const struct request *request,
                          struct response *response) {
    struct campaign campaign = campaign_usual();

    TRY(campaign_read(scope, request->body, &campaign));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, campaign_create(scope, &campaign)));
    return write_saved(response, &campaign);
}

static code find(struct scope *scope, const struct request *request, struct campaign *campaign) {
    return campaign_find(scope, request_text(request, "name"), campaign);
}

code campaign_http_change(struct scope *scope, const struct request *request,
                          struct response *response) {
    struct campaign campaign;

    TRY(find(scope, request, &campaign));
    const struct text name = campaign.name;
    TRY(campaign_read(scope, request->body, &campaign));
    if (!text_equal(name, campaign.name))
        return scope_fail_field(scope, INVALID, "name", "the name of a campaign stays");
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, campaign_change(scope, &campaign)));
    return write_saved(response, &campaign);
}

code campaign_http_delete(struct scope *scope, const struct request *request,
                          struct response *response) {
    struct campaign campaign;

    TRY(find(scope, request, &campaign));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, campaign_delete(scope, &campaign)));
    return write_saved(response, &campaign);
}

const struct route_answer campaign_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "id", ANSWER_ID, "its id"}, {.name = "name", ANSWER_TEXT, "its name"},
        {.name = "description", ANSWER_TEXT, "what it is for"},
        {.name = "purpose", ANSWER_TEXT, "what the customers agreed to"},
        {.name = "channel", ANSWER_TEXT, "how they are reached"},
        {.name = "segment", ANSWER_TEXT, "who is written to"},
        {.name = "hold_out", ANSWER_NUMBER, "percent"},
        {.name = "budget", ANSWER_NUMBER, "below 0: none"},
        {.name = "margin", ANSWER_NUMBER, "percent; below 0: not known"},
        {.name = "starts_at", ANSWER_TEXT, "instant; empty: when it is approved"},
        {.name = "send_at", ANSWER_TEXT, "HH:MM of the customer's day; empty: any time"},
        {.name = "window_days", ANSWER_INTEGER, "in which what customers do counts"},
        {.name = "test", ANSWER_NUMBER, "percent who decide; 100: nothing is decided"},
        {.name = "winner_by", ANSWER_TEXT, "clicks, buyers, revenue"},
        {.name = "winner_after_minutes", ANSWER_INTEGER, "from the test to the choice"},
        {.name = "arms",
         ANSWER_OBJECT,
         "name, share, template, subject, html, text",
         .is_list = true},
        {.name = "state", ANSWER_TEXT, "draft, waiting, approved, running, …"},
        {.name = "problem", ANSWER_TEXT, "why it is paused"},
        {.name = "actor", ANSWER_TEXT, "who changed it last"},
        {.name = "approved_by", ANSWER_TEXT, "who approved it"},
        {.name = "winner", ANSWER_TEXT, "the arm that the others got; empty: none yet"},
        {.name = "currency", ANSWER_TEXT, "of money"},
        {.name = "cost", ANSWER_NUMBER, "of one message"},
        {.name = "spent", ANSWER_NUMBER, "until now"},
        {.name = "job_id", ANSWER_ID, "its last job; 0: none"},
        {.name = "created_at", ANSWER_INSTANT, "when it was made"},
        {.name = "started_at", ANSWER_INSTANT, "the first message", .is_nullable = true},
        {.name = "next_at", ANSWER_INSTANT, "when it goes on", .is_nullable = true},
        {.name = "finished_at", ANSWER_INSTANT, "the end", .is_nullable = true}),
};

static void write_text(struct json_writer *writer, const char *key, struct text value) {
    json_key(writer, key);
    json_write_text(writer, value);
}

static void write_state(struct response *response, const struct campaign *campaign,
                        struct text currency) {
    struct json_writer *writer = &response->writer;

    write_text(writer, "state", text_of(campaign_state_name(campaign->state)));
    write_text(writer, "problem", campaign->problem);
    write_text(writer, "actor", campaign->actor);
    write_text(writer, "approved_by", campaign->approved_by);
    write_text(writer, "winner",
               campaign->winner_arm >= 0 ? campaign->arms[campaign->winner_arm].name : TEXT(""));
    write_text(writer, "currency", currency);
    json_key(writer, "cost");
    json_write_micros(writer, campaign->cost_micros);
    json_key(writer, "spent");
    json_write_micros(writer, campaign->spent_micros);
    json_key(writer, "job_id");
    response_int64(response, COLUMN_ID, campaign->job_id);
    campaign_write_instant(response, "created_at", campaign->created_at_us);
    campaign_write_instant(response, "started_at", campaign->started_at_us);
    campaign_write_instant(response, "next_at", campaign->next_at_us);
    campaign_write_instant(response, "finished_at", campaign->finished_at_us);
}

code campaign_http_show(struct scope *scope, const struct request *request,
                        struct response *response) {
    struct campaign campaign;
    struct settings settings;

    TRY(find(scope, request, &campaign));
    TRY(settings_load(scope, &settings));
    json_begin_object(&response->writer);
    json_key(&response->writer, "id");
    response_int64(response, COLUMN_ID, campaign.id);
    campaign_write(scope, &response->writer, &campaign);
    write_state(response, &campaign, settings.currency);
    json_end_object(&response->writer);
    return OK;
}

// ---- steps ----

struct step_request {
    int step;
};
static const struct json_field step_fields[] = {
    {"step", JSON_FIELD_ENUM, offsetof(struct step_request, step), true, campaign_step_names,
     "what is done with it"},
};
const struct route_body campaign_step_body = {step_fields, COUNT_OF(step_fields), NULL, false};

code campaign_http_step(struct scope *scope, const struct request *request,
                        struct response *response) {
    struct step_request wanted = {0};
    struct campaign campaign;

    TRY(json_read_record(scope, request->body, step_fields, COUNT_OF(step_fields), &wanted));
    TRY(find(scope, request, &campaign));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, campaign_take_step(scope, &campaign, (enum campaign_step)wanted.step)));
    if (wanted.step == CAMPAIGN_APPROVE || wanted.step == CAMPAIGN_RESUME ||
        wanted.step == CAMPAIGN_UPDATE)
        TRY(campaign_start_due(scope));
    return write_saved(response, &campaign);
}

// ---- whom it would reach ----

const struct route_body campaign_audience_body = {
    campaign_fields, CAMPAIGN_FIELDS, "Purpose, channel, segment and hold_out are looked at.",
    false};
const struct route_answer campaign_audience_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "customers", ANSWER_INTEGER, "of the segment"},
                              {.name = "permitted", ANSWER_INTEGER, "who may be written to"},
                              {.name = "held_out", ANSWER_INTEGER, "of these, about"},
                              {.name = "cost", ANSWER_NUMBER, "of writing to the rest, about"},
                              {.name = "currency", ANSWER_TEXT, "of the cost"},
                              {.name = "refused", ANSWER_TABLE, "the others, by reason"}),
};

code campaign_http_audience(struct scope *scope, const struct request *request,
                            struct response *response) {
    static const struct column columns[] = {{"reason", "Reason", COLUMN_TEXT, NULL},
                                            {"customers", "Customers", COLUMN_INTEGER, NULL}};
    struct json_writer *writer = &response->writer;
    struct campaign campaign = campaign_usual();
    struct campaign_audience audience;
    struct settings settings;

    campaign.name = TEXT("audience");
    TRY(campaign_read(scope, request->body, &campaign));
    TRY(campaign_purpose_check(scope, &campaign));
    TRY(campaign_audience_count(scope, &campaign, &audience));
    TRY(settings_load(scope, &settings));
    json_begin_object(writer);
    json_key(writer, "customers");
    json_write_int64(writer, audience.members);
    json_key(writer, "permitted");
    json_write_int64(writer, audience.permitted);
    json_key(writer, "held_out");
    json_write_int64(writer, audience.permitted * campaign.hold_out_bp / CAMPAIGN_EVERYBODY_BP);
    json_key(writer, "cost");
    json_write_micros(writer, audience.cost_micros);
    write_text(writer, "currency", settings.currency);
    response_begin_table(response, "refused", columns, COUNT_OF(columns));
    for (size_t i = 0; i < audience.reason_count; i++) {
        response_begin_row(response);
        response_text(response, audience.reasons[i].reason);
        response_int64(response, COLUMN_INTEGER, audience.reasons[i].count);
        response_end_row(response);
    }
    response_end_table(response);
    json_end_object(writer);
    return OK;
}

// ---- sent elsewhere ----

struct import_request {
    struct text name, purpose, channel, path, arm, control, outcomes, before;
};
#define AT(member) offsetof(struct import_request, member)
static const struct json_field import_fields[] = {
    {"name", JSON_FIELD_TEXT, AT(name), true, NULL, "name of the campaign"},
    {"purpose", JSON_FIELD_TEXT, AT(purpose), true, NULL, "what customers were written to for"},
    {"channel", JSON_FIELD_TEXT, AT(channel), true, NULL, "how they were reached"},
    {"path", JSON_FIELD_TEXT, AT(path), true, NULL, "of the file: a row for each customer"},
    {"arm", JSON_FIELD_TEXT, AT(arm), true, NULL, "column that names the arm"},
    {"control", JSON_FIELD_TEXT, AT(control), true, NULL, "the arm that was written nothing"},
    {"outcomes", JSON_FIELD_TEXT, AT(outcomes), true, NULL, "columns, with commas between"},
    {"before", JSON_FIELD_TEXT, AT(before), false, NULL, "column known before"},
};
#undef AT
const struct route_body campaign_import_body = {import_fields, COUNT_OF(import_fields), NULL,
                                                false};

code campaign_http_import(struct scope *scope, const struct request *request,
                          struct response *response) {
    struct trial_query query = {.confidence = 0.95};
    struct campaign campaign = campaign_usual();
    struct import_request wanted = {0};

    TRY(json_read_record(scope, request->body, import_fields, COUNT_OF(import_fields), &wanted));
    TRY(access_name_path(scope, "`tessera campaign import` reads it from this machine"));
    query.arm = wanted.arm;
    query.control = wanted.control;
    query.before = wanted.before;
    for (struct text rest = wanted.outcomes; rest.size > 0;) {
        const struct text name = text_trim(text_split(rest, ',', &rest));

        if (query.outcome_count == TRIAL_OUTCOMES)
            return scope_fail_field(scope, INVALID, "outcomes", "more than %d are too many",
                                    TRIAL_OUTCOMES);
        if (name.size > 0)
            query.outcomes[query.outcome_count++] = name;
    }
    if (wanted.purpose.size == 0)
        return scope_fail_field(scope, INVALID, "purpose", "a campaign needs a purpose");
    campaign.name = wanted.name;
    campaign.purpose = wanted.purpose;
    campaign.segment = TEXT("");
    TRY(channel_named(scope, wanted.channel, &campaign.channel));
    TRY(ledger_begin(scope));
    TRY(ledger_end(
        scope, campaign_import(scope, &campaign, text_string(&scope->arena, wanted.path), &query)));
    return write_saved(response, &campaign);
}

// ---- channels ----

code channel_http_list(struct scope *scope, const struct request *request,
                       struct response *response) {
    struct settings settings;

    (void)request;
    TRY(settings_load(scope, &settings));
    const struct column columns[] = {
        {"channel", "Channel", COLUMN_TEXT, NULL},
        {"label", "In words", COLUMN_TEXT, NULL},
        {"cost", "Cost of a message", COLUMN_MONEY, text_string(&scope->arena, settings.currency)},
        {"rate", "Messages a second", COLUMN_INTEGER, NULL},
        {"is_quiet_at_night", "Keeps quiet hours", COLUMN_BOOL, NULL},
        {"makes_files", "Makes files", COLUMN_BOOL, NULL},
    };

    response_begin_table(response, NULL, columns, COUNT_OF(columns));
    for (size_t i = 0; i < channel_count; i++) {
        struct channel_terms terms;

        TRY(channel_terms_read(scope, &channels[i], &terms));
        response_begin_row(response);
        response_text(response, text_of(channels[i].name));
        response_text(response, text_of(channels[i].label));
        response_int64(response, COLUMN_MONEY, terms.cost_micros);
        response_int64(response, COLUMN_INTEGER, terms.rate_per_second);
        response_int64(response, COLUMN_BOOL, channels[i].is_quiet_at_night);
        response_int64(response, COLUMN_BOOL, channels[i].way == CHANNEL_AS_A_FILE);
        response_end_row(response);
    }
    response_end_table(response);
    return OK;
}

struct terms_request {
    double cost;
    int32_t rate;
};
static const struct json_field terms_fields[] = {
    {"cost", JSON_FIELD_DOUBLE, offsetof(struct terms_request, cost), false, NULL,
     "of one message, in the store's currency"},
    {"rate", JSON_FIELD_INT32, offsetof(struct terms_request, rate), false, NULL,
     "messages a second; 0: as fast as it goes"},
};
const struct route_body channel_change_body = {terms_fields, COUNT_OF(terms_fields), NULL, false};

static code change_terms(struct scope *scope, const struct channel *channel,
                         const struct channel_terms *terms) {
    TRY(channel_terms_write(scope, channel, terms));
    return AUDIT(scope, "channel.change", text_printf(&scope->arena, "channel %s", channel->name),
                 {"cost_micros", text_printf(&scope->arena, "%" PRId64, terms->cost_micros)},
                 {"rate", text_printf(&scope->arena, "%d", terms->rate_per_second)});
}

code channel_http_change(struct scope *scope, const struct request *request,
                         struct response *response) {
    const struct channel *channel;
    struct channel_terms terms;
    struct terms_request wanted;

    TRY(channel_named(scope, request_text(request, "name"), &channel));
    TRY(channel_terms_read(scope, channel, &terms));
    wanted = (struct terms_request){(double)terms.cost_micros / 1e6, terms.rate_per_second};
    TRY(json_read_record(scope, request->body, terms_fields, COUNT_OF(terms_fields), &wanted));
    if (!(wanted.cost >= 0 && wanted.cost < 1e6))
        return scope_fail_field(scope, INVALID, "cost", "%g is no cost of a message", wanted.cost);
    terms.cost_micros = (int64_t)(wanted.cost * 1e6 + 0.5);
    terms.rate_per_second = wanted.rate;
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, change_terms(scope, channel, &terms)));
    return channel_http_list(scope, request, response);
}
