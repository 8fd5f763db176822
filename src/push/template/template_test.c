// SPDX-License-Identifier: Apache-2.0
#include "push/template/template.h"

#include "base/test.h"
#include "push/template/html_text.h"
#include "push/template/liquid_testing.h"
#include "store/ledger.h"
#include "store/store_testing.h"

static struct template_version letter(const char *subject, const char *html) {
    return (struct template_version){
        .name = TEXT("spring"),
        .kind = TEMPLATE_EMAIL,
        .description = TEXT("in March"),
        .content = {.subject = text_of(subject), .html = text_of(html), .text = TEXT("")}};
}

static void add_customer(struct scope *scope, int64_t id, const char *name, const char *language) {
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO customer (id, import_id, created_at_us, name, given_name, "
        "language, attributes) VALUES ($1, 1, 0, $2, $3, $4, '{\"size\":\"M\"}')",
        BINDS(BIND_INT64(id), BIND_STRING(name), BIND_STRING(name), BIND_STRING(language))));
}

static void add_segment(struct scope *scope, int64_t customer) {
    CHECK_OK(ledger_exec(scope,
                         "INSERT INTO segment (id, name, description, definition, created_at_us, "
                         "updated_at_us) VALUES (9, 'gold', '', '{}', 0, 0)",
                         NO_BINDS));
    CHECK_OK(ledger_exec(scope,
                         "INSERT INTO segment_member (segment_id, customer, since_us) "
                         "VALUES (9, $1, 0)",
                         BINDS(BIND_INT64(customer))));
}

static void add_sale(struct scope *scope, int64_t id, int64_t origin, int64_t gross_micros) {
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, currency, origin, "
        "net_micros, vat_micros, gross_micros, discount_micros, line_count) "
        "VALUES ($1, 1, 's', $4, 1, $1, 'EUR', $2, $3, 0, $3, 0, 1)",
        BINDS(BIND_INT64(id), BIND_INT64(origin), BIND_INT64(gross_micros),
              BIND_TEXT(text_printf(&scope->arena, "%d", (int)id)))));
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO sale_line (sale_id, line, import_id, seen_import, content_hash, product_id, "
        "quantity_micros, unit_price_micros, discount_micros, net_micros, vat_micros, "
        "gross_micros) VALUES ($1, 1, 1, 1, 1, 7, 2000000, $2, 0, $2, 0, $2)",
        BINDS(BIND_INT64(id), BIND_INT64(gross_micros))));
}

TEST(a_template_keeps_every_version_and_makes_none_of_the_same) {
    struct template_version version = letter("Hello {{ customer.given_name }}", "<p>1</p>"), found;
    int64_t id, second, number;

    test_store(scope);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(template_save(scope, &version, &id, &number));
    CHECK_INT(number, 1);
    CHECK_OK(template_save(scope, &version, &second, &number));
    CHECK_INT(number, 1);
    CHECK_INT(second, id);
    version.content.html = TEXT("<p>2</p>");
    CHECK_OK(template_save(scope, &version, &second, &number));
    CHECK_INT(number, 2);
    CHECK_OK(ledger_commit(scope));
    CHECK_OK(template_find(scope, TEXT("spring"), 0, &found));
    CHECK_TEXT(found.content.html, "<p>2</p>");
    CHECK_OK(template_find(scope, TEXT("spring"), 1, &found));
    CHECK_TEXT(found.content.html, "<p>1</p>");
    CHECK_OK(template_find_version(scope, second, &found));
    CHECK_INT(found.number, 2);
    CHECK_CODE(template_find(scope, TEXT("autumn"), 0, &found), NOT_FOUND);
}

TEST(a_template_with_a_fault_is_not_kept) {
    struct template_version version = letter("Hello {{ customer.nmae }}", "<p>1</p>");
    struct liquid_fault fault;
    int64_t id, number;

    test_store(scope);
    CHECK_CODE(template_check(scope, &version, &fault), INVALID);
    CHECK_STRING(scope->failure.field, "subject");
    CHECK_INT(fault.column, 19);
    scope_forgive(scope);
    CHECK_OK(ledger_begin(scope));
    CHECK_CODE(template_save(scope, &version, &id, &number), INVALID);
    ledger_rollback(scope);
}

