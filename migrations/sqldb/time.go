package sqldb

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Time is an instant as the database stores it: BIGINT Unix milliseconds, UTC. The zero Time is
// NULL.
type Time struct{ time.Time }

// At returns the Time of an instant, in the precision of the database.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Millisecond)} }

// Value implements driver.Valuer.
func (t Time) Value() (driver.Value, error) {
	if t.IsZero() {
		return nil, nil
	}
	return t.UnixMilli(), nil
}

// Scan implements sql.Scanner.
func (t *Time) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		t.Time = time.Time{}
	case int64:
		t.Time = time.UnixMilli(v).UTC()
	default:
		return fmt.Errorf("a time is a number of milliseconds, not %T", src)
	}
	return nil
}
