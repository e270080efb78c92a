-- +goose Up
-- A list of tickets has the one changed last first. Without the time in the index every open ticket was read and sorted for a list of fifty.
DROP INDEX tickets_status;
CREATE INDEX tickets_status ON tickets (status, updated);
