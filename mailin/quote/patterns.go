package quote

import (
	"regexp"
	"strings"
)

// verbs by which attributions say "wrote", in some forty languages.
const verbs = `wrote|writes|write|said|sent the following|a écrit|a ecrit|écrit|schrieb|schreibt|hat geschrieben|geschrieben|skrev|skriver|escribió|escribio|escribi\S{1,3}|escrigué|va escriure|ha escrito|ha escrit|пользователь|käyttäjä|用户|escreveu|escreve|ha scritto|scrive|schreef|heeft geschreven|het volgende geschreven|geschreven|kirjoitti|napisał\(?a?\)?|napisal\(?a?\)?|pisze|napsal\(?a?\)?|napísal\(?a?\)?|` +
	`написал\(?а?\)?|написала|пишет|писал\(?а?\)?|написав|написала|пише|написа|напиша|έγραψε|yazdı|yazmış|şunu yazdı|írta|írt|scris|a scris|viết|đã viết|menulis|menulis berikut|写道|寫道|写|書きました|のメール|さんは書きました|作成|작성|님이 작성|썼습니다|wrote|כתב\/?ה?|כתבה|כתב|كتب|نوشت|เขียน(?:ว่า)?|parašė|rakstīja|kirjutas|napisao\(?l?a?\)?|napisao je|je napisal\(?a?\)?|je napisao|idatzi zuen|skrifaði|shkroi|a scríobh`

var (
	verbPattern = regexp.MustCompile(`(?i)(?:^|[\s,>)\]"'»:.\p{Han}\p{Hangul}\d])(?:` + verbs + `)(?:$|[\s:：,;.<\-])`)
	// datePattern: something that only dates and times look like.
	datePattern    = regexp.MustCompile(`\d{1,4}\s?[./\-年월月]\s?\d{1,2}|\d{1,2}[:.h]\d{2}|\b(?:19|20)\d\d\b|\d{1,2}\.? ?(?i:de |-)?\p{L}{3,12}`)
	addressPattern = regexp.MustCompile(`[^\s<>"(),:;]+@[^\s<>"(),:;]+\.[^\s<>"(),:;]+`)
	// anchorPattern: how attributions begin that have more than one line.
	// verbAlone: a last line "> wrote:" that is no quote but the end of an address.
	verbAlone     = regexp.MustCompile(`(?i)^>\s*(?:` + verbs + `)\s*[:：]$`)
	anchorPattern = regexp.MustCompile(`(?i)^(?:on|at|le|am|el|il(?: giorno)?|op|den|em|no dia|w dniu|dnia|dne|dňa|pe|la|na|pada|vào|στις|ar|kl|på|fra|i|ma|a|ti|ke|to|pe|la|su|от|в|на|у|dana|dne|mi[eé]\.?|lun|mar|mer|jeu|ven|sam|dim|mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|ons|tor|fre|lør|søn|tir|man|seg|ter|qua|qui|sex|sáb|пн|вт|ср|чт|пт|сб|вс)[\s.,,]|^\d{1,4}[\s./\-年]|^(?:mon|tues|wednes|thurs|fri|satur|sun)day`)
	// namePattern: attributions that begin with a name and an address.
	namePattern = regexp.MustCompile(`^["'(]?\p{L}[^<>]{0,60}<[^>]*@`)
	fromToColon = regexp.MustCompile(`[<(\[][^<>()\[\]]*@[^<>()\[\]]*[>)\]]\s*[:：]$`)
	clockMark   = regexp.MustCompile(`\d{1,2}[:.h]\d{2}`)
	// framed: "---- Jane Doe wrote ----".
	framed = regexp.MustCompile(`(?i)^[-_]{2,}\s*.{2,120}\s(?:wrote|schrieb|escribió|a écrit|ha scritto|schreef|skrev)\s*[-_:]{2,}$`)
	// bareDate: "2013-05-28 12:10 GMT+02:00 Jane Doe <jane@x.example>:" and the like need no verb.
	bareDate = regexp.MustCompile(`(?i)^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}年\d{1,2}月\d{1,2}日)\b?.{0,120}[<(（].*@.*[>)）].{0,20}[:：]?$`)
)

// mayEndAttribution is a cheap look at whether a line could be the last of an attribution.
func mayEndAttribution(b string) bool {
	switch {
	case strings.HasSuffix(b, ":") || strings.HasSuffix(b, "："):
		return true
	case strings.ContainsAny(b, "<@"):
		return true
	}
	if framed.MatchString(b) {
		return true
	}
	b = strings.TrimRight(b, "-*_ .")
	for _, v := range []string{"wrote", "schrieb", "écrit", "escribió", "scritto", "skrev", "schreef", "geschreven", "写道", "寫道", "escreveu", "napisał", "написал", "написал(а)", "kirjoitti", "yazdı"} {
		if strings.HasSuffix(b, v) {
			return true
		}
	}
	return strings.HasSuffix(b, ":")
}

