package rules_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tierdesk/rules"
	"tierdesk/rules/fault"
)

// TestConditionFaults has one line for each kind of fault in a condition, with its exact place and text.
func TestConditionFaults(t *testing.T) {
	long, doubled := strings.Repeat("a", 300), "let a1 = a + a;"
	for i := 2; i <= 12; i++ {
		doubled += fmt.Sprintf(" let a%d = a%d + a%d;", i, i-1, i-1)
	}
	for _, c := range []struct{ when, want string }{
		{`subjekt contains "x"`, `5:11: unknown name "subjekt" (did you mean "subject"?)`},
		{`urgent`, `5:11: unknown name "urgent" (text stands in quotes: "urgent")`},
		{`subject contains "x" &&` + "\n" + `  tiket.tier == 1`, `6:13: unknown name "tiket" (did you mean "ticket"?)`},
		{`ticket.prioritty == "high"`, `5:18: ticket has no "prioritty" (did you mean "priority"?)`},
		{`customer.age > 3`, `5:20: customer has no "age" (there is name, address, domain, plan, vip, tickets, fields)`},
		{`any(attachments, .nam == "x")`, `5:29: an attachment has no "nam" (did you mean "name"?)`},
		{`ticket.tier == "2"`, `5:23: "==" cannot join a number and a text`},
		{`subject > 3`, `5:19: ">" cannot join a text and a number`},
		{`not subject`, `5:11: "not" cannot be used on a text`},
		{`subject`, `5:11: a condition must be true or false, this is a text (compare it with something)`},
		{`customer.vip ? true : "no"`, `5:11: a condition must be true or false, this is something of no certain kind (compare it with something)`},
		{`subject = "x"`, `5:19: unexpected "=" (equality is written "==")`},
		{`subject == "|" && subject = "x"`, `5:37: unexpected "=" (equality is written "==")`},
		{`subject == "x" | subject == "y"`, `5:26: unexpected "|" (write "||", or "or")`},
		{`(subject == "x)") | (inbox == "y")`, `5:29: unexpected "|" (write "||", or "or")`},
		{`customer.vip | has_tag("x")`, `5:24: unexpected "|" (write "||", or "or")`},
		{`subject == 'a\'&' & customer.vip`, `5:29: unexpected "&" (write "&&", or "and")`},
		{`subject | lower() = "x"`, `5:29: unexpected "=" (equality is written "==")`},
		{`subject ==`, `5:20: the condition ends too early`},
		{`(subject == "x"`, `5:25: the condition ends too early`},
		{`subject == "x`, `5:24: literal not terminated`},
		{`subject == "x" "y"`, `5:26: unexpected "y"`},
		{`subject matches "(down"`, `5:27: bad regular expression: missing closing ): ` + "`(down`"},
		{`subject matches "(?i)" + "(down"`, `5:34: bad regular expression: missing closing ): ` + "`(?i)(down`"},
		{`subject matches (customer.vip ? "a" : "*")`, `5:52: bad regular expression: missing argument to repetition operator: ` + "`*`"},
		{`let p = "a)"; subject matches p`, `5:41: bad regular expression: unexpected ): ` + "`a)`"},
		{`any(["ok", "[z-a]"], subject matches #)`, `5:48: bad regular expression: invalid character class range: ` + "`z-a`"},
		{`subject matches customer.fields["pattern"]`, `5:42: what stands behind "matches" must be a constant text, it cannot come from a mail or a person`},
		{`subject matches "(x{900}){6}"`, `5:27: bad regular expression: invalid repeat count: ` + "`{6}`"},
		{`subject matches "` + long + strings.Repeat("(y{1000})", 6) + `"`, `5:27: bad regular expression: it is too large: 12307 states, 5000 are allowed`},
		{`1..1000000 == [1]`, `5:12: a range ("..") cannot be used in rules`},
		{`any(1..3, # == 2)`, `5:16: a range ("..") cannot be used in rules`},
		{`split(subject, " ") == ["a"]`, `5:11: "split" is not a function that rules may use`},
		{`hasTag("x")`, `5:11: "hasTag" is not a function that rules may use (did you mean "has_tag"?)`},
		{`now() > now`, `5:11: "now" is not a function that rules may use`},
		{`now.UnixNano() > 3`, `5:15: "UnixNano" is not a function that rules may use`},
		{`$env.subject == "x"`, `5:11: "$env" cannot be used in rules`},
		{`len({a: 1}) == 1`, `5:15: a map cannot be used in rules`},
		{`subject == "x"; true`, `5:19: a rule has one condition, not several behind semicolons (join conditions with "and")`},
		{`has_tag()`, `5:11: not enough values for "has_tag"`},
		{`has_tag(3)`, `5:19: "has_tag" takes a text, this is a number`},
		{`ticket.age > duration("2 hours")`, `5:33: "2 hours" is not a length of time (write "30m", "2h" or "3d")`},
		{`ticket.age > duration(subject)`, `5:33: what stands in "duration()" must be a constant text`},
		{`ticket.age > 3`, `5:22: ">" cannot join a length of time and a number`},
		{`"x" in subject`, `5:15: "in" cannot join a text and a text`},
		{`customer.tickets in ["a"]`, `5:28: "in" cannot find a number in a list of another kind`},
		{`ticket.priority == "hihg"`, `5:30: ticket.priority is never "hihg" (did you mean "high"?)`},
		{`"hihg" != ticket.priority`, `5:11: ticket.priority is never "hihg" (did you mean "high"?)`},
		{`ticket.status in ["open", "waiting"]`, `5:37: ticket.status is never "waiting" (there is new, open, pending, on-hold, solved, closed)`},
		{`ticket.team == "netwrk"`, `5:26: ticket.team is never "netwrk" (did you mean "network"?)`},
		{`ticket.assignee == "none"`, `5:30: ticket.assignee is never "none" (nobody and nothing is "")`},
		{`ticket.priority == ""`, `5:30: ticket.priority is never "" (there is urgent, high, normal, low)`},
		{`now == 3`, `5:15: "==" cannot join an instant and a number`},
		{`to == subject`, `5:14: "==" cannot join a list and a text`},
		{`customer.fields + 1 == 2`, `5:27: "+" cannot join a table and a number`},
		{`fold == subject`, `5:16: "==" cannot join a function and a text`},
		{`customer == org`, `5:20: "==" cannot join customer and org`},
		{`let a = "12345678"; ` + doubled + ` subject matches a12`, `5:268: what stands behind "matches" must be a constant text, it cannot come from a mail or a person`},
		{`ticket.tier == 7`, `5:26: ticket.tier is never "7" (there is 0, 1, 2, 3, 4)`},
		{`verdict == "passed"`, `5:22: verdict is never "passed" (did you mean "pass"?)`},
		{`weekday in ["saturday"]`, `5:23: weekday is never "saturday" (did you mean "sat"?)`},
		{`kind == "vacation"`, `5:19: kind is never "vacation" (there is person, auto-reply, auto-generated, bounce, receipt, feedback, calendar, list, challenge, loop, spam)`},
		{`event == "open"`, `5:20: event is never "open" (did you mean "opened"?)`},
		{`any(attachments, text matches "(?i)confidential")`,
			`5:11: the condition can take too long: 157 million steps at worst, 50 million are allowed (look at long texts outside of loops, and with shorter patterns)`},
		{`any(to, any(cc, any(to, # == "x")))`,
			`5:11: the condition can take too long: 570 million steps at worst, 50 million are allowed (look at long texts outside of loops, and with shorter patterns)`},
		{strings.Repeat(`size == 1 or `, 170) + `size == 2`, `the condition is too long: 500 parts are allowed (split it into several rules)`},
		{`subject == "` + strings.Repeat("x", 4096) + `"`, `5:11: the condition is too long: 4109 octets, 4096 are allowed (split it into several rules)`},
	} {
		set, faults := rules.Compile(file(rule(c.when)), names)
		if set != nil {
			t.Errorf("%s\ncompiled", c.when)
			continue
		}
		got := faults.Error()
		if strings.HasPrefix(c.want, "5:") || strings.HasPrefix(c.want, "6:") {
			c.want = "rules/a.yaml:" + c.want
			if got != c.want {
				t.Errorf("%s\ngot  %s\nwant %s", c.when, got, c.want)
			}
		} else if len(faults) != 1 || !strings.HasSuffix(got, c.want) {
			t.Errorf("%s\ngot  %s\nwant ...%s", c.when, got, c.want)
		}
	}
}

