package agent

import (
	"slices"
	"strings"
	"testing"

	"tierdesk/tickets"
)

// A line that brings a colleague in is for the house, unless it goes on as a sentence does that anybody may read.
func TestWhoIsBroughtIn(t *testing.T) {
	people := &tickets.Directory{Agents: []tickets.Agent{{Name: "ida", FullName: "Ida Lind"}, {Name: "tom", FullName: "Tom Reed"}}}
	for text, held := range map[string]bool{
		"Looping in Tom.": true, "Adding Tom Reed, who knows more": true, "+ Tom for the pump": true, "cc'ing Tom": true, "Tom in Kopie.": true, "Over to Tom!": true,
		"Ich nehme Tom dazu.": true, "J’ajoute Tom à la boucle.": true, "Añado a Tom.": true, "Metto in copia Tom.": true, "Ik voeg Tom toe.": true, "Tom ^^": true,
		"Adding Tom to the list of those who may open it.": false, "Hello Max,\n\nI am adding my colleague Tom, who knows more.": false,
		"Tom in the hall has the key.": false, "Adding paper solves it.": false,
	} {
		if got := colleagueIn(text, people, &people.Agents[0], conversation{}) != ""; got != held {
			t.Errorf("%q: held is %v", text, got)
		}
	}
}

// An agent who is called like a month, or like the beginning of a sentence, is meant where somebody greets them or wants something of them.
func TestNamesThatAreWords(t *testing.T) {
	people := &tickets.Directory{Agents: []tickets.Agent{{Name: "ida", FullName: "Ida Lind"}, {Name: "may", FullName: "May Reed"}, {Name: "mark", FullName: "Mark Ott"}}}
	theirs := conversation{wrote: []string{"Please ring my colleague May, I am out."}}
	for _, c := range []struct {
		text string
		held bool
		with conversation
	}{
		{"May, June and July are full.", false, conversation{}}, {"For May: nothing yet.", false, conversation{}}, {"Prices for May: 12", false, conversation{}},
		{"From: May\nTo: June", false, conversation{}}, {"Yes, May.", false, conversation{}}, {"Mark: all of it is locked", false, conversation{}},
		{"May and June are full.", false, conversation{}}, {"Hi May,\n\nit comes on Monday.", false, theirs}, {"Hi May,\n\nit comes on Monday.", true, conversation{}},
		{"May, please ring them.", true, conversation{}}, {"Mark, take this one", true, conversation{}}, {"Mark?", true, conversation{}}, {"@may they never pay", true, conversation{}},
		{"It comes.\n\nMay Reed wrote:\nThey never pay.", true, conversation{}},
		{"Hi May,\n\nit comes.", true, conversation{wrote: []string{"May told me that it comes."}}},
	} {
		if got := colleagueIn(c.text, people, &people.Agents[0], c.with) != ""; got != c.held {
			t.Errorf("%q: held is %v", c.text, got)
		}
	}
}

// Who speaks of the customer speaks to colleagues, unless the customer has customers of their own.
func TestSpeaksOfCustomer(t *testing.T) {
	one := conversation{parts: []tickets.Participant{{Name: "Max"}}}
	for text, of := range map[string]bool{
		"This customer never pays.": true, "It comes on Monday. The customer is angry.": true, "Kunde will es zurückgeben.": true, "ce client ne paie jamais": true,
		"Deze klant zeurt.": true, "Клиент никогда не платит.": true,
		"The customer number is on the bill.": false, "Our customer service is closed.": false, "The client is too old.": false, "Le client est à jour.": false,
		"Die Kundennummer steht oben.": false, "> This customer never pays.\nWhich one?": false,
	} {
		if got := speaksOfCustomer(text, one); got != of {
			t.Errorf("%q: %v", text, got)
		}
	}
	shop := conversation{parts: one.parts, wrote: []string{"How do we send a customer the bill?"}}
	if speaksOfCustomer("The customer is written to at once.", shop) {
		t.Error("a shop has customers")
	}
}

const paidNotice = "New ticket from Max\n\n" + "------------------------------------------------------------\nThe pump hums.\n------------------------------------------------------------\n\n" +
	"Ticket       #12 Pump\nFrom         Max, max@customer.example\nStatus       new\nTier         1 Front desk\nFirst reply  4 h left, Tuesday 1 December, 08:18 UTC\n" +
	"Assigned to  nobody (team Front desk)\nSerial       AB 12 X\n\nHow we do this\n\nTurn it off and wait ten minutes.\n\nYour reply goes to Max. Start your reply with /note to keep it internal."

// The facts of a notice go to nobody, whole or broken, in a table or in a sentence; what the customer gave, and what a page of the desk says, may.
func TestPasted(t *testing.T) {
	for text, held := range map[string]bool{
		"It comes.\n\nAssigned to  nobody (team Front desk)": true, "It comes.\n\nStatus: new": true, "It comes (First reply 4 h left, Tuesday 1 December, 08:18 UTC).": true,
		"It comes.\n\n(team Front desk)": true, "It comes.\n\n| Tier | 1 Front desk |": true, "It comes. Assigned to: Tom, tier: 2 Technicians": true,
		"It comes.\n\nYour reply goes to Max.": true,
		"It comes.\n\nSerial: AB 12 X":         false, "Turn it off and wait ten minutes.": false, "Your ticket #12 Pump is with us.": false, "The front desk rings you.": false,
		"Status: on its way": false, "> Status new\n\nNot any more.": false, "It is assigned to nobody yet.": false,
	} {
		if got := pasted(text, paidNotice, []string{"AB 12 X"}); (got != nil) != held {
			t.Errorf("%q: %q", text, got)
		}
	}
	if got := pasted("Status: new", "", nil); got != nil {
		t.Errorf("without a notice: %q", got)
	}
}

// A key in a text is for nobody; a certificate, and what is said of keys, is.
func TestKeyIn(t *testing.T) {
	block := func(kind string) string {
		return "Here:\n\n-----BEGIN " + kind + "-----\nComment: x\n\n" + strings.Repeat("AbC1", 16) + "\n" + strings.Repeat("AbC1", 16) + "\n=abcd\n-----END " + kind + "-----\n"
	}
	for _, kind := range []string{"PGP PUBLIC KEY BLOCK", "PGP PRIVATE KEY BLOCK", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PKCS7"} {
		if keyIn(block(kind)) != kind || keyIn(strings.ReplaceAll(block(kind), "\n", "\n  ")) != kind {
			t.Errorf("%s is not found", kind)
		}
	}
	quoted := "> " + strings.ReplaceAll(block("RSA PRIVATE KEY"), "\n", "\n> ")
	if found := slices.DeleteFunc([]string{keyIn(block("CERTIFICATE")), keyIn(quoted), keyIn("It begins with\n-----BEGIN RSA PRIVATE KEY-----\nand ends.")},
		func(s string) bool { return s == "" }); len(found) > 0 {
		t.Errorf("found %q", found)
	}
}
