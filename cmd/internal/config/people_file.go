package config

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/rules/fault"
	"tierdesk/tickets"
)

type peopleFile struct {
	position
	Agents        named[agentBlock]        `yaml:"agents" doc:"Who works at the desk, each under a short name for commands."`
	Teams         named[teamBlock]         `yaml:"teams" doc:"Groups of agents, each under a short name."`
	Vendors       named[vendorBlock]       `yaml:"vendors" doc:"Outside companies that can be asked, each under a short name."`
	Organisations named[organisationBlock] `yaml:"organisations" doc:"Customers' companies, each under its name."`
	Rota          named[rotaBlock]         `yaml:"rota" doc:"Who works when, each rota under the name of its team. On the first working morning of a week everybody on it, and who leads the teams, is told who is where this week and next; a change is told a quarter of an hour after it was saved."`
}

type agentBlock struct {
	position
	FullName  text      `yaml:"full_name" jsonschema:"required" eg:"Jane Doe" doc:"What customers may see."`
	Address   address   `yaml:"address" jsonschema:"required" eg:"jane@acme.example" doc:"Where notices go and answers come from. It is never seen outside."`
	Others    []address `yaml:"others" eg:"[jane.doe@acme.example]" doc:"Further addresses that this agent writes from."`
	For       words     `yaml:"for" eg:"[boss]" doc:"The agents whose notices this one may answer too, as an assistant does: the answer is this agent's own."`
	Teams     words     `yaml:"teams" eg:"[frontdesk]" doc:"The teams that the agent works in."`
	Lead      words     `yaml:"lead" eg:"[frontdesk]" doc:"The teams that the agent leads: told when a promise is late."`
	Manages   words     `yaml:"manages" eg:"[frontdesk]" doc:"The teams whose leads they stand above: manager in notify."`
	Language  text      `yaml:"language" eg:"de" doc:"Two letters: the language of the mails to this agent. Without it: the desk's."`
	Skills    words     `yaml:"skills" eg:"[network, printers]" doc:"The tags that the agent knows about: in a team with assign: by-skill, tickets with such a tag go to them."`
	Limit     number    `yaml:"limit" eg:"20" doc:"How many tickets that wait for an answer (new or open) the desk gives the agent by itself; people may give them more. Who has as many is passed over. Without it: any number."`
	Signature literal   `yaml:"signature" eg:"Jane Doe, Acme" doc:"The usual signature, so that a mail with nothing else is known to be empty."`
	Notify    text      `yaml:"notify" default:"every mail" eg:"digest at 08:00" doc:"How the agent hears what happens in tickets: every mail, only mine (of tickets that they have or watch), or digest at TIME: all of it in one mail a day. Escalations, missed promises and what answers their own mails come at once."`
	Quiet     text      `yaml:"quiet" eg:"22:00-07:00" doc:"Hours of the day, in the desk's time zone, in which nothing comes that can wait. When they end there is one notice a ticket. Escalations and missed promises do not wait."`
	Rights    words     `yaml:"rights" eg:"[merge, block]" doc:"What the agent may do beside everybody's work: merge tickets, block senders, restrict tickets to some agents, see what is confidential (card numbers, IBANs, passwords), write to vendors (vendor), answer many customers at once (publish). As soon as an agent or a team is given one of these, nobody else has it; while nobody is, everybody has. With draft they are a trainee: what they write for those outside goes to the lead of their team first, who sends it or sends it back with a comment."`
}

type teamBlock struct {
	position
	Name   text  `yaml:"name" eg:"Front desk" doc:"What people call it."`
	Notify text  `yaml:"notify" jsonschema:"enum=all,enum=lead,enum=none" default:"all" eg:"lead" doc:"Whom of the team a new ticket is told: all, lead or none."`
	Assign text  `yaml:"assign" jsonschema:"enum=none,enum=round-robin,enum=least-loaded,enum=by-skill" default:"none" eg:"round-robin" doc:"Who gets a ticket that comes to the team, and that nobody has: none (whoever takes it), round-robin (its agents by turns, in the order of this file), least-loaded (whoever has the fewest that wait for an answer), or by-skill (whoever knows about the most of its tags, of them whoever has the fewest; any of the team if its tags are nobody's skills). Who is away is passed over. If nobody can have it, it is the team's."`
	Taken  text  `yaml:"taken" jsonschema:"enum=tell,enum=silent" default:"tell" eg:"silent" doc:"Whether the others are told when somebody takes a ticket that nobody had, or is the first to answer it: tell (once) or silent."`
	Files  text  `yaml:"files" jsonschema:"enum=all,enum=taker" eg:"taker" doc:"Who gets the files of a customer's mail with the notice: all, or only who has or takes the ticket. Without it: all in a team of up to five, else only who takes it. The notice names them in any case."`
	Rights words `yaml:"rights" eg:"[merge]" doc:"What its members and leads may do: see the agents' rights."`
}

