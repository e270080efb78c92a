-- +goose Up
-- Since when a folder is watched: when a desk was first started that has it, whether or not it could log in. What came before that is of before the first run.
CREATE TABLE folders (inbox TEXT NOT NULL, folder TEXT NOT NULL, started INTEGER NOT NULL, PRIMARY KEY (inbox, folder)) WITHOUT ROWID;
INSERT INTO folders (inbox, folder, started) SELECT inbox, folder, MIN(created) FROM mailboxes GROUP BY inbox, folder;
