-- +goose Up
-- When the admin was told of an old mail, or of one in quarantine. The highest number told of is not enough: of two mails that are taken at once the one
-- with the lower number may be there later.
ALTER TABLE inbound ADD COLUMN told BIGINT;
UPDATE inbound SET told = taken WHERE old = 1 AND id <= COALESCE((SELECT CAST(value AS BIGINT) FROM meta WHERE name = 'told-old'), 0);
UPDATE inbound SET told = taken WHERE outcome = 'quarantined' AND id <= COALESCE((SELECT CAST(value AS BIGINT) FROM meta WHERE name = 'told-quarantine'), 0);
CREATE INDEX inbound_old_untold ON inbound (id) WHERE old = 1 AND told IS NULL;
CREATE INDEX inbound_quarantine_untold ON inbound (id) WHERE outcome = 'quarantined' AND told IS NULL AND settled IS NULL;
