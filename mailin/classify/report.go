package classify

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/late"
	"tierdesk/mailin/internal/wordset"
)

// Report completes the report that parse found in a mail, or finds one in the free forms in which
// servers tell of failed deliveries. It gives nil if the mail is no report. It is pure.
func Report(m *mailin.Message) *mailin.Report {
	refused := m.Report != nil && m.Report.Kind == mailin.ReportDisposition && refusedByDisposition(m)
	if m.Report != nil && m.Report.Kind != mailin.ReportDelivery && !refused {
		return m.Report
	}
	if m.Report == nil {
		if rep := reportInJSON(m); rep != nil {
			return rep
		}
	}
	certified := actionOfCertified(m)
	if certified == "" && (passedOn(m) || m.Report == nil && !bounces(m)) {
		return nil
	}
	rep := mailin.Report{Kind: mailin.ReportDelivery}
	switch {
	case refused:
		rep = asRefusal(m.Report)
	case m.Report != nil:
		rep = *m.Report
		rep.Recipients = slices.Clone(rep.Recipients)
	}
	if !named(&rep) {
		rep.Recipients = append(rep.Recipients, reportInText(m.Text)...)
	}
	b := newBounceText(m)
	b.original(m, &rep)
	b.recipients(m, &rep)
	if certified != "" {
		for i := range rep.Recipients {
			rep.Recipients[i].Action = certified
		}
	}
	b.diagnose(m, &rep)
	unpack(&rep)
	return &rep
}

// actionOfCertified returns the action that a receipt of Italian certified mail names (RFC 6109
// section 3.1), "" for any other mail. Its provider is no mailer daemon, and the envelope has a
// sender.
func actionOfCertified(m *mailin.Message) string {
	switch strings.ToLower(strings.TrimSpace(m.Header.Get("X-Ricevuta"))) {
	case "non-accettazione", "errore-consegna", "rilevazione-virus":
		return "failed"
	case "preavviso-errore-consegna":
		return "delayed"
	case "avvenuta-consegna":
		return "delivered"
	case "accettazione", "presa-in-carico":
		return "relayed"
	}
	return ""
}

// refusedByDisposition reports whether a disposition notification tells of a mail that a server
// threw away unread: Dovecot and Sieve (RFC 5429 section 2.1.1) refuse mail in that form. A person
// who deletes a mail unread is another matter.
func refusedByDisposition(m *mailin.Message) bool {
	disposition := strings.ToLower(m.Report.Diagnostic)
	mode, kind, _ := strings.Cut(disposition, ";")
	kind, modifier, _ := strings.Cut(strings.TrimSpace(kind), "/")
	switch kind = strings.TrimSpace(kind); {
	case kind == "denied" && strings.Contains(mode, "manual-action"): // a person who does not want it known
		return false
	case kind == "denied", kind == "failed", strings.Contains(modifier, "fail"), strings.Contains(modifier, "error") && kind != "displayed":
		return true
	case kind != "deleted" || strings.Contains(mode, "manual-action"):
		return false
	}
	said := m.Header.Get("Auto-Submitted") + "\n" + m.Subject + "\n" + head(m.Text, 2000)
	return refusals.MatchString(said) && !unread.MatchString(said)
}

// asRefusal returns a disposition notification as the delivery report that it is in truth. Its
// reason stands in its text.
func asRefusal(r *mailin.Report) mailin.Report {
	rep := mailin.Report{Kind: mailin.ReportDelivery, OriginalMessageID: r.OriginalMessageID}
	for _, x := range r.Recipients {
		rep.Recipients = append(rep.Recipients,
			mailin.ReportRecipient{Address: x.Address, Final: cmp.Or(x.Final, x.Address), Action: "failed"})
	}
	return rep
}

// passedOn reports whether a person sends on a report that they got: it is their mail then, and
// they have a question.
func passedOn(m *mailin.Message) bool {
	return (strings.Contains(m.Subject, ":") || strings.Contains(m.Subject, "：")) && passedOnSubject.MatchString(m.Subject) &&
		!fromDaemon(m) && !fromNobody(m) && !m.Header.Has("X-Failed-Recipients")
}

var passedOnSubject = late.Compile(`(?i)^\W*(?:re|fwd?|wg|aw|tr|rv|sv|vs|vb|enc|doorst|i|pd|odp|antw)\s*[:：]`)

// fromDaemon reports whether the author is a mail server by its address or name.
func fromDaemon(m *mailin.Message) bool {
	return bounceSender.in(localPart(m.Author().Address)) || bounceSenderName.in(m.Author().Name)
}

// byHand reports whether a person writes from the address of a mail server: a postmaster with a
// name, who greets and signs. An envelope of their own says so too, unless the text speaks to the
// reader of their mail as servers do: gateways write the same there.
func byHand(m *mailin.Message) bool {
	name := m.Author().Name
	ownEnvelope := m.ReturnPath != nil && *m.ReturnPath != "" && strings.EqualFold(*m.ReturnPath, m.Author().Address)
	return name != "" && !bounceSenderName.in(name) && len(m.Enclosed) == 0 &&
		!strings.EqualFold(name, localPart(m.Author().Address)) &&
		signsOff.MatchString(head(m.Text, 4<<10)) && strings.Count(strings.TrimSpace(name), " ") > 0 &&
		(!fromNobody(m) || ownEnvelope && !serverSpeaks.MatchString(head(m.Text, 6000)))
}

// fromNobody reports whether the envelope's sender is nobody, or a mail server.
func fromNobody(m *mailin.Message) bool {
	return m.ReturnPath != nil && (*m.ReturnPath == "" || bounceSender.in(localPart(*m.ReturnPath)))
}

// bounces reports whether a mail without a machine-readable report tells of a failed delivery.
func bounces(m *mailin.Message) bool {
	if m.Header.Has("X-Failed-Recipients") {
		return true
	}
	ct := strings.ToLower(m.Header.Get("Content-Type"))
	if strings.HasPrefix(ct, "multipart/report") && strings.Contains(ct, "delivery-status") {
		return true
	}
	local := localPart(m.Author().Address)
	daemon, nobody := fromDaemon(m), fromNobody(m)
	if (daemon || nobody) && byHand(m) {
		daemon, nobody = false, false
	}
	subject := bounceSubject.in(m.Subject)
	if !daemon && !nobody && !subject && !m.Header.Has("X-MLServer") {
		return false
	}
	text := bounceWords.MatchString(head(m.Text, 6000))
	switch {
	case autoReplySubject.in(m.Subject), absenceOf.in(m.Subject):
		return false
	case (daemon || nobody) && namesOther(m) && speaksOfDelivery(m):
		return true
	case strings.HasPrefix(local, "mailer-daemon"), nobody && text && local == "":
		return true
	case m.Header.Has("X-MLServer") && listRefusal.MatchString(m.Subject):
		return true
	case daemon && (subject || text):
		return true
	case nobody && subject:
		return true
	case nobody && text && len(m.Enclosed) > 0:
		return true
	case !daemon && !nobody && len(m.Enclosed) == 0 && signsOff.MatchString(head(m.Text, 16<<10)): // no server greets
		return false
	case subject && text && !m.Header.Has("List-Id") && !m.Header.Has("In-Reply-To") &&
		((bounceSubjectSure.MatchString(m.Subject) || reported.MatchString(m.Subject)) && reports(m) || len(m.Enclosed) > 0):
		return true
	}
	return false
}

// speaksOfDelivery reports whether a mail says that another arrived, did not, or not yet.
func speaksOfDelivery(m *mailin.Message) bool {
	said := m.Subject + "\n" + sentences(head(m.Text, 2000))
	return reported.MatchString(said) || arrived.MatchString(said) || relayed.MatchString(said)
}

