// SPDX-License-Identifier: Apache-2.0
// From a version to programs, from programs and a customer to a message.
#include "push/template/html_text.h"
#include "push/template/program.h"

#include "store/setting.h"

#include <stdlib.h>

// ---- compiling ----

static code compile_part(struct scope *scope, struct text source, enum liquid_kind kind,
                         const char *field, struct liquid_fault *ret_fault,
                         const struct liquid_program **ret_program) {
    struct liquid_fault fault;

    if (source.size == 0)
        return OK;
    if (liquid_compile(scope, source, kind, template_declarations, &fault, ret_program) == OK)
        return OK;
    if (ret_fault)
        *ret_fault = fault;
    scope_forgive(scope);
    return scope_fail_field(scope, INVALID, field, "line %d, column %d: %s", fault.line,
                            fault.column, fault.message);
}

// One content gives coupons of one series, whichever of its parts names it.
static code join_series(struct scope *scope, const char *prefix, struct template_parts *parts) {
    const struct liquid_program *programs[] = {parts->subject, parts->html, parts->text};

    for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++) {
        const struct text series =
            programs[i] ? liquid_coupon_series(programs[i]) : (struct text){0};

        if (series.size > 0 && parts->coupon_series.size > 0 &&
            !text_equal(series, parts->coupon_series))
            return scope_fail_field(scope, INVALID, arena_printf(&scope->arena, "%stext", prefix),
                                    "coupons of two series, \"%.*s\" and \"%.*s\", in one message",
                                    TEXT_ARG(parts->coupon_series), TEXT_ARG(series));
        if (series.size > 0)
            parts->coupon_series = series;
    }
    return OK;
}

static code compile_content(struct scope *scope, const struct template_content *content,
                            enum template_kind kind, const char *prefix,
                            struct liquid_fault *ret_fault, struct template_parts *parts) {
    struct arena *arena = &scope->arena;

    parts->language = text_copy(arena, content->language);
    parts->segment = text_copy(arena, content->segment);
    TRY(compile_part(scope, content->subject, LIQUID_KIND_HEADER,
                     arena_printf(arena, "%ssubject", prefix), ret_fault, &parts->subject));
    if (kind == TEMPLATE_LETTER) // it has no HTML, and none of its text is made from HTML
        return compile_part(scope, content->text, LIQUID_KIND_LETTER,
                            arena_printf(arena, "%stext", prefix), ret_fault, &parts->text);
    TRY(compile_part(scope, content->html, LIQUID_KIND_HTML, arena_printf(arena, "%shtml", prefix),
                     ret_fault, &parts->html));
    TRY(compile_part(scope, content->text,
                     kind == TEMPLATE_WEBHOOK ? LIQUID_KIND_JSON : LIQUID_KIND_TEXT,
                     arena_printf(arena, "%stext", prefix), ret_fault, &parts->text));
    return join_series(scope, prefix, parts);
}

static void note_needs(struct template_needs *needs, const struct template_parts *parts) {
    const struct liquid_program *programs[] = {parts->subject, parts->html, parts->text};

    needs->segments |= parts->segment.size > 0;
    for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++) {
        const struct liquid_program *program = programs[i];

        if (!program)
            continue;
        needs->totals |= liquid_names(program, "purchases") || liquid_names(program, "spent");
        needs->last_sale |= liquid_names(program, "last_sale");
        needs->segments |= liquid_names(program, "segments");
        needs->numbers |= liquid_names(program, "number");
        needs->coupon_pictures |= liquid_names(program, "qr") || liquid_names(program, "bars");
        needs->scores |= liquid_names(program, "persona") || liquid_names(program, "churn") ||
                         liquid_names(program, "lifetime_value");
    }
}

code template_compile(struct scope *scope, const struct template_version *version,
                      struct liquid_fault *ret_fault, const struct template_program **ret) {
    struct template_program *program = arena_alloc(&scope->arena, sizeof(*program));

    program->kind = version->kind;
    TRY(compile_content(scope, &version->content, version->kind, "", ret_fault, &program->content));
    note_needs(&program->needs, &program->content);
    for (size_t i = 0; i < version->variant_count; i++) {
        struct template_parts *parts = &program->variants[i];

        TRY(compile_content(scope, &version->variants[i], version->kind,
                            arena_printf(&scope->arena, "variants[%zu].", i), ret_fault, parts));
        note_needs(&program->needs, parts);
    }
    program->variant_count = version->variant_count;
    *ret = program;
    return OK;
}

