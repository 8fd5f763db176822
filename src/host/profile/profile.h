// SPDX-License-Identifier: Apache-2.0
// What imports say of customers, products, stores and staff, kept in layers: one per subject and
// import. The present row (tables customer, product, store, staff) is the fold of the layers: what
// was said of the subject itself, newest first, then what was said in passing, oldest first; blank
// never overwrites.
#pragma once

#include "base/scope.h"

enum profile_subject {
    PROFILE_CUSTOMER = 1,
    PROFILE_PRODUCT = 2,
    PROFILE_STORE = 3,
    PROFILE_STAFF = 4
};
enum profile_strength { SAID_IN_PASSING = 0, SAID_OF_IT = 1 };
enum profile_effect { PROFILE_UNCHANGED, PROFILE_CREATED, PROFILE_UPDATED };

// A named value. Names that are columns of the subject's table go there (checked: birth_day is a
// day number, vat_rate_bp an integer, price_micros an integer, store_id an id, all written in
// decimal); all others become members of `attributes`.
struct profile_field {
    struct text name;
    struct text value; // empty: says nothing
};

// Find a product, store or staff member by its code, or create it. Inside the open ledger
// transaction; changes are recorded. A bounded cache inside makes repeated codes cheap; `fields`
// are merged into this import's layer. With SAID_IN_PASSING and a subject already known to the
// cache with nothing new to say, the call costs one hash look-up.
struct profiles;
struct profiles *profiles_new(void);
void profiles_free(struct profiles *profiles); // takes NULL
void profiles_forget(struct profiles *profiles);
// At the begin of each transaction: what others have outdated since is forgotten. With
// `others_speak`, others say something for the same import at the same time (a collection on a
// database of several servers), so nothing that was said of a customer before holds any more.
code profiles_begin(struct scope *scope, struct profiles *profiles, bool others_speak);
// Inside the transaction of who says something for an import that others have said something for,
// or removes what they may hold: they look again. `profiles` are one's own, which hold on; may be
// NULL.
code profiles_outdate_others(struct scope *scope, struct profiles *profiles);
code profiles_put_code(struct scope *scope, struct profiles *profiles, enum profile_subject subject,
                       struct text subject_code, int64_t import_id, enum profile_strength strength,
                       const struct profile_field *fields, size_t field_count, int64_t *ret_id,
                       enum profile_effect *ret_effect);
// Say something of a customer (an origin; its row exists). Search terms follow the name.
code profiles_put_customer(struct scope *scope, struct profiles *profiles, int64_t origin,
                           int64_t import_id, enum profile_strength strength,
                           const struct profile_field *fields, size_t field_count,
                           enum profile_effect *ret_effect);

// Fold a customer again from the layers of all origins that are it now (after a join or its
// undoing).
code profile_fold_customer(struct scope *scope, int64_t customer);

// Remove an import's layers and fold the subjects again; products, stores and staff that only this
// import spoke of, and that no remaining row uses, are removed. Inside the open transaction, called
// before identity_undo_import.
code profile_undo_import(struct scope *scope, int64_t import_id);
