package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const module = "tierdesk/"

// pkg is what `go list -json` tells of a package.
type pkg struct {
	Dir          string
	ImportPath   string
	Name         string
	Doc          string
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// path is the package's path in the house.
func (p pkg) path() string { return strings.TrimPrefix(p.ImportPath, module) }

// The floors, from the ground up. A package may import its own floor and those below, except where floors says alone.
const (
	ground       = iota // the database
	pure                // values, and functions of values: no database, no clock, no network
	middle              // what keeps its state in the database
	wires               // what speaks a protocol or makes what goes over the wire
	parts               // what decisions are made of: the mail that came, the mails that go out
	engine              // decisions themselves
	capabilities        // what each kind of mail, command and timer means
	acting              // the two that act
	top                 // programs and their wiring
)

// floorOf names each package's floor by the longest path that fits; what is not named is in the middle.
var floorOf = map[string]int{
	"cmd":                top,
	"tickets/desk":       acting,
	"mailout/smtp":       acting,
	"mailin/imap":        wires,
	"mailin/clamd":       wires,
	"mailout/compose":    wires,
	"mailin":             pure, // and parse, classify, quote, thread, read
	"mailin/ledger":      middle,
	"rules":              pure,
	"templates":          pure,
	"tickets":            pure, // and sla, commands, phrase, view, confidential
	"tickets/store":      middle,
	"tickets/timers":     middle,
	"tickets/arrival":    parts,
	"tickets/notice":     parts,
	"tickets/decision":   engine,
	"tickets/ratelimit":  engine,
	"tickets/side":       engine,
	"tickets/approval":   engine,
	"tickets/answers":    pure,
	"tickets/form":       capabilities,
	"tickets/consult":    capabilities,
	"tickets/vendor":     capabilities,
	"tickets/problem":    capabilities,
	"tickets/idea":       capabilities,
	"tickets/monitoring": capabilities,
	"tickets/recurring":  capabilities,
	"tickets/rota":       capabilities,
	"tickets/stock":      capabilities,
	"tickets/kb":         capabilities,
	"tickets/away":       capabilities,
	"tickets/customer":   capabilities,
	"tickets/onbehalf":   capabilities,
	"tickets/elsewhere":  capabilities,
	"tickets/agent":      capabilities,
	"tickets/machine":    capabilities,
	"tickets/quarantine": capabilities,
	"tickets/merge":      capabilities,
	"tickets/canary":     capabilities,
	"tickets/search":     capabilities,
	"mailout":            middle,
	"migrations":         ground,
}

var floorNames = []string{"the ground", "values and pure things", "the middle packages", "mailin/imap and mailout/compose", "what decisions are made of", "the engine", "the capabilities", "tickets/desk and mailout/smtp", "cmd"}

// alone are the floors whose packages do not import each other: each can be understood, tested and replaced without its neighbour.
var alone = []int{wires, parts, capabilities, acting}

// strangers must not know of each other, whatever their floors.
var strangers = []struct{ who, whom, why string }{
	{"mailin", "tickets", "reading mail is the same whatever is done with it: mailin knows no tickets"},
	{"mailin", "rules", "reading mail is the same whatever is decided: mailin knows no rules"},
	{"mailin", "templates", "mailin reads, it never writes mail"},
	{"mailin", "mailout", "mailin reads, it never sends; keyed addresses are checked by a function value that app sets"},
	{"rules", "tickets", "rules are evaluated on facts alone, so that their owners can test them: rules know no tickets"},
	{"rules", "migrations", "rules are pure: no database"},
	{"rules", "mailout", "rules say what should be done, others do it"},
	{"mailout", "tickets", "the outbox carries any mail: mailout knows no tickets"},
	{"mailout", "rules", "the outbox carries any mail: mailout knows no rules"},
	{"templates", "tickets", "templates see facts alone, so that they can be checked at load"},
	{"templates", "migrations", "rendering is pure: no database"},
	{"tickets/answers/page", "tickets/answers/prose", "lines and sentences are read apart; answers puts them together"},
	{"tickets/answers/layout", "tickets/answers/prose", "lines and sentences are read apart; answers puts them together"},
	{"tickets/answers/prose", "tickets/answers/page", "lines and sentences are read apart; answers puts them together"},
	{"tickets", "mailin/imap", "the desk takes mails from a Handler's caller, it never fetches"},
	{"tickets", "mailout/smtp", "the desk queues mails in its transaction, it never sends"},
}

// libraries are used in these places alone, so that each can be replaced, and its traps are worked around, in one place.
var libraries = []struct {
	library string
	users   []string
	why     string
}{
	{"github.com/emersion/go-imap/", []string{"mailin/imap", "cmd/internal/demo", "cmd/internal/testing"}, "it loses mail if used plainly; mailin/imap works around that"},
	{"github.com/jmoiron/sqlx", []string{"migrations/sqldb"}, "sqldb is the only way to the database"},
	{"github.com/lib/pq", []string{"migrations/sqldb"}, "sqldb is the only way to the database"},
	{"modernc.org/sqlite", []string{"migrations/sqldb"}, "sqldb is the only way to the database"},
	{"github.com/pressly/goose/", []string{"migrations"}, "migrations owns the schema"},
	{"go.yaml.in/yaml/", []string{"cmd/internal/config"}, "config reads the desk folder strictly, with every fault at once"},
	{"github.com/expr-lang/expr", []string{"rules"}, "rules bounds what an expression may cost"},
	{"github.com/wneessen/go-mail", []string{"mailout/compose", "mailout/smtp"}, "one place makes mail, one sends it"},
	{"net/smtp", []string{"cmd/internal/testing"}, "mailout/smtp is the only place that speaks SMTP"},
	{"github.com/emersion/go-smtp", []string{"cmd/internal/demo", "cmd/internal/testing"}, "it is for embedded servers"},
	{"github.com/Shopify/toxiproxy/", []string{"cmd/internal/testing"}, "it is for tests"},
	{"github.com/alecthomas/kong", []string{"cmd/internal/cli", "cmd/tierdesk"}, "cli owns the command line"},
	{"github.com/VictoriaMetrics/", []string{"cmd/internal/ops"}, "ops owns the metrics"},
	{"testing", []string{"migrations/dbtest", "cmd/internal/testing", "mailin/imap/imaptest"}, "it is for tests"},
	{"unsafe", nil, "nothing here needs it"},
}

// testGround are packages that are for tests alone.
var testGround = []string{"migrations/dbtest", "cmd/internal/testing", "mailin/imap/imaptest"}

// below reports whether a package is the named one or inside of it.
func below(path, name string) bool { return path == name || strings.HasPrefix(path, name+"/") }

func belowAny(path string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return below(path, name) })
}

