package templates

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden renders each built-in mail in each of its languages from full and from few facts and compares text and HTML, so that
// every change of a mail is seen and looked at.
func TestGolden(t *testing.T) {
	s := load(t)
	seen := map[string]bool{}
	for _, name := range s.Names() {
		for _, lang := range s.Languages(name) {
			for _, sample := range Samples(Name(name)) {
				if sample.What == "no facts" {
					continue
				}
				f := *sample.Facts
				if Name(name) == Answer && f.Body != "" {
					f.Body, f.Agent = answerText, Person{Name: "Bob Miller", Address: "bob@desk.example"}
				}
				m, err := s.Render(Name(name), lang, &f)
				if err != nil || m.Fault != nil {
					t.Fatal(name, lang, err, m.Fault)
				}
				base := name + "." + lang
				switch sample.What {
				case "few facts":
					base += ".few"
				case "a missed clock and no history":
					base += ".missed"
				}
				golden(t, base+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
				golden(t, base+".html", m.HTML)
				seen[base+".txt"], seen[base+".html"] = true, true
				if Name(name) == AdminAlarm && f.Count > 0 { // a participle agrees with one mail otherwise than with many
					f.Count = 1
					if m, err = s.Render(AdminAlarm, lang, &f); err != nil || m.Fault != nil {
						t.Fatal(lang, err, m.Fault)
					}
					golden(t, base+".one.txt", "Subject: "+m.Subject+"\n\n"+m.Text)
					seen[base+".one.txt"] = true
				}
			}
		}
	}
	files, err := filepath.Glob("testdata/golden/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !seen[filepath.Base(f)] {
			t.Errorf("%s belongs to no mail", f)
		}
	}
}

// answerText is what an agent may type.
const answerText Block = `Hello Jane,

the switch in room 2.01 had lost its uplink. It is plugged in again, and the
printer answers. Please do this once:

1. Switch the printer off and on.
2. Wait until it shows "ready".
   That takes about a minute.
3. Print the test page.

> We have to print the invoices today.

That will work. Two things for later:

- the driver is at https://help.desk.example/printer (new version)
- <b>toner</b> is low & *ordered*

Kind regards
Bob`

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update writes it anew):\n%s", name, diff)
	}
}

func load(t testing.TB, files ...File) *Set {
	t.Helper()
	s, faults := Load(files)
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	return s
}
