-- +goose Up
-- The whole desk. Times are Unix milliseconds in UTC. Folded columns are made in Go (mailin.Fold). Columns named data, facts, content or trace hold JSON
-- that only Go reads. Events hold ids, never personal text.

CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);

-- One value a name: the published desk folder's hash, when the desk was first run, heartbeats.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL, changed INTEGER NOT NULL);

-- Secrets that sign reply addresses and Message-IDs. The newest signs, all that are not retired verify.
CREATE TABLE keys (id INTEGER PRIMARY KEY, secret BLOB NOT NULL, created INTEGER NOT NULL, retired INTEGER);

-- Who works on an inbox. epoch grows with each new holder.
CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, epoch INTEGER NOT NULL, until INTEGER NOT NULL);

-- A folder of an inbox under one UIDVALIDITY.
CREATE TABLE mailboxes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  inbox TEXT NOT NULL,
  folder TEXT NOT NULL,
  uidvalidity INTEGER NOT NULL,
  created INTEGER NOT NULL,
  -- Below this UID was mail of the first run or of a rescan; NULL until that has been decided.
  old_below INTEGER,
  -- After a rescan only what came no later than this is old; NULL: all below old_below is.
  old_until INTEGER,
  -- When the newest mail that was taken from here had come.
  latest INTEGER,
  -- All UIDs below are settled: a cursor that only saves work.
  settled_below INTEGER NOT NULL DEFAULT 1,
  UNIQUE (inbox, folder, uidvalidity)
);

-- The ledger of UIDs. state: seen (left alone), tried (failed, to be tried again), taken, acknowledged, parked.
CREATE TABLE ledger (
  mailbox INTEGER NOT NULL REFERENCES mailboxes (id),
  uid INTEGER NOT NULL,
  state TEXT NOT NULL,
  inbound INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  changed INTEGER NOT NULL,
  PRIMARY KEY (mailbox, uid)
);
CREATE INDEX ledger_open ON ledger (mailbox, state) WHERE state <> 'acknowledged';

-- Each mail that was ever taken, whatever became of it. fingerprint tells duplicates.
-- outcome: message, auto-reply, bounce, receipt, loop, quarantined, dropped, held, refused.
CREATE TABLE inbound (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  fingerprint TEXT NOT NULL UNIQUE,
  inbox TEXT NOT NULL,
  received INTEGER NOT NULL,
  taken INTEGER NOT NULL,
  message_id TEXT NOT NULL,
  sender TEXT NOT NULL,
  subject TEXT NOT NULL,
  size INTEGER NOT NULL,
  kind TEXT NOT NULL,
  verdict TEXT NOT NULL,
  outcome TEXT NOT NULL,
  cause TEXT NOT NULL DEFAULT '',
  reasons TEXT NOT NULL DEFAULT '',
  ticket INTEGER,
  old INTEGER NOT NULL DEFAULT 0,
  settled INTEGER,
  copies INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX inbound_quarantine ON inbound (id) WHERE outcome = 'quarantined';
CREATE INDEX inbound_ticket ON inbound (ticket);
CREATE INDEX inbound_sender ON inbound (sender, received);

-- The mail as it came, compressed.
CREATE TABLE raws (inbound INTEGER PRIMARY KEY REFERENCES inbound (id), encoding TEXT NOT NULL, size INTEGER NOT NULL, data BLOB NOT NULL);

-- Customers and whoever else writes. Agents stand in people.yaml.
CREATE TABLE people (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  language TEXT NOT NULL DEFAULT '',
  created INTEGER NOT NULL
);
CREATE TABLE addresses (
  address TEXT PRIMARY KEY,
  person INTEGER NOT NULL REFERENCES people (id),
  shown TEXT NOT NULL,
  muted INTEGER,
  mute_reason TEXT NOT NULL DEFAULT '',
  blocked INTEGER,
  created INTEGER NOT NULL
);
CREATE INDEX addresses_person ON addresses (person);

CREATE TABLE tickets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  inbox TEXT NOT NULL,
  subject TEXT NOT NULL,
  base_subject TEXT NOT NULL,
  requester INTEGER REFERENCES people (id),
  language TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL,
  priority TEXT NOT NULL,
  tier INTEGER NOT NULL,
  team TEXT NOT NULL DEFAULT '',
  assignee TEXT NOT NULL DEFAULT '',
  tags TEXT NOT NULL DEFAULT '',
  opened INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  solved INTEGER,
  closed INTEGER,
  customer_wrote INTEGER,
  agent_wrote INTEGER,
  linked INTEGER,
  merged_into INTEGER,
  version INTEGER NOT NULL,
  last_message INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX tickets_requester ON tickets (requester, base_subject, updated);
CREATE INDEX tickets_status ON tickets (status, updated);
CREATE INDEX tickets_assignee ON tickets (assignee, status);

-- Who outside takes part in a ticket. role: requester, cc.
CREATE TABLE participants (
  ticket INTEGER NOT NULL REFERENCES tickets (id),
  address TEXT NOT NULL,
  role TEXT NOT NULL,
  added INTEGER NOT NULL,
  PRIMARY KEY (ticket, address)
);
CREATE INDEX participants_address ON participants (address);

-- What was written in a ticket. author: an actor, e.g. person:7, agent:jane, desk. visibility: public, internal.
CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ticket INTEGER NOT NULL REFERENCES tickets (id),
  inbound INTEGER REFERENCES inbound (id),
  kind TEXT NOT NULL,
  author TEXT NOT NULL,
  visibility TEXT NOT NULL,
  at INTEGER NOT NULL,
  message_id TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',
  subject TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL,
  whole TEXT NOT NULL DEFAULT '',
  attachments TEXT NOT NULL DEFAULT '',
  flags TEXT NOT NULL DEFAULT ''
);
CREATE INDEX messages_ticket ON messages (ticket, id);