// namesOther reports whether a text names an address that is neither its author's nor its reader's.
func namesOther(m *mailin.Message) bool {
	for _, a := range anyAddress.FindAllString(head(m.Text, 4000), 20) {
		a = strings.Trim(a, ".'")
		if !strings.EqualFold(a, m.Author().Address) && !bounceSender.in(localPart(a)) &&
			!slices.ContainsFunc(m.To, func(to mailin.Address) bool { return strings.EqualFold(to.Address, a) }) {
			return true
		}
	}
	return false
}

// reports reports whether the text of a mail from an ordinary address is worded as a server words
// it: people write of mails that came back, too, and under the same subjects. A person does not
// write down the failed mail's fields below.
func reports(m *mailin.Message) bool {
	text := head(m.Text, 16<<10)
	if serverSpeaks.MatchString(text) {
		return true
	}
	return anyAddress.MatchString(text) &&
		(originalFields.MatchString(text) || enhancedStatus.MatchString(text) && !signsOff.MatchString(text) && !question(text))
}

// question reports whether a text holds a question mark outside links: servers ask nothing.
func question(text string) bool { return wordset.HoldsSign(withoutLinks(text), "?", "？") }

func localPart(a string) string {
	l, _, _ := strings.Cut(mailin.Fold(a), "@")
	return l
}

var (
	// serverSpeaks: sentences in which servers speak of the reader's mail, and of themselves.
	serverSpeaks = late.Compile(`(?im)(?:delivered|sent|reached|deliver(?:y|ed)? (?:it )?)\s+to\s+(?:the\s+following|one\s+or\s+more|some\s+or\s+all)|^[\s*#_|-]*(?:this is (?:the|a|an) (?:mail (?:system|delivery|server)|qmail|postfix|exim|automat|delivery status)|this (?:message|e-?mail|report|mail) (?:was|is|has been) (?:created |generated |sent )?automatically|(?:your|the following|a) (?:e-?mail |mail )?(?:message|mail|e-?mail|recipient|address)(?:\(?e?s\)?)?\b.{0,120}(?:not (?:be |been )?deliver|undeliver|could not be (?:sent|reached)|rejected|failed|n't (?:be )?deliver)|(?:delivery|transmission) (?:to|of|for) (?:the )?(?:following|these|this|your|recipient)|(?:generating|reporting) (?:server|mta)|final-recipient:|diagnostic(?:-code| information)|(?:failed|undeliver\w+) (?:recipient|address)|ihre (?:nachricht|e-?mail|mail)\b.{0,80}(?:nicht|unzustellbar)|votre (?:message|courriel|mail)\b.{0,80}(?:pas|échou)|` +
		`su (?:mensaje|correo)\b.{0,80}no (?:se )?(?:pudo|ha podido|ha sido|fue) (?:ser )?entreg|(?:a )?sua mensagem\b.{0,80}não .{0,20}entreg|` +
		`(?:il )?(?:suo|tuo) messaggio\b.{0,80}non .{0,20}(?:consegna|recapita)|(?:uw|je) (?:bericht|e-?mail)\b.{0,80}niet .{0,20}(?:bezorg|afgelever)|` +
		`ditt (?:meddelande|mejl)\b.{0,80}inte .{0,10}lever)`)
	// originalFields: the header of the mail that failed, written below the report.
	originalFields = late.Compile(`(?im)^[ \t>|]*(?:message-id:[ \t]*<[^>]+@|received: (?:from|by) )`)
	// signsOff: a salutation, or a farewell: machines have neither.
	signsOff = late.Compile(`(?im)^(?:hi|hello|hey|good (?:morning|day|afternoon)|hallo|guten (?:tag|morgen)|bonjour|hola|buenos|ciao|buongiorno|olá|bom dia|hej|hoi|(?:best |kind )?regards|thanks|cheers|grüße|gruß|cordialement|saludos)\b`)
	// listRefusal: what list servers say of a mail that they do not pass on.
	listRefusal      = late.Compile(`(?i)(?:not (?:a )?member|loop alert|fatal error|rejected|too big)`)
	bounceSender     = wording{stemsOf("daemon|mail|master|mmdf|deliver|system|smtp|bounce|exchange|admin|<>"), late.Compile(`(?i)^(?:mailer[-_.]?daemon|mail[-_.]?daemon|mailerdaemon|mailer|postmaster|post_?master|mdaemon|mmdf|mail[-_.]?deliver\w*|maildelivery|mail[-_.]?system|mailsystem|delivery|system[-_.]?administrator|<>|microsoftexchange\w+|smtp-?server|mail-?admin|double-bounce|bounce|bounces|daemon|mail[-_.]?router|mail[-_.]?server|internet[-_.]?mail[-_.]?delivery|mail[-_.]?(?:gateway|agent|administrator)|.*mailer-daemon.*)$`)}
	bounceSenderName = wording{stemsOf("administrateur|administrador|amministratore|systeembeheerder|administratör|daemon|deliver|system|postmaster|administrator|mail router|zustell|posta|почтов"), late.Compile(`(?i)(?:mailer[- ]?daemon|mail[- ]?daemon|mail delivery (?:(?:sub)?system|service|agent|software)|delivery subsystem|mail system|mail router|system ?administrator|system-?administrator|postmaster|mail administrator|internet mail delivery|e-?mail delivery|administrateur (?:système|de messagerie)|administrador (?:del|do) sistema|amministratore (?:di|del) sistema|systeembeheerder|systemadministratör|почтов(?:ая|ой) (?:систем|служб|сервер))`)}
	bounceSubject    = wording{stemsOf("too many hops|avis de non|chuyển|délivré|doručit|doručiť|zugestellt|dostarcz|besteld|notifica manc|παράδοσ|παράδος|失败|失敗|届きません|无法|無法|未达|deliver|fail|return|error|status|could not|cannot|can't|unable|warning|delay|reject|bounce|unknown|full|quota|permanent|such|dsn:|ndr:|ndn:|zustell|remis|échec|impossible|distribu|entreg|devuelt|devolvid|falha|consegn|recapit|bestelbaar|bezorgd|afgeleverd|lever|toimit|niedostarcz|zwrot|nedoru|доставк|доставлен|配信|送信|エラー|退信|投|送达|传送|반송|전송|teslim|doručen|kézbesít|livrat|достав|παράδοσ|παραδ|退回|退件|発送|未達|不達|실패|wysła|retourn|returneret|skick|gửi|kirim|terkirim|nieudan|chyb|hiba|mislukt|isporuč|dostav|נמסר|למסור|מסיר|נשלח|تسليم|إرسال|õnnestu|pristat|įteikt|piegād|nosūt|ส่ง"), late.Compile(`(?i)(?:undeliver(?:able|ed)|failed (?:mail|message)|too many hops|(?:mail|message|e-?mail)? ?delivery (?:warning|postponed)|(?:mail|message|e-?mail)? ?delivery (?:has )?(?:fail|error|problem|status|report|delay|notif|incomplete|unsuccess)|delivery (?:status )?notification|failure notice|returned mail|mail (?:system )?error|mail failure|message (?:not delivered|undeliverable|status|could not be)|non[- ]?deliver|not delivered|nondeliverable|could not (?:be )?(?:send|sent|deliver)|can(?:not|'t) (?:be )?(?:send|deliver)|unable to (?:send|deliver)|warning: (?:message|could not)|delayed (?:mail|message)|delivery delayed|rejected|bounce|delivery unsuccess|user unknown|unknown user|mailbox (?:is )?full|quota exceeded|over quota|permanent(?:ly)? (?:fail|error)|no such (?:user|address)|dsn:|ndr:|ndn:|` +
		`unzustellbar|nicht zustellbar|zustell(?:ung|fehler|bericht)|nicht zugestellt|non remis|échec (?:de|d'|lors)|impossible de remettre|non distribu|no se (?:ha )?(?:pudo|podido) entregar|no entregado|mensaje devuelto|devuelto|não entregue|mensagem devolvida|falha (?:na|de) entrega|mancat[oa] (?:consegna|recapito)|non recapitabile|impossibile recapitare|onbestelbaar|kan niet worden (?:afgeleverd|bezorgd)|ej levererbar|olevererbart|kunne ikke leveres|ikke leveret|toimittamat|niedostarczon|zwrot|nedoručiteln|не доставлен|недоставлен|ошибка доставки|配信(?:不能|エラー|失敗)|メールエラー|エラー通知|送信できません|退信|无法投递|未能送达|投递失败|传送失败|반송|전송 ?실패|teslim edilemedi|발송 ?실패|전송하지 못|退回|退件|無法(?:傳送|投遞|送達)|无法(?:发送|送达)|发送失败|未达|寄送失敗|(?:未達|不達)メール|配信でき|届きません|送信(?:エラー|失敗)|nedoručen|nelze doručit|sa nepodarilo doručiť|(?:nem )?kézbesíthet|kézbesítési hiba|nu a (?:putut|fost) (?:fi )?livrat|nelivrat|недостав|не удалось доставить|невозможно доставить|недоставлено|не може да бъде доставен|αδυναμία παράδοσης|δεν (?:παραδόθηκε|ήταν δυνατή η παράδοση)|bezorging .{0,20}mislukt|niet (?:afgeleverd|bezorgd)|kunde inte levereras|kunne ikke levere|niet besteld|retourné|échec d(?:e la|u) |avis de non|n'a pas (?:pu être|été) (?:remis|distribué|délivré)|entrega (?:fallida|falhou)|(?:error|fallo|fallida) (?:de|en la|en) (?:la )?entrega|problem(?:a|i) di (?:consegna|recapito)|messaggio non (?:consegnato|recapitato)|notifica (?:di )?(?:mancat|stato della consegna)|gửi (?:không )?thất bại|không (?:gửi|chuyển) được|gagal (?:ter)?kirim|tidak terkirim|nie (?:można|udało się) dostarczyć|nieudan|ne može se isporučiti|nedostavljen|לא (?:נמסרה|ניתן למסור|נשלחה)|מסירה נכשלה|כשל במסיר|تعذر (?:ال)?(?:تسليم|إرسال)|فشل (?:ال)?تسليم|لم يتم (?:ال)?تسليم|ei toimitettu|toimitus epäonnistui|ei õnnestunud|nepristatyt|nepavyko (?:prista|įteikt)|netika piegād|neizdevās (?:piegādāt|nosūtīt)|จัดส่งไม่สำเร็จ|ส่งไม่สำเร็จ|ไม่สามารถส่ง)`)}
	bounceSubjectSure = late.Compile(`(?i)(?:undeliver(?:able|ed)|failure notice|returned mail|delivery (?:status )?notification|delivery fail|mail delivery|non[- ]?deliver|unzustellbar)`)
	bounceWords       = late.Compile(`(?i)(?:could ?n[o']t be (?:delivered|sent)|not a valid (?:user|address|recipient|mailbox)|(?:was|were|has|have|is|are) not (?:been )?(?:be )?delivered|un(?:able|successful) (?:to|in) (?:deliver|send)|undeliver(?:able|ed)|delivery (?:to|of|attempt|has|status|failed|failure|unsuccess|error)|did ?n[o']t (?:reach|receive)|permanent(?:ly)? (?:fatal )?(?:error|failure|failed)|returned (?:to sender|below|mail)|(?:user|recipient|address|mailbox|host|account)s? (?:is |was |are )?(?:unknown|not found|unavailable|full|disabled|inactive|rejected|invalid|over quota|does not exist|has been disabled)|unknown (?:user|recipient|address|host|local)|no such (?:user|recipient|address|mailbox|host|person|local)|mailbox (?:is )?(?:full|quota|size)|over (?:its )?(?:quota|disk)|does(?: not|n't) (?:exist|have)|cannot (?:be )?deliver|can't be delivered|fail(?:ed|ure) (?:to deliver|recipient|for recipient|addresses)|message (?:was |has been )?(?:rejected|returned|refused|not delivered)|(?:smtp|remote) (?:error|host said|server|response)|transcript of session|the following (?:address|recipient|user|error)|5\d\d[ -]5\.\d\.\d|[45]\.\d\.\d{1,3}|bounced?\b|zugestellt|zustell|remis|n'a pas pu|entregad|consegnat|recapit|bezorgd|afgeleverd|levere|доставлен|配信|送信|投递|退信|dostarczon|doruč|kézbesít|livrat|teslim edil|παραδ|退回|不存在|送达|送達|届きません|発送|전송|발송|반송|no se (?:ha |pudo )|não (?:foi possível|pôde|existe)|unbekannt|inconnu|desconocid|sconosciut|onbekend|neznám|недостав|отправлен|not (?:be )?reach|did(?: not|n[o'’]t) match an|postponed|refused|(?:has|have|i've|we've) given up|no connection to)`)
)

