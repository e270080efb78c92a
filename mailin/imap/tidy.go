package imap

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"

	"tierdesk/mailin/internal/late"
)

// tidy reads a connection and leaves out of FETCH responses what go-imap cannot read: items that it
// does not know, such as Gmail's X-GM-LABELS, and values that are missing. It would give up the
// connection with each such mail, asked for or not. All other octets pass as they are.
type tidy struct {
	net.Conn
	in  *bufio.Reader
	out []byte // read and yet to be handed on; it lies in the buffer of in
	err error  // comes behind out

	kept     []byte // of a line of which something was left out
	literal  int64  // octets of a literal that follow
	depth    int    // parentheses that are open in a FETCH response; 0 outside of one
	leftOut  bool   // the item in which the last line ended is left out
	leftmost bool   // and it was the first one
	partial  bool   // the last line was not read to its end: the rest passes as it is
}

func newTidy(conn net.Conn) *tidy { return &tidy{Conn: conn, in: bufio.NewReaderSize(conn, 16<<10)} }

func (t *tidy) Read(p []byte) (int, error) {
	for len(t.out) == 0 {
		switch {
		case t.err != nil:
			err := t.err
			t.err = nil
			return 0, err
		case t.literal > 0 && t.leftOut:
			n, err := io.CopyN(io.Discard, t.in, t.literal)
			if t.literal -= n; err != nil {
				return 0, err
			}
			continue
		case t.literal > 0:
			n, err := t.in.Read(p[:min(int64(len(p)), t.literal)])
			t.literal -= int64(n)
			return n, err
		}
		line, err := t.in.ReadSlice('\n')
		if whole := err == nil; whole && !t.partial {
			t.out = t.line(line)
		} else {
			t.out, t.partial, t.depth, t.leftOut = line, !whole, 0, false
		}
		if err != bufio.ErrBufferFull {
			t.err = err
		}
	}
	n := copy(p, t.out)
	t.out = t.out[n:]
	return n, nil
}

// line returns what to hand on of a line: of a FETCH response, what go-imap knows.
func (t *tidy) line(line []byte) []byte {
	text := bytes.TrimRight(line, "\r\n")
	at, from := 0, 0 // what stands before from was kept or left out
	t.kept = t.kept[:0]
	switch {
	case t.depth == 0:
		if at = itemsOfFetch(text); at == 0 {
			return line
		}
		t.depth = 1
	default: // a literal has ended, and with it perhaps its item
		at = t.value(text, 0)
		if t.leftOut {
			if from = at; t.leftmost && at < len(text) && text[at] == ' ' {
				from++
			}
		}
	}
	for at < len(text) && text[at] != ')' {
		if text[at] == ' ' {
			at++
			continue
		}
		name, length := itemName(text[at:])
		begin := at
		at = t.value(text, at+length)
		t.leftOut = itemForm.MatchString(string(name)) && !readable(name, text[begin+length:at])
		if !t.leftOut {
			continue
		}
		if t.leftmost = begin == 0 || text[begin-1] == '(' || begin == from && t.leftmost; !t.leftmost {
			begin--
		}
		if t.kept, from = append(t.kept, line[min(from, begin):begin]...), at; t.leftmost && at < len(text) && text[at] == ' ' {
			from++
		}
	}
	if at < len(text) { // the response ends here
		t.depth, t.leftOut = 0, false
	} else if t.literal = literalAtEnd(text); t.literal == 0 { // it is broken, as go-imap will see
		t.depth, t.leftOut = 0, false
		return line
	}
	if t.leftOut {
		return t.kept
	}
	if from == 0 {
		return line
	}
	t.kept = append(t.kept, line[from:]...)
	return t.kept
}

// value returns where the value ends that begins at i: in front of a blank or of the parenthesis
// that closes the response, or at the end of the line.
func (t *tidy) value(text []byte, i int) int {
	if i < len(text) && text[i] == ' ' && i > 0 {
		i++
	}
	for quoted := false; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(':
			t.depth++
		case c == ')' && t.depth == 1, c == ' ' && t.depth == 1:
			return i
		case c == ')':
			t.depth--
		}
	}
	return min(i, len(text))
}

// itemsOfFetch returns where the items of a FETCH response begin, 0 if the line is another.
func itemsOfFetch(line []byte) int {
	rest, found := bytes.CutPrefix(line, []byte("* "))
	digits := 0
	for digits < len(rest) && '0' <= rest[digits] && rest[digits] <= '9' {
		digits++
	}
	const word = " FETCH ("
	if rest = rest[digits:]; !found || digits == 0 || len(rest) < len(word) || !strings.EqualFold(string(rest[:len(word)]), word) {
		return 0
	}
	return len("* ") + digits + len(word)
}

// itemName returns the name of the item at the beginning, without a section in brackets, and where
// the name ends with it.
func itemName(s []byte) (name []byte, end int) {
	for end < len(s) && bytes.IndexByte([]byte(" ()"), s[end]) < 0 {
		if s[end] == '[' {
			if name == nil {
				name = s[:end]
			}
			if closing := bytes.IndexByte(s[end:], ']'); closing > 0 {
				end += closing
			}
		}
		end++
	}
	if name == nil {
		name = s[:end]
	}
	return name, end
}

// itemForm is that of the names of items.
var itemForm = late.Compile(`^[A-Za-z][\w.-]*$`)

// readable reports whether go-imap can read an item: it knows some names, and values that only
// bodies lack.
func readable(name, value []byte) bool {
	is := func(known string) bool { return strings.EqualFold(known, string(name)) }
	if string(bytes.TrimSpace(value)) == "NIL" && !is("BODY") && !is("BINARY") {
		return false
	}
	return slices.ContainsFunc([]string{"FLAGS", "ENVELOPE", "INTERNALDATE", "RFC822.SIZE", "UID", "BODY", "BINARY", "BODYSTRUCTURE",
		"BINARY.SIZE", "MODSEQ"}, is)
}

// literalAtEnd returns the length of the literal that a line announces at its end, 0 if none.
func literalAtEnd(line []byte) int64 {
	line, found := bytes.CutSuffix(line, []byte("}"))
	open := bytes.LastIndexByte(line, '{')
	if !found || open < 0 {
		return 0
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(string(line[open+1:]), "+"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
