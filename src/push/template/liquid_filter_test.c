// SPDX-License-Identifier: Apache-2.0
#include "push/template/liquid_testing.h"

struct golden {
    const char *source, *shown;
};

static const char values[] =
    "{\"text\": \"Grüße, Ada\", \"n\": 5, \"list\": [3, 1, 2, 1], \"nothing\": null, \"no\": false,"
    " \"words\": [\"b\", \"A\", \"c\"], \"html\": \"<b>bold</b> & <!-- x --> plain<br>\","
    " \"items\": [{\"name\": \"Shoe\", \"price\": 20, \"kind\": \"wear\"},"
    "             {\"name\": \"apple\", \"price\": 3.5, \"kind\": \"food\"},"
    "             {\"name\": \"Bread\", \"price\": 2, \"kind\": \"food\"}],"
    " \"day\": \"2026-03-09\", \"at\": \"2026-01-05T13:04:05Z\"}";

static void check_all(struct scope *scope, const struct golden *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *source = arena_printf(&scope->arena, "{{ %s }}", cases[i].source);
        const char *shown = liquid_shown(scope, LIQUID_KIND_TEXT, source, values);

        if (strcmp(shown, cases[i].shown) != 0)
            test_fail(__FILE__, __LINE__, "%s\n  is   \"%s\"\n  not  \"%s\"", source, shown,
                      cases[i].shown);
    }
}
#define CHECK_ALL(cases) check_all(scope, cases, sizeof(cases) / sizeof(*(cases)))

TEST(liquid_filters_of_texts) {
    static const struct golden cases[] = {
        {"text | append: '!'", "Grüße, Ada!"},
        {"text | prepend: '¡'", "¡Grüße, Ada"},
        {"text | upcase", "GRÜßE, ADA"},
        {"text | downcase", "grüße, ada"},
        {"'my GREAT title' | capitalize", "My great title"},
        {"'  a b ' | strip | append: '.'", "a b."},
        {"'  a ' | lstrip | append: '.'", "a ."},
        {"'  a ' | rstrip | append: '.'", "  a."},
        {"'a.b.c' | replace: '.', '--'", "a--b--c"},
        {"'a.b.c' | replace_first: '.', '-'", "a-b.c"},
        {"'a.b.c' | replace_last: '.', '-'", "a.b-c"},
        {"'a.b.c' | remove: '.'", "abc"},
        {"'a.b.c' | remove_first: '.'", "ab.c"},
        {"'a.b.c' | remove_last: '.'", "a.bc"},
        {"'abc' | replace: '', 'x'", "abc"},
        {"'Ground control to Major Tom.' | truncate: 20", "Ground control to..."},
        {"'Ground control to Major Tom.' | truncate: 25, ', and so on'",
         "Ground control, and so on"},
        {"'Ground control to Major Tom.' | truncate: 20, ''", "Ground control to Ma"},
        {"'Ground control to Major Tom.' | truncatewords: 3", "Ground control to..."},
        {"'Ground control to Major Tom.' | truncatewords: 3, '--'", "Ground control to--"},
        {"'Ground control to Major Tom.' | truncatewords: 9", "Ground control to Major Tom."},
        {"text | slice: 0", "G"},
        {"text | slice: 2, 3", "üße"},
        {"text | slice: -3, 2", "Ad"},
        {"text | slice: 99, 2", ""},
        {"text | size", "10"},
        {"'a,b,,c,,' | split: ',' | join: '|'", "a|b||c"},
        {"'äbc' | split: '' | join: '|'", "ä|b|c"},
        {"'Tetsuro Takara' | url_encode", "Tetsuro+Takara"},
        {"'%27Stop%21%27+said+Fred' | url_decode", "'Stop!' said Fred"},
        {"'%ff' | url_decode", "%ff"},
        {"'one two three' | base64_encode", "b25lIHR3byB0aHJlZQ=="},
        {"'b25lIHR3byB0aHJlZQ==' | base64_decode", "one two three"},
        {"nothing | default: 'x'", "x"},
        {"'' | default: 'x'", "x"},
        {"no | default: 'x'", "x"},
        {"no | default: 'x', allow_false: true", "false"},
        {"n | default: 'x'", "5"},
        {"html | strip_html", "bold &  plain"},
        {"items.first | json", "{\"name\":\"Shoe\",\"price\":20,\"kind\":\"wear\"}"},
        {"1 | pluralize: 'item', 'items'", "item"},
        {"n | pluralize: 'item', 'items'", "items"},
    };

    CHECK_ALL(cases);
}

