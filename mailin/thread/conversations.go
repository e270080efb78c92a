package thread

import (
	"slices"
	"strconv"
	"time"

	"tierdesk/mailin"
)

// Conversations groups mails by evidence alone, without deciding who may join a ticket. Unlike the
// desk it merges two conversations when a later mail proves that they are one. It keeps everything
// in memory, and is meant for inspecting files. It is not safe for concurrent use.
type Conversations struct {
	mails    []int // conversation of each mail, in the order of Add
	parent   []int // a merged conversation points to the one it was merged into
	state    []conversation
	owners   map[string]owner // Message-ID of a mail -> who wrote it
	ids      map[string]int   // Message-ID of a mail -> conversation
	shared   map[string][]int // Message-ID that mails answer -> their conversations
	awaited  map[string]int   // ID that a mail answers but that cannot identify an unknown mail -> conversation
	exchange map[string]int
	subjects map[string][]int // base subject -> conversations
}

// owner distinguishes mails with the same Message-ID: some devices use one for everything they
// send.
type owner struct{ author, subject string }

type conversation struct {
	people map[string]bool
	last   time.Time
}

// NewConversations returns an empty set of conversations.
func NewConversations() *Conversations {
	return &Conversations{owners: map[string]owner{}, ids: map[string]int{}, shared: map[string][]int{},
		awaited: map[string]int{}, exchange: map[string]int{}, subjects: map[string][]int{}}
}

// Add adds the next mail in order of arrival.
func (c *Conversations) Add(m *mailin.Message) {
	p := PointersOf(m)
	found := c.find(m, p)
	if len(found) == 0 {
		found = []int{len(c.parent)}
		c.parent = append(c.parent, len(c.parent))
		c.state = append(c.state, conversation{people: map[string]bool{}})
	}
	n := c.join(found)
	c.keep(n, m, p)
	c.mails = append(c.mails, n)
}

// Names returns the conversation of each mail, in the order of Add; mails of one conversation have
// the same name.
func (c *Conversations) Names() []string {
	out := make([]string, len(c.mails))
	for i, n := range c.mails {
		out[i] = strconv.Itoa(c.root(n) + 1)
	}
	return out
}

func (c *Conversations) root(n int) int {
	for c.parent[n] != n {
		c.parent[n] = c.parent[c.parent[n]]
		n = c.parent[n]
	}
	return n
}

// join merges several conversations into the oldest of them.
func (c *Conversations) join(found []int) int {
	oldest := c.root(found[0])
	for _, n := range found[1:] {
		oldest = min(oldest, c.root(n))
	}
	into := &c.state[oldest]
	for _, n := range found {
		r := c.root(n)
		if r == oldest {
			continue
		}
		c.parent[r] = oldest
		for p := range c.state[r].people {
			into.people[p] = true
		}
		if c.state[r].last.After(into.last) {
			into.last = c.state[r].last
		}
	}
	return oldest
}

// find returns the conversations that a mail belongs to: by Message-ID, all that it answers or that
// answer it; failing that, at most one by weaker evidence.
func (c *Conversations) find(m *mailin.Message, p Pointers) []int {
	var found []int
	own := m.MessageID
	if o, ok := c.owners[own]; ok && o.author != mailin.Fold(m.Author().Address) && o.subject != p.Subject {
		own = "" // another mail with the same Message-ID, not a copy
	}
	for i, id := range append([]string{own}, p.Answers...) {
		if id == "" {
			continue
		}
		n, ok := c.ids[id]
		switch {
		case ok:
			found = append(found, n)
		case i == 0: // it is what they answer
			found = append(found, c.shared[id]...)
		default:
			found = append(found, c.sharing(id, p)...)
		}
	}
	if n, ok := c.awaited[own]; ok && own != "" {
		found = append(found, n)
	}
	if len(found) > 0 || !p.Reply || p.Subject == "" {
		return found
	}
	if n, ok := c.exchange[p.Exchange]; ok && p.Exchange != "" {
		return []int{n}
	}
	if len(p.Answers) > 0 {
		return nil // it answers something else
	}
	who := mailin.Fold(m.Author().Address)
	list := c.subjects[p.Subject]
	for i := len(list) - 1; i >= 0; i-- {
		n := c.root(list[i])
		if v := &c.state[n]; v.people[who] && !m.Date.IsZero() && m.Date.Sub(v.last) <= Window {
			return []int{n}
		}
	}
	return nil
}

// sharing returns the conversation that a mail continues among those that answer the same missing
// mail, preferring one with the mail's own subject.
func (c *Conversations) sharing(id string, p Pointers) []int {
	for _, n := range c.shared[id] {
		if slices.ContainsFunc(c.subjects[p.Subject], func(m int) bool { return c.root(m) == c.root(n) }) {
			return []int{n}
		}
	}
	if list := c.shared[id]; len(list) > 0 && p.GoesOn() {
		return list[:1]
	}
	return nil
}

func (c *Conversations) keep(n int, m *mailin.Message, p Pointers) {
	v := &c.state[n]
	if _, ok := c.owners[m.MessageID]; !ok {
		c.owners[m.MessageID] = owner{mailin.Fold(m.Author().Address), p.Subject}
	}
	for i, id := range append([]string{m.MessageID}, p.Answers...) {
		known := c.ids
		if i > 0 && MayStandFor(id) {
			if !slices.ContainsFunc(c.shared[id], func(other int) bool { return c.root(other) == n }) {
				c.shared[id] = append(c.shared[id], n)
			}
			continue
		}
		if i > 0 {
			known = c.awaited
		}
		if _, ok := known[id]; !ok && id != "" {
			known[id] = n
		}
	}
	if _, ok := c.exchange[p.Exchange]; !ok && p.Exchange != "" {
		c.exchange[p.Exchange] = n
	}
	list := c.subjects[p.Subject]
	if p.Subject != "" && (len(list) == 0 || c.root(list[len(list)-1]) != n) {
		c.subjects[p.Subject] = append(list, n)
	}
	v.people[mailin.Fold(m.Author().Address)] = true
	for _, list := range [][]mailin.Address{m.To, m.Cc} {
		for _, a := range list {
			v.people[mailin.Fold(a.Address)] = true
		}
	}
	if m.Date.After(v.last) {
		v.last = m.Date
	}
}
