package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"tierdesk/cmd/internal/config"
	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/rules/ruletest"
	"tierdesk/tickets"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/store"
)

type rulesCmd struct {
	Test   rulesTestCmd   `cmd:"" help:"Run the tests in the rules files."`
	List   rulesListCmd   `cmd:"" help:"List the rules in the order in which they apply."`
	Replay rulesReplayCmd `cmd:"" help:"Show what today's rules would have done with the mail of the past days."`
}

type rulesTestCmd struct {
	inFolder
	Verbose bool `short:"v" help:"Show what each rule did in every test."`
	asJSON
}

// Help is shown by `tierdesk help rules test`.
func (rulesTestCmd) Help() string {
	return `Runs the tests under tests: in rules/*.yaml. A test is a mail and what is expected to follow from it; the mail is read as the desk reads mail, with the customers, tiers and defaults of this desk folder. A test that gives no time takes place at ten o'clock on a Monday. No database is needed.

Under mails: each kind of mail counts once, however many colleagues get it.

Exit codes: 0 all tests pass; 1 one fails, or the folder has a fault.`
}

// Run runs the tests.
func (c *rulesTestCmd) Run(e *env) error {
	cfg, err := config.Load(e.ctx, c.Dir)
	if err != nil {
		return err
	}
	a, done, err := probing(e, cfg) // an empty desk, so that the tests have the same result wherever they run
	if err != nil {
		return err
	}
	defer done()
	var results []ruletest.Result
	err = a.DB.View(e.ctx, func(tx *sqldb.Tx) error {
		facts := func(t rules.Test) (*rules.Facts, error) { return a.Desk.TestFacts(tx, t) }
		results = ruletest.RunAs(cfg.Rules, cfg.RuleFiles, facts,
			ruletest.Follow{Mails: []ruletest.OwnMails{a.Desk.TestMails}, Ticket: a.Desk.TestTicket})
		return nil
	})
	if err != nil {
		return err
	}
	failed := ruletest.Failed(results)
	if c.JSON {
		if results == nil {
			results = []ruletest.Result{}
		}
		if err := e.json(struct {
			Tests   int               `json:"tests"`
			Failed  int               `json:"failed"`
			Results []ruletest.Result `json:"results"`
		}{len(results), failed, results}); err != nil {
			return err
		}
	} else if err := ruletest.Write(e.coloured("  ok  ", green, "  FAIL", red), results, c.Verbose); err != nil {
		return err
	}
	if failed > 0 {
		return failure{error: errFindings, code: exitFailed}
	}
	return nil
}

// coloured returns a writer to the output that colours words at the beginning of a line. pairs are
// words, each followed by its colour.
func (e *env) coloured(pairs ...any) io.Writer {
	if !e.colourOut {
		return e.out
	}
	return linePainter{e, pairs}
}

type linePainter struct {
	e     *env
	pairs []any
}

// Write implements io.Writer for whole lines.
func (p linePainter) Write(b []byte) (int, error) {
	for line := range strings.Lines(string(b)) {
		for i := 0; i+1 < len(p.pairs); i += 2 {
			words, c := p.pairs[i].(string), p.pairs[i+1].(colour)
			if rest, found := strings.CutPrefix(line, words); found {
				line = p.e.paint(c, words) + rest
				break
			}
		}
		if _, err := io.WriteString(p.e.out, line); err != nil {
			return 0, err
		}
	}
	return len(b), nil
}

type rulesListCmd struct {
	inFolder
	asJSON
}

// ruleObject is a rule for programs.
type ruleObject struct {
	Name  string   `json:"name"`
	Place string   `json:"place"`
	On    []string `json:"on"`
	After string   `json:"after,omitempty"`
	Since string   `json:"since,omitempty"`
	When  string   `json:"when,omitempty"`
	Do    []string `json:"do"`
	Stops bool     `json:"stops,omitempty"`
}

