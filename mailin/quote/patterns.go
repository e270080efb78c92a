package quote

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin/internal/late"
	"tierdesk/mailin/internal/stems"
)

// verbs by which attributions say "wrote", in some forty languages, in lower case.
var verbs = strings.Split("wrote|writes|write|said|sent|sent the following|a écrit|a ecrit|écrit|schrieb|schreibt|hat geschrieben|geschrieben|skrev|skriver|escribió|escribio|escribió|escrigué|va escriure|ha escrito|ha escrit|escreveu|escreve|"+
	"ha scritto|scrive|schreef|heeft geschreven|het volgende geschreven|geschreven|kirjoitti|napisał|napisał(a)|napisała|napisal|napisal(a)|pisze|napsal|napsal(a)|napsala|napísal|napísal(a)|"+
	"написал|написал(а)|написала|написал(a)|пишет|писал|писал(а)|написав|написав(ла)|пише|написа|напиша|пользователь|käyttäjä|用户|έγραψε|yazdı|yazmış|şunu yazdı|şunları yazdı|írta|írt|scris|a scris|viết|đã viết|menulis|menulis berikut|"+
	"写道|寫道|写|寫|书きました|書きました|のメール|さんは書きました|作成|작성|님이 작성|썼습니다|כתב|כתבה|כתב/ה|כתב(ה)|كتب|نوشت|เขียนว่า|เขียน|parašė|rakstīja|kirjutas|napisao|napisala|napisao(la)|napisao je|napisala je|je napisal|je napisal(a)|je napisao|idatzi zuen|skrifaði|shkroi|a scríobh|ने लिखा|написао|написао/ла|је написао/ла|написала је|напісаў|yazıb|escribiu|nagsulat|missatge de|mensaje de|quoting|zitat von|citando|citation de|citerar|napisana przez|كتابة|写入|寫入", "|")

// findVerb gives what of s, in lower case, stands from the first verb on that is a word of its own.
func findVerb(s string) (string, bool) {
	low := strings.ToLower(s) // may be longer or shorter than s
	best := -1
	text := stems.Of(low)
	for _, v := range verbs {
		if !text.Holds(v) {
			continue
		}
		for from := 0; ; {
			i := strings.Index(low[from:], v)
			if i < 0 {
				break
			}
			i += from
			before, _ := utf8.DecodeLastRuneInString(low[:i])
			after, _ := utf8.DecodeRuneInString(low[i+len(v):])
			if (i == 0 || !wordRune(before)) && (i+len(v) == len(low) || !wordRune(after)) {
				if best < 0 || i < best {
					best = i
				}
				break
			}
			from = i + len(v)
		}
	}
	if best < 0 {
		return "", false
	}
	return low[best:], true
}

// onlyVerb reports whether a line is "> wrote:", the end of an address and no quote.
func onlyVerb(b string) bool {
	if len(b) >= 40 || !strings.HasSuffix(b, ":") || !verbAlone.MatchString(b) {
		return false
	}
	_, ok := findVerb(b)
	return ok
}

// wordRune reports whether a character goes on a word. Chinese, Japanese and Korean run their words together.
func wordRune(c rune) bool {
	return unicode.IsLetter(c) && !unicode.In(c, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana)
}

var (
	// datePattern: something that only dates and times look like.
	datePattern = late.Compile(`\d{1,4}\s?[./\-年월月]\s?\d{1,2}|\d{1,2}[:.h]\d{2}|\b(?:19|20)\d\d\b|\d{1,2}\.? ?(?i:de |-)?\p{L}{3,12}`)
	// fullDate: a day with month and year.
	fullDate       = late.Compile(`\d{1,2}\s?[./\-]\s?\d{1,2}\s?[./\-]\s?\d{2,4}|\d{4}\s?[.\-/年년]\s?\d{1,2}|\d{1,2}\.?,?\s+(?:de\s+)?\p{L}{3,12}[.׳]?,?\s+(?:de\s+)?\d{4}|\p{L}{3,12}\.?\s\d{1,2},?\s\d{4}`)
	addressPattern = late.Compile(`[^\s<>"(),:;]+@[^\s<>"(),:;]+\.[^\s<>"(),:;]+`)
	// anchorPattern: how attributions begin that have more than one line.
	// verbAlone: a last line "> wrote:" that is no quote but the end of an address.
	verbAlone     = late.Compile(`(?i)^>\s*(?:\p{L}{1,3}\s)?(?:\p{L}+(?:\(\p{L}+\))?)\s*[:：]$`)
	anchorPattern = late.Compile(`(?i)^(?:on|at|le|am|el|il(?: giorno)?|op|den|em|no dia|w dniu|dnia|dne|dňa|pe|la|na|pada|vào|στις|ar|kl|på|fra|i|ma|a|ti|ke|to|pe|la|su|от|в|на|у|dana|dne|mi[eé]\.?|lun|mar|mer|jeu|ven|sam|dim|mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|ons|tor|fre|lør|søn|tir|man|seg|ter|qua|qui|sex|sáb|пн|вт|ср|чт|пт|сб|вс)[\s.,,]|^\d{1,4}[\s./\-年]|^(?:mon|tues|wednes|thurs|fri|satur|sun)day`)
	// namePattern: attributions that begin with a name and an address.
	namePattern = late.Compile(`^["'(]?\p{L}[^<>]{0,60}<[^>]*@`)
	fromToColon = late.Compile(`[<(\[][^<>()\[\]]*@[^<>()\[\]]*[>)\]]\s*[:：]$`)
	bracketed   = late.Compile(`[<(\[][^<>()\[\]\s]*@[^<>()\[\]\s]+[>)\]]`)
	clockMark   = late.Compile(`\d{1,2}[:.h]\d{2}`)
	// framed: "---- Jane Doe wrote ----".
	framed = late.Compile(`(?i)^[-_]{2,}\s*.{2,120}\s(?:wrote|schrieb|escribió|a écrit|ha scritto|schreef|skrev)\s*[-_:]{2,}$`)
	// bareDate: "2013-05-28 12:10 GMT+02:00 Jane Doe <jane@x.example>:" and the like need no verb.
	bareDate = late.Compile(`(?i)^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}年\d{1,2}月\d{1,2}日)\b?.{0,120}[<(（].*@.*[>)）].{0,20}[:：]?$`)
)

