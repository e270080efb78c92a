package rules_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tierdesk/rules"
)

// TestConditions: what conditions see of the facts.
func TestConditions(t *testing.T) {
	for when, want := range map[string]bool{
		"":     true,
		"true": true,
		`subject matches "(?i)\\b(outage|down)\\b" && customer.plan == "gold"`: true,
		`subject matches "(?i)outage"`:                                         false,
		`subject contains "DOWN" and not (text contains "x1")`:                 true,
		`fold(subject) contains "down"`:                                        true,
		`fold(text) contains fold("STRASSE")`:                                  true,
		`text contains "STRASSE"`:                                              false,
		`text contains "quoted"`:                                               false,
		`whole_text contains "quoted"`:                                         true,
		`from == "jane@gold.example"`:                                          true,
		`from_name startsWith "Jane"`:                                          true,
		`domain(from) == "gold.example"`:                                       true,
		`domain(from) in ["gold.example", "b.example"]`:                        true,
		`"support@acme.example" in to`:                                         true,
		`"support@acme.example" in cc`:                                         false,
		`any(cc, domain(#) == customer.domain)`:                                true,
		`to[0] endsWith "@acme.example"`:                                       true,
		`header("x-mailer") == "Pigeon"`:                                       true,
		`header("X-None") == ""`:                                               true,
		`has_header("X-Mailer") && !has_header("X-None")`:                      true,
		`len(headers("Received")) == 2`:                                        true,
		`headers("RECEIVED")[1] == "two"`:                                      true,
		`any(attachments, .type == "text/plain")`:                              true,
		`any(attachments, lower(.name) endsWith ".exe")`:                       true,
		`count(attachments, .size > 1000000) == 1`:                             true,
		`len(attachments) > 2`:                                                 false,
		`size > 2000000 and language == "de"`:                                  true,
		`verdict == "pass" && kind == "person"`:                                true,
		`ticket.priority == "normal" and ticket.tier < 2`:                      true,
		`ticket.status in ["new", "open"]`:                                     true,
		`ticket.team == "frontdesk" and ticket.assignee == ""`:                 true,
		`has_tag("gold") and "gold" in ticket.tags`:                            true,
		`has_tag("silver")`:                                                    false,
		`ticket.age > duration("2h") && ticket.age < duration("1d")`:           true,
		`ticket.age.Hours() == 3`:                                              true,
		`ticket.messages == 1`:                                                 true,
		`ticket.fields["colour"] == ""`:                                        true,
		`customer.vip && customer.tickets == 3`:                                true,
		`int(customer.fields["seats"]) > 100`:                                  true,
		`customer.fields.seats == "250"`:                                       true,
		`org.name == "Gold Ltd" and org.plan == "gold"`:                        true,
		`weekday == "sat" && hour == 9 and minute == 30`:                       true,
		`office_hours`: false,
		`today >= "2026-11-20" && today < "2026-12-24"`:         true,
		`now.Year() == 2026`:                                    true,
		`event == "opened" and inbox == "support"`:              true,
		`let d = domain(from); d == "gold.example" or d == "x"`: true,
		`customer.vip ? subject != "" : false`:                  true,
		`subject matches ("(?i)" + "down")`:                     true,
		`any(["nothing", "(?i)down$"], subject matches #)`:      true,
		`attachments | filter(.size > 1000) | len() == 1`:       true,
		`spam == "" and reply_to == ""`:                         true,
	} {
		got := compile(t, rule(when)).Evaluate(facts())
		if step := got.Trace.Steps[0]; step.Result != map[bool]rules.Result{true: rules.Matched, false: rules.NotMatched}[want] {
			t.Errorf("%s: %s %s, want %v", when, step.Result, step.Why, want)
		}
	}
}

