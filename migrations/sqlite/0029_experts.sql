-- +goose Up
-- What customers wish for: product ideas, and the tickets in which they asked. told is when they heard that it is built.
CREATE TABLE ideas (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  content TEXT NOT NULL,
  folded TEXT NOT NULL,
  opened INTEGER NOT NULL,
  built INTEGER
);
CREATE INDEX ideas_folded ON ideas (folded);
CREATE TABLE idea_tickets (
  idea INTEGER NOT NULL REFERENCES ideas (id),
  ticket INTEGER NOT NULL REFERENCES tickets (id),
  told INTEGER,
  PRIMARY KEY (idea, ticket)
);
CREATE INDEX idea_tickets_ticket ON idea_tickets (ticket);
-- The words of tickets that were opened lately, where several like ones are to be noticed. proposed: their lead was told of them.
CREATE TABLE likenesses (
  ticket INTEGER PRIMARY KEY REFERENCES tickets (id),
  opened INTEGER NOT NULL,
  words TEXT NOT NULL,
  proposed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX likenesses_opened ON likenesses (opened);
-- The ticket that a key of monitoring stands for: the newest.
CREATE TABLE merge_keys (
  name TEXT PRIMARY KEY,
  ticket INTEGER NOT NULL REFERENCES tickets (id)
);
CREATE INDEX merge_keys_ticket ON merge_keys (ticket);
