// Command mutants shows that the tests can fail: it breaks the program in many places, one at a time, and has the tests that
// guard the place run. A break that no test notices (it survives), or that no longer fits the code, is a fault, and the exit
// status is 1. The files on disk are never touched: the compiler gets the broken text as an overlay. It owns the form of
// *.mutant files and must never know what the code means.
//
//	go run ./cmd/internal/e2e/mutants [-run REGEXP] [-list] [-p N]
//
// A mutant is a text file in cmd/internal/e2e/testdata/mutants:
//
//	promise 2
//	reason A number of a rolled back transaction would be given again.
//	file migrations/sqldb/ids.go
//	test ./migrations/sqldb -run TestNextID
//	--- before
//		exact lines of the file, which stand there once
//	--- after
//		what stands there instead
//
// promise is the number in section 2 of the design, 0 for none of them. There may be several test lines: one of them has to fail.
// "waits" says that its test, once broken, waits for what never comes: such mutants run beside the others, since they take no processor.
// "needs postgres" leaves a mutant out, and says so, where no server can be had; with TIERDESK_TEST_ALL=1 it is never left out.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tierdesk/migrations/dbtest"
)

const folder = "cmd/internal/e2e/testdata/mutants"

func main() {
	only := flag.String("run", "", "only mutants whose name matches this regular expression")
	listOnly := flag.Bool("list", false, "print the mutants and run nothing")
	workers := flag.Int("p", runtime.GOMAXPROCS(0), "how many at once")
	flag.Parse()
	if err := run(*only, *listOnly, *workers); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(only string, listOnly bool, workers int) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	pattern, err := regexp.Compile(only)
	if err != nil {
		return fmt.Errorf("-run: %w", err)
	}
	paths, err := filepath.Glob(filepath.Join(root, folder, "*.mutant"))
	if err != nil {
		return err
	}
	var all []mutant
	var faults error
	for _, path := range paths {
		m, err := read(root, path)
		if err != nil {
			faults = errors.Join(faults, err)
		} else if pattern.MatchString(m.name) {
			all = append(all, m)
		}
	}
	if faults != nil {
		return faults
	}
	if len(all) == 0 {
		return fmt.Errorf("no mutants in %s", folder)
	}
	if listOnly {
		for _, m := range all {
			fmt.Printf("%-32s promise %d  %s\n", m.name, m.promise, m.reason)
		}
		return nil
	}
	// One PostgreSQL for all tests: to start one for each would take longer than they do.
	server, err := dbtest.Serve()
	if err != nil && os.Getenv("TIERDESK_TEST_ALL") == "1" {
		return err
	}
	g := ground{root: root, postgres: server}
	// A test that fails without the mutant would kill it for nothing.
	if err := g.baseline(all); err != nil {
		return err
	}
	started := time.Now()
	var mu sync.Mutex
	counts := map[verdict]int{}
	var wg sync.WaitGroup
	try := func(slots chan struct{}, m mutant) {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			begun := time.Now()
			v, words := g.try(m)
			mu.Lock()
			defer mu.Unlock()
			counts[v]++
			fmt.Printf("%-9s %-32s %5.1fs  promise %d  %s\n", v, m.name, time.Since(begun).Seconds(), m.promise, m.reason)
			if v == survived || v == unfit {
				fmt.Println(indent(words))
			}
		})
	}
	busy, waiting := make(chan struct{}, max(workers, 1)), make(chan struct{}, 2*max(workers, 1))
	wg.Go(func() {
		for _, m := range all {
			if m.waits {
				try(waiting, m)
			}
		}
	})
	for _, m := range all {
		if !m.waits {
			try(busy, m)
		}
	}
	wg.Wait()
	fmt.Printf("%d mutants in %.0fs: %d killed, %d survived, %d unfit, %d left out\n", len(all), time.Since(started).Seconds(), counts[killed], counts[survived], counts[unfit], counts[left])
	if counts[survived]+counts[unfit] > 0 {
		return errors.New("the tests do not notice every break")
	}
	return nil
}

type mutant struct {
	name, reason  string
	promise       int
	file          string // from the module's root
	tests         [][]string
	before, after string
	postgres      bool
	waits         bool
}

