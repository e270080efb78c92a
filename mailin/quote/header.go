package quote

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin/internal/late"
	"tierdesk/mailin/internal/wordset"
)

// headerBlock reports whether a block as Outlook writes it begins here: at least three kinds of
// header lines of which the first is From, Date or Subject, or From alone with nothing but an
// address.
func (t *splitter) headerBlock(i int) bool {
	first, value := headerLabel(t.bare[i])
	if first == 0 {
		return false
	}
	seen := first
	blanks := 0
	for j := i + 1; j < t.end && j < i+14; j++ {
		if t.bare[j] == "" {
			if blanks++; blanks > 2 {
				break
			}
			continue
		}
		k, _ := headerLabel(t.bare[j])
		if k == 0 {
			if blanks > 0 && seen != first {
				break
			}
			continue // a folded line
		}
		seen |= k
	}
	n := 0
	for k := seen; k > 0; k >>= 1 {
		n += int(k & 1)
	}
	switch {
	case first == labelFrom && seen&labelDate == 0 && !strings.ContainsAny(value, "@<[") && i > 0 && formField(t.bare[i-1]):
		return false
	case first == labelFrom && seen&labelSubject == 0 && !t.addressed(i):
		return false
	case first == labelTo && !t.leadsToFrom(i): // "A: yes" answers a "Q:", and the header stands below it
		return false
	case first == labelFrom && n >= 2 && seen&(labelDate|labelSubject) != 0:
		return true
	case first == labelFrom && n >= 2 && seen&labelTo != 0 && strings.Contains(value, "@"):
		return true
	case first == labelDate && n >= 2 && seen&(labelTo|labelSubject) != 0 && datePattern.MatchString(value) && t.onlyHeader(i):
		return true
	case n >= 3 && seen&labelFrom != 0:
		return true
	case n >= 3 && first != labelTo && seen&labelDate != 0 && seen&labelSubject != 0:
		return true
	case first == labelFrom && fromAlone.MatchString(value):
		return true
	}
	return false
}

// leadsToFrom reports whether nothing but header lines stands from i to the one of the sender.
func (t *splitter) leadsToFrom(i int) bool {
	for j := i; j < t.end && j < i+14; j++ {
		k, _ := headerLabel(t.bare[j])
		if k == labelFrom {
			return true
		}
		if k == 0 && t.bare[j] != "" && !strings.Contains(t.bare[j], "@") { // folded addresses
			return false
		}
	}
	return false
}

// addressed reports whether the lines from i to the next blank one hold an address or a time of
// day, as those of a mail do and those of a journey do not.
func (t *splitter) addressed(i int) bool {
	for j := i; j < t.end && j < i+14 && (t.bare[j] != "" || j < i+4); j++ {
		if strings.ContainsAny(t.bare[j], "@<[") || timeOfDay(t.bare[j]) {
			return true
		}
	}
	return false
}

// timeOfDay reports whether a line holds a colon or a French h between digits.
func timeOfDay(b string) bool {
	digit := func(i int) bool { return '0' <= b[i] && b[i] <= '9' }
	for i := 1; i+1 < len(b); i++ {
		if (b[i] == ':' || b[i] == 'h') && digit(i-1) && digit(i+1) {
			return true
		}
	}
	return false
}

// notesBlock returns the line at which a block as old Lotus Notes writes it begins, if line i is
// its label for the recipient: the writer, the date, then labels that stand on lines of their own,
// with no colon, above what they label.
func (t *splitter) notesBlock(i int) (int, bool) {
	if loneLabel(t.bare[i]) != labelTo {
		return 0, false
	}
	below := false
	for j := i + 1; j < t.end && j < i+14 && !below; j++ {
		below = loneLabel(t.bare[j]) == labelSubject
	}
	if !below {
		return 0, false
	}
	if t.bare[i] != lastField(t.bare[i]) { // in columns: the writer stands at the left, the labels at the right
		from := i
		for from > 0 && i-from < 4 && t.bare[from-1] != "" {
			from--
		}
		return from, true
	}
	for j, dated := i-1, false; j >= 0 && j > i-8; j-- {
		switch b := t.bare[j]; {
		case b == "" || len(b) > 120:
		case !dated:
			dated = datePattern.MatchString(b) && clockMark.MatchString(b)
		default: // the writer stands above the date
			return j, true
		}
	}
	return 0, false
}

