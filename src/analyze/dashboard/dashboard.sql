-- SPDX-License-Identifier: Apache-2.0

-- :name dashboard_put (ledger)
INSERT INTO dashboard (name, description, definition, actor, changed_at_us)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (name) DO UPDATE SET description = excluded.description,
    definition = excluded.definition, actor = excluded.actor,
    changed_at_us = excluded.changed_at_us;

-- :name dashboard_find (ledger)
SELECT name, description, definition, actor, changed_at_us FROM dashboard WHERE name = $1;

-- By name; those after $1.
-- :name dashboard_list (ledger)
SELECT name, description, actor, changed_at_us FROM dashboard
WHERE name > $1 ORDER BY name LIMIT $2;

-- :name dashboard_delete (ledger)
DELETE FROM dashboard WHERE name = $1;
