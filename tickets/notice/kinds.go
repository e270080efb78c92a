package notice

import "tierdesk/templates"

// traits are what distinguishes one kind of notice to an agent from another, besides its words.
type traits struct {
	// weight orders notices: of several in one decision an agent gets only the weightiest.
	weight int
	// apart means that it was requested, or is independent of whatever else happened: it is sent
	// besides the weightiest.
	apart bool
	// news means that it reports events in tickets, so that an agent may want it later or not at
	// all. Other notices answer an agent's own mail, or are about a deadline. Shadows get copies of
	// news.
	news bool
	// shadowed means that shadows get a copy though it is not news.
	shadowed bool
	// history means that it shows the earlier conversation: the handover digest.
	history bool
	// importance is the Importance of its mail, "" for the usual one.
	importance string
	voice      voice
}

// voice is in whose name a notice comes.
type voice int

const (
	ofAuthor voice = iota // whoever wrote what it brings
	ofAgent               // the agent who caused it; the desk, if none did
	ofDesk                // the desk, for its own news
)

// Importance of mails.
const (
	high = "high" // a deadline is missed or close
	low  = "low"  // a mere confirmation
)

// kinds are the kinds of notices to agents that a decision on a ticket may request. The mails that
// tell an agent of no ticket or of many (a digest, a list, a rota) are made elsewhere.
var kinds = map[templates.Name]traits{
	templates.Held:        {weight: 90, voice: ofDesk},
	templates.Confirm:     {weight: 90, voice: ofDesk},
	templates.Draft:       {weight: 88},
	templates.Help:        {weight: 85, voice: ofDesk, importance: low},
	templates.Receipt:     {weight: 80, voice: ofDesk, importance: low},
	templates.Escalation:  {weight: 70, shadowed: true, history: true, importance: high},
	templates.Assigned:    {weight: 60, news: true, history: true},
	templates.AgentNew:    {weight: 50, news: true},
	templates.SideReply:   {weight: 45, shadowed: true},
	templates.Reopened:    {weight: 40, news: true, history: true},
	templates.AgentReply:  {weight: 30, news: true},
	templates.Bounced:     {weight: 25, voice: ofDesk},
	templates.HasLeft:     {weight: 25, voice: ofDesk, news: true},
	templates.Missed:      {weight: 20, voice: ofDesk, shadowed: true, history: true, importance: high},
	templates.Warning:     {weight: 15, voice: ofDesk, shadowed: true, history: true, importance: high},
	templates.AgentNote:   {weight: 10, voice: ofAgent, news: true},
	templates.ProblemNews: {apart: true, voice: ofAgent},
	templates.Shown:       {apart: true},
}