TEST(a_message_is_written_from_what_is_known_of_each_customer) {
    struct template_version version =
        letter("{{ customer.given_name }}: {{ customer.spent | money }}",
               "<p>{{ customer.attributes.size }} {{ customer.purchases }} "
               "{% for line in last_sale.lines %}{{ line.name }} {{ line.quantity }} "
               "{{ line.url }}{% else %}none{% endfor %} {{ message.campaign }}</p>");
    struct template_content variants[] = {
        {.language = TEXT("de"),
         .segment = TEXT("gold"),
         .subject = TEXT("Gold {{ customer.name }}")},
        {.language = TEXT("de"), .subject = TEXT("Hallo {{ customer.name }}")},
    };
    const struct template_message message = {.campaign = TEXT("Spring"),
                                             .coupon_expires_day = INT32_MIN};
    const int64_t customers[] = {1, 2, 3};
    const struct template_program *program;
    struct template_renderer *renderer;
    struct template_people *people;
    struct template_output output;

    version.variants = variants;
    version.variant_count = 2;
    test_store(scope);
    CHECK_OK(ledger_begin(scope));
    add_customer(scope, 1, "Ada <b>", "en");
    add_customer(scope, 2, "Bea", "de-AT");
    add_customer(scope, 3, "Cem", "de");
    add_segment(scope, 2);
    CHECK_OK(ledger_exec(scope,
                         "INSERT INTO product (id, import_id, code, name, attributes) VALUES "
                         "(7, 1, 'A', 'Mug', '{\"url\":\"https://shop.example/a\"}')",
                         NO_BINDS));
    add_sale(scope, 11, 1, 5000000);
    add_sale(scope, 12, 1, 7500000);
    CHECK_OK(ledger_commit(scope));
    CHECK_OK(template_compile(scope, &version, NULL, &program));
    CHECK_OK(template_people_read(scope, program, customers, 3, &people));
    CHECK_OK(template_renderer_new(scope, &renderer));
    CHECK_OK(template_render(scope, renderer, program, people, 0, &message, &output));
    CHECK_TEXT(output.subject, "Ada <b>: €12.50");
    CHECK_TEXT(output.html, "<p>M 2 Mug 2 https://shop.example/a Spring</p>");
    CHECK_TEXT(output.text, "M 2 Mug 2 https://shop.example/a Spring\n");
    CHECK_INT(output.variant, -1);
    CHECK_OK(template_render(scope, renderer, program, people, 1, &message, &output));
    CHECK_TEXT(output.subject, "Gold Bea");
    CHECK_TEXT(output.html, "<p>M 0 none Spring</p>");
    CHECK_OK(template_render(scope, renderer, program, people, 2, &message, &output));
    CHECK_TEXT(output.subject, "Hallo Cem");
    CHECK_INT(output.variant, 1);
    template_renderer_free(renderer);
}

TEST(each_gets_the_coupon_of_the_content_that_is_theirs) {
    struct template_version version = letter("Hello", "<p>{% coupon 'spring' %}</p>");
    struct template_content variants[] = {
        {.language = TEXT("de"), .html = TEXT("<p>{% coupon 'fruehling' %}</p>")},
        {.language = TEXT("fr"), .subject = TEXT("Bonjour")},
    };
    const int64_t customers[] = {1, 2, 3};
    const struct template_program *program;
    struct template_people *people;

    version.variants = variants;
    version.variant_count = 2;
    test_store(scope);
    CHECK_OK(ledger_begin(scope));
    add_customer(scope, 1, "Ada", "en");
    add_customer(scope, 2, "Bea", "de-AT");
    add_customer(scope, 3, "Cem", "fr");
    CHECK_OK(ledger_commit(scope));
    CHECK_OK(template_compile(scope, &version, NULL, &program));
    CHECK_OK(template_people_read(scope, program, customers, 3, &people));
    CHECK_TEXT(template_person_coupon_series(program, people, 0), "spring");
    CHECK_TEXT(template_person_coupon_series(program, people, 1), "fruehling");
    CHECK_TEXT(template_person_coupon_series(program, people, 2), "spring");
    CHECK_TEXT(template_coupon_series(program, 2), "");
    CHECK(template_coupon_series(program, 3).data == NULL);
    version.content.subject = TEXT("{% coupon_series 'autumn' %}Hello");
    CHECK_CODE(template_compile(scope, &version, NULL, &program), INVALID);
}

TEST(html_becomes_text_that_can_be_read) {
    static const struct {
        const char *html, *text;
    } cases[] = {
        {"<p>One</p><p>Two&nbsp;&amp; three</p>", "One\n\nTwo & three\n"},
        {"a<br>b<br><br>c", "a\nb\n\nc\n"},
        {"<a href=\"https://a.example/?b=1&amp;c=2\">Shop</a> now",
         "Shop (https://a.example/?b=1&c=2) now\n"},
        {"<a href='https://a.example'>https://a.example</a>", "https://a.example\n"},
        {"<ul><li>one<li>two<ol><li>x</li><li>y</li></ol></ul>", "- one\n- two\n  1. x\n  2. y\n"},
        {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a  b\nc\n"},
        {"<head><title>t</title><style>p{}</style></head><script>if (a<b) c()</script>d", "d\n"},
        {"<!-- no --><img src=x alt=\"A mug\"> 5 &lt; 6 &euro;&#8364;&#x20AC;",
         "A mug 5 < 6 €€€\n"},
        {"  lots \n of \t blanks ", "lots of blanks\n"},
        {"a < b", "a < b\n"},
        {"<a", ""},
        {"", ""},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CLEANUP(buffer_clear) struct buffer out = {0};

        html_to_text(text_of(cases[i].html), &out);
        CHECK_TEXT(buffer_text(&out), cases[i].text);
    }
}
