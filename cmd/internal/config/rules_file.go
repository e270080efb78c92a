package config

import (
	"reflect"
	"strings"
	"time"

	"github.com/invopop/jsonschema"
	"go.yaml.in/yaml/v4"

	"tierdesk/mailin"
	"tierdesk/rules"
	"tierdesk/rules/fault"
	"tierdesk/tickets"
)

type rulesFile struct {
	Rules []ruleBlock `yaml:"rules" doc:"The rules, in the order in which they are looked at. Files go by their names."`
	Tests []testBlock `yaml:"tests" doc:"What must become of which mail: tierdesk rules test."`
}

type ruleBlock struct {
	position
	Name  text          `yaml:"name" jsonschema:"required" eg:"outage at a gold customer" doc:"What it is called, in traces and tests; no two rules share a name."`
	On    words         `yaml:"on" default:"[opened, replied]" eg:"[opened, replied]" doc:"At which events it is looked at: opened, replied, agent-replied, noted, status-changed, solved, closed, reopened, escalated, sla-warned, sla-missed, bounced, form-filled, approved, declined, elapsed. At sla-warned, sla-missed and elapsed there is no mail to look at: subject, inbox and language are the ticket's there, and a rule for these events alone that looks at anything else of a mail is a fault."`
	After text          `yaml:"after" eg:"2h since customer" doc:"With elapsed: how long after what. TIME since opened, customer, agent or updated; or no customer reply for TIME: so long has the ticket waited for them (pending). Such a rule acts by day only (8:00 to 20:00, and in the desk's calendar), and two of them keep their distance also when the first one was late."`
	When  literal       `yaml:"when" eg:"subject contains \"invoice\"" doc:"The condition, in the expr language; without it the rule always applies."`
	Do    []actionBlock `yaml:"do" doc:"What happens."`
	Then  text          `yaml:"then" jsonschema:"enum=stop" eg:"stop" doc:"stop: no later rule is looked at."`
}

// actionBlock is one entry of "do:": a word, or one key with its value.
type actionBlock struct {
	at  fault.Place
	do  rules.ActionKind
	odd bool // a fault was reported in it
	actionKeys
}

// actionKeys holds all actions; an entry has exactly one of them.
type actionKeys struct {
	position
	Set        *setBlock `yaml:"set" doc:"Change the ticket."`
	Reply      text      `yaml:"reply" eg:"outage-ack" doc:"Send a template to the requester."`
	Notify     words     `yaml:"notify" eg:"[oncall]" doc:"Send a notice: assignee, team, lead, manager, on-call (by the rota of the team), admin, or the name of an agent or team."`
	Forward    address   `yaml:"forward" eg:"billing@acme.example" doc:"Send the mail on. What was written for colleagues (a note, the answer of a third person) goes to agents and to the admin alone."`
	Notes      address   `yaml:"forward_notes" eg:"audit@partner.example" doc:"As forward, but what was written for colleagues goes to this address too, even outside."`
	Quarantine text      `yaml:"quarantine" eg:"looks like advertising" doc:"Keep the mail from the desk until a person looks; the reason is yours."`
	Drop       text      `yaml:"drop" eg:"nightly report" doc:"File the mail away, kept and listed; the reason is yours."`
	Problem    text      `yaml:"problem" eg:"Mail outage" doc:"Link the ticket to the problem of this key that is not done with; the first opens one of the lead's. It is on hold until the problem is solved."`
	MergeKey   text      `yaml:"merge_key" eg:"header X-Incident-Id" doc:"Reports of monitoring with the same key are one ticket: header NAME, or subject: and a regular expression whose first group is the key. Together with set: {status: solved} for what says that all is well."`
	Vendor     text      `yaml:"vendor" eg:"routers" doc:"Hand what the customer wrote over to a vendor of people.yaml; the ticket is on hold until it answers."`
	Ask        text      `yaml:"ask" eg:"laptop" doc:"Ask the requester the questions of a form of forms/; at the opening of a ticket that takes the place of the acknowledgement."`
	Stop       boolean   `yaml:"stop" eg:"true" doc:"Look at no later rule."`
}

type setBlock struct {
	position
	Priority text    `yaml:"priority" eg:"urgent" doc:"A priority of service.yaml."`
	Tier     number  `yaml:"tier" eg:"2" doc:"An inside tier of service.yaml."`
	Team     text    `yaml:"team" eg:"network" doc:"A team of people.yaml, or none."`
	Assignee text    `yaml:"assignee" eg:"jane" doc:"An agent of people.yaml, or none."`
	Status   text    `yaml:"status" eg:"pending" doc:"open, pending, on-hold, solved or closed."`
	Tags     tagList `yaml:"tags" eg:"[+outage, -new]" doc:"+TAG adds, -TAG takes away."`
}

