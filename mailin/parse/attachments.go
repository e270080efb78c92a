package parse

import (
	"io"
	"strconv"

	"tierdesk/mailin"
)

// File is an attachment together with its content. The content shares memory with the mail and is
// decoded only when it is asked for: many files of one mail hold that mail once.
type File struct {
	mailin.Attachment
	content content
}

// content is what an attachment holds, as it stands in the mail.
type content struct {
	encoded []byte
	coding  coding
}

// Bytes returns the decoded content. It shares memory with the mail where that needs no decoding.
func (f File) Bytes() []byte { return decode(f.content.encoded, f.content.coding, 0) }

// WriteTo writes the decoded content in pieces of at most a few dozen kilobytes, without ever
// holding it whole where the mail encodes it. It is an io.WriterTo.
func (f File) WriteTo(w io.Writer) (n int64, err error) {
	decodeTo(nil, f.content.encoded, f.content.coding, func(b []byte) {
		if err != nil {
			return
		}
		var written int
		written, err = w.Write(b)
		n += int64(written)
	})
	return n, err
}

// Attachments returns attachments of a mail by their Index, in the order of the indexes, from one
// reading of the mail. An error says that the mail has no such part.
func Attachments(raw []byte, lim Limits, indexes ...int) ([]File, error) {
	wanted := make(map[int]bool, len(indexes))
	for _, i := range indexes {
		wanted[i] = true
	}
	r := newReader(raw, lim)
	root := r.tree()
	var m mailin.Message
	r.header(&m, root.fields)
	contents := r.body(&m, root, func(i int) bool { return wanted[i] })
	clean(&m, r.sound)
	files := make([]File, 0, len(indexes))
	for _, i := range indexes {
		if i < 0 || i >= len(contents) {
			return nil, errNoPart(i)
		}
		files = append(files, File{m.Attachments[i], contents[i]})
	}
	return files, nil
}

// Open returns one attachment of a mail and its decoded content by its Index. Who needs several
// asks Attachments for them.
func Open(raw []byte, lim Limits, index int) (mailin.Attachment, []byte, error) {
	files, err := Attachments(raw, lim, index)
	if err != nil {
		return mailin.Attachment{}, nil, err
	}
	return files[0].Attachment, files[0].Bytes(), nil
}

type errNoPart int

func (e errNoPart) Error() string {
	return "open attachment: the mail has no part " + strconv.Itoa(int(e))
}
