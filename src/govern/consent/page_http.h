// SPDX-License-Identifier: Apache-2.0
// The frame of a public page: plain HTML without a script, readable in every browser, light and
// dark, by keyboard and screen reader. Its policy lets nothing in but its own style.
#pragma once

#include "govern/consent/channel.h"
#include "govern/consent/page_words.h"
#include "web/response.h"

struct page {
    struct response *response;
    const struct page_language *language;
};

// What {purpose}, {channel}, {date} and {text} in words stand for.
struct page_values {
    struct text purpose, channel, date, text;
};

code page_begin(struct scope *scope, struct page *page, enum page_word title);
void page_end(struct page *page, struct text path); // with links to the other languages

void page_html(struct page *page, const char *html); // as it is
void page_text(struct page *page, struct text text); // escaped
void page_word(struct page *page, enum page_word word, const struct page_values *values);
// <p class="…">word</p>
void page_paragraph(struct page *page, const char *kind, enum page_word word,
                    const struct page_values *values);
struct text page_channel(const struct page *page, const struct consent_channel *channel);
