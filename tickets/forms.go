package tickets

import (
	"slices"
	"time"
)

// Form is a questionnaire of the desk folder, or a request that people may make: a file of forms/.
// It must not be changed once it is made.
type Form struct {
	Name      string        `json:"name"`
	Title     Worded        `json:"title"`
	Questions []Question    `json:"questions"`
	Approval  *FormApproval `json:"approval,omitempty"` // nil: nobody is asked
}

// Question is one question of a form. Its number is its position, counted from 1.
type Question struct {
	Name     string       `json:"name"` // of the ticket's field that holds the answer
	Ask      Worded       `json:"ask"`
	Kind     QuestionKind `json:"kind"`
	Choices  []Choice     `json:"choices,omitempty"`
	Optional bool         `json:"optional,omitempty"`
}

// Choice is one of the possible answers to a question: its value in the field, and the words that
// people use.
type Choice struct {
	Value string `json:"value"`
	Shown Worded `json:"shown,omitempty"` // empty: as the value
}

// In returns the choice as shown to a reader of a language.
func (c Choice) In(language, desk string) string {
	if s := c.Shown.In(language, desk); s != "" {
		return s
	}
	return c.Value
}

// Worded is a text in several languages; the one under "" is for all others.
type Worded map[string]string

// In returns the text for a reader of a language: in that language, else the general text, else in
// the desk's language, else in English, else in any.
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

// QuestionKind is the type of an answer.
type QuestionKind string

// Kinds of questions. In the ticket's field a number has a decimal point, a yes-or-no answer is
// "yes" or "no", and a date is 2026-12-01.
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

// FormApproval says who must approve what a completed form requests. Exactly one of Address, Lead
// and Field is set.
type FormApproval struct {
	Address string        `json:"address,omitempty"`
	Lead    string        `json:"lead,omitempty"`   // of this team
	Field   string        `json:"field,omitempty"`  // of the requester's organisation: it holds the address
	Remind  time.Duration `json:"remind,omitempty"` // how long after being asked; 0 for the default
}

// Filling is a form that was sent to a ticket's requester, and the answers so far.
type Filling struct {
	ID     int64
	Ticket int64
	Form   Form // as it was sent
	State  FillingState
	By     Actor // who asked
	// Asked counts how often the requester was asked: whatever is missing after the first answer is
	// asked for once more.
	Asked   int
	Answers map[string]string // by the names of the questions
	// Side is the conversation with the person asked for approval, and Request the message with
	// that question; 0 for none.
	Side, Request int64
	Sent          time.Time
}

// FillingState is the state of a form that was sent.
type FillingState string

// States of forms that were sent.
const (
	FillingWaits    FillingState = "waiting"
	FillingComplete FillingState = "complete"
	FillingPartial  FillingState = "partial"  // it was asked twice; the rest is left to the agents
	FillingReplaced FillingState = "replaced" // another form was sent later, or an agent has withdrawn it
)

// Open returns the positions of the unanswered questions; only of required ones if required is set.
func (f *Filling) Open(required bool) []int {
	var out []int
	for i, q := range f.Form.Questions {
		if _, answered := f.Answers[q.Name]; !answered && !(required && q.Optional) {
			out = append(out, i)
		}
	}
	return out
}

// Forms are the forms of a desk folder, ordered by name.
type Forms []Form

// Form finds a form, nil if there is none of that name.
func (f Forms) Form(name string) *Form {
	if i := slices.IndexFunc(f, func(x Form) bool { return x.Name == name }); i >= 0 {
		return &f[i]
	}
	return nil
}

// Names returns the names of the forms.
func (f Forms) Names() []string {
	out := make([]string, len(f))
	for i := range f {
		out[i] = f[i].Name
	}
	return out
}
