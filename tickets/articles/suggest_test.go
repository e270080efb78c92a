package articles

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pages reads the articles of testdata: a title and a text, for customers.
func pages(t testing.TB) []Article { return pagesOf(t, "testdata/articles") }

func pagesOf(t testing.TB, folder string) []Article {
	t.Helper()
	files, err := filepath.Glob(folder + "/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no articles: %v", err)
	}
	var out []Article
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, text, _ := strings.Cut(strings.TrimPrefix(string(b), "---\n"), "\n---\n")
		a := Article{File: "kb/" + path.Base(file), Name: NameOf(file), Public: true, Text: strings.TrimSpace(text)}
		a.Language = strings.TrimSuffix(strings.TrimPrefix(path.Base(file), a.Name+"."), ".md")
		for line := range strings.Lines(head) {
			switch key, value, _ := strings.Cut(strings.TrimSpace(line), ": "); key {
			case "title":
				a.Title = strings.Trim(value, `"`)
			case "tags":
				a.Tags = strings.Split(strings.Trim(value, "[]"), ", ")
			}
		}
		out = append(out, a)
	}
	return out
}

func names(found []Found) string {
	var out []string
	for _, f := range found {
		out = append(out, f.Name+"."+f.Language)
	}
	return strings.Join(out, " ")
}

// What an article is about may have a name that only this desk uses, in no vocabulary.
func TestADesksOwnWords(t *testing.T) {
	x := New(append(pages(t), Article{File: "kb/zwirbel.md", Name: "zwirbel", Title: "Zwirbelpass ändern", Language: "de", Public: true,
		Text: "Die Stufe lässt sich zum Monatsende ändern, unter Mein Konto oder mit dem Formular am Schalter."}), "en")
	for _, c := range []struct{ text, want string }{
		{"Ich möchte meinen Zwirbelpass ändern.", "zwirbel.de"},
		{"Zum Monatsende brauche ich am Schalter ein anderes Formular.", ""}, // only its text
	} {
		found, _ := x.Suggest(Question{Subject: "Anliegen", Text: c.text, Language: "de"})
		if got := names(found[:min(len(found), 1)]); got != c.want {
			t.Errorf("%q: %q is offered, wanted %q", c.text, got, c.want)
		}
	}
}

func TestSuggest(t *testing.T) {
	all := pages(t)
	sop := Article{File: "kb/vpn-sop.md", Name: "vpn-sop", Title: "VPN: what agents do", Language: "en", Text: "Restart the VPN gateway."}
	x := New(append(all, sop), "en")
	for _, c := range []struct {
		q    Question
		want string // the first; "" for none at all
	}{
		{Question{Subject: "Password reset", Text: "I have forgotten my password. How do I reset it?", Language: "en"}, "password-reset.en"},
		{Question{Subject: "Passwort vergessen", Text: "Wie setze ich mein Passwort zurück?", Language: "de", Any: true}, "password-reset.de"},
		{Question{Subject: "mot de passe oublié", Text: "Comment réinitialiser mon mot de passe ?", Language: "fr"}, "password-reset.fr"},
		{Question{Subject: "Passwort vergessen", Text: "Wie setze ich mein Passwort zurück?", Language: "fr", Any: true}, "password-reset.fr"}, // in the language that is asked for
		{Question{Subject: "Drucker", Text: "Beim Papiereinzug ist ein Stau.", Language: "de", Any: true}, "drucker-papierstau.de"},
		{Question{Subject: "Summer party", Text: "Would you like to come to our summer party on the lake?", Language: "en"}, ""},
		{Question{Subject: "", Text: "", Language: "en", Any: true}, ""},
		{Question{Subject: "1234 !!", Text: "... 99", Language: "xx", Any: true}, ""},
	} {
		public, internal := x.Suggest(c.q)
		if got := names(public); c.want == "" && got != "" || !strings.HasPrefix(got, c.want) {
			t.Errorf("%+v: %q, want %q first", c.q, got, c.want)
		}
		for _, f := range public {
			if !f.Public {
				t.Errorf("%+v: %s is for agents", c.q, f.File)
			}
		}
		for _, f := range internal {
			if f.Public {
				t.Errorf("%+v: %s is for customers", c.q, f.File)
			}
		}
	}
	hangs := Question{Subject: "vpn", Text: "The VPN gateway hangs, please restart it", Language: "en"}
	if _, internal := x.Suggest(hangs); names(internal) != "vpn-sop.en" {
		t.Errorf("agents get %q", names(internal))
	}
	for _, empty := range []*Index{nil, New(nil, "en"), New([]Article{sop}, "en")} {
		if public, _ := empty.Suggest(Question{Subject: "VPN", Text: "the VPN gateway", Any: true}); public != nil || empty.Has(true) {
			t.Errorf("articles of nothing: %s", names(public))
		}
	}
}

