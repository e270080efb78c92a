package quote

import (
	"strings"
	"unicode/utf8"

	"tierdesk/mailin/internal/late"
	"tierdesk/mailin/internal/wordset"
)

// cutTopTagline cuts a tagline at the very top, where some phones put it, and the blank lines
// there.
func (t *splitter) cutTopTagline() {
	if n := t.topTagline(t.end); n > 0 {
		t.sig = t.join(0, n) + t.sig
		for i := range n {
			t.kinds[i] = kindBlank
		}
	}
	for t.start < t.end && t.kinds[t.start] == kindBlank {
		t.start++
	}
}

func (t *splitter) isTagline(b string) bool {
	if !mayBeTagline(b) {
		return false
	}
	t.spent++
	return outlookFor.MatchLine(b) || taglinePattern.MatchLine(b) ||
		strings.Contains(b, "](") && taglinePattern.MatchLine(markdownLink.ReplaceAllString(b, "$1"))
}

// vague reports whether a tagline names no device and no program: "Sent by courier" may be the
// writer's own sentence.
func vague(b string) bool {
	return len(b) < 60 && sentBy.MatchString(b) && !device.MatchString(b)
}

var (
	sentBy = late.Compile(`(?i)^\W*(?:sent|gesendet|geschickt|verschickt|versendet|envoyé|transmis|enviad[oa]|inviat[oa]|spedito|verzonden|verstuurd|gestuurd|skickat|sendt|lähetetty|wysłan[eo]|odesláno|odoslané|poslan[oé]|отправлено|надіслано)\s`)
	device = late.Compile(`(?i)i ?phone|i ?pad|i ?pod|android|galaxy|samsung|huawei|xiaomi|nokia|pixel|oneplus|black ?berry|windows|outlook|mail|yahoo|gmail|proton|spark|superhuman|phone|handy|mobil|móvil|celular|cell|device|gerät|appareil|dispositivo|tablet|tele|télé|смартфон|телефон|apple|mac|app\b|nine|zoho|posta|poczt|почт`)
)

// topTagline returns the number of lines that a client's tagline above the text takes; 0 if there
// is none.
func (t *splitter) topTagline(end int) int {
	first, last := t.span(0, end)
	if first < 0 || first == last || !t.isTagline(t.bare[first]) || first+1 < end && t.bare[first+1] != "" {
		return 0
	}
	return first + 1
}

// mayBeTagline is a quick look at whether a line may be a client's tagline, "Sent from my phone"
// and the like.
func mayBeTagline(b string) bool {
	if len(b) < 6 || len(b) > 200 {
		return false
	}
	word, _, _ := strings.Cut(stripPrefix(b, " 	*_[(<~-—–"), " ")
	if taglineWords.Bits(trimSigns(word, ".,:;*_")) != 0 {
		return true
	}
	if len(b) > 90 && !strings.Contains(b, "://") {
		return false
	}
	if strings.Contains(b, "Outlook") && outlookFor.MatchString(b) {
		return true
	}
	if len(b) > 90 || wordset.ASCII(b) {
		return false
	}
	for i := range len(b) - 1 {
		if !beginsTaglineMark[b[i]] {
			continue
		}
		for _, w := range taglineMarks[b[i]^b[i+1]<<1] {
			if at := i - w.before; at >= 0 && strings.HasPrefix(b[at:], w.word) {
				return true
			}
		}
	}
	return false
}

// taglineMarks are the words of taglines that stand anywhere in a line, by the first two octets
// that are not ASCII.
var taglineMarks = func() (by [256][]struct {
	word   string
	before int // octets before these two
}) {
	for _, w := range strings.Split("gönderildi|küldve|发送|發送|ダウンロード|입수|다운로드|获取|下載|入手|ส่งจาก|送|发自|来自|보냄|나의|내 |נשלח|رسلت|أرسل|الإرسال", "|") {
		i := strings.IndexFunc(w, func(c rune) bool { return c >= utf8.RuneSelf })
		at := &by[w[i]^w[i+1]<<1]
		*at = append(*at, struct {
			word   string
			before int
		}{w, i})
	}
	return by
}()

// beginsTaglineMark are the first of these two octets.
var beginsTaglineMark = func() (is [256]bool) {
	for _, marks := range taglineMarks {
		for _, w := range marks {
			is[w.word[w.before]] = true
		}
	}
	return is
}()

// outlookFor finds what Outlook's telephones write in any language: a few words, its name and the
// system, most often with a link.
var outlookFor = late.Compile(`(?i)^\W*(?:[^.!?:;]{0,24}\boutlook\b[^.!?:;]{0,20}(?:ios|android)[^.!?:;]{0,24}|[^.!?:;]{0,16}(?:ios|android)[^.!?:;]{0,16}outlook\b[^.!?:;]{0,24})(?:\W{0,3}https?://\S+)?\W*$`)

// taglineWords are the first words of taglines.
var taglineWords = wordsOf(taglineList)

var markdownLink = late.Compile(`\[([^\]]{0,80})\]\([^)]{0,400}\)`)