// bounceText is what a server wrote: the lines above the copy of the original mail, and the lines
// of the copy.
type bounceText struct {
	notice string
	copy   string

	outcome string // what the notice says of the whole, once it was asked for
	givenUp bool   // in plain words
}

var copyBegins = late.Compile(`(?im)^[ \t>|\-_=*#.]*(?:(?:below this line is|this is|here is|the following is|following is|attached is) (?:a |the )?(?:copy|text|header|beginning|original|top)[^\n]*|(?:-+ ?)?(?:original message|undelivered message|returned message|unsent message|message text|message header|the (?:body|header)s? of (?:the|your)|header(?:s)? of|your (?:original )?message (?:follows|header|below|is below|reads|begins)|start of returned|returned (?:mail|text)|included is a copy|the (?:original )?(?:message|mail) (?:headers? )?(?:follow|text|is below|begins)|begin(?:ning of)? (?:original|returned|message)|the first \d+|unsent message below|message follows|message headers follow|original headers?|(?:bounced|rejected|undeliverable|returned) (?:e-?mail|mail|message) ?:|ursprüngliche (?:nachricht|kopfzeilen)|en-têtes (?:de|du) (?:la )?message|message d'origine|mensaje original|encabezados de mensaje|mensagem original|cabeçalhos|messaggio originale|intestazioni|oorspronkelijk|ursprungligt|oryginalna|původní|исходн|元のメッセージ|message source|copy of (?:the|your) (?:message|mail)|the original (?:message|mail) as (?:it was )?received)[^\n]*)$|^[ \t>|]*(?:return-path:\s*<|received:\s*(?:from|by|\())`)

// maxNotice bounds what is searched for addresses and causes.
const maxNotice = 8 << 10

func newBounceText(m *mailin.Message) *bounceText {
	t := withoutSummary(head(m.Text, 64<<10))
	if loc := copyBegins.FindStringIndex(t); loc != nil && loc[0] > 40 {
		return &bounceText{notice: head(t[:loc[0]], maxNotice), copy: t[loc[0]:]}
	}
	if at := copiedHeader(t); at > 0 {
		return &bounceText{notice: head(t[:at], maxNotice), copy: t[at:]}
	}
	return &bounceText{notice: head(t, maxNotice), copy: t}
}

// copiedHeader returns where a header stands that no words introduce: fields that stand together,
// the Message-ID and two others of a mail among them, below the address that failed; 0 if there is
// none. What the copied fields say is not why the mail failed.
func copiedHeader(text string) int {
	begin, at := 0, 0
	seen := map[string]bool{}
	for line := range strings.Lines(head(text, maxNotice)) {
		field := copiedField.FindStringSubmatch(line)
		switch {
		case field != nil:
			if len(seen) == 0 {
				begin = at
			}
			seen[strings.ToLower(field[1])] = true
			if len(seen) > 2 && seen["message-id"] && anyAddress.MatchString(text[:begin]) {
				return begin
			}
		case line[0] != ' ' && line[0] != '\t': // and no continuation
			clear(seen)
		}
		at += len(line)
	}
	return 0
}

var copiedField = late.Compile(`(?i)^[ \t>|]*(message-id|from|to|subject|date|mime-version)[ \t]?:`)

