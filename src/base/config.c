// SPDX-License-Identifier: Apache-2.0
// The table of options, what their values mean, and how they go together. Where they are looked for
// stands in config_load.c.
#include "base/config.h"

#include "base/nearest.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// ---- the checks ----

bool config_split_address(struct text listen, char ret_address[CONFIG_ADDRESS_SIZE],
                          uint16_t *ret_port) {
    const char *colon = listen.size > 0 ? memrchr(listen.data, ':', listen.size) : NULL;
    unsigned char binary[sizeof(struct in6_addr)];
    struct text address, port;
    bool is_bracketed;
    int64_t number;

    if (!colon)
        return false;
    address = (struct text){.data = listen.data, .size = (size_t)(colon - listen.data)};
    port = (struct text){.data = colon + 1, .size = listen.size - address.size - 1};
    is_bracketed =
        address.size > 2 && address.data[0] == '[' && address.data[address.size - 1] == ']';
    if (is_bracketed)
        address = (struct text){.data = address.data + 1, .size = address.size - 2};
    if (address.size >= CONFIG_ADDRESS_SIZE || !text_to_int64(port, &number) || number < 0 ||
        number > UINT16_MAX)
        return false;
    memset(ret_address, 0, CONFIG_ADDRESS_SIZE);
    memcpy(ret_address, address.data, address.size);
    *ret_port = (uint16_t)number;
    return inet_pton(is_bracketed ? AF_INET6 : AF_INET, ret_address, binary) == 1;
}

static const char *check_listen(struct text value) {
    char address[CONFIG_ADDRESS_SIZE];
    uint16_t port;

    return config_split_address(value, address, &port)
               ? NULL
               : "an address and a port, such as 127.0.0.1:7380 or [::]:443";
}

static const char *check_address(struct text value) {
    unsigned char binary[sizeof(struct in6_addr)];
    char address[CONFIG_ADDRESS_SIZE] = {0};

    if (value.size < sizeof(address)) {
        memcpy(address, value.data, value.size);
        if (inet_pton(AF_INET, address, binary) == 1 || inet_pton(AF_INET6, address, binary) == 1)
            return NULL;
    }
    return "a numeric address, such as 127.0.0.1";
}

// Scheme, host and perhaps a port, as browsers send it in Origin.
static const char *check_base_url(struct text value) {
    static const char *const expected = "an address such as https://crm.example.com, without a "
                                        "path";
    const bool is_https = text_starts_with(value, TEXT("https://"));
    const size_t begin = is_https ? 8 : 7;

    if ((!is_https && !text_starts_with(value, TEXT("http://"))) || value.size == begin)
        return expected;
    for (size_t i = begin; i < value.size; i++) {
        const char byte = value.data[i];

        if (!(byte >= 'a' && byte <= 'z') && !(byte >= '0' && byte <= '9') &&
            !strchr(".-:[]", byte))
            return expected;
    }
    return NULL;
}

// ---- the table ----

static const char *const standby_losses[] = {"refuse", "accept", NULL};
static const char *const log_levels[] = {"error", "warn", "info", "debug", NULL};

#define KIB        INT64_C(1024)
#define MIB        (KIB * 1024)
#define GIB        (MIB * 1024)
#define DAY        INT64_C(86400)
#define AT(member) offsetof(struct config, member)

