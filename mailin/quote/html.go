package quote

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tierdesk/mailin/internal/htmltext"
	"tierdesk/mailin/internal/wordset"
)

// HTML returns the parts of a mail that has only HTML; text is the text that was made from it.
// First what clients mark in the document is taken out of its tree, then the text step looks at
// what is left.
func HTML(doc, text string, o Options) Parts {
	if !marked(doc) {
		return Text(text, o)
	}
	root, err := htmltext.Parse(doc)
	if err != nil {
		return Text(text, o)
	}
	d := treeSplitter{}
	d.run(root)
	if len(d.quotes) == 0 && len(d.signatures) == 0 && !d.changed {
		return Text(text, o)
	}
	kept := htmltext.Render(root)
	p := Text(kept, o)
	if len(d.quotes) > 0 && !p.NothingNew {
		p.Reply = withoutRuler(p.Reply)
	}
	var q, s strings.Builder
	for _, n := range d.quotes {
		q.WriteString(htmltext.Render(n))
	}
	for _, n := range d.signatures {
		s.WriteString(htmltext.Render(n))
	}
	p.Quote = joinParts(p.Quote, q.String())
	p.Signature = joinParts(p.Signature, s.String())
	if strings.TrimSpace(kept) == "" || p.NothingNew {
		if strings.TrimSpace(kept) != "" && strings.TrimSpace(p.Reply) != "" && !p.NothingNew {
			return p
		}
		whole := Text(text, o)
		if strings.TrimSpace(kept) != "" { // a signature alone, or an attribution
			return Parts{Reply: whole.Reply, Quote: whole.Quote, Signature: whole.Signature, NothingNew: true}
		}
		whole.NothingNew = true
		return whole
	}
	return p
}

// marks are what a document must hold somewhere to hold anything that judge knows.
var marks = wordset.StemsOf([]string{
	"quote", "QUOTE", "ignature", "ivRplyFwdMsg", "appendonsend", "stopSpelling", "OLK_SRC", "reply", "Reply", "reference-message",
	"origbody", "Forward", "zwchr", "oriMsg", "zmail_extra", "moz-", "gmail_", "ntes-", "qt", "cite", "Header", "border", "SIG_",
	"data-marker", "airmail_", "bloop_", "_MailAutoSig",
})

func marked(doc string) bool {
	if marks.InString(doc) {
		return true
	}
	// The class "wrote" is a mark, too. What follows a class is never a colon, as it is in "Jane
	// wrote:", which many texts hold.
	for rest, found := doc, true; found; {
		if _, rest, found = strings.Cut(rest, "wrote"); found && !strings.HasPrefix(rest, ":") {
			return true
		}
	}
	return false
}

// withoutRuler takes off a drawn line that separated the reply from history.
func withoutRuler(s string) string {
	for {
		i := strings.LastIndexByte(s, '\n')
		if i < 0 || !ruler(trimSpace(s[i:])) {
			return s
		}
		s = trimBlank(s[:i])
	}
}

func joinParts(a, b string) string {
	a, b = trimBlank(a), trimBlank(b)
	if a == "" {
		return b
	}
	if b == "" {
		return a
	}
	return a + "\n" + b
}

// treeSplitter finds what clients mark as history or signature and takes it out of the tree.
type treeSplitter struct {
	quotes, signatures []*html.Node
	found              []mark
	changed            bool
	looks              int // nodes that were looked at as the writer's own quotation
}

type mark struct {
	node *html.Node
	what int
}

const (
	nothing   = iota
	history   // this node is history
	fromHere  // this node and everything behind it is history
	signature // this node is a signature
)

