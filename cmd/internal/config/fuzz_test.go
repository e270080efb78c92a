package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tierdesk/rules/fault"
	"tierdesk/tickets"
)

// Whatever stands in a file, reading it ends without a panic, and every fault names the file and a place inside it.
func FuzzFile(f *testing.F) {
	for _, pattern := range []string{"testdata/design/*.yaml", "testdata/design/rules/*", "testdata/faults/*/*.yaml", "testdata/faults/*/rules/*.yaml", "skeleton/*.yaml", "skeleton/rules/*"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			for kind := range 4 {
				f.Add(kind, b)
			}
		}
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, kind int, source []byte) {
		var faults, warnings fault.List
		name := mainName
		switch kind {
		case 0:
			var m mainFile
			if readYAML(name, source, &m, &faults) {
				m.build(dir, &faults, &warnings)
			}
		case 1:
			name = serviceName
			var s serviceFile
			if readYAML(name, source, &s, &faults) {
				s.build(newFolder(t.Context(), dir, &faults, &warnings), nil, &tickets.Directory{}, nil, &faults)
			}
		case 2:
			name = peopleName
			var p peopleFile
			if readYAML(name, source, &p, &faults) {
				p.build(nil, time.UTC, &faults, &faults)
			}
		default:
			name = "rules/x.yaml"
			var r rulesFile
			if readYAML(name, source, &r, &faults) {
				r.build(name, nil, &faults, &warnings)
			}
		}
		lines := 2
		for _, c := range source {
			if c == '\n' || c == '\r' {
				lines++
			}
		}
		for _, x := range append(faults, warnings...) {
			if x.File != name || x.Line > lines || x.Text == "" {
				t.Errorf("a fault at %q, %d lines: %v", x.File, lines, x)
			}
		}
	})
}

// Aliases that multiply are cut off, with one fault.
func TestAliasBomb(t *testing.T) {
	many := func(what string, n int) string { return strings.Repeat(what+", ", n) }
	for _, source := range []string{
		"rules:\n  - &r {name: a, on: [" + many("opened", 3000) + "opened]}\n" + strings.Repeat("  - *r\n", 3000),
		"rules:\n  - {name: a, do: &d [" + many("stop", 3000) + "stop]}\n" + strings.Repeat("  - {name: a, do: *d}\n", 3000),
		"tests:\n  - {name: a, mail: {headers: &h {a: b}}, expect: {tags: &t [*x]}}\n",
		"tests:\n  - {name: a, expect: &e {tags: [*e]}}\n",
	} {
		var faults, warnings fault.List
		var f rulesFile
		if readYAML("x.yaml", []byte(source), &f, &faults) {
			f.build("x.yaml", nil, &faults, &warnings)
		}
		if len(faults) != 1 { // without the bound there would be none, after minutes
			t.Errorf("%.60s: %d faults: %.300s", source, len(faults), faults.Error())
		}
	}
}
