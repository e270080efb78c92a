-- +goose Up
-- mailbox is the recipient's mailbox, made by mailout.Mailbox: the domain, a blank and the local part without its sub-address, so that what goes into one mailbox is counted
-- together, and what goes to a domain lies together. It takes the place of the recipient in the index.
-- interrupted counts composings that had no end; bounced is when a delivery report said that a mail which was sent has not arrived.
ALTER TABLE outbox ADD COLUMN mailbox TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN interrupted BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN bounced BIGINT;
UPDATE outbox SET mailbox = substr(recipient, strpos(recipient, '@') + 1) || ' ' || CASE
  WHEN strpos(recipient, '+') > 1 AND strpos(recipient, '+') < strpos(recipient, '@') THEN substr(recipient, 1, strpos(recipient, '+') - 1)
  ELSE substr(recipient, 1, strpos(recipient, '@') - 1) END;
DROP INDEX outbox_recipient;
CREATE INDEX outbox_mailbox ON outbox (mailbox, created);
CREATE INDEX outbox_failed ON outbox (created) WHERE state = 'failed';
CREATE INDEX outbox_bounced ON outbox (bounced) WHERE bounced IS NOT NULL;
