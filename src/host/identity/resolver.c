// SPDX-License-Identifier: Apache-2.0
// From the identifiers of a row to its customer. The usual case, an identifier met a moment ago, is
// one look-up in a table with four places for each hash: no SQL, no allocation. What the table does
// not hold costs one indexed query; only what is new writes.
#include "host/identity/identity.h"

#include "base/limits.h"
#include "base/pages.h"
#include "govern/consent/suppression.h"
#include "host/customer/search_term.h"
#include "host/identity/graph.h"
#include "identity_sql.h"
#include "store/change.h"
#include "store/ledger.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    KNOWN_COUNT = 1 << 18, // identifiers remembered
    KNOWN_WAYS = 4,        // places where one may stand
    PAIR_COUNT = 1 << 15,  // pairs whose link is dealt with
    KEY_BYTES = 60,        // longer keys are not remembered, only looked up
};

// An identifier as the ledger has it.
struct known {
    int64_t id; // 0: there is none
    int64_t origin;
    int64_t customer;
    int64_t seen_import;
    enum identifier_kind kind;
    enum identifier_guard guard;
};

struct key {
    uint64_t hash;
    uint32_t size; // 0: too long to be remembered
    char data[KEY_BYTES];
};

struct known_slot {
    struct key key;
    uint32_t generation; // of the resolver when `customer` was true
    struct known known;
};

struct pair_slot {
    int64_t identifier_a, identifier_b, import_id;
};

struct resolver {
    struct known_slot *known;
    struct pair_slot *pairs;
    uint32_t generation; // counts joins: a customer read before the last one may be another by now
    uint32_t turn;       // whose place is taken next
    int64_t epoch;       // of identity_epoch that the tables are true for; -1: none
    bool is_empty;       // nothing is in the tables
    bool has_suppressed; // some address was when the transaction began
    bool has_secret;
    struct consent_secret secret; // by which suppressed addresses are known
};

// One sighting under way.
struct work {
    struct scope *scope;
    struct resolver *resolver;
    const struct sighting *sighting; // identifiers: those below
    struct sighted identifiers[SIGHTED_MOST];
    struct known first; // of identifiers[0]
    struct resolution resolution;
};

static void *must_have(void *memory) {
    if (memory)
        return memory;
    fputs("tessera: out of memory\n", stderr);
    abort();
}

struct resolver *resolver_new(void) {
    struct resolver *resolver = must_have(calloc(1, sizeof(*resolver)));

    resolver->known = pages_new(KNOWN_COUNT, sizeof(*resolver->known));
    resolver->pairs = pages_new(PAIR_COUNT, sizeof(*resolver->pairs));
    resolver->epoch = -1;
    resolver->is_empty = true;
    return resolver;
}

void resolver_free(struct resolver *resolver) {
    if (!resolver)
        return;
    pages_free(resolver->known, KNOWN_COUNT, sizeof(*resolver->known));
    pages_free(resolver->pairs, PAIR_COUNT, sizeof(*resolver->pairs));
    consent_secret_clear(&resolver->secret);
    free(resolver);
}

void resolver_forget(struct resolver *resolver) {
    memset(resolver->known, 0, KNOWN_COUNT * sizeof(*resolver->known));
    memset(resolver->pairs, 0, PAIR_COUNT * sizeof(*resolver->pairs));
    resolver->epoch = -1;
    resolver->is_empty = true;
}

code resolver_begin(struct scope *scope, struct resolver *resolver) {
    int64_t epoch;

    TRY(ledger_int64(scope, sql_identity_epoch_read, NO_BINDS, 0, &epoch));
    if (epoch != resolver->epoch && !resolver->is_empty)
        resolver_forget(resolver);
    resolver->epoch = epoch;
    return suppression_exists(scope, &resolver->has_suppressed);
}

// ---- the table of identifiers ----

static struct key key_of(const struct sighted *sighted) {
    const size_t size = 2 + sighted->source.size + sighted->value.size;
    struct key key = {0};
    size_t at = 0;

