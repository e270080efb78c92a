-- +goose Up
-- What an agent wrote lately, for what their mails end with.
CREATE INDEX messages_answers ON messages (author, id) WHERE kind = 'agent';
