package parse

import (
	"encoding/binary"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/unicode"

	"tierdesk/mailin"
)

// tnef reads winmail.dat (MS-OXTNEF) and puts what is in it in its place. It reports false if it
// cannot be read: then it stays an attachment as it is.
func (c *collector) tnef(p *part) ([]piece, bool) {
	t, ok := readTNEF(decode(p.body, p.coding, 0), c.r)
	if !ok || len(t.files) == 0 && t.text == "" && t.html == "" {
		return nil, false
	}
	for _, f := range t.files {
		if len(c.files) >= c.r.lim.MaxParts {
			c.r.warn("too-many-parts", "winmail.dat", "the mail has more parts than are read")
			break
		}
		name := fileName(f.name)
		typ := strings.ToLower(f.typ)
		if typ == "" {
			typ = typeByName(name)
		}
		c.attach(mailin.Attachment{Name: name, ContentType: typ, ContentID: f.id}, content{f.data, codingNone})
	}
	if c.haveText || t.text == "" && t.html == "" {
		return nil, true
	}
	c.haveText = true
	return []piece{{plain: cleanText(clipBytes(t.text, c.room)), html: cleanText(clipBytes(t.html, c.room))}}, true
}

func clipBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

type tnefFile struct {
	name, typ, id string
	data          []byte
}

type tnefMail struct {
	text, html string
	files      []tnefFile
}

const (
	tnefSignature = 0x223e9f78

	tnefBody       = 0x0002800c
	tnefMAPIProps  = 0x00069003
	tnefCodepage   = 0x00069007
	tnefRendData   = 0x00069002
	tnefAttachName = 0x00018010
	tnefAttachData = 0x0006800f
	tnefAttachment = 0x00069005
)

// readTNEF reads the attributes of a TNEF stream; one that is cut off gives what was whole.
func readTNEF(b []byte, r *reader) (t tnefMail, ok bool) {
	if len(b) < 6 || binary.LittleEndian.Uint32(b) != tnefSignature {
		return t, false
	}
	b = b[6:]
	set := ""
	var rtf []byte
	defer func() { // a body that is there as RTF alone (MS-OXRTFCP)
		if t.text == "" && t.html == "" {
			if plain, ok := unpackRTF(rtf, 4*r.lim.MaxText); ok {
				t.text, t.html = readRTF(plain, r, r.lim.MaxText)
			}
		}
	}()
	var cur *tnefFile
	for len(b) >= 9 {
		id := binary.LittleEndian.Uint32(b[1:])
		n := int64(binary.LittleEndian.Uint32(b[5:]))
		if n > int64(len(b)-9) {
			break
		}
		data := b[9 : 9+n]
		b = b[9+n:]
		b = b[min(len(b), 2):] // checksum
		switch id {
		case tnefCodepage:
			if len(data) >= 4 {
				set = codepage(binary.LittleEndian.Uint32(data))
			}
		case tnefBody:
			if t.text == "" {
				t.text, _ = r.charset(trimNUL(data), set)
			}
		case tnefMAPIProps:
			readProps(data, func(id, typ uint16, v []byte) {
				switch id {
				case 0x1000:
					t.text = propText(v, typ, set, r)
				case 0x1013:
					t.html = propText(v, typ, set, r)
				case 0x1009:
					rtf = v
				}
			})
		case tnefRendData:
			if len(t.files) >= r.lim.MaxParts {
				return t, true
			}
			t.files = append(t.files, tnefFile{})
			cur = &t.files[len(t.files)-1]
		case tnefAttachName:
			if cur != nil && cur.name == "" {
				cur.name, _ = r.charset(trimNUL(data), set)
			}
		case tnefAttachData:
			if cur != nil {
				cur.data = data
			}
		case tnefAttachment:
			if cur == nil {
				continue
			}
			readProps(data, func(id, typ uint16, v []byte) {
				switch id {
				case 0x3707, 0x3001: // long file name, display name
					if s := propText(v, typ, set, r); s != "" && (id == 0x3707 || cur.name == "") {
						cur.name = s
					}
				case 0x370e:
					cur.typ = propText(v, typ, set, r)
				case 0x3712:
					cur.id = strings.Trim(propText(v, typ, set, r), "<>")
				case 0x3701:
					if typ == 0x0d && len(v) > 16 {
						v = v[16:] // the interface's id
					}
					if len(cur.data) == 0 {
						cur.data = v
					}
				}
			})
		}
	}
	return t, true
}

func codepage(n uint32) string {
	switch n {
	case 932:
		return "shift_jis"
	case 936:
		return "gb18030"
	case 949:
		return "euc-kr"
	case 950:
		return "big5"
	case 65001:
		return "utf-8"
	case 874, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258:
		return "windows-" + strconv.Itoa(int(n))
	}
	return "windows-1252"
}

func trimNUL(b []byte) []byte {
	for len(b) > 0 && b[len(b)-1] == 0 {
		b = b[:len(b)-1]
	}
	return b
}

// propText reads a string property: 8-bit, UTF-16, or the binary that HTML is kept in.
func propText(v []byte, typ uint16, set string, r *reader) string {
	if typ == 0x1f {
		return strings.TrimRight(convert(v[:len(v)&^1], unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)), "\x00")
	}
	s, _ := r.charset(trimNUL(v), set)
	return s
}

// readProps reads a list of MAPI properties (MS-OXTNEF section 2.1.3.4); of several values it gives
// the first.
func readProps(b []byte, each func(id, typ uint16, v []byte)) {
	u32 := func() (uint32, bool) {
		if len(b) < 4 {
			return 0, false
		}
		v := binary.LittleEndian.Uint32(b)
		b = b[4:]
		return v, true
	}
	skip := func(n int64) bool {
		if n < 0 || n > int64(len(b)) {
			return false
		}
		b = b[n:]
		return true
	}
	count, ok := u32()
	for i := uint32(0); ok && i < count; i++ {
		head, ok := u32()
		if !ok {
			return
		}
		typ, id := uint16(head), uint16(head>>16)
		if id >= 0x8000 { // a named property: GUID and name
			if !skip(16) {
				return
			}
			kind, ok := u32()
			if !ok {
				return
			}
			n, ok := u32()
			if !ok || kind == 1 && !skip((int64(n)+3)&^3) {
				return
			}
		}
		multi := typ&0x1000 != 0
		typ &^= 0x1000
		values := uint32(1)
		variable := typ == 0x1e || typ == 0x1f || typ == 0x102 || typ == 0x0d
		if multi || variable {
			if values, ok = u32(); !ok {
				return
			}
		}
		for j := uint32(0); j < values; j++ {
			n := fixedSize(typ)
			if variable {
				v, ok := u32()
				if !ok {
					return
				}
				n = int64(v)
			} else if n == 0 {
				return // an unknown type: its length is unknown too
			}
			if n > int64(len(b)) {
				return
			}
			if j == 0 {
				each(id, typ, b[:n])
			}
			if !skip(min((n+3)&^3, int64(len(b)))) {
				return
			}
			if n == 0 && len(b) == 0 {
				return
			}
		}
	}
}

func fixedSize(typ uint16) int64 {
	switch typ {
	case 0x02, 0x03, 0x04, 0x0a, 0x0b:
		return 4
	case 0x05, 0x06, 0x07, 0x14, 0x40:
		return 8
	case 0x48:
		return 16
	}
	return 0
}