// mayEndAttribution is a cheap look at whether a line could be the last of an attribution.
func mayEndAttribution(b string, followed bool) bool {
	switch {
	case strings.HasSuffix(b, ":") || strings.HasSuffix(b, "："):
		return true
	case followed && strings.ContainsAny(b, "<@"):
		return true
	}
	for b != "" && strings.IndexByte("-*_ .", b[len(b)-1]) >= 0 {
		b = b[:len(b)-1]
	}
	if b == "" {
		return false
	}
	for _, v := range lastVerbs[b[len(b)-1]] {
		if strings.HasSuffix(b, v) {
			return true
		}
	}
	return strings.HasSuffix(b, ":")
}

// lastVerbs are verbs that end an attribution, by their last octet.
var lastVerbs = func() (by [256][]string) {
	for _, v := range []string{"wrote", "schrieb", "écrit", "escribió", "scritto", "skrev", "schreef", "geschreven", "写道", "寫道", "escreveu", "napisał", "написал", "написал(а)", "kirjoitti", "yazdı"} {
		last := v[len(v)-1]
		by[last] = append(by[last], v)
	}
	return by
}()

// frames reports whether a line is "---- Jane Doe wrote ----".
func frames(b string) bool {
	return len(b) < 150 && (strings.HasPrefix(b, "--") || strings.HasPrefix(b, "__")) && framed.MatchString(b)
}

// certainty of an attribution.
type certainty int

const (
	no     certainty = iota
	likely           // it may begin further up
	sure             // it begins as attributions begin
)

// attributes reports whether s, the last lines of a paragraph joined, is an attribution. followed tells that quoted
// lines come below, multi that s was joined from several lines.
func attributes(s string, followed, multi bool) certainty {
	anchored := anchorPattern.MatchString(s) && datePattern.MatchString(s)
	if multi && !anchored && !namePattern.MatchString(s) || !attribution(s, followed) {
		return no
	}
	if anchored {
		return sure
	}
	return likely
}

func attribution(s string, followed bool) bool {
	s = strings.TrimRight(s, " -*_")
	colon := strings.HasSuffix(s, ":") || strings.HasSuffix(s, "：")
	date, address := datePattern.MatchString(s), addressPattern.MatchString(s)
	if !date && !address && !followed {
		return false
	}
	if bareDate.MatchString(s) && (colon || followed) {
		return true
	}
	verb, ok := findVerb(s)
	if !ok {
		if colon && date && address && clockMark.MatchString(s) && (anchorPattern.MatchString(s) || fullDate.MatchString(s)) && fromToColon.MatchString(s) {
			return true
		}
		return followed && colon && (address && len(s) < 200 || date && anchorPattern.MatchString(s) && len(s) < 120)
	}
	if colon {
		if followed {
			return date || address || len(s) < 80
		}
		// Nothing is quoted below: what comes may as well be the writer's own words, so more is asked for.
		return bracketed.MatchString(s) && (date || len(verb) < 24 || strings.Contains(s, "<")) || address && date || date && (fullDate.MatchString(s) || clockMark.MatchString(s) && anchorPattern.MatchString(s)) && !strings.HasPrefix(verb, "said")
	}
	// without a colon: the verb must be the last word and a date must stand there
	if len(strings.TrimSpace(verb)) < 24 && date && anchorPattern.MatchString(s) {
		return true
	}
	return followed && (date || address) && anchorPattern.MatchString(s)
}

const (
	labelFrom = 1 << iota
	labelDate
	labelTo
	labelSubject
	labelCc
)