// certainty of an attribution.
type certainty int

const (
	no     certainty = iota
	likely           // it may begin further up
	sure             // it begins as attributions begin
)

// attributes tells whether s, the last lines of a paragraph joined, is an attribution. followed tells that quoted
// lines come below, multi that s was joined from several lines.
func attributes(s string, followed, multi bool) certainty {
	anchored := anchorPattern.MatchString(s) && datePattern.MatchString(s)
	named := namePattern.MatchString(s)
	if multi && !anchored && !named || !attribution(s, followed) {
		return no
	}
	if anchored {
		return sure
	}
	return likely
}

func attribution(s string, followed bool) bool {
	s = strings.TrimRight(s, " -*_>")
	colon := strings.HasSuffix(s, ":") || strings.HasSuffix(s, "：")
	date, address := datePattern.MatchString(s), addressPattern.MatchString(s)
	if !date && !address && !followed {
		return false
	}
	if bareDate.MatchString(s) && (colon || followed) {
		return true
	}
	loc := verbPattern.FindStringIndex(s)
	if loc == nil {
		if colon && date && address && clockMark.MatchString(s) && anchorPattern.MatchString(s) && fromToColon.MatchString(s) {
			return true
		}
		return followed && colon && (date && address || date && anchorPattern.MatchString(s) && len(s) < 120)
	}
	if colon {
		if followed {
			return date || address || len(s) < 80
		}
		return (date || address) && (anchorPattern.MatchString(s) || address || date && strings.ContainsAny(s, "0123456789"))
	}
	// without a colon: the verb must be the last word and a date must stand there
	tail := strings.TrimSpace(s[loc[0]:])
	if len(tail) < 24 && date && anchorPattern.MatchString(s) {
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
		labelFrom:    "from|von|de|da|van|fra|från|lähettäjä|od|от|від|від кого|от кого|kimden|gönderen|feladó|expéditeur|expediteur|remitente|mittente|afzender|avsändare|afsender|avsender|nadawca|odesílatel|odosielateľ|expeditor|dari|từ|发件人|寄件者|寄件人|差出人|보낸 사람|보낸사람|발신|מאת|من|จาก|από|saatja|nuo|no|pošiljatelj|šalje|posiljatelj|remetente|frá|email from|reply-from|de la|发送者|felado",
		labelDate:    "date|sent|sent on|gesendet|gesendet am|datum|envoyé|envoye|envoyé le|enviado|enviado el|enviado em|fecha|data|inviato|verzonden|sendt|skickat|dato|lähetetty|päivämäärä|päiväys|wysłano|wyslano|data wysłania|odesláno|odoslané|dátum|dátuma|дата|отправлено|надіслано|відправлено|date:|gönderildi|gönderme tarihi|tarih|elküldve|küldve|trimis|dată|tanggal|dikirim|ngày|đã gửi|发送时间|發送時間|日期|日付|送信日時|寄件日期|보낸 날짜|날짜|sent at|תאריך|נשלח|التاريخ|تم الإرسال|วันที่|ส่ง|ημερομηνία|εστάλη|saadetud|kuupäev|išsiųsta|nosūtīts|poslano|poslato|date et heure|data/ora|datum/tijd",
		labelTo:      "to|an|à|a|para|aan|til|till|vastaanottaja|do|komu|кому|до|kime|alıcı|címzett|către|catre|kepada|tới|đến|收件人|宛先|收件者|받는 사람|받는사람|수신|אל|إلى|ถึง|προς|kellele|kam|za|destinatario|destinataire|ontvanger|mottagare|modtager|empfänger|adresat|prima|vers",
		labelSubject: "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|emne|ämne|aihe|otsikko|temat|předmět|predmet|тема|konu|tárgy|subiect|perihal|subjek|chủ đề|主题|主旨|件名|제목|נושא|الموضوع|เรื่อง|θέμα|teema|tema|temats|zadeva|naslov|re|sujet|emne|objecte|risposta",
		labelCc:      "cc|kopie|copie|copia|kopia|kopi|kopio|cópia|копия|копія|bilgi|másolat|tembusan|抄送|副本|참조|עותק|نسخة|สำเนา|κοιν|ccc|reply-to|reply to|antwort an|répondre à|responder a|rispondi a|importance|priorität|bcc|attachments|mailed-by|signed-by|priority|organization",
	} {
		for _, w := range strings.Split(words, "|") {
			if _, have := m[w]; !have {
				m[w] = k
			}
		}
	}
	return m
}()

