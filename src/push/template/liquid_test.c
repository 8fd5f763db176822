// SPDX-License-Identifier: Apache-2.0
#include "push/template/liquid_testing.h"

#include "base/time.h"
#include "push/template/template.h"

#include <time.h>

// Results of the public reference's examples where it has one for the case.
struct golden {
    const char *source, *shown;
};

static const char values[] =
    "{\"name\": \"Ada\", \"empty_text\": \"\", \"nothing\": null, \"yes\": true, \"no\": false,"
    " \"n\": 5, \"tags\": [\"red\", \"green\", \"blue\"], \"none\": [],"
    " \"products\": [{\"name\": \"Shoe\", \"price\": 20, \"kind\": \"wear\", \"ok\": true},"
    "                {\"name\": \"apple\", \"price\": 3.5, \"kind\": \"food\", \"ok\": false},"
    "                {\"name\": \"Bread\", \"price\": 2, \"kind\": \"food\", \"ok\": true}],"
    " \"customer\": {\"name\": \"Ada\", \"city\": {\"name\": \"Ulm\"}}, \"key\": \"name\"}";

static void check_all(struct scope *scope, enum liquid_kind kind, const struct golden *cases,
                      size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *shown = liquid_shown(scope, kind, cases[i].source, values);

        if (strcmp(shown, cases[i].shown) != 0)
            test_fail(__FILE__, __LINE__, "%s\n  is   \"%s\"\n  not  \"%s\"", cases[i].source,
                      shown, cases[i].shown);
    }
}
#define CHECK_ALL(kind, cases) check_all(scope, kind, cases, sizeof(cases) / sizeof(*(cases)))

TEST(liquid_values_are_written_as_the_reference_says) {
    static const struct golden cases[] = {
        {"plain", "plain"},
        {"", ""},
        {"{{ name }}", "Ada"},
        {"{{name}}", "Ada"},
        {"{{ customer.city.name }}", "Ulm"},
        {"{{ customer[\"city\"]['name'] }}", "Ulm"},
        {"{{ customer[key] }}", "Ada"},
        {"{{ tags[0] }}{{ tags[-1] }}{{ tags.first }}{{ tags.last }}{{ tags.size }}",
         "redblueredblue3"},
        {"{{ tags }}", "redgreenblue"},
        {"{{ nothing }}{{ no }}{{ yes }}", "falsetrue"},
        {"{{ 1 }} {{ -1 }} {{ 1.5 }} {{ 3.0 }} {{ 'a' }} {{ \"b\" }}", "1 -1 1.5 3.0 a b"},
        {"{{ products[1].name }}", "apple"},
        {"{{ products.first.name }}", "Shoe"},
        {"{{ name.size }}", "3"},
        {"{{ (1..3) }}", "1..3"},
        {"{ {} { % {", "{ {} { % {"},
    };

    CHECK_ALL(LIQUID_KIND_TEXT, cases);
}

TEST(liquid_white_space_is_kept_but_where_a_dash_takes_it) {
    static const struct golden cases[] = {
        {"a {{ 1 }} b", "a 1 b"},
        {"a {{- 1 -}} b", "a1b"},
        {"a\n{%- if yes -%}\n b \n{%- endif -%}\nc", "abc"},
        {"a {% raw -%} {{ x }} {%- endraw %} b", "a {{ x }} b"},
        {"a {%- comment -%} x {{ {%- endcomment -%} b", "ab"},
        {"a{% # a remark, isn't it %}b", "ab"},
        {"{% comment %}{% comment %}{% endcomment %}x{% endcomment %}y", "y"},
    };

    CHECK_ALL(LIQUID_KIND_TEXT, cases);
}