func floor(path string) int {
	best, found := "", middle
	for name, f := range floorOf {
		if below(path, name) && len(name) > len(best) {
			best, found = name, f
		}
	}
	return found
}

func TestImportsGoDown(t *testing.T) {
	for _, p := range list(t) {
		from := p.path()
		for _, imported := range p.Imports {
			to, ours := strings.CutPrefix(imported, module)
			if !ours {
				continue
			}
			if belowAny(to, testGround) && !belowAny(from, testGround) {
				t.Errorf("%s imports %s: that one is for tests alone", from, to)
			}
			if belowAny(from, testGround) {
				continue // test support stands beside what it tests
			}
			here, there := floor(from), floor(to)
			switch {
			case there > here:
				t.Errorf("%s imports %s: imports go down only. %s is on the floor of %s, %s higher up with %s. What has to point up is a function value or a small interface that app sets",
					from, to, from, floorNames[here], to, floorNames[there])
			case here == pure && there == ground:
				t.Errorf("%s imports %s: %s is pure, without database: whoever calls it reads and writes", from, to, from)
			case here == ground && !below(to, "migrations"):
				t.Errorf("%s imports %s: the ground must never know what is stored", from, to)
			case here == there && slices.Contains(alone, here) && !sameRoom(from, to):
				t.Errorf("%s imports %s: neighbours on the floor of %s do not know each other", from, to, floorNames[here])
			}
		}
	}
}

// sameRoom reports whether two packages are parts of the same named one.
func sameRoom(a, b string) bool {
	for name := range floorOf {
		if name != "mailin" && name != "mailout" && name != "tickets" && below(a, name) && below(b, name) {
			return true
		}
	}
	return false
}

