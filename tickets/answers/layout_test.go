package answers

import (
	"strings"
	"testing"

	"tierdesk/tickets"
	"tierdesk/tickets/answers/lexicon"
)

// Ways to lay answers out, a kind a case. It is Tuesday, 10 March 2026.
func TestLayouts(t *testing.T) {
	const whole = "what=the mouse since=2026-03-09 people=3 restarted=yes site=Kassel"
	quoted := func(with map[int]string) string {
		out := "> Hello Max,\n>\n"
		for i, ask := range []string{"What exactly does not work?", "Since when does the problem occur? (a date)", "How many people are affected?", "Have you restarted the device? (yes or no)", "At which site? (Berlin, New York or Kassel)"} {
			out += "> " + lexicon.Itoa(i+1) + ". " + ask + "\n" + with[i+1] + ">\n"
		}
		return out + "> Simply reply to this email.\n> Acme Support\n"
	}
	for _, c := range []struct{ kind, body, want string }{
		{"a table across, tabs", "Problem\tSince\tPeople\tRestarted\tSite\nthe mouse\tyesterday\t3\tyes\tKassel\n", whole},
		{"a table across, bars", "| Since | People | Restarted | Site |\n|---|---|---|---|\n| yesterday | 3 | yes | Kassel |\n", "since=2026-03-09 people=3 restarted=yes site=Kassel"},
		{"a table across, blanks", "Since       People   Restarted   Site\nyesterday   3        yes         Kassel\n", "since=2026-03-09 people=3 restarted=yes site=Kassel"},
		{"a table across, a cell a line", "Since\nPeople\nRestarted\nSite\n\nyesterday\n3\nyes\nKassel\n", "since=2026-03-09 people=3 restarted=yes site=Kassel"},
		{"a table across, an empty cell", "Since\tPeople\tRestarted\tSite\nyesterday\t\tyes\tKassel\n", "since=2026-03-09 restarted=yes site=Kassel"},
		{"a table across, two rows", "Since\tPeople\tRestarted\tSite\nyesterday\t3\tyes\tKassel\nyesterday\t4\tyes\tBerlin\n", "since=2026-03-09 restarted=yes"},
		{"a table of something else", "Name\tRoom\tPhone\nMax\t12\t0800 1\n", ""},
		{"two rows of values", "the mouse\tyesterday\t3\tyes\tKassel\nthe screen\t2 March\t4\tno\tBerlin\n", ""},
		{"Roman numerals", "i. the mouse\nii. yesterday\niii. 3\niv. yes\nv. Kassel\n", whole},
		{"keycaps", "1️⃣ the mouse\n2️⃣ yesterday\n3️⃣ 3\n4️⃣ yes\n5️⃣ Kassel\n", whole},
		{"circles", "① the mouse\n② yesterday\n③ 3\n④ yes\n⑤ Kassel\n", whole},
		{"a greeting before the first", "Hi Ann, 1. the mouse 2. yesterday 3. 3 4. yes 5. Kassel\n", whole},
		{"a slip in a label", "Sicne: yesterday\nPeolpe: 3\nRestartd: yes\nSite: Kassel\n", "since=2026-03-09 people=3 restarted=yes site=Kassel"},
		{"Q and A", "Q: since?\nA: yesterday\nQ: people?\nA: 3\nQ: restarted?\nA: yes\nQ: site\nA: Kassel\n", "since=2026-03-09 people=3 restarted=yes site=Kassel"},
		{"answer to", "Answer to 2: yesterday\nAnswer to question 3: 3\nRegarding question 4: yes\n", "since=2026-03-09 people=3 restarted=yes"},
		{"slashes", "1/ the mouse\n2/ yesterday\n3/ 3\n4/ yes\n5/ Kassel\n", whole},
		{"no blank behind the number", "1.the mouse\n2.yesterday\n3.3\n4.yes\n5.Kassel\n", whole},
		{"a decimal number is no label", "The counter says\n3.5\nand that is all I see here, sorry.\n", ""},
		{"a lead on the line", "Hello, here are the answers: 1. the mouse, 2. yesterday, 3. 3, 4. yes, 5. Kassel. Thanks!\n", whole},
		{"a lead above", "Please find my answers below:\n\nthe mouse\nyesterday\n3\nyes\nKassel\n\nMax Muster\n+49 170 123456\n", whole},
		{"crosses", "#1 the mouse\n#2 yesterday\n#3 3\n#4 yes\n#5 Kassel\n", whole},
		{"Q1 in a line", "Q1: the mouse. Q2: yesterday. Q3: 3. Q4: yes. Q5: Kassel.\n", whole},
		{"short sentences", "Since yesterday. 3 of us. Yes I have. Kassel.\n", "since=2026-03-09 people=3 restarted=yes site=Kassel"},
		{"none of one thing is no other no", "Since yesterday. No screens. Kassel.\n", "since=2026-03-09 site=Kassel"},
		{"a dash before a long number", "3 - 48310\n5 - Kassel\n", "people=48310 site=Kassel"},
		{"the hint is the answer", wrote + strings.NewReplacer("(yes or no)", "(yes)", "(a date)", "(yesterday)", "(Berlin, New York or Kassel)", "(Kassel)").Replace(quoted(nil)), "since=2026-03-09 restarted=yes site=Kassel"},
		{"bold in the hint", wrote + strings.NewReplacer("(yes or no)", "(*yes* or no)", "or Kassel)", "or *Kassel*)").Replace(quoted(nil)), "restarted=yes site=Kassel"},
		{"all bold in the hint", wrote + strings.NewReplacer("(yes or no)", "(*yes* or *no*)").Replace(quoted(nil)), ""},
		{"one line unclear", "the mouse\nyesterday\nsome\nyes\nKassel\n", "what=the mouse since=2026-03-09 restarted=yes site=Kassel"},
		{"most lines unclear", "the mouse\nyesterday\nsome\nwell\nsomewhere\n", ""},
		{"own labels in any order", "Machine state: Kassel\nTrouble: mouse jumps\nSince: 2 March\nHeads: 4\nReboot: yes\n", "what=mouse jumps since=2026-03-02 people=4 restarted=yes site=Kassel"},
		{"corrected by number", "1. the mouse\n2. yesterday\n3. 3\n4. yes\n5. Kassel\n\nPS: Sorry, for no. 3 I mean four.\n", "what=the mouse since=2026-03-09 people=4 restarted=yes site=Kassel"},
		{"corrected without a number", "2. yesterday\n3. 3\n\nPS: Sorry, I meant something else.\n", ""},
		{"the hint as it was", wrote + quoted(nil), ""},
		{"several below one", wrote + quoted(map[int]string{1: "the mouse, since yesterday, yes to the restart\n", 3: "3\n"}), "what=the mouse since=2026-03-09 people=3 restarted=yes"},
		{"several below one, each with its name", wrote + quoted(map[int]string{1: "the mouse, site Kassel, restarted yes\n", 3: "3\n"}), "what=the mouse people=3 restarted=yes site=Kassel"},
		{"a list below the last", wrote + quoted(map[int]string{1: "Three things:\n1. the mouse\n2. the screen\n3. the phone\n", 2: "yesterday\n", 3: "3\n"}), "what=Three things:\n1. the mouse\n2. the screen\n3. the phone since=2026-03-09 people=3"},
		{"a program's output", "Here is what it says:\n\nname: x\nversion: 2\nsite: Kassel\nhost: local\n", ""},
		{"a list of something else", "1. I wrote to you already.\n2. Nobody came.\n3. What shall I do now?\n", ""},
		{"you know", "I know - but nobody told us\n", ""},
	} {
		got := Read(&faultForm, []int{0, 1, 2, 3, 4}, mailOf(t, "text/plain", c.body), When{Now: tuesday, Language: "en"})
		var said []string
		for _, q := range faultForm.Questions {
			if v, ok := got.Values[q.Name]; ok {
				said = append(said, q.Name+"="+v)
			}
		}
		if all := strings.Join(said, " "); all != c.want {
			t.Errorf("%s:\n%s\nis read as %q\nwant       %q", c.kind, c.body, all, c.want)
		}
	}
}

