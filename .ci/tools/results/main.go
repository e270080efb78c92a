// Command results summarises the output of `go test -json` for a person: what failed and why, what
// was skipped, and how long it took. Its exit code is 1 if a test failed or was skipped, or if the
// tests that run on both databases are not the same on both (except with -turns, for a run in which
// the databases took turns). With a file as its argument it writes there which tests failed, a line
// each with package and name, if a run of each alone may report whether they hold: not where a test
// was skipped, a package did not build or did not end, or data was raced for.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

type event struct {
	Action, Package, Test, Output, ImportPath string
	Elapsed                                   float64
}

func main() {
	turns := flag.Bool("turns", false, "tests may have run on one database alone")
	flag.Parse()
	output := map[string][]string{} // of each test and package, until it passes
	passed := map[string]map[string]bool{}
	tests, packages := 0, 0
	var bad, slow []string
	failed := map[string]bool{} // package and test, without subtests
	final := false              // something failed that another run cannot excuse
	dec := json.NewDecoder(bufio.NewReader(os.Stdin))
	for dec.More() {
		var e event
		if err := dec.Decode(&e); err != nil {
			fmt.Println("reading the results:", err)
			os.Exit(1)
		}
		key := e.Package + " " + e.Test
		switch e.Action {
		case "output":
			output[key] = append(output[key], e.Output)
		case "build-output":
			fmt.Print(e.Output)
		case "build-fail":
			final = true
			bad = append(bad, "does not build: "+e.ImportPath)
		case "pass":
			delete(output, key)
			if e.Test == "" {
				packages++
				slow = append(slow, fmt.Sprintf("%8.1f s  %s", e.Elapsed, e.Package))
				continue
			}
			tests++
			for _, kind := range []string{"sqlite", "postgres"} {
				if at := "/" + kind; strings.Contains(e.Test+"/", at+"/") {
					if passed[kind] == nil {
						passed[kind] = map[string]bool{}
					}
					passed[kind][e.Package+" "+strings.Replace(e.Test+"/", at+"/", "/DATABASE/", 1)] = true
				}
			}
		case "fail":
			if e.Test == "" && len(output[key]) == 0 {
				continue
			}
			words := strings.Join(output[key], "")
			bad = append(bad, "FAILED: "+key+"\n"+words)
			if top, _, _ := strings.Cut(e.Test, "/"); top != "" {
				failed[e.Package+" "+top] = true
			}
			if strings.Contains(words, "DATA RACE") || strings.Contains(words, "panic: ") {
				final = true
			}
		case "skip":
			if e.Test != "" { // a package without tests is skipped too
				final = true
				bad = append(bad, "SKIPPED: "+key+"\n"+strings.Join(output[key], ""))
			}
		}
	}
	for _, b := range bad {
		fmt.Println(strings.TrimSpace(b))
	}
	if *turns {
		fmt.Printf("on SQLite %d stories, on PostgreSQL %d\n", stories(passed["sqlite"]), stories(passed["postgres"]))
		passed = nil
	}
	for name := range maps.Keys(passed["sqlite"]) {
		if !passed["postgres"][name] && !failed[top(name)] {
			final = true
			bad = append(bad, "")
			fmt.Println("passed on SQLite alone:", name)
		}
	}
	for name := range maps.Keys(passed["postgres"]) {
		if !passed["sqlite"][name] && !failed[top(name)] {
			final = true
			bad = append(bad, "")
			fmt.Println("passed on PostgreSQL alone:", name)
		}
	}
	slices.Sort(slow)
	slices.Reverse(slow)
	fmt.Printf("%d tests passed in %d packages", tests, packages)
	if !*turns {
		fmt.Printf("; on both databases %d, of them %d stories", len(passed["sqlite"]), stories(passed["sqlite"]))
	}
	fmt.Println()
	fmt.Println(strings.Join(slow[:min(5, len(slow))], "\n"))
	if packages == 0 {
		fmt.Println("no package was tested")
		os.Exit(1)
	}
	if len(bad) == 0 {
		return
	}
	if flag.NArg() > 0 && !final && len(failed) > 0 {
		list := strings.Join(slices.Sorted(maps.Keys(failed)), "\n") + "\n"
		if err := os.WriteFile(flag.Arg(0), []byte(list), 0o644); err != nil {
			fmt.Println("writing which tests failed:", err)
		}
	}
	os.Exit(1)
}

// top returns the package and the top-level test of a name, without subtests.
func top(name string) string {
	pkg, test, _ := strings.Cut(name, " ")
	test, _, _ = strings.Cut(test, "/")
	return pkg + " " + test
}

func stories(names map[string]bool) int {
	n := 0
	for name := range names {
		if strings.HasPrefix(name, "tierdesk/cmd/internal/testing/e2e") {
			n++
		}
	}
	return n
}
