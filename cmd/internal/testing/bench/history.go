package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"tierdesk/migrations/sqldb"
)

// base is the number of mails that the daemon has taken in before the first of the two rates is
// measured.
const base = 10_000

// history measures the rate of intake with base messages in the database, and again with the
// requested number, for which the rows of the first messages are copied, with small raw mails. Both
// rates are measured in one run, each with half of the mails.
func (b *bench) history(messages int) (string, error) {
	name := user("bulk", 0)
	if _, err := b.dovecot.MakeMaildir(name); err != nil {
		return "", err
	}
	database, drop, err := b.database.create(b.ctx, "history")
	if err != nil {
		return "", err
	}
	report, err := b.historyOn(database, name, messages)
	return report, errors.Join(err, drop())
}

func (b *bench) historyOn(database, name string, messages int) (_ string, err error) {
	sink, err := newCounter()
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, sink.Close()) }()
	dir := b.dir + "/history"
	if err := b.writeDesk(dir, database, b.dovecot.IMAP, name, sink.Addr); err != nil {
		return "", err
	}
	half := (b.made.mails - base) / 2
	take := func(from, to int) (rate float64, err error) {
		if err := b.fill(name, b.made.dir, from, to); err != nil {
			return 0, err
		}
		err = b.daemon(dir, func(c *child) error {
			in, err := c.order(order{Do: "intake", Mails: to - from})
			rate = float64(to-from) / in.Seconds
			return err
		})
		return rate, err
	}
	if _, err := take(0, 0); err != nil { // mail that is there at the first start would count as old mail
		return "", err
	}
	if _, err := take(0, base); err != nil {
		return "", err
	}
	few, err := take(base, base+half)
	if err != nil {
		return "", err
	}
	fmt.Fprintf(os.Stderr, "%.0f mails/s with %d messages; copying them until there are %d\n", few, base+half, messages)
	began := time.Now()
	there, err := grow(b.ctx, database, messages)
	if err != nil {
		return "", fmt.Errorf("copying messages: %w", err)
	}
	fmt.Fprintf(os.Stderr, "copied in %.0f s\n", time.Since(began).Seconds())
	many, err := take(base+half, base+2*half)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s: %.0f mails/s in with %d to %d messages in the database, %.0f/s with %d: %.2f (reach: 0.8)\n", b.db, few, base,
		base+half, many, there, many/few), nil
}

// copied is a table whose rows are copied, with the columns that refer to rows of other tables (or
// its own) and those whose text must differ in each copy. Other columns are copied unchanged. The
// order follows the references between the tables.
type copied struct {
	table   string
	numbers map[string]string // column -> table that it refers to
	texts   []string
	fixed   map[string]string // column -> SQL
}

var tables = []copied{
	{table: "people", numbers: map[string]string{"id": "people"}},
	{table: "addresses", numbers: map[string]string{"person": "people"}, texts: []string{"address"}},
	{table: "tickets", numbers: map[string]string{"id": "tickets", "requester": "people", "last_message": "messages"}},
	{table: "participants", numbers: map[string]string{"ticket": "tickets"}, texts: []string{"address"}},
	{table: "inbound", numbers: map[string]string{"id": "inbound", "ticket": "tickets"},
		texts: []string{"fingerprint", "message_id", "sender"}},
	{table: "raws", numbers: map[string]string{"inbound": "inbound"}, fixed: map[string]string{"encoding": "''", "size": "0"}},
	{table: "messages", numbers: map[string]string{"id": "messages", "ticket": "tickets", "inbound": "inbound"},
		texts: []string{"message_id", "address"},
		fixed: map[string]string{"text": "'How does it work?'", "whole": "''"}},
	{table: "message_ids", numbers: map[string]string{"ticket": "tickets"}, texts: []string{"message_id"}},
	{table: "events", numbers: map[string]string{"id": "events", "ticket": "tickets", "message": "messages"}},
	{table: "timers", numbers: map[string]string{"id": "timers", "ticket": "tickets"}},
	{table: "outbox", numbers: map[string]string{"id": "outbox", "mail": "outbox", "ticket": "tickets",
		"message": "messages", "after_message": "messages"}, texts: []string{"message_id", "recipient", "mailbox"},
		fixed: map[string]string{"state": "'sent'"}},
}

