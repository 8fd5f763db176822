// SPDX-License-Identifier: Apache-2.0
#include "store/change.h"
#include "store/store.h"

enum { ID_BLOCK = 4096 };

code change_run_announce(struct scope *scope, struct change_run *run) {
    const int64_t first_id = run->first_id;

    run->first_id = 0;
    return first_id == 0
               ? OK
               : change_record(scope, run->table, CHANGE_CREATED, first_id, run->next_id - 1);
}

code change_run_next(struct scope *scope, struct change_run *run, int64_t *ret_id) {
    if (run->next_id == run->last_id) {
        TRY(change_run_announce(scope, run));
        run->next_id = store_new_ids(scope, ID_BLOCK);
        run->last_id = run->next_id + ID_BLOCK;
    }
    if (run->first_id == 0)
        run->first_id = run->next_id;
    *ret_id = run->next_id++;
    return OK;
}
