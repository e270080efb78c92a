package desk

import (
	"context"
	"encoding/json"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// Explanation is what the desk decides on one mail, and why.
type Explanation struct {
	Message  *mailin.Message `json:"-"`
	Known    bool            `json:"known"` // the mail was taken before
	Kind     mailin.Kind     `json:"kind"`
	Class    []string        `json:"class,omitempty"` // reasons
	Verdict  mailin.Verdict  `json:"verdict"`
	Auth     []string        `json:"auth,omitempty"`
	Outcome  tickets.Outcome `json:"outcome"`
	Cause    string          `json:"cause,omitempty"`
	Reasons  []string        `json:"reasons,omitempty"`
	Evidence string          `json:"evidence"`
	Ticket   int64           `json:"ticket,omitempty"` // that it belongs to or opens
	State    tickets.Ticket  `json:"state"`            // as it would stand
	Events   []tickets.Event `json:"events,omitempty"`
	Traces   []rules.Trace   `json:"traces,omitempty"`
	Mails    []mailout.Mail  `json:"-"`
	Steps    []string        `json:"steps,omitempty"` // what was decided, in words
}

// Explain tells what would happen if this mail came now, and changes nothing.
func (d *Desk) Explain(ctx context.Context, raw mailin.Raw) (Explanation, error) {
	var e Explanation
	mails := d.read(ctx, []mailin.Raw{raw})
	err := d.db.DryRun(ctx, func(tx *sqldb.Tx) error {
		e = Explanation{}
		if err := d.receiveGuarded(tx, mails[0], &e); err != nil {
			return err
		}
		row, found, err := store.ArrivalByID(tx, mails[0].id)
		if found { // what was recorded is what would be
			e.Outcome, e.Cause = row.Outcome, string(row.Cause)
		}
		return err
	})
	return e, err
}

// begin notes what reading alone tells.
func (e *Explanation) begin(in *arrived) {
	e.Message, e.Kind, e.Class, e.Verdict, e.Auth = in.m, in.m.Class.Kind, in.m.Class.Reasons, in.m.Auth.Verdict, in.m.Auth.Reasons
}

// note takes over what a decision came to.
func (e *Explanation) note(w *decision) {
	e.Ticket, e.State = w.t.ID, w.t
	e.Steps = append(e.Steps, w.tellings...)
	e.Mails = append(e.Mails, w.out...)
	for _, event := range w.history {
		if !event.Record.IsZero() && !event.Record.Equal(w.tx.Now()) {
			continue // it happened before
		}
		e.Events = append(e.Events, event)
		var traces []rules.Trace
		if event.Trace != "" && json.Unmarshal([]byte(event.Trace), &traces) == nil {
			e.Traces = append(e.Traces, traces...)
		}
	}
	if e.Outcome == tickets.Undecided {
		e.Outcome = tickets.AsMessage
	}
}
