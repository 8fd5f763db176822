// SPDX-License-Identifier: Apache-2.0
#include "analyze/attribution/touchpoint.h"

#include <string.h>

enum { CHANNEL_BYTES = 60 };

static bool is_any(struct text word, const char *const *list) {
    for (; *list != NULL; list++)
        if (text_equal_ascii_case(word, text_of(*list)))
            return true;
    return false;
}

// ---- who sends visitors ----

// By a whole label of their host, as they stand under many domains, …
static const char *const search_engines[] = {"google",    "bing",  "duckduckgo", "yahoo",
                                             "ecosia",    "qwant", "yandex",     "baidu",
                                             "startpage", "brave", NULL};
static const char *const social_networks[] = {
    "facebook", "instagram", "tiktok",   "linkedin", "pinterest", "youtube", "twitter",
    "reddit",   "snapchat",  "mastodon", "bluesky",  "threads",   "xing",    NULL};
// … by the first label, …
static const char *const web_mail[] = {"mail", "webmail", "outlook", NULL};
// … or by the end of their host, where a label would say too little.
static const char *const social_hosts[] = {"x.com", "t.co", NULL};
static const char *const web_mail_hosts[] = {"mail.google.com", "mail.yahoo.com", NULL};

static bool has_label(struct text host, const char *const *list) {
    struct text rest = host;

    while (rest.size > 0)
        if (is_any(text_split(rest, '.', &rest), list))
            return true;
    return false;
}

// Whether it is one of these hosts or lies under one.
static bool is_under(struct text host, const char *const *list) {
    for (; host.size > 0; text_split(host, '.', &host))
        if (is_any(host, list))
            return true;
    return false;
}

static bool is_word_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || (unsigned char)byte >= 0x80;
}

static bool has_word(struct text words, const char *const *list) {
    size_t start = 0;

    for (size_t i = 0; i <= words.size; i++) {
        if (i < words.size && is_word_byte(words.data[i]))
            continue;
        if (is_any((struct text){words.data + start, i - start}, list))
            return true;
        start = i + 1;
    }
    return false;
}

// A campaign's source is written by hand: "Facebook", "facebook_ads", "l.facebook.com", "t.co".
static bool is_social_source(struct text source) {
    return has_word(source, social_networks) || is_under(source, social_hosts);
}

// The host of an address, without "www.".
static struct text host_of(struct text url) {
    struct text rest, host;

    for (size_t i = 0; i + 2 < url.size; i++)
        if (memcmp(url.data + i, "://", 3) == 0) {
            url = (struct text){url.data + i + 3, url.size - i - 3};
            break;
        }
    host = text_split(url, '/', &rest);
    host = text_split(host, '?', &rest);
    host = text_split(host, ':', &rest);
    if (host.size > 4 && text_equal_ascii_case((struct text){host.data, 4}, TEXT("www.")))
        host = (struct text){host.data + 4, host.size - 4};
    return host;
}

static struct text channel_of_referrer(struct text host) {
    struct text rest;

    if (is_any(text_split(host, '.', &rest), web_mail) || is_under(host, web_mail_hosts))
        return TEXT("email");
    if (has_label(host, search_engines))
        return TEXT("organic search");
    if (has_label(host, social_networks) || is_under(host, social_hosts))
        return TEXT("social");
    return TEXT("referral");
}

// ---- what a campaign says ----

static const struct {
    const char *channel;
    const char *const *mediums;
} mediums[] = {
    {"paid search", (const char *const[]){"cpc", "ppc", "sem", "paidsearch", "paid_search",
                                          "paid-search", "paid search", "paid", NULL}},
    {"paid social",
     (const char *const[]){"paidsocial", "paid_social", "paid-social", "paid social", NULL}},
    {"display",
     (const char *const[]){"display", "banner", "cpm", "expandable", "interstitial", NULL}},
    {"email", (const char *const[]){"email", "e-mail", "e_mail", "mail", "newsletter", NULL}},
    {"social", (const char *const[]){"social", "social-network", "social-media", "social_network",
                                     "social_media", "sm", NULL}},
    {"affiliate", (const char *const[]){"affiliate", "affiliates", NULL}},
    {"organic search", (const char *const[]){"organic", NULL}},
    {"referral", (const char *const[]){"referral", "link", NULL}},
    {"letter", (const char *const[]){"letter", "post", "direct_mail", "directmail", NULL}},
};

