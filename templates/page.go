package templates

import (
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// Page is a text in Markdown that an admin wrote, made ready to stand in a mail whole: an article
// of the knowledge base. It holds nothing that came by mail.
type Page struct {
	text string
	html Markup
}

// NewPage makes a page of Markdown. HTML in it, and links to anything but the web and mail, are
// left out.
func NewPage(markdown string) (Page, error) {
	source := []byte(markdown)
	if err := tooMuch(source); err != nil {
		return Page{}, err
	}
	var html strings.Builder
	converter := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough))
	if err := converter.Convert(source, &html); err != nil {
		return Page{}, err
	}
	// Marks stand for values, and a page has none.
	text := compile(newMarkdown(), []byte(strings.ReplaceAll(markdown, holeStart, "xTD q"))).renderText(nil)
	return Page{block(text), Markup{html.String()}}, nil
}

// Text returns the page as plain text.
func (p Page) Text() string { return p.text }

// Empty reports whether there is nothing on it.
func (p Page) Empty() bool { return p.text == "" }