const struct config_option config_options[] = {
    {.name = "data",
     .type = CONFIG_PATH,
     .offset = AT(data),
     .value = "FOLDER",
     .otherwise = "",
     .help = "the folder of the store, or postgresql://HOST/DATABASE; by default tessera in "
             "$XDG_DATA_HOME or ~/.local/share"},
    {.name = "files",
     .type = CONFIG_PATH,
     .offset = AT(files),
     .value = "FOLDER",
     .otherwise = "",
     .help = "where files in and out lie when the store is a database; by default the folder that "
             "would be the store, in databases/"},
    {.name = "standby_loss",
     .type = CONFIG_CHOICE,
     .offset = AT(standby_loss),
     .value = "CHOICE",
     .otherwise = "refuse",
     .help = "refuse or accept a database whose standby may lack what was acknowledged",
     .choices = standby_losses},
    {.name = "database_connections",
     .type = CONFIG_COUNT,
     .offset = AT(database_connections),
     .value = "COUNT",
     .otherwise = "64",
     .help = "connections to the database that this process has at once, at most",
     .minimum = 8,
     .maximum = 1000},
    {.name = "database_idle_connections",
     .type = CONFIG_COUNT,
     .offset = AT(database_idle_connections),
     .value = "COUNT",
     .otherwise = "8",
     .help = "connections to the database that are kept open while nobody uses them, at most",
     .maximum = 1000},
    {.name = "database_statement_timeout",
     .type = CONFIG_DURATION,
     .offset = AT(database_statement_timeout_s),
     .value = "DURATION",
     .otherwise = "1h",
     .help = "the database ends a statement that takes longer",
     .minimum = 1,
     .maximum = 30 * DAY},
    {.name = "database_lock_timeout",
     .type = CONFIG_DURATION,
     .offset = AT(database_lock_timeout_s),
     .value = "DURATION",
     .otherwise = "30s",
     .help = "how long to wait for others who write the database",
     .minimum = 1,
     .maximum = DAY},
    {.name = "database_transaction_timeout",
     .type = CONFIG_DURATION,
     .offset = AT(database_transaction_timeout_s),
     .value = "DURATION",
     .otherwise = "20s",
     .help = "the database ends a transaction of a process that says nothing for so long, and lets "
             "others write",
     .minimum = 1,
     .maximum = DAY},
    {.name = "job_lease",
     .type = CONFIG_DURATION,
     .offset = AT(job_lease_s),
     .value = "DURATION",
     .otherwise = "20s",
     .help = "when another process on the same database takes over the jobs of one that is silent",
     .minimum = 2,
     .maximum = 3600},
    {.name = "listen",
     .type = CONFIG_TEXT,
     .offset = AT(listen),
     .value = "ADDRESS:PORT",
     .otherwise = "127.0.0.1:7380",
     .help = "where the server answers; an address that others can reach needs TLS or a proxy",
     .check = check_listen},
    {.name = "base_url",
     .type = CONFIG_TEXT,
     .offset = AT(base_url),
     .value = "URL",
     .otherwise = "",
     .help = "what people have in the address bar, for links; by default made from listen",
     .check = check_base_url},
    {.name = "tls_certificate",
     .type = CONFIG_PATH,
     .offset = AT(tls_certificate),
     .value = "FILE",
     .otherwise = "",
     .help = "certificate and its chain, PEM; without one the server speaks plain HTTP"},
    {.name = "tls_key",
     .type = CONFIG_PATH,
     .offset = AT(tls_key),
     .value = "FILE",
     .otherwise = "",
     .help = "the certificate's private key, PEM, readable by nobody but its owner"},
    {.name = "trusted_proxy",
     .type = CONFIG_TEXT,
     .offset = AT(trusted_proxy),
     .value = "ADDRESS",
     .otherwise = "",
     .help = "the proxy whose X-Forwarded-For and X-Forwarded-Proto are believed",
     .check = check_address},
    {.name = "internal_hosts",
     .type = CONFIG_TEXT,
     .offset = AT(internal_hosts),
     .value = "HOSTS",
     .otherwise = "",
     .help = "servers of your own network that may be called; others must be public, over TLS"},
    {.name = "workers",
     .type = CONFIG_COUNT,
     .offset = AT(workers),
     .value = "COUNT",
     .otherwise = "0",
     .help = "requests that are worked on at once; 0: two for each processor",
     .maximum = 256},
    {.name = "lake_memory",
     .type = CONFIG_BYTES,
     .offset = AT(lake_memory_bytes),
     .value = "BYTES",
     .otherwise = "0",
     .help = "what counting may take; 0: 256M for each processor, at most a quarter of the "
             "machine's memory",
     .minimum = 64 * MIB,
     .maximum = INT64_C(4096) * GIB},
    {.name = "body_limit",
     .type = CONFIG_BYTES,
     .offset = AT(body_limit_bytes),
     .value = "BYTES",
     .otherwise = "1M",
     .help = "the largest request that is no file",
     .minimum = 64 * KIB,
     .maximum = 16 * MIB},
    {.name = "upload_limit",
     .type = CONFIG_BYTES,
     .offset = AT(upload_limit_bytes),
     .value = "BYTES",
     .otherwise = "16G",
     .help = "the largest file that can be uploaded",
     .minimum = MIB,
     .maximum = INT64_C(4096) * GIB},
    {.name = "uploads_kept",
     .type = CONFIG_DURATION,
     .offset = AT(uploads_kept_s),
     .value = "DURATION",
     .otherwise = "7d",
     .help = "how long an uploaded file is kept after its last use",
     .minimum = 60,
     .maximum = 3650 * DAY},
    {.name = "exports_kept",
     .type = CONFIG_DURATION,
     .offset = AT(exports_kept_s),
     .value = "DURATION",
     .otherwise = "30d",
     .help = "how long a file that was written for people can be fetched",
     .minimum = 60,
     .maximum = 3650 * DAY},
    {.name = "backups",
     .type = CONFIG_PATH,
     .offset = AT(backups),
     .value = "FOLDER",
     .otherwise = "",
     .help = "where backups are written that name no place themselves"},
    {.name = "backup_age",
     .type = CONFIG_DURATION,
     .offset = AT(backup_age_s),
     .value = "DURATION",
     .otherwise = "2d",
     .help = "tessera doctor warns when the newest backup is older",
     .minimum = 60,
     .maximum = 3650 * DAY},
    {.name = "log",
     .type = CONFIG_CHOICE,
     .offset = AT(log),
     .value = "LEVEL",
     .otherwise = "info",
     .help = "what the server tells: events up to this level",
     .choices = log_levels},
    {.name = "log_file",
     .type = CONFIG_PATH,
     .offset = AT(log_file),
     .value = "FILE",
     .otherwise = "",
     .help = "where the server's events go, opened anew on SIGHUP; by default to standard error"},
};
const size_t config_option_count = sizeof(config_options) / sizeof(*config_options);
_Static_assert(sizeof(config_options) / sizeof(*config_options) <= CONFIG_MOST_OPTIONS,
               "origins has room for all");