type testBlock struct {
	position
	Name   text             `yaml:"name" jsonschema:"required" eg:"gold outage goes straight to the network team" doc:"What it shows."`
	Event  text             `yaml:"event" default:"opened" eg:"replied" doc:"The event that is tested."`
	Mail   testMailBlock    `yaml:"mail" doc:"The mail that comes."`
	Ticket *testTicketBlock `yaml:"ticket" doc:"What the ticket was before; a new one without the key."`
	Expect expectBlock      `yaml:"expect" jsonschema:"required" doc:"What must follow; what is left out is not looked at."`
}

type testMailBlock struct {
	position
	From        content        `yaml:"from" eg:"jane@gold.example" doc:"Who writes."`
	To          content        `yaml:"to" eg:"support@acme.example" doc:"To whom; the first inbox without it."`
	Subject     content        `yaml:"subject" eg:"Network is DOWN" doc:"Its subject."`
	Text        content        `yaml:"text" eg:"since 9:00" doc:"Its text."`
	HTML        content        `yaml:"html" eg:"<p>since 9:00</p>" doc:"Its HTML."`
	Headers     named[content] `yaml:"headers" eg:"{X-Spam: \"yes\"}" doc:"Further header fields."`
	Attachments words          `yaml:"attachments" eg:"[photo.jpg]" doc:"Names of attached files."`
	At          text           `yaml:"at" eg:"\"2026-11-21 09:30\"" doc:"When it comes, in the desk's time zone."`
}

type testTicketBlock struct {
	position
	Priority text     `yaml:"priority" eg:"normal" doc:"Its priority."`
	Status   text     `yaml:"status" eg:"open" doc:"Its status."`
	Team     text     `yaml:"team" eg:"frontdesk" doc:"Its team, or none."`
	Assignee text     `yaml:"assignee" eg:"jane" doc:"Who has it, or none."`
	Tier     number   `yaml:"tier" eg:"1" doc:"Its tier."`
	Tags     words    `yaml:"tags" eg:"[outage]" doc:"Its tags."`
	Messages number   `yaml:"messages" eg:"3" doc:"How many messages it has."`
	Opened   duration `yaml:"opened" eg:"2d" doc:"How long ago it was opened."`
	Customer duration `yaml:"customer" eg:"4h" doc:"How long ago the customer wrote."`
	Agent    duration `yaml:"agent" eg:"1d" doc:"How long ago an agent answered."`
	Updated  duration `yaml:"updated" eg:"4h" doc:"How long ago anything changed."`
}

type expectBlock struct {
	position
	Priority    text    `yaml:"priority" eg:"urgent" doc:"The priority afterwards."`
	Status      text    `yaml:"status" eg:"new" doc:"The status afterwards."`
	Team        text    `yaml:"team" eg:"network" doc:"The team afterwards, or none."`
	Assignee    text    `yaml:"assignee" eg:"none" doc:"Who has it afterwards, or none."`
	Tier        number  `yaml:"tier" eg:"2" doc:"The tier afterwards."`
	Tags        anyList `yaml:"tags" eg:"[outage]" doc:"All tags afterwards; [] for none."`
	Mails       anyList `yaml:"mails" eg:"[outage-ack, agent-new]" doc:"The templates of all mails that go out; [] for none."`
	Rules       anyList `yaml:"rules" eg:"[outage at a gold customer]" doc:"All rules that apply; [] for none."`
	Quarantined boolean `yaml:"quarantined" eg:"true" doc:"Whether the mail is quarantined."`
	Dropped     boolean `yaml:"dropped" eg:"true" doc:"Whether the mail is filed away."`
}

// anyList is a list of words that may be empty, which means: nothing.
type anyList struct{ words }

func (v *anyList) scan(r *reader, n *yaml.Node, k key) { v.words.scan(r, n, k) }

// values returns nil if the key was not given, and an empty list if it is empty.
func (v *anyList) values() []string {
	if !v.given() {
		return nil
	}
	return v.strings()
}

// tagList is a list of +TAG and -TAG.
type tagList struct {
	changes []rules.TagChange
	at      fault.Place
}

func (v *tagList) scan(r *reader, n *yaml.Node, k key) {
	var w words
	w.scan(r, n, k)
	v.at = w.at
	for _, t := range w.list {
		name := strings.TrimLeft(t.s, "+-")
		if len(t.s)-len(name) != 1 || !tagPattern(name) {
			hint := "+" + strings.Trim(name, " ") + " to add it, -" + strings.Trim(name, " ") + " to take it away"
			if !tagPattern(name) {
				hint = "a tag is one word"
			}
			r.faults.Add(t.at, hint, "%q is not a change of a tag", t.s)
			continue
		}
		v.changes = append(v.changes, rules.TagChange{Name: name, Add: t.s[0] == '+'})
	}
}

