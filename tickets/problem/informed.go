package problem

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"tierdesk/mailin"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/timers"
)

//go:embed informed.txt
var informedText string

// wishes are phrases of customers who want to be kept informed; beside are words that may accompany
// such a wish.
var wishes, beside = informedWords(informedText)

func informedWords(file string) (wishes, beside []string) {
	for line := range strings.Lines(file) {
		if more, found := strings.CutPrefix(line, "+"); found {
			for word := range strings.FieldsSeq(more) {
				beside = append(beside, mailin.Spellings(word)...)
			}
		} else if wish := wordsOf(line); wish != "" && !strings.HasPrefix(line, "#") {
			wishes = append(wishes, mailin.Spellings(wish)...)
		}
	}
	return wishes, beside
}

// Recogniser recognises a customer's wish to be kept informed about their problem, and similar
// tickets.
func Recogniser() decision.Recogniser {
	return decision.Recogniser{Within: keepInformed, Opening: noticeLike}
}

// keepInformed records that a customer wants to be kept informed about the problem. A mail that
// says only that is not reported to the agents.
func keepInformed(c *decision.Case, m decision.CustomerMail) (bool, error) {
	asks, only := false, false
	if m.Proven {
		asks, only = asksForWord(m.Message.Reply, m.Message.Author().Name)
	}
	if !asks {
		return false, nil
	}
	only = only && !slices.ContainsFunc(m.Message.Attachments, func(a mailin.Attachment) bool { return !a.Inline && !a.Credential })
	p, found, err := of(c.Tx, c.Ticket.ID)
	if err != nil || !found || p.State.Done() {
		return false, err
	}
	n, err := c.Tx.Exec(`UPDATE problem_tickets SET informed = 1 WHERE ticket = ? AND informed = 0`, c.Ticket.ID)
	if err != nil || n == 0 {
		return only, err
	}
	if err := c.Handle(tickets.Event{Kind: tickets.InformedWanted, Actor: tickets.PersonActor(m.Sender.ID),
		Data: tickets.Data{Problem: p.ID}}); err != nil {
		return false, err
	}
	c.Reply(notice.Notice{Kind: templates.ProblemState, Author: tickets.Desk, Problem: &p})
	return only, nil
}

// asksForWord reports whether a text asks, in any language of the templates, to be kept informed,
// and whether it says nothing else apart from a greeting and the sender's name. It is pure.
func asksForWord(text, name string) (asks, only bool) {
	short := text
	if len(short) > 2000 {
		short = short[:2000]
	}
	said := " " + wordsOf(short) + " "
	for _, wish := range wishes {
		before, behind, found := strings.Cut(said, " "+wish+" ")
		if !found {
			continue
		}
		rest := strings.Fields(before + " " + behind)
		own := strings.Fields(wordsOf(name))
		return true, len(short) == len(text) && !strings.Contains(text, "?") && !slices.ContainsFunc(rest, func(word string) bool {
			return !slices.Contains(beside, word) && !slices.Contains(own, word)
		})
	}
	return false, false
}

// wordsOf returns a text as folded words separated by single spaces.
func wordsOf(text string) string {
	sign := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }
	return strings.Join(strings.FieldsFunc(mailin.Fold(text), sign), " ")
}

// inform schedules mails about a new state to all customers who asked for them, each in their own
// ticket, or once in the ticket into which it was merged.
func inform(tx *sqldb.Tx, problem int64) error {
	asked, err := asking(tx, problem)
	if err != nil {
		return err
	}
	for _, ticket := range asked {
		if err := timers.Set(tx, timers.Timer{Ticket: ticket, Kind: timers.Inform, Name: strconv.FormatInt(problem, 10),
			Due: sqldb.At(tx.Now())}); err != nil {
			return err
		}
	}
	return nil
}

// FireInform tells a customer the state of the problem.
func FireInform(ctx decision.Context, t timers.Timer) error {
	id, err := strconv.ParseInt(t.Name, 10, 64)
	if err != nil {
		return err
	}
	p, found, err := one(ctx.Tx, `id = ?`, id)
	if err != nil || !found {
		return err
	}
	ticket, found, err := arrival.Surviving(ctx.Tx, t.Ticket)
	if err != nil || !found {
		return err
	}
	d := decision.Begin(ctx, "timer:inform", ctx.Tx.Now())
	c, err := d.Open(ticket)
	if err != nil {
		return err
	}
	c.Reply(notice.Notice{Kind: templates.ProblemState, Author: tickets.Desk, Problem: &p})
	_, err = d.Finish()
	return err
}
