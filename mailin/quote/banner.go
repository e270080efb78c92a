package quote

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
	for end < t.end && (t.bare[end] == "" || drawn(t.bare[end])) {
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
	for first < t.end && (t.bare[first] == "" || drawn(t.bare[first])) {
		first++
	}
	if first == t.end {
		return i
	}
	if end := t.framedBanner(first); end > first {
		return end
	}
	if !mayBeBanner(t.bare[first]) {
		return i
	}
	last, size := first, 0
	for last < t.end && t.bare[last] != "" && !drawn(t.bare[last]) && last-first < longestBanner {
		if size += len(t.bare[last]); size > widestBanner {
			return i
		}
		last++
	}
	if !mayWarnOfOutside(t.bare[first:last]) {
		return i
	}
	for end := first + 1; end <= last; end++ { // as few lines as say it: a text may stand right below
		if !warnsOfOutside(strings.Join(t.bare[first:end], " ")) && !eachOfOutside(t.bare[first:end]) {
			continue
		}
		for end < last && continues(t.bare[end-1], t.bare[end]) {
			end++
		}
		return t.restOfBanner(end)
	}
	return i
}

// continues reports whether a line goes on with the sentence of the line above it, which is full.
func continues(above, b string) bool {
	c, _ := utf8.DecodeRuneInString(b)
	return len(above) > 30 && !strings.ContainsAny(above[len(above)-1:], ".!?:") && !unicode.IsUpper(c)
}

// Proofpoint's words around its banner, the same at all who use it. Its page hides them, plain text
// does not.
const (
	frameBegins, frameEnds = "ZjQcmQRYFpfptBannerStart", "ZjQcmQRYFpfptBannerEnd"
	longestFrame           = 40 // lines
)

// framedBanner returns the line at which the banner ends that a gateway has framed by words of its
// own, from line i on; i if there is none.
func (t *splitter) framedBanner(i int) int {
	if !strings.HasPrefix(t.bare[i], frameBegins) {
		return i
	}
	for end := i; end < t.end && end < i+longestFrame; end++ {
		if strings.Contains(t.bare[end], frameEnds) {
			return end + 1
		}
	}
	return i
}

// belowFrame puts what stands behind the frame of a banner on a line of its own.
func belowFrame(text string) string {
	if i := strings.Index(text[:min(len(text), 8<<10)], frameEnds); i >= 0 {
		i += len(frameEnds)
		return text[:i] + "\n" + text[i:]
	}
	return text
}

// drawn reports whether a line only draws, also the edge of a box.
func drawn(b string) bool { return ruler(b) || len(b) > 2 && strings.Trim(b, "+-=_*#~| ") == "" }

// restOfBanner returns the line at which the advice ends that goes on below the first paragraph of
// a banner.
func (t *splitter) restOfBanner(i int) int {
	for next, lines := i, 0; next < t.end && next < i+3 && lines < longestBanner; next++ {
		b := t.bare[next]
		if b == "" {
			continue
		}
		if len(b) >= 400 || !bannerAdvice.MatchString(b) || asks.MatchString(b) {
			break
		}
		i, lines = next+1, lines+1
	}
	return i
}

// bannerBelow returns the line at which the last paragraph begins if that is the warning of a
// gateway that puts its own below the text; -1 if it is not. It must say more than one above the
// text: people who pass on a suspicious mail warn of it at the end.
func (t *splitter) bannerBelow(from, to int) int {
	for to > from && (t.bare[to-1] == "" || drawn(t.bare[to-1])) {
		to--
	}
	first, size := to, 0
	for first > from && t.kinds[first-1] == kindText && !drawn(t.bare[first-1]) {
		first--
		if size += len(t.bare[first]); size > widestBanner || to-first > longestBanner {
			return -1
		}
	}
	if first == to || !mayBeBanner(t.bare[first]) || !mayWarnOfOutside(t.bare[first:to]) {
		return -1
	}
	words := strings.Join(t.bare[first:to], " ")
	bracketed := bannerBracket.MatchString(words)
	if asks.MatchString(words) || !bannerAdvice.MatchString(words) && !bracketedTag(words) && !setOff(words) ||
		!bannerOrigin.MatchString(words) && !bracketed || !bannerOfItself.MatchString(words) && !bracketed {
		return -1
	}
	for first > from && (t.bare[first-1] == "" || drawn(t.bare[first-1])) {
		first--
	}
	return first
}

// bracketedTag reports whether a line is a tag alone, in brackets.
func bracketedTag(s string) bool { return strings.ContainsAny(s, "[【") && bannerTag.MatchString(s) }