// withoutSummary returns a notice without a few fields of the failed mail that stand above the list
// of those whom it did not reach (Kerio).
func withoutSummary(text string) string {
	loc := copyBegins.FindStringIndex(text)
	if loc == nil || loc[0] <= 40 || anyAddress.MatchString(text[:loc[0]]) {
		return text
	}
	rest := strings.TrimLeft(text[loc[1]:], "\r\n")
	fields, behind, _ := strings.Cut(rest, "\n\n")
	if strings.Count(fields, "\n") > 8 || messageIDLine.MatchString(fields) || originalFields.MatchString(fields) ||
		!anyAddress.MatchString(behind) {
		return text
	}
	return text[:loc[0]] + behind
}

var (
	messageIDLine = late.Compile(`(?im)^[ \t>|]*(?:(?:original-)?message-id:|(?:the )?message (?:identifier|id)(?: (?:was|is))?:)\s*<([^<>\s]+)>`)
	toLine        = late.Compile(`(?im)^[ \t>|]*(?:x-original-to|to):\s*(.+)$`)
)

// original finds which mail the report is about.
func (b *bounceText) original(m *mailin.Message, rep *mailin.Report) {
	for _, h := range m.Enclosed {
		if id := strings.Trim(strings.TrimSpace(h.Get("Message-ID")), "<>"); id != "" {
			if rep.OriginalMessageID == "" {
				rep.OriginalMessageID = firstID(id)
			}
			rep.OriginalHeader = h
			break
		}
		if rep.OriginalHeader == nil {
			rep.OriginalHeader = h
		}
	}
	if v := m.Header.Get("X-Riferimento-Message-ID"); rep.OriginalMessageID == "" && v != "" { // RFC 6109 section 3.1
		rep.OriginalMessageID = firstID(strings.Trim(strings.TrimSpace(v), "<>"))
	}
	if rep.OriginalMessageID == "" {
		for _, s := range []string{b.copy, b.notice} {
			if x := messageIDLine.FindStringSubmatch(s); x != nil {
				rep.OriginalMessageID = x[1]
				break
			}
		}
	}
	if rep.OriginalMessageID == "" {
		switch {
		case len(m.InReplyTo) > 0:
			rep.OriginalMessageID = m.InReplyTo[0]
		case len(m.References) > 0:
			rep.OriginalMessageID = m.References[len(m.References)-1]
		}
	}
}

func firstID(s string) string {
	if i := strings.IndexAny(s, "> \t"); i > 0 {
		s = s[:i]
	}
	return strings.Trim(s, "<>")
}

// addressForm knows no letters of scripts that put no blanks between words: "发给joe@x.example的邮件".
const addressForm = `[\p{Latin}\p{Greek}\p{Cyrillic}\p{Arabic}\p{Hebrew}\p{Devanagari}\p{N}.!#$%&'*+/=?^_{|}~-]+@[\p{Latin}\p{Greek}\p{Cyrillic}\p{Arabic}\p{Hebrew}\p{Devanagari}\p{N}][\p{Latin}\p{Greek}\p{Cyrillic}\p{Arabic}\p{Hebrew}\p{Devanagari}\p{N}.-]*[\p{Latin}\p{Greek}\p{Cyrillic}\p{Arabic}\p{Hebrew}\p{Devanagari}\p{N}]`

var (
	// otherFields hold addresses and Message-IDs that did not fail.
	otherFields = late.Compile(`(?im)^[ \t>]*(?:message-id|references|in-reply-to|from|sender|return-path|reply-to|received|the message (?:identifier|reference|id)[^:\n]*|identificativo[^:\n]*|(?:nachrichten|meldungs)-?id|id(?:entifi\w+)? (?:du|del|della|do) (?:message|mensaje|mensagem|messaggio)[^:\n]*)\s*:[^\n]*`)
	anyAddress  = late.Compile(addressForm)
	// introduction: words below or behind which the addresses stand that failed.
	introduction = late.Compile(`(?i)(?:following (?:address|recipient|user|mail|destination|e-?mail)|(?:not|n't) (?:yet )?(?:be )?(?:been )?delivered to|delivery (?:to|for)\b|did not reach|permanent (?:fatal )?error|\b(?:failed|unable|undeliverable)\b)`)
	// failedAddress: forms in which servers name the address that failed, the surest first.
	failedAddress = []*late.Pattern{
		late.Compile(`(?im)^\s*<(` + addressForm + `)>[ \t]*:`), // qmail, postfix
		// fields in the text
		late.Compile(`(?im)(?:final-recipient|original-recipient|failed recipients?|x-failed-recipients?|intended recipient)s?\s*:\s*(?:rfc822;)?\s*<?(` + addressForm + `)`),
		late.Compile(`(?im)\b(?:undeliverable|undelivered|invalid|failed|unknown|rejected|bad|fatal)\b[^\n@:<]{0,60}:[ \t]*<?(` +
			addressForm + `)`),
		late.Compile(`(?im)rcpt to:\s*<?(` + addressForm + `)`),
		late.Compile(`(?im)^[ \t>*•-]*(?:recipients?|rcpt|empfänger|destinataires?|destinatari[oa]s?|destinatário|geadresseerden?|ontvangers?|mottagare|modtager|mottaker|vastaanottaja|adresat|odbiorca|příjemce|príjemca|címzett|destinatar|alıcı|получатель|адресат|παραλήπτης|收件人|收件者|受信者|宛先|받는 ?사람|수신자)(?: ?(?:address|adresse?))?(?:\s*[:：][ \t]*)<?(` + addressForm + `)`),
		nil, // here those below an introduction are looked for
		late.Compile(`(?im)^\s*(?:recipients?|to|rcpt|sent to|address|user|mailbox|e-?mail|empfänger|an|destinataires?|destinatari[oa]s?|destinatário|geadresseerde|mottagare|modtager|mottaker|vastaanottaja|adresat|příjemce|příjemca|címzett|destinatar|alıcı|получатель|адресат|кому|παραλήπτης|收件人|收件者|宛先|받는 ?사람|수신자)\s*(?:address)?(?:\s*[:：]\s*|\s+)(?:\[?smtp[:;])?\s*<?(` + addressForm + `)`),
		late.Compile(`(?im)^\s*<?(` + addressForm + `)>?(?:\s|$|[:,;(]|\.(?:\s|\.|$))`),
		late.Compile(`(?im):\s*<?(` + addressForm + `)>?\s*$`),
		late.Compile(`(?im)(?:user|recipient|address|mailbox|account|for|to)\W{1,4}(` + addressForm + `)`),
		late.Compile(`(?m)()(?:^|[^\w.@<-])[<(（]?(` + addressForm + `)`), // in a language without a form above
	}
)

// guessedForms is where in failedAddress those forms begin in which any address may stand.
const guessedForms = 7

// named reports whether a report names an address.
func named(rep *mailin.Report) bool {
	return slices.ContainsFunc(rep.Recipients, func(r mailin.ReportRecipient) bool { return strings.Contains(r.Address, "@") })
}

var reportLine = late.Compile(`(?im)^(?:final-recipient|original-recipient):[ \t]*(?:rfc822;)?[ \t]*<?(` + addressForm + `)`)

// reportInText reads the fields of RFC 3464 where a gateway made plain text of the report.
func reportInText(text string) []mailin.ReportRecipient {
	text = head(text, 64<<10)
	var out []mailin.ReportRecipient
	for _, loc := range reportLine.FindAllStringSubmatchIndex(text, 50) {
		address := text[loc[2]:loc[3]]
		if slices.ContainsFunc(out, func(r mailin.ReportRecipient) bool { return strings.EqualFold(r.Address, address) }) {
			continue
		}
		r := mailin.ReportRecipient{Address: address, Final: address}
		block := text[loc[0]:]
		if i := strings.Index(block, "\n\n"); i > 0 {
			block = block[:i]
		}
		for line := range strings.Lines(block) {
			key, value, ok := strings.Cut(line, ":")
			if !ok {
				if r.Diagnostic != "" && (line[0] == ' ' || line[0] == '\t') {
					r.Diagnostic += " " + strings.TrimSpace(line)
				}
				continue
			}
			value = strings.TrimSpace(value)
			switch strings.ToLower(key) {
			case "action":
				r.Action = strings.ToLower(value)
			case "status":
				r.Status = firstGroup(enhancedStatus, value)
			case "diagnostic-code":
				r.Diagnostic = value
			}
		}
		out = append(out, r)
	}
	return out
}

