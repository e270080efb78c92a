-- +goose Up
-- Forms that were sent to requesters, as they were sent, and what came back.
CREATE TABLE forms (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ticket INTEGER NOT NULL REFERENCES tickets (id),
  name TEXT NOT NULL,
  form TEXT NOT NULL,
  state TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked INTEGER NOT NULL,
  answers TEXT NOT NULL,
  side INTEGER NOT NULL DEFAULT 0,
  request INTEGER NOT NULL DEFAULT 0,
  sent INTEGER NOT NULL
);
CREATE INDEX forms_ticket ON forms (ticket);
CREATE INDEX forms_side ON forms (side) WHERE side <> 0;
-- How long after being asked a third person is reminded; 0 as ever.
ALTER TABLE sides ADD COLUMN remind INTEGER NOT NULL DEFAULT 0;
