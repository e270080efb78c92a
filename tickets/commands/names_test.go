package commands

import "testing"

// Mails call statuses and priorities by the words of their language; whoever types one is told what to type. A desk whose ladder has no such priority has nothing to
// tell.
func TestNamesOfTheMail(t *testing.T) {
	for typed, want := range map[string]string{
		"/status gelöst": "/status solved", "/status in afwachting": "/status pending", "/status en pause": "/status on-hold",
		"/status Résolu.": "/status solved", "/status cerrado": "/status closed", "/status aperto": "/status open",
		"/status neu": "", "/status fertig": "", // a ticket is new only once
		"/priority dringend": "/priority urgent", "/priority Alta": "/priority high", "/priority bassa": "/priority low",
		"/priority laag": "/priority low", "/priority hihg": "/priority high", "/priority egal": "",
	} {
		r := Parse(typed, desk())
		if len(r.Commands) > 0 || len(r.Doubts) != 1 || r.Doubts[0].Nearest != want {
			t.Errorf("%s: %v, want %q", typed, r.Doubts, want)
		}
	}
	o := desk()
	o.Priorities = []string{"VIP", "rest"}
	if r := Parse("/priority dringend", o); len(r.Doubts) != 1 || r.Doubts[0].Nearest != "" {
		t.Errorf("a priority that is not there: %v", r.Doubts)
	}
}