func tagPattern(s string) bool { return s != "" && len(s) <= 60 && !strings.ContainsAny(s, " \t\n,;+") }

func (tagList) JSONSchema() *jsonschema.Schema {
	one := &jsonschema.Schema{Type: "string", Pattern: `^[+-][^ ,;+]+$`}
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{one, {Type: "array", Items: one}}}
}
func (tagList) kind() string { return "list of +TAG and -TAG" }

// forwardNotes is the word for a forward that includes notes.
const forwardNotes rules.ActionKind = "forward_notes"

// bare are the actions that may be written as a single word.
var bare = map[string]rules.ActionKind{"stop": rules.KindStop}

func (v *actionBlock) scan(r *reader, n *yaml.Node, k key) {
	v.at = r.at(n)
	before := len(*r.faults)
	defer func() { v.odd = len(*r.faults) > before }()
	shape := r.shape(reflect.TypeFor[actionKeys]())
	if n.Kind == yaml.ScalarNode && !isNull(n) {
		kind, ok := bare[n.Value]
		switch {
		case ok:
			v.do = kind
		case shape.fields[n.Value].Name != "":
			r.add(n, "for example "+n.Value+": "+shape.of[n.Value].eg, "%q needs a value", n.Value)
		default:
			r.add(n, fault.Hint(n.Value, shape.keys), "there is no action %q", n.Value)
		}
		return
	}
	if n.Kind != yaml.MappingNode {
		r.add(n, "one of "+strings.Join(shape.keys, ", "), "this is no action")
		return
	}
	if r.setsWithoutSet(n, shape) {
		return
	}
	r.mapping(n, reflectOf(&v.actionKeys), k)
	known := 0
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i]
		if _, ok := v.Keys[name.Value]; !ok {
			continue
		}
		if known++; known > 1 {
			r.add(name, "begin a new line with -", "an entry has one action: %q is another", name.Value)
			continue
		}
		v.do = rules.ActionKind(name.Value)
		if v.do == rules.KindStop && v.Stop.given() && !v.Stop.on {
			r.add(name, "leave it out", "stop: false does nothing")
		}
	}
	if known == 0 && len(n.Content) == 0 {
		r.add(n, "one of "+strings.Join(shape.keys, ", "), "this is no action")
	}
}

// setsWithoutSet reports whether an entry changes the ticket without the key for that, as in
// "- team: network", and adds the fault.
func (r *reader) setsWithoutSet(n *yaml.Node, actions shape) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		if _, action := actions.fields[name.Value]; !action && r.shape(reflect.TypeFor[setBlock]()).fields[name.Value].Name != "" {
			r.add(name, "- set: {"+name.Value+": "+value.Value+"}", "%q is no action, but what an action sets", name.Value)
			return true
		}
	}
	return false
}

func (actionBlock) JSONSchema() *jsonschema.Schema {
	block := reflector().Reflect(&actionKeys{})
	block.Version = ""
	one := uint64(1)
	block.MinProperties, block.MaxProperties = &one, &one
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string", Enum: []any{"stop"}}, block}}
}
func (actionBlock) kind() string { return "action" }

// build converts the file to what package rules compiles. inboxes are the desk's own addresses.
func (f *rulesFile) build(name string, inboxes map[string]string, faults, warnings *fault.List) rules.File {
	out := rules.File{Name: name}
	for i := range f.Rules {
		out.Rules = append(out.Rules, f.Rules[i].build(inboxes, faults))
	}
	for i := range f.Tests {
		out.Tests = append(out.Tests, f.Tests[i].build())
	}
	return out
}

func (b *ruleBlock) build(inboxes map[string]string, faults *fault.List) rules.Rule {
	r := rules.Rule{Place: b.At, Name: b.Name.s, On: b.On.strings(), When: b.When.s, WhenPlace: b.When.start, Then: b.Then.s,
		ThenPlace: b.Then.at}
	if len(r.On) == 0 {
		r.On = nil
	}
	if !b.Name.given() { // told already
		r.Name = "rule at " + b.At.String()
	}
	if len(r.Do) == 0 && b.Odd && b.Keys["do"].Line == 0 {
		r.Do = []rules.Action{{Place: b.At, Kind: rules.KindNotify, Notify: []string{"admin"}}} // as in actionBlock.build
	}
	for _, w := range b.On.list {
		r.OnPlace = append(r.OnPlace, w.at)
	}
	if b.After.given() {
		d, since, err := rules.ParseAfter(b.After.s)
		if err != nil {
			faults.Add(b.After.at, `like "2h since customer"`, "%s", err)
			d, since = time.Hour, rules.SinceOpened // as in actionBlock.build
		}
		r.After, r.Since, r.AfterPlace = d, since, b.After.at
	}
	for i := range b.Do {
		a := b.Do[i].build(faults)
		if in, ok := inboxes[mailin.Fold(a.Forward)]; ok && a.Kind == rules.KindForward {
			faults.Add(a.Places["forward"], "an address outside: the desk would write to itself",
				"%q is the address of the inbox %q", a.Forward, in)
		}
		r.Do = append(r.Do, a)
	}
	return r
}

