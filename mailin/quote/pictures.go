package quote

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/htmltext"
)

// Shown says of the pictures that the HTML of a mail shows, by their Content-IDs, whether they
// stand in what is new in it.
type Shown map[string]bool

// Elsewhere reports whether the HTML shows a picture, but only in its signature or in what it
// quotes. What the HTML does not show is a file like any other.
func (s Shown) Elsewhere(contentID string) bool {
	written, named := s[contentID]
	return named && !written
}

// maxPictures is how many pictures are looked at.
const maxPictures = 1000

// Pictures looks where the pictures of a mail stand: each is read as a word, and the text is split
// as ever. Where nothing is new but the mail's own words are taken from somewhere else, only the
// signature is known, and what stands outside of it counts as new.
func Pictures(m *mailin.Message, o Options) Shown {
	if !strings.Contains(m.HTML, "cid:") && !strings.Contains(m.HTML, "CID:") {
		return nil
	}
	root, err := htmltext.Parse(m.HTML)
	if err != nil {
		return nil
	}
	var ids []string
	wordsForPictures(root, &ids, 0)
	if len(ids) == 0 {
		return nil
	}
	var doc strings.Builder
	if err := html.Render(&doc, root); err != nil {
		return nil
	}
	read := *m
	read.HTML, read.Text, read.Plain = doc.String(), htmltext.Text(doc.String()), false
	Split(&read, o)
	written, lost := unquoted(read.Written()), read.Signature
	out := Shown{}
	for i, id := range ids {
		is := strings.Contains(written, pictureWord(i))
		if read.NothingNew {
			is = !strings.Contains(lost, pictureWord(i))
		}
		out[id] = out[id] || is
	}
	return out
}

// unquoted returns a text without the quoted lines that an answer between them keeps.
func unquoted(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		if !isQuoted(line) {
			out.WriteString(line)
		}
	}
	return out.String()
}

// pictureWord stands for a picture in a text, as some clients write it.
func pictureWord(n int) string { return fmt.Sprintf("[cid:picture-%d]", n) }

// wordsForPictures puts a word in place of each picture, and returns the Content-IDs in their
// order.
func wordsForPictures(n *html.Node, ids *[]string, depth int) {
	if depth > maxDepth {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Img && len(*ids) < maxPictures {
			if scheme, id, found := strings.Cut(strings.TrimSpace(htmltext.Attr(c, "src")), ":"); found &&
				strings.EqualFold(scheme, "cid") {
				if plain, err := url.PathUnescape(id); err == nil {
					id = plain
				}
				c.Type, c.DataAtom, c.Attr, c.Data = html.TextNode, 0, nil, " "+pictureWord(len(*ids))+" "
				*ids = append(*ids, strings.Trim(id, "<>"))
			}
			continue
		}
		wordsForPictures(c, ids, depth+1)
	}
}
