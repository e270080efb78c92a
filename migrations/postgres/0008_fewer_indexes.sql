-- +goose Up
-- What is written for each mail costs. Nothing looks for taken mails by their ticket, for events by their time, for tickets of somebody by their subject or for those that nobody
-- has; and a ticket changes with each reply, so that when it changed stands in no index.
DROP INDEX inbound_ticket;
DROP INDEX events_at;
DROP INDEX tickets_requester;
CREATE INDEX tickets_requester ON tickets (requester);
DROP INDEX tickets_status;
CREATE INDEX tickets_status ON tickets (status);
DROP INDEX tickets_assignee;
CREATE INDEX tickets_assignee ON tickets (assignee) WHERE assignee <> '';
