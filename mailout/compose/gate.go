package compose

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-message"
	"golang.org/x/net/html"

	"tierdesk/mailin"
)

// Secrets are what a mail to one recipient outside must not hold. Nothing of it is kept.
type Secrets struct {
	PrivateAddresses []string // of agents
	// OwnToken is the reply token that this recipient may see; IsToken tells of any other whether it is one of the desk's.
	OwnToken string
	IsToken  func(token string) bool
	// IsMessageID tells of a Message-ID (without brackets, not this mail's own) whether a mail to somebody inside had it: it would prove its reader.
	IsMessageID   func(id string) bool
	NoticeMarkers []string // phrases that only notices to agents hold
	Internal      []string // texts of the ticket that are not for the outside
	// Public are texts that the recipient may see: eight words that stand in them too are no leak, wherever else they stand.
	Public []string
}

// Leak is a kind of Hit.
type Leak string

// What the gate looks for.
const (
	PrivateAddress Leak = "private-address"
	ForeignToken   Leak = "foreign-token"
	NoticeMarker   Leak = "notice-marker"
	InternalText   Leak = "internal-text"
	Unreadable     Leak = "unreadable" // the gate could not read the mail, so it cannot vouch for it
)

// Hit is something in a mail that must not leave.
type Hit struct {
	Leak  Leak
	Where string // header field, "text", "html" or an attachment's name
	What  string // the address, the words; of a token only its beginning
}

// String is for the log and for the agent.
func (h Hit) String() string { return fmt.Sprintf("%s in %s: %s", h.Leak, h.Where, h.What) }

// shingle is how many words running are a leak. A letter of a script without spaces counts half a word.
const shingle = 8

// Gate reads a mail that Bytes has made, decoded as its reader will see it, and tells what in it must not leave. Nothing found means that the
// mail may go. It looks at header fields, text, HTML (text, attributes and comments) and the names of attachments, and into those that are text, whatever
// their type says, or a mail themselves; what stands in a picture or a PDF file it does not see.
func Gate(raw []byte, s Secrets) []Hit {
	pieces, err := read(raw)
	if err != nil {
		return []Hit{{Leak: Unreadable, Where: "mail", What: err.Error()}}
	}
	g := gate{secrets: s, private: map[string]bool{}, seen: map[Hit]bool{}}
	for _, a := range s.PrivateAddresses {
		g.private[mailin.Fold(a)] = true
	}
	for _, m := range s.NoticeMarkers {
		if words := strings.Fields(visible(m)); len(words) > 0 {
			g.phrases = append(g.phrases, words)
		}
	}
	for _, p := range pieces {
		g.addresses(p)
		g.tokens(p)
		g.messageIDs(p)
		g.markers(p)
	}
	g.internal(pieces)
	return g.hits
}

type gate struct {
	secrets Secrets
	private map[string]bool
	phrases [][]string // the notice markers in words
	hits    []Hit
	seen    map[Hit]bool
}

func (g *gate) hit(leak Leak, where, what string) {
	h := Hit{leak, where, what}
	if !g.seen[h] && len(g.hits) < 20 {
		g.seen[h] = true
		g.hits = append(g.hits, h)
	}
}

// piece is a part of a mail as its reader sees it.
type piece struct {
	where string
	text  string // lower case
	own   bool   // the mail's own Message-ID
}

func (g *gate) addresses(p piece) {
	if len(g.private) == 0 {
		return
	}
	for i := 0; ; {
		at := strings.IndexByte(p.text[i:], '@')
		if at < 0 {
			return
		}
		at += i
		start, end := at, at+1
		for start > 0 && inLocal(p.text[start-1]) {
			start--
		}
		for end < len(p.text) && inDomain(p.text[end]) {
			end++
		}
		local, domain := strings.Trim(p.text[start:at], "."), strings.Trim(p.text[at+1:end], ".-")
		plain, _, _ := strings.Cut(local, "+")
		// Other texts may run into the address ("mail=jane@x", "'jane@x'"), so what stands behind such signs is looked up as well.
		for _, l := range []string{local, plain, local[strings.LastIndexAny(local, "='/*`~|{}!#$%&^?")+1:]} {
			if a := l + "@" + domain; g.private[a] {
				g.hit(PrivateAddress, p.where, a)
				break
			}
		}
		i = at + 1
	}
}

