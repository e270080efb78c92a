// Command threads shows to which conversation the desk assigns each mail: it passes files to
// desk.Take on an empty SQLite database, as the daemon would, and prints a line of JSON for each.
// All senders are customers, and nobody answers. It owns the empty desk and the definition of a
// conversation. It must never examine the evidence itself: it prints what the desk did.
//
//	go run ./cmd/internal/testing/threads FILE...    (in the order of their arrival)
//
// A stranger with weak evidence opens a new ticket, linked to the one that their mail refers to.
// Linked tickets count as the same conversation, unless -tickets is given.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/classify"
	"tierdesk/mailin/parse"
	"tierdesk/mailin/read"
	"tierdesk/mailout/token"
	"tierdesk/migrations"
	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/desk"
	"tierdesk/tickets/store"
)

func main() {
	perTicket := flag.Bool("tickets", false, "each ticket is a conversation of its own, also a linked one")
	flag.Bool("json-lines", true, "the only form there is; for callers that ask for it")
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(context.Background(), os.Stdout, flag.Args(), *perTicket); err != nil {
		fmt.Fprintln(os.Stderr, "threads:", err)
		os.Exit(1)
	}
}

// batchSize is how many mails share a transaction, as in a backlog.
const batchSize = 50

func run(ctx context.Context, out io.Writer, files []string, perTicket bool) (err error) {
	folder, err := os.MkdirTemp("", "threads")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	db, err := sqldb.Open(ctx, "sqlite:"+filepath.Join(folder, "desk.db"))
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, db.Close()) }()
	if _, err := migrations.Up(ctx, db); err != nil {
		return err
	}
	d, reader, err := newDesk(db)
	if err != nil {
		return err
	}
	prints := make([]string, len(files))
	var before time.Time
	for n := 0; n < len(files); n += batchSize {
		var batch []mailin.Raw
		for i := n; i < min(n+batchSize, len(files)); i++ {
			raw, err := os.ReadFile(files[i])
			if err != nil {
				return err
			}
			m := reader.Read(mailin.Raw{Inbox: inbox, Bytes: raw, Size: int64(len(raw))})
			if m.Received = m.Message.Date; m.Received.IsZero() {
				m.Received = before
			}
			before = m.Received
			prints[i] = m.Fingerprint()
			batch = append(batch, m.Raw)
		}
		if err := d.Take(ctx, batch); err != nil {
			return err
		}
	}
	lines, err := conversations(ctx, db, files, prints, perTicket)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, l := range lines {
		if err := enc.Encode(l); err != nil {
			return err
		}
	}
	return nil
}

// line is the output for a mail.
type line struct {
	File    string          `json:"file"`
	Thread  string          `json:"thread"`
	Ticket  int64           `json:"ticket"`
	Outcome tickets.Outcome `json:"outcome"`
}

// conversations returns the result for each mail, which it finds by the fingerprint under which the
// desk has recorded the mail.
func conversations(ctx context.Context, db *sqldb.DB, files, prints []string, perTicket bool) ([]line, error) {
	lines := make([]line, len(files))
	err := db.View(ctx, func(tx *sqldb.Tx) error {
		records, err := store.TakenSince(tx, time.UnixMilli(1), 0, len(files))
		if err != nil {
			return err
		}
		of := map[string]tickets.Arrival{}
		for _, r := range records {
			of[r.Fingerprint] = r
		}
		for i, name := range files {
			r, found := of[prints[i]]
			if !found {
				return fmt.Errorf("%s: the desk has no record of it", name)
			}
			lines[i] = line{File: name, Thread: fmt.Sprintf("mail-%d", r.ID), Ticket: r.Ticket, Outcome: r.Outcome}
			if r.Ticket == 0 {
				continue
			}
			first := r.Ticket
			if !perTicket {
				if first, err = origin(tx, r.Ticket); err != nil {
					return err
				}
			}
			lines[i].Thread = fmt.Sprint(first)
		}
		return nil
	})
	return lines, err
}

// origin returns the first ticket in the chain of links that a ticket belongs to.
func origin(tx *sqldb.Tx, id int64) (int64, error) {
	seen := []int64{}
	for !slices.Contains(seen, id) {
		seen = append(seen, id)
		t, found, err := store.Ticket(tx, id)
		if err != nil || !found || t.Linked == 0 {
			return id, err
		}
		id = t.Linked
	}
	return id, nil
}

const inbox = "support"

// newDesk returns a desk without agents and without rules, and its reader.
func newDesk(db *sqldb.DB) (*desk.Desk, *arrival.Reader, error) {
	none, faults := rules.Compile(nil, rules.Names{})
	if err := faults.Err(); err != nil {
		return nil, nil, err
	}
	mails, faults := templates.Load(nil)
	if err := faults.Err(); err != nil {
		return nil, nil, err
	}
	policy := &tickets.Policy{
		Service: &tickets.Service{
			Tiers: []tickets.Tier{{Level: 1, Name: "Front desk", Team: "front"}}, Priorities: []tickets.Priority{{Name: "normal"}},
			Default: tickets.Defaults{Priority: "normal", Tier: 1}, ReopenWithin: 240 * time.Hour,
		},
		People: &tickets.Directory{Teams: []tickets.Team{{Name: "front"}}}, Rules: none, Templates: mails, Hash: "threads",
	}
	keys, err := token.New([]byte(strings.Repeat("k", 32)))
	if err != nil {
		return nil, nil, err
	}
	const address, domain = "support@acme.example", "acme.example"
	set := desk.Settings{
		Identity: tickets.Identity{Name: "Acme Support", Domain: domain, Language: "en",
			Inboxes: []tickets.Inbox{{Name: inbox, Address: address}}},
		Reading: read.Options{Limits: parse.DefaultLimits(), Self: classify.Self{Addresses: []string{address}, MessageIDDomain: domain},
			Markers: []string{templates.Marker}},
	}
	log := slog.New(slog.DiscardHandler)
	d, err := desk.New(db, set, func() *tickets.Policy { return policy }, func() *token.Keyring { return keys }, log)
	if err != nil {
		return nil, nil, err
	}
	return d, &arrival.Reader{Desk: &set.Identity, Options: set.Reading, People: func() *tickets.Directory { return policy.People },
		Log: log}, nil
}