static struct text shortened(struct arena *arena, struct text word) {
    word = text_trim(word);
    if (word.size > CHANNEL_BYTES) {
        word.size = CHANNEL_BYTES;
        while (word.size > 0 && !text_is_utf8(word))
            word.size--;
    }
    return text_lower_ascii(arena, word);
}

static struct text channel_of_medium(struct arena *arena, struct text medium, struct text source) {
    for (size_t i = 0; i < sizeof(mediums) / sizeof(*mediums); i++)
        if (is_any(medium, mediums[i].mediums))
            return i == 0 && is_social_source(source) ? TEXT("paid social")
                                                      : text_of(mediums[i].channel);
    return shortened(arena, medium);
}

// Empty: the event says nothing of a campaign.
static struct text channel_of_campaign(struct arena *arena, const struct touch_words *words) {
    const struct text medium = text_trim(words->medium), source = text_trim(words->source);

    if (medium.size > 0 && !text_equal_ascii_case(medium, TEXT("(none)")))
        return channel_of_medium(arena, medium, source);
    if (source.size > 0 && !text_equal_ascii_case(source, TEXT("(direct)")))
        return is_social_source(source) ? TEXT("social") : shortened(arena, source);
    return (struct text){0};
}

// ---- what the event itself says ----

static const char *const visits[] = {"web", "website", "app", "mobile", "online", NULL};
static const char *const messages[] = {"email",  "e-mail",   "sms",     "push", "whatsapp",
                                       "letter", "telegram", "message", NULL};
// Contacts that a customer seeks, and places where sales are made, are no marketing.
static const char *const services[] = {"phone", "call", "chat", "support", "service",
                                       "store", "till", "pos",  "server",  NULL};
// Of a message only what its reader did counts: pictures are fetched by machines, too.
static const char *const answers[] = {"click", "tap", "repl", "scan", "redeem", "visit", NULL};

static bool contains_any(struct text word, const char *const *list) {
    for (; *list != NULL; list++) {
        const size_t size = strlen(*list);

        for (size_t i = 0; i + size <= word.size; i++)
            if (text_equal_ascii_case((struct text){word.data + i, size}, text_of(*list)))
                return true;
    }
    return false;
}

static bool read_visit(struct arena *arena, const struct touch_words *words,
                       struct text of_campaign, struct touchpoint *touch) {
    const struct text from = host_of(words->referrer);

    (void)arena;
    touch->is_visit = true;
    if (of_campaign.size > 0)
        touch->channel = of_campaign;
    else if (from.size > 0 && !text_equal_ascii_case(from, host_of(words->url)))
        touch->channel = channel_of_referrer(from);
    else if (words->campaign.size > 0)
        touch->channel = TEXT("campaign");
    else
        touch->channel = TEXT(TOUCHPOINT_DIRECT);
    return true;
}

bool touchpoint_read(struct arena *arena, const struct touch_words *words,
                     struct touchpoint *ret_touch) {
    const struct text of_campaign = channel_of_campaign(arena, words);
    const struct text channel = text_trim(words->channel);
    struct touchpoint touch = {0};

    if (is_any(channel, visits))
        read_visit(arena, words, of_campaign, &touch);
    else if (is_any(channel, messages)) {
        if (!contains_any(words->name, answers))
            return false;
        touch.channel = shortened(arena, channel);
    } else if (of_campaign.size > 0)
        touch.channel = of_campaign;
    else if (channel.size > 0 && (words->campaign.size > 0 || !is_any(channel, services)))
        touch.channel = shortened(arena, channel);
    else if (words->campaign.size > 0)
        touch.channel = TEXT("campaign");
    else
        return false;
    *ret_touch = touch;
    return true;
}
