package problem

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin"
	"tierdesk/migrations/meta"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/articles"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/timers"
	"tierdesk/tickets/view"
)

// Bounds of the comparison: the words of a ticket, the tickets in one transaction, those in the
// period in question, and the earlier ones that show which words are common.
const (
	maxWords  = 60
	maxAtOnce = 500
	maxRecent = 200
	maxBefore = 200
)

// gather is how long a new ticket waits to be compared. All tickets opened in that time share a
// transaction, which blocks intake on SQLite.
const gather = 2 * time.Second

// opening is a ticket as it is compared: the words of its subject come first.
type opening struct {
	Ticket   int64
	Words    string // "vpn tunnel | gateway number"
	Proposed int
}

// Forget deletes the words of tickets if similar tickets are no longer sought.
func Forget(ctx decision.Context) error {
	if ctx.Policy.Service.Spike.Tickets > 0 {
		return nil
	}
	_, err := ctx.Tx.Exec(`DELETE FROM likenesses`)
	return err
}

// noticeLike schedules the comparison of a ticket that was just opened with others. At intake it
// costs only one row, written together with many others. It does nothing if the desk folder does
// not ask for it. Restricted tickets are not compared: a common word would reveal their content.
func noticeLike(c *decision.Case, m decision.CustomerMail) error {
	if c.Policy.Service.Spike.Tickets == 0 || c.Old || m.Message.Auth.Doubtful() || len(c.Ticket.Restricted) > 0 {
		return nil
	}
	return timers.Set(c.Tx, timers.Timer{Ticket: c.Ticket.ID, Kind: timers.Like, Data: likeness(c.Ticket.Subject, m.Message.Reply),
		Due: sqldb.At(c.Tx.Now().Add(gather))})
}

// FireLike compares all tickets opened since the last comparison. It proposes a problem to the lead
// if several similar ones were opened in a short time, once for each group.
func FireLike(ctx decision.Context, t timers.Timer) error {
	spike := ctx.Policy.Service.Spike
	if spike.Tickets == 0 {
		return nil
	}
	// Only one daemon at a time does this, so that it sees what the others have compared. It leaves
	// them the timers that they are firing.
	if _, _, err := meta.Lock(ctx.Tx, "like"); err != nil {
		return err
	}
	more, err := timers.PopRest(ctx.Tx, timers.Like, maxAtOnce)
	if err != nil {
		return err
	}
	since, fresh := ctx.Tx.Now().Add(-spike.Within), append([]timers.Timer{t}, more...)
	for _, t := range fresh {
		if err := note(ctx.Tx, opening{Ticket: t.Ticket, Words: t.Data}, t.Set); err != nil {
			return err
		}
	}
	if err := forget(ctx.Tx, since); err != nil {
		return err
	}
	recent, err := recently(ctx.Tx, since)
	if err != nil || len(recent) < spike.Tickets {
		return err
	}
	before, err := earlier(ctx.Tx, since)
	if err != nil {
		return err
	}
	in := crowdOf(recent, rareIn(before))
	for _, t := range fresh {
		if err := compare(ctx, t.Ticket, in); err != nil {
			return err
		}
	}
	return nil
}

// compare proposes a ticket and those similar to it as a problem, unless one of them has been
// proposed already.
func compare(ctx decision.Context, ticket int64, in *crowd) error {
	recent := in.recent
	at := slices.IndexFunc(recent, func(o opening) bool { return o.Ticket == ticket })
	if at < 0 { // it is restricted or merged by now, or there are too many
		return nil
	}
	spike := ctx.Policy.Service.Spike
	alike, shared := in.like(at)
	if len(alike)+1 < spike.Tickets {
		return nil
	}
	group, told := []int64{ticket}, false
	for _, o := range alike {
		group, told = append(group, o.Ticket), told || o.Proposed != 0
	}
	slices.Sort(group)
	for i := range recent {
		if slices.Contains(group, recent[i].Ticket) {
			recent[i].Proposed = 1
		}
	}
	if _, err := ctx.Tx.ExecIn(`UPDATE likenesses SET proposed = 1 WHERE ticket IN (?)`, group); err != nil || told {
		return err
	}
	d := decision.Begin(ctx, "timer:like", ctx.Tx.Now())
	c, err := d.Open(ticket)
	if err != nil {
		return err
	}
	if err := c.Handle(tickets.Event{Kind: tickets.ProblemProposed, Actor: tickets.TimerActor(string(timers.Like))}); err != nil {
		return err
	}
	propose(c, group, shared, spike.Within)
	_, err = d.Finish()
	return err
}

// propose tells the leads about similar tickets or, if there are none, those who hear of the
// ticket.
func propose(c *decision.Case, group []int64, shared []string, within time.Duration) {
	text := phrase.Say("%d tickets of the last %s look alike: %s. They have in common: %s. If they have one root cause, reply with /problem new and a title, and behind it the numbers: %s",
		len(group), notice.Spent(within), numbers(group), strings.Join(shared, ", "), numbers(group))
	leads := view.Named(c.Policy, &c.Ticket, []string{"lead"})
	if len(leads) == 0 {
		leads = view.Working(c.Policy, &c.Ticket)
	}
	for _, name := range leads {
		if agent := c.Policy.People.Agent(name); agent != nil && view.Sees(c.Policy, &c.Ticket, agent) {
			c.Notify(notice.Notice{Kind: templates.ProblemNews, Agent: name, Author: tickets.Desk, Asked: true, Text: text,
				Problem: &tickets.Problem{}})
		}
	}
}

