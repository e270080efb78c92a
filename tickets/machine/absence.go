package machine

import (
	"cmp"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/templates"
	"tierdesk/tickets/arrival"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
)

// backAt is the hour at which who wrote an out-of-office note counts as back, on the day that it
// names.
const backAt = 9

// noteAbsence reads an agent's out-of-office note: until the day that it names the agent is away,
// as if they had written /away. It reports whether it says so, of an agent who can be believed. The
// agent is told, once.
func noteAbsence(ctx decision.Context, m *arrival.Mail, e arrival.Evidence) (bool, error) {
	class := m.Message.Class
	agent := ctx.Policy.People.AgentBy(m.From())
	if class.Kind != mailin.KindAutoReply || agent == nil || class.Returns.IsZero() {
		return false, nil
	}
	day, location := class.Returns, ctx.Desk.Location
	if location == nil {
		location = time.UTC
	}
	until := time.Date(day.Year(), day.Month(), day.Day(), backAt, 0, 0, 0, location)
	if trust, _ := m.TrustIn(ctx.Desk, agent, e, ctx.Tx.Now()); trust == arrival.Claimed || !until.After(ctx.Tx.Now()) {
		return false, nil
	}
	news, err := store.NoteAway(ctx.Tx, agent.Name, until)
	if err != nil || !news {
		return true, err
	}
	instead, err := ctx.TellAbsence(agent, until)
	if err != nil {
		return true, err
	}
	said := phrase.Join(phrase.Say("Your out-of-office note says that you are away, so you are given no tickets until %s. /back ends that.",
		ctx.LocalTime(until)), instead)
	return true, decision.TellAgent(ctx, templates.Receipt, agent, mailout.Notices, func(int64, *notice.Sender) *templates.Facts {
		f := notice.DeskFacts(ctx.Desk, ctx.Tx.Now())
		f.Steps = []templates.Step{{Outcome: ctx.Policy.Say(said, cmp.Or(agent.Language, ctx.Desk.Language))}}
		return &f
	})
}
