// SPDX-License-Identifier: Apache-2.0
// Two processes meet the same new people at the same instant: each of them becomes one customer.
// TESSERA_TEST_FULL=1 makes it ten thousand.
#include "host/identity/identity.h"
#include "store/ledger.h"
#include "store/store_testing.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { USUAL_PEOPLE = 1000, FULL_PEOPLE = 10000, PROCESSES = 2 };

// In memory that both processes have: they begin with each person together.
struct meeting {
    _Atomic int arrived[FULL_PEOPLE];
    _Atomic int created; // customers, as the processes were told
};

static void wait_for_the_other(struct meeting *meeting, int person) {
    meeting->arrived[person]++;
    while (meeting->arrived[person] < PROCESSES)
        sched_yield();
}

static code write_person(struct scope *scope, struct resolver *resolver, int process, int person,
                         struct resolution *resolution) {
    // Both know the card; each knows another identifier besides.
    const struct sighted identifiers[] = {
        {IDENTIFIER_LOYALTY_CARD, TEXT(""), text_printf(&scope->arena, "card-%d", person)},
        {IDENTIFIER_EMAIL, TEXT(""),
         text_printf(&scope->arena, "person-%d@shop-%d.example", person, process)},
    };
    const struct sighting sighting = {.identifiers = identifiers,
                                      .count = 2,
                                      .import_id = 1,
                                      .seen_at_us = 1,
                                      .evidence = TEXT("a test")};

    TRY(resolver_begin(scope, resolver));
    return resolver_resolve(scope, resolver, &sighting, resolution);
}

_Noreturn static void meet_all(struct test_place place, struct meeting *meeting, int process,
                               int people) {
    struct resolver *resolver = resolver_new();
    struct scope scope;
    struct store *store;

    scope_init(&scope);
    if (test_store_open(&scope, place, STORE_READ_WRITE, &store) != OK ||
        session_open(&scope, store) != OK)
        _exit(1);
    for (int person = 0; person < people; person++) {
        const struct arena_mark mark = arena_mark(&scope.arena);
        struct resolution resolution = {0};

        wait_for_the_other(meeting, person);
        if (ledger_begin(&scope) != OK ||
            ledger_end(&scope, write_person(&scope, resolver, process, person, &resolution)) !=
                OK) {
            fprintf(stderr, "  %s %s\n", scope.failure.message, scope.failure.detail);
            _exit(2);
        }
        meeting->created += resolution.created;
        arena_rewind(&scope.arena, mark);
    }
    _exit(0);
}

TEST(people_whom_two_processes_meet_at_once_become_one_customer_each) {
    const char *full = getenv("TESSERA_TEST_FULL");
    const int people = full && full[0] == '1' ? FULL_PEOPLE : USUAL_PEOPLE;
    struct meeting *meeting =
        mmap(NULL, sizeof(*meeting), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t children[PROCESSES];

    CHECK(meeting != MAP_FAILED);
    test_store(scope);
    if (!test_store_is_shared())
        test_skip("one process has the store");
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = test_fork();
        if (children[i] == 0)
            meet_all(test_store_place(scope), meeting, i, people);
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;

        CHECK(waitpid(children[i], &status, 0) == children[i]);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    CHECK_INT(meeting->created, people);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM customer"),
                 arena_printf(&scope->arena, "%d", people));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*), count(DISTINCT origin) FROM identifier"),
                 arena_printf(&scope->arena, "%d|%d", 3 * people, people));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM alias"), "0");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM link WHERE undone_at_us IS NULL"),
                 arena_printf(&scope->arena, "%d", 2 * people));
    munmap(meeting, sizeof(*meeting));
}