// mayBeBanner is a cheap look at whether a line may begin a banner.
func mayBeBanner(b string) bool {
	b = strings.TrimLeft(b, " \t*_[<(|#=-!⚠️【（～~>")
	word, _, _ := strings.Cut(b, " ")
	return bannerWords.Bits(strings.Trim(word, ".,:;!*_[]()-|】）：，、")) != 0 || strings.Contains(word, "@") ||
		slices.ContainsFunc(bannerBeginnings[:], func(b string) bool { return strings.HasPrefix(word, b) })
}

// bannerBeginnings begin banners in languages that put no blanks between words.
var bannerBeginnings = [...]string{"※", "提醒", "警示", "该", "該", "外部", "社外", "注意", "警告", "この", "此", "本", "您", "외부"}

// bannerStems: one of them stands in all that the patterns of banners find.
var bannerStems = stemsOf("zvonku kívül külső afara εξωτερικ εκτός έξω ззовні зовнішн за_меж външ извън izvan vanjsk spolj zunan zunaj väljast välis išor už_ ārpus ārēj utan luar ภายนอก bên_ngoài מחוץ חיצוני خارج verif extern external outside außerhalb ausserhalb extérieur en_dehors fuera fora estern fuori buiten utanför utifrån uden_for udefra utenfor ekstern ulkopuol spoza zewn mimo zvenčí zvenku внешн извне предел dış 外 외부 ext_ ext] ext) ext: aka.ms" +
	" securely_ often_get nicht_oft nicht_häufig pas_souvent no_suele não_recebe não_costuma spesso niet_vaak inte_ofta ikke_ofte często_otrz často_nedost редко_получ нечасто_получ 通常不会收到 あまりありません")

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
	case bannerFirstContact.MatchString(s), bannerSecurely.MatchString(s):
		return true
	}
	if bannerBracket.MatchString(s) && bannerAdvice.MatchString(s) {
		return true
	}
	return bannerOrigin.MatchString(s) && (bannerTrigger.MatchString(s) || bannerAdvice.MatchString(s) || setOff(s))
}

// eachOfOutside reports whether each of several lines says of its mail that it comes from outside:
// a heading and a sentence, with no word that calls for attention.
func eachOfOutside(lines []string) bool {
	return len(lines) > 1 && !slices.ContainsFunc(lines, func(line string) bool {
		return asks.MatchString(line) || !bannerOrigin.MatchString(line) || !bannerOfItself.MatchString(line)
	})
}

// setOff reports whether signs are drawn before a line and behind it: no sentence stands so.
func setOff(s string) bool {
	const signs = "*#=[]<>~|"
	return len(s) > 40 && len(s) < 160 && strings.IndexByte(signs, s[0]) >= 0 && strings.IndexByte(signs, s[len(s)-1]) >= 0
}

// bannerWords are the first words of banners.
var bannerWords = wordsOf(bannerWordList)

