-- SPDX-License-Identifier: Apache-2.0
-- Who may come in, and how. No secret stands here as it is: tokens and keys as SHA-256 (they are
-- random, so nothing slower is needed), passwords as argon2id, the secrets of second factors sealed
-- with a key that lies beside the ledger (govern/access/seal.h).

CREATE TABLE account (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,         -- folded: a-z 0-9 . _ -
    display_name TEXT NOT NULL,
    role TEXT NOT NULL,                -- govern/access/role.h
    state TEXT NOT NULL,               -- invited, active, disabled
    password_hash TEXT,                -- as libsodium writes it; NULL: none was set yet
    factor_secret TEXT,                -- sealed; NULL: no second factor
    factor_confirmed_at_us BIGINT,     -- NULL: begun, but no code was shown to fit yet
    factor_step BIGINT NOT NULL DEFAULT 0, -- the last 30 seconds whose code was used
    created_at_us BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    signed_in_at_us BIGINT
);

-- One-time codes for who has lost the second factor.
CREATE TABLE account_recovery (
    account_id BIGINT NOT NULL,
    code_hash TEXT NOT NULL,
    PRIMARY KEY (account_id, code_hash)
) /* sqlite: WITHOUT ROWID */;

-- One-time links; an account has at most one.
CREATE TABLE account_invitation (
    account_id BIGINT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    expires_at_us BIGINT NOT NULL,
    created_at_us BIGINT NOT NULL
);

CREATE TABLE account_session (
    id BIGINT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    account_id BIGINT NOT NULL,
    created_at_us BIGINT NOT NULL,
    seen_at_us BIGINT NOT NULL,        -- to the minute: requests that read do not write
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL
);
CREATE INDEX account_session_by_account ON account_session (account_id);

-- Browsers that somebody has signed in with: guesses from elsewhere do not slow them down.
CREATE TABLE account_device (
    token_hash TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    seen_at_us BIGINT NOT NULL,
    PRIMARY KEY (token_hash, account_id)
) /* sqlite: WITHOUT ROWID */;

CREATE TABLE api_key (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    key_hash TEXT NOT NULL UNIQUE,
    permissions BIGINT NOT NULL,       -- bits of enum permission
    account_id BIGINT,                 -- whose it is; NULL: made on the command line
    created_by TEXT NOT NULL,
    created_at_us BIGINT NOT NULL,
    expires_at_us BIGINT,
    used_day INTEGER                   -- UTC
);

-- What happens too often (govern/access/throttle.h).
CREATE TABLE throttle (
    name TEXT PRIMARY KEY,             -- who or where; hashed when it was typed by somebody
    due_at_us BIGINT NOT NULL,
    told_at_us BIGINT NOT NULL DEFAULT 0 -- when the audit log was told last
);
CREATE INDEX throttle_by_due ON throttle (due_at_us);
