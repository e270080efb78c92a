// Command mutants shows that the tests can fail: it breaks the program in many places, one at a
// time, and runs the tests that guard the place. A mutant that no test notices (it survives), or
// that no longer fits the code, is a fault, and the exit status is 1. The files on disk are never
// touched: the compiler gets the broken text as an overlay. The command owns the format of *.mutant
// files and must never know what the code means.
//
//	go run ./cmd/internal/testing/mutants [-run REGEXP] [-list] [-p N] [-passed FILE]
//
// A mutant is a text file in cmd/internal/testing/mutants/testdata:
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
// promise is the number of the promise in docs/hacking.md, 0 for none. There may be several test
// lines, of which at least one has to fail. "waits" means that the broken test waits for something
// that never happens: such mutants run in addition to the others, since they take no processor
// time. Tests of both databases run on SQLite only or, with "needs postgres", on both. Without a
// PostgreSQL server such mutants are left out with a message; with TIERDESK_TEST_ALL=1 none is left
// out. A mutant that no test has noticed is tried again on both databases.
//
// A test that always fails would notice every mutant, so each test is also run without a mutant,
// unless it has just passed: -passed names a file with the output of go test -json for the same
// sources.
package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tierdesk/migrations/dbtest"
)

// limit is the time limit for building all programs, and for each of their runs.
const limit = 30 * time.Minute

const folder = "cmd/internal/testing/mutants/testdata"

func main() {
	only := flag.String("run", "", "only mutants whose name matches this regular expression")
	listOnly := flag.Bool("list", false, "print the mutants and run nothing")
	workers := flag.Int("p", runtime.GOMAXPROCS(0), "how many at once")
	record := flag.String("passed", "", "a file with what go test -json has printed of the same sources: its tests have passed")
	flag.Parse()
	if err := run(*only, *listOnly, *workers, *record); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(only string, listOnly bool, workers int, record string) error {
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
		return list(root, all)
	}
	passed, err := readPassed(record)
	if err != nil {
		return err
	}
	// One PostgreSQL for all tests: starting one for each would take longer than the tests.
	server, err := dbtest.Serve()
	if err != nil && os.Getenv("TIERDESK_TEST_ALL") == "1" {
		return err
	}
	dir, err := os.MkdirTemp("", "tierdesk-mutants-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	g, err := newGround(root, server, dir, all, max(workers, 1))
	if err != nil {
		return err
	}
	g.passed = passed
	// The slowest come first, so that nothing has to be waited for at the end.
	slices.SortStableFunc(all, func(a, b mutant) int { return cmp.Compare(b.stories(), a.stories()) })
	started := time.Now()
	var mu sync.Mutex
	counts := map[verdict]int{}
	var wg sync.WaitGroup
	// A test that fails without the mutant would prove nothing.
	var doubted map[string][][]string
	wg.Go(func() { doubted = g.baseline(all, max(workers, 1)) })
	took := map[string]time.Duration{} // by name
	report := func(m mutant, v verdict, words string, begun time.Time) {
		counts[v]++
		took[m.name] = time.Since(begun)
		fmt.Printf("%-9s %-32s %5.1fs  promise %d  %s\n", v, m.name, took[m.name].Seconds(), m.promise, m.reason)
		if v == survived || v == unfit {
			fmt.Println(indent(words))
		}
	}
	// Timing in a test may be off among so many processes, and cause a failure.
	var spared []mutant
	try := func(slots chan struct{}, m mutant) {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			begun := time.Now()
			v, words := g.try(m)
			mu.Lock()
			defer mu.Unlock()
			if v == survived {
				spared = append(spared, m)
				return
			}
			report(m, v, words, begun)
		})
	}
	// Mutants that wait take no processor, and those that are built alone take more than one.
	pool := func(size int, belongs func(m mutant) bool) {
		slots := make(chan struct{}, size)
		for _, m := range all {
			if belongs(m) {
				try(slots, m)
			}
		}
	}
	wg.Go(func() { pool(builders(workers), func(m mutant) bool { return g.alone[m.name] }) })
	wg.Go(func() { pool(4*max(workers, 1), func(m mutant) bool { return m.waits && !g.alone[m.name] }) })
	pool(max(workers, 1), func(m mutant) bool { return !m.waits && !g.alone[m.name] })
	wg.Wait()
	for _, m := range spared {
		fmt.Printf("not noticed among the others, so once more, alone: %s\n", m.name)
		begun := time.Now()
		m.postgres = g.postgres != ""
		v, words := g.try(m)
		report(m, v, words, begun)
	}
	if err := g.prove(doubted); err != nil {
		return err
	}
	tellSlowest(took)
	fmt.Printf("%d mutants in %.0fs, %.0fs of processor time: %d killed, %d survived, %d unfit, %d left out\n", len(all),
		time.Since(started).Seconds(), g.seconds(), counts[killed], counts[survived], counts[unfit], counts[left])
	if counts[survived]+counts[unfit] > 0 {
		return errors.New("the tests do not notice every break")
	}
	return nil
}

