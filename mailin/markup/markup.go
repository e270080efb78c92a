// Package markup formats a text as the HTML of its mail does. The text has been determined
// elsewhere, from words alone: history, signature and commands have been cut off. The HTML is cut
// to the words of that text, one by one, cleaned, and read again: it must say exactly that text, or
// it is not used. The package owns which elements and attributes remain. It must never know who
// wrote the mail, or where a text ends.
package markup

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tierdesk/mailin/internal/htmltext"
	"tierdesk/mailin/quote"
)

// Options are what is known about a mail besides its HTML.
type Options struct {
	// Shown reports which pictures are part of the new text of the mail.
	Shown quote.Shown
	// Picture returns the Content-ID under which a picture is sent; false if it is not sent. nil
	// means that none are.
	Picture func(contentID string) (string, bool)
}

// Formatted is a text with its formatting.
type Formatted struct {
	HTML     string   // a fragment, cleaned, without any style; "" where there is no formatting to show
	Pictures []string // Content-IDs of the mail's pictures that the HTML shows
}

// maxSteps bounds the word comparisons for one mail.
const maxSteps = 5_000_000

// Of returns a text with the formatting of a document. It returns the zero value if the document
// has no formatting, or cannot be cut so that it shows exactly the text. It is pure.
func Of(doc, text string, o Options) Formatted {
	if doc == "" || strings.TrimSpace(text) == "" {
		return Formatted{}
	}
	// Replace invalid octets first: the replacement character is longer than they are.
	doc, text = strings.ToValidUTF8(doc, "\ufffd"), strings.ToValidUTF8(text, "\ufffd")
	f, named := format(doc, text, cleaner{Options: o, text: text})
	if f.HTML == "" && named {
		f, _ = format(doc, text, cleaner{Options: o, text: text, named: true})
	}
	return f
}

// format is Of for one of two ways of writing pictures in a text: as their names, or as nothing.
// named reports whether any picture has a name.
func format(doc, text string, c cleaner) (f Formatted, named bool) {
	root, err := htmltext.Parse(doc)
	if err != nil {
		return Formatted{}, false
	}
	body := find(root, atom.Body)
	if body == nil {
		return Formatted{}, false
	}
	c.prepare(body, 0)
	want := tokensOf(text)
	want.optional(text, c.alts)
	have := flatten(body)
	named = len(c.alts) > 0
	kept, ok := align(have, want)
	if !ok {
		return Formatted{}, named
	}
	c.prune(body, have, kept)
	out := clean(body)
	if !formats(out) || !says(out, want) {
		return Formatted{}, named
	}
	return Formatted{HTML: out, Pictures: c.shownIn(out)}, named
}

// says reports whether a document shows exactly the wanted words.
func says(doc string, want *words) bool {
	shown := htmltext.Text(doc)
	got := tokensOf(shown)
	got.optional(shown, nil)
	return slices.Equal(got.required(), want.required())
}

// formats reports whether a document contains any formatting.
func formats(doc string) bool {
	root, err := htmltext.Parse(doc)
	if err != nil {
		return false
	}
	for n := range root.Descendants() {
		switch n.DataAtom {
		case 0, atom.Html, atom.Head, atom.Body, atom.P, atom.Div, atom.Br:
		default:
			return true
		}
	}
	return false
}

func find(n *html.Node, tag atom.Atom) *html.Node {
	for c := range n.Descendants() {
		if c.DataAtom == tag {
			return c
		}
	}
	return nil
}
