package kb

import (
	"testing"
	"time"

	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/articles"
)

func TestArranged(t *testing.T) {
	now := time.Date(2027, 5, 4, 12, 0, 0, 0, time.UTC)
	page := func(when, text string) *articles.Article {
		r, err := articles.ParseReview(when)
		if err != nil {
			t.Fatal(err)
		}
		r.Owner = "ann"
		return &articles.Article{File: "kb/vpn.md", Title: "VPN", Text: text, Review: r}
	}
	old := reviewOf(page("2027-03-01", "One."))
	old.Told, old.Who = 2, ""
	if _, change := arranged(page("2027-03-01", "One."), true, old, now); change {
		t.Error("an owner who was not remembered is another one")
	}
	old.Who = "ann"
	ofBen := page("2027-03-01", "One.")
	ofBen.Review.Owner = "ben"
	for _, c := range []struct {
		name   string
		page   *articles.Article
		known  bool
		want   string
		change bool
	}{
		{"new, and its day has passed", page("2027-03-01", "One."), false, "2027-05-04 12:00", true},
		{"as it was", page("2027-03-01", "One."), true, "0001-01-01 00:00", false},
		{"another text, so somebody has looked at it", page("2027-03-01", "Two."), true, "2028-03-01 08:00", true},
		{"other times", page("6 months", "One."), true, "2027-11-04 08:00", true},
		{"another owner, who was told of nothing", ofBen, true, "2027-05-05 08:00", true},
		{"an earlier day that has passed", page("2027-02-01", "Two."), true, "2027-05-04 12:00", true},
	} {
		due, change := arranged(c.page, c.known, old, now)
		if got := due.Format("2006-01-02 15:04"); got != c.want || change != c.change {
			t.Errorf("%s: %s, %v; wanted %s, %v", c.name, got, change, c.want, c.change)
		}
	}
	if got := remembered(old.String()); got.Told != 2 || got.When != old.When || got.Text != old.Text {
		t.Errorf("%+v came back as %+v", old, got)
	}
	if got := remembered("what is this?"); got != (review{}) {
		t.Errorf("nonsense is %+v", got)
	}
	if due, change := arranged(ofBen, true, review{When: old.When, Text: old.Text, Who: "ann"}, now); change {
		t.Errorf("a review that nobody was asked for yet is moved to %s", due)
	}
	if gap(1) != 7 || gap(2) != 14 || gap(3) != 28 {
		t.Error("the gaps do not grow")
	}
}

func TestJudged(t *testing.T) {
	ann := &tickets.Agent{Name: "ann", FullName: "Ann Able"}
	for text, want := range map[string]verdict{
		"":                     stillRight,
		"It is still right":    stillRight,
		"Es stimmt noch":       stillRight,
		"Still right. Thanks!": stillRight,
		"Hello,\n\nstill up to date, thank you.\n\nBest regards\nAnn Able": stillRight,
		"Das passt noch. Viele Grüße, Ann":                                 stillRight,
		"Toujours à jour, merci":                                           stillRight,
		"Thank you very much!":                                             noVerdict,
		"Is it still right?":                                               newText,
		"It is still right, but the gateway is Beta now.":                  newText,
		"It is not right.":                                                 newText,
		"Choose the gateway Beta.":                                         newText,
		"That solved it":                                                   noVerdict,
	} {
		if got := judged(ann, text); got != want {
			t.Errorf("%q is %d, not %d", text, got, want)
		}
		if light(ann, text) != (want != newText) {
			t.Errorf("%q: light is wrong", text)
		}
	}
}

func TestDraftOfAnArticle(t *testing.T) {
	r, err := articles.ParseReview("2027-03-01")
	if err != nil {
		t.Fatal(err)
	}
	r.Owner = "ann"
	whole := &articles.Article{File: "kb/vpn.de.md", Title: `The "VPN": how`, Public: true, Language: "de", Tags: []string{"vpn", "a: b"},
		Link: templates.Link("https://help.acme.example/vpn"), Review: r}
	const head = "public: true\nlanguage: de\ntags: [\"vpn\", \"a: b\"]\nlink: \"https://help.acme.example/vpn\"\nowner: ann\nreview: 2027-03-01\n---\n\n"
	for text, want := range map[string]string{
		"Start it.\n\nThen wait.":   "---\ntitle: \"The \\\"VPN\\\": how\"\n" + head + "Start it.\n\nThen wait.\n",
		"Titel: Neu: VPN\n\nStart.": "---\ntitle: \"Neu: VPN\"\n" + head + "Start.\n",
		"Título: VPN\n\nStart.":     "---\ntitle: \"VPN\"\n" + head + "Start.\n",
		"Titre : VPN\n\nStart.":     "---\ntitle: \"VPN\"\n" + head + "Start.\n",
		"Title: alone":              "---\ntitle: \"The \\\"VPN\\\": how\"\n" + head + "Title: alone\n",
	} {
		if got := draft(whole, text); got != want {
			t.Errorf("%q became:\n%s\nnot:\n%s", text, got, want)
		}
	}
	if got, want := draft(&articles.Article{Title: "x"}, "y"), "---\ntitle: \"x\"\npublic: false\n---\n\ny\n"; got != want {
		t.Errorf("got %q", got)
	}
}

func TestRemark(t *testing.T) {
	page := &articles.Article{Text: "Start the client, choose the gateway and type the code."} // ten words
	for text, want := range map[string]bool{"Not Alpha.": true, "It is gone, please delete.": false, "Choose another gateway.": true} {
		if got := remark(text, page); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// An owner is reminded by day, and when their quiet hours are over.
func TestAwake(t *testing.T) {
	hours := func(from, to int) tickets.Hours {
		return tickets.Hours{From: time.Duration(from) * time.Hour, To: time.Duration(to) * time.Hour}
	}
	for _, c := range []struct {
		now   string
		quiet tickets.Hours
		want  string
	}{
		{"04 15:30", tickets.Hours{}, "04 15:30"},
		{"04 08:00", tickets.Hours{}, "04 08:00"},
		{"04 03:00", tickets.Hours{}, "04 08:00"},
		{"04 20:00", tickets.Hours{}, "05 08:00"},
		{"04 08:00", hours(22, 10), "04 10:00"},
		{"04 23:00", hours(22, 10), "05 10:00"},
		{"04 21:00", hours(22, 10), "05 10:00"},
		{"04 23:00", hours(22, 5), "05 08:00"},
		{"04 12:00", hours(12, 14), "04 14:00"},
		{"04 12:00", hours(8, 20), "04 20:00"}, // who works at night
		{"04 20:00", hours(8, 20), "04 20:00"},
		{"04 23:00", hours(8, 20), "04 23:00"},
	} {
		now, err := time.Parse("2006-01-02 15:04", "2027-05-"+c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := awake(now, c.quiet).Format("02 15:04"); got != c.want {
			t.Errorf("at %s, quiet %v: %s, not %s", c.now, c.quiet, got, c.want)
		}
	}
}