// tellSlowest prints the mutants that took longest to be noticed: their tests may wait for
// something that a shorter interval or a better check would show earlier.
func tellSlowest(took map[string]time.Duration) {
	names := slices.SortedFunc(maps.Keys(took), func(a, b string) int {
		return cmp.Or(cmp.Compare(took[b], took[a]), cmp.Compare(a, b))
	})
	fmt.Println("the slowest:")
	for _, name := range names[:min(20, len(names))] {
		fmt.Printf("%6.1fs  %s\n", took[name].Seconds(), name)
	}
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

// list prints the mutants; the error names those that no longer fit the code.
func list(root string, all []mutant) error {
	var faults error
	for _, m := range all {
		fmt.Printf("%-32s promise %d  %s\n", m.name, m.promise, m.reason)
		text, err := os.ReadFile(filepath.Join(root, m.file))
		if err != nil {
			faults = errors.Join(faults, fmt.Errorf("%s: %w", m.name, err))
		} else if n := strings.Count(string(text), m.before); n != 1 {
			faults = errors.Join(faults, fmt.Errorf("%s: its lines stand %d times in %s: bring it up to date", m.name, n, m.file))
		}
	}
	return faults
}

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
	if m.promise < 0 || m.promise > 9 || m.reason == "" || m.file == "" || len(m.tests) == 0 || m.before == "" {
		return m, fmt.Errorf("%s: promise (0 to 9), reason, file, test and the lines before are needed", path)
	}
	if strings.TrimSpace(m.before) == strings.TrimSpace(m.after) {
		return m, fmt.Errorf("%s: it changes nothing", path)
	}
	return m, nil
}

// ground is the environment in which mutants are tried: the module's folder, the URL of a
// PostgreSQL ("" if there is none), and the test programs.
type ground struct {
	root, postgres string
	dir            string             // for temporary files
	overlay        string             // all mutants that can be together
	alone          map[string]bool    // by name: mutants that cannot
	programs       map[string]program // by package, as the tests name it
	passed         map[string]string  // by package, as the tests name it: the lines that name its tests that have just passed
	processor      *atomic.Int64      // processor time in nanoseconds of all programs run
}

type program struct {
	path  string   // "" if it is not built with the mutants in it
	flags []string // the flags of every run
}

