package quote

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/htmltext"
	"tierdesk/mailin/internal/wordset"
)

// belowPhrases are the words by which people say that their answers stand in the text below, with a
// blank on both sides where their script has blanks.
var belowPhrases = sync.OnceValue(func() *wordset.Stems {
	all := phrasesOf(belowList)
	for i, p := range all {
		if words := strings.Join(wordsIn(p), " "); p[0] >= 0xe2 {
			all[i] = words
		} else {
			all[i] = " " + words + " "
		}
	}
	return wordset.StemsOf(all)
})

// PointsBelow reports whether a reply says that its answers stand in the text below it: "see
// below", "in red". Where no mark sets them apart, Against finds them.
func PointsBelow(reply string) bool {
	if len(reply) > 2000 {
		return false
	}
	return belowPhrases().In([]byte(" " + strings.Join(wordsIn(reply), " ") + " "))
}

// withColoured adds the answers that stand, in a colour of their own, in the history below a reply:
// people who write in Outlook set theirs apart so. Each keeps the line above it.
func (p Parts) withColoured(doc string) Parts {
	root, err := htmltext.Parse(doc)
	if err != nil {
		return p
	}
	c := colourStep{}
	c.walk(root, false, 0)
	var reply strings.Builder
	reply.WriteString(p.Reply)
	found, above := false, ""
	for _, b := range c.blocks {
		text := strings.Join(strings.Fields(b.text), " ")
		switch {
		case text == "":
			continue
		case !b.coloured:
			above = text
			continue
		case above != "":
			reply.WriteString("\n\n> " + above + "\n")
		}
		above, found = "", true
		reply.WriteString("\n" + text)
	}
	if !found {
		return p
	}
	p.Reply, p.Style = reply.String(), mailin.StyleInterleaved
	return p
}

// colourStep collects the lines of the history in a document.
type colourStep struct {
	history bool // it has begun
	blocks  []block
	open    bool // the last block may go on
}

// block is a line of a document. It is coloured if all of its text is.
type block struct {
	text     string
	coloured bool
}

func (c *colourStep) walk(n *html.Node, coloured bool, depth int) {
	if depth > maxDepth || len(c.blocks) > 2000 {
		return
	}
	switch n.Type {
	case html.TextNode:
		if c.history && strings.TrimSpace(n.Data) != "" {
			c.add(n.Data, coloured)
		}
		return
	case html.ElementNode:
		switch n.DataAtom {
		case atom.Style, atom.Script, atom.Head, atom.Title:
			return
		case atom.Br, atom.P, atom.Div, atom.Li, atom.Td, atom.Tr, atom.Blockquote, atom.H1, atom.H2, atom.H3:
			c.open = false
		}
		if markOf(n) == fromHere {
			c.history, c.blocks = true, nil // what stands above is the reply
		}
		if value, ok := colourOf(n); ok {
			coloured = value
		}
		coloured = coloured && n.DataAtom != atom.A
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.walk(child, coloured, depth+1)
	}
	switch n.DataAtom {
	case atom.P, atom.Div, atom.Li, atom.Td, atom.Tr, atom.Blockquote, atom.H1, atom.H2, atom.H3:
		c.open = false
	}
}

func (c *colourStep) add(text string, coloured bool) {
	if n := len(c.blocks); c.open && n > 0 {
		c.blocks[n-1].text += text
		c.blocks[n-1].coloured = c.blocks[n-1].coloured && coloured
		return
	}
	c.blocks = append(c.blocks, block{text, coloured})
	c.open = true
}

var (
	colourStyle = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)(?:^|[;\s])color\s*:\s*([^;!]+)`)
	})
	colourRGB = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)`)
	})
)

// colourOf reports whether an element sets a colour that people choose, ok whether it sets one at
// all. Black, white, greys and the blue in which Outlook writes each reply are none of these.
func colourOf(n *html.Node) (chosen, ok bool) {
	value := htmltext.Attr(n, "color")
	if m := colourStyle().FindStringSubmatch(htmltext.Attr(n, "style")); m != nil {
		value = m[1]
	}
	value = strings.ToLower(strings.TrimSpace(value))
	switch value {
	case "":
		return false, false
	case "red", "blue", "green", "purple", "orange", "darkred", "darkblue", "darkgreen", "magenta", "maroon", "teal", "navy", "crimson":
		return true, true
	case "#1f497d":
		return false, true
	}
	r, g, b, known := rgb(value)
	return known && max(r, g, b)-min(r, g, b) > 64, true
}

func rgb(value string) (r, g, b int, ok bool) {
	if m := colourRGB().FindStringSubmatch(value); m != nil {
		r, _ = strconv.Atoi(m[1])
		g, _ = strconv.Atoi(m[2])
		b, _ = strconv.Atoi(m[3])
		return r, g, b, true
	}
	hex := strings.TrimPrefix(value, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	x, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 6 {
		return 0, 0, 0, false
	}
	return int(x >> 16), int(x >> 8 & 255), int(x & 255), true
}