// note stores the words of a ticket.
func note(tx *sqldb.Tx, fresh opening, opened sqldb.Time) error {
	_, err := tx.Exec(`INSERT INTO likenesses (ticket, opened, words) VALUES (?, ?, ?) ON CONFLICT (ticket) DO NOTHING`, fresh.Ticket,
		opened, fresh.Words)
	return err
}

// forget deletes the words of tickets opened before since, except for as many as are needed to know
// which words are common.
func forget(tx *sqldb.Tx, since time.Time) error {
	_, err := tx.Exec(`DELETE FROM likenesses WHERE opened <
		(SELECT opened FROM likenesses WHERE opened <= ? ORDER BY opened DESC LIMIT 1 OFFSET ?)`, sqldb.At(since), maxBefore-1)
	return err
}

// recently returns the tickets opened since then, except those that are restricted or merged by
// now.
func recently(tx *sqldb.Tx, since time.Time) ([]opening, error) {
	var out []opening
	err := tx.Select(&out, `SELECT l.ticket, l.words, l.proposed FROM likenesses AS l JOIN tickets AS t ON t.id = l.ticket
		WHERE l.opened > ? AND t.restricted = '' AND t.merged_into IS NULL ORDER BY l.opened DESC, l.ticket DESC LIMIT ?`, sqldb.At(since),
		maxRecent)
	return out, err
}

// earlier returns the tickets before that time that show which words are common.
func earlier(tx *sqldb.Tx, since time.Time) ([]opening, error) {
	var out []opening
	err := tx.Select(&out, `SELECT ticket, words, proposed FROM likenesses WHERE opened <= ? ORDER BY opened DESC LIMIT ?`, sqldb.At(since),
		maxBefore)
	return out, err
}

// likeness returns the words by which a ticket is compared: those of its subject, a bar, those of
// its text. It skips numbers, which may be secrets.
func likeness(subject, text string) string {
	var out []string
	seen := map[string]bool{}
	add := func(s string) {
		if len(s) > 4000 {
			s = s[:4000]
		}
		for _, word := range strings.FieldsFunc(mailin.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) }) {
			if n := utf8.RuneCountInString(word); n < 3 || n > 30 || seen[word] || len(out) >= maxWords {
				continue
			}
			seen[word] = true
			out = append(out, word)
		}
	}
	add(subject)
	out = append(out, "|")
	add(text)
	return strings.Join(out, " ")
}

// few is the number of tickets needed to know which words are common; common is the share of them
// from which a word is.
const (
	few    = 20
	common = 0.1
)

// rareIn returns a function that reports whether a word is rare: it is not a stop word, and occurs
// in few of the earlier tickets.
func rareIn(before []opening) func(word string) bool {
	count := map[string]int{}
	for _, o := range before {
		for _, word := range strings.Fields(o.Words) {
			count[word]++
		}
	}
	return func(word string) bool {
		return word != "|" && !articles.Stopword(word) && (len(before) < few || float64(count[word]) <= common*float64(len(before)))
	}
}

// crowd holds recent tickets and an index of their rare words, so that a ticket is compared only
// with those that share a word with it.
type crowd struct {
	recent []opening
	words  [][]string         // the rare words of each ticket
	where  map[string][]place // by rare word
}

// place is a ticket that contains a word.
type place struct {
	at      int // in recent
	subject bool
}

func crowdOf(recent []opening, rare func(word string) bool) *crowd {
	c := &crowd{recent: recent, words: make([][]string, len(recent)), where: map[string][]place{}}
	for i := range recent {
		subject := true
		for word := range strings.FieldsSeq(recent[i].Words) {
			if word == "|" {
				subject = false
			} else if rare(word) {
				c.words[i] = append(c.words[i], word)
				c.where[word] = append(c.where[word], place{i, subject})
			}
		}
	}
	return c
}

// like returns the recent tickets similar to one of them, and the rare words that most of them
// share with it. Similar means two such words, or one that is in both subjects. It is pure.
func (c *crowd) like(fresh int) (alike []opening, shared []string) {
	common, both := make([]int, len(c.recent)), make([]bool, len(c.recent))
	for _, word := range c.words[fresh] {
		subject := slices.Contains(c.where[word], place{fresh, true})
		for _, p := range c.where[word] {
			common[p.at]++
			both[p.at] = both[p.at] || subject && p.subject
		}
	}
	isLike := func(at int) bool { return at != fresh && (common[at] >= 2 || both[at]) }
	for i := range c.recent {
		if isLike(i) {
			alike = append(alike, c.recent[i])
		}
	}
	in := map[string]int{}
	for _, word := range c.words[fresh] {
		for _, p := range c.where[word] {
			if isLike(p.at) {
				in[word]++
			}
		}
		if 2*in[word] >= len(alike) && in[word] > 0 {
			shared = append(shared, word)
		}
	}
	slices.SortFunc(shared, func(a, b string) int {
		if in[a] != in[b] {
			return in[b] - in[a]
		}
		return strings.Compare(a, b)
	})
	return alike, shared[:min(len(shared), 6)]
}