    if (size > KEY_BYTES)
        return key;
    key.size = (uint32_t)size;
    key.data[at++] = (char)sighted->kind;
    if (sighted->source.size > 0)
        memcpy(key.data + at, sighted->source.data, sighted->source.size);
    at += sighted->source.size;
    key.data[at++] = '\0';
    if (sighted->value.size > 0)
        memcpy(key.data + at, sighted->value.data, sighted->value.size);
    key.hash = text_hash((struct text){.data = key.data, .size = size});
    return key;
}

static bool slot_holds(const struct known_slot *slot, const struct key *key) {
    return key->size > 0 && slot->key.hash == key->hash && slot->key.size == key->size &&
           memcmp(slot->key.data, key->data, key->size) == 0;
}

// Where it stands, else where it may: a free place, or that of any of the others.
static struct known_slot *slot_of(struct resolver *resolver, const struct key *key) {
    struct known_slot *ways = &resolver->known[key->hash & (KNOWN_COUNT - KNOWN_WAYS)];
    struct known_slot *other = &ways[resolver->turn++ % KNOWN_WAYS];

    for (size_t i = 0; i < KNOWN_WAYS; i++) {
        if (slot_holds(&ways[i], key))
            return &ways[i];
        if (ways[i].key.size == 0)
            other = &ways[i];
    }
    return other;
}

static void remember(struct resolver *resolver, const struct key *key, const struct known *known) {
    struct known_slot *slot = slot_of(resolver, key);

    resolver->is_empty = false; // also of pairs, which come after their identifiers
    if (key->size == 0)
        return;
    slot->key = *key;
    slot->generation = resolver->generation;
    slot->known = *known;
}

static code look_up(struct scope *scope, const struct sighted *sighted, struct known *ret_known) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(
        scope, sql_identity_find,
        BINDS(BIND_INT64(sighted->kind), BIND_TEXT(sighted->source), BIND_TEXT(sighted->value)),
        &rows, &found));
    *ret_known = (struct known){0};
    if (found)
        *ret_known = (struct known){.id = rows_int64(rows, 0),
                                    .origin = rows_int64(rows, 1),
                                    .customer = rows_int64(rows, 2),
                                    .seen_import = rows_int64(rows, 3),
                                    .kind = sighted->kind,
                                    .guard = (enum identifier_guard)rows_int64(rows, 4)};
    return OK;
}

// What the ledger has of an identifier; id 0 when nothing. Notes that this import saw it, too.
static code find(struct work *work, const struct sighted *sighted, struct known *ret_known) {
    struct resolver *resolver = work->resolver;
    const struct key key = key_of(sighted);
    const struct known_slot *slot = slot_of(resolver, &key);
    struct known known = slot->known;

    if (slot_holds(slot, &key) && slot->generation == resolver->generation &&
        known.seen_import == work->sighting->import_id) {
        *ret_known = known;
        return OK;
    }
    if (!slot_holds(slot, &key))
        TRY(look_up(work->scope, sighted, &known));
    else if (slot->generation != resolver->generation)
        TRY(identity_customer_of(work->scope, known.origin, &known.customer));
    if (known.id != 0 && known.seen_import != work->sighting->import_id) {
        known.seen_import = work->sighting->import_id;
        TRY(ledger_exec(work->scope, sql_identity_seen_again,
                        BINDS(BIND_INT64(known.id), BIND_INT64(known.seen_import))));
    }
    if (known.id != 0)
        remember(resolver, &key, &known);
    *ret_known = known;
    return OK;
}

// ---- making ----

// An address that comes in stays suppressed for whom it comes in. Without the key that opens the
// secret nothing is taken in: else nobody would know that it was erased.
static code note_suppressed(struct work *work, const struct sighted *sighted, int64_t id) {
    struct resolver *resolver = work->resolver;
    bool is_erased = false;

    if (!resolver->has_suppressed ||
        (sighted->kind != IDENTIFIER_EMAIL && sighted->kind != IDENTIFIER_PHONE))
        return OK;
    if (!resolver->has_secret)
        TRY(consent_secret_load(work->scope, &resolver->secret));
    resolver->has_secret = true;
    TRY(suppression_note(work->scope, &resolver->secret, (int)sighted->kind, id, sighted->value,
                         &is_erased));
    work->resolution.erased += is_erased;
    return OK;
}

