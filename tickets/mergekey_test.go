package tickets

import "testing"

func TestMergeKey(t *testing.T) {
	header := func(name string) []string {
		if name == "X-Incident" {
			return []string{" INC  7 "}
		}
		return nil
	}
	for _, c := range []struct{ key, subject, want string }{
		{`subject: (?:PROBLEM|OK): (\S+) is`, "** PROBLEM: mail/Disk is CRITICAL **", "mail/disk"},
		{`subject: (?:PROBLEM|OK): (\S+) is`, "** OK: mail/disk is OK **", "mail/disk"},
		{`subject: host-\d+`, "PROBLEM host-12 down", "host-12"},
		{`subject: host-\d+`, "Hello", ""},
		{"header X-Incident", "Hello", "inc 7"},
		{"header X-Other:", "Hello", ""},
	} {
		k, err := ParseMergeKey(c.key)
		if err != nil {
			t.Errorf("%q: %v", c.key, err)
		} else if got := k.Of(c.subject, header); got != c.want {
			t.Errorf("%q of %q is %q", c.key, c.subject, got)
		}
	}
	for _, wrong := range []string{"", "header ", "header A B", "subject: (", "the subject"} {
		if _, err := ParseMergeKey(wrong); err == nil {
			t.Errorf("%q is accepted", wrong)
		}
	}
}
