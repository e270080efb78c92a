-- +goose Up
-- What agents write on a ticket by command: values under names (JSON), who watches it and (-) who no longer hears of it, to whom it is restricted, the minutes
-- booked on it, and the date by which it is to be solved.
ALTER TABLE tickets ADD COLUMN fields TEXT NOT NULL DEFAULT '';
ALTER TABLE tickets ADD COLUMN watchers TEXT NOT NULL DEFAULT '';
ALTER TABLE tickets ADD COLUMN restricted TEXT NOT NULL DEFAULT '';
ALTER TABLE tickets ADD COLUMN booked BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tickets ADD COLUMN due BIGINT;
