package smtp

import (
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
)

// An unexplained refusal may be about one recipient or about us. If several recipients in a row get
// the same refusal and no mail is accepted in between, it is about us. Until that is known, a
// refusal is withheld for a moment, so that in a burst no mail is reported as failed that will be
// sent later.

const (
	refusedInRow = 3              // recipients
	unknownInRow = 6              // recipients whose mailbox is said not to exist, which is mostly true
	streakEnds   = 24 * time.Hour // without another one
)

// streak is a run of equal refusals.
type streak struct {
	gist, text string
	recipients map[string]bool
	recorded   []int64 // mails that were recorded as refused
	last       time.Time
}

// streaks holds the latest streak of each verdict.
type streaks map[verdict]*streak

// add counts a refusal and reports whether the streak is now long enough to be about us.
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

// recorded notes that a mail was recorded as refused.
func (s streaks) recorded(v verdict, gist string, id int64) {
	if row := s[v]; row != nil && row.gist == gist {
		row.recorded = append(row.recorded, id)
	}
}

// kept is a refusal that is withheld until the results of other mails are known.
type kept struct {
	result mailout.Result
	gist   string
	until  time.Time
}

// silence is a period in which mails were tried and none was sent.
type silence struct {
	since      time.Time // the first try, by the database's clock
	recipients map[string]bool
	waiting    bool // at least one of them is tried again
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
