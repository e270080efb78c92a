package rules

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/expr-lang/expr/vm"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Bounds of the facts that a condition examines. Together with the worst cost of a condition
// (analysis.go) they bound the time that a rule can take, whatever a mail contains.
const (
	maxText  = 64 << 10 // octets of a text
	maxValue = 8 << 10  // octets of a header field
	maxWord  = 1 << 10  // octets of anything else
	maxList  = 200      // entries of a list
	// maxMemory is expr's budget: entries of lists that a condition makes while it runs.
	maxMemory = 100_000
)

// scope holds the variables and functions of a condition. It serves one evaluation at a time.
type scope struct {
	Mail
	Event        string       `expr:"event" doc:"what happened: opened, replied ..."`
	Ticket       ticketScope  `expr:"ticket" doc:"the ticket, with what earlier rules set"`
	Customer     Customer     `expr:"customer" doc:"the requester"`
	Organisation Organisation `expr:"org" doc:"the customer's organisation"`

	Now         time.Time `expr:"now" doc:"the instant: now.Year() now.Month() now.Day() now.YearDay()"`
	Today       string    `expr:"today" doc:"the day, like \"2026-11-21\""`
	Weekday     string    `expr:"weekday" doc:"mon tue wed thu fri sat sun"`
	Hour        int       `expr:"hour" doc:"0 to 23, in the desk's time zone"`
	Minute      int       `expr:"minute" doc:"0 to 59"`
	OfficeHours bool      `expr:"office_hours" doc:"whether it is office time in the desk's calendar"`

	// Functions that need the facts, or state kept between calls. They are bound once for each
	// machine.
	HeaderOf  func(string) string        `expr:"header" doc:"header(\"X-Foo\"): the field of that name, \"\" if there is none"`
	HeadersOf func(string) []string      `expr:"headers" doc:"headers(\"Received\"): all fields of that name"`
	HasHeader func(string) bool          `expr:"has_header" doc:"has_header(\"List-Id\")"`
	HasTag    func(string) bool          `expr:"has_tag" doc:"has_tag(\"vip\"): whether the ticket has the tag"`
	Fold      func(string) string        `expr:"fold" doc:"fold(subject): in the form in which upper and lower case are the same: fold(subject) contains \"straße\""`
	DomainOf  func(string) string        `expr:"domain" doc:"domain(from): what stands behind the @"`
	Duration  func(string) time.Duration `expr:"duration" doc:"duration(\"2h\"), duration(\"3d\"): a length of time"`
}

// ticketScope adds to a ticket what depends on the instant.
type ticketScope struct {
	Ticket
	Age time.Duration `expr:"age" doc:"how long ago it was opened: ticket.age > duration(\"2d\")"`
}

// machine runs conditions for one evaluation at a time. It holds expr's virtual machine and the
// scope.
type machine struct {
	vm     vm.VM
	stack  []any // of the virtual machine, kept between evaluations
	scope  scope
	cut    []string
	folder cases.Caser // not safe for concurrent use, so each machine has one
	folded [4]struct{ in, out string }
	next   int
}

func newMachine() *machine {
	m := &machine{folder: cases.Fold(), stack: make([]any, 0, 16)}
	m.bind()
	return m
}

// bind sets the functions of an empty scope.
func (m *machine) bind() {
	s := &m.scope
	s.HeaderOf = func(key string) string {
		if values := m.headers(key); len(values) > 0 {
			return cutTo(values[0], maxValue)
		}
		return ""
	}
	s.HeadersOf = func(key string) []string {
		values := m.headers(key)
		return bounded(values[:min(len(values), maxList)], maxValue)
	}
	s.HasHeader = func(key string) bool { return len(m.headers(key)) > 0 }
	s.HasTag = func(tag string) bool { return slices.Contains(m.scope.Ticket.Tags, tag) }
	s.Fold = m.fold
	s.DomainOf = domain
	s.Duration = func(text string) time.Duration {
		d, _ := ParseDuration(text) // a constant, checked when the condition was compiled
		return d
	}
}

func (m *machine) headers(key string) []string {
	if m.scope.Mail.Header == nil {
		return nil
	}
	return m.scope.Mail.Header(key)
}