// newGround builds all test programs, each with all mutants that can be built together.
func newGround(root, postgres, dir string, all []mutant, workers int) (ground, error) {
	g := ground{root: root, postgres: postgres, dir: dir, alone: map[string]bool{}, programs: map[string]program{},
		processor: new(atomic.Int64)}
	alone, err := g.mixed(all)
	if err != nil {
		return g, err
	}
	for _, m := range alone {
		g.alone[m.name] = true
	}
	build := map[string]bool{} // by package: whether its program will contain a mutant
	for _, m := range all {
		for _, test := range m.tests {
			build[test[0]] = build[test[0]] || !g.alone[m.name] && !g.lacks(m)
		}
	}
	packages := slices.Sorted(maps.Keys(build))
	list := exec.Command("go",
		append([]string{"list", "-f", `{{.Dir}} {{join .TestImports " "}} {{join .XTestImports " "}}`}, packages...)...)
	list.Dir = root
	imports, err := list.Output()
	if err != nil {
		return g, fmt.Errorf("go list of the tests' packages: %w", err)
	}
	for line := range strings.Lines(string(imports)) {
		words := strings.Fields(line)
		i := slices.IndexFunc(packages, func(pkg string) bool { return filepath.Join(root, pkg) == words[0] })
		if i >= 0 && slices.Contains(words, "pgregory.net/rapid") {
			// Use the same examples each time, and store no failures, since the next run would
			// begin with them.
			g.programs[packages[i]] = program{flags: []string{"-rapid.seed=1", "-rapid.nofailfile", "-rapid.shrinktime=1ns"}}
		}
	}
	began := time.Now()
	packages = slices.DeleteFunc(packages, func(pkg string) bool { return !build[pkg] })
	// The go command builds them all in one call: loading the packages and finding what is compiled
	// takes longer than linking a small program.
	var faults error
	for len(packages) > 0 {
		group, others := apart(packages)
		packages = others
		out, err := os.MkdirTemp(dir, "programs-")
		if err != nil {
			return g, err
		}
		words, err := g.run(root, "", true, "go",
			append([]string{"test", "-c", "-vet=off", "-ldflags=-s", "-o", out + string(filepath.Separator)}, group...)...)
		if err != nil {
			faults = errors.Join(faults, fmt.Errorf("%w\n%s", err, indent(words)))
			continue
		}
		for _, pkg := range group {
			g.programs[pkg] = program{path: filepath.Join(out, path.Base(pkg)+".test"), flags: g.programs[pkg].flags}
		}
	}
	if faults != nil {
		fmt.Printf("Together the mutants do not build, so each is built alone, which takes long:\n%v\n", faults)
		for _, m := range all {
			g.alone[m.name] = true
		}
		for pkg, p := range g.programs {
			g.programs[pkg] = program{flags: p.flags}
		}
		return g, nil
	}
	fmt.Printf("%d mutants are in the programs of their tests, %d have to be built alone; built in %.0fs, %.0fs of processor time\n",
		len(all)-len(alone), len(alone), time.Since(began).Seconds(), g.seconds())
	return g, nil
}

// apart returns packages whose test programs have different names, so that they can be in one
// folder, and the others.
func apart(packages []string) (group, others []string) {
	names := map[string]bool{}
	for _, pkg := range packages {
		if name := path.Base(pkg); names[name] {
			others = append(others, pkg)
		} else {
			names[name] = true
			group = append(group, pkg)
		}
	}
	return group, others
}

// mixed writes the overlay with all mutants that can be built together, and returns the others.
// Since one that does not compile would spoil the program of all, the mutants of its file are
// excluded.
func (g *ground) mixed(all []mutant) (alone []mutant, err error) {
	for left := all; ; {
		replace, others, err := together(g.root, g.dir, left)
		if err != nil {
			return nil, err
		}
		if g.overlay, err = writeOverlay(g.root, g.dir, replace); err != nil {
			return nil, err
		}
		var packages []string
		for file := range replace {
			packages = append(packages, "./"+filepath.Dir(file))
		}
		slices.Sort(packages)
		out, err := g.run(g.root, "", true, "go", append([]string{"build"}, slices.Compact(packages)...)...)
		blamed := func(m mutant) bool { return replace[m.file] != "" && strings.Contains(out, replace[m.file]+":") }
		if err == nil || !slices.ContainsFunc(left, blamed) {
			return append(alone, others...), nil // other errors show up when the programs are built
		}
		fmt.Printf("Mutants of a file do not build:\n%s\n", indent(out))
		var rest []mutant
		for _, m := range left {
			if blamed(m) {
				alone = append(alone, m)
			} else {
				rest = append(rest, m)
			}
		}
		left = rest
	}
}

// seconds returns the processor time of all programs run.
func (g ground) seconds() float64 { return time.Duration(g.processor.Load()).Seconds() }

// builders returns how many programs are built concurrently, each by as many processes as there are
// processors.
func builders(workers int) int { return max(min(workers, 2*runtime.GOMAXPROCS(0)), 1) }

// atOnce calls do for each element, at most workers of them concurrently, and waits for all.
func atOnce[T any](workers int, each []T, do func(i int, x T)) {
	slots := make(chan struct{}, workers)
	var wg sync.WaitGroup
	for i, x := range each {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			do(i, x)
		})
	}
	wg.Wait()
}