func (d *treeSplitter) run(root *html.Node) {
	d.find(root, 0)
	for _, f := range d.found {
		if f.node.Parent == nil || detached(f.node, root) {
			continue
		}
		switch f.what {
		case signature:
			remove(f.node)
			d.signatures = append(d.signatures, f.node)
		case history:
			d.looks++
			if d.looks < 20 && ownQuote(f.node, root) { // content, not history: the text step must not see a quote in it
				f.node.Data, f.node.DataAtom, d.changed = "div", atom.Div, true
				continue
			}
			if leadsToAnswered(f.node) { // the text step needs it
				continue
			}
			if forwards(f.node) || interleaved(f.node) || answeredBelow(f.node) || f.node.DataAtom == atom.Blockquote && textAfter(f.node) {
				continue
			}
			remove(f.node)
			d.quotes = append(d.quotes, f.node)
		case fromHere:
			if forwards(f.node) {
				continue
			}
			d.cutFrom(f.node, root)
		}
	}
}

const maxDepth = 600

func (d *treeSplitter) find(n *html.Node, depth int) {
	if depth > maxDepth || len(d.found) > 500 {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			if signs := signedBelow(c); signs != nil {
				d.found = append(d.found, mark{signs, signature})
				continue
			}
			if what := markOf(c); what != nothing {
				d.found = append(d.found, mark{c, what})
				if what != signature {
					continue
				}
			}
		}
		d.find(c, depth+1)
	}
}

// signedBelow returns the signature that stands behind an element, nil for none: Apple's telephones
// mark the line break above it.
func signedBelow(n *html.Node) *html.Node {
	if n.DataAtom != atom.Br || htmltext.Attr(n, "id") != aboveSignature {
		return nil
	}
	next := n.NextSibling
	for next != nil && next.Type == html.TextNode && strings.TrimSpace(next.Data) == "" {
		next = next.NextSibling
	}
	if next == nil || next.Type != html.ElementNode || markOf(next) != nothing || holdsQuote(next) {
		return nil
	}
	return next
}

const aboveSignature = "lineBreakAtBeginningOfSignature"

// holdsQuote reports whether a quote stands somewhere in an element.
func holdsQuote(n *html.Node) bool {
	for c := range n.Descendants() {
		if c.DataAtom == atom.Blockquote {
			return true
		}
	}
	return false
}

