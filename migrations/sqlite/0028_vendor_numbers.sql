-- +goose Up
-- A mail that bears a vendor's own number, and nothing else, is looked for by it.
CREATE INDEX sides_reference ON sides (vendor, reference) WHERE reference <> '';
