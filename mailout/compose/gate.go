package compose

import (
	"fmt"

	"tierdesk/mailin/extract"
)

// Secrets describe what a mail to one recipient outside must not contain. The gate keeps no
// reference to them.
type Secrets struct {
	PrivateAddresses []string // of agents
	// OwnToken is the reply token that this recipient may see. IsToken reports whether any other
	// text is a token of the desk.
	OwnToken string
	IsToken  func(token string) bool
	// IsMessageID reports whether this is the Message-ID (without brackets, not this mail's own) of
	// a mail to somebody inside: whoever knows it could pass for that person.
	IsMessageID   func(id string) bool
	NoticeMarkers []string // phrases that occur only in notices to agents
	Internal      []string // texts of the ticket that are not for the outside
	// Public are texts that the recipient may see: a run of words that occurs in them is no leak,
	// wherever else it occurs.
	Public []string
	// QuotedInternal means that the mail from which the attachments come quoted a notice or an
	// internal text.
	QuotedInternal bool
}

// Leak is a kind of Hit.
type Leak string

// Kinds of leaks.
const (
	PrivateAddress Leak = "private-address"
	ForeignToken   Leak = "foreign-token"
	NoticeMarker   Leak = "notice-marker"
	InternalText   Leak = "internal-text"
	Unreadable     Leak = "unreadable" // the gate could not read the mail or a file, so it cannot vouch for it
)

// Hit is something in a mail that must not leave the desk.
type Hit struct {
	Leak  Leak
	Where string // header field, "text", "html" or an attachment's name
	What  string // the address, the words; of a token only its beginning
}

// String returns the hit as the log and the agent see it.
func (h Hit) String() string { return fmt.Sprintf("%s in %s: %s", h.Leak, h.Where, h.What) }

// maxHits bounds the hits that are reported for a mail: one is enough to hold it.
const maxHits = 20

// Gate reads a mail made by Bytes, decoded as its recipient will see it, and returns what must not
// leave the desk. Without hits the mail may be sent.
//
// Gate examines header fields, text, HTML (text, attributes and comments), and attachments: their
// names and all text found in them (mailin/extract), including archives and mails. Everything is
// read both as it is and with escapes undone. A file that cannot be examined (encrypted, damaged,
// nested too deep) is a hit if it could contain something internal. Pictures are not read.
func Gate(raw []byte, s Secrets) []Hit {
	g := newGate(s, len(raw))
	if err := g.mail(raw); err != nil {
		g.hit(Unreadable, "mail", err.Error())
	}
	if s.QuotedInternal || len(s.Internal) > 0 {
		for _, note := range g.files.Closed() {
			g.hit(Unreadable, "attachment", note)
		}
	}
	return g.hits
}

// gate is the state of examining one mail.
type gate struct {
	secrets  Secrets
	files    *extract.Extractor
	room     []byte // buffer for the current attachment
	private  []domain
	markers  []string // one line each
	internal runs     // of the internal texts; nil until needed
	public   runs
	hits     []Hit
	seen     map[Hit]bool

	where     string // what is being examined: a field, "text", "html"; "" for files
	ownID     bool   // the text is the mail's own Message-ID
	joined    joined // buffer that is reused
	respelled joined
	words     []word
}

func newGate(s Secrets, size int) *gate {
	g := &gate{secrets: s, seen: map[Hit]bool{}}
	// Unpacking may take several times the size of the mail, and a fixed allowance for small mails
	// that contain documents.
	g.files = extract.New(extract.Limits{MaxBytes: int64(6*size) + 32<<20, MaxInside: int64(size) + 8<<20}, g.found)
	for _, m := range s.NoticeMarkers {
		if text := oneSentence(visible(m)); text != "" {
			g.markers = append(g.markers, text)
		}
	}
	return g
}

func (g *gate) hit(leak Leak, where, what string) {
	h := Hit{leak, where, what}
	if !g.seen[h] && len(g.hits) < maxHits {
		g.seen[h] = true
		g.hits = append(g.hits, h)
	}
}

// found examines a stretch of text, both as it is and with escapes undone.
func (g *gate) found(t extract.Text) {
	where := g.where
	if where == "" {
		where = "attachment " + t.Where
	}
	for text := range forms(t.Text) {
		plain := text
		g.addresses(where, text)
		text = visible(text)
		g.tokens(where, text)
		if !g.ownID {
			g.messageIDs(where, text)
		}
		g.sentences(where, text)
		g.files.Encoded(t, plain)
	}
}