func (v *actionBlock) build(faults *fault.List) rules.Action {
	a := rules.Action{Place: v.at, Places: map[string]fault.Place{}, Kind: v.do, Template: v.Reply.s, Notify: v.Notify.strings(),
		Forward: v.Forward.s}
	for key, place := range v.Keys {
		a.Places[key] = place
	}
	if v.do == forwardNotes {
		a.Kind, a.Forward, a.Notes, a.Places["forward"] = rules.KindForward, v.Notes.s, true, v.Keys["forward_notes"]
	}
	switch v.do {
	case rules.KindVendor:
		a.Value = v.Vendor.s
	case rules.KindAsk:
		a.Value = v.Ask.s
	case rules.KindProblem:
		a.Value = v.Problem.s
	case rules.KindMergeKey:
		a.Value = v.MergeKey.s
	case rules.KindQuarantine:
		a.Reason = v.Quarantine.s
	case rules.KindDrop:
		a.Reason = v.Drop.s
	case rules.KindSet:
		if s := v.Set; s != nil {
			a.Set = rules.Changes{Priority: s.Priority.s, Team: s.Team.s, Assignee: s.Assignee.s, Status: s.Status.s,
				Tier: s.Tier.pointer(), Tags: s.Tags.changes}
			for key, place := range s.Keys {
				a.Places[key] = place
			}
			if s.Status.s == string(tickets.New) {
				faults.Add(s.Status.at, "open, pending, on-hold, solved or closed", "no rule can set the status %q", s.Status.s)
			}
		}
	}
	if v.odd {
		// Its faults have been reported. The value set here only keeps package rules from reporting
		// what follows from them.
		if set := a.Set; v.do != rules.KindSet || set.Priority == "" && set.Team == "" && set.Assignee == "" && set.Status == "" &&
			set.Tier == nil && len(set.Tags) == 0 {
			return rules.Action{Place: v.at, Kind: rules.KindNotify, Notify: []string{"admin"}}
		}
	}
	return a
}

func (v *number) pointer() *int {
	if !v.given() {
		return nil
	}
	n := v.n
	return &n
}

func (t *text) pointer() *string {
	if !t.given() {
		return nil
	}
	s := t.s
	return &s
}

func (v *boolean) pointer() *bool {
	if !v.given() {
		return nil
	}
	on := v.on
	return &on
}

func (b *testBlock) build() rules.Test {
	m, e := &b.Mail, &b.Expect
	t := rules.Test{Place: b.At, Name: b.Name.s, Event: b.Event.s, EventPlace: b.Event.at}
	t.Mail = rules.TestMail{From: m.From.s, To: m.To.s, Subject: m.Subject.s, Text: m.Text.s, HTML: m.HTML.s,
		Attachments: m.Attachments.strings(), At: m.At.s, AtPlace: m.At.at}
	if len(m.Headers.list) > 0 {
		t.Mail.Headers = map[string]string{}
		for _, h := range m.Headers.list {
			t.Mail.Headers[h.name.s] = h.value.s
		}
	}
	if k := b.Ticket; k != nil {
		t.Ticket = &rules.TestTicket{Place: k.At, Places: k.Keys, Priority: k.Priority.pointer(), Status: k.Status.pointer(),
			Team: k.Team.pointer(), Assignee: k.Assignee.pointer(),
			Tier: k.Tier.pointer(), Tags: k.Tags.strings(), Messages: k.Messages.pointer(), Opened: k.Opened.d, Customer: k.Customer.d,
			Agent: k.Agent.d, Updated: k.Updated.d}
	}
	t.Expect = rules.Expectation{Place: e.At, Places: e.Keys, Priority: e.Priority.pointer(), Status: e.Status.pointer(),
		Team: e.Team.pointer(), Assignee: e.Assignee.pointer(),
		Tier: e.Tier.pointer(), Tags: e.Tags.values(), Mails: e.Mails.values(), Rules: e.Rules.values(),
		Quarantined: e.Quarantined.pointer(), Dropped: e.Dropped.pointer()}
	if !b.Name.given() { // told already
		t.Name = "test at " + b.At.String()
	}
	if e.Odd || b.Odd {
		no := false
		t.Expect.Quarantined = &no // as in actionBlock.build: not "expects nothing"
	}
	return t
}
