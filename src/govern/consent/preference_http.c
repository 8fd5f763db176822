// SPDX-License-Identifier: Apache-2.0
#include "govern/consent/preference_http.h"

#include "base/time.h"
#include "govern/consent/form.h"
#include "govern/consent/page_http.h"
#include "govern/consent/preference.h"

#include <inttypes.h>

const struct route_parameter page_parameters[] = {
    {.name = "lang", .type = PARAMETER_TEXT, .help = "language of the page: en, fr, de, nl"},
    PARAMETERS_END,
};
const struct route_answer page_answer = {
    .type = ANSWER_FILE,
    .help = "a page in HTML",
};

// A request for a page: whom its link means, and in which language.
struct visit {
    struct preference_token token;
    struct preference_person person;
    struct page page;
    struct text path;
};

static code write_problem(struct scope *scope, struct page *page, enum page_word title,
                          enum page_word words, int status) {
    scope_forgive(scope);
    TRY(page_begin(scope, page, title));
    page_paragraph(page, "", words, NULL);
    page_html(page, "</main>\n</body>\n</html>\n");
    page->response->status = status;
    return OK;
}

// *ret_is_good is false when the link is none of ours: the page that says so is written.
static code begin_visit(struct scope *scope, const struct request *request,
                        struct response *response, enum preference_kind kind, struct visit *visit,
                        bool *ret_is_good) {
    const struct text asked = request_text(request, "lang");
    const struct text token = request_text(request, "token");
    code result = preference_token_read(scope, kind, token, &visit->token);

    visit->page = (struct page){response, page_language_find(asked)};
    visit->path = text_printf(&scope->arena, "/%s/%.*s",
                              kind == PREFERENCE_UNSUBSCRIBE ? "u"
                              : kind == PREFERENCE_CENTRE    ? "c"
                                                             : "o",
                              TEXT_ARG(token));
    *ret_is_good = result == OK;
    if (result == NOT_FOUND)
        return write_problem(scope, &visit->page, WORD_BAD_LINK, WORD_BAD_LINK_HELP, 404);
    TRY(result);
    TRY(preference_person(scope, &visit->token, &visit->person));
    if (asked.size == 0)
        visit->page.language = page_language_find(visit->person.language);
    return OK;
}

// The title of the purpose in the language of the page; its name when it is described nowhere.
static code values_of(struct scope *scope, const struct visit *visit, struct page_values *values) {
    struct purpose purpose;

    values->purpose = visit->token.purpose;
    values->channel = page_channel(&visit->page, consent_channel_find(visit->token.channel));
    if (purpose_find(scope, visit->token.purpose, &purpose) == OK)
        values->purpose = purpose_words(&purpose, text_of(visit->page.language->name)).title;
    else if (scope->failure.code == NOT_FOUND)
        scope_forgive(scope);
    else
        return scope->failure.code;
    return OK;
}

static void begin_form(struct visit *visit) {
    page_html(&visit->page, "<form method=\"post\" action=\"");
    page_text(&visit->page, visit->path);
    page_html(&visit->page, "?lang=");
    page_html(&visit->page, visit->page.language->name);
    page_html(&visit->page, "\">\n");
}

static void write_button(struct page *page, const char *name, const char *value, const char *kind,
                         enum page_word word) {
    page_html(page, "<button class=\"");
    page_html(page, kind);
    page_html(page, "\" type=\"submit\" name=\"");
    page_html(page, name);
    page_html(page, "\" value=\"");
    page_html(page, value);
    page_html(page, "\">");
    page_word(page, word, NULL);
    page_html(page, "</button>\n");
}

// ---- unsubscribe ----

#define ONE_CLICK_NAME  "List-Unsubscribe"
#define ONE_CLICK_VALUE "One-Click"

// A link that names no purpose takes all marketing back.
static void write_unsubscribe_words(struct visit *visit, const struct page_values *values,
                                    const char *kind, bool is_done) {
    if (visit->token.purpose.size == 0)
        page_paragraph(&visit->page, kind, is_done ? WORD_ALL_OFF_DONE : WORD_ALL_OFF_HELP, values);
    else
        page_paragraph(&visit->page, kind, is_done ? WORD_UNSUBSCRIBE_DONE : WORD_UNSUBSCRIBE_ASK,
                       values);
}

code preference_http_unsubscribe(struct scope *scope, const struct request *request,
                                 struct response *response) {
    struct page_values values = {0};
    struct visit visit = {0};
    bool is_good;

    TRY(begin_visit(scope, request, response, PREFERENCE_UNSUBSCRIBE, &visit, &is_good));
    if (!is_good)
        return OK;
    TRY(values_of(scope, &visit, &values));
    TRY(page_begin(scope, &visit.page, WORD_UNSUBSCRIBE));
    write_unsubscribe_words(&visit, &values, "", false);
    begin_form(&visit);
    write_button(&visit.page, ONE_CLICK_NAME, ONE_CLICK_VALUE, "", WORD_UNSUBSCRIBE);
    page_html(&visit.page, "</form>\n");
    page_end(&visit.page, visit.path);
    return OK;
}

