package tickets

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"tierdesk/mailin"
)

// Directory holds the people of people.yaml: agents, teams, vendors, customers' organisations. It
// must not be changed once it is made.
type Directory struct {
	Agents        []Agent
	Teams         []Team
	Vendors       []Vendor
	Organisations []Organisation
	Rotas         []Rota

	duties map[string]*Duty // by team, in a directory as of an instant: see At
}

// Agent works at the desk, from their own mail client.
type Agent struct {
	Name      string   // short, for commands: "jane"
	FullName  string   // "Jane Doe"
	Address   string   // private: never seen outside
	Others    []string // further addresses they write from
	For       []string // agents whose notices they may answer too
	Teams     []string // names
	Lead      []string // teams that they lead
	Manages   []string // teams whose leads they manage
	Language  string
	Skills    []string // tags of tickets in their field
	Limit     int      // the maximum number of open tickets that the desk assigns to them; 0 for none
	Signature string   // their usual signature, so that a mail with nothing else is known to be empty
	Rights    []string
	Notify    string        // about events in tickets: NotifyAll, NotifyMine, NotifyDigest
	DigestAt  time.Duration // of NotifyDigest: time of day, since midnight
	Quiet     Hours         // during which they get no notice that can wait
}

// RightConfidential lets an agent see card numbers, accounts and passwords in people's texts.
const RightConfidential = "confidential"

// RightDraft makes an agent a trainee: their texts for people outside go to one of their leads
// first.
const RightDraft = "draft"

// RightVendor lets an agent hand a ticket over to vendors.
const RightVendor = "vendor"

// RightPublish lets an agent write to every customer of a problem.
const RightPublish = "publish"

// What an agent is told about tickets.
const (
	NotifyAll    = ""       // each thing by a mail of its own
	NotifyMine   = "mine"   // the same, but only about tickets assigned to them or watched by them
	NotifyDigest = "digest" // all in one mail a day
)

// Has reports whether the agent has a right: "confidential", "publish".
func (a *Agent) Has(right string) bool { return slices.Contains(a.Rights, right) }

// May reports whether an agent may do what a right permits: they have it, themselves or through a
// team, or it was granted to nobody. A desk that grants no rights lets everybody do everything.
func (d *Directory) May(a *Agent, right string) bool {
	if right == "" || a.Has(right) {
		return true
	}
	given := slices.ContainsFunc(d.Agents, func(x Agent) bool { return x.Has(right) })
	for i := range d.Teams {
		if t := &d.Teams[i]; slices.Contains(t.Rights, right) {
			if slices.Contains(a.Teams, t.Name) || slices.Contains(a.Lead, t.Name) {
				return true
			}
			given = true
		}
	}
	return !given
}

// StandsFor reports whether the agent may answer the notices of another agent, or of themselves.
func (a *Agent) StandsFor(name string) bool {
	return name != "" && (strings.EqualFold(a.Name, name) || slices.ContainsFunc(a.For,
		func(f string) bool { return strings.EqualFold(f, name) }))
}

// Addresses returns all addresses of the agent, folded, starting with the one at which they get
// mail.
func (a *Agent) Addresses() []string {
	out := []string{mailin.Fold(a.Address)}
	for _, o := range a.Others {
		out = append(out, mailin.Fold(o))
	}
	return out
}

// Team is a group of agents.
type Team struct {
	Name     string
	FullName string
	Notify   string // who is told of a new ticket: "all" (default), "lead", "none"
	Files    string // who gets the files of the customer's mails: FilesAll, FilesTaker, or "" by the team's size
	Assign   string // how the desk assigns its tickets to its agents: AssignNone, AssignTurns ...
	Silent   bool   // the others are not told when somebody takes a ticket
	Rights   []string
}

// How a team's tickets are given to its agents.
const (
	AssignNone  = ""             // not by the desk
	AssignTurns = "round-robin"  // one after the other
	AssignLeast = "least-loaded" // the agent with the fewest tickets that wait for an answer
	AssignSkill = "by-skill"     // the agent with the most matching skills; among several, the one with the fewest tickets
)

// Who in a team gets the files of the customer's mails.
const (
	FilesAll   = "all"
	FilesTaker = "taker" // the assignee
)

// Vendor is an outside company that can be asked (tier 4).
type Vendor struct {
	Name          string
	FullName      string
	Address       string
	Others        []string // further addresses that it writes from
	Language      string   // of the mails to it; "" is the desk's
	Contract      string   // the number of the desk's contract
	Trusted       bool     // may see who the customer is
	TicketPattern string   // regular expression of its own ticket numbers in subjects
	Calendar      string   // by which its reply time runs
	Reply         time.Duration
	Solved        []string // phrases by which it reports a solution
	SolvedPattern string   // regular expression for the state by which its ticket system reports a solution
	Introduce     Status   // of a ticket whose customer was introduced to it: Solved or OnHold; "" if they may not be
}

