package templates

import "time"

// Sample is facts to look at a template with.
type Sample struct {
	What  string // "full facts": in words, for a fault
	Facts *Facts
}

// Samples returns facts to preview a template with, the fullest first. They are made anew with each
// call.
func Samples(name Name) []Sample {
	out := samples(audiences[name])
	if own, found := ownButtons[name]; found {
		out[0].Facts.Buttons = own
	}
	return out
}

// ownButtons are those of agents' mails that are about something else than a ticket as a whole.
var ownButtons = map[Name]Buttons{
	ArticleReview: {
		{"It is still right", "mailto:support+right7xq@desk.example?subject=Re%3A%20A%20printer%20cannot%20be%20reached&body=It%20is%20still%20right"},
	},
	Confirm: {
		{"Yes, it was me", "mailto:support+yes7xq@desk.example?subject=Yes%2C%20it%20was%20me%20%5B%231042%5D"},
		{"No", "mailto:support+no7xq@desk.example?subject=No%20%5B%231042%5D"},
	},
	Held: {
		{"Send it as it is", "mailto:support+send7xq@desk.example?subject=Send%20it%20as%20it%20is%20%5B%231042%5D"},
		{"Drop it", "mailto:support+drop7xq@desk.example?subject=Drop%20it%20%5B%231042%5D"},
	},
	Draft: {
		{"Send it", "mailto:support+send7xq@desk.example?subject=Send%20it%20%5B%231042%5D"},
		{"Send it back with a comment",
			"mailto:support+back7xq@desk.example?subject=Send%20it%20back%20with%20a%20comment%20%5B%231042%5D"},
	},
	Bounced: ofGone, HasLeft: ofGone,
	Receipt: nil, Help: nil,
}

// ofGone are the buttons on somebody whom no mail reaches any more.
var ofGone = Buttons{
	{"No more copies to jim@gold.example",
		"mailto:support+reply7xq@desk.example?subject=Cc%20%5B%231042%5D&body=%2Fcc%20-jim%40gold.example"},
	{"Copies to jack@gold.example instead",
		"mailto:support+reply7xq@desk.example?subject=Cc%20%5B%231042%5D&body=%2Fcc%20-jim%40gold.example%20%2Bjack%40gold.example"},
}

// samples returns every variant that a template of that audience must cope with.
func samples(a audience) []Sample {
	full := FullSample()
	switch a {
	case toCustomer:
		full.Buttons = Buttons{
			{"That solved it", "mailto:support+solved7xq@desk.example?subject=That%20solved%20it%20%231042&body=Just%20send%20this."},
			{"I need a person", "mailto:support+person7xq@desk.example?subject=I%20need%20a%20person%20%231042&body=Just%20send%20this."},
		}
	case toAside:
		full.Buttons = Buttons{
			{"Yes", "mailto:support+yes7xq@desk.example?subject=Yes%20%231042&body=Just%20send%20this."},
			{"No", "mailto:support+no7xq@desk.example?subject=No%20%231042&body=Just%20send%20this."},
		}
	}
	bare := &Facts{Desk: full.Desk, Now: full.Now, Ticket: Ticket{Number: 1042, Into: 1040}}
	out := []Sample{{"full facts", full}, {"few facts", bare}, {"no facts", &Facts{}}}
	if a == toAgent {
		late := FullSample()
		late.GoesTo, late.Earlier, late.Buttons = "", Entry{}, nil
		late.Clock.Missed, late.Clock.Left = true, -40*time.Minute
		late.Suggestions, late.SOPs, late.Stays, late.Similar, late.History = nil, nil, nil, nil, nil
		out = append(out, Sample{"a missed clock and no history", late})
	}
	return out
}

