package notice

import (
	"slices"
	"testing"

	"tierdesk/templates"
	"tierdesk/tickets"
)

// What a notice shows above is not shown again below, in what was written before.
func TestNothingIsShownTwice(t *testing.T) {
	asked := tickets.Message{ID: 1, Kind: tickets.FromCustomer, Address: "max@customer.example", Text: "It is down."}
	answered := tickets.Message{ID: 2, Kind: tickets.FromAgent, Text: "Is the lamp green?"}
	asked2 := tickets.Message{ID: 3, Kind: tickets.FromCustomer, Address: "max@customer.example", Text: "No."}
	noted := tickets.Message{ID: 4, Kind: tickets.Note, Text: "The switch is old."}
	for _, c := range []struct {
		why      string
		messages []tickets.Message
		current  tickets.Message
		body     string
		history  []string
	}{
		{"a timer: what the customer wrote last is shown above", []tickets.Message{asked, answered, asked2, noted}, tickets.Message{},
			"No.", []string{"It is down.", "Is the lamp green?", "The switch is old."}},
		{"one question", []tickets.Message{asked}, tickets.Message{}, "It is down.", nil},
		{"the message at hand", []tickets.Message{asked, noted}, noted, "The switch is old.", []string{"It is down."}},
		{"no customer has written", []tickets.Message{answered, noted}, tickets.Message{}, "",
			[]string{"Is the lamp green?", "The switch is old."}},
	} {
		n := &Case{Policy: &tickets.Policy{People: &tickets.Directory{}}, Messages: c.messages, Current: c.current}
		var f templates.Facts
		shown := n.bodyFacts(&f, &Notice{Kind: templates.Escalation}, "en")
		var history []string
		for _, e := range n.conversation(nil, shown) {
			history = append(history, string(e.Text))
		}
		if string(f.Body) != c.body || !slices.Equal(history, c.history) {
			t.Errorf("%s: %q above and %q below, wanted %q and %q", c.why, f.Body, history, c.body, c.history)
		}
	}
}
