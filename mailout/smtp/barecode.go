package smtp

import (
	"bufio"
	"errors"

	gosmtp "github.com/wneessen/go-mail/smtp"
)

// readBareCodes makes a client accept replies that consist of a code alone, as RFC 5321 section 4.2
// requires: net/textproto expects a blank after the code.
func readBareCodes(client *gosmtp.Client) {
	client.Text.R = bufio.NewReader(&bareCodes{in: client.Text.R, begins: true})
}

// bareCodes is a reader that adds a blank after codes that are alone on a line.
type bareCodes struct {
	in     *bufio.Reader
	begins bool   // the next octet begins a line
	rest   []byte // of what was read
	err    error  // that follows it
}

// Read implements io.Reader.
func (b *bareCodes) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		if b.err != nil {
			return 0, b.err
		}
		line, err := b.in.ReadSlice('\n')
		whole := err == nil
		if !whole && !errors.Is(err, bufio.ErrBufferFull) {
			b.err = err
		}
		if b.rest = line; b.begins && whole && isBareCode(line) {
			b.rest = []byte(string(line[:3]) + " \r\n")
		}
		b.begins = whole
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// isBareCode reports whether a line is a code and nothing else.
func isBareCode(line []byte) bool {
	for _, c := range line[:min(len(line), 3)] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return string(line[min(len(line), 3):]) == "\r\n" || string(line[min(len(line), 3):]) == "\n"
}