TEST(liquid_filters_of_lists) {
    static const struct golden cases[] = {
        {"list | sort | join: ' '", "1 1 2 3"},
        {"list | uniq | join: ' '", "3 1 2"},
        {"list | reverse | join: ' '", "1 2 1 3"},
        {"list | sum", "7"},
        {"list | concat: words | join: ''", "3121bAc"},
        {"list | first", "3"},
        {"list | last", "1"},
        {"list | slice: 1, 2 | join: ' '", "1 2"},
        {"words | sort | join: ''", "Abc"},
        {"words | sort_natural | join: ''", "Abc"},
        {"items | map: 'name' | join: ','", "Shoe,apple,Bread"},
        {"items | sort: 'price' | map: 'name' | join: ','", "Bread,apple,Shoe"},
        {"items | sort_natural: 'name' | map: 'name' | join: ','", "apple,Bread,Shoe"},
        {"items | sort: 'name' | map: 'name' | join: ','", "Bread,Shoe,apple"},
        {"items | where: 'kind', 'food' | map: 'name' | join: ','", "apple,Bread"},
        {"items | reject: 'kind', 'food' | map: 'name' | join: ','", "Shoe"},
        {"items | where: 'price' | size", "3"},
        {"items | sum: 'price'", "25.5"},
        {"items | uniq: 'kind' | map: 'name' | join: ','", "Shoe,apple"},
        {"items | has: 'kind', 'food'", "true"},
        {"items | find_index: 'kind', 'food'", "1"},
        {"items | map: 'none' | compact | size", "0"},
        {"(1..5) | reverse | join: ''", "54321"},
        {"nothing | sort | size", "0"},
    };

    CHECK_ALL(cases);
}

TEST(liquid_filters_of_numbers) {
    static const struct golden cases[] = {
        {"-17 | abs", "17"},
        {"'-19.86' | abs", "19.86"},
        {"4 | at_least: 5", "5"},
        {"4 | at_most: 3", "3"},
        {"1.2 | ceil", "2"},
        {"1.2 | floor", "1"},
        {"'3.4' | ceil", "4"},
        {"4 | plus: 2", "6"},
        {"183.357 | plus: 12", "195.357"},
        {"16 | minus: 4", "12"},
        {"3 | times: 2", "6"},
        {"183.357 | times: 12", "2200.284"},
        {"16 | divided_by: 4", "4"},
        {"5 | divided_by: 3", "1"},
        {"-5 | divided_by: 3", "-2"},
        {"20 | divided_by: 7.0", "2.857142857142857"},
        {"3 | modulo: 2", "1"},
        {"'-9223372036854775808' | modulo: 3", "1"},
        {"'-9223372036854775808' | modulo: -1", "0"},
        {"-7 | modulo: 3", "2"},
        {"7 | modulo: -3", "-2"},
        {"183.357 | modulo: 12 | round: 3", "3.357"},
        {"1.2 | round", "1"},
        {"2.7 | round", "3"},
        {"183.357 | round: 2", "183.36"},
        {"9223372036854775807 | plus: 1 | round", "9223372036854775808"},
        {"1234567 | number", "1,234,567"},
        {"1234.5 | number: 2", "1,234.50"},
        {"1234.5 | money", "€1,234.50"},
        {"-1234.5 | money: 'USD'", "-$1,234.50"},
        {"1234.5 | money: 'CHF'", "CHF\xC2\xA0"
                                  "1,234.50"},
        {"0.125 | percent: 1", "12.5%"},
    };

    CHECK_ALL(cases);
}