// A form that cannot be read asks for nothing.
static code read_form(struct scope *scope, const struct request *request, struct form *form) {
    *form = (struct form){0};
    if (form_parse(scope, request->bytes, form) == OK)
        return OK;
    if (scope->failure.code != INVALID && scope->failure.code != TOO_LARGE)
        return scope->failure.code;
    *form = (struct form){0};
    scope_forgive(scope);
    return OK;
}

code preference_http_unsubscribe_now(struct scope *scope, const struct request *request,
                                     struct response *response) {
    struct page_values values = {0};
    struct visit visit = {0};
    struct form form;
    bool is_good;

    TRY(begin_visit(scope, request, response, PREFERENCE_UNSUBSCRIBE, &visit, &is_good));
    if (!is_good)
        return OK;
    TRY(read_form(scope, request, &form));
    if (!text_equal_ascii_case(form_value(&form, ONE_CLICK_NAME), TEXT(ONE_CLICK_VALUE)))
        return write_problem(scope, &visit.page, WORD_UNSUBSCRIBE, WORD_NOT_DONE, 400);
    TRY(preference_unsubscribe(scope, &visit.token,
                               request_has(request, "lang") ? "unsubscribe_page" : "one_click"));
    TRY(values_of(scope, &visit, &values));
    TRY(page_begin(scope, &visit.page, WORD_UNSUBSCRIBE));
    write_unsubscribe_words(&visit, &values, "done", true);
    page_end(&visit.page, visit.path);
    return OK;
}

// ---- the preference centre ----

static void write_state(struct scope *scope, struct visit *visit,
                        const struct preference_choice *choice) {
    const struct text language = text_of(visit->page.language->name);
    struct page_values values = {.text = choice->agreed};
    char date[TIME_TEXT_SIZE];

    if (choice->is_pending) {
        page_paragraph(&visit->page, "soft", WORD_WAITS, NULL);
    } else if (choice->is_on && choice->agreed.size > 0) {
        values.date = text_printf(&scope->arena, "%.10s", time_format_utc(choice->since_us, date));
        page_paragraph(&visit->page, "soft", WORD_AGREED, &values);
    } else if (!choice->is_on && choice->use.basis == BASIS_CONSENT) {
        values.text = purpose_words(choice->purpose, language).text;
        page_paragraph(&visit->page, "soft", WORD_NOTHING_SAID, &values);
    }
}

static void write_choice(struct scope *scope, struct visit *visit,
                         const struct preference_choice *choice, size_t index) {
    struct page *page = &visit->page;
    const char *id = arena_printf(&scope->arena, "choice-%zu", index);

    page_html(page, "<li><input type=\"hidden\" name=\"shown\" value=\"");
    page_text(page, choice->name);
    page_html(page, "\"><label><input type=\"checkbox\" name=\"on\" value=\"");
    page_text(page, choice->name);
    page_html(page, "\" id=\"");
    page_html(page, id);
    page_html(page, choice->is_on || choice->is_pending ? "\" checked><span>" : "\"><span>");
    page_text(page, purpose_words(choice->purpose, text_of(page->language->name)).title);
    page_html(page, " ");
    page_text(page, page_channel(page, choice->channel));
    page_html(page, "</span></label>");
    write_state(scope, visit, choice);
    page_html(page, "</li>\n");
}

static void write_choices(struct scope *scope, struct visit *visit,
                          const struct preference_choices *choices) {
    struct page *page = &visit->page;

    begin_form(visit);
    for (size_t i = 0; i < choices->count; i++) {
        const struct preference_choice *choice = &choices->list[i];

        if (i == 0 || choice->purpose != choice[-1].purpose) {
            const struct purpose_words words =
                purpose_words(choice->purpose, text_of(page->language->name));

            page_html(page, i > 0 ? "</ul>\n<h2>" : "<h2>");
            page_text(page, words.title);
            page_html(page, "</h2>\n<p class=\"soft\">");
            page_text(page, words.explanation);
            page_html(page, "</p>\n<ul>\n");
        }
        write_choice(scope, visit, choice, i);
    }
    page_html(page, choices->count > 0 ? "</ul>\n" : "");
    write_button(page, "do", "save", "", WORD_SAVE);
    page_html(page, "</form>\n<section>\n");
    begin_form(visit);
    page_paragraph(page, "", WORD_ALL_OFF_HELP, NULL);
    write_button(page, "do", "all_off", "plain", WORD_ALL_OFF);
    page_html(page, "</form>\n</section>\n");
}