// recipients finds for whom delivery failed where no machine-readable part says so.
func (b *bounceText) recipients(m *mailin.Message, rep *mailin.Report) {
	if named(rep) {
		return
	}
	if found := inFailedField(m); len(found) > 0 {
		replaceRecipients(rep, found, func(a string) string { return a }) // what a field names is what the server means
		return
	}
	found := b.failedInText(m, rep)
	if len(found) == 0 {
		found = b.originallyTo(rep)
	}
	replaceRecipients(rep, found, func(a string) string { return cmp.Or(b.expandedFrom(a), a) })
}

// addressList collects addresses, each once and as it was first written.
type addressList []string

func (l *addressList) add(a string) {
	a = strings.Trim(a, ".'\"<>")
	if len(a) > 5 && strings.EqualFold(a[:5], "smtp=") {
		a = a[5:]
	}
	if strings.Contains(a, "@") && len(*l) < 100 &&
		!slices.ContainsFunc(*l, func(x string) bool { return strings.EqualFold(x, a) }) {
		*l = append(*l, a)
	}
}

// inFailedField returns the addresses that Exim and Google name in a field.
func inFailedField(m *mailin.Message) (found addressList) {
	for _, v := range m.Header.Values("X-Failed-Recipients") {
		for _, a := range anyAddress.FindAllString(v, 100) {
			found.add(a)
		}
	}
	return found
}

// failedInText returns the addresses that the text names as those that were not reached, by the
// surest form of words in it. The report's own sender and recipient are none.
func (b *bounceText) failedInText(m *mailin.Message, rep *mailin.Report) (found addressList) {
	self := map[string]bool{mailin.Fold(m.Author().Address): true}
	for _, a := range m.To {
		self[mailin.Fold(a.Address)] = true
	}
	notice := otherFields.ReplaceAllString(b.notice, "")
	for i, p := range failedAddress {
		var hits []string
		if p == nil {
			hits = withOthers(introduced(notice), notice)
		} else {
			for _, x := range p.FindAllStringSubmatch(notice, 50) {
				hits = append(hits, x[len(x)-1])
			}
		}
		for _, a := range hits {
			if !self[mailin.Fold(a)] && !bounceSender.in(localPart(a)) {
				found.add(a)
			}
		}
		switch {
		case len(found) > 0 && i >= guessedForms:
			return b.amongOriginal(found, rep)
		case len(found) > 0:
			return found
		}
	}
	return nil
}

// originallyTo returns the address that the mail which came back was sent to.
func (b *bounceText) originallyTo(rep *mailin.Report) (found addressList) {
	for _, v := range []string{rep.OriginalHeader.Get("X-Original-To"), rep.OriginalHeader.Get("To"), firstGroup(toLine, b.copy)} {
		for _, a := range anyAddress.FindAllString(v, 1) {
			found.add(a)
		}
		if len(found) > 0 {
			break
		}
	}
	return found
}

// replaceRecipients puts addresses in the place of a report's recipients, if there are any; meant
// returns for each the address that the mail was sent to. What the report says of the first
// recipient is said of them all.
func replaceRecipients(rep *mailin.Report, found addressList, meant func(address string) string) {
	if len(found) == 0 {
		return
	}
	var kept mailin.ReportRecipient
	if len(rep.Recipients) > 0 {
		kept = rep.Recipients[0]
	}
	rep.Recipients = rep.Recipients[:0]
	for _, a := range found {
		r := kept
		r.Address, r.Final = meant(a), a
		rep.Recipients = append(rep.Recipients, r)
	}
}

// expandedFrom returns the address that was written to where the notice says that another was made
// of it, "" if it does not: "joe@inner.example (expanded from: <joe@x.example>)" of sendmail and
// Postfix, "(generated from ...)" of Exim.
func (b *bounceText) expandedFrom(address string) string {
	for rest := b.notice; ; {
		i := indexFold(rest, address)
		if i < 0 {
			return ""
		}
		rest = rest[i+len(address):]
		if x := firstGroup(expandedFrom, head(rest, 300)); x != "" {
			return x
		}
	}
}

var expandedFrom = late.Compile(`(?i)^[>\s]*(?:\(reason:[^)]{0,300}\)\s*)?\(?(?:expanded|generated|forwarded|ultimately generated|originally addressed|was addressed)(?: from| to)?:?\s+<?(` + addressForm + `)>?\)?`)

// amongOriginal returns of several addresses those to which the failed mail was written, if it was
// written to any of them: notices also name addresses of helpers, and forms that addresses have.
func (b *bounceText) amongOriginal(found []string, rep *mailin.Report) []string {
	if len(found) < 2 {
		return found
	}
	to := rep.OriginalHeader.Get("To") + " " + rep.OriginalHeader.Get("X-Original-To") + " " + rep.OriginalHeader.Get("Cc")
	if strings.TrimSpace(to) == "" {
		to = firstGroup(toLine, b.copy)
	}
	if strings.Count(to, "@") != 1 { // several recipients may have failed
		return found
	}
	for _, a := range found {
		if indexFold(to, a) >= 0 {
			return []string{a}
		}
	}
	return found
}

// withOthers returns the addresses that begin lines, if those that are known are among them: in a
// list of several a word may stand behind the first that introduces the next. It adds those of
// which a sentence says what became of the mail.
func withOthers(known []string, notice string) []string {
	if len(known) == 0 {
		return known
	}
	var first []string
	for _, x := range addressFirst.FindAllStringSubmatch(notice, 50) {
		first = append(first, x[1])
	}
	if !slices.ContainsFunc(known, func(a string) bool { return !slices.Contains(first, a) }) {
		return first
	}
	for line := range strings.Lines(notice) {
		a := anyAddress.FindString(line)
		if a == "" || slices.Contains(known, strings.Trim(a, ".")) {
			continue
		}
		if words := sentences(anyAddress.ReplaceAllString(line, " ")); saidOf(words) != "" && !conditional.MatchString(words) {
			known = append(known, a)
		}
	}
	return known
}

var addressFirst = late.Compile(`(?im)^[ \t>*•-]*(?:\d+[.)] )?<?(` + addressForm + `)>?(?:[ \t]|[:：,;(]|$)`)

// introduced returns the addresses that stand behind an introduction: in its line or at most five
// lines below, with those that begin one of the next lines.
func introduced(notice string) []string {
	var out []string
	for _, loc := range introduction.FindAllStringIndex(notice, 10) {
		gap, found := 0, false // lines without an address
		for line := range strings.Lines(head(notice[loc[1]:], 2000)) {
			a := anyAddress.FindString(line)
			if a != "" && (!found || strings.HasPrefix(strings.TrimLeft(line, " \t<>"), a)) {
				out, found, gap = append(out, a), true, 0
				continue
			}
			if gap++; gap > 5 || found && gap > 4 {
				break
			}
		}
	}
	return out
}

func firstGroup(p *late.Pattern, s string) string {
	if m := p.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}

var (
	enhancedStatus = late.Compile(`(?:^|[^\d.])([45]\.\d{1,3}\.\d{1,3})(?:$|[^\d.]|\.\D|\.$)`)
	replyCode      = late.Compile(`(?i)(?:^|[^\d.:/@\w-]|code ?: ?)([45]\d\d)(?:[ ,-]|$)`)
)

