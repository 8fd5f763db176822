// SPDX-License-Identifier: Apache-2.0
// The settings of a store that change the meaning of its data. Kept in the ledger.
#pragma once

#include "base/scope.h"

// To add one: a row in setting.c with its default, its check and its help.
struct settings {
    struct text zone; // business time zone, IANA; default: the machine's (TZ, /etc/localtime), else
                      // UTC; kept from the store's creation on
    struct text currency; // ISO 4217 of amounts whose file names none; default EUR
    struct text country;  // ISO 3166 alpha-2 for national phone numbers; default empty
};

// They live as long as the scope.
code settings_load(struct scope *scope, struct settings *ret_settings);
// INVALID for an unknown name or a value that its check refuses. A new zone rebuilds the lake.
code setting_set(struct scope *scope, struct text name, struct text value);