// A desk that has only begun to write articles: what plainly fits is offered, and nothing else is.
func TestTinyLibraries(t *testing.T) {
	password := Article{File: "kb/passwort.md", Name: "passwort", Language: "de", Public: true, Title: "Passwort zurücksetzen",
		Text: "Öffnen Sie die Anmeldeseite und klicken Sie auf „Passwort vergessen“. Sie bekommen einen Link per E-Mail, der eine Stunde gilt."}
	vpn := Article{File: "kb/vpn.md", Name: "vpn", Language: "en", Public: true, Title: "Connecting to the VPN", Text: "Install the client, start it and choose the gateway. Confirm on your phone."}
	jam := Article{File: "kb/jam.md", Name: "jam", Language: "en", Public: true, Title: "Clearing a paper jam", Text: "Open the rear flap and pull the paper out with both hands."}
	refund := Article{File: "kb/refund.md", Name: "refund", Language: "fr", Public: true, Title: "Remboursement", Text: "Le remboursement arrive en cinq jours sur votre carte."}
	for _, c := range []struct {
		shelf []Article
		q     Question
		want  string
	}{
		{[]Article{password}, Question{Subject: "Passwort vergessen", Language: "de"}, "passwort.de"},
		{[]Article{password}, Question{Subject: "Kennwort vergessen", Text: "Wie bekomme ich ein neues?", Language: "de"}, "passwort.de"},
		{[]Article{password}, Question{Subject: "Rechnung", Text: "Auf der Rechnung fehlt unsere Bestellnummer. Können Sie das ändern?", Language: "de"}, ""},
		{[]Article{password}, Question{Subject: "Danke", Text: "Vielen Dank, alles läuft wieder. Schönes Wochenende!", Language: "de"}, ""},
		{[]Article{vpn, jam}, Question{Subject: "Printer", Text: "There is a paper jam in our printer. What can I do?", Language: "en"}, "jam.en"},
		{[]Article{vpn, jam}, Question{Subject: "VPN", Text: "How do I connect to the VPN from home?", Language: "en"}, "vpn.en"},
		{[]Article{vpn, jam}, Question{Subject: "Invitation", Text: "Would you like to come to our summer party?", Language: "en"}, ""},
		{[]Article{vpn, jam}, Question{Subject: "Chairs", Text: "Can you recommend a chair for a tall person?", Language: "en"}, ""},
		{[]Article{vpn, jam, password, refund}, Question{Subject: "remboursement", Text: "Quand est-ce que je serai remboursé ?", Language: "fr"}, "refund.fr"},
		{[]Article{vpn, jam, password, refund}, Question{Subject: "Rufumleitung einrichten", Language: "de"}, ""},
		{[]Article{vpn, jam, password, refund}, Question{Subject: "Connect to the VPN", Language: "en"}, "vpn.en"},                                      // a subject alone asks
		{[]Article{vpn, jam, password, refund}, Question{Subject: "Erstattung", Text: "Wann wird meine Karte erstattet?", Language: "de"}, "refund.fr"}, // there is no other
		{[]Article{vpn, jam}, Question{Subject: "VPN", Language: "en"}, "vpn.en"},                                                                       // a subject alone asks
		{[]Article{vpn, jam, password, refund}, Question{Subject: "Parkplatz", Text: "Wo kann unser Besuch parken?", Language: "de"}, ""},
	} {
		public, internal := New(c.shelf, "en").Suggest(c.q)
		if got := names(public); got != c.want || internal != nil {
			t.Errorf("%d articles, %q: %q is offered, not %q", len(c.shelf), c.q.Subject+": "+c.q.Text, got, c.want)
		}
	}
}

