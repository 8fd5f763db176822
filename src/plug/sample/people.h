// SPDX-License-Identifier: Apache-2.0
// The lists that a sample company's people and places are made of: common given and family names,
// names of streets, large towns with their place on the map. No list names a person, and none is
// drawn from one.
#pragma once

#include <stddef.h>

enum gender { GENDER_FEMALE, GENDER_MALE, GENDER_COUNT };

struct name_list {
    const char *const *names;
    size_t count;
};

// Given names by decade of birth: 0 for people born before 1960, 1 from 1960 to 1984, 2 from 1985
// on.
enum { GENERATION_COUNT = 3 };
struct name_list given_names(enum gender gender, int generation);
struct name_list family_names(void);
struct name_list street_names(void);
// Parts of a town, to tell its stores apart.
struct name_list quarter_names(void);

struct town {
    const char *name;
    const char *region;
    const char *postal_prefix; // the first two digits of its postal codes
    float inhabitants;         // thousands
    float latitude, longitude; // degrees, to a tenth
};

extern const struct town towns[];
extern const size_t town_count;

// Kilometres as the crow flies.
double town_distance_km(const struct town *a, const struct town *b);