#undef AT

// ---- values ----

static bool is_number(const struct config_option *option) {
    return option->type >= CONFIG_COUNT;
}

static const char **text_slot(struct config *config, const struct config_option *option) {
    return (const char **)(void *)((char *)config + option->offset);
}

static int64_t *number_slot(struct config *config, const struct config_option *option) {
    return (int64_t *)(void *)((char *)config + option->offset);
}

struct unit {
    char letter;
    int64_t size;
};
static const struct unit byte_units[] = {{'T', 1024 * GIB}, {'G', GIB}, {'M', MIB}, {'K', KIB}};
static const struct unit duration_units[] = {{'d', DAY}, {'h', 3600}, {'m', 60}, {'s', 1}};
enum { UNIT_COUNT = 4 };

static const struct unit *units_of(enum config_type type) {
    return type == CONFIG_BYTES ? byte_units : type == CONFIG_DURATION ? duration_units : NULL;
}

static bool read_number(const struct config_option *option, struct text value,
                        int64_t *ret_number) {
    const struct unit *units = units_of(option->type);
    const bool is_default = text_is(value, option->otherwise);
    int64_t factor = option->type == CONFIG_DURATION ? 0 : 1, number;

    for (size_t i = 0; units && value.size > 1 && i < UNIT_COUNT; i++)
        if (value.data[value.size - 1] == units[i].letter)
            factor = units[i].size;
    if (units && factor != 0 && (factor != 1 || option->type == CONFIG_DURATION))
        value.size--;
    return factor != 0 && text_to_int64(value, &number) && number >= 0 &&
           !__builtin_mul_overflow(number, factor, ret_number) &&
           (is_default || (*ret_number >= option->minimum && *ret_number <= option->maximum));
}

