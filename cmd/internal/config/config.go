// Package config reads the desk folder: the text files in which an admin configures the desk. It
// owns the format of those files: their keys, their faults with file, line and column, the JSON
// Schemas and the reference page generated from them, and the commented folder that `tierdesk init`
// writes. It is the only importer of YAML.
//
// It fills values that lower packages own (tickets.Service, tickets.Directory, rules.File,
// templates.File, phrase.File) and has those packages check what they know best. It must never know
// a database, mail servers or what becomes of a mail, and it never repairs anything: a folder with
// a fault is not loaded.
//
//	tierdesk.yaml      Main: connections and addresses, read at the start
//	all other files    Policy: what decisions depend on, read again when saved
package config

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"tierdesk/mailin"
	"tierdesk/rules"
	"tierdesk/rules/fault"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/articles"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/sla"
)

// Names of the files of the desk folder.
const (
	mainName    = "tierdesk.yaml"
	serviceName = "service.yaml"
	peopleName  = "people.yaml"
	rulesDir    = "rules"
	mailsDir    = "templates"
	repliesDir  = "replies"
	formsDir    = "forms"
	kbDir       = "kb"
)

// Desk is a complete desk folder without faults. It must not be modified.
type Desk struct {
	Dir  string // absolute
	Main Main
	*Policy
	// Warnings are about what is allowed but probably wrong, such as a secret that everybody can
	// read. They include those of Policy.
	Warnings fault.List
}

// Policy is the content of the policy files: all files but tierdesk.yaml. It is replaced as a whole
// when they change. It must not be modified.
type Policy struct {
	Service   tickets.Service
	Calendar  *sla.Calendar // the desk's own; nil is round the clock
	People    tickets.Directory
	Rules     *rules.Set
	RuleFiles []rules.File // what Rules was compiled from, for the admins' tests
	Templates *templates.Set
	Replies   *templates.Replies
	Forms     tickets.Forms
	Phrases   *phrase.Book
	Articles  *articles.Index
	// Hash is the hash of all policy files, in hex: two folders with the same hash lead to the same
	// decisions.
	Hash string

	warnings fault.List
	holidays []holidaySource
}

// Load reads the whole desk folder. Its error is a fault.List with all faults of all files. It does
// not change the folder, connect to servers or read secrets. It returns when ctx ends, and within
// loadTime.
func Load(ctx context.Context, dir string) (*Desk, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("the desk folder %s: %w", dir, err)
	}
	return within(ctx, dir, func(ctx context.Context, faults *fault.List) *Desk {
		if !isFolder(dir, abs, faults) {
			return nil
		}
		var warnings fault.List
		main := loadMain(abs, faults, &warnings)
		policy := loadPolicy(ctx, abs, main, faults)
		if len(*faults) > 0 {
			return nil
		}
		warnings = append(warnings, policy.warnings...)
		return &Desk{Dir: abs, Main: *main, Policy: policy, Warnings: ordered(warnings)}
	})
}

// LoadMain reads only tierdesk.yaml, for commands that need nothing but the database. Its error is
// a fault.List.
func LoadMain(ctx context.Context, dir string) (*Main, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("the desk folder %s: %w", dir, err)
	}
	return within(ctx, dir, func(_ context.Context, faults *fault.List) *Main {
		if !isFolder(dir, abs, faults) {
			return nil
		}
		var warnings fault.List
		return loadMain(abs, faults, &warnings)
	})
}

// isFolder adds a fault if there is no folder at abs, which a person named dir.
func isFolder(dir, abs string, faults *fault.List) bool {
	if info, err := os.Stat(abs); err == nil && !info.IsDir() || missing(err) {
		faults.Add(fault.Place{File: dir}, "tierdesk init DIR writes a desk folder, -C DIR names one", "there is no such folder")
		return false
	}
	return true
}

// LoadPolicy reads the policy files, for a running desk that keeps its connections. Its error is a
// fault.List with all faults; the caller then keeps its present policy. It does not check what open
// tickets still need: see Missing. It returns when ctx ends, and within loadTime.
func LoadPolicy(ctx context.Context, dir string, main *Main) (*Policy, error) {
	return within(ctx, dir, func(ctx context.Context, faults *fault.List) *Policy {
		return loadPolicy(ctx, dir, main, faults)
	})
}

