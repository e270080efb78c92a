package compose

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"path"
	"strconv"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"tierdesk/mailin/parse"
	"tierdesk/mailout"
)

// Load returns the contents of attachments that refer to incoming mails, in the order of the
// attachments. It is called once for all attachments of a mail.
type Load func([]mailout.Attachment) ([]io.WriterTo, error)

// FromMails makes a Load. It calls raw once for each mail and parses the mail once, however many of
// its files are wanted; their contents share its memory. raw reports whether the mail is still
// kept. Load returns ErrMail for what can never be loaded.
func FromMails(lim parse.Limits, raw func(inbound int64) (mail []byte, kept bool, err error)) Load {
	return func(wanted []mailout.Attachment) ([]io.WriterTo, error) {
		at := map[int64][]int{} // places in wanted
		for i, a := range wanted {
			at[a.Inbound] = append(at[a.Inbound], i)
		}
		out := make([]io.WriterTo, len(wanted))
		for inbound, places := range at {
			mail, kept, err := raw(inbound)
			if err != nil {
				return nil, err
			}
			if !kept {
				return nil, fmt.Errorf("%w: mail %d, which held %q, is no longer kept", ErrMail, inbound, wanted[places[0]].Name)
			}
			indexes := make([]int, len(places))
			for n, i := range places {
				indexes[n] = wanted[i].Index
			}
			files, err := parse.Attachments(mail, lim, indexes...)
			if err != nil {
				return nil, fmt.Errorf("%w: taking attachments out of mail %d: %w", ErrMail, inbound, err)
			}
			for n, i := range places {
				out[i] = files[n]
			}
		}
		return out, nil
	}
}

// contents returns what each attachment of a mail holds.
func contents(m *mailout.Mail, opt Options) ([]io.WriterTo, error) {
	out := make([]io.WriterTo, len(m.Attach))
	var away []mailout.Attachment
	var places []int
	for i, a := range m.Attach {
		if a.Inbound == 0 {
			out[i] = bytes.NewReader(a.Data)
			continue
		}
		if raw, known := opt.Files[fileKey{a.Inbound, a.Index}]; known {
			out[i] = encoded(raw)
			continue
		}
		away, places = append(away, a), append(places, i)
	}
	if len(away) == 0 {
		return out, nil
	}
	if opt.Load == nil {
		return nil, fmt.Errorf("%w: mail %d: nobody can load its attachment %q", ErrMail, m.ID, away[0].Name)
	}
	loaded, err := opt.Load(away)
	if err != nil {
		return nil, fmt.Errorf("loading the attachments of mail %d: %w", m.ID, err)
	}
	for n, i := range places {
		out[i] = loaded[n]
	}
	return out, nil
}

func attach(msg *gomail.Msg, m mailout.Mail, a mailout.Attachment, content string) {
	name := fileName(a.Name)
	kind := a.ContentType
	if t, _, err := mime.ParseMediaType(kind); err != nil || strings.HasPrefix(t, "multipart/") || strings.HasPrefix(t, "message/") ||
		!strings.Contains(t, "/") {
		kind = "application/octet-stream" // RFC 2046 section 5.2.1: those may not be base64
	} else {
		kind = t
	}
	cid := oneLine(a.ContentID)
	inline := messageID(cid) && m.HTML != "" && strings.Contains(m.HTML, "cid:"+cid)
	disposition := "attachment"
	if inline {
		disposition = "inline"
	}
	file := func(f *gomail.File) {
		f.Header.Set("Content-Type", kind+`; name="`+mime.QEncoding.Encode("UTF-8", name)+`"`)
		// RFC 2231 where it is not ASCII
		f.Header.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": name}))
		f.Header.Set("Content-Transfer-Encoding", "base64")
		if inline {
			f.Header.Set("Content-ID", "<"+cid+">")
		}
		f.Writer = func(w io.Writer) (int64, error) {
			n, err := io.WriteString(w, content)
			return int64(n), err
		}
	}
	if inline {
		msg.EmbedReadSeeker(name, bytes.NewReader(nil), file)
	} else {
		msg.AttachReadSeeker(name, bytes.NewReader(nil), file)
	}
}

// mark is a placeholder for the contents of attachments while the library makes the mail, since the
// library would copy the contents over and over. It cannot be guessed, and nothing of it is left in
// the mail.
type mark string

func newMark() mark { return mark(rand.Text()) }

// at returns the placeholder for the content with that number. All have the same length, a whole
// number of groups in base64.
func (k mark) at(i int) string { return fmt.Sprintf("%s%010d", k, i) }

