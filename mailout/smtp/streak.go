package smtp

import (
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
)

// A refusal that nobody has named may be about one recipient or about us. Where several recipients
// in a row get the same one, and no mail is taken in between, it is about us. Until that shows, a
// refusal is kept for a moment: in a burst nobody is told that a mail has failed which will be
// sent.

const (
	refusedInRow = 3              // recipients
	unknownInRow = 6              // recipients whose mailbox is said not to exist: mostly that is so
	streakEnds   = 24 * time.Hour // without another one
)

// streak is a row of equal refusals.
type streak struct {
	gist, text string
	recipients map[string]bool
	recorded   []int64 // mails that were recorded as refused
	last       time.Time
}

// streaks holds the latest streak of each verdict.
type streaks map[verdict]*streak

// add counts a refusal and reports whether it is about us by now.
func (s streaks) add(v verdict, gist, text, recipient string, now time.Time) (*streak, bool) {
	row := s[v]
	if row == nil || row.gist != gist || now.Sub(row.last) > streakEnds {
		row = &streak{gist: gist, recipients: map[string]bool{}}
		s[v] = row
	}
	row.text, row.last = text, now
	row.recipients[mailin.Fold(recipient)] = true
	if v == unknownBox {
		return row, len(row.recipients) >= unknownInRow
	}
	return row, len(row.recipients) >= refusedInRow
}

// recorded remembers that a mail was recorded as refused.
func (s streaks) recorded(v verdict, gist string, id int64) {
	if row := s[v]; row != nil && row.gist == gist {
		row.recorded = append(row.recorded, id)
	}
}

// kept is a refusal that waits for what comes of other mails.
type kept struct {
	result mailout.Result
	gist   string
	until  time.Time
}

// silence is how long no mail has left although some were tried.
type silence struct {
	since      time.Time // the first try, by the database's clock
	recipients map[string]bool
	waiting    bool // one of them at least is tried again
	text       string
}

// maxSilent bounds how many recipients are remembered.
const maxSilent = 100

func (s *silence) tried(recipient, text string, waiting bool, now time.Time) {
	if s.since.IsZero() {
		s.since, s.recipients = now, map[string]bool{}
	}
	if len(s.recipients) < maxSilent {
		s.recipients[mailin.Mailbox(recipient)] = true
	}
	s.text, s.waiting = text, s.waiting || waiting
}

func (s *silence) status() mailout.Silence {
	return mailout.Silence{Since: s.since, Recipients: len(s.recipients), Waiting: s.waiting, Reason: s.text}
}
