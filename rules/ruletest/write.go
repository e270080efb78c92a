package ruletest

import (
	"fmt"
	"io"
	"strings"
)

// Write writes a report of the results for a person: a line for each test under its file, and under
// a failed test what was expected, what was found, and what each rule did. With verbose it shows
// the rules for every test. The caller decides on the exit code (Failed).
func Write(w io.Writer, results []Result, verbose bool) error {
	var b strings.Builder
	file := ""
	for i := range results {
		r := &results[i]
		if r.File != file || i == 0 {
			file = r.File
			fmt.Fprintf(&b, "%s\n", file)
		}
		verdict := "ok  "
		if !r.OK() {
			verdict = "FAIL"
		}
		fmt.Fprintf(&b, "  %s  %s\n", verdict, r.Test)
		if r.Error != "" {
			fmt.Fprintf(&b, "        %s: %s\n", r.Place, r.Error)
		}
		for _, d := range r.Differences {
			fmt.Fprintf(&b, "        %s: %s: want %s, got %s\n", d.Place, d.What, d.Want, d.Got)
		}
		if r.Error == "" && (verbose || !r.OK()) {
			for line := range strings.Lines(r.Explained) {
				fmt.Fprintf(&b, "          %s", line)
			}
		}
	}
	tests := "tests"
	if len(results) == 1 {
		tests = "test"
	}
	fmt.Fprintf(&b, "%d %s, %d failed\n", len(results), tests, Failed(results))
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the results of the tests: %w", err)
	}
	return nil
}
