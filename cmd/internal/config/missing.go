package config

import (
	"cmp"
	"maps"
	"slices"

	"tierdesk/rules/fault"
)

// Used is what open tickets use, each with the number of tickets. Empty names do not count.
type Used struct {
	Priorities, Teams, Agents, Vendors map[string]int
	Tiers                              map[int]int
}

// Missing tells what open tickets use and these decisions do not have: such decisions must not replace those that have it.
func (d *Decisions) Missing(used Used) fault.List {
	var out fault.List
	check(&out, serviceName, "the priority %q", "priority", used.Priorities, func(name string) bool { return name == "" || d.Service.Priority(name) != nil })
	check(&out, serviceName, "the tier %d", "tier", used.Tiers, func(level int) bool { return d.Service.Tier(level) != nil })
	check(&out, peopleName, "the team %q", "team", used.Teams, func(name string) bool { return name == "" || d.People.Team(name) != nil })
	check(&out, peopleName, "the agent %q", "assign", used.Agents, func(name string) bool { return name == "" || d.People.Agent(name) != nil })
	check(&out, peopleName, "the vendor %q", "vendor", used.Vendors, func(name string) bool { return name == "" || d.People.Vendor(name) != nil })
	return out
}

func check[K cmp.Ordered](out *fault.List, file, what, command string, used map[K]int, has func(K) bool) {
	for _, name := range slices.Sorted(maps.Keys(used)) {
		if used[name] == 0 || has(name) {
			continue
		}
		tickets := "an open ticket uses it"
		if used[name] > 1 {
			tickets = itoa(used[name]) + " open tickets use it"
		}
		out.Add(fault.Place{File: file}, "keep it until /"+command+" has moved them", what+" is gone, and %s", name, tickets)
	}
}
