package e2e

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tierdesk/cmd/internal/demo/mailserver"
	"tierdesk/cmd/internal/testing/servers"
	"tierdesk/migrations/dbtest"
)

// tim is a trainee at the front desk: what he writes to customers goes to Lea first.
const tim = "tim@staff.example"

const (
	historiesADesk = 250 // that share a desk, so that each has the others' tickets beside it
	stepsAHistory  = 9
)

// Whatever customers, agents, vendors and third persons write to each other through the desk, nobody outside reads what is not for them: no note, no agent's private
// address, no command, nothing of another's ticket, no reply address and no Message-ID of another. Ten thousand histories with TIERDESK_TEST_FULL=1, and a few otherwise;
// TIERDESK_TEST_SEED tries one desk again.
func TestNoHistoryLeaks(t *testing.T) {
	desks, histories := 1, 24
	if os.Getenv("TIERDESK_TEST_FULL") != "" {
		desks, histories = 40, historiesADesk
	}
	seed := 0
	if s := os.Getenv("TIERDESK_TEST_SEED"); s != "" {
		seed, _ = strconv.Atoi(s)
		desks, histories = 1, historiesADesk
	}
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		t.Parallel()
		total := map[string]int{}
		for n := range desks {
			ground := g
			if n > 0 && g.URL != "" {
				ground = another(t, g)
			}
			played := playHistories(t, ground, uint64(seed+n), histories)
			for what, count := range played {
				total[what] += count
			}
			if t.Failed() {
				return
			}
		}
		// A property of what never happens holds of a desk that does nothing.
		for _, what := range []string{"answers read outside", "notes read inside", "held", "drafts", "questions", "vendors asked", "merged", "third persons' answers", "approvals"} {
			if total[what] == 0 {
				t.Errorf("in no history there were %s", what)
			}
		}
		var sum []string
		for _, what := range slices.Sorted(maps.Keys(total)) {
			sum = append(sum, fmt.Sprintf("%s: %d", what, total[what]))
		}
		t.Logf("%d histories: %s", desks*histories, strings.Join(sum, ", "))
	})
}

// another returns an empty database of the same kind.
func another(t *testing.T, g dbtest.Ground) dbtest.Ground {
	if strings.HasPrefix(g.URL, "postgres") {
		return dbtest.Postgres(t)
	}
	return dbtest.SQLite(t)
}

// stage is a desk on which many histories are played at once.
type stage struct {
	*world
	seed uint64
	all  []*history

	mu      sync.Mutex
	arrived []mailserver.Envelope // from the desk, not looked at yet

	words   map[string]*word    // by marker
	tokens  map[string]string   // reply address -> the first who got it
	inner   map[string]bool     // Message-IDs of what went to agents
	tickets map[string]*history // by number
	counts  map[string]int
}

// word is a marker in a text, and who outside may read it.
type word struct {
	h       *history
	outside bool            // the customer's side of its history
	others  map[string]bool // further addresses
	draft   bool            // nobody, until the lead has let it go
	held    bool            // nobody, until its agent says /send
	gated   bool            // stands in what the last gate is to stop
	text    string          // of a note
	kind    string
}

// history is what a few people wrote to each other about the tickets of one customer.
type history struct {
	n        int
	r        *rand.Rand
	customer string
	friend   string // comes in by Cc
	other    string // comes in by /cc
	expert   string
	boss     string
	stranger string // got the customer's mail from them, with its reply address
	vendor   int
	got      map[string][]got // by address
	log      []string
	tickets  []string
	notes    []string
	next     int
	drafts   []*word
	leaked   bool
}

var (
	historyMarker = regexp.MustCompile(`mk[0-9]+x[0-9]+q`)
	historyToken  = regexp.MustCompile(`(?i)support\+([a-z0-9._-]+)@acme\.example`)
	historyNumber = regexp.MustCompile(`\[#([0-9]+)\]`)
	historyLine   = regexp.MustCompile(`(?m)^[ \t]*[/#@]([a-z-]+)`)
)

