package parse

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"tierdesk/mailin"
)

// addresses reads an address list (RFC 5322 section 3.4) as it is really written: with semicolons,
// unquoted commas and brackets in names, encoded words inside quotes, groups, comments, and
// addresses without a domain.
func (r *reader) addresses(f *field) []mailin.Address {
	s := f.text
	if s == "" {
		return nil
	}
	var out []mailin.Address
	// What opens and never closes again counts for nothing. The places are counted from the end,
	// which cutting does not move.
	quote, paren, angle := len(s)-strings.LastIndexByte(s, '"'), len(s)-strings.LastIndexByte(s, ')'), len(s)-strings.LastIndexByte(s, '>')
	for len(s) > 0 && len(out) < r.lim.MaxAddresses {
		var one string
		one, s = cutMailbox(s, len(s)-quote, len(s)-paren, len(s)-angle)
		a := r.address(one)
		if a.Address == "" && a.Name == "" {
			continue
		}
		out = append(out, a)
	}
	return joinNames(out)
}

// joinNames mends `Doe, John <j@x.example>`: a name without address before a comma belongs to what
// follows.
func joinNames(in []mailin.Address) []mailin.Address {
	out := in[:0]
	lost := ""
	for i, a := range in {
		if a.Name == "" && !strings.Contains(a.Address, "@") && i+1 < len(in) && in[i+1].Name != "" &&
			strings.Contains(in[i+1].Address, "@") {
			a.Name, a.Address = a.Address, "" // a single word: a family name rather than a local address
		}
		if a.Address == "" {
			if lost != "" {
				lost += ", "
			}
			lost += a.Name
			continue
		}
		if lost != "" {
			if a.Name != "" {
				a.Name = lost + ", " + a.Name
			} else if len(out) == 0 {
				a.Name = lost
			}
			lost = ""
		}
		out = append(out, a)
	}
	if len(out) == 0 && lost != "" {
		out = append(out, mailin.Address{Name: lost})
	}
	return out
}

// cutMailbox takes one mailbox from the front of a list; a group's name is left out. The numbers
// tell where in s the last quote, parenthesis and angle bracket stand.
func cutMailbox(s string, lastQuote, lastParen, lastAngle int) (string, string) {
	quoted, comment, angle := false, 0, false
	seen := false // an address in angle brackets has ended
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && (quoted || comment > 0):
			i++
		case c == '"' && comment == 0:
			if quoted || lastQuote > i {
				quoted = !quoted
			}
		case quoted:
		case c == '(':
			if comment > 0 || lastParen > i {
				comment++
			}
		case c == ')' && comment > 0:
			comment--
		case comment > 0:
		case c == '=' && !angle && encodedWord(s[i:]) > 0:
			i += encodedWord(s[i:]) - 1 // a comma in it is one of the name
		case c == '<':
			angle = lastAngle > i
		case c == '>':
			angle, seen = false, true
		case angle:
		case c == ',' || c == ';':
			return s[:i], s[i+1:]
		case c == ':' && !strings.ContainsAny(s[:i], "@<"):
			// a group (RFC 5322 section 3.4): its members follow. "mailto:" is passed over the same
			// way.
			return "", s[i+1:]
		case seen && c != ' ' && c != '\t':
			return s[:i], s[i:] // no comma between two
		}
	}
	if quoted { // an unpaired quote: read it again without
		return strings.ReplaceAll(s, `"`, ""), ""
	}
	return s, ""
}

// maxNameWord bounds one encoded word in a list of addresses; RFC 2047 section 2 allows 75 octets.
const maxNameWord = 400

// encodedWord returns the length of the encoded word (RFC 2047) at the beginning of s, 0 if there
// is none.
func encodedWord(s string) int {
	if !strings.HasPrefix(s, "=?") {
		return 0
	}
	parts := strings.SplitN(s[2:min(len(s), maxNameWord)], "?", 4)
	if len(parts) < 4 || len(parts[1]) != 1 || !strings.HasPrefix(parts[3], "=") || strings.ContainsAny(parts[0], " <>@,") {
		return 0
	}
	return 2 + len(parts[0]) + 1 + len(parts[1]) + 1 + len(parts[2]) + 2
}

