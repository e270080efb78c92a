package mailout

import (
	"encoding/json"
	"fmt"
	"time"

	"tierdesk/migrations/meta"
	"tierdesk/migrations/sqldb"
)

// Pause is what a sender has noted of an account by which no mail leaves, for those who look into
// the database from outside.
type Pause struct {
	Since   time.Time `json:"since"`
	Reason  string    `json:"reason"`
	Refused bool      `json:"refused,omitempty"` // somebody has to mend it
}

func pauseName(account string) string { return "outgoing:" + account }

// NotePause notes that an account is paused, or that it is not (the zero Pause).
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

// NotedPause returns what was noted last of an account; the zero Pause if it is not paused.
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
