package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailin/parse"
	"tierdesk/mailin/read"
	"tierdesk/mailin/thread"
	"tierdesk/templates"
)

type inspectCmd struct {
	Files     []string `arg:"" name:"file" help:"Files with one mail each; - is standard input."`
	JSON      bool     `name:"json" xor:"form" help:"Print JSON, for programs; an array if there are several files."`
	JSONLines bool     `name:"json-lines" xor:"form" help:"Print one line of JSON per file, with its name."`
	Threads   bool     `help:"Only show which mails belong to the same conversation; name them in the order in which they arrived."`
	All       bool     `help:"Also show what was cut off, below the new text."`
}

// Help is shown by `tierdesk help inspect`.
func (inspectCmd) Help() string {
	return `Needs no desk folder and no database. Anything odd in a mail is a warning; no mail is refused.

Exit codes: 0; 1 a file could not be read (the others are shown).`
}

func reading() read.Options {
	return read.Options{Limits: parse.DefaultLimits(), Markers: []string{templates.Marker}}
}

// Run shows what the desk reads in the mails.
func (c *inspectCmd) Run(e *env) error {
	if c.Threads {
		return c.threads(e)
	}
	enc := json.NewEncoder(e.out)
	enc.SetEscapeHTML(false)
	objects := []read.Object{}
	failed := c.each(e, func(i int, name string, m *mailin.Message) error {
		switch {
		case c.JSONLines:
			return enc.Encode(struct {
				File string `json:"file"`
				read.Object
			}{name, read.Of(m)})
		case c.JSON:
			objects = append(objects, read.Of(m))
			return nil
		}
		if len(c.Files) > 1 {
			if i > 0 {
				e.printf("\n")
			}
			e.title("%s", safe(name))
		}
		c.show(e, m)
		return nil
	})
	switch {
	case c.JSON && len(c.Files) == 1 && len(objects) == 1:
		return errors.Join(e.json(objects[0]), failed)
	case c.JSON && len(c.Files) > 1:
		return errors.Join(e.json(objects), failed)
	}
	return failed
}

// each reads the mails concurrently and calls use for each, in their order.
func (c *inspectCmd) each(e *env, use func(i int, name string, m *mailin.Message) error) error {
	type result struct {
		m   *mailin.Message
		err error
	}
	next := make([]chan result, len(c.Files))
	free := make(chan struct{}, 2*runtime.GOMAXPROCS(0))
	for i := range next {
		next[i] = make(chan result, 1)
	}
	opt := reading()
	go func() {
		for i, name := range c.Files {
			free <- struct{}{}
			go func() {
				raw, err := e.file(name)
				if err != nil {
					next[i] <- result{err: err}
					return
				}
				next[i] <- result{m: read.Mail(raw, opt)}
			}()
		}
	}()
	var failed error
	if !e.outTerminal { // otherwise it would get mixed up with the output
		if bar := e.progress(len(c.Files), "reading"); bar != nil {
			defer bar.Finish()
			inner := use
			use = func(i int, name string, m *mailin.Message) error { bar.Add(1); return inner(i, name, m) }
		}
	}
	for i, name := range c.Files {
		if err := e.ctx.Err(); err != nil {
			return err
		}
		r := <-next[i]
		<-free
		if r.err != nil {
			fmt.Fprintf(e.err, "tierdesk: %s\n", r.err)
			failed = failure{error: errFindings, code: exitFailed}
			continue
		}
		if err := use(i, name, r.m); err != nil {
			return err
		}
	}
	return failed
}

// file reads a file, or the standard input for -.
func (e *env) file(name string) ([]byte, error) {
	if name == "-" {
		return e.input(math.MaxInt64 - 1)
	}
	return os.ReadFile(name)
}

// input reads at most limit+1 octets of the standard input; the extra octet shows that there is
// more. A signal ends a blocked read.
func (e *env) input(limit int64) ([]byte, error) {
	type result struct {
		b   []byte
		err error
	}
	done := make(chan result, 1)
	go func() {
		b, err := io.ReadAll(io.LimitReader(e.in, limit+1))
		done <- result{b, err}
	}()
	select {
	case <-e.ctx.Done():
		return nil, e.ctx.Err()
	case r := <-done:
		if r.err != nil {
			return nil, fmt.Errorf("reading the standard input: %w", r.err)
		}
		return r.b, nil
	}
}