// RFC 5322 section 3.2.3: atext and dots. Bytes beyond ASCII are letters.
func inLocal(c byte) bool {
	return c >= utf8.RuneSelf || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("!#$%&'*+-/=?^_`{|}~.", c) >= 0
}

func inDomain(c byte) bool {
	return c >= utf8.RuneSelf || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.'
}

// minToken and maxToken bound the length of what IsToken is asked about; longer runs are cut nowhere, as no token is longer.
const minToken, maxToken = 20, 64

func (g *gate) tokens(p piece) {
	if g.secrets.IsToken == nil {
		return
	}
	own := strings.ToLower(g.secrets.OwnToken)
	for i := 0; i < len(p.text); {
		start := i
		for i < len(p.text) && inToken(p.text[i]) {
			i++
		}
		if n := i - start; n >= minToken && n <= maxToken {
			if t := p.text[start:i]; t != own && g.secrets.IsToken(t) {
				g.hit(ForeignToken, p.where, t[:6]+"…")
			}
		}
		i++
	}
}

func inToken(c byte) bool { return c >= 'a' && c <= 'z' || c >= '2' && c <= '7' }

// messageIDs looks for what has the form of the desk's own: number.number.signature@domain.
func (g *gate) messageIDs(p piece) {
	if g.secrets.IsMessageID == nil || p.own {
		return
	}
	for i := 0; ; {
		at := strings.IndexByte(p.text[i:], '@')
		if at < 0 {
			return
		}
		at += i
		start, end := at, at+1
		for start > 0 && (inToken(p.text[start-1]) || p.text[start-1] >= '0' && p.text[start-1] <= '9' || p.text[start-1] == '.') {
			start--
		}
		for end < len(p.text) && inDomain(p.text[end]) {
			end++
		}
		if id := p.text[start:end]; strings.Count(p.text[start:at], ".") == 2 && g.secrets.IsMessageID(id) {
			g.hit(ForeignToken, p.where, id)
		}
		i = at + 1
	}
}

func (g *gate) markers(p piece) {
	text := ""
	for _, words := range g.phrases {
		if slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(p.text, w) }) {
			continue
		}
		if text == "" {
			text = strings.Join(strings.Fields(p.text), " ")
		}
		if m := strings.Join(words, " "); strings.Contains(text, m) {
			g.hit(NoticeMarker, p.where, m)
		}
	}
}

// internal looks for runs of words. The runs of the mail, which is small, are kept; the ticket's texts are walked over. A run counts only
// where none of its words belongs to a run that is public: "he wrote" before a public sentence makes no leak of the sentence.
func (g *gate) internal(pieces []piece) {
	if len(g.secrets.Internal) == 0 {
		return
	}
	const inside, public = 1, 2
	all, size := make([][]word, len(pieces)), 0
	for i, p := range pieces {
		all[i] = words(p.text)
		size += len(all[i])
	}
	seen := make(map[uint64]byte, size)
	for _, w := range all {
		windows(w, func(h uint64, _, _ int) { seen[h] = 0 })
	}
	if len(seen) == 0 {
		return
	}
	mark := func(texts []string, as byte) (found bool) {
		for _, text := range texts {
			windows(words(visible(text)), func(h uint64, _, _ int) {
				if was, ok := seen[h]; ok {
					seen[h], found = was|as, true
				}
			})
		}
		return found
	}
	if !mark(g.secrets.Internal, inside) {
		return
	}
	mark(g.secrets.Public, public)
	for i, w := range all {
		covered := make([]bool, len(w))
		windows(w, func(h uint64, from, to int) {
			if seen[h]&public != 0 {
				for j := from; j < to; j++ {
					covered[j] = true
				}
			}
		})
		windows(w, func(h uint64, from, to int) {
			if seen[h]&inside != 0 && !slices.Contains(covered[from:to], true) {
				g.hit(InternalText, pieces[i].where, join(w[from:to]))
			}
		})
	}
}

