package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/mailout/smtp"
	"tierdesk/migrations"
	"tierdesk/migrations/sqldb"
	"tierdesk/rules/fault"
)

type checkCmd struct {
	inFolder
	Connect bool          `help:"Also log in to the IMAP and SMTP servers and the database, try the virus scanner, and report what they can do. The folder that mail is moved to is created if it is missing; nothing else is changed."`
	Timeout time.Duration `default:"30s" help:"The longest that each server may take."`
	asJSON
}

// Help is shown by `tierdesk help check`.
func (checkCmd) Help() string {
	return `Reads the desk folder as run does and reports every fault in every file at once, each with file, line, column and what would be right. If the desk has a database, it also checks that no open ticket would lose its agent, team, tier or priority. A warning is about something that is allowed but probably wrong, or that has no effect.

Exit codes: 0 no faults (there may be warnings); 1 a fault, or a server that cannot be used.`
}

// place is a fault in JSON.
type place struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Text   string `json:"text"`
	Hint   string `json:"hint,omitempty"`
}

func places(list fault.List) []place {
	out := make([]place, 0, len(list))
	for _, f := range list {
		out = append(out, place{f.File, f.Line, f.Column, f.Text, f.Hint})
	}
	return out
}

// connection is the result of connecting to one server.
type connection struct {
	Kind         string   `json:"kind"` // imap, smtp, database, clamd
	Inbox        string   `json:"inbox,omitempty"`
	Server       string   `json:"server"`
	OK           bool     `json:"ok"`
	Error        string   `json:"error,omitempty"`
	Hint         string   `json:"hint,omitempty"`
	Login        string   `json:"login,omitempty"` // mechanism
	Capabilities []string `json:"capabilities,omitempty"`
	Folders      []string `json:"folders,omitempty"`
	Notes        []string `json:"notes,omitempty"`
}

// Run checks the folder.
func (c *checkCmd) Run(e *env) error {
	report := struct {
		OK          bool         `json:"ok"`
		Desk        string       `json:"desk"`
		Faults      []place      `json:"faults"`
		Warnings    []place      `json:"warnings"`
		Connections []connection `json:"connections,omitempty"`
	}{Faults: []place{}, Warnings: []place{}}
	var err error
	if report.Desk, err = filepath.Abs(c.Dir); err != nil {
		return err
	}
	cfg, err := config.Load(e.ctx, c.Dir)
	var faults fault.List
	if err != nil && !errors.As(err, &faults) {
		return err
	}
	report.Faults = places(faults)
	if cfg != nil {
		cfg.Warnings = append(cfg.Warnings, cfg.PastHolidays(time.Now())...)
		cfg.Warnings = append(cfg.Warnings, openToAll(&cfg.Main)...)
		c.tickets(e, cfg, &faults)
		report.Faults = places(faults)
		report.Warnings = places(cfg.Warnings)
		if c.Connect {
			if report.Connections, err = c.connect(e, cfg); err != nil {
				return err
			}
		}
	}
	report.OK = len(faults) == 0
	for _, x := range report.Connections {
		report.OK = report.OK && x.OK
	}
	if c.JSON {
		if err := e.json(report); err != nil {
			return err
		}
	} else {
		c.show(e, cfg, faults, report.Connections)
	}
	if !report.OK {
		return failure{error: errFindings, code: exitFailed}
	}
	return nil
}

// tickets adds a fault for each name that open tickets use and the folder no longer has, since a
// running desk would refuse such a folder. Without a database there are no tickets. If the database
// cannot be read, a warning is added.
func (c *checkCmd) tickets(e *env, cfg *config.Desk, faults *fault.List) {
	at := fault.Place{File: "tierdesk.yaml"}
	switch err := c.exists(&cfg.Main); {
	case errors.Is(err, errNoDatabase):
		return
	case err != nil && !c.Connect: // which reports it itself
		cfg.Warnings.Add(at, "the database can stand elsewhere: database: sqlite:PATH", "%s", err)
		return
	}
	ctx, cancel := context.WithTimeout(e.ctx, c.Timeout)
	defer cancel()
	missing, err := c.inUse(ctx, e, cfg)
	if err != nil && c.Connect {
		return
	}
	if err != nil {
		cfg.Warnings.Add(at, "tierdesk check --connect, or tierdesk doctor",
			"the open tickets could not be looked at: %s", reason(ctx, c.Timeout, err))
		return
	}
	*faults = append(*faults, missing...)
}

func (c *checkCmd) inUse(ctx context.Context, e *env, cfg *config.Desk) (fault.List, error) {
	db, err := app.OpenDatabase(ctx, &cfg.Main, e.quiet())
	if err != nil {
		return nil, err
	}
	defer db.Close()
	status, err := migrations.Check(ctx, db)
	if err == nil {
		err = status.Err()
	}
	if err != nil {
		return nil, err
	}
	return app.InUse(ctx, db, cfg.Policy)
}

