// Package away owns the commands with which agents say that they are away or back. It must never
// know how tickets are assigned: package decision does.
package away

import (
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
)

// Commands are /away and /back.
func Commands() []decision.Command {
	return []decision.Command{
		{Name: commands.Away, Acts: true, Do: leave,
			Help: phrase.Say("Gives you no tickets until then; those that you have go back to the team when a deadline comes near.")},
		{Name: commands.Back, Acts: true, Do: comeBack, Help: phrase.Say("Ends your absence.")},
	}
}

func leave(a *decision.Act, c commands.Command) (phrase.Text, error) {
	before, err := a.AwayUntil(a.Agent.Name)
	if err != nil {
		return phrase.Text{}, err
	}
	until := c.When.At
	if before.Equal(until) {
		return phrase.Say("Nothing to change."), nil
	}
	if err := store.SetAway(a.Tx, a.Agent.Name, until); err != nil {
		return phrase.Text{}, err
	}
	instead, err := a.TellAbsence(a.Agent, until)
	if err != nil {
		return phrase.Text{}, err
	}
	waiting, err := store.Loads(a.Tx, []string{a.Agent.Name})
	if err != nil {
		return phrase.Text{}, err
	}
	return phrase.Join(phrase.Say("You are away until %s; /back ends it. Tickets that wait for you: %d. They go back to the team when a deadline comes near.",
		a.LocalTime(until), waiting[a.Agent.Name]), instead), nil
}

func comeBack(a *decision.Act, _ commands.Command) (phrase.Text, error) {
	until, err := a.AwayUntil(a.Agent.Name)
	if err != nil {
		return phrase.Text{}, err
	}
	if until.IsZero() {
		return phrase.Say("Nothing to change: you are not away."), nil
	}
	if err := store.EndAway(a.Tx, a.Agent.Name); err != nil {
		return phrase.Text{}, err
	}
	_, err = a.TellStandIns(a.Agent, until, true)
	return phrase.Say("Welcome back. You are given tickets again."), err
}
