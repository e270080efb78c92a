package kb

import (
	"testing"

	"tierdesk/mailin"
)

func TestSays(t *testing.T) {
	for _, c := range []struct {
		text string
		want meaning
	}{
		{"That solved it", solved},
		{"Hello Ann,\n\nthat solved it, thank you very much!\n\nBest regards\nMax Muster\nCustomer Ltd", solved},
		{"Das hat es gelöst. Vielen Dank!", solved},
		{"C’est réglé, merci beaucoup.", solved},
		{"It works now. Max", solved},
		{"I need a person.", person},
		{"Guten Tag,\n\ndas hat leider nicht geholfen. Ich möchte mit einem Menschen sprechen.\n\nViele Grüße\nMax Muster", person},
		{"what is the state of my tickets?", status},
		// Whatever says more is a mail like any other.
		{"That solved it?", nothing},
		{"That solved it, but the second printer is down.", nothing},
		{"That solved it. I need a person.", nothing},
		{"Nothing solved it.", nothing},
		{"Ich brauche einen Menschen, der mir die Lampe aufhängt.", nothing},
		{"The person before me said: that solved it", nothing},
		{"That solved it\n\nBest regards\nMax Muster\nOr did it? Please call me!", nothing},
		{"Thank you!", nothing},
		{"", nothing},
	} {
		m := &mailin.Message{From: []mailin.Address{{Name: "Max Muster", Address: "max@customer.example"}}, Reply: c.text}
		if got := says(m); got != c.want {
			t.Errorf("%q says %q, not %q", c.text, got, c.want)
		}
	}
	m := &mailin.Message{Reply: "That solved it", Attachments: []mailin.Attachment{{Name: "screen.png"}}}
	if got := says(m); got != nothing {
		t.Errorf("with a file it says %q", got)
	}
}

// In no language does what means one thing mean another.
func TestWordsAgree(t *testing.T) {
	count := map[meaning]int{}
	for phrase, m := range known.phrases {
		if m != solved && m != person && m != status {
			t.Errorf("%q means %q", phrase, m)
		}
		if known.polite[phrase] || known.greeting[phrase] {
			t.Errorf("%q means %q and is politeness", phrase, m)
		}
		count[m]++
	}
	if count[solved] < 150 || count[person] < 100 || count[status] < 60 {
		t.Errorf("phrases are missing: %v", count)
	}
}
