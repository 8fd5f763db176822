// SPDX-License-Identifier: Apache-2.0
// What a message that asks to confirm a consent says, in every language of the public pages. It
// holds no advertising: whoever gets it has not agreed to any yet. Pure.
#pragma once

#include "base/text.h"

// What the words are filled with.
struct confirmation_values {
    struct text purpose; // its title in the language
    struct text channel; // "by e-mail"
    struct text text;    // what is agreed to, word for word
    struct text link;
    struct text sender; // whom it comes from; may be empty
};

// In the arena, in that language ("de-AT" is "de"), else in English.
struct confirmation_words {
    struct text subject, mail, sms;
};
struct confirmation_words confirmation_write(struct arena *arena, struct text language,
                                             const struct confirmation_values *values);
