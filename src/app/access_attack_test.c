// SPDX-License-Identifier: Apache-2.0
// What people try who may not come in: guessing, spraying, measuring, flooding, reading the disk.
#include "app/access_testing.h"
#include "base/time.h"
#include "govern/access/access_session.h"
#include "govern/access/invitation.h"
#include "govern/access/secret.h"
#include "govern/access/sign_in.h"
#include "govern/access/throttle.h"
#include "store/ledger.h"

#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

// Some of these only show their figure when they run long: TESSERA_TEST_FULL=1 ./dev test attack.
static int full_or(int full, int usual) {
    return getenv("TESSERA_TEST_FULL") ? full : usual;
}

// ---- guessing ----

TEST(of_a_thousand_guesses_twenty_are_evaluated_and_the_right_person_still_comes_in) {
    struct visitor ann = {0};
    int evaluated = 0;

    test_store(scope);
    test_account(scope, "ann", ROLE_ANALYST);
    test_sign_in(scope, &ann, "ann"); // her device is known from now on
    for (int i = 0; i < 1000; i++) {
        struct visitor thief = {.address =
                                    arena_printf(&scope->arena, "198.51.%d.%d", i / 250, i % 250)};
        const code result = try_sign_in(scope, &thief, "ann", "guess number 1234");

        CHECK(result == UNAUTHENTICATED || result == BUSY);
        evaluated += result == UNAUTHENTICATED;
        CHECK(result != BUSY ||
              (scope->failure.retry_after_s > 0 && scope->failure.retry_after_s <= 60));
        scope->now_us += 600 * US_PER_SECOND / 1000;
    }
    CHECK(evaluated > 0 && evaluated <= 20);
    CHECK_OK(try_sign_in(scope, &ann, "ann", TEST_PASSWORD));
    scope->now_us += THROTTLE_STEP_US; // and from anywhere after a minute
    CHECK_OK(try_sign_in(scope, &(struct visitor){0}, "ann", TEST_PASSWORD));
}

TEST(one_source_that_tries_a_thousand_names_is_slowed_down_as_well) {
    int evaluated = 0;

    test_store(scope);
    for (int i = 0; i < 1000; i++) {
        struct visitor thief = {0};

        evaluated += try_sign_in(scope, &thief, arena_printf(&scope->arena, "user%d", i),
                                 "Spring2026!") == UNAUTHENTICATED;
        scope->now_us += 600 * US_PER_SECOND / 1000;
    }
    CHECK(evaluated > 0 && evaluated <= 20);
}

TEST(guesses_on_a_device_that_is_known_are_counted_too) {
    struct visitor ann = {0}, bob = {0};
    int evaluated = 0;

    test_store(scope);
    test_account(scope, "ann", ROLE_ANALYST);
    test_account(scope, "bob", ROLE_ANALYST);
    test_sign_in(scope, &ann, "ann");
    for (int i = 0; i < 100; i++)
        evaluated += try_sign_in(scope, &ann, "ann", "guess number 1234") == UNAUTHENTICATED;
    CHECK(evaluated <= 20);
    bob.device = ann.device; // does not help with another account
    evaluated = 0;
    for (int i = 0; i < 100; i++)
        evaluated += try_sign_in(scope, &bob, "bob", "guess number 1234") == UNAUTHENTICATED;
    CHECK(evaluated <= 20);
}

TEST(many_tries_leave_one_record_of_their_refusal) {
    struct visitor thief = {0};

    test_store(scope);
    for (int i = 0; i < 100; i++)
        try_sign_in(scope, &thief, "ann", "guess number 1234");
    CHECK_STRING(test_ledger_rows(scope, "SELECT action, count(*) FROM audit "
                                         "GROUP BY action ORDER BY action"),
                 "session.refuse|8\nsession.throttle|1");
    CHECK_STRING(test_ledger_rows(scope, "SELECT DISTINCT object FROM audit"), "account unknown");
}

TEST(random_tokens_find_nothing) {
    const int guesses = full_or(1000000, 50000);
    struct arena_mark mark;
    struct access_session session;
    struct account account;
    struct text link;
    bool found;

    test_store(scope);
    CHECK_OK(access_first_link(scope, &link));
    mark = arena_mark(&scope->arena);
    for (int i = 0; i < guesses; i++) {
        const struct text token = secret_make(&scope->arena, "");

        CHECK_OK(access_session_find(scope, token, &session, &found));
        CHECK(!found);
        CHECK_CODE(invitation_find(scope, token, &account), NOT_FOUND);
        scope_forgive(scope);
        arena_rewind(&scope->arena, mark);
    }
}

