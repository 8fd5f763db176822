// SPDX-License-Identifier: Apache-2.0
#include "tests/campaign_sender.h"

#include "base/config.h"
#include "base/time.h"
#include "push/campaign/campaign.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 60000 };

code campaign_store_open(struct scope *scope, struct test_place place) {
    struct config config;
    struct store *store;

    config_init(&config);
    config.files = place.folder;
    config.base_url = "https://crm.example.org";
    TRY(store_open_configured(scope, place.address, STORE_READ_WRITE, &config, &store));
    return session_open(scope, store);
}

code run_campaign(struct scope *scope, int64_t id) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;
    struct json *parameters;

    json_writer_init(&writer, &out);
    TRY(json_parse(scope, text_printf(&scope->arena, "{\"campaign\": \"%lld\"}", (long long)id),
                   &parameters));
    return campaign_run(scope, 1, parameters, &writer);
}

static pid_t start_sender(struct test_place place, int64_t id) {
    const pid_t child = test_fork();
    struct scope scope;

    if (child != 0)
        return child;
    scope_init(&scope);
    scope.now_us = time_now_us();
    if (campaign_store_open(&scope, place) != OK || run_campaign(&scope, id) != OK)
        fprintf(stderr, "%s\n", scope.failure.message);
    _exit(0);
}

static off_t size_of(const char *path) {
    struct stat file;

    return stat(path, &file) == 0 ? file.st_size : 0;
}

bool kill_campaign(struct test_place place, int64_t id, const char *path, int64_t after_us) {
    const off_t before = size_of(path);
    const pid_t child = start_sender(place, id);

    for (int ms = 0; ms < PATIENCE_MS && size_of(path) == before; ms++) {
        if (waitpid(child, &(int){0}, WNOHANG) == child)
            return false;
        usleep(1000);
    }
    usleep((useconds_t)after_us);
    kill(child, SIGKILL);
    waitpid(child, &(int){0}, 0);
    return true;
}

void finish_campaign(struct test_place place, int64_t id) {
    waitpid(start_sender(place, id), &(int){0}, 0);
}
