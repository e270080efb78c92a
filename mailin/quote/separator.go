package quote

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin/internal/stems"
)

// separator is what a line separates, by its words.
type separator byte

const (
	original   separator = 1 << iota // a reply from the mail that it answers
	forwarding                       // a covering note from a mail that was forwarded
	replyAbove                       // a reply from the notice of a help desk, that asks to write above the line
)

// separatorOf tells what a line parts, what is drawn before it and marks of quotes aside.
func separatorOf(b string) separator {
	if b == "" {
		return 0
	}
	whole := b
	if b[0] == '>' {
		b = strings.TrimLeft(b, "> \t")
	}
	if b == "" || len(b) > 160 {
		return 0
	}
	if strings.HasPrefix(b, "---") && strings.EqualFold(strings.Trim(b, "- "), "original") {
		return original
	}
	b = stripPrefix(b, " \t>*_#=|-–—")
	c, _ := utf8.DecodeRuneInString(b)
	at := &phrases[byte(stems.LowerRune(c))]
	if len(b) < 2 || b[1] < utf8.RuneSelf && at.second&(1<<(b[1]&31)) == 0 {
		return 0
	}
	var found, parts separator
	for _, p := range at.all {
		if found&p.parts != 0 || len(b) < len(p.text) || b[1] < utf8.RuneSelf && b[1]|0x20 != p.text[1]|0x20 || !strings.EqualFold(b[:len(p.text)], p.text) {
			continue
		}
		found |= p.parts
		rest := b[len(p.text):]
		next, _ := utf8.DecodeRuneInString(rest)
		switch {
		case p.parts != forwarding && len(rest) <= 60 && strings.IndexFunc(rest, unicode.IsLetter) < 0,
			p.parts == forwarding && len(whole) <= 160 && !unicode.IsLetter(next):
			parts |= p.parts
		}
	}
	return parts
}

// cutBlocks ends the text at the first separator ("-----Original Message-----") or block of header lines that has
// something above it.
func (t *splitter) cutBlocks() {
	for i := 0; i < t.end; i++ {
		b := t.bare[i]
		if b == "" {
			continue
		}
		if b[0] == '>' { // history as it is; an answer may stand below
			switch {
			case t.separators[i]&replyAbove == 0 || t.ours >= 0:
				continue
			case t.quoteFollows(i + 1):
				t.ours = i
				continue
			}
		}
		cut := -1
		switch {
		case t.separators[i]&(original|replyAbove) != 0:
			cut = i
		case strings.HasPrefix(b, "_____") && strings.Trim(b, "_") == "":
			if j := t.next(i + 1); j >= 0 && t.headerBlock(j) {
				cut = i
			}
		case t.headerBlock(i):
			if t.headed = t.headed || !t.anyAbove(i); t.unquotedNotice && !t.anyAbove(i) {
				t.end = i // nothing stands above the desk's own notice
				return
			}
			if !t.anyAbove(i) { // the mail begins with it: what is below is what there is
				for i+1 < t.end {
					if k, _ := headerLabel(t.bare[i+1]); k == 0 && t.bare[i+1] != "" {
						break
					}
					i++
				}
				continue
			}
			cut = i
		default:
			if j, ok := t.notesBlock(i); ok {
				cut = j
			}
		}
		if cut >= 0 && t.anyAbove(cut) {
			for cut > 0 && (t.bare[cut-1] == "" || ruler(t.bare[cut-1]) || heading(t.bare[cut-1])) {
				cut--
			}
			t.end = cut
			return
		}
	}
}