// An identifier of the given origin.
static code make(struct work *work, const struct sighted *sighted, int64_t origin, int64_t customer,
                 struct known *ret_known) {
    const struct known known = {.id = store_new_id(work->scope),
                                .origin = origin,
                                .customer = customer,
                                .seen_import = work->sighting->import_id,
                                .kind = sighted->kind};
    const struct key key = key_of(sighted);

    TRY(ledger_exec(work->scope, sql_identity_insert,
                    BINDS(BIND_INT64(known.id), BIND_INT64(sighted->kind),
                          BIND_TEXT(sighted->source), BIND_TEXT(sighted->value), BIND_INT64(origin),
                          BIND_INT64(work->sighting->import_id),
                          BIND_INT64(work->sighting->seen_at_us))));
    TRY(change_record(work->scope, CHANGE_IDENTIFIER, CHANGE_CREATED, known.id, known.id));
    TRY(search_terms_add_identifier(work->scope, origin, sighted->kind, sighted->value));
    TRY(note_suppressed(work, sighted, known.id));
    remember(work->resolver, &key, &known);
    *ret_known = known;
    return OK;
}

static code make_customer(struct work *work, const struct sighted *sighted,
                          struct known *ret_known) {
    int64_t origin;

    TRY(graph_new_origin(work->scope, work->sighting->import_id, &origin));
    return make(work, sighted, origin, origin, ret_known);
}

static code make_link(struct work *work, int64_t identifier_a, int64_t identifier_b) {
    const struct sighting *sighting = work->sighting;
    int64_t id;

    return graph_add_link(
        work->scope,
        &(struct graph_link){.identifier_a = identifier_a,
                             .identifier_b = identifier_b,
                             .reason = sighting->reason ? sighting->reason : "seen_together",
                             .evidence = sighting->evidence,
                             .import_id = sighting->import_id,
                             .linked_at_us = sighting->seen_at_us,
                             .source = sighting->source},
        &id);
}

static bool is_stopped(const struct known *known) {
    return known->guard == GUARD_TRIPPED || known->guard == GUARD_BLOCKED;
}

// An edge joined two customers or was refused: does one of its ends pull too many together by now?
static code check_breakers(struct work *work, struct known *a, struct known *b) {
    struct known *const ends[] = {a, b};

    for (size_t i = 0; i < 2; i++) {
        const struct known *far = ends[1 - i];
        bool tripped = false;

        if (ends[i]->guard != GUARD_NONE || identifier_rules(far->kind).is_anonymous)
            continue;
        TRY(graph_check_breaker(work->scope,
                                &(struct graph_end){ends[i]->id, ends[i]->origin, ends[i]->kind},
                                work->sighting, &tripped));
        if (!tripped)
            continue;
        ends[i]->guard = GUARD_TRIPPED;
        resolver_forget(work->resolver);
        TRY(graph_bump_epoch(work->scope, &work->resolver->epoch));
    }
    return OK;
}

static code keep_apart(struct work *work, struct known *a, struct known *b, const char *reason) {
    const struct sighting *sighting = work->sighting;
    int64_t identifier_a = a->id;
    int64_t identifier_b = b->id;
    int64_t known;

    work->resolution.kept_apart++;
    graph_order(&identifier_a, &identifier_b);
    TRY(ledger_int64(work->scope, sql_identity_conflict_of_pair,
                     BINDS(BIND_INT64(identifier_a), BIND_INT64(identifier_b), BIND_STRING(reason)),
                     0, &known));
    if (known)
        return OK;
    TRY(ledger_exec(work->scope, sql_identity_insert_conflict,
                    BINDS(BIND_INT64(store_new_id(work->scope)), BIND_INT64(identifier_a),
                          BIND_INT64(identifier_b), BIND_STRING(reason),
                          BIND_INT64(sighting->import_id), BIND_INT64(sighting->seen_at_us),
                          BIND_TEXT(sighting->source), BIND_TEXT(sighting->evidence))));
    return check_breakers(work, a, b);
}

