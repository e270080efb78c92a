package mailout

import (
	"encoding/json"
	"fmt"
	"time"

	"tierdesk/migrations/meta"
	"tierdesk/migrations/sqldb"
)

// Pause is what a sender has recorded about a paused account, for other processes that read the
// database.
type Pause struct {
	Since   time.Time `json:"since"`
	Reason  string    `json:"reason"`
	Refused bool      `json:"refused,omitempty"` // a person has to fix it
}

func pauseName(account string) string { return "outgoing:" + account }

// NotePause records that an account is paused, or that it is not (the zero Pause).
func NotePause(tx *sqldb.Tx, account string, p Pause) error {
	text := ""
	if p != (Pause{}) {
		p.Reason = clip(p.Reason, 1000)
		b, err := json.Marshal(p)
		if err != nil {
			return fmt.Errorf("noting a pause of %s: %w", account, err)
		}
		text = string(b)
	}
	if err := meta.Set(tx, pauseName(account), text); err != nil {
		return fmt.Errorf("noting a pause of %s: %w", account, err)
	}
	return nil
}

// NotedPause returns what was last recorded of an account; the zero Pause if it is not paused.
func NotedPause(tx *sqldb.Tx, account string) (p Pause, err error) {
	text, _, err := meta.Get(tx, pauseName(account))
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &p)
	}
	if err != nil {
		err = fmt.Errorf("reading whether %s is paused: %w", account, err)
	}
	return p, err
}
