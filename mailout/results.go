package mailout

import (
	"time"

	"tierdesk/mailin"
)

// Silence is a period in which mails were tried and none was sent.
type Silence struct {
	Since      time.Time // the first failure since a mail left; zero for none
	Recipients int       // whose mail was tried since
	Waiting    bool      // some of it is tried again
	Reason     string    // what was said last
}

// The longest harmless silence, and the least number of refused recipients for a grave one: one or
// two may be addresses that do not exist.
const (
	SilentFor     = 15 * time.Minute
	silentRefused = 3
)

// Grave reports whether the silence has lasted too long to be caused by the recipients. A silence
// that began while the clock was ahead may have lasted for any time.
func (s Silence) Grave(now time.Time) bool {
	lasted := now.Sub(s.Since)
	return !s.Since.IsZero() && (lasted >= SilentFor || lasted < -aheadHarmless) && (s.Waiting || s.Recipients >= silentRefused)
}

// aheadHarmless is how far in the future a time may lie merely because clocks differ.
const aheadHarmless = 2 * time.Hour

// SilenceOf derives the silence since the last mail was sent from rows, newest first. A mail that
// was sent while the clock was ahead does not tell when that was.
func SilenceOf(rows []Row, now time.Time) Silence {
	var left time.Time
	for _, r := range rows {
		if r.Sent.After(left) && !r.Sent.After(now.Add(aheadHarmless)) {
			left = r.Sent
		}
	}
	var s Silence
	recipients := map[string]bool{}
	for _, r := range rows {
		if r.State != Waiting && r.State != Failed || !r.FirstFailed.After(left) || r.FirstFailed.IsZero() {
			continue
		}
		if s.Since.IsZero() {
			s.Reason = r.Error
		}
		if s.Since.IsZero() || r.FirstFailed.Before(s.Since) {
			s.Since = r.FirstFailed
		}
		s.Waiting = s.Waiting || r.State == Waiting
		recipients[mailin.Mailbox(r.Mail.Recipient)] = true
	}
	s.Recipients = len(recipients)
	return s
}
