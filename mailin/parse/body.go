package parse

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/htmltext"
	"tierdesk/mailin/internal/late"
)

// piece is a stretch of the readable body: plain text, HTML, or both for the same content.
type piece struct {
	plain, html string
	twin        bool // html was left undecoded
}

// collector gathers what the parts hold.
type collector struct {
	r         *reader
	m         *mailin.Message
	files     []content
	wanted    func(index int) bool // attachments of which size and hash are asked for; nil for all
	calendars []calendar
	encrypted string // how, for a person
	room      int    // octets of text that are still kept
	haveText  bool
	opened    int     // signed and packed parts that were opened
	named     *part   // the first text that was taken for a file though nothing says that it is one
	twins     bool    // HTML that comes now stands beside a text that says the same, and is not asked for
	skipped   []*part // HTML that was left undecoded for that
	reaction  string  // the text of the part that is marked as a reaction (RFC 9078)
}

// body fills texts, attachments and report. It returns the attachments' contents in the order of
// m.Attachments. Those that are not wanted lack size and hash.
func (r *reader) body(m *mailin.Message, root *part, wanted func(index int) bool) []content {
	c := &collector{r: r, m: m, room: r.lim.MaxText, wanted: wanted}
	pieces := c.walk(nil, root, "")
	c.texts(pieces)
	c.markInline()
	return c.files
}

// walk reads a part and those below it, and appends what there is to read. parent is the media type
// of the multipart around it.
func (c *collector) walk(out []piece, p *part, parent string) []piece {
	if p.children == nil {
		return c.leaf(out, p, parent)
	}
	switch p.typ.name {
	case "multipart/alternative":
		return c.alternative(out, p)
	case "multipart/encrypted":
		c.encrypted = "PGP/MIME"
		if strings.Contains(p.typ.param("protocol"), "pkcs7") {
			c.encrypted = "S/MIME"
		}
	}
	for _, child := range p.children {
		out = c.walk(out, child, p.typ.name)
	}
	return out
}

// alternative makes one piece of parts that say the same (RFC 2046 section 5.1.4).
func (c *collector) alternative(out []piece, p *part) []piece {
	var one piece
	marked := false // whether one.plain came from a text with marks
	before, outer := len(out), c.twins
	for _, child := range p.children {
		if markup(child.typ.name) && strings.TrimSpace(one.plain) != "" {
			continue // it says once more what stands there
		}
		if child.typ.name == "text/plain" && marked {
			one.plain = ""
		}
		marked = markup(child.typ.name)
		// A mail that may be kept whole has room for each text, so that one which is left out
		// changes nothing for the others.
		c.twins = outer || c.r.lim.TextOnly && c.haveText && len(c.r.raw) <= c.r.lim.MaxText && strings.TrimSpace(one.plain) != "" &&
			!htmltext.IsExcuse(one.plain)
		out = c.walk(out, child, p.typ.name)
		for _, x := range out[before:] {
			if len(one.plain) < 64<<10 && len(x.plain) < 64<<10 {
				one.plain, x.plain = withoutSame(one.plain, x.plain)
			}
			one.plain = joinText(one.plain, x.plain)
			one.html = joinText(one.html, x.html)
			one.twin = one.twin || x.twin
		}
		out = out[:before]
	}
	c.twins = outer
	if one == (piece{}) {
		return out
	}
	return append(out, one)
}

// withoutSame returns two texts, one of them empty if it says nothing that the other does not say
// at its front: the same once more, or cut off. Two signs may differ where no letter does.
func withoutSame(a, b string) (string, string) {
	if strings.TrimSpace(a) == strings.TrimSpace(b) {
		return a, ""
	}
	i, j, same := 0, 0, 0
	for {
		p, c := nextLetter(a, i)
		q, d := nextLetter(b, j)
		switch {
		case c == 0 && d == 0:
			if same == 0 {
				return a, b
			}
			return a, ""
		case c == 0 && same > 0 && wordEnds(b, j):
			return "", b
		case d == 0 && same > 0 && wordEnds(a, i):
			return a, ""
		case c != d:
			return a, b
		}
		i, j, same = p, q, same+1
	}
}

// nextLetter returns the first letter or digit of s[from:], and where what is behind it begins; 0
// if there is none.
func nextLetter(s string, from int) (behind int, letter rune) {
	for i, c := range s[from:] {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return from + i + utf8.RuneLen(c), c
		}
	}
	return len(s), 0
}