TEST(liquid_conditions_choose_a_branch) {
    static const struct golden cases[] = {
        {"{% if yes %}a{% else %}b{% endif %}", "a"},
        {"{% if nothing %}a{% elsif no %}b{% elsif n == 5 %}c{% else %}d{% endif %}", "c"},
        {"{% unless no %}a{% else %}b{% endunless %}", "a"},
        {"{% if empty_text %}a{% endif %}{% if 0 %}b{% endif %}", "ab"},
        {"{% if empty_text == empty %}a{% endif %}{% if none == empty %}b{% endif %}", "ab"},
        {"{% if nothing == blank and no == blank and empty_text == blank %}a{% endif %}", "a"},
        {"{% if n > 4 and n < 6 and n >= 5 and n <= 5 and n != 4 and n <> 4 %}a{% endif %}", "a"},
        {"{% if tags contains 'red' and name contains 'd' %}a{% endif %}", "a"},
        {"{% if tags contains 're' %}a{% else %}b{% endif %}", "b"},
        {"{% if yes or no and no %}a{% else %}b{% endif %}", "a"},
        {"{% if yes and no and no or yes %}a{% else %}b{% endif %}", "b"},
        {"{% if name > 1 %}a{% else %}b{% endif %}", "b"},
        {"{% case n %}{% when 1, 5 %}a{% when 5 or 6 %}b{% else %}c{% endcase %}", "a"},
        {"{% case name %} x {% when 'Bob' %}a{% else %}c{% endcase %}", "c"},
        {"{% case name %}{% when 'Bob' %}a{% endcase %}", ""},
        {"{% if yes %}{% if no %}a{% else %}{% if yes %}b{% endif %}{% endif %}{% endif %}", "b"},
    };

    CHECK_ALL(LIQUID_KIND_TEXT, cases);
}

TEST(liquid_loops_go_over_lists_and_ranges) {
    static const struct golden cases[] = {
        {"{% for t in tags %}{{ t }},{% endfor %}", "red,green,blue,"},
        {"{% for t in none %}a{% else %}b{% endfor %}", "b"},
        {"{% for t in tags %}a{% else %}b{% endfor %}c", "aaac"},
        {"{% for i in (1..n) %}{{ i }}{% endfor %}", "12345"},
        {"{% for i in (1..9) limit: 2 offset: 3 %}{{ i }}{% endfor %}", "45"},
        {"{% for i in (1..3) reversed %}{{ i }}{% endfor %}", "321"},
        {"{% for i in (1..6) limit: 2 %}{{ i }}{% endfor %}-"
         "{% for i in (1..6) limit: 2 offset: continue %}{{ i }}{% endfor %}",
         "12-34"},
        {"{% for i in (1..6) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}"
         "{% endif %}{{ i }}{% endfor %}",
         "13"},
        {"{% for t in tags %}{{ forloop.index }}{{ forloop.index0 }}{{ forloop.rindex }}"
         "{{ forloop.rindex0 }}{{ forloop.first }}{{ forloop.last }}{{ forloop.length }} "
         "{% endfor %}",
         "1032truefalse3 2121falsefalse3 3210falsetrue3 "},
        {"{% for a in (1..2) %}{% for b in (1..2) %}{{ forloop.parentloop.index }}"
         "{{ forloop.index }} {% endfor %}{% endfor %}",
         "11 12 21 22 "},
        {"{% for i in (1..4) %}{% cycle 'a', 'b', 'c' %}{% endfor %}", "abca"},
        {"{% cycle 'x': 'a', 'b' %}{% cycle 'y': 'a', 'b' %}{% cycle 'x': 'a', 'b' %}", "aab"},
        {"{% for p in products %}{% for i in (1..2) %}{% break %}{% endfor %}{{ p.name }}"
         "{% endfor %}",
         "ShoeappleBread"},
        {"{% for i in (3..1) %}a{% else %}b{% endfor %}", "b"},
        {"{% tablerow t in tags cols: 2 %}{{ t }}{{ tablerowloop.col }}{% endtablerow %}",
         "<tr class=\"row1\"><td class=\"col1\">red1</td><td class=\"col2\">green2</td></tr>\n"
         "<tr class=\"row2\"><td class=\"col1\">blue1</td></tr>\n"},
        {"{% for t in tags %}{% assign last = t %}{% endfor %}{{ last }}", "blue"},
    };

    CHECK_ALL(LIQUID_KIND_TEXT, cases);
}