// taglinePattern finds a client's tagline.
var taglinePattern = late.Compile(`(?i)^[\s*_\[(<~\-—–]*(?:` +
	`sent (?:from|via|using|with|on|by) (?:my )?(?:[\p{L}\d.™®'’+&\-]+[ ,]{0,2}){1,7}|sent from (?:proton|tuta|hushmail|blackberry|aol|yahoo)\S* .{2,60}|get (?:outlook|yahoo mail|bluemail|spark|aol) .{2,40}|sent from (?:samsung|yahoo|outlook|mail|gmail).{0,60}|sent via .{2,60}|` +
	`(?:diese nachricht wurde )?(?:gesendet|geschickt|verschickt|versendet) (?:von|mit|über|aus|via|per|vom|unterwegs).{2,60}|diese nachricht wurde (?:von|mit|über) .{2,80}(?:gesendet|verschickt)\.?|von unterwegs(?: aus)? (?:gesendet|geschrieben)\.?|von (?:meinem|meiner|unterwegs|mein)(?:/mein(?:em|er))? .{2,40}(?:gesendet|geschrieben|verschickt)\.?|` +
	`(?:envoyé|envoye|transmis) (?:de|depuis|à partir|avec|par|via|du) .{2,50}|télécharger outlook.{0,40}|obtenez outlook.{0,40}|` +
	`(?:enviado|enviada) (?:desde|do|de|a partir|pelo|por|con|com|via|através) .{2,50}|obtener outlook.{0,40}|obter o outlook.{0,40}|` +
	`(?:inviato|inviata|spedito) (?:da|dal|dall|con|tramite|d)['’ ].{2,50}|(?:scarica|ottieni) outlook.{0,40}|` +
	`(?:verzonden|verstuurd|gestuurd) (?:vanaf|vanuit|met|van|via|vanop) .{2,50}|(?:outlook|mail) voor .{2,30}(?:downloaden|ophalen)|download outlook.{0,30}|` +
	`(?:skickat|skickades|hämta outlook|sänt) (?:från|med|via)?.{2,50}|(?:sendt|send) (?:fra|med|via) .{2,40}|hent outlook.{0,40}|` +
	`lähetetty .{2,50}|hanki outlook.{0,40}|(?:wysłane|wysłano) (?:z|za) .{2,50}|pobierz .{0,10}outlook.{0,40}|(?:odesláno|odoslané|poslané|posláno) .{2,40}|` +
	`отправлено (?:с|из|от|через) .{2,50}|(?:надіслано|відправлено) (?:з|із) .{2,50}|изпратено от .{2,40}|` +
	`.{0,30}(?:gönderildi|tarafından gönderildi|küldve|elküldve)\.?|trimis (?:de pe|din) .{2,40}|στάλθηκε από .{2,40}|απεστάλη από .{2,40}|enviat (?:des d|amb).{2,40}|` +
	`dikirim dari .{2,40}|được gửi từ .{2,40}|gửi từ .{2,40}|发自我的.{0,30}|来自我的.{0,30}|從我的.{0,30}|自我的.{0,30}傳送|.{0,20}から送信|나의 .{0,30}|내 .{0,20}에서 보냄|.{0,30}에서 보냄|נשלח מ.{0,40}|أرسلت من .{0,40}|تم الإرسال من .{0,40}|posla(?:to|no) (?:sa|iz|s|z|preko) .{2,40}|(?:el)?küldve az? .{2,40}|đã gửi từ .{2,40}|dihantar dari(?:pada)? .{2,40}|أُ?رسلت من .{0,40}|provenance ?: ?courrier pour .{2,30}|outlook (?:für|for) .{2,20} (?:beziehen|herunterladen|laden)|holen sie sich outlook .{2,30}|laden sie outlook .{2,30}|baixe o outlook .{2,30}|descargar? outlook .{2,30}|descarga(?:r)? outlook .{2,30}|stáhnout outlook .{2,30}|získa(?:t|jte) outlook .{2,30}|скача(?:ть|йте) outlook .{2,30}|получить outlook .{2,30}|отримати outlook .{2,30}|outlook .{2,20}(?:をダウンロード|を入手|다운로드)|获取 ?(?:适用于 )?.{0,12}outlook.{0,20}|下載 ?.{0,12}outlook.{0,20}|mail verstuurd .{2,40}|sent in .{2,20} proton ?mail.{0,20}|ส่งจาก.{2,40}|saadetud minu .{2,40}|išsiųsta iš .{2,40}|nosūtīts no .{2,40}|从.{1,24}(?:发送|發送)|来自.{0,20}(?:邮箱|手机|客户端|邮件).{0,12}` +
	`)(?:[.!] ?(?:please |bitte )?(?:excuse|pardon|forgive|entschuldig|verzeih|excusez|veuillez|pardonn|disculp|perdon|desculp|scus|perdon|prosím|przepraszam|ursäkta|undskyld|beklager|sorry)[^.!?]{0,80})?[\s*_\])>!.<]*(?:\(?<?https?://\S+)?[\s*_\])>!.]*$`)
