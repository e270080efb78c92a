package mailout

import (
	"time"

	"tierdesk/mailin"
)

// Silence is how long no mail has left although some were tried.
type Silence struct {
	Since      time.Time // the first failure since a mail left; zero for none
	Recipients int       // whose mail was tried since
	Waiting    bool      // some of it is tried again
	Reason     string    // what was said last
}

// How long no mail may leave although some were tried, and how many recipients must have been
// refused for that: one or two may be addresses that do not exist.
const (
	SilentFor     = 15 * time.Minute
	silentRefused = 3
)

// Grave reports whether the silence has lasted too long to be the recipients' doing. One that began
// by a clock that was ahead may have lasted for any time.
func (s Silence) Grave(now time.Time) bool {
	lasted := now.Sub(s.Since)
	return !s.Since.IsZero() && (lasted >= SilentFor || lasted < -aheadHarmless) && (s.Waiting || s.Recipients >= silentRefused)
}

// aheadHarmless is how far in the future a time may lie since clocks differ.
const aheadHarmless = 2 * time.Hour

// SilenceOf finds out from rows, newest first, what has become of the mail since one left last. One
// that left by a clock that was ahead does not tell when.
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
