// SPDX-License-Identifier: Apache-2.0
// A store in one file: a copy of the ledger as it was at one instant, made while the store is used,
// with a manifest of sums; the files written for people and those sent in, if wanted. The lake is
// derived and left out. A backup holds everything that the ledger holds: keep it as safe.
#pragma once

#include "base/json.h"
#include "base/scope.h"

struct backup_request {
    struct text path; // of the file, or of a folder that gets one; empty: the configured folder
    bool is_plain;    // not compressed
    bool has_files;   // exports/ and uploads/ as well
};

// Record a job that makes one. INVALID when no place is known, CONFLICT when the file is there.
code backup_start(struct scope *scope, const struct backup_request *request, int64_t *ret_job_id);
// The job "backup". Taken up again it begins anew.
code backup_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                struct json_writer *result);

// Reads the file to its last byte. CONFLICT says what is damaged and where. The manifest lives as
// long as the scope.
code backup_verify(struct scope *scope, const char *path, const struct json **ret_manifest);

struct restore_summary {
    const struct json *manifest;
    int64_t compared_count; // totals that are those of the manifest
    int64_t restored_us;    // until the ledger was in place and checked
    int64_t lake_us;        // until the lake was built again and told the same
};
// Makes a store of a backup in a folder that is new or empty (tessera.conf may stand there). The
// ledger gets its name only once it was checked: an interrupted restore leaves no store. The scope
// must have no session.
code backup_restore(struct scope *scope, const char *path, const char *folder,
                    struct restore_summary *ret_summary);

struct backup_file {
    const char *name;
    int64_t bytes, written_at_us;
};
// In the configured folder, newest first; none when none is configured.
code backup_list(struct scope *scope, struct backup_file **ret_files, size_t *ret_count);
