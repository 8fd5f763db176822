// SPDX-License-Identifier: Apache-2.0
// The folder, its lock, sessions and ids. What the databases do stands in their own files.
#include "store/store.h"

#include "store/job.h"
#include "store/job_lease.h"
#include "store/lake_postgresql.h"
#include "store/ledger.h"
#include "store/ledger_engine.h"
#include "store/ledger_postgresql.h"
#include "store/ledger_sqlite.h"
#include "store/migration.h"
#include "store/postgresql_connection.h"
#include "store/postgresql_store.h"
#include "store/store_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

// ---- the folder ----

static code make_folder(struct scope *scope, const char *path) {
    struct stat status;

    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return scope_fail(scope, UNAVAILABLE, "cannot make the folder %s: %s", path,
                          strerror(errno));
    if (stat(path, &status) != 0)
        return scope_fail(scope, UNAVAILABLE, "cannot look at %s: %s", path, strerror(errno));
    if (!S_ISDIR(status.st_mode))
        return scope_fail(scope, INVALID, "%s is not a folder", path);
    return OK;
}

// Who has it, as the owner wrote it into the lock.
static code fail_locked(struct scope *scope, const char *path, int fd) {
    char owner[32] = {0};

    if (pread(fd, owner, sizeof(owner) - 1, 0) < 0 || owner[0] == '\0')
        snprintf(owner, sizeof(owner), "unknown");
    owner[strcspn(owner, "\n")] = '\0';
    scope_fail(scope, CONFLICT, "the store %s is in use by process %s", path, owner);
    return scope_hint(scope, "stop that process, or wait until it has ended");
}

// The kernel drops the lock with the process, however it ends.
static code take_lock(struct scope *scope, struct store *store) {
    const char *path = arena_printf(&scope->arena, "%s/lock", store->path);

    store->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (store->lock_fd < 0)
        return scope_fail(scope, UNAVAILABLE, "cannot open %s: %s", path, strerror(errno));
    if (flock(store->lock_fd, LOCK_EX | LOCK_NB) != 0)
        return fail_locked(scope, store->path, store->lock_fd);
    if (ftruncate(store->lock_fd, 0) != 0 || dprintf(store->lock_fd, "%d\n", (int)getpid()) < 0)
        return scope_fail(scope, errno == ENOSPC ? STORAGE_FULL : UNAVAILABLE,
                          "cannot write %s: %s", path, strerror(errno));
    return OK;
}

// ---- opening and closing ----

// A crash in the middle of copying leaves the copy.
static void remove_trials(const struct store *store) {
    DIR *folder = opendir(store->path);
    struct dirent *entry;

    while (folder && (entry = readdir(folder)))
        if (text_starts_with(text_of(entry->d_name), TEXT(LEDGER_TRIAL_PREFIX)))
            unlinkat(dirfd(folder), entry->d_name, 0);
    if (folder)
        closedir(folder);
}

static code prepare_owned(struct scope *scope, struct store *store) {
    const char *exports = arena_printf(&scope->arena, "%s/exports", store->path);

    TRY(make_folder(scope, exports));
    if (store->engine->has_owner)
        remove_trials(store);
    TRY(migration_run(scope));
    TRY(store_seed_ids(scope, store));
    TRY(settings_pin(scope));
    TRY(job_recover(scope));
    return store->engine->has_owner ? mirror_start(scope, store)
                                    : lake_postgresql_start(scope, store);
}

static code prepare_for(struct scope *scope, struct store *store) {
    switch (store->mode) {
    case STORE_READ_WRITE:
        return prepare_owned(scope, store);
    case STORE_LEDGER_NEW:
        return migration_run(scope);
    case STORE_LEDGER_ONLY:
        break;
    }
    return migration_check(scope);
}

// The scope lends itself to the work of opening with a session that ends with it.
static code prepare(struct scope *scope, struct store *store) {
    struct session *session = scope->session;
    code result;

    scope->session = NULL;
    result = session_open(scope, store);
    if (result == OK) {
        result = prepare_for(scope, store);
        session_close(scope);
    }
    scope->session = session;
    return result;
}

static code open_folder(struct scope *scope, const char *path, struct store *store) {
    if (store->mode != STORE_LEDGER_ONLY || !store->engine->has_owner)
        TRY(make_folder(scope, path));
    store->path = realpath(path, NULL);
    if (!store->path)
        return scope_fail(scope, NOT_FOUND, "there is no store at %s: %s", path, strerror(errno));
    return OK;
}