type verdict string

const (
	killed   verdict = "killed"
	survived verdict = "SURVIVED"
	unfit    verdict = "UNFIT"
	left     verdict = "left out"
)

func read(root, path string) (mutant, error) {
	m := mutant{name: strings.TrimSuffix(filepath.Base(path), ".mutant"), promise: -1}
	text, err := os.ReadFile(path)
	if err != nil {
		return m, err
	}
	head, rest, ok1 := strings.Cut(string(text), "--- before\n")
	before, after, ok2 := strings.Cut(rest, "--- after\n")
	if !ok1 || !ok2 {
		return m, fmt.Errorf("%s: the lines `--- before` and `--- after` are missing", path)
	}
	m.before, m.after = before, after
	for i, line := range strings.Split(head, "\n") {
		key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch key {
		case "":
		case "promise":
			if m.promise, err = strconv.Atoi(value); err != nil {
				return m, fmt.Errorf("%s:%d: a promise is a number", path, i+1)
			}
		case "reason":
			m.reason = value
		case "file":
			m.file = value
		case "test":
			m.tests = append(m.tests, strings.Fields(value))
		case "waits":
			m.waits = true
		case "needs":
			if value != "postgres" {
				return m, fmt.Errorf("%s:%d: only postgres can be needed", path, i+1)
			}
			m.postgres = true
		default:
			return m, fmt.Errorf("%s:%d: %q is none of promise, reason, file, test, needs, waits", path, i+1, key)
		}
	}
	if m.promise < 0 || m.promise > 8 || m.reason == "" || m.file == "" || len(m.tests) == 0 || m.before == "" {
		return m, fmt.Errorf("%s: promise (0 to 8), reason, file, test and the lines before are needed", path)
	}
	if strings.TrimSpace(m.before) == strings.TrimSpace(m.after) {
		return m, fmt.Errorf("%s: it changes nothing", path)
	}
	return m, nil
}

// ground is where mutants are tried: the module's folder, and the URL of a PostgreSQL, "" if there is none.
type ground struct{ root, postgres string }

// baseline runs every named test once on the whole program. Those of a package run together, since to link a test program takes longer than most
// tests do; only where they fail does each run alone, to tell which.
func (g ground) baseline(all []mutant) error {
	var order []string
	together := map[string][][]string{} // by package and flags other than -run
	names := map[string]string{}        // a mutant that names the test
	for _, m := range all {
		if g.lacks(m) {
			continue
		}
		for _, test := range m.tests {
			words := strings.Join(test, " ")
			if names[words] != "" {
				continue
			}
			names[words] = m.name
			_, others := runOf(test)
			key := strings.Join(others, " ")
			if together[key] == nil {
				order = append(order, key)
			}
			together[key] = append(together[key], test)
		}
	}
	var faults error
	for _, key := range order {
		tests := together[key]
		var patterns []string
		for _, test := range tests {
			pattern, _ := runOf(test)
			patterns = append(patterns, pattern)
		}
		out, err := g.test("", append([]string{"-timeout", "170s"}, append(strings.Fields(key), "-v", "-run", strings.Join(patterns, "|"))...))
		if err == nil && !slices.ContainsFunc(patterns, func(pattern string) bool { return !ran(out, pattern) }) {
			continue
		}
		for _, test := range tests {
			out, err := g.test("", test)
			switch words := strings.Join(test, " "); {
			case err != nil:
				faults = errors.Join(faults, fmt.Errorf("go test %s fails without any mutant:\n%s", words, indent(out)))
			case nothingRan(out):
				faults = errors.Join(faults, fmt.Errorf("%s: go test %s runs no test", names[words], words))
			}
		}
	}
	return faults
}

// runOf parts the pattern of -run from the other arguments; "" for none.
func runOf(test []string) (pattern string, others []string) {
	i := slices.Index(test, "-run")
	if i < 0 || i+1 >= len(test) {
		return "", test
	}
	return test[i+1], slices.Concat(test[:i], test[i+2:])
}