type word struct {
	text string
	hash uint64
	half bool // a letter of a script without spaces
}

// words splits a lower-case text into runs of letters and digits.
func words(text string) []word {
	out := make([]word, 0, len(text)/6)
	start := -1
	flush := func(end int) {
		if start >= 0 {
			out = append(out, word{text: text[start:end], hash: hash(text[start:end])})
			start = -1
		}
	}
	for i, r := range text {
		switch {
		case r < utf8.RuneSelf:
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
				if start < 0 {
					start = i
				}
			} else {
				flush(i)
			}
		case r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Khmer, unicode.Lao, unicode.Myanmar):
			flush(i)
			n := utf8.RuneLen(r)
			out = append(out, word{text: text[i : i+n], hash: hash(text[i : i+n]), half: true})
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if start < 0 {
				start = i
			}
		default:
			flush(i)
		}
	}
	flush(len(text))
	return out
}

// windows gives each run of words that weighs as much as eight.
func windows(all []word, f func(h uint64, from, to int)) {
	for i := range all {
		var h uint64
		weight := 0
		for j := i; j < len(all); j++ {
			h = h*0x9E3779B97F4A7C15 + all[j].hash
			if weight += 2; all[j].half {
				weight--
			}
			if weight >= 2*shingle {
				f(h, i, j+1)
				break
			}
		}
		if weight < 2*shingle {
			return
		}
	}
}

// hash is FNV-1a.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

func join(w []word) string {
	var b strings.Builder
	for i, x := range w {
		if i > 0 && !x.half {
			b.WriteByte(' ')
		}
		b.WriteString(x.text)
	}
	return b.String()
}

