-- +goose Up
-- PostgreSQL packs long texts; SQLite does not.
SELECT 1;
