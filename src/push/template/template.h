// SPDX-License-Identifier: Apache-2.0
// Templates as they are kept: a name, a channel kind, and versions of content that are never
// changed. Saving makes a new version; a message says which one it was written from.
//
// For who sends: template_open once per campaign, template_people_read once per batch of customers,
// template_render once per message. The values that a template may name are declared in one table
// (template_declarations), which the editor offers and the compiler checks.
#pragma once

#include "push/template/liquid.h"

enum {
    TEMPLATE_MOST_VARIANTS = 50,
    TEMPLATE_MOST_SUBJECT_BYTES = 1000,
};

// What a template is written for. The words are stored.
enum template_kind {
    TEMPLATE_EMAIL,   // subject, HTML, text
    TEMPLATE_TEXT,    // text alone: SMS, a push message, a call's script
    TEMPLATE_LETTER,  // subject line and text
    TEMPLATE_ONSITE,  // HTML, shown in a page
    TEMPLATE_WEBHOOK, // text alone, which is JSON
    TEMPLATE_KIND_COUNT
};
extern const char *const template_kind_names[]; // "email"; ends with NULL
bool template_kind_parse(struct text name, enum template_kind *ret_kind);

// Content, for everybody or for those whom `language` and `segment` describe.
struct template_content {
    struct text language;            // "de": of customers whose language begins so; empty: any
    struct text segment;             // name; empty: any
    struct text subject, html, text; // empty parts of a variant are those of the template
};

struct template_version {
    int64_t id; // of the version: what a message keeps
    int64_t template_id;
    struct text name;
    enum template_kind kind;
    int64_t number; // 1 for the first
    struct text description;
    struct template_content content;
    struct template_content *variants; // the first that fits is taken
    size_t variant_count;
    struct text actor;
    int64_t saved_at_us;
};

// By name or id; number 0: the newest. In the scope's arena. NOT_FOUND.
code template_find(struct scope *scope, struct text name_or_id, int64_t number,
                   struct template_version *ret_version);
// By the version's own id.
code template_find_version(struct scope *scope, int64_t version_id,
                           struct template_version *ret_version);
// Checks every part; INVALID names it as field ("subject", "html", "text",
// "variants[2].html") and where in it the fault stands. *ret_fault unless it is NULL.
code template_check(struct scope *scope, const struct template_version *version,
                    struct liquid_fault *ret_fault);
// Within the open transaction: the template `version->name`, made when there is none, gets this
// content as its newest version, unless the newest has it already. Checks first.
code template_save(struct scope *scope, const struct template_version *version, int64_t *ret_id,
                   int64_t *ret_number);

// ---- for who sends ----

// All programs of one version. Read only; threads share it. It lives in the scope's arena.
struct template_program;
code template_open(struct scope *scope, int64_t version_id, const struct template_program **ret);
code template_compile(struct scope *scope, const struct template_version *version,
                      struct liquid_fault *ret_fault, const struct template_program **ret);
bool template_has_html(const struct template_program *program);
// The series whose coupon content number `content` gives: 0 is the template's, then its variants;
// empty: none, NULL data beyond the last.
struct text template_coupon_series(const struct template_program *program, size_t content);
bool template_shows_coupon_pictures(const struct template_program *program);

// What differs from message to message and is no fact of the customer. Empty texts read as nothing.
struct template_message {
    struct text campaign;        // its name
    struct text preference_url;  // the preference centre of this customer
    struct text unsubscribe_url; // one click
    struct text view_url;        // the message in a browser
    struct text coupon_code;
    struct text coupon_value;   // "10 %", as the customer reads it
    int32_t coupon_expires_day; // INT32_MIN: never, or no coupon
    struct text coupon_qr_url, coupon_bars_url;
    struct text sender;                // who writes: the business's name
    struct text sender_address;        // its postal address
    int32_t day;                       // on which it is sent, in the business's zone
    liquid_rewrite_link *rewrite_link; // of HTML; NULL: links stay
    void *rewrite_context;
};

// The values of a batch of customers, read with a fixed number of queries whatever its size. In the
// scope's arena. Each is named once; customers that do not exist are INVALID.
struct template_people;
code template_people_read(struct scope *scope, const struct template_program *program,
                          const int64_t *customers, size_t count, struct template_people **ret);

// The customer's name; empty when it is not known.
struct text template_person_name(const struct template_people *people, size_t index);

// One thread's memory for rendering.
struct template_renderer;
code template_renderer_new(struct scope *scope, struct template_renderer **ret_renderer);
void template_renderer_free(struct template_renderer *renderer); // takes NULL

// What a customer gets; parts that the kind lacks are empty. The texts live until the renderer is
// used again.
struct template_output {
    struct text subject, html, text;
    int variant; // of the version's variants; -1: none of them
};

// The series of the coupon that customer number `index` gets with it; empty: none.
struct text template_person_coupon_series(const struct template_program *program,
                                          const struct template_people *people, size_t index);

// For customer number `index` of the batch. A text part is made from the HTML where none is
// written.
code template_render(struct scope *scope, struct template_renderer *renderer,
                     const struct template_program *program, struct template_people *people,
                     size_t index, const struct template_message *message,
                     struct template_output *ret_output);

// What templates may name.
extern const struct liquid_declaration template_declarations[];
