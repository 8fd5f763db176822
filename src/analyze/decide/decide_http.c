// SPDX-License-Identifier: Apache-2.0
#include "analyze/decide/decide_http.h"

#include "analyze/decide/decide.h"
#include "govern/access/key.h"
#include "store/setting.h"

const struct route_parameter decide_parameters[] = {
    {.name = "id",
     .type = PARAMETER_TEXT,
     .help = "whom: KIND:VALUE, as email:ada@example.org, cookie:…, loyalty_card:…; "
             "customer_number:SOURCE:VALUE",
     .is_required = true},
    PARAMETERS_END,
};

const struct route_answer decide_show_answer = {
    .type = ANSWER_OBJECT,
    .help = "the same for somebody unknown, for who objected and for who is in no segment",
    .members = ANSWER_MEMBERS(
        {.name = "segments", ANSWER_TEXT, "names of the segments they are in", .is_list = true},
        {.name = "traits", ANSWER_OBJECT, "those that the key may be told, as far as known"}),
};

// Traits are told to keys: people have the customer's page.
static code find_traits(struct scope *scope, const struct request *request,
                        struct api_key *ret_key) {
    bool found = false;

    if (!request->client || request->client->key.size == 0)
        return OK;
    TRY(key_find(scope, request->client->key, ret_key, &found));
    if (!found)
        *ret_key = (struct api_key){0}; // revoked a moment ago
    return OK;
}

code decide_http_show(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct decide_question question;
    struct settings settings;
    struct api_key key = {0};

    TRY(settings_load(scope, &settings));
    TRY(decide_parse(scope, request_text(request, "id"), settings.country, &question));
    TRY(find_traits(scope, request, &key));
    return decide_answer(scope, &question, key.traits, key.trait_count, &response->body);
}

bool decide_http_instant(void *context, struct scope *scope, const struct request *request,
                         struct response *response) {
    if (request->parameter_count != 1 || !text_is(request->parameters[0].name, "id") ||
        !request->client || request->client->is_owner || request->client->key.size == 0)
        return false;
    return memory_answer(context, scope, request->client->key, request->parameters[0].value,
                         &response->body);
}

static void write_figure(struct buffer *out, const char *name, const char *type, const char *help,
                         double value) {
    buffer_printf(out, "# HELP tessera_%s %s\n# TYPE tessera_%s %s\ntessera_%s %.15g\n", name, help,
                  name, type, name, value);
}

void decide_http_figures(void *context, struct buffer *out) {
    const struct memory_state state = memory_state(context);

    write_figure(out, "decide_ready", "gauge", "1: answers of decide come out of memory.",
                 state.is_warm);
    write_figure(out, "decide_lag_seconds", "gauge",
                 "Since memory was known to hold all that had happened.",
                 (double)state.behind_us / 1e6);
    write_figure(out, "decide_memory_bytes", "gauge", "What that memory takes.",
                 (double)state.bytes);
    write_figure(out, "decide_customers", "gauge",
                 "Customers in it, those that became others among them.", (double)state.customers);
    write_figure(out, "decide_answers_total", "counter", "Answers out of memory.",
                 (double)state.answered);
    write_figure(out, "decide_passed_on_total", "counter",
                 "Questions that memory left to the ledger.", (double)state.passed_on);
}
