// Package templates makes the words of every mail that the desk writes itself: it owns the built-in
// mails (Markdown, embedded), lays an admin's own files on top of them, checks them whole when they
// are loaded, and renders a mail's subject, text and HTML from facts.
//
// It must never know the database, mail addresses' tokens, SMTP or when a mail is due: whoever
// decides that a mail goes out hands over facts and gets words back.
//
// What comes from a mail can inject nothing, by construction: a template is executed with a mark in
// the place of every value, the result (only the template's own words and marks) goes through
// Markdown, and the values are put in at the very end, escaped for the place where the mark came to
// stand. Since that makes the Markdown the same for most mails of a kind, it is parsed once and
// kept.
package templates

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/template"
	"time"

	"github.com/yuin/goldmark/parser"

	"tierdesk/rules/fault"
)

// Name of a template: the file name without language and .md. Admins may add names of their own
// (rules reply with them).
type Name string

// The built-in mails. To customers:
const (
	Acknowledgement Name = "ack"        // a new ticket was taken in; may suggest articles. Never quotes the body
	Answer          Name = "answer"     // an agent's words and a small footer
	Solved          Name = "solved"     // the ticket counts as solved; how to say that it is not
	Closing         Name = "closing"    // the ticket is closed
	Published       Name = "published"  // an agent's words to every customer of a problem
	Merged          Name = "merged"     // the ticket goes on in another one of theirs
	Form            Name = "form"       // questions, whose answers are read
	Decided         Name = "decided"    // a request of theirs was approved, or was not
	Progress        Name = "progress"   // we are still on it; when they hear next
	Reminder        Name = "reminder"   // we wait for their answer; a rule sends it
	Articles        Name = "articles"   // the articles that a mail to the knowledge base asks for
	MyTickets       Name = "my-tickets" // how the customer's own tickets stand
	PersonComes     Name = "person"     // they asked for a person, and one will answer
)

// To customers whose ticket belongs to a problem, or who wished for something.
const (
	ProblemState Name = "problem-state" // how far a problem is, to a customer who wants to hear it
	IdeaBuilt    Name = "idea-built"    // what a customer wished for is there
)

// To agents. All carry the Marker; where a reply to one of them goes, Facts.GoesTo says.
const (
	AgentNew    Name = "agent-new"      // a new ticket
	AgentReply  Name = "agent-reply"    // the customer wrote again
	AgentNote   Name = "agent-note"     // a colleague's note
	Assigned    Name = "agent-assigned" // the ticket was given to you
	Escalation  Name = "escalation"     // the ticket came up a tier, or somebody calls for help
	Warning     Name = "sla-warning"    // a promise is running out
	Missed      Name = "sla-missed"     // a promise was not kept
	Reopened    Name = "reopened"       // the customer wrote to a solved ticket
	Held        Name = "held"           // your mail was not sent on: why, and the nearest right command
	Draft       Name = "draft"          // a trainee's answer, to be checked
	Receipt     Name = "receipt"        // what your commands did
	Confirm     Name = "confirm"        // a mail claims to be from you: was it you?
	Help        Name = "help"           // what you can type
	Bounced     Name = "bounced"        // your answer did not arrive
	HasLeft     Name = "has-left"       // who takes part has left, by an automatic note of theirs
	SideReply   Name = "consult-reply"  // what a third person answered, or that a machine of theirs did
	Backlog     Name = "agent-backlog"  // many promises were overdue at once: they are summed up
	FoundList   Name = "found"          // the tickets that a search found, or that a list names
	Shown       Name = "shown"          // a whole ticket: what was written in it and what happened to it
	ProblemNews Name = "problem-news"   // what happened to a problem
	RotaNews    Name = "rota"           // who works when, this week and next
	// An article is due for review: the owner answers that it is right, or with its new text.
	ArticleReview Name = "article-review"
	Digest        Name = "agent-digest" // what happened in tickets since yesterday, in one mail
)

// To others.
const (
	Consult         Name = "consult"          // an agent's question to somebody who takes no part
	Approval        Name = "approval"         // an agent's question that wants a yes or no
	Vendor          Name = "vendor"           // an agent's words to a vendor
	Forwarded       Name = "forwarded"        // a mail that a rule sends on to an address that the admin chose
	IdeasReport     Name = "ideas"            // what customers wish for, to those who decide on the product
	ArticleDraft    Name = "article-draft"    // what the owner of an article has written, for who puts it in place
	AdminFault      Name = "admin-fault"      // an edit of the desk folder is wrong; the old files stay
	AdminQuarantine Name = "admin-quarantine" // mails that wait in quarantine
	AdminAlarm      Name = "admin-alarm"      // mail itself is broken
	AdminSummary    Name = "admin-summary"    // old mail was taken in; nobody was mailed
	AdminReceipt    Name = "admin-receipt"    // what the admin's answer did
	AdminUnreached  Name = "admin-unreached"  // which of our own no mail reaches
)