static bool is_choice(const struct config_option *option, struct text value) {
    for (size_t i = 0; option->choices[i]; i++)
        if (text_is(value, option->choices[i]))
            return true;
    return false;
}

static void add_number(struct buffer *out, const struct config_option *option, int64_t number) {
    const struct unit *units = units_of(option->type);

    for (size_t i = 0; units && number > 0 && i < UNIT_COUNT; i++)
        if (number % units[i].size == 0) {
            buffer_printf(out, "%" PRId64 "%c", number / units[i].size, units[i].letter);
            return;
        }
    buffer_printf(out, "%" PRId64, number);
}

// What the value must be; false when it is.
static bool refuses(const struct config_option *option, struct text value, struct buffer *expected,
                    int64_t *ret_number) {
    const char *problem = NULL;

    switch (option->type) {
    case CONFIG_TEXT:
    case CONFIG_PATH:
        problem = value.size > 0 && option->check ? option->check(value) : NULL;
        if (problem)
            buffer_add_string(expected, problem);
        return problem != NULL;
    case CONFIG_CHOICE:
        for (size_t i = 0; option->choices[i]; i++)
            buffer_printf(expected, "%s%s", i > 0 ? ", " : "one of ", option->choices[i]);
        return !is_choice(option, value);
    case CONFIG_COUNT:
    case CONFIG_BYTES:
    case CONFIG_DURATION:
        break;
    }
    if (read_number(option, value, ret_number))
        return false;
    buffer_add_string(expected, option->type == CONFIG_COUNT ? "a number from "
                                : option->type == CONFIG_BYTES
                                    ? "bytes such as 512M or 16G, from "
                                    : "a duration such as 12h or 30d, from ");
    add_number(expected, option, option->minimum);
    buffer_add_string(expected, " to ");
    add_number(expected, option, option->maximum);
    return true;
}

// ---- setting and showing ----

void config_init(struct config *config) {
    struct buffer ignored = {0};

    *config = (struct config){.file = ""};
    for (size_t i = 0; i < config_option_count; i++) {
        const struct config_option *option = &config_options[i];
        int64_t number = 0;

        refuses(option, text_of(option->otherwise), &ignored, &number);
        if (!is_number(option))
            *text_slot(config, option) = option->otherwise;
        else
            *number_slot(config, option) = number;
    }
    buffer_clear(&ignored);
}

static const struct config_option *find_option(struct text name) {
    for (size_t i = 0; i < config_option_count; i++)
        if (text_is(name, config_options[i].name))
            return &config_options[i];
    return NULL;
}

static code fail_unknown(struct scope *scope, struct text name, const char *where) {
    const char *names[CONFIG_MOST_OPTIONS];
    const char *meant;

    for (size_t i = 0; i < config_option_count; i++)
        names[i] = config_options[i].name;
    meant = nearest(name, names, config_option_count);
    scope_fail(scope, INVALID, "%s: there is no option \"%.*s\"", where, TEXT_ARG(name));
    if (meant)
        return scope_hint(scope, "did you mean %s?", meant);
    return scope_hint(scope, "`tessera config` lists them");
}

code config_set(struct scope *scope, struct config *config, struct text name, struct text value,
                enum config_origin origin, const char *where) {
    CLEANUP(buffer_clear) struct buffer expected = {0};
    const struct config_option *option = find_option(name);
    int64_t number = 0;

    if (!option)
        return fail_unknown(scope, name, where);
    if (refuses(option, value, &expected, &number))
        return scope_fail_field(scope, INVALID, option->name, "%s: %s is \"%.*s\"; it must be %s",
                                where, option->name, TEXT_ARG(value), buffer_string(&expected));
    if (!is_number(option))
        *text_slot(config, option) = text_string(&scope->arena, value);
    else
        *number_slot(config, option) = number;
    config->origins[option - config_options] = (unsigned char)origin;
    return OK;
}

struct text config_value(struct scope *scope, const struct config *config,
                         const struct config_option *option) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    const char *slot = (const char *)config + option->offset;

    if (!is_number(option))
        return text_of(*(const char *const *)(const void *)slot);
    add_number(&out, option, *(const int64_t *)(const void *)slot);
    return text_copy(&scope->arena, buffer_text(&out));
}

