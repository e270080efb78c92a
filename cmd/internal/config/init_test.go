package config

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var exampleLine = regexp.MustCompile(`^\s*#[^ #\s]|^\s*#  `)

// uncommented takes the # away from all example lines.
func uncommented(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if exampleLine.MatchString(l) {
			lines[i] = strings.Replace(l, "#", "", 1)
		}
	}
	return strings.Join(lines, "\n")
}

func TestInitLoads(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "desk")
	if err := Init(t.Context(), dir, Answers{}); err != nil {
		t.Fatal(err)
	}
	d, err := Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Warnings) > 0 {
		t.Errorf("warnings: %v", d.Warnings)
	}
	os.WriteFile(filepath.Join(dir, "dkim.pem"), nil, 0o600)
	all := map[string]string{}
	for _, name := range []string{mainName, serviceName, peopleName, "rules/10-routing.yaml"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(b)
		lines := strings.Split(string(b), "\n")
		var whole []string
		for i := 0; i < len(lines); i++ {
			start := i
			for i < len(lines) && exampleLine.MatchString(lines[i]) {
				i++
			}
			if start < i {
				group := make([]string, 0)
				for _, l := range lines[start:i] {
					group = append(group, strings.Replace(l, "#", "", 1))
				}
				try := append(append(append([]string{}, lines[:start]...), group...), lines[i:]...)
				os.WriteFile(filepath.Join(dir, name), []byte(strings.Join(try, "\n")), 0o600)
				if _, err := Load(t.Context(), dir); err != nil {
					t.Errorf("%s lines %d-%d: %v\n%s", name, start+1, i, err, strings.Join(group, "\n"))
				}
				whole = append(whole, group...)
			}
			if i < len(lines) {
				whole = append(whole, lines[i])
			}
		}
		all[name] = strings.Join(whole, "\n")
		os.WriteFile(filepath.Join(dir, name), b, 0o600)
	}
	for name, text := range all {
		os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)
	}
	if _, err := Load(t.Context(), dir); err != nil {
		t.Errorf("all examples together: %v", err)
	}
}
