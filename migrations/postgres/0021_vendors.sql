-- +goose Up
-- Vendors are third persons with a name in people.yaml, who number the ticket on their side too.
ALTER TABLE sides ADD COLUMN vendor TEXT NOT NULL DEFAULT '';
ALTER TABLE sides ADD COLUMN reference TEXT NOT NULL DEFAULT '';