// A database has no owner: everybody who may sign in there works in it. Files lie beside.
static code open_database(struct scope *scope, const char *address, struct store *store) {
    store->engine = &ledger_postgresql;
    if (store->config.files[0] == '\0')
        return scope_fail_field(scope, INVALID, "files", "no folder for the files is known");
    TRY(open_folder(scope, store->config.files, store));
    store->config.files = store->path;
    store->address = strdup(address);
    store->config.data = store->address;
    return postgresql_attach(scope, store, address);
}

static code open_place(struct scope *scope, const char *path, struct store *store) {
    if (config_is_address(text_of(path)))
        return open_database(scope, path, store);
    store->engine = &ledger_sqlite;
    TRY(open_folder(scope, path, store));
    store->config.data = store->path;
    return store->mode == STORE_READ_WRITE ? take_lock(scope, store) : OK;
}

code store_open(struct scope *scope, const char *path, enum store_mode mode,
                struct store **ret_store) {
    struct config config;

    config_init(&config);
    return store_open_configured(scope, path, mode, &config, ret_store);
}

code store_open_configured(struct scope *scope, const char *path, enum store_mode mode,
                           const struct config *config, struct store **ret_store) {
    struct store *store = calloc(1, sizeof(*store));

    if (!store)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    store->config = *config;
    store->mode = mode;
    store->lock_fd = -1;
    pthread_mutex_init(&store->keeper_mutex, NULL);
    write_turn_init(&store->write_turn);
    job_bell_init(&store->job_bell);
    gate_init(&store->heavy_gate, STORE_HEAVY_AT_ONCE);
    store->shared_answers = shared_answers_new();
    if (open_place(scope, path, store) != OK || prepare(scope, store) != OK) {
        store_close(store);
        return scope->failure.code;
    }
    *ret_store = store;
    return OK;
}

void store_close(struct store *store) {
    if (!store)
        return;
    job_lease_release_all(store);
    mirror_stop(store->mirror);
    lake_close(store->lake);
    postgresql_detach(store);
    if (store->lock_fd >= 0)
        close(store->lock_fd);
    pthread_mutex_destroy(&store->keeper_mutex);
    write_turn_clear(&store->write_turn);
    job_bell_clear(&store->job_bell);
    gate_clear(&store->heavy_gate);
    shared_answers_free(store->shared_answers);
    free(store->path);
    free(store->address);
    free(store);
}

const char *store_path(const struct store *store) {
    return store->path;
}

const char *store_address(const struct store *store) {
    return store->config.data;
}

const struct config *store_config(const struct store *store) {
    return &store->config;
}

bool store_owns_lake(const struct store *store) {
    return store->mode == STORE_READ_WRITE;
}

bool store_is_shared(const struct store *store) {
    return !store->engine->has_owner;
}

struct store_lake_counts store_lake_counts(struct store *store) {
    return shared_answers_counts(store->shared_answers);
}

// ---- sessions ----

struct store_health store_health(struct store *store) {
    struct store_health health = {0};

    if (store->mirror)
        health = mirror_health(store->mirror);
    if (store->postgresql)
        health.database_is_away = postgresql_is_away(store->postgresql);
    return health;
}

code store_leads(struct scope *scope, struct store *store, bool *ret_leads) {
    *ret_leads = store->mode == STORE_READ_WRITE;
    return store->postgresql ? postgresql_leads(scope, store, ret_leads) : OK;
}

code session_open(struct scope *scope, struct store *store) {
    struct session *session;

    if (scope->session)
        return scope_fail(scope, INTERNAL, "this work has a session already");
    session = calloc(1, sizeof(*session));
    if (!session)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    session->store = store;
    scope->session = session;
    return OK;
}

static code become_trial(struct scope *scope, enum trial_kind kind) {
    struct session *session = scope->session;
    struct ledger *ledger = session_ledger(scope);
    struct ledger *trial;

    if (!ledger)
        return scope->failure.code;
    TRY(ledger->engine->open_trial(scope, session->store, ledger, kind, &trial));
    ledger_close(session->ledger);
    session->ledger = trial;
    session->is_trial = true;
    return OK;
}

code session_open_trial(struct scope *scope, struct store *store, enum trial_kind kind) {
    TRY(session_open(scope, store));
    if (become_trial(scope, kind) != OK)
        session_close(scope);
    return scope->failure.code;
}

void session_close(struct scope *scope) {
    struct session *session = scope->session;

    if (!session)
        return;
    ledger_rollback(scope);
    ledger_close(session->ledger);
    lake_session_close(session->lake);
    free(session);
    scope->session = NULL;
}

struct store *session_store(const struct scope *scope) {
    return scope->session->store;
}

struct gate *session_heavy_gate(const struct scope *scope) {
    return &session_store(scope)->heavy_gate;
}
