package templates

import (
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Styles stand at the elements: many clients drop style sheets. Nothing has a background and text
// has no colour of its own but where it is muted, so that light and dark come from the client.
// Outlook for Windows (Word) knows no max-width and no padding but on cells: there a quotation has
// only its line. There is nothing to fetch.
const (
	fontFamily = `-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif`
	fontMono   = `ui-monospace,SFMono-Regular,Menlo,Consolas,'Courier New',monospace`

	paragraphStyle = "margin:0 0 14px"
	listStyle      = "margin:0 0 14px;padding:0 0 0 24px"
	codeStyle      = "margin:0 0 14px;padding:0 0 0 12px;white-space:pre-wrap;word-break:break-word;font-family:" + fontMono +
		";font-size:13px;line-height:1.45"
	codeSpanStyle  = "font-family:" + fontMono + ";font-size:13px"
	cellStyle      = "padding:2px 10px 2px 0;font-size:14px;line-height:1.45;font-family:" + fontFamily
	labelCellStyle = "padding:2px 18px 2px 0;white-space:nowrap;overflow-wrap:normal;word-break:normal;font-size:14px;line-height:1.45;color:#6b6f76;font-family:" + fontFamily
	headCellStyle  = "padding:2px 10px 4px 0;word-break:normal;overflow-wrap:normal;font-size:13px;font-weight:600;border-bottom:1px solid #b8bcc2;font-family:" + fontFamily
	blockStyle     = "padding:2px 0 2px 14px;word-break:break-word;overflow-wrap:anywhere"
	buttonStyle    = "display:inline-block;margin:0 8px 8px 0;padding:7px 14px;border:1px solid #8d95a0;border-radius:6px;font-size:14px;line-height:1.3;text-decoration:none"
	markerStyle    = "margin:0 0 14px;font-size:11px;color:#6b6f76"
	asideStyle     = "font-size:11px;font-weight:400;color:#6b6f76"

	tableOpen = `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;margin:0 0 14px">` + "\n"
	tableShut = "</table>\n"
	// A blockquote, never a cell: an answer between the lines must be able to part it.
	blockOpen  = `<blockquote dir="auto" style="margin:0 0 16px;border-left:3px solid #7d9cc6;` + blockStyle + `">`
	quoteOpen  = `<blockquote style="margin:0 0 14px;border-left:3px solid #b8bcc2;` + blockStyle + `">` + "\n"
	quoteShut  = "</blockquote>\n"
	footerOpen = `<div class="m" style="margin:22px 0 0;padding:8px 0 0;border-top:1px solid #c9ccd1;font-size:13px;line-height:1.45;color:#6b6f76">` + "\n"
)

var headingStyle = [3]string{
	"margin:0 0 10px;font-size:18px;line-height:1.3;font-weight:600",
	"margin:20px 0 6px;font-size:15px;line-height:1.35;font-weight:600",
	"margin:16px 0 4px;font-size:14px;line-height:1.35;font-weight:600",
}

// pageHead is the same for all mails but the language. The style sheet only helps where dark mode
// is known.
const (
	pageHead1 = "<!DOCTYPE html>\n<html lang=\""
	pageHead2 = `"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
		`<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">` +
		`<style>:root{color-scheme:light dark}@media(prefers-color-scheme:dark){.m{color:#a3a8b0!important}a{color:#8ab4f8!important}}</style></head>` +
		"\n<body style=\"margin:0;padding:"
	pageHead3 = `;-webkit-text-size-adjust:100%"><div style="max-width:640px;font-family:` + fontFamily +
		`;font-size:15px;line-height:1.5;word-break:break-word;overflow-wrap:anywhere">` + "\n"
	pageTail = "</div></body></html>\n"
)

// renderHTML puts values into the page.
func (d *document) renderHTML(values []value, lang string, a audience) string {
	var b strings.Builder
	size := len(pageHead1) + len(pageHead2) + len(pageHead3) + len(pageTail) + 32
	for _, p := range d.html {
		size += len(p.words) + 32
	}
	for _, v := range values {
		size += len(v.text) + len(v.text)/8
	}
	b.Grow(size)
	b.WriteString(pageHead1)
	b.WriteString(html.EscapeString(lang))
	b.WriteString(pageHead2)
	if a == toAgent || a == toAdmin {
		b.WriteString("14px 16px")
	} else {
		b.WriteString("4px") // as a person's mail: clients bring their own margin
	}
	b.WriteString(pageHead3)
	for _, p := range d.html {
		if p.hole < 0 {
			b.WriteString(p.words)
			continue
		}
		putHTML(&b, p, values[p.hole])
	}
	b.WriteString(pageTail)
	return b.String()
}

// putHTML puts one value into its place.
func putHTML(b *strings.Builder, p piece, v value) {
	switch p.mode {
	case linkOpen:
		if v.text != "" {
			b.WriteString(`<a href="`)
			escape(b, v.text)
			b.WriteString(`">`)
		}
		return
	case linkShut:
		if v.text != "" {
			b.WriteString("</a>")
		}
		return
	case inLink:
		escape(b, linkPart(v.text))
		return
	}
	switch p.kind {
	case kindButtons:
		buttonsHTML(b, v.buttons, p.mode == alone)
		return
	case kindLink:
		if v.text == "" {
			return
		}
		open(b, p.mode, `<p style="`+paragraphStyle+`">`)
		b.WriteString(`<a href="`)
		escape(b, v.text)
		b.WriteString(`">`)
		escape(b, v.text)
		b.WriteString("</a>")
		open(b, p.mode, "</p>\n")
		return
	}
	if v.text == "" {
		return
	}
	if p.mode != alone {
		linesHTML(b, inLineText(p, v))
		return
	}
	switch p.kind {
	case kindBlock, kindQuoted:
		b.WriteString(blockOpen)
		linesHTML(b, v.text)
		b.WriteString(quoteShut)
	case kindProse:
		if v.markup != (Markup{}) {
			markupHTML(b, v.markup)
			return
		}
		proseHTML(b, v.text)
	case kindMarker:
		b.WriteString(`<p class="m" style="` + markerStyle + `">`)
		escape(b, v.text)
		b.WriteString("</p>\n")
	default:
		b.WriteString(`<p style="` + paragraphStyle + `">`)
		escape(b, v.text)
		b.WriteString("</p>\n")
	}
}

// inLineText is a value as it stands in a line with others: the marker without the signs that begin
// a line of its own.
func inLineText(p piece, v value) string {
	if p.kind == kindMarker {
		return strings.TrimPrefix(v.text, "## ")
	}
	return v.text
}

func open(b *strings.Builder, m mode, tag string) {
	if m == alone {
		b.WriteString(tag)
	}
}

func buttonsHTML(b *strings.Builder, buttons Buttons, alone bool) {
	if len(buttons) == 0 {
		return
	}
	if alone {
		b.WriteString(`<p style="margin:4px 0 10px">`)
	}
	for _, x := range buttons {
		link := safeLink(x.Mailto)
		if link == "" {
			continue
		}
		b.WriteString(`<a href="`)
		escape(b, link)
		b.WriteString(`" style="` + buttonStyle + `">`)
		escape(b, line(x.Label))
		b.WriteString("</a>\n")
	}
	if alone {
		b.WriteString("</p>\n")
	}
}

// escape writes a text so that it is only text, between tags and in an attribute.
func escape(b *strings.Builder, s string) {
	at := 0
	for i := range len(s) {
		var e string
		switch s[i] {
		case '&':
			e = "&amp;"
		case '<':
			e = "&lt;"
		case '>':
			e = "&gt;"
		case '"':
			e = "&#34;"
		case '\'':
			e = "&#39;"
		case 0:
			e = "\ufffd"
		default:
			continue
		}
		b.WriteString(s[at:i])
		b.WriteString(e)
		at = i + 1
	}
	b.WriteString(s[at:])
}

// linesHTML keeps lines and the spaces in them, by means that every client knows.
func linesHTML(b *strings.Builder, s string) {
	for i, l := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteString("<br>\n")
		}
		spacedHTML(b, l)
	}
}

