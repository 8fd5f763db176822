// SPDX-License-Identifier: Apache-2.0
// Leaving at once is safe: the ledger's transactions are whole or not there, the lake is derived.
#include "cli/interrupt.h"

#include "base/log.h"
#include "store/deadline.h"

#include <errno.h>
#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

enum { EXIT_BY_SIGNAL = 128 };

static void watched(sigset_t *ret_signals) {
    sigemptyset(ret_signals);
    sigaddset(ret_signals, SIGINT);
    sigaddset(ret_signals, SIGTERM);
    sigaddset(ret_signals, SIGHUP);
    sigaddset(ret_signals, SIGUSR2); // ours: the thread shall end
}

static void say(const char *message, size_t size) {
    ssize_t ignored = write(STDERR_FILENO, message, size);

    (void)ignored;
}

static void reopen_log(void) {
    struct scope scope;

    scope_init(&scope);
    if (log_reopen(&scope) == OK)
        log_event(LOG_LEVEL_INFO, "log_reopened", NULL, 0);
    else
        LOG(LOG_LEVEL_ERROR, "log_not_reopened", LOG_STRING("message", scope.failure.message));
    scope_clear(&scope);
}

static const int numbers[INTERRUPT_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

// By whoever started the process: nohup, a shell that runs it in the background.
static bool is_ignored(const struct interrupt *interrupt, int number) {
    for (size_t i = 0; i < INTERRUPT_SIGNALS; i++)
        if (numbers[i] == number)
            return interrupt->before[i].sa_handler == SIG_IGN;
    return false;
}

static void *wait_for_signals(void *argument) {
    static const char stopping[] =
        "\ntessera: stopping at the next safe point; once more leaves at once\n";
    struct interrupt *interrupt = argument;
    sigset_t signals;
    int number;

    watched(&signals);
    while (sigwait(&signals, &number) == 0 && number != SIGUSR2) {
        if (number == SIGHUP && atomic_load(&interrupt->is_service)) {
            reopen_log();
            continue;
        }
        if (is_ignored(interrupt, number))
            continue;
        if (!atomic_load(&interrupt->is_graceful) || atomic_exchange(&interrupt->asked, true))
            _exit(EXIT_BY_SIGNAL + number);
        say(stopping, sizeof(stopping) - 1);
        sem_post(&interrupt->was_asked);
    }
    return NULL;
}

// Libraries have threads before the first line of the program runs, and those block nothing: one
// that gets a signal of ours blocks it from then on and hands it on to who waits for it.
static void hand_on(int number, siginfo_t *info, void *context) {
    ucontext_t *interrupted = context;

    (void)info;
    sigaddset(&interrupted->uc_sigmask, number);
    kill(getpid(), number);
}

static void take_from_libraries(struct interrupt *interrupt) {
    const struct sigaction action = {.sa_flags = SA_RESTART | SA_SIGINFO, .sa_sigaction = hand_on};

    for (size_t i = 0; i < INTERRUPT_SIGNALS; i++)
        sigaction(numbers[i], &action, &interrupt->before[i]);
}

static void give_back(const struct interrupt *interrupt) {
    for (size_t i = 0; i < INTERRUPT_SIGNALS; i++)
        sigaction(numbers[i], &interrupt->before[i], NULL);
}

void interrupt_start(struct interrupt *interrupt) {
    sigset_t signals;

    atomic_init(&interrupt->is_graceful, false);
    atomic_init(&interrupt->asked, false);
    atomic_init(&interrupt->is_service, false);
    sem_init(&interrupt->was_asked, 0, 0);
    watched(&signals);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    take_from_libraries(interrupt);
    pthread_create(&interrupt->thread, NULL, wait_for_signals, interrupt);
}

void interrupt_stop(struct interrupt *interrupt) {
    sigset_t signals;

    pthread_kill(interrupt->thread, SIGUSR2);
    pthread_join(interrupt->thread, NULL);
    sem_destroy(&interrupt->was_asked);
    give_back(interrupt);
    watched(&signals);
    pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
}

void interrupt_begin_graceful(struct interrupt *interrupt) {
    atomic_store(&interrupt->is_graceful, true);
}

void interrupt_end_graceful(struct interrupt *interrupt) {
    atomic_store(&interrupt->is_graceful, false);
}

void interrupt_serve(struct interrupt *interrupt) {
    atomic_store(&interrupt->is_service, true);
}

bool interrupt_wait(struct interrupt *interrupt, int64_t timeout_ms) {
    const struct timespec deadline = deadline_in_ms(timeout_ms);
    int result;

    do
        result = sem_clockwait(&interrupt->was_asked, CLOCK_MONOTONIC, &deadline);
    while (result != 0 && errno == EINTR);
    return result == 0;
}
