-- +goose Up
-- Until when agents are away. noted is the latest end that they, or a note of theirs, have named: a note that says the same again brings nothing back.
CREATE TABLE absences (
  agent TEXT PRIMARY KEY,
  ends BIGINT NOT NULL,
  noted BIGINT NOT NULL
) WITHOUT ROWID;
