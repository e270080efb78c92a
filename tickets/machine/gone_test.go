package machine

import "testing"

// A note that comes once more says nothing new; a letter that begins with the same words does.
func TestWhatSaysTheSame(t *testing.T) {
	const note = "I no longer work at Gold. Please write to office@gold.example."
	for _, c := range []struct {
		second string
		same   bool
	}{
		{note, true},
		{"I no longer work at GOLD — please write to office@gold.example.\n\nJane", true},
		{"I no longer work at Gold. Write to office@gold.example.", true},
		{note + " My laptop is with you.", false},
		{note + " Where's it?", false},
		{"I no longer work.", false},
		{"", false},
	} {
		if got := saysTheSame(note, c.second); got != c.same {
			t.Errorf("%q says the same: %v", c.second, got)
		}
	}
}
