package config

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tierdesk/rules/fault"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/articles"
	"tierdesk/tickets/phrase"
)

// folder reads the policy files, each once, and keeps them for the hash.
type folder struct {
	ctx    context.Context // when it ends, no further file is read; a folder lives for one load only
	dir    string
	files  map[string][]byte
	size   int // of all of them
	faults *fault.List

	warnings *fault.List
}

func newFolder(ctx context.Context, dir string, faults, warnings *fault.List) *folder {
	return &folder{ctx: ctx, dir: dir, files: map[string][]byte{}, faults: faults, warnings: warnings}
}

// read returns the content of a file. name is relative to the folder, with slashes.
func (f *folder) read(name string) ([]byte, error) {
	if b, ok := f.files[name]; ok {
		return b, nil
	}
	if f.ctx.Err() != nil {
		return nil, context.Cause(f.ctx)
	}
	b, err := readFile(filepath.Join(f.dir, filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	if f.size += len(b); f.size > maxFolderSize {
		return nil, fmt.Errorf("the files of the desk folder are larger than %d MB together", maxFolderSize>>20)
	}
	f.files[name] = b
	return b, nil
}

// must reads a file and reports a fault if it cannot be read.
func (f *folder) must(name string) ([]byte, bool) {
	b, err := f.read(name)
	if err != nil {
		hint := ""
		if missing(err) {
			hint = "it must be there, even if it is empty"
		} else if errors.Is(err, fs.ErrPermission) {
			hint = "let the desk's user read it"
		}
		f.faults.Add(fault.Place{File: name}, hint, "the file cannot be read: %s", why(err))
	}
	return b, err == nil
}

// yaml reads a YAML file that must exist. It returns false if nothing of it could be read.
func (f *folder) yaml(name string, into any) bool {
	b, ok := f.must(name)
	return ok && readYAML(name, b, into, f.faults)
}

// text reads a text file.
func (f *folder) text(name string) ([]byte, bool) {
	b, ok := f.must(name)
	if place, bad := notText(name, b); ok && bad {
		f.faults.Add(place, "save it as UTF-8", "the file is not a text in UTF-8")
		return nil, false
	}
	return b, ok
}

// list returns the files of a subfolder whose names end in ending, sorted by name. Files with one
// of the wrong endings are reported, since they were probably meant for the desk. Editors' backups
// and hidden files are ignored. A missing subfolder counts as empty.
func (f *folder) list(sub string, ending string, wrong ...string) []string {
	names, err := listFolder(filepath.Join(f.dir, sub))
	if err != nil && !missing(err) {
		f.faults.Add(fault.Place{File: sub}, "let the desk's user read it", "the folder cannot be read: %s", why(err))
	}
	slices.Sort(names)
	var out []string
	for _, name := range names {
		switch ext := path.Ext(name); {
		case hidden(name):
		case ext == ending:
			out = append(out, path.Join(sub, name))
		case slices.Contains(wrong, ext):
			f.faults.Add(fault.Place{File: path.Join(sub, name)}, "name it "+strings.TrimSuffix(name, ext)+ending,
				"only files that end in %s are read", ending)
		}
	}
	if len(out) > maxFolderFiles {
		f.faults.Add(fault.Place{File: sub}, "move the others elsewhere", "there are %d files in it: more than %d are not read",
			len(out), maxFolderFiles)
		return nil
	}
	return out
}

// unread adds warnings for files that look as if they were meant for the desk and are not read.
func (f *folder) unread() {
	names, err := listFolder(f.dir)
	if err != nil {
		return // reading the files reports that
	}
	slices.Sort(names)
	known := []string{mainName, serviceName, peopleName}
	for _, name := range names {
		place := fault.Place{File: name}
		ext := path.Ext(name)
		switch {
		case hidden(name) || slices.Contains(known, name):
		case ext == ".yaml" || ext == ".yml":
			f.warnings.Add(place, "the files are "+strings.Join(known, ", ")+" and those in "+rulesDir+"/ and "+formsDir+"/",
				"it is not read")
		case ext == ".txt" && strings.HasPrefix(name, "phrases"):
			f.warnings.Add(place, "move it to "+mailsDir+"/", "it is not read")
		default:
			f.misspelt(name)
		}
	}
	f.unreadIn(mailsDir, ".md", "mails are in files that end in .md, and phrases.LANGUAGE.txt")
	f.unreadIn(repliesDir, ".md", "stock replies are in files that end in .md")
	f.unreadIn(rulesDir, ".yaml", "rules are in files that end in .yaml")
	subs := []string{rulesDir, repliesDir, formsDir, kbDir}
	if inboxes, err := listFolder(filepath.Join(f.dir, mailsDir)); err == nil {
		for _, name := range inboxes {
			sub := path.Join(mailsDir, name)
			if info, err := os.Stat(filepath.Join(f.dir, sub)); !hidden(name) && err == nil && info.IsDir() {
				subs = append(subs, sub) // of an inbox
			}
		}
	}
	for _, sub := range subs {
		names, err := listFolder(filepath.Join(f.dir, sub))
		if err != nil {
			continue
		}
		slices.Sort(names)
		for _, name := range names {
			info, err := os.Stat(filepath.Join(f.dir, sub, name))
			if sub == kbDir && name == "drafts" {
				continue // `tierdesk init` writes them, and nobody takes them for articles
			}
			if !hidden(name) && err == nil && info.IsDir() && path.Ext(name) == "" {
				f.warnings.Add(fault.Place{File: path.Join(sub, name)}, "put the files into "+sub+"/ itself",
					"a folder within %s/ is not read", sub)
			}
		}
	}
}

// unreadIn adds warnings for the files of a subfolder whose names do not end as those that are
// read. Files that are a fault because of their ending get none.
func (f *folder) unreadIn(sub, ending, hint string) {
	names, err := listFolder(filepath.Join(f.dir, sub))
	if err != nil {
		return // reading the files reports that
	}
	slices.Sort(names)
	for _, name := range names {
		ext := path.Ext(name)
		switch info, err := os.Stat(filepath.Join(f.dir, sub, name)); {
		case err != nil || info.IsDir() || hidden(name) || strings.HasPrefix(name, "README"):
		case ext == ending || slices.Contains(wrongEndings(ending), ext):
		case sub == mailsDir && ext == ".txt" && strings.HasPrefix(name, "phrases"):
		default:
			f.warnings.Add(fault.Place{File: path.Join(sub, name)}, hint, "it is not read")
		}
	}
}

// wrongEndings returns the endings that people give to files which should end in ending.
func wrongEndings(ending string) []string {
	if ending == ".yaml" {
		return []string{".yml"}
	}
	return []string{".markdown", ".html", ".htm"}
}

// misspelt adds a warning for a folder whose name is a letter off one that is read.
func (f *folder) misspelt(name string) {
	if info, err := os.Stat(filepath.Join(f.dir, name)); err != nil || !info.IsDir() {
		return
	}
	for _, known := range []string{rulesDir, mailsDir, repliesDir, formsDir} { // anything short is near kb
		if name != known && fault.Distance(strings.ToLower(name), known) <= 1 {
			f.warnings.Add(fault.Place{File: name}, fmt.Sprintf("did you mean %q?", known), "nothing in this folder is read")
		}
	}
}

// templates reads the templates in a subfolder, of mails or of stock replies.
func (f *folder) templates(sub string) []templates.File {
	var out []templates.File
	for _, name := range f.list(sub, ".md", ".markdown", ".html", ".htm") {
		if b, ok := f.text(name); ok {
			out = append(out, templates.File{Name: path.Base(name), Text: string(b)})
		}
	}
	return out
}

// mails reads the templates of mails: those for all inboxes, and those of each inbox, which are in
// a folder of its name.
func (f *folder) mails(inboxes []Inbox) []templates.File {
	out := f.templates(mailsDir)
	names, err := listFolder(filepath.Join(f.dir, mailsDir))
	if err != nil {
		return out // reading the files reports that
	}
	known := each(inboxes, func(in *Inbox) string { return in.Name })
	slices.Sort(names)
	for _, name := range names {
		sub := path.Join(mailsDir, name)
		info, err := os.Stat(filepath.Join(f.dir, sub))
		if hidden(name) || err != nil || !info.IsDir() {
			continue
		}
		if len(known) > 0 && !slices.Contains(known, name) { // otherwise tierdesk.yaml is at fault
			f.faults.Add(fault.Place{File: sub}, fault.Hint(name, known),
				"a folder within %s/ is named like an inbox, and there is no inbox %q", mailsDir, name)
			continue
		}
		for _, own := range f.templates(sub) {
			out = append(out, templates.File{Name: path.Join(name, own.Name), Text: own.Text})
		}
		for _, text := range f.list(sub, ".txt") {
			if strings.HasPrefix(path.Base(text), "phrases") {
				f.faults.Add(fault.Place{File: text}, "move it to "+mailsDir+"/", "sentences are the same for every inbox")
			}
		}
	}
	return out
}

// phrases reads an admin's own wording of the desk's sentences.
func (f *folder) phrases() []phrase.File {
	var out []phrase.File
	for _, name := range f.list(mailsDir, ".txt") {
		if !strings.HasPrefix(path.Base(name), "phrases") {
			continue // a README, somebody's notes
		}
		if b, ok := f.text(name); ok {
			out = append(out, phrase.File{Name: name, Text: string(b)})
		}
	}
	return out
}

// templateNames returns the mails with which a rule may reply, and all others. If own templates
// have faults there is no set, and all names count, both built-in and own.
func templateNames(set *templates.Set, own []templates.File) (replies, others []string) {
	if set != nil {
		for _, name := range set.Names() {
			if set.ForRules(name) {
				replies = append(replies, name)
			} else {
				others = append(others, name)
			}
		}
		return replies, others
	}
	replies = builtinNames()
	for _, file := range own {
		if name, _, _ := strings.Cut(path.Base(file.Name), "."); !strings.HasPrefix(name, "_") { // part of other templates, not a mail
			replies = append(replies, name)
		}
	}
	slices.Sort(replies)
	return slices.Compact(replies), nil
}

// builtinNames returns the names of the built-in mails.
func builtinNames() []string {
	set, faults := templates.Load(nil)
	if len(faults) > 0 {
		panic("config: the built-in templates are at fault: " + faults.Error()) // a test prevents that from being released
	}
	return set.Names()
}

// frontMatter is the block between two lines of --- at the top of an article.
type frontMatter struct {
	Title    text    `yaml:"title" eg:"How to reset a password" doc:"Its title; else the first heading."`
	Public   boolean `yaml:"public" default:"false" eg:"true" doc:"Customers may see it. Else it is for agents alone."`
	Language text    `yaml:"language" eg:"de" doc:"Two letters; else NAME.de.md tells, else it is the desk's."`
	Tags     words   `yaml:"tags" eg:"[password]" doc:"Words by which it is found, too: those that customers use where the article has others."`
	Link     text    `yaml:"link" eg:"https://help.acme.example/password" doc:"Where it can be read on the web; else the desk sends it by mail."`
	Owner    text    `yaml:"owner" eg:"ann" doc:"The agent who is reminded of review:, by mail, and answers it: the article is still right, or its new text."`
	Review   text    `yaml:"review" eg:"6 months" doc:"When the owner looks at it again: a day like 2027-03-01, and each year from then on, or a time like 90d, 6 months, 1 year."`
}

// review reads who reviews an article and when. people is nil if it could not be read.
func (m *frontMatter) review(people *tickets.Directory, faults *fault.List) articles.Review {
	switch {
	case !m.Owner.given() && !m.Review.given():
		return articles.Review{}
	case !m.Review.given():
		faults.Add(m.Owner.at, "like review: 6 months", "the article has an owner, and no review that they are reminded of")
		return articles.Review{}
	case !m.Owner.given():
		faults.Add(m.Review.at, "like owner: ann, an agent of people.yaml", "the article is reviewed, and nobody owns it")
		return articles.Review{}
	}
	owner := m.Owner.s
	if people != nil {
		if a := people.Agent(owner); a != nil {
			owner = a.Name // in the spelling of people.yaml, since it is compared with names later
		} else {
			faults.Add(m.Owner.at, fault.Hint(owner, agentNames(people)), "unknown agent %q", owner)
		}
	}
	r, err := articles.ParseReview(m.Review.s)
	if err != nil {
		faults.Add(m.Review.at, "like 2027-03-01 or 6 months", "%v", err)
	}
	r.Owner = owner
	return r
}

// article reads a page of the knowledge base. people holds those who may own one, nil if it could
// not be read.
func (f *folder) article(name string, main *Main, people *tickets.Directory) (articles.Article, bool) {
	b, ok := f.text(name)
	if !ok {
		return articles.Article{}, false
	}
	a := articles.Article{File: name, Name: articles.NameOf(name), Language: cmp.Or(main.Language, "en"),
		Text: strings.ReplaceAll(strings.TrimPrefix(string(b), "\ufeff"), "\r\n", "\n")}
	if parts := strings.Split(path.Base(name), "."); len(parts) > 2 && languagePattern.MatchString(parts[len(parts)-2]) {
		a.Language = parts[len(parts)-2]
	}
	if rest, ok := strings.CutPrefix(a.Text, "---\n"); ok {
		head, body, closed := strings.Cut("\n"+rest, "\n---\n")
		if !closed {
			head, closed = strings.CutSuffix("\n"+rest, "\n---")
			body = ""
		}
		if !closed {
			f.faults.Add(fault.Place{File: name, Line: 1, Column: 1}, "a second line of --- ends it",
				"the head of the article is not closed")
			return a, false
		}
		var m frontMatter
		before := len(*f.faults)
		readYAML(name, []byte(head), &m, f.faults) // the line of --- is empty now: line numbers are right
		a.Title, a.Public, a.Tags, a.Text = m.Title.s, m.Public.on, m.Tags.strings(), body
		if m.Language.given() {
			a.Language = language(m.Language, f.faults)
		}
		a.Review = m.review(people, f.faults)
		a.Link = templates.Link(m.Link.s)
		link := strings.ToLower(m.Link.s)
		if m.Link.given() && !strings.HasPrefix(link, "https://") && !strings.HasPrefix(link, "http://") {
			f.faults.Add(m.Link.at, "like https://help.acme.example/password", "%q is not an address on the web", m.Link.s)
		}
		if len(*f.faults) > before {
			return a, false
		}
	}
	a.Text = strings.TrimSpace(a.Text)
	if heading, rest, _ := strings.Cut(a.Text, "\n"); strings.HasPrefix(heading, "# ") {
		if a.Title == "" {
			a.Title = strings.TrimSpace(heading[2:])
		}
		a.Text = strings.TrimSpace(rest)
	}
	if a.Title == "" {
		f.faults.Add(fault.Place{File: name, Line: 1}, "begin with # TITLE", "the article has no title")
	}
	if a.Text == "" {
		f.faults.Add(fault.Place{File: name, Line: 1}, "write the text below the title", "the article has no text")
	}
	page, err := templates.NewPage(a.Text)
	if err != nil {
		f.faults.Add(fault.Place{File: name, Line: 1}, "", "%v", err)
	}
	a.Page = page
	return a, true
}

// hash returns the hash of the names and contents of all files that were read.
func (f *folder) hash() string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(f.files)) {
		fmt.Fprintf(h, "%s\x00%d\x00", name, len(f.files[name]))
		h.Write(f.files[name])
	}
	return hex.EncodeToString(h.Sum(nil))
}

func ordered(l fault.List) fault.List {
	_ = l.Err() // puts them in the order of their places
	return l
}

func orUTC(loc *time.Location) *time.Location {
	if loc == nil {
		return time.UTC
	}
	return loc
}
