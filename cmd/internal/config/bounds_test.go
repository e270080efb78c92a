package config

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"tierdesk/rules/fault"
)

// loadedWithin loads a folder and returns its faults. It fails if that takes much of the processor or of memory.
func loadedWithin(t *testing.T, dir string) fault.List {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := cpu(t)
	_, err := Load(t.Context(), dir)
	took := cpu(t) - start
	runtime.ReadMemStats(&after)
	if made := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 20*time.Second || made > 2000 {
		t.Errorf("it took %s and %d MB", took, made)
	} else {
		t.Logf("it took %s and %d MB", took, made)
	}
	var list fault.List
	if err != nil && !errors.As(err, &list) {
		t.Fatalf("the error is %T: %v", err, err)
	}
	return list
}

// cpu is the time that this process has had of the processors: others on the machine do not change it.
func cpu(t *testing.T) time.Duration {
	t.Helper()
	var r syscall.Rusage
	must(t, syscall.Getrusage(syscall.RUSAGE_SELF, &r))
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// Files that are none: each is a fault at its name, and nobody waits for it.
func TestFilesThatAreNone(t *testing.T) {
	link := func(to string) func(*testing.T, string) {
		return func(t *testing.T, path string) { must(t, os.Symlink(to, path)) }
	}
	for what, made := range map[string]struct {
		make func(t *testing.T, path string)
		want string
	}{
		"a pipe":                {func(t *testing.T, path string) { must(t, syscall.Mkfifo(path, 0o600)) }, "not an ordinary file"},
		"a device without end":  {link("/dev/zero"), "not an ordinary file"},
		"a link to itself":      {func(t *testing.T, path string) { must(t, os.Symlink(filepath.Base(path), path)) }, "leads back to itself"},
		"a link to its folder":  {link("."), "it is a folder"},
		"a link to nowhere":     {link("nowhere"), "no such file"},
		"a folder":              {func(t *testing.T, path string) { must(t, os.Mkdir(path, 0o700)) }, "it is a folder"},
		"a file of a terabyte":  {func(t *testing.T, path string) { write(t, path, ""); must(t, os.Truncate(path, 1<<40)) }, "larger than 1 MB"},
		"a file of the kernel":  {link("/proc/self/pagemap"), ""},
		"a file of only zeroes": {func(t *testing.T, path string) { write(t, path, ""); must(t, os.Truncate(path, 1<<20)) }, ":1"},
	} {
		for _, name := range []string{"rules/20-more.yaml", "templates/_footer.md", "kb/page.md", "free.ics", "people.yaml"} {
			t.Run(what+" as "+name, func(t *testing.T) {
				dir := t.TempDir()
				copyDir(t, dir, "testdata/base")
				for _, sub := range []string{rulesDir, mailsDir, kbDir} {
					must(t, os.MkdirAll(filepath.Join(dir, sub), 0o700))
				}
				if name == "free.ics" {
					write(t, filepath.Join(dir, serviceName), "calendars: {office: {hours: {mon: 24h}, holidays: [free.ics]}}\n")
				}
				path := filepath.Join(dir, name)
				if err := os.Remove(path); err != nil && !missing(err) {
					t.Fatal(err)
				}
				made.make(t, path)
				faults := loadedWithin(t, dir)
				if text := faults.Error(); len(faults) == 0 || !strings.Contains(text, name) || !strings.Contains(text, made.want) {
					t.Errorf("faults: %s", text)
				}
			})
		}
	}
}

// Folders that are too much.
func TestFoldersWithoutEnd(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(t *testing.T, dir string)
		want string
	}{
		{"files without end", func(t *testing.T, dir string) {
			must(t, os.Mkdir(filepath.Join(dir, rulesDir), 0o700))
			for i := range 10*maxFolderFiles + 1 {
				must(t, os.Symlink("nowhere", filepath.Join(dir, rulesDir, fmt.Sprintf("%d.txt", i))))
			}
		}, "rules: the folder cannot be read: it holds 10000 files or more"},
		{"rule files without end", func(t *testing.T, dir string) {
			for i := range maxFolderFiles + 1 {
				write(t, filepath.Join(dir, rulesDir, fmt.Sprintf("%d.yaml", i)), "")
			}
		}, "rules: there are 1001 files in it"},
		{"large files", func(t *testing.T, dir string) {
			for i := range 20 {
				write(t, filepath.Join(dir, kbDir, fmt.Sprintf("%02d.md", i)), "# Title\n\n"+strings.Repeat("word ", 200_000))
			}
		}, "larger than 16 MB together"},
		{"a subfolder that is a file", func(t *testing.T, dir string) { write(t, filepath.Join(dir, rulesDir), "x") }, "rules: the folder cannot be read"},
		{"a subfolder that is a link to itself", func(t *testing.T, dir string) { must(t, os.Symlink(rulesDir, filepath.Join(dir, rulesDir))) }, "leads back to itself"},
		{"rules without end", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "rules/1.yaml"), "rules:\n"+strings.Repeat("  - {name: a, do: [stop]}\n", maxRules+1))
		}, "rules: there are 3001 rules"},
		{"tests without end", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "rules/1.yaml"), "tests:\n"+strings.Repeat("  - {name: a, expect: {dropped: true}}\n", maxRules+1))
		}, "rules: there are 0 rules and 3001 tests"},
		{"one calendar file, again and again", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "free.ics"), "BEGIN:VCALENDAR\nEND:VCALENDAR\n")
			write(t, filepath.Join(dir, serviceName), "calendars: {office: {hours: {mon: 24h}, holidays: ["+strings.Repeat("free.ics, ", 10_000)+"free.ics]}}\n")
		}, "is here twice"},
		{"one calendar file in each of many calendars", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "free.ics"), "BEGIN:VCALENDAR\nEND:VCALENDAR\n")
			var b strings.Builder
			for i := range maxCalendars + 1 {
				fmt.Fprintf(&b, "  c%d: {hours: {mon: 24h}, holidays: [free.ics]}\n", i)
			}
			write(t, filepath.Join(dir, serviceName), "calendars:\n"+b.String())
		}, "more than 100 iCalendar files"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			copyDir(t, dir, "testdata/base")
			c.make(t, dir)
			if faults := loadedWithin(t, dir); !strings.Contains(faults.Error(), c.want) {
				t.Errorf("faults: %.500s", faults.Error())
			}
		})
	}
}

