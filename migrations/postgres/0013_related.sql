-- +goose Up
-- Which tickets are linked with a ticket, or were merged into it: few are.
CREATE INDEX tickets_linked ON tickets (linked) WHERE linked IS NOT NULL;
CREATE INDEX tickets_merged ON tickets (merged_into) WHERE merged_into IS NOT NULL;