// FullSample returns facts with everything filled in, at an instant that never changes.
func FullSample() *Facts {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		berlin = time.FixedZone("CET", 3600) // no time zones on this machine
	}
	opened := time.Date(2026, 1, 5, 8, 12, 0, 0, time.UTC)
	now := opened.Add(48 * time.Minute)
	jane := Person{Name: "Jane Doe", Address: "jane@gold.example", Organisation: "Gold Ltd", Plan: "gold"}
	bob := Person{Name: "Bob Miller", Address: "bob@desk.example"}
	question := Block("Hello,\n\nsince 9:00 nobody on the second floor reaches the printer.\nThe display says:\n\n    E-42  network unreachable\n\nCould you have a look? We have to print the invoices today.\n\nJane")
	first := Clock{Target: "first_reply", Due: opened.Add(time.Hour), Left: 12 * time.Minute}
	return &Facts{
		Desk:   Desk{Name: "Acme Support", Address: "support@desk.example", Domain: "desk.example", Language: "en", Location: berlin},
		Reader: bob, Customer: jane, Author: jane, Agent: Person{Name: "Carla Ruiz"},
		Ticket: Ticket{
			Number: 1042, Subject: "Printer on the second floor is down", Status: "open", Priority: "high", Tier: Tier{2, "Technicians"},
			Team: "network", Assignee: "Bob Miller", Tags: []string{"printer", "outage"}, Opened: opened, Inbox: "support",
			Into: 1040, Linked: []int64{987}, Watchers: []string{"Carla Ruiz"}, Booked: "1 h 20 min",
			Fields: []Field{{"room", "2.14"}, {"serial", "X-4711"}},
		},
		Now: now, Location: berlin,
		Body: question,
		Earlier: Entry{Who: "Jane Doe", When: now.Add(-9 * time.Minute), Kind: "message",
			Text: "It works again, but only for the colleagues in room 2.14."},
		Attachments: []Attachment{{"display.jpg", 843_210}, {"log.txt", 1_204}},
		History: []Entry{
			{"Jane Doe", opened, "message", question},
			{"Carla Ruiz", opened.Add(20 * time.Minute), "answer", "Hello Jane,\n\nis the lamp beside the network cable green?\n\nCarla"},
			{"Jane Doe", opened.Add(31 * time.Minute), "message", "No, it is off."},
			{"Carla Ruiz", opened.Add(40 * time.Minute), "note", "The switch in 2.01 does not answer either."},
		},
		Clock: first,
		Clocks: []Clock{first,
			{Target: "resolution", Due: opened.Add(8 * time.Hour), Left: 7*time.Hour + 12*time.Minute}},
		Before:  Tier{1, "Front desk"},
		Reasons: []string{"rule \"outage at a gold customer\" (rules/20-network.yaml:2)", "no agent reply for 30 minutes at tier 1"},
		Steps: []Step{
			{Command: "/take", Outcome: "assigned to you"},
			{Command: "/priority high", Outcome: "was high already"},
			{Command: "/team netwrok", Outcome: "there is no such team; did you mean network?", Failed: true},
			{Outcome: "your answer goes to Jane Doe"},
		},
		Command: "/escalte", Nearest: "/escalate",
		Commands: []Usage{
			{"/note", "the rest is a note, not for the customer"}, {"/take", "you have the ticket"},
			{"/assign bob", "somebody, a team or none has it"},
			{"/close", "the ticket is closed"}, {"/solve", "the ticket is solved"}, {"/priority high", "urgent, high, normal or low"},
			{"/tier 2", "to another tier"}, {"/escalate reason", "up one tier"}, {"/send", "send a held mail"},
			{"/drop", "drop a held mail"}, {"/help", "this list"},
		},
		Found: []Found{
			{Number: 1042, Subject: "Printer on the second floor is down", Status: "open", Who: "Jane Doe",
				Assignee: "Bob Miller", Changed: now,
				Snippet: "… since 9:00 nobody on the second floor reaches the printer. The display says: E-42 …",
				Show:    "mailto:support+found7xq@desk.example?subject=%5B%231042%5D&body=%2Fshow",
				Reply:   "mailto:support+found7xq@desk.example?subject=%5B%231042%5D%20Printer"},
			{Number: 911, Subject: "Printer room 2.14 offline", Status: "closed", Who: "accounts@gold.example",
				Changed: opened.AddDate(0, -2, -4), Snippet: "The printer is offline again."},
		},
		Suggestions: []Article{
			{Title: "A printer cannot be reached", Link: "https://help.desk.example/printer",
				Page: Page{"1. Switch the printer off and on.\n2. Wait for the green lamp.",
					Markup{"<ol><li>Switch the printer off and on.</li><li>Wait for the green lamp.</li></ol>"}}},
			{Title: "Printing from your phone", Summary: "how to add the printer to your telephone",
				Link: "https://help.desk.example/phone"},
		},
		SOPs: []Article{{Title: "Switch does not answer", Summary: "restart by the remote socket, then check the uplink",
			Page: Page{"1. Open the socket's page.\n2. Switch port 4 off and on.", Markup{}}}},
		Stays: []Stay{
			{Tier: Tier{Level: 1, Name: "Front desk"}, Spent: "2 h 10 min", Customer: "1 h", OnHold: "20 min",
				Who: "Ann Able, Ben Baker", Answers: 3,
				By: "Ann Able", Why: "the switch does not answer"},
			{Tier: Tier{Level: 2, Name: "Technicians"}, Spent: "40 min", Who: "Tess Tech", Answers: 1, Target: "resolution"},
		},
		Standing: []Standing{{1042, "Printer on the second floor is down", "open", now.Add(3 * time.Hour)},
			{987, "New monitor", "pending", time.Time{}}, {911, "Printer room 2.14 offline", "solved", time.Time{}}},
		Similar: []Similar{
			{Number: 911, Subject: "Printer room 2.14 offline", Solution: "uplink of the switch was unplugged"},
			{Number: 640, Subject: "E-42 on the printer", Solution: "fixed address was given twice"},
		},
		Buttons: Buttons{
			{"Take", "mailto:support+take7xq@desk.example?subject=Take%20%231042&body=Just%20send%20this."},
			{"Close", "mailto:support+close7xq@desk.example?subject=Close%20%231042&body=Just%20send%20this."},
			{"Snooze 1 day", "mailto:support+snooze7xq@desk.example?subject=Snooze%20%231042&body=Just%20send%20this."},
			{"Note", "mailto:support+note7xq@desk.example?subject=Note%20on%20%231042"},
		},
		Side: Side{Person: "eva@lab.example", Command: "approve-by", Reminder: true, Again: true, Decision: "approved",
			Contract: "C-4711", Reference: "RW-2026-17"},
		Problem: Problem{Number: 88,
			Title: "The printers of the second floor are off the network", State: "known-error"},
		Rota: sampleRota(opened),
		Review: Review{Title: "A printer cannot be reached", File: "kb/printer.md", Told: 3, Last: true, Next: now.AddDate(1, 0, 0),
			Draft: "kb/drafts/review-57-printer.md"},
		Ideas: []Idea{{Number: 3, Text: "Dark mode for the portal", Customers: 12},
			{Number: 7, Text: "Invoices as CSV", Customers: 1}},
		Form: Questionnaire{Title: "New laptop", Questions: []Question{
			{Number: 1, Ask: "Which model?", Kind: "choice", Choices: []string{"small", "medium"}, Last: "large", Answer: "large"},
			{Number: 2, Ask: "Do you need a bag?", Kind: "yes-no"},
			{Number: 3, Ask: "When do you need it?", Kind: "date", Answer: "2026-02-01"},
			{Number: 4, Ask: "What else should we know?", Kind: "text", Optional: true}}},
		GoesTo:        "Jane Doe",
		Closes:        now.AddDate(0, 0, 5),
		ReopensBefore: now.AddDate(0, 0, 14),
		NextNews:      now.AddDate(0, 0, 1),
		ByPerson:      true,
		Bounce: Bounce{Recipient: "jane@gold.example", Status: "5.1.1", Diagnostic: "550 5.1.1 <jane@gold.example>: user unknown",
			Permanent: true},
		Gone: Gone{Name: "Jim Doe", Address: "jim@gold.example", InCopy: true, Instead: []string{"jack@gold.example"}},
		Faults: []string{
			"rules/20-network.yaml:4:7: unknown team \"netwrok\" (did you mean \"network\"?)",
			"templates/ack.de.md:3: there is no fact \".Tiket\" (did you mean \"Ticket\"?)",
		},
		Mails: []MailLine{
			{ID: "17", From: "news@shop.example", Subject: "You have won", When: now.Add(-time.Hour), Size: 14_220,
				Reason: "spam score 9.1"},
			{ID: "18", From: "bob@desk.example", Subject: "Re: [#1042] Printer", When: now.Add(-10 * time.Minute), Size: 3_100,
				Reason: "sender not proven"},
		},
		Count: 12,
		Aged:  3,
		What:  "smtp.desk.example: 535 5.7.8 authentication failed",
		Since: now.Add(-25 * time.Minute),
		Hint:  "the password of support@desk.example may have changed: look at outgoing.password_file in tierdesk.yaml",
	}
}

