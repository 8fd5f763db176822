// SPDX-License-Identifier: Apache-2.0
#include "base/config.h"

#include "base/test.h"

#include <sys/stat.h>

// The configuration that a file of this content makes, with these variables.
static code load(struct scope *scope, const char *content, const char *const *environment,
                 struct config *ret_config) {
    const char *file = test_file(scope, "tessera.conf", text_of(content));

    return config_load(scope, &(struct config_sources){.file = file, .environment = environment},
                       ret_config);
}

static enum config_origin origin_of(const struct config *config, const char *name) {
    for (size_t i = 0; i < config_option_count; i++)
        if (strcmp(config_options[i].name, name) == 0)
            return config_origin(config, &config_options[i]);
    test_fail(__FILE__, __LINE__, "there is no option %s", name);
}

static void check_refused(struct scope *scope, const char *content, const char *message) {
    struct config config;

    scope_forgive(scope);
    CHECK_CODE(load(scope, content, NULL, &config), INVALID);
    if (!strstr(scope->failure.message, message))
        test_fail(__FILE__, __LINE__, "\"%s\" does not say \"%s\"", scope->failure.message,
                  message);
}

TEST(a_file_is_lines_of_name_and_value_with_comments) {
    struct config config;

    CHECK_OK(load(scope,
                  "# where\n"
                  "listen = [::1]:80   # a comment behind a value\n"
                  "\n"
                  "lake_memory=2G\r\n"
                  "\texports_kept =   12h\n"
                  "backups = /srv/#1",
                  NULL, &config));
    CHECK_STRING(config.listen, "[::1]:80");
    CHECK_INT(config.lake_memory_bytes, INT64_C(2) << 30);
    CHECK_INT(config.exports_kept_s, 43200);
    CHECK_STRING(config.backups, "/srv/#1");
    CHECK_INT(config.uploads_kept_s, INT64_C(7) * 86400); // the default
    CHECK_INT(origin_of(&config, "listen"), CONFIG_BY_FILE);
    CHECK_INT(origin_of(&config, "uploads_kept"), CONFIG_BY_DEFAULT);
}

TEST(the_command_line_goes_before_the_environment_and_that_before_the_file) {
    static const char *const environment[] = {"TESSERA_WORKERS=3", "TESSERA_LOG=debug",
                                              "TESSERA_LISTEN=", NULL};
    struct config config;

    CHECK_OK(load(scope, "workers = 2\nlog = warn\nlisten = 127.0.0.1:1\n", environment, &config));
    CHECK_OK(config_set(scope, &config, TEXT("workers"), TEXT("4"), CONFIG_BY_COMMAND_LINE,
                        "--workers"));
    CHECK_INT(config.workers, 4);
    CHECK_STRING(config.log, "debug");
    CHECK_STRING(config.listen, "127.0.0.1:1"); // an empty variable says nothing
    CHECK_INT(origin_of(&config, "workers"), CONFIG_BY_COMMAND_LINE);
    CHECK_INT(origin_of(&config, "log"), CONFIG_BY_ENVIRONMENT);
}

TEST(an_unknown_option_is_refused_with_its_line_and_the_nearest_name) {
    struct config config;

    CHECK_CODE(load(scope, "\n\nlake_memroy = 1G\n", NULL, &config), INVALID);
    CHECK(strstr(scope->failure.message, "line 3 of "));
    CHECK(strstr(scope->failure.message, "there is no option \"lake_memroy\""));
    CHECK_STRING(scope->failure.hint, "did you mean lake_memory?");
}

TEST(a_value_that_does_not_fit_is_refused_with_what_would) {
    check_refused(scope, "listen = 7380\n", "an address and a port");
    check_refused(scope, "listen = localhost:80\n", "an address and a port");
    check_refused(scope, "listen = ::1:80\n", "an address and a port");
    check_refused(scope, "listen = 127.0.0.1:65536\n", "an address and a port");
    check_refused(scope, "base_url = https://crm.example.com/\n", "without a path");
    check_refused(scope, "base_url = crm.example.com\n", "without a path");
    check_refused(scope, "trusted_proxy = nginx\n", "a numeric address");
    check_refused(scope, "workers = 257\n", "a number from 0 to 256");
    check_refused(scope, "workers = -1\n", "a number from 0 to 256");
    check_refused(scope, "lake_memory = 1M\n", "from 64M to 4T");
    check_refused(scope, "lake_memory = 1X\n", "bytes such as 512M");
    check_refused(scope, "lake_memory = 99999999999T\n", "bytes such as 512M");
    check_refused(scope, "exports_kept = 30\n", "a duration such as 12h");
    check_refused(scope, "exports_kept = d\n", "a duration such as 12h");
    check_refused(scope, "log = loud\n", "one of error, warn, info, debug");
    check_refused(scope, "tls_key = key.pem\n", "begins with /");
    check_refused(scope, "workers = 1\nworkers = 2\n", "line 2 of ");
    check_refused(scope, "workers\n", "is not of the form name = value");
    check_refused(scope, "data = /\xFF\n", "is not text");
}