// Marker stands in one line at the top of every notice to an agent, in the text and in the HTML,
// whatever the language of the words before it: what is below that line is not the agent's. It
// never goes to a customer.
const Marker = "## tierdesk ##"

// Mail is what a template makes: one line, a readable text, and a whole HTML page without any
// external resource.
type Mail struct {
	Subject, Text, HTML string
	// Fault says why an admin's own template could not be used and the built-in one was; nil nearly
	// always.
	Fault error
}

// File is one of the admin's files: its name below templates/ ("ack.de.md", "sales/ack.de.md") and
// what is in it.
type File struct{ Name, Text string }

// Set is all templates of a desk, or those that the mails of one inbox are made with (For). It is
// immutable and safe for concurrent use by multiple goroutines.
type Set struct {
	mails map[string]map[string]*mail // by name, then by language; "" is an admin's NAME.md without a language
	// builtin holds what an admin's own files hide, to fall back on.
	builtin map[string]map[string]*mail
	inboxes map[string]*Set // of the inboxes that have files of their own, by name
	pieces  sources         // that mails take in, by name and language, as those of mails
	cache   *cache
}

// mail is one template in one language.
type mail struct {
	file     string // "ack.de.md", "sales/ack.de.md"
	source   string
	lang     string          // language of its words; "" for the desk's own
	audience audience        // of mails, toCustomer for an own name
	own      bool            // something in it is the admin's
	contents func() contents // the same each time
}

// contents is what is in a mail, ready to run.
type contents struct {
	parts    []part // the partials that it takes in
	personal bool   // it speaks of its reader
	own      bool   // something in it is the admin's
	runners  *runners
}

// part is a partial as a mail takes it in.
type part struct{ name, file, text string }

// Load puts the admin's files on top of the built-in mails and checks all of it: that it parses,
// that every fact and function in it exists and may stand in a mail of this kind, and that it
// renders from the samples. With any fault the Set is nil; the faults' places are relative to the
// desk folder (templates/ack.de.md).
//
// An own NAME.md takes the place of the built-in NAME in every language (in which it was not
// written, the desk does not guess); an own NAME.LANG.md only of that language. The files of an
// inbox, INBOX/NAME.md, lie in the same way on top of both. Whether there is such an inbox is for
// the caller to check.
func Load(files []File) (*Set, fault.List) {
	var faults fault.List
	ours := shipped()
	common, perInbox := apart(files)
	own, ownPartials := parseAll(common, ours.files.mails, &faults)
	all := layer{onTop(ours.files.mails, own), onTop(ours.files.partials, ownPartials)}
	s := &Set{cache: newCache(), mails: map[string]map[string]*mail{}, builtin: ours.mails, inboxes: map[string]*Set{},
		pieces: all.partials}
	for name, byLang := range all.mails {
		s.mails[name] = s.builtin[name]
		// Built-in mails use the admin's partials too: an own footer belongs under every mail.
		if own[name] != nil || len(ownPartials) > 0 {
			s.mails[name] = buildAll(byLang, all.partials, &faults)
		}
	}
	for inbox, files := range perInbox {
		s.inboxes[inbox] = s.forInbox(files, all, &faults)
	}
	if len(faults) == 0 {
		s.try(func(m *mail) bool { return m.own }, &faults) // what is built in cannot have changed since its test
	}
	if len(faults) > 0 {
		return nil, once(faults)
	}
	s.cache.forget() // what samples came to
	return s, nil
}

// For returns the templates of an inbox's mails to those outside: its own ones on top of all
// others. Mails to agents and to the admin are the same for every inbox.
func (s *Set) For(inbox string) *Set {
	if in := s.inboxes[inbox]; in != nil {
		return in
	}
	return s
}

// Names returns the names of all templates, built-in and own, sorted.
func (s *Set) Names() []string { return slices.Sorted(maps.Keys(s.mails)) }

// Pieces returns the names of what mails take in, each with the underscore that its file has,
// sorted.
func (s *Set) Pieces() []string {
	var names []string
	for name := range s.pieces {
		names = append(names, "_"+name)
	}
	slices.Sort(names)
	return names
}

