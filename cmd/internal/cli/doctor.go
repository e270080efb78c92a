package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"time"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/mailin/ledger"
	"tierdesk/migrations"
	"tierdesk/migrations/sqldb"
	"tierdesk/rules/fault"
	"tierdesk/tickets"
	"tierdesk/tickets/desk/invariants"
	"tierdesk/tickets/store"
	"tierdesk/tickets/timers"
)

type doctorCmd struct {
	inFolder
	Connect bool          `help:"Also try the mail servers, and compare what they hold with the desk's records: mail that the desk should have but does not is a finding."`
	Timeout time.Duration `default:"60s" help:"The longest that each server may take."`
	asJSON
}

// Help is shown by `tierdesk help doctor`.
func (doctorCmd) Help() string {
	return `Looks at the desk folder, the database and its schema, the clocks, the consistency of the tables (that each ticket's state follows from its events, for example), mail that could not be taken in or does not go out, timers that nobody serves and, if ops: is set, what the running daemon reports. It changes nothing and can be used while a daemon runs.

Exit codes: 0 nothing is wrong (notes do not count); 1 there is a finding.`
}

// finding is something that is wrong, or a note.
type finding struct {
	Note bool   `json:"note,omitempty"` // nothing is wrong
	Text string `json:"text"`
	Hint string `json:"hint,omitempty"`
}

// examined is the result of one examination.
type examined struct {
	Name     string    `json:"name"`
	OK       bool      `json:"ok"`
	Words    string    `json:"words,omitempty"` // what was examined
	Findings []finding `json:"findings,omitempty"`
}

func (x *examined) bad(hint, format string, args ...any) {
	x.OK = false
	x.Findings = append(x.Findings, finding{Text: fmt.Sprintf(format, args...), Hint: hint})
}

func (x *examined) note(hint, format string, args ...any) {
	x.Findings = append(x.Findings, finding{Note: true, Text: fmt.Sprintf(format, args...), Hint: hint})
}

// patient is the desk that is examined.
type patient struct {
	*env
	cfg *config.Desk
	app *app.App // nil if the desk cannot be made
	now time.Time
}

// Run examines everything, and continues whatever it finds.
func (c *doctorCmd) Run(e *env) error {
	var all []examined
	p := &patient{env: e}
	look := func(name string, f func(x *examined) error) bool {
		x := examined{Name: name, OK: true}
		if e.outTerminal && !c.JSON { // some examinations take a while on a large desk
			e.printf("%s", e.paint(faint, "  "+name+" …"))
		}
		if err := f(&x); err != nil {
			x.bad("", "%s", err)
		}
		if e.outTerminal && !c.JSON {
			e.printf("\r%s\r", strings.Repeat(" ", len(name)+4))
		}
		all = append(all, x)
		if !c.JSON {
			showExamined(e, x)
		}
		return x.OK
	}
	look("desk folder", func(x *examined) error { return c.folder(p, x) })
	if p.cfg != nil && look("database", func(x *examined) error { return c.database(p, x) }) {
		defer p.app.Close()
		for _, l := range []struct {
			name string
			f    func(p *patient, x *examined) error
		}{
			{"clock", c.clock}, {"files and tickets", c.inUse}, {"files and daemons", c.published}, {"invariants", c.invariants},
			{"mail coming in", c.intake}, {"quarantine", c.quarantine}, {"mail going out", c.outgoing},
			{"timers", c.timers}, {"canary", c.canary}, {"daemon", c.daemon},
		} {
			look(l.name, func(x *examined) error { return l.f(p, x) })
		}
		if c.Connect {
			for i := range p.cfg.Main.Inboxes {
				look("inbox "+p.cfg.Main.Inboxes[i].Name, func(x *examined) error { return c.inbox(p, i, x) })
				look("outgoing mail of "+p.cfg.Main.Inboxes[i].Name, func(x *examined) error { return c.sender(p, i, x) })
			}
		}
	}
	findings := 0
	for _, x := range all {
		for _, f := range x.Findings {
			if !f.Note {
				findings++
			}
		}
	}
	if c.JSON {
		if err := e.json(struct {
			OK     bool       `json:"ok"`
			Checks []examined `json:"checks"`
		}{findings == 0, all}); err != nil {
			return err
		}
	} else if findings > 0 {
		e.printf("\n%s\n", e.paint(red, plural(findings, "finding")))
	}
	if err := e.ctx.Err(); err != nil {
		return err
	}
	if findings > 0 {
		return failure{error: errFindings, code: exitFailed}
	}
	return nil
}

