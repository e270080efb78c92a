package rules

import (
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tierdesk/rules/fault"
)

const (
	maxRules       = 1000 // on one event
	maxRuleActions = 20
	// MaxActions bounds the actions of all rules together in one evaluation.
	MaxActions = 100
)

// Set is all rules of a desk, compiled. It is immutable and safe for concurrent use by multiple
// goroutines.
type Set struct {
	rules    []*compiled
	byEvent  map[string][]*compiled
	elapsed  []ElapsedRule
	mood     bool      // a condition refers to it
	machines sync.Pool // of *machine
}

// compiled is one rule, ready to run.
type compiled struct {
	name    string
	at      fault.Place
	place   string // at, in words
	on      []string
	after   time.Duration
	since   Since
	mood    bool // the condition refers to it
	ticket  bool // the condition may refer to the ticket, which earlier rules may have changed
	when    condition
	kinds   []ActionKind
	actions []Applied
	stops   bool
}

// ElapsedRule is a rule that runs after a time. It needs a timer on each ticket.
type ElapsedRule struct {
	Name  string
	Since Since
	After time.Duration
}

// Compile makes a Set of the rules of all files, in the order given. It checks everything in rules
// and tests and returns all faults together; the Set is nil if there are any.
func Compile(files []File, names Names) (*Set, fault.List) {
	c := compilation{names: names, places: map[string]fault.Place{}}
	set := &Set{byEvent: map[string][]*compiled{}}
	set.machines.New = func() any { return newMachine() }
	for _, f := range files {
		for i := range f.Rules {
			set.add(c.rule(&f.Rules[i]))
		}
	}
	for _, event := range Events() {
		c.event(event, set.byEvent[event])
	}
	tests := map[string]fault.Place{}
	for _, f := range files {
		for i := range f.Tests {
			c.test(&f.Tests[i], tests)
		}
	}
	if err := c.faults.Err(); err != nil { // Err also sorts them
		return nil, c.faults
	}
	return set, nil
}

func (s *Set) add(r *compiled) {
	s.mood = s.mood || r.mood
	s.rules = append(s.rules, r)
	for _, event := range r.on {
		s.byEvent[event] = append(s.byEvent[event], r)
	}
	if slices.Contains(r.on, Elapsed) {
		s.elapsed = append(s.elapsed, ElapsedRule{Name: r.name, Since: r.since, After: r.after})
	}
}

// Asks reports whether any rule runs at an event. If none does, Evaluate needs no facts.
func (s *Set) Asks(event string) bool { return len(s.byEvent[event]) > 0 }

// LooksAtMood reports whether a rule may examine the mood of a mail. If none does, the mood need
// not be determined.
func (s *Set) LooksAtMood() bool { return s.mood }

// Does reports whether a rule may lead to an action of that kind.
func (s *Set) Does(kind ActionKind) bool {
	return slices.ContainsFunc(s.rules, func(r *compiled) bool {
		return slices.Contains(r.kinds, kind)
	})
}

// Elapsed returns the rules that need a timer. The caller must not change the list.
func (s *Set) Elapsed() []ElapsedRule { return s.elapsed }

// compilation is the state of Compile. It collects the faults.
type compilation struct {
	names  Names
	faults fault.List
	places map[string]fault.Place // of rules, by name
	// ended holds, by event, the rule after which no other is evaluated.
	ended map[string]*Rule
	// mailless is an event of the current rule if none of its events is caused by a mail, else "".
	// moodless is an event of it if the mood is known at none of its events, else "".
	mailless, moodless string
}

func (c *compilation) add(p fault.Place, hint, format string, args ...any) {
	c.faults.Add(p, hint, format, args...)
}