// PAGE_WORD_COUNT: nothing was done.
static code write_centre(struct scope *scope, struct visit *visit, enum page_word done) {
    struct preference_choices choices = {0};

    if (visit->person.is_known)
        TRY(preference_choices(scope, &visit->person, &choices));
    TRY(page_begin(scope, &visit->page, WORD_PREFERENCES));
    if (done != PAGE_WORD_COUNT)
        page_paragraph(&visit->page, "done", done, NULL);
    page_paragraph(&visit->page, "", WORD_PREFERENCES_HELP, NULL);
    write_choices(scope, visit, &choices);
    page_end(&visit->page, visit->path);
    return OK;
}

code preference_http_centre(struct scope *scope, const struct request *request,
                            struct response *response) {
    struct visit visit = {0};
    bool is_good;

    TRY(begin_visit(scope, request, response, PREFERENCE_CENTRE, &visit, &is_good));
    return is_good ? write_centre(scope, &visit, PAGE_WORD_COUNT) : OK;
}

static bool form_has(const struct form *form, const char *name, struct text value) {
    for (size_t i = 0; i < form->count; i++)
        if (text_is(form->fields[i].name, name) && text_equal(form->fields[i].value, value))
            return true;
    return false;
}

static code save_form(struct scope *scope, const struct visit *visit, const struct form *form) {
    struct preference_wish *wishes = arena_array(&scope->arena, form->count + 1, sizeof(*wishes));
    size_t count = 0;

    for (size_t i = 0; i < form->count; i++)
        if (text_is(form->fields[i].name, "shown"))
            wishes[count++] = (struct preference_wish){form->fields[i].value,
                                                       form_has(form, "on", form->fields[i].value)};
    return preference_save(scope, &visit->token, wishes, count,
                           text_of(visit->page.language->name));
}

static code choose(struct scope *scope, const struct visit *visit, const struct form *form,
                   enum page_word *ret_done) {
    *ret_done = PAGE_WORD_COUNT;
    if (!visit->person.is_known)
        return OK;
    if (text_is(form_value(form, "do"), "all_off")) {
        *ret_done = WORD_ALL_OFF_DONE;
        return preference_all_off(scope, &visit->token);
    }
    if (!text_is(form_value(form, "do"), "save"))
        return OK;
    *ret_done = WORD_SAVED;
    return save_form(scope, visit, form);
}

code preference_http_choose(struct scope *scope, const struct request *request,
                            struct response *response) {
    struct visit visit = {0};
    enum page_word done;
    struct form form;
    bool is_good;

    TRY(begin_visit(scope, request, response, PREFERENCE_CENTRE, &visit, &is_good));
    if (!is_good)
        return OK;
    TRY(read_form(scope, request, &form));
    if (choose(scope, &visit, &form, &done) != OK) {
        if (scope->failure.code != BUSY || scope->failure.retry_after_s == 0)
            return scope->failure.code;
        return write_problem(scope, &visit.page, WORD_PREFERENCES, WORD_TOO_OFTEN, 429);
    }
    return write_centre(scope, &visit, done);
}

// ---- double opt-in ----

code preference_http_confirm(struct scope *scope, const struct request *request,
                             struct response *response) {
    struct page_values values = {0};
    struct visit visit = {0};
    bool is_good;

    TRY(begin_visit(scope, request, response, PREFERENCE_CONFIRM, &visit, &is_good));
    if (!is_good)
        return OK;
    TRY(values_of(scope, &visit, &values));
    TRY(page_begin(scope, &visit.page, WORD_CONFIRM));
    page_paragraph(&visit.page, "", WORD_CONFIRM_ASK, &values);
    begin_form(&visit);
    write_button(&visit.page, "do", "confirm", "", WORD_CONFIRM);
    page_html(&visit.page, "</form>\n");
    page_end(&visit.page, visit.path);
    return OK;
}

code preference_http_confirm_now(struct scope *scope, const struct request *request,
                                 struct response *response) {
    struct page_values values = {0};
    struct visit visit = {0};
    bool is_good, is_confirmed;
    struct form form;

    TRY(begin_visit(scope, request, response, PREFERENCE_CONFIRM, &visit, &is_good));
    if (!is_good)
        return OK;
    TRY(read_form(scope, request, &form));
    if (!text_is(form_value(&form, "do"), "confirm"))
        return write_problem(scope, &visit.page, WORD_CONFIRM, WORD_NOT_DONE, 400);
    TRY(preference_confirm(scope, &visit.token, &is_confirmed));
    TRY(values_of(scope, &visit, &values));
    TRY(page_begin(scope, &visit.page, WORD_CONFIRM));
    page_paragraph(&visit.page, "done", is_confirmed ? WORD_CONFIRM_DONE : WORD_CONFIRM_OVER,
                   &values);
    page_end(&visit.page, visit.path);
    return OK;
}
