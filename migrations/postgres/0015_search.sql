-- +goose Up
-- The words of messages, cut and folded in Go; one row a message, by its id. What is looked for never stands in it as it was written.
CREATE TABLE search_words (message BIGINT PRIMARY KEY, words TSVECTOR NOT NULL);
CREATE INDEX search_words_words ON search_words USING gin (words);

-- Messages whose words have yet to be put there: from first to last. All that are there already, and then what each transaction adds.
CREATE TABLE search_waiting (last BIGINT PRIMARY KEY, first BIGINT NOT NULL);
INSERT INTO search_waiting (last, first) SELECT max(id), 1 FROM messages HAVING max(id) IS NOT NULL;

-- Whatever drops or rewrites a message, its words go with it.
-- +goose StatementBegin
CREATE FUNCTION search_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM search_words WHERE message = old.id;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO search_waiting (last, first) VALUES (new.id, new.id) ON CONFLICT (last) DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER messages_dropped AFTER DELETE ON messages FOR EACH ROW EXECUTE FUNCTION search_forget();
CREATE TRIGGER messages_rewritten AFTER UPDATE OF text, subject, attachments ON messages FOR EACH ROW EXECUTE FUNCTION search_forget();
