// Package ops reports the state of the desk to machines and people outside: health and metrics on
// loopback, and alarms by other ways than the desk's own mail. It owns the decision when a problem
// has lasted long enough to be reported. It must never change anything in the desk.
package ops

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"time"

	"tierdesk/mailin/clamd"
	"tierdesk/mailin/imap"
	"tierdesk/mailout/smtp"
	"tierdesk/tickets/phrase"
)

// Problem is something that is wrong at present.
type Problem struct {
	// Key identifies the problem as long as it lasts: "inbox support".
	Key   string    `json:"what"`
	Text  string    `json:"why"`
	Since time.Time `json:"since"`
	// Grave means that the problem does not go away by itself, such as a refused login.
	Grave bool `json:"grave,omitempty"`
	// Waited means that the problem has already lasted long enough: the alarm is raised
	// immediately.
	Waited bool `json:"-"`
	// Minor means that mail still comes in and goes out, so the desk is ready.
	Minor bool `json:"minor,omitempty"`
	// ByMail is set if the desk's own mail probably works, so that the admin is also told by mail.
	ByMail *Words `json:"-"`
}

// Words are what a mail to the admin says of a problem, in whatever language they read.
type Words struct {
	What phrase.Text // what is broken, as a headline
	Why  []phrase.Text
}

// Parts are the parts of the desk that are watched.
type Parts struct {
	Now      func() time.Time
	Ping     func(ctx context.Context) error // the database
	Inboxes  func() []imap.Status
	Outgoing func(ctx context.Context) (smtp.Status, error)
	// Others returns other problems; it may be nil.
	Others func(ctx context.Context) ([]Problem, error)
	// Scanner returns the state of the virus scanner, false if there is none; it may be nil.
	Scanner func() (clamd.Status, bool)
	// RoundTrips returns the figures of the canaries; it may be nil.
	RoundTrips func(ctx context.Context) ([]RoundTrip, error)
	Hash       func() string // of the desk folder in force
	Version    string
}

// RoundTrip holds how long the last mail of the desk to itself took, and for how long the oldest
// one that has not come back has been under way.
type RoundTrip struct {
	Inbox         string
	Last, Waiting time.Duration
}

// Watch examines the parts of the desk on demand. Its methods are safe for concurrent use.
type Watch struct{ parts Parts }

// New makes a Watch.
func New(p Parts) *Watch { return &Watch{parts: p} }

// patience is how long a problem may last before the desk reports that it is not ready, so that a
// reconnect does not count.
const patience = 30 * time.Second

// stuck is how long a mail may be due and unsent although its account works.
const stuck = 15 * time.Minute

// Problems returns the present problems.
func (w *Watch) Problems(ctx context.Context) []Problem {
	var out []Problem
	if err := w.parts.Ping(ctx); err != nil {
		out = append(out, Problem{Key: "database", Text: err.Error(), Since: w.parts.Now()})
	}
	for _, in := range w.parts.Inboxes() {
		for _, f := range in.Folders {
			switch {
			case f.Error != "":
				out = append(out,
					Problem{Key: "inbox " + in.Inbox + ", folder " + f.Folder, Text: f.Error, Since: f.Since, Grave: f.Refused})
			case f.AcknowledgeError != "":
				out = append(out,
					Problem{Key: "inbox " + in.Inbox + ", folder " + f.Folder,
						Text: "mails that the desk has taken in cannot be moved or flagged:  " + f.AcknowledgeError, Since: f.Since})
			}
		}
	}
	if w.parts.Others != nil {
		others, err := w.parts.Others(ctx)
		if err != nil && len(out) == 0 {
			out = append(out, Problem{Key: "database", Text: err.Error(), Since: w.parts.Now()})
		}
		out = append(out, others...)
	}
	status, err := w.parts.Outgoing(ctx)
	if err != nil {
		return append(out, Problem{Key: "outgoing mail", Text: err.Error(), Since: w.parts.Now()})
	}
	return append(out, outgoingProblems(status, w.parts.Now())...)
}

// outgoingProblems returns the problems of outgoing mail.
func outgoingProblems(status smtp.Status, now time.Time) []Problem {
	var out []Problem
	paused := false
	for _, a := range status.Accounts {
		if a.Paused {
			paused = true
			out = append(out, Problem{Key: "outgoing mail, account " + a.Account, Text: a.Reason, Since: a.Since, Grave: a.Refused})
		}
		if s := a.Silent; s.Grave(now) {
			out = append(out, Problem{Key: "mail leaving by account " + a.Account, Since: s.Since, Waited: true,
				Text: fmt.Sprintf("no mail has left since %s, although mail to %d was tried; the last answer was: %s",
					s.Since.Format(time.RFC3339), s.Recipients, s.Reason)})
		}
	}
	if !paused && !status.Due.IsZero() && now.Sub(status.Due) > stuck {
		out = append(out, Problem{Key: "outgoing mail", Since: status.Due.Add(stuck),
			Text: fmt.Sprintf("%d mails are waiting, and one that nobody sends has been due since %s", status.Waiting,
				status.Due.Format(time.RFC3339))})
	}
	return out
}

// Handler serves /healthz (the process is alive and its database answers), /readyz (mail comes in
// and goes out) and /metrics. It answers requests whose host is a name or an address of loopback,
// the address that was connected to, or one of the given names.
func (w *Watch) Handler(names ...string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(rw http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		var problems []Problem
		if err := w.parts.Ping(ctx); err != nil {
			problems = []Problem{{Key: "database", Text: err.Error(), Since: w.parts.Now()}}
		}
		w.say(rw, problems)
	})
	mux.HandleFunc("GET /readyz", func(rw http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		problems := slices.DeleteFunc(w.Problems(ctx), func(p Problem) bool {
			lasted := w.parts.Now().Sub(p.Since) // negative: the clock was ahead when it began, so the time is unknown
			return p.Key != "database" && !p.Grave && 0 <= lasted && lasted < patience
		})
		w.say(rw, problems)
	})
	mux.HandleFunc("GET /metrics", w.metrics)
	return guarded(names, mux)
}

func (w *Watch) say(rw http.ResponseWriter, problems []Problem) {
	rw.Header().Set("Content-Type", "application/json")
	ok := !slices.ContainsFunc(problems, func(p Problem) bool { return !p.Minor })
	if !ok {
		rw.WriteHeader(http.StatusServiceUnavailable)
	}
	// The client may have disconnected; nobody could be told.
	json.NewEncoder(rw).Encode(struct {
		OK       bool      `json:"ok"`
		Version  string    `json:"version"`
		Folder   string    `json:"folder"`
		Problems []Problem `json:"problems,omitempty"`
	}{ok, w.parts.Version, w.parts.Hash(), problems})
}

// Serve serves the handler on an address until ctx ends. It answers requests to the host of the
// address and to the given names.
func (w *Watch) Serve(ctx context.Context, address string, hosts []string, log *slog.Logger) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listening for health and metrics (ops: in tierdesk.yaml): %w", err)
	}
	if host, _, err := net.SplitHostPort(l.Addr().String()); err == nil && !net.ParseIP(host).IsLoopback() {
		log.Warn("health and metrics listen beyond this machine; they have no password", "address", l.Addr().String())
	}
	name, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("ops: in tierdesk.yaml: %w", err)
	}
	server := &http.Server{Handler: w.Handler(append([]string{name}, hosts...)...), ReadHeaderTimeout: 5 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx }}
	stopped := context.AfterFunc(ctx, func() {
		short, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		if server.Shutdown(short) != nil {
			server.Close()
		}
	})
	defer stopped()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving health and metrics: %w", err)
	}
	return nil
}
