-- SPDX-License-Identifier: Apache-2.0
-- Coupons (push/coupon): what they give, the codes that were issued, where they were redeemed.

CREATE TABLE coupon_series (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL,          -- JSON: what it gives, when, for what
    shared_code TEXT UNIQUE,           -- NULL: each code is its own
    use_count BIGINT NOT NULL,         -- times that a code may be redeemed; 0: any number
    most_count BIGINT NOT NULL,        -- codes at most; 0: any number
    issued_count BIGINT NOT NULL DEFAULT 0,
    is_stopped INTEGER NOT NULL DEFAULT 0, -- nothing more is issued
    created_at_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);

CREATE TABLE coupon (
    code TEXT PRIMARY KEY,             -- as it is compared: capitals, no blanks or hyphens
    series_id BIGINT NOT NULL,
    customer BIGINT,                   -- as it was when it was issued; NULL: nobody's
    message_id BIGINT NOT NULL,        -- what it was issued with; 0: nothing
    issued_at_us BIGINT NOT NULL,
    is_void INTEGER NOT NULL DEFAULT 0,
    redeemed_count BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX coupon_once ON coupon (series_id, customer, message_id);
CREATE INDEX coupon_by_customer ON coupon (customer);

CREATE TABLE coupon_redemption (
    id BIGINT PRIMARY KEY,
    code TEXT NOT NULL,
    series_id BIGINT NOT NULL,
    request_key TEXT UNIQUE,           -- the till's own name for it; NULL: read from a sale
    request TEXT NOT NULL,             -- what the till said with it
    sale_id BIGINT,                    -- NULL: no sale with it has come yet
    at_us BIGINT NOT NULL,
    receipt TEXT NOT NULL,
    state TEXT NOT NULL,               -- taken, again (once too often), void, outside (its days)
    revenue_micros BIGINT,             -- of the whole receipt, gross
    discount_micros BIGINT,
    currency TEXT
);
CREATE UNIQUE INDEX coupon_redemption_sale ON coupon_redemption (code, sale_id);
CREATE INDEX coupon_redemption_by_series ON coupon_redemption (series_id);
