package compose

import (
	"bytes"
	"encoding/base64"
	"mime"
	"net/textproto"
	"strings"
)

// quick reads a mail in the form in which Bytes writes nearly all: fields, then one text or an alternative of texts, in UTF-8, encoded as Bytes does. It gives
// what mail gives of the same octets, at a fraction of the cost. Of anything that is written in another way, or that mail might not read, it says that it cannot: mail decides.
func quick(raw []byte) (out []piece, ok bool) {
	var fields [30]field
	head, body, ok := split(raw, fields[:0])
	if !ok || bareNewline(raw) >= 0 {
		return nil, false
	}
	out = make([]piece, 0, len(head)+4)
	for _, f := range head {
		key := textproto.CanonicalMIMEHeaderKey(f.key)
		if unread(key) {
			continue
		}
		text := f.value
		if strings.Contains(text, "=?") {
			var err error
			if text, err = new(mime.WordDecoder).DecodeHeader(text); err != nil {
				return nil, false
			}
		}
		out = append(out, piece{where: key, text: visible(text), own: key == "Message-Id"})
	}
	kind, _, ok := described(head)
	if !ok {
		return nil, false
	}
	boundary, several := strings.CutPrefix(kind, "multipart/alternative; boundary=")
	if !several {
		return quickText(out, head, body)
	}
	if boundary == "" || strings.Trim(boundary, "0123456789abcdef") != "" {
		return nil, false
	}
	delimiter := []byte("\r\n--" + boundary)
	rest, ok := bytes.CutPrefix(body, delimiter[2:])
	for ok {
		if rest, ok = bytes.CutPrefix(rest, []byte("\r\n")); !ok {
			return nil, false
		}
		end := bytes.Index(rest, delimiter)
		if end < 0 {
			return nil, false
		}
		var inner [4]field
		head, body, whole := split(rest[:end], inner[:0])
		if !whole {
			return nil, false
		}
		if out, ok = quickText(out, head, body); !ok {
			return nil, false
		}
		rest = rest[end+len(delimiter):]
		if string(rest) == "--\r\n" {
			return out, true
		}
	}
	return nil, false
}

// split parts the fields from what they describe. It takes no field that is written in an unusual way.
func split(raw []byte, fields []field) (_ []field, body []byte, ok bool) {
	end := bytes.Index(raw, []byte("\r\n\r\n"))
	if end <= 0 {
		return nil, nil, false
	}
	for line := range strings.SplitSeq(string(raw[:end]), "\r\n") {
		if line == "" {
			return nil, nil, false
		}
		if line[0] == ' ' || line[0] == '\t' {
			if len(fields) == 0 {
				return nil, nil, false
			}
			if more := strings.Trim(line, " \t"); more != "" {
				f := &fields[len(fields)-1]
				f.value = strings.TrimPrefix(f.value+" "+more, " ")
			}
			continue
		}
		key, value, found := strings.Cut(line, ":")
		if !found || key == "" || strings.Trim(key, "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") != "" {
			return nil, nil, false
		}
		fields = append(fields, field{key, strings.Trim(value, " \t")})
	}
	return fields, raw[end+4:], true
}

// described gives how fields describe what follows them, as Bytes writes it. What has a disposition is a file, which is not for quick.
func described(fields []field) (kind, transfer string, ok bool) {
	for _, f := range fields {
		switch {
		case f.key == "Content-Type" && kind == "":
			kind = f.value
		case f.key == "Content-Transfer-Encoding" && transfer == "":
			transfer = f.value
		case len(f.key) > 7 && strings.EqualFold(f.key[:8], "Content-"):
			return "", "", false
		}
	}
	return kind, transfer, true
}

func quickText(out []piece, head []field, body []byte) ([]piece, bool) {
	kind, transfer, ok := described(head)
	if !ok || kind != "text/plain; charset=UTF-8" && kind != "text/html; charset=UTF-8" {
		return nil, false
	}
	text := make([]byte, 0, len(body))
	switch transfer {
	case "quoted-printable":
		if text, ok = fromQuotedPrintable(text, body); !ok {
			return nil, false
		}
	case "base64":
		var err error
		if text, err = base64.StdEncoding.AppendDecode(text, body); err != nil {
			return nil, false
		}
	default:
		return nil, false
	}
	kind, _, _ = strings.Cut(kind, ";")
	return textPieces(out, kind, whereOf(kind), text), true
}

// fromQuotedPrintable decodes what quotedPrintable has written, and nothing else.
func fromQuotedPrintable(out, body []byte) ([]byte, bool) {
	for i := 0; i < len(body); i++ {
		c := body[i]
		switch {
		case c > ' ' && c <= '~' && c != '=':
		case c == '=':
			if i+2 >= len(body) {
				return nil, false
			}
			a, b := body[i+1], body[i+2]
			i += 2
			if a == '\r' && b == '\n' {
				continue
			}
			high, low := hexDigit(a), hexDigit(b)
			if high > 15 || low > 15 {
				return nil, false
			}
			c = high<<4 | low
		case c == ' ' || c == '\t':
			if i+1 == len(body) || body[i+1] == '\r' {
				return nil, false
			}
		case c == '\r' || c == '\n':
		default:
			return nil, false
		}
		out = append(out, c)
	}
	return out, true
}

// hexDigit gives the value of an upper-case digit, more than 15 for none.
func hexDigit(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}