-- Every Message-ID that belongs to a ticket: of mails that came and that went.
CREATE TABLE message_ids (message_id TEXT NOT NULL, ticket INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (message_id, ticket));

-- What happened, in order; never changed, never deleted.
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ticket INTEGER NOT NULL REFERENCES tickets (id),
  at INTEGER NOT NULL,
  recorded INTEGER NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  cause TEXT NOT NULL DEFAULT '',
  message INTEGER,
  data TEXT NOT NULL DEFAULT '',
  trace TEXT NOT NULL DEFAULT '',
  folder TEXT NOT NULL DEFAULT ''
);
CREATE INDEX events_ticket ON events (ticket, id);
CREATE INDEX events_at ON events (at);

-- Promises for later. name makes a timer of a kind unique in its ticket (0: the desk).
CREATE TABLE timers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ticket INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  due INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  data TEXT NOT NULL DEFAULT '',
  error TEXT NOT NULL DEFAULT '',
  UNIQUE (ticket, kind, name)
);
CREATE INDEX timers_due ON timers (due);

-- Mails of agents that wait for a word of theirs. state: waiting, sent, dropped.
CREATE TABLE held (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ticket INTEGER NOT NULL,
  agent TEXT NOT NULL,
  inbound INTEGER NOT NULL REFERENCES inbound (id),
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  notice INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL,
  settled INTEGER
);
CREATE INDEX held_waiting ON held (ticket, agent) WHERE state = 'waiting';
CREATE INDEX held_notice ON held (notice);

-- Mails that go out: one row a copy. A row is also the notice to which a reply token is bound. What the mail says stands in outbox_content, so that
-- claiming and finishing a row rewrites little, and may be dropped once it was sent. state: waiting, sent, failed, held, dropped.
-- holder is who has it in hand; passed is when a person let it past the last gate.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  mail INTEGER NOT NULL,
  inbox TEXT NOT NULL,
  ticket INTEGER NOT NULL,
  kind TEXT NOT NULL,
  party TEXT NOT NULL,
  person TEXT NOT NULL,
  recipient TEXT NOT NULL,
  automatic TEXT NOT NULL,
  message_id TEXT NOT NULL,
  after_message INTEGER NOT NULL DEFAULT 0,
  message INTEGER,
  created INTEGER NOT NULL,
  urgency INTEGER NOT NULL,
  state TEXT NOT NULL,
  next_attempt INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  first_failed INTEGER,
  warned INTEGER,
  holder TEXT NOT NULL DEFAULT '',
  error TEXT NOT NULL DEFAULT '',
  sent INTEGER,
  expires INTEGER,
  spent INTEGER,
  passed INTEGER
);
CREATE TABLE outbox_content (id INTEGER PRIMARY KEY REFERENCES outbox (id), content TEXT NOT NULL);
CREATE INDEX outbox_waiting ON outbox (inbox, holder, urgency, next_attempt, id, created) WHERE state = 'waiting';
CREATE INDEX outbox_recipient ON outbox (recipient, created);
CREATE INDEX outbox_ticket ON outbox (ticket, id);
CREATE INDEX outbox_message_id ON outbox (message_id);
