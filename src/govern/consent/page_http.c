// SPDX-License-Identifier: Apache-2.0
#include "govern/consent/page_http.h"

#include "base/base64.h"

#include <sodium.h>

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1c2024;--soft:#5b6168;--ground:#fff;--line:#c9cdd2;"
    "--accent:#1f5fbf;--on-accent:#fff}"
    "@media(prefers-color-scheme:dark){:root{--ink:#eceef0;--soft:#a9b0b7;--ground:#16191c;"
    "--line:#454b52;--accent:#8db8f5;--on-accent:#10151c}}"
    "*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);"
    "font:1rem/1.5 system-ui,sans-serif}"
    "main,footer{max-width:40rem;margin:0 auto;padding:1.5rem 1.25rem}"
    "h1{font-size:1.6rem;line-height:1.25;margin:1rem 0}h2{font-size:1.15rem;margin:1.75rem 0 "
    ".25rem}"
    "p{margin:.5rem 0}.soft{color:var(--soft);font-size:.92rem}"
    ".done{border-left:.3rem solid var(--accent);padding:.5rem 1rem}"
    "ul{list-style:none;margin:0;padding:0}li{border-top:1px solid var(--line);padding:.6rem 0}"
    "label{display:flex;gap:.75rem;align-items:baseline;min-height:1.75rem}"
    "input[type=checkbox]{width:1.15rem;height:1.15rem;accent-color:var(--accent)}"
    "button{font:inherit;font-weight:600;padding:.6rem 1.4rem;border-radius:.4rem;cursor:pointer;"
    "border:1px solid var(--accent);background:var(--accent);color:var(--on-accent);margin:.75rem "
    "0}"
    "button.plain{background:transparent;color:var(--accent)}"
    "a{color:var(--accent)}a:focus-visible,button:focus-visible,input:focus-visible"
    "{outline:3px solid var(--accent);outline-offset:2px}"
    "section{border-top:1px solid var(--line);margin-top:2rem;padding-top:.75rem}"
    "nav a,nav span{margin-right:1rem}";

// The style stands in the page; its hash is all that the browser lets through.
static code add_headers(struct scope *scope, struct response *response) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    struct text coded;

    crypto_hash_sha256(hash, (const unsigned char *)style, sizeof(style) - 1);
    coded =
        base64_encode(&scope->arena, (struct text){(char *)hash, sizeof(hash)}, BASE64_STANDARD);
    TRY(response_header(scope, response, "Content-Security-Policy",
                        text_printf(&scope->arena,
                                    "default-src 'none'; style-src 'sha256-%.*s'; "
                                    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
                                    TEXT_ARG(coded))));
    return response_header(scope, response, "X-Robots-Tag", TEXT("noindex, nofollow"));
}

void page_html(struct page *page, const char *html) {
    buffer_add_string(&page->response->body, html);
}

void page_text(struct page *page, struct text text) {
    struct buffer *out = &page->response->body;

    for (size_t i = 0; i < text.size; i++) {
        switch (text.data[i]) {
        case '&':
            buffer_add_string(out, "&amp;");
            break;
        case '<':
            buffer_add_string(out, "&lt;");
            break;
        case '>':
            buffer_add_string(out, "&gt;");
            break;
        case '"':
            buffer_add_string(out, "&quot;");
            break;
        case '\'':
            buffer_add_string(out, "&#39;");
            break;
        default:
            buffer_add_char(out, text.data[i]);
        }
    }
}

static struct text value_of(const struct page_values *values, struct text name) {
    if (text_is(name, "purpose"))
        return values->purpose;
    if (text_is(name, "channel"))
        return values->channel;
    return text_is(name, "date") ? values->date : values->text;
}

void page_word(struct page *page, enum page_word word, const struct page_values *values) {
    struct text rest = text_of(page->language->words[word]);

    while (rest.data && rest.size > 0) {
        struct text behind;

        page_text(page, text_split(rest, '{', &behind));
        rest = behind;
        if (behind.data && values)
            page_text(page, value_of(values, text_split(behind, '}', &rest)));
    }
}

void page_paragraph(struct page *page, const char *kind, enum page_word word,
                    const struct page_values *values) {
    page_html(page, "<p class=\"");
    page_html(page, kind);
    page_html(page, text_is(text_of(kind), "done") ? "\" role=\"status\">" : "\">");
    page_word(page, word, values);
    page_html(page, "</p>\n");
}

struct text page_channel(const struct page *page, const struct consent_channel *channel) {
    return channel ? text_of(page->language->channels[channel - consent_channels]) : TEXT("");
}

code page_begin(struct scope *scope, struct page *page, enum page_word title) {
    TRY(add_headers(scope, page->response));
    page->response->content_type = "text/html; charset=utf-8";
    page_html(page, "<!doctype html>\n<html lang=\"");
    page_html(page, page->language->name);
    page_html(page, "\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<title>");
    page_word(page, title, NULL);
    page_html(page, "</title>\n<style>");
    page_html(page, style);
    page_html(page, "</style>\n</head>\n<body>\n<main>\n<h1>");
    page_word(page, title, NULL);
    page_html(page, "</h1>\n");
    return OK;
}

static void write_language(struct page *page, const struct page_language *language,
                           struct text path) {
    if (language == page->language) {
        page_html(page, "<span aria-current=\"true\" lang=\"");
        page_html(page, language->name);
    } else {
        page_html(page, "<a href=\"");
        page_text(page, path);
        page_html(page, "?lang=");
        page_html(page, language->name);
        page_html(page, "\" hreflang=\"");
        page_html(page, language->name);
        page_html(page, "\" lang=\"");
        page_html(page, language->name);
    }
    page_html(page, "\">");
    page_html(page, language->itself);
    page_html(page, language == page->language ? "</span>\n" : "</a>\n");
}

void page_end(struct page *page, struct text path) {
    page_html(page, "</main>\n<footer>\n<nav aria-label=\"");
    page_word(page, WORD_LANGUAGE, NULL);
    page_html(page, "\">\n");
    for (size_t i = 0; i < page_language_count; i++)
        write_language(page, &page_languages[i], path);
    page_html(page, "</nav>\n</footer>\n</body>\n</html>\n");
}
