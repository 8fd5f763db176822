-- SPDX-License-Identifier: Apache-2.0
-- The ledger's first schema. One text for SQLite and PostgreSQL: the SQLite migration runner makes
-- "BIGINT PRIMARY KEY" its rowid alias (INTEGER PRIMARY KEY) and opens "/* sqlite: … */" comments.
-- Suffixes give the unit: _us µs UTC, _micros 10⁻⁶, _bp basis points, _day days since 1970-01-01.
-- "import_id" names the import that brought a row; "seen_import" the last that brought it again.

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- What the mirror has to carry to the lake (store/change.h).
CREATE TABLE change (
    id BIGINT PRIMARY KEY,
    table_id INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    first_id BIGINT NOT NULL,
    last_id BIGINT NOT NULL
);

-- Long work (store/job.h).
CREATE TABLE job (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,               -- queued, running, done, failed, cancelled, interrupted
    parameters TEXT NOT NULL,          -- JSON, enough to start it again
    result TEXT,                       -- JSON, when done
    error TEXT,                        -- JSON of the failure, when failed
    stage TEXT NOT NULL DEFAULT '',
    done BIGINT NOT NULL DEFAULT 0,
    total BIGINT NOT NULL DEFAULT 0,
    unit TEXT NOT NULL DEFAULT '',
    owner TEXT,                        -- process that runs it: "host pid start-time"
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    actor TEXT NOT NULL,
    created_at_us BIGINT NOT NULL,
    started_at_us BIGINT,
    updated_at_us BIGINT,
    finished_at_us BIGINT
);

CREATE TABLE job_log (
    job_id BIGINT NOT NULL,
    line INTEGER NOT NULL,
    at_us BIGINT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (job_id, line)
) /* sqlite: WITHOUT ROWID */;

-- Append-only; each record carries the hash of the one before it (govern/audit).
CREATE TABLE audit (
    id BIGINT PRIMARY KEY,
    at_us BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,              -- "segment.export"
    object TEXT NOT NULL,              -- "segment 42"
    details TEXT NOT NULL,             -- JSON
    hash TEXT NOT NULL                 -- hex SHA-256(previous hash, record)
);

-- ---- plug ----

CREATE TABLE mapping (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    definition TEXT NOT NULL,          -- JSON
    created_at_us BIGINT NOT NULL,
    updated_at_us BIGINT NOT NULL
);

CREATE TABLE import (
    id BIGINT PRIMARY KEY,             -- smaller than the id of every row it created
    job_id BIGINT NOT NULL,
    kind TEXT NOT NULL,                -- sales, customers, products, stores, staff, events …
    source TEXT NOT NULL,
    path TEXT NOT NULL,
    file_bytes BIGINT NOT NULL,
    file_digest TEXT NOT NULL,         -- of the file's ends and size: is it still the same?
    mapping TEXT NOT NULL,             -- JSON
    state TEXT NOT NULL,               -- running, done, undone
    row_offset BIGINT NOT NULL DEFAULT 0, -- rows of the file that are dealt with
    read_count BIGINT NOT NULL DEFAULT 0,
    accepted_count BIGINT NOT NULL DEFAULT 0,
    duplicate_count BIGINT NOT NULL DEFAULT 0,
    quarantined_count BIGINT NOT NULL DEFAULT 0,
    counts TEXT NOT NULL DEFAULT '{}', -- JSON: customers created, joined, sales created, …
    created_at_us BIGINT NOT NULL,
    finished_at_us BIGINT,
    undone_at_us BIGINT
);

CREATE TABLE quarantine (
    import_id BIGINT NOT NULL,
    row BIGINT NOT NULL,               -- the row's place in the file, from 1, header not counted
    line BIGINT NOT NULL,              -- the physical line on which it begins, from 1
    reason TEXT NOT NULL,              -- short code: "bad_date"
    field TEXT NOT NULL,
    message TEXT NOT NULL,
    raw TEXT NOT NULL,                 -- the bytes of the row
    raw_encoding TEXT NOT NULL,        -- utf8, or base64 when they are no text
    state TEXT NOT NULL,               -- waiting, replayed, discarded
    PRIMARY KEY (import_id, row)
) /* sqlite: WITHOUT ROWID */;

-- ---- host: who ----

