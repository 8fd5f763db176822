-- SPDX-License-Identifier: Apache-2.0

-- ---- layers ----

-- :name profile_layer (ledger)
SELECT strength, fields FROM profile WHERE subject_kind = $1 AND subject = $2 AND import_id = $3

-- :name profile_insert_layer (ledger)
INSERT INTO profile (subject_kind, subject, import_id, strength, fields) VALUES ($1, $2, $3, $4, $5)

-- :name profile_update_layer (ledger)
UPDATE profile SET strength = $4, fields = $5 WHERE subject_kind = $1 AND subject = $2
    AND import_id = $3

-- What was said of one subject, the layer that counts most first.
-- :name profile_layers (ledger)
SELECT subject, import_id, fields FROM profile
WHERE subject_kind = $1 AND subject = $2
ORDER BY strength DESC, CASE WHEN strength = 1 THEN -import_id ELSE import_id END

-- The same of a customer: of all origins that are it.
-- :name profile_layers_of_customer (ledger)
SELECT subject, import_id, fields FROM profile
WHERE subject_kind = 1
  AND subject IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT origin FROM alias WHERE customer = $1)
ORDER BY strength DESC, CASE WHEN strength = 1 THEN -import_id ELSE import_id END, subject

-- ---- present rows ----

-- :name profile_find_product (ledger)
SELECT id FROM product WHERE code = $1

-- :name profile_find_store (ledger)
SELECT id FROM store WHERE code = $1

-- :name profile_find_staff (ledger)
SELECT id FROM staff WHERE code = $1

-- :name profile_insert_product (ledger)
INSERT INTO product (id, import_id, code) VALUES ($1, $2, $3)

-- :name profile_insert_store (ledger)
INSERT INTO store (id, import_id, code) VALUES ($1, $2, $3)

-- :name profile_insert_staff (ledger)
INSERT INTO staff (id, import_id, code) VALUES ($1, $2, $3)

-- Each writes a fold and changes no row that says so already.
-- :name profile_write_customer (ledger)
UPDATE customer SET name = $2, given_name = $3, family_name = $4, company = $5, birth_day = $6,
       gender = $7, language = $8, street = $9, postal_code = $10, city = $11, region = $12,
       country = $13, attributes = $14
WHERE id = $1
  AND (name IS DISTINCT FROM $2 OR given_name IS DISTINCT FROM $3 OR family_name IS DISTINCT FROM $4
       OR company IS DISTINCT FROM $5 OR birth_day IS DISTINCT FROM $6 OR gender IS DISTINCT FROM $7
       OR language IS DISTINCT FROM $8 OR street IS DISTINCT FROM $9
       OR postal_code IS DISTINCT FROM $10 OR city IS DISTINCT FROM $11
       OR region IS DISTINCT FROM $12 OR country IS DISTINCT FROM $13
       OR attributes IS DISTINCT FROM $14)

-- :name profile_write_product (ledger)
UPDATE product SET name = $2, category = $3, brand = $4, vat_rate_bp = $5, price_micros = $6,
       attributes = $7
WHERE id = $1
  AND (name IS DISTINCT FROM $2 OR category IS DISTINCT FROM $3 OR brand IS DISTINCT FROM $4
       OR vat_rate_bp IS DISTINCT FROM $5 OR price_micros IS DISTINCT FROM $6
       OR attributes IS DISTINCT FROM $7)

-- :name profile_write_store (ledger)
UPDATE store SET name = $2, city = $3, region = $4, country = $5, attributes = $6
WHERE id = $1
  AND (name IS DISTINCT FROM $2 OR city IS DISTINCT FROM $3 OR region IS DISTINCT FROM $4
       OR country IS DISTINCT FROM $5 OR attributes IS DISTINCT FROM $6)

