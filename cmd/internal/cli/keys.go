package cli

import (
	"time"

	"tierdesk/mailout/token"
	"tierdesk/migrations/sqldb"
)

type keysCmd struct {
	Rotate keysRotateCmd `cmd:"" help:"Make a new key; the old ones remain valid for what they signed."`
}

type keysRotateCmd struct {
	inFolder
	Retire bool `help:"Also retire all older keys, because one has leaked: replies to mails sent earlier are then recognised by their References alone, and agents have to answer newer notices."`
	asJSON
}

// Help is shown by `tierdesk help keys rotate`.
func (keysRotateCmd) Help() string {
	return `A running daemon starts using the new key by itself, within a minute.`
}

// Run makes a new key.
func (c *keysRotateCmd) Run(e *env) error {
	db, err := c.database(e)
	if err != nil {
		return err
	}
	defer db.Close()
	var retired int64
	err = db.Update(e.ctx, func(tx *sqldb.Tx) (err error) {
		if _, err = token.Rotate(tx); err == nil && c.Retire {
			retired, err = token.Retire(tx, tx.Now().Add(time.Millisecond))
		}
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(struct {
			Retired int64 `json:"retired"`
		}{retired})
	}
	e.printf("%s a new key signs from now on\n", e.paint(green, "✓"))
	if c.Retire {
		e.printf("  %s ended\n", plural(int(retired), "older key"))
	}
	return nil
}