// wordEnds reports whether no word goes on at s[at:].
func wordEnds(s string, at int) bool {
	c, _ := utf8.DecodeRuneInString(s[at:])
	return !unicode.IsLetter(c) && !unicode.IsDigit(c)
}

// markup reports whether a type is one of texts with marks, beside which mail programs put a plain
// one.
func markup(typ string) bool {
	return typ == "text/enriched" || typ == "text/richtext" || typ == "text/markdown" || typ == "text/x-markdown"
}

// wholeHTML reports whether a text is a document of HTML from its first character on.
func wholeHTML(s string) bool {
	front := strings.TrimLeft(s[:min(len(s), 400)], " \t\r\n\ufeff")
	if !strings.HasPrefix(front, "<") || !htmlBegins.MatchString(strings.ToLower(front)) { // people write about tags, too
		return false
	}
	end := strings.ToLower(s[max(0, len(s)-400):])
	return strings.Contains(end, "</html>") || strings.Contains(end, "</body>")
}

var htmlBegins = late.Compile(`^(?:<!doctype html[^>]*>\s*<|<html(?:\s[^>]*)?>\s*<[a-z!])`)

func joinText(a, b string) string {
	switch {
	case strings.TrimSpace(a) == "":
		return b
	case strings.TrimSpace(b) == "":
		return a
	case strings.HasSuffix(a, "\n"):
		return a + b
	}
	return a + "\n" + b
}

// leaf adds what a part without parts is to the pieces of a text, to the attachments, or to what is
// known of the mail.
func (c *collector) leaf(out []piece, p *part, parent string) []piece {
	name, written := fileNames(p)
	switch typ := p.typ.name; {
	case typ == "text/plain" || markup(typ):
		if text, ok := c.plainText(p, c.isFile(p, name, parent)); ok {
			return append(out, text)
		}
	case typ == "text/html" || typ == "application/xhtml+xml":
		if text, ok := c.htmlText(p, c.isFile(p, name, parent)); ok {
			return append(out, text)
		}
	case typ == "text/calendar" || typ == "application/ics":
		c.calendar(p)
	case typ == "text/x-amp-html" || typ == "text/watch-html":
		return out
	case typ == "text/vnd.google.email-reaction+json":
		c.m.Reaction = reactionIn(c.decoded(p))
		return out
	case typ == "application/pgp-encrypted":
		c.encrypted = "PGP/MIME"
	case typ == "application/x-microsoft-rpmsg-message" || strings.HasSuffix(strings.ToLower(name), ".rpmsg"):
		c.encrypted = "rights management"
	case slices.Contains(reportTypes, typ):
		c.report(p)
	case slices.Contains(mailTypes, typ):
		if inner := c.wrapped(p); inner != nil {
			return c.walk(out, inner, typ)
		}
		c.enclosed(p)
	case typ == "application/ms-tnef" || typ == "application/vnd.ms-tnef" || strings.EqualFold(name, "winmail.dat"):
		if pieces, ok := c.tnef(p); ok {
			return append(out, pieces...)
		}
	case typ == "application/pkcs7-mime" || typ == "application/x-pkcs7-mime" ||
		typ == "application/octet-stream" && strings.HasSuffix(strings.ToLower(name), ".p7m"):
		if inner := c.smime(p); inner != nil {
			return c.walk(out, c.r.entity(inner, "part", "text/plain", c.r.lim.MaxDepth/2), typ)
		}
	}
	if p.typ.name == "" || len(p.body) == 0 && name == "" && !p.typ.is("message/") {
		return out
	}
	if c.m.Report == nil && c.isStatus(p) {
		c.report(p)
	}
	c.attach(mailin.Attachment{Name: name, Written: written, ContentType: p.typ.name, ContentID: contentID(p),
		Inline: p.disp.name == "inline", Credential: credential(p.typ.name, name)}, content{p.body, p.coding})
	return out
}

// reportTypes are the types of what a program says of a mail.
var reportTypes = []string{"message/delivery-status", "message/global-delivery-status", "message/disposition-notification",
	"message/global-disposition-notification", "message/feedback-report"}

// mailTypes are the types of a mail inside a mail, or of its header.
var mailTypes = []string{"message/rfc822", "message/global", "text/rfc822-headers", "text/rfc822-header", "message/rfc822-headers",
	"message/global-headers", "message/news"}

