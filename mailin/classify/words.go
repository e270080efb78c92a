package classify

import (
	"bytes"
	"strings"

	"tierdesk/mailin/internal/late"
	"tierdesk/mailin/internal/wordset"
)

// wording is a pattern that is tried only on texts that hold one of its stems: looking for a stem
// costs next to nothing.
type wording struct {
	stems   *wordset.Stems // in lower case
	pattern *late.Pattern
}

func (w wording) in(s string) bool { return w.mayBeIn(s) && w.pattern.MatchString(s) }

// mayBeIn reports whether a text holds one of the stems.
func (w wording) mayBeIn(s string) bool {
	if w.stems == nil {
		return true
	}
	var buffer [1024]byte
	return w.stems.In(wordset.Lower(buffer[:0], s))
}

// namesMachines is a quick look at whether a text may hold a stem of autoTextSure or generatedText.
func namesMachines(s string) bool {
	var buffer [maxFront]byte
	low := wordset.LowerASCII(buffer[:0], s)
	// an i may be written in other letters, and the first letter in capitals
	for _, stem := range []string{"auto", "unattended", "unmon", "otomat", "втомат"} {
		if bytes.Contains(low, []byte(stem)) {
			return true
		}
	}
	return false
}

func stemsOf(list string) *wordset.Stems { return wordset.StemsOf(strings.Split(list, "|")) }