// An identifier not seen before joins `base`, or becomes a customer of its own when a guard
// refuses.
static code add_new(struct work *work, const struct sighted *sighted, struct known *base,
                    struct known *ret_known) {
    const char *refusal;

    if (is_stopped(base)) {
        work->resolution.kept_apart++;
        return make_customer(work, sighted, ret_known);
    }
    TRY(graph_may_add(work->scope, base->customer, sighted, &refusal));
    if (refusal) {
        TRY(make_customer(work, sighted, ret_known));
        return keep_apart(work, base, ret_known, refusal);
    }
    TRY(make(work, sighted, base->origin, base->customer, ret_known));
    if (!work->resolution.created || base->customer != work->resolution.origin)
        TRY(change_record(work->scope, CHANGE_CUSTOMER, CHANGE_UPDATED, base->customer,
                          base->customer));
    return make_link(work, base->id, ret_known->id);
}

// ---- two known identifiers ----

static struct pair_slot *pair_slot_of(struct resolver *resolver, int64_t identifier_a,
                                      int64_t identifier_b) {
    const uint64_t mixed =
        (uint64_t)identifier_a * UINT64_C(0x9e3779b97f4a7c15) ^ (uint64_t)identifier_b;

    return &resolver->pairs[(mixed ^ mixed >> 29) & (PAIR_COUNT - 1)];
}

static code join(struct work *work, struct known *other) {
    const char *refusal;

    TRY(graph_may_join(work->scope, work->first.customer, other->customer, false, &refusal));
    if (refusal)
        return keep_apart(work, &work->first, other, refusal);
    TRY(make_link(work, work->first.id, other->id));
    TRY(graph_join(work->scope, work->first.customer, other->customer, &work->first.customer));
    work->resolver->generation++;
    work->resolution.joined++;
    TRY(graph_bump_epoch(work->scope, &work->resolver->epoch));
    return check_breakers(work, &work->first, other);
}

// No link of the pair is live and nobody undid one.
static code link_anew(struct work *work, struct known *other) {
    if (is_stopped(&work->first) || is_stopped(other)) {
        work->resolution.kept_apart += work->first.customer != other->customer;
        return OK;
    }
    return work->first.customer == other->customer ? make_link(work, work->first.id, other->id)
                                                   : join(work, other);
}

// The pair's link, when it has one. A link that a person undid is not made again by a file.
static code link_known(struct work *work, struct known *other) {
    int64_t a = work->first.id;
    int64_t b = other->id;
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found, live, undone_by_hand;

    graph_order(&a, &b);
    TRY(ledger_find(work->scope, sql_identity_link_of_pair, BINDS(BIND_INT64(a), BIND_INT64(b)),
                    &rows, &found));
    live = found && rows_bool(rows, 2);
    undone_by_hand = found && !live && rows_bool(rows, 3);
    if (live && rows_int64(rows, 1) == work->sighting->import_id)
        return OK;
    if (live)
        return ledger_exec(
            work->scope, sql_identity_link_seen_again,
            BINDS(BIND_INT64(rows_int64(rows, 0)), BIND_INT64(work->sighting->import_id)));
    if (undone_by_hand)
        return work->first.customer == other->customer
                   ? OK
                   : keep_apart(work, &work->first, other, KEPT_APART_UNDONE);
    return link_anew(work, other);
}

// The next identifier of the row, linked to the first. A pair that this import dealt with is done.
static code attach(struct work *work, const struct sighted *sighted) {
    struct pair_slot *pair;
    struct known other;

    TRY(find(work, sighted, &other));
    if (other.id == work->first.id)
        return OK;
    if (other.id == 0)
        return add_new(work, sighted, &work->first, &other);
    pair = pair_slot_of(work->resolver, work->first.id, other.id);
    if (pair->identifier_a == work->first.id && pair->identifier_b == other.id &&
        pair->import_id == work->sighting->import_id)
        return OK;
    TRY(link_known(work, &other));
    *pair = (struct pair_slot){.identifier_a = work->first.id,
                               .identifier_b = other.id,
                               .import_id = work->sighting->import_id};
    return OK;
}

// ---- a row ----