// markOf returns what a client says of an element.
func markOf(n *html.Node) int {
	if len(n.Attr) == 0 && n.DataAtom != atom.Blockquote {
		return nothing
	}
	var id, class, style, name string
	for _, a := range n.Attr {
		switch a.Key {
		case "id":
			id = strings.TrimPrefix(a.Val, "x_")
		case "class":
			class = a.Val
		case "style":
			style = a.Val
		case "name":
			name = a.Val
		case "data-marker":
			if a.Val == "__QUOTED_TEXT__" || a.Val == "__HEADERS__" {
				return history
			}
			if a.Val == "__SIG_PRE__" || a.Val == "__SIG_POST__" {
				return signature
			}
		case "data-smartmail":
			if a.Val == "gmail_signature" {
				return signature
			}
		}
	}
	if namesSignature(id) {
		return signature
	}
	switch id {
	case "divRplyFwdMsg", "appendonsend", "stopSpelling", "OLK_SRC_BODY_SECTION", "reply-intro", "mail-editor-reference-message-container",
		"divtagdefaultwrapper-quote":
		if id == "appendonsend" && textOf(n) != "" {
			return history
		}
		return fromHere
	case "Signature", "AppleMailSignature", "ymail_android_signature", "ms-outlook-mobile-signature", "signature", "yahoo-signature",
		"composeSignature", "mail-signature":
		return signature
	case aboveSignature: // a line break: see signedBelow
		return nothing
	case "origbody", "isForwardContent", "isReplyContent", "replyBody", "zwchr", "quoted_text", "oriMsgHtmlSeperator",
		"mailContentContainer-quote":
		return history
	}
	for c := range strings.FieldsSeq(class) {
		c = strings.TrimPrefix(c, "x_")
		if namesSignature(c) {
			return signature
		}
		switch c {
		case "gmail_quote", "gmail_quote_container", "yahoo_quoted", "protonmail_quote", "zmail_extra", "tutanota_quote", "moz-cite-prefix",
			"moz-forward-container-none", "gmail_attr",
			"ntes-mailmaster-quote", "ydp_quoted", "ecxgmail_quote", "yahoo-quoted-begin", "qt", "wrote", "quoted-mail", "hmmessage-quote",
			"mailru-blockquote", "js-helper_quote", "sh-quoted-content", "freshdesk_quote", "zd-comment-quote", "front-blockquote", "cite",
			"replyHeader", "mailspring-quote", "airmail_ext_on", "hs_reply", "missive_quote", "bm-quote", "edo-quote", "nylas-quote",
			"mailbird-quote", "quoted-text", "quoted_text", "email-quote", "ms-outlook-quote", "tutanota-quote", "hey-quote", "trix-quote",
			"mimestream-quote", "skiff_quote", "bloop_original_html", "zmail_quote", "em_quote", "reply-quote", "helpscout-quote":
			if c == "cite" && n.DataAtom != atom.Blockquote {
				continue
			}
			return history
		case "gmail_extra":
			continue
		case "OutlookMessageHeader", "gmail_sendername-none":
			return fromHere
		case "gmail_signature", "moz-signature", "protonmail_signature_block", "ms-outlook-mobile-signature", "js-signature",
			"apple-mail-signature", "mobile_signature", "yahoo_signature", "ydp-signature", "gmail_signature_prefix", "front-signature",
			"sh-signature", "tutanota_signature", "zmail_signature", "x-apple-signature", "hs_signature", "hubspot-mail-signature",
			"edo-signature", "mailspring-signature", "airmail_signature", "bloop_sign", "ntes-mailmaster-signature", "signature-block",
			"email-signature", "mail-signature", "newton-signature", "spark-signature", "mimestream-signature", "hey-signature",
			"roundcube_signature", "rcmSignature", "bluemail_signature", "missive_signature":
			return signature
		}
	}
	if name == "quote" || name == "messageReplySection" || name == "quoted-content" {
		return history
	}
	if name == "messageSignatureSection" || name == "signature" || name == "_MailAutoSig" ||
		strings.Contains(style, "mso-bookmark:_MailAutoSig") || strings.Contains(style, "mso-bookmark: _MailAutoSig") {
		return signature
	}
	if n.DataAtom == atom.Blockquote {
		return history
	}
	if style != "" && n.DataAtom == atom.Div && strings.Contains(strings.ToLower(style), "border-top") {
		s := strings.ReplaceAll(strings.ToLower(style), " ", "")
		if strings.Contains(s, "border:none") || strings.Contains(s, "border-width:1ptnonenone") ||
			strings.Contains(s, "border-width:1pt0") || strings.Contains(s, "border-left:none") {
			if outlookHeader(n) {
				return fromHere
			}
		}
	}
	return nothing
}

// namesSignature reports whether an id or a class names a signature, as most clients' do:
// "signature", "composer_signature".
func namesSignature(name string) bool {
	low := len(name) - len("signature")
	return low >= 0 && strings.EqualFold(name[low:], "signature") && !strings.HasPrefix(name, "lineBreak") ||
		len(name) > len("signature_") && strings.EqualFold(name[:len("signature")], "signature") &&
			strings.ContainsRune("_-", rune(name[len("signature")]))
}

// outlookHeader reports whether a bordered block holds From: Sent: To: lines.
func outlookHeader(n *html.Node) bool {
	t := splitter{ours: -1}
	for _, l := range strings.SplitAfter(htmltext.Head(n, 1000), "\n") {
		t.lines, t.bare = append(t.lines, l), append(t.bare, trimSpace(l))
	}
	t.end = len(t.bare)
	for i := range t.bare {
		if t.bare[i] != "" {
			return t.headerBlock(i)
		}
	}
	return false
}

// leadsToAnswered reports whether an element holds an attribution alone, of a quote that has an
// answer below.
func leadsToAnswered(n *html.Node) bool {
	if n.DataAtom == atom.Blockquote {
		return false
	}
	next := n.NextSibling
	for next != nil && next.Type == html.TextNode && strings.TrimSpace(next.Data) == "" {
		next = next.NextSibling
	}
	return next != nil && next.DataAtom == atom.Blockquote && n.FirstChild != nil && len(textOf(n)) < 400 && textAfter(next)
}