// causes are words by which servers tell why, with the status (RFC 3463) that says the same.
var causes = []struct {
	reason, status string
	words          *late.Pattern
}{
	{"content", "5.7.1", senderRefused},
	{"network", "4.4.3", late.Compile(`(?i)(?:host not found, try again|(?:dns|name (?:service|server)|host ?name lookup|domain lookup)[^.]{0,80}(?:try again|timed out|timeout|temporar)|all nameservers failed|servfail|temporary (?:dns|name)|unable to contact ldap)`)},
	{"host-unknown", "5.1.10", nullMX},
	{"host-unknown", "5.1.2", domainUnknown},
	{"mailbox-full", "5.2.2", late.Compile(`(?i)(?:(?:mail)?box (?:is |has )?(?:reached |at )?(?:full|over quota|exceeded|(?:its|the|their) (?:size |storage )?limit)|over (?:its |the )?(?:disk )?quota|quota (?:exceeded|full|limit|violation)|exceed(?:ed|s)? (?:its |the |their )?(?:storage|quota|disk|mailbox)|insufficient (?:disk|system )?(?:storage|space)|disk quota|not enough (?:storage|space)|mailbox size|user is over|out of (?:storage|space)|(?:mail)?box (?:has )?exceed|quota.{0,20}(?:exceeded|reached|full)|(?:not|un)able to (?:accept|receive) .{0,30}(?:quota|full|space)|no (?:disk )?space left|(?:user|account|recipient)(?:'s)? .{0,30}(?:over ?quota|full|storage)|overquota|(?:posteingang|postfach|mailbox|speicher).{0,30}\bvoll\b|bo[iî]te.{0,40}pleine|(?:a )?(?:superado|excedido|sobrepasado) (?:su|la|el) (?:cuota|límite|espacio)|(?:superat|esaurit)[oa] (?:la|il suo|lo) (?:quota|spazio)|(?:excedeu|ultrapassou) (?:a|o|sua|seu) (?:cota|limite|quota)|(?:limiet|quotum) (?:is )?(?:bereikt|overschreden)|(?:kontingent|speicherplatz|quota) (?:ist )?(?:erschöpft|überschritten|aufgebraucht)|(?:a )?(?:dépassé|atteint) (?:son|le|sa) (?:quota|limite)|przekrocz\w+ (?:limit|quot)\w*|quota dépassé|(?:buz[oó]n|casilla).{0,40}llen[oa]|caixa.{0,40}(?:cheia|lotada)|cota excedida|casella.{0,40}piena|postvak.{0,20}vol\b|(?:postlådan|inkorgen|brevlådan).{0,20}full|(?:postkassen|innboksen|indbakken).{0,20}(?:full|fuld)|skrzynk.{0,30}(?:pełna|przepełnion)|schránk.{0,20}pln|переполнен|превышен.{0,20}(?:квот|размер|лимит)|квота.{0,20}превышена|(?:posta kutusu|kota).{0,20}(?:dolu|dolmuş|aş)|(?:邮箱|郵箱|信箱|空间|容量).{0,10}(?:已满|已滿|不足|超)|용량.{0,10}(?:초과|부족)|메일함.{0,10}가득|メールボックス.{0,10}(?:いっぱい|容量))`)},
	{"mailbox-full", "5.2.2", mailboxFull},
	{"message-too-large", "5.3.4", late.Compile(`(?i)(?:message (?:is |was )?(?:too (?:big|large)|size exceeds?|exceeds? (?:the )?(?:max|size|fixed))|too (?:big|large) (?:message|mail)|size limit|maximum (?:message )?size|exceed(?:s|ed) (?:the )?(?:maximum )?(?:message )?size)`)},
	{"user-unknown", "5.1.1", late.Compile(`(?i)(?:user (?:is )?(?:unknown|not found|doesn'?t exist|does not exist|not known|invalid)|unknown (?:user|recipient|local|address|account|mailbox|e-?mail)|no (?:such|mailbox)[ -]?(?:user|recipient|address|mailbox|here|person|account|local|name)?|no valid[ -](?:user|recipient|address|mailbox|account|local|name)|no account by that name|(?:recipient|address|mailbox|account|user|addressee)(?:e?s)?(?: address(?:es)?)? (?:is |was |are |were )?(?:unknown|not found|invalid|not exist|doesn'?t exist|does not exist|not listed)|did(?: not|n[o'’]t) match an?y? (?:address|user|mailbox|recipient|account)|no match(?:ing)? (?:for )?(?:address|user|mailbox|recipient|account)|invalid (?:recipient|user|mailbox|address)|does ?n[o']t (?:exist|have an? (?:[\w.-]+ )?(?:account|user|mailbox|yahoo))|not (?:a )?(?:valid|known|listed|our customer)|no longer (?:exists?|available|valid|on server|active)|who does not exist|can'?t find user|isn'?t in my|unrouteable|unbekannt|inconnu|inexist|introuvable|desconocid|no existe|non esiste|não existe|nie istnieje|existiert nicht|niet gevonden|gibt es (?:(?:bei uns|hier|dort|leider) ){0,2}nicht|存在し|not known (?:at|here|to)|not found (?:on|at|in|here)|(?:is )?not a (?:known|valid|registered|local)|(?:address|user|mailbox|recipient|account) .{0,60}(?:could ?n[o']t be found|no longer|not recogni[sz]ed|has been (?:deleted|removed|closed|terminated|deactivated)|is (?:deactivated|discontinued|not (?:active|known|valid)))|(?:unknown|illegal|bad) (?:or illegal )?(?:alias|destination mailbox)|not listed in|no (?:route|record) (?:of|to|for) (?:that|this|the) (?:user|recipient|address|mailbox)|left the (?:company|organi[sz]ation)|existiert nicht|nicht (?:gefunden|bekannt|vorhanden|existent)|n'existe (?:pas|plus)|introuvable|non (?:existante?|trouvée?)|adresse .{0,40}invalide|no (?:existe|encontrad)|não (?:existe|encontrad|foi encontrad)|desconhecid|inexistente|non (?:esiste|trovato|valido)|sconosciut|inesistente|onbekend|bestaat niet|(?:okänd|ukendt|ukjent) (?:användare|mottagare|bruger|modtager|bruker|mottaker|adress)|finns inte|findes ikke|finnes ikke|nie (?:istnieje|znaleziono)|nieznan|neexistuje|neznám|nem létezik|ismeretlen|nu există|необслуживаем|не (?:существует|найден|зарегистрирован)|неизвестн|bulunamadı|mevcut değil|不存在|找不到|无此用户|無此|未找到|見つかりません|宛先不明|없(?:는|습니다)|존재하지|δεν υπάρχει|άγνωστ|не існує|не знайден|невідом|не съществува|ne postoji|ni najden|ne obstaja|neexistuje|neegzistuoja|nerastas|neeksistē|nav atrast|ei eksisteeri|ei leitud|ei löy[td]|ei ole olemassa|tuntematon|er ekki til|không tồn tại|tidak (?:ditemukan|ada|dikenal)|ไม่พบ|ไม่มีอยู่|(?:אינה|אינו|לא) קיימ|לא נמצא|غير موجود|لا يوجد)`)},
	{"content", "5.7.1", policy},
	{"user-unknown", "5.1.1", late.Compile(`(?i)(?:recipient|address|mailbox|account|user|addressee)(?: address)? (?:is |was )?(?:rejected|unavailable|disabled|inactive|not available|suspended|has been disabled|closed)`)},
	{"host-unknown", "5.1.2", late.Compile(`(?i)(?:(?:host|domain)(?: name)? (?:is )?(?:unknown|not found|doesn'?t exist|does not exist|invalid)|unknown (?:host|domain)|unrouteable (?:mail )?domain|name (?:service|server) error|no (?:mx|such (?:host|domain))|couldn'?t find any (?:host|mx)|domain .{0,40}(?:does not exist|not exist|could not be found|has no mx)|no mail exchanger|hôte inconnu|unbekannte(?:r|) (?:host|domain)|dominio (?:no|non|inesistente|desconocido)|домен .{0,20}не|all relevant mx|bad destination (?:system|mailbox)|dns (?:error|lookup|server)|hostname lookup)`)},
	{"expired", "4.4.7", late.Compile(`(?i)(?:(?:delivery|message|queue|retry)(?: time| period)?(?: has)? (?:expired|timeout|timed out|exceeded)|expired|too long in (?:the )?queue|not been able to deliver|unable to (?:contact|connect)|retry timeout|timeout|could not be delivered (?:within|for)|been in the queue too long)`)},
	{"network", "4.4.1", late.Compile(`(?i)(?:connection (?:timed out|refused|reset|lost|closed|dropped)|no route to|network (?:error|is unreachable)|couldn'?t (?:connect|establish)|unable to (?:connect|reach)|(?:host|server) (?:is |was )?(?:down|unreachable|not (?:responding|reachable|available))|no connection (?:to|could)|no answer from host|did not accept our (?:requests? to connect|connection)|(?:server|host) (?:did not|does not|didn'?t) respond|not responding|connect(?:ion)? (?:failed|timeout|attempt failed)|operation timed out|conversation .{0,40}timed out)`)},
	{"content", "5.7.1", late.Compile(`(?i)(?:spam|blocked|blacklist|black list|blocklist|reputation|rejected (?:by|for|due)|policy|denied|not (?:allowed|permitted|authorized|accept)|relay(?:ing)? (?:not|denied|prohibited)|prohibited|content|virus|refused|dmarc|spf|dkim|unsolicited|suspicious)`)},
	{"loop", "5.4.6", late.Compile(`(?i)(?:mail loop|too many hops|loop(?:ing|s)? (?:back|detected)|routing loop|hop count)`)},
	{"system", "5.3.0", late.Compile(`(?i)(?:system (?:error|problem|configuration)|local configuration|internal (?:server )?error|can'?t create|i/o error|mailer error|command died)`)},
}