// address reads one mailbox.
func (r *reader) address(s string) mailin.Address {
	s = strings.TrimSpace(s)
	if s == "" {
		return mailin.Address{}
	}
	name, addr, angle := "", "", false
	if end := lastUnquoted(s, '>'); end >= 0 {
		start := strings.LastIndexByte(s[:end], '<')
		if start < 0 {
			start = strings.LastIndexAny(s[:end], " \t")
		}
		addr, angle = s[start+1:end], true
		if start >= 0 {
			name = s[:start]
		}
		if strings.TrimSpace(name) == "" && end+1 < len(s) {
			name = s[end+1:]
		}
	} else if start := lastUnquoted(s, '<'); start >= 0 {
		name, addr = s[:start], s[start+1:]
	} else {
		bare, comment := cutComments(s)
		addr, name = bare, comment
		if !strings.Contains(bare, "@") && strings.Count(comment, "@") == 1 && !strings.ContainsAny(comment, " \t") {
			addr, name = comment, bare // the address in the comment: Jane (jane@x.example)
		}
	}
	addr = cleanAddress(addr)
	if bare := strings.Trim(addr, `"`); strings.HasPrefix(addr, `"`) && strings.Count(bare, "@") == 1 && !strings.ContainsAny(bare, `" `) {
		addr = cleanAddress(bare) // the whole address inside quotes
	}
	if strings.Contains(addr, "=?") || !isASCII(addr) {
		addr = cleanAddress(r.decodeWords(addr))
	}
	name = r.name(name)
	if !strings.Contains(addr, "@") {
		if i := strings.IndexByte(name, '@'); i > 0 && addr == "" && !strings.ContainsAny(name, " \t") {
			return mailin.Address{Address: cleanAddress(name)}
		}
		if strings.ContainsAny(addr, " \t") || addr != "" && !strings.ContainsRune(s, '<') {
			// words without an address: perhaps one stands among them
			for _, w := range strings.Fields(addr) {
				if i := strings.IndexByte(w, '@'); i > 0 && i < len(w)-1 {
					return mailin.Address{Name: name, Address: cleanAddress(w)}
				}
			}
			if name == "" && (strings.ContainsAny(addr, " \t") || strings.Contains(addr, `"`) || !localPart(addr)) {
				return mailin.Address{Name: r.name(addr)}
			}
		}
	} else if strings.ContainsAny(addr, " \t") && !strings.Contains(addr, `"`) && !angle {
		// `John Doe john@x.example`; in angle brackets it would be another address than the one
		// that is written there
		fields := strings.Fields(addr)
		for i := len(fields) - 1; i >= 0; i-- {
			if at := strings.IndexByte(fields[i], '@'); at > 0 && at < len(fields[i])-1 {
				if name == "" {
					name = r.name(strings.Join(append(append([]string{}, fields[:i]...), fields[i+1:]...), " "))
				}
				return mailin.Address{Name: name, Address: cleanAddress(fields[i])}
			}
		}
		addr = strings.ReplaceAll(addr, " ", "")
	}
	return mailin.Address{Name: name, Address: addr}
}

// localPart reports whether a single word could be an address of the own host, as "root" or
// "MAILER-DAEMON".
func localPart(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte(".-_+", c) >= 0) {
			return false
		}
	}
	return s != ""
}

func lastUnquoted(s string, c byte) int {
	at, quoted := -1, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == c && !quoted:
			at = i
		}
	}
	if at < 0 && quoted {
		return strings.LastIndexByte(s, c)
	}
	return at
}

