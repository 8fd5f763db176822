// SPDX-License-Identifier: Apache-2.0
// Hostile values in every place of HTML, a header and plain text; places that take none.
#include "push/template/liquid_testing.h"

#include "push/template/liquid_program.h"

struct golden {
    const char *source, *shown;
};

static const char values[] =
    "{\"x\": \"<script>alert(1)</script>\", \"q\": \"\\\" onmouseover=\\\"alert(1)\", \"a\": "
    "\"A&B\","
    " \"js\": \"javascript:alert(1)\", \"url\": \"https://a.example/p?q=1&r=ü x\","
    " \"tab\": \"java\\tscript:alert(1)\", \"data\": \" data:text/html,x\", \"colon\": "
    "\":alert(1)\","
    " \"word\": \"javascript\", \"line\": \"a\\r\\nBcc: x@y.example\", \"yes\": true,"
    " \"css\": \"red;background:url(//e.example)\", \"list\": [1, 2]}";

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

TEST(liquid_values_cannot_leave_their_place_in_html) {
    static const struct golden cases[] = {
        {"<p>{{ x }}</p>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"},
        {"<p title=\"{{ q }}\">", "<p title=\"&quot; onmouseover=&quot;alert(1)\">"},
        {"<p title='{{ q }}'>", "<p title='&quot; onmouseover=&quot;alert(1)'>"},
        {"<a href=\"{{ js }}\">", "<a href=\"about:invalid\">"},
        {"<a href=\"{{ tab }}\">", "<a href=\"about:invalid\">"},
        {"<a href=\"{{ data }}\">", "<a href=\"about:invalid\">"},
        {"<img SRC=\"{{ js }}\">", "<img SRC=\"about:invalid\">"},
        {"<a href=\"{{ url }}\">", "<a href=\"https://a.example/p?q=1&amp;r=%C3%BC%20x\">"},
        {"<a href=\"{{ word }}{{ colon }}\">", "<a href=\"javascript%3Aalert%281%29\">"},
        {"<a href=\"java{{ colon }}\">", "<a href=\"java%3Aalert%281%29\">"},
        {"<a href=\"https://a.example/{{ a }}?b={{ a }}&c={{ url }}\">",
         "<a href=\"https://a.example/A&amp;B?b=A%26B&c=https%3A%2F%2Fa.example%2Fp%3Fq%3D1%26r%3D"
         "%C3%BC%20x\">"},
        {"<p style=\"color:{{ css }}\">", "<p style=\"color:redbackgroundurle.example\">"},
        {"<style>p { color: {{ css }} }</style>",
         "<style>p { color: redbackgroundurle.example }</style>"},
        {"<title>{{ x }}</title>", "<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>"},
        {"<!-- {{ x }} -->", "<!-- &lt;script&gt;alert(1)&lt;/script&gt; -->"},
        {"<!--[if mso]><td title=\"{{ q }}\">{{ x }}</td><![endif]-->",
         "<!--[if mso]><td title=\"&quot; onmouseover=&quot;alert(1)\">&lt;script&gt;alert(1)"
         "&lt;/script&gt;</td><![endif]-->"},
        {"{% capture c %}<b>{{ x }}</b>{% endcapture %}{{ c }}<i title=\"{{ c }}\">",
         "<b>&lt;script&gt;alert(1)&lt;/script&gt;</b><i title=\"&lt;b&gt;&lt;script&gt;alert(1)"
         "&lt;/script&gt;&lt;/b&gt;\">"},
        {"{{ x | escape }}{{ x | strip_html }}{{ line | newline_to_br }}",
         "&lt;script&gt;alert(1)&lt;/script&gt;a\r<br>\nBcc: x@y.example"},
        {"{{ x | escape | append: x }}",
         "&lt;script&gt;alert(1)&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"{{ \"<hr>\" | raw }}{{ \"<hr>\" }}", "<hr>&lt;hr&gt;"},
        {"<td {% if yes %}class=\"{{ a }}\"{% endif %}>", "<td class=\"A&amp;B\">"},
        {"<td{% if yes %} class=\"b\"{% endif %}>", "<td class=\"b\">"},
        {"a < b {{ a }} <3", "a < b A&amp;B <3"},
        {"<p a=1 b = 'x' c>{{ a }}<br/>{{ a }}</p >{{ a }}",
         "<p a=1 b = 'x' c>A&amp;B<br/>A&amp;B</p >A&amp;B"},
    };

    CHECK_ALL(LIQUID_KIND_HTML, cases);
}

TEST(liquid_refuses_values_where_nothing_can_be_escaped) {
    static const struct golden cases[] = {
        {"<script>var a = \"{{ x }}\"</script>",
         "line 1, column 20: a value cannot stand in a script, a frame or other raw content"},
        {"<p onclick=\"a({{ x }})\">", "line 1, column 17: a value cannot stand in an attribute "
                                       "that holds a program or a page"},
        {"<iframe srcdoc=\"{{ x }}\">", "line 1, column 19: a value cannot stand in an attribute "
                                        "that holds a program or a page"},
        {"<{{ a }}>", "line 1, column 4: a value cannot be the name of a tag"},
        {"<p {{ a }}>", "line 1, column 6: a value cannot be the name of an attribute"},
        {"<p title={{ a }}>", "line 1, column 12: a value in an attribute needs quotes around it: "
                              "attribute=\"{{ … }}\""},
        {"<a href=\"{{ word }}://x\">",
         "line 1, column 20: the scheme of an address has to be written out, as in https://"},
        {"<a {% if yes %}href=\"{% endif %}\">",
         "line 1, column 25: the branches of the \"if\" of line 1 end in different places of the "
         "HTML: within a tag or an attribute, and not"},
        {"{% for l in list %}<p title=\"{% endfor %}\">",
         "line 1, column 33: the \"for\" of line 1 ends in another place of the HTML than it "
         "begins "
         "in"},
        {"<scr{% if yes %}{% endif %}ipt>",
         "line 1, column 28: the name of a tag goes on behind a block; write it in one piece"},
        {"<p title=\"", "line 1, column 11: the HTML ends within a tag, a comment or a script"},
    };

    CHECK_ALL(LIQUID_KIND_HTML, cases);
}

TEST(liquid_headers_are_one_line_and_plain_text_is_plain) {
    static const struct golden header[] = {
        {"Hello {{ line }}", "Hello a  Bcc: x@y.example"},
        {"\n Hello\n{{ a }} ", "Hello A&B"},
        {"{% tablerow l in list %}{% endtablerow %}",
         "line 1, column 4: a tablerow cannot stand in a subject"},
    };
    static const struct golden text[] = {
        {"{{ x }} {{ a }}", "<script>alert(1)</script> A&B"},
    };

    CHECK_ALL(LIQUID_KIND_HEADER, header);
    CHECK_ALL(LIQUID_KIND_TEXT, text);
}

TEST(liquid_values_in_json_are_values_or_stay_within_their_quotes) {
    static const struct golden cases[] = {
        {"{\"x\": {{ x }}, \"yes\": {{ yes }}, \"none\": {{ list[7] }}}",
         "{\"x\": \"<script>alert(1)</script>\", \"yes\": true, \"none\": null}"},
        {"{\"line\": \"{{ line }}\"}", "{\"line\": \"a\\r\\nBcc: x@y.example\"}"},
        {"{{ list }} {{ list | json }} \"{{ list }}\"", "[1,2] [1,2] \"12\""},
        {"[\"\\\"{{ q }}\"]", "[\"\\\"\\\" onmouseover=\\\"alert(1)\"]"},
        {"{% capture all %}{{ q }}\"{% endcapture %}[{{ all }}]",
         "[\"\\\" onmouseover=\\\"alert(1)\\\"\"]"},
        {"[{% for l in list %}\"{{ l }}\"{% unless forloop.last %},{% endunless %}{% endfor %}]",
         "[\"1\",\"2\"]"},
        {"{\"x\": \"{% if yes %}{{ x }}\"{% endif %}",
         "line 1, column 31: the branches of the \"if\" of line 1 end in different places of the "
         "JSON: within quotes, and not"},
        {"[\"{{ x }}]", "line 1, column 11: the JSON ends within quotes"},
        {"[\"\\{{ x }}\"]", "line 1, column 6: a value cannot stand behind a backslash of JSON"},
        {"[{% tablerow l in list %}{% endtablerow %}]",
         "line 1, column 5: a tablerow cannot stand in JSON"},
    };

    CHECK_ALL(LIQUID_KIND_JSON, cases);
}

// What a browser would see of a value that is written as `place` demands: no new tag, no attribute.
TEST(three_hundred_hostile_texts_open_no_tag_anywhere) {
    static const char *const pieces[] = {
        "<script>",    "</title>",     "\"",     "'",      "-->",      "<img src=x onerror=a>",
        "javascript:", "\t",           "&#106;", "%22",    "</style>", "`",
        "\\",          "]]>",          "\r\n",   "<svg/>", "{{ x }}",  "data:text/html,",
        "\xC2\xA0",    "expression(1)"};
    static const char *const sources[] = {
        "<p>{{ x }}</p>",
        "<p title=\"{{ x }}\">a</p>",
        "<p title='{{ x }}'>a</p>",
        "<a href=\"{{ x }}\">a</a>",
        "<a href=\"https://a.example/{{ x }}?{{ x }}#{{ x }}\">a</a>",
        "<p style=\"color:{{ x }}\">a</p>",
        "<style>{{ x }}</style>",
        "<title>{{ x }}</title>",
        "<!-- {{ x }} -->",
    };
    const size_t piece_count = sizeof(pieces) / sizeof(*pieces);
    size_t tried = 0;

    for (size_t s = 0; s < sizeof(sources) / sizeof(*sources); s++)
        for (size_t i = 0; i < piece_count * piece_count; i++, tried++) {
            CLEANUP(liquid_renderer_close) struct liquid_renderer *renderer = liquid_renderer_new();
            CLEANUP(buffer_clear) struct buffer out = {0};
            const struct liquid_declaration declarations[] = {{.name = "x", .type = LIQUID_TEXT},
                                                              {0}};
            struct liquid_member member = {.name = TEXT("x")};
            const struct liquid_program *program;
            size_t tags = 0;

            member.value = liquid_text(text_printf(&scope->arena, "%s%s", pieces[i / piece_count],
                                                   pieces[i % piece_count]));
            CHECK_OK(liquid_compile(scope, text_of(sources[s]), LIQUID_KIND_HTML, declarations,
                                    NULL, &program));
            CHECK_OK(liquid_render(scope, renderer, program, liquid_object(&member, 1), &out));
            for (size_t k = 0; k < out.size; k++)
                tags += out.data[k] == '<';
            CHECK(tags == (sources[s][1] == '!' ? 1u : 2u));
            if (strstr(sources[s], "href=\"{{"))
                CHECK(!memmem(out.data, out.size, "\"javascript:", 12) &&
                      !memmem(out.data, out.size, "\"data:", 6));
        }
    CHECK(tried > 3000);
}

TEST(liquid_values_are_no_markup_of_a_letter) {
    static const struct golden cases[] = {
        {"{{ 'Anne-Marie of St. Gallen' }}", "Anne-Marie of St. Gallen"},
        {"{{ '**a** [[coupon x]]' }}", "\\*\\*a\\*\\* \\[\\[coupon x]]"},
        {"- {{ '- a' }} {{ '# b' }} {{ '1. c' }}", "- \\- a \\# b 1\\. c"},
        {"1{{ '. a' }}[{{ '[page]]' }}", "1\\. a[\\[page]]"},
        {"{{ \"a\n\n[[page]]\n\" }}", "a  \\[\\[page]] "},
        {"**{{ line }}**", "**a  Bcc: x@y.example**"},
        {"{{ 'a' | newline_to_br }}{% echo '*' %}", "a\\*"},
        {"{% capture c %}*{{ '*' }}\n# b{% endcapture %}{{ c }}|{{ c | upcase }}",
         "\\*\\* # b|\\*\\* # B"},
        {"{% assign a = '[[' | append: 'coupon x]]' %}{{ a }}", "\\[\\[coupon x]]"},
        {"{% cycle '*a', 'b' %}", "\\*a"},
        {"{{ list | join: '*' }}", "1\\*2"},
        {"[[page]]", "[[page]]"},
    };

    CHECK_ALL(LIQUID_KIND_LETTER, cases);
}

static bool rewrite(void *context, struct text address, struct text *ret_address) {
    struct arena *arena = context;

    *ret_address = text_printf(arena, "https://t.example/?u=%.*s&s=1", TEXT_ARG(address));
    return !text_starts_with(address, TEXT("mailto:"));
}

TEST(liquid_links_can_be_rewritten_as_they_would_be_followed) {
    CLEANUP(liquid_renderer_close) struct liquid_renderer *renderer = liquid_renderer_new();
    CLEANUP(buffer_clear) struct buffer out = {0};
    const struct liquid_settings settings = {.rewrite_link = rewrite,
                                             .rewrite_context = &scope->arena};
    const struct liquid_program *program;

    CHECK_OK(liquid_compile(scope,
                            TEXT("<a href=\"https://a.example/?b=1&amp;c={{ 'é' }}\">a</a>"
                                 "<a class=x href='mailto:a@b.example'>m</a><link href=\"/x\">"
                                 "<a href=/plain>p</a>"),
                            LIQUID_KIND_HTML, NULL, NULL, &program));
    CHECK_OK(liquid_renderer_set(scope, renderer, &settings));
    CHECK_OK(liquid_render(scope, renderer, program, liquid_object(NULL, 0), &out));
    CHECK_TEXT(buffer_text(&out),
               "<a href=\"https://t.example/?u=https://a.example/?b=1&amp;c=%C3%A9&amp;s=1\">a</a>"
               "<a class=x href='mailto:a@b.example'>m</a><link href=\"/x\">"
               "<a href=https://t.example/?u=/plain&amp;s=1>p</a>");
}