// nullMX: the domain takes no mail at all (RFC 7505).
var nullMX = late.Compile(`(?i)(?:null ?mx\b|\bdomain [\w.-]+ does(?: not|n'?t) accept (?:any )?(?:e-?)?mails?\b)`)

// domainUnknown: it is the domain that is not there, in sentences that say "not found" of it.
var domainUnknown = late.Compile(`(?i)(?:nxdomain|domain name not found|(?:die )?domain (?:[\w.-]+\.\w+ )?(?:wurde |konnte )?(?:nicht (?:gefunden|existiert)|existiert nicht)|(?:le |nom de )domaine (?:[\w.-]+\.\w+ )?(?:n['’]a pas été trouvé|est introuvable|n['’]existe pas)|dominio (?:[\w.-]+\.\w+ )?(?:no se ha encontrado|no se encontró|no existe|non (?:è stato )?trovato|non esiste)|domínio (?:[\w.-]+\.\w+ )?(?:não (?:foi )?encontrado|não existe)|domein (?:[\w.-]+\.\w+ )?(?:is )?niet (?:gevonden|bestaat)|domen\w* (?:[\w.-]+\.\w+ )?nie (?:została? )?(?:znalezion|istnieje)|ドメイン(?: ?[\w.-]+\.\w+ ?)?が見つから|(?:找不到|未找到)(?:网域|域名|網域)|(?:网域|域名|網域)(?:名)?(?:不存在|无效|無效))`)

// diagnose fills action, status, permanence and reason.
func (b *bounceText) diagnose(m *mailin.Message, rep *mailin.Report) {
	if len(rep.Recipients) == 0 {
		rep.Recipients = []mailin.ReportRecipient{{}}
	}
	for i := range rep.Recipients {
		r := &rep.Recipients[i]
		words := r.Diagnostic
		if words == "" {
			words = b.near(r.Address, rep.Recipients)
		}
		r.Action = b.action(r, rep.Recipients, m.Subject)
		refused := m.Report != nil && m.Report.Kind == mailin.ReportDisposition
		reason := b.settleStatus(r, words, refused)
		if by := causeOf(r.Status); by != "" && !(by == "network" && reason == "expired") {
			reason = by
		}
		if rep.Reason == "" {
			rep.Reason = reason
		}
		r.Permanent = r.Action == "failed" && strings.HasPrefix(r.Status, "5")
		if rep.Diagnostic == "" {
			rep.Diagnostic = inOneLine(words)
		}
	}
}

// settleStatus gives a recipient the status that says most, and returns the reason that the words
// about it name. refused means that the reader's program has refused the mail, not a server.
func (b *bounceText) settleStatus(r *mailin.ReportRecipient, words string, refused bool) (reason string) {
	// What the failing server said is nearer to the cause than what the reporting one made of it.
	if s := innerStatus(words, r.Diagnostic != ""); s != "" && (!strings.HasSuffix(s, ".0.0") || r.Status == "") {
		r.Status = s
	} else if strings.HasSuffix(r.Status, ".0.0") {
		if s := firstGroup(enhancedStatus, b.notice); s != "" && s[0] == r.Status[0] {
			r.Status = s
		}
	}
	reason, status := cause(words)
	if reason == "" && r.Diagnostic == "" {
		reason, status = cause(b.notice)
	}
	if r.Status == "" && refused && status == "" { // a rule of the reader's
		reason, status = "content", "5.7.1"
	}
	if r.Status == "" {
		r.Status = statusOf(status, firstGroup(replyCode, words), r.Action == "delayed")
	}
	return reason
}

// inOneLine returns what a server said in one line, without what closes the address that it stands
// behind: "<joe@x.example>: user unknown".
func inOneLine(words string) string {
	return strings.TrimSpace(head(strings.Join(strings.Fields(strings.TrimLeft(words, ">)]}\"'*:;,.- \t\r\n")), " "), 500))
}

// statusOf makes a status (RFC 3463) of that of a cause and the reply code of a server, "" for
// those that are not known.
func statusOf(ofCause, code string, delayed bool) string {
	switch {
	case ofCause != "" && code != "":
		return code[:1] + ofCause[1:]
	case ofCause != "" && delayed:
		return "4" + ofCause[1:]
	case ofCause != "":
		return ofCause
	case code != "":
		return code[:1] + ".0.0"
	case delayed:
		return "4.0.0"
	}
	return "5.0.0"
}

// action returns what became of the mail to one recipient: what a field says, what the heading says
// below which the recipient stands, else the outcome of the whole. A server that has given up on
// its only recipient does not delay, whatever its field says.
func (b *bounceText) action(r *mailin.ReportRecipient, all []mailin.ReportRecipient, subject string) string {
	alone := len(all) == 1
	known := knownAction(r.Action)
	if known != "" && known != "delayed" {
		return known
	}
	if known == "" {
		if known = b.heading(r); known != "" {
			return known
		}
		if !alone {
			own, above := b.own(r, all)
			if known = cmp.Or(saidOf(own), saidOf(above)); known != "" {
				return known
			}
		}
	}
	if b.outcome == "" { // asked for once
		b.outcome, b.givenUp = outcome(subject, b.notice)
	}
	if known == "delayed" && !(b.givenUp && alone && !promised(sentences(b.notice))) {
		return known
	}
	return b.outcome
}

// own returns what the notice says of one of several recipients alone: the sentences and lines from
// where it is named on, up to another recipient or, once something was said, to a blank line. above
// is the last line above it that ends in a colon.
func (b *bounceText) own(r *mailin.ReportRecipient, all []mailin.ReportRecipient) (own, above string) {
	var out strings.Builder
	of, said := false, false // whether a line is of this recipient; whether something was said of it
	for line := range strings.Lines(b.notice) {
		bare := strings.TrimSpace(line)
		if bare == "" {
			of = of && !said
			continue
		}
		if out.Len() == 0 && (strings.HasSuffix(bare, ":") || strings.HasSuffix(bare, "：")) && !strings.Contains(bare, "@") {
			above = bare
		}
		for _, part := range strings.SplitAfter(line, ". ") {
			switch {
			case indexFold(part, r.Address) >= 0 || indexFold(part, r.Final) >= 0:
				of = true
				part = anyAddress.ReplaceAllString(part, " ")
			case slices.ContainsFunc(all[:min(len(all), 50)], func(o mailin.ReportRecipient) bool { return indexFold(part, o.Final) >= 0 }):
				of = false
			}
			if of {
				said = said || hasLetters(part)
				out.WriteString(part)
			}
		}
	}
	return sentences(out.String()), sentences(above)
}