// ---- measuring ----

static double seconds_of(struct scope *scope, const char *name) {
    struct visitor thief = {0};
    struct timespec begin, end;

    scope->now_us += 2 * THROTTLE_STEP_US; // never slowed down
    clock_gettime(CLOCK_MONOTONIC, &begin);
    CHECK_CODE(try_sign_in(scope, &thief, name, "guess number 1234"), UNAUTHENTICATED);
    clock_gettime(CLOCK_MONOTONIC, &end);
    CHECK_TEXT(thief.answer, "{\"error\":{\"code\":\"unauthenticated\","
                             "\"message\":\"the name or the password is wrong\"}}");
    return (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
}

static int compare_double(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

// The two-sided Kolmogorov-Smirnov test of two samples of one size (Smirnov's asymptotic form).
static double kolmogorov_smirnov_p(double *a, double *b, int count) {
    double distance = 0, lambda, p = 0;
    int i = 0, k = 0;

    qsort(a, (size_t)count, sizeof(*a), compare_double);
    qsort(b, (size_t)count, sizeof(*b), compare_double);
    while (i < count && k < count) {
        if (a[i] <= b[k])
            i++;
        else
            k++;
        distance = fmax(distance, fabs((double)(i - k)) / count);
    }
    lambda = distance * (sqrt(count / 2.0) + 0.12 + 0.11 / sqrt(count / 2.0));
    for (int n = 1; n <= 100; n++)
        p += (n % 2 ? 2 : -2) * exp(-2.0 * n * n * lambda * lambda);
    return lambda < 0.2 ? 1 : p;
}

static double measure(struct scope *scope, int count) {
    double *known = arena_array(&scope->arena, (size_t)count, sizeof(*known));
    double *unknown = arena_array(&scope->arena, (size_t)count, sizeof(*unknown));

    for (int i = 0; i < count; i++) {
        known[i] = seconds_of(scope, "ann");
        unknown[i] = seconds_of(scope, "eve");
    }
    return kolmogorov_smirnov_p(known, unknown, count);
}

// A sound program fails one measurement in a hundred by chance; one that leaks fails them all.
TEST(the_time_of_an_answer_does_not_tell_whether_a_name_exists) {
    double p = 0;

    test_store(scope);
    test_account(scope, "ann", ROLE_ANALYST);
    for (int i = 0; i < 3 && p <= 0.01; i++)
        p = measure(scope, full_or(1000, 40));
    if (getenv("TESSERA_TEST_FULL"))
        fprintf(stderr, "Kolmogorov-Smirnov p = %.3f\n", p);
    CHECK(p > 0.01);
}

TEST(accounts_that_may_not_sign_in_are_answered_like_unknown_ones) {
    struct visitor boss = {0};

    test_store(scope);
    test_account(scope, "boss", ROLE_ADMINISTRATOR);
    test_account(scope, "ann", ROLE_ANALYST);
    test_sign_in(scope, &boss, "boss");
    CHECK_OK(visit(scope, &boss, METHOD_POST, "/api/v1/accounts",
                   "{\"name\": \"new\", \"role\": \"agent\"}"));
    CHECK_OK(
        visit(scope, &boss, METHOD_PATCH, "/api/v1/accounts/ann", "{\"state\": \"disabled\"}"));
    seconds_of(scope, "ann");
    seconds_of(scope, "new");
    seconds_of(scope, "nobody.at.all");
    seconds_of(scope, "not a name!");
}

// ---- flooding ----

enum { THREADS = 16 };

struct flood {
    struct store *store;
    int each;
    _Atomic int next, answered;
};

static void sign_in_as_somebody(struct flood *flood, int number) {
    struct sign_in wanted = {.password = TEXT("guess number 1234")};
    struct signed_in signed_in;
    struct scope scope;
    code result;

    scope_init(&scope);
    result = session_open(&scope, flood->store);
    wanted.name = text_printf(&scope.arena, "somebody%d", number);
    wanted.place.address = text_printf(&scope.arena, "203.0.%d.%d", number / 200, number % 200);
    if (result == OK)
        result = sign_in(&scope, &wanted, &signed_in);
    if (result == UNAUTHENTICATED || result == BUSY)
        atomic_fetch_add(&flood->answered, 1);
    session_close(&scope);
    scope_clear(&scope);
}

static void *flood_thread(void *argument) {
    struct flood *flood = argument;

    for (int i = 0; i < flood->each; i++)
        sign_in_as_somebody(flood, atomic_fetch_add(&flood->next, 1));
    return NULL;
}

// Of this process since the mark was reset, in MiB.
static long peak_mib(void) {
    FILE *status = fopen("/proc/self/status", "r");
    char line[200];
    long kib = 0;

    while (status && fgets(line, sizeof(line), status))
        if (sscanf(line, "VmHWM: %ld kB", &kib) == 1)
            break;
    if (status)
        fclose(status);
    return kib / 1024;
}

static bool reset_peak(void) {
    const int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
    const bool reset = fd >= 0 && write(fd, "5", 1) == 1;

    if (fd >= 0)
        close(fd);
    return reset;
}

TEST(parallel_sign_ins_need_the_memory_of_two) {
    struct flood flood = {.each = full_or(13, 3)};
    pthread_t threads[THREADS];
    long before;

    test_store(scope);
    flood.store = session_store(scope);
    sign_in_as_somebody(&flood, 9999); // what one costs once
    flood.answered = 0;
    if (!reset_peak())
        test_skip("this system does not reset the peak of memory");
    before = peak_mib();
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, flood_thread, &flood) == 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(flood.answered, flood.next);
    if (getenv("TESSERA_TEST_FULL"))
        fprintf(stderr, "%d sign-ins, peak %ld MiB more\n", flood.answered, peak_mib() - before);
    CHECK(peak_mib() - before < 2 * 19 + 60); // 16 at once would need 304 MiB
}

// ---- reading the disk ----

static void expect_absent(struct scope *scope, const char *file, struct text secret) {
    const char *path = arena_printf(&scope->arena, "%s/%s", store_path(session_store(scope)), file);
    FILE *stream = fopen(path, "rb");
    char *content;
    long size;

    if (!stream)
        return; // the log of a ledger that was checkpointed
    fseek(stream, 0, SEEK_END);
    size = ftell(stream);
    rewind(stream);
    content = arena_alloc(&scope->arena, (size_t)size + 1);
    CHECK(fread(content, 1, (size_t)size, stream) == (size_t)size);
    fclose(stream);
    CHECK(secret.size > 5);
    if (memmem(content, (size_t)size, secret.data, secret.size))
        test_fail(__FILE__, __LINE__, "%s holds a secret: %.*s", file, TEXT_ARG(secret));
}

TEST(a_copy_of_the_store_holds_no_password_token_key_or_link) {
    static const char *const files[] = {"ledger.db", "ledger.db-wal", "lake.db", "lake.db.wal"};
    struct visitor boss = {0};
    struct text secrets[7];
    size_t count = 0;

    test_store(scope);
    test_account(scope, "boss", ROLE_ADMINISTRATOR);
    test_sign_in(scope, &boss, "boss");
    secrets[count++] = TEXT(TEST_PASSWORD);
    secrets[count++] = boss.session;
    secrets[count++] = boss.device;
    secrets[count++] = boss.csrf;
    CHECK_OK(visit(scope, &boss, METHOD_POST, "/api/v1/account/second-factor", NULL));
    secrets[count++] = text_of(answer_text(scope, &boss, "secret"));
    CHECK_OK(visit(scope, &boss, METHOD_POST, "/api/v1/keys",
                   "{\"name\": \"a\", \"permissions\": [\"read_jobs\"]}"));
    secrets[count++] = text_of(answer_text(scope, &boss, "key"));
    CHECK_OK(visit(scope, &boss, METHOD_POST, "/api/v1/accounts",
                   "{\"name\": \"ann\", \"role\": \"agent\"}"));
    secrets[count++] = text_of(strchr(answer_text(scope, &boss, "link"), '#') + 1);
    for (size_t file = 0; file < sizeof(files) / sizeof(*files); file++)
        for (size_t i = 0; i < count; i++)
            expect_absent(scope, files[file], secrets[i]);
}

// ---- links ----

TEST(a_link_never_says_what_a_request_said_about_its_host) {
    struct visitor boss = {0};

    test_store(scope);
    test_account(scope, "boss", ROLE_ADMINISTRATOR);
    test_sign_in(scope, &boss, "boss");
    boss.origin = "http://crm.example.com";
    CHECK_OK(visit(scope, &boss, METHOD_POST, "/api/v1/accounts",
                   "{\"name\": \"ann\", \"role\": \"agent\"}"));
    CHECK(strncmp(answer_text(scope, &boss, "link"), "http://127.0.0.1:", 17) == 0);
}
