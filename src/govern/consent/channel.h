// SPDX-License-Identifier: Apache-2.0
// The ways to reach somebody, as consents know them, and the kind of address that each needs. What
// sends through them stands elsewhere (push/channel).
#pragma once

#include "base/text.h"

// Values of `identifier.kind` (host/identity/identity.h) where it is an identifier.
enum contact_kind { CONTACT_NONE = 0, CONTACT_EMAIL = 1, CONTACT_PHONE = 2, CONTACT_POSTAL = 100 };

// To add one: a row in channel.c, and its word in every language (page_words.c, ui/src/i18n).
struct consent_channel {
    const char *name;
    const char *other_name; // as sources call it too; never empty
    enum contact_kind contact;
};

extern const struct consent_channel consent_channels[];
extern const size_t consent_channel_count;

// By either name; NULL when there is none.
const struct consent_channel *consent_channel_find(struct text name);

// The word for every purpose or every channel in a fact: an objection to direct marketing is said
// of purpose "all".
#define CONSENT_ALL "all"
// The purpose of a fact that restricts processing to storage (GDPR Art. 18).
#define CONSENT_RESTRICTION "restriction"