TEST(liquid_dates_are_written_in_the_zone) {
    static const struct golden cases[] = {
        {"day | date: '%a, %b %d, %y'", "Mon, Mar 09, 26"},
        {"day | date: '%Y-%m-%d %H:%M'", "2026-03-09 00:00"},
        {"day | date: '%-d. %B %Y, week %V, day %j'", "9. March 2026, week 11, day 068"},
        {"at | date: '%H:%M:%S %z %I %p %s'", "14:04:05 +0100 02 PM 1767618245"},
        {"at | date: '%H:%M', 0", "13:04"},
        {"at | date: '%x %e %^b %%'", "5 January 2026  5 JAN %"},
        {"0 | date: '%F %T'", "1970-01-01 01:00:00"},
        {"'no date' | date: '%Y'", "no date"},
        {"nothing | date: '%Y'", ""},
    };

    CHECK_ALL(cases);
}

TEST(liquid_numbers_and_dates_follow_the_language) {
    static const struct {
        const char *language, *shown;
    } cases[] = {
        {"de", "1.234,50\xC2\xA0€ 9. März 2026 Mo"},
        {"de-CH", "€\xC2\xA0"
                  "1’234.50 9. März 2026 Mo"},
        {"de-AT", "€\xC2\xA0"
                  "1\xC2\xA0"
                  "234,50 9. März 2026 Mo"},
        {"fr", "1\xE2\x80\xAF"
               "234,50\xC2\xA0€ 9 mars 2026 lun."},
        {"nl_BE", "€\xC2\xA0"
                  "1.234,50 9 maart 2026 ma"},
        {"en-US", "€1,234.50 March 9, 2026 Mon"},
        {"xx", "€1,234.50 9 March 2026 Mon"},
    };
    CLEANUP(liquid_renderer_close) struct liquid_renderer *renderer = liquid_renderer_new();
    const struct liquid_program *program;

    CHECK_OK(liquid_compile(scope,
                            TEXT("{{ 1234.5 | money: 'EUR' }} {{ '2026-03-09' | date: '%x %a' }}"),
                            LIQUID_KIND_TEXT, NULL, NULL, &program));
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const struct liquid_settings settings = {.language = text_of(cases[i].language)};
        CLEANUP(buffer_clear) struct buffer out = {0};

        CHECK_OK(liquid_renderer_set(scope, renderer, &settings));
        CHECK_OK(liquid_render(scope, renderer, program, liquid_object(NULL, 0), &out));
        CHECK_TEXT(buffer_text(&out), cases[i].shown);
    }
}

TEST(what_is_less_than_two_is_one_in_french) {
    static const struct {
        const char *language, *shown;
    } cases[] = {{"fr", "article article articles"}, {"en", "articles article articles"}};
    CLEANUP(liquid_renderer_close) struct liquid_renderer *renderer = liquid_renderer_new();
    const struct liquid_program *program;

    CHECK_OK(liquid_compile(scope,
                            TEXT("{{ 0 | pluralize: 'article', 'articles' }} "
                                 "{{ 1 | pluralize: 'article', 'articles' }} "
                                 "{{ 2 | pluralize: 'article', 'articles' }}"),
                            LIQUID_KIND_TEXT, NULL, NULL, &program));
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const struct liquid_settings settings = {.language = text_of(cases[i].language)};
        CLEANUP(buffer_clear) struct buffer out = {0};

        CHECK_OK(liquid_renderer_set(scope, renderer, &settings));
        CHECK_OK(liquid_render(scope, renderer, program, liquid_object(NULL, 0), &out));
        CHECK_TEXT(buffer_text(&out), cases[i].shown);
    }
}

TEST(every_filter_and_tag_that_editors_offer_is_one) {
    for (const struct liquid_word *word = liquid_filters; word->name; word++) {
        const char *source = arena_printf(&scope->arena, "{{ 'x' | %s }}", word->usage);
        const struct liquid_program *program;

        if (liquid_compile(scope, text_of(source), LIQUID_KIND_TEXT, NULL, NULL, &program) != OK)
            CHECK(strstr(scope->failure.message, "there is no filter") == NULL);
        scope_forgive(scope);
    }
}