// isFile reports whether a text is a file and no text of the mail. A named text is one, also where
// a client shows it below the text; alone it is the text of the mail.
func (c *collector) isFile(p *part, name, parent string) bool {
	if p.disp.name == "attachment" && (name != "" || parent != "") {
		return true
	}
	return name != "" && (parent != "multipart/alternative" && parent != "multipart/related" || c.haveText)
}

// plainText returns the text of a part. ok is false if it is a file, or cannot be read as a text.
func (c *collector) plainText(p *part, file bool) (text piece, ok bool) {
	if file {
		c.noteNamed(p)
		return piece{}, false
	}
	s, ok := c.text(p)
	if !ok {
		return piece{}, false
	}
	if p.typ.name == "text/enriched" || p.typ.name == "text/richtext" {
		s = fromEnriched(s)
	} else if strings.EqualFold(p.typ.param("format"), "flowed") {
		s = unflow(s, strings.EqualFold(p.typ.param("delsp"), "yes"))
	}
	s = c.cutFiles(s)
	if wholeHTML(s) { // a program called it plain
		c.haveText = true
		return piece{html: s}, true
	}
	c.haveText = c.haveText || strings.TrimSpace(s) != ""
	if p.disp.name == "reaction" {
		c.reaction = strings.TrimSpace(s)
	}
	return piece{plain: s}, true
}

// htmlText returns the HTML of a part, or a mark in its place if the plain text beside it says the
// same. ok is false if it is a file, or cannot be read as a text.
func (c *collector) htmlText(p *part, file bool) (text piece, ok bool) {
	if file {
		c.noteNamed(p)
		return piece{}, false
	}
	if c.twins {
		c.skipped = append(c.skipped, p)
		return piece{twin: true}, true
	}
	s, ok := c.text(p)
	if !ok {
		return piece{}, false
	}
	c.haveText = c.haveText || strings.TrimSpace(s) != ""
	return piece{html: s}, true
}

// noteNamed remembers the first text that is a file because it has a name.
func (c *collector) noteNamed(p *part) {
	if p.disp.name != "attachment" && c.named == nil {
		c.named = p
	}
}

// calendar reads an invitation or the answer to one.
func (c *collector) calendar(p *part) {
	s, _ := c.r.charset(c.decoded(p), p.typ.param("charset"))
	cal, ok := readCalendar(cleanText(s))
	if !ok {
		return
	}
	if method := strings.ToUpper(p.typ.param("method")); method != "" {
		cal.method = method
	}
	c.calendars = append(c.calendars, cal)
	if c.m.Calendar == "" {
		c.m.Calendar = cal.method
	}
}

// smime returns what is signed in an S/MIME part; nil if that is nothing that can be read, or if
// too many have been opened.
func (c *collector) smime(p *part) []byte {
	inner, encrypted := openSMIME(decode(p.body, p.coding, 0))
	switch t := strings.ToLower(p.typ.param("smime-type")); {
	case encrypted, t == "enveloped-data", t == "authenveloped-data",
		len(inner) == 0 && t != "certs-only": // or cannot be read
		c.encrypted = "S/MIME"
	}
	if c.opened++; len(inner) == 0 || c.opened >= 5 {
		return nil
	}
	return inner
}

// wrapped returns the mail inside a message/rfc822 part if it is a report from the author of the
// mail around it, or from one mail server to another: a filter or a gateway has packed the report.
// Others stay as they are.
func (c *collector) wrapped(p *part) *part {
	if p.typ.name != "message/rfc822" || c.opened >= 5 || len(c.m.From) == 0 || c.m.Report != nil {
		return nil
	}
	fs, _ := newReader(nil, c.r.lim).splitHeader(decode(p.body, p.coding, c.r.lim.MaxHeaderBytes), "enclosed")
	from := get(fs, "from")
	if from == nil || c.r.mediaType(fs, "content-type").name != "multipart/report" {
		return nil
	}
	inner, outer := c.r.addresses(from), c.m.From[0].Address
	if len(inner) == 0 || !strings.EqualFold(inner[0].Address, outer) && !(mailServer(inner[0].Address) && mailServer(outer)) {
		return nil
	}
	c.opened++
	return c.r.entity(decode(p.body, p.coding, 0), "enclosed", "text/plain", c.r.lim.MaxDepth/2)
}

