package arrival

import (
	"testing"

	"tierdesk/mailin"
	"tierdesk/tickets"
)

// Of many mails that look alike the newest few are read, and not more octets than a transaction can
// afford; those that differ in what their row says are not read at all.
func TestFewCandidatesAreRead(t *testing.T) {
	m := &Mail{Raw: mailin.Raw{Inbox: "support"}, Message: &mailin.Message{MessageID: "scan@device.example", Subject: "[Copier] Scan",
		From: []mailin.Address{{Address: "copier@acme.example"}}}}
	row := func(id, subject string, size int64) tickets.Arrival {
		return tickets.Arrival{MessageID: id, Sender: m.From(), Inbox: "support", Subject: subject, Size: size}
	}
	var alike, large, other []tickets.Arrival
	for range 300 {
		alike = append(alike, row("scan@device.example", "Scan", 1000))
		large = append(large, row("scan@device.example", "Scan", 4<<20))
		other = append(other, row("scan@device.example", "Toner is low", 1000), row("another@device.example", "Scan", 1000))
	}
	for name, c := range map[string]struct {
		rows []tickets.Arrival
		want int
	}{"alike": {alike, 5}, "large": {large, 2}, "too large": {[]tickets.Arrival{row("scan@device.example", "Scan", 11<<20)}, 0}, "other": {other, 0},
		"the one behind others": {append(other, alike[0]), 1}} {
		if got := len(m.candidates(c.rows)); got != c.want {
			t.Errorf("%s: %d mails are read, want %d", name, got, c.want)
		}
	}
}
