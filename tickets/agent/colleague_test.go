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
		{"Dear Mr Reed,\nshe sends everything back", "Tom Reed", nil},
		{"Sehr geehrter Herr Reed\n\nsie schickt alles zurück", "Tom Reed", nil},
		{"Bonjour Monsieur Reed,\nelle renvoie tout", "Tom Reed", nil},
		{"Hallo Herr Dr. Ott,\nsie schickt alles zurück", "Prof. Dr. Leo Ott", nil},
		{"Tomさん、いつも返品です", "Tom Reed", nil},
		{"Tom，她总是退货", "Tom Reed", nil},
		{"Dear Mr Reed,\nit comes on Monday.", "", []tickets.Participant{{Name: "Jim Reed"}}},
		{"Dear Mr Reedham,\nit comes on Monday.", "", nil},
		{"Dear Reed family,\nit comes on Monday.", "", nil},
		{"Hi\u00a0Tom\u00a0–\u00a0she sends everything back", "Tom Reed", nil},
		{"\u200bTom\u200b, she sends everything back", "Tom Reed", nil},
		{"FYI @Tom Reed: she sends everything back", "Tom Reed", nil},
		{"It comes on Monday. I think @tom knows more.", "Tom Reed", nil},
		{"For Tom: she sends everything back", "Tom Reed", nil},
		{"Attn: Tom Reed\n\nShe sends everything back.", "Tom Reed", nil},
		{"z.Hd. Tom Reed\n\nSie schickt alles zurück.", "Tom Reed", nil},
		{"Thanks Tom, she sends everything back", "Tom Reed", nil},
		{"Tom? She sends everything back.", "Tom Reed", nil},
		{"Cc: Tom\n\nShe sends everything back.", "Tom Reed", nil},
		{"Szia Tom!\n\nMindent visszaküld.", "Tom Reed", nil},
		{"It comes on Monday.\n\nTom Reed  10:02 AM\nshe sends everything back", "Tom Reed", nil},
		{"It comes on Monday.\n\n30/11/2026, 10:02 - Tom: she sends everything back", "Tom Reed", nil},
		{"It comes on Monday.\n\n[10:02] Tom R.: she sends everything back", "Tom Reed", nil},
		{"It comes on Monday.\n\nMnamo 30.11.2026 saa 10:00, Tom Reed aliandika:\nShe sends everything back.", "Tom Reed", nil},
		{"It comes on Monday.\n\nTom Reed գրել է 30.11.2026 10:00-ին՝\nShe sends everything back.", "Tom Reed", nil},
		{"Tom Reed is there at 10:00: hall 2, the back door.", "", nil},
		{"Tom Reed brings you these:\n\na fuse", "", nil},
		{"Write to tom@gold.example or info@tom.example.", "", nil},
		{"@Tom, it comes on Monday.", "", []tickets.Participant{{Name: "Tom Muster"}}},
		{"It comes on Monday at 10:02, Tom Reed brings it.", "", nil},
		{"Thanks, it comes on Monday with Tom.", "", nil},
		{"10:00 to 11:00: Tomorrow", "", nil},
		// A mail that went round in the house, below the answer, whatever its labels mean.
		{"It comes on Monday.\n\nOddi wrth: Tom Reed\nAnfonwyd: Dydd Llun, 30 Tachwedd 2026 10:00\nAt: Ida Lind\nPwnc: RE: parcel\n\nShe sends everything back.", "Tom Reed", nil},
		{"It comes on Monday.\n\nკუსგან: Reed, Tom\nროდის: 30.11.2026 10:00\nვის: Lind, Ida\nთემა: parcel\n\nShe sends everything back.", "Tom Reed", nil},
		{"It comes on Monday.\n\nՈւմից՝ Tom Reed\nԵրբ՝ 30.11.2026 10:00\nՈւմ՝ Ida Lind\nԹեմա՝ parcel\n\nShe sends everything back.", "Tom Reed", nil},
		{"It comes on Monday.\n\n*Kutoka:* Pat Post\n*Imetumwa:* 30 Novemba 2026 10:00\n*Kwa:* Ida Lind\n*Mada:* RE: parcel\n\nShe sends everything back.", "Pat Post", nil},
		{"Your appointment\n\nDay: 30.11.2026\nTime: 10:00\nTechnician: Tom Reed\nPlace: hall 2", "", nil},
		{"Please enter this:\n\nServer: mail.acme.example\nPort: 587\nUser: jim\nContact: Ida Lind, 10:00 to 11:00", "", nil},
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

// A greeting to several colleagues is for nobody who takes part, unless they are of the house or several.
func TestToColleagues(t *testing.T) {
	people := &tickets.Directory{Agents: []tickets.Agent{{Name: "ida", FullName: "Ida Lind", Address: "ida@staff.example"}}}
	jim, jane, inside := tickets.Participant{Address: "jim@gold.example"}, tickets.Participant{Address: "jane@gold.example"}, tickets.Participant{Address: "pat@staff.example"}
	for _, c := range []struct {
		text  string
		parts []tickets.Participant
		want  bool
	}{
		{"Hallo Kollegen,\n\nwer nimmt das?", []tickets.Participant{jim}, true},
		{"Liebe Kolleginnen und Kollegen,\n\nwer nimmt das?", []tickets.Participant{jim}, true},
		{"Dear\u00a0colleagues,\n\nwho takes this?", []tickets.Participant{jim}, true},
		{"Chers collègues,\n\nqui le prend ?", []tickets.Participant{jim}, true},
		{"Коллеги, кто возьмёт?", []tickets.Participant{jim}, true},
		{"Hallo Kollegen,\n\nwer nimmt das?", []tickets.Participant{jim, jane}, false},
		{"Hallo Kollegen,\n\nwer nimmt das?", []tickets.Participant{inside}, false},
		{"Dear Jim,\n\nmy colleagues come on Monday.", []tickets.Participant{jim}, false},
		{"Colleagues of mine come on Monday.", []tickets.Participant{jim}, false},
		{"", []tickets.Participant{jim}, false},
	} {
		if got := toColleagues(c.text, people, c.parts); got != c.want {
			t.Errorf("%q, %v: %v", c.text, c.parts, got)
		}
	}
}
