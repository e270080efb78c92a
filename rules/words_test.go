package rules_test

import (
	"strings"
	"testing"

	"tierdesk/rules"
)

// TestWords: every word is described, and a condition can use it.
func TestWords(t *testing.T) {
	seen := map[string]bool{}
	for _, w := range rules.Words() {
		if w.Means == "" || w.Type == "" || seen[w.Name] {
			t.Errorf("%+v is not described, or twice", w)
		}
		seen[w.Name] = true
		use := w.Name
		if list, member, ok := strings.Cut(use, "[]"); ok {
			use = list + "[0]" + member
		}
		how, ok := uses[w.Name]
		if !ok {
			how, ok = uses[w.Type]
		}
		if !ok {
			t.Errorf("%s: no use of a %s", w.Name, w.Type)
		}
		when := strings.ReplaceAll(how, "X", use)
		compile(t, rule(when))
	}
	for _, name := range []string{"subject", "ticket.age", "attachments[].size", "customer.fields", "fold", "org.plan", "office_hours"} {
		if !seen[name] {
			t.Errorf("no word %q", name)
		}
	}
	for _, name := range rules.Functions() {
		_, faults := rules.Compile(file(rule(name+"()")), names)
		if strings.Contains(faults.Error(), "no function that rules may use") {
			t.Errorf("%s cannot be used", name)
		}
	}
}

// uses are conditions with a word (X) of each type, and those with words that are only a few constants.
var uses = map[string]string{
	"text": `X != "x"`, "number": "X != -7", "yes or no": "X", "list": "len(X) == 1", "table": `X["x"] == ""`, "length of time": `X > duration("1h")`,
	"instant": "X.Year() == 2026", "function": `X("2h") == X("2h")`,
	"event": `X != "closed"`, "weekday": `X != "mon"`, "verdict": `X != "fail"`, "kind": `X != "spam"`, "mood": `X != "calm"`, "ticket.priority": `X != "low"`,
	"ticket.status": `X != "closed"`, "ticket.team": `X != ""`, "ticket.assignee": `X != "bob"`, "ticket.tier": "X != 2",
}
