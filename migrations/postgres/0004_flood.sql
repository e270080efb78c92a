-- +goose Up
-- What a sender has written is asked for with each of his mails. Of a flood nearly all is in quarantine, and not to be passed over each time.
DROP INDEX inbound_sender;
CREATE INDEX inbound_sender ON inbound (sender, received, id) WHERE outcome = 'message';

-- The desk's mails to itself, every few minutes, to be dropped by and by.
CREATE INDEX inbound_canary ON inbound (taken) WHERE cause = 'canary';
CREATE INDEX outbox_canary ON outbox (created) WHERE kind = 'canary';