// FromInbox reports whether a mail of that name leaves from the inbox of its ticket, and so may be
// the inbox's own.
func (s *Set) FromInbox(name string) bool { return s.Has(name) && audiences[Name(name)].fromInbox() }

// Has reports whether there is a template of that name.
func (s *Set) Has(name string) bool { return s.mails[name] != nil }

// ForCustomers reports whether a mail of that name is automatic mail to a customer.
func (s *Set) ForCustomers(name string) bool {
	return s.Has(name) && audiences[Name(name)] == toCustomer
}

// ForRules reports whether a mail of that name may be a rule's reply: automatic mail to a customer,
// but for those that tell of something which no rule knows.
func (s *Set) ForRules(name string) bool {
	return s.ForCustomers(name) && !slices.Contains([]Name{Merged, Articles, MyTickets, ProblemState, IdeaBuilt}, Name(name))
}

// Languages returns the languages that there is a template or piece in, sorted; "" stands for an
// own NAME.md.
func (s *Set) Languages(name string) []string {
	if piece, ok := strings.CutPrefix(name, "_"); ok {
		return slices.Sorted(maps.Keys(s.pieces[piece]))
	}
	return slices.Sorted(maps.Keys(s.mails[name]))
}

// Source returns the file name and the Markdown of the template or piece that Render would use for
// this language, false if there is none.
func (s *Set) Source(name, lang string) (file, text string, ok bool) {
	if piece, ok := strings.CutPrefix(name, "_"); ok {
		p := pickPartial(s.pieces, piece, lang)
		if p == nil {
			return "", "", false
		}
		return p.file, p.text, true
	}
	m := pick(s.mails[name], lang, "")
	if m == nil {
		return "", "", false
	}
	return m.file, m.source, true
}

// Personal reports whether the mail that Render would make for this language speaks of its reader
// (Facts.Reader). One that does not is the same for everybody who gets it with the same facts.
func (s *Set) Personal(name Name, lang, desk string) bool {
	m := pick(s.mails[string(name)], lang, desk)
	return m == nil || m.contents().personal
}

// Render makes a mail. The language is the first for which there is a template: lang, the desk's,
// English. An unknown name is an error. Facts are not changed. If an admin's own template fails on
// these facts, the built-in one of that name is used and Mail.Fault says why; an error is returned
// only if there is none.
func (s *Set) Render(name Name, lang string, f *Facts) (Mail, error) {
	m := pick(s.mails[string(name)], lang, f.Desk.Language)
	if m == nil {
		return Mail{}, fmt.Errorf("render mail: there is no template %q", name)
	}
	out, _, err := s.run(m, f)
	if err == nil {
		return out, nil
	}
	err = fmt.Errorf("render mail from templates/%s: %w", m.file, err)
	b := pick(s.builtin[string(name)], lang, f.Desk.Language)
	if b == nil || b == m {
		return Mail{}, err
	}
	out, _, err2 := s.run(b, f)
	if err2 != nil {
		return Mail{}, errors.Join(err, err2)
	}
	out.Fault = err
	return out, nil
}

// pick chooses the variant for a reader's language: that of the reader, their language without the
// region, an own one for all, the desk's, English.
func pick(byLang map[string]*mail, lang, desk string) *mail {
	lang, desk = strings.ToLower(lang), strings.ToLower(desk)
	base, _, _ := strings.Cut(lang, "-")
	deskBase, _, _ := strings.Cut(desk, "-")
	for _, l := range [...]string{lang, base, "", desk, deskBase, "en"} {
		if m := byLang[l]; m != nil {
			return m
		}
	}
	return nil
}

// runner is a template with a state of its own, so that functions in it know the language and
// collect the values.
type runner struct {
	state         *state
	subject, body *template.Template
	buf           bounded
}

// run executes a template, takes the Markdown's structure from the cache, and puts the values in.
// What of the Markdown had to be left out is told too.
func (s *Set) run(m *mail, facts *Facts) (out Mail, refused []refusal, err error) {
	f := m.audience.view(facts)
	runners := m.contents().runners
	r := runners.take()
	defer runners.giveBack(r)
	lang := m.lang
	if lang == "" {
		lang = cmp.Or(facts.Desk.Language, "en")
	}
	r.state.reset(lang, f)

	r.buf.Reset()
	if err := r.subject.Execute(&r.buf, f); err != nil {
		return Mail{}, nil, err
	}
	subject := cut(line(r.buf.String()), maxSubject)

	r.buf.Reset()
	if err := r.body.Execute(&r.buf, f); err != nil {
		return Mail{}, nil, err
	}
	doc, err := s.cache.get(r.buf.Bytes())
	if err != nil {
		return Mail{}, nil, err
	}
	return Mail{
		Subject: subject,
		Text:    doc.renderText(r.state.values),
		HTML:    doc.renderHTML(r.state.values, lang, m.audience),
	}, doc.refused, nil
}