// spacedHTML keeps indents and rows of spaces.
func spacedHTML(b *strings.Builder, l string) {
	l = strings.ReplaceAll(l, "\t", "    ")
	if !strings.HasPrefix(l, " ") && !strings.Contains(l, "  ") {
		escape(b, l)
		return
	}
	l = strings.ReplaceAll(l, "  ", "\u00a0 ")
	if strings.HasPrefix(l, " ") {
		l = "\u00a0" + l[1:]
	}
	escape(b, l)
}

// linkPart makes a value a part of a path, a query or an address in a link: it cannot end the part.
func linkPart(s string) string {
	return strings.NewReplacer("+", "%20", "%40", "@").Replace(url.QueryEscape(s))
}

// proseHTML shows what an agent typed as it was meant: paragraphs, lists, quoted lines, indents,
// links. Nothing else is understood.
func proseHTML(b *strings.Builder, s string) { proseLines(b, strings.Split(s, "\n")) }

var listItem = regexp.MustCompile(`^ {0,3}(?:([-*•])|([0-9]{1,3})[.)])[ \t]+(\S.*)$`)

func proseLines(b *strings.Builder, lines []string) {
	for i := 0; i < len(lines); {
		switch l := lines[i]; {
		case strings.TrimSpace(l) == "":
			i++
		case strings.HasPrefix(l, ">"):
			var quoted []string
			for ; i < len(lines) && strings.HasPrefix(lines[i], ">"); i++ {
				quoted = append(quoted, strings.TrimPrefix(lines[i][1:], " "))
			}
			b.WriteString(quoteOpen)
			linesHTML(b, strings.Join(quoted, "\n"))
			b.WriteString(quoteShut)
		case listItem.MatchString(l):
			i = proseList(b, lines, i)
		default:
			b.WriteString(`<p style="` + paragraphStyle + `">`)
			for first := true; i < len(lines) && strings.TrimSpace(lines[i]) != "" && !strings.HasPrefix(lines[i], ">") &&
				!(listItem.MatchString(lines[i]) && startsList(lines, i)); i++ {
				switch {
				case first:
				case flows(lines[i-1], lines[i]):
					b.WriteByte(' ')
				default:
					b.WriteString("<br>\n")
				}
				linkedHTML(b, lines[i])
				first = false
			}
			b.WriteString("</p>\n")
		}
	}
}