// saidOf returns the action that a server's words about one recipient name, "" if they name none.
// What stands behind a reply code is what another server said.
func saidOf(words string) string {
	before := words
	if i := replyCode.FindStringIndex(words); i != nil {
		before = words[:i[0]]
	}
	switch {
	case givesUp(words):
		return "failed"
	case promised(words):
		return "delayed"
	case finalSubjects.MatchString(before), failedAlone.MatchString(before):
		return "failed"
	case delays.MatchString(before):
		return "delayed"
	case arrives(before), arrivedAlone.MatchString(before):
		return "delivered"
	}
	return ""
}

// arrivedAlone finds a word for an arrival that is all that is said of a recipient.
var arrivedAlone = late.Compile(`(?i)^[^\pL]*(?:delivered|zugestellt|ausgeliefert|remis|distribué|délivré|entregad[oa]|entregue|consegnat[oa]|recapitat[oa]|bezorgd|afgeleverd|dostarczon[oa]|doręczon[oa]|doručen[oa]|levererat?s?|levererad|leveret|levert|toimitettu|доставлен[оа]?|teslim edildi|配信済み|配信完了|已送达|已送達|成功)(?:$|[^\pL])`)

// failedAlone finds a word for a failure where a label or a mark stands before it.
var failedAlone = late.Compile(`(?i)(?:^|[:=(\[–—|-])\s*(?:permanent(?:ly)? |delivery )?(?:failed|failure|rejected|bounced|undeliverable|refused|not delivered|blocked|error)\b`)

// headings are lines above lists of recipients, in reports that say different things of several
// (sendmail).
var headings = late.Compile(`(?im)^[ \t>*_=-]*(?:(the following|these|this) [^\n]{0,40}?(permanent|fatal|failed|undeliverable|transient|temporar|delayed|deferred|delivered|successful|relayed)[^\n]{0,60})$`)

// heading returns the action that the nearest heading above a recipient names, if the notice has
// several; "" if it does not.
func (b *bounceText) heading(r *mailin.ReportRecipient) string {
	all := headings.FindAllStringSubmatchIndex(b.notice, 20)
	if len(all) < 2 {
		return ""
	}
	at := indexFold(b.notice, r.Final)
	if at < 0 {
		at = indexFold(b.notice, r.Address)
	}
	word := ""
	for _, h := range all {
		if h[0] < at {
			word = strings.ToLower(b.notice[h[4]:h[5]])
		}
	}
	switch word {
	case "":
		return ""
	case "transient", "temporar", "delayed", "deferred":
		return "delayed"
	case "delivered", "successful":
		return "delivered"
	case "relayed":
		return "relayed"
	}
	return "failed"
}

// knownAction returns the word of RFC 3464 section 2.3.3 for what servers write instead of it.
func knownAction(word string) string {
	switch word {
	case "", "failed", "delayed", "delivered", "relayed", "expanded":
		return word
	}
	for _, stem := range []string{"delay", "defer", "transient", "retr", "queue", "warn"} {
		if strings.Contains(word, stem) {
			return "delayed"
		}
	}
	for _, stem := range []string{"fail", "undeliv", "bounce", "reject", "perm", "expire", "refuse", "discard", "drop", "error"} {
		if strings.Contains(word, stem) {
			return "failed"
		}
	}
	return ""
}

// causeOf returns the cause that a status names (RFC 3463 section 3), "" for one that names none.
func causeOf(status string) string {
	if len(status) < 5 {
		return ""
	}
	switch s := status[2:]; s {
	case "1.1", "1.6", "1.10":
		return "user-unknown"
	case "1.2", "4.4":
		return "host-unknown"
	case "1.7", "1.8":
		return "sender-rejected"
	case "2.2":
		return "mailbox-full"
	case "2.1":
		return "mailbox-disabled"
	case "2.3", "3.4":
		return "message-too-large"
	case "4.7":
		return "expired"
	case "4.1", "4.2":
		return "network"
	case "4.6":
		return "loop"
	default:
		if strings.HasPrefix(s, "7.") && s != "7.0" {
			return "content"
		}
	}
	return ""
}

// innerStatus returns the status in what a server said. A diagnostic may hold the answer of the
// server behind it: that stands last.
func innerStatus(words string, diagnostic bool) string {
	all := enhancedStatus.FindAllStringSubmatch(words, 5)
	if len(all) == 0 {
		return ""
	}
	if last := all[len(all)-1][1]; diagnostic && !strings.HasSuffix(last, ".0.0") {
		return last
	}
	return all[0][1]
}

func cause(words string) (string, string) {
	words = unwrapped(words)
	for _, c := range causes {
		if c.words.MatchString(words) {
			return c.reason, c.status
		}
	}
	return "", ""
}

// near returns the lines behind an address in the notice, up to the next recipient: what the server
// says of it. Where several are listed first, that is where the address stands again.
func (b *bounceText) near(address string, all []mailin.ReportRecipient) string {
	i := indexFold(b.notice, address)
	if i < 0 {
		return b.notice
	}
	behind := b.behind(i, address, all)
	if len(all) > 1 {
		for said, _, _ := strings.Cut(behind, "\n\n"); !hasLetters(said); said, _, _ = strings.Cut(behind, "\n\n") {
			next := indexFold(b.notice[i+len(address):], address)
			if next < 0 {
				behind = b.behind(indexFold(b.notice, address), address, all)
				break
			}
			i += len(address) + next
			behind = b.behind(i, address, all)
		}
	}
	if !hasLetters(behind) { // the server said why before it said to whom
		return b.notice
	}
	if len(all) > 1 && enhancedStatus.FindStringIndex(behind) == nil {
		behind += b.furtherOn(i+len(address), address, all)
	}
	return behind
}

// furtherOn returns what stands behind the next places at which one of several addresses stands:
// Exchange says below, for administrators, what a server answered.
func (b *bounceText) furtherOn(from int, address string, all []mailin.ReportRecipient) string {
	var out strings.Builder
	for range 3 {
		next := indexFold(b.notice[from:], address)
		if next < 0 {
			break
		}
		from += next
		out.WriteString("\n\n" + b.behind(from, address, all))
		from += len(address)
	}
	return out.String()
}

// behind returns what stands behind the address at i, up to a line that begins with another
// recipient.
func (b *bounceText) behind(i int, address string, all []mailin.ReportRecipient) string {
	out := head(b.notice[i+len(address):], 1000)
	for j := range all[:min(len(all), 50)] {
		if other := all[j].Address; !strings.EqualFold(other, address) {
			if end := lineWith(out, other); end >= 0 {
				out = out[:end]
			}
		}
	}
	return out
}

func hasLetters(s string) bool { return strings.IndexFunc(s, unicode.IsLetter) >= 0 }

// lineWith returns where the first line begins that begins with an address, in brackets or not; -1
// if there is none.
func lineWith(s, address string) int {
	for from := 0; address != ""; {
		i := indexFold(s[from:], address)
		if i < 0 {
			return -1
		}
		i += from
		start := strings.LastIndexByte(s[:i], '\n') + 1
		if start > 0 && strings.Trim(s[start:i], " \t<>\"'*-") == "" {
			return start
		}
		from = i + len(address)
	}
	return -1
}

// indexFold returns where an address stands in a text, in capitals or not; -1 if it does not.
func indexFold(s, address string) int {
	if address == "" {
		return -1
	}
	if i := strings.Index(s, address); i >= 0 {
		return i
	}
	// In other letters: what is in lower case may have another length, and is then not cut from.
	low := strings.ToLower(s)
	if len(low) != len(s) {
		return -1
	}
	i := strings.Index(low, strings.ToLower(address))
	if i < 0 || i+len(address) > len(s) {
		return -1
	}
	return i
}
