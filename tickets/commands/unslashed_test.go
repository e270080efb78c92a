package commands

import (
	"testing"
)

// A first line that is a command but for its slash is asked about, and may be sent as it is; an answer that only begins with such a word goes out.
func TestACommandWithoutItsSlash(t *testing.T) {
	for text, want := range map[string]string{
		"close":                           "/close",
		"Close.":                          "/close",
		"take\nWill do, Jane.":            "/take",
		"\n> quoted\n**take**\n\nI do.":   "/take",
		"übernehmen\nIch schaue nach.":    "/take",
		"Schliessen":                      "/close",
		"assign bob\nplease look":         "/assign bob",
		"priority high":                   "/priority high",
		"merge 1041":                      "/merge 1041",
		"cc +boss@x.example\nHello both":  "/cc +boss@x.example",
		"/priority high\ntake\nHello Jim": "/take",
		"send":                            "/send",
		// answers
		"Close the lid.":               "",
		"Take the second door.":        "",
		"Time is short.":               "",
		"Team viewer is not needed.":   "",
		"Status is green again.":       "",
		"Hello Jim,\n\nclose":          "",
		"Restart it.\ntake\nand close": "",
		"Tier prices are attached.":    "",
		"/note\nclose":                 "",
		"@fwd\nclose":                  "",
	} {
		r := Parse(text, desk())
		got := ""
		for _, d := range r.Doubts {
			if d.Reason == NoSlash {
				got = d.Nearest
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q (%v)", text, got, want, r.Doubts)
		}
		if want != "" && r.OnSend() != SendsText {
			t.Errorf("%q: on /send %s", text, r.OnSend())
		}
	}
}

// What was meant is named where it can be told: a field without its sign, a day as Europe writes it.
func TestWhatWasMeant(t *testing.T) {
	for text, want := range map[string]string{"/field serial 4711": "/field serial=4711",
		"/field Serial = 4711": "/field serial=4711", "/field serial: 4711": "/field serial=4711", "/field the room is 12": "",
		"/snooze friday 9": "/snooze friday 9:00", "/due nächsten Freitag": "/due friday"} {
		r := Parse(text, desk())
		if len(r.Doubts) != 1 || r.Doubts[0].Nearest != want {
			t.Errorf("%s: %v, not %q", text, r.Doubts, want)
		}
	}
	for _, text := range []string{"/due 30.11.", "/snooze 30.11.2026."} {
		r := Parse(text, desk())
		if len(r.Commands) != 1 || r.Commands[0].Args.When.At.Format("02.01. 15:04") != "30.11. 09:00" {
			t.Errorf("%s: %v %v", text, r.Commands, r.Doubts)
		}
	}
}

// A command that is called what it is called in the agent's language names the right one, and every word of that list is a command's alone.
func TestCommandsInOtherLanguages(t *testing.T) {
	for text, want := range map[string]string{"/übernehmen": "/take", "/Schließen": "/close", "/fermer": "/close", "/priorität hoch": "/priority"} {
		r := Parse(text, desk())
		if len(r.Doubts) != 1 || r.Doubts[0].Nearest != want {
			t.Errorf("%s: %v", text, r.Doubts)
		}
	}
	for word, name := range verbs() {
		if _, found := Lookup(name); !found {
			t.Errorf("%s: there is no command %s", word, name)
		}
		if _, found := Lookup(Name(word)); found {
			t.Errorf("%s is a command itself", word)
		}
	}
}
