package quote

import (
	"bytes"
	"strings"

	"tierdesk/mailin/internal/late"
	"tierdesk/mailin/internal/wordset"
)

// A gateway's banner is at most this long.
const (
	longestBanner = 8 // lines
	widestBanner  = 900
)

// cutBanner cuts what a gateway put above the text and returns it: a warning that the mail comes
// from outside, or a first time. It stays where nothing stands below it.
func (t *splitter) cutBanner() string {
	end := 0
	for range 3 { // one gateway's below another's
		n := t.banner(end)
		if n == end {
			break
		}
		end = n
	}
	if end == 0 || !t.below(end) {
		return ""
	}
	for end < t.end && (t.bare[end] == "" || ruler(t.bare[end])) {
		end++
	}
	banner := t.join(0, end)
	t.text = t.text[len(banner):]
	t.lines, t.bare, t.separators = t.lines[end:], t.bare[end:], t.separators[end:]
	t.end = len(t.lines)
	return banner
}

// below reports whether anything stands on line i or below it.
func (t *splitter) below(i int) bool {
	for ; i < t.end; i++ {
		if t.bare[i] != "" && !ruler(t.bare[i]) {
			return true
		}
	}
	return false
}

// banner returns the line at which the banner ends that begins on line i or below blank lines
// there; i if there is none.
func (t *splitter) banner(i int) int {
	first := i
	for first < t.end && (t.bare[first] == "" || ruler(t.bare[first])) {
		first++
	}
	if first == t.end || !mayBeBanner(t.bare[first]) {
		return i
	}
	last, size := first, 0
	for last < t.end && t.bare[last] != "" && !ruler(t.bare[last]) && last-first < longestBanner {
		if size += len(t.bare[last]); size > widestBanner {
			return i
		}
		last++
	}
	if !mayWarnOfOutside(t.bare[first:last]) {
		return i
	}
	for _, end := range []int{first + 1, last} { // a line of its own, or all of the paragraph
		if warnsOfOutside(strings.Join(t.bare[first:end], " ")) {
			return t.restOfBanner(end)
		}
	}
	return i
}

// restOfBanner returns the line at which the advice ends that goes on below the first paragraph of
// a banner.
func (t *splitter) restOfBanner(i int) int {
	for next := i; next < t.end && next < i+3; next++ {
		b := t.bare[next]
		if b == "" {
			continue
		}
		if len(b) < 400 && bannerAdvice.MatchString(b) && !asks.MatchString(b) {
			return t.restOfBanner(next + 1)
		}
		break
	}
	return i
}

// mayBeBanner is a cheap look at whether a line may begin a banner.
func mayBeBanner(b string) bool {
	b = strings.TrimLeft(b, " \t*_[<(|#=-!⚠️【（～~>")
	word, _, _ := strings.Cut(b, " ")
	return bannerWords.Bits(strings.Trim(word, ".,:;!*_[]()-|】）：，、")) != 0 || strings.HasPrefix(word, "外部") ||
		strings.HasPrefix(word, "注意") || strings.HasPrefix(word, "警告") ||
		strings.HasPrefix(word, "この") || strings.HasPrefix(word, "此") || strings.HasPrefix(word, "本") || strings.HasPrefix(word, "您") ||
		strings.HasPrefix(word, "社外")
}

// bannerStems: one of them stands in all that the patterns of banners find.
var bannerStems = stemsOf("extern external outside außerhalb ausserhalb extérieur en_dehors fuera fora estern fuori buiten utanför utifrån uden_for udefra utenfor ekstern ulkopuol spoza zewn mimo zvenčí zvenku внешн извне предел dış 外 외부 ext_ ext] ext) ext: aka.ms" +
	" often_get nicht_oft nicht_häufig pas_souvent no_suele não_recebe não_costuma spesso niet_vaak inte_ofta ikke_ofte często_otrz často_nedost редко_получ нечасто_получ 通常不会收到 あまりありません")

