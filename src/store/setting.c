// SPDX-License-Identifier: Apache-2.0
#include "store/setting.h"

#include "base/money.h"
#include "base/time.h"
#include "setting_sql.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/store_internal.h"

#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

// ---- defaults and checks ----

static code check_zone(struct scope *scope, struct text value) {
    struct zone *zone = NULL;

    TRY(zone_open(scope, value, &zone));
    zone_free(zone);
    return OK;
}

static bool is_zone(struct scope *scope, struct text name) {
    const bool known = name.size > 0 && check_zone(scope, name) == OK;

    scope_forgive(scope);
    return known;
}

// TZ names the zone, maybe behind a colon; /etc/localtime is a link into the zone database.
static struct text machine_zone(struct scope *scope) {
    const char *variable = getenv("TZ");
    struct text name = text_of(variable && variable[0] == ':' ? variable + 1 : variable);
    char target[512];
    ssize_t length;
    const char *found;

    if (is_zone(scope, name))
        return text_copy(&scope->arena, name);
    length = readlink("/etc/localtime", target, sizeof(target) - 1);
    if (length > 0) {
        target[length] = '\0';
        found = strstr(target, "zoneinfo/");
        name = text_of(found ? found + strlen("zoneinfo/") : NULL);
        if (is_zone(scope, name))
            return text_copy(&scope->arena, name);
    }
    return TEXT("UTC");
}

static struct text default_currency(struct scope *scope) {
    (void)scope;
    return TEXT("EUR");
}

static code check_currency(struct scope *scope, struct text value) {
    if (currency_is_known(value))
        return OK;
    return scope_fail_field(scope, INVALID, "currency", "currency \"%.*s\" is not of ISO 4217",
                            TEXT_ARG(value));
}

static struct text default_country(struct scope *scope) {
    (void)scope;
    return TEXT("");
}

static code check_country(struct scope *scope, struct text value) {
    const bool is_code = value.size == 2 && value.data[0] >= 'A' && value.data[0] <= 'Z' &&
                         value.data[1] >= 'A' && value.data[1] <= 'Z';

    if (value.size == 0 || is_code)
        return OK;
    return scope_fail_field(scope, INVALID, "country",
                            "country \"%.*s\" is not two capital letters of ISO 3166",
                            TEXT_ARG(value));
}

static struct text default_second_factor(struct scope *scope) {
    (void)scope;
    return TEXT("remote");
}

static code check_second_factor(struct scope *scope, struct text value) {
    if (text_is(value, "remote") || text_is(value, "always") || text_is(value, "never"))
        return OK;
    return scope_fail_field(scope, INVALID, "require_second_factor",
                            "a second factor is required \"remote\", \"always\" or \"never\", "
                            "not \"%.*s\"",
                            TEXT_ARG(value));
}

static struct text default_webhook_memory(struct scope *scope) {
    (void)scope;
    return TEXT("7");
}

static code check_webhook_memory(struct scope *scope, struct text value) {
    int64_t days;

    if (text_to_int64(value, &days) && days >= 1 && days <= 30)
        return OK;
    return scope_fail_field(scope, INVALID, "webhook_memory_days",
                            "\"%.*s\" is not from 1 to 30 days", TEXT_ARG(value));
}

static struct text default_quarantine(struct scope *scope) {
    (void)scope;
    return TEXT("90");
}

static code check_quarantine(struct scope *scope, struct text value) {
    int64_t days;

    if (text_is(value, "never") || (text_to_int64(value, &days) && days >= 1 && days <= 3650))
        return OK;
    return scope_fail_field(scope, INVALID, "quarantine_days",
                            "\"%.*s\" is neither from 1 to 3650 days nor \"never\"",
                            TEXT_ARG(value));
}

static struct text default_quiet_hours(struct scope *scope) {
    (void)scope;
    return TEXT("21:00-08:00");
}

static bool is_minute(struct text text) {
    int64_t hour, minute;

    return text.size == 5 && text.data[2] == ':' &&
           text_to_int64((struct text){text.data, 2}, &hour) && hour >= 0 && hour < 24 &&
           text_to_int64((struct text){text.data + 3, 2}, &minute) && minute >= 0 && minute < 60;
}

static code check_quiet_hours(struct scope *scope, struct text value) {
    struct text to;
    const struct text from = text_split(value, '-', &to);

    if (text_is(value, "never") || (is_minute(from) && is_minute(to)))
        return OK;
    return scope_fail_field(scope, INVALID, "quiet_hours",
                            "\"%.*s\" is neither hours (21:00-08:00) nor \"never\"",
                            TEXT_ARG(value));
}

static struct text default_contact_cap(struct scope *scope) {
    (void)scope;
    return TEXT("4/7");
}