TEST(liquid_variables_are_kept) {
    static const struct golden cases[] = {
        {"{% assign x = 'a' | upcase %}{{ x }}", "A"},
        {"{% assign x = 1 %}{% assign x = x | plus: 1 %}{{ x }}", "2"},
        {"{% capture x %}a{{ n }}{% endcapture %}{{ x }}{{ x }}", "a5a5"},
        {"{% increment c %}{% increment c %}{% decrement d %}{% decrement d %}", "01-1-2"},
        {"{% assign list = 'a,b' | split: ',' %}{% for x in list %}{{ x }};{% endfor %}", "a;b;"},
        {"{% liquid\n assign x = 3\n if x == 3\n echo x | times: 2\n else\n echo 'b'\n endif\n"
         "# remark\n for i in (1..2)\n echo i\n endfor\n%}!",
         "612!"},
        {"{% echo name | downcase %}", "ada"},
        {"{% assign p = products | where: 'kind', 'food' | first %}{{ p.name }}", "apple"},
    };

    CHECK_ALL(LIQUID_KIND_TEXT, cases);
}

TEST(liquid_faults_name_line_and_column) {
    static const struct golden cases[] = {
        {"a\n  {{ nmae }}", "line 2, column 6: there is no \"nmae\"; did you mean \"name\"?"},
        {"{{ customer.nam }}",
         "line 1, column 13: \"customer\" has no \"nam\"; did you mean \"name\"?"},
        {"{{ name.first_letter }}", "line 1, column 9: \"name\" has no \"first_letter\""},
        {"é{{ name | upcse }}",
         "line 1, column 12: there is no filter \"upcse\"; did you mean \"upcase\"?"},
        {"{{ name | append }}", "line 1, column 11: the filter append takes 1 argument, not 0"},
        {"{{ name | default: 1, 2, 3 }}",
         "line 1, column 11: the filter default takes 0 to 2 arguments, not 3"},
        {"{% fro x in tags %}", "line 1, column 4: there is no tag \"fro\"; did you mean \"for\"?"},
        {"\n{% if yes %}a", "line 2, column 4: the if that begins here has no end"},
        {"{% if yes %}{% endfor %}", "line 1, column 16: \"endfor\" does not belong to the \"if\" "
                                     "of line 1, which is open here"},
        {"{% endif %}", "line 1, column 4: \"endif\" belongs to no block"},
        {"{% unless yes %}{% endif %}",
         "line 1, column 20: the \"unless\" of line 1 ends with endunless"},
        {"{{ name", "line 1, column 1: \"}}\" is missing behind what begins here"},
        {"{% if %}", "line 1, column 7: a value is missing"},
        {"{{ 'abc }}", "line 1, column 4: the text that begins here has no end"},
        {"{{ name name }}", "line 1, column 9: \"name \" is not expected here"},
        {"{% if name | upcase %}{% endif %}",
         "line 1, column 12: filters cannot stand here; assign the value first"},
        {"{% include 'x' %}",
         "line 1, column 4: \"include\" takes in another file, which a template cannot: write its "
         "text here"},
        {"{% render 'x' %}",
         "line 1, column 4: \"render\" takes in another file, which a template cannot: write its "
         "text here"},
        {"{% break %}", "line 1, column 4: break stands in no loop"},
        {"{% for x in name %}{% endfor %}", "line 1, column 13: \"name\" is no list"},
        {"{{ forloop.index }}", "line 1, column 4: there is no loop around this for forloop"},
        {"{% for x in tags %}{% endfor %}{{ xxxx }}", "line 1, column 35: there is no \"xxxx\""},
        {"{{ n | divided_by: 0 }}", "line 1, column 1: something is divided by 0"},
        {"{{ 'now' | date: '%Y' }}",
         "line 1, column 1: a template knows no clock; use message.day"},
        {"{{ name | raw }}", "line 1, column 11: raw is for blocks that your own people write, as "
                             "they are declared; this value is escaped"},
        {"{% raw %}", "line 1, column 1: the raw that begins here has no end"},
        {"{% liquid\n if yes\n%}{% endif %}",
         "line 2, column 2: the if that begins here has no end"},
        {"{{ (((((((((1..1)..1)..1)..1)..1)..1)..1)..1)..1) }}",
         "line 1, column 12: values within values go too deep"},
    };

    CHECK_ALL(LIQUID_KIND_TEXT, cases);
}