func showExamined(e *env, x examined) {
	mark := e.paint(green, "✓")
	if !x.OK {
		mark = e.paint(red, "✗")
	}
	line := mark + " " + e.paint(bold, x.Name)
	if x.Words != "" {
		line += "  " + e.paint(faint, safe(x.Words))
	}
	e.printf("%s\n", line)
	for _, f := range x.Findings {
		mark, c := "✗", red
		if f.Note {
			mark, c = "!", yellow
		}
		e.printf("  %s %s\n", e.paint(c, mark), strings.TrimLeft(indented(safeText(f.Text), "    "), " "))
		if f.Hint != "" {
			e.printf("    %s %s\n", e.paint(faint, "hint:"), safe(f.Hint))
		}
	}
}

func (c *doctorCmd) folder(p *patient, x *examined) error {
	cfg, err := config.Load(p.ctx, c.Dir)
	var faults fault.List
	if errors.As(err, &faults) {
		for _, f := range faults {
			x.bad(f.Hint, "%s: %s", f.Place, f.Text)
		}
		return nil
	}
	if err != nil {
		return err
	}
	p.cfg, x.Words = cfg, cfg.Dir
	for _, w := range append(cfg.Warnings, cfg.PastHolidays(time.Now())...) {
		x.note(w.Hint, "%s: %s", w.Place, w.Text)
	}
	return nil
}

func (c *doctorCmd) database(p *patient, x *examined) error {
	x.Words = sqldb.Redacted(p.cfg.Main.Database.URL)
	a, err := c.whole(p.env, app.ReadOnly())
	var f failure
	switch {
	case errors.As(err, &f):
		x.bad(f.hint, "%s", f.error)
		return nil
	case errors.Is(err, migrations.ErrOlder):
		x.bad("tierdesk migrate -C "+c.Dir, "%s", err)
		return nil
	case err != nil:
		return err
	}
	p.app, p.now = a, a.DB.Now()
	if a.DB.Kind() == sqldb.SQLite {
		for _, f := range sqldb.Permissions(a.DB.Path()) {
			x.bad(f.Hint, "%s", f.Text)
		}
		if err := c.room(a.DB.Path(), x); err != nil {
			return err
		}
		return integrity(p.ctx, a.DB, "quick_check")
	}
	return nil
}

// scarce is the free space on the database's disk below which there is a finding: without space,
// mail stays on the mail server.
const scarce = 200 << 20

// room checks the free space on the disk of the database.
func (c *doctorCmd) room(path string, x *examined) error {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(path, &disk); err != nil {
		return fmt.Errorf("determining the free space on the disk of %s: %w", path, err)
	}
	free := int64(disk.Bavail) * int64(disk.Bsize)
	x.Words += fmt.Sprintf(", %d MB free", free>>20)
	if free < scarce {
		x.bad("free some space, or lower keep: in tierdesk.yaml", "only %d MB are free on the disk of the database", free>>20)
	}
	return nil
}

// clock compares the clocks: a desk whose time jumps cannot keep its deadlines.
func (c *doctorCmd) clock(p *patient, x *examined) error {
	const tolerated = 30 * time.Second
	if p.app.DB.Kind() == sqldb.Postgres {
		before := p.app.DB.Now()
		there, err := p.app.DB.ServerTime(p.ctx)
		if err != nil {
			return err
		}
		after := p.app.DB.Now()
		skew := there.Sub(before.Add(after.Sub(before) / 2))
		x.Words = fmt.Sprintf("the database's differs by %s", skew.Abs().Round(time.Millisecond))
		if skew.Abs() > tolerated {
			x.bad("have both machines set their clocks by NTP", "the database's clock is %s %s of this one", length(skew.Abs()),
				map[bool]string{true: "ahead", false: "behind"}[skew > 0])
		}
	}
	var latest time.Time
	err := p.app.DB.View(p.ctx, func(tx *sqldb.Tx) (err error) {
		latest, err = store.LastRecorded(tx)
		return err
	})
	if err != nil {
		return err
	}
	if ahead := latest.Sub(p.now); !latest.IsZero() && ahead > tolerated {
		x.bad("look at the clocks of all machines that run the desk", "the newest event was recorded %s from now", length(ahead))
	}
	return nil
}

// inUse looks for names that open tickets use and the files no longer have.
func (c *doctorCmd) inUse(p *patient, x *examined) error {
	missing, err := app.InUse(p.ctx, p.app.DB, p.cfg.Policy)
	if err != nil {
		return err
	}
	for _, f := range missing {
		x.bad(f.Hint, "%s: %s", f.Place, f.Text)
	}
	return nil
}