// TestRuleFaults has one line for each kind of fault in a rule outside its condition.
func TestRuleFaults(t *testing.T) {
	stop := rules.Rule{Place: at(3), Name: "end", Then: "stop"}
	notify := rules.Action{Place: at(7), Kind: rules.KindNotify, Notify: []string{"team"}}
	with := func(change func(*rules.Rule)) []rules.Rule {
		r := rule("", notify)
		change(&r)
		return []rules.Rule{r}
	}
	do := func(a rules.Action) []rules.Rule {
		a.Place = at(8)
		return []rules.Rule{rule("", a)}
	}
	set := func(c rules.Changes) []rules.Rule { return do(rules.Action{Kind: rules.KindSet, Set: c}) }
	for name, c := range map[string]struct {
		rules []rules.Rule
		want  []string
	}{
		"no name":        {with(func(r *rules.Rule) { r.Name = " " }), []string{`3:5: a rule without a name ("name:" says in words what the rule is for)`}},
		"name twice":     {[]rules.Rule{rule(""), {Place: at(9), Name: "first", Do: []rules.Action{notify}}}, []string{`9:5: there is a rule "first" already, at rules/a.yaml:3:5 (rules are told apart by their names)`}},
		"event":          {with(func(r *rules.Rule) { r.On, r.OnPlace = []string{"opend"}, []fault.Place{at(4)} }), []string{`4:5: there is no event "opend" (did you mean "opened"?)`}},
		"event, far off": {with(func(r *rules.Rule) { r.On = []string{"xyzzy"} }), []string{`3:5: there is no event "xyzzy" (there is opened, replied, agent-replied, noted, status-changed, solved, closed, reopened, escalated, sla-warned, sla-missed, bounced, form-filled, approved, declined, elapsed)`}},
		"no mail to look at": {with(func(r *rules.Rule) {
			r.On, r.When = []string{"sla-missed"}, `subject contains "x" && inbox == "a" && language == "en" && (from == "a@b.example" || has_header("X"))`
		}), []string{`5:72: there is no mail at "sla-missed", so "from" says nothing (ticket, customer and org are known at every event)`,
			`5:97: there is no mail at "sla-missed", so "has_header" says nothing (ticket, customer and org are known at every event)`}},
		"no mood to look at": {with(func(r *rules.Rule) {
			r.On, r.When = []string{"agent-replied", "solved"}, `mood == "angry" || subject contains "x"`
		}), []string{`5:11: no customer writes at "agent-replied", so "mood" says nothing (possible on opened, replied, reopened, form-filled)`}},
		"event twice": {with(func(r *rules.Rule) { r.On = []string{"noted", "noted"} }), []string{`3:5: the event "noted" stands here twice`}},
		"elapsed and more": {with(func(r *rules.Rule) {
			r.On, r.After, r.Since = []string{"opened", "elapsed"}, time.Hour, rules.SinceAgent
		}), []string{`3:5: "elapsed" stands alone (write a second rule for the other events)`}},
		"elapsed without after": {with(func(r *rules.Rule) { r.On = []string{"elapsed"} }), []string{`3:5: a rule on time passed needs "after:" (for instance "after: 2h since customer")`}},
		"after alone":           {with(func(r *rules.Rule) { r.After, r.Since, r.AfterPlace = time.Hour, rules.SinceAgent, at(6) }), []string{`6:5: "after:" belongs to rules on time passed (add "on: [elapsed]")`}},
		"after nothing": {with(func(r *rules.Rule) {
			r.On, r.After, r.Since = []string{"elapsed"}, time.Hour, "costumer"
		}), []string{`3:5: a rule cannot count from "costumer" (did you mean "customer"?)`}},
		"after a second": {with(func(r *rules.Rule) {
			r.On, r.After, r.Since = []string{"elapsed"}, time.Second, rules.SinceAgent
		}), []string{`3:5: 1s is no time that a rule can wait (between 1m and 366d)`}},
		"then":          {with(func(r *rules.Rule) { r.Then, r.ThenPlace = "halt", at(9) }), []string{`9:5: "then:" cannot be "halt" ("stop" is all that can stand here; without it the next rule is looked at)`}},
		"nothing to do": {[]rules.Rule{{Place: at(3), Name: "idle"}}, []string{`3:5: rule "idle" does nothing ("do:" says what happens)`}},
		"too much to do": {with(func(r *rules.Rule) {
			r.Do = make([]rules.Action, 0)
			for range 21 {
				r.Do = append(r.Do, notify)
			}
		}), []string{`3:5: rule "first" has 21 actions, 20 are allowed`}},
		"never reached":   {[]rules.Rule{stop, rule("customer.vip")}, []string{`3:5: rule "first" is never reached: "end" at rules/a.yaml:3:5 stops always (put it before that rule, or give that one a condition)`}},
		"constant stop":   {[]rules.Rule{{Place: at(1), Name: "end", When: "1 == 1", Then: "stop"}, rule("customer.vip")}, []string{`3:5: rule "first" is never reached: "end" at rules/a.yaml:1:5 stops always (put it before that rule, or give that one a condition)`}},
		"dropped before":  {[]rules.Rule{rule("", rules.Action{Kind: rules.KindDrop, Reason: "all"}), {Place: at(9), Name: "second", Do: []rules.Action{notify}}}, []string{`9:5: rule "second" is never reached: "first" at rules/a.yaml:3:5 stops always (put it before that rule, or give that one a condition)`}},
		"two stops cover": {[]rules.Rule{{Place: at(1), Name: "o", On: []string{"opened"}, Then: "stop"}, {Place: at(2), Name: "r", On: []string{"replied", "noted"}, Then: "stop"}, rule("customer.vip")}, []string{`3:5: rule "first" is never reached: "r" at rules/a.yaml:2:5 stops always (put it before that rule, or give that one a condition)`}},
		"two ends": {[]rules.Rule{stop, {Place: at(4), Name: "end 2", Then: "stop"}, rule("customer.vip")}, []string{
			`3:5: rule "first" is never reached: "end" at rules/a.yaml:3:5 stops always (put it before that rule, or give that one a condition)`,
			`4:5: rule "end 2" is never reached: "end" at rules/a.yaml:3:5 stops always (put it before that rule, or give that one a condition)`}},
		"one event is left": {[]rules.Rule{{Place: at(1), Name: "o", On: []string{"replied"}, Then: "stop"}, rule("customer.vip")}, nil},
		"a stop of its own time": {[]rules.Rule{
			{Name: "two", On: []string{"elapsed"}, After: 2 * time.Hour, Since: rules.SinceAgent, Then: "stop"},
			{Name: "four", On: []string{"elapsed"}, After: 4 * time.Hour, Since: rules.SinceAgent, Then: "stop"}}, nil},
		"after stop": {[]rules.Rule{rule("", rules.Action{Kind: rules.KindStop}, notify)}, []string{`7:5: nothing is done after stop (make stop the last action)`}},
		"kind":       {do(rules.Action{Kind: "notfy"}), []string{`8:5: there is no action "notfy" (did you mean "notify"?)`}},
		"template":   {do(rules.Action{Kind: rules.KindReply, Template: "outage-akc"}), []string{`8:5: there is no template "outage-akc" (did you mean "outage-ack"?)`}},
		"nobody":     {do(rules.Action{Kind: rules.KindNotify}), []string{`8:5: notify names nobody (for instance [assignee, team])`}},
		"person":     {do(rules.Action{Kind: rules.KindNotify, Notify: []string{"bob", "oncal"}}), []string{`8:5: there is no agent or team "oncal" (did you mean "oncall"?)`}},
		"address":    {do(rules.Action{Kind: rules.KindForward, Forward: "Bob <bob@x.example>"}), []string{`8:5: "Bob <bob@x.example>" is not an address (a bare address: someone@company.example)`}},
		"reason":     {do(rules.Action{Kind: rules.KindDrop}), []string{`8:5: drop needs a reason (whoever looks at the mail later wants to know)`}},
		"no mail": {[]rules.Rule{{Place: at(3), Name: "q", On: []string{"solved"}, Do: []rules.Action{{Place: at(8), Kind: rules.KindQuarantine, Reason: "x"}}}},
			[]string{`8:5: there is no mail to quarantine on "solved" (possible on opened, replied)`}},
		"vendor":       {do(rules.Action{Kind: rules.KindVendor, Value: "fiber"}), []string{`8:5: there is no vendor "fiber" (did you mean "fibre"?)`}},
		"set nothing":  {set(rules.Changes{}), []string{`8:5: set changes nothing (priority, tier, team, assignee, status or tags)`}},
		"set priority": {set(rules.Changes{Priority: "urgnt"}), []string{`8:5: there is no priority "urgnt" (did you mean "urgent"?)`}},
		"set outside":  {set(rules.Changes{Tier: tier(4)}), []string{`8:5: tier 4 is outside: no rule can just set it ("vendor: NAME" hands over to a vendor)`}},
		"set much": {set(rules.Changes{Team: "nobody", Assignee: "rob", Status: "opened", Tier: tier(9), Tags: []rules.TagChange{{Name: "a b", Add: true}, {Name: "x", Add: true}, {Name: "x"}}}), []string{
			`8:5: there is no team "nobody" (there is frontdesk, technicians, network)`,
			`8:5: there is no agent "rob" (did you mean "bob"?)`,
			`8:5: there is no status "opened" (did you mean "open"?)`,
			`8:5: there is no tier 9 (there is 0, 1, 2, 3)`,
			`8:5: "a b" is no tag (one word, with + or - before it)`,
			`8:5: the tag "x" stands here twice`}},
		"place of a value": {[]rules.Rule{rule("", rules.Action{Place: at(8), Places: map[string]fault.Place{"priority": {File: "rules/a.yaml", Line: 8, Column: 30}}, Kind: rules.KindSet, Set: rules.Changes{Priority: "x"}})},
			[]string{`8:30: there is no priority "x" (there is urgent, high, normal, low)`}},
	} {
		t.Run(name, func(t *testing.T) { wantFaults(t, []rules.File{{Rules: c.rules}}, c.want) })
	}
}