// What machines say, in the languages in which they were seen to say it.
var (
	autoReplySubject = wording{stemsOf("auto|office|ooo|oof|vacation|holiday|leave|away|absen|abwesen|im büro|im haus|urlaub|haus|congé|conge|oficina|ausente|ausên|féria|escrit|ufficio|sede|assen|afwez|frånvar|fravær|til stede|poissa|toimisto|biurem|nieobecno[sś][cć]|nieobecn[ya]|kancel|nepřítom|kívül|távol|răspuns|raspuns|odpov|odgovor|автоответ|автомат|офис|γραφείου|αυτόματη|otomatik|ofis|yerinde|trả lời|ตอบกลับ|自动|自動|不在|자동|부재|אוטומט|التلقائي|تلقائي|automā|automaat|balasan|penerimaan|absèn|vacan|vacas|godišnj|dopust|bolovanj|szabads|concediu|dovolen|urlop|ferie|semester|loma|izin|tatil|отпуск|отсъств|відпуст|отсутств|άδει|απουσ|nghỉ|cuti|ลา|休暇|休假|휴가|외출|בחופש|חופשה|إجازة|پاسخ|atostog|atvaļ|puhkus|ferien|pausch|réception|ricevut|recebid|otrzyma|přijet|získa|получен|sjálfvirk|otomat|swara|erantzun|avtomatsk|samodejn|自動回|autre"), late.Compile(`(?i)(?:\bis (?:currently |now )?out of (?:the )?office(?:$|[.,;:!(\-–—]|\s(?:until|till|from|today|and|this|next|returning|back|\())|^\W*this is an auto(?:mated|matic) (?:reply|response)|\s[-–—:] (?:vacation|out of office|auto(?:matic)?) (?:reply|response|message)\b|^\W*(?:` +
		`auto(?:matic|matische?|matisch|mated|matisk|matica|matická|matikus)?[ :\-]?\s?(?:reply|respon[sd]e?r?|answer|response|generated reply)\b|autoreply|autoresponse|auto-reply|auto response|automated (?:reply|response|message)|out[ -]of[ -](?:the[ -])?office|ooo\b|oof\b|(?:i am |i'm )?(?:currently )?(?:on|away on|out on) (?:annual |parental |maternity |sick )?(?:vacation|holidays?|leave)\b|vacation (?:reply|response|notice|message)|away from (?:my )?(?:mail|office|desk|e-mail)|absence (?:notice|notification)\b|` +
		`automatische (?:antwort|abwesenheit|rückantwort|benachrichtigung)|abwesenheits?(?:notiz|meldung|assistent|nachricht|benachrichtigung|hinweis|agent|info)?\b|(?:ich bin )?(?:z\.? ?zt\.? |zur ?zeit |derzeit )?nicht im (?:büro|haus|hause)|außer haus|im urlaub|urlaubsabwesenheit|automatisch generierte antwort|auto-antwort|` +
		`réponse automatique|reponse automatique|message d'absence|absence du bureau|absent(?:e)? du bureau|absent\b|(?:en )?congés?\b|` +
		`respuesta autom[aá]tica|fuera de (?:la )?oficina|ausente de la oficina|resposta autom[aá]tica|fora do escrit[oó]rio|ausência tempor[aá]ria|ausente do escrit[oó]rio|férias\b|` +
		`risposta automatica|fuori (?:sede|ufficio)|assenza (?:dall'ufficio|ufficio)|assente dall'ufficio|automatisch antwoord|afwezig(?:heid)?(?:sbericht|smelding)?\b|autosvar|automatiskt svar|automatisk svar|frånvaro(?:meddelande)?\b|fraværs?(?:assistent|besked|melding)?\b|ikke til stede|poissa(?:olo)?\b|poissa toimistosta|automaattinen vastaus|` +
		`autoodpowiedź|odpowiedź automatyczna|automatyczna odpowied[zź]|poza biurem|nieobecno[sś][cć]|nieobecn[ya]|automatická odpověď|automatická odpoveď|mimo kancelář|nepřítomnost|automatikus válasz|házon kívül|távollét|răspuns automat|raspuns automat|samodejni odgovor|automatski odgovor|automatické? odpov|` +
		`автоответ|автоматический ответ|вне офиса|автоматична відповідь|автоматичен отговор|αυτόματη απάντηση|εκτός γραφείου|otomatik (?:yanıt|cevap)|ofis dışında|iş yerinde değil|balasan otomatis|trả lời tự động|ตอบกลับอัตโนมัติ|自动回复|自動回覆|自動回復|自動応答|自動返信|不在通知|자동 ?응답|자동 ?회신|부재중|תשובה אוטומטית|מענה אוטומטי|الرد التلقائي|رد تلقائي|automaatvastus|automatinis atsakymas|automātisk[aā] atbilde|resposta automàtica|fora de l'oficina|balasan otomatis|jawapan automatik|balas automatik|di luar kantor|sedang cuti|自动(?:答复|答覆|应答)|自動(?:答覆|回答|返答)|外出中|休假(?:中|通知)|休暇中|不在(?:のお知らせ|の連絡|連絡)|부재 ?중|자동 ?답장|외출 ?중|휴가 ?중|vắng mặt|ไม่อยู่ที่สำนักงาน|ไม่อยู่สำนักงาน|מחוץ למשרד|אינני במשרד|خارج المكتب|پاسخ خودکار|αυτόματ(?:η|ο) (?:απάντηση|μήνυμα)|отсутствую|в отпуске|извън офиса|у відпустці|поза офісом|na urlopie|nejsem v kanceláři|nie som v kancelárii|som na dovolenke|irodán kívül|nem vagyok az irodában|în afara biroului|absent din birou|izinde|van ured[au]|izvan ureda|ni v pisarni|nesu biure|atostogos|atvaļinājum\w*|puhkusel|kontorist väljas|sjálfvirkt svar|lomalla|en afwezig|ik ben er niet|met vakantie|op vakantie|på semester|på ferie|ute av kontoret|ude af kontoret|ute från kontoret|in ferie|de vacaciones|de férias|em férias|en vacances|en cong[eé]s?|im urlaub|abwesend|nicht am arbeitsplatz` +
		`)(?:[ -]?(?:auto[- ]?)?(?:reply|response|respon[sd]er|message|notification|notice|assistant|alert|mail|e-?mail|nachricht|bericht|meddelande))?\s*(?:$|[:：;,.!(\[\]\-–—|/"]|\s(?:re|aw|sv|fwd?|until|till|from|bis|vom|ab|jusqu|du|le|hasta|del|dal|tot|från|do|vacation)\b))`)}

	autoReplyLoose = late.Compile(`(?i)(?:out of (?:the )?office|vacation|on holiday|auto(?:matic)?[- ]?(?:reply|respon)|abwesen|urlaub|absence|absent|vacances|vacaciones|ausen|férias|ferie|afwezig|frånvar|fravær|poissa|nieobecno[sś][cć]|nieobecn[ya]|отпуск|отсутств|休假|不在)`)
	autoReplyText  = late.Compile(`(?i)(?:i am (?:currently )?(?:out of|away from|on (?:vacation|holiday|leave))|out of (?:the )?office|will (?:be|return) (?:out|back|to the office)|this is an auto(?:mated|matic)|automatically generated (?:reply|response)|bin (?:ich )?(?:derzeit|zur zeit|bis|vom|ab)? ?.{0,40}nicht (?:im|erreichbar)|abwesend|actuellement absent|estoy fuera|sono (?:assente|fuori)|ben (?:ik )?(?:afwezig|niet aanwezig))`)

	challengeSubject = wording{stemsOf("confirm|verif|spam|approv|challenge|human|click"), late.Compile(`(?i)^\W*(?:please confirm your message|your e?-?mail requires verification|verify(?:ing)? your (?:e?-?mail|message|address)|message verification|confirm(?:ation)? (?:of )?your message|\[spam ?arrest\]|\(spam ?arrest\)|your (?:e-?mail|message) .{0,40}(?:approval|verification)|challenge[- ]response|sender verification|confirm you are human|.{0,60}(?:click (?:the )?link|reply) to (?:confirm|deliver|verify) your (?:message|mail))`)}

	receiptSubject = late.Compile(`(?i)^\W*(?:read(?: receipt)?:|not read:|(?:return|delivery|read) (?:receipt|report)\b|gelesen:|ungelesen gelöscht:|lesebestätigung|nicht gelesen:|lu\s?:|non lu\s?:|accusé de (?:lecture|réception)|leído:|no leído:|confirmación de lectura|letto:|non letto:|conferma di lettura|gelezen:|niet gelezen:|leesbevestiging|lido:|läst:|læst:|lest:|przeczytano:|прочитано|прочтено|přečteno:|prečítané:|lida\s?:|lidas?\s?:|gelesen\s?:|ongelezen|luettu\s?:|elolvasva\s?:|olvasva\s?:|okundu\s?:|citit\s?:|olest\s?:|διαβάστηκε|αναγνώστηκε|既読|閱讀|已閱讀|已阅读|odczytano\s?:|læst\s?:|read\s?[:：]|읽음|kvittering|läskvitto|læsekvittering|lesebekreftelse|lukukuittaus|potwierdzenie (?:przeczytania|odczytu|odbioru)|potvrzení o (?:přečtení|doručení)|olvasási visszaigazolás|okundu bilgisi|уведомление о прочтении|empfangsbestätigung|bestätigung:|acuse de (?:recibo|lectura)|recibo de lectura|confirmação de leitura|ontvangstbevestiging|回执|回條|開封通知|開封確認|confirmation de lecture|ricevuta di lettura|recibo de leitura|已读|開封済み|읽음)`)

	noReply = wording{stemsOf("repl|repond|antwort|respond|rispond|beantwoord|bounce|auto|unattended|unmonitored"), late.Compile(`(?i)^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|donotreply|noreply.*|nepasrepondre|ne-pas-repondre|nicht[-_.]?antworten|keine[-_.]?antwort|no[-_.]?responder|noresponder|nao[-_.]?responda|non[-_.]?rispondere|niet[-_.]?beantwoorden|no[-_.]?replies|bounces?|bounce[-+_.].*|.*[-_.]noreply|.*[-_.]no-reply|auto[-_.]?(?:reply|responder|mailer|confirm)|unattended|unmonitored)(?:[+].*)?$`)}
	daemon  = wording{stemsOf("daemon|master|mmdf|deliver|listserv|majordomo|mailman|cron|nagios|icinga|zabbix|logcheck|smartd|system|owner|bounce"), late.Compile(`(?i)^(?:mailer[-_.]?daemon|mail[-_.]?daemon|mailerdaemon|postmaster|mdaemon|mmdf|mail[-_.]?deliver.*|maildelivery|listserv|majordomo|mailman|cron|cron-daemon|nagios|icinga|zabbix|logcheck|anacron|smartd|mail[-_.]?system|mailsystem|delivery[-_.]?(?:status|subsystem)|mailing-list-owner|.*-(?:owner|bounces?)|owner-.*)$`)}

	// autoTextSure: sentences by which a machine says that it answered. Nobody writes them of their
	// own mail.
	autoTextSure = wording{stemsOf("auto|автомат|otomatik"), late.Compile(`(?im)(?:^|[.!>*\s])(?:this is an? auto(?:mated|matic|-)(?:ally generated)? ?(?:reply|response|answer|acknowledge?ment)\b(?:[.,;:!\n]| (?:to|from|and|because|generated)|$)|this (?:reply|response|acknowledge?ment) (?:was|is|has been) (?:automatically|auto-?)|this (?:message|e-?mail|mail) (?:was|is|has been) (?:automatically |auto-?)?(?:generated|sent|created) (?:automatically )?in (?:response|reply) to\s+(?:the|your|a)\b|dies(?:e|es)? (?:ist eine automatische|antwort wurde automatisch|automatische antwort)|ceci est une réponse automatique|cette réponse (?:est|a été) (?:générée )?automatique|esta es una respuesta autom[aá]tica|esta respuesta (?:se ha|fue) (?:generad[ao] )?autom|esta é uma resposta autom[aá]tica|questa è una risposta automatica|dit is een automatisch (?:gegenereerd )?antwoord|detta är ett automatiskt (?:genererat )?svar|dette er et automatisk svar|to (?:jest )?automatyczna odpowiedź|toto je automatická odpově?ď|это автоматический ответ|данный ответ (?:сформирован|создан) автоматически|bu (?:bir )?otomatik (?:yanıt|cevap))`)}

	// generatedText: sentences by which a machine says that it wrote. What it wrote may be a
	// customer's, from a form.
	generatedText = wording{stemsOf("auto|unattended|unmonitored|автомат|otomatik"), late.Compile(`(?im)(?:^|[.!>*\s])(?:this (?:is an? (?:automatic(?:ally[ -]generated)?|automated|auto-generated|system[ -]generated)|(?:e-?mail|message|mail|notification) (?:is|was|has been) (?:sent |generated |created )?(?:automatically|auto-?generated))[^.\n]{0,80}[.,;:!\n][^?]{0,120}(?:do not|don't|cannot be|not monitored|please) ?(?:reply|respond|answer|answered)?|diese (?:e-?mail|nachricht|mail) (?:wurde|wird|ist) (?:vom system )?automatisch[^?]{0,160}(?:nicht (?:auf|beantwort|antwort)|antworten sie)|(?:ceci est un|ce) (?:message|mail|courriel|e-mail) (?:est |a été )?(?:généré )?automatique(?:ment)?[^?]{0,160}(?:ne pas|merci de ne)|este (?:es un )?(?:mensaje|correo) (?:ha sido |fue |se ha )?(?:generado )?autom[aá]tic[^?]{0,160}(?:no respond|no conteste)|(?:questo è un|questa è una|questo) (?:messaggio|e-?mail|mail) (?:è stat[oa] )?(?:generat[oa] )?automatic[^?]{0,160}non (?:rispond|è)|(?:esta é uma )?mensagem autom[aá]tica[^?]{0,160}não respond|dit is een automatisch[^?]{0,160}niet (?:te )?(?:beantwoord|reageren|antwoord)|ta wiadomość została wygenerowana automatycznie|(?:это )?(?:письмо|сообщение) (?:создано|сформировано|отправлено|сгенерировано) автоматически)`)}

	// acknowledges: the desk at the other end says that our mail arrived.
	acknowledges = wording{stemsOf("raised this|logged|got your|tagit emot|opened|受け付け|承り|お問|收到|受理|접수|문의|talebiniz|vastaanot|got your|logged your|registered your|accusons|thank|received|dank|eingegangen|erhalten|reçu|merci|recibid|gracias|ricevut|grazie|recebe|obrigad|ontvangen|bedankt|tack|tak|mottag|modtag|mottatt|otrzyma|dzięk|přija|děkuj|получ|спасибо|благодар"), late.Compile(`(?i)(?:(?:受け付け|承りました|お問い?合わ?せ(?:いただき|ありがとう)|已(?:收到|受理)|收到您的|접수되었|문의해 ?주셔서|talebiniz(?:i)? (?:aldık|alındı|ulaştı)|vastaanot(?:imme|ettu))|(?:we(?: have|['’]ve)?|have) (?:now )?(?:got|received|logged|registered|opened) (?:your|a (?:case|ticket))|(?:incident|ticket|case|request|inc\d+|req\d+|ritm\d+)\b[^.\n]{0,20}(?:has been|was) (?:opened|created|logged|registered)|accusons réception|thank(?:s| you) for (?:contacting|your|the|reaching|getting|writing)|(?:we|i) (?:have )?received your|your (?:request|message|ticket|e-?mail|enquiry|inquiry)[^.\n]{0,40}(?:been )?received|dank für (?:ihre|ihr|deine)|(?:anfrage|nachricht|e-?mail|mail) (?:ist|haben wir|wurde)[^.\n]{0,40}(?:eingegangen|erhalten)|(?:avons )?bien reçu votre|merci (?:de|pour) (?:votre|nous)|hemos recibido su|gracias por (?:su|contact|escribir)|abbiamo ricevuto|grazie per (?:averci|la sua|il suo)|recebemos (?:a |o )?(?:sua|seu)|obrigad[oa] p(?:or|ela|elo)|(?:hebben|heb) uw[^.\n]{0,40}ontvangen|bedankt voor|tack för|tak(?:k)? for|har (?:mottagit|modtaget|mottatt|tagit emot)|otrzymaliśmy|dziękujemy za|přijali jsme|děkujeme za|(?:мы )?получили ваш|спасибо за|благодарим)`)}

	// thanksAway: what notes say that thank for the mail: nobody thanks for a mail to tell that
	// they are away, unless a machine does it for them.
	thanksAway = wording{stemsOf("thank|dank|merci|gracias|grazie|obrigad|bedankt|tack|tak for|takk|dzięk|děkuj|спасибо|благодар"), late.Compile(`(?is)(?:thank(?:s| you)(?: very much| so much)? for (?:your|the) (?:e-?mail|mail|message|note|contacting)|(?:vielen |herzlichen |besten )?dank für ihre (?:e-?mail|mail|nachricht|anfrage)|merci (?:de|pour) votre (?:message|mail|e-mail|courriel)|gracias por (?:su|tu) (?:mensaje|correo|e-?mail|mail)|grazie per (?:la (?:sua|tua) (?:e-?mail|mail)|il (?:suo|tuo) messaggio|avermi (?:scritto|contattato))|obrigad[oa] (?:pela sua mensagem|pelo seu (?:e-?mail|contat?o))|(?:hartelijk )?(?:dank|bedankt) voor (?:uw|je) (?:e-?mail|mail|bericht)|tack för (?:ditt|ert) (?:mail|meddelande|e-post)|(?:mange )?tak(?:k)? for (?:din|deres) (?:mail|e-?mail|e-post|besked|melding|henvendelse)|dziękuję za (?:wiadomość|e-?mail|maila)|děkuji za (?:vaši )?(?:zprávu|e-?mail)|(?:спасибо|благодарю) за (?:ваше )?(?:письмо|сообщение))[^?]{0,80}?[.,!\n –-]+\s*(?:[^.?!\n]{0,40}\s)?(?:i(?:'m| am|’m) (?:currently |presently |now )?(?:out of|away|on (?:\w+ )?(?:vacation|holiday|leave)|travell?ing|not in)|i will be (?:out of|away|on (?:\w+ )?(?:vacation|holiday|leave))|i (?:no longer|don't|do not) work|ich (?:bin|befinde mich) [^.?!\n]{0,60}(?:urlaub|abwesend|nicht (?:im|am|erreichbar)|außer haus|unterwegs|elternzeit|wieder)|je suis [^.?!\n]{0,40}(?:absente?|en congé|en vacances|en déplacement)|(?:estoy|estaré|me encuentro) [^.?!\n]{0,40}(?:fuera|vacaciones|ausente|de baja)|sono [^.?!\n]{0,40}(?:fuori|assente|in ferie|in vacanza)|(?:estou|estarei) [^.?!\n]{0,40}(?:fora|férias|ausente)|ik ben [^.?!\n]{0,40}(?:afwezig|vakantie|niet aanwezig|vrij)|jag är [^.?!\n]{0,40}(?:semester|ledig|borta|föräldraledig|inte på)|jeg (?:er|har) [^.?!\n]{0,40}(?:ferie|fravær|ikke på|ute av|bortrejst)|(?:jestem|przebywam) [^.?!\n]{0,40}(?:urlop|nieobecn|poza)|(?:jsem|čerpám) [^.?!\n]{0,40}(?:dovolen|mimo|nepřítom)|(?:я )?(?:сейчас )?(?:нахожусь |буду )?(?:в отпуске|отсутствую))`)}
)
