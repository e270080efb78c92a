-- +goose Up
-- Who is told of the same gets nearly the same mail. base is the mail from which the others of its decision take what they have in common: only what differs stands in their own content.
-- last, of such a mail, is the last that takes from it: until then it is kept.
ALTER TABLE outbox_content ADD COLUMN base BIGINT;
ALTER TABLE outbox_content ADD COLUMN last BIGINT;
