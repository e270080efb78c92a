package answers

import (
	"testing"
)

// FuzzRead looks for texts that are no answers and break the reading of them.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"1. X-4711\n2. yes\n3. yesterday\n4. 3\n5. laptop", "Serial\tRestarted\tSince\nX\tyes\t3.3.", "🙂", "…", "5 of 6 or more, none?", "1️⃣ a ② b", "i. a\nii. b\niii. c",
		"> 2. Have you restarted it? (yes)\n> no", "Hi Ann, 1. yes 2. no", "not 3 but four\n-- \nMax", "i. ȺȺȺȺ\nii. İstanbul", "A) Ⱥ\nB) İ", "Since yesterday.  . 3 of us. Yes I have. A laptop.", "corrección: ñ, I mean Ⱥ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, open := range [][]int{{0, 1, 2, 3, 4}, {2}, {0, 3}} {
			Read(&device, open, mailOf(t, "text/plain", body), When{Now: sunday, Language: "en", Sent: asked, Subject: body[:min(len(body), 40)]})
			Read(&faultForm, open, mailOf(t, "text/html", body), When{Now: sunday, Language: "de"})
		}
	})
}
