package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"tierdesk/rules"
)

// BenchmarkEvaluate: a desk takes 1,500 mails a second; rules on cheap facts must stay in the microseconds.
func BenchmarkEvaluate(b *testing.B) {
	cheap := []string{
		`customer.plan == "gold" and ticket.priority == "normal"`,
		`ticket.tier == 3`,
		`domain(from) in ["a.example", "b.example", "c.example"]`,
		`subject contains "invoice"`,
		`has_tag("billing")`,
		`weekday in ["sat", "sun"] and not office_hours and verdict == "fail"`,
		`any(attachments, .name endsWith ".exe") and verdict != "pass"`,
		`kind == "auto-generated"`,
		`header("X-Mailer") == "x"`,
		`fold(subject) contains "outage"`,
	}
	set := func(conditions ...string) *rules.Set {
		var list []rules.Rule
		for i, when := range conditions {
			r := rule(when)
			r.Name = fmt.Sprint("rule ", i)
			list = append(list, r)
		}
		return compile(b, list...)
	}
	long := facts()
	long.Mail.Text = strings.Repeat("The quick brown fox jumps over the lazy dog. ", 64<<10/45)
	for _, c := range []struct {
		name  string
		set   *rules.Set
		facts *rules.Facts
	}{
		{"none", set(), facts()},
		{"always", set(""), facts()},
		{"one/equal", set(cheap[1]), facts()},
		{"one/domain", set(cheap[2]), facts()},
		{"one/fold", set(cheap[9]), facts()},
		{"ten", set(cheap...), facts()},
		{"regexp/subject", set(`subject matches "(?i)\\b(outage|down)\\b"`), facts()},
		{"regexp/64KB", set(`text matches "(?i)\\b(outage|down)\\b"`), long},
		{"words/64KB", set(`any(["outage", "down", "broken"], fold(text) contains #)`), long},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.set.Evaluate(c.facts)
			}
		})
	}
}

// BenchmarkEvaluateWorst runs conditions near the bound of their cost: what a rule can take at most.
func BenchmarkEvaluateWorst(b *testing.B) {
	f := facts()
	f.Mail.Text = strings.Repeat("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxy", 64<<10/56)
	for range 200 {
		f.Mail.To = append(f.Mail.To, strings.Repeat("x", 1000))
	}
	for name, when := range map[string]string{
		"regexp": `text matches "(x{0,180}x{0,180})+z"`,
		"loop":   `any(to, any(to, # == "` + strings.Repeat("x", 999) + `z"))`,
		"fold":   `any(to, fold(#) + fold(#) == "x") or fold(text) == "x" or fold(lower(text)) == "x"`,
	} {
		set, faults := rules.Compile(file(rule(when)), names)
		if len(faults) > 0 {
			b.Fatalf("%s: %s", name, faults.Error())
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				set.Evaluate(f)
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	var list []rules.Rule
	for i := range 50 {
		r := rule(`subject matches "(?i)\\b(outage|down)\\b" && customer.plan == "gold"`)
		r.Name = fmt.Sprint("rule ", i)
		list = append(list, r)
	}
	for b.Loop() {
		compile(b, list...)
	}
}
