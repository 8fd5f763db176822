// SPDX-License-Identifier: Apache-2.0
// What ad platforms match their users by: each detail of a person in the form that the platform
// asks for, hashed where it asks for hashes. One normaliser for each platform: the same phone
// number has a "+" for Google and none for Meta, so hashes of one are worth nothing to the other.
#pragma once

#include "base/text.h"

enum audience_platform { AUDIENCE_GOOGLE, AUDIENCE_META, AUDIENCE_PLATFORM_COUNT };
extern const char *const audience_platform_names[]; // google, meta; ends with NULL

enum audience_detail {
    AUDIENCE_EMAIL,
    AUDIENCE_PHONE, // given as E.164
    AUDIENCE_GIVEN_NAME,
    AUDIENCE_FAMILY_NAME,
    AUDIENCE_CITY,
    AUDIENCE_REGION,
    AUDIENCE_POSTAL_CODE,
    AUDIENCE_COUNTRY, // given as ISO 3166 alpha-2
};

// As the platform matches it: plain or 64 hexadecimal digits of SHA-256; empty for an empty value
// and for a detail that the platform does not take. What is a hash already stays it for Meta. In
// the arena.
struct text audience_normalise(struct arena *arena, enum audience_platform platform,
                               enum audience_detail detail, struct text value);
