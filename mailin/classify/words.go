package classify

import (
	"strings"

	"tierdesk/mailin/internal/late"
)

// wording is a pattern that is tried only on texts that hold one of its stems: looking for a stem costs next to nothing.
type wording struct {
	stems   []string // in lower case
	pattern *late.Pattern
}

func (w wording) in(s string) bool {
	low := strings.ToLower(s)
	for _, stem := range w.stems {
		if strings.Contains(low, stem) {
			return w.pattern.MatchString(s)
		}
	}
	return false
}

func stems(list string) []string { return strings.Split(list, "|") }

// What machines say, in the languages in which they were seen to say it.
var (
	autoReplySubject = wording{stems("auto|office|ooo|oof|vacation|holiday|leave|away|absen|abwesen|im büro|im haus|urlaub|haus|congé|conge|oficina|ausente|ausên|féria|escrit|ufficio|sede|assen|afwez|frånvar|fravær|til stede|poissa|toimisto|biurem|nieobecno[sś][cć]|nieobecn[ya]|kancel|nepřítom|kívül|távol|răspuns|raspuns|odpov|odgovor|автоответ|автомат|офис|γραφείου|αυτόματη|otomatik|ofis|yerinde|trả lời|ตอบกลับ|自动|自動|不在|자동|부재|אוטומט|التلقائي|تلقائي|automā|automaat"), late.Compile(`(?i)(?:\bis (?:currently |now )?out of (?:the )?office(?:$|[.,;:!(\-–—]|\s(?:until|till|from|today|and|this|next|returning|back|\())|^\W*this is an auto(?:mated|matic) (?:reply|response)|\s[-–—:] (?:vacation|out of office|auto(?:matic)?) (?:reply|response|message)\b|^\W*(?:` +
		`auto(?:matic|matische?|matisch|mated|matisk|matica|matická|matikus)?[ :\-]?\s?(?:reply|respon[sd]e?r?|answer|response|generated reply)\b|autoreply|autoresponse|auto-reply|auto response|automated (?:reply|response|message)|out[ -]of[ -](?:the[ -])?office|ooo\b|oof\b|(?:i am |i'm )?(?:currently )?(?:on|away on|out on) (?:annual |parental |maternity |sick )?(?:vacation|holidays?|leave)\b|vacation (?:reply|response|notice|message)|away from (?:my )?(?:mail|office|desk|e-mail)|absence (?:notice|notification)\b|` +
		`automatische (?:antwort|abwesenheit|rückantwort|benachrichtigung)|abwesenheits?(?:notiz|meldung|assistent|nachricht|benachrichtigung|hinweis|agent|info)?\b|(?:ich bin )?(?:z\.? ?zt\.? |zur ?zeit |derzeit )?nicht im (?:büro|haus|hause)|außer haus|im urlaub|urlaubsabwesenheit|automatisch generierte antwort|auto-antwort|` +
		`réponse automatique|reponse automatique|message d'absence|absence du bureau|absent(?:e)? du bureau|absent\b|(?:en )?congés?\b|` +
		`respuesta autom[aá]tica|fuera de (?:la )?oficina|ausente de la oficina|resposta autom[aá]tica|fora do escrit[oó]rio|ausência tempor[aá]ria|ausente do escrit[oó]rio|férias\b|` +
		`risposta automatica|fuori (?:sede|ufficio)|assenza (?:dall'ufficio|ufficio)|assente dall'ufficio|automatisch antwoord|afwezig(?:heid)?(?:sbericht|smelding)?\b|autosvar|automatiskt svar|automatisk svar|frånvaro(?:meddelande)?\b|fraværs?(?:assistent|besked|melding)?\b|ikke til stede|poissa(?:olo)?\b|poissa toimistosta|automaattinen vastaus|` +
		`autoodpowiedź|odpowiedź automatyczna|automatyczna odpowied[zź]|poza biurem|nieobecno[sś][cć]|nieobecn[ya]|automatická odpověď|automatická odpoveď|mimo kancelář|nepřítomnost|automatikus válasz|házon kívül|távollét|răspuns automat|raspuns automat|samodejni odgovor|automatski odgovor|automatické? odpov|` +
		`автоответ|автоматический ответ|вне офиса|автоматична відповідь|автоматичен отговор|αυτόματη απάντηση|εκτός γραφείου|otomatik (?:yanıt|cevap)|ofis dışında|iş yerinde değil|balasan otomatis|trả lời tự động|ตอบกลับอัตโนมัติ|自动回复|自動回覆|自動回復|自動応答|自動返信|不在通知|자동 ?응답|자동 ?회신|부재중|תשובה אוטומטית|מענה אוטומטי|الرد التلقائي|رد تلقائي|automaatvastus|automatinis atsakymas|automātiskā atbilde|automātiska atbilde` +
		`)(?:[ -]?(?:auto[- ]?)?(?:reply|response|respon[sd]er|message|notification|notice|assistant|alert|mail|e-?mail|nachricht|bericht|meddelande))?\s*(?:$|[:：;,.!(\[\]\-–—|/"]|\s(?:re|aw|sv|fwd?|until|till|from|bis|vom|ab|jusqu|du|le|hasta|del|dal|tot|från|do|vacation)\b))`)}

	autoReplyLoose = late.Compile(`(?i)(?:out of (?:the )?office|vacation|on holiday|auto(?:matic)?[- ]?(?:reply|respon)|abwesen|urlaub|absence|absent|vacances|vacaciones|ausen|férias|ferie|afwezig|frånvar|fravær|poissa|nieobecno[sś][cć]|nieobecn[ya]|отпуск|отсутств|休假|不在)`)
	autoReplyText  = late.Compile(`(?i)(?:i am (?:currently )?(?:out of|away from|on (?:vacation|holiday|leave))|out of (?:the )?office|will (?:be|return) (?:out|back|to the office)|this is an auto(?:mated|matic)|automatically generated (?:reply|response)|bin (?:ich )?(?:derzeit|zur zeit|bis|vom|ab)? ?.{0,40}nicht (?:im|erreichbar)|abwesend|actuellement absent|estoy fuera|sono (?:assente|fuori)|ben (?:ik )?(?:afwezig|niet aanwezig))`)

	challengeSubject = wording{stems("confirm|verif|spam|approv|challenge|human|click"), late.Compile(`(?i)^\W*(?:please confirm your message|your e?-?mail requires verification|verify(?:ing)? your (?:e?-?mail|message|address)|message verification|confirm(?:ation)? (?:of )?your message|\[spam ?arrest\]|\(spam ?arrest\)|your (?:e-?mail|message) .{0,40}(?:approval|verification)|challenge[- ]response|sender verification|confirm you are human|.{0,60}(?:click (?:the )?link|reply) to (?:confirm|deliver|verify) your (?:message|mail))`)}

	receiptSubject = late.Compile(`(?i)^\W*(?:read(?: receipt)?:|not read:|return receipt|read receipt|gelesen:|ungelesen gelöscht:|lesebestätigung|nicht gelesen:|lu\s?:|non lu\s?:|accusé de (?:lecture|réception)|leído:|no leído:|confirmación de lectura|letto:|non letto:|conferma di lettura|gelezen:|niet gelezen:|leesbevestiging|lido:|läst:|læst:|lest:|przeczytano:|прочитано|přečteno:|confirmation de lecture|ricevuta di lettura|recibo de leitura|已读|開封済み|읽음)`)

	noReply = wording{stems("repl|repond|antwort|respond|rispond|beantwoord|bounce|auto|unattended|unmonitored"), late.Compile(`(?i)^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|donotreply|noreply.*|nepasrepondre|ne-pas-repondre|nicht[-_.]?antworten|keine[-_.]?antwort|no[-_.]?responder|noresponder|nao[-_.]?responda|non[-_.]?rispondere|niet[-_.]?beantwoorden|no[-_.]?replies|bounces?|bounce[-+_.].*|.*[-_.]noreply|.*[-_.]no-reply|auto[-_.]?(?:reply|responder|mailer|confirm)|unattended|unmonitored)(?:[+].*)?$`)}
	daemon  = wording{stems("daemon|master|mmdf|deliver|listserv|majordomo|mailman|cron|nagios|icinga|zabbix|logcheck|smartd|system|owner|bounce"), late.Compile(`(?i)^(?:mailer[-_.]?daemon|mail[-_.]?daemon|mailerdaemon|postmaster|mdaemon|mmdf|mail[-_.]?deliver.*|maildelivery|listserv|majordomo|mailman|cron|cron-daemon|nagios|icinga|zabbix|logcheck|anacron|smartd|mail[-_.]?system|mailsystem|delivery[-_.]?(?:status|subsystem)|mailing-list-owner|.*-(?:owner|bounces?)|owner-.*)$`)}
)