// load copies the facts into the scope, cut to their bounds.
func (m *machine) load(f *Facts) {
	m.vm = vm.VM{Stack: m.stack, MemoryBudget: maxMemory}
	s := &m.scope
	s.Event = f.Event
	s.Now = f.Now
	s.OfficeHours = f.OfficeHours
	s.Today = f.Now.Format(time.DateOnly)
	s.Weekday = weekdays[f.Now.Weekday()]
	s.Hour, s.Minute = f.Now.Hour(), f.Now.Minute()

	s.Mail = f.Mail
	m.text("subject", &s.Mail.Subject, maxWord)
	m.text("text", &s.Mail.Text, maxText)
	m.text("whole_text", &s.Mail.WholeText, maxText)
	m.text("from", &s.Mail.From, maxWord)
	m.text("from_name", &s.Mail.FromName, maxWord)
	m.text("reply_to", &s.Mail.ReplyTo, maxWord)
	m.text("spam", &s.Mail.Spam, maxWord)
	m.list("to", &s.Mail.To)
	m.list("cc", &s.Mail.Cc)
	m.attachments(&s.Mail.Attachments)

	s.Ticket.Ticket = f.Ticket
	m.text("ticket.subject", &s.Ticket.Subject, maxWord)
	m.list("ticket.tags", &s.Ticket.Tags)
	m.fields("ticket.fields", &s.Ticket.Fields)
	s.Ticket.Age = 0
	if !f.Ticket.OpenedAt.IsZero() {
		s.Ticket.Age = max(0, f.Now.Sub(f.Ticket.OpenedAt))
	}

	s.Customer = f.Customer
	m.text("customer.name", &s.Customer.Name, maxWord)
	m.text("customer.address", &s.Customer.Address, maxWord)
	m.text("customer.domain", &s.Customer.Domain, maxWord)
	m.fields("customer.fields", &s.Customer.Fields)
	s.Organisation = f.Organisation
	m.fields("org.fields", &s.Organisation.Fields)
}

// unload clears all facts, so that an idle machine holds nothing about a person.
func (m *machine) unload() {
	s := &m.scope
	s.Mail, s.Ticket, s.Customer, s.Organisation = Mail{}, ticketScope{}, Customer{}, Organisation{}
	m.vm = vm.VM{}
	clear(m.stack[:cap(m.stack)])
	clear(m.folded[:])
	m.cut = nil
}

func (m *machine) text(name string, text *string, limit int) {
	if len(*text) > limit {
		*text = cutTo(*text, limit)
		m.cut = append(m.cut, name)
	}
}

func (m *machine) list(name string, list *[]string) {
	before := *list
	*list = bounded(before[:min(len(before), maxList)], maxWord)
	if len(before) > maxList {
		m.cut = append(m.cut, name)
	}
}

func (m *machine) attachments(list *[]Attachment) {
	before := *list
	if len(before) > maxList {
		*list = before[:maxList]
		m.cut = append(m.cut, "attachments")
	}
	long := func(a Attachment) bool { return len(a.Name) > maxWord || len(a.Type) > maxWord }
	if slices.ContainsFunc(*list, long) {
		*list = slices.Clone(*list)
		for i := range *list {
			a := &(*list)[i]
			a.Name, a.Type = cutTo(a.Name, maxWord), cutTo(a.Type, maxWord)
		}
	}
}

func (m *machine) fields(name string, fields *map[string]string) {
	for _, value := range *fields {
		if len(value) <= maxValue {
			continue
		}
		short := make(map[string]string, len(*fields))
		for k, v := range *fields {
			short[k] = cutTo(v, maxValue)
		}
		*fields = short
		m.cut = append(m.cut, name)
		return
	}
}

// bounded returns the list with each entry cut. It copies the list only if necessary.
func bounded(list []string, limit int) []string {
	if !slices.ContainsFunc(list, func(s string) bool { return len(s) > limit }) {
		return list
	}
	list = slices.Clone(list)
	for i := range list {
		list[i] = cutTo(list[i], limit)
	}
	return list
}

// cutTo cuts a text to at most limit octets, not inside a character.
func cutTo(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}

// fold returns a text in the form in which upper and lower case and look-alike characters are the
// same ("Straße", "STRASSE"). The last result is cached, since many rules fold the same subject.
func (m *machine) fold(text string) string {
	for i := range m.folded {
		if f := &m.folded[i]; len(f.in) == len(text) && f.in == text && text != "" {
			return f.out
		}
	}
	out := ""
	if isASCII(text) {
		out = strings.ToLower(text)
	} else {
		// A few characters (U+FDFA) become ten times as long, so a text that consists of them is
		// cut.
		out = cutTo(norm.NFKC.String(m.folder.String(norm.NFKC.String(text))), foldedMost(len(text)))
	}
	m.folded[m.next] = struct{ in, out string }{text, out}
	m.next = (m.next + 1) % len(m.folded)
	return out
}

// foldedMost returns the greatest length of a folded text, given its length before. The analysis
// relies on it.
func foldedMost(octets int) int { return 3*octets + maxWord }

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// domain returns the part of an address after the last @, in lower case.
func domain(address string) string {
	if i := strings.LastIndexByte(address, '@'); i >= 0 {
		return strings.ToLower(strings.TrimSpace(address[i+1:]))
	}
	return ""
}

var weekdays = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