// loadMain returns nil if the file cannot be read at all.
func loadMain(dir string, faults, warnings *fault.List) *Main {
	source, err := readFile(filepath.Join(dir, mainName))
	if err != nil {
		hint := ""
		if missing(err) {
			hint = "tierdesk init DIR writes a desk folder, -C DIR names one"
		}
		faults.Add(fault.Place{File: mainName}, hint, "the file cannot be read: %s", why(err))
		return nil
	}
	var f mainFile
	if !readYAML(mainName, source, &f, faults) {
		return nil
	}
	m := f.build(dir, faults, warnings)
	return &m
}

// loadPolicy reads as much as it can. If a file cannot be read at all, references to it in other
// files are not checked, so that its absence is reported once and not for each name.
func loadPolicy(ctx context.Context, dir string, main *Main, faults *fault.List) *Policy {
	d := &Policy{}
	seen := newFolder(ctx, dir, faults, &d.warnings)
	seen.unread()
	if main == nil {
		main = &Main{}
	}
	zone := main.Location

	var people peopleFile
	havePeople := seen.yaml(peopleName, &people)
	if havePeople {
		d.People = people.build(main.Inboxes, orUTC(zone), faults, &d.warnings)
	}
	var service serviceFile
	haveService := seen.yaml(serviceName, &service)
	if haveService {
		known := &d.People
		if !havePeople {
			known = nil
		}
		d.Service, d.Calendar, d.holidays = service.build(seen, orUTC(zone), known, main.Inboxes, faults)
	}
	if havePeople {
		knownToRestrict(main.Inboxes, &d.People, faults)
	}
	if havePeople && haveService {
		people.vendorCalendars(&d.People, &service, faults)
		d.warnings = append(d.warnings, emptyTeams(&service, d)...)
		d.warnings = append(d.warnings, nobodyOnCall(&service, d, faults)...)
	}

	templatesFiles := seen.mails(main.Inboxes)
	if ctx.Err() != nil {
		return nil // abandoned: nobody waits for the result
	}
	set, tf := templates.Load(templatesFiles)
	*faults = append(*faults, tf...)
	d.Templates = set
	replies, rf := templates.LoadReplies(seen.templates(repliesDir))
	*faults = append(*faults, rf...)
	d.Replies = replies
	book, pf := phrase.Load(seen.phrases(), main.Language)
	*faults = append(*faults, pf...)
	d.Phrases = book

	d.Forms = seen.forms(d, havePeople)
	for _, name := range seen.list(rulesDir, ".yaml", ".yml") {
		var f rulesFile
		if seen.yaml(name, &f) {
			d.RuleFiles = append(d.RuleFiles, f.build(name, inboxOf(main.Inboxes), faults, &d.warnings))
		}
	}
	if havePeople {
		notesOutside(d, main.Admin, faults)
	}
	d.unusedTemplates(templatesFiles)
	if havePeople && haveService && notTooMany(d.RuleFiles, faults) && ctx.Err() == nil {
		compiled, rf := rules.Compile(d.RuleFiles, ruleNames(d, templatesFiles))
		*faults = append(*faults, rf...)
		d.Rules = compiled
	}

	var pages []articles.Article
	owners := &d.People
	if !havePeople {
		owners = nil
	}
	for _, name := range seen.list(kbDir, ".md") {
		if a, ok := seen.article(name, main, owners); ok {
			pages = append(pages, a)
		}
	}
	d.Articles = articles.New(pages, main.Language)
	d.Hash = seen.hash()
	return d
}

// unusedTemplates adds a warning for each of the admin's files in templates/ that nothing uses: its
// name is that of no mail of the desk, no rule replies with it, and no other file takes it in.
func (d *Policy) unusedTemplates(own []templates.File) {
	set, faults := templates.Load(nil)
	if len(faults) > 0 {
		return // a test prevents that from being released
	}
	used := slices.Concat(set.Names(), set.Pieces())
	for _, f := range d.RuleFiles {
		for _, r := range f.Rules {
			for _, a := range r.Do {
				used = append(used, a.Template)
			}
		}
	}
	for _, file := range own {
		name, _, _ := strings.Cut(path.Base(file.Name), ".")
		piece, isPiece := strings.CutPrefix(name, "_")
		takesIn := func(other templates.File) bool { return strings.Contains(other.Text, `template "`+piece+`"`) }
		at := fault.Place{File: mailsDir + "/" + file.Name}
		switch near := fault.Nearest(name, used); {
		case slices.Contains(used, name) || isPiece && slices.ContainsFunc(own, takesIn):
		case near != "":
			d.warnings.Add(at, fmt.Sprintf("did you mean %q?", near), "it has no effect: no mail of the desk is called %q", name)
		case isPiece:
			d.warnings.Add(at, `a mail takes it in with {{template "`+piece+`" .}}`, "it has no effect: no mail takes it in")
		default:
			d.warnings.Add(at, "a rule sends it with reply: "+name,
				"it has no effect: no mail of the desk is called %q, and no rule replies with it", name)
		}
	}
}