-- kind: host/identity/identity.h. source is empty but for customer numbers and the like, which mean
-- something only within their source. origin: the customer it was first seen with.
CREATE TABLE identifier (
    id BIGINT PRIMARY KEY,
    kind INTEGER NOT NULL,
    source TEXT NOT NULL,
    value TEXT NOT NULL,
    origin BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    seen_import BIGINT NOT NULL DEFAULT 0,
    seen_at_us BIGINT NOT NULL,
    UNIQUE (kind, source, value)
);
CREATE INDEX identifier_by_origin ON identifier (origin);

CREATE TABLE link (
    id BIGINT PRIMARY KEY,
    identifier_a BIGINT NOT NULL,      -- the smaller id of the two
    identifier_b BIGINT NOT NULL,
    reason TEXT NOT NULL,              -- seen_together, master_record, by_hand
    evidence TEXT NOT NULL,            -- file and line, or who and why
    import_id BIGINT NOT NULL,         -- 0 when made by hand
    seen_import BIGINT NOT NULL DEFAULT 0,
    linked_at_us BIGINT NOT NULL,
    undone_at_us BIGINT,
    undone_by TEXT
);
CREATE INDEX link_by_a ON link (identifier_a);
CREATE INDEX link_by_b ON link (identifier_b);
CREATE INDEX link_by_import ON link (import_id);

-- Identifiers seen together that the guards kept apart (limits per kind, merge ceiling, blocked
-- values).
CREATE TABLE identity_conflict (
    id BIGINT PRIMARY KEY,
    identifier_a BIGINT NOT NULL,
    identifier_b BIGINT NOT NULL,
    reason TEXT NOT NULL,
    import_id BIGINT NOT NULL,
    at_us BIGINT NOT NULL
);
CREATE INDEX identity_conflict_by_a ON identity_conflict (identifier_a);

-- One row, counted up whenever customers are joined, links undone or identifiers taken back:
-- whoever keeps look-ups in memory sees that they are stale.
CREATE TABLE identity_epoch (
    epoch BIGINT NOT NULL
);
INSERT INTO identity_epoch (epoch) VALUES (0);

CREATE TABLE alias (
    origin BIGINT PRIMARY KEY,
    customer BIGINT NOT NULL
);
CREATE INDEX alias_by_customer ON alias (customer);

-- The present profile, folded from the layers of all its origins. id is an origin; rows of origins
-- that are in alias are kept but are not customers.
CREATE TABLE customer (
    id BIGINT PRIMARY KEY,
    import_id BIGINT NOT NULL,
    created_at_us BIGINT NOT NULL,
    name TEXT,
    given_name TEXT,
    family_name TEXT,
    company TEXT,
    birth_day INTEGER,
    gender TEXT,
    language TEXT,
    street TEXT,
    postal_code TEXT,
    city TEXT,
    region TEXT,
    country TEXT,                      -- as the source writes it
    attributes TEXT                    -- JSON object of everything else
);

-- What one import said of one subject (host/profile): a layer. The present row is the fold of its
-- layers, so taking an import back is removing its layers and folding again.
CREATE TABLE profile (
    subject_kind INTEGER NOT NULL,
    subject BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    strength INTEGER NOT NULL,         -- 1: said of the subject itself; 0: in passing, on a receipt
    fields TEXT NOT NULL,              -- JSON object
    PRIMARY KEY (subject_kind, subject, import_id)
) /* sqlite: WITHOUT ROWID */;

