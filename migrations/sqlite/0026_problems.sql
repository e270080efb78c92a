-- +goose Up
-- Problems: one root cause, many tickets. open_key is the key of a rule while the problem is not done with, so that a key has one such problem.
-- told is when its owner was told last of new tickets.
CREATE TABLE problems (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL,
  folded TEXT NOT NULL,
  state TEXT NOT NULL,
  workaround TEXT NOT NULL DEFAULT '',
  owner TEXT NOT NULL,
  open_key TEXT UNIQUE,
  opened INTEGER NOT NULL,
  told INTEGER
);
CREATE INDEX problems_folded ON problems (folded);
-- The tickets of a problem. told: its owner knows of it. informed: its customer asked to hear how it goes on.
CREATE TABLE problem_tickets (
  ticket INTEGER PRIMARY KEY REFERENCES tickets (id),
  problem INTEGER NOT NULL REFERENCES problems (id),
  told INTEGER NOT NULL DEFAULT 0,
  informed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX problem_tickets_problem ON problem_tickets (problem, ticket);
-- A text for every customer of a problem: shown to its writer, then going out, then done. inbound is the mail that it stands in.
CREATE TABLE publications (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  problem INTEGER NOT NULL REFERENCES problems (id),
  inbound INTEGER NOT NULL UNIQUE REFERENCES inbound (id),
  agent TEXT NOT NULL,
  state TEXT NOT NULL,
  content TEXT NOT NULL DEFAULT '',
  solves INTEGER NOT NULL DEFAULT 0,
  shown INTEGER NOT NULL
);
CREATE INDEX publications_problem ON publications (problem);
-- Whom it reaches, as it was shown; done is when the ticket had it.
CREATE TABLE publication_tickets (
  publication INTEGER NOT NULL REFERENCES publications (id),
  ticket INTEGER NOT NULL REFERENCES tickets (id),
  done INTEGER,
  PRIMARY KEY (publication, ticket)
);
CREATE INDEX publication_tickets_ticket ON publication_tickets (ticket);