// grow copies all rows until there are that many messages, and returns their number.
func grow(ctx context.Context, database string, messages int) (int, error) {
	db, err := sqldb.Open(ctx, database)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	h := db.Handle()
	var there int
	if err := h.QueryRowContext(ctx, `SELECT count(*) FROM messages`).Scan(&there); err != nil {
		return 0, err
	}
	// The numbers of the copies are greater than all that were ever assigned, including those of
	// reserved blocks.
	const room = 1_000_000
	last := map[string]int64{} // the highest number of each table's rows
	for _, t := range tables {
		if _, ok := t.numbers["id"]; ok {
			var n int64
			if err := h.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM `+t.table).Scan(&n); err != nil {
				return 0, err
			}
			last[t.table] = n
		}
	}
	for copy := 1; there*copy < messages; copy++ {
		tx, err := h.BeginTx(ctx, nil)
		if err != nil {
			return 0, err
		}
		for _, t := range tables {
			if err := t.again(ctx, tx, db.Kind(), copy, last, room); err != nil {
				return 0, errors.Join(fmt.Errorf("%s: %w", t.table, err), tx.Rollback())
			}
		}
		if err := tx.Commit(); err != nil {
			return 0, err
		}
	}
	if db.Kind() == sqldb.Postgres {
		for table := range last {
			var sequence *string
			if err := h.QueryRowContext(ctx, `SELECT pg_get_serial_sequence($1, 'id')`, table).Scan(&sequence); err != nil {
				return 0, err
			}
			if sequence != nil {
				if _, err := h.ExecContext(ctx, `SELECT setval('`+*sequence+`', (SELECT max(id) FROM `+table+`))`); err != nil {
					return 0, err
				}
			}
		}
	}
	// Counters continue after the numbers of the copies.
	if _, err := h.ExecContext(ctx, `UPDATE counters SET value = value + `+fmt.Sprint(int64(room)*int64(messages/there+2))); err != nil {
		return 0, err
	}
	if _, err := h.ExecContext(ctx, `ANALYZE`); err != nil {
		return 0, err
	}
	err = h.QueryRowContext(ctx, `SELECT count(*) FROM messages`).Scan(&there)
	return there, err
}

// again writes one more copy of the original rows.
func (t copied) again(ctx context.Context, tx *sql.Tx, kind sqldb.Kind, copy int, last map[string]int64, room int64) error {
	rows, err := tx.QueryContext(ctx, `SELECT * FROM `+t.table+` LIMIT 0`)
	if err != nil {
		return err
	}
	columns, err := rows.Columns()
	if err = errors.Join(err, rows.Close()); err != nil {
		return err
	}
	values := make([]string, len(columns))
	for i, column := range columns {
		_, numbered := t.numbers[column]
		fixed, set := t.fixed[column]
		switch {
		case set:
			values[i] = fixed
		case column == "data" && t.table == "raws":
			values[i] = map[sqldb.Kind]string{sqldb.SQLite: "x''", sqldb.Postgres: `''::bytea`}[kind]
		case numbered:
			values[i] = fmt.Sprintf("CASE WHEN %s > 0 THEN %s + %d ELSE %s END", column, column, room*int64(copy), column)
		case slices.Contains(t.texts, column):
			values[i] = fmt.Sprintf("'%d-' || %s", copy, column)
		default:
			values[i] = column
		}
	}
	// The original rows are recognised by any number that a row has.
	where := ""
	for column, of := range t.numbers {
		if n, ok := last[of]; ok {
			where = fmt.Sprintf("%s <= %d", column, n)
			break
		}
	}
	_, err = tx.ExecContext(ctx, fmt.Sprintf(`INSERT INTO %s (%s) SELECT %s FROM %s WHERE %s`, t.table,
		strings.Join(columns, ", "), strings.Join(values, ", "), t.table, where))
	return err
}