CREATE TABLE search_term (
    term TEXT NOT NULL,                -- folded word of a name, or an identifier's value
    origin BIGINT NOT NULL,
    PRIMARY KEY (term, origin)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX search_term_by_origin ON search_term (origin, term);

-- ---- host: what and where ----

CREATE TABLE product (
    id BIGINT PRIMARY KEY,
    import_id BIGINT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name TEXT,
    category TEXT,
    brand TEXT,
    vat_rate_bp INTEGER,
    price_micros BIGINT,
    attributes TEXT
);

CREATE TABLE store (
    id BIGINT PRIMARY KEY,
    import_id BIGINT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name TEXT,
    city TEXT,
    region TEXT,
    country TEXT,
    attributes TEXT
);

CREATE TABLE staff (
    id BIGINT PRIMARY KEY,
    import_id BIGINT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name TEXT,
    store_id BIGINT,
    role TEXT,
    attributes TEXT
);

-- ---- host: sales and events ----

CREATE TABLE sale (
    id BIGINT PRIMARY KEY,
    import_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    number TEXT NOT NULL,              -- the receipt's number; "#hash-n" when the file has none
    kind INTEGER NOT NULL,             -- 1 sale, 2 refund, 3 adjustment
    sold_at_us BIGINT NOT NULL,
    store_id BIGINT,
    till TEXT,
    cashier_id BIGINT,
    channel TEXT,
    currency TEXT NOT NULL,
    country TEXT,
    identifier_id BIGINT,              -- NULL: an anonymous sale
    origin BIGINT,
    refund_of BIGINT,
    payment TEXT,                      -- tender
    net_micros BIGINT NOT NULL,
    vat_micros BIGINT NOT NULL,
    gross_micros BIGINT NOT NULL,
    discount_micros BIGINT NOT NULL,
    line_count INTEGER NOT NULL,
    UNIQUE (source, number)
);
CREATE INDEX sale_by_origin ON sale (origin, sold_at_us);
CREATE INDEX sale_by_refund ON sale (refund_of) WHERE refund_of IS NOT NULL;

CREATE TABLE sale_line (
    sale_id BIGINT NOT NULL,
    line INTEGER NOT NULL,             -- from 1, in the order of arrival
    import_id BIGINT NOT NULL,
    seen_import BIGINT NOT NULL,
    content_hash BIGINT NOT NULL,      -- of what the row said: finds it when it comes again
    product_id BIGINT,
    quantity_micros BIGINT NOT NULL,
    unit_price_micros BIGINT NOT NULL,
    discount_micros BIGINT NOT NULL,
    coupon TEXT,
    net_micros BIGINT NOT NULL,
    vat_rate_bp INTEGER,               -- NULL: the file states none
    vat_micros BIGINT NOT NULL,
    gross_micros BIGINT NOT NULL,
    refund_of_sale BIGINT,
    refund_of_line INTEGER,
    PRIMARY KEY (sale_id, line)
) /* sqlite: WITHOUT ROWID */;

CREATE TABLE event (
    id BIGINT PRIMARY KEY,
    import_id BIGINT NOT NULL,
    seen_import BIGINT NOT NULL,
    source TEXT NOT NULL,
    event_key TEXT NOT NULL,           -- given id, or "#hash-n"
    identifier_id BIGINT,
    origin BIGINT,
    at_us BIGINT NOT NULL,
    name TEXT NOT NULL,
    channel TEXT,
    direction TEXT,                    -- in, out
    campaign TEXT,
    properties TEXT,                   -- JSON
    UNIQUE (source, event_key)
);
CREATE INDEX event_by_origin ON event (origin, at_us);

CREATE TABLE consent (
    id BIGINT PRIMARY KEY,
    import_id BIGINT NOT NULL,
    seen_import BIGINT NOT NULL,
    source TEXT NOT NULL,
    consent_key TEXT NOT NULL,         -- given id, or "#hash-n"
    identifier_id BIGINT NOT NULL,
    origin BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,               -- granted, denied, withdrawn
    legal_basis TEXT,
    text_version TEXT,
    at_us BIGINT NOT NULL,
    proof TEXT,
    UNIQUE (source, consent_key)
);
CREATE INDEX consent_by_origin ON consent (origin);

-- ---- analyze ----

CREATE TABLE segment (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    definition TEXT NOT NULL,          -- JSON condition tree
    created_at_us BIGINT NOT NULL,
    updated_at_us BIGINT NOT NULL
);

CREATE TABLE segment_member (
    segment_id BIGINT NOT NULL,
    customer BIGINT NOT NULL,
    since_us BIGINT NOT NULL,
    PRIMARY KEY (segment_id, customer)
) /* sqlite: WITHOUT ROWID */;

-- One row per evaluation.
CREATE TABLE segment_history (
    segment_id BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    as_of_day INTEGER NOT NULL,        -- the day that "the last 90 days" ends with
    size BIGINT NOT NULL,
    entered BIGINT NOT NULL,
    departed BIGINT NOT NULL,
    change_id BIGINT NOT NULL,         -- the lake's watermark
    PRIMARY KEY (segment_id, at_us)
) /* sqlite: WITHOUT ROWID */;