// headerLabel tells which header line this is, with the value behind the colon; 0 for none.
func headerLabel(b string) (int, string) {
	if len(b) < 3 || len(b) > 2000 {
		return 0, ""
	}
	b = strings.TrimLeft(b, "*_>| \t•-")
	i := strings.IndexAny(b, ":：")
	if i <= 0 || i > 48 {
		return 0, ""
	}
	word := strings.ToLower(strings.Trim(b[:i], "*_ \t\u00a0[]"))
	k, ok := labels[word]
	if !ok {
		return 0, ""
	}
	value := strings.TrimPrefix(b[i:], ":")
	value = strings.TrimPrefix(value, "：")
	if k == labelSubject && word == "re" { // "RE: ..." is no header line
		return 0, ""
	}
	return k, strings.Trim(value, "* \t")
}

var (
	fromAlone = regexp.MustCompile(`^(?:[^<>\n]{1,80}<[^<>\s]+@[^<>\s]+>|[^<>\s]+@[^<>\s]+ ?<[^<>\s]+@[^<>\s]+>|[^\[\]\n]{1,80}\[(?:mailto:)?[^\s\]]+@[^\s\]]+\])$`)

	// separatorPattern: "-----Original Message-----" and its translations; forwarded mails have their own.
	separatorPattern = regexp.MustCompile(`(?i)^[\s>*_#=|\-–—]*(?:original\s?message|original appointment|original e-?mail|originalmeddelande|oprindelig (?:meddelelse|besked)|opprinnelig melding|antwort nachricht|ursprüngliche nachricht|ursprungliche nachricht|original ?nachricht|ursprüngliche e-?mail|originalnachricht|message d['’]origine|message original|message initial|courriel original|mensaje original|correo original|mensagem original|messaggio originale|oorspronkelijk bericht|oorspronkelijke bericht|alkuperäinen viesti|oryginalna wiadomość|wiadomość oryginalna|původní zpráva|pôvodná správa|исходное сообщение|исходное письмо|оригинальное сообщение|первоначальное сообщение|початкове повідомлення|orijinal ileti|özgün ileti|orijinal mesaj|eredeti üzenet|mesaj original|mesajul original|pesan asli|tin nhắn gốc|原始邮件|原邮件|原始郵件|元のメッセージ|원본 메시지|원본 메일|הודעה מקורית|الرسالة الأصلية|ข้อความเดิม|αρχικό μήνυμα|ursprungligt meddelande|izvirno sporočilo|izvorna poruka|originalna poruka|reply message|reply above this line|please reply above this line|respond above this line|antwort bitte oberhalb dieser linie|write your reply above this line|please do not write below this line|please type your reply above this line)[^\p{L}]{0,60}$`)
	forwardPattern   = regexp.MustCompile(`(?i)^[\s*_\-–—>]*(?:begin forwarded message|forwarded message|forwarded by|forwarded mail|weitergeleitete nachricht|anfang der weitergeleiteten (?:nachricht|e-?mail)|message transféré|message transmis|début du message (?:réexpédié|transféré)|mensaje reenviado|inicio del mensaje reenviado|mensagem encaminhada|mensagem reencaminhada|início da mensagem (?:re)?encaminhada|messaggio inoltrato|inizio messaggio inoltrato|doorgestuurd bericht|begin doorgestuurd bericht|vidarebefordrat meddelande|videresendt (?:melding|meddelelse|besked)|välitetty viesti|przekazana wiadomość|wiadomość przekazana|přeposlaná zpráva|пересылаемое сообщение|переадресованное сообщение|перенаправленное сообщение|iletilmiş mesaj|yönlendirilmiş ileti|továbbított üzenet|mesaj redirecționat|转发邮件|转发的邮件|轉寄郵件|転送メッセージ|전달된 메시지|הודעה שהועברה|رسالة معاد توجيهها|προωθημένο μήνυμα)\b?[^\n]{0,80}$`)

	boastPattern = regexp.MustCompile(`(?i)^[\s*_\[(<~\-—–]*(?:` +
		`sent (?:from|via|using|with|on|by) (?:my )?(?:[\p{L}\d.™®'’+&\-]+[ ,]?){1,7}|get (?:outlook|yahoo mail|bluemail|spark|aol) .{2,40}|sent from (?:samsung|yahoo|outlook|mail|gmail).{0,60}|sent via .{2,40}|` +
		`(?:diese nachricht wurde )?(?:gesendet|geschickt|verschickt|versendet) (?:von|mit|über|aus|via|per|vom|unterwegs).{2,60}|von (?:meinem|unterwegs|mein) .{2,40}(?:gesendet|geschrieben|verschickt)\.?|` +
		`(?:envoyé|envoye|transmis) (?:de|depuis|à partir|avec|par|via|du) .{2,50}|télécharger outlook.{0,40}|obtenez outlook.{0,40}|` +
		`(?:enviado|enviada) (?:desde|do|de|a partir|pelo|por|con|com|via|através) .{2,50}|obtener outlook.{0,40}|obter o outlook.{0,40}|` +
		`(?:inviato|inviata|spedito) (?:da|dal|dall|con|tramite|d)['’ ].{2,50}|(?:scarica|ottieni) outlook.{0,40}|` +
		`(?:verzonden|verstuurd|gestuurd) (?:vanaf|vanuit|met|van|via|vanop) .{2,50}|(?:outlook|mail) voor .{2,30}(?:downloaden|ophalen)|download outlook.{0,30}|` +
		`(?:skickat|skickades|hämta outlook|sänt) (?:från|med|via)?.{2,50}|(?:sendt|send) (?:fra|med|via) .{2,40}|hent outlook.{0,40}|` +
		`lähetetty .{2,50}|hanki outlook.{0,40}|(?:wysłane|wysłano) (?:z|za) .{2,50}|pobierz .{0,10}outlook.{0,40}|(?:odesláno|odoslané|poslané|posláno) .{2,40}|` +
		`отправлено (?:с|из|от|через) .{2,50}|(?:надіслано|відправлено) (?:з|із) .{2,50}|изпратено от .{2,40}|` +
		`.{0,30}(?:gönderildi|tarafından gönderildi|küldve|elküldve)\.?|trimis (?:de pe|din) .{2,40}|στάλθηκε από .{2,40}|απεστάλη από .{2,40}|enviat (?:des d|amb).{2,40}|` +
		`dikirim dari .{2,40}|được gửi từ .{2,40}|gửi từ .{2,40}|发自我的.{0,30}|来自我的.{0,30}|從我的.{0,30}|自我的.{0,30}傳送|.{0,20}から送信|나의 .{0,30}|내 .{0,20}에서 보냄|.{0,30}에서 보냄|נשלח מ.{0,40}|أرسلت من .{0,40}|تم الإرسال من .{0,40}|poslano iz .{0,40}|poslano s .{0,40}` +
		`)[\s*_\])>!.<]*(?:\(?<?https?://\S+)?[\s*_\])>!.]*$`)

	disclaimerPattern = regexp.MustCompile(`(?i)^[\s*_\-=#]*(?:confidentiality (?:notice|note)|confidentiality:|disclaimer\b|legal (?:notice|disclaimer)|privileged (?:and|&) confidential|private (?:and|&) confidential|` +
		`(?:the|this) (?:information|contents?|message|e-?mail|communication|transmission|electronic)\b.{0,80}(?:confidential|intended|privileged|proprietary)|(?:this|the) e-?mail.{0,60}(?:and any|including|contains|is)\b.{0,60}|if you (?:are not|have received).{0,40}(?:intended|in error)|please consider the environment|` +
		`diese (?:e-?mail|nachricht).{0,80}(?:vertraulich|bestimmt|enthält)|vertraulichkeits?hinweis|rechtlicher hinweis|bitte denken sie an die umwelt|ce (?:message|courriel|mail|e-mail).{0,80}(?:confidentiel|destin|pièce)|avis de confidentialité|este (?:mensaje|correo|e-?mail).{0,80}(?:confidencial|dirigid|contiene|contém)|aviso (?:legal|de confidencialidad)|esta mensagem.{0,80}(?:confidencia|destina)|` +
		`(?:questo messaggio|la presente (?:e-?mail|comunicazione)|le informazioni contenute).{0,80}|avviso di riservatezza|dit (?:bericht|e-?mail).{0,80}(?:vertrouwelijk|bestemd)|de informatie (?:in|verzonden).{0,60}|detta (?:meddelande|mail).{0,60}konfidentiel|niniejsza wiadomość.{0,60}|это (?:сообщение|электронное).{0,60}конфиденциал|this (?:message|email|e-mail) (?:has been|was) scanned|scanned by|virus-?free|avast|questo messaggio e' stato analizzato)`)
)

// mayBeSeparator is a cheap look at whether a line could be a separator: it begins with something drawn, or with few
// words of its own.
func mayBeSeparator(b string) bool {
	return len(b) < 160
}

// mayBoast is a cheap look at whether a line could be a client's boast.
func mayBoast(b string) bool { return len(b) > 5 }