type vendorBlock struct {
	position
	Name          text      `yaml:"name" eg:"Router Works" doc:"What people call it."`
	Address       address   `yaml:"address" jsonschema:"required" eg:"support@routers.example" doc:"Where it is asked."`
	Others        []address `yaml:"others" eg:"[noreply@routers.example]" doc:"Further addresses that it answers from. From any other address nothing it says counts."`
	Language      text      `yaml:"language" eg:"de" doc:"Two letters: of the mails to it. Without it: the desk's."`
	Contract      text      `yaml:"contract" eg:"C-4711" doc:"The number of your contract with it, below each mail to it."`
	Trusted       boolean   `yaml:"trusted" default:"false" eg:"true" doc:"It may see who the customer is. Without it names, addresses and telephone numbers of the customer are masked, and files renamed."`
	TicketPattern text      `yaml:"ticket_pattern" eg:"RW-[0-9]+" doc:"Regular expression of its own ticket numbers. The first one in a subject of its answers is kept, and is put into the subjects of later mails to it."`
	Calendar      text      `yaml:"calendar" eg:"office" doc:"When it works: a calendar of service.yaml, or always. Without it: the desk's."`
	Reply         duration  `yaml:"reply" default:"2d" eg:"8h" doc:"How long it may take to answer, in its calendar. Then it is reminded, twice, and the ticket's agents are told."`
	Solved        words     `yaml:"solved" eg:"[the case is solved, case closed]" doc:"Lines with which it says that it has done its part, beside those that the desk knows. The ticket comes back to its team, who are told so."`
	SolvedPattern text      `yaml:"solved_pattern" eg:"'^Status: (Resolved|Closed)$'" doc:"Regular expression of the state in which its ticket system says so: in a subject or a line."`
	Introduce     text      `yaml:"introduce" jsonschema:"enum=solved,enum=on-hold" eg:"solved" doc:"Customers may be introduced to it by /introduce, each learns the other's address; the ticket is then solved or on-hold. Without it: they may not."`
}

type organisationBlock struct {
	position
	Domains   words       `yaml:"domains" eg:"[gold.example]" doc:"Mail from these domains, and domains below them, is theirs."`
	Addresses []address   `yaml:"addresses" eg:"[jane@mail.example]" doc:"Single addresses of theirs elsewhere."`
	Plan      text        `yaml:"plan" eg:"gold" doc:"What they pay for: customer.plan in rules."`
	VIP       boolean     `yaml:"vip" default:"false" eg:"true" doc:"customer.vip in rules."`
	Fields    named[text] `yaml:"fields" eg:"{contract: C-4711}" doc:"Whatever else rules need: customer.fields and org.fields."`
}

// vendorReply is the time to answer of a vendor for whom the file sets none.
const vendorReply = 48 * time.Hour

// reserved are words with a meaning in commands and in "notify:", which cannot be names.
var reserved = []string{"me", "none", "all", "mine", "assignee", "team", "lead", "manager", "on-call", "next", "admin", "desk",
	"requester", "customer"}

var agentRights = []string{"merge", "block", "restrict", "publish", "confidential", tickets.RightVendor, tickets.RightDraft}

