-- +goose Up
-- mailbox is the sender's mailbox, made by mailin.Mailbox: what comes from one mailbox is counted together, whatever sub-address it names.
ALTER TABLE inbound ADD COLUMN mailbox TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE inbound SET mailbox = substr(sender, strpos(sender, '@') + 1) || ' ' || CASE
  WHEN strpos(sender, '+') > 1 AND strpos(sender, '+') < strpos(sender, '@') THEN substr(sender, 1, strpos(sender, '+') - 1)
  ELSE substr(sender, 1, strpos(sender, '@') - 1) END
WHERE strpos(sender, '@') > 0;
DROP INDEX inbound_sender;
CREATE INDEX inbound_mailbox ON inbound (mailbox, received, id) WHERE outcome = 'message';
