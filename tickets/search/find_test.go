package search

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/store"
)

var (
	day1   = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	desk   = &tickets.Identity{Inboxes: []tickets.Inbox{{Name: "support", Address: "support@acme.example"}, {Name: "billing", Address: "billing@acme.example"}}}
	people = &tickets.Directory{
		Agents: []tickets.Agent{{Name: "ann", FullName: "Ann Able", Address: "ann@staff.example"}, {Name: "bob", FullName: "Bob Brown", Address: "bob@staff.example"}},
		Teams:  []tickets.Team{{Name: "frontdesk"}, {Name: "network"}},
	}
	policy = &tickets.Policy{People: people, Service: &tickets.Service{
		Tiers:      []tickets.Tier{{Level: 1, Name: "Front desk"}, {Level: 2, Name: "Technicians"}},
		Priorities: []tickets.Priority{{Name: "high"}, {Name: "normal"}},
	}}
	reader = &Reader{Desk: desk, Policy: policy, Agent: &people.Agents[0]}
	known  = Known{Me: &people.Agents[0], People: people, Service: policy.Service, Location: time.UTC}
)

// shelf is a desk with some tickets in it, the first of which has the number 1.
type shelf struct {
	t  *testing.T
	tx *sqldb.Tx
	at time.Time
}

func (s *shelf) person(name, address string) int64 {
	p, err := store.AddPerson(s.tx, name, address, address, "en")
	s.must(err)
	return p.ID
}

func (s *shelf) ticket(t tickets.Ticket) int64 {
	s.at = s.at.Add(24 * time.Hour)
	t.Opened, t.Updated = s.at, s.at
	if t.Inbox == "" {
		t.Inbox = "support"
	}
	if t.Status == "" {
		t.Status = tickets.Open
	}
	id, err := store.InsertTicket(s.tx, t)
	s.must(err)
	return id
}

func (s *shelf) message(m tickets.Message) int64 {
	if m.Visibility == "" {
		m.Visibility = tickets.Public
	}
	m.At = s.at
	id, err := store.AddMessage(s.tx, m, 0)
	s.must(err)
	return id
}

func (s *shelf) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func fill(s *shelf) {
	s.at = day1
	jane, wei := s.person("Jane Doe", "jane.doe@gold.example"), s.person("王伟", "wei@customer.example")
	write := func(t tickets.Ticket, who int64, address, text string, files ...tickets.Attachment) int64 {
		t.Requester = who
		id := s.ticket(t)
		s.message(tickets.Message{Ticket: id, Kind: tickets.FromCustomer, Author: tickets.PersonActor(who), Address: address, Subject: t.Subject, Text: text, Files: files})
		s.must(store.Join(s.tx, id, address, tickets.Requester))
		return id
	}
	write(tickets.Ticket{Subject: "Printer on floor 3", Team: "frontdesk", Tier: 1, Priority: "normal", Tags: []string{"hardware"}}, jane, "jane.doe@gold.example", "The toner is low, and the paper tray jams.")
	two := write(tickets.Ticket{Subject: "VPN", Team: "network", Tier: 2, Priority: "high", Status: tickets.Pending, Assignee: "bob", Tags: []string{"vpn", "hardware-new"}}, jane, "jane.doe@gold.example",
		"No tray of mine, but the tunnel is down.", tickets.Attachment{Name: "Übersicht-Netz.pdf"})
	s.message(tickets.Message{Ticket: two, Kind: tickets.Note, Author: tickets.AgentActor("bob"), Visibility: tickets.Internal, Text: "Ask the carrier whether the Straße was dug up."})
	s.message(tickets.Message{Ticket: two, Kind: tickets.FromAgent, Author: tickets.AgentActor("bob"), Subject: "Re: VPN", Text: "We asked your carrier."})
	write(tickets.Ticket{Subject: "打印机坏了", Tier: 1, Priority: "normal", Inbox: "billing", Status: tickets.Closed}, wei, "wei@customer.example", "三楼的打印机坏了。プリンターが動きません", tickets.Attachment{Name: "logo.png", Inline: true})
	write(tickets.Ticket{Subject: "", Tier: 1, Priority: "normal"}, wei, "wei@customer.example", "Low on paper. Error:404 at 10.1.2.3, it's don't-care")
}

