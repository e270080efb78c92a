package templates

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"tierdesk/rules/fault"
)

// repliesDir is where stock replies lie in the desk folder.
const repliesDir = "replies/"

// Replies are a desk's stock replies: texts that an agent puts above their own by a command. Each
// is written as the body of a template is, without a subject. They are immutable and safe for
// concurrent use by multiple goroutines.
type Replies struct{ set Set }

// LoadReplies checks stock replies: that each parses, names facts that may stand in it and no
// others, and makes a text of the samples. With any fault it returns nil; the faults' places are
// relative to the desk folder.
func LoadReplies(files []File) (*Replies, fault.List) {
	var faults fault.List
	byName := sources{}
	for _, f := range files {
		match := fileName.FindStringSubmatch(f.Name)
		if match == nil || match[1] != "" {
			faults.Add(fault.Place{File: dir + f.Name}, "NAME.md or NAME.de.md, in small letters", "%q is no name of a stock reply", f.Name)
			continue
		}
		src := &source{name: match[2], lang: match[3], file: f.Name, text: f.Text, own: true}
		if !src.parse(true, &faults) {
			continue
		}
		if byName[src.name] == nil {
			byName[src.name] = map[string]*source{}
		}
		byName[src.name][src.lang] = src
	}
	r := &Replies{Set{cache: newCache(), mails: map[string]map[string]*mail{}}}
	for name, byLang := range byName {
		r.set.mails[name] = buildReply(byLang, &faults)
		for _, m := range r.set.mails[name] {
			r.try(m, &faults)
		}
	}
	if len(faults) > 0 {
		for i := range faults {
			faults[i].File = repliesDir + strings.TrimPrefix(faults[i].File, dir)
		}
		return nil, once(faults)
	}
	return r, nil
}

func buildReply(byLang map[string]*source, faults *fault.List) map[string]*mail {
	out := map[string]*mail{}
	for lang, src := range byLang {
		before := len(*faults)
		c := newChecker(toReply, lang, sources{}, faults)
		c.tree(src, src.body, reflect.TypeFor[*Facts]())
		if len(*faults) == before {
			ready := contents{own: true, runners: newRunners(src, nil)}
			out[lang] = newMail(src, toReply, ready.own, func() contents { return ready })
		}
	}
	return out
}

// try makes texts of the samples.
func (r *Replies) try(m *mail, faults *fault.List) {
	for _, sample := range samples(toReply) {
		out, refused, err := r.set.run(m, sample.Facts)
		place := fault.Place{File: dir + m.file}
		if err != nil {
			place.Line = lineOf(err)
			faults.Add(place, "", "fails with %s: %s", sample.What, plainError(err))
			return
		}
		for _, x := range refused {
			if at := strings.Index(m.source, x.snippet); at >= 0 {
				place.Line, place.Column = position(m.source, at)
			}
			faults.Add(place, x.hint, "%s", x.text)
		}
		if strings.TrimSpace(out.Text) == "" {
			place.Line = 1
			faults.Add(place, "", "makes an empty text from %s", sample.What)
			return
		}
	}
}

// Names returns the names of all stock replies, sorted.
func (r *Replies) Names() []string {
	if r == nil {
		return []string{}
	}
	return slices.Sorted(maps.Keys(r.set.mails))
}

// Languages returns the languages of a stock reply, sorted; "" is the one without a language.
func (r *Replies) Languages(name string) []string { return slices.Sorted(maps.Keys(r.set.mails[name])) }

// Files returns the files of a stock reply, in the order of Languages.
func (r *Replies) Files(name string) (files []string) {
	for _, lang := range r.Languages(name) {
		files = append(files, repliesDir+r.set.mails[name][lang].file)
	}
	return files
}

// Text returns a stock reply as plain text: in the language asked for, else the one without a
// language, else the desk's, else English, else the first that there is.
func (r *Replies) Text(name, lang string, f *Facts) (string, error) {
	if r == nil || len(r.set.mails[name]) == 0 {
		return "", fmt.Errorf("there is no stock reply %q", name)
	}
	byLang := r.set.mails[name]
	m := pick(byLang, lang, f.Desk.Language)
	if m == nil {
		m = byLang[slices.Min(slices.Collect(maps.Keys(byLang)))]
	}
	out, _, err := r.set.run(m, f)
	if err != nil {
		return "", errors.Join(fmt.Errorf("making the text of %s%s", repliesDir, m.file), err)
	}
	return strings.TrimSpace(out.Text), nil
}
