-- +goose Up
-- When somebody let a sender past spam verdicts (/allow).
ALTER TABLE addresses ADD COLUMN allowed BIGINT;