func TestFind(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		update(t, db, func(tx *sqldb.Tx) {
			s := &shelf{t: t, tx: tx}
			fill(s)
		})
		for {
			empty := false
			update(t, db, func(tx *sqldb.Tx) {
				var err error
				if _, empty, err = Fill(tx, desk, people, 2); err != nil {
					t.Fatal(err)
				}
			})
			if empty {
				break
			}
		}
		for query, want := range map[string]string{
			"printer":                          "1",
			"PRINTER":                          "1",
			"toner low":                        "1",
			"low":                              "4 1",
			"tray":                             "2 1",
			`"paper tray"`:                     "1",
			`“paper tray”`:                     "1",
			`"tray paper"`:                     "",
			"pap*":                             "4 1",
			"pap":                              "",
			`"3 the"`:                          "", // the subject ends with the one word, the text begins with the other
			"strasse":                          "2",
			"ubersicht":                        "2", // the name of a file
			"netz.pdf":                         "2",
			"error:404":                        "4",
			"10.1.2.3":                         "4",
			"don't":                            "4",
			"打印机":                              "3",
			"印机":                               "3",
			"机坏":                               "3",
			"机打":                               "",
			"坏":                                "3",
			"楼":                                "3",
			"プリンター":                            "3",
			"ﾌﾟﾘﾝﾀｰ":                           "3",
			"from:jane":                        "2 1",
			"from:jane.doe@gold.example":       "2 1",
			"from:gold.example tray":           "2 1",
			"from:王伟":                          "4 3",
			"from:bob":                         "2",
			`from:"bob brown" carrier`:         "2",
			"from:ann":                         "",
			"from:me":                          "",
			"to:jane":                          "2",
			"to:jane toner":                    "",
			"to:billing":                       "3",
			"has:attachment":                   "2", // a picture in the text is none
			"has:attachment from:jane":         "2",
			"tag:hardware":                     "1",
			"tag:vpn tag:hardware-new":         "2",
			"tag:vpn tag:hardware":             "",
			"status:pending":                   "2",
			"status:open status:closed":        "4 3 1",
			"team:network":                     "2",
			"TEAM:Network tray":                "2",
			"tier:1":                           "4 3 1",
			"tier:technicians":                 "2",
			"priority:high tray":               "2",
			"assignee:bob":                     "2",
			"assignee:none tray":               "1",
			"assignee:me":                      "",
			"before:2026-03-03 tray":           "1",
			"before:2026-03-03":                "1",
			"after:2026-03-03 tray":            "2",
			"after:2026-03-04 before:2026-4-1": "4 3",
			"after:2027 tray":                  "",
			"tray toner carrier":               "",
		} {
			if got := find(t, db, query); got != want {
				t.Errorf("%s: %q, want %q", query, got, want)
			}
		}
	})
}

// find returns the numbers of the tickets that a query finds, the same however little is looked at
// once.
func find(t *testing.T, db *sqldb.DB, query string) string {
	t.Helper()
	out := findWith(t, db, query, usual)
	for _, b := range []bounds{{1, 1000, 1}, {2, 1000, 3}, {1000, 1000, 4}} {
		if got := findWith(t, db, query, b); got != out {
			t.Errorf("%s: %q, and %q with %+v", query, out, got, b)
		}
	}
	return out
}