// labels of header lines as clients translate them.
var labels = func() map[string]int {
	m := map[string]int{}
	for k, words := range map[int]string{
		labelFrom:    "from|von|de|da|van|fra|från|lähettäjä|od|от|від|від кого|от кого|kimden|gönderen|feladó|expéditeur|expediteur|remitente|mittente|afzender|avsändare|afsender|avsender|nadawca|odesílatel|odosielateľ|expeditor|dari|từ|发件人|寄件者|寄件人|差出人|보낸 사람|보낸사람|발신|מאת|من|จาก|από|saatja|nuo|no|pošiljatelj|šalje|posiljatelj|remetente|frá|email from|reply-from|de la|发送者|felado|发送人|發件人|傳送者|送信者|送信元|보낸이|보낸 이|발신자|daripada|nga|nork|испраќач|подател|пошиљалац|pošiljalac|од|از|فرستنده|प्रेषक|frå|trimis de|expedidor|emisor|отправитель|відправник|kimdən|gesendet von|envoyé par|absender|الراسل",
		labelDate:    "date|sent|sent on|gesendet|gesendet am|datum|envoyé|envoye|envoyé le|enviado|enviado el|enviado em|fecha|data|inviato|verzonden|sendt|skickat|dato|lähetetty|päivämäärä|päiväys|wysłano|wyslano|data wysłania|odesláno|odoslané|dátum|dátuma|дата|отправлено|надіслано|відправлено|date:|gönderildi|gönderme tarihi|tarih|elküldve|küldve|trimis|dată|tanggal|dikirim|ngày|đã gửi|发送时间|發送時間|日期|日付|送信日時|寄件日期|보낸 날짜|날짜|sent at|תאריך|נשלח|التاريخ|تم الإرسال|วันที่|ส่ง|ημερομηνία|εστάλη|saadetud|kuupäev|išsiųsta|nosūtīts|poslano|poslato|date et heure|data/ora|datum/tijd|发件时间|送信時刻|送信時間|傳送日期|傳送時間|發送日期|寄件時間|發件時間|时间|時間|보낸날짜|보낸시간|보낸 시간|보낸일시|보낸 일시|받은 날짜|작성일|sent date|date sent|date d'envoi|envoyée|envoyée le|enviada|enviada em|enviada a|inviato il|data invio|verzonden op|verstuurd|gesendet um|versendet|sänt|sent den|lähetyspäivä|wysłane|odesláno dne|odoslané dňa|küldés ideje|gönderim tarihi|gönderilme tarihi|trimis la|trimisă|изпратено|изпратен|дата отправки|послато|датум|испратено|dërguar|sendt den|dihantar|tarikh|vrijeme|تاريخ الإرسال|تاريخ|ارسال|ارسال شده|تاریخ|भेजा गया|दिनांक|στάλθηκε|αποστολή|bidalia|enviat|göndərildi|saatmisaeg|data i godzina|datum und uhrzeit|sent time",
		labelTo:      "to|an|à|a|para|aan|til|till|vastaanottaja|do|komu|кому|до|kime|alıcı|címzett|către|catre|kepada|tới|đến|收件人|宛先|收件者|받는 사람|받는사람|수신|אל|إلى|ถึง|προς|kellele|kam|za|destinatario|destinataire|ontvanger|mottagare|modtager|empfänger|adresat|prima|vers|收信人|受信者|送信先|发给|받는이|받는 이|수신자|수신인|per a|për|nori|примач|прима|за|به|گیرنده|प्रति|प्राप्तकर्ता|alıcılar|mottaker|mottakar|saaja|adressaat|gavėjas|saņēmējs|naslovnik|primatelj|primalac|получатель|одержувач|παραλήπτης|kimə|الى|المستلم|destinatari|destinatário|sent to",
		labelSubject: "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|emne|ämne|aihe|otsikko|temat|předmět|predmet|тема|konu|tárgy|subiect|perihal|subjek|chủ đề|主题|主旨|件名|제목|נושא|الموضوع|เรื่อง|θέμα|teema|tema|temats|zadeva|naslov|re|sujet|emne|objecte|risposta|thema|ogg|assumpte|標題|标题|标题|主題|题目|tajuk|perkara|efni|subjekti|gaia|предмет|наслов|относно|موضوع|विषय|mövzu|tiêu đề|หัวเรื่อง|หัวข้อ|tytuł",
		labelCc:      "cc|kopie|copie|copia|kopia|kopi|kopio|cópia|копия|копія|bilgi|másolat|tembusan|抄送|副本|참조|עותק|نسخة|สำเนา|κοιν|ccc|reply-to|reply to|antwort an|répondre à|responder a|rispondi a|importance|priorität|bcc|attachments|mailed-by|signed-by|priority|organization|wichtigkeit|sensitivity|vertraulichkeit|prioriteit|prioridad|prioridade|priorité|priorità|importancia|importância|importanza|ważność|důležitost|важность|приоритет|anlagen|anhänge|pièces jointes|datos adjuntos|adjuntos|anexos|allegati|bijlagen|bilagor|vedlegg|załączniki|přílohy|вложения|附件|添付ファイル|첨부|重要性|重要度|copy to|kopija|sent by|gesendet durch|kopia do|kopi til|másolatot kap|kopie an|copie à|please respond to",
	} {
		for _, w := range strings.Split(words, "|") {
			if _, have := m[w]; !have {
				m[w] = k
			}
		}
	}
	return m
}()