// flows reports whether a line ends only because it was full, as mail clients break lines for plain
// text: the next word would not have fitted. Then a narrow screen may break it elsewhere. Lines
// with more than single spaces are laid out by hand and stay.
func flows(l, next string) bool {
	word, _, _ := strings.Cut(next, " ")
	n := utf8.RuneCountInString(l)
	return n >= 55 && n <= 80 && n+1+utf8.RuneCountInString(word) > 72 && strings.Count(l, " ") >= 5 &&
		!strings.Contains(l, "  ") && !strings.HasPrefix(l, " ") && !strings.HasPrefix(next, " ") && !strings.Contains(next, "  ")
}

// startsList reports whether an item in the middle of a paragraph begins a list: a dash does, a
// number only if it is 1, so that "in version\n12. we ..." stays a sentence.
func startsList(lines []string, i int) bool {
	m := listItem.FindStringSubmatch(lines[i])
	return m[2] == "" || m[2] == "1"
}

// proseList shows the items from line i on and returns the first line behind them.
func proseList(b *strings.Builder, lines []string, i int) int {
	first := listItem.FindStringSubmatch(lines[i])
	numbered := first[2] != ""
	tag := "ul"
	if numbered {
		tag = "ol"
	}
	b.WriteString("<" + tag + ` style="` + listStyle + `"`)
	if numbered && first[2] != "1" {
		n, _ := strconv.Atoi(first[2]) // digits by the expression
		b.WriteString(` start="` + strconv.Itoa(n) + `"`)
	}
	b.WriteString(">\n")
	for i < len(lines) {
		m := listItem.FindStringSubmatch(lines[i])
		if m == nil || (m[2] != "") != numbered {
			break
		}
		b.WriteString(`<li style="margin:0 0 4px">`)
		linkedHTML(b, m[3])
		for i++; i < len(lines) && strings.HasPrefix(lines[i], "  ") && strings.TrimSpace(lines[i]) != "" &&
			!listItem.MatchString(lines[i]); i++ {
			b.WriteString("<br>\n")
			linkedHTML(b, strings.TrimSpace(lines[i]))
		}
		b.WriteString("</li>\n")
		// An empty line between items keeps the list together.
		if i+1 < len(lines) && strings.TrimSpace(lines[i]) == "" {
			if next := listItem.FindStringSubmatch(lines[i+1]); next != nil && (next[2] != "") == numbered && next[2] != "1" {
				i++
			}
		}
	}
	b.WriteString("</" + tag + ">\n")
	return i
}

var webLink = regexp.MustCompile(`https?://[^\s<>"']+`)

// linkedHTML makes web addresses links that show where they lead.
func linkedHTML(b *strings.Builder, l string) {
	at := 0
	for _, m := range webLink.FindAllStringIndex(l, -1) {
		end := m[0] + len(strings.TrimRight(l[m[0]:m[1]], ".,;:!?"))
		if strings.HasSuffix(l[:end], ")") && !strings.Contains(l[m[0]:end], "(") {
			end--
		}
		if safeLink(Link(l[m[0]:end])) == "" {
			continue
		}
		spacedHTML(b, l[at:m[0]])
		b.WriteString(`<a href="`)
		escape(b, l[m[0]:end])
		b.WriteString(`">`)
		escape(b, l[m[0]:end])
		b.WriteString("</a>")
		at = end
	}
	spacedHTML(b, l[at:])
}
