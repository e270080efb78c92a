package parse

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"mime/quotedprintable"
	"testing"
)

// TestDecodedWholeOrInPieces shows that both ways of decoding give what was encoded, also where junk stands inside of base64.
func TestDecodedWholeOrInPieces(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 3, 4, 56, 57, 58, 1000, chunk - 1, chunk, chunk + 1, 2*chunk + 5, 100_000} {
		want := make([]byte, n)
		for i := range want {
			want[i] = byte(rnd.Uint32())
		}
		text := base64.StdEncoding.EncodeToString(want)
		var lines, junk, quoted bytes.Buffer
		for i := 0; i < len(text); i += 76 {
			lines.WriteString(text[i:min(len(text), i+76)] + "\r\n")
		}
		for i := range text {
			junk.WriteByte(text[i])
			if rnd.IntN(20) == 0 {
				junk.WriteByte("!\x00\xff"[rnd.IntN(3)])
			}
		}
		w := quotedprintable.NewWriter(&quoted)
		w.Binary = true
		if _, err := w.Write(want); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name    string
			encoded []byte
			coding  coding
		}{{"base64", []byte(text), codingBase64}, {"lines", lines.Bytes(), codingBase64}, {"junk", junk.Bytes(), codingBase64}, {"quoted", quoted.Bytes(), codingQuoted}} {
			if got := decode(c.encoded, c.coding, 0); !bytes.Equal(got, want) {
				t.Errorf("%d octets of %s, whole: %d came out", n, c.name, len(got))
			}
			var pieces []byte
			decodeTo(nil, c.encoded, c.coding, func(p []byte) { pieces = append(pieces, p...) })
			if !bytes.Equal(pieces, want) {
				t.Errorf("%d octets of %s, in pieces: %d came out", n, c.name, len(pieces))
			}
		}
	}
}
