package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/mail"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"tierdesk/cmd/internal/testing/sink"
)

// The mails of a day are those of customers and agents, mixed. Agents answer notices, whose
// addresses only the desk can make. So there is an eve: mails that the desk takes in, and whose
// notices it sends, before anything is measured.

// eveShare is the size of the eve relative to the day.
const eveShare = 0.5

// dawn runs the desk through the eve, and fills its mailbox with the mails of the day, which mbsync
// pulls first.
func (b *bench) dawn(n int, dir, database, name string, counter *counter, f *figures) (err error) {
	s, err := sink.Start(sink.Options{Keep: isStaff})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	g := newMails()
	eve := int(eveShare * float64(f.mails))
	before, err := g.write(filepath.Join(b.dir, fmt.Sprintf("eve%d", n)), 0, eve)
	if err != nil {
		return err
	}
	if err := b.fill(name, before.dir, 0, eve); err != nil {
		return err
	}
	if err := b.writeDesk(dir, database, b.dovecot.IMAP, name, s.Addr); err != nil {
		return err
	}
	if err := b.daemon(dir, func(c *child) error {
		in, err := c.order(order{Do: "intake", Mails: eve, Index: true})
		if err != nil {
			return err
		}
		if _, err := c.order(order{Do: "send"}); err != nil {
			return err
		}
		return b.arrive(s.Count, in.Queued, false)
	}); err != nil {
		return fmt.Errorf("the eve: %w", err)
	}
	if g.notices, err = notices(s.Arrivals()); err != nil {
		return fmt.Errorf("notices of the eve: %w", err)
	}
	if b.made, err = g.write(filepath.Join(b.dir, fmt.Sprintf("day%d", n)), eve, eve+f.mails); err != nil {
		return err
	}
	if err := b.writeDesk(dir, database, b.dovecot.IMAP, name, counter.Addr); err != nil {
		return err
	}
	if b.against == "" {
		if err := b.pull(n, f); err != nil {
			return fmt.Errorf("mbsync: %w", err)
		}
	}
	return b.fill(name, b.made.dir, 0, f.mails)
}

func isStaff(recipient string) bool { return strings.HasSuffix(recipient, "@staff.example") }

// notices returns, for each ticket, the newest notice to the one agent who works on it.
func notices(came []sink.Arrival) ([]toldOf, error) {
	newest, number := map[string]toldOf{}, map[string]int{}
	var agents []string
	for _, a := range came {
		if a.Raw != nil && !slices.Contains(agents, a.Recipient) {
			agents = append(agents, a.Recipient)
		}
	}
	slices.Sort(agents)
	for _, a := range came {
		if a.Raw == nil {
			continue
		}
		m, err := mail.ReadMessage(bytes.NewReader(a.Raw))
		if err != nil {
			return nil, err
		}
		told := toldOf{agent: a.Recipient, id: strings.Trim(m.Header.Get("Message-ID"), "<>"), ticket: m.Header.Get("X-Tierdesk-Ticket")}
		answers, err := m.Header.AddressList("Reply-To")
		if err != nil || len(answers) != 1 {
			return nil, fmt.Errorf("Reply-To of %s: %v, %w", told.id, answers, err)
		}
		told.to = answers[0].Address
		ticket, err := strconv.Atoi(told.ticket)
		if err != nil {
			return nil, err
		}
		told.subject = fmt.Sprintf("[#%d] your question", ticket)
		// "Person 17 [#9]": the customer is named after their first mail.
		if _, err := fmt.Sscanf(answers[0].Name, "Person %d", &told.thread); err != nil {
			return nil, fmt.Errorf("whose ticket %s is about: %w", told.id, err)
		}
		var group int
		if _, err := fmt.Sscanf(told.id, fmt.Sprintf("%d.%%d.", ticket), &group); err != nil {
			return nil, fmt.Errorf("the number of %s: %w", told.id, err)
		}
		if told.agent == agents[ticket%len(agents)] && group > number[told.ticket] {
			newest[told.ticket], number[told.ticket] = told, group
		}
	}
	var out []toldOf
	for _, told := range newest {
		out = append(out, told)
	}
	slices.SortFunc(out, func(a, b toldOf) int { return a.thread - b.thread })
	return out, nil
}
