package parse

import "bytes"

// Object identifiers of RFC 5652, encoded.
var (
	oidData      = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01}
	oidSigned    = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02}
	oidEnveloped = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03}
	oidAuthEnv   = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17}
)

// openSMIME looks into an application/pkcs7-mime part (RFC 8551 section 3.5): what was signed
// opaquely is given back, and whether it is encrypted. The signature is not checked here.
func openSMIME(b []byte) (inner []byte, encrypted bool) {
	outer, _, ok := readBER(b, 0)
	if !ok || outer.tag != 0x30 {
		return nil, false
	}
	oid, rest, ok := readBER(outer.content, 0)
	if !ok || oid.tag != 0x06 {
		return nil, false
	}
	switch {
	case bytes.Equal(oid.content, oidEnveloped), bytes.Equal(oid.content, oidAuthEnv):
		return nil, true
	case !bytes.Equal(oid.content, oidSigned):
		return nil, false
	}
	explicit, _, ok := readBER(rest, 0)
	if !ok {
		return nil, false
	}
	signed, _, ok := readBER(explicit.content, 0)
	if !ok {
		return nil, false
	}
	rest = signed.content
	for range 2 { // version, digest algorithms
		if _, rest, ok = readBER(rest, 0); !ok {
			return nil, false
		}
	}
	encap, _, ok := readBER(rest, 0)
	if !ok {
		return nil, false
	}
	oid, rest, ok = readBER(encap.content, 0)
	if !ok || !bytes.Equal(oid.content, oidData) {
		return nil, false
	}
	explicit, _, ok = readBER(rest, 0)
	if !ok {
		return nil, false
	}
	octets, _, ok := readBER(explicit.content, 0)
	if !ok {
		return nil, false
	}
	return octets.octets(0), false
}

// element is a value in BER (X.690).
type element struct {
	tag     byte
	content []byte
}

const maxBERDepth = 16

// readBER takes one value from the front of b. Lengths that are not given are found by reading on
// to the end mark.
func readBER(b []byte, depth int) (element, []byte, bool) {
	if len(b) < 2 || depth > maxBERDepth || b[0]&0x1f == 0x1f {
		return element{}, nil, false
	}
	tag, n := b[0], int(b[1])
	b = b[2:]
	switch {
	case n < 0x80:
	case n == 0x80:
		content := b
		for {
			if len(b) >= 2 && b[0] == 0 && b[1] == 0 {
				return element{tag, content[:len(content)-len(b)]}, b[2:], true
			}
			var ok bool
			if _, b, ok = readBER(b, depth+1); !ok {
				return element{}, nil, false
			}
		}
	default:
		k := n & 0x7f
		if k > 4 || k > len(b) {
			return element{}, nil, false
		}
		n = 0
		for _, c := range b[:k] {
			n = n<<8 | int(c)
		}
		b = b[k:]
	}
	if n > len(b) {
		return element{}, nil, false
	}
	return element{tag, b[:n]}, b[n:], true
}

// octets returns an octet string, which may come in pieces.
func (e element) octets(depth int) []byte {
	if e.tag&0x20 == 0 || depth > maxBERDepth {
		return e.content
	}
	var out []byte
	for rest := e.content; len(rest) > 0; {
		piece, next, ok := readBER(rest, depth)
		if !ok {
			break
		}
		out = append(out, piece.octets(depth+1)...)
		rest = next
	}
	return out
}