-- :name profile_write_staff (ledger)
UPDATE staff SET name = $2, store_id = $3, role = $4, attributes = $5
WHERE id = $1
  AND (name IS DISTINCT FROM $2 OR store_id IS DISTINCT FROM $3 OR role IS DISTINCT FROM $4
       OR attributes IS DISTINCT FROM $5)

-- The names a customer is found by, before they change.
-- :name profile_customer_names (ledger)
SELECT name, given_name, family_name, company FROM customer WHERE id = $1

-- ---- what is kept in memory ----

-- What was said, and who has which code, is to be looked up again from now on.
-- :name profile_epoch_bump (ledger)
UPDATE profile_epoch SET epoch = epoch + 1 RETURNING epoch

-- :name profile_epoch_read (ledger)
SELECT epoch FROM profile_epoch

-- ---- taking an import back ----

-- :name profile_subjects_of_import (ledger)
SELECT subject_kind, subject FROM profile WHERE import_id = $1 ORDER BY subject_kind, subject

-- :name profile_delete_layers (ledger)
DELETE FROM profile WHERE import_id = $1

-- Brought by this import, or by one taken back before: which of them nobody speaks of any more and
-- no row uses, apart from the lists of events about several.
-- :name profile_products_of_import (ledger)
SELECT id,
    CASE WHEN id NOT IN (SELECT subject FROM profile WHERE subject_kind = 2)
          AND id NOT IN (SELECT product_id FROM sale_line WHERE product_id IS NOT NULL)
          AND id NOT IN (SELECT product_id FROM event WHERE product_id IS NOT NULL)
        THEN 1 ELSE 0 END AS is_unused
FROM product
WHERE import_id = $1 OR import_id IN (SELECT id FROM import WHERE state = 'undone')
ORDER BY id

-- :name profile_product_lists (ledger)
SELECT product_ids FROM event WHERE product_ids IS NOT NULL

-- A run of them without one that stays.
-- :name profile_delete_products (ledger)
DELETE FROM product
WHERE id BETWEEN $2 AND $3
  AND (import_id = $1 OR import_id IN (SELECT id FROM import WHERE state = 'undone'))
RETURNING id

-- What nobody speaks of any more and no row uses, as above.
-- :name profile_delete_staff (ledger)
DELETE FROM staff
WHERE (import_id = $1 OR import_id IN (SELECT id FROM import WHERE state = 'undone'))
  AND id NOT IN (SELECT subject FROM profile WHERE subject_kind = 4)
  AND id NOT IN (SELECT cashier_id FROM sale WHERE cashier_id IS NOT NULL)
RETURNING id

-- :name profile_delete_stores (ledger)
DELETE FROM store
WHERE (import_id = $1 OR import_id IN (SELECT id FROM import WHERE state = 'undone'))
  AND id NOT IN (SELECT subject FROM profile WHERE subject_kind = 3)
  AND id NOT IN (SELECT store_id FROM sale WHERE store_id IS NOT NULL)
  AND id NOT IN (SELECT store_id FROM staff WHERE store_id IS NOT NULL)
RETURNING id

-- What another import speaks of as well is that import's from now on.
-- :name profile_hand_over_products (ledger)
UPDATE product
SET import_id = held.import_id
FROM (SELECT subject, MIN(import_id) AS import_id FROM profile WHERE subject_kind = 2
      GROUP BY subject) AS held
WHERE product.import_id = $1 AND held.subject = product.id

-- :name profile_hand_over_stores (ledger)
UPDATE store
SET import_id = held.import_id
FROM (SELECT subject, MIN(import_id) AS import_id FROM profile WHERE subject_kind = 3
      GROUP BY subject) AS held
WHERE store.import_id = $1 AND held.subject = store.id

-- :name profile_hand_over_staff (ledger)
UPDATE staff
SET import_id = held.import_id
FROM (SELECT subject, MIN(import_id) AS import_id FROM profile WHERE subject_kind = 4
      GROUP BY subject) AS held
WHERE staff.import_id = $1 AND held.subject = staff.id