// notesOutside looks for rules that would forward what was written for colleagues to an address
// that is neither an agent's nor the admin's. A rule that could forward nothing else is a fault.
// For other rules, and for those that say forward_notes explicitly, there is a warning.
func notesOutside(d *Policy, admin string, faults *fault.List) {
	forOutside := func(event string) bool { return !rules.Internal(event) }
	for _, f := range d.RuleFiles {
		for _, r := range f.Rules {
			for _, a := range r.Do {
				outside := a.Kind == rules.KindForward && d.People.AgentBy(a.Forward) == nil &&
					mailin.Fold(a.Forward) != mailin.Fold(admin)
				at := a.Places["forward"]
				switch {
				case !outside:
				case a.Notes:
					d.warnings.Add(at, "forward: leaves notes out", "what colleagues write for each other goes outside, to %s", a.Forward)
				case len(r.On) > 0 && !slices.ContainsFunc(r.On, forOutside):
					faults.Add(at, "the address of an agent, or forward_notes: "+a.Forward,
						"nothing would be sent on: what is written at %s is for colleagues, and %s is not one of them",
						strings.Join(r.On, ", "), a.Forward)
				case slices.ContainsFunc(r.On, rules.Internal):
					d.warnings.Add(at, "forward_notes: sends them, too", "no note is sent on to %s, who is no agent", a.Forward)
				}
			}
		}
	}
}

// notTooMany reports whether the rules and tests are few enough to be compiled.
func notTooMany(files []rules.File, faults *fault.List) bool {
	n, tests := 0, 0
	for _, f := range files {
		n, tests = n+len(f.Rules), tests+len(f.Tests)
	}
	if n <= maxRules && tests <= maxRules {
		return true
	}
	faults.Add(fault.Place{File: rulesDir}, fmt.Sprintf("at most %d of each", maxRules), "there are %d rules and %d tests", n, tests)
	return false
}

// emptyTeams returns a warning for each tier at which nobody works.
func emptyTeams(f *serviceFile, d *Policy) fault.List {
	var out fault.List
	for _, t := range d.Service.Tiers {
		if t.Team == "" || len(d.People.Members(t.Team)) > 0 {
			continue
		}
		at := fault.Place{File: serviceName}
		for _, b := range f.Tiers {
			if b.Level.given() && b.Level.n == t.Level {
				at = b.Team.at
			}
		}
		out.Add(at, "add it to the teams of an agent in people.yaml", "nobody is in the team %q of tier %d", t.Team, t.Level)
	}
	return out
}

// checkMergeKey returns what is wrong with a merge_key of a rule.
func checkMergeKey(value string) error {
	_, err := tickets.ParseMergeKey(value)
	return err
}

// ruleNames returns the names that rules may use.
func ruleNames(d *Policy, own []templates.File) rules.Names {
	n := rules.Names{Priorities: priorityNames(&d.Service), Teams: teamNames(&d.People), Agents: agentNames(&d.People),
		OnCall: calls(&d.People),
		Carried: map[rules.ActionKind]rules.Values{rules.KindVendor: {What: "vendor", Names: vendorNames(&d.People)},
			rules.KindAsk:     {What: "form", Names: d.Forms.Names()},
			rules.KindProblem: {What: "key"}, rules.KindMergeKey: {What: "key", Check: checkMergeKey}}}
	for _, s := range tickets.Statuses() {
		n.Statuses = append(n.Statuses, string(s))
	}
	for _, t := range d.Service.Tiers {
		if t.Outside {
			n.OutsideTiers = append(n.OutsideTiers, t.Level)
		} else {
			n.Tiers = append(n.Tiers, t.Level)
		}
	}
	n.Templates, n.Mails = templateNames(d.Templates, own)
	return n
}
