package compose

import (
	"fmt"

	"tierdesk/mailin/extract"
)

// Secrets are what a mail to one recipient outside must not hold. Nothing of it is kept.
type Secrets struct {
	PrivateAddresses []string // of agents
	// OwnToken is the reply token that this recipient may see; IsToken reports whether any other
	// text is one of the desk's.
	OwnToken string
	IsToken  func(token string) bool
	// IsMessageID reports whether a mail to somebody inside had this Message-ID (without brackets,
	// not this mail's own): it would prove its reader.
	IsMessageID   func(id string) bool
	NoticeMarkers []string // phrases that only notices to agents hold
	Internal      []string // texts of the ticket that are not for the outside
	// Public are texts that the recipient may see: eight words that stand in them too are no leak,
	// wherever else they stand.
	Public []string
	// QuotedInternal says that the mail which brought the attachments quoted a notice or an
	// internal text.
	QuotedInternal bool
}

// Leak is a kind of Hit.
type Leak string

// What the gate looks for.
const (
	PrivateAddress Leak = "private-address"
	ForeignToken   Leak = "foreign-token"
	NoticeMarker   Leak = "notice-marker"
	InternalText   Leak = "internal-text"
	Unreadable     Leak = "unreadable" // the gate could not read the mail or a file, so it cannot vouch for it
)

// Hit is something in a mail that must not leave.
type Hit struct {
	Leak  Leak
	Where string // header field, "text", "html" or an attachment's name
	What  string // the address, the words; of a token only its beginning
}

// String is for the log and for the agent.
func (h Hit) String() string { return fmt.Sprintf("%s in %s: %s", h.Leak, h.Where, h.What) }

// maxHits is how many hits a mail can have: one is enough to hold it.
const maxHits = 20

// Gate reads a mail that Bytes has made, decoded as its reader will see it, and returns what in it
// must not leave. No hits mean that the mail may go.
//
// It looks at header fields, at text, at HTML (text, attributes and comments), and at attachments:
// their names, and all text that can be found in them (mailin/extract), also in archives and in
// mails. All is read as it stands and with what programs escape undone. What cannot be looked into
// (encrypted, damaged, packed too deep) is held if something internal could be in it; pictures are
// not read.
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

// gate looks at one mail.
type gate struct {
	secrets  Secrets
	files    *extract.Extractor
	room     []byte // for the attachment at hand
	private  []domain
	markers  []string // one line each
	internal runs     // of the internal texts; nil until asked for
	public   runs
	hits     []Hit
	seen     map[Hit]bool

	where     string // what is being looked at: a field, "text", "html"; "" for files
	ownID     bool   // it is the mail's own Message-ID
	joined    joined // room that is used again
	respelled joined
	words     []word
}

func newGate(s Secrets, size int) *gate {
	g := &gate{secrets: s, seen: map[Hit]bool{}}
	// Unpacking may cost as much again as several times the mail, and something for small mails
	// with documents in them.
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

// found looks at a stretch of text: as it stands, and with what programs escape undone.
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