// build converts the file to the directory.
func (f *peopleFile) build(inboxes []Inbox, zone *time.Location, faults, warnings *fault.List) tickets.Directory {
	var d tickets.Directory
	taken := map[string]text{} // names of agents and teams
	short := func(name text, what string) {
		checkName(name, what, faults)
		if slices.Contains(reserved, strings.ToLower(name.s)) {
			faults.Add(name.at, "choose another name", "%q has a meaning of its own", name.s)
		}
		folded := strings.ToLower(name.s)
		if first, ok := taken[folded]; ok {
			faults.Add(name.at, "the first stands in line "+itoa(first.at.Line), "there are two agents or teams called %q", name.s)
			return
		}
		taken[folded] = name
	}
	teams := map[string]bool{} // a set, since a file may name very many
	for i := range f.Teams.list {
		name, b := f.Teams.list[i].name, &f.Teams.list[i].value
		short(name, "a team")
		t := tickets.Team{Name: name.s, FullName: name.s, Notify: "all"}
		if b.Name.given() {
			t.FullName = b.Name.s
		}
		if b.Notify.given() {
			t.Notify = b.Notify.s
		}
		t.Files, t.Silent = b.Files.s, b.Taken.s == "silent"
		if b.Assign.given() && b.Assign.s != "none" {
			t.Assign = b.Assign.s
		}
		t.Rights = b.Rights.strings()
		knownRights(b.Rights, faults)
		d.Teams = append(d.Teams, t)
		teams[t.Name] = true
	}
	addresses := newAddressBook(inboxes)
	for i := range f.Agents.list {
		name, b := f.Agents.list[i].name, &f.Agents.list[i].value
		short(name, "an agent")
		a := tickets.Agent{Name: name.s, FullName: b.FullName.s, Address: b.Address.s, Teams: b.Teams.strings(), Lead: b.Lead.strings(),
			Manages: b.Manages.strings(), Skills: b.Skills.strings(), Limit: b.Limit.n, Signature: b.Signature.s,
			Rights: b.Rights.strings()}
		addresses.add(b.Address, "agent", name.s, faults)
		for _, o := range b.Others {
			addresses.add(o, "agent", name.s, faults)
			a.Others = append(a.Others, o.s)
		}
		for _, w := range slices.Concat(b.Teams.list, b.Lead.list, b.Manages.list) {
			if !teams[w.s] {
				unknownTeam(w, &d, faults)
			}
		}
		if b.Language.given() {
			a.Language = language(b.Language, faults)
		}
		hearing(&a, b, faults)
		knownRights(b.Rights, faults)
		a.For = b.For.strings()
		d.Agents = append(d.Agents, a)
	}
	f.delegates(&d, faults)
	f.trainees(&d, faults)
	f.assigning(&d, faults, warnings)
	d.Rotas = f.rotas(&d, zone, faults)
	vendors := map[string]fault.Place{}
	for i := range f.Vendors.list {
		name, b := f.Vendors.list[i].name, &f.Vendors.list[i].value
		checkName(name, "a vendor", faults)
		if first, ok := vendors[strings.ToLower(name.s)]; ok {
			faults.Add(name.at, "the first stands in line "+itoa(first.Line), "there are two vendors called %q", name.s)
		}
		vendors[strings.ToLower(name.s)] = name.at
		v := tickets.Vendor{Name: name.s, FullName: name.s, Address: b.Address.s, Contract: b.Contract.s, Trusted: b.Trusted.on,
			TicketPattern: b.TicketPattern.s, Calendar: b.Calendar.s, Reply: b.Reply.or(vendorReply), Solved: b.Solved.strings(),
			SolvedPattern: b.SolvedPattern.s, Introduce: tickets.Status(b.Introduce.s)}
		if b.Language.given() {
			v.Language = language(b.Language, faults)
		}
		if b.Reply.given() && b.Reply.d == 0 {
			faults.Add(b.Reply.at, "like 8h", "a vendor needs time to answer")
		}
		if b.Name.given() {
			v.FullName = b.Name.s
		}
		addresses.add(b.Address, "vendor", name.s, faults)
		for _, o := range b.Others {
			addresses.add(o, "vendor", name.s, faults)
			v.Others = append(v.Others, o.s)
		}
		if p := b.TicketPattern; p.given() {
			switch re, err := regexp.Compile(p.s); {
			case err != nil:
				faults.Add(p.at, "like RW-[0-9]+", "%q is not a regular expression: %s", p.s, regexpFault(err))
			case re.MatchString(""):
				faults.Add(p.at, "like RW-[0-9]+", "%q fits every subject", p.s)
			}
		}
		if p := b.SolvedPattern; p.given() {
			switch re, err := regexp.Compile(p.s); {
			case err != nil:
				faults.Add(p.at, "like Status: Resolved", "%q is not a regular expression: %s", p.s, regexpFault(err))
			case re.MatchString(""):
				faults.Add(p.at, "like Status: Resolved", "%q fits every mail", p.s)
			}
		}
		d.Vendors = append(d.Vendors, v)
	}
	d.Organisations = f.organisations(addresses, faults)
	return d
}