// rule checks and compiles one rule.
func (c *compilation) rule(r *Rule) *compiled {
	done := &compiled{name: r.Name, at: r.Place, place: r.Place.String(), after: r.After, since: r.Since}
	done.mood = strings.Contains(r.When, "mood")
	done.ticket = strings.Contains(r.When, "ticket") || strings.Contains(r.When, "has_tag")
	c.name(r)
	done.on = c.events(r)
	c.time(r, done.on)
	c.mailless, c.moodless = "", ""
	if !slices.ContainsFunc(done.on, func(event string) bool { return !WithoutMail(event) }) && len(done.on) > 0 {
		c.mailless = done.on[0]
	}
	if !slices.ContainsFunc(done.on, WithMood) && len(done.on) > 0 {
		c.moodless = done.on[0]
	}
	done.when = c.condition(r.When, r.WhenPlace)
	if r.Then != "" && r.Then != "stop" {
		c.add(orElse(r.ThenPlace, r.Place), `"stop" is all that can stand here; without it the next rule is looked at`,
			`"then:" cannot be %q`, r.Then)
	}
	done.stops = r.Then == "stop"
	if len(r.Do) == 0 && !done.stops {
		c.add(r.Place, `"do:" says what happens`, "rule %q does nothing", r.Name)
	}
	if len(r.Do) > maxRuleActions {
		c.add(r.Place, "", "rule %q has %d actions, %d are allowed", r.Name, len(r.Do), maxRuleActions)
	}
	for i := range r.Do {
		action := &r.Do[i]
		c.action(action, done.on)
		done.kinds = append(done.kinds, action.Kind)
		done.actions = append(done.actions, Applied{Rule: r.Name, Action: *action})
		switch action.Kind {
		case KindStop:
			if i < len(r.Do)-1 {
				c.add(r.Do[i+1].Place, "make stop the last action", "nothing is done after stop")
			}
			done.stops = true
		case KindQuarantine, KindDrop:
			done.stops = true
		}
	}
	c.reach(r, done)
	return done
}

func orElse(p, otherwise fault.Place) fault.Place {
	if p == (fault.Place{}) {
		return otherwise
	}
	return p
}

func (c *compilation) name(r *Rule) {
	if strings.TrimSpace(r.Name) == "" {
		c.add(r.Place, `"name:" says in words what the rule is for`, "a rule without a name")
		return
	}
	if first, ok := c.places[r.Name]; ok {
		c.add(r.Place, "rules are told apart by their names", "there is a rule %q already, at %s", r.Name, first)
		return
	}
	c.places[r.Name] = r.Place
}

// events returns the events of a rule that exist.
func (c *compilation) events(r *Rule) []string {
	if len(r.On) == 0 {
		return []string{Opened, Replied}
	}
	var events []string
	for i, event := range r.On {
		place := r.Place
		if i < len(r.OnPlace) {
			place = r.OnPlace[i]
		}
		switch {
		case !slices.Contains(Events(), event):
			c.add(place, fault.Hint(event, Events()), "there is no event %q", event)
		case slices.Contains(events, event):
			c.add(place, "", "the event %q stands here twice", event)
		case event == Elapsed && len(r.On) > 1:
			c.add(place, "write a second rule for the other events", "%q stands alone", Elapsed)
		default:
			events = append(events, event)
		}
	}
	return events
}

func (c *compilation) time(r *Rule, events []string) {
	place := orElse(r.AfterPlace, r.Place)
	given := r.After != 0 || r.Since != ""
	if !slices.Contains(r.On, Elapsed) {
		if given {
			c.add(place, `add "on: [elapsed]"`, `"after:" belongs to rules on time passed`)
		}
		return
	}
	if given && !slices.Contains(Sinces(), r.Since) {
		var known []string
		for _, since := range Sinces() {
			known = append(known, string(since))
		}
		c.add(place, fault.Hint(string(r.Since), known), "a rule cannot count from %q", r.Since)
	}
	switch {
	case !given && r.AfterPlace != (fault.Place{}): // it could not be read, which has been reported already
	case !given:
		c.add(r.Place, `for instance "after: 2h since customer"`, `a rule on time passed needs "after:"`)
	case r.After < time.Minute || r.After > 366*24*time.Hour:
		c.add(place, "between 1m and 366d", "%s is no time that a rule can wait", r.After)
	}
}

// reach reports a fault for a rule that no event can reach.
func (c *compilation) reach(r *Rule, done *compiled) {
	if c.ended == nil {
		c.ended = map[string]*Rule{}
	}
	var by *Rule
	for _, event := range done.on {
		end := c.ended[event]
		if end == nil {
			by = nil
			break
		}
		by = end
	}
	if by != nil {
		c.add(r.Place, "put it before that rule, or give that one a condition",
			"rule %q is never reached: %q at %s stops always", r.Name, by.Name, by.Place)
	}
	if !done.stops || !done.when.always || slices.Contains(done.on, Elapsed) {
		return
	}
	for _, event := range done.on {
		if c.ended[event] == nil {
			c.ended[event] = r
		}
	}
}

