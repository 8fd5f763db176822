// SPDX-License-Identifier: Apache-2.0
// Where options are looked for: the file, then the environment over it.
#include "base/config.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define VARIABLE_PREFIX "TESSERA_"
enum { FILE_BYTES = 1 << 16, NAME_BYTES = 64 };

// ---- the environment ----

static const char *variable(const struct config_sources *sources, const char *name) {
    const size_t size = strlen(name);

    for (const char *const *entry = sources->environment; entry && *entry; entry++)
        if (strncmp(*entry, name, size) == 0 && (*entry)[size] == '=')
            return (*entry)[size + 1] != '\0' ? *entry + size + 1 : NULL;
    return NULL;
}

// TESSERA_LAKE_MEMORY for lake_memory.
static const char *variable_name(const struct config_option *option, char name[NAME_BYTES]) {
    size_t size = strlen(VARIABLE_PREFIX);

    memcpy(name, VARIABLE_PREFIX, size);
    for (const char *byte = option->name; *byte && size + 1 < NAME_BYTES; byte++)
        name[size++] = (char)toupper((unsigned char)*byte);
    name[size] = '\0';
    return name;
}

static code read_environment(struct scope *scope, const struct config_sources *sources,
                             struct config *config) {
    char name[NAME_BYTES];

    for (size_t i = 0; i < config_option_count; i++) {
        const char *value = variable(sources, variable_name(&config_options[i], name));

        if (value)
            TRY(config_set(scope, config, text_of(config_options[i].name), text_of(value),
                           CONFIG_BY_ENVIRONMENT, name));
    }
    return OK;
}

const char *config_unknown_variable(struct scope *scope, const char *const *environment) {
    for (const char *const *entry = environment; entry && *entry; entry++) {
        const struct text name = text_split(text_of(*entry), '=', &(struct text){0});
        char known_name[NAME_BYTES];
        bool is_known = text_is(name, VARIABLE_PREFIX "CONFIG");

        if (!text_starts_with(name, TEXT(VARIABLE_PREFIX)))
            continue;
        for (size_t i = 0; i < config_option_count && !is_known; i++)
            is_known = text_is(name, variable_name(&config_options[i], known_name));
        if (!is_known)
            return text_string(&scope->arena, name);
    }
    return NULL;
}

// ---- the file ----

// NULL when there is no such file.
static code read_file(struct scope *scope, const char *path, bool must_be_there,
                      struct text *ret_content) {
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    char *content;
    ssize_t size;

    *ret_content = (struct text){0};
    if (fd < 0 && !must_be_there && (errno == ENOENT || errno == ENOTDIR))
        return OK;
    if (fd < 0)
        return scope_fail(scope, errno == ENOENT ? NOT_FOUND : UNAVAILABLE,
                          "cannot read the configuration %s: %s", path, strerror(errno));
    content = arena_alloc(&scope->arena, FILE_BYTES + 1);
    size = read(fd, content, FILE_BYTES + 1);
    close(fd);
    if (size < 0)
        return scope_fail(scope, UNAVAILABLE, "cannot read the configuration %s: %s", path,
                          strerror(errno));
    if (size > FILE_BYTES)
        return scope_fail(scope, TOO_LARGE, "the configuration %s is longer than %d bytes", path,
                          FILE_BYTES);
    *ret_content = (struct text){.data = content, .size = (size_t)size};
    return OK;
}

// Without the comment: from a # on that begins the line or follows a blank.
static struct text without_comment(struct text line) {
    for (size_t i = 0; i < line.size; i++)
        if (line.data[i] == '#' && (i == 0 || line.data[i - 1] == ' ' || line.data[i - 1] == '\t'))
            line.size = i;
    return text_trim(line);
}

// A path in a file is whole: whoever starts the program starts it from anywhere.
static code check_path(struct scope *scope, struct text name, struct text value,
                       const char *where) {
    for (size_t i = 0; i < config_option_count; i++)
        if (config_options[i].type == CONFIG_PATH && text_is(name, config_options[i].name) &&
            value.size > 0 && !text_starts_with(value, TEXT("/")) && !config_is_address(value))
            return scope_fail_field(scope, INVALID, config_options[i].name,
                                    "%s: %.*s is \"%.*s\"; a path in a file begins with /", where,
                                    TEXT_ARG(name), TEXT_ARG(value));
    return OK;
}