// YAML that is small on the disk, or wrong in very many places: the faults are few enough to be read.
func TestHostileYAML(t *testing.T) {
	words := func(n int, word string) string { return strings.Repeat(word+", ", n) + word }
	aliased := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "  b%d: *a\n", i)
		}
		return b.String()
	}
	var organisations, teams strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&organisations, "  o%d: {domains: [d%d.example]}\n", i, i)
		fmt.Fprintf(&teams, "  t%d:\n", i)
	}
	for _, c := range []struct{ name, file, text, want string }{
		{"brackets without end", peopleName, strings.Repeat("[", 500_000), "not YAML"},
		{"blocks without end", peopleName, strings.Repeat("{a: ", 200_000), "not YAML"},
		{"unknown keys without end", peopleName, strings.Repeat("x: 1\n", 100_000), "further faults"},
		{"a very long key", peopleName, strings.Repeat("x", 900_000) + ": 1\n", "unknown key"},
		{"a very long value", serviceName, "calendar: " + strings.Repeat("x", 900_000) + "\n", "no calendar"},
		{"aliases of aliases", peopleName, "agents:\n  a: &a {full_name: x, address: a@b.example, teams: &t [" + words(1000, "t") + "]}\n" + aliased(5000), "further faults"},
		{"very many organisations", peopleName, "organisations:\n" + organisations.String(), "default ladder"},
		{"very many unknown teams", peopleName, "teams:\n" + teams.String() + "agents:\n  a: {full_name: x, address: a@b.example, teams: [" + words(40_000, "tx") + "]}\n", "further faults"},
		{"very many tiers", serviceName, "tiers:\n" + strings.Repeat("  - {level: 1, name: x, team: frontdesk}\n", 20_000), "further faults"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			copyDir(t, dir, "testdata/base")
			write(t, filepath.Join(dir, c.file), c.text)
			faults := loadedWithin(t, dir)
			if len(faults) > maxFaults+1 || len(faults.Error()) > 200_000 {
				t.Errorf("%d faults of %d octets", len(faults), len(faults.Error()))
			}
			if !strings.Contains(faults.Error(), c.want) {
				t.Errorf("faults: %.500s", faults.Error())
			}
		})
	}
}