// vendorCalendars checks that the calendar of each vendor exists, and sets the desk's where none is
// named.
func (f *peopleFile) vendorCalendars(d *tickets.Directory, service *serviceFile, faults *fault.List) {
	for i := range d.Vendors {
		if c := f.Vendors.list[i].value.Calendar; c.given() {
			service.knownCalendar(c, faults)
			continue
		}
		d.Vendors[i].Calendar = "always"
		if service.Calendar.given() {
			d.Vendors[i].Calendar = service.Calendar.s
		}
	}
}

// hearing reads how an agent wants to be notified.
func hearing(a *tickets.Agent, b *agentBlock, faults *fault.List) {
	switch at, isDigest := strings.CutPrefix(b.Notify.s, "digest at "); {
	case !b.Notify.given() || b.Notify.s == "every mail":
	case b.Notify.s == "only mine":
		a.Notify = tickets.NotifyMine
	case isDigest:
		var ok bool
		if a.DigestAt, ok = timeOfDay(at); ok {
			a.Notify = tickets.NotifyDigest
			break
		}
		fallthrough
	default:
		faults.Add(b.Notify.at, "every mail, only mine, or digest at 08:00", "notify cannot be %q", b.Notify.s)
	}
	if !b.Quiet.given() {
		return
	}
	from, to, _ := strings.Cut(b.Quiet.s, "-")
	var begins, ends bool
	a.Quiet.From, begins = timeOfDay(strings.TrimSpace(from))
	a.Quiet.To, ends = timeOfDay(strings.TrimSpace(to))
	if !begins || !ends || a.Quiet.From == a.Quiet.To {
		faults.Add(b.Quiet.at, "like 22:00-07:00", "quiet cannot be %q", b.Quiet.s)
	}
}

// timeOfDay reads a time such as "8:00" and returns the duration since midnight.
func timeOfDay(s string) (time.Duration, bool) {
	t, err := time.Parse("15:04", s)
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, err == nil
}

// delegates checks on whose behalf agents may answer.
func (f *peopleFile) delegates(d *tickets.Directory, faults *fault.List) {
	names := make([]string, len(d.Agents))
	for i := range d.Agents {
		names[i] = d.Agents[i].Name
	}
	for i := range f.Agents.list {
		for _, w := range f.Agents.list[i].value.For.list {
			switch {
			case strings.EqualFold(w.s, f.Agents.list[i].name.s):
				faults.Add(w.at, "name somebody else, or leave it out", "%q cannot stand in for themselves", w.s)
			case !slices.Contains(names, w.s):
				faults.Add(w.at, fault.Hint(w.s, names), "there is no agent %q", w.s)
			}
		}
	}
}

// trainees checks that each trainee has a lead who checks their answers.
func (f *peopleFile) trainees(d *tickets.Directory, faults *fault.List) {
	for i := range f.Agents.list {
		name := f.Agents.list[i].name
		if a := d.Agent(name.s); a != nil && d.Trainee(a) && d.Checker(a) == nil {
			faults.Add(name.at, "give one of their teams a lead: lead: [TEAM]",
				"nobody checks what %q writes, who may only draft", name.s)
		}
	}
}