code template_open(struct scope *scope, int64_t version_id, const struct template_program **ret) {
    struct template_version version;

    TRY(template_find_version(scope, version_id, &version));
    return template_compile(scope, &version, NULL, ret);
}

bool template_has_html(const struct template_program *program) {
    return program->content.html != NULL;
}

struct text template_coupon_series(const struct template_program *program, size_t content) {
    const struct text series = content == 0 ? program->content.coupon_series
                               : content <= program->variant_count
                                   ? program->variants[content - 1].coupon_series
                                   : (struct text){0};

    return content <= program->variant_count && series.size == 0 ? TEXT("") : series;
}

bool template_shows_coupon_pictures(const struct template_program *program) {
    return program->needs.coupon_pictures;
}

// ---- a renderer ----

struct template_renderer {
    struct liquid_renderer *liquid;
    struct buffer subject, html, text;
    char zone[64], currency[4];
    struct liquid_member roots[ROOT_MEMBERS];
    struct liquid_member coupon[COUPON_MEMBERS];
    struct liquid_member message[MESSAGE_MEMBERS];
    struct liquid_member sender[SENDER_MEMBERS];
};

code template_renderer_new(struct scope *scope, struct template_renderer **ret_renderer) {
    struct template_renderer *renderer;
    struct settings settings;

    TRY(settings_load(scope, &settings));
    renderer = calloc(1, sizeof(*renderer));
    if (!renderer)
        abort();
    renderer->liquid = liquid_renderer_new();
    if (settings.zone.size < sizeof(renderer->zone) && settings.zone.size > 0)
        memcpy(renderer->zone, settings.zone.data, settings.zone.size);
    if (settings.currency.size == 3)
        memcpy(renderer->currency, settings.currency.data, 3);
    template_name_members(renderer->roots, template_declarations);
    template_name_members(renderer->coupon, template_declarations[ROOT_COUPON].members);
    template_name_members(renderer->message, template_declarations[ROOT_MESSAGE].members);
    template_name_members(renderer->sender, template_declarations[ROOT_SENDER].members);
    *ret_renderer = renderer;
    return OK;
}

void template_renderer_free(struct template_renderer *renderer) {
    if (!renderer)
        return;
    liquid_renderer_free(renderer->liquid);
    buffer_clear(&renderer->subject);
    buffer_clear(&renderer->html);
    buffer_clear(&renderer->text);
    free(renderer);
}

// ---- a message ----

static void set_values(struct template_renderer *renderer, const struct template_person *person,
                       const struct template_message *message) {
    struct liquid_member *roots = renderer->roots;

    renderer->coupon[COUPON_CODE].value = liquid_text_or_nil(message->coupon_code);
    renderer->coupon[COUPON_VALUE].value = liquid_text_or_nil(message->coupon_value);
    renderer->coupon[COUPON_EXPIRES].value = message->coupon_expires_day != INT32_MIN
                                                 ? liquid_day(message->coupon_expires_day)
                                                 : (struct liquid_value){.type = LIQUID_NIL};
    renderer->coupon[COUPON_QR].value = liquid_text_or_nil(message->coupon_qr_url);
    renderer->coupon[COUPON_BARS].value = liquid_text_or_nil(message->coupon_bars_url);
    renderer->message[MESSAGE_CAMPAIGN].value = liquid_text_or_nil(message->campaign);
    renderer->message[MESSAGE_PREFERENCE_URL].value = liquid_text_or_nil(message->preference_url);
    renderer->message[MESSAGE_UNSUBSCRIBE_URL].value = liquid_text_or_nil(message->unsubscribe_url);
    renderer->message[MESSAGE_VIEW_URL].value = liquid_text_or_nil(message->view_url);
    renderer->message[MESSAGE_DAY].value = liquid_day(message->day);
    renderer->sender[SENDER_NAME].value = liquid_text_or_nil(message->sender);
    renderer->sender[SENDER_ADDRESS].value = liquid_text_or_nil(message->sender_address);
    roots[ROOT_CUSTOMER].value = liquid_object(person->customer, CUSTOMER_MEMBERS);
    roots[ROOT_LAST_SALE].value = person->has_sale
                                      ? liquid_object(person->last_sale, LAST_SALE_MEMBERS)
                                      : (struct liquid_value){.type = LIQUID_NIL};
    roots[ROOT_RECOMMENDATIONS].value = liquid_list(NULL, 0);
    roots[ROOT_COUPON].value = liquid_object(renderer->coupon, COUPON_MEMBERS);
    roots[ROOT_MESSAGE].value = liquid_object(renderer->message, MESSAGE_MEMBERS);
    roots[ROOT_SENDER].value = liquid_object(renderer->sender, SENDER_MEMBERS);
}