static code read_line(struct scope *scope, struct config *config, struct text line,
                      const char *where) {
    struct text value = {0};
    const struct text name = text_trim(text_split(line, '=', &value));

    if (!value.data)
        return scope_fail(scope, INVALID, "%s is not of the form name = value", where);
    value = text_trim(value);
    if (!text_is_utf8(value) || memchr(value.data ? value.data : "", '\0', value.size))
        return scope_fail(scope, INVALID, "%s is not text", where);
    for (size_t i = 0; i < config_option_count; i++)
        if (text_is(name, config_options[i].name) && config->origins[i] == CONFIG_BY_FILE)
            return scope_fail(scope, INVALID, "%s sets %.*s a second time", where, TEXT_ARG(name));
    TRY(check_path(scope, name, value, where));
    return config_set(scope, config, name, value, CONFIG_BY_FILE, where);
}

static code read_lines(struct scope *scope, struct config *config, struct text content) {
    for (int number = 1; content.size > 0; number++) {
        const struct text line = without_comment(text_split(content, '\n', &content));

        if (line.size > 0)
            TRY(read_line(scope, config, line,
                          arena_printf(&scope->arena, "line %d of %s", number, config->file)));
    }
    return OK;
}

// ---- where the data is ----

bool config_is_address(struct text data) {
    return text_starts_with(data, TEXT("postgresql://")) ||
           text_starts_with(data, TEXT("postgres://"));
}

// Between // and the first / or ?, before the last @, behind a colon; or as a parameter.
static bool holds_password(const char *address) {
    const char *authority = strstr(address, "//") + 2;
    const struct text part = {.data = authority, .size = strcspn(authority, "/?")};
    const char *at = memrchr(part.data, '@', part.size);
    const char *colon = at ? memchr(part.data, ':', (size_t)(at - part.data)) : NULL;

    return (colon && colon + 1 < at) || strstr(address, "?password=") ||
           strstr(address, "&password=");
}

// Whoever lists processes sees their words, and files are copied about. The address is not shown.
static code check_data(struct scope *scope, const struct config *config) {
    if (!config_is_address(text_of(config->data)) || !holds_password(config->data))
        return OK;
    scope_fail_field(scope, INVALID, "data", "the database's address holds a password");
    return scope_hint(scope,
                      "write it into ~/.pgpass or the file that PGPASSFILE names, mode 0600");
}

// One for each database, so that a server's socket in it is that of the same one.
static const char *files_folder(struct scope *scope, const char *usual, const char *address) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325); // FNV-1a

    for (const char *at = address; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
    return arena_printf(&scope->arena, "%s/databases/%016" PRIx64, usual, hash);
}

// ---- both ----

static const char *usual_folder(struct scope *scope, const struct config_sources *sources) {
    const char *xdg = variable(sources, "XDG_DATA_HOME");
    const char *home = variable(sources, "HOME");

    if (xdg && xdg[0] == '/') // a relative one is to be ignored, says its specification
        return arena_printf(&scope->arena, "%s/tessera", xdg);
    if (home)
        return arena_printf(&scope->arena, "%s/.local/share/tessera", home);
    return "";
}

static code read_configuration(struct scope *scope, const struct config_sources *sources,
                               const char *folder, struct config *config) {
    const char *named = sources->file ? sources->file : variable(sources, VARIABLE_PREFIX "CONFIG");
    const char *own = arena_printf(&scope->arena, "%s/tessera.conf", folder);
    struct text content = {0};

    config->file = named ? named : own;
    if (named || folder[0] != '\0')
        TRY(read_file(scope, config->file, named != NULL, &content));
    if (!content.data && sources->system_file) {
        config->file = sources->system_file;
        TRY(read_file(scope, config->file, false, &content));
    }
    if (!content.data)
        config->file = "";
    TRY(read_lines(scope, config, content));
    if (strcmp(config->file, own) == 0 && config->data[0] != '\0')
        return scope_fail_field(scope, INVALID, "data",
                                "%s stands in the store's folder and names another in data",
                                config->file);
    return OK;
}

code config_load(struct scope *scope, const struct config_sources *sources,
                 struct config *ret_config) {
    const char *named = sources->data ? sources->data : variable(sources, VARIABLE_PREFIX "DATA");
    const char *usual = usual_folder(scope, sources);
    struct config config;

    config_init(&config);
    TRY(read_configuration(scope, sources,
                           named && !config_is_address(text_of(named)) ? named : usual, &config));
    TRY(read_environment(scope, sources, &config));
    if (sources->data)
        TRY(config_set(scope, &config, TEXT("data"), text_of(sources->data), CONFIG_BY_COMMAND_LINE,
                       "--data"));
    if (config.data[0] == '\0')
        config.data = usual;
    TRY(check_data(scope, &config));
    if (config.files[0] == '\0' && config_is_address(text_of(config.data)) && usual[0] != '\0')
        config.files = files_folder(scope, usual, config.data);
    *ret_config = config;
    return OK;
}