// fill puts the contents into a mail, in base64 (RFC 2045 section 6.8).
func (k mark) fill(raw []byte, m *mailout.Mail, files []io.WriterTo, memo *Memo) ([]byte, error) {
	if len(files) == 0 {
		return raw, nil
	}
	size := len(raw)
	for _, f := range files {
		size += base64.StdEncoding.EncodedLen(length(f)) / lineLength * (lineLength + 2)
		size += lineLength + 8
	}
	out := bytes.NewBuffer(make([]byte, 0, size))
	for rest := raw; ; {
		i, n := k.next(rest, len(files))
		if i < 0 {
			out.Write(rest)
			return out.Bytes(), nil
		}
		out.Write(rest[:i])
		rest = rest[i+base64.StdEncoding.EncodedLen(len(k.at(0))):]
		if raw, done := files[n].(encoded); done {
			out.Write(raw)
			continue
		}
		begins := out.Len()
		lines := &lineWriter{out: out}
		encoder := base64.NewEncoder(base64.StdEncoding, lines)
		if _, err := files[n].WriteTo(encoder); err != nil {
			return nil, err
		}
		encoder.Close()
		memo.keep(m.Attach[n], out.Bytes()[begins:])
	}
}

// next returns the offset of the first mark and the number of its content; -1 if there is none.
func (k mark) next(raw []byte, n int) (at, number int) {
	// The first 24 octets of a mark are the same for all, and so are their 32 in base64.
	start := base64.StdEncoding.EncodeToString([]byte(k.at(0)[:24]))
	at = bytes.Index(raw, []byte(start))
	whole := base64.StdEncoding.EncodedLen(len(k.at(0)))
	if at < 0 || len(raw) < at+whole {
		return -1, 0
	}
	plain, err := base64.StdEncoding.DecodeString(string(raw[at : at+whole]))
	if err != nil {
		return -1, 0
	}
	number, err = strconv.Atoi(string(plain[len(k):]))
	if err != nil || number >= n {
		return -1, 0
	}
	return at, number
}

// length returns the size of a content in octets, if that is known.
func length(f io.WriterTo) int {
	switch f := f.(type) {
	case *bytes.Reader:
		return f.Len()
	case parse.File:
		return int(f.Size)
	case encoded:
		return base64.StdEncoding.DecodedLen(len(f))
	}
	return 0
}

const lineLength = 76

// lineWriter breaks what is written into lines.
type lineWriter struct {
	out  *bytes.Buffer
	used int // octets in this line
}

func (w *lineWriter) Write(b []byte) (int, error) {
	n := len(b)
	for len(b) > 0 {
		if w.used == lineLength {
			w.out.WriteString("\r\n")
			w.used = 0
		}
		k := min(len(b), lineLength-w.used)
		w.out.Write(b[:k])
		b, w.used = b[k:], w.used+k
	}
	return n, nil
}

// ProvesIdentity reports whether an attachment is a signature or a certificate. These name their
// owner by their private address, so an agent's must not reach a customer. The types are those of
// RFC 8551 section 3.2 and RFC 3156.
func ProvesIdentity(name, contentType string) bool {
	switch t, _, _ := strings.Cut(strings.ToLower(contentType), ";"); strings.TrimSpace(t) {
	case "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature", "application/pgp-keys",
		"application/pkix-cert", "application/x-x509-user-cert",
		"application/x-x509-ca-cert", "application/pkcs10", "application/x-pkcs12", "application/pkcs12", "application/pkcs8":
		return true
	}
	name = strings.ToLower(strings.TrimSpace(name))
	if strings.HasPrefix(name, "openpgp_") || strings.HasPrefix(name, "publickey") || name == "signature.asc" || name == "pgp.asc" {
		return true // as Thunderbird, Proton Mail and Apple's plug-ins name them
	}
	switch path.Ext(name) {
	case ".p7s", ".p7c", ".sig", ".p12", ".pfx", ".pgp-key":
		return true
	}
	return false
}

func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`"\/:<>|*?`, r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	name = strings.TrimSpace(name)
	if len(name) > 150 {
		ext := ""
		if i := strings.LastIndexByte(name, '.'); i >= len(name)-12 {
			ext = name[i:]
		}
		name = strings.ToValidUTF8(name[:150-len(ext)], "") + ext
	}
	if name == "" || name == "." || name == ".." {
		name = "attachment"
	}
	return name
}