// Templates that are small on the disk and large when they are made, or hard to read.
func TestHostileTemplates(t *testing.T) {
	multiply := map[string]string{"_p9.md": "word word word word\n"}
	for i := range 9 {
		multiply[fmt.Sprintf("_p%d.md", i)] = strings.Repeat(fmt.Sprintf("{{template \"p%d\" .}}\n", i+1), 10)
	}
	multiply["mine-ack.md"] = "Subject: x\n\n{{template \"p0\" .}}\n"
	mail := func(body string) map[string]string {
		return map[string]string{"mine-ack.md": "Subject: x\n\n" + body + "\n"}
	}
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"pieces that multiply", multiply, "takes in more than 200 partials"},
		{"a piece within itself", map[string]string{"_a.md": "{{template \"a\" .}}", "mine-ack.md": "Subject: x\n\n{{template \"a\" .}}\n"}, "takes itself in"},
		{"quotes without end", mail(strings.Repeat(">", 20_000) + " x"), "levels deep"},
		{"quotes without end, with blanks", mail(strings.Repeat("> ", 20_000) + " x"), "levels deep"},
		{"lists without end", mail(strings.Repeat("- ", 20_000) + " x"), "levels deep"},
		{"brackets without end", mail(strings.Repeat("[", 100_000)), ""},
		{"stars without end", mail(strings.Repeat("*a ", 100_000)), ""},
		{"backticks without end", mail(strings.Repeat("a` ``", 100_000)), ""},
		{"conditions without end", mail(strings.Repeat("{{if .Ticket}}", 50_000) + "x" + strings.Repeat("{{end}}", 50_000)), ""},
		{"brackets of an expression without end", mail("{{" + strings.Repeat("(", 100_000) + "}}"), ""},
		{"a large table", mail(strings.Repeat("|a", 1000) + "|\n" + strings.Repeat("|-", 1000) + "|\n" + strings.Repeat("|\n", 20_000)), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			copyDir(t, dir, "testdata/base")
			for name, text := range c.files {
				write(t, filepath.Join(dir, mailsDir, name), text)
			}
			if faults := loadedWithin(t, dir); c.want != "" && !strings.Contains(faults.Error(), c.want) {
				t.Errorf("faults: %.500s", faults.Error())
			}
		})
	}
}

// Reading ends with its context, whatever file does not come to an end.
func TestLoadIsGivenUp(t *testing.T) {
	dir := t.TempDir()
	copyDir(t, dir, "testdata/base")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Load(ctx, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("Load: %v", err)
	}
	if _, err := LoadMain(ctx, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("LoadMain: %v", err)
	}
	if _, err := LoadPolicy(ctx, dir, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("LoadPolicy: %v", err)
	}
	stuck, release := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer release()
	start := time.Now()
	never := make(chan struct{})
	defer close(never)
	_, err := within(stuck, dir, func(context.Context, *fault.List) *Desk { <-never; return nil })
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 10*time.Second {
		t.Errorf("a file that does not answer: %v after %s", err, time.Since(start))
	}
}

// A fault in an iCalendar file names the file and the line, and those of all files are told.
func TestCalendarFileFaults(t *testing.T) {
	dir := t.TempDir()
	copyDir(t, dir, "testdata/base")
	must(t, os.Mkdir(filepath.Join(dir, "days"), 0o700))
	write(t, filepath.Join(dir, "days/closed.ics"), "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nSUMMARY:Works outing\nDTSTART:20260911T180000\nDTEND:20260911T080000\nEND:VEVENT\nEND:VCALENDAR\n")
	write(t, filepath.Join(dir, "empty.ics"), "")
	write(t, filepath.Join(dir, serviceName), "calendars: {office: {hours: {mon: 24h}, holidays: [./days/closed.ics, empty.ics]}}\n")
	want := "days/closed.ics:3: calendar \"office\": event \"Works outing\": it ends before it begins\nempty.ics: calendar \"office\": the file is empty"
	if got := loadedWithin(t, dir).Error(); got != want {
		t.Errorf("faults: %s", got)
	}
}

