-- +goose Up
-- How many tickets wait for an agent is counted for each that is given out, whatever they have answered before.
DROP INDEX tickets_assignee;
CREATE INDEX tickets_assignee ON tickets (assignee, status) WHERE assignee <> '';