enum config_origin config_origin(const struct config *config, const struct config_option *option) {
    return (enum config_origin)config->origins[option - config_options];
}

const char *config_origin_name(enum config_origin origin) {
    static const char *const names[] = {[CONFIG_BY_DEFAULT] = "default",
                                        [CONFIG_BY_FILE] = "file",
                                        [CONFIG_BY_ENVIRONMENT] = "environment",
                                        [CONFIG_BY_COMMAND_LINE] = "command line"};

    return names[origin];
}

// ---- what goes together ----

static bool is_loopback(const char *address) {
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

struct text config_base_url(struct arena *arena, const struct config *config) {
    if (config->base_url[0] != '\0')
        return text_of(config->base_url);
    return text_printf(arena, "%s://%s", config->tls_certificate[0] != '\0' ? "https" : "http",
                       config->listen);
}

code config_check_server(struct scope *scope, const struct config *config) {
    const bool has_tls = config->tls_certificate[0] != '\0';
    char address[CONFIG_ADDRESS_SIZE];
    uint16_t port;

    if (has_tls != (config->tls_key[0] != '\0'))
        return scope_fail_field(scope, INVALID, has_tls ? "tls_key" : "tls_certificate",
                                "%s is set and %s is not", has_tls ? "tls_certificate" : "tls_key",
                                has_tls ? "tls_key" : "tls_certificate");
    if (has_tls && strncmp(config->base_url, "http:", 5) == 0)
        return scope_fail_field(scope, INVALID, "base_url",
                                "the server has a certificate and base_url is %s",
                                config->base_url);
    if (config->data[0] == '\0')
        return scope_fail_field(scope, INVALID, "data", "no folder for the data is known");
    if (!config_split_address(text_of(config->listen), address, &port))
        return scope_fail(scope, INTERNAL, "listen is %s", config->listen);
    if (is_loopback(address) || has_tls || config->trusted_proxy[0] != '\0')
        return OK;
    // Passwords and sessions would cross the network in the clear.
    scope_fail_field(scope, INVALID, "listen", "%s can be reached by others, without encryption",
                     config->listen);
    return scope_hint(scope, "set tls_certificate and tls_key, or listen on 127.0.0.1 behind a "
                             "proxy that has them, or name a trusted_proxy on another machine");
}

// ---- secrets ----

static code read_content(struct scope *scope, const char *option, const char *path, int fd,
                         struct text *ret_content) {
    enum { MOST_BYTES = 1 << 16 };
    char *content = arena_alloc(&scope->arena, MOST_BYTES + 1);
    const ssize_t size = read(fd, content, MOST_BYTES);

    if (size < 0)
        return scope_fail_field(scope, UNAVAILABLE, option, "cannot read %s: %s", path,
                                strerror(errno));
    content[size] = '\0';
    *ret_content = (struct text){.data = content, .size = (size_t)size};
    return OK;
}

static code check_secret(struct scope *scope, const char *option, const char *path, int fd) {
    struct stat status;
    mode_t open_to;

    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
        return scope_fail_field(scope, INVALID, option, "%s is not a file", path);
    open_to = status.st_mode & (status.st_uid == 0 ? 0037 : 0077);
    if (open_to == 0)
        return OK;
    scope_fail_field(scope, FORBIDDEN, option, "%s can be read by others (mode %04o)", path,
                     (unsigned)status.st_mode & 07777u);
    return scope_hint(scope, "chmod 600 %s", path);
}

code config_read_secret(struct scope *scope, const char *option, const char *path,
                        struct text *ret_content) {
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    code result;

    if (fd < 0)
        return scope_fail_field(scope, errno == ENOENT ? NOT_FOUND : UNAVAILABLE, option,
                                "cannot open %s: %s", path, strerror(errno));
    result = check_secret(scope, option, path, fd);
    if (result == OK)
        result = read_content(scope, option, path, fd, ret_content);
    close(fd);
    return result;
}