// labelOf gives the label that a word is, in capitals or not; 0 for none.
func labelOf(word string) int {
	var low [64]byte
	return labels[string(stems.Lower(low[:0], word))]
}

// maxLabel is how far behind the front of a line the colon of a header line stands, in octets.
const maxLabel = 48

// headerLabel tells which header line this is, with the value behind the colon; 0 for none.
func headerLabel(b string) (int, string) {
	if len(b) < 3 || len(b) > 2000 {
		return 0, ""
	}
	for b != "" && b[0] < utf8.RuneSelf && strings.IndexByte("*_>| \t-", b[0]) >= 0 {
		b = b[1:]
	}
	if strings.HasPrefix(b, "•") {
		b = strings.TrimLeft(b, "*_>| \t•-")
	}
	front := b[:min(len(b), maxLabel+len("："))]
	i := strings.IndexByte(front, ':')
	if wide := strings.IndexByte(front, "："[0]); wide < 0 {
		// as nearly always
	} else if wide = strings.Index(front, "："); wide >= 0 && (i < 0 || wide < i) {
		i = wide
	}
	if i <= 0 || i > maxLabel {
		return 0, ""
	}
	word := strings.Trim(b[:i], "*_ \t\u00a0[]")
	k := labelOf(word)
	if k == 0 {
		return 0, ""
	}
	value := strings.TrimPrefix(b[i:], ":")
	value = strings.TrimPrefix(value, "：")
	if k == labelSubject && strings.EqualFold(word, "re") { // "RE: ..." is no header line
		return 0, ""
	}
	return k, strings.Trim(value, "* \t")
}