// cutFrom takes out a node and all that stands behind it in the document.
func (d *treeSplitter) cutFrom(n, root *html.Node) {
	for at := n; at != nil && at != root && at.DataAtom != atom.Body; {
		parent := at.Parent
		var behind []*html.Node
		start := at
		if at != n {
			start = at.NextSibling
		}
		for c := start; c != nil; c = c.NextSibling {
			behind = append(behind, c)
		}
		// A ruler just above belongs to it.
		if at == n {
			for p := prevElement(n); p != nil && p.DataAtom == atom.Hr; p = prevElement(n) {
				remove(p)
			}
		}
		next := at.Parent
		for _, c := range behind {
			remove(c)
			d.quotes = append(d.quotes, c)
		}
		if next == nil || parent == nil {
			return
		}
		at = next
		if at.DataAtom == atom.Body || at == root {
			return
		}
	}
}

func prevElement(n *html.Node) *html.Node {
	for p := n.PrevSibling; p != nil; p = p.PrevSibling {
		if p.Type == html.ElementNode {
			return p
		}
		if p.Type == html.TextNode && strings.TrimSpace(p.Data) != "" {
			return nil
		}
	}
	return nil
}

func remove(n *html.Node) {
	if n.Parent != nil {
		n.Parent.RemoveChild(n)
	}
}

func detached(n, root *html.Node) bool {
	for p := n; p != nil; p = p.Parent {
		if p == root {
			return false
		}
	}
	return true
}

// textOf returns the first text in a node.
func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return strings.TrimSpace(strings.ReplaceAll(n.Data, "\u00a0", " "))
	}
	if n.DataAtom == atom.Style || n.DataAtom == atom.Script {
		return ""
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if s := textOf(c); s != "" {
			return s
		}
	}
	return ""
}

// forwards reports whether a block passes a mail on: it is content then.
func forwards(n *html.Node) bool {
	s := textOf(n)
	return s != "" && passesOn(s)
}

// interleaved reports whether answers stand between the quoted parts inside a block.
func interleaved(n *html.Node) bool {
	if n.DataAtom == atom.Blockquote {
		return false
	}
	seen := false
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Blockquote {
			seen = true
			continue
		}
		if seen && textOf(c) != "" {
			for later := c.NextSibling; later != nil; later = later.NextSibling {
				if later.DataAtom == atom.Blockquote {
					return true
				}
			}
		}
	}
	return false
}

// answeredBelow reports whether a client's frame for a quote holds an answer below the quote: some
// put the cursor there.
func answeredBelow(n *html.Node) bool {
	if n.DataAtom == atom.Blockquote {
		return false
	}
	below := false
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.DataAtom == atom.Blockquote:
			below = true
		case below && (c.Type != html.ElementNode || markOf(c) == nothing) && textOf(c) != "":
			return true
		}
	}
	return false
}

// ownQuote reports whether a block is a quotation that the writer made with Gmail's button: it has
// Gmail's class, but not its frame, and no attribution above it.
func ownQuote(n, root *html.Node) bool {
	if n.DataAtom != atom.Blockquote || !strings.Contains(htmltext.Attr(n, "class"), "gmail_quote") {
		return false
	}
	above := lastTextBefore(n, root)
	return attributes(above, true, false) == no
}

// lastTextBefore returns the last text that stands before a node in the document.
func lastTextBefore(n, root *html.Node) string {
	for at := n; at != nil && at != root; at = at.Parent {
		for p := at.PrevSibling; p != nil; p = p.PrevSibling {
			if s := strings.TrimSpace(htmltext.Head(p, 4000)); s != "" {
				lines := strings.Split(s, "\n")
				return strings.Join(lines[max(0, len(lines)-3):], " ")
			}
		}
	}
	return ""
}

// textAfter reports whether words that are no history stand behind a node in the document.
func textAfter(n *html.Node) bool {
	for at := n; at != nil; at = at.Parent {
		for c := at.NextSibling; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode && markOf(c) != nothing {
				continue
			}
			if textOf(c) != "" {
				return true
			}
		}
	}
	return false
}
