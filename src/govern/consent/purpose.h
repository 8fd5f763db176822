// SPDX-License-Identifier: Apache-2.0
// Purposes: what customers are asked for. Each has a definition, in numbered versions that are
// never changed:
//
//   {"is_marketing": true,
//    "channels": {"email": {"basis": "consent", "double_opt_in": true}, …},
//    "languages": {"en": {"title", "explanation", "text"}, …}}
//
// `text` is what is agreed to, word for word; facts name it as NAME/VERSION.
#pragma once

#include "base/json.h"
#include "govern/consent/channel.h"
#include "store/rows.h"

// GDPR Art. 6(1)(a) to (f).
enum legal_basis {
    BASIS_NONE = 0, // the purpose does not use the channel
    BASIS_CONSENT,
    BASIS_CONTRACT,
    BASIS_LEGAL_OBLIGATION,
    BASIS_VITAL_INTERESTS,
    BASIS_PUBLIC_TASK,
    BASIS_LEGITIMATE_INTERESTS,
};
extern const char *const legal_basis_names[]; // "", "consent", …; ends with NULL

struct purpose {
    struct text name;
    int64_t version;
    struct text definition; // JSON
    const struct json *json;
    bool is_marketing;
};

// On what basis a purpose uses a channel.
struct purpose_channel {
    enum legal_basis basis;
    bool double_opt_in;
};

// The words of a purpose in one language.
struct purpose_words {
    struct text language, title, explanation, text;
};

// The version in force; NOT_FOUND.
code purpose_find(struct scope *scope, struct text name, struct purpose *ret_purpose);
code purpose_find_version(struct scope *scope, struct text name, int64_t version,
                          struct purpose *ret_purpose);
// By name.
code purpose_list(struct scope *scope, struct purpose **ret_purposes, size_t *ret_count);

// Makes it, or gives it a new version unless the definition is the one in force. INVALID for a
// definition that cannot be. Within the open transaction.
code purpose_save(struct scope *scope, struct text name, const struct json *definition,
                  int64_t *ret_version);

// BASIS_NONE when the purpose does not use it.
struct purpose_channel purpose_channel(const struct purpose *purpose,
                                       const struct consent_channel *channel);
// In that language ("de-AT" is "de"), else in English, else in the first there is.
struct purpose_words purpose_words(const struct purpose *purpose, struct text language);
// "newsletter/3": what a fact keeps as its text version.
struct text purpose_text_version(struct scope *scope, const struct purpose *purpose);
