package answers

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// However long a letter is, the decision for which all other mail waits is soon made; up to a length that no filled form
// reaches it is read.
func TestLongLettersAreNotRead(t *testing.T) {
	used := func() time.Duration { // processor time: a busy machine does not lengthen it
		var r syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
			t.Fatal(err)
		}
		return time.Duration(r.Utime.Nano() + r.Stime.Nano())
	}
	const answer = "2. yes\n\n"
	for name, line := range map[string]string{"labels": "Serial: x, Since: y\n", "prose": "The belt slips and nobody knows why. ", "addresses": "a@b ", "quoted": "> 2. Have you restarted it?\n"} {
		before, long := used(), 20_000
		if name == "quoted" { // more of that is read
			long = 60_000
		}
		for n, want := range map[int]bool{1000: true, long: false} {
			got := Read(&device, []int{1}, mailOf(t, "text/plain", answer+strings.Repeat(line, n/len(line))), When{Now: sunday, Language: "en", Sent: asked})
			if read := got.Values["restarted"] == "yes" || len(got.Unclear) > 0; read != want {
				t.Errorf("%s: of %d octets read is %v: %+v", name, n, read, got)
			}
		}
		if took := used() - before; took > 5*time.Second {
			t.Errorf("%s: it took %s", name, took)
		}
	}
}
