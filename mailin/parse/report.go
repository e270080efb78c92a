package parse

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"tierdesk/mailin"
)

// maxReportRecipients bounds what one report may name.
const maxReportRecipients = 500

// report reads the machine-readable part of a report: RFC 3464, RFC 8098 or RFC 5965.
func (c *collector) report(p *part) {
	rep := c.m.Report
	if rep == nil {
		rep = &mailin.Report{}
		c.m.Report = rep
	}
	b := c.decoded(p)
	switch {
	case strings.Contains(p.typ.name, "disposition"):
		rep.Kind = mailin.ReportDisposition
		original := ""
		for _, block := range fieldBlocks(c.r, b) {
			for i := range block {
				f := &block[i]
				v := c.r.value(f)
				switch f.lower {
				case "original-recipient": // stands above the final one (RFC 8098 section 3.1)
					original = reportAddress(v)
				case "final-recipient":
					if len(rep.Recipients) < maxReportRecipients {
						final := reportAddress(v)
						rep.Recipients = append(rep.Recipients, mailin.ReportRecipient{
							Address: firstAddress(withoutXtext(original, final), final), Final: final, Action: "disposition"})
					}
				case "disposition":
					rep.Diagnostic = v
				case "original-message-id":
					rep.OriginalMessageID = messageID(v)
				}
			}
		}
	case strings.Contains(p.typ.name, "feedback"):
		rep.Kind = mailin.ReportFeedback
		for _, block := range fieldBlocks(c.r, b) {
			for i := range block {
				f := &block[i]
				v := c.r.value(f)
				switch f.lower {
				case "feedback-type":
					rep.Reason = strings.ToLower(v)
				case "original-rcpt-to", "removal-recipient":
					if a := reportAddress(v); a != "" {
						rep.Recipients = append(rep.Recipients, mailin.ReportRecipient{Address: a, Action: "complaint"})
					}
				}
			}
		}
	default:
		if rep.Kind == "" {
			rep.Kind = mailin.ReportDelivery
		}
		c.deliveryStatus(rep, b)
	}
}

func (c *collector) deliveryStatus(rep *mailin.Report, b []byte) {
	for _, block := range fieldBlocks(c.r, b) {
		var x mailin.ReportRecipient
		var final, original, actual string
		seen := false
		for i := range block {
			f := &block[i]
			v := c.r.value(f)
			switch f.lower {
			case "final-recipient":
				final, seen = reportAddress(v), true
			case "original-recipient":
				original, seen = reportAddress(v), true
			case "x-actual-recipient":
				actual = reportAddress(v)
			case "action":
				x.Action, seen = strings.ToLower(firstWord(strings.Trim(v, "()"))), true
			case "status":
				if x.Status = statusCode(v); x.Status != "" {
					seen = true
				}
			case "diagnostic-code", "x-display-name", "x-supplementary-info":
				if f.lower == "diagnostic-code" {
					x.Diagnostic = diagnosticText(v)
				}
			}
		}
		if !seen || len(rep.Recipients) >= maxReportRecipients {
			continue
		}
		// The address that was written to is the one we know; the final one may be behind a
		// forward.
		original = withoutXtext(original, final)
		x.Address = firstAddress(original, final, actual)
		x.Final = firstAddress(final, actual, original)
		if x.Address == "" && x.Status == "" && x.Action == "" {
			continue
		}
		rep.Recipients = append(rep.Recipients, x)
		if rep.Diagnostic == "" {
			rep.Diagnostic = x.Diagnostic
		}
	}
}

func firstAddress(as ...string) string {
	for _, a := range as {
		if strings.Contains(a, "@") {
			return a
		}
	}
	for _, a := range as {
		if a != "" {
			return a
		}
	}
	return ""
}