var (
	markdownLink = late.Compile(`\[([^\]]{0,80})\]\([^)]{0,400}\)`)
	// closingPattern: words that close a letter.
	closingPattern = late.Compile(`(?i)^(?:(?:best|kind|warm|many)?\s?(?:regards|wishes|thanks)|thanks|thank you|cheers|sincerely|yours|best|(?:mit )?(?:freundliche[nr]?|beste[nr]?|liebe[nr]?|viele[nr]?|herzliche[nr]?) gr(?:ü|ue)(?:ß|ss)e[n]?|mfg|lg|gruß|danke|vielen dank|cordialement|bien à vous|merci|saludos|un saludo|atentamente|gracias|cordiali saluti|saluti|grazie|met vriendelijke groet|groeten|mvh|med vänlig|hälsningar|abraços|obrigad[oa]|pozdrawiam|с уважением)\b`)

	fromAlone = late.Compile(`^(?:[^<>\n]{1,80}<[^<>\s]+@[^<>\s]+>|[^<>\s]+@[^<>\s]+ ?<[^<>\s]+@[^<>\s]+>|[^\[\]\n]{1,80}\[(?:mailto:)?[^\s\]]+@[^\s\]]+\])$`)

	boastPattern = late.Compile(`(?i)^[\s*_\[(<~\-—–]*(?:` +
		`sent (?:from|via|using|with|on|by) (?:my )?(?:[\p{L}\d.™®'’+&\-]+[ ,]{0,2}){1,7}|sent from (?:proton|tuta|hushmail|blackberry|aol|yahoo)\S* .{2,60}|get (?:outlook|yahoo mail|bluemail|spark|aol) .{2,40}|sent from (?:samsung|yahoo|outlook|mail|gmail).{0,60}|sent via .{2,60}|` +
		`(?:diese nachricht wurde )?(?:gesendet|geschickt|verschickt|versendet) (?:von|mit|über|aus|via|per|vom|unterwegs).{2,60}|diese nachricht wurde (?:von|mit|über) .{2,80}(?:gesendet|verschickt)\.?|von unterwegs(?: aus)? (?:gesendet|geschrieben)\.?|von (?:meinem|unterwegs|mein) .{2,40}(?:gesendet|geschrieben|verschickt)\.?|` +
		`(?:envoyé|envoye|transmis) (?:de|depuis|à partir|avec|par|via|du) .{2,50}|télécharger outlook.{0,40}|obtenez outlook.{0,40}|` +
		`(?:enviado|enviada) (?:desde|do|de|a partir|pelo|por|con|com|via|através) .{2,50}|obtener outlook.{0,40}|obter o outlook.{0,40}|` +
		`(?:inviato|inviata|spedito) (?:da|dal|dall|con|tramite|d)['’ ].{2,50}|(?:scarica|ottieni) outlook.{0,40}|` +
		`(?:verzonden|verstuurd|gestuurd) (?:vanaf|vanuit|met|van|via|vanop) .{2,50}|(?:outlook|mail) voor .{2,30}(?:downloaden|ophalen)|download outlook.{0,30}|` +
		`(?:skickat|skickades|hämta outlook|sänt) (?:från|med|via)?.{2,50}|(?:sendt|send) (?:fra|med|via) .{2,40}|hent outlook.{0,40}|` +
		`lähetetty .{2,50}|hanki outlook.{0,40}|(?:wysłane|wysłano) (?:z|za) .{2,50}|pobierz .{0,10}outlook.{0,40}|(?:odesláno|odoslané|poslané|posláno) .{2,40}|` +
		`отправлено (?:с|из|от|через) .{2,50}|(?:надіслано|відправлено) (?:з|із) .{2,50}|изпратено от .{2,40}|` +
		`.{0,30}(?:gönderildi|tarafından gönderildi|küldve|elküldve)\.?|trimis (?:de pe|din) .{2,40}|στάλθηκε από .{2,40}|απεστάλη από .{2,40}|enviat (?:des d|amb).{2,40}|` +
		`dikirim dari .{2,40}|được gửi từ .{2,40}|gửi từ .{2,40}|发自我的.{0,30}|来自我的.{0,30}|從我的.{0,30}|自我的.{0,30}傳送|.{0,20}から送信|나의 .{0,30}|내 .{0,20}에서 보냄|.{0,30}에서 보냄|נשלח מ.{0,40}|أرسلت من .{0,40}|تم الإرسال من .{0,40}|posla(?:to|no) (?:sa|iz|s|z|preko) .{2,40}|(?:el)?küldve az? .{2,40}|đã gửi từ .{2,40}|dihantar dari(?:pada)? .{2,40}|أُ?رسلت من .{0,40}|provenance ?: ?courrier pour .{2,30}|outlook (?:für|for) .{2,20} (?:beziehen|herunterladen|laden)|holen sie sich outlook .{2,30}|laden sie outlook .{2,30}|baixe o outlook .{2,30}|descargar? outlook .{2,30}|descarga(?:r)? outlook .{2,30}|stáhnout outlook .{2,30}|získa(?:t|jte) outlook .{2,30}|скача(?:ть|йте) outlook .{2,30}|получить outlook .{2,30}|отримати outlook .{2,30}|outlook .{2,20}(?:をダウンロード|を入手|다운로드)|获取 ?(?:适用于 )?.{0,12}outlook.{0,20}|下載 ?.{0,12}outlook.{0,20}|mail verstuurd .{2,40}|sent in .{2,20} proton ?mail.{0,20}|ส่งจาก.{2,40}|saadetud minu .{2,40}|išsiųsta iš .{2,40}|nosūtīts no .{2,40}` +
		`)[\s*_\])>!.<]*(?:\(?<?https?://\S+)?[\s*_\])>!.]*$`)

	disclaimerPattern = late.Compile(`(?i)^[\s*_\-=#]*(?:confidentiality (?:notice|note)|confidentiality:|disclaimer\b|legal (?:notice|disclaimer)|privileged (?:and|&) confidential|private (?:and|&) confidential|` +
		`(?:the|this) (?:information|contents?|message|e-?mail|communication|transmission|electronic)\b.{0,80}(?:confidential|intended|privileged|proprietary)|(?:this|the) e-?mail.{0,60}(?:and any|including|contains|is)\b.{0,60}|if you (?:are not|have received).{0,40}(?:intended|in error)|please consider the environment|` +
		`diese (?:e-?mail|nachricht).{0,80}(?:vertraulich|bestimmt|enthält)|vertraulichkeits?hinweis|rechtlicher hinweis|bitte denken sie an die umwelt|ce (?:message|courriel|mail|e-mail).{0,80}(?:confidentiel|destin|pièce)|avis de confidentialité|este (?:mensaje|correo|e-?mail).{0,80}(?:confidencial|dirigid|contiene|contém)|aviso (?:legal|de confidencialidad)|esta mensagem.{0,80}(?:confidencia|destina)|` +
		`(?:questo messaggio|la presente (?:e-?mail|comunicazione)|le informazioni contenute).{0,80}|avviso di riservatezza|dit (?:bericht|e-?mail).{0,80}(?:vertrouwelijk|bestemd)|de informatie (?:in|verzonden).{0,60}|detta (?:meddelande|mail).{0,60}konfidentiel|niniejsza wiadomość.{0,60}|это (?:сообщение|электронное).{0,60}конфиденциал|this (?:message|email|e-mail) (?:has been|was) scanned|scanned by|virus-?free|avast|(?:this|the) (?:e-?mail|message|mail) (?:has been|was|is) (?:checked|scanned|certified|protected|virus)|(?:cet? |l')?(?:e-?mail|message|courriel|courrier).{0,20} (?:a été|ne contient|est) .{0,60}(?:virus|avast)|l'absence de virus|diese (?:e-?mail|nachricht) wurde .{0,60}(?:viren|virus|avast)|virenfrei|keine viren|(?:este|el) (?:correo|mensaje|e-?mail).{0,60}(?:virus|avast)|libre de virus|el software de antivirus|(?:este|o) e-?mail foi .{0,60}(?:vírus|virus|avast)|sem vírus|livre de vírus|(?:questa|questo|la presente) (?:e-?mail|messaggio).{0,60}(?:virus|avast)|privo di virus|deze e-?mail is .{0,60}(?:virus|avast)|virusvrij|den(?:ne|na|tta|här) .{0,60}(?:virus|avast)|(?:ta|ten) (?:wiadomość|e-?mail) .{0,60}(?:wirus|avast)|wolny od wirusów|(?:tato zpráva|tento e-?mail) .{0,60}(?:vir|avast)|это (?:сообщение|письмо) .{0,60}(?:вирус|avast)|проверено на вирусы|` +
		`(?:please |do you really |think |before |save ).{0,40}print(?:ing)? this (?:e-?mail|message|mail)|bitte .{0,60}(?:e-?mail|mail|nachricht) (?:wirklich )?(?:aus)?(?:drucken|gedruckt)|(?:pensez|merci de penser) .{0,60}imprim|(?:n'imprimez|avant d'imprimer) .{0,60}|(?:antes de imprimir|prima di stampare|voordat u (?:deze|dit)|denk aan het milieu|tänk på miljön|tænk på miljøet|tenk på miljøet|piense en el medio ambiente|pense (?:no meio ambiente|antes de imprimir)|pensa all'ambiente|pomyśl (?:o środowisku|zanim)|před tiskem|подумайте о природе|прежде чем (?:рас)?печатать).{0,80}|questo messaggio e' stato analizzato)`)
)

