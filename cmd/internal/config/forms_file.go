package config

import (
	"path"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"
	"go.yaml.in/yaml/v4"

	"tierdesk/rules/fault"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
)

type formFile struct {
	position
	Title     worded          `yaml:"title" jsonschema:"required" eg:"New laptop" doc:"What it is called, to customers and agents: a text, or one for each language."`
	Questions []questionBlock `yaml:"questions" jsonschema:"required" doc:"What is asked, in this order. The questions are numbered, and the answers are read from the customer's reply however it is written."`
	Approval  *approvalBlock  `yaml:"approval" doc:"Who has to approve what the completed form asks for. They are asked by mail, with buttons for yes and no; the customer and the agents hear of the decision, the field approval holds it, and rules on: approved or declined can go on from there."`
}

type questionBlock struct {
	position
	Name     text       `yaml:"name" jsonschema:"required" eg:"serial" doc:"The field of the ticket that the answer becomes."`
	Ask      worded     `yaml:"ask" jsonschema:"required" eg:"What is the serial number?" doc:"The question: a text, or one for each language."`
	Kind     text       `yaml:"kind" jsonschema:"enum=text,enum=number,enum=yes-no,enum=choice,enum=date,enum=email" default:"text" eg:"number" doc:"What the answer has to be: text, number, yes-no, choice, date or email. A number becomes 1234.5 in the field, a date 2026-12-01, and yes or no becomes yes or no, in whatever language and way the customer writes it."`
	Choices  choiceList `yaml:"choices" eg:"[laptop, desktop]" doc:"The answers to a choice, at least two. A choice in several languages is a block with one name, below which stand the words: laptop: {en: a laptop, de: ein Laptop}."`
	Required boolean    `yaml:"required" default:"true" eg:"false" doc:"Whether the customer is asked once more if it is not answered."`
}

type approvalBlock struct {
	position
	Address address  `yaml:"address" eg:"boss@acme.example" doc:"Who is asked."`
	Lead    text     `yaml:"lead" eg:"network" doc:"Or: the lead of a team of people.yaml."`
	Field   text     `yaml:"field" eg:"approver" doc:"Or: whoever this field of the requester's organisation names, by address."`
	Remind  duration `yaml:"remind" default:"2d" eg:"1d" doc:"After how long they are reminded, twice. Then the ticket's agents are told."`
}

// worded is a text, or a block with a text for each language.
type worded struct {
	words tickets.Worded
	at    fault.Place
}

func (v *worded) scan(r *reader, n *yaml.Node, k key) {
	if n.Kind != yaml.MappingNode {
		var t text
		t.scan(r, n, k)
		if t.given() {
			v.words, v.at = tickets.Worded{"": oneLine(t.s)}, t.at
		}
		return
	}
	words := tickets.Worded{}
	for name, value := range r.pairs(n) {
		var t text
		t.scan(r, value, key{name: name.Value})
		if !languagePattern.MatchString(name.Value) {
			r.add(name, "two letters, like en or de", "%q is not a language", name.Value)
		} else if t.given() {
			words[strings.ToLower(name.Value)] = oneLine(t.s)
		}
	}
	if len(words) == 0 {
		r.add(n, "en: the text", "%s is empty", k)
		return
	}
	v.words, v.at = words, r.at(n)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (worded) JSONSchema() *jsonschema.Schema {
	one := &jsonschema.Schema{Type: "string"}
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{one, {Type: "object", AdditionalProperties: one}}}
}
func (worded) kind() string { return "text, or a block with one for each language" }

// choiceList holds the choices of a question. Each is a text, or a name with a text for each
// language.
type choiceList struct {
	list []tickets.Choice
	at   fault.Place
}

func (v *choiceList) given() bool { return v.at.Line != 0 }

func (v *choiceList) scan(r *reader, n *yaml.Node, k key) {
	if n.Kind != yaml.SequenceNode {
		r.add(n, "like [laptop, desktop]", "%s is a list", k)
		return
	}
	v.at = r.at(n)
	for _, item := range n.Content {
		if r.full(item) {
			return
		}
		if item.Kind != yaml.MappingNode {
			var t text
			t.scan(r, item, k)
			if t.given() {
				v.list = append(v.list, tickets.Choice{Value: oneLine(t.s)})
			}
			continue
		}
		count := 0
		for name, value := range r.pairs(item) {
			var w worded
			w.scan(r, value, key{name: name.Value})
			if count++; count > 1 {
				r.add(name, "begin a new line with -", "a choice has one name: %q is another", name.Value)
				continue
			}
			v.list = append(v.list, tickets.Choice{Value: oneLine(name.Value), Shown: w.words})
		}
	}
}

func (choiceList) JSONSchema() *jsonschema.Schema {
	one := &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string"}, {Type: "object"}}}
	return &jsonschema.Schema{Type: "array", Items: one}
}
func (choiceList) kind() string { return "list of texts" }

// Bounds of forms, which are mails that a person has to answer.
const (
	maxQuestions = 40
	maxChoices   = 30
)

