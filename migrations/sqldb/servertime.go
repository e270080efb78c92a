package sqldb

import (
	"context"
	"fmt"
	"time"
)

// ServerTime returns the time of the database server's clock; for SQLite, of this machine's clock.
func (db *DB) ServerTime(ctx context.Context) (time.Time, error) {
	if db.Kind() != Postgres {
		return db.Now(), nil
	}
	var ms int64
	if err := db.Handle().QueryRowContext(ctx,
		`SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)`).Scan(&ms); err != nil {
		return time.Time{}, fmt.Errorf("asking the database for its time: %w", err)
	}
	return time.UnixMilli(ms), nil
}