// cutComments divides a bare address from its comments, which old mail uses for the name.
func cutComments(s string) (bare, comment string) {
	if strings.IndexByte(s, '(') < 0 { // as in nearly all
		return strings.TrimSpace(s), ""
	}
	var b, c strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch x := s[i]; {
		case x == '\\' && i+1 < len(s) && (quoted || depth > 0):
			if depth > 0 {
				c.WriteByte(s[i+1])
			} else {
				b.WriteString(s[i : i+2])
			}
			i++
		case x == '"' && depth == 0:
			quoted = !quoted
			b.WriteByte(x)
		case x == '(' && !quoted:
			if depth++; depth > 1 {
				c.WriteByte(x)
			} else if c.Len() > 0 {
				c.WriteByte(' ')
			}
		case x == ')' && depth > 0:
			if depth--; depth > 0 {
				c.WriteByte(x)
			}
		case depth > 0:
			c.WriteByte(x)
		default:
			b.WriteByte(x)
		}
	}
	if depth > 0 && strings.TrimSpace(b.String()) == "" {
		return s, ""
	}
	return strings.TrimSpace(b.String()), strings.TrimSpace(c.String())
}

// name decodes a display name: quotes and escapes off, encoded words read also inside quotes.
func (r *reader) name(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	if strings.Contains(s, `"`) || strings.Contains(s, `\`) {
		var w strings.Builder
		for i := 0; i < len(s); i++ {
			if s[i] == '\\' && i+1 < len(s) {
				i++
				w.WriteByte(s[i])
				continue
			}
			if s[i] != '"' {
				w.WriteByte(s[i])
			}
		}
		s = w.String()
	}
	s = oneLine(r.decodeWords(s))
	if len(s) > 1 && (s[0] == '\'' && s[len(s)-1] == '\'' || s[0] == '"' && s[len(s)-1] == '"') {
		s = s[1 : len(s)-1]
	}
	if len(s) > 2 && s[0] == '(' && s[len(s)-1] == ')' {
		s = s[1 : len(s)-1]
	}
	return singleSpaced(s)
}

// singleSpaced makes one blank of all white space between words and takes it off both ends.
func singleSpaced(s string) string {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf || c < ' ' || c == ' ' && (i == 0 || i == len(s)-1 || s[i+1] == ' ') {
			return strings.Join(strings.Fields(s), " ")
		}
	}
	return s
}

// cleanAddress takes off what does not belong to an address and puts its domain in lower case.
func cleanAddress(s string) string {
	s = strings.Trim(s, " \t\r\n<>,;")
	if len(s) >= 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	if len(s) > 1 && s[0] == '\'' && s[len(s)-1] == '\'' {
		s = s[1 : len(s)-1]
	}
	if i := strings.LastIndexByte(s, ':'); i > 0 && s[0] == '@' { // a source route, RFC 5322 section 4.4
		s = s[i+1:]
	}
	if strings.ContainsAny(s, "()") && !strings.Contains(s, `"`) {
		s, _ = cutComments(s)
	}
	s = oneLine(s)
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return s
	}
	local, domain := strings.TrimSpace(s[:at]), strings.ToLower(strings.Trim(s[at+1:], " \t."))
	if len(local) > 2 && local[0] == '"' && local[len(local)-1] == '"' && localPart(local[1:len(local)-1]) {
		local = local[1 : len(local)-1]
	}
	domain = strings.ReplaceAll(domain, " ", "")
	if !isASCII(domain) {
		if a, err := idna.Lookup.ToASCII(domain); err == nil {
			domain = a
		}
	}
	if strings.HasPrefix(domain, "[") {
		if ip, err := netip.ParseAddr(strings.Trim(domain, "[]")); err == nil {
			domain = "[" + ip.String() + "]"
		}
	}
	if len(local)+1+len(domain) == len(s) && strings.HasPrefix(s, local) && s[len(local)] == '@' && strings.HasSuffix(s, domain) {
		return s // as it stood
	}
	return local + "@" + domain
}

// ParseAddresses reads an address list that stands in a text, with the leniency of Parse.
func ParseAddresses(s string) []mailin.Address {
	r := newReader(nil, Limits{})
	return r.addresses(&field{text: string(appendUnfolded(nil, []byte(s)))})
}