func wantFaults(t *testing.T, files []rules.File, want []string) {
	t.Helper()
	set, faults := rules.Compile(files, names)
	var lines []string
	for _, f := range faults {
		lines = append(lines, strings.TrimPrefix(f.Error(), "rules/a.yaml:"))
	}
	if got, want := strings.Join(lines, "\n"), strings.Join(want, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if (set == nil) != (len(want) > 0) {
		t.Errorf("set %v with %d faults", set, len(faults))
	}
}

func TestTestFaults(t *testing.T) {
	fine := rules.Test{Place: at(20), Name: "fine", Expect: rules.Expectation{Priority: text("high")}}
	with := func(change func(*rules.Test)) rules.Test {
		test := fine
		change(&test)
		return test
	}
	for name, c := range map[string]struct {
		tests []rules.Test
		want  []string
	}{
		"fine":     {[]rules.Test{fine}, nil},
		"no name":  {[]rules.Test{with(func(t *rules.Test) { t.Name = "" })}, []string{`20:5: a test without a name ("name:" says in words what must hold)`}},
		"twice":    {[]rules.Test{fine, fine}, []string{`20:5: there is a test "fine" already, at rules/a.yaml:20:5`}},
		"nothing":  {[]rules.Test{{Place: at(20), Name: "idle"}}, []string{`20:5: test "idle" expects nothing (a test that expects nothing cannot fail)`}},
		"event":    {[]rules.Test{with(func(t *rules.Test) { t.Event = "reply" })}, []string{`20:5: there is no event "reply" (there is opened, replied, agent-replied, noted, status-changed, solved, closed, reopened, escalated, sla-warned, sla-missed, bounced, form-filled, approved, declined, elapsed)`}},
		"time":     {[]rules.Test{with(func(t *rules.Test) { t.Mail.At = "9:30" })}, []string{`20:5: "9:30" is no time (for instance "2026-11-21 09:30")`}},
		"state":    {[]rules.Test{with(func(t *rules.Test) { t.Ticket = &rules.TestTicket{Place: at(22), Team: text("netwrk")} })}, []string{`22:5: there is no team "netwrk" (did you mean "network"?)`}},
		"no team":  {[]rules.Test{with(func(t *rules.Test) { t.Expect.Team = text("none") })}, nil},
		"outside":  {[]rules.Test{with(func(t *rules.Test) { t.Expect.Tier = tier(4) })}, nil},
		"own mail": {[]rules.Test{with(func(t *rules.Test) { t.Expect.Mails = []string{"agent-new", "ack"} })}, nil},
		"expected": {[]rules.Test{with(func(t *rules.Test) {
			t.Expect = rules.Expectation{Place: at(24), Places: map[string]fault.Place{"mails": at(26)}, Priority: text("hig"), Tier: tier(8), Mails: []string{"akc"}, Rules: []string{"frist"}}
		})}, []string{
			`24:5: there is no priority "hig" (did you mean "high"?)`,
			`24:5: there is no tier 8 (there is 0, 1, 2, 3)`,
			`24:5: there is no rule "frist" (did you mean "first"?)`,
			`26:5: there is no template "akc" (did you mean "ack"?)`}},
	} {
		t.Run(name, func(t *testing.T) {
			wantFaults(t, []rules.File{{Rules: []rules.Rule{rule("")}, Tests: c.tests}}, c.want)
		})
	}
}

// TestEveryFaultAtOnce: a file with five faults gives five messages, in order of places, and no Set.
func TestEveryFaultAtOnce(t *testing.T) {
	place := func(line, column int) fault.Place {
		return fault.Place{File: "rules/20-network.yaml", Line: line, Column: column}
	}
	files := []rules.File{{Name: "rules/20-network.yaml", Rules: []rules.Rule{
		{Place: place(2, 5), Name: "one", When: `subjekt == "x"`, WhenPlace: place(3, 11), Do: []rules.Action{
			{Place: place(5, 9), Kind: rules.KindReply, Template: "outage"}}},
		{Place: place(7, 5), Name: "two", When: `subject matches "(" and ticket.tier == "2"`, WhenPlace: place(8, 11), Then: "end"},
	}}}
	_, faults := rules.Compile(files, names)
	want := `rules/20-network.yaml:3:11: unknown name "subjekt" (did you mean "subject"?)
rules/20-network.yaml:5:9: there is no template "outage" (did you mean "outage-ack"?)
rules/20-network.yaml:7:5: "then:" cannot be "end" ("stop" is all that can stand here; without it the next rule is looked at)
rules/20-network.yaml:7:5: rule "two" does nothing ("do:" says what happens)
rules/20-network.yaml:8:27: bad regular expression: missing closing ): ` + "`(`" + `
rules/20-network.yaml:8:47: "==" cannot join a number and a text`
	if got := faults.Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestManyRules: the rules on one event are bounded together, in number and in cost.
func TestManyRules(t *testing.T) {
	var many, costly []rules.Rule
	for i := range 1001 {
		r := rule("customer.vip")
		r.Name, r.Place = fmt.Sprint("rule ", i), at(i+1)
		many = append(many, r)
		if i < 40 {
			r.When = `text matches "(?i)` + strings.Repeat("x", 400) + `"`
			costly = append(costly, r)
		}
	}
	wantFaults(t, file(many...), []string{`1001:5: there are 1001 rules on "opened", 1000 are allowed`, `1001:5: there are 1001 rules on "replied", 1000 are allowed`})
	wantFaults(t, file(costly...), []string{
		`40:5: the rules on "opened" together can take too long: 1048 million steps at worst, 1000 million are allowed (look at fewer long texts, or with shorter patterns)`,
		`40:5: the rules on "replied" together can take too long: 1048 million steps at worst, 1000 million are allowed (look at fewer long texts, or with shorter patterns)`})
	compile(t, costly[:38]...)
}
