// SPDX-License-Identifier: Apache-2.0
// The words of the public pages, in every language. {purpose} and {channel} are put in.
#pragma once

#include "base/text.h"

enum page_word {
    WORD_UNSUBSCRIBE,
    WORD_UNSUBSCRIBE_ASK,
    WORD_UNSUBSCRIBE_DONE,
    WORD_PREFERENCES,
    WORD_PREFERENCES_HELP,
    WORD_SAVE,
    WORD_SAVED,
    WORD_ALL_OFF,
    WORD_ALL_OFF_HELP,
    WORD_ALL_OFF_DONE,
    WORD_AGREED, // {date}, {text}
    WORD_WAITS,  // for its double opt-in
    WORD_NOTHING_SAID,
    WORD_CONFIRM,
    WORD_CONFIRM_ASK,
    WORD_CONFIRM_DONE,
    WORD_CONFIRM_OVER,
    WORD_BAD_LINK,
    WORD_BAD_LINK_HELP,
    WORD_NOT_DONE,
    WORD_TOO_OFTEN,
    WORD_LANGUAGE,
    PAGE_WORD_COUNT
};

struct page_language {
    const char *name;   // "de"
    const char *itself; // "Deutsch"
    const char *const *words;
    const char *const *channels; // in the order of consent_channels
};

extern const struct page_language page_languages[];
extern const size_t page_language_count;

// Of "de-AT" it is German; English for what there is not.
const struct page_language *page_language_find(struct text name);
