// SPDX-License-Identifier: Apache-2.0
// What the tag of a web site is told: purposes and words of its banner, and rules that make events
// of clicks, forms and addresses. Checked here before it is kept; the browser's half is in ui/tag.
// It is data: nothing in it is run.
#pragma once

#include "base/json.h"

enum {
    TAG_CONFIGURATION_BYTES = 64 << 10,
    TAG_RULES = 100,
    TAG_PROPERTIES = 30,
    TAG_PURPOSES = 8,
    TAG_LANGUAGES = 30,
    TAG_STARS = 8,       // of a pattern
    TAG_KEEP_DAYS = 395, // of a choice: 13 months
};
#define TAG_CONSENT_EVENT "Consent Updated" // the tag's own, by which it tells of a choice

// With consent, or only counting: without identity, so that it may do without.
enum tag_mode { TAG_CONSENT, TAG_EXEMPT };
extern const char *const tag_mode_names[]; // "consent"; ends with NULL. They are stored.

struct tag_configuration {
    int mode;   // enum tag_mode
    int choice; // asked by the banner, or read from another tool by IAB's framework
    struct text measure, data_layer, policy_url;
    int64_t keep_days;
    bool remember_refusal, page_views;
    const struct json *purposes, *languages, *rules;
};

// INVALID with the field, in words that say which rule or language it is in.
code tag_configuration_read(struct scope *scope, const struct json *json,
                            struct tag_configuration *ret_configuration);
bool tag_configuration_has_purpose(const struct tag_configuration *configuration,
                                   struct text purpose);

// In one form, however its members were ordered and spaced; in the arena.
struct text tag_configuration_text(struct scope *scope,
                                   const struct tag_configuration *configuration);
// What a visitor reads and answers, hashed: the same until a word of it changes. In the arena.
struct text tag_configuration_text_hash(struct scope *scope,
                                        const struct tag_configuration *configuration);

// What a web site begins with: words in English, French and German, page views, no rules.
extern const char tag_configuration_first[];

// The fields of a configuration, for the API reference.
extern const struct json_field tag_configuration_fields[];
extern const size_t tag_configuration_field_count;