// readPassed reads the output of go test -json. It returns, for each package as the mutants name
// it, the lines with which go test -v names the tests that passed. A package with a failed test is
// left out, whatever happened afterwards.
func readPassed(path string) (map[string]string, error) {
	if path == "" {
		return nil, nil
	}
	module, err := exec.Command("go", "list", "-m").Output()
	if err != nil {
		return nil, fmt.Errorf("go list -m: %w", err)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := map[string]*strings.Builder{}
	failed := map[string]bool{}
	for dec := json.NewDecoder(f); dec.More(); {
		var e struct{ Action, Package, Test string }
		if err := dec.Decode(&e); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		name := strings.Replace(e.Package, strings.TrimSpace(string(module)), ".", 1)
		switch {
		case e.Action == "fail":
			failed[name] = true
		case e.Action == "pass" && e.Test != "":
			if lines[name] == nil {
				lines[name] = new(strings.Builder)
			}
			fmt.Fprintf(lines[name], "%s%s\n", runs, e.Test)
		}
	}
	passed := map[string]string{}
	for name, text := range lines {
		if !failed[name] {
			passed[name] = text.String()
		}
	}
	return passed, nil
}

// hasPassed reports whether a test has just passed. A test with flags does not count, since the
// flags may change what it does.
func (g ground) hasPassed(test []string) bool {
	pattern, _ := runOf(test)
	return len(g.programs[test[0]].flags) == 0 && ran(g.passed[test[0]], pattern)
}

// baseline runs, without a mutant, every named test that has not just passed, all of a package
// together. It returns the groups in which a test fails or does not exist, by databases, package
// and flags other than -run.
func (g ground) baseline(all []mutant, workers int) (doubted map[string][][]string) {
	began := time.Now()
	seen := map[string]bool{}
	tests := map[string][][]string{}
	doubted = map[string][][]string{}
	before := 0
	for _, m := range all {
		if g.lacks(m) {
			continue
		}
		for _, test := range m.tests {
			if words := strings.Join(test, " "); !seen[words] {
				seen[words] = true
				if g.hasPassed(test) {
					before++
					continue
				}
				_, others := runOf(test)
				key := strings.Join(others, " ")
				if m.both(test) {
					key = onBoth + key
				}
				tests[key] = append(tests[key], test)
			}
		}
	}
	var mu sync.Mutex
	atOnce(workers, slices.Sorted(maps.Keys(tests)), func(_ int, key string) {
		if g.holds(key, tests[key]) {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		doubted[key] = tests[key]
	})
	fmt.Printf("without a mutant: %d tests in %.0fs, %d had just passed\n", len(seen)-before, time.Since(began).Seconds(), before)
	return doubted
}

// holds reports whether the tests of a group exist and pass when they are run together.
func (g ground) holds(key string, tests [][]string) bool {
	var patterns []string
	for _, test := range tests {
		pattern, _ := runOf(test)
		patterns = append(patterns, pattern)
	}
	key, both := strings.CutPrefix(key, onBoth)
	out, err := g.test("", append(strings.Fields(key), "-timeout", "600s", "-run", strings.Join(patterns, "|")), both)
	return err == nil && !slices.ContainsFunc(patterns, func(pattern string) bool { return !ran(out, pattern) })
}

// prove runs groups of tests again, with nothing else running. If a group still fails, each of its
// tests is run alone, to name the one at fault.
func (g ground) prove(groups map[string][][]string) (faults error) {
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		if g.holds(key, groups[key]) {
			continue
		}
		for _, test := range groups[key] {
			pattern, _ := runOf(test)
			out, err := g.test("", test, strings.HasPrefix(key, onBoth))
			switch {
			case err != nil:
				faults = errors.Join(faults, fmt.Errorf("go test %s fails without any mutant:\n%s", strings.Join(test, " "), indent(out)))
			case !ran(out, pattern):
				faults = errors.Join(faults, fmt.Errorf("go test %s runs no test", strings.Join(test, " ")))
			}
		}
	}
	return faults
}

// runOf separates the pattern of -run from the other arguments; "" for none.
func runOf(test []string) (pattern string, others []string) {
	i := slices.Index(test, "-run")
	if i < 0 || i+1 >= len(test) {
		return "", test
	}
	return test[i+1], slices.Concat(test[:i], test[i+2:])
}

// runs precedes the name of a test in the output of go test -v.
const runs = "=== RUN   "

// ran reports whether the output of go test -v names a test that the pattern selects. The pattern
// is read as package testing does: elements separated by slashes, alternatives by bars, except
// within brackets.
func ran(out, pattern string) bool {
	for line := range strings.SplitSeq(out, "\n") {
		name, found := strings.CutPrefix(line, runs)
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

// onBoth is the prefix of the key of a group of tests that run on both databases.
const onBoth = "both "

// both reports whether a test of the mutant runs on both databases, not only on SQLite.
func (m mutant) both(test []string) bool {
	return m.postgres || strings.Contains(strings.Join(test, " "), "postgres")
}

// stories returns the number of the mutant's tests of whole desks, which take longer than others.
func (m mutant) stories() int {
	n := 0
	for _, test := range m.tests {
		if strings.HasPrefix(test[0], "./cmd/") {
			n++
		}
	}
	return n
}

func (g ground) lacks(m mutant) bool { return m.postgres && g.postgres == "" }

// try runs the tests of the mutant with the mutant active.
func (g ground) try(m mutant) (verdict, string) {
	if g.lacks(m) {
		return left, ""
	}
	text, err := os.ReadFile(filepath.Join(g.root, m.file))
	if err != nil {
		return unfit, err.Error()
	}
	if n := strings.Count(string(text), m.before); n != 1 {
		return unfit, fmt.Sprintf("its lines stand %d times in %s: bring it up to date", n, m.file)
	}
	test := func(test []string) (string, error) { return g.test(m.name, test, m.both(test)) }
	if g.alone[m.name] {
		dir, err := os.MkdirTemp(g.dir, "alone-")
		if err != nil {
			return unfit, err.Error()
		}
		broken := filepath.Join(dir, "broken.go")
		if err := os.WriteFile(broken, []byte(strings.Replace(string(text), m.before, m.after, 1)), 0o644); err != nil {
			return unfit, err.Error()
		}
		overlay, err := writeOverlay(g.root, dir, map[string]string{m.file: broken})
		if err != nil {
			return unfit, err.Error()
		}
		test = func(test []string) (string, error) { return g.testAlone(overlay, test, m.both(test)) }
	}
	for _, words := range m.tests {
		out, err := test(words)
		if err == nil {
			continue
		}
		if strings.Contains(out, "[build failed]") || strings.Contains(out, "[setup failed]") {
			return unfit, "it does not compile:\n" + out
		}
		if strings.Contains(out, "--- FAIL") || strings.Contains(out, "panic:") || strings.Contains(out, "FAIL\t") {
			return killed, ""
		}
		return unfit, fmt.Sprintf("the test could not run: %v\n%s", err, out)
	}
	return survived, "no test noticed it: " + fmt.Sprint(m.tests)
}

// writeOverlay writes an overlay file for the go command, which replaces files (relative to the
// root), and returns its path.
func writeOverlay(root, dir string, replace map[string]string) (string, error) {
	whole := map[string]string{}
	for file, by := range replace {
		whole[filepath.Join(root, file)] = by
	}
	text, err := json.Marshal(map[string]map[string]string{"Replace": whole})
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, text, 0o644)
}

// test runs the test program of a package, with the arguments that go test would get, while the
// mutant alive is active; "" for none.
func (g ground) test(alive string, test []string, both bool) (string, error) {
	p := g.programs[test[0]]
	if p.path == "" {
		return g.testAlone(os.DevNull, test, both)
	}
	args := append([]string{"-test.v", "-test.failfast", "-test.timeout=90s"}, p.flags...)
	for _, word := range test[1:] {
		if name, isFlag := strings.CutPrefix(word, "-"); isFlag {
			word = "-test." + name
		}
		args = append(args, word)
	}
	return g.run(filepath.Join(g.root, test[0]), alive, both, p.path, args...)
}

// testAlone builds and runs a test by the go command, with this overlay instead of the shared one.
func (g ground) testAlone(overlay string, test []string, both bool) (string, error) {
	g.overlay = overlay
	args := append([]string{"test", "-v", "-count=1", "-vet=off", "-ldflags=-s", "-timeout", "90s", "-failfast"}, test...)
	return g.run(g.root, "", both, "go", append(args, g.programs[test[0]].flags...)...)
}

func (g ground) run(dir, alive string, both bool, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	// The overlay is not passed as a flag, so that tests that run the go command see the broken
	// text too.
	flags := os.Getenv("GOFLAGS")
	if g.overlay != os.DevNull {
		flags = strings.TrimSpace(flags + " -overlay=" + g.overlay)
	}
	cmd.Env = append(os.Environ(), "TIERDESK_TEST_POSTGRES="+g.postgres, chosen+"="+alive, "GOFLAGS="+flags)
	if !both {
		cmd.Env = append(cmd.Env, "TIERDESK_TEST_DATABASE=sqlite")
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if cmd.ProcessState != nil {
		g.processor.Add(int64(cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()))
	}
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