func (c *checkCmd) show(e *env, cfg *config.Desk, faults fault.List, connections []connection) {
	if len(faults) > 0 {
		e.faults(faults)
		fmt.Fprintf(e.err, "%s\n", e.onErr(red, plural(len(faults), "fault")))
		return
	}
	rules, tests := 0, 0
	for _, f := range cfg.RuleFiles {
		rules, tests = rules+len(f.Rules), tests+len(f.Tests)
	}
	e.printf("%s %s\n", e.paint(green, "✓"), e.paint(bold, cfg.Dir))
	e.printf("  %s, %s, %s in %s, %s with %s, %s\n", plural(len(cfg.Main.Inboxes), "inbox"), plural(len(cfg.Service.Tiers), "tier"),
		plural(len(cfg.People.Agents), "agent"), plural(len(cfg.People.Teams), "team"), plural(rules, "rule"), plural(tests, "test"),
		plural(len(cfg.Articles.All()), "article"))
	for _, w := range cfg.Warnings {
		e.printf("%s %s: %s\n", e.paint(yellow, "!"), e.paint(bold, w.Place.String()), safeText(w.Text))
		if w.Hint != "" {
			e.printf("    %s %s\n", e.paint(faint, "hint:"), safeText(w.Hint))
		}
	}
	for _, x := range connections {
		what := x.Kind
		if x.Inbox != "" {
			what += " of " + x.Inbox
		}
		mark := e.paint(green, "✓")
		if !x.OK {
			mark = e.paint(red, "✗")
		}
		e.printf("%s %s %s\n", mark, e.paint(bold, what), x.Server)
		if x.Error != "" {
			e.printf("%s\n", indented(e.paint(red, safeText(x.Error)), "  "))
		}
		if x.Hint != "" {
			e.printf("    %s %s\n", e.paint(faint, "hint:"), safeText(x.Hint))
		}
		if x.Login != "" {
			e.printf("  login by %s\n", x.Login)
		}
		for _, f := range x.Folders {
			e.printf("  folder %s\n", safe(f))
		}
		if len(x.Capabilities) > 0 {
			e.printf("  %s\n", e.paint(faint, safe(strings.Join(x.Capabilities, " "))))
		}
		for _, n := range x.Notes {
			e.printf("  %s %s\n", e.paint(yellow, "!"), safe(n))
		}
	}
	if !c.Connect {
		e.printf("%s\n", e.paint(faint, "  --connect also tries the mail servers and the database"))
	}
}

// openToAll returns a warning for a SQLite database that everybody on the machine can read.
func openToAll(main *config.Main) (out fault.List) {
	path, found := strings.CutPrefix(main.Database.URL, "sqlite:")
	if !found {
		return nil
	}
	for _, f := range sqldb.Permissions(path) {
		out = append(out, fault.Fault{Place: fault.Place{File: "tierdesk.yaml"}, Text: f.Text, Hint: f.Hint})
	}
	return out
}

// connect connects to all servers concurrently.
func (c *checkCmd) connect(e *env, cfg *config.Desk) ([]connection, error) {
	probe, done, err := probing(e, cfg)
	if err != nil {
		return nil, err
	}
	defer done()
	var wg sync.WaitGroup
	n := len(cfg.Main.Inboxes)
	out := make([]connection, 2*n+1, 2*n+2)
	if cfg.Main.Antivirus.Address != "" {
		out = append(out, connection{})
		wg.Go(func() { out[2*n+1] = c.clamd(e, probe) })
	}
	for i := range cfg.Main.Inboxes {
		in := &cfg.Main.Inboxes[i]
		wg.Go(func() { out[i] = c.imap(e, probe, i, in) })
		wg.Go(func() { out[n+i] = c.smtp(e, probe, in, cfg) })
	}
	wg.Go(func() { out[2*n] = c.database(e, &cfg.Main) })
	wg.Wait()
	return out, nil
}

// probing makes the parts that connect to servers, with a temporary database, so that a check
// leaves no trace in the desk's own.
func probing(e *env, cfg *config.Desk) (*app.App, func(), error) {
	dir, err := os.MkdirTemp("", "tierdesk-check-")
	if err != nil {
		return nil, nil, err
	}
	remove := func() { os.RemoveAll(dir) }
	other := *cfg
	other.Main.Database = config.Database{URL: "sqlite:" + filepath.Join(dir, "check.db")}
	a, err := app.New(e.ctx, &other, e.quiet(), app.WithoutSync())
	if err != nil {
		remove()
		return nil, nil, err
	}
	return a, func() { a.Close(); remove() }, nil
}