TEST(liquid_goes_no_further_than_its_limits) {
    static const struct golden cases[] = {
        {"{% for a in (1..1000000000) %}{% endfor %}",
         "line 1, column 31: it takes more steps than a template may take"},
        {"{% for a in (1..100000) %}0123456789{% endfor %}",
         "line 1, column 27: it writes more than a template may write"},
        {"{% assign x = 'aaaaaaaaaaaaaaaa' %}{% for a in (1..100) %}{% assign x = x | append: x %}"
         "{% endfor %}",
         "line 1, column 59: its texts and lists need more memory than a template may have"},
        {"{{ (1..100000000) | join: '' | size }}",
         "line 1, column 1: its texts and lists need more memory than a template may have"},
    };

    CHECK_ALL(LIQUID_KIND_TEXT, cases);
}

// ---- hostile templates ----

// Bodies that make work, each within loops that make it many times.
static const char *const bodies[] = {
    "{{ i }}",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "{% assign x = x | append: 'aaaaaaaa' %}",
    "{% assign x = x | append: x %}",
    "{% capture x %}{{ x }}{{ x }}a{% endcapture %}",
    "{% assign l = (1..20000) | sort %}",
    "{% assign l = (1..20000) | reverse | uniq %}",
    "{% assign l = l | concat: l %}",
    "{% assign x = x | replace: 'a', 'aa' %}",
    "{% assign x = x | prepend: 'b' | replace_last: 'ab', 'c' %}",
    "{% assign l = x | split: '' %}{{ l | join: ',' | size }}",
    "{% if x contains 'aaaaaaaaaaaaaaaab' %}{% endif %}",
    "{{ x | upcase | downcase | capitalize | url_encode | base64_encode | escape | size }}",
    "{{ '2026-03-09' | date: '%c %c %c %c %c %c %c %c %c %c %c %c' }}",
    "{{ x | strip_html | truncatewords: 3 }}",
    "{% tablerow k in (1..1000) cols: 3 %}{{ k }}{% endtablerow %}",
    "{% cycle 'a', 'b', 'c' %}{% increment c %}{% decrement d %}",
    "{{ x | newline_to_br | json | size }}",
    "{% for k in (1..100000000) %}{% endfor %}",
    "{{ 1.5 | times: 99999999999 | divided_by: 0.0001 | round: 3 | money }}",
};
enum { BODIES = sizeof(bodies) / sizeof(*bodies) };

// Of this thread: what else the machine does is not the template's.
static int64_t processor_us(void) {
    struct timespec time;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * US_PER_SECOND + time.tv_nsec / 1000;
}

