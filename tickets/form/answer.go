package form

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailin/thread"
	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/answers"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// maxFields is the maximum number of fields of a ticket.
const maxFields = 50

// Recogniser recognises answers to forms among the mails of customers.
func Recogniser() decision.Recogniser { return decision.Recogniser{Within: answered} }

// answered reads the answers to the form that waits in a ticket. Whatever is missing after the
// first answer is asked for once more; after that the form is left to the agents as it is.
func answered(c *decision.Case, m decision.CustomerMail) (bool, error) {
	f, err := waiting(c)
	if err != nil || f == nil {
		return false, err
	}
	if !m.Proven || !requesters(c, m) {
		c.Explain("it answers no form: it is not proven to be the requester's")
		return false, nil
	}
	sent, subject, err := mailSent(c, m)
	if err != nil {
		return false, err
	}
	read := answers.Read(&f.Form, f.Open(false), m.Message, answers.When{Now: m.Received.In(c.Desk.Location),
		Language: language(m.Message, c), Sent: sent, Subject: added(m.Message.Subject, subject)})
	if read.TooLong {
		c.Explain("its answers to the form %s are not read: what is new in it is too long", f.Form.Name)
		return false, nil
	}
	c.Explain("of %d questions of the form %s it answers %d", len(f.Form.Questions), f.Form.Name, len(read.Values))
	if len(read.Values) == 0 && len(read.Unclear) == 0 {
		return false, nil // a question or something unrelated, which is for a person
	}
	if err := take(c, f, read.Values); err != nil {
		return false, err
	}
	var remark phrase.Text
	switch missing := f.Open(true); {
	case len(missing) == 0:
		f.State = tickets.FillingComplete
	case f.Asked == 1:
		remark, err = askAgain(c, f)
	default:
		f.State = tickets.FillingPartial
		remark = phrase.Say("Some questions have no answer yet; they were asked twice and will not be asked again.")
	}
	if err != nil {
		return false, err
	}
	if f.State == tickets.FillingComplete {
		if err := c.Handle(tickets.Event{Kind: tickets.FormFilled, Actor: c.Current.Author, Message: c.Current.ID,
			Data: tickets.Data{Inbound: m.ID, Reason: f.Form.Name}}); err != nil {
			return false, err
		}
		if remark, err = askApproval(c, f); err != nil {
			return false, err
		}
	}
	if err := store.SaveFilling(c.Tx, *f); err != nil {
		return false, err
	}
	if c.Ticket.Status.Done() {
		return false, nil // the ticket is reopened, which tells its agents
	}
	n := notice.Notice{Kind: templates.AgentReply, Author: c.Current.Author, Form: filled(c, f)}
	if !remark.Empty() {
		n.Reasons = []phrase.Text{remark}
	}
	c.NotifyAll(view.Working(c.Policy, &c.Ticket), n)
	return true, nil
}

// mailSent returns the text and the subject of the form's mail that a mail answers; nothing if it
// answers another mail, or the texts have been deleted.
func mailSent(c *decision.Case, m decision.CustomerMail) (text, subject string, err error) {
	if m.Evidence.Notice.Mail.Kind != string(templates.Form) {
		return "", "", nil
	}
	row, err := mailout.Get(c.Tx, m.Evidence.Notice.Mail.ID)
	if errors.Is(err, mailout.ErrNone) {
		return "", "", nil
	}
	return row.Mail.Text, row.Mail.Subject, err
}

// added returns what somebody wrote into the subject of their answer, after the original subject or
// in its place; "" if there is nothing to compare with.
func added(subject, sent string) string {
	base, ours := strings.Fields(thread.BaseSubject(subject)), strings.Fields(thread.BaseSubject(sent))
	if len(ours) == 0 {
		return ""
	}
	n := len(base)
	if len(ours) <= n && slices.Equal(base[:len(ours)], ours) {
		n -= len(ours)
	}
	typed := strings.Fields(thread.WithoutNumbers(subject))
	return strings.Trim(strings.Join(typed[max(0, len(typed)-n):], " "), " -–:,;/|")
}

// requesters reports whether the requester wrote: other participants cannot answer for them.
func requesters(c *decision.Case, m decision.CustomerMail) bool {
	p, err := c.Requester()
	return err == nil && p.Address == m.From()
}

// language returns the language that determines how numbers and dates in the mail are read.
func language(m *mailin.Message, c *decision.Case) string {
	if m.Language != "" {
		return m.Language
	}
	return c.Ticket.Language
}

// take stores answers in fields of the ticket.
func take(c *decision.Case, f *tickets.Filling, values map[string]string) error {
	next, data := maps.Clone(c.Ticket.Fields), tickets.Data{Reason: f.Form.Name}
	if next == nil {
		next = map[string]string{}
	}
	for i := range f.Form.Questions {
		name := f.Form.Questions[i].Name
		value, ok := values[name]
		if !ok {
			continue
		}
		f.Answers[name] = value
		if _, there := next[name]; there || len(next) < maxFields {
			next[name] = value
			data.Add = append(data.Add, name)
		}
	}
	c.Ticket.Fields = next
	if len(data.Add) > 0 {
		if err := c.Handle(tickets.Event{Kind: tickets.FieldsSet, Actor: c.Current.Author, Message: c.Current.ID, Data: data}); err != nil {
			return err
		}
	}
	return c.Handle(tickets.Event{Kind: tickets.FormAnswered, Actor: c.Current.Author, Message: c.Current.ID,
		Data: tickets.Data{Reason: f.Form.Name}})
}

// askAgain asks once more for what is missing, and lets the ticket wait for it.
func askAgain(c *decision.Case, f *tickets.Filling) (phrase.Text, error) {
	requester, err := c.Requester()
	if err != nil {
		return phrase.Text{}, err
	}
	quiet, err := c.Quiet(requester)
	if err != nil {
		return phrase.Text{}, err
	}
	f.Asked = 2
	if quiet != "" {
		c.Explain("what is missing is not asked again: %s", quiet)
		f.State = tickets.FillingPartial
		return phrase.Say("Some questions have no answer, and were not asked again."), nil
	}
	c.Reply(notice.Notice{Kind: templates.Form, Author: tickets.Desk, Form: asked(c, f, true)})
	if !c.Ticket.Status.Done() {
		if err := c.Handle(tickets.Event{Kind: tickets.StatusChanged, Actor: tickets.Desk, Data: tickets.Data{Status: tickets.Pending,
			From: string(c.Ticket.Status), Reason: "form"}}); err != nil {
			return phrase.Text{}, err
		}
	}
	return phrase.Say("What is missing was asked once more."), nil
}

func numbered(q templates.Question) string {
	return strconv.Itoa(q.Number) + ". " + strings.TrimSpace(q.Ask)
}
