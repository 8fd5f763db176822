-- SPDX-License-Identifier: Apache-2.0

-- :name call_list_person (ledger)
SELECT name, given_name, family_name, language FROM customer WHERE id = $1