// isStatus reports whether a file in a mail server's mail is the machine-readable part of a report,
// to which a gateway has given another type (RFC 3464 section 2.1).
func (c *collector) isStatus(p *part) bool {
	const most = 64 << 10
	if p.typ.name != "application/octet-stream" && p.typ.name != "text/plain" || len(p.body) > most || len(c.m.From) == 0 ||
		!mailServer(c.m.From[0].Address) && (c.m.ReturnPath == nil || *c.m.ReturnPath != "") {
		return false
	}
	b := bytes.ToLower(bytes.TrimSpace(decode(p.body, p.coding, most)))
	return bytes.HasPrefix(b, []byte("reporting-mta:")) && bytes.Contains(b, []byte("\nfinal-recipient:"))
}

// mailServer reports whether an address is one from which servers report.
func mailServer(address string) bool {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	return local == "mailer-daemon" || local == "postmaster"
}

func (c *collector) attach(a mailin.Attachment, f content) {
	a.Index = len(c.files)
	if c.wanted == nil || c.wanted(a.Index) {
		a.Size, a.SHA256 = c.r.measure(f.encoded, f.coding)
	}
	c.m.Attachments = append(c.m.Attachments, a)
	c.files = append(c.files, f)
}

func contentID(p *part) string {
	if f := get(p.fields, "content-id"); f != nil {
		return strings.Trim(f.text, "<> ")
	}
	return ""
}

func (c *collector) decoded(p *part) []byte { return decode(p.body, p.coding, c.r.lim.MaxText) }

// text returns a text part in UTF-8 with LF line ends and without NULs. It reports false if the
// part is no text.
func (c *collector) text(p *part) (string, bool) {
	if c.room <= 0 {
		return "", false
	}
	b := decodeInto(c.r.decoded, p.body, p.coding, c.room)
	if p.coding != codingNone {
		c.r.decoded = b
	}
	if p.typ.name == "text/plain" {
		b = c.cutYEnc(b)
	}
	if len(b) == c.room && c.room > 0 {
		c.r.warn("text-too-long", "body", "the text is too long: the rest stands in the raw mail only")
	}
	c.room -= len(b)
	if c.room < 0 {
		c.room = 0
	}
	set := p.typ.param("charset")
	if set == "" && p.typ.name == "text/html" {
		set = metaCharset(b)
	}
	if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) {
		set = "utf-16"
	}
	u, ok := c.r.toUTF8(b, set)
	if !ok {
		c.r.warn("charset-unknown", "body", "unknown charset "+clip(set, 30)+": the text is a guess")
	}
	if bytes.IndexByte(u, '\r') >= 0 || bytes.IndexByte(u, 0) >= 0 {
		u = appendClean(c.r.unicode[:0], u) // where it stands, if it stands there
		c.r.unicode = u
	}
	text := string(u)
	c.r.sound = append(c.r.sound, text)
	return text, true
}

// cleanText brings line ends to LF and takes out NULs.
func cleanText(s string) string {
	if strings.IndexByte(s, '\r') < 0 && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return string(appendClean(nil, []byte(s)))
}

// appendClean does the same and appends. It may be given the room that b stands in: nothing is
// written before it was read.
func appendClean(out, b []byte) []byte {
	if bytes.IndexByte(b, 0) >= 0 {
		b = bytes.ReplaceAll(b, []byte{0}, nil)
	}
	for {
		i := bytes.IndexByte(b, '\r')
		if i < 0 {
			return append(out, b...)
		}
		j := i
		for j < len(b) && b[j] == '\r' {
			j++
		}
		out = append(out, b[:i]...)
		if j < len(b) && b[j] == '\n' { // one line end, whatever is doubled in it
			out, b = append(out, '\n'), b[j+1:]
			continue
		}
		for range j - i { // each is looked at once
			out = append(out, '\n')
		}
		b = b[j:]
	}
}

// metaCharset finds the charset that an HTML document names itself.
func metaCharset(b []byte) string {
	head := bytes.ToLower(b[:min(len(b), 2048)])
	i := bytes.Index(head, []byte("charset="))
	if i < 0 || !bytes.Contains(head[:i], []byte("<meta")) {
		return ""
	}
	rest := bytes.TrimLeft(head[i+8:], "\"' ")
	j := bytes.IndexAny(rest, "\"' />;")
	if j < 0 {
		return ""
	}
	return string(rest[:j])
}

// maxFilesInText bounds the uuencoded files that are taken out of one text.
const maxFilesInText = 20