// loneLabel returns the label that stands alone on a line, or behind a wide gap at its end; 0 if
// there is none.
func loneLabel(b string) int {
	if b = lastField(b); len(b) > 24 {
		return 0
	}
	return labelOf(b)
}

// lastField returns what stands behind the last wide gap in a line.
func lastField(b string) string {
	const gap = "      "
	for i := len(gap) - 1; i < len(b); i += len(gap) { // no gap lies between these: nearly all lines are soon seen to have none
		if b[i] != ' ' || b[i-1] != ' ' && (i+1 == len(b) || b[i+1] != ' ') {
			continue
		}
		if !strings.Contains(b[i-len(gap)+1:], gap) {
			break
		}
		return strings.TrimSpace(b[strings.LastIndex(b, gap):])
	}
	return b
}

// formField reports whether a line is "Name: Jane", a field of a form and no header line.
func formField(b string) bool {
	i := strings.IndexByte(b, ':')
	if i < 2 || i > 40 || i+1 == len(b) || b[i+1] != ' ' && b[i+1] != '\t' {
		return false
	}
	k, _ := headerLabel(b)
	return k == 0 && strings.IndexFunc(b[:i], func(c rune) bool { return !unicode.IsLetter(c) && c != ' ' && c != '-' && c != '/' }) < 0
}

// onlyHeader reports whether the lines from i to the next blank one are header lines, each.
func (t *splitter) onlyHeader(i int) bool {
	for ; i < t.end && t.bare[i] != ""; i++ {
		if k, _ := headerLabel(t.bare[i]); k == 0 {
			return false
		}
	}
	return true
}

const (
	labelFrom = 1 << iota
	labelDate
	labelTo
	labelSubject
	labelCc
	labelReplyTo
)

