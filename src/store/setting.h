// SPDX-License-Identifier: Apache-2.0
// The settings of a store that change the meaning of its data, or who may come to it. Kept in the
// ledger.
#pragma once

#include "base/scope.h"

// To add one: a row in setting.c with its default, its check and its help.
struct settings {
    struct text zone; // business time zone, IANA; default: the machine's (TZ, /etc/localtime), else
                      // UTC; kept from the store's creation on
    struct text currency;              // ISO 4217 of amounts whose file names none; default EUR
    struct text country;               // ISO 3166 alpha-2 for national phone numbers; default empty
    struct text require_second_factor; // of roles that need one, when they sign in from elsewhere
                                       // ("remote", the default), "always" or "never"
    struct text quiet_hours;       // of the customer's day: nothing rings; "21:00-08:00", "never"
    struct text contact_cap;       // messages to one customer in days: "4/7", the default; "never"
    struct text campaign_approval; // by another person: of "marketers" (the default), "always",
                                   // "never"
    struct text quarantine_days;   // for which what a source sent and was kept apart can be looked
                                   // at; default 90; "never": for ever
    struct text webhook_memory_days; // for which the ids of signed messages are known; default 7
};

// They live as long as the scope.
code settings_load(struct scope *scope, struct settings *ret_settings);
// INVALID for an unknown name or a value that its check refuses. A new zone leaves the lake out of
// date: *ret_is_lake_stale, and lake_rebuild is due once the change is committed.
code setting_write(struct scope *scope, struct text name, struct text value,
                   bool *ret_is_lake_stale);
// The same, and the lake is rebuilt when that is due.
code setting_set(struct scope *scope, struct text name, struct text value);

// What processes that share the store must agree on, beside the settings: the first who says it is
// right. *ret_kept is what stands there, which may be another one's; empty `value`: look only.
code setting_keep_first(struct scope *scope, const char *name, struct text value,
                        struct text *ret_kept);