// Run lists the rules.
func (c *rulesListCmd) Run(e *env) error {
	cfg, err := config.Load(e.ctx, c.Dir)
	if err != nil {
		return err
	}
	list := []ruleObject{}
	for _, f := range cfg.RuleFiles {
		for _, r := range f.Rules {
			o := ruleObject{Name: r.Name, Place: r.Place.String(), On: r.On, When: r.When, Stops: r.Then == "stop", Do: []string{}}
			if len(o.On) == 0 {
				o.On = []string{rules.Opened, rules.Replied}
			}
			if r.After > 0 {
				o.After, o.Since = r.After.String(), string(r.Since)
			}
			for _, a := range r.Do {
				o.Do = append(o.Do, actionWords(a))
				o.Stops = o.Stops || a.Kind == rules.KindStop || a.Kind == rules.KindQuarantine || a.Kind == rules.KindDrop
			}
			list = append(list, o)
		}
	}
	if c.JSON {
		return e.json(list)
	}
	if len(list) == 0 {
		e.none("no rule")
		return nil
	}
	for i, r := range list {
		e.printf("%s %s  %s\n", e.paint(faint, fmt.Sprintf("%2d", i+1)), e.paint(bold, safe(r.Name)), e.paint(faint, r.Place))
		on := strings.Join(r.On, ", ")
		if r.After != "" {
			on += ", " + r.After + " since " + r.Since
		}
		e.printf("   %s %s\n", e.paint(faint, "on  "), on)
		if r.When != "" {
			e.printf("   %s %s\n", e.paint(faint, "when"), safe(r.When))
		}
		do := strings.Join(r.Do, "; ")
		if r.Stops {
			do += e.paint(faint, "  (no later rule is looked at)")
		}
		e.printf("   %s %s\n", e.paint(faint, "do  "),
			e.paint(cyan, safe(strings.Join(r.Do, "; ")))+strings.TrimPrefix(do, strings.Join(r.Do, "; ")))
	}
	return nil
}

// actionWords returns what an action of a rule does, as the file says it.
func actionWords(a rules.Action) string {
	switch a.Kind {
	case rules.KindSet:
		return "set " + changeWords(a.Set)
	case rules.KindReply:
		return "reply " + a.Template
	case rules.KindNotify:
		return "notify " + strings.Join(a.Notify, ", ")
	case rules.KindForward:
		if a.Notes {
			return "forward, notes too, to " + a.Forward
		}
		return "forward to " + a.Forward
	case rules.KindQuarantine:
		return "quarantine: " + a.Reason
	case rules.KindDrop:
		return "drop: " + a.Reason
	}
	return strings.TrimSpace(string(a.Kind) + " " + a.Value)
}

func changeWords(c rules.Changes) string {
	var out []string
	for _, x := range [][2]string{{"status", c.Status}, {"priority", c.Priority}, {"team", c.Team}, {"assignee", c.Assignee}} {
		if x[1] != "" {
			out = append(out, x[0]+" "+x[1])
		}
	}
	if c.Tier != nil {
		out = append(out, "tier "+strconv.Itoa(*c.Tier))
	}
	for _, t := range c.Tags {
		sign := "-"
		if t.Add {
			sign = "+"
		}
		out = append(out, sign+t.Name)
	}
	return strings.Join(out, ", ")
}

type rulesReplayCmd struct {
	inFolder
	Days int  `default:"7" help:"How many days to go back."`
	All  bool `short:"a" help:"Also show the mails for which nothing has changed."`
	asJSON
}

// Help is shown by `tierdesk help rules replay`.
func (rulesReplayCmd) Help() string {
	return `Applies today's rules to every mail that was kept and that rules applied to, with its ticket as it was at the time, and compares the rules that match now with those that matched then. Nothing is changed. To try rules before you save them, point -C at a copy of the desk folder that names the same database.

Exit codes: 0; 1 it could not be worked out.`
}

// replayed is one mail for programs.
type replayed struct {
	Mail     int64     `json:"mail"`
	Ticket   int64     `json:"ticket,omitempty"`
	Received time.Time `json:"received"`
	From     string    `json:"from"`
	Subject  string    `json:"subject"`
	Event    string    `json:"event"`
	Then     []string  `json:"then"`
	Now      []string  `json:"now"`
	Do       []string  `json:"do"`
	Differs  bool      `json:"differs"`
}