// event checks the total cost of the rules on one event.
func (c *compilation) event(event string, rules []*compiled) {
	var cost int64
	for _, r := range rules {
		cost += r.when.cost
	}
	if len(rules) == 0 {
		return
	}
	switch last := rules[len(rules)-1]; {
	case len(rules) > maxRules:
		c.add(last.at, "", "there are %d rules on %q, %d are allowed", len(rules), event, maxRules)
	case cost > maxEventCost:
		c.add(last.at, "look at fewer long texts, or with shorter patterns",
			"the rules on %q together can take too long: %d million steps at worst, %d million are allowed", event,
			cost/1_000_000, maxEventCost/1_000_000)
	}
}

// action checks one action of a rule on these events.
func (c *compilation) action(a *Action, events []string) {
	switch a.Kind {
	case KindSet:
		c.changes(a)
	case KindReply:
		c.known(a.at("reply"), "template", a.Template, c.names.Templates)
	case KindNotify:
		if len(a.Notify) == 0 {
			c.add(a.Place, "for instance [assignee, team]", "notify names nobody")
		}
		people := slices.Concat([]string{"assignee", "team", "lead", "manager", "admin"}, c.names.Agents, c.names.Teams)
		if c.names.OnCall {
			people = append(people, "on-call")
		}
		for _, name := range a.Notify {
			if name == "on-call" && !c.names.OnCall {
				c.add(a.at("notify"), "give people.yaml a rota: with on_call:", "nobody is ever on call")
				continue
			}
			c.known(a.at("notify"), "agent or team", name, people)
		}
	case KindForward:
		if parsed, err := mail.ParseAddress(a.Forward); err != nil || parsed.Address != a.Forward {
			c.add(a.at("forward"), "a bare address: someone@company.example", "%q is not an address", a.Forward)
		}
		c.needs(a, events, withMail)
	case KindQuarantine, KindDrop:
		if strings.TrimSpace(a.Reason) == "" {
			c.add(a.Place, "whoever looks at the mail later wants to know", "%s needs a reason", a.Kind)
		}
		c.needs(a, events, withOutsideMail)
	case KindStop:
	default:
		c.carried(a)
	}
}

// carried checks an action that is carried out by a capability.
func (c *compilation) carried(a *Action) {
	may, ok := c.names.Carried[a.Kind]
	switch {
	case !ok:
		kinds := []string{"set", "reply", "notify", "forward", "quarantine", "drop", "stop"}
		for kind := range c.names.Carried {
			kinds = append(kinds, string(kind))
		}
		slices.Sort(kinds[7:])
		c.add(a.Place, fault.Hint(string(a.Kind), kinds), "there is no action %q", a.Kind)
	case may.Names != nil:
		c.known(a.at(string(a.Kind)), may.What, a.Value, may.Names)
	case strings.TrimSpace(a.Value) == "":
		c.add(a.at(string(a.Kind)), "", "%s needs a %s", a.Kind, may.What)
	case may.Check != nil:
		if err := may.Check(a.Value); err != nil {
			c.add(a.at(string(a.Kind)), "", "%s: %s", a.Kind, err)
		}
	}
}

// needs reports a fault for events at which the action has no mail to work on.
func (c *compilation) needs(a *Action, events, possible []string) {
	for _, event := range events {
		if !slices.Contains(possible, event) {
			c.add(a.Place, "possible on "+strings.Join(possible, ", "), "there is no mail to %s on %q", a.Kind, event)
		}
	}
}

