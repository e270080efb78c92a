-- +goose Up
-- How long texts are packed: lz4 takes a tenth of the time of PostgreSQL's own way, where the server has it (14 and later, if built with it). Raw mails
-- are compressed already: trying again is lost time. Only rows that are written from now on change.
-- +goose StatementBegin
DO $$
BEGIN
  EXECUTE 'ALTER TABLE messages ALTER COLUMN text SET COMPRESSION lz4, ALTER COLUMN whole SET COMPRESSION lz4';
  EXECUTE 'ALTER TABLE outbox_content ALTER COLUMN content SET COMPRESSION lz4';
  EXECUTE 'ALTER TABLE events ALTER COLUMN trace SET COMPRESSION lz4, ALTER COLUMN data SET COMPRESSION lz4';
EXCEPTION WHEN feature_not_supported OR syntax_error THEN
  NULL; -- the server's own way it is
END $$;
-- +goose StatementEnd
ALTER TABLE raws ALTER COLUMN data SET STORAGE EXTERNAL;