static code check_contact_cap(struct scope *scope, struct text value) {
    struct text days_text;
    const struct text count_text = text_split(value, '/', &days_text);
    int64_t count, days;

    if (text_is(value, "never") ||
        (text_to_int64(count_text, &count) && text_to_int64(days_text, &days) && count >= 1 &&
         count <= 1000 && days >= 1 && days <= 366))
        return OK;
    return scope_fail_field(scope, INVALID, "contact_cap",
                            "\"%.*s\" is neither messages in days (4/7) nor \"never\"",
                            TEXT_ARG(value));
}

static struct text default_campaign_approval(struct scope *scope) {
    (void)scope;
    return TEXT("marketers");
}

static code check_campaign_approval(struct scope *scope, struct text value) {
    if (text_is(value, "marketers") || text_is(value, "always") || text_is(value, "never"))
        return OK;
    return scope_fail_field(scope, INVALID, "campaign_approval",
                            "another person approves campaigns of \"marketers\", \"always\" or "
                            "\"never\", not \"%.*s\"",
                            TEXT_ARG(value));
}

static const struct setting {
    const char *name;
    size_t offset; // in struct settings
    struct text (*otherwise)(struct scope *scope);
    code (*check)(struct scope *scope, struct text value);
    bool rebuilds_lake;
} table[] = {
    {"zone", offsetof(struct settings, zone), machine_zone, check_zone, true},
    {"currency", offsetof(struct settings, currency), default_currency, check_currency, false},
    {"country", offsetof(struct settings, country), default_country, check_country, false},
    {"require_second_factor", offsetof(struct settings, require_second_factor),
     default_second_factor, check_second_factor, false},
    {"quiet_hours", offsetof(struct settings, quiet_hours), default_quiet_hours, check_quiet_hours,
     false},
    {"contact_cap", offsetof(struct settings, contact_cap), default_contact_cap, check_contact_cap,
     false},
    {"campaign_approval", offsetof(struct settings, campaign_approval), default_campaign_approval,
     check_campaign_approval, false},
    {"quarantine_days", offsetof(struct settings, quarantine_days), default_quarantine,
     check_quarantine, false},
    {"webhook_memory_days", offsetof(struct settings, webhook_memory_days), default_webhook_memory,
     check_webhook_memory, false},
};
enum { SETTING_COUNT = sizeof(table) / sizeof(*table) };

static const struct setting *find(struct text name) {
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (text_is(name, table[i].name))
            return &table[i];
    return NULL;
}

static struct text *slot(struct settings *settings, const struct setting *setting) {
    return (struct text *)(void *)((char *)settings + setting->offset);
}

// ---- reading and writing ----

code settings_load(struct scope *scope, struct settings *ret_settings) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct settings settings = {0};

    TRY(ledger_query(scope, sql_setting_list, NO_BINDS, &rows));
    while (rows_next(rows)) {
        const struct setting *setting = find(rows_text(rows, 0));

        if (setting)
            *slot(&settings, setting) = text_copy(&scope->arena, rows_text(rows, 1));
    }
    TRY(rows_end(rows));
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (!slot(&settings, &table[i])->data)
            *slot(&settings, &table[i]) = table[i].otherwise(scope);
    *ret_settings = settings;
    return OK;
}

code settings_pin(struct scope *scope) {
    struct settings settings;

    TRY(settings_load(scope, &settings));
    return ledger_exec(scope, sql_setting_put_absent,
                       BINDS(BIND_STRING("zone"), BIND_TEXT(settings.zone)));
}

code setting_keep_first(struct scope *scope, const char *name, struct text value,
                        struct text *ret_kept) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    if (value.size > 0)
        TRY(ledger_exec(scope, sql_setting_put_absent, BINDS(BIND_STRING(name), BIND_TEXT(value))));
    TRY(ledger_find(scope, sql_setting_find, BINDS(BIND_STRING(name)), &rows, &found));
    *ret_kept = found ? text_copy(&scope->arena, rows_text(rows, 0)) : (struct text){0};
    return OK;
}

code setting_write(struct scope *scope, struct text name, struct text value,
                   bool *ret_is_lake_stale) {
    const struct setting *setting = find(name);
    struct settings before;

    if (!setting) {
        scope_fail_field(scope, INVALID, "name", "there is no setting \"%.*s\"", TEXT_ARG(name));
        return scope_hint(scope, "`tessera setting list` shows those there are");
    }
    TRY(setting->check(scope, value));
    TRY(settings_load(scope, &before));
    TRY(ledger_exec(scope, sql_setting_put, BINDS(BIND_TEXT(name), BIND_TEXT(value))));
    *ret_is_lake_stale = setting->rebuilds_lake && !text_equal(*slot(&before, setting), value);
    return OK;
}

code setting_set(struct scope *scope, struct text name, struct text value) {
    bool is_lake_stale = false;

    TRY(setting_write(scope, name, value, &is_lake_stale));
    return is_lake_stale ? lake_rebuild(scope) : OK;
}