func (c *inspectCmd) threads(e *env) error {
	conversations := thread.NewConversations()
	var names []string
	failed := c.each(e, func(_ int, name string, m *mailin.Message) error {
		conversations.Add(m)
		names = append(names, name)
		return nil
	})
	type line struct {
		File   string `json:"file"`
		Thread string `json:"thread"`
	}
	lines := []line{}
	for i, conversation := range conversations.Names() {
		lines = append(lines, line{names[i], conversation})
	}
	switch {
	case c.JSON:
		return errors.Join(e.json(lines), failed)
	case c.JSONLines:
		enc := json.NewEncoder(e.out)
		enc.SetEscapeHTML(false)
		for _, l := range lines {
			if err := enc.Encode(l); err != nil {
				return err
			}
		}
		return failed
	}
	t := e.table("conversation>", "file*")
	for _, l := range lines {
		t.add(l.Thread, l.File)
	}
	t.print()
	return failed
}

// show shows a mail to a person.
func (c *inspectCmd) show(e *env, m *mailin.Message) {
	e.mailHead(m)
	for _, w := range m.Warnings {
		e.field("odd", e.paint(yellow, safe(w.Text))+" "+e.paint(faint, "("+safe(strings.Join(words(w.Where, w.Code), ", "))+")"))
	}
	for _, a := range m.Attachments {
		words := fmt.Sprintf("%s  %s  %s", safe(a.Name), safe(a.ContentType), octets(a.Size))
		if a.Inline {
			words += "  inline"
		}
		e.field("attachment", words)
	}
	if r := m.Report; r != nil {
		for _, x := range r.Recipients {
			e.field(string(r.Kind), safe(strings.Join(words(x.Address, x.Action, x.Status, x.Diagnostic), "  ")))
		}
		e.field("reports on", safe(r.OriginalMessageID))
	}
	e.printf("\n%s\n", indented(safeText(m.Reply), "  "))
	cut := len(strings.Split(strings.TrimSpace(m.Quote), "\n"))
	if strings.TrimSpace(m.Quote) == "" {
		cut = 0
	}
	switch {
	case c.All && m.Quote != "":
		e.printf("\n%s\n%s\n", e.paint(faint, "quoted history"), indented(e.paint(faint, safeText(m.Quote)), "  "))
	case cut > 0:
		e.printf("\n%s\n", e.paint(faint, fmt.Sprintf("(%s of quoted history: --all shows them)", plural(cut, "line"))))
	}
	if c.All && m.Signature != "" {
		e.printf("\n%s\n%s\n", e.paint(faint, "signature"), indented(e.paint(faint, safeText(m.Signature)), "  "))
	}
}

// mailHead shows who wrote a mail to whom, and what it is.
func (e *env) mailHead(m *mailin.Message) {
	e.field("from", addresses([]mailin.Address{m.Author()}))
	e.field("to", addresses(m.To))
	e.field("cc", addresses(m.Cc))
	e.field("subject", e.paint(bold, safe(m.Subject)))
	if !m.Date.IsZero() {
		e.field("date", m.Date.Format("Mon, 2 Jan 2006 15:04:05 -0700"))
	}
	e.field("message id", safe(m.MessageID))
	e.field("language", safe(m.Language))
	e.field("kind", e.because(string(m.Class.Kind), m.Class.Reasons))
	e.field("spam filter", safe(m.Class.Spam))
	e.field("sender", e.because(verdict(m.Auth.Verdict), m.Auth.Reasons))
}

func verdict(v mailin.Verdict) string {
	switch v {
	case mailin.VerdictPass:
		return "proven"
	case mailin.VerdictFail:
		return "forged"
	}
	return "not proven"
}

// because formats a verdict with its reasons.
func (e *env) because(what string, reasons []string) string {
	if what == "" || len(reasons) == 0 {
		return what
	}
	return what + " " + e.paint(faint, "("+safe(strings.Join(reasons, "; "))+")")
}

// field prints one fact with its name, or nothing if it is empty.
func (e *env) field(name, words string) {
	if words != "" {
		e.printf("%s %s\n", e.paint(faint, fmt.Sprintf("%-12s", name)), words)
	}
}

func addresses(list []mailin.Address) string {
	var out []string
	for _, a := range list {
		switch {
		case a.Address == "" && a.Name == "":
		case a.Name == "":
			out = append(out, safe(a.Address))
		default:
			out = append(out, safe(a.Name)+" <"+safe(a.Address)+">")
		}
	}
	return strings.Join(out, ", ")
}

// words returns the texts that are not empty.
func words(list ...string) []string {
	var out []string
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