// TestOrder: later rules see what earlier ones set, a stop ends the evaluation, and the trace tells of each rule.
func TestOrder(t *testing.T) {
	urgent := rules.Action{Kind: rules.KindSet, Set: rules.Changes{Priority: "urgent", Tier: tier(2), Team: "network", Assignee: "bob", Status: "open",
		Tags: []rules.TagChange{{Name: "outage", Add: true}, {Name: "gold"}}}}
	reply := rules.Action{Kind: rules.KindReply, Template: "outage-ack"}
	notify := rules.Action{Kind: rules.KindNotify, Notify: []string{"oncall"}}
	set := compile(t,
		rules.Rule{Place: at(1), Name: "outage", When: `subject contains "DOWN"`, Do: []rules.Action{urgent, reply}},
		rules.Rule{Place: at(2), Name: "other event", On: []string{rules.Solved}, Do: []rules.Action{reply}},
		rules.Rule{Place: at(3), Name: "sees it", When: `ticket.priority == "urgent" and ticket.tier == 2 and ticket.team == "network" and ticket.assignee == "bob" and ticket.status == "open" and has_tag("outage") and not has_tag("gold")`, Do: []rules.Action{notify}},
		rules.Rule{Place: at(4), Name: "no more", When: `ticket.priority == "normal"`, Do: []rules.Action{reply}},
		rules.Rule{Place: at(5), Name: "nobody", When: `customer.vip`, Do: []rules.Action{{Kind: rules.KindSet, Set: rules.Changes{Assignee: "none", Team: "none"}}}},
		rules.Rule{Place: at(6), Name: "end", When: `ticket.assignee == "" and ticket.team == ""`, Then: "stop"},
		rules.Rule{Place: at(7), Name: "late", Do: []rules.Action{reply}},
	)
	f := facts()
	got := set.Evaluate(f)
	want := rules.Outcome{
		Stopped: true,
		Actions: []rules.Applied{{Rule: "outage", Action: urgent}, {Rule: "outage", Action: reply}, {Rule: "sees it", Action: notify},
			{Rule: "nobody", Action: rules.Action{Kind: rules.KindSet, Set: rules.Changes{Assignee: "none", Team: "none"}}}},
		Trace: rules.Trace{Event: "opened", StoppedBy: "end", Steps: []rules.Step{
			{Rule: "outage", Place: "rules/a.yaml:1:5", Result: rules.Matched, Do: []rules.ActionKind{"set", "reply"}},
			{Rule: "sees it", Place: "rules/a.yaml:3:5", Result: rules.Matched, Do: []rules.ActionKind{"notify"}},
			{Rule: "no more", Place: "rules/a.yaml:4:5", Result: rules.NotMatched},
			{Rule: "nobody", Place: "rules/a.yaml:5:5", Result: rules.Matched, Do: []rules.ActionKind{"set"}},
			{Rule: "end", Place: "rules/a.yaml:6:5", Result: rules.Matched},
			{Rule: "late", Place: "rules/a.yaml:7:5", Result: rules.Skipped, Why: "an earlier rule stopped"},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !slices.Equal(f.Ticket.Tags, []string{"gold"}) || f.Ticket.Priority != "normal" {
		t.Errorf("the facts were changed: %+v", f.Ticket)
	}
	if got := got.Trace.Matched(); !slices.Equal(got, []string{"outage", "sees it", "nobody", "end"}) {
		t.Errorf("matched %q", got)
	}
	words := `matched      outage   rules/a.yaml:1:5  -> set, reply
matched      sees it  rules/a.yaml:3:5  -> notify
not matched  no more  rules/a.yaml:4:5
matched      nobody   rules/a.yaml:5:5  -> set
matched      end      rules/a.yaml:6:5
skipped      late     rules/a.yaml:7:5  (an earlier rule stopped)
`
	if got := got.Trace.String(); got != words {
		t.Errorf("got\n%s\nwant\n%s", got, words)
	}
	words = `matched      outage       rules/a.yaml:1:5  -> set, reply
matched      sees it      rules/a.yaml:3:5  -> notify
not matched  no more      rules/a.yaml:4:5
matched      nobody       rules/a.yaml:5:5  -> set
matched      end          rules/a.yaml:6:5
skipped      late         rules/a.yaml:7:5  (an earlier rule stopped)
skipped      other event  rules/a.yaml:2:5  (on solved, this is opened)
`
	if got := set.Explain(got.Trace); got != words {
		t.Errorf("got\n%s\nwant\n%s", got, words)
	}
}

func TestQuarantineAndDropEnd(t *testing.T) {
	next := rules.Rule{Name: "next", Do: []rules.Action{{Kind: rules.KindNotify, Notify: []string{"admin"}}}}
	for _, kind := range []rules.ActionKind{rules.KindQuarantine, rules.KindDrop, rules.KindStop} {
		got := compile(t, rule("customer.vip", rules.Action{Kind: kind, Reason: "test"}), next).Evaluate(facts())
		reason, quarantined := got.Quarantined()
		_, dropped := got.Dropped()
		if !got.Stopped || len(got.Actions) != 1 || quarantined != (kind == rules.KindQuarantine) || dropped != (kind == rules.KindDrop) {
			t.Errorf("%s: %+v", kind, got)
		}
		if quarantined && reason != "test" {
			t.Errorf("reason %q", reason)
		}
	}
}

// TestRunTimeError: a condition that cannot be computed is in the trace, in fixed words, and stops nothing else.
func TestRunTimeError(t *testing.T) {
	secret := "secret-8213"
	for when, want := range map[string]string{
		`int(subject) > 3`:                               "a text is no number",
		`float(customer.fields["seats"]) > 3.0`:          "a text is no number",
		`to[7] == "x"`:                                   "a list has no entry of that number",
		`10 % ticket.tier == 1`:                          "division by zero",
		`find(attachments, .size == 0).name == "` + `x"`: "there is nothing to look into",
		// Each list is allowed, all of them together are too many entries.
		`len(map(cc, map(cc, 1))) + len(map(cc, map(cc, 2))) + len(map(cc, map(cc, 3))) > 0`: "it needs too much memory",
		`header("X-Broken") == ""`: "the condition could not be computed",
	} {
		f := facts()
		f.Ticket.Tier = 0
		f.Mail.Subject, f.Customer.Fields, f.Mail.To = secret, map[string]string{"seats": secret}, []string{secret}
		f.Mail.Cc = slices.Repeat([]string{secret}, 200)
		f.Mail.Header = func(key string) []string {
			if key == "X-Broken" {
				panic("header of " + secret)
			}
			return []string{secret}
		}
		next := rules.Rule{Name: "next", When: `customer.vip and any(to, # != "")`, Do: []rules.Action{{Kind: rules.KindNotify, Notify: []string{"admin"}}}}
		got := compile(t, rule(when), next).Evaluate(f)
		if step := got.Trace.Steps[0]; step.Result != rules.Failed || step.Why != want {
			t.Errorf("%s: %+v, want %q", when, step, want)
		}
		if len(got.Actions) != 1 || got.Actions[0].Rule != "next" {
			t.Errorf("%s: the next rule did not act: %+v", when, got.Actions)
		}
		text, err := json.Marshal(got.Trace)
		if err != nil {
			t.Fatal(err)
		}
		for _, private := range []string{secret, "Jane", "gold.example", "quoted"} {
			if strings.Contains(string(text), private) {
				t.Errorf("%s: the trace holds %q: %s", when, private, text)
			}
		}
	}
}

func TestTraceJSON(t *testing.T) {
	set := compile(t, rule("customer.vip"), rules.Rule{Place: at(9), Name: "second", When: "not customer.vip", Then: "stop"})
	f := facts()
	f.Mail.Text = strings.Repeat("ä", 40<<10)
	text, err := json.Marshal(set.Evaluate(f).Trace)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"event":"opened","rules":[{"rule":"first","place":"rules/a.yaml:3:5","result":"matched","do":["notify"]},` +
		`{"rule":"second","place":"rules/a.yaml:9:5","result":"not matched"}],"cut":["text"]}`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	var back rules.Trace
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(set.Evaluate(f).Trace, back); diff != "" {
		t.Error(diff)
	}
}

// TestCaps: whatever a mail holds, conditions look at so much of it (here two octets a letter), and the trace says what was cut.
func TestCaps(t *testing.T) {
	long := strings.Repeat("ä", 100<<10)
	f := facts()
	f.Mail.Subject, f.Mail.Text, f.Mail.WholeText, f.Mail.From, f.Mail.FromName, f.Mail.ReplyTo, f.Mail.Spam = long, long, long, long, long, long, long
	f.Mail.To, f.Mail.Cc = slices.Repeat([]string{long}, 300), slices.Repeat([]string{"a"}, 300)
	f.Mail.Attachments = slices.Repeat([]rules.Attachment{{Name: long, Type: long, Size: 1}}, 300)
	f.Mail.Header = func(string) []string { return f.Mail.To }
	f.Ticket.Tags = slices.Repeat([]string{"a"}, 300)
	f.Ticket.Fields = map[string]string{"long": long}
	f.Customer.Fields, f.Organisation.Fields = f.Ticket.Fields, f.Ticket.Fields
	for _, when := range []string{
		`len(subject) == 512`, `len(text) == 32768`, `len(whole_text) == 32768`, `len(from) == 512`, `len(spam) == 512`,
		`len(to) == 200 and len(cc) == 200 and len(attachments) == 200 and len(ticket.tags) == 200`,
		`all(to, len(#) == 512)`, `all(attachments, len(.name) == 512 and len(.type) == 512)`,
		`len(header("x")) == 4096`, `len(headers("x")) == 200 and len(headers("x")[199]) == 4096`,
		`len(customer.fields["long"]) == 4096 and len(org.fields["long"]) == 4096 and len(ticket.fields["long"]) == 4096`,
	} {
		got := compile(t, rule(when)).Evaluate(f)
		if got.Trace.Steps[0].Result != rules.Matched {
			t.Errorf("%s: %+v", when, got.Trace.Steps[0])
		}
		want := []string{"subject", "text", "whole_text", "from", "from_name", "reply_to", "spam", "to", "cc", "attachments", "ticket.tags",
			"ticket.fields", "customer.fields", "org.fields"}
		if !slices.Equal(got.Trace.Cut, want) {
			t.Errorf("cut %q, want %q", got.Trace.Cut, want)
		}
	}
	if len(f.Mail.To[0]) != len(long) || len(f.Mail.Attachments[0].Name) != len(long) || len(f.Ticket.Fields["long"]) != len(long) {
		t.Error("the facts were changed")
	}
}

func TestElapsed(t *testing.T) {
	do := []rules.Action{{Kind: rules.KindNotify, Notify: []string{"lead"}}}
	elapsed := func(name string, since rules.Since, after time.Duration) rules.Rule {
		return rules.Rule{Name: name, On: []string{rules.Elapsed}, Since: since, After: after, Do: do}
	}
	set := compile(t, elapsed("silent customer", rules.SinceCustomer, 2*time.Hour), elapsed("silent agent", rules.SinceAgent, time.Hour),
		elapsed("old", rules.SinceOpened, 3*time.Hour), elapsed("idle", rules.SinceUpdated, 4*time.Hour), rule(""))
	want := []rules.ElapsedRule{{Name: "silent customer", Since: "customer", After: 2 * time.Hour}, {Name: "silent agent", Since: "agent", After: time.Hour},
		{Name: "old", Since: "opened", After: 3 * time.Hour}, {Name: "idle", Since: "updated", After: 4 * time.Hour}}
	if diff := cmp.Diff(want, set.Elapsed()); diff != "" {
		t.Error(diff)
	}
	f := facts()
	f.Event = rules.Elapsed
	f.Ticket.CustomerAt, f.Ticket.UpdatedAt = f.Now.Add(-2*time.Hour), f.Now.Add(-4*time.Hour+time.Millisecond)
	got := map[string]string{}
	for _, step := range set.Evaluate(f).Trace.Steps {
		got[step.Rule] = string(step.Result) + ": " + step.Why
	}
	if diff := cmp.Diff(map[string]string{"silent customer": "matched: ", "silent agent": "skipped: nothing to count from: agent", "old": "matched: ",
		"idle": "skipped: its time has not come"}, got); diff != "" {
		t.Error(diff)
	}
	f.Rule = "old"
	if got := set.Evaluate(f).Trace.Matched(); !slices.Equal(got, []string{"old"}) {
		t.Errorf("matched %q", got)
	}
}

func TestActionBound(t *testing.T) {
	var list []rules.Rule
	for i := range 12 {
		r := rule("", slices.Repeat([]rules.Action{{Kind: rules.KindNotify, Notify: []string{"team"}}}, 9)...)
		r.Name = fmt.Sprint("rule ", i)
		list = append(list, r)
	}
	got := compile(t, list...).Evaluate(facts())
	if len(got.Actions) != 99 {
		t.Errorf("%d actions", len(got.Actions))
	}
	if step := got.Trace.Steps[11]; step.Result != rules.Skipped || step.Why != "more than 100 actions in one evaluation" {
		t.Errorf("%+v", step)
	}
}

func TestNoRules(t *testing.T) {
	set, faults := rules.Compile(nil, rules.Names{})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	got := set.Evaluate(facts())
	if len(got.Actions) > 0 || got.Trace.String() != "no rule is on \"opened\"\n" {
		t.Errorf("%+v", got)
	}
}

// TestAtOnce: a Set serves many goroutines; each sees its own facts.
func TestAtOnce(t *testing.T) {
	set := compile(t, rule(`fold(subject) == "mail " + header("X-Number") and any(["a", "mail"], fold(subject) contains #)`))
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			for i := range 200 {
				f, number := facts(), fmt.Sprint(n, "-", i)
				f.Mail.Subject, f.Mail.Header = "MAIL "+number, header("X-Number", number)
				if got := set.Evaluate(f); len(got.Actions) != 1 {
					t.Errorf("%s: %+v", number, got.Trace)
				}
			}
		})
	}
	group.Wait()
}