// A word names a notion in each of its forms, but not where another word only looks like one.
func TestNotions(t *testing.T) {
	for _, c := range []struct {
		language, text string
		named, not     []string
	}{
		{"de", "Kennwörter", []string{"password"}, nil},
		{"de", "Der Ordner ist weg", []string{"file", "lost"}, nil},
		{"de", "wegen des Ordners", []string{"file"}, []string{"lost"}},
		{"en", "Do I pay customs duty?", []string{"customs", "pay"}, nil},
		{"en", "customs", []string{"customs"}, nil},
		{"en", "our customers", nil, []string{"customs"}},
		{"en", "my accountant", []string{"accountant"}, nil},
		{"en", "my account", []string{"account"}, []string{"accountant"}},
		{"fr", "maintenant", nil, []string{"repair"}},
		{"fr", "un contrat de maintenance", []string{"repair"}, nil},
		{"fr", "J'ai oublié mon mot de passe", []string{"forgotten", "password"}, nil},
		{"fr", "un mot de travers", nil, []string{"password"}},
		{"en", "Thank you, everything works again", []string{"!praise"}, nil},
		{"en", "lower my monthly instalment", []string{"monthly amount"}, []string{"install"}},
		{"en", "Please install the program", []string{"install"}, []string{"monthly amount"}},
		{"en", "Send us your meter reading", []string{"meter", "meter reading"}, []string{"mailbox full"}},
		{"en", "I like reading mail on the bus", []string{"mail"}, []string{"meter reading"}},
		{"de", "Ihr Monteur hat die Leitung angebohrt", []string{"!claim"}, nil},
		{"de", "Mein Vorgänger hat alles abgelegt", nil, []string{"!chase"}},
		{"fr", "Merci d'avance", nil, []string{"monthly amount"}},
		{"fr", "Votre monteur n'est jamais venu", []string{"!nobody came"}, nil},
	} {
		a := read(Question{Text: c.text}, c.language, newStems())
		for _, n := range c.named {
			if !slices.ContainsFunc(a.notions, func(t term) bool { return t.word == "="+n }) {
				t.Errorf("%q: %v, without %s", c.text, a.notions, n)
			}
		}
		for _, n := range c.not {
			if slices.ContainsFunc(a.notions, func(t term) bool { return t.word == "="+n }) {
				t.Errorf("%q: %v, with %s", c.text, a.notions, n)
			}
		}
	}
}

// A mail of praise asks less for an article, unless there is one on praise.
func TestKindsOfMail(t *testing.T) {
	vpn := Article{File: "kb/vpn.md", Name: "vpn", Language: "en", Public: true, Title: "Connecting to the VPN", Text: "Install the client. It is a great service."}
	praise := Article{File: "kb/praise.md", Name: "praise", Language: "en", Public: true, Title: "Where to leave your compliments", Text: "Choose a star."}
	first := func(x *Index, text string) (string, float64) {
		public, _ := x.Suggest(Question{Text: text, Language: "en", Any: true})
		return public[0].Name, public[0].Score
	}
	alone, both := New([]Article{vpn}, "en"), New([]Article{vpn, praise}, "en")
	_, asks := first(alone, "How does the VPN do it?")
	if name, praises := first(alone, "How does the VPN do it? A great service."); name != "vpn" || praises > 0.75*asks {
		t.Errorf("%s, %.1f to praise, %.1f to a question", name, praises, asks)
	}
	if name, _ := first(both, "The VPN is a great service."); name != "vpn" {
		t.Errorf("%s is offered to who names the VPN", name)
	}
	if name, _ := first(both, "A great service!"); name != "praise" {
		t.Errorf("%s is offered to praise", name)
	}
}

