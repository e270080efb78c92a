package compose

import (
	"strings"
)

// minToken and maxToken bound the length of the texts that IsToken is asked about. Longer runs are
// skipped, not cut: no token is longer.
const minToken, maxToken = 20, 64

// tokens looks for reply tokens given to somebody else, in a text in lower case.
func (g *gate) tokens(where, text string) {
	if g.secrets.IsToken == nil {
		return
	}
	for i := 0; i < len(text); {
		start := i
		for i < len(text) && inToken(text[i]) {
			i++
		}
		if n := i - start; n >= minToken && n <= maxToken {
			g.token(where, text[start:i])
		}
		i++
	}
	g.brokenTokens(where, text)
}

func (g *gate) token(where, text string) {
	if text != strings.ToLower(g.secrets.OwnToken) && g.secrets.IsToken(text) {
		g.hit(ForeignToken, where, text[:6]+"…")
	}
}

// maxReplyToken is how long a token in a reply address may be.
const maxReplyToken = 40

// brokenTokens looks for a token that a program has split over two lines, before the @ of a reply
// address.
func (g *gate) brokenTokens(where, text string) {
	for from := 0; ; {
		at := strings.IndexByte(text[from:], '@')
		if at < 0 {
			return
		}
		at += from
		from = at + 1
		run := make([]byte, 0, maxReplyToken)
		broken := false
		for i := at - 1; i >= 0 && len(run) < maxReplyToken; i-- {
			if c := text[i]; inToken(c) {
				run = append(run, c)
			} else if c == '\n' || c == '\r' || c == ' ' || c == '\t' || c == '>' || c == '=' {
				broken = true
			} else {
				break
			}
		}
		if !broken || len(run) < minToken {
			continue
		}
		for i, k := 0, len(run)-1; i < k; i, k = i+1, k-1 {
			run[i], run[k] = run[k], run[i]
		}
		for n := minToken; n <= len(run); n++ {
			g.token(where, string(run[len(run)-n:]))
		}
	}
}

func inToken(c byte) bool { return c >= 'a' && c <= 'z' || c >= '2' && c <= '7' }

// messageIDs looks for Message-IDs of the desk's own form: number.number.signature@domain.
func (g *gate) messageIDs(where, text string) {
	if g.secrets.IsMessageID == nil {
		return
	}
	for from := 0; ; {
		at := strings.IndexByte(text[from:], '@')
		if at < 0 {
			return
		}
		at += from
		start, end := at, at+1
		for start > from && (inToken(text[start-1]) || text[start-1] >= '0' && text[start-1] <= '9' || text[start-1] == '.') {
			start--
		}
		for end < len(text) && inDomain(text[end]) {
			end++
		}
		if strings.Count(text[start:at], ".") >= 2 {
			parts := strings.Split(text[start:at], ".")
			id := strings.TrimRight(strings.Join(parts[len(parts)-3:], ".")+text[at:end], ".")
			if g.secrets.IsMessageID(id) {
				g.hit(ForeignToken, where, id)
			}
		}
		from = at + 1
	}
}

func inDomain(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.'
}
