package compose

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"path"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"tierdesk/mailin/parse"
	"tierdesk/mailout"
)

// Load returns the contents of attachments that point at mails which came in, in their order. It is asked once for all
// attachments of a mail.
type Load func([]mailout.Attachment) ([]io.WriterTo, error)

// FromMails makes a Load. It asks raw once for each mail and reads that once, however many of its files are wanted; their
// contents share its memory. raw reports whether the mail is still kept. What can never be loaded is ErrMail.
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
func contents(m *mailout.Mail, load Load) ([]io.WriterTo, error) {
	out := make([]io.WriterTo, len(m.Attach))
	var away []mailout.Attachment
	var places []int
	for i, a := range m.Attach {
		if a.Inbound == 0 {
			out[i] = bytes.NewReader(a.Data)
			continue
		}
		away, places = append(away, a), append(places, i)
	}
	if len(away) == 0 {
		return out, nil
	}
	if load == nil {
		return nil, fmt.Errorf("%w: mail %d: nobody can load its attachment %q", ErrMail, m.ID, away[0].Name)
	}
	loaded, err := load(away)
	if err != nil {
		return nil, fmt.Errorf("loading the attachments of mail %d: %w", m.ID, err)
	}
	for n, i := range places {
		out[i] = loaded[n]
	}
	return out, nil
}

func attach(msg *gomail.Msg, m mailout.Mail, a mailout.Attachment, content io.WriterTo) {
	name := fileName(a.Name)
	kind := a.ContentType
	if t, _, err := mime.ParseMediaType(kind); err != nil || strings.HasPrefix(t, "multipart/") || strings.HasPrefix(t, "message/") || !strings.Contains(t, "/") {
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
		f.Header.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": name})) // RFC 2231 where it is not ASCII
		f.Header.Set("Content-Transfer-Encoding", "base64")
		if inline {
			f.Header.Set("Content-ID", "<"+cid+">")
		}
		f.Writer = content.WriteTo // the content is read when the mail is written
	}
	if inline {
		msg.EmbedReadSeeker(name, bytes.NewReader(nil), file)
	} else {
		msg.AttachReadSeeker(name, bytes.NewReader(nil), file)
	}
}

// ProvesIdentity reports whether an attachment is a signature or a certificate, which names its owner with their own
// address: an agent's is no part of what they tell a customer. The types are those of RFC 8551 section 3.2 and RFC 3156.
func ProvesIdentity(name, contentType string) bool {
	switch t, _, _ := strings.Cut(strings.ToLower(contentType), ";"); strings.TrimSpace(t) {
	case "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature", "application/pgp-keys", "application/pkix-cert", "application/x-x509-user-cert",
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