// forms reads the questionnaires and catalogue requests.
func (f *folder) forms(d *Policy, havePeople bool) tickets.Forms {
	var out tickets.Forms
	for _, name := range f.list(formsDir, ".yaml", ".yml") {
		var file formFile
		if !f.yaml(name, &file) {
			continue
		}
		form := file.build(f.faults)
		form.Name = strings.TrimSuffix(path.Base(name), ".yaml")
		if !namePattern.MatchString(form.Name) {
			f.faults.Add(fault.Place{File: name}, "letters, digits, and . _ - between them; at most 40",
				"%q cannot be the name of a form", form.Name)
		} else if strings.EqualFold(form.Name, commands.AskNone) {
			f.faults.Add(fault.Place{File: name}, "another name", "/ask %s withdraws a form", commands.AskNone)
		}
		if a := file.Approval; a != nil {
			form.Approval = a.build(d, havePeople, f.faults)
		}
		out = append(out, form)
	}
	return out
}

func (b *formFile) build(faults *fault.List) tickets.Form {
	form := tickets.Form{Title: b.Title.words}
	if len(b.Questions) == 0 && !b.Odd && b.Keys["questions"].Line != 0 {
		faults.Add(b.Keys["questions"], "- name: serial", "a form asks at least one question")
	}
	if len(b.Questions) > maxQuestions {
		faults.Add(b.Keys["questions"], "make two forms of it", "a form asks at most %d questions", maxQuestions)
	}
	seen := map[string]fault.Place{}
	for i := range b.Questions {
		form.Questions = append(form.Questions, b.Questions[i].build(seen, faults))
	}
	return form
}

func (b *questionBlock) build(seen map[string]fault.Place, faults *fault.List) tickets.Question {
	q := tickets.Question{Name: strings.ToLower(b.Name.s), Ask: b.Ask.words, Kind: tickets.AskText, Choices: b.Choices.list,
		Optional: b.Required.given() && !b.Required.on}
	if b.Kind.given() {
		q.Kind = tickets.QuestionKind(b.Kind.s)
	}
	if b.Name.given() {
		checkName(b.Name, "a field", faults)
		if q.Name == approvalField {
			faults.Add(b.Name.at, "choose another name", "the field %q holds what was decided", approvalField)
		}
		if first, ok := seen[q.Name]; ok {
			faults.Add(b.Name.at, "the first stands in line "+itoa(first.Line), "two questions are called %q", b.Name.s)
		}
		seen[q.Name] = b.Name.at
	}
	_, hasKind := b.Keys["kind"]
	unknownKind := hasKind && !b.Kind.given() // which is a fault of its own
	switch {
	case q.Kind == tickets.AskChoice && len(q.Choices) < 2 && !b.Odd:
		at := b.Kind.at
		if b.Choices.given() {
			at = b.Choices.at
		}
		faults.Add(at, "choices: [laptop, desktop]", "a choice needs at least two choices")
	case q.Kind != tickets.AskChoice && b.Choices.given() && !unknownKind:
		faults.Add(b.Choices.at, "kind: choice", "choices go with the kind choice alone")
	case len(q.Choices) > maxChoices:
		faults.Add(b.Choices.at, "split the question in two, or use kind: text", "there are %d choices: at most %d can be shown in a line",
			len(q.Choices), maxChoices)
	}
	b.distinct(faults)
	return q
}

// distinct reports choices that cannot be told apart.
func (b *questionBlock) distinct(faults *fault.List) {
	var seen []string
	for _, c := range b.Choices.list {
		folded := strings.ToLower(c.Value)
		if slices.Contains(seen, folded) {
			faults.Add(b.Choices.at, "leave one out", "the choice %q stands there twice", c.Value)
		}
		seen = append(seen, folded)
	}
}

// approvalField is the ticket's field that holds an approver's decision.
const approvalField = "approval"

func (b *approvalBlock) build(d *Policy, havePeople bool, faults *fault.List) *tickets.FormApproval {
	a := &tickets.FormApproval{Address: b.Address.s, Lead: b.Lead.s, Field: b.Field.s, Remind: b.Remind.d}
	given := 0
	for _, on := range []bool{b.Address.given(), b.Lead.given(), b.Field.given()} {
		if on {
			given++
		}
	}
	switch {
	case given != 1 && !b.Odd:
		faults.Add(b.At, "one of address, lead and field", "it does not say who approves")
	case b.Lead.given() && havePeople && d.People.Team(b.Lead.s) == nil:
		faults.Add(b.Lead.at, fault.Hint(b.Lead.s, teamNames(&d.People)), "there is no team %q", b.Lead.s)
	case b.Lead.given() && havePeople && len(d.People.Leads(b.Lead.s)) == 0:
		faults.Add(b.Lead.at, "lead: ["+b.Lead.s+"] at an agent of people.yaml", "nobody leads the team %q", b.Lead.s)
	case b.Field.given() && havePeople && !fieldOfAny(&d.People, b.Field.s):
		faults.Add(b.Field.at, "fields: {"+b.Field.s+": boss@gold.example} at an organisation of people.yaml",
			"no organisation has the field %q",
			b.Field.s)
	}
	return a
}

// fieldOfAny reports whether any organisation has the field.
func fieldOfAny(d *tickets.Directory, field string) bool {
	return slices.ContainsFunc(d.Organisations, func(o tickets.Organisation) bool { return o.Fields[field] != "" })
}
