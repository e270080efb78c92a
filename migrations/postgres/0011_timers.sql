-- +goose Up
-- set_at is when a timer was set, by the clock of that time; NULL for one that an older program has set. A clock that was ahead shows by it.
ALTER TABLE timers ADD COLUMN set_at BIGINT;
