package desk

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tierdesk/mailin"
	"tierdesk/mailin/thread"
	"tierdesk/rules"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

// countedTickets is up to how many tickets of a customer rules count: whoever has more is no newcomer.
const countedTickets = 1000

// ruleFacts gathers what rules may look at.
func (w *decision) ruleFacts(event string, e tickets.Event) (*rules.Facts, error) {
	f := &rules.Facts{Event: event, Now: w.at.In(w.set.Location)}
	if event == rules.Elapsed {
		f.Rule, f.Now = w.elapsed, w.tx.Now().In(w.set.Location)
	}
	f.OfficeHours = w.with.Calendar.Open(f.Now)
	messages, err := w.messages(e)
	if err != nil {
		return nil, err
	}
	f.Ticket = rules.Ticket{
		Priority: w.t.Priority, Status: string(w.t.Status), Tier: w.t.Tier, Team: w.t.Team, Assignee: w.t.Assignee, Tags: w.t.Tags, Messages: messages,
		OpenedAt: w.t.Opened, CustomerAt: w.t.CustomerWrote, AgentAt: w.t.AgentWrote, UpdatedAt: w.t.Updated,
	}
	p, err := w.requester()
	if err != nil {
		return nil, err
	}
	f.Customer = rules.Customer{Name: p.Name, Address: p.Address, Domain: mailin.Domain(p.Address)}
	if p.Person != 0 {
		if f.Customer.Tickets, err = store.OpenedBy(w.tx, p.Person, w.t.ID, countedTickets); err != nil {
			return nil, err
		}
	}
	if org := w.with.People.OrganisationOf(p.Address); org != nil {
		f.Organisation = rules.Organisation{Name: org.Name, Plan: org.Plan, Fields: org.Fields}
		f.Customer.Plan, f.Customer.VIP, f.Customer.Fields = org.Plan, org.VIP, org.Fields
	}
	if w.in != nil {
		f.Mail = mailFacts(w.in)
	}
	return f, nil
}

// messages is how many messages the ticket has, with the one that the event is about; the event is not in the history yet.
func (w *decision) messages(e tickets.Event) (int, error) {
	if w.fresh {
		return 1, nil
	}
	past, err := w.past()
	if err != nil {
		return 0, err
	}
	n := 1
	count := func(kind tickets.EventKind) {
		if kind == tickets.Replied || kind == tickets.AgentReplied || kind == tickets.Noted {
			n++
		}
	}
	for i := range past {
		count(past[i].Kind)
	}
	count(e.Kind)
	return n, nil
}

func mailFacts(in *arrived) rules.Mail {
	m := in.m
	f := rules.Mail{
		Inbox: in.Inbox, Subject: m.Subject, Text: m.Reply, WholeText: m.Text, From: in.author(), FromName: m.Author().Name,
		Language: m.Language, Verdict: string(m.Auth.Verdict), Kind: string(m.Class.Kind), Spam: m.Class.Spam, Size: int(m.Size), Header: m.Header.Values,
	}
	if len(m.ReplyTo) > 0 {
		f.ReplyTo = mailin.Fold(m.ReplyTo[0].Address)
	}
	for _, a := range m.To {
		f.To = append(f.To, mailin.Fold(a.Address))
	}
	for _, a := range m.Cc {
		f.Cc = append(f.Cc, mailin.Fold(a.Address))
	}
	for _, a := range m.Attachments {
		f.Attachments = append(f.Attachments, rules.Attachment{Name: a.Name, Type: a.ContentType, Size: int(a.Size)})
	}
	return f
}

// thanksWords are what a short mail of thanks is made of; any other word makes it more than that.
var thanksWords = strings.Fields(`thanks thank you thx ty many so much very a lot for your the quick help support answer reply it works that worked now again great perfect super
	everything fine ok okay all good solved cheers best regards kind hi hello dear team
	danke vielen dank schön herzlichen für die schnelle hilfe antwort ihre eure deine es funktioniert jetzt wieder passt alles klar bestens gut liebe viele grüße gruß mfg hallo
	merci beaucoup bien à vous pour votre aide réponse parfait cordialement bonjour ça marche
	gracias muchas muchisimas muchísimas por su tu la ayuda respuesta perfecto saludos hola ya funciona
	grazie mille molte tante per il aiuto la risposta perfetto saluti ciao
	bedankt dank je wel u voor de hulp snelle reactie groet groeten met vriendelijke het werkt weer`)

// isThanks reports whether a mail says no more than thank you: such a mail does not reopen a ticket.
func isThanks(m *mailin.Message) bool {
	text := strings.TrimSpace(m.Reply)
	if text == "" || utf8.RuneCountInString(text) > 160 || strings.ContainsAny(text, "?0123456789") || len(m.Attachments) > 0 {
		return false
	}
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" \t\r\n.,;:!-–—()'’\"\u00a0", r) })
	thanks := false
	name := strings.Fields(strings.ToLower(m.Author().Name))
	for _, word := range words {
		switch {
		case slices.Contains([]string{"thanks", "thank", "thx", "danke", "dank", "merci", "gracias", "grazie", "bedankt", "cheers"}, word):
			thanks = true
		case slices.Contains(thanksWords, word), slices.Contains(name, word):
		default:
			return false
		}
	}
	return thanks
}

// plainSubject is the subject as a ticket bears it: without the desk's own number and the marks of an answer.
func plainSubject(subject string) string {
	s := strings.TrimSpace(subjectNumber.ReplaceAllString(subject, " "))
	for thread.IsReply(s) {
		_, rest, found := strings.Cut(s, ":")
		if !found {
			break
		}
		s = strings.TrimSpace(rest)
	}
	return strings.Join(strings.Fields(s), " ")
}

// Covers reports whether a keyed address can be one of this inbox: its own with a plus sign, or of the form that the desk was told to use.
func (in *Inbox) Covers(folded string) bool {
	if _, domain, found := strings.Cut(string(in.Style), "{token}@"); found {
		return strings.HasSuffix(folded, "@"+strings.ToLower(domain))
	}
	local, domain, _ := strings.Cut(mailin.Fold(in.Address), "@")
	return strings.HasPrefix(folded, local+"+") && strings.HasSuffix(folded, "@"+domain)
}
