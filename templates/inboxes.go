package templates

import (
	"maps"
	"path"
	"slices"
	"strings"

	"tierdesk/rules/fault"
)

// layer is the files that hold together: what lies lower and is not hidden is among them.
type layer struct{ mails, partials sources }

// onTop returns files with others laid on top of them. One without a language hides all languages
// below it.
func onTop(under, over sources) sources {
	out := overlay(under, nil)
	for name, byLang := range over {
		if byLang[""] == nil {
			byLang = overlay(under[name], byLang)
		}
		out[name] = byLang
	}
	return out
}

// apart returns the files for all mails, and those of each inbox: INBOX/NAME.md.
func apart(files []File) (common []File, perInbox map[string][]File) {
	perInbox = map[string][]File{}
	for _, f := range files {
		if inbox := path.Dir(f.Name); inbox != "." {
			perInbox[inbox] = append(perInbox[inbox], f)
		} else {
			common = append(common, f)
		}
	}
	return common, perInbox
}

// forInbox returns the set of an inbox: all mails to those outside with its files on top, all
// others as they are. What would have no effect is a fault: a name that no such mail has, and a
// piece that none takes in.
func (s *Set) forInbox(files []File, below layer, faults *fault.List) *Set {
	mails, partials := parseAll(files, below.mails, faults)
	for name, byLang := range mails {
		if hint, ok := s.perInbox(name); !ok {
			for _, src := range byLang {
				faults.Add(src.place(1, 0), hint, "an inbox has no mail %q of its own", name)
			}
			delete(mails, name)
		}
	}
	all := layer{onTop(below.mails, mails), onTop(below.partials, partials)}
	in := &Set{mails: maps.Clone(s.mails), builtin: s.builtin, cache: s.cache, pieces: all.partials}
	built, taken := map[*mail]bool{}, map[string]bool{}
	for name, byLang := range all.mails {
		if _, ok := s.perInbox(name); !ok {
			continue
		}
		if mails[name] != nil || takesAny(s.mails[name], partials, taken) {
			in.mails[name] = buildAll(byLang, all.partials, faults)
			takesAny(in.mails[name], partials, taken)
			for _, m := range in.mails[name] {
				built[m] = true
			}
		}
	}
	for name, byLang := range partials {
		for _, src := range byLang {
			if !taken[name] {
				faults.Add(src.place(1, 0), hintFor(name, slices.Collect(maps.Keys(taken))),
					"no mail to those outside takes in the piece %q", name)
			}
		}
	}
	if len(*faults) == 0 {
		in.try(func(m *mail) bool { return m.own && built[m] }, faults)
	}
	return in
}

// perInbox reports whether inboxes may have a mail of that name of their own: one to those outside.
// The hint says what would be right.
func (s *Set) perInbox(name string) (hint string, ok bool) {
	var names []string
	for other := range s.mails {
		if audiences[Name(other)].fromInbox() {
			names = append(names, other)
		}
	}
	switch {
	case slices.Contains(names, name):
		return "", true
	case s.mails[name] != nil:
		return "it is the same for every inbox: name it " + dir + name + ".md", false
	}
	return hintFor(name, names), false
}

// takesAny reports whether one of the variants of a mail takes in one of these partials, and notes
// the names of all that it takes in.
func takesAny(variants map[string]*mail, partials sources, taken map[string]bool) (any bool) {
	for _, m := range variants {
		for _, p := range m.contents().parts {
			name, _, _ := strings.Cut(p.name, ".")
			taken[name] = true
			any = any || partials[name] != nil
		}
	}
	return any
}
