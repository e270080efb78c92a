package mailout

import (
	"testing"
	"time"
)

// What has become of mail tells whether any gets out: one or two dead addresses do not, nor what
// failed before mail left.
func TestSilenceOf(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	ago := func(minutes int) time.Time { return now.Add(-time.Duration(minutes) * time.Minute) }
	failed := func(to string, minutes int) Row {
		return Row{Mail: Mail{Recipient: to}, State: Failed, FirstFailed: ago(minutes), Error: "550 no"}
	}
	waits := func(to string, minutes int) Row {
		return Row{Mail: Mail{Recipient: to}, State: Waiting, FirstFailed: ago(minutes), Error: "451 later"}
	}
	sent := func(minutes int) Row { return Row{State: Sent, Sent: ago(minutes)} }
	for name, c := range map[string]struct {
		rows  []Row
		grave bool
	}{
		"nothing":                        {nil, false},
		"all is sent":                    {[]Row{sent(3), sent(5)}, false},
		"three refused":                  {[]Row{failed("c@x.example", 5), failed("b@x.example", 8), failed("a@x.example", 20), sent(60)}, true},
		"three refused, just now":        {[]Row{failed("c@x.example", 1), failed("b@x.example", 2), failed("a@x.example", 3), sent(60)}, false},
		"two refused":                    {[]Row{failed("b@x.example", 8), failed("a@x.example", 20), sent(60)}, false},
		"one recipient refused":          {[]Row{failed("a@x.example", 5), failed("a+1@x.example", 8), failed("A@x.example", 20)}, false},
		"three refused, then one leaves": {[]Row{sent(1), failed("c@x.example", 5), failed("b@x.example", 8), failed("a@x.example", 20)}, false},
		"one waits":                      {[]Row{waits("a@x.example", 20), sent(60)}, true},
		"one waits, and others leave":    {[]Row{sent(2), waits("a@x.example", 20), sent(60)}, false},
		"queued, not tried":              {[]Row{{State: Waiting}, {State: Waiting}, {State: Waiting}}, false},
		"others left in a year":          {[]Row{sent(-365 * 24 * 60), waits("a@x.example", 20)}, true},
		"one waits since in a year":      {[]Row{waits("a@x.example", -365*24*60)}, true},
		"held":                           {[]Row{{State: HeldOut, FirstFailed: ago(30)}}, false},
	} {
		if s := SilenceOf(c.rows, now); s.Grave(now) != c.grave {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if s := SilenceOf([]Row{failed("c@x.example", 5), waits("a@x.example", 20)}, now); !s.Since.Equal(ago(20)) || s.Recipients != 2 || s.Reason != "550 no" {
		t.Errorf("%+v", s)
	}
}
