-- +goose Up
-- The rows of canaries are dropped after a month; those that were taken before that was so are named in the ledger, too.
UPDATE ledger SET inbound = 0 WHERE inbound IN (SELECT id FROM inbound WHERE cause = 'canary');
