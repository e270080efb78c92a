-- +goose Up
-- mailbox is the sender's mailbox, made by mailin.Mailbox: what comes from one mailbox is counted together, whatever sub-address it names.
ALTER TABLE inbound ADD COLUMN mailbox TEXT NOT NULL DEFAULT '';
UPDATE inbound SET mailbox = substr(sender, instr(sender, '@') + 1) || ' ' || CASE
  WHEN instr(sender, '+') > 1 AND instr(sender, '+') < instr(sender, '@') THEN substr(sender, 1, instr(sender, '+') - 1)
  ELSE substr(sender, 1, instr(sender, '@') - 1) END
WHERE instr(sender, '@') > 0;
DROP INDEX inbound_sender;
CREATE INDEX inbound_mailbox ON inbound (mailbox, received, id) WHERE outcome = 'message';
