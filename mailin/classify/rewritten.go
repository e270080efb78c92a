package classify

import (
	"strings"

	"tierdesk/mailin"
)

// writtenTo returns the address that was written to, if a server on the way has packed it into one
// of its own; "" for an address that holds no other:
//
//	IMCEASMTP-joe+40x+2Eexample@gate.example   Exchange, of an address that its directory does not hold
//	joe_x.example#EXT#@tenant.example          Microsoft 365, of a guest
//	x.example-joe@x.example                    qmail, of a domain that one user has
//	joe%x.example@gate.example                 a route as of old (RFC 1123 section 5.2.16)
func writtenTo(address string) string {
	local, domain, ok := cutLast(address, "@")
	if !ok {
		return ""
	}
	low := strings.ToLower(local)
	packed := ""
	switch {
	case strings.HasPrefix(low, "imcea"):
		if _, rest, ok := strings.Cut(local, "-"); ok {
			packed = unpackedIMCEA(rest)
		}
	case strings.HasSuffix(low, "#ext#"):
		if joe, home, ok := cutLast(local[:len(local)-len("#ext#")], "_"); ok {
			packed = joe + "@" + home
		}
	case strings.HasPrefix(low, strings.ToLower(domain)+"-"):
		packed = local[len(domain)+1:] + "@" + domain
	default:
		if joe, home, ok := cutLast(local, "%"); ok && strings.Contains(home, ".") {
			packed = joe + "@" + home
		}
	}
	if joe, home, ok := cutLast(packed, "@"); !ok || joe == "" || !strings.Contains(home, ".") || anyAddress.FindString(packed) != packed {
		return ""
	}
	return packed
}

// unpackedIMCEA reads an address that Exchange has encapsulated: each octet that is neither letter
// nor digit stands as two hexadecimal digits behind a plus sign.
func unpackedIMCEA(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '_':
			out.WriteByte('/')
		case s[i] == '+' && i+2 < len(s) && hexValue(s[i+1]) >= 0 && hexValue(s[i+2]) >= 0:
			out.WriteByte(byte(hexValue(s[i+1])<<4 | hexValue(s[i+2])))
			i += 2
		default:
			out.WriteByte(s[i])
		}
	}
	return out.String()
}

// hexValue returns the value of a hexadecimal digit, -1 for any other character.
func hexValue(c byte) int {
	if i := strings.IndexByte("0123456789ABCDEF", c); i >= 0 {
		return i
	}
	return strings.IndexByte("0123456789abcdef", c)
}

// cutLast divides a text at the last place at which sep stands.
func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// unpack puts the addresses that were written to in the place of those that servers made of them.
func unpack(rep *mailin.Report) {
	for i := range rep.Recipients {
		r := &rep.Recipients[i]
		if a := writtenTo(r.Address); a != "" {
			if r.Final == "" {
				r.Final = r.Address
			}
			r.Address = a
		}
	}
}
