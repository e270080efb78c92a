-- +goose Up
-- mailbox is the recipient's mailbox, made by mailout.Mailbox: the domain, a blank and the local part without its sub-address, so that what goes into one mailbox is counted
-- together, and what goes to a domain lies together. It takes the place of the recipient in the index.
-- interrupted counts composings that had no end; bounced is when a delivery report said that a mail which was sent has not arrived.
ALTER TABLE outbox ADD COLUMN mailbox TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN interrupted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN bounced INTEGER;
UPDATE outbox SET mailbox = substr(recipient, instr(recipient, '@') + 1) || ' ' || CASE
  WHEN instr(recipient, '+') > 1 AND instr(recipient, '+') < instr(recipient, '@') THEN substr(recipient, 1, instr(recipient, '+') - 1)
  ELSE substr(recipient, 1, instr(recipient, '@') - 1) END;
DROP INDEX outbox_recipient;
CREATE INDEX outbox_mailbox ON outbox (mailbox, created);
CREATE INDEX outbox_failed ON outbox (created) WHERE state = 'failed';
CREATE INDEX outbox_bounced ON outbox (bounced) WHERE bounced IS NOT NULL;
