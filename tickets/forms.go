package tickets

import (
	"slices"
	"time"
)

// Form is a questionnaire of the desk folder, or a request that people may make: a file of forms/.
// It is read-only once it is made.
type Form struct {
	Name      string        `json:"name"`
	Title     Worded        `json:"title"`
	Questions []Question    `json:"questions"`
	Approval  *FormApproval `json:"approval,omitempty"` // nil: nobody is asked
}

// Question is one question of a form. Its number is its place among them, counted from 1.
type Question struct {
	Name     string       `json:"name"` // of the ticket's field that the answer becomes
	Ask      Worded       `json:"ask"`
	Kind     QuestionKind `json:"kind"`
	Choices  []Choice     `json:"choices,omitempty"`
	Optional bool         `json:"optional,omitempty"`
}

// Choice is one of the answers that a question takes: how the field says it, and how people do.
type Choice struct {
	Value string `json:"value"`
	Shown Worded `json:"shown,omitempty"` // empty: as the value
}

// In returns the choice as somebody who reads a language is shown it.
func (c Choice) In(language, desk string) string {
	if s := c.Shown.In(language, desk); s != "" {
		return s
	}
	return c.Value
}

// Worded is a text in some languages; that under "" is for all others.
type Worded map[string]string

// In returns the text for who reads a language: in that, else the general one, else in the desk's,
// else in English, else in any.
func (w Worded) In(language, desk string) string {
	for _, l := range []string{language, shortLanguage(language), "", desk, "en"} {
		if s, ok := w[l]; ok && (l != "" || w[""] != "") {
			return s
		}
	}
	first := ""
	for l := range w {
		if first == "" || l < first {
			first = l
		}
	}
	return w[first]
}

func shortLanguage(l string) string {
	if len(l) > 2 && l[2] == '-' {
		return l[:2]
	}
	return l
}

// QuestionKind says what an answer has to be.
type QuestionKind string

// Kinds of questions. The field of a number is written with a point, that of a yes or no is "yes"
// or "no", that of a date is 2026-12-01.
const (
	AskText   QuestionKind = "text"
	AskNumber QuestionKind = "number"
	AskYesNo  QuestionKind = "yes-no"
	AskChoice QuestionKind = "choice"
	AskDate   QuestionKind = "date"
	AskEmail  QuestionKind = "email"
)

// QuestionKinds are all kinds of questions.
func QuestionKinds() []QuestionKind {
	return []QuestionKind{AskText, AskNumber, AskYesNo, AskChoice, AskDate, AskEmail}
}

// FormApproval says who has to approve what a completed form asks for. One of Address, Lead and
// Field is set.
type FormApproval struct {
	Address string        `json:"address,omitempty"`
	Lead    string        `json:"lead,omitempty"`   // of this team
	Field   string        `json:"field,omitempty"`  // of the requester's organisation: it holds the address
	Remind  time.Duration `json:"remind,omitempty"` // how long after being asked; 0 as ever
}

// Filling is a form that was sent to a ticket's requester, and what has come back.
type Filling struct {
	ID     int64
	Ticket int64
	Form   Form // as it was sent
	State  FillingState
	By     Actor // who asked
	// Asked counts how often the requester was asked: what is missing after the first answer is
	// asked once more.
	Asked   int
	Answers map[string]string // by the names of the questions
	// Side is the conversation with who is asked for approval, and Request the message that they
	// were asked; 0 for none.
	Side, Request int64
	Sent          time.Time
}

// FillingState is how a form that was sent stands.
type FillingState string

// States of forms that were sent.
const (
	FillingWaits    FillingState = "waiting"
	FillingComplete FillingState = "complete"
	FillingPartial  FillingState = "partial"  // it was asked twice; the rest is the agents'
	FillingReplaced FillingState = "replaced" // another form was sent later, or an agent has withdrawn it
)

// Open returns the questions that have no answer yet, by their places; only those that need one if
// required is set.
func (f *Filling) Open(required bool) []int {
	var out []int
	for i, q := range f.Form.Questions {
		if _, answered := f.Answers[q.Name]; !answered && !(required && q.Optional) {
			out = append(out, i)
		}
	}
	return out
}

// Forms are those of a desk folder, in the order of their names.
type Forms []Form

// Form finds a form, nil if there is none of that name.
func (f Forms) Form(name string) *Form {
	if i := slices.IndexFunc(f, func(x Form) bool { return x.Name == name }); i >= 0 {
		return &f[i]
	}
	return nil
}

// Names returns their names.
func (f Forms) Names() []string {
	out := make([]string, len(f))
	for i := range f {
		out[i] = f[i].Name
	}
	return out
}