// mayWarnOfOutside is a cheap look at whether a paragraph may be a gateway's warning: the patterns
// are slow.
func mayWarnOfOutside(paragraph []string) bool {
	var buffer [1024]byte
	low := buffer[:0]
	for _, line := range paragraph {
		low = append(wordset.Lower(low, line), ' ')
	}
	return bannerStems.Find(low, func(from, to int) bool {
		short := to-from == len("ext:") && bytes.HasPrefix(low[from:], []byte("ext")) // it begins a word; many others end so
		return !short || from == 0 || !letter(low[from-1])
	}) >= 0
}

// warnsOfOutside reports whether a paragraph is the warning of a gateway, and no person's words.
func warnsOfOutside(s string) bool {
	switch {
	case bannerTag.MatchString(s):
		return true
	case asks.MatchString(s):
		return false
	case bannerFirstContact.MatchString(s):
		return true
	}
	if bannerBracket.MatchString(s) && bannerAdvice.MatchString(s) {
		return true
	}
	return bannerOrigin.MatchString(s) && (bannerTrigger.MatchString(s) || bannerAdvice.MatchString(s))
}

// bannerWords are the first words of banners.
var bannerWords = wordsOf(bannerWordList)

var (
	// bannerTag is a whole line such as "[EXTERNAL]" or "External Email:".
	bannerTag = late.Compile(`(?i)^[\s*_|#=!⚠️~>-]*[\[(<【*]*\s*(?:ext(?:ern(?:al|e[rs]?|[oa])?)?|ekstern|estern[oa]|zewnętrzn[ay]|externí|внешн(?:ее|яя)|外部|社外)(?:[\s-]+(?:e-?mail|mail|e-post|message|sender|source|nachricht|absender|courriel|expéditeur|correo|remitente|mensaje|mensagem|remetente|messaggio|mittente|bericht|afzender|avsändare|afsender|avsender|nadawca|wiadomość|odesílatel|письмо|メール|邮件|郵件|메일))?\s*[\])>】*:.!|-]*\s*$`)
	// bannerBracket is such a tag in brackets, with a sentence behind it.
	bannerBracket = late.Compile(`(?i)^[\s*_|#=!⚠️~>-]*[\[(<【]+\s*(?:ext(?:ern(?:al|e[rs]?|[oa])?)?|ekstern|estern[oa]|zewnętrzn[ay]|externí|внешн(?:ее|яя)|外部|社外)\PL[^\])>】]*[\])>】]|^[\s*_|#=!⚠️~>-]*[\[(<【]+\s*(?:ext|external|extern|外部|社外)[\])>】]`)
	// bannerTrigger is the word that calls for attention in front of a banner.
	bannerTrigger = late.Compile(`(?i)^\W*(?:caution|warning|attention|notice|alert|be careful|external|ext\b|extern|achtung|vorsicht|warnung|hinweis|prudence|avertissement|atención|precaución|advertencia|cuidado|aviso|atenção|attenzione|avviso|avvertenza|let op|waarschuwing|varning|obs|advarsel|varoitus|huomio|uwaga|ostrzeżenie|pozor|upozornění|varování|внимание|осторожно|предупреждение|dikkat|uyarı|注意|警告|주의|경고)`)
	// bannerOrigin says that a mail comes from outside.
	bannerOrigin = late.Compile(`(?i)(?:originat|came|comes|coming|sent|received|is an?|is from|from)\W.{0,40}\b(?:outside|external)|outside (?:of )?(?:your|the|our) organi[sz]ation|external (?:e-?mail|sender|source|address)|` +
		`(?:stammt|kommt|kam|gesendet|geschickt|ist|von)\W.{0,40}(?:extern|außerhalb|ausserhalb)|(?:provient|vient|envoyé|émane|expéditeur)\W?.{0,40}(?:extérieur|externe|en dehors)|` +
		`(?:procede|proviene|provient|origin|enviado|remitente|viene)\W?.{0,40}(?:fuera|extern|fora)|(?:originad|enviad|veio|vem|proveniente|remetente)\w*\W?.{0,40}(?:fora|extern)|` +
		`(?:provien|proveniente|inviat|mittente|originat|arriva)\w*\W?.{0,40}(?:estern|fuori)|(?:afkomstig|verzonden|komt|afzender)\W?.{0,40}(?:buiten|extern)|` +
		`(?:kommer|skickat|skickades|avsändare)\W?.{0,40}(?:utanför|extern|utifrån)|(?:kommer|sendt|afsender|avsender)\W?.{0,40}(?:uden for|udefra|utenfor|ekstern)|(?:lähetetty|tullut|tulee|peräisin|lähettäj)\pL*\W?.{0,40}ulkopuol|` +
		`(?:pochodzi|wysłan|nadawc)\pL*\W?.{0,40}(?:spoza|zewn)|(?:pochází|odeslán|přišl|odesílatel)\pL*\W?.{0,40}(?:mimo|extern|zvenčí|zvenku)|(?:получен|отправлен|пришл|отправител)\pL*\W?.{0,40}(?:внешн|извне|за предел)|` +
		`(?:kuruluş|kurum|şirket)\pL* dış|(?:外部|社外|组织外|組織外).{0,20}(?:邮件|郵件|メール|发件|寄件|送信)|(?:邮件|郵件|メール).{0,20}(?:外部|社外|组织外|組織外)|외부.{0,20}(?:메일|발신)|메일.{0,20}외부`)
	// bannerAdvice is what a banner tells people not to do.
	bannerAdvice = late.Compile(`(?i)please be (?:careful|cautious)|use (?:extra )?caution|(?:do not|don't|never|avoid|before|unless|be (?:careful|cautious)|exercise caution|use caution|verify)\W.{0,60}(?:click|link|attachment|sender|reply|open|respond|password|credential)|` +
		`(?:klicken|öffnen|prüfen|vorsicht|achten)\W?.{0,60}(?:link|anh[aä]ng|absender)|(?:link|anh[aä]ng)\pL*.{0,40}(?:klicken|öffnen|vorsicht)|(?:cliquez|ouvrez|ouvrir|cliquer)\W.{0,60}(?:lien|pièce|expéditeur)|(?:haga clic|abra|clic|pulse)\W.{0,60}(?:enlace|adjunt|remitente|vínculo)|` +
		`(?:clique|abra|clicar|abrir)\W.{0,60}(?:link|anexo|remetente)|(?:clicc|apri|fare clic)\pL*\W.{0,60}(?:link|allegat|mittente|collegament)|(?:klik|open)\W.{0,60}(?:link|bijlage|afzender|koppeling)|(?:klicka|öppna)\W.{0,60}(?:länk|bilag|bifog|avsändare)|` +
		`(?:klik|åbn|åpne|klikk)\W.{0,60}(?:link|lenke|vedhæft|vedlegg|bilag|afsender|avsender)|(?:avaa|klikkaa)\pL*\W.{0,60}(?:linkk|liitt|lähettäj)|(?:klika|otwiera)\pL*\W.{0,60}(?:link|załącznik|nadawc)|(?:neklik|neotví|klik)\pL*\W.{0,60}(?:odkaz|přílo|odesílatel)|` +
		`(?:открыва|переход|нажима)\pL*\W.{0,60}(?:ссыл|вложен|отправител)|(?:bağlantı|ek)\pL*.{0,40}(?:tıkla|açma)|(?:链接|連結|附件|リンク|添付).{0,40}(?:点击|點擊|打开|開啟|クリック|開か|勿)|(?:点击|點擊|打开|開啟|クリック|勿).{0,40}(?:链接|連結|附件|リンク|添付)|(?:링크|첨부).{0,40}(?:클릭|열지)`)
	// bannerFirstContact is Microsoft's note on a sender who has not written before.
	bannerFirstContact = late.Compile(`(?i)aka\.ms/LearnAboutSenderIdentification|(?:you don['’]t|some people who received this message don['’]t) often get e-?mail from|sie erhalten nicht (?:oft|häufig) e-?mails? von|vous n['’](?:obtenez|avez) pas souvent d['’]e-?mail|vous ne recevez pas souvent|no suele recibir correo|normalmente não recebe|não costuma receber|non (?:si ricevono|ricevi) spesso|u ontvangt niet vaak e-?mail|du får inte ofta e-post|du får ikke ofte (?:mails?|e-post)|nie często otrzymujesz|často nedostáváte|вы (?:редко|нечасто) получаете|您通常不会收到来自|からメールを受け取ることはあまりありません`)
)
