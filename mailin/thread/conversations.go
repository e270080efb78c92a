package thread

import (
	"strconv"
	"time"

	"tierdesk/mailin"
)

// Conversations groups mails in the order of their arrival by the evidence alone, before it is decided who may join a
// ticket. It keeps everything in memory: for looking at files, not for the desk. Not safe for use by several at once.
type Conversations struct {
	known    map[string]int // Message-ID of a mail that came -> conversation
	unknown  map[string]int // Message-ID that a mail answers and that did not come -> conversation
	exchange map[string]int
	subjects map[string][]int // base subject -> conversations
	all      []conversation
}

type conversation struct {
	people map[string]bool
	last   time.Time
}

// NewConversations gives an empty desk.
func NewConversations() *Conversations {
	return &Conversations{known: map[string]int{}, unknown: map[string]int{}, exchange: map[string]int{}, subjects: map[string][]int{}}
}

// Add takes the next mail and names its conversation.
func (c *Conversations) Add(m *mailin.Message) string {
	e := Keys(m)
	n, ok := c.find(m, e)
	if !ok {
		n = len(c.all)
		c.all = append(c.all, conversation{people: map[string]bool{}})
	}
	c.keep(n, m, e)
	return strconv.Itoa(n + 1)
}

func (c *Conversations) find(m *mailin.Message, e Evidence) (int, bool) {
	if n, ok := c.known[m.MessageID]; ok && m.MessageID != "" {
		return n, true
	}
	for _, id := range e.Answers {
		if n, ok := c.known[id]; ok {
			return n, true
		}
	}
	// An earlier mail answers this one, or both answer a mail that did not come.
	if n, ok := c.unknown[m.MessageID]; ok && m.MessageID != "" {
		return n, true
	}
	for _, id := range e.Answers {
		if n, ok := c.unknown[id]; ok {
			return n, true
		}
	}
	if !e.Reply || e.Subject == "" {
		return 0, false
	}
	if n, ok := c.exchange[e.Exchange]; ok && e.Exchange != "" {
		return n, true
	}
	if len(e.Answers) > 0 {
		return 0, false // it answers something else
	}
	who := mailin.Fold(m.Author().Address)
	list := c.subjects[e.Subject]
	for i := len(list) - 1; i >= 0; i-- {
		v := &c.all[list[i]]
		if v.people[who] && !m.Date.IsZero() && m.Date.Sub(v.last) <= Window {
			return list[i], true
		}
	}
	return 0, false
}

func (c *Conversations) keep(n int, m *mailin.Message, e Evidence) {
	v := &c.all[n]
	if m.MessageID != "" {
		c.known[m.MessageID] = n
		delete(c.unknown, m.MessageID)
	}
	for _, id := range e.Answers {
		if _, ok := c.known[id]; ok {
			continue
		}
		if _, ok := c.unknown[id]; !ok {
			c.unknown[id] = n
		}
	}
	if _, ok := c.exchange[e.Exchange]; !ok && e.Exchange != "" {
		c.exchange[e.Exchange] = n
	}
	list := c.subjects[e.Subject]
	if e.Subject != "" && (len(list) == 0 || list[len(list)-1] != n) {
		c.subjects[e.Subject] = append(list, n)
	}
	v.people[mailin.Fold(m.Author().Address)] = true
	for _, a := range m.To {
		v.people[mailin.Fold(a.Address)] = true
	}
	for _, a := range m.Cc {
		v.people[mailin.Fold(a.Address)] = true
	}
	if m.Date.After(v.last) {
		v.last = m.Date
	}
}