// The first identifier is new: it comes to the first of the others that is known and takes it, and
// is a new customer otherwise.
static code place_first(struct work *work) {
    for (size_t i = 1; i < work->sighting->count; i++) {
        struct known other;
        const char *refusal;

        TRY(find(work, &work->identifiers[i], &other));
        if (other.id == 0 || is_stopped(&other))
            continue;
        TRY(graph_may_add(work->scope, other.customer, &work->identifiers[0], &refusal));
        if (!refusal)
            return add_new(work, &work->identifiers[0], &other, &work->first);
    }
    TRY(make_customer(work, &work->identifiers[0], &work->first));
    work->resolution.created = true;
    work->resolution.origin = work->first.origin;
    return OK;
}

// An identifier that is stopped carries a row only when there is no other.
static code find_first(struct work *work) {
    TRY(find(work, &work->identifiers[0], &work->first));
    for (size_t i = 1; is_stopped(&work->first) && i < work->sighting->count; i++) {
        const struct sighted carrier = work->identifiers[i];
        struct known known;

        TRY(find(work, &carrier, &known));
        if (is_stopped(&known))
            continue;
        work->identifiers[i] = work->identifiers[0];
        work->identifiers[0] = carrier;
        work->first = known;
    }
    return OK;
}

static code work_begin(struct scope *scope, struct resolver *resolver,
                       const struct sighting *sighting, struct work *ret_work) {
    *ret_work = (struct work){.scope = scope, .resolver = resolver, .sighting = sighting};
    if (sighting->count > SIGHTED_MOST)
        return scope_fail(scope, INVALID, "a row names %zu identifiers, more than %d",
                          sighting->count, SIGHTED_MOST);
    memcpy(ret_work->identifiers, sighting->identifiers,
           sighting->count * sizeof(*sighting->identifiers));
    if (sighting->count > 2)
        identifiers_by_priority(ret_work->identifiers + 1, sighting->count - 1);
    return find_first(ret_work);
}

static struct resolution work_end(struct work *work) {
    work->resolution.identifier_id = work->first.id;
    work->resolution.origin = work->first.origin;
    work->resolution.customer = work->first.customer;
    return work->resolution;
}

code resolver_resolve(struct scope *scope, struct resolver *resolver,
                      const struct sighting *sighting, struct resolution *ret_resolution) {
    struct work work;

    TRY(work_begin(scope, resolver, sighting, &work));
    if (work.first.id == 0)
        TRY(place_first(&work));
    for (size_t i = 1; i < sighting->count; i++)
        TRY(attach(&work, &work.identifiers[i]));
    *ret_resolution = work_end(&work);
    return OK;
}

// ---- alias ----

static code is_known_person(struct work *work, const struct known *known, bool *ret_is_known) {
    int64_t count = 0;

    if (known->id != 0)
        TRY(ledger_int64(work->scope, sql_identity_known_count, BINDS(BIND_INT64(known->customer)),
                         0, &count));
    *ret_is_known = count > 0;
    return OK;
}

// What nobody was known by as a visitor may be the number that the source had for the user before.
static code find_previous(struct work *work, const struct sighted *sighted,
                          struct known *ret_known) {
    struct sighted number = work->identifiers[0]; // of the same source

    TRY(find(work, sighted, ret_known));
    if (ret_known->id != 0 || !identifier_rules(sighted->kind).is_anonymous ||
        number.kind != IDENTIFIER_CUSTOMER_NUMBER)
        return OK;
    number.value = sighted->value;
    return find(work, &number, ret_known);
}

code resolver_alias(struct scope *scope, struct resolver *resolver, const struct sighting *sighting,
                    struct resolution *ret_resolution) {
    struct sighting user = *sighting;
    struct known previous;
    struct work work;
    bool is_known;

    if (sighting->count != 2)
        return scope_fail(scope, INVALID, "an alias names 2 identifiers, not %zu", sighting->count);
    user.count = 1;
    TRY(work_begin(scope, resolver, &user, &work));
    TRY(find_previous(&work, &sighting->identifiers[1], &previous));
    TRY(is_known_person(&work, &previous, &is_known));
    if (!is_known)
        return resolver_resolve(scope, resolver, sighting, ret_resolution);
    if (work.first.id == 0)
        TRY(place_first(&work));
    if (work.first.customer != previous.customer)
        TRY(keep_apart(&work, &work.first, &previous, KEPT_APART_ALIAS));
    *ret_resolution = work_end(&work);
    return OK;
}
