package config

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tierdesk/rules/fault"
)

// Used holds the names that open tickets use, each with the number of tickets. Empty names do not
// count.
type Used struct {
	Priorities, Teams, Agents, Vendors map[string]int
	Tiers                              map[int]int
}

// Lost is a name that open tickets use and the files no longer have.
type Lost struct {
	What    string // "priority", "tier", "team", "assignee" or "vendor"
	Value   any    // a name, or the level of a tier
	Tickets int
	file    string
}

// Missing returns the names that open tickets use and this policy does not have. A policy that
// lacks any must not come into force.
func (d *Policy) Missing(used Used) []Lost {
	var out []Lost
	addLost(&out, serviceName, "priority", used.Priorities, func(name string) bool { return name == "" || d.Service.Priority(name) != nil })
	addLost(&out, serviceName, "tier", used.Tiers, func(level int) bool { return d.Service.Tier(level) != nil })
	addLost(&out, peopleName, "team", used.Teams, func(name string) bool { return name == "" || d.People.Team(name) != nil })
	addLost(&out, peopleName, "assignee", used.Agents, func(name string) bool { return name == "" || d.People.Agent(name) != nil })
	addLost(&out, peopleName, "vendor", used.Vendors, func(name string) bool { return name == "" || d.People.Vendor(name) != nil })
	return out
}

func addLost[K cmp.Ordered](out *[]Lost, file, what string, used map[K]int, has func(K) bool) {
	for _, name := range slices.Sorted(maps.Keys(used)) {
		if used[name] > 0 && !has(name) {
			*out = append(*out, Lost{what, name, used[name], file})
		}
	}
}

// Fault returns the fault for a lost name. tickets are the numbers of the first of the tickets,
// empty if they are not known.
func (l Lost) Fault(tickets []int64) fault.Fault {
	what, command := l.What, l.What
	switch l.What {
	case "assignee":
		what, command = "agent", "assign"
	case "vendor":
		command = "status"
	}
	use := "an open ticket uses it"
	if l.Tickets > 1 {
		use = itoa(l.Tickets) + " open tickets use it"
	}
	if len(tickets) > 0 {
		words := make([]string, len(tickets))
		for i, n := range tickets {
			words[i] = fmt.Sprintf("#%d", n)
		}
		use += ": " + strings.Join(words, ", ")
		if l.Tickets > len(tickets) {
			use += ", ..."
		}
	}
	hint := fmt.Sprintf("keep it until they are changed: tierdesk ticket %s NUMBER ..., or /%s in a reply to their notices",
		command, command)
	return fault.Fault{Place: fault.Place{File: l.file}, Text: fmt.Sprintf("the %s %s is gone, and %s", what, quotedName(l.Value), use),
		Hint: hint}
}

func quotedName(v any) string {
	if s, ok := v.(string); ok {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprint(v)
}