// published compares the desk folder with those that daemons on the same database have used.
func (c *doctorCmd) published(p *patient, x *examined) error {
	return p.app.DB.View(p.ctx, func(tx *sqldb.Tx) error {
		folders, err := app.PublishedFolders(tx)
		switch {
		case err != nil || len(folders) == 0:
			x.Words = "one daemon alone"
		case folders[0] == p.cfg.Hash:
			x.Words = "this is the latest desk folder"
		case slices.Contains(folders, p.cfg.Hash):
			x.bad("bring the desk folder up to date",
				"another daemon uses a later desk folder: a daemon with this folder stands by while that one runs")
		default:
			x.note("tierdesk run, or save a file once more", "no daemon has used this desk folder yet")
		}
		return err
	})
}

func (c *doctorCmd) invariants(p *patient, x *examined) error {
	return p.app.DB.View(p.ctx, func(tx *sqldb.Tx) error {
		n, err := store.CountAll(tx)
		if err != nil {
			return err
		}
		x.Words = fmt.Sprintf("%s, %s, %s, %s", plural(n.Mails, "mail"), plural(n.Tickets, "ticket"), plural(n.Messages, "message"),
			plural(n.Events, "event"))
		found, err := invariants.Check(tx, p.app.Desk.NextPromise)
		for _, f := range found {
			x.bad("this is a defect of Tierdesk: please report it", "%s: %s", f.Invariant, f.Text)
		}
		return err
	})
}

// intake looks for mail that was set aside or that the desk keeps retrying.
func (c *doctorCmd) intake(p *patient, x *examined) error {
	return p.app.DB.View(p.ctx, func(tx *sqldb.Tx) error {
		parked, err := ledger.Parked(tx)
		if err != nil {
			return err
		}
		for _, l := range parked {
			if l.Inbound.Valid {
				x.note("the part that was received is in quarantine", "%s/%s, UID %d was not fetched completely; it is tried again: %s",
					l.Inbox, l.Folder, l.UID, l.Reason)
				continue
			}
			x.bad("look at it with a mail client", "%s/%s, UID %d could not be fetched; it is tried again: %s", l.Inbox,
				l.Folder, l.UID, l.Reason)
		}
		tried, err := ledger.Waiting(tx)
		if err != nil {
			return err
		}
		for _, l := range tried {
			if age := p.now.Sub(l.Changed.Time); l.Attempts >= 3 || age > 10*time.Minute {
				x.bad("", "%s/%s, UID %d was tried %s, last %s ago: %s", l.Inbox, l.Folder, l.UID, plural(l.Attempts, "time"),
					length(age), l.Reason)
			}
		}
		late, err := ledger.Backlogs(tx, p.now.Add(-10*time.Minute))
		if err != nil {
			return err
		}
		for _, l := range late {
			x.bad("is the daemon running, and may it write to the folder of after: move?",
				"%s/%s: %s taken in but not moved or flagged on the server, the oldest %s ago", l.Inbox, l.Folder, plural(l.N, "mail"),
				length(p.now.Sub(l.Oldest.Time)))
		}
		inboxes, err := ledger.CountInboxes(tx)
		if err != nil {
			return err
		}
		x.Words = plural(inboxes, "inbox") + " met"
		return nil
	})
}

// quarantine notes mails that wait for a person in quarantine.
func (c *doctorCmd) quarantine(p *patient, x *examined) error {
	return p.app.DB.View(p.ctx, func(tx *sqldb.Tx) error {
		const many = 1000
		waiting, err := store.Quarantine(tx, many)
		if err != nil || len(waiting) == 0 {
			return err
		}
		x.Words = plural(len(waiting), "mail") + " waiting"
		oldest := slices.MinFunc(waiting, func(a, b tickets.Arrival) int { return a.Taken.Compare(b.Taken) })
		x.note("tierdesk quarantine list -C "+c.Dir, "%s, the oldest for %s", x.Words, length(p.now.Sub(oldest.Taken)))
		return nil
	})
}

// timers looks for timers that are overdue because nobody fires them.
func (c *doctorCmd) timers(p *patient, x *examined) error {
	return p.app.DB.View(p.ctx, func(tx *sqldb.Tx) error {
		n, err := timers.Count(tx)
		if err != nil {
			return err
		}
		x.Words = plural(n, "timer")
		first, err := timers.List(tx, 1000)
		overdue := 0
		for _, t := range first {
			if t.Error != "" {
				x.bad("", "a timer of ticket %d (%s) has failed %s: %s", t.Ticket, timerWords(timerOf(t)),
					plural(t.Attempts, "time"), t.Error)
			} else if p.now.Sub(t.Due.Time) > 5*time.Minute {
				overdue++
			}
		}
		if overdue > 0 {
			x.bad("is the daemon running?", "%s overdue, the first for %s", plural(overdue, "timer"), length(p.now.Sub(first[0].Due.Time)))
		}
		ahead, aheadErr := timers.Ahead(tx, 1000)
		if len(ahead) > 0 {
			x.bad("restart the daemon: it corrects them when it starts", "%s set by a clock that was %s ahead",
				plural(len(ahead), "timer"), length(ahead[0].Set.Sub(p.now)))
		}
		return cmp.Or(err, aheadErr)
	})
}