// A table across in HTML, whose text shows no columns; and a sign that the plain text has lost.
func TestWhatOnlyTheHTMLShows(t *testing.T) {
	m := mailOf(t, "text/html", "<table><tr><th>Since</th><th>People affected</th><th>Restarted</th><th>Site</th></tr><tr><td>2 March</td><td>3</td><td></td><td>New York</td></tr></table>")
	got := Read(&faultForm, []int{0, 1, 2, 3, 4}, m, When{Now: tuesday, Language: "en"})
	if len(got.Values) != 3 || got.Values["since"] != "2026-03-02" || got.Values["people"] != "3" || got.Values["site"] != "New York" {
		t.Errorf("a table: %q from %q", got.Values, m.Reply)
	}
	for _, c := range []struct{ html, want string }{
		{"<p>2. 2 March</p><p>3. 12 &#8364;&#47;?</p><p>5. Kassel</p>", ""},
		{"<p>2. 2 March</p><p>3. 12 &#8203;</p><p>5. Kassel</p>", "12"},
		{"<p>2. 2 March</p><p>3. 12 ?</p><p>5. Kassel</p>", ""},
	} {
		m := mailOf(t, "text/plain", "2. 2 March\n3. 12 ?\n5. Kassel\n")
		m.HTML = c.html
		got := Read(&faultForm, []int{0, 1, 2, 3, 4}, m, When{Now: tuesday, Language: "en"})
		if got.Values["people"] != c.want {
			t.Errorf("%s: %q", c.html, got.Values)
		}
	}
}

