-- +goose Up
-- Before the row of a taken mail is dropped, the database looks whether anything refers to it: without these it would read all messages for each.
CREATE INDEX messages_inbound ON messages (inbound) WHERE inbound IS NOT NULL;
CREATE INDEX held_inbound ON held (inbound);