// canary checks that the desk's mails to itself come back.
func (c *doctorCmd) canary(p *patient, x *examined) error {
	all, err := p.app.Desk.Canaries(p.ctx)
	if err != nil {
		return err
	}
	x.Words = "none: there is no canary: in tierdesk.yaml"
	for i, one := range all {
		words := one.Inbox + ": none has come back yet"
		if !one.Back.IsZero() {
			words = fmt.Sprintf("%s: back %s ago, after %s", one.Inbox, length(p.now.Sub(one.Back)), one.Trip.Round(time.Millisecond))
		}
		if i == 0 {
			x.Words = words
		} else {
			x.Words += "; " + words
		}
		if waits := p.now.Sub(one.Waiting); !one.Waiting.IsZero() && waits > p.cfg.Main.Canary.Within {
			x.bad("is the daemon running? tierdesk check --connect tries the servers, outbox list shows whether it left",
				"the mail that the desk sent itself through inbox %s has not come back for %s", one.Inbox, length(waits))
		}
	}
	return nil
}

// daemon asks the running daemon for its problems, if it serves them.
func (c *doctorCmd) daemon(p *patient, x *examined) error {
	if p.cfg.Main.Ops.Listen == "" {
		x.Words = "not asked: there is no ops: in tierdesk.yaml"
		return nil
	}
	ctx, cancel := context.WithTimeout(p.ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+reachable(p.cfg.Main.Ops.Listen)+"/readyz", nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		x.note("tierdesk run -C "+c.Dir, "no daemon answers at %s", p.cfg.Main.Ops.Listen)
		return nil
	}
	defer answer.Body.Close()
	var said struct {
		OK       bool   `json:"ok"`
		Version  string `json:"version"`
		Folder   string `json:"folder"`
		Problems []struct {
			What  string    `json:"what"`
			Why   string    `json:"why"`
			Since time.Time `json:"since"`
		} `json:"problems"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil {
		x.note("does another program listen there?", "another program than Tierdesk answers at %s", p.cfg.Main.Ops.Listen)
		return nil
	}
	x.Words = "version " + said.Version + " at " + p.cfg.Main.Ops.Listen
	for _, problem := range said.Problems {
		x.bad("", "%s, for %s: %s", problem.What, length(p.now.Sub(problem.Since)), problem.Why)
	}
	if said.Folder != p.cfg.Hash {
		x.bad("tierdesk check -C "+c.Dir+"; open tickets may still use what was removed",
			"the daemon does not use the present desk folder")
	}
	if v := app.Version(); said.Version != v {
		x.note("restart it to run this version", "the daemon is version %s, this is %s", said.Version, v)
	}
	return nil
}

// reachable returns the address at which to connect to a port that listens on an address: loopback
// if it listens on all.
func reachable(ops string) string {
	host, port, err := net.SplitHostPort(ops)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return net.JoinHostPort("localhost", port)
	}
	return ops
}

// inbox checks that the IMAP server can be used, and that it holds no mail that the desk should
// have but does not.
func (c *doctorCmd) inbox(p *patient, i int, x *examined) error {
	ctx, cancel := context.WithTimeout(p.ctx, c.Timeout)
	defer cancel()
	in := &p.cfg.Main.Inboxes[i]
	x.Words = server(in.Server)
	gaps, err := p.app.Fetchers[i].Reconcile(ctx)
	if err != nil {
		x.bad("tierdesk check -C "+c.Dir+" --connect", "%s", reason(ctx, c.Timeout, err))
	}
	const named = 20
	for n, g := range gaps {
		if n == named {
			x.bad("", "and %d more", len(gaps)-named)
			break
		}
		mail := fmt.Sprintf("UID %d in %s", g.UID, g.Folder)
		if !g.Received.IsZero() {
			mail += " of " + clock(g.Received, p.cfg.Main.Location)
		}
		if g.From != "" || g.Subject != "" {
			mail += fmt.Sprintf(", from %s, %q", g.From, g.Subject)
		}
		if g.Parked != "" {
			x.note("", "%s is set aside: %s", mail, g.Parked)
		} else {
			x.bad("the daemon takes it in when it runs; if it is running, this is a defect", "%s was never taken", mail)
		}
	}
	return nil
}
