package desk

import (
	"context"
	"encoding/json"
	"fmt"

	"tierdesk/mailin"
	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
)

// Explanation is the desk's decision on one mail, with the reasons.
type Explanation struct {
	Mail     *arrival.Mail
	Known    bool // the mail has been recorded already, and nothing would be done
	Evidence arrival.Evidence
	Route    Route
	decision.Result
}

// Traces returns what the rules did at each event of the decision.
func (e *Explanation) Traces() ([]rules.Trace, error) {
	var out []rules.Trace
	for _, event := range e.Events {
		if event.Trace == "" {
			continue
		}
		var traces []rules.Trace
		if err := json.Unmarshal([]byte(event.Trace), &traces); err != nil {
			return nil, fmt.Errorf("reading the trace of event %s: %w", event.Kind, err)
		}
		out = append(out, traces...)
	}
	return out, nil
}

// Explain returns what would happen if this mail arrived now, and changes nothing: it does what
// Take does and rolls back.
func (d *Desk) Explain(ctx context.Context, raw mailin.Raw) (Explanation, error) {
	var e Explanation
	mails := d.read(ctx, []mailin.Raw{raw})
	err := d.db.DryRun(ctx, func(tx *sqldb.Tx) (err error) {
		e = Explanation{Mail: mails[0]}
		dc, err := d.context(tx)
		if err != nil {
			return err
		}
		one := *mails[0]
		one.Date(tx.Now())
		f, err := d.facts(dc, &one)
		if err != nil {
			return err
		}
		e.Evidence, e.Route = f.evidence, route(f)
		e.Result, e.Known, err = d.receiveGuarded(dc, mails[0])
		return err
	})
	return e, err
}