TEST(the_defaults_are_what_their_options_say) {
    struct config config;

    config_init(&config);
    for (size_t i = 0; i < config_option_count; i++) {
        const struct config_option *option = &config_options[i];

        CHECK_TEXT(config_value(scope, &config, option), option->otherwise);
        CHECK(option->help && option->value && option->otherwise);
        if (option->otherwise[0] != '\0')
            CHECK_OK(config_set(scope, &config, text_of(option->name), text_of(option->otherwise),
                                CONFIG_BY_FILE, "here"));
    }
}

TEST(a_file_in_the_store_s_folder_is_found_and_names_no_other_folder) {
    const char *folder = test_folder(scope);
    const struct config_sources sources = {.data = folder, .system_file = "/nonexistent"};
    struct config config;

    CHECK_OK(config_load(scope, &sources, &config));
    CHECK_STRING(config.file, "");
    CHECK_STRING(config.data, folder);
    test_file(scope, "tessera.conf", TEXT("workers = 5\n"));
    CHECK_OK(config_load(scope, &sources, &config));
    CHECK_INT(config.workers, 5);
    test_file(scope, "tessera.conf", TEXT("data = /elsewhere\n"));
    CHECK_CODE(config_load(scope, &sources, &config), INVALID);
}

TEST(a_file_that_was_named_must_be_there) {
    const struct config_sources sources = {.file = "/nonexistent/tessera.conf"};
    struct config config;

    CHECK_CODE(config_load(scope, &sources, &config), NOT_FOUND);
}

TEST(the_folder_of_the_data_comes_from_the_usual_places_last) {
    static const char *const home[] = {"HOME=/home/ada", "XDG_DATA_HOME=relative", NULL};
    static const char *const xdg[] = {"HOME=/home/ada", "XDG_DATA_HOME=/data", NULL};
    static const char *const named[] = {"HOME=/home/ada", "TESSERA_DATA=here", NULL};
    struct config config;

    CHECK_OK(config_load(scope, &(struct config_sources){.environment = home}, &config));
    CHECK_STRING(config.data, "/home/ada/.local/share/tessera");
    CHECK_OK(config_load(scope, &(struct config_sources){.environment = xdg}, &config));
    CHECK_STRING(config.data, "/data/tessera");
    CHECK_OK(config_load(scope, &(struct config_sources){.environment = named}, &config));
    CHECK_STRING(config.data, "here");
    CHECK_OK(load(scope, "data = /srv/tessera\n", home, &config));
    CHECK_STRING(config.data, "/srv/tessera");
}

TEST(a_server_that_others_can_reach_must_encrypt_or_stand_behind_a_proxy) {
    struct config config;

    CHECK_OK(load(scope, "data = /d\nlisten = 127.0.0.1:80\n", NULL, &config));
    CHECK_OK(config_check_server(scope, &config));
    CHECK_OK(
        load(scope, "data = /d\nlisten = 0.0.0.0:80\ntrusted_proxy = 10.0.0.1", NULL, &config));
    CHECK_OK(config_check_server(scope, &config));
    CHECK_OK(load(scope, "data = /d\nlisten = [::]:443\ntls_certificate = /c\ntls_key = /k\n", NULL,
                  &config));
    CHECK_OK(config_check_server(scope, &config));
    CHECK_OK(load(scope, "data = /d\nlisten = 0.0.0.0:80\n", NULL, &config));
    CHECK_CODE(config_check_server(scope, &config), INVALID);
    scope_forgive(scope);
    CHECK_OK(load(scope, "data = /d\ntls_certificate = /c\n", NULL, &config));
    CHECK_CODE(config_check_server(scope, &config), INVALID);
    CHECK_STRING(scope->failure.message, "tls_certificate is set and tls_key is not");
}

TEST(a_secret_that_others_may_read_is_refused) {
    const char *path = test_file(scope, "key.pem", TEXT("secret\n"));
    struct text content;

    CHECK(chmod(path, 0600) == 0);
    CHECK_OK(config_read_secret(scope, "tls_key", path, &content));
    CHECK_TEXT(content, "secret\n");
    CHECK(chmod(path, 0644) == 0);
    CHECK_CODE(config_read_secret(scope, "tls_key", path, &content), FORBIDDEN);
    CHECK(!strstr(scope->failure.message, "secret\n"));
    scope_forgive(scope);
    CHECK_CODE(config_read_secret(scope, "tls_key", "/nonexistent", &content), NOT_FOUND);
    scope_forgive(scope);
    CHECK_CODE(config_read_secret(scope, "tls_key", "/dev/null", &content), INVALID);
}

TEST(a_variable_that_names_no_option_is_noticed) {
    static const char *const slip[] = {"TESSERA_DATA=x", "HOME=/", "TESSERA_WORKER=2", NULL};
    static const char *const none[] = {"TESSERA_CONFIG=x", "TESSERA_WORKERS=2", "TESSER=1", NULL};

    CHECK_STRING(config_unknown_variable(scope, slip), "TESSERA_WORKER");
    CHECK(!config_unknown_variable(scope, none));
}
