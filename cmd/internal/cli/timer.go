package cli

import (
	"strconv"
	"strings"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets/timers"
)

type timerCmd struct {
	List timerListCmd `cmd:"" help:"List what the desk will do later, the next thing first."`
}

type timerListCmd struct {
	inFolder
	limited
	asJSON
}

// Run lists timers.
func (c *timerListCmd) Run(e *env) error {
	db, err := c.database(e)
	if err != nil {
		return err
	}
	defer db.Close()
	list := []timerObject{}
	var now time.Time
	err = db.View(e.ctx, func(tx *sqldb.Tx) error {
		now, list = tx.Now(), list[:0]
		found, err := timers.List(tx, c.asked())
		for _, t := range found {
			list = append(list, timerOf(t))
		}
		return err
	})
	if err != nil {
		return err
	}
	list, more := shown(list, c.limited)
	if c.JSON {
		return e.json(list)
	}
	if len(list) == 0 {
		e.none("no timer is set")
		return nil
	}
	t := e.table("due", "", "ticket>", "what*")
	for _, x := range list {
		ticket := "desk"
		if x.Ticket != 0 {
			ticket = strconv.FormatInt(x.Ticket, 10)
		}
		what := cell{words: timerWords(x)}
		if x.Error != "" {
			what = cell{what.words + "  failed: " + x.Error, red}
		}
		soon := cell{ago(x.Due, now), faint}
		if x.Due.Before(now) {
			soon.colour = yellow
		}
		t.add(clock(x.Due, db.main.Location), soon, cell{ticket, bold}, what)
	}
	t.print()
	e.more(more, "only the next %d", c.limited)
	return nil
}

// timerWords describes the purpose of a timer.
func timerWords(t timerObject) string {
	switch timers.Kind(t.Kind) {
	case timers.Ticket:
		return promiseWords(t.What)
	case timers.Snooze:
		return "comes back from snooze"
	case timers.Quiet:
		return "a notice waits until an agent's quiet hours end"
	case timers.Digest:
		return "an agent is told of this in their digest"
	case timers.Backlog:
		return "an agent is told of this with others"
	case timers.Canary:
		return "the desk mails itself"
	case timers.Quarantine:
		return "the admin is told what is in quarantine"
	case timers.Listing:
		return "a list is sent, as each morning: " + t.What
	case timers.Review:
		if strings.HasPrefix(t.Name, "text ") {
			return "what an owner wrote becomes the draft of an article"
		}
		return "the owner reviews " + t.Name
	case timers.Summary:
		return "the admin is told of old mail"
	}
	return strings.TrimSpace(t.Kind + " " + t.What)
}

// promiseWords returns a readable form of a promise's key: "first_reply@80/normal#..." becomes
// "first_reply at 80 %".
func promiseWords(key string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(key, "old mail: "), "#")
	switch rest, isRule := strings.CutPrefix(name, "rule/"); {
	case isRule:
		return "rule " + strconv.Quote(rest)
	case name == "close":
		return "the solved ticket closes"
	case strings.HasPrefix(name, "quiet@"):
		length, at, _ := strings.Cut(strings.TrimPrefix(name, "quiet@"), "/")
		return strings.TrimSpace("no agent reply for " + length + " " + tierWords(at))
	}
	target, rest, found := strings.Cut(name, "@")
	if !found {
		return key
	}
	parts := strings.Split(rest, "/")
	out := target + " at " + parts[0] + " %"
	if parts[0] == "100" {
		out = target + " missed"
	}
	if len(parts) > 2 {
		out += " " + tierWords(parts[1])
	}
	return out + " (" + parts[len(parts)-1] + ")"
}

func tierWords(part string) string {
	if level, found := strings.CutPrefix(part, "tier"); found {
		return "at tier " + level
	}
	return ""
}