// visible folds a text for comparison: lower case, without the characters that nobody sees.
func visible(s string) string {
	plain := true
	for i := range len(s) {
		plain = plain && s[i] < utf8.RuneSelf && !(s[i] >= 'A' && s[i] <= 'Z')
	}
	if plain {
		return s
	}
	var out strings.Builder
	out.Grow(len(s))
	for i := 0; i < len(s); {
		same := i
		for i < len(s) && s[i] < utf8.RuneSelf && !(s[i] >= 'A' && s[i] <= 'Z') {
			i++
		}
		out.WriteString(s[same:i])
		if i == len(s) {
			break
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if !unicode.Is(unicode.Cf, r) { // the soft hyphen too
			out.WriteRune(unicode.ToLower(r))
		}
		i += n
	}
	return out.String()
}

// read decodes a mail that Bytes made. It is strict: what it cannot read is an error.
func read(raw []byte) ([]piece, error) {
	return mail(raw, 0)
}

func mail(raw []byte, depth int) ([]piece, error) {
	e, err := message.Read(bytes.NewReader(raw))
	if err != nil && !message.IsUnknownCharset(err) {
		return nil, fmt.Errorf("reading the header: %w", err)
	}
	if e.Header.Len() == 0 {
		return nil, errors.New("there is no header")
	}
	var out []piece
	for fields := e.Header.Fields(); fields.Next(); {
		key := textproto.CanonicalMIMEHeaderKey(fields.Key())
		switch key {
		case "Dkim-Signature", "Content-Type", "Content-Transfer-Encoding", "Mime-Version", "Date":
			continue
		}
		text, err := fields.Text()
		if err != nil {
			return nil, fmt.Errorf("reading the field %s: %w", key, err)
		}
		out = append(out, piece{where: key, text: visible(text), own: key == "Message-Id"})
	}
	return part(out, e, false, depth)
}

const (
	maxAttachmentText = 4 << 20
	maxDepth          = 4 // of parts in parts
)

// part reads a part, or the mail's body: inner tells which.
func part(out []piece, e *message.Entity, inner bool, depth int) ([]piece, error) {
	kind, _, err := e.Header.ContentType()
	if err != nil {
		return nil, fmt.Errorf("reading a Content-Type: %w", err)
	}
	if parts := e.MultipartReader(); parts != nil {
		if depth > maxDepth {
			return nil, errors.New("multiparts are nested too deep")
		}
		for {
			p, err := parts.NextPart()
			if err == io.EOF {
				return out, nil
			}
			if err != nil && !message.IsUnknownCharset(err) {
				return nil, fmt.Errorf("reading a multipart: %w", err)
			}
			if out, err = part(out, p, true, depth+1); err != nil {
				return nil, err
			}
		}
	}
	where := strings.TrimPrefix(kind, "text/")
	if where == "plain" {
		where = "text"
	}
	body, attached := e.Body, inner && e.Header.Has("Content-Disposition")
	if attached {
		_, params, err := e.Header.ContentDisposition()
		if err != nil {
			return nil, fmt.Errorf("reading a Content-Disposition: %w", err)
		}
		where = "attachment " + params["filename"]
		out = append(out, piece{where: where, text: visible(params["filename"])})
		body = io.LimitReader(body, maxAttachmentText)
	}
	text, err := io.ReadAll(body)
	if err != nil && !attached {
		return nil, fmt.Errorf("decoding a text: %w", err)
	}
	if attached && depth < maxDepth {
		// An agent attaches the notice itself: it is a mail.
		if within, err := mail(text, depth+1); err == nil {
			for _, p := range within {
				out = append(out, piece{where: where, text: p.text})
			}
		}
	}
	if attached && !strings.HasPrefix(kind, "text/") && bytes.IndexByte(text, 0) >= 0 {
		return out, nil // a picture, an archive
	}
	if kind == "text/html" {
		shown, hidden := htmlTexts(text)
		return append(out, piece{where: where, text: visible(shown)}, piece{where: where, text: visible(hidden)}), nil
	}
	return append(out, piece{where: where, text: visible(strings.ToValidUTF8(string(text), "\uFFFD"))}), nil
}

// inlineTags do not end a word.
var inlineTags = map[string]bool{"a": true, "b": true, "i": true, "u": true, "s": true, "em": true, "strong": true, "span": true, "font": true, "code": true,
	"small": true, "big": true, "sub": true, "sup": true, "tt": true, "mark": true, "ins": true, "del": true, "abbr": true, "wbr": true, "kbd": true}

// htmlTexts gives what a reader of the HTML sees, and what only its source shows: attributes and comments.
func htmlTexts(src []byte) (shown, hidden string) {
	var seen, rest strings.Builder
	seen.Grow(len(src))
	z := html.NewTokenizer(bytes.NewReader(src))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return seen.String(), rest.String()
		case html.TextToken:
			if text := z.Raw(); bytes.IndexByte(text, '&') < 0 {
				seen.Write(text)
			} else {
				seen.WriteString(html.UnescapeString(string(text)))
			}
		case html.CommentToken, html.DoctypeToken:
			rest.WriteString(" " + string(z.Text()) + " ")
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			if !inlineTags[string(name)] {
				seen.WriteByte(' ')
			}
			for more {
				var value []byte
				_, value, more = z.TagAttr()
				rest.WriteByte(' ')
				rest.Write(value)
				rest.WriteByte(' ')
				if bytes.IndexByte(value, '%') >= 0 {
					if plain, err := url.PathUnescape(string(value)); err == nil {
						rest.WriteString(plain + " ")
					}
				}
			}
		}
	}
}
