// SPDX-License-Identifier: Apache-2.0
// Countries as sources write them ("Deutschland", "UK", "fr"), to ISO 3166 alpha-2, and the names
// that the last line of an address abroad wants.
#pragma once

#include "base/scope.h"

// All names in the languages of the countries that letters are laid out for, folded. It takes some
// milliseconds to make and lives as long as the scope.
struct countries;
code countries_make(struct scope *scope, struct countries **ret_countries);

enum { COUNTRY_SIZE = 3 };
// False when the name is none of a country.
bool country_find(struct scope *scope, const struct countries *countries, struct text name,
                  char ret_country[COUNTRY_SIZE]);
// In capital letters, in the language of the country that the letter is posted in (the Universal
// Postal Union wants it understood there): "FRANKREICH" from DE. In the arena.
struct text country_line(struct scope *scope, const char *country, const char *from_country);