var (
	// bannerTag is a whole line such as "[EXTERNAL]" or "External Email:".
	bannerTag = late.Compile(`(?i)^[\s*_|#=!⚠️~>-]*[\[(<【*]*\s*(?:ext(?:ern(?:al|e[rs]?|[oa])?)?|ekstern|estern[oa]|zewnętrzn[ay]|externí|внешн(?:ее|яя)|ulkoinen|külső|εξωτερικ[όή]|зовнішні[йє]|външ(?:ен|но)|vanjsk[ai]|harici|חיצוני|خارجي[ة]?|外部|社外|외부)(?:[\s-]+(?:e-?mail|mail|e-post|message|sender|source|nachricht|absender|courriel|expéditeur|correo|remitente|mensaje|mensagem|remetente|messaggio|mittente|bericht|afzender|avsändare|afsender|avsender|nadawca|wiadomość|odesílatel|письмо|メール|邮件|郵件|메일))?\s*[\])>】*:.!|-]*\s*$|` +
		`^\W*(?:courriel|message|expéditeur|correo|mensaje|remitente|mensagem|remetente|messaggio|mittente|e-?mail|mail)\s+(?:extern[aeo]?|estern[ao])\s*[\])>】*:]+\s*$`)
	// bannerBracket is such a tag in brackets, with a sentence behind it.
	bannerBracket = late.Compile(`(?i)^[\s*_|#=!⚠️~>-]*[\[(<【]+\s*(?:ext(?:ern(?:al|e[rs]?|[oa])?)?|ekstern|estern[oa]|zewnętrzn[ay]|externí|внешн(?:ее|яя)|ulkoinen|külső|εξωτερικ[όή]|зовнішні[йє]|външ(?:ен|но)|vanjsk[ai]|harici|חיצוני|خارجي[ة]?|外部|社外|외부)\PL[^\])>】]*[\])>】]|^[\s*_|#=!⚠️~>-]*[\[(<【]+\s*(?:ext|external|extern|外部|社外)[\])>】]`)
	// bannerTrigger is the word that calls for attention in front of a banner.
	bannerTrigger = late.Compile(`(?i)^\W*(?:caution|warning|attention|notice|alert|be careful|external|ext\b|extern|achtung|vorsicht|warnung|hinweis|prudence|avertissement|atención|precaución|advertencia|cuidado|aviso|atenção|attenzione|avviso|avvertenza|let op|waarschuwing|varning|obs|advarsel|varoitus|huomio?|huom|uwaga|ostrzeżenie|pozor|upozornění|varování|внимание|осторожно|предупреждение|dikkat|uyarı|注意|警告|주의|경고|ekstern|upozornenie|figyelem|figyelmeztetés|vigyázat|aten[țţt]ie|avertisment|προσοχ[ήη]|προειδοποίηση|увага|попередження|обережно|oprez|upozorenje|pažnja|opozorilo|tähelepanu|hoiatus|dėmesio|įspėjimas|uzmanību|brīdinājums|viðvörun|athugið|peringatan|perhatian|amaran|cảnh báo|chú ý|คำเตือน|โปรดระวัง|זהירות|אזהרה|שים לב|تنبيه|تحذير)`)
	// bannerOrigin says that a mail comes from outside.
	bannerOrigin = late.Compile(`(?i)(?:originat\w*|came|comes|coming|sent|received|is an?|is from|from)\W.{0,40}\b(?:outside|external)|outside (?:of )?(?:your|the|our) organi[sz]ation|external (?:e-?mail|mail|sender|source|address)|` +
		`(?:stammt|kommt|kam|gesendet|geschickt|ist|von|wurde)\W.{0,40}(?:extern|außerhalb|ausserhalb)|externe (?:e-?mail|nachricht)|(?:provient|vient|envoyé|émane|expéditeur)\W?.{0,40}(?:extérieur|externe|en dehors)|` +
		`(?:procede|proviene|provient|origin|enviado|remitente|viene)\W?.{0,40}(?:fuera|extern|fora)|(?:originad|enviad|veio|vem|proveniente|remetente)\w*\W?.{0,40}(?:fora|extern)|` +
		`(?:provien|proveniente|inviat|mittente|originat|arriva)\w*\W?.{0,40}(?:estern|fuori)|(?:afkomstig|verzonden|komt|afzender)\W?.{0,40}(?:buiten|extern)|` +
		`(?:kommer|skickat|skickades|avsändare)\W?.{0,40}(?:utanför|extern|utifrån)|(?:kommer|sendt|afsender|avsender)\W?.{0,40}(?:uden for|udefra|utenfor|ekstern)|(?:lähetetty|lähetettiin|tullut|tulee|peräisin|lähettäj)\pL*\W?.{0,40}ulkopuol|` +
		`(?:pochodzi|wysłan|nadawc)\pL*\W?.{0,40}(?:spoza|zewn)|(?:pochází|odeslán|přiš[eě]?l|odesílatel)\pL*\W?.{0,40}(?:mimo|extern|zvenčí|zvenku)|(?:получен|отправлен|пришл|отправител)\pL*\W?.{0,40}(?:внешн|извне|за предел)|` +
		`(?:kuruluş|kurum|şirket)\pL* dış|` +
		`(?:pochádza|prišiel|prišla|odoslan|odosielate)\pL*\W?.{0,40}(?:mimo|extern|zvonku)|(?:szervezet|cég|vállalat|intézmény)\pL* kívül|külső (?:feladó|küldő|forrás|e-?mail|levél)|(?:provine|trimis|expeditor|vine)\pL*\W?.{0,40}(?:afara|extern|exterior)|(?:προέρχεται|εστάλη|στάλθηκε|αποστολέα)\pL*\W?.{0,40}(?:εξωτερικ|εκτός|έξω)|από εξωτερικ|εξωτερικ\pL+ (?:αποστολέα|μήνυμα|email)|` +
		`(?:надійшов|надійшло|отриман|надіслан|відправник)\pL*\W?.{0,40}(?:ззовні|зовнішн|за меж)|(?:от|изпратен|получен|подател)\pL*\W?.{0,40}(?:външ|извън)|(?:dolazi|poslan|stig|pošiljatelj|pošiljalac|prispel|prihaja|pošiljatelja)\pL*\W?.{0,40}(?:izvan|vanjsk|spolj|zunan|zunaj)|(?:saabu|saadetud|pärineb|saatja)\pL*\W?.{0,40}(?:väljast|välis)|(?:gaut|atsiųst|siuntėj)\pL*\W?.{0,40}(?:išor|už )|(?:saņemt|nosūtīt|sūtītāj)\pL*\W?.{0,40}(?:ārpus|ārēj)|(?:kemur|sendur|sendandi)\pL*\W?.{0,40}(?:utan|utanaðkomandi)|` +
		`(?:dikirim|berasal|pengirim|daripada)\pL*\W?.{0,40}(?:luar|eksternal)|(?:được gửi|đến) từ .{0,20}bên ngoài|(?:ส่ง|มา)จาก.{0,12}ภายนอก|(?:נשלח|התקבל|שולח|מגיע)\pL*.{0,40}(?:מחוץ|חיצוני)|(?:وارد|مرسل|أرسل|وردت|المرسل)\pL*.{0,40}خارج|(?:correo|mensaje|e-?mail|mail) extern[oa]|mensagem externa|courriel externe|(?:messaggio|mittente) esterno|mail esterna|externt? (?:mejl|mail|bericht|e-?post)|wiadomość zewnętrzna|externí (?:e-?mail|zpráva)|внешнее письмо|ekstern[et]? (?:e-?post|e-?mail|mail|afsender|avsender)|could ?n[o'’]t (?:be )?verif(?:y|ied)\W.{0,40}(?:sender|identity)|(?:外部|社外|组织外|組織外).{0,20}(?:邮件|郵件|メール|发件|寄件|送信)|(?:邮件|郵件|メール).{0,20}(?:外部|社外|组织外|組織外)|외부.{0,20}(?:메일|발신|발송)|메일.{0,20}외부`)
	// bannerAdvice is what a banner tells people not to do.
	bannerAdvice = late.Compile(`(?i)please be (?:careful|cautious)|use (?:extra )?caution|(?:do not|don't|never|avoid|before|unless|be (?:careful|cautious)|exercise caution|use caution|verify|check|beware)\W.{0,60}(?:click|link|attachment|sender|reply|open|respond|password|credential)|` +
		`(?:klick|öffne|prüfen|vorsicht|achten)\pL*\W?.{0,60}(?:link|anh[aä]ng|anlage|absender)|(?:link|anh[aä]ng|anlage)\pL*.{0,40}(?:klick|öffnen|vorsicht)|(?:cliquez|ouvrez|ouvrir|cliquer)\W.{0,60}(?:lien|pièce|expéditeur)|(?:haga clic|abra|abrir|clic|pulse|verifique)\W.{0,60}(?:enlace|adjunt|remitente|vínculo)|` +
		`(?:clique|abra|clicar|abrir)\W.{0,60}(?:link|anexo|remetente)|(?:clicc|apri|fare clic)\pL*\W.{0,60}(?:link|allegat|mittente|collegament)|(?:klik|open)\W.{0,60}(?:link|bijlage|afzender|koppeling)|(?:klicka|öppna)\W.{0,60}(?:länk|bilag|bifog|avsändare)|` +
		`(?:klik|åbn|åpne|klikk)\W.{0,60}(?:link|lenke|vedhæft|vedlegg|bilag|afsender|avsender)|(?:avaa|klikkaa|älä)\pL*\W.{0,60}(?:linkk|liitt|lähettäj)|(?:klika|otwiera)\pL*\W.{0,60}(?:link|załącznik|nadawc)|(?:neklik|neotví|klik)\pL*\W.{0,60}(?:odkaz|přílo|odesílatel)|` +
		`(?:открыва|переход|нажима)\pL*\W.{0,60}(?:ссыл|вложен|отправител)|(?:bağlantı|ek)\pL*.{0,40}(?:tıkla|açma)|(?:链接|連結|附件|リンク|添付).{0,40}(?:ご注意|点击|點擊|打开|開啟|クリック|開か|勿)|(?:点击|點擊|打开|開啟|クリック|勿).{0,40}(?:链接|連結|附件|リンク|添付)|(?:링크|첨부).{0,40}(?:클릭|열지)|` +
		`(?:neklik|neotv)\pL*\W.{0,60}(?:odkaz|príloh|odosielate)|(?:kattint|nyis|nyit)\pL*.{0,60}(?:hivatkoz|link|melléklet|csatol|felad)|(?:hivatkoz|link|melléklet|csatol)\pL*.{0,40}(?:kattint|nyis|nyit)|(?:accesa|deschide|clic)\pL*.{0,60}(?:link|leg[ăa]tur|ata[șşs]|fi[șşs]ier|expeditor)|(?:ανοί|κλικ|πατ)\pL*.{0,60}(?:συνδέσ|σύνδεσ|συνημμέν|αποστολέα)|` +
		`(?:перехо|відкрив|натиска)\pL*.{0,60}(?:посилан|вклад|відправник)|(?:отваря|кликва|натиска)\pL*.{0,60}(?:връзк|прикачен|подател)|(?:otvar|klik|odpir)\pL*.{0,60}(?:poveznic|privit|link|prilog|pošiljatelj|povezav|pripon)|(?:avage|klõpsa)\pL*.{0,60}(?:link|manus|saatja)|(?:spausk|atidar|atver)\pL*.{0,60}(?:nuorod|pried|siuntėj|sait|pielikum|sūtītāj)|(?:smell|opn)\pL*.{0,60}(?:tengl|hlekk|viðheng|sendand)|` +
		`(?:klik|buka|membuka)\W.{0,60}(?:tautan|pautan|lampiran|pengirim)|(?:nhấp|mở)\W.{0,60}(?:liên kết|tệp|đính kèm|người gửi)|(?:คลิก|เปิด).{0,60}(?:ลิงก์|ไฟล์)|(?:לחוץ|לחצו|פתוח|פתחו).{0,60}(?:קישור|קבצ|מצורפ|שולח)|(?:تفتح|تنقر|النقر|فتح|الضغط).{0,60}(?:الروابط|رابط|المرفقات|مرفق|المرسل)|think before you (?:click|open)|report (?:this|suspicious|phish)`)
	// bannerOfItself: a banner speaks of the mail that it stands in. A writer who warns speaks of
	// another one.
	bannerOfItself = late.Compile(`(?i)\b(?:this|the) (?:e-?mail|message|mail|sender)|external (?:e-?mail|message|sender)|identity of the sender|diese[rs]? (?:e-?mail|nachricht|mail)|externe (?:e-?mail|nachricht)|\bc(?:e|et) (?:e-?mail|courriel|message|mail)|courriel externe|\best[ea] (?:correo|mensaje|e-?mail|mensagem)|(?:correo|mensaje|e-?mail) externo|` +
		`\bquest[oa] (?:e-?mail|messaggio|mail)|messaggio (?:esterno|proveniente)|\b(?:dit|deze) (?:bericht|e-?mail|mail)|\bde(?:tta|nna|tte|nne) (?:mejl|mail|meddelande|e-?post|besked|meddelelse|melding)|ekstern[et]? (?:e-?post|e-?mail|mail)|tämä (?:viesti|sähköposti)|\b(?:ta|ten) (?:wiadomość|e-?mail)|tento e-?mail|tato zpráva|táto správa|` +
		`(?:это|данное) (?:письмо|сообщение)|письмо получено|цей лист|този имейл|ova poruka|ez az e-?mail|acest (?:e-?mail|mesaj)|αυτό το (?:μήνυμα|email)|bu (?:e-?posta|ileti)|see kiri|šis (?:laiškas|e-pasts)|þessi póstur|e-?ma?il ini|e-?mel ini|email này|(?:この|本)メール|(?:此|该|該|本)(?:邮件|郵件)|이 메일|외부 ?메일|הודעה זו|هذه الرسالة`)
	// bannerSecurely is what a gateway says of itself.
	bannerSecurely = late.Compile(`(?i)^\W*this (?:message|e-?mail) was (?:sent|encrypted|delivered) ` +
		`securely (?:using|by|via|with) \S+\s*$`)
	// bannerFirstContact is what Microsoft says of a sender who has not written before.
	bannerFirstContact = late.Compile(`(?i)aka\.ms/LearnAboutSenderIdentification|(?:you don['’]t|some people who received this message don['’]t) often get e-?mail from|sie erhalten nicht (?:oft|häufig) e-?mails? von|vous n['’](?:obtenez|avez) pas souvent d['’]e-?mail|vous ne recevez pas souvent|no suele recibir correo|normalmente não recebe|não costuma receber|non (?:si ricevono|ricevi) spesso|u ontvangt niet vaak e-?mail|du får inte ofta e-post|du får ikke ofte (?:mails?|e-post)|nie często otrzymujesz|často nedostáváte|вы (?:редко|нечасто) получаете|您通常不会收到来自|からメールを受け取ることはあまりありません`)
)
