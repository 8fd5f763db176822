-- SPDX-License-Identifier: Apache-2.0
-- A fragment goes behind the CTE `selected` that selection_documents writes.

-- :name selection_all_currencies (lake)
-- All currencies there are: nearly always one, and then no selection can mix them.
SELECT currency FROM sale GROUP BY currency ORDER BY currency;

-- :name selection_currencies (fragment)
-- The currencies of the selected documents.
SELECT selected.currency FROM selected GROUP BY selected.currency ORDER BY selected.currency;

-- :name selection_store_id (lake)
SELECT id FROM store WHERE code = $1;

-- :name selection_staff_id (lake)
SELECT id FROM staff WHERE code = $1;

-- :name selection_product_id (lake)
SELECT id FROM product WHERE code = $1;
