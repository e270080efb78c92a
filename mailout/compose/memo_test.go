package compose

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailout"
)

// What a memo remembers changes no octet of any mail, whatever the mails have in common.
func TestAMemoChangesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	lines := []string{"a\n", "\n", "It does not print. ", "blank at the end \n", "=3D = equals=\n", "grüße\n", "漢字漢字漢字漢字\n", "\tt\n",
		strings.Repeat("long ", 40) + "\n", "From here\n", ".\n", "a\rb\n", "c\r\n", "nul\x00\n", "--\n", "end"}
	text := func() string {
		var out strings.Builder
		for range r.IntN(10) {
			out.WriteString(lines[r.IntN(len(lines))])
		}
		return out.String()
	}
	loads := 0
	load := func(wanted []mailout.Attachment) (out []io.WriterTo, err error) {
		loads++
		for _, a := range wanted {
			out = append(out, strings.NewReader(strings.Repeat(fmt.Sprint(a.Inbound, a.Index, " "), 10*a.Index)))
		}
		return out, nil
	}
	m := mailout.Mail{ID: 1, Kind: "agent-new", Recipient: "ann@staff.example", MessageID: "1.1.x@acme.example", Date: time.Unix(1_800_000_000, 0),
		From: mailin.Address{Address: "support@acme.example"}, To: []mailin.Address{{Address: "ann@staff.example"}}, Subject: "Printer"}
	var memo Memo
	common := [2]string{text(), text()}
	for i := range 5_000 {
		if i%4 == 0 {
			common = [2]string{text(), text()}
		}
		m.Ticket = int64(1 + r.IntN(2)) // the memo's last text may be any
		m.Text, m.HTML, m.Attach = common[0]+text()+common[1], "", nil
		if r.IntN(2) == 0 {
			m.HTML = common[1] + text() + common[0]
		}
		for range r.IntN(3) {
			m.Attach = append(m.Attach, mailout.Attachment{Name: "log.txt", ContentType: "text/plain", Inbound: int64(1 + r.IntN(3)), Index: 1 + r.IntN(9)})
		}
		if r.IntN(4) == 0 {
			m.Attach = append(m.Attach, mailout.Attachment{Name: "own.txt", ContentType: "text/plain", Data: []byte("own")})
		}
		want, err := Bytes(m, Options{Load: load})
		if err != nil {
			t.Fatal(err)
		}
		before := loads
		files, known := memo.Files(m.Attach)
		got, err := Bytes(m, Options{Load: load, Memo: &memo, Files: files})
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("mail %d: %v\n%q\nwith a memo, without one\n%q", i, err, got, want)
		}
		if known && loads != before {
			t.Fatalf("mail %d: files are loaded again", i)
		}
		if i%500 == 499 {
			memo.Clear()
		}
	}
}

// A memo stays small.
func TestAMemoIsBounded(t *testing.T) {
	var memo Memo
	for i := range 100 {
		memo.text(textKey{ticket: int64(i)}, strings.Repeat("x", 1000))
		memo.keep(mailout.Attachment{Inbound: int64(i + 1)}, make([]byte, 1<<20))
	}
	total := 0
	for _, f := range memo.files {
		total += len(f.raw)
	}
	if len(memo.texts) != maxTexts || total > maxFileTotal || len(memo.files) == 0 {
		t.Errorf("%d texts, %d files of %d octets", len(memo.texts), len(memo.files), total)
	}
	if _, known := memo.Files([]mailout.Attachment{{Inbound: 100}}); !known {
		t.Error("the last file is not remembered")
	}
	if _, known := memo.Files([]mailout.Attachment{{Inbound: 100}, {Inbound: 1}}); known {
		t.Error("a file of long ago is remembered")
	}
	memo.keep(mailout.Attachment{Inbound: 200}, make([]byte, 3<<20))
	if _, known := memo.Files([]mailout.Attachment{{Inbound: 200}}); known {
		t.Error("a large file is remembered")
	}
	if _, ok := memo.text(textKey{}, strings.Repeat("x", maxText+1)); ok {
		t.Error("a long text is remembered")
	}
	for i := range 60 {
		memo.keep(mailout.Attachment{Inbound: int64(300 + i)}, []byte("x"))
	}
	if len(memo.files) > maxFiles {
		t.Errorf("%d files are remembered", len(memo.files))
	}
}