// fieldBlocks divides a status part in its blocks of fields, which blank lines part.
func fieldBlocks(r *reader, b []byte) [][]field {
	var out [][]field
	b = bytes.TrimLeft(b, "\r\n \t")
	for len(b) > 0 && len(out) <= maxReportRecipients {
		fs, rest := r.splitHeader(b, "status")
		if len(fs) > 0 {
			out = append(out, fs)
		}
		trimmed := bytes.TrimLeft(rest, "\r\n")
		if len(trimmed) == len(b) {
			_, next := cutLine(b, 0) // no progress: pass over a line
			trimmed = b[next:]
		}
		b = trimmed
	}
	return out
}

// reportAddress reads "rfc822; jane@x.example" (RFC 3464 section 2.1.2).
func reportAddress(v string) string {
	if i := strings.IndexByte(v, ';'); i >= 0 {
		escaped := strings.EqualFold(strings.TrimSpace(v[:i]), "utf-8")
		if v = v[i+1:]; escaped {
			v = unescaped(v)
		}
	}
	v = strings.TrimSpace(v)
	if route, mailbox, ok := strings.Cut(v, ":"); ok && strings.HasPrefix(strings.TrimLeft(route, "< "), "@") { // RFC 5321 appendix C
		v = mailbox
	}
	if as := ParseAddresses(v); len(as) > 0 {
		return as[0].Address
	}
	return strings.Trim(v, "<> ")
}

// withoutXtext returns an original recipient as it was before the sender encoded it for ORCPT (RFC
// 3461 section 4.2). Many servers copy it as it is, where they should have decoded it (RFC 3464
// section 2.3.1); it was decoded if the final recipient is the same. Of what addresses consist of,
// only + and = are encoded.
func withoutXtext(original, final string) string {
	if strings.EqualFold(original, final) {
		return original
	}
	return xtext.Replace(original)
}

var xtext = strings.NewReplacer("+2B", "+", "+2b", "+", "+3D", "=", "+3d", "=")

// unescaped reads \x{E4} as the character of that number (RFC 6533 section 3).
func unescaped(v string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(v, `\x{`)
		digits, behind, closed := strings.Cut(rest, "}")
		n, err := strconv.ParseUint(digits, 16, 32)
		if !found || !closed || err != nil || !utf8.ValidRune(rune(n)) || n < 0x20 {
			out.WriteString(v)
			return out.String()
		}
		out.WriteString(before)
		out.WriteRune(rune(n))
		v = behind
	}
}

// diagnosticText takes the type off "smtp; 550 5.1.1 ...".
func diagnosticText(v string) string {
	if t, rest, ok := strings.Cut(v, ";"); ok && len(t) < 20 && !strings.Contains(strings.TrimSpace(t), " ") {
		v = rest
	}
	return clip(strings.Join(strings.Fields(v), " "), 1000)
}

// statusCode reads an enhanced status code (RFC 3463) from the front of a value.
func statusCode(v string) string {
	v = strings.TrimSpace(v)
	n, dots := 0, 0
	for n < len(v) && (v[n] >= '0' && v[n] <= '9' || v[n] == '.') {
		if v[n] == '.' {
			dots++
		}
		n++
	}
	if dots != 2 || n < 5 || v[0] != '2' && v[0] != '4' && v[0] != '5' || v[1] != '.' || v[n-1] == '.' {
		return ""
	}
	return v[:n]
}

// enclosed keeps the header of a mail inside the mail: what a report is about, or what was
// forwarded.
func (c *collector) enclosed(p *part) {
	if len(c.m.Enclosed) >= 10 {
		return
	}
	fs, _ := c.r.splitHeader(bytes.TrimLeft(decode(p.body, p.coding, c.r.lim.MaxHeaderBytes), "\r\n"), "enclosed")
	if len(fs) == 0 {
		return
	}
	h := make(mailin.Header, 0, len(fs))
	for i := range fs[:min(len(fs), 200)] {
		h = append(h, mailin.Field{Key: fs[i].key, Value: c.r.value(&fs[i])})
	}
	c.m.Enclosed = append(c.m.Enclosed, h)
}
