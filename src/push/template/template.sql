-- SPDX-License-Identifier: Apache-2.0

-- :name template_find (ledger)
SELECT t.id, t.name, t.kind, t.newest FROM template t WHERE t.name = $1 OR t.id = $2

-- :name template_add (ledger)
INSERT INTO template (id, name, kind, newest) VALUES ($1, $2, $3, 0)

-- :name template_set_newest (ledger)
UPDATE template SET newest = $2 WHERE id = $1

-- :name template_version_add (ledger)
INSERT INTO template_version (id, template_id, number, description, content, actor, saved_at_us)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- :name template_version_find (ledger)
SELECT v.id, t.id, t.name, t.kind, v.number, v.description, v.content, v.actor, v.saved_at_us
FROM template_version v JOIN template t ON t.id = v.template_id
WHERE t.id = $1 AND v.number = $2

-- :name template_version_by_id (ledger)
SELECT v.id, t.id, t.name, t.kind, v.number, v.description, v.content, v.actor, v.saved_at_us
FROM template_version v JOIN template t ON t.id = v.template_id
WHERE v.id = $1

-- By name; those after $1.
-- :name template_list (ledger)
SELECT t.name,
       CASE t.kind WHEN 0 THEN 'email' WHEN 1 THEN 'text' WHEN 2 THEN 'letter' ELSE 'onsite' END,
       v.number, v.description, v.actor, v.saved_at_us
FROM template t JOIN template_version v ON v.template_id = t.id AND v.number = t.newest
WHERE t.name > $1 ORDER BY t.name LIMIT $2

-- The newest first; those older than $2.
-- :name template_versions (ledger)
SELECT number, description, actor, saved_at_us, id FROM template_version
WHERE template_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3
