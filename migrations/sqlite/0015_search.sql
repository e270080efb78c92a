-- +goose Up
-- The words of messages, cut and folded in Go; one row a message, by its id. What is looked for never stands in it as it was written.
CREATE VIRTUAL TABLE search_words USING fts5(body, sender, recipient, marks, content = '', contentless_delete = 1, tokenize = 'ascii');

-- Messages whose words have yet to be put there: from first to last. All that are there already, and then what each transaction adds.
CREATE TABLE search_waiting (last INTEGER PRIMARY KEY, first INTEGER NOT NULL);
INSERT INTO search_waiting (last, first) SELECT max(id), 1 FROM messages HAVING max(id) IS NOT NULL;

-- Whatever drops or rewrites a message, its words go with it.
-- +goose StatementBegin
CREATE TRIGGER messages_dropped AFTER DELETE ON messages BEGIN
  DELETE FROM search_words WHERE rowid = old.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER messages_rewritten AFTER UPDATE OF text, subject, attachments ON messages BEGIN
  DELETE FROM search_words WHERE rowid = old.id;
  INSERT INTO search_waiting (last, first) VALUES (new.id, new.id) ON CONFLICT (last) DO NOTHING;
END;
-- +goose StatementEnd