// cutFiles takes uuencoded files out of a text.
func (c *collector) cutFiles(s string) string {
	if !strings.Contains(s, "\nbegin") && !strings.HasPrefix(s, "begin") {
		return s
	}
	var rest []byte
	text, from := []byte(s), 0
	for range maxFilesInText {
		f, ok := findUU(text, from)
		if !ok {
			break
		}
		rest = append(rest, text[from:f.start]...)
		from = f.end
		name := fileName(f.name)
		c.attach(mailin.Attachment{Name: name, ContentType: typeByName(name)}, content{f.data, codingNone})
	}
	if from == 0 {
		return s
	}
	return string(append(rest, text[from:]...))
}

// cutYEnc takes the files out of a text that programs for news have put into it with all of their
// octets. It comes before the charset is looked at.
func (c *collector) cutYEnc(b []byte) []byte {
	if !bytes.Contains(b, yencBegins) {
		return b
	}
	var rest []byte
	from := 0
	for range maxFilesInText {
		f, ok := findYEnc(b, from)
		if !ok {
			break
		}
		rest = append(rest, b[from:f.start]...)
		from = f.end
		name := fileName(f.name)
		c.attach(mailin.Attachment{Name: name, ContentType: typeByName(name)}, content{f.data, codingNone})
	}
	if from == 0 {
		return b
	}
	return append(rest, b[from:]...)
}

// typeByName tells the media type of a file that has only a name.
func typeByName(name string) string {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return "application/octet-stream"
	}
	if t, ok := typesByExtension[strings.ToLower(name[i+1:])]; ok {
		return t
	}
	return "application/octet-stream"
}

var typesByExtension = map[string]string{"txt": "text/plain", "log": "text/plain", "csv": "text/csv", "html": "text/html",
	"htm": "text/html", "gif": "image/gif", "png": "image/png",
	"jpg": "image/jpeg", "jpeg": "image/jpeg", "bmp": "image/bmp", "tif": "image/tiff", "tiff": "image/tiff", "pdf": "application/pdf",
	"zip": "application/zip", "doc": "application/msword",
	"xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	"rtf":  "application/rtf", "eml": "message/rfc822", "ics": "text/calendar", "xml": "application/xml", "json": "application/json"}

// texts makes Text and HTML of the pieces.
func (c *collector) texts(pieces []piece) {
	m := c.m
	text, html := make([]string, 0, 4), make([]string, 0, 4)
	m.Plain = false
	for _, p := range withoutTwins(pieces) {
		if strings.TrimSpace(p.html) != "" {
			html = append(html, p.html)
		}
		switch {
		case strings.TrimSpace(p.plain) != "":
			text = append(text, p.plain)
			m.Plain = true
		case strings.TrimSpace(p.html) != "":
			if t := htmltext.Text(p.html); t != "" {
				text = append(text, t)
			}
		}
	}
	m.HTML = strings.Join(html, "\n")
	for i, t := range text {
		if i < len(text)-1 {
			text[i] = strings.TrimRight(t, "\n") + "\n"
		}
	}
	m.Text = strings.Join(text, "\n")
	if m.Reaction == "" && len(c.reaction) <= maxReaction && strings.TrimSpace(m.Text) == c.reaction {
		m.Reaction = c.reaction
	}
	blank := strings.TrimSpace(m.Text) == ""
	if blank && c.named != nil && c.encrypted == "" { // nothing else to read
		switch text, ok := c.text(c.named); {
		case !ok || strings.TrimSpace(text) == "":
		case c.named.typ.name == "text/html":
			m.HTML, m.Text, blank = text, htmltext.Text(text), false
		default:
			m.Text, m.Plain, blank = text, true, false
		}
	}
	if blank && len(c.calendars) > 0 {
		var s []string
		for _, cal := range c.calendars[:min(len(c.calendars), 20)] {
			s = append(s, cal.text())
		}
		m.Text = strings.Join(s, "\n")
	}
	if c.encrypted == "" && inlinePGP(m.Text) {
		c.encrypted = "PGP"
	}
	if c.encrypted != "" {
		m.Encrypted, m.Encryption = true, c.encrypted
		c.r.warn("encrypted", "body", "the mail is encrypted ("+c.encrypted+")")
		if blank {
			m.Text = "[This mail is encrypted (" + c.encrypted + ") and cannot be read here.]\n"
		}
	}
	if strings.TrimSpace(m.Text) == "" {
		c.r.warn("text-missing", "body", "the mail has no text")
	}
}

// inlinePGP reports whether a text holds a PGP message (RFC 9580 section 6.2) that is not quoted.
func inlinePGP(s string) bool {
	const mark = "-----BEGIN PGP MESSAGE-----"
	for from := 0; ; {
		i := strings.Index(s[from:], mark)
		if i < 0 {
			return false
		}
		i += from
		before := strings.TrimRight(s[:i], " \t")
		if before == "" || before[len(before)-1] == '\n' || strings.HasSuffix(before, "<br>") || strings.HasSuffix(before, "<pre>") ||
			strings.HasSuffix(before, "<p>") || strings.HasSuffix(before, "<div>") {
			return true
		}
		from = i + len(mark)
	}
}

// credential reports whether a part is a signature, a certificate or a public key.
func credential(typ, name string) bool {
	switch typ {
	case "application/pgp-signature", "application/pgp-keys", "application/pkcs7-signature", "application/x-pkcs7-signature",
		"application/x-pkcs7-certificates",
		"application/pkix-cert", "application/x-x509-ca-cert", "application/x-x509-user-cert", "application/x-x509-email-cert":
		return true
	}
	low := strings.ToLower(name)
	return strings.HasSuffix(low, ".p7s") || strings.HasSuffix(low, ".sig") || strings.HasSuffix(low, ".p7c") ||
		strings.HasSuffix(low, ".p7b") ||
		strings.HasSuffix(low, ".asc") &&
			(strings.HasPrefix(low, "signature") || strings.HasPrefix(low, "openpgp_") || strings.HasPrefix(low, "publickey") ||
				strings.HasPrefix(low, "pgp")) || low == "smime.p7s"
}

// maxReaction is the length of the longest sign that a mail may consist of, in octets.
const maxReaction = 60

// reactionIn returns the emoji that the part of a reaction of Gmail holds.
func reactionIn(b []byte) string {
	var r struct {
		Emoji string `json:"emoji"`
	}
	if json.Unmarshal(b, &r) != nil || r.Emoji == "" || len(r.Emoji) > maxReaction {
		return "?"
	}
	return r.Emoji
}

// withoutTwins joins a text and the HTML behind it that says the same, where a program called them
// mixed instead of alternative: nobody wants to read a mail twice.
func withoutTwins(pieces []piece) []piece {
	if len(pieces) < 2 {
		return pieces
	}
	var out []piece
	for i := 0; i < len(pieces); i++ {
		p := pieces[i]
		if i+1 < len(pieces) && p.html == "" && !p.twin && pieces[i+1].plain == "" && len(p.plain) < 64<<10 &&
			len(pieces[i+1].html) < 512<<10 {
			if a := letters(p.plain, 400); len(a) >= 8 && a == letters(htmltext.Text(pieces[i+1].html), 400) {
				p.html = pieces[i+1].html
				i++
			}
		}
		out = append(out, p)
	}
	return out
}

// letters returns the first n letters and digits of a text, by which two versions of it are
// compared.
func letters(s string, n int) string {
	var w strings.Builder
	for _, c := range s {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			if w.WriteRune(c); w.Len() >= n {
				break
			}
		}
	}
	return w.String()
}