func TestPastHolidays(t *testing.T) {
	dir := t.TempDir()
	copyDir(t, dir, "testdata/base")
	event := func(days ...string) string {
		all := "BEGIN:VCALENDAR\n"
		for _, d := range days {
			all += "BEGIN:VEVENT\nDTSTART;VALUE=DATE:" + d + "\nEND:VEVENT\n"
		}
		return all + "END:VCALENDAR\n"
	}
	write(t, filepath.Join(dir, "old.ics"), event("20250101", "20251226"))
	write(t, filepath.Join(dir, "new.ics"), event("20250101", "20271226"))
	write(t, filepath.Join(dir, "none.ics"), event("20270101\nSTATUS:CANCELLED"))
	write(t, filepath.Join(dir, "yearly.ics"), event("20201225\nRRULE:FREQ=YEARLY"))
	write(t, filepath.Join(dir, serviceName), "calendars:\n  office: {timezone: Europe/Berlin, hours: {mon: 24h}, holidays: [old.ics, new.ics, yearly.ics, 2026-05-01, 2026-01-01, none.ics]}\n")
	d, err := Load(t.Context(), dir)
	must(t, err)
	none := `service.yaml:2:121: calendar "office": "none.ics" holds no day off`
	old := `service.yaml:2:67: calendar "office": "old.ics" ends on 2025-12-26`
	for at, want := range map[string][]string{
		"2025-12-26T22:59:00Z": {none},
		"2025-12-26T23:00:00Z": {old, none}, // midnight in Berlin
		"2026-05-02T12:00:00Z": {`service.yaml:2:109: calendar "office": the list of holidays ends on 2026-05-01`, old, none},
	} {
		now, err := time.Parse(time.RFC3339, at)
		must(t, err)
		got := d.PastHolidays(now)
		ok := len(got) == len(want)
		for i := range min(len(got), len(want)) {
			ok = ok && strings.HasPrefix(got[i].Error(), want[i])
		}
		if !ok {
			t.Errorf("at %s: %v, want %v", at, got, want)
		}
	}
}

// A file of certificates that has no end, or is none, is a fault of its line: the daemon would read all of it when it starts.
func TestCertificatesWithoutEnd(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "huge.pem"), "")
	must(t, os.Truncate(filepath.Join(dir, "huge.pem"), 1<<40))
	write(t, filepath.Join(dir, "own.pem"), "-----BEGIN CERTIFICATE-----\n")
	must(t, syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600))
	for name, want := range map[string]string{"/dev/zero": "not an ordinary file", "pipe": "not an ordinary file", "huge.pem": "larger than 1 MB", "own.pem": ""} {
		var faults fault.List
		existing(text{s: name, at: fault.Place{File: mainName, Line: 3, Column: 5}}, dir, &faults)
		if said := faults.Error(); (want == "") != (len(faults) == 0) || !strings.Contains(said, want) {
			t.Errorf("%s: %q, want %q", name, said, want)
		}
	}
}

// A password's file may be a pipe, and may hold anything.
func TestSecretFileWithoutEnd(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	must(t, syscall.Mkfifo(pipe, 0o600))
	go func() { _ = os.WriteFile(pipe, []byte("hunter2\n"), 0o600) }()
	if got, err := (Secret{name: "password", file: pipe}).Read(t.Context()); got != "hunter2" || err != nil {
		t.Errorf("from a pipe: %q, %v", got, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := (Secret{name: "password", file: pipe}).Read(ctx); err == nil || !strings.Contains(err.Error(), "no answer") {
		t.Errorf("from a pipe that nobody writes to: %v", err)
	}
	for _, s := range []Secret{{name: "password", file: "/dev/zero"}, {name: "password", argv: []string{"/bin/sh", "-c", "head -c 300000000 /dev/zero | tr '\\0' x"}}} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := s.Read(t.Context())
		runtime.ReadMemStats(&after)
		if made := (after.TotalAlloc - before.TotalAlloc) >> 20; err == nil || made > 100 {
			t.Errorf("%s: %v, %d MB", s, err, made)
		}
	}
}
