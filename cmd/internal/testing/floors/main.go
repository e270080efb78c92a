// Command floors prints figures about the packages, and its tests guard the rules of the house:
// which package may import which, which library is used where, and a few conventions that a
// compiler does not check. docs/architecture.md has the overview. The tests must never judge by a
// figure, which are for information only.
//
//	go run ./cmd/internal/testing/floors -report [-cover] [PACKAGE...]
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"text/tabwriter"
)

func main() {
	report := flag.Bool("report", false, "print the figures of each package")
	cover := flag.Bool("cover", false, "run each package's own tests for the share of its statements that they run: takes minutes")
	flag.Parse()
	if !*report {
		flag.Usage()
		os.Exit(2)
	}
	patterns := flag.Args()
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	if err := run(os.Stdout, patterns, *cover); err != nil {
		fmt.Fprintln(os.Stderr, "floors:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, patterns []string, cover bool) error {
	all, err := measure(patterns)
	if err != nil {
		return err
	}
	covered := map[string]string{}
	if cover {
		if covered, err = coverage(patterns); err != nil {
			return err
		}
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "package\tlines\tfiles\texported\ttied %\tback %\tfunction lines 50 %\t90 %\tcomplexity 50 %\t90 %\tcovered\t")
	for _, f := range all {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%.0f\t%.0f\t%d\t%d\t%d\t%d\t%s\t\n", f.path, f.lines, f.files, f.exported, f.tied(), f.back(),
			at(f.functionLines, 50), at(f.functionLines, 90), at(f.complexities, 50), at(f.complexities, 90), covered[f.path])
	}
	return w.Flush()
}

var covers = regexp.MustCompile(`(?m)^(?:ok)?\s*tierdesk/(\S+)\s.*coverage: ([0-9.]+%)`)

// coverage runs the tests of each package and returns the share of its statements that they run.
func coverage(patterns []string) (map[string]string, error) {
	cmd := exec.Command("go", append([]string{"test", "-cover"}, patterns...)...)
	cmd.Stderr = os.Stderr
	text, err := cmd.Output() // a failing test does not matter here: what it ran counts
	if err != nil && len(text) == 0 {
		return nil, fmt.Errorf("go test -cover: %w", err)
	}
	out := map[string]string{}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		if m := covers.FindStringSubmatch(lines.Text()); m != nil {
			out[m[1]] = m[2]
		}
	}
	return out, nil
}