// Addresses returns all addresses it writes from, folded.
func (v *Vendor) Addresses() []string {
	out := []string{mailin.Fold(v.Address)}
	for _, o := range v.Others {
		out = append(out, mailin.Fold(o))
	}
	return out
}

// maxNumber is the maximum length of a vendor's own number.
const maxNumber = 60

// NumberIn returns a vendor's own ticket number in a subject, "" for none: the first match of its
// pattern, or the pattern's first group.
func (v *Vendor) NumberIn(subject string) (string, error) {
	if v.TicketPattern == "" {
		return "", nil
	}
	re, err := regexp.Compile(v.TicketPattern)
	if err != nil {
		return "", err
	}
	found := re.FindStringSubmatch(subject)
	if found == nil {
		return "", nil
	}
	number := found[0]
	if len(found) > 1 && found[1] != "" {
		number = found[1]
	}
	number = strings.Join(strings.Fields(strings.Trim(number, "[]()")), " ")
	if len(number) > maxNumber {
		return "", nil
	}
	return number, nil
}

// Writes reports whether a folded address is one of the vendor's or of its domain.
func (v *Vendor) Writes(address string) bool {
	domain := func(a string) string { return a[strings.LastIndexByte(a, '@')+1:] }
	return slices.Contains(v.Addresses(), address) || address != "" && domain(address) == domain(mailin.Fold(v.Address))
}

// Organisation is a customer's company.
type Organisation struct {
	Name      string
	Domains   []string
	Addresses []string
	Plan      string
	VIP       bool
	Fields    map[string]string
}

// Agent finds an agent by name, nil if there is none.
func (d *Directory) Agent(name string) *Agent {
	for i := range d.Agents {
		if strings.EqualFold(d.Agents[i].Name, name) {
			return &d.Agents[i]
		}
	}
	return nil
}

// AgentBy finds an agent by one of their addresses, nil if there is none.
func (d *Directory) AgentBy(address string) *Agent {
	address = mailin.Fold(address)
	for i := range d.Agents {
		if slices.Contains(d.Agents[i].Addresses(), address) {
			return &d.Agents[i]
		}
	}
	return nil
}

// Team finds a team by name, nil if there is none.
func (d *Directory) Team(name string) *Team {
	for i := range d.Teams {
		if d.Teams[i].Name == name {
			return &d.Teams[i]
		}
	}
	return nil
}

// Vendor finds a vendor by name, nil if there is none.
func (d *Directory) Vendor(name string) *Vendor {
	for i := range d.Vendors {
		if d.Vendors[i].Name == name {
			return &d.Vendors[i]
		}
	}
	return nil
}

// Members are the agents of a team.
func (d *Directory) Members(team string) []*Agent {
	var out []*Agent
	for i := range d.Agents {
		if slices.Contains(d.Agents[i].Teams, team) {
			out = append(out, &d.Agents[i])
		}
	}
	return out
}

// Leads returns the agents who lead a team.
func (d *Directory) Leads(team string) []*Agent {
	var out []*Agent
	for i := range d.Agents {
		if slices.Contains(d.Agents[i].Lead, team) {
			out = append(out, &d.Agents[i])
		}
	}
	return out
}

// Managers returns the agents who manage the leads of a team.
func (d *Directory) Managers(team string) []*Agent {
	var out []*Agent
	for i := range d.Agents {
		if slices.Contains(d.Agents[i].Manages, team) {
			out = append(out, &d.Agents[i])
		}
	}
	return out
}

// Trainee reports whether a lead checks an agent's texts for people outside: they have the draft
// right, themselves or through a team.
func (d *Directory) Trainee(a *Agent) bool {
	return a.Has(RightDraft) || slices.ContainsFunc(d.Teams, func(t Team) bool {
		return slices.Contains(t.Rights, RightDraft) && slices.Contains(a.Teams, t.Name) && !slices.Contains(a.Lead, t.Name)
	})
}

// Checker returns the agent who checks a trainee's texts: the first lead of one of their teams who
// is not a trainee; nil if there is none.
func (d *Directory) Checker(a *Agent) *Agent {
	for _, team := range a.Teams {
		for _, lead := range d.Leads(team) {
			if lead.Name != a.Name && !d.Trainee(lead) {
				return lead
			}
		}
	}
	return nil
}

// OrganisationOf finds the organisation of an address: by the address itself, else by its domain or
// a parent of it.
func (d *Directory) OrganisationOf(address string) *Organisation {
	address = mailin.Fold(address)
	for i := range d.Organisations {
		for _, a := range d.Organisations[i].Addresses {
			if mailin.Fold(a) == address {
				return &d.Organisations[i]
			}
		}
	}
	for domain := mailin.Domain(address); domain != ""; {
		for i := range d.Organisations {
			for _, x := range d.Organisations[i].Domains {
				if strings.EqualFold(x, domain) {
					return &d.Organisations[i]
				}
			}
		}
		_, rest, ok := strings.Cut(domain, ".")
		if !ok {
			break
		}
		domain = rest
	}
	return nil
}
