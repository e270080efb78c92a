package kb

import (
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailin/thread"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/articles"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/ratelimit"
	"tierdesk/tickets/store"
)

const (
	maxAnswers = 5  // articles in an answer
	maxListed  = 20 // the maximum number of a customer's tickets listed
)

// answerWithoutTicket answers mails that need no ticket: those to the address of the knowledge
// base, and those that ask for the state of the sender's tickets. A sender who asks too often, or
// whose identity is doubtful, gets an ordinary ticket, so that no question is lost.
func answerWithoutTicket(ctx decision.Context, m decision.CustomerMail) (*decision.Result, error) {
	e := &m.Evidence
	if e.Ticket != 0 || e.AnswersNotice() || m.From() == "" || m.Gateway || m.Settled() || m.Message.Auth.Doubtful() ||
		m.Message.Class.NoAutoReply || m.IsOld(ctx.Tx.Now(), ctx.OldAfter) {
		return nil, nil
	}
	inbox := ctx.Desk.Inbox(m.Inbox)
	var fill func(f *templates.Facts) (bool, error)
	kind := templates.Articles
	switch words, asked := asksLibrary(inbox, m.Pointers().Recipients); {
	case asked && ctx.Policy.Articles != nil:
		fill = func(f *templates.Facts) (bool, error) { return answers(ctx, m, words, f), nil }
	case m.Known && asksStatus(m.Message):
		kind = templates.MyTickets
		fill = func(f *templates.Facts) (bool, error) { return fillStates(ctx, m, f) }
	default:
		return nil, nil
	}
	q := ratelimit.Question{Tx: ctx.Tx, Limits: ctx.Limits, People: ctx.Policy.People, Mail: m.Mail, Opened: true}
	to := tickets.Participant{Address: m.From(), Person: m.Sender.ID, Muted: !m.Sender.Muted.IsZero()}
	if why, err := q.Enough(to); why != "" || err != nil || to.Muted {
		return nil, err
	}
	f := notice.DeskFacts(ctx.Desk, ctx.Tx.Now())
	f.Ticket.Subject = decision.PlainSubject(m.Message.Subject)
	f.Customer.Name = m.Message.Author().Name
	if found, err := fill(&f); !found || err != nil {
		return nil, err
	}
	d := decision.OnMail(ctx, m.Mail)
	if err := d.AnswerOnly(kind, inbox, &f); err != nil {
		return nil, err
	}
	d.Settle(tickets.AsAnswered, "", "the desk has answered it: "+string(kind))
	r, err := d.Finish()
	return &r, err
}

// asksLibrary reports whether a mail is addressed to the knowledge base of an inbox, and returns
// the words in the address: support+kb.paper.jam@acme.example.
func asksLibrary(inbox *tickets.Inbox, recipients []string) (words string, asks bool) {
	local, domain, found := strings.Cut(mailin.Fold(inbox.Library()), "@")
	if !found {
		return "", false
	}
	for _, address := range recipients {
		folded := mailin.Fold(address)
		rest, ok := strings.CutSuffix(folded, "@"+domain)
		if !ok {
			continue
		}
		if rest, ok = strings.CutPrefix(rest, local); ok && (rest == "" || strings.ContainsAny(rest[:1], "+.-_")) {
			return strings.Join(strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune("+.-_", r) }), " "), true
		}
	}
	return "", false
}

// answers fills in the articles that a mail asks for; false if there are none.
func answers(ctx decision.Context, m decision.CustomerMail, words string, f *templates.Facts) bool {
	q := articles.Question{Subject: thread.BaseSubject(m.Message.Subject) + " " + words, Text: m.Message.Written(),
		Language: m.Message.Language, Max: maxAnswers, Any: true}
	public, _ := ctx.Policy.Articles.Suggest(q)
	for i, found := range public {
		a := notice.ArticleFacts(found.Article)
		if i > 0 {
			a.Page, a.Summary = templates.Page{}, found.Summary()
			if a.Link == "" {
				a.Link = notice.ArticleLink(ctx.Desk.Inbox(m.Inbox), found.Article)
			}
		}
		f.Suggestions = append(f.Suggestions, a)
	}
	return len(f.Suggestions) > 0
}

// fillStates fills in the state of the sender's own tickets, and of no others.
func fillStates(ctx decision.Context, m decision.CustomerMail, f *templates.Facts) (bool, error) {
	own, err := store.TicketsOfRequester(ctx.Tx, m.Sender.ID, maxListed)
	if err != nil {
		return false, err
	}
	for _, t := range own {
		due, err := decision.NextAnswer(ctx, t)
		if err != nil {
			return false, err
		}
		f.Standing = append(f.Standing, templates.Standing{Number: t.ID, Subject: t.Subject, Status: string(t.Status), Due: due})
	}
	return true, nil
}