func TestParseAfter(t *testing.T) {
	for in, want := range map[string]string{
		"2h since customer":   "2h0m0s customer",
		"3d since opened":     "72h0m0s opened",
		"1d12h since updated": "36h0m0s updated",
		"90m since agent":     "1h30m0s agent",
		"5d since waiting":    "120h0m0s waiting", "no customer reply for 5d": "120h0m0s waiting", "no customer reply for ever": `"ever" is not a length of time`,
		"2h":                   `"2h" does not say since when`,
		"-2h since agent":      `"-2h" is not a length of time`,
		"2 hours since agent":  `"2 hours" is not a length of time`,
		"d since agent":        `"d" is not a length of time`,
		"2h since yesterday":   `"yesterday" is nothing that a rule can count from: opened, customer, agent, updated or waiting`,
		"1d-1h since customer": `"1d-1h" is not a length of time`,
	} {
		after, since, err := rules.ParseAfter(in)
		got := fmt.Sprint(after, " ", since)
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

// May is certain that no rule applies: it never says so of an action that an evaluation comes to, and says so where it can.
func TestMay(t *testing.T) {
	key := rules.Action{Place: at(7), Kind: rules.KindMergeKey, Value: "header X-Id"}
	tagged := rule("", rules.Action{Place: at(7), Kind: rules.KindSet, Set: rules.Changes{Tags: []rules.TagChange{{Name: "seen", Add: true}}}})
	tagged.Name = "before"
	ended := tagged // and looks at nothing behind it
	ended.Then, ended.When = "stop", `subject != ""`
	for _, c := range []struct {
		name, when    string
		before        rules.Rule
		applies, want bool
	}{
		{"it applies", `subject contains "Network"`, tagged, true, true},
		{"it does not", `subject contains "printer"`, tagged, false, false},
		{"a rule before it makes it apply", `has_tag("seen")`, tagged, true, true},
		{"as the ticket's tags", `"seen" in ticket.tags`, tagged, true, true},
		{"one before it may, and does not", `has_tag("other")`, tagged, false, true},
		{"a rule before it ends it", `subject contains "Network"`, ended, false, true},
		{"the mood is not known", `mood == "angry"`, tagged, false, true},
		{"it cannot be computed", `int(subject) == 4`, tagged, false, false},
		{"it always does", "", tagged, true, true},
	} {
		set := compile(t, c.before, rule(c.when, key))
		f := facts()
		applies := slices.ContainsFunc(set.Evaluate(f).Actions, func(a rules.Applied) bool { return a.Action.Kind == rules.KindMergeKey })
		if may := set.May(rules.KindMergeKey, f); applies != c.applies || may != c.want {
			t.Errorf("%s: applies %v, wanted %v; may %v, wanted %v", c.name, applies, c.applies, may, c.want)
		}
		if f.Event = rules.Closed; set.May(rules.KindMergeKey, f) {
			t.Errorf("%s: may at an event that the rule is not on", c.name)
		}
	}
	if compile(t, tagged).May(rules.KindMergeKey, facts()) {
		t.Error("none has the action")
	}
}
