-- +goose Up
-- What is written for each mail costs. Nothing looks for taken mails by their ticket, for events by their time, for tickets of somebody by their subject or for those that nobody
-- has; and a ticket changes with each reply, so that when it changed stands in no index.
DROP INDEX inbound_ticket;
DROP INDEX events_at;
DROP INDEX tickets_requester;
CREATE INDEX tickets_requester ON tickets (requester);
DROP INDEX tickets_status;
CREATE INDEX tickets_status ON tickets (status);
DROP INDEX tickets_assignee;
CREATE INDEX tickets_assignee ON tickets (assignee) WHERE assignee <> '';

-- Of tables whose key is no number SQLite keeps the key twice, in the table and in its index, unless they are WITHOUT ROWID.
CREATE TABLE new_ledger (
  mailbox INTEGER NOT NULL REFERENCES mailboxes (id),
  uid INTEGER NOT NULL,
  state TEXT NOT NULL,
  inbound INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  changed INTEGER NOT NULL,
  PRIMARY KEY (mailbox, uid)
) WITHOUT ROWID;
INSERT INTO new_ledger (mailbox, uid, state, inbound, attempts, reason, changed) SELECT mailbox, uid, state, inbound, attempts, reason, changed FROM ledger ORDER BY mailbox, uid;
DROP TABLE ledger;
ALTER TABLE new_ledger RENAME TO ledger;
CREATE INDEX ledger_open ON ledger (mailbox, state) WHERE state <> 'acknowledged';

CREATE TABLE new_addresses (
  address TEXT NOT NULL PRIMARY KEY,
  person INTEGER NOT NULL REFERENCES people (id),
  shown TEXT NOT NULL,
  muted INTEGER,
  mute_reason TEXT NOT NULL DEFAULT '',
  blocked INTEGER,
  created INTEGER NOT NULL,
  allowed INTEGER
) WITHOUT ROWID;
INSERT INTO new_addresses (address, person, shown, muted, mute_reason, blocked, created, allowed)
  SELECT address, person, shown, muted, mute_reason, blocked, created, allowed FROM addresses ORDER BY address;
DROP TABLE addresses;
ALTER TABLE new_addresses RENAME TO addresses;
CREATE INDEX addresses_person ON addresses (person);

CREATE TABLE new_participants (
  ticket INTEGER NOT NULL REFERENCES tickets (id),
  address TEXT NOT NULL,
  role TEXT NOT NULL,
  added INTEGER NOT NULL,
  PRIMARY KEY (ticket, address)
) WITHOUT ROWID;
INSERT INTO new_participants (ticket, address, role, added) SELECT ticket, address, role, added FROM participants ORDER BY ticket, address;
DROP TABLE participants;
ALTER TABLE new_participants RENAME TO participants;
CREATE INDEX participants_address ON participants (address);

CREATE TABLE new_message_ids (message_id TEXT NOT NULL, ticket INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (message_id, ticket)) WITHOUT ROWID;
INSERT INTO new_message_ids (message_id, ticket, at) SELECT message_id, ticket, at FROM message_ids ORDER BY message_id, ticket;
DROP TABLE message_ids;
ALTER TABLE new_message_ids RENAME TO message_ids;
