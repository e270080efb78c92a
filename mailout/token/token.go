// Package token makes and reads the keyed parts of what the desk sends: reply addresses and Message-IDs. It owns their form
// and their signature; it must never know what they open: who may do what is decided where a ticket is.
package token

import (
	"tierdesk/mailout"
)

// Ref is what a reply address says: to which ticket it belongs, to which party it was given, and in which copy of a mail (the notice).
type Ref struct {
	Ticket int64
	Party  mailout.Party
	Notice int64
}