// rooms are packages of several, each named from the ground up: one may import those named before it. The first so many know no tickets.
var rooms = []struct {
	path  string
	order []string
	free  int
	why   string
}{
	{"tickets/answers", []string{"lexicon", "reading", "clause", "yesno", "day", "number", "choice", "value", "sheet",
		"statement", "mention", "affirm", "label", "prose", "page", "layout", ""}, 6,
		"values are read from words alone, so that they can be tested without a form; where an answer stands in a mail is found above them"},
}

func TestRoomsHaveAnOrder(t *testing.T) {
	for _, r := range rooms {
		place := func(path string) int {
			return slices.Index(r.order, strings.TrimPrefix(strings.TrimPrefix(path, r.path), "/"))
		}
		seen := 0
		for _, p := range list(t) {
			if !below(p.path(), r.path) {
				continue
			}
			seen++
			here := place(p.path())
			if here < 0 {
				t.Errorf("%s: the room %s does not say which of its packages may import it", p.path(), r.path)
				continue
			}
			for _, imported := range p.Imports {
				to := strings.TrimPrefix(imported, module)
				if to == "tickets" && here < r.free || below(to, r.path) && place(to) >= here {
					t.Errorf("%s imports %s: %s", p.path(), to, r.why)
				}
			}
		}
		if seen != len(r.order) {
			t.Errorf("%s has %d packages, and %d are named", r.path, seen, len(r.order))
		}
	}
}

func TestStrangersStayStrangers(t *testing.T) {
	for _, p := range list(t) {
		for _, imported := range p.Imports {
			to, ours := strings.CutPrefix(imported, module)
			for _, s := range strangers {
				if ours && below(p.path(), s.who) && below(to, s.whom) && !belowAny(p.path(), testGround) {
					t.Errorf("%s imports %s: %s", p.path(), to, s.why)
				}
			}
		}
	}
}

func TestLibrariesHaveOneHome(t *testing.T) {
	for _, p := range list(t) {
		for _, imported := range p.Imports {
			for _, l := range libraries {
				fits := imported == strings.TrimSuffix(l.library, "/") || strings.HasPrefix(imported, strings.TrimSuffix(l.library, "/")+"/")
				if fits && !belowAny(p.path(), l.users) {
					t.Errorf("%s imports %s, which is for %s: %s", p.path(), imported, strings.Join(l.users, ", "), l.why)
				}
			}
		}
	}
}

// The top level is fixed, and names say what a package is for.
func TestNames(t *testing.T) {
	topLevel := []string{"cmd", "mailin", "mailout", "tickets", "rules", "templates", "migrations"}
	vague := []string{"util", "utils", "helper", "helpers", "common", "misc", "shared", "base", "lib", "types", "models"}
	for _, p := range list(t) {
		first, _, _ := strings.Cut(p.path(), "/")
		if !slices.Contains(topLevel, first) {
			t.Errorf("%s: the top level is %s", p.path(), strings.Join(topLevel, " "))
		}
		if slices.Contains(vague, p.Name) || slices.Contains(vague, filepath.Base(p.path())) {
			t.Errorf("%s: a name says what a package owns; this one would take in anything", p.path())
		}
	}
}

// list returns the packages of this module.
func list(t *testing.T) []pkg {
	t.Helper()
	all, err := listOnce()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var listOnce = sync.OnceValues(func() ([]pkg, error) {
	cmd := exec.Command("go", "list", "-e", "-json=Dir,ImportPath,Name,Doc,GoFiles,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = filepath.Join("..", "..", "..", "..")
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return nil, fmt.Errorf("go list: %w\n%s", err, exit.Stderr)
		}
		return nil, err
	}
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
		// The go command remembers a test's result as long as the files that the test itself looked at are the same.
		if _, err := os.ReadDir(p.Dir); err != nil {
			return nil, err
		}
		for _, name := range p.GoFiles {
			if _, err := os.Stat(filepath.Join(p.Dir, name)); err != nil {
				return nil, err
			}
		}
	}
	if len(all) < 20 {
		return nil, fmt.Errorf("only %d packages: this test has lost the house", len(all))
	}
	return all, nil
})