func (c *checkCmd) imap(e *env, a *app.App, i int, in *config.Inbox) connection {
	ctx, cancel := context.WithTimeout(e.ctx, c.Timeout)
	defer cancel()
	x := connection{Kind: "imap", Inbox: in.Name, Server: server(in.Server)}
	found, err := a.Fetchers[i].Check(ctx)
	x.OK, x.Login, x.Capabilities, x.Notes = err == nil, found.Login, found.Capabilities, found.Notes
	if err != nil {
		x.Error = reason(ctx, c.Timeout, err)
		x.Hint = remedy(e.ctx, "imap", in.Server, err)
	}
	for _, f := range found.Folders {
		words := fmt.Sprintf("%s: %s", f.Name, plural(int(f.Messages), "mail"))
		if f.Made {
			words += ", made just now"
		}
		x.Folders = append(x.Folders, words)
	}
	return x
}

func (c *checkCmd) smtp(e *env, a *app.App, in *config.Inbox, cfg *config.Desk) connection {
	ctx, cancel := context.WithTimeout(e.ctx, c.Timeout)
	defer cancel()
	account := &cfg.Main.Outgoing
	if in.Outgoing != nil {
		account = in.Outgoing
	}
	x := connection{Kind: "smtp", Inbox: in.Name, Server: server(account.Server)}
	err := a.Sender.Check(ctx, in.Name)
	if x.OK = err == nil; err != nil {
		x.Error = reason(ctx, c.Timeout, err)
		x.Hint = remedy(e.ctx, "smtp", account.Server, err)
		return x
	}
	switch _, err := a.Sender.CheckReplyAddress(ctx, in.Name); {
	case errors.Is(err, smtp.ErrReplyAddress):
		x.OK, x.Error = false, err.Error()+"\nEvery reply would bounce: give inbox "+in.Name+
			" a reply_address in a domain of which the server takes everything, or reply_address: none"
	case err != nil:
		x.Notes = append(x.Notes, reason(ctx, c.Timeout, err))
	}
	if why := a.Sender.PlainBounces(in.Name); why != "" {
		x.Notes = append(x.Notes, "Delivery reports do not say which mail they are about, so none is acted on: "+why+".")
	}
	return x
}

func (c *checkCmd) clamd(e *env, a *app.App) connection {
	ctx, cancel := context.WithTimeout(e.ctx, c.Timeout)
	defer cancel()
	x := connection{Kind: "clamd", Server: a.Scanner.Address()}
	version, err := a.Scanner.Check(ctx)
	if x.OK = err == nil; err != nil {
		x.Error = reason(ctx, c.Timeout, err)
		return x
	}
	x.Capabilities = []string{version}
	return x
}

func (c *checkCmd) database(e *env, main *config.Main) connection {
	ctx, cancel := context.WithTimeout(e.ctx, c.Timeout)
	defer cancel()
	x := connection{Kind: "database", Server: sqldb.Redacted(main.Database.URL)}
	err := inFolder{}.exists(main)
	if errors.Is(err, errNoDatabase) {
		path := strings.TrimPrefix(main.Database.URL, "sqlite:")
		if err = writable(filepath.Dir(path)); err == nil {
			x.OK, x.Notes = true, []string{"it does not exist yet; run makes it"}
			return x
		}
	}
	if err == nil {
		err = c.schema(ctx, main, &x)
	}
	if x.OK = err == nil; err != nil {
		x.Error = reason(ctx, c.Timeout, err)
	}
	return x
}

func (c *checkCmd) schema(ctx context.Context, main *config.Main, x *connection) error {
	db, err := app.OpenDatabase(ctx, main, nil, app.ReadOnly())
	if err != nil {
		return err
	}
	defer db.Close()
	status, err := migrations.Check(ctx, db)
	if err != nil {
		return err
	}
	if err := status.Err(); errors.Is(err, migrations.ErrOlder) {
		x.Notes = append(x.Notes, fmt.Sprintf("its schema is at %d of %d: run brings it up", status.Current, status.Latest))
		return nil
	} else if err != nil {
		return err
	}
	return nil
}

// writable tries to create a file in a folder.
func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".tierdesk-check-")
	if err != nil {
		var path *fs.PathError // of a file whose name says nothing
		if errors.As(err, &path) {
			err = path.Err
		}
		return fmt.Errorf("nothing can be written in the database's folder %s: %w", dir, err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

func server(s config.Server) string {
	return fmt.Sprintf("%s:%d (%s)", s.Host, s.Port,
		map[config.Security]string{config.TLS: "TLS", config.StartTLS: "STARTTLS", config.Insecure: "not encrypted"}[s.Security])
}

// reason returns the text of an error, or says that time ran out.
func reason(ctx context.Context, limit time.Duration, err error) string {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Sprintf("no answer within %s: %s", limit, err)
	}
	return err.Error()
}
