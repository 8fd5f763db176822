-- SPDX-License-Identifier: Apache-2.0
-- What of a customer an API key is told in answers of decide: names of traits, a JSON array.
ALTER TABLE api_key ADD COLUMN traits TEXT NOT NULL DEFAULT '[]';