// Run replays.
func (c *rulesReplayCmd) Run(e *env) error {
	a, err := c.whole(e)
	if err != nil {
		return err
	}
	defer a.Close()
	list := []replayed{}
	counts := map[string][2]int{} // by rule: then and now
	looked, differ, kept := 0, 0, 0
	since := a.DB.Now().Add(-time.Duration(c.Days) * 24 * time.Hour)
	total := 0
	err = a.DB.View(e.ctx, func(tx *sqldb.Tx) error {
		total, err = store.CountArrived(tx, since)
		return err
	})
	if err != nil {
		return err
	}
	bar := e.progress(total, "replaying")
	for after := int64(0); ; {
		var rows []tickets.Arrival
		err := a.DB.View(e.ctx, func(tx *sqldb.Tx) (err error) {
			if rows, err = store.TakenSince(tx, since, after, 100); err != nil {
				return err
			}
			for _, row := range rows {
				after = row.ID
				r, ok, err := a.Desk.Replay(tx, row)
				if err != nil {
					return fmt.Errorf("replaying mail %d: %w", row.ID, err)
				}
				if bar != nil {
					bar.Add(1)
				}
				looked++
				if !ok {
					continue
				}
				kept++
				o := replayOf(row, r)
				for _, name := range o.Then {
					n := counts[name]
					counts[name] = [2]int{n[0] + 1, n[1]}
				}
				for _, name := range o.Now {
					n := counts[name]
					counts[name] = [2]int{n[0], n[1] + 1}
				}
				if o.Differs {
					differ++
				}
				if o.Differs || c.All {
					list = append(list, o)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
	}
	if bar != nil {
		bar.Finish()
	}
	if c.JSON {
		return e.json(struct {
			Days    int        `json:"days"`
			Mails   int        `json:"mails"`
			Looked  int        `json:"looked_at"`
			Differs int        `json:"differs"`
			List    []replayed `json:"list"`
		}{c.Days, looked, kept, differ, list})
	}
	if len(list) > 0 {
		t := e.table("mail>", "ticket>", "from", "subject*", "then", "now", "and would")
		for _, o := range list {
			ticket := ""
			if o.Ticket != 0 {
				ticket = strconv.FormatInt(o.Ticket, 10)
			}
			now := cell{words: orDash(o.Now)}
			if o.Differs {
				now.colour = yellow
			}
			t.add(cell{strconv.FormatInt(o.Mail, 10), bold}, ticket, o.From, o.Subject, cell{orDash(o.Then), faint}, now,
				strings.Join(o.Do, "; "))
		}
		t.print()
		e.printf("\n")
	}
	if len(counts) > 0 {
		t := e.table("rule", "then>", "now>")
		for _, name := range slices.Sorted(maps.Keys(counts)) {
			t.add(name, counts[name][0], counts[name][1])
		}
		t.print()
		e.printf("\n")
	}
	e.printf("%s of the last %s: rules apply to %d, and decide differently on %s than at the time\n", plural(looked, "mail"),
		plural(c.Days, "day"), kept, e.paint(bold, strconv.Itoa(differ)))
	return nil
}

func replayOf(row tickets.Arrival, r decision.Replayed) replayed {
	o := replayed{Mail: row.ID, Received: row.Received.UTC(), From: row.Sender, Subject: row.Subject, Event: r.Event, Then: r.Then,
		Now: r.Trace.Matched(), Do: []string{}}
	o.Ticket = row.Ticket
	for _, a := range r.Actions {
		o.Do = append(o.Do, actionWords(a.Action))
	}
	if o.Then == nil {
		o.Then = []string{}
	}
	if o.Now == nil {
		o.Now = []string{}
	}
	o.Differs = !slices.Equal(o.Then, o.Now)
	return o
}

func orDash(names []string) string {
	if len(names) == 0 {
		return "–"
	}
	return strings.Join(names, ", ")
}

// progress returns a progress bar on the error output, nil if nobody would see it.
func (e *env) progress(total int, what string) *progressbar.ProgressBar {
	if !e.errTerminal || total < 200 {
		return nil
	}
	return progressbar.NewOptions(total, progressbar.OptionSetWriter(e.err), progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetWidth(30))
}