static struct text language_of(const struct template_person *person) {
    const struct liquid_value value = person->customer[CUSTOMER_LANGUAGE].value;

    return value.type == LIQUID_TEXT ? (struct text){value.data, value.count} : TEXT("");
}

// "de" is that of "de", "de-AT" and "DE_at".
static bool speaks(struct text customer, struct text variant) {
    if (variant.size == 0)
        return true;
    return customer.size >= variant.size &&
           text_equal_ascii_case((struct text){customer.data, variant.size}, variant) &&
           (customer.size == variant.size || customer.data[variant.size] == '-' ||
            customer.data[variant.size] == '_');
}

static bool is_member(const struct template_person *person, struct text segment) {
    for (uint32_t i = 0; i < person->segment_count; i++)
        if (text_equal((struct text){person->segments[i].data, person->segments[i].count}, segment))
            return true;
    return segment.size == 0;
}

static int choose(const struct template_program *program, const struct template_person *person) {
    for (size_t i = 0; i < program->variant_count; i++)
        if (speaks(language_of(person), program->variants[i].language) &&
            is_member(person, program->variants[i].segment))
            return (int)i;
    return -1;
}

struct text template_person_coupon_series(const struct template_program *program,
                                          const struct template_people *people, size_t index) {
    const int variant = choose(program, &people->persons[index]);
    const struct text own = template_coupon_series(program, (size_t)(variant + 1));

    return own.size > 0 ? own : program->content.coupon_series;
}

static code render_part(struct scope *scope, struct template_renderer *renderer,
                        const struct liquid_program *own, const struct liquid_program *common,
                        const char *field, struct buffer *out) {
    const struct liquid_program *program = own ? own : common;
    const struct liquid_value values = liquid_object(renderer->roots, ROOT_MEMBERS);
    char words[sizeof(scope->failure.message)];

    out->size = 0;
    if (!program || liquid_render(scope, renderer->liquid, program, values, out) == OK)
        return OK;
    memcpy(words, scope->failure.message, sizeof(words));
    scope_forgive(scope);
    return scope_fail_field(scope, TOO_LARGE, field, "%s", words);
}

code template_render(struct scope *scope, struct template_renderer *renderer,
                     const struct template_program *program, struct template_people *people,
                     size_t index, const struct template_message *message,
                     struct template_output *ret_output) {
    const struct template_person *person = &people->persons[index];
    const int variant = choose(program, person);
    const struct template_parts *common = &program->content;
    const struct template_parts *own = variant >= 0 ? &program->variants[variant] : common;
    const struct liquid_settings settings = {
        .language = language_of(person),
        .currency = text_of(renderer->currency),
        .zone = text_of(renderer->zone),
        .rewrite_link = message->rewrite_link,
        .rewrite_context = message->rewrite_context,
    };

    TRY(liquid_renderer_set(scope, renderer->liquid, &settings));
    set_values(renderer, person, message);
    TRY(render_part(scope, renderer, own->subject, common->subject, "subject", &renderer->subject));
    TRY(render_part(scope, renderer, own->html, common->html, "html", &renderer->html));
    // Text of another language or segment than the HTML would be somebody else's.
    TRY(render_part(scope, renderer, own->text, own->html && own != common ? NULL : common->text,
                    "text", &renderer->text));
    if (renderer->text.size == 0 && renderer->html.size > 0)
        html_to_text(buffer_text(&renderer->html), &renderer->text);
    *ret_output = (struct template_output){.subject = buffer_text(&renderer->subject),
                                           .html = buffer_text(&renderer->html),
                                           .text = buffer_text(&renderer->text),
                                           .variant = variant};
    return OK;
}
