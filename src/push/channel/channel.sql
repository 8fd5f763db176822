-- SPDX-License-Identifier: Apache-2.0

-- :name channel_terms_find (ledger)
SELECT cost_micros, rate_per_second FROM channel WHERE kind = $1;

-- :name channel_terms_put (ledger)
INSERT INTO channel (kind, cost_micros, rate_per_second) VALUES ($1, $2, $3)
ON CONFLICT (kind) DO UPDATE SET cost_micros = excluded.cost_micros,
    rate_per_second = excluded.rate_per_second;
