package cli

import (
	"fmt"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/migrations"
	"tierdesk/migrations/sqldb"
)

type migrateCmd struct {
	inFolder
	asJSON
}

// Help is shown by `tierdesk help migrate`.
func (migrateCmd) Help() string {
	return `run does this when it starts. A schema that is newer than this program is refused: an older program could not keep what the newer one promised.

Exit codes: 0; 1 the database is newer or cannot be reached, or a migration failed (those before it remain).`
}

// Run migrates.
func (c *migrateCmd) Run(e *env) error {
	main, err := config.LoadMain(e.ctx, c.Dir)
	if err != nil {
		return err
	}
	db, err := app.OpenDatabase(e.ctx, main, e.quiet())
	if err != nil {
		return err
	}
	defer db.Close()
	before, err := migrations.Check(e.ctx, db)
	if err != nil {
		return err
	}
	status, err := migrations.Up(e.ctx, db)
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(struct {
			Database string `json:"database"`
			From     int64  `json:"from"`
			To       int64  `json:"to"`
		}{sqldb.Redacted(main.Database.URL), before.Current, status.Current})
	}
	words := fmt.Sprintf("is up to date (schema %d)", status.Current)
	if before.Current < status.Current {
		words = fmt.Sprintf("was brought from schema %d to %d", before.Current, status.Current)
	}
	e.printf("%s %s %s\n", e.paint(green, "✓"), sqldb.Redacted(main.Database.URL), words)
	return nil
}