// splitOff reports whether a mail to an agent is of a ticket that was split off for the stranger; receipts do not say so, other mails of the ticket do.
func (h *history) splitOff(m got) bool {
	says := func(x got) bool {
		return x.ticket() == m.ticket() && strings.Contains(x.text(), "Your reply goes to "+h.stranger)
	}
	return says(m) || slices.ContainsFunc([]string{ann, ben, tim, tess, lead}, func(agent string) bool { return slices.ContainsFunc(h.got[agent], says) })
}

// outsiders are the people of a history who have no business with what is internal.
func (h *history) outsiders() []string {
	return []string{h.customer, h.friend, h.other, h.expert, h.boss, h.stranger}
}

func vendorAt(n int) string { return fmt.Sprintf("help@vendor%d.example", n) }

// playHistories plays histories on one desk and returns what happened how often.
func playHistories(t *testing.T, g dbtest.Ground, seed uint64, histories int) map[string]int {
	s := &stage{seed: seed, words: map[string]*word{}, tokens: map[string]string{}, inner: map[string]bool{}, tickets: map[string]*history{}, counts: map[string]int{}}
	addresses := strings.Fields(everyone)
	addresses = append(addresses, tim)
	for n := range histories {
		at := func(name string) string { return fmt.Sprintf("%s@c%d.example", name, n) }
		h := &history{n: n, r: rand.New(rand.NewPCG(seed, uint64(n))), got: map[string][]got{}, vendor: n % 10,
			customer: at("carla"), friend: at("frank"), other: at("olga"), expert: fmt.Sprintf("xaver@x%d.example", n), boss: at("berta"), stranger: fmt.Sprintf("steve@s%d.example", n)}
		s.all = append(s.all, h)
		addresses = append(addresses, h.outsiders()...)
	}
	vendors := "vendors:\n"
	for n := range 10 {
		addresses = append(addresses, vendorAt(n))
		vendors += fmt.Sprintf("  v%d: {name: Vendor Works %d, address: %s, trusted: %v}\n", n, n, vendorAt(n), n%2 == 0)
	}
	server, err := mailserver.Start(mailserver.Options{Addresses: addresses, Password: servers.Password, Seen: func(e mailserver.Envelope) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(e.To) != 1 || address(e.To[0]) != support && !strings.HasPrefix(e.To[0], "support+") {
			s.arrived = append(s.arrived, e)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	s.world = newWorld(t, g, &mailServers{imap: server.IMAP, smtp: server.SMTP, embedded: server},
		edit("people.yaml", "teams:\n", "  tim: {full_name: Tim Tiny, address: "+tim+", teams: [frontdesk], rights: [draft]}\nteams:\n"), edit("people.yaml", "organisations:", vendors+"organisations:"),
		func(dir string) {
			must(t, os.MkdirAll(dir+"/replies", 0o755))
			must(t, os.WriteFile(dir+"/replies/restart.md", []byte("Please restart it first.\n"), 0o600))
		})
	defer s.stop()
	for range stepsAHistory {
		for _, h := range s.all {
			s.step(h)
		}
		s.settle()
		s.look()
		if t.Failed() {
			break
		}
	}
	s.invariants()
	return s.counts
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ---- what is written

// marker makes a word that stands for a text, for those who may read it.
func (s *stage) marker(h *history, kind string, w word) string {
	h.next++
	m := fmt.Sprintf("mk%dx%dq", h.n, h.next)
	w.h, w.kind = h, kind
	s.words[m] = &w
	if w.draft {
		h.drafts = append(h.drafts, &w)
	}
	return m
}

// prose makes a sentence with a marker in its middle that nobody writes twice.
func (h *history) prose(marker string) string {
	words := strings.Fields("apple river candle stone window garden silver pocket thunder meadow button lantern harbour feather saddle copper violet marble timber anchor never always slowly often today because without before behind rather little seems every morning goes looks makes takes gives")
	var b strings.Builder
	for i := range 14 {
		if i == 7 {
			b.WriteString(marker + " ")
		}
		b.WriteString(words[h.r.IntN(len(words))])
		b.WriteString(" ")
	}
	return strings.TrimSpace(b.String()) + "."
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// post puts a mail into the desk's mailbox.
func (s *stage) post(h *history, what string, l letter) {
	s.t.Helper()
	s.count++
	from := address(l.from)
	id := fmt.Sprintf("%d.%d@%s", s.count, s.seed, from[strings.IndexByte(from, '@')+1:])
	raw := l.raw
	if raw == "" {
		raw = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(l.text, "\n", "\r\n") + "\r\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\n", l.from, l.to)
	if l.cc != "" {
		fmt.Fprintf(&b, "Cc: %s\r\n", l.cc)
	}
	fmt.Fprintf(&b, "Subject: %s\r\nDate: %s\r\nMessage-ID: <%s>\r\n", mime.QEncoding.Encode("utf-8", l.subject), s.now().Format(time.RFC1123Z), id)
	for _, line := range l.header {
		b.WriteString(line + "\r\n")
	}
	mail := b.String() + raw
	h.log = append(h.log, fmt.Sprintf("---- %s\n%s", what, mail))
	s.counts["mails written"]++
	if err := s.server.Deliver(mailserver.Envelope{From: from, To: []string{support}, Raw: []byte(mail)}); err != nil {
		s.t.Fatal(err)
	}
}

// reply answers a mail as one of many clients does; inside tells that what is quoted may stand between the lines.
func (s *stage) reply(h *history, what, from string, m got, text string, style int, header ...string) {
	l := letter{from: from, to: m.replyTo(), subject: "Re: " + strings.TrimPrefix(m.subject(), "Re: "),
		header: append([]string{"In-Reply-To: " + m.Header.Get("Message-Id"), "References: " + strings.TrimSpace(m.Header.Get("References")+" "+m.Header.Get("Message-Id"))}, header...)}
	old := strings.TrimSpace(m.text())
	switch style {
	case 0:
		l.text = text
	case 1:
		l.text = text + "\n\nOn Mon, 2 Nov 2026, Acme Support wrote:\n" + quoted(old)
	case 2: // Outlook
		l.text = text + "\n\n-----Original Message-----\nFrom: Acme Support <" + support + ">\nSent: Monday, 2 November 2026 09:00\nTo: " + from + "\nSubject: " + m.subject() + "\n\n" + old
	case 3: // HTML alone
		l.raw = "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body><div>" + strings.ReplaceAll(escapeHTML(text), "\n", "</div>\r\n<div>") + "</div>\r\n<blockquote type=\"cite\">" + m.html() + "</blockquote></body></html>\r\n"
	case 4: // the notice as a file
		l.raw = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n--cut\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(text, "\n", "\r\n") + "\r\n--cut\r\nContent-Type: message/rfc822\r\n\r\n" + string(m.Raw) + "\r\n--cut--\r\n"
	case 5: // a phone
		l.text = text + "\n\nSent from my iPhone\n\n> On 2 Nov 2026, at 09:00, Acme Support <" + support + "> wrote:\n> \n" + quoted(old)
	case 6: // below
		l.text = "On Mon, 2 Nov 2026, Acme Support wrote:\n" + quoted(old) + "\n\n" + text
	case 7: // between the lines
		lines := strings.Split(quoted(old), "\n")
		at := h.r.IntN(len(lines) + 1)
		l.text = strings.Join(lines[:at], "\n") + "\n\n" + text + "\n\n" + strings.Join(lines[at:], "\n")
	}
	s.post(h, what, l)
}

const (
	topStyles = 6
	allStyles = 8
)

func escapeHTML(s string) string { return strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(s) }

// step has somebody of a history write a mail.
func (s *stage) step(h *history) {
	r := h.r
	if len(h.got[h.customer]) == 0 {
		s.opens(h)
		return
	}
	// Who has something to answer: agents write most.
	switch n := r.IntN(20); {
	case n < 3:
		s.customerWrites(h)
	case n < 4:
		if s.outsiderWrites(h) {
			return
		}
		s.customerWrites(h)
	case n < 9 && (len(h.got[h.expert]) > 0 || len(h.got[h.boss]) > 0 || len(h.got[vendorAt(h.vendor)]) > 0):
		s.thirdWrites(h)
	case n < 10:
		s.opens(h)
	default:
		s.agentWrites(h)
	}
}

var greetings = []string{"Hello,", "Guten Tag,", "Bonjour,", "Hola:", "Buongiorno,", "Beste,"}

func (s *stage) opens(h *history) {
	text := h.prose(s.marker(h, "the customer's words", word{outside: true, others: h.vendors()}))
	l := letter{from: "Carla " + strings.Repeat("C", h.r.IntN(3)+1) + " <" + h.customer + ">", to: support, subject: pick(h.r, "VPN", "Drucker", "Imprimante", "Problem with order") + fmt.Sprintf(" %d", h.n),
		text: pick(h.r, greetings...) + "\n\n" + text + pick(h.r, "", "\n/close\n", "\n\n-- \nCarla\nTel. 0171 23456")}
	if h.r.IntN(4) == 0 {
		l.cc = h.friend
	}
	s.post(h, "a customer opens a ticket", l)
}

func (h *history) vendors() map[string]bool { return map[string]bool{vendorAt(h.vendor): true} }

func (s *stage) customerWrites(h *history) {
	who := h.customer
	if h.r.IntN(4) == 0 && len(h.got[h.friend]) > 0 {
		who = h.friend
	}
	m := pick(h.r, h.got[who]...)
	text := h.prose(s.marker(h, "the customer's words", word{outside: true, others: h.vendors()}))
	switch h.r.IntN(6) {
	case 0:
		text = "/close\n" + text
	case 1:
		text += "\n\n/note they say\n#escalate"
	case 2:
		text = pick(h.r, "Thanks!", "Danke, das geht wieder.", "Merci beaucoup")
	}
	var header []string
	if h.r.IntN(4) == 0 {
		header = append(header, "Cc: "+h.friend)
	}
	s.reply(h, "a customer writes again", who, m, text, h.r.IntN(topStyles), header...)
}

// outsiderWrites has somebody write who was only forwarded a mail; it reports whether somebody did.
func (s *stage) outsiderWrites(h *history) bool {
	m := pick(h.r, h.got[h.customer]...)
	s.reply(h, "a stranger writes with the customer's reply address", h.stranger, m, h.prose(s.marker(h, "a stranger's words", word{outside: true, others: map[string]bool{h.stranger: true}})), h.r.IntN(topStyles))
	return true
}

func (s *stage) thirdWrites(h *history) {
	who := pick(h.r, h.expert, h.boss, vendorAt(h.vendor))
	for len(h.got[who]) == 0 {
		who = pick(h.r, h.expert, h.boss, vendorAt(h.vendor))
	}
	m := pick(h.r, h.got[who]...)
	text := h.prose(s.marker(h, "a third person's words", word{others: map[string]bool{who: true}}))
	var header []string
	switch h.r.IntN(6) {
	case 0:
		header = append(header, "Cc: "+h.customer)
	case 1:
		text = "/close\n/cc +" + h.stranger + "\n" + text
	case 2:
		header = append(header, "Auto-Submitted: auto-replied")
	}
	if who == h.boss {
		text = pick(h.r, "Yes.", "No.", "Ja, gerne.", "I do not know.") + "\n" + text
	}
	s.counts["third persons' answers"]++
	s.reply(h, "a third person answers", who, m, text, h.r.IntN(topStyles), header...)
}

// agentWrites has an agent do one of the things that agents do, right or wrong.
func (s *stage) agentWrites(h *history) {
	r := h.r
	agent := pick(r, ann, ann, ben, ben, tim, tim, tess, lead)
	mails := h.got[agent]
	if len(mails) == 0 {
		agent, mails = ann, h.got[ann]
	}
	if len(mails) == 0 {
		return
	}
	m := mails[len(mails)-1-r.IntN(min(4, len(mails)))]
	if i := slices.IndexFunc(h.got[lead], func(m got) bool { return m.event() == "draft" }); i >= 0 && r.IntN(2) == 0 {
		agent, m = lead, h.got[lead][i]
	}
	from := map[string]string{ann: "Ann Able", ben: "Ben Brown", tim: "Tim Tiny", tess: "Tess Tall", lead: "Lea Long"}[agent] + " <" + agent + ">"
	var header []string
	if r.IntN(5) > 0 {
		header = append(header, signedBy)
	}
	say := func(what, text string, styles int) {
		s.reply(h, "an agent "+what, from, m, text, r.IntN(styles), header...)
	}
	secret := func(kind string) string { return s.marker(h, kind, word{}) }
	answer := func() string {
		w := word{outside: true, draft: agent == tim}
		if h.splitOff(m) {
			w.others = map[string]bool{h.stranger: true}
		}
		return h.prose(s.marker(h, "an answer", w))
	}
	slash := pick(r, "/", "/", "/", "#", "@")
	if agent == lead && m.event() == "draft" {
		name := pick(r, "Send it", "Send it", "Send it back with a comment")
		if strings.Contains(m.text(), name+": mailto:") {
			text := ""
			if name == "Send it" {
				for _, w := range h.drafts {
					w.draft = false
				}
			} else {
				text = h.prose(secret("a lead's comment"))
			}
			s.counts["drafts"]++
			s.post(h, "a lead looks at a draft", letter{from: from, to: m.buttonTo(name), subject: name, text: text})
			return
		}
	}
	if m.event() == "held" && r.IntN(2) == 0 {
		gated := false
		for _, marker := range historyMarker.FindAllString(m.text(), -1) {
			gated = gated || s.words[marker] != nil && s.words[marker].gated
		}
		if gated { // an agent may overrule the last gate, and then it is their own word
			say("drops what is held", "/drop", topStyles)
		} else {
			for _, marker := range historyMarker.FindAllString(m.text(), -1) {
				s.words[marker].held = false
			}
			say("deals with what is held", pick(r, "/send", "/send", "/drop", "/take\n/send"), topStyles)
		}
		return
	}
	switch r.IntN(26) {
	case 0, 1, 2:
		say("answers", answer(), allStyles)
	case 3, 4:
		marker := secret("a note")
		text := h.prose(marker)
		s.words[marker].text = text
		say("notes", slash+pick(r, "note", "note", "NOTE", "not")+"\n"+text, topStyles)
	case 5, 6:
		say("mistypes", slash+pick(r, "noet", "nnote", "tkae", "vednor v1", "escaalte", "consutl "+h.expert, "intenral", "privat", "intern", "interne", "tag", "status done", "assign nobdy")+" \n"+h.prose(secret("the text below a wrong command")), topStyles)
	case 7:
		say("escalates with an answer", slash+"escalate "+secret("a reason")+" is the reason\n"+answer(), topStyles)
	case 8:
		say("sets values", "/tag +"+secret("a tag")+"\n/field room="+secret("a field")+"\n/time 20m\n/priority high\n"+answer(), topStyles)
	case 9:
		say("takes it", pick(r, "/take", "/assign ben", "/assign tess", "/team technicians", "/watch", "/snooze 2d", "/due 3d", "/solve", "/close", "/reopen", "/deescalate "+secret("a reason"), "/undo", "/show", "/list mine", "/search "+secret("a word")), topStyles)
	case 10, 11:
		question := s.marker(h, "a question", word{others: map[string]bool{h.expert: true}})
		s.counts["questions"]++
		say("consults", "/consult "+h.expert+"\n"+h.prose(question), topStyles)
	case 12:
		question := s.marker(h, "a request", word{others: map[string]bool{h.boss: true}})
		s.counts["approvals"]++
		say("asks for approval", "/approve-by "+h.boss+"\n"+h.prose(question), topStyles)
	case 13, 14:
		text := s.marker(h, "a text for a vendor", word{others: h.vendors()})
		s.counts["vendors asked"]++
		say("asks a vendor", fmt.Sprintf("/vendor v%d\n", h.vendor)+h.prose(text), allStyles)
	case 15:
		to := "1"
		if len(h.tickets) > 0 && r.IntN(3) > 0 {
			to = pick(r, h.tickets...)
		} else if other := pick(r, s.all...); len(other.tickets) > 0 {
			to = pick(r, other.tickets...)
		}
		s.counts["merged"]++
		say("merges", pick(r, "/merge ", "/merge ", "/link ")+to+pick(r, "", "\n"+answer()), topStyles)
	case 16:
		say("splits", pick(r, "/split", "/split\n"+answer(), "/undo"), topStyles)
	case 17:
		say("adds somebody", "/cc +"+h.other+"\n"+answer(), topStyles)
	case 18: // a private address in the answer
		w := word{outside: true, draft: agent == tim, gated: true}
		who := pick(r, ann, tess, agent)
		say("gives a private address away", h.prose(s.marker(h, "an answer with a private address", w))+"\n"+pick(r, "Write to "+who, "mailto:"+who, strings.ToUpper(who), "„"+who+"“")+".", topStyles)
	case 19: // a note, copied
		if len(h.notes) == 0 {
			say("answers", answer(), allStyles)
			return
		}
		note := pick(r, h.notes...)
		s.words[historyMarker.FindString(note)].gated = true
		say("copies a note", "Hello,\n\n"+note+"\n", topStyles)
	case 20:
		say("commands below the text", answer()+"\n"+slash+pick(r, "close", "note", "take", "nte", "solve")+"\n"+h.prose(secret("the text below a late command")), topStyles)
	case 21: // a forward
		inner := h.prose(s.marker(h, "the customer's words", word{outside: true, others: h.vendors()}))
		s.post(h, "an agent forwards as new", letter{from: from, to: support, subject: "Fwd: Lift", header: []string{signedBy},
			text: pick(r, "@fwd", "/forward-as-new", "/fwd-as-new") + "\n" + h.prose(secret("a note")) + "\n\n---------- Forwarded message ---------\nFrom: Carla C <" + h.customer + ">\nDate: Mon, 2 Nov 2026 at 09:12\nSubject: Lift\nTo: <" + agent + ">\n\n\n" + inner + "\n/close\n"})
	case 22:
		s.post(h, "an agent forwards a notice", letter{from: from, to: m.replyTo(), subject: "Fwd: " + m.subject(), header: header,
			text: h.prose(s.marker(h, "what stands above a forwarded notice", word{outside: true, held: true, draft: agent == tim})) + "\n\n---------- Forwarded message ---------\nFrom: Acme Support <" + support + ">\nDate: Mon, 2 Nov 2026 at 09:12\nSubject: " + m.subject() + "\nTo: <" + agent + ">\n\n\n" + m.text()})
	case 23:
		s.post(h, "an agent logs a call", letter{from: from, to: support, subject: "A call", header: header, text: "/new for " + h.customer + "\n" + h.prose(secret("a note"))})
	case 24:
		say("sends a stock reply", pick(r, "/template restart", "/template nothing", "/attach 1", "/attach plan.pdf")+"\n"+answer(), topStyles)
	case 25: // to everybody, the customer's own address among them
		m := letter{from: from, to: m.replyTo(), cc: h.customer, subject: "Re: " + m.subject(), header: append(header, "In-Reply-To: "+m.Header.Get("Message-Id")), text: answer() + "\n\nOn Mon, Acme wrote:\n" + quoted(m.text())}
		s.post(h, "an agent answers all", m)
	}
}

// ---- what is read

// look reads what the desk has sent since, and judges what came to people outside.
func (s *stage) look() {
	s.mu.Lock()
	arrived := s.arrived
	s.arrived = nil
	s.mu.Unlock()
	owner := map[string]*history{}
	for _, h := range s.all {
		for _, a := range h.outsiders() {
			owner[a] = h
		}
	}
	var inside []got
	var to []string
	for _, e := range arrived {
		parsed, err := mail.ReadMessage(bytes.NewReader(e.Raw))
		if err != nil {
			s.t.Fatalf("a mail that the desk sent cannot be read: %v", err)
		}
		m := got{servers.Mail{Raw: e.Raw, Header: parsed.Header}, s.t}
		who := strings.ToLower(e.To[0])
		if strings.HasSuffix(who, "@staff.example") || who == admin {
			s.inner[strings.Trim(m.Header.Get("Message-Id"), "<>")] = true
		}
		if h := owner[who]; h != nil {
			for _, n := range historyNumber.FindAllStringSubmatch(m.subject(), -1) {
				if s.tickets[n[1]] == nil && who == h.customer {
					s.tickets[n[1]] = h
					h.tickets = append(h.tickets, n[1])
				}
			}
		}
		inside, to = append(inside, m), append(to, who)
	}
	for i, m := range inside {
		who := to[i]
		h := owner[who]
		all := everything(s.t, m.Raw)
		if h == nil { // an agent, a vendor
			if h = s.tickets[m.ticket()]; h == nil {
				if n := historyNumber.FindStringSubmatch(m.subject()); n != nil {
					h = s.tickets[n[1]]
				}
			}
			if h == nil {
				if w := s.words[historyMarker.FindString(all)]; w != nil {
					h = w.h
				}
			}
		}
		if h != nil {
			h.got[who] = append(h.got[who], m)
			h.log = append(h.log, fmt.Sprintf("---- %s gets\n%s\n%s", who, m.subject(), m.text()))
		}
		if strings.HasSuffix(who, "@staff.example") || who == admin {
			for _, marker := range historyMarker.FindAllString(all, -1) {
				if w := s.words[marker]; w != nil && w.kind == "a note" && m.event() != "receipt" {
					s.counts["notes read inside"]++
					if w.text != "" && m.event() != "held" && !slices.Contains(w.h.notes, w.text) {
						w.h.notes = append(w.h.notes, w.text)
					}
				}
			}
			if m.event() == "held" {
				s.counts["held"]++
			}
			continue
		}
		s.judge(h, who, m, all)
	}
}

// judge finds what somebody outside should not have got.
func (s *stage) judge(h *history, who string, m got, all string) {
	leak := func(format string, args ...any) {
		s.counts["leaks"]++
		if s.counts["leaks"] > 3 || h != nil && h.leaked {
			s.t.Fail()
			return
		}
		if h != nil {
			h.leaked = true
		}
		s.t.Errorf("desk %d: %s got %s in:\n%s", s.seed, who, fmt.Sprintf(format, args...), m.Raw)
		if h != nil {
			s.t.Logf("its history:\n%s", strings.Join(h.log, "\n"))
		}
	}
	s.counts["mails outside"]++
	for _, marker := range historyMarker.FindAllString(all, -1) {
		w := s.words[marker]
		side := w != nil && slices.Contains([]string{w.h.customer, w.h.friend, w.h.other}, who)
		switch {
		case w == nil:
			leak("the unknown marker %s", marker)
		case w.others[who], w.outside && side && !w.draft && !w.held:
			if w.kind == "an answer" {
				s.counts["answers read outside"]++
			}
		default:
			leak("%s (%s)", w.kind, marker)
		}
	}
	for _, agent := range []string{ann, ben, tess, tom, eve, lead, tim} {
		if strings.Contains(strings.ToLower(all), agent) {
			leak("the private address %s", agent)
		}
	}
	for _, found := range historyToken.FindAllStringSubmatch(all, -1) {
		token := strings.ToLower(found[1])
		if s.tokens[token] == "" {
			s.tokens[token] = who
		}
		if s.tokens[token] != who {
			leak("the reply address %s of %s", token, s.tokens[token])
		}
	}
	for id := range s.inner {
		if strings.Contains(all, id) {
			leak("the Message-ID %s of a notice", id)
		}
	}
	for _, line := range historyLine.FindAllStringSubmatch(m.text(), -1) {
		leak("the command line %q", line[0])
	}
}

// everything returns all that can be read in a mail: its bytes, and its fields and parts decoded.
func everything(t *testing.T, raw []byte) string {
	var b strings.Builder
	b.Write(raw)
	var walk func(h textproto.MIMEHeader, body io.Reader)
	walk = func(h textproto.MIMEHeader, body io.Reader) {
		for _, values := range h {
			for _, v := range values {
				if decoded, err := new(mime.WordDecoder).DecodeHeader(v); err == nil {
					b.WriteString("\n" + decoded)
				}
			}
		}
		kind, params, _ := mime.ParseMediaType(h.Get("Content-Type"))
		if strings.HasPrefix(kind, "multipart/") {
			r := multipart.NewReader(body, params["boundary"])
			for {
				p, err := r.NextRawPart()
				if err != nil {
					return
				}
				walk(p.Header, p)
			}
		}
		switch strings.ToLower(h.Get("Content-Transfer-Encoding")) {
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Fatalf("a part of a mail cannot be read: %v", err)
		}
		b.WriteString("\n" + string(text))
		if kind == "message/rfc822" {
			if inner, err := mail.ReadMessage(bytes.NewReader(text)); err == nil {
				walk(textproto.MIMEHeader(inner.Header), inner.Body)
			}
		}
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	walk(textproto.MIMEHeader(m.Header), m.Body)
	return b.String()
}