// maxSubject is the length of a subject in characters; what is longer is cut. RFC 5322 section
// 2.1.1 wants lines of 78.
const maxSubject = 150

// try renders the mails that are asked for from each sample, so that what no check of names finds
// is found now and not in the middle of the night.
func (s *Set) try(which func(*mail) bool, faults *fault.List) {
	for _, byLang := range s.mails {
		for _, m := range byLang {
			if !which(m) {
				continue
			}
			for _, sample := range samples(m.audience) {
				out, refused, err := s.run(m, sample.Facts)
				place := fault.Place{File: dir + m.file}
				if err != nil {
					if at := new(template.ExecError); errors.As(err, at) {
						parts := m.contents().parts
						if i := slices.IndexFunc(parts, func(p part) bool { return p.name == at.Name }); i >= 0 {
							place.File = dir + parts[i].file
						}
					}
					place.Line = lineOf(err)
					faults.Add(place, "", "fails with %s: %s", sample.What, plainError(err))
					break
				}
				for _, r := range refused {
					if at := strings.Index(m.source, r.snippet); at >= 0 {
						place.Line, place.Column = position(m.source, at)
					}
					faults.Add(place, r.hint, "%s", r.text)
				}
				if strings.TrimSpace(out.Subject) == "" {
					place.Line = 1
					faults.Add(place, "", "makes an empty subject from %s", sample.What)
					break
				}
				if m.audience == toAgent && !strings.Contains(out.Text, Marker) {
					faults.Add(place, `begin with {{marker "Write your reply above this line"}}`,
						"lacks the marker line that tells an agent's reply from the notice")
					break
				}
			}
			m.contents().runners.drop()
		}
	}
}

// cache keeps the structure of Markdown that was seen before. Values never get into its keys, only
// what a template's own conditions and loops make of them, so it stays small; when it is full all
// the same, it begins anew.
type cache struct {
	markdown parser.Parser
	mu       sync.RWMutex
	docs     map[string]*document
}

const maxCached = 1000

func newCache() *cache { return &cache{markdown: newMarkdown(), docs: map[string]*document{}} }

// forget empties the cache.
func (c *cache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.docs)
}

func (c *cache) get(markdown []byte) (*document, error) {
	c.mu.RLock()
	d := c.docs[string(markdown)]
	c.mu.RUnlock()
	if d != nil {
		return d, nil
	}
	if e := tooMuch(markdown); e != nil {
		return nil, e
	}
	d = compile(c.markdown, bytes.Clone(markdown))
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.docs) >= maxCached {
		clear(c.docs)
	}
	c.docs[string(markdown)] = d
	return d, nil
}

// once returns the faults in the order of their places, each once: a partial is checked in every
// mail that it stands in.
func once(faults fault.List) fault.List {
	seen := map[fault.Fault]bool{}
	faults = slices.DeleteFunc(faults, func(f fault.Fault) bool {
		again := seen[f]
		seen[f] = true
		return again
	})
	slices.SortStableFunc(faults, func(a, b fault.Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Text, b.Text))
	})
	return faults
}

// overlay returns all of under, with what over has in its place.
func overlay[V any](under, over map[string]V) map[string]V {
	out := maps.Clone(under)
	if out == nil {
		out = map[string]V{}
	}
	maps.Copy(out, over)
	return out
}

// state is what the functions of a template work with while it runs.
type state struct {
	words  *words
	now    time.Time
	loc    *time.Location
	values []value
	// body and formatted are the same text.
	body      Block
	formatted Markup
}

// forget leaves nothing of the mail that was made.
func (s *state) forget() {
	clear(s.values)
	*s = state{values: s.values[:0]}
}

func (s *state) reset(lang string, f *Facts) {
	s.words, s.now, s.values = wordsOf(lang), f.Now, s.values[:0]
	s.body, s.formatted = f.Body, f.Formatted
	s.loc = time.UTC
	if f.Desk.Location != nil {
		s.loc = f.Desk.Location
	}
	if f.Location != nil {
		s.loc = f.Location
	}
}