// Who asks how it is done, or says that it fails, is offered an article sooner than who says the same
// of a case that only a person can settle. These words make no article a better one.
func TestAsking(t *testing.T) {
	vpn := Article{File: "kb/vpn.md", Name: "vpn", Language: "en", Public: true, Title: "Connecting to the VPN", Text: "Install the client."}
	x := New([]Article{vpn}, "en")
	vpn.Title = "How do I connect to the VPN?"
	named := New([]Article{vpn}, "en")
	odds := func(x *Index, q Question) float64 {
		q.Any = true
		public, _ := x.Suggest(q)
		if len(public) == 0 {
			return 0
		}
		return public[0].Score / (100 - public[0].Score)
	}
	for _, c := range []struct{ language, asks, tells string }{
		{"en", "How do I connect to the VPN", "They connect to the VPN"},
		{"en", "The VPN does not work", "The VPN did work"},
		{"de", "Was muss ich für das VPN tun", "Für das VPN getan"},
		{"fr", "Le VPN ne marche pas", "Le VPN a marché"},
		{"en", "The VPN at home", "The VPN at home, and I am still without compensation for it"},
	} {
		if asks, tells := odds(x, Question{Text: c.asks + "?", Language: c.language}), odds(x, Question{Text: c.tells + "?", Language: c.language}); asks < 1.4*tells || tells == 0 {
			t.Errorf("%.2f for %q, %.2f for %q", asks, c.asks, tells, c.tells)
		}
	}
	if alone, greets := odds(x, Question{Subject: "The VPN"}), odds(x, Question{Subject: "The VPN", Text: "Hello"}); alone < 1.4*greets {
		t.Errorf("%.2f for a subject alone, %.2f with a text that asks nothing", alone, greets)
	}
	q := Question{Text: "I connected to the VPN", Language: "en"}
	if asks, tells := odds(named, q), odds(x, q); asks < tells {
		t.Errorf("%.2f of an article whose title asks, %.2f of one that does not", asks, tells)
	}
	if public, _ := x.Suggest(Question{Text: "How do I, does not work", Language: "en", Any: true}); len(public) > 0 {
		t.Errorf("%s is offered to who names nothing", names(public))
	}
}

// What customers are offered does not depend on what is written for agents.
func TestInternalArticlesChangeNothing(t *testing.T) {
	desk := desks(t)[0]
	public := desk.articles
	both := slices.Clone(public)
	for _, a := range public {
		a.File, a.Name, a.Public = "kb/sop-"+a.Name+"."+a.Language+".md", "sop-"+a.Name, false
		both = append(both, a, a)
	}
	alone, beside := New(public, "en"), New(both, "en")
	for _, q := range desk.asks {
		want, _ := alone.Suggest(q.Question)
		got, _ := beside.Suggest(q.Question)
		if names(got) != names(want) {
			t.Errorf("%q: %s instead of %s", q.Subject, names(got), names(want))
		}
	}
}

// What a new ticket costs: 60 articles in three languages, a question of forty words; and a desk
// that has no articles for customers.
func BenchmarkSuggest(b *testing.B) {
	q := Question{Subject: "Cannot connect since Monday", Language: "en", Text: strings.Repeat("Since I changed my password on Monday the client "+
		"tells me that the tunnel could not be opened, and then my account is locked for a while. ", 2)}
	for name, x := range map[string]*Index{"60": New(pages(b), "en"), "none": New([]Article{{Title: "SOP", Text: "VPN", Language: "en"}}, "en")} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				x.Suggest(q)
			}
		})
	}
}
