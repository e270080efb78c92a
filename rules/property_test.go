package rules_test

import (
	"encoding/json"
	"fmt"
	"runtime/metrics"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tierdesk/rules"
)

// marker stands in every fact that comes from a mail or tells of a person; it must never reach a trace.
const marker = "zq7private"

// conditions draws conditions that compile: comparisons of all facts, joined, in loops, and some that fail at run time.
func conditions(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		draw := func(list ...string) string { return rapid.SampledFrom(list).Draw(t, "part") }
		word := func() string {
			return draw("subject", "text", "whole_text", "from", "from_name", "reply_to", "language", "verdict + ''", "kind + ''", "spam", "inbox", "today",
				"header('X-A')", "fold(subject)", "lower(from)", "domain(from)", "customer.name", "customer.address", "customer.plan", "customer.fields['a']",
				"ticket.fields.a", "org.name", "ticket.priority + ''", "subject[0:3]", "to[0]", "find(attachments, .size > 5).name", "'a'", "''", "'"+marker+"'")
		}
		number := func() string {
			return draw("size", "ticket.tier + 0", "ticket.messages", "customer.tickets", "hour", "minute", "len(to)", "len(attachments)", "len(subject)", "int(subject)",
				"count(to, # == from)", "-3", "0", "7", "7 % ticket.tier", "abs(hour - 12)", "max(hour, minute)", "now.Day()")
		}
		list := func() string {
			return draw("to", "cc", "ticket.tags", "headers('X-A')", "['a', 'b']", "map(attachments, .name)", "filter(to, # != from)")
		}
		if depth > 0 && rapid.Bool().Draw(t, "join") {
			inner := conditions(depth - 1)
			a, b := inner.Draw(t, "a"), inner.Draw(t, "b")
			return fmt.Sprintf(draw("(%s and %s)", "(%s or %s)", "(not (%s) && %s)", "(%s ? %s : true)", "((%s) == (%s))"), a, b)
		}
		switch rapid.IntRange(0, 6).Draw(t, "kind") {
		case 0:
			return word() + draw(" == ", " != ", " contains ", " startsWith ", " endsWith ", " < ") + word()
		case 1:
			return number() + draw(" == ", " != ", " < ", " >= ") + number()
		case 2:
			return word() + " in " + list()
		case 3:
			return draw("any", "all", "none", "one") + "(" + list() + ", # " + draw("==", "contains", "<") + " " + word() + ")"
		case 4:
			return word() + " matches " + draw(`"(?i)\\ba+"`, `"^$"`, `"."`, `"(a|b)+c"`)
		case 5:
			return draw("customer.vip", "office_hours", "has_tag('a')", "has_header('X-A')", "true", "false", "ticket.age > duration('2h')", "weekday in ['mon']")
		}
		return draw("ticket.priority == 'urgent'", "ticket.tier >= 2", "ticket.team == 'network'", "event == 'opened'", "ticket.assignee == ''")
	})
}

func drawFacts() *rapid.Generator[*rules.Facts] {
	return rapid.Custom(func(t *rapid.T) *rules.Facts {
		word := func() string {
			return marker + rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "@a.example", strings.Repeat("ä", 70_000), "\xff\xfe", "ß\x00"})).Draw(t, "word")
		}
		list := func() []string {
			return rapid.Custom(func(*rapid.T) []string {
				return make([]string, rapid.SampledFrom([]int{0, 1, 3, 250}).Draw(t, "length"))
			}).Draw(t, "list")
		}
		fill := func(list []string) []string {
			for i := range list {
				if i < 3 {
					list[i] = word()
				}
			}
			return list
		}
		table := func() map[string]string {
			if rapid.Bool().Draw(t, "no table") {
				return nil
			}
			return map[string]string{"a": word()}
		}
		f := &rules.Facts{
			Event: rapid.SampledFrom(append(rules.Events(), "unknown")).Draw(t, "event"),
			Mail: rules.Mail{Inbox: word(), Subject: word(), Text: word(), WholeText: word(), From: word(), FromName: word(), ReplyTo: word(), To: fill(list()), Cc: fill(list()),
				Language: word(), Verdict: word(), Kind: word(), Spam: word(), Size: rapid.Int().Draw(t, "size")},
			Ticket: rules.Ticket{Priority: "normal", Status: word(), Tier: rapid.IntRange(-1, 5).Draw(t, "tier"), Team: word(), Assignee: word(), Tags: fill(list()), Fields: table(),
				Messages: rapid.Int().Draw(t, "messages")},
			Customer:     rules.Customer{Name: word(), Address: word(), Domain: word(), Plan: word(), VIP: rapid.Bool().Draw(t, "vip"), Fields: table()},
			Organisation: rules.Organisation{Name: word(), Plan: word(), Fields: table()},
			Now:          time.Unix(rapid.Int64Range(-1<<33, 1<<33).Draw(t, "now"), 0).UTC(),
			OfficeHours:  rapid.Bool().Draw(t, "office"),
		}
		for range rapid.SampledFrom([]int{0, 1, 250}).Draw(t, "attachments") {
			f.Mail.Attachments = append(f.Mail.Attachments, rules.Attachment{Name: marker, Type: marker, Size: len(f.Mail.Attachments)})
		}
		if rapid.Bool().Draw(t, "header") {
			value := word()
			f.Mail.Header = func(key string) []string { return []string{value, key} }
		}
		return f
	})
}

