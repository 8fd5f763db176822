-- SPDX-License-Identifier: Apache-2.0
-- The products of an event about several, as a cart (plug/collect/order.h): their ids in the order
-- in which it names them, "12,7,30". A list within the row and no table beside it: it is written
-- once with its event, goes with it, and costs events about one product or none nothing.

ALTER TABLE event ADD COLUMN product_ids TEXT; -- NULL: none, or the one of product_id