// sampleRota is a rota of the week in which an instant lies.
func sampleRota(monday time.Time) Rota {
	day := func(n int) time.Time { return monday.AddDate(0, 0, n) }
	const away = "Tess Tall (away until Tuesday 6 January, 09:00 CET; covered by Tom Thin)"
	return Rota{
		Mine: []RotaDuty{{Role: "on-call", Team: "Technicians", From: day(7), To: day(14)},
			{Role: "instead", Team: "Technicians", From: day(0), To: day(1)},
			{Role: "on-duty", Team: "Technicians", From: day(0), To: day(13), Days: true},
			{Role: "shadow", Team: "Engineering", From: day(2), To: day(2), Days: true}},
		Weeks: []RotaWeek{
			{From: day(0), Rows: []RotaRow{
				{Team: "Technicians", Tier: "2", From: day(0), To: day(4), Several: true,
					OnDuty: "Tess Tall (away until Tuesday 6 January, 09:00 CET), Tom Thin", OnCall: away, Shadows: "Ann Able"},
				{Team: "Technicians", Tier: "2", From: day(5), To: day(6), Several: true, OnCall: "Eve Early"},
				{Team: "Engineering", Tier: "3", Whole: true, From: day(0), To: day(6), Several: true,
					OnDuty: "Eve Early", OnCall: "Eve Early"}}},
			{From: day(7), Next: true, Rows: []RotaRow{
				{Team: "Technicians", Tier: "2", Whole: true, From: day(7), To: day(13), Several: true,
					OnDuty: "Tess Tall, Tom Thin", OnCall: "Tom Thin"},
				{Team: "Engineering", Tier: "3", From: day(7), To: day(7), OnDuty: "Eve Early"}}}},
	}
}
