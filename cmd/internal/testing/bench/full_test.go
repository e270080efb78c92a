package main

import (
	"strings"
	"testing"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
	"tierdesk/migrations/sqldb"
	"tierdesk/rules"
	"tierdesk/rules/ruletest"
)

// The desk of -full has no fault; whatever rules may look at and do, some rule does, and its own tests pass.
func TestTheFullDesk(t *testing.T) {
	dir := t.TempDir()
	if err := (&bench{complete: true}).writeDesk(dir, "sqlite:desk.db", "127.0.0.1:1", address, "127.0.0.1:2"); err != nil {
		t.Fatal(err)
	}
	var cfg *config.Desk
	with(t, dir, func(a *app.App) {
		cfg = a.Config
		if err := a.DB.View(t.Context(), func(tx *sqldb.Tx) error {
			facts := func(t rules.Test) (*rules.Facts, error) { return a.Desk.TestFacts(tx, t) }
			results := ruletest.RunAs(cfg.Rules, cfg.RuleFiles, facts,
				ruletest.Follow{Mails: []ruletest.OwnMails{a.Desk.TestMails}, Ticket: a.Desk.TestTicket})
			if len(results) == 0 || ruletest.Failed(results) > 0 {
				var out strings.Builder
				if err := ruletest.Write(&out, results, true); err != nil {
					return err
				}
				t.Errorf("%d tests of the rules:\n%s", len(results), out.String())
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
	languages := map[string]int{}
	for _, a := range cfg.Articles.All() {
		languages[a.Language]++
	}
	if languages["en"] != 20 || languages["de"] != 20 || languages["fr"] != 20 || !cfg.Articles.Has(true) || !cfg.Articles.Has(false) {
		t.Errorf("articles: %v", languages)
	}
	var conditions strings.Builder
	done, files := map[rules.ActionKind]bool{}, cfg.RuleFiles
	for _, file := range files {
		for _, r := range file.Rules {
			conditions.WriteString(r.When + "\n")
			for _, a := range r.Do {
				done[a.Kind] = true
			}
		}
	}
	for _, kind := range []rules.ActionKind{rules.KindSet, rules.KindReply, rules.KindNotify, rules.KindForward, rules.KindQuarantine,
		rules.KindDrop, rules.KindProblem, rules.KindMergeKey, rules.KindVendor, rules.KindAsk} {
		if !done[kind] {
			t.Errorf("no rule has %s:", kind)
		}
	}
	for _, w := range rules.Words() {
		name, _, _ := strings.Cut(w.Name, "[]")
		needless := name == "event" || name == "inbox" || name == "ticket.inbox" // there is one inbox, and on: says the event
		if !needless && !strings.Contains(conditions.String(), name) {
			t.Errorf("no rule looks at %s", w.Name)
		}
	}
}

// Its daemon takes the generated mails as the plain one does: each a ticket or an answer, one acknowledgement a ticket, a few notices to those who
// have a ticket.
func TestTheFullDeskTakesMails(t *testing.T) {
	const n = 400
	dir := t.TempDir()
	if err := (&bench{complete: true}).writeDesk(dir, "sqlite:"+dir+"/desk.db", "127.0.0.1:1", address, "127.0.0.1:2"); err != nil {
		t.Fatal(err)
	}
	g := newMails()
	var mails [][]byte
	tickets := 0
	for i := range n {
		raw, f := g.next(i)
		mails = append(mails, raw)
		if !f.reply {
			tickets++
		}
	}
	with(t, dir, func(a *app.App) {
		take(t, a, mails)
		count := func(what string) (n int) {
			if err := a.DB.Handle().QueryRow(`SELECT COUNT(*) FROM ` + what).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if got := count("tickets"); got != tickets {
			t.Errorf("%d tickets of %d first mails", got, tickets)
		}
		if acks, all := count("outbox WHERE kind = 'ack'"), count("outbox"); acks != tickets || all > tickets*11/10 {
			t.Errorf("%d acknowledgements and %d mails for %d tickets", acks, all, tickets)
		}
		for _, what := range []string{"events WHERE kind = 'suggested'", "tickets WHERE priority = 'high'", "timers WHERE kind = 'like'"} {
			if got := count(what); got == 0 || got > tickets {
				t.Errorf("%s: %d of %d tickets", what, got, tickets)
			}
		}
	})
}