// maxIDs bounds In-Reply-To and References: a conversation that is longer is known by its last ones
// and its first.
const maxIDs = 500

// messageID reads the first Message-ID of a field.
func messageID(s string) string {
	ids := appendIDs(nil, s)
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}

// appendIDs reads Message-IDs (RFC 5322 section 3.6.4) from a value: those in angle brackets; where
// there is none, words with an @. Blanks that folding left inside are taken out; what is no ID
// ("Your message of ...") is passed over.
func appendIDs(out []string, s string) []string {
	add := func(id string) {
		id = strings.Trim(id, "<> \t\r\n,;\"")
		if id == "" || len(id) > 998 || len(out) >= maxIDs {
			return
		}
		for _, have := range out {
			if have == id {
				return
			}
		}
		out = append(out, id)
	}
	rest, found := s, false
	for {
		i := strings.IndexByte(rest, '<')
		if i < 0 {
			break
		}
		rest = rest[i+1:]
		j := strings.IndexByte(rest, '>')
		if j < 0 {
			j = len(rest)
		}
		if k := strings.LastIndexByte(rest[:j], '<'); k >= 0 { // "<a@b <c@d>"
			add(firstWord(rest[:k]))
			rest, j = rest[k+1:], j-k-1
		}
		id := rest[:j]
		if strings.ContainsAny(id, " \t\r\n\v\f") || !isASCII(id) {
			id = strings.Join(strings.Fields(id), "")
		}
		if id != "" {
			add(id)
			found = true
		}
		rest = rest[min(j+1, len(rest)):]
	}
	if found {
		return out
	}
	for _, w := range strings.FieldsFunc(s, func(c rune) bool { return c == ' ' || c == '\t' || c == ',' || c == ';' }) {
		// "jane@x.example's message of Monday" (Gnus) names a person
		if strings.Contains(w, "@") && !strings.HasSuffix(w, "'s") && !strings.HasSuffix(w, "’s") {
			add(w)
			found = true
		}
	}
	if w := strings.Fields(s); !found && len(w) == 1 && !strings.HasSuffix(s, "'s") {
		add(w[0])
	}
	return out
}

// withoutPeople takes the addresses of people out of an In-Reply-To field as old clients write it:
// RFC 822 section 4.6.2 allowed words beside the Message-ID, as in `Message from Jane
// <jane@x.example> of "Mon, 2 Nov" <1@x.example>`. An address that passed for a Message-ID would
// join all that answer that person.
func withoutPeople(s string) string {
	if strings.IndexByte(s, ' ') < 0 { // Message-IDs alone
		return s
	}
	low := asciiLower(s)
	if !strings.Contains(low, "from ") {
		return s
	}
	if strings.IndexByte(s, '<') < 0 { // "message from jane@x.example of Monday"
		words := strings.Fields(s)
		for i := 1; i < len(words); i++ {
			if strings.EqualFold(words[i-1], "from") {
				words[i] = ""
			}
		}
		return strings.Join(words, " ")
	}
	var b strings.Builder
	for at := 0; at < len(s); {
		open := strings.IndexByte(s[at:], '<')
		if open < 0 {
			break
		}
		end := strings.IndexByte(s[at+open:], '>')
		if end < 0 {
			end = len(s) - at - open - 1
		}
		words, next := low[at:at+open], at+open+end+1
		// Behind "from" stands a name; what has a date behind it is the Message-ID again.
		if i := strings.LastIndex(words, "from "); i < 0 || strings.ContainsAny(words[i:], "0123456789") {
			b.WriteString(s[at+open : next])
		}
		at = next
	}
	return b.String()
}

// asciiLower writes A to Z in lower case and keeps the length.
func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c | 0x20
		}
	}
	return string(b)
}

func firstWord(s string) string {
	f := strings.Fields(s)
	if len(f) == 0 {
		return ""
	}
	return f[0]
}
