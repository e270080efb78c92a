-- +goose Up
-- Conversations with people outside who take no part in the ticket: each has its own thread and its own reply addresses.
CREATE TABLE sides (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ticket INTEGER NOT NULL REFERENCES tickets (id),
  party TEXT NOT NULL,
  address TEXT NOT NULL,
  shown TEXT NOT NULL,
  language TEXT NOT NULL DEFAULT '',
  asked_by TEXT NOT NULL,
  state TEXT NOT NULL,
  question INTEGER NOT NULL DEFAULT 0,
  mail INTEGER NOT NULL DEFAULT 0,
  reminded INTEGER NOT NULL DEFAULT 0,
  asked INTEGER NOT NULL,
  settled INTEGER
);
CREATE UNIQUE INDEX sides_party ON sides (ticket, party, address);
-- What was said in such a conversation, and the Message-ID that it has there.
CREATE TABLE side_messages (
  side INTEGER NOT NULL REFERENCES sides (id),
  message INTEGER NOT NULL REFERENCES messages (id),
  message_id TEXT NOT NULL,
  PRIMARY KEY (side, message)
);
CREATE INDEX side_messages_message ON side_messages (message);