// ran tells whether the output of go test -v names a test that the pattern chooses. The pattern is read as package testing does: elements between
// slashes, alternatives between bars, but for those in brackets.
func ran(out, pattern string) bool {
	for line := range strings.SplitSeq(out, "\n") {
		name, found := strings.CutPrefix(line, "=== RUN   ")
		if !found {
			continue
		}
		parts := strings.Split(name, "/")
		for _, alternative := range split(pattern, '|') {
			elements := split(alternative, '/')
			if len(elements) > len(parts) {
				continue
			}
			chosen := true
			for i, element := range elements {
				ok, err := regexp.MatchString(strings.ReplaceAll(element, " ", "_"), parts[i])
				chosen = chosen && ok && err == nil
			}
			if chosen {
				return true
			}
		}
	}
	return false
}

func split(pattern string, by rune) []string {
	var out []string
	depth, start := 0, 0
	for i, r := range pattern {
		switch {
		case r == '(' || r == '[':
			depth++
		case r == ')' || r == ']':
			depth--
		case r == by && depth == 0:
			out = append(out, pattern[start:i])
			start = i + 1
		}
	}
	return append(out, pattern[start:])
}

// nothingRan tells whether no package had a test to run.
func nothingRan(out string) bool {
	for _, line := range strings.Split(out, "\n") {
		if strings.HasPrefix(line, "ok ") && !strings.Contains(line, "[no tests to run]") {
			return false
		}
	}
	return true
}

func (g ground) lacks(m mutant) bool { return m.postgres && g.postgres == "" }

// try applies the mutant in an overlay and runs its tests.
func (g ground) try(m mutant) (verdict, string) {
	if g.lacks(m) {
		return left, ""
	}
	path := filepath.Join(g.root, m.file)
	text, err := os.ReadFile(path)
	if err != nil {
		return unfit, err.Error()
	}
	if n := strings.Count(string(text), m.before); n != 1 {
		return unfit, fmt.Sprintf("its lines stand %d times in %s: bring it up to date", n, m.file)
	}
	dir, err := os.MkdirTemp("", "tierdesk-mutant-")
	if err != nil {
		return unfit, err.Error()
	}
	defer os.RemoveAll(dir)
	broken, overlay := filepath.Join(dir, "broken.go"), filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(broken, []byte(strings.Replace(string(text), m.before, m.after, 1)), 0o644); err != nil {
		return unfit, err.Error()
	}
	list, err := json.Marshal(map[string]map[string]string{"Replace": {path: broken}})
	if err != nil {
		return unfit, err.Error()
	}
	if err := os.WriteFile(overlay, list, 0o644); err != nil {
		return unfit, err.Error()
	}
	for _, test := range m.tests {
		out, err := g.test(overlay, test)
		if err == nil {
			continue
		}
		if strings.Contains(out, "[build failed]") || strings.Contains(out, "[setup failed]") {
			return unfit, "it does not compile:\n" + out
		}
		if strings.Contains(out, "--- FAIL") || strings.Contains(out, "panic:") || strings.Contains(out, "FAIL\t") {
			return killed, ""
		}
		return unfit, fmt.Sprintf("go test could not run: %v\n%s", err, out)
	}
	return survived, "no test noticed it: " + fmt.Sprint(m.tests)
}

func (g ground) test(overlay string, test []string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	args := append([]string{"test", "-timeout", "90s", "-failfast"}, test...)
	if overlay != "" {
		args = append(args, "-count=1", "-vet=off", "-ldflags=-s") // what takes time and tells nothing of a mutant
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = g.root
	cmd.Env = append(os.Environ(), "TIERDESK_TEST_POSTGRES="+g.postgres)
	if overlay != "" {
		// Not as a flag: tests that ask the go command themselves shall see the broken text too.
		cmd.Env = append(cmd.Env, "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -overlay="+overlay))
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

func moduleRoot() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOMOD: %w", err)
	}
	mod := strings.TrimSpace(string(out))
	if mod == "" || mod == os.DevNull {
		return "", errors.New("call it inside the module")
	}
	return filepath.Dir(mod), nil
}

func indent(s string) string {
	return "    " + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n    ")
}
