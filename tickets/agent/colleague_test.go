package agent

import (
	"testing"

	"tierdesk/tickets"
)

// What is addressed to a colleague, or holds their words below their name, is no answer. A name in a sentence is.
func TestColleagueIn(t *testing.T) {
	people := &tickets.Directory{Agents: []tickets.Agent{{Name: "ida", FullName: "Ida Lind"}, {Name: "tom", FullName: "Tom Reed"}, {Name: "sam", FullName: "Sam"},
		{Name: "uma", FullName: "Uma-Lou Hay"}, {Name: "leo", FullName: "Prof. Dr. Leo Ott"}, {Name: "dr", FullName: "Dr."}}}
	ida := &people.Agents[0]
	for _, c := range []struct {
		text, whose string
		parts       []tickets.Participant
	}{
		{"Tom, he never pays.", "Tom Reed", nil},
		{"\nHi Tom!\n\nHe never pays.", "Tom Reed", nil},
		{"Lieber Tom: er zahlt nie.", "Tom Reed", nil},
		{"hallo tom und sam, er zahlt nie", "Tom Reed", nil},
		{"Sam - he never pays.", "Sam", nil},
		{"It comes on Monday.\n\nTom Reed wrote:\nHe never pays.", "Tom Reed", nil},
		{"It comes on Monday.\n\n[09:00] Tom Reed: he never pays", "Tom Reed", nil},
		{"It comes on Monday.\n\n[30.11.26, 09:00 Uhr] Tom Reed\nhe never pays", "Tom Reed", nil},
		{"It comes on Monday.\n\nTom Reed, 09:00:\nHe never pays.", "Tom Reed", nil},
		{"It comes on Monday.\n\n== Tom Reed ==\nHe never pays.", "Tom Reed", nil},
		{"It comes on Monday.\n\n*From:* Tom Reed\n*To:* Ida\n\nHe never pays.", "Tom Reed", nil},
		{"It comes on Monday.\n\nVon: Tom\n\nEr zahlt nie.", "Tom Reed", nil},
		{"Hi Tom\n\nShe sends everything back, take your time.", "Tom Reed", nil},
		{"Hi, Tom.\nShe sends everything back.", "Tom Reed", nil},
		{"Hey Tom?\nHave you met her?", "Tom Reed", nil},
		{"Dear Tom Reed\n\nShe sends everything back.", "Tom Reed", nil},
		{"Good morning Tom,\nshe sends everything back", "Tom Reed", nil},
		{"Guten Morgen Tom\n\nsie schickt alles zurück", "Tom Reed", nil},
		{"Dobrý den, Tom!\nVšechno vrací.", "Tom Reed", nil},
		{"Buenos días Tom:\nlo devuelve todo", "Tom Reed", nil},
		{"Uma-Lou, she sends everything back.", "Uma-Lou Hay", nil},
		{"Hallo Uma-Lou\n\nsie schickt alles zurück", "Uma-Lou Hay", nil},
		{"Leo, she sends everything back.", "Prof. Dr. Leo Ott", nil},
		{"Lieber Dr. Leo Ott\n\nsie schickt alles zurück", "Prof. Dr. Leo Ott", nil},
		{"Tomorrow.\n\nLeo Ott wrote:\nShe sends everything back.", "Prof. Dr. Leo Ott", nil},
		{"Tomorrow.\n\nFrom: Prof. Dr. Leo Ott\n\nShe sends everything back.", "Prof. Dr. Leo Ott", nil},
		{"Hi Tom\n\nit comes on Monday.", "", []tickets.Participant{{Shown: "tom@gold.example"}}},
		{"Guten Morgen Uma-Lou,\nsie kommt morgen.", "", []tickets.Participant{{Name: "Uma-Lou Berg"}}},
		{"Hi Leo.\nIt comes on Monday.", "", []tickets.Participant{{Name: "Dr. Leo Berg"}}},
		{"Hi Uma,\nit comes on Monday.", "", nil},
		{"Tom-Tom, it comes on Monday.", "", nil},
		{"Tom\n\nis the name of the new router.", "", nil},
		{"Hi Tom is there on Monday.", "", nil},
		{"Hitom.", "", nil},
		{"Tom, it comes on Monday.", "", []tickets.Participant{{Name: "Tom Muster"}}},
		{"Ida here: it comes on Monday.", "", nil},
		{"Tom Reed comes on Monday.", "", nil},
		{"Tom will come, I think.", "", nil},
		{"Your technician: Tom Reed", "", nil},
		{"Please ask Tom Reed: he has the key.", "", nil},
		{"On Monday from 9:00 to 10:00 Tom Reed is there.", "", nil},
		{"It comes on Monday.\n\nTom Reed\nAcme Support", "", nil},
		{"Tomorrow, it comes.", "", nil},
		{"", "", nil},
	} {
		if got := colleagueIn(c.text, people, ida, c.parts); got != c.whose {
			t.Errorf("%q: %q, wanted %q", c.text, got, c.whose)
		}
	}
}