func (c *compilation) changes(a *Action) {
	set := &a.Set
	if set.Priority == "" && set.Team == "" && set.Assignee == "" && set.Status == "" && set.Tier == nil && len(set.Tags) == 0 {
		c.add(a.Place, "priority, tier, team, assignee, status or tags", "set changes nothing")
		return
	}
	if set.Priority != "" {
		c.known(a.at("priority"), "priority", set.Priority, c.names.Priorities)
	}
	if set.Team != "" && set.Team != None {
		c.known(a.at("team"), "team", set.Team, c.names.Teams)
	}
	if set.Assignee != "" && set.Assignee != None {
		c.known(a.at("assignee"), "agent", set.Assignee, c.names.Agents)
	}
	if set.Status != "" {
		c.known(a.at("status"), "status", set.Status, c.names.Statuses)
	}
	if set.Tier != nil {
		c.tier(a.at("tier"), *set.Tier)
	}
	seen := map[string]bool{}
	for _, tag := range set.Tags {
		if tag.Name == "" || strings.ContainsAny(tag.Name, " \t\r\n,") || len(tag.Name) > 100 {
			c.add(a.at("tags"), "one word, with + or - before it", "%q is no tag", tag.Name)
		}
		if seen[tag.Name] {
			c.add(a.at("tags"), "", "the tag %q stands here twice", tag.Name)
		}
		seen[tag.Name] = true
	}
}

func (c *compilation) tier(place fault.Place, tier int) {
	if slices.Contains(c.names.Tiers, tier) {
		return
	}
	if slices.Contains(c.names.OutsideTiers, tier) {
		c.add(place, `"vendor: NAME" hands over to a vendor`, "tier %d is outside: no rule can just set it", tier)
		return
	}
	var tiers []string
	for _, t := range c.names.Tiers {
		tiers = append(tiers, strconv.Itoa(t))
	}
	help := ""
	if len(tiers) > 0 {
		help = "there is " + strings.Join(tiers, ", ")
	}
	c.add(place, help, "there is no tier %d", tier)
}

// known reports a fault for a name that does not exist.
func (c *compilation) known(place fault.Place, what, name string, names []string) {
	if !slices.Contains(names, name) {
		c.add(place, fault.Hint(name, names), "there is no %s %q", what, name)
	}
}

// test checks one test of an admin. Whether it passes is for package ruletest.
func (c *compilation) test(t *Test, seen map[string]fault.Place) {
	if strings.TrimSpace(t.Name) == "" {
		c.add(t.Place, `"name:" says in words what must hold`, "a test without a name")
	} else if first, ok := seen[t.Name]; ok {
		c.add(t.Place, "", "there is a test %q already, at %s", t.Name, first)
	} else {
		seen[t.Name] = t.Place
	}
	if t.Event != "" {
		c.known(orElse(t.EventPlace, t.Place), "event", t.Event, Events())
	}
	if t.Mail.At != "" {
		if _, err := ParseAt(t.Mail.At, time.UTC); err != nil {
			c.add(orElse(t.Mail.AtPlace, t.Place), `for instance "2026-11-21 09:30"`, "%q is no time", t.Mail.At)
		}
	}
	if k := t.Ticket; k != nil {
		c.state(k.Priority, k.Status, k.Team, k.Assignee, k.Tier, func(key string) fault.Place {
			return placeOf(k.Places, key, orElse(k.Place, t.Place))
		})
	}
	e := &t.Expect
	if e.empty() {
		c.add(orElse(e.Place, t.Place), "a test that expects nothing cannot fail", "test %q expects nothing", t.Name)
		return
	}
	at := func(key string) fault.Place { return orElse(e.at(key), t.Place) }
	c.state(e.Priority, e.Status, e.Team, e.Assignee, e.Tier, at)
	for _, name := range e.Mails {
		c.known(at("mails"), "template", name, slices.Concat(c.names.Templates, c.names.Mails))
	}
	var rules []string
	for name := range c.places {
		rules = append(rules, name)
	}
	slices.Sort(rules)
	for _, name := range e.Rules {
		c.known(at("rules"), "rule", name, rules)
	}
}

// state checks what a test says about a ticket.
func (c *compilation) state(priority, status, team, assignee *string, tier *int, at func(string) fault.Place) {
	check := func(key, what string, name *string, names []string, orNothing bool) {
		if name == nil || orNothing && (*name == "" || *name == None) {
			return
		}
		c.known(at(key), what, *name, names)
	}
	check("priority", "priority", priority, c.names.Priorities, false)
	check("status", "status", status, c.names.Statuses, false)
	check("team", "team", team, c.names.Teams, true)
	check("assignee", "agent", assignee, c.names.Agents, true)
	if tier != nil && !slices.Contains(c.names.OutsideTiers, *tier) {
		c.tier(at("tier"), *tier)
	}
}