// markInline marks parts that the HTML shows.
func (c *collector) markInline() {
	shown := ""
	for i := range c.m.Attachments {
		a := &c.m.Attachments[i]
		if i >= 200 || a.ContentID == "" {
			continue
		}
		if shown == "" { // asked for only now
			shown = c.m.HTML
			for _, p := range c.skipped {
				text, _ := c.text(p)
				shown += "\n" + text
			}
			if !strings.Contains(shown, "cid:") {
				return
			}
			c.m.HTML = strings.TrimPrefix(shown, "\n") // where the pictures stand is asked for later
		}
		if strings.Contains(shown, "cid:"+a.ContentID) {
			a.Inline = true
		}
	}
}

// fromEnriched takes the marks off text/enriched (RFC 1896).
func fromEnriched(s string) string {
	var w strings.Builder
	params := true // whether one that opens can close
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '<' && i+1 < len(s) && s[i+1] == '<':
			w.WriteByte('<')
			i++
		case s[i] == '<':
			j := strings.IndexByte(s[i:], '>')
			if j < 0 {
				w.WriteString(s[i:])
				return w.String()
			}
			if params && strings.EqualFold(s[i:i+j+1], "<param>") {
				params = false
				for _, end := range []string{"</param>", "</PARAM>"} {
					if k := strings.Index(s[i:], end); k > 0 {
						j, params = k+len(end)-1, true
						break
					}
				}
			}
			if strings.EqualFold(s[i:i+j+1], "<nl>") {
				w.WriteByte('\n')
			}
			i += j
		default:
			w.WriteByte(s[i])
		}
	}
	return w.String()
}
