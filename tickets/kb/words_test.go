package kb

import (
	"testing"

	"tierdesk/mailin"
	"tierdesk/templates"
	"tierdesk/tickets/phrase"
)

// What the button of a review writes, and the mail asks for, is understood in each of its languages.
func TestStillRightAsTheMailSaysIt(t *testing.T) {
	book, faults := phrase.Load(nil, "")
	if faults.Err() != nil {
		t.Fatal(faults)
	}
	for _, lang := range []string{"en", "de", "es", "fr", "it", "nl"} {
		text := book.Text(phrase.Say("It is still right"), lang)
		if what, understood := said(text+".", nil); what != right || !understood {
			t.Errorf("%q means %q, %t", text, what, understood)
		}
	}
}

func TestSays(t *testing.T) {
	for _, c := range []struct {
		text       string
		want       meaning
		understood bool
	}{
		{"That solved it", solved, true},
		{"Hello Ann,\n\nthat solved it, thank you very much!\n\nBest regards\nMax Muster\nCustomer Ltd", solved, true},
		{"Das hat es gelöst. Vielen Dank!", solved, true},
		{"C’est réglé, merci beaucoup.", solved, true},
		{"It works now. Max", solved, true},
		// As people type who leave out accents.
		{"Ya esta resuelto, gracias", solved, true},
		{"Damit ist es geloest, schoene Gruesse", solved, true},
		{"Probleme resolu, merci", solved, true},
		{"Je voudrais parler a quelqu'un", person, true},
		{"I need a person.", person, true},
		{"Guten Tag,\n\ndas hat leider nicht geholfen. Ich möchte mit einem Menschen sprechen.\n\nViele Grüße\nMax Muster", person, true},
		{"what is the state of my tickets?", status, true},
		// Whatever says more is a mail like any other.
		{"That solved it?", nothing, false},
		{"That solved it, but the second printer is down.", nothing, false},
		{"That solved it. I need a person.", nothing, false},
		{"Nothing solved it.", nothing, false},
		{"Ich brauche einen Menschen, der mir die Lampe aufhängt.", nothing, false},
		{"The person before me said: that solved it", nothing, false},
		{"That solved it\n\nBest regards\nMax Muster\nOr did it? Please call me!", nothing, false},
		{"Thank you!", nothing, true},
		{"", nothing, true},
	} {
		m := &mailin.Message{From: []mailin.Address{{Name: "Max Muster", Address: "max@customer.example"}}, Reply: c.text}
		if got, understood := says(m); got != c.want || understood != c.understood {
			t.Errorf("%q says %q, not %q; understood: %v", c.text, got, c.want, understood)
		}
	}
	m := &mailin.Message{Reply: "That solved it", Attachments: []mailin.Attachment{{Name: "screen.png"}}}
	if got, understood := says(m); got != nothing || understood {
		t.Errorf("with a file it says %q; understood: %v", got, understood)
	}
}

// In no language does what means one thing mean another.
func TestWordsAgree(t *testing.T) {
	count := map[meaning]int{}
	for phrase, m := range known().phrases {
		if m != solved && m != person && m != status && m != right {
			t.Errorf("%q means %q", phrase, m)
		}
		if known().polite[phrase] || known().greeting[phrase] {
			t.Errorf("%q means %q and is politeness", phrase, m)
		}
		count[m]++
	}
	if count[solved] < 150 || count[person] < 100 || count[status] < 60 || count[right] < 60 {
		t.Errorf("phrases are missing: %v", count)
	}
}

// What the links of an acknowledgement say means the same when it is typed.
func TestLabelsAreUnderstood(t *testing.T) {
	for _, language := range []string{"en", "de", "fr", "es", "it", "nl"} {
		for i, want := range []meaning{solved, person} {
			yes, no := templates.Labels(language)
			label := []string{yes, no}[i]
			if got, understood := said(label, nil); got != want || !understood {
				t.Errorf("%s: %q says %q; understood: %v", language, label, got, understood)
			}
		}
	}
}
