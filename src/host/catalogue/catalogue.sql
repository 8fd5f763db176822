-- SPDX-License-Identifier: Apache-2.0
-- Lists go by code. $1: the code after which the page begins; $2: what is searched for, a LIKE
-- pattern of
-- lower-case text with \ as escape; $3: rows.

-- :name catalogue_products (ledger)
SELECT id, code, name, category, brand, vat_rate_bp, price_micros
FROM product
WHERE code > $1
  AND (LOWER(code) LIKE $2 ESCAPE '\' OR LOWER(name) LIKE $2 ESCAPE '\'
       OR LOWER(category) LIKE $2 ESCAPE '\' OR LOWER(brand) LIKE $2 ESCAPE '\')
ORDER BY code
LIMIT $3

-- :name catalogue_stores (ledger)
SELECT id, code, name, city, region, country
FROM store
WHERE code > $1
  AND (LOWER(code) LIKE $2 ESCAPE '\' OR LOWER(name) LIKE $2 ESCAPE '\'
       OR LOWER(city) LIKE $2 ESCAPE '\')
ORDER BY code
LIMIT $3

-- :name catalogue_staff (ledger)
SELECT staff.id, staff.code, staff.name, staff.role, store.code, store.name
FROM staff LEFT JOIN store ON store.id = staff.store_id
WHERE staff.code > $1
  AND (LOWER(staff.code) LIKE $2 ESCAPE '\' OR LOWER(staff.name) LIKE $2 ESCAPE '\')
ORDER BY staff.code
LIMIT $3

-- One by its code, or by its id when no code is like it; attributes last. $1: code; $2: id.

-- :name catalogue_product (ledger)
SELECT id, code, name, category, brand, vat_rate_bp, price_micros, attributes
FROM product
WHERE code = $1 OR id = $2
ORDER BY CASE WHEN code = $1 THEN 0 ELSE 1 END
LIMIT 1

-- :name catalogue_store (ledger)
SELECT id, code, name, city, region, country, attributes
FROM store
WHERE code = $1 OR id = $2
ORDER BY CASE WHEN code = $1 THEN 0 ELSE 1 END
LIMIT 1

-- :name catalogue_staff_member (ledger)
SELECT staff.id, staff.code, staff.name, staff.role, store.code, store.name, staff.attributes
FROM staff LEFT JOIN store ON store.id = staff.store_id
WHERE staff.code = $1 OR staff.id = $2
ORDER BY CASE WHEN staff.code = $1 THEN 0 ELSE 1 END
LIMIT 1