// The address of the mail itself, the answer above, nothing to add, and an optional question's two hints.
func TestWhatPointsElsewhere(t *testing.T) {
	form := tickets.Form{Name: "points", Questions: []tickets.Question{
		{Name: "who", Kind: tickets.AskText, Ask: tickets.Worded{"en": "Who will take part?"}},
		{Name: "payer", Kind: tickets.AskText, Ask: tickets.Worded{"en": "Who pays for it?"}},
		{Name: "mail", Kind: tickets.AskEmail, Ask: tickets.Worded{"en": "Which e-mail address should the invitation go to?"}},
		{Name: "until", Kind: tickets.AskDate, Optional: true, Ask: tickets.Worded{"en": "Until when do you need it?"}},
		{Name: "more", Kind: tickets.AskText, Optional: true, Ask: tickets.Worded{"en": "What else should we know?"}},
	}}
	quote := "\n\n" + wrote + "> 4. Until when do you need it? (a date) (optional)\n>\n> 5. What else should we know? (optional)\n"
	stories(t, &form, nil, []saying{
		{"en", "1. Ann Able\n2. same as above\n3. the one I write from\n4. 31 December\n5. nothing else" + quote, "who=Ann Able payer=Ann Able mail=max@customer.example until=2026-12-31"},
		{"de", "1. Ann Able\n2. dito\n3. Die Adresse, von der ich schreibe\n4. 31.1.\n5. nein" + quote, "who=Ann Able payer=Ann Able mail=max@customer.example until=2027-01-31"},
		{"en", "1. don't know yet\n2. same as above\n3. not this address\n4. until 15 May 2026\n5. It smells." + quote, "until=2026-05-15 more=It smells"},
		{"en", "3. this address or my private one" + quote, ""},
		{"en", "1. Ann Able\n2. not decided yet\n3. a@b.example" + quote, "who=Ann Able mail=a@b.example"},
	})
}