TEST(a_thousand_hostile_templates_end_within_their_limits) {
    const int64_t most_us = test_is_instrumented() ? 5000000 : 50000;
    CLEANUP(liquid_renderer_close) struct liquid_renderer *renderer = liquid_renderer_new();
    CLEANUP(buffer_clear) struct buffer out = {0};

    for (int i = 0; i < 1000; i++) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        const struct liquid_program *program;
        const char *source = arena_printf(
            &scope->arena,
            "{%% assign x = 'aaaaaaaaaaaaaaaa' %%}{%% assign l = 'a,b' | split: ',' %%}"
            "{%% for i in (1..%d) %%}%s{%% for j in (1..%d) %%}%s{%% endfor %%}%s{%% endfor %%}",
            i % 7 == 0 ? 100000000 : 1 + i * 37, bodies[i % BODIES], 1 + i % 50,
            bodies[i / BODIES % BODIES], bodies[i / 3 % BODIES]);
        int64_t begin_us, taken_us, best_us = INT64_MAX;

        CHECK_OK(liquid_compile(scope, text_of(source),
                                i % 2 == 0 ? LIQUID_KIND_TEXT : LIQUID_KIND_HTML, NULL, NULL,
                                &program));
        for (int attempt = 0; attempt < 5 && best_us > most_us; attempt++) {
            out.size = 0;
            begin_us = processor_us();
            if (liquid_render(scope, renderer, program, liquid_object(NULL, 0), &out) != OK)
                CHECK_INT(scope->failure.code, TOO_LARGE);
            taken_us = processor_us() - begin_us;
            best_us = taken_us < best_us ? taken_us : best_us;
            scope_forgive(scope);
        }
        CHECK(out.size <= LIQUID_MOST_OUTPUT_BYTES);
        if (best_us > most_us)
            test_fail(__FILE__, __LINE__, "%s takes %d ms", source, (int)(best_us / 1000));
        arena_rewind(&scope->arena, mark);
    }
    CHECK(out.capacity <= (size_t)2 * LIQUID_MOST_OUTPUT_BYTES);
}

TEST(a_captured_page_that_is_said_again_and_again_meets_the_limit_of_what_is_written) {
    CLEANUP(buffer_clear) struct buffer source = {0}, out = {0};
    const struct liquid_program *program;
    struct liquid_renderer *renderer = liquid_renderer_new();

    buffer_add_string(&source, "{% capture x %}");
    for (int i = 0; i < 10000; i++)
        buffer_add_string(&source, "<p>words</p>");
    buffer_add_string(&source, "{% endcapture %}{% for i in (1..50000) %}{{ x }}{% endfor %}");
    CHECK_OK(liquid_compile(scope, buffer_text(&source), LIQUID_KIND_HTML, NULL, NULL, &program));
    CHECK_CODE(liquid_render(scope, renderer, program, liquid_object(NULL, 0), &out), TOO_LARGE);
    CHECK(out.size <= LIQUID_MOST_OUTPUT_BYTES);
    liquid_renderer_free(renderer);
}

TEST(liquid_a_tag_names_the_series_of_coupons) {
    static const struct {
        const char *source, *series;
    } cases[] = {
        {"{% coupon \"spring\" %}", "spring"},
        {"{% coupon_series 'a b' %}{{ coupon.code }}{% coupon %}", "a b"},
        {"{% coupon 'x' %}{% coupon_series \"x\" %}", "x"},
        {"{% coupon %}", ""},
    };
    static const char *const refused[] = {
        "{% coupon 'a' %}{% coupon 'b' %}",
        "{% coupon_series %}",
        "{% coupon_series x %}",
        "{% coupon '' %}",
        "{% coupon \"spring %}",
        "{% coupon 'a' b %}",
    };
    const struct liquid_program *program;

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CHECK_OK(liquid_compile(scope, text_of(cases[i].source), LIQUID_KIND_TEXT,
                                template_declarations, NULL, &program));
        CHECK_TEXT(liquid_coupon_series(program), cases[i].series);
    }
    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
        CHECK_CODE(liquid_compile(scope, text_of(refused[i]), LIQUID_KIND_TEXT,
                                  template_declarations, NULL, &program),
                   INVALID);
        scope_forgive(scope);
    }
    CHECK_CODE(liquid_compile(scope, TEXT("{% coupon 'a' %}"), LIQUID_KIND_LETTER,
                              template_declarations, NULL, &program),
               INVALID);
}