// originalPhrases: "-----Original Message-----" and its translations. forwardPhrases: the same for mails that were passed on.
// All in lower case.
var (
	originalPhrases = strings.Split("original message|originalmessage|original appointment|original e-mail|original email|originalmeddelande|oprindelig meddelelse|oprindelig besked"+
		"|opprinnelig melding|antwort nachricht|ursprüngliche nachricht|ursprungliche nachricht|original nachricht|originalnachricht|ursprüngliche e-mail"+
		"|ursprüngliche email|message d'origine|message d’origine|message original|message initial|courriel original|mensaje original|correo original"+
		"|mensagem original|messaggio originale|oorspronkelijk bericht|oorspronkelijke bericht|alkuperäinen viesti|oryginalna wiadomość|wiadomość oryginalna"+
		"|původní zpráva|pôvodná správa|původní e-mail|pôvodný e-mail|mail original|mail originale|e-mail original|исходное сообщение|исходное письмо|оригинальное сообщение|первоначальное сообщение|початкове повідомлення|orijinal ileti"+
		"|özgün ileti|orijinal mesaj|eredeti üzenet|mesaj original|mesajul original|pesan asli|tin nhắn gốc|原始邮件|原邮件|原始郵件|元のメッセージ|원본 메시지|원본 메일|הודעה מקורית"+
		"|الرسالة الأصلية|ข้อความเดิม|αρχικό μήνυμα|ursprungligt meddelande|izvirno sporočilo|izvorna poruka|originalna poruka|reply message|missatge original|pirminis pranešimas|originalus laiškas|sākotnējais ziņojums|algne kiri|algsõnum|algne sõnum|upprunaleg skilaboð|thư gốc|mesej asal|izvorno sporočilo|оригинално съобщение|первоначальное письмо|оригинальное письмо|початковий лист|вихідне повідомлення|orijinal e-posta|ilk ileti|eredeti levél|eredeti e-mail|e-mail d'origine|e-mail d’origine|courrier original|message précédent|mensaje anterior|correo electrónico original|mensagem anterior|messaggio precedente|email originale|e-mail originale|oorspronkelijke e-mail|origineel bericht|oprindelig e-mail|opprinnelig e-post|opprinneleg melding|alkuperäinen sähköposti|oryginalny e-mail|pierwotna wiadomość|originální zpráva|originálna správa|mesaj inițial|پیام اصلی|मूल संदेश|原始信件|原始訊息|原信件|元のメール|オリジナルメッセージ|원문 메시지|원본메일|원본메시지|previous message|initial message", "|")
	forwardPhrases = strings.Split("begin forwarded message|forwarded message|forwarded by|forwarded mail|weitergeleitete nachricht|anfang der weitergeleiteten nachricht"+
		"|anfang der weitergeleiteten e-mail|anfang der weitergeleiteten email|message transféré|message transmis|début du message réexpédié"+
		"|début du message transféré|mensaje reenviado|inicio del mensaje reenviado|mensagem encaminhada|mensagem reencaminhada|início da mensagem reencaminhada"+
		"|início da mensagem encaminhada|messaggio inoltrato|inizio messaggio inoltrato|doorgestuurd bericht|begin doorgestuurd bericht"+
		"|vidarebefordrat meddelande|videresendt melding|videresendt meddelelse|videresendt besked|välitetty viesti|przekazana wiadomość|wiadomość przekazana"+
		"|přeposlaná zpráva|пересылаемое сообщение|переадресованное сообщение|перенаправленное сообщение|iletilmiş mesaj|yönlendirilmiş ileti|továbbított üzenet"+
		"|mesaj redirecționat|转发邮件|转发的邮件|轉寄郵件|転送メッセージ|전달된 메시지|הודעה שהועברה|رسالة معاد توجيهها|προωθημένο μήνυμα|missatge reenviat|courriel transféré|e-mail transféré|message réexpédié|correo reenviado|e-mail encaminhado|mail inoltrata|doorgestuurde e-mail|videresendt e-mail|videresendt e-post|edelleenlähetetty viesti|przekazany e-mail|přeposlaný e-mail|preposlaná správa|posredovano sporočilo|proslijeđena poruka|прослеђена порука|препратено съобщение|переслане повідомлення|пересланное сообщение|mesaj transmis|pesan diteruskan|pesan terusan|thư được chuyển tiếp|tin nhắn được chuyển tiếp|ข้อความที่ส่งต่อ|edastatud kiri|persiųstas laiškas|pārsūtītais ziņojums|începutul mesajului|weitergeleitete mail|weitergeleitete e-mail|轉寄的郵件|전달메일|전달된 메일", "|")
)

// phrase is what a line says that parts something.
type phrase struct {
	text  string
	parts separator
}

// phrases by their first character; some characters share a place.
var phrases = func() (by [256]struct {
	all    []phrase
	second uint32 // a bit for the second octet of each, in capitals or not; some octets share one
}) {
	add := func(parts separator, list []string) {
		for _, p := range list {
			c, _ := utf8.DecodeRuneInString(p)
			at := &by[byte(c)]
			at.all = append(at.all, phrase{p, parts})
			at.second |= 1 << (p[1] & 31)
		}
	}
	add(original, originalPhrases)
	add(forwarding, forwardPhrases)
	add(replyAbove, phrasesOf(replyAboveList))
	return by
}()