func findWith(t *testing.T, db *sqldb.DB, query string, b bounds) string {
	t.Helper()
	q, fault := Parse(query, known)
	if fault != nil {
		t.Fatalf("%s: %s", query, fault.Say().English())
	}
	var out []string
	err := db.View(t.Context(), func(tx *sqldb.Tx) error {
		r := *reader
		r.bounds = b
		found, err := r.Find(tx, q, 10)
		for _, h := range found.Hits {
			out = append(out, fmt.Sprint(h.Ticket.ID))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, " ")
}

func update(t *testing.T, db *sqldb.DB, f func(tx *sqldb.Tx)) {
	t.Helper()
	if err := db.Update(t.Context(), func(tx *sqldb.Tx) error { f(tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

// Whoever is not among the agents sees nothing, and what is dropped or rewritten is not found by
// its old words.
func TestWhatIsNotFound(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		update(t, db, func(tx *sqldb.Tx) { fill(&shelf{t: t, tx: tx}) })
		index := func() {
			update(t, db, func(tx *sqldb.Tx) {
				if _, _, err := Fill(tx, desk, people, 100); err != nil {
					t.Fatal(err)
				}
			})
		}
		index()
		stranger := &Reader{Desk: desk, Policy: policy, Agent: &tickets.Agent{Name: "gone"}}
		for _, query := range []string{"tray", "tier:1"} {
			q, _ := Parse(query, known)
			if err := db.View(t.Context(), func(tx *sqldb.Tx) error {
				found, err := stranger.Find(tx, q, 10)
				if len(found.Hits) > 0 {
					t.Errorf("somebody who has left finds %+v", found.Hits)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		// A restricted ticket is found by those it names alone, by its words and by what it is.
		update(t, db, func(tx *sqldb.Tx) {
			s := &shelf{t: t, tx: tx, at: day1}
			id := s.ticket(tickets.Ticket{Subject: "Salaries", Tier: 2, Priority: "normal", Team: "network", Restricted: []string{"bob"}})
			s.message(tickets.Message{Ticket: id, Kind: tickets.FromCustomer, Address: "hr@gold.example", Subject: "Salaries", Text: "Nobody else may read of the pay rise."})
		})
		index()
		bob := &Reader{Desk: desk, Policy: policy, Agent: &people.Agents[1]}
		for _, query := range []string{"salaries", "from:hr", `"pay rise"`, "team:network tier:2 before:2026-03-03"} {
			q, _ := Parse(query, known)
			for r, want := range map[*Reader]int{reader: 0, bob: 1, {Desk: desk, Policy: policy}: 1} {
				if err := db.View(t.Context(), func(tx *sqldb.Tx) error {
					found, err := r.Find(tx, q, 10)
					if len(found.Hits) != want || found.More {
						t.Errorf("%s: %+v finds %d tickets, want %d", query, r.Agent, len(found.Hits), want)
					}
					return err
				}); err != nil {
					t.Fatal(err)
				}
			}
		}
		update(t, db, func(tx *sqldb.Tx) {
			for _, statement := range []string{`UPDATE messages SET text = 'erased' WHERE ticket = 1`, `DELETE FROM messages WHERE ticket = 4`} {
				if _, err := tx.Exec(statement); err != nil {
					t.Fatal(err)
				}
			}
		})
		if got := find(t, db, "toner"); got != "" {
			t.Errorf("a text that was erased is found in %s", got)
		}
		index()
		for query, want := range map[string]string{"toner": "", "erased": "1", "printer": "1", "low": ""} {
			if got := find(t, db, query); got != want {
				t.Errorf("%s: %q, want %q", query, got, want)
			}
		}
		var left int
		update(t, db, func(tx *sqldb.Tx) {
			if err := tx.Get(&left, `SELECT COUNT(*) FROM search_words`); err != nil {
				t.Fatal(err)
			}
		})
		if left != 6 {
			t.Errorf("%d messages are in the index, of 6 that there are", left)
		}
	})
}

// A common word is found in the newest messages, and the answer says how many were looked at.
func TestCommonWords(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		update(t, db, func(tx *sqldb.Tx) {
			s := &shelf{t: t, tx: tx}
			s.at = day1
			for range 30 {
				id := s.ticket(tickets.Ticket{Subject: "common", Priority: "normal", Tier: 1})
				for range 20 {
					s.message(tickets.Message{Ticket: id, Kind: tickets.FromCustomer, Subject: "common", Text: "words"})
				}
			}
			if _, _, err := Fill(tx, desk, people, 1000); err != nil {
				t.Fatal(err)
			}
		})
		for _, c := range []struct {
			query string
			limit int
			hits  int
			more  bool
		}{{"common", 10, 10, true}, {"common", 29, 29, true}, {"common", 30, 30, false}, {"tier:1", 10, 10, true}, {"common tier:2", 10, 0, false}} {
			q, _ := Parse(c.query, known)
			if err := db.View(t.Context(), func(tx *sqldb.Tx) error {
				found, err := reader.Find(tx, q, c.limit)
				if len(found.Hits) != c.hits || found.More != c.more || found.Cut != 0 {
					t.Errorf("%s: %d tickets, more: %t, cut %d", c.query, len(found.Hits), found.More, found.Cut)
				}
				if !slices.IsSortedFunc(found.Hits, func(a, b Hit) int { return int(b.Ticket.ID - a.Ticket.ID) }) {
					t.Errorf("%s: the newest do not come first", c.query)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		few := Reader{Desk: desk, Policy: policy, bounds: bounds{first: 10, most: 100, window: 10}}
		q, _ := Parse("common tier:2", known)
		if err := db.View(t.Context(), func(tx *sqldb.Tx) error {
			found, err := few.Find(tx, q, 10)
			if len(found.Hits) > 0 || found.Cut != 110 {
				t.Errorf("with bounds: %d tickets, cut at %d", len(found.Hits), found.Cut)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestFaults(t *testing.T) {
	for query, want := range map[string]string{
		"":                       `1 "" `,
		"  ":                     `1 "" `,
		"printer status:opne":    `9 "status:opne" status:open`,
		"a  team:netwrok":        `4 "team:netwrok" team:network`,
		"tier:9":                 `1 "tier:9" `,
		"打印 has:pictures":        `4 "has:pictures" has:attachment`,
		"form:jane":              `1 "form:jane" from:jane`,
		"before:yesterday":       `1 "before:yesterday" `,
		"x before:2026-13":       `3 "before:2026-13" `,
		"from:":                  `1 "from:" `,
		`one "two three`:         `5 "\"two three" `,
		`from:"jane`:             `6 "\"jane" `,
		"yes -no":                `5 "-no" `,
		"???":                    `1 "???" `,
		"from:???":               `1 "from:???" `,
		"assignee:carl":          `1 "assignee:carl" `,
		"assignee:bbo":           `1 "assignee:bbo" assignee:bob`,
		strings.Repeat("a ", 21): `41 "a" `,
		"priority:urgnt":         `1 "priority:urgnt" `,
	} {
		q, fault := Parse(query, known)
		if fault == nil {
			t.Errorf("%s: read as %+v", query, q)
			continue
		}
		if got := fmt.Sprintf("%d %q %s", fault.At, fault.Word, fault.Nearest); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

func TestSnippet(t *testing.T) {
	long := strings.Repeat("something else ", 30)
	for _, c := range []struct{ text, query, begins string }{
		{"The toner\nis low.", "low", "The toner is low."},
		{long + "the Toner is low " + long, "toner", "… else something else something else the Toner is low"},
		{strings.Repeat("很好", 100) + "打印机坏了" + strings.Repeat("很好", 100), "打印机", "… "},
	} {
		q, _ := Parse(c.query, known)
		got := Snippet(c.text, q.Terms)
		if !strings.HasPrefix(got, c.begins) || !strings.Contains(strings.ToLower(got), strings.ToLower(c.query)) || len([]rune(got)) > snippetLength+4 {
			t.Errorf("%s: %q", c.query, got)
		}
	}
}

// Whatever is typed is read or refused with a place in it, and what is read can be asked of both
// databases.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`printer "paper tray" from:jane status:open`, "打印机 tag:x", `a"b:c"d`, "to:“x y” has:attachment", "form:x -y z*", "tier:front before:2026"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, fault := Parse(text, known)
		if fault != nil {
			if fault.At < 1 || fault.At > max(1, len([]rune(text))) || fault.Why.Empty() {
				t.Errorf("%q: %+v", text, fault)
			}
			return
		}
		for _, term := range q.Terms {
			if len(term.Words) == 0 || strings.ContainsAny(strings.Join(term.Words, ""), `"'\*() `) {
				t.Errorf("%q: %+v", text, term)
			}
		}
	})
}

// A message is on its way into the index while somebody searches: they wait for it, and find it.
func TestASearchWaitsForWhatIsOnItsWay(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		update(t, db, func(tx *sqldb.Tx) { fill(&shelf{t: t, tx: tx}) })
		taken, found := make(chan struct{}), make(chan int, 1)
		go func() {
			<-taken
			n := -1
			if err := db.Update(context.Background(), func(tx *sqldb.Tx) error {
				q, _ := Parse("toner", known)
				hits, err := reader.Newest(tx, q, 10)
				n = len(hits.Hits)
				return err
			}); err != nil {
				t.Error(err)
			}
			found <- n
		}()
		update(t, db, func(tx *sqldb.Tx) {
			if _, _, err := Fill(tx, desk, people, 100); err != nil {
				t.Fatal(err)
			}
			close(taken)
			select { // a search that does not wait ends now
			case n := <-found:
				found <- n
			case <-time.After(200 * time.Millisecond):
			}
		})
		if n := <-found; n != 1 {
			t.Errorf("%d tickets are found", n)
		}
	})
}

// What is cut beforehand, outside of the transaction, is what a message says when it is put into the index; what came since waits its turn.
func TestTextsCutBeforehand(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		update(t, db, func(tx *sqldb.Tx) { fill(&shelf{t: t, tx: tx}) })
		words, top, err := prepare(t.Context(), db, 100)
		if err != nil || len(words) == 0 {
			t.Fatal(words, err)
		}
		update(t, db, func(tx *sqldb.Tx) {
			s := &shelf{t: t, tx: tx, at: day1.Add(1000 * time.Hour)}
			if _, err := tx.Exec(`UPDATE messages SET text = 'The drum is worn.' WHERE ticket = 1`); err != nil {
				t.Fatal(err)
			}
			who := s.person("Late Comer", "late@customer.example")
			s.message(tickets.Message{Ticket: s.ticket(tickets.Ticket{Subject: "Late", Tier: 1, Priority: "normal", Requester: who}), Kind: tickets.FromCustomer,
				Author: tickets.PersonActor(who), Address: "late@customer.example", Subject: "Late", Text: "A late question."})
		})
		for i, want := range []int{6, 1} { // the one that was rewritten waits twice, and counts once
			update(t, db, func(tx *sqldb.Tx) {
				f := filling{top: top, limit: 100, known: words}
				if i > 0 {
					f = filling{top: math.MaxInt64, limit: 100}
				}
				if n, empty, err := fillUp(tx, desk, people, f); err != nil || n != want || !empty {
					t.Errorf("%d messages (empty: %v, %v), wanted %d", n, empty, err, want)
				}
			})
		}
		for query, want := range map[string]string{"toner": "", "drum": "1", "printer": "1", "tunnel": "2", "late": "5", "netz.pdf": "2"} {
			if got := find(t, db, query); got != want {
				t.Errorf("%s: %q, wanted %q", query, got, want)
			}
		}
	})
}

// A message that is rewritten while those around it wait for the index does not stop its filling.
func TestRewrittenWhileOthersWait(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		update(t, db, func(tx *sqldb.Tx) { fill(&shelf{t: t, tx: tx}) })
		update(t, db, func(tx *sqldb.Tx) {
			if _, err := tx.Exec(`UPDATE messages SET text = 'We asked them.' WHERE text = 'We asked your carrier.'`); err != nil {
				t.Fatal(err)
			}
		})
		for n := 1; ; n++ {
			empty := false
			update(t, db, func(tx *sqldb.Tx) {
				var err error
				if _, empty, err = Fill(tx, desk, people, 2); err != nil {
					t.Fatal(err)
				}
			})
			if empty {
				break
			}
			if n > 10 {
				t.Fatal("it does not end")
			}
		}
		for query, want := range map[string]string{"asked": "2", "toner": "1", "error:404": "4"} {
			if got := find(t, db, query); got != want {
				t.Errorf("%s: %q, wanted %q", query, got, want)
			}
		}
	})
}

// The messages of one transaction are one piece of SQLite's index, which does not have to be merged.
func TestOneTransactionIsOnePiece(t *testing.T) {
	db := dbtest.SQLite(t).Open(t)
	fillDesk(t, db, 3)
	update(t, db, func(tx *sqldb.Tx) {
		if _, _, err := Fill(tx, desk, people, 10); err != nil {
			t.Fatal(err)
		}
	})
	update(t, db, func(tx *sqldb.Tx) {
		var pieces int
		if err := tx.Get(&pieces, `SELECT COUNT(DISTINCT segid) FROM search_words_idx`); err != nil || pieces != 1 {
			t.Errorf("%d pieces, %v", pieces, err)
		}
	})
}