// TestEvaluateProperty: whatever rules compile and whatever the facts are, Evaluate does not panic, gives the same
// outcome again, changes no fact, keeps its bounds, and tells nothing private in the trace.
func TestEvaluateProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []rules.Rule
		for i := range rapid.IntRange(1, 6).Draw(t, "rules") {
			r := rule(conditions(2).Draw(t, "when"), rules.Action{Kind: rules.KindSet, Set: rules.Changes{Priority: "urgent", Tier: tier(i % 3), Team: "none",
				Tags: []rules.TagChange{{Name: "a", Add: i%2 == 0}}}}, rules.Action{Kind: rules.KindNotify, Notify: []string{"team"}})
			r.Name = fmt.Sprint("rule ", i)
			if rapid.Bool().Draw(t, "all events") {
				r.On = rules.Events()[:12]
			}
			list = append(list, r)
		}
		set, faults := rules.Compile(file(list...), names)
		if len(faults) > 0 {
			for _, f := range faults {
				if !strings.HasPrefix(f.Text, "the condition can take too long") {
					t.Fatalf("%s", faults.Error())
				}
			}
			return
		}
		f := drawFacts().Draw(t, "facts")
		before := private(f)
		first, second := set.Evaluate(f), set.Evaluate(f)
		if diff := cmp.Diff(first, second, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("another outcome the second time:\n%s", diff)
		}
		if private(f) != before {
			t.Fatalf("the facts were changed")
		}
		if len(first.Actions) > rules.MaxActions {
			t.Fatalf("%d actions", len(first.Actions))
		}
		trace, err := json.Marshal(first.Trace)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(trace), marker) || strings.Contains(set.Explain(first.Trace), marker) {
			t.Fatalf("private text in the trace: %s", trace)
		}
		matched := 0
		for _, step := range first.Trace.Steps {
			if step.Result == rules.Matched {
				matched++
			}
			if (step.Why != "") != (step.Result == rules.Skipped || step.Result == rules.Failed) {
				t.Fatalf("a reason is missing or too many: %+v", step)
			}
		}
		if 2*matched != len(first.Actions) {
			t.Fatalf("%d rules of two actions matched, %d actions", matched, len(first.Actions))
		}
	})
}

// private gives all facts in words.
func private(f *rules.Facts) string {
	c := *f
	c.Mail.Header = nil
	return fmt.Sprintf("%+v", c)
}

// FuzzWhen: any text at all as a condition either is a fault, with a place inside the condition and a text of one line,
// or compiles and is computed, both within bounds of time and memory.
func FuzzWhen(f *testing.F) {
	for _, seed := range []string{
		`subject matches "(?i)\\b(outage|down)\\b" && customer.plan == "gold"`, `any(attachments, .name endsWith ".exe")`, `let x = fold(text); x contains "a" or x matches "b+"`,
		`ticket.age > duration("2h") and weekday in ["sat"]`, `1..9999999 == []`, `headers("Received") | filter(# contains from) | len() > 2`, `$env["subject"] == ""`,
		`let a = text + text; let b = a + a; let c = b + b; let d = c + c; d + d == ""`, `subject matches "((a{100}){100}){100}"`, `((((((((((true))))))))))`, `not not not true`,
		`customer.fields["a"]?.b ?? true`, `if hour > 3 { true } else { false }`, `"\u00e4\x00" == text`, "subject == `a\nb`\n or true", `now.Year() ** 99 > 3`, `reduce(to, #acc + #) == ""`,
		`any(to, any(to, any(to, any(to, true))))`, `find(to, # == "")[0:2] == ""`, `{"a": 1}.a == 1`, `true; false`, `[[[[1]]]] == [[[[1]]]]`, `subject matches "a\n("`, `-hour + --minute == 3`, `subject == 'ü' # x`,
		`let a = [text,text,text,text,text,text,text,text]; let b = [a,a,a,a,a,a,a,a]; let c = [b,b,b,b,b,b,b,b]; let d = [c,c,c,c,c,c,c,c]; [d,d,d,d] == [d,d,d,d]`,
	} {
		f.Add(seed)
	}
	mail := facts()
	mail.Mail.Text = strings.Repeat("aäb ", 20_000)
	for range 250 {
		mail.Mail.To = append(mail.Mail.To, strings.Repeat("x", 2000))
	}
	f.Fuzz(func(t *testing.T, when string) {
		start, memory := time.Now(), allocated()
		defer time.AfterFunc(10*time.Second, func() { panic(fmt.Sprintf("%q hangs", when)) }).Stop()
		r := rule(when)
		set, faults := rules.Compile(file(r), names)
		for _, f := range faults {
			if !utf8.ValidString(when) {
				continue
			}
			if strings.ContainsAny(f.Text, "\n\r") {
				t.Errorf("more than one line: %q", f.Text)
			}
			if f.Place.File != r.WhenPlace.File || f.Line < r.WhenPlace.Line && f.Line != r.Place.Line || f.Line > r.WhenPlace.Line+strings.Count(when, "\n") {
				t.Errorf("%q: the place is outside of the condition: %s", when, f.Place)
			}
		}
		if set != nil {
			step := set.Evaluate(mail).Trace.Steps[0]
			if again := set.Evaluate(mail).Trace.Steps[0]; step.Result != again.Result {
				t.Errorf("%q: %s, then %s", when, step.Result, again.Result)
			}
		}
		if took := time.Since(start); took > 4*time.Second {
			t.Errorf("%q took %s", when, took)
		}
		if took := allocated() - memory; took > 256<<20 {
			t.Errorf("%q took %d MB", when, took>>20)
		}
	})
}

// allocated gives the octets that were ever allocated.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