// separators: "-----Original Message-----" and its translations. forwardings: the same for mails that were passed on.
// All in lower case.
var (
	separators = strings.Split("original message|originalmessage|original appointment|original e-mail|original email|originalmeddelande|oprindelig meddelelse|oprindelig besked"+
		"|opprinnelig melding|antwort nachricht|ursprüngliche nachricht|ursprungliche nachricht|original nachricht|originalnachricht|ursprüngliche e-mail"+
		"|ursprüngliche email|message d'origine|message d’origine|message original|message initial|courriel original|mensaje original|correo original"+
		"|mensagem original|messaggio originale|oorspronkelijk bericht|oorspronkelijke bericht|alkuperäinen viesti|oryginalna wiadomość|wiadomość oryginalna"+
		"|původní zpráva|pôvodná správa|původní e-mail|pôvodný e-mail|mail original|mail originale|e-mail original|исходное сообщение|исходное письмо|оригинальное сообщение|первоначальное сообщение|початкове повідомлення|orijinal ileti"+
		"|özgün ileti|orijinal mesaj|eredeti üzenet|mesaj original|mesajul original|pesan asli|tin nhắn gốc|原始邮件|原邮件|原始郵件|元のメッセージ|원본 메시지|원본 메일|הודעה מקורית"+
		"|الرسالة الأصلية|ข้อความเดิม|αρχικό μήνυμα|ursprungligt meddelande|izvirno sporočilo|izvorna poruka|originalna poruka|reply message|missatge original|pirminis pranešimas|originalus laiškas|sākotnējais ziņojums|algne kiri|algsõnum|algne sõnum|upprunaleg skilaboð|thư gốc|mesej asal|izvorno sporočilo|оригинално съобщение|первоначальное письмо|оригинальное письмо|початковий лист|вихідне повідомлення|orijinal e-posta|ilk ileti|eredeti levél|eredeti e-mail|e-mail d'origine|e-mail d’origine|courrier original|message précédent|mensaje anterior|correo electrónico original|mensagem anterior|messaggio precedente|email originale|e-mail originale|oorspronkelijke e-mail|origineel bericht|oprindelig e-mail|opprinnelig e-post|opprinneleg melding|alkuperäinen sähköposti|oryginalny e-mail|pierwotna wiadomość|originální zpráva|originálna správa|mesaj inițial|پیام اصلی|मूल संदेश|原始信件|原始訊息|原信件|元のメール|オリジナルメッセージ|원문 메시지|원본메일|원본메시지|previous message|initial message"+
		"|reply above this line|please reply above this line|respond above this line|antwort bitte oberhalb dieser linie|write your reply above this line"+
		"|please do not write below this line|please type your reply above this line", "|")
	forwardings = strings.Split("begin forwarded message|forwarded message|forwarded by|forwarded mail|weitergeleitete nachricht|anfang der weitergeleiteten nachricht"+
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
	parts parting
}

// phrases by their first character; some characters share a place.
var phrases = func() (by [256]struct {
	all    []phrase
	second uint32 // a bit for the second octet of each, in capitals or not; some octets share one
}) {
	add := func(parts parting, list []string) {
		for _, p := range list {
			c, _ := utf8.DecodeRuneInString(p)
			at := &by[byte(c)]
			at.all = append(at.all, phrase{p, parts})
			at.second |= 1 << (p[1] & 31)
		}
	}
	add(separating, separators)
	add(passing, forwardings)
	return by
}()

// mayBoast is a quick look at whether a line may be a client's boast, "Sent from my phone" and the like.
func mayBoast(b string) bool {
	if len(b) < 6 || len(b) > 200 {
		return false
	}
	word, _, _ := strings.Cut(undrawn(b, " 	*_[(<~-—–"), " ")
	if boastWords.Bits(strings.Trim(word, ".,:;*_")) != 0 {
		return true
	}
	if len(b) > 90 || stems.ASCII(b) {
		return false
	}
	for i := range len(b) - 1 {
		if b[i] < 0xc0 {
			continue
		}
		for _, w := range boastMarks[b[i]^b[i+1]<<1] {
			if at := i - w.before; at >= 0 && strings.HasPrefix(b[at:], w.word) {
				return true
			}
		}
	}
	return false
}

// boastMarks are the words of boasts that stand anywhere in a line, by the first two octets that are not ASCII.
var boastMarks = func() (by [256][]struct {
	word   string
	before int // octets before these two
}) {
	for _, w := range strings.Split("gönderildi|küldve|ダウンロード|입수|다운로드|获取|下載|入手|ส่งจาก|送|发自|来自|보냄|나의|내 |נשלח|رسلت|أرسل|الإرسال", "|") {
		i := strings.IndexFunc(w, func(c rune) bool { return c >= utf8.RuneSelf })
		at := &by[w[i]^w[i+1]<<1]
		*at = append(*at, struct {
			word   string
			before int
		}{w, i})
	}
	return by
}()

// undrawn gives a line without the signs drawn before it.
func undrawn(b, signs string) string {
	if b != "" && (letter(b[0]) || b[0] >= utf8.RuneSelf && b[0] != "—"[0]) { // nearly all do
		return b
	}
	return strings.TrimLeft(b, signs)
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func wordsOf(list string) *stems.Words {
	var w stems.Words
	w.Add(list, 1)
	return &w
}

// boastWords are the first words of boasts.
var boastWords = wordsOf("sent get gesendet geschickt verschickt versendet diese von envoyé envoye transmis télécharger obtenez enviado enviada obtener obter inviato inviata spedito scarica ottieni verzonden verstuurd gestuurd outlook mail download skickat skickades hämta sänt sendt send hent lähetetty hanki wysłane wysłano pobierz odesláno odoslané poslané posláno отправлено надіслано відправлено изпратено trimis στάλθηκε απεστάλη enviat dikirim được gửi poslano poslato küldve elküldve đã dihantar provenance provenance: holen laden baixe descargar descarga stáhnout získat získajte скачать скачайте получить отримати saadetud išsiųsta nosūtīts")

// noticeStems are stems of the words of notices that lawyers made, in thirty languages, a row for each thing that they
// say: that the mail is confidential, for whom it is, that it may have gone astray, what to do then, what is forbidden.
// In lower case.
var noticeStems = [...][]string{ // a blank inside a stem is written as _
	stemsOf("confidential privileged proprietary vertraulich confidentiel confidencial riservat confidenzial vertrouwelijk konfident fortrolig poufn důvěrn dôvern bizalmas конфиденц конфіденц поверител εμπιστευτικ gizli luottamuksel povjerljiv poverljiv zaupn konfidenc 机密 機密 保密 기밀 חסוי סודי سري rahasia bảo_mật"),
	stemsOf("intended recipient addressee solely adressat empfänger bestimmt destinataire destinatari geadresseerde mottagar modtager mottaker adresatů adresat adresát címzett destinatar получател адресат одержувач παραλήπτ alıcı vastaanottaja primatelj primalac naslovnik 收件人 受信者 宛先 수신인 수신자 נמען المستلم penerima người_nhận"),
	stemsOf("in_error by_mistake inadvertently irrtümlich versehentlich fehlgeleitet par_erreur por_error por_engano per_errore ten_onrechte abusievelijk av_misstag ved_feil ved_fejl ved_en_fejl ved_en_feil omyłk pomyłk omylem tévedés din_greșeală din_greseala по_ошибке помилк по_погрешка κατά_λάθος yanlışlıkla vahingossa erehdyks greškom pomotoma nicht_der_richtige 误收 誤って 잘못"),
	stemsOf("delete destroy notify_the_sender inform_the_sender advise_the_sender löschen lösche vernichten détrui supprim elimin borrar bórrelo destruir apag cancell distrugg verwijder vernietig radera förstör slett slette usunięci usunąć zniszcz smaž vymaž znič töröl șterg удал сообщите_отправител повідом изтри διαγρά silin poista hävitä obriš izbriš uništ 删除 削除 삭제 hapus"),
	stemsOf("unauthorised unauthorized disclos disseminat strictly_prohibited copying unbefugt unerlaubt nicht_gestattet untersagt divulg toute_utilisation interdit no_autorizad prohibid não_autorizad proibid diffus vietat openbaarmak verspreid obehörig otillåt uautoris uberettiget forbud rozpowszechni zabron neoprávněn zakáz jogosulatlan tilos neautoriz interzis запрещ заборон забран απαγορεύ yasak kielletty zabranj prepoved 禁止 금지 dilarang"),
}

func stemsOf(list string) []string {
	all := strings.Fields(list)
	for i := range all {
		all[i] = strings.ReplaceAll(all[i], "_", " ")
	}
	return all
}

// legalese reports whether a paragraph says at least so many of the five things.
func legalese(paragraph []string, least int) bool {
	var buffer [1024]byte
	low := buffer[:0]
	for _, line := range paragraph {
		low = append(stems.Lower(low, line), ' ')
	}
	text := stems.Of(string(low))
	for i, list := range noticeStems {
		if text.HoldsAny(list) {
			if least--; least == 0 {
				return true
			}
		}
		if least > len(noticeStems)-1-i {
			return false
		}
	}
	return false
}

// noticeWords: notices that are none of lawyers, and headlines of theirs.
var noticeWords = late.Compile(`(?i)virus|viren|vírus|wirus|вирус|malware|scanned|print|imprim|druck|stampa|печат|environment|umwelt|environnement|medio ambiente|meio ambiente|milieu|miljø|miljö|środowisk|disclaimer|legal (?:notice|disclaimer)|confidential(?:ity)? (?:notice|note)|(?:privileged|private) (?:and|&)|vertraulichkeit|rechtlicher hinweis|^\W*(?:avis|aviso|avviso)\b`)

// disclaims reports whether a paragraph that begins with this line is a disclaimer.
func disclaims(b string) bool {
	if len(b) <= 20 {
		return false
	}
	word, rest, _ := strings.Cut(undrawn(b, " 	*_-=#"), " ")
	if strings.EqualFold(word, "the") || strings.EqualFold(word, "this") { // many sentences begin so
		second, _, _ := strings.Cut(rest, " ")
		if disclaimerThings.Bits(strings.Trim(second, ".,:;*_-")) == 0 {
			return false
		}
	}
	b = b[:min(len(b), 160)]
	return disclaimerWords.Bits(strings.Trim(word, ".,:;*_-")) != 0 && mayDisclaim(b) && disclaimerPattern.MatchString(b)
}

// mayDisclaim reports whether a line holds a word that disclaimerPattern needs: it has many alternatives and is slow.
func mayDisclaim(b string) bool {
	var buffer [256]byte
	text := stems.Of(string(stems.Lower(buffer[:0], b)))
	return text.HoldsAny(disclaimerStems)
}

// disclaimerStems: one of them stands in all that disclaimerPattern finds.
var disclaimerStems = stemsOf("e-mail email vir vír wirus avast confiden disclaimer legal intended privileged proprietary in_error environment vertraulich bestimmt enthält rechtlicher umwelt destin pièce dirigid contiene contém informa presente riservatezza vertrouwelijk bestemd" +
	" konfidentiel niniejsza конфиденциал scanned checked certified protected вирус проверено print druck imprim stampare voordat milieu miljö miljø ambiente środowisk zanim tiskem природе печатать messaggio")

// disclaimerThings stand behind "this" and "the" at the front of disclaimers.
var disclaimerThings = wordsOf("information content contents message e-mail email mail communication transmission electronic")

// disclaimerWords are the first words of disclaimers.
var disclaimerWords = wordsOf("confidentiality disclaimer legal privileged private the this if please diese vertraulichkeitshinweis vertraulichkeithinweis rechtlicher bitte ce avis este aviso esta questo la le avviso dit de detta niniejsza это scanned virus-free virusfree avast cet courriel l'absence virenfrei keine correo mensaje el o este sem livre libre questo privo deze virusvrij denne denna den ta ten wolny tato tento проверено before think do save pensez merci n'imprimez avant antes prima voordat denk tänk tænk tenk piense pense pensa pomyśl před подумайте прежде")

// parting is what a line parts by its words.
type parting byte

const (
	separating parting = 1 << iota // a reply from the mail that it answers
	passing                        // a covering note from a mail that was forwarded
)

// partingOf tells what a line parts, what is drawn before it and marks of quotes aside.
func partingOf(b string) parting {
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
		return separating
	}
	b = undrawn(b, " \t>*_#=|-–—")
	c, _ := utf8.DecodeRuneInString(b)
	at := &phrases[byte(stems.LowerRune(c))]
	if len(b) < 2 || b[1] < utf8.RuneSelf && at.second&(1<<(b[1]&31)) == 0 {
		return 0
	}
	var found, parts parting
	for _, p := range at.all {
		if found&p.parts != 0 || len(b) < len(p.text) || b[1] < utf8.RuneSelf && b[1]|0x20 != p.text[1]|0x20 || !strings.EqualFold(b[:len(p.text)], p.text) {
			continue
		}
		found |= p.parts
		rest := b[len(p.text):]
		next, _ := utf8.DecodeRuneInString(rest)
		switch {
		case p.parts == separating && len(rest) <= 60 && strings.IndexFunc(rest, unicode.IsLetter) < 0,
			p.parts == passing && len(whole) <= 160 && !unicode.IsLetter(next):
			parts |= p.parts
		}
	}
	return parts
}

// passesOn reports whether a line parts a covering note from a mail that was forwarded.
func passesOn(b string) bool { return partingOf(b)&passing != 0 }