// labels of header lines as clients translate them.
var labels = func() map[string]int {
	m := map[string]int{}
	for k, words := range map[int]string{
		labelFrom:    "from|von|de|da|van|fra|från|lähettäjä|od|от|від|від кого|от кого|kimden|gönderen|feladó|expéditeur|expediteur|remitente|mittente|afzender|avsändare|afsender|avsender|nadawca|odesílatel|odosielateľ|expeditor|dari|từ|发件人|寄件者|寄件人|差出人|보낸 사람|보낸사람|발신|מאת|من|จาก|από|saatja|nuo|no|pošiljatelj|šalje|posiljatelj|remetente|frá|email from|reply-from|de la|发送者|felado|发送人|發件人|傳送者|送信者|送信元|보낸이|보낸 이|발신자|daripada|nga|nork|испраќач|подател|пошиљалац|pošiljalac|од|از|فرستنده|प्रेषक|frå|trimis de|expedidor|emisor|отправитель|відправник|kimdən|gesendet von|envoyé par|absender|الراسل",
		labelDate:    "date|sent|sent on|gesendet|gesendet am|datum|envoyé|envoye|envoyé le|enviado|enviados|enviadas|enviado el|enviado em|fecha|data|inviato|verzonden|sendt|skickat|dato|lähetetty|päivämäärä|päiväys|wysłano|wyslano|data wysłania|odesláno|odoslané|dátum|dátuma|дата|отправлено|надіслано|відправлено|date:|gönderildi|gönderme tarihi|tarih|elküldve|küldve|trimis|dată|tanggal|dikirim|ngày|đã gửi|发送时间|發送時間|日期|日付|送信日時|寄件日期|보낸 날짜|날짜|sent at|תאריך|נשלח|التاريخ|تم الإرسال|วันที่|ส่ง|ημερομηνία|εστάλη|saadetud|kuupäev|išsiųsta|nosūtīts|poslano|poslato|date et heure|data/ora|datum/tijd|发件时间|送信時刻|送信時間|傳送日期|傳送時間|發送日期|寄件時間|發件時間|时间|時間|보낸날짜|보낸시간|보낸 시간|보낸일시|보낸 일시|받은 날짜|작성일|sent date|date sent|date d'envoi|envoyée|envoyée le|enviada|enviada em|enviada a|inviato il|data invio|verzonden op|verstuurd|gesendet um|versendet|sänt|sent den|lähetyspäivä|wysłane|odesláno dne|odoslané dňa|küldés ideje|gönderim tarihi|gönderilme tarihi|trimis la|trimisă|изпратено|изпратен|дата отправки|послато|датум|испратено|dërguar|sendt den|dihantar|tarikh|vrijeme|تاريخ الإرسال|تاريخ|ارسال|ارسال شده|تاریخ|भेजा गया|दिनांक|στάλθηκε|αποστολή|bidalia|enviat|göndərildi|saatmisaeg|data i godzina|datum und uhrzeit|sent time|message du|courriel du|mail du|e-mail du|nachricht vom|mail vom|e-mail vom|email vom|mensaje del|correo del|messaggio del|email del|mensagem de|bericht van|e-mail van|meddelande den|besked fra den|wiadomość z dnia|wiadomość z|zpráva ze dne|сообщение от|письмо от",
		labelTo:      "to|an|à|a|para|aan|til|till|vastaanottaja|do|komu|кому|до|kime|alıcı|címzett|către|catre|kepada|tới|đến|收件人|宛先|收件者|받는 사람|받는사람|수신|אל|إلى|ถึง|προς|kellele|kam|za|destinatario|destinataire|ontvanger|mottagare|modtager|empfänger|adresat|prima|vers|收信人|受信者|送信先|发给|받는이|받는 이|수신자|수신인|per a|për|nori|примач|прима|за|به|گیرنده|प्रति|प्राप्तकर्ता|alıcılar|mottaker|mottakar|saaja|adressaat|gavėjas|saņēmējs|naslovnik|primatelj|primalac|получатель|одержувач|παραλήπτης|kimə|الى|المستلم|destinatari|destinatário|sent to",
		labelSubject: "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|emne|ämne|aihe|otsikko|temat|předmět|predmet|тема|konu|tárgy|subiect|perihal|subjek|chủ đề|主题|主旨|件名|제목|נושא|الموضوع|เรื่อง|θέμα|teema|tema|temats|zadeva|naslov|re|sujet|emne|objecte|risposta|thema|ogg|assumpte|標題|标题|标题|主題|题目|tajuk|perkara|efni|subjekti|gaia|предмет|наслов|относно|موضوع|विषय|mövzu|tiêu đề|หัวเรื่อง|หัวข้อ|tytuł",
		labelCc:      "cc|copie à|copies à|copie a|kopie an|copia a|copia para|kopie aan|kopia till|kopi til|do wiadomości|kopie pro|копия для|cópia para|kopie|copie|copia|kopia|kopi|kopio|cópia|копия|копія|bilgi|másolat|tembusan|抄送|副本|참조|עותק|نسخة|สำเนา|κοιν|ccc|importance|priorität|bcc|attachments|mailed-by|signed-by|priority|organization|wichtigkeit|sensitivity|vertraulichkeit|prioriteit|prioridad|prioridade|priorité|priorità|importancia|importância|importanza|ważność|důležitost|важность|приоритет|anlagen|anhänge|pièces jointes|datos adjuntos|adjuntos|anexos|allegati|bijlagen|bilagor|vedlegg|załączniki|přílohy|вложения|附件|添付ファイル|첨부|重要性|重要度|copy to|kopija|sent by|gesendet durch|kopia do|kopi til|másolatot kap|kopie an|copie à",
		labelReplyTo: "reply-to|reply to|please respond to|antwort an|antworten an|répondre à|responder a|rispondi a|antwoord aan|svar till|svar til|vastausosoite|odpowiedz do|odpověď komu|ответить на|返信先|回复|回覆至|回复至",
	} {
		for _, w := range strings.Split(words, "|") {
			if _, have := m[w]; !have {
				m[w] = k
			}
		}
	}
	return m
}()

// labelOf returns the label that a word is, in capitals or not; 0 for none.
func labelOf(word string) int {
	var low [64]byte
	return labels[string(wordset.Lower(low[:0], word))]
}

// maxLabel is how far behind the front of a line the colon of a header line stands, in octets.
const maxLabel = 48

// headerLabel returns which header line this is, 0 for none, and the value behind the colon.
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

// fromAlone finds the value of a From line that holds nothing but a name and an address.
var fromAlone = late.Compile(`^(?:[^<>\n]{1,80}<[^<>\s]+@[^<>\s]+>|[^<>\s]+@[^<>\s]+ ?<[^<>\s]+@[^<>\s]+>|[^\[\]\n]{1,80}\[(?:mailto:)?[^\s\]]+@[^\s\]]+\])$`)
