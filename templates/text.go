package templates

import (
	"strings"
	"unicode/utf8"
)

// textWidth is where our own paragraphs break; what others wrote keeps its lines.
const textWidth = 76

// frame stands above and below what somebody else wrote. Its width tells it from a signature's "--
// ".
const frame = "------------------------------------------------------------"

// renderText puts values into the text alternative.
func (d *document) renderText(values []value) string {
	var b strings.Builder
	b.Grow(2048)
	for _, p := range d.text {
		if p.rows != nil {
			rowsText(&b, p, values)
			continue
		}
		s := piecesText(p.pieces, values)
		if strings.TrimSpace(s) == "" {
			continue
		}
		gapText(&b, p)
		if p.frame {
			s = frame + "\n" + s + "\n" + frame
		}
		if p.literal {
			prefixed(&b, strings.Split(s, "\n"), p)
		} else {
			prefixed(&b, wrap(s, textWidth-utf8.RuneCountInString(p.rest)), p)
		}
	}
	return b.String()
}

func gapText(b *strings.Builder, p paragraph) {
	if p.gap && b.Len() > 0 {
		b.WriteString(strings.TrimRight(p.rest, " "))
		b.WriteByte('\n')
	}
}

func prefixed(b *strings.Builder, lines []string, p paragraph) {
	prefix := p.first
	for _, l := range lines {
		if l == "" {
			prefix = strings.TrimRight(prefix, " ")
		}
		b.WriteString(prefix)
		b.WriteString(l)
		b.WriteByte('\n')
		prefix = p.rest
	}
}

// piecesText joins words and values.
func piecesText(ps []piece, values []value) string {
	if len(ps) == 1 && ps[0].hole < 0 {
		return ps[0].words
	}
	var b strings.Builder
	for _, p := range ps {
		if p.hole < 0 {
			b.WriteString(p.words)
			continue
		}
		v := values[p.hole]
		switch {
		case p.mode == linkShut:
			if v.text != "" {
				b.WriteString(" <" + v.text + ">")
			}
		case p.mode == inLink:
			b.WriteString(linkPart(v.text))
		case p.kind == kindButtons:
			first := true
			for _, x := range v.buttons {
				if link := safeLink(x.Mailto); link != "" {
					if !first {
						b.WriteByte('\n')
					}
					b.WriteString(line(x.Label) + ": " + link)
					first = false
				}
			}
		case p.mode == inText:
			b.WriteString(inLineText(p, v))
		default:
			b.WriteString(v.text)
		}
	}
	return b.String()
}

// rowsText lays a table out in columns; the last one is not padded.
func rowsText(b *strings.Builder, p paragraph, values []value) {
	var widths []int
	cells := make([][]string, len(p.rows))
	for r, row := range p.rows {
		for i, cell := range row {
			s := line(piecesText(cell, values))
			cells[r] = append(cells[r], s)
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(s))
		}
	}
	var lines []string
	for _, row := range cells {
		var l strings.Builder
		for i, s := range row {
			l.WriteString(s)
			if i < len(row)-1 {
				l.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(s)+2))
			}
		}
		if s := strings.TrimRight(l.String(), " "); s != "" {
			lines = append(lines, s)
		}
	}
	if len(lines) == 0 {
		return
	}
	gapText(b, p)
	prefixed(b, lines, p)
}

// wrap breaks lines at spaces; a word that is too long stands alone.
func wrap(s string, width int) []string {
	var lines []string
	for _, l := range strings.Split(s, "\n") {
		if utf8.RuneCountInString(l) <= width {
			lines = append(lines, strings.Trim(l, " "))
			continue
		}
		var b strings.Builder
		n := 0
		for _, word := range strings.FieldsFunc(l, func(r rune) bool { return r == ' ' }) {
			w := utf8.RuneCountInString(word)
			if n > 0 && n+1+w > width {
				lines = append(lines, b.String())
				b.Reset()
				n = 0
			}
			if n > 0 {
				b.WriteByte(' ')
				n++
			}
			b.WriteString(word)
			n += w
		}
		lines = append(lines, b.String())
	}
	return lines
}