// assigning checks how teams assign their tickets to agents.
func (f *peopleFile) assigning(d *tickets.Directory, faults, warnings *fault.List) {
	gives := func(a *tickets.Agent, ways ...string) bool {
		return slices.ContainsFunc(a.Teams, func(name string) bool {
			team := d.Team(name)
			return team != nil && slices.Contains(ways, team.Assign)
		})
	}
	for i := range f.Teams.list {
		assign, members := f.Teams.list[i].value.Assign, d.Members(f.Teams.list[i].name.s)
		skilled := slices.ContainsFunc(members, func(a *tickets.Agent) bool { return len(a.Skills) > 0 })
		switch {
		case !assign.given() || assign.s == "none":
		case len(members) == 0:
			faults.Add(assign.at, "put agents into the team, or leave it out",
				"no agent is in the team %q who could be given a ticket", f.Teams.list[i].name.s)
		case assign.s == tickets.AssignSkill && !skilled:
			faults.Add(assign.at, "give its agents skills, or say "+tickets.AssignLeast,
				"no agent of the team %q has a skill", f.Teams.list[i].name.s)
		}
	}
	for i := range f.Agents.list {
		name, b := f.Agents.list[i].name, &f.Agents.list[i].value
		a := d.Agent(name.s)
		for _, w := range b.Skills.list {
			if !tagPattern(w.s) {
				faults.Add(w.at, "one word, like printers: a skill is a tag", "%q cannot be a skill", w.s)
			}
		}
		if len(b.Skills.list) > 0 && !gives(a, tickets.AssignSkill) {
			warnings.Add(b.Skills.at, "say assign: by-skill in one of them",
				"the skills of %q have no effect: none of their teams chooses by skill", name.s)
		}
		switch {
		case b.Limit.given() && b.Limit.n < 1:
			faults.Add(b.Limit.at, "at least 1; who is to be given none is in no team that gives tickets",
				"the limit of %q cannot be %d", name.s, b.Limit.n)
		case b.Limit.given() && !gives(a, tickets.AssignTurns, tickets.AssignLeast, tickets.AssignSkill):
			warnings.Add(b.Limit.at, "say assign: round-robin in one of them",
				"the limit of %q has no effect: none of their teams gives tickets to its agents", name.s)
		}
	}
}

func knownRights(rights words, faults *fault.List) {
	for _, w := range rights.list {
		if !slices.Contains(agentRights, w.s) {
			faults.Add(w.at, fault.Hint(w.s, agentRights), "there is no right %q", w.s)
		}
	}
}

func (f *peopleFile) organisations(addresses *addressBook, faults *fault.List) []tickets.Organisation {
	var out []tickets.Organisation
	domains := map[string]fault.Place{}
	for i := range f.Organisations.list {
		name, b := f.Organisations.list[i].name, &f.Organisations.list[i].value
		o := tickets.Organisation{Name: name.s, Domains: b.Domains.strings(), Plan: b.Plan.s, VIP: b.VIP.on, Fields: map[string]string{}}
		for _, w := range b.Domains.list {
			folded := strings.ToLower(w.s)
			first, twice := domains[folded]
			switch {
			case !isDomain(w.s):
				faults.Add(w.at, "like gold.example", "%q is not a domain", w.s)
			case twice:
				faults.Add(w.at, "the first stands in line "+itoa(first.Line), "the domain %q belongs to an organisation already", w.s)
			default:
				domains[folded] = w.at
			}
		}
		for _, a := range b.Addresses {
			addresses.add(a, "organisation", name.s, faults)
			o.Addresses = append(o.Addresses, a.s)
		}
		for _, e := range b.Fields.list {
			o.Fields[e.name.s] = e.value.s
		}
		if b.Keys["domains"].Line == 0 && b.Keys["addresses"].Line == 0 {
			faults.Add(b.At, "give domains or addresses", "nobody belongs to the organisation %q", name.s)
		}
		out = append(out, o)
	}
	return out
}

// addressBook finds addresses that are used twice.
type addressBook struct {
	inbox map[string]string // address -> inbox
	owner map[string]owned
}

type owned struct {
	what, name string
	at         fault.Place
}

func newAddressBook(inboxes []Inbox) *addressBook {
	return &addressBook{inbox: inboxOf(inboxes), owner: map[string]owned{}}
}

// inboxOf returns the names of the inboxes by folded address.
func inboxOf(inboxes []Inbox) map[string]string {
	out := map[string]string{}
	for _, in := range inboxes {
		for _, a := range append([]string{in.Address}, in.Aliases...) {
			out[mailin.Fold(a)] = in.Name
		}
	}
	return out
}

func (b *addressBook) add(a address, what, name string, faults *fault.List) {
	if !a.given() {
		return
	}
	folded := mailin.Fold(a.s)
	if in, ok := b.inbox[folded]; ok {
		faults.Add(a.at, "the person's own address: the desk would write to itself", "%q is the address of the inbox %q", a.s, in)
		return
	}
	if o, ok := b.owner[folded]; ok {
		faults.Add(a.at, "it stands in line "+itoa(o.at.Line), "the address %q belongs to the %s %q already", a.s, o.what, o.name)
		return
	}
	b.owner[folded] = owned{what, name, a.at}
}

// regexpFault returns the message of package regexp without its prefix.
func regexpFault(err error) string { return strings.TrimPrefix(err.Error(), "error parsing regexp: ") }
