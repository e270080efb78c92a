package quote

import (
	"strings"

	"golang.org/x/net/html"

	"tierdesk/mailin/internal/htmltext"
)

// signatureMarks are what a document holds that marks a signature in a way markOf knows (signature,
// _MailAutoSig, SIG_P, bloop_sign, rcmSig), cut to what is found soonest: few of them, each
// beginning with a rare letter.
var signatureMarks = []string{"gnature", "Sig", "SIG_P", "_sign"}

// Bounds for the work on the signatures that a document marks.
const (
	maxSignatures   = 20
	maxSignatureDoc = 20_000 // octets of one
	maxBreakTag     = 200    // octets from a mark to the end of its tag
	maxMarks        = 100    // that are looked at
)

// withoutMarkedSignature cuts off the end of a reply that was read from the plain text, where the
// HTML beside it marks that as the signature: above a quote clients leave the delimiter out, and
// the plain text marks nothing.
func (p Parts) withoutMarkedSignature(doc string) Parts {
	if p.NothingNew || p.Reply == "" || p.Forwarded != "" {
		return p
	}
	marked := markedSignatures(doc)
	for from := range marked {
		for to := len(marked); to > from; to-- { // Outlook marks each line
			var words []string
			for _, w := range marked[from:to] {
				words = append(words, w...)
			}
			reply, signature := cutEnding(p.Reply, words)
			if signature == "" {
				continue
			}
			p.Reply = trimBlank(reply)
			p.Signature = joinParts(signature, p.Signature)
			return p
		}
	}
	return p
}

// markedSignatures returns the words of each element that a client marks as a signature.
func markedSignatures(doc string) [][]string {
	var found [][]string
	at := 0
	for range maxMarks {
		i := indexAny(doc[at:], signatureMarks)
		if i < 0 || len(found) == maxSignatures {
			break
		}
		i += at
		begin := strings.LastIndexByte(doc[at:i], '<')
		if begin < 0 {
			at = i + 1
			continue
		}
		begin += at
		element, ok := signatureElement(doc[begin:min(len(doc), begin+maxSignatureDoc)])
		if !ok {
			tag := doc[begin:min(len(doc), i+maxBreakTag)]
			if end := strings.IndexByte(tag, '>'); end >= 0 && strings.Contains(tag[:end], aboveSignature) {
				begin += end + 1 // Apple's telephones mark the line break above it
				element, ok = wholeElement(doc[begin:min(len(doc), begin+maxSignatureDoc)])
			}
		}
		if !ok {
			at = i + 1
			continue
		}
		at = begin + len(element)
		if words := wordsIn(htmltext.Text(element)); len(words) > 0 {
			found = append(found, words)
		}
	}
	return found
}

// indexAny returns where the first of several strings stands, -1 if none does.
func indexAny(s string, any []string) int {
	best := -1
	for _, x := range any {
		if i := strings.Index(s, x); i >= 0 && (best < 0 || i < best) {
			best, s = i, s[:i+len(x)-1]
		}
	}
	return best
}

// signatureElement returns the element at the beginning of a document with its content, if it is
// marked as a signature.
func signatureElement(doc string) (string, bool) {
	z := html.NewTokenizer(strings.NewReader(doc))
	if z.Next() != html.StartTagToken {
		return "", false
	}
	first := z.Token()
	if markOf(&html.Node{Type: html.ElementNode, Data: first.Data, DataAtom: first.DataAtom, Attr: first.Attr}) != signature {
		return "", false
	}
	return wholeElement(doc)
}

// wholeElement returns the element at the beginning of a document with its content.
func wholeElement(doc string) (string, bool) {
	z := html.NewTokenizer(strings.NewReader(doc))
	if z.Next() != html.StartTagToken {
		return "", false
	}
	size := len(z.Raw())
	name, _ := z.TagName()
	first := string(name)
	for depth := 1; depth > 0; {
		kind := z.Next()
		if kind == html.ErrorToken {
			return doc[:size], true
		}
		size += len(z.Raw())
		if kind != html.StartTagToken && kind != html.EndTagToken {
			continue
		}
		name, _ := z.TagName()
		switch {
		case string(name) != first:
		case kind == html.StartTagToken:
			depth++
		default:
			depth--
		}
	}
	return doc[:size], true
}
