package classify

import (
	_ "embed" // for the lists
	"strings"
	"unicode"
	"unicode/utf8"

	"tierdesk/mailin"
	"tierdesk/mailin/internal/late"
)

// What mails say that are no answers: notes of absence, receipts, recalls, reactions, answers to
// invitations, challenges.
var (
	//go:embed words/brief-away.txt
	briefAwayList string
	//go:embed words/away.txt
	awayList string
	//go:embed words/away-more.txt
	awayMoreList string
	//go:embed words/left.txt
	leftList string
	//go:embed words/left-more.txt
	leftMoreList string
	//go:embed words/others.txt
	othersList string
	//go:embed words/for-a-time.txt
	forATimeList string
	//go:embed words/first-person.txt
	firstPersonList string
	//go:embed words/of-us.txt
	ofUsList string
	//go:embed words/of-owner.txt
	ofOwnerList string
	//go:embed words/of-mailbox.txt
	ofMailboxList string
	//go:embed words/tapbacks.txt
	tapbacksList string
	//go:embed words/asks.txt
	asksList string
	//go:embed words/receipts.txt
	receiptsList string
	//go:embed words/recalls.txt
	recallsList string
	//go:embed words/reactions.txt
	reactionsList string
	//go:embed words/calendar-answers.txt
	calendarAnswersList string
	//go:embed words/challenges.txt
	challengesList string
	//go:embed words/unsubscribe.txt
	unsubscribeList string
	//go:embed words/own-mail.txt
	ownMailList string
	//go:embed words/desks.txt
	desksList string
	//go:embed words/desk-marks.txt
	deskMarksList string
	//go:embed words/list-servers.txt
	listServersList string

	away            = wording{stemsOf("off sick|out of office|at the moment|fortbildung|schulung|seminar|tagung|messe|konferenz|reha|elternzeit|erkrankt|eingeschränkt|besetzt|formation|séminaire|mission|de viaje|curso|congreso|maternit|malattia|mutua|corso|baixa|formação|congresso|cursus|training|zwangerschap|ouderschap|ziek|reis|congres|beurs|podróży|szkoleni|konferencj|macierzyńs|rodičovsk|mateřsk|služební|školen|nemocn|neschopnost|kurs|konferens|utbildning|sjuk|tjänstled|syg|permisjon|konferanse|syk|loma|koulutu|työmatk|virkamatk|beteg|konferenci|továbbképz|kiküldet|seyahat|izninde|eğitim|toplant|больничн|декрет|конференц|отъезд|поездк|産休|育休|療養|研修|会議|夏休み|年末|育児|国庆|春节|元旦|五一|端午|中秋|节假日|产假|病假|婚假|陪产|i'm out|i am out|i’m out|i only|i work|i don't work|i do not work|limited access|closed|conference|training|workshop|betriebsferien|geschlossen|frei|teilzeit|lese |mails|fermé|travaille|consulte|cerrad|trabajo|leeré|encerrad|fechad|trabalho|consulto|chius|lavoro|leggo|gesloten|werk|lees|stängt|arbetar|jobbar|läser|lukket|arbejder|læser|stengt|jobber|leser|suljettu|lue|nieczynn|zamknięt|pracuję|czytam|odczytuję|zavřen|nečtu|nepracuji|zárva|olvas|kapalı|oku|office|vacation|holiday|leave|away|travel|unavail|abroad|out of town|off work|off duty|off sick|trip|büro|haus|urlaub|erreichbar|abwesend|reise|elternzeit|mutterschutz|arbeitsplatz|unterwegs|ferien|krank|verreist|absent|congé|vacances|déplacement|bureau|injoignable|indisponib|en arrêt|oficina|vacaciones|ausente|de baja|de viaje|permiso|estoy fuera|estaré fuera|escritório|férias|licença|viagem|estou fora|estarei fora|ufficio|fuori|ferie|vacanza|assente|viaggio|trasferta|congedo|afwezig|kantoor|vakantie|verlof|aanwezig|bereikbaar|semester|kontoret|ledig|borta|tjänsteresa|sjukskriv|frånvar|bortrest|fravær|bortrejst|barsel|bortreist|permisjon|borte|på reise|lomalla|poissa|toimisto|matkoilla|vapaalla|tavoitet|urlop|nieobecn|biur|delegacj|zwolnieni|dovolen|kancel|nepřítom|neprítom|cestě|ceste|zastiž|szabads|kívül|távol|irodában|üzleti|concediu|plecat|birou|delegați|indisponibil|отпуск|командировк|офис|отсутств|больничн|меня нет|меня не будет|відпустц|відрядженн|офіс|відсутн|мене не буде|отсъств|γραφεί|άδεια|διακοπ|απουσ|εκτός|ταξίδι|izin|tatil|ofis|seyahat|raporlu|godišnj|ured|odsut|odmor|bolovanj|dopust|pisarn|odsot|bolnišk|одмор|годишњ|одсут|канцелариј|atostog|biur|komandir|išvyk|atvaļinājum|prombūtn|komandējum|biroja|puhkus|kontorist|eemal|lähetus|orlofi|fjarverandi|skrifstof|í fríi|ekki við|oficina|cuti|kantor|dinas|berlibur|bercuti|pejabat|nghỉ|vắng|công tác|休暇|出張|不在|外出|休業|席を外|休み|休假|度假|出差|请假|請假|年假|辦公室|办公室|휴가|출장|부재|외근|연차|병가|자리를|חופש|משרד|נעדר|זמינ|إجازة|المكتب|متواجد|متاح|رحلة|مرخصی|دفتر|سفر|ลา|สำนักงาน|ออฟฟิศ|เดินทาง|छुट्टी|अवकाश|कार्यालय|vacacións|de viaxe|de baixa|oporretan|bulego|kanpoan|годишен|одмор|канцелариј|отсут|pushime|zyrës|udhëtim|me leje|შვებულება|მივლინება|ოფისში|արձակուրդ|գործուղ|գրասենյակ|адпачынку|камандзіроў|адсутні|мяне не будзе|məzuniyyət|ezamiyyət|ofisdə|işdə|swyddfa|wyliau|ngwyliau|i ffwrdd|absenoldeb|демалыс|іссапар|кеңседе|tilda|tilida|safarida|ofisda|амралттай|чөлөөтэй|томилолт|ажил дээр|likizo|ofisi|safarini|bakasyon|opisina|naka-leave|met verlof|kantoor|vakansie|vakanz|am congé|bureau|bil-leave|bil-btala|uffiċċju|imsiefer|saoire|oifig|láthair|چھٹی|دفتر|رخصت|سفر|ছুটি|অফিস|விடுமுறை|அலுவலக|ooo|oof|v službi|na delu"), late.List(awayList)}
	briefAway       = late.List(briefAwayList)
	awayMore        = wording{nil, late.List(awayMoreList)}
	asks            = late.List(asksList)
	left            = late.List(leftList)
	leftMore        = late.List(leftMoreList)
	others          = late.List(othersList)
	forATime        = late.List(forATimeList)
	firstPerson     = late.List(firstPersonList)
	speaksOfUs      = late.List(ofUsList)
	ofOwner         = late.List(ofOwnerList)
	ofMailbox       = late.List(ofMailboxList)
	tapbacks        = late.List(tapbacksList)
	receipts        = wording{stemsOf("viewed|seen|opened your|viewed your|receiv|dokument|document|receipt|read|opened|displayed|bestätigung|gelesen|geöffnet|angezeigt|accusé|a été|leíd|abiert|mostrad|confirmaci|lid|abert|recibo|confirma|lett|apert|visualizzat|ricevuta|bevestiging|gelezen|geopend|weergegeven|läst|öppnades|visades|läskvitto|læst|åbnet|slettet|lest|åpnet|bekreftelse|luettu|luettiin|avattiin|poistettiin|lukukuittaus|czytan|otwart|wyświetlon|potwierdzeni|přečten|otevřen|zobrazen|elolvas|megnyit|olvas|citit|deschis|прочт|прочит|открыт|відкрит|okundu|açıldı|okunma|διαβάστηκε|αναγνώστηκε|ανοίχτηκε|ανάγνωσης|開封|表示|既読|阅读|閱讀|读取|讀取|打开|打開|已于|已读|읽|열었|확인|prečítan|otvoren|zobrazen|prebran|odprto|branju|pročitan|čitanju|прочитан|отворен|прочетен|llegit|obert|lectura|loeti|loetud|avati|izlasīt|lasīt|atvērt|perskaityt|skaityt|atidaryt|dibaca|dibuka|đã đọc|được đọc|được mở|ถูกอ่าน|ถูกเปิด|อ่านแล้ว|נקראה|נפתחה|קריאה|قراءة|قراءتها|فتح|خوانده|باز شد"), late.List(receiptsList)}
	recalls         = wording{stemsOf("recall|rückruf|zurückruf|zurückzieh|zurückhol|rappel|recuper|retirar|cancelar|recolher|richiam|ritirare|intrek|terughalen|terugroepen|återkalla|återta|dra tillbaka|tilbagekalde|trække|tilbakekalle|trekke|peruuttaa|perua|kutsua|odwołać|wycofać|odvolat|stáhnout|visszahív|visszavon|retrag|rechem|отозвать|відкликати|geri çek|取り消|取消|回収|撤回|收回|召回|회수|취소"), late.List(recallsList)}
	reactions       = wording{stemsOf("questioned|react|liked|loved|laughed|disliked|emphasi|reagier|gefällt|réagi|reaccion|reagiu|reagito|gereageerd|reageerde|reagerade|reagerede|reageret|reagerte|reagoi|zareagował|reaguje|reagoval|отреагировал|tepki|リアクション|回应|回應|反应|反應|心情|반응|공감|تفاعل|הגיב|αντέδρασε|reagált|reacționat|відреагува|แสดงความรู้สึก|bày tỏ|bereaksi|реагира|reagirao|reagirala|reagov|odzval|reaccionat|reageeris|reaģēja|sureagavo"), late.List(reactionsList)}
	calendarAnswers = wording{nil, late.List(calendarAnswersList)}
	challenges      = wording{nil, late.List(challengesList)}
	unsubscribe     = wording{nil, late.List(unsubscribeList)}
	ownMail         = late.List(ownMailList)
	desks           = wording{nil, late.List(desksList)}
	deskMarks       = late.List(deskMarksList)
	listServers     = wording{stemsOf("moder|modér|approval|owner|administrator|unsubscribed|removed from|subscribed|added to|opted out|freig|abgemeldet|ausgetragen|angemeldet|eingetragen|entfernt|abmeldung|abbestellung|désabonn|désinscri|abonn|inscri|de baja|removid|inscrição|rimoss|cancellat|disiscritt|uitgeschreven|afgemeld|verwijderd|avregistrerad|avprenumererad|borttagen|afmeldt|frameldt|avmeldt|meldt av|moderaattori|ylläpitäj|hyväksyn|poistettu|lisätty|wypisan|usunięt|schválen|odhlášen|odebrán|модератор|отписа|исключен|yönetici onay|iptal|çıkarıldı|sonlandırıldı|管理者|モデレータ|完了|しました|管理员|管理員|版主|退订|退訂|取消"), late.List(listServersList)}

	receiptSure     = wording{nil, late.Compile(`(?i)(?:^\s*\pL[^\n]{2,60} (?:opened|read|viewed) your (?:message|mail|e-?mail)\b|return receipt|read receipt|this (?:is to |message |mail )?confirms? that|we confirm that your|hiermit wird bestätigt|bestätig\w+, dass|nous confirmons que|se confirma que|si conferma che|confirma-se que|hierbij wordt bevestigd|lesebestätigung|empfangsbestätigung|accusé de (?:lecture|réception)|acuse de|confirmación de lectura|recibo de leitura|confirmação de leitura|ricevuta di|conferma di lettura|leesbevestiging|ontvangstbevestiging|läskvitto|læsekvittering|lesebekreftelse|lukukuittaus|potwierdzenie|potvrzení o přečtení|visszaigazolás|confirmare de citire|о прочтении|про прочитання|okundu bilgisi|απόδειξη|開封|回执|回條|읽음 확인|potvrdenie o prečítaní|potrdilo o branju|potvrda o čitanju|потврда о читању|потвърждение за прочитане|confirmació de lectura|lugemiskinnitus|lasīšanas apstiprinājums|skaitymo patvirtinimas|tanda terima telah dibaca|xác nhận đã đọc|אישור קריאה|إيصال (?:ال)?قراءة|^\s*تمت? (?:قراءة|فتح) رسالتك|رسيد|without being read|ungelesen gelöscht|sans être lu|^\s*(?:your|ihre|deine|votre|su|tu|sua|il (?:suo|tuo)|uw|je) (?:message|mail|e-?mail|nachricht|courriel|mensaje|correo|mensagem|messaggio|bericht)\b)`)}
	recallSubject   = late.Compile(`(?i)^\W*(?:recall\s*:|message recall|rückruf|zurückrufen|rappel\s*:|rappeler|recuperar|recuperación|retirar|cancelar|richiam\w*\s*:|intrekken|återkalla|tilbagekald|tilbakekall|peruuta|odwołaj|odwołanie|wycof|odvolání|odvolat|visszahív|retragere|rechemare|отзыв|отозвать|відкликання|geri çek|取り消し|取消|撤回|회수|메시지 회수)`)
	calendarSubject = wording{nil, late.Compile(`(?i)^\W*(?:accepted|declined|tentative(?:ly accepted)?|new time proposed|zugesagt|zusage|abgelehnt|absage|mit vorbehalt|unter vorbehalt|vorläufig zugesagt|neuer (?:termin|zeitpunkt) vorgeschlagen|accepté[e]?|refusé[e]?|provisoire|décliné[e]?|aceptad[ao]|rechazad[ao]|provisional|aceite|aceito|aceita|recusad[ao]|provisório|accettat[ao]|rifiutat[ao]|provvisorio|geaccepteerd|geweigerd|afgewezen|voorlopig|accepterat?|avböjt|preliminär\w*|accepteret|afvist|foreløbig|godtatt|avslått|hyväksytty|hylätty|alustava|zaakceptowan[eoa]|odrzucon[eoa]|wstępnie|przyjęto|přijato|odmítnuto|předběžně|elfogadva|elutasítva|acceptat|refuzat|принято|отклонено|под вопросом|прийнято|відхилено|kabul edildi|reddedildi|belirsiz|αποδοχή|απόρριψη|承諾|辞退|仮承諾|已接受|已拒绝|已拒絕|暂定|수락|거절|미정|prihvaćeno|odbijeno|uvjetno|прихваћено|одбијено|sprejeto|zavrnjeno|prijaté|odmietnuté|predbežne|прието|отхвърлено|vastu võetud|tagasi lükatud|pieņemts|noraidīts|priimta|atmesta|acceptada|rebutjada|diterima|ditolak|đã chấp nhận|đã từ chối|ยอมรับ|ปฏิเสธ|התקבל|התקבלה|נדחה|נדחתה|تم القبول|مقبول|تم الرفض|مرفوض|پذیرفته شد|رد شد|provizoriu)\s*[:：]`)}
)

// Reaction returns the sign of which a mail consists, "" for any other mail: that of its part for
// one, that of its words, or an emoji or a smiley that is all that was written.
func Reaction(m *mailin.Message) string {
	switch {
	case m.Reaction != "":
		return m.Reaction
	case m.Class.Kind == mailin.KindReaction:
		if i := strings.IndexFunc(m.Reply, emoji); i >= 0 {
			rest := m.Reply[i:]
			if end := strings.IndexFunc(rest, func(r rune) bool { return !emoji(r) }); end > 0 {
				return rest[:end]
			}
			return rest
		}
		return "?"
	case m.Class.Kind != mailin.KindPerson || len(m.Reply) > 60:
		return ""
	}
	sign := strings.TrimSpace(m.Reply)
	if smileys.MatchString(sign) {
		return sign
	}
	if sign == "" || strings.IndexFunc(sign, func(r rune) bool { return !emoji(r) && !unicode.IsSpace(r) }) >= 0 ||
		strings.IndexFunc(sign, pictures) < 0 {
		return ""
	}
	return sign
}

// smileys are signs of content that are typed in ASCII, perhaps several.
var smileys = late.Compile(`^(?:(?:[:;=][-o^]?[)D\]*]|[(]:|\^_?\^|<3|\(y\))\s*){1,5}$`)

// reacted reports whether a text says that somebody answered with a sign alone. That nobody did is
// a person's complaint.
func reacted(text string) bool {
	if !reactions.mayBeIn(text) {
		return false
	}
	at := reactions.pattern.FindStringIndex(text)
	return at != nil && !denies.MatchString(text[strings.LastIndexByte(text[:at[0]], '\n')+1:at[1]])
}

// denies finds words by which a line says that something did not happen.
var denies = late.Compile(`(?i)(?:^|[^\pL])(?:nobody|no one|none|not|never|(?:has|had|have)n['’]t|niemand|nicht|nie|keiner?|personne|aucun|pas|nadie|` +
	`nunca|no|ninguém|não|nessuno|non|geen|niet|nooit|ingen|inte|aldrig|ikke|aldri|kukaan|ei|nikt|nikdo|nikto|nie|senki|nem|nimeni|nu|никто|не|` +
	`ніхто|ніколи|никой|nitko|niko|nije|nihče|ni|ningú|keegi|niekas|neviens|kimse|hiçbir|κανείς|κανένας|δεν|אף|לא|لم|لا|لن|không|tidak|belum)` +
	`(?:[^\pL]|$)|没有|沒有|没人|沒人|未`)

// tapback reports whether a text is a quoted mail and a few words of a telephone, that somebody
// likes it. What a person writes of a quotation goes on behind it.
func tapback(text string) bool {
	text = strings.TrimSpace(text)
	begin := strings.IndexAny(text, quotationMarks)
	end := strings.LastIndexAny(text, quotationMarks)
	if begin < 0 || end <= begin+4 || begin > 80 {
		return false
	}
	_, mark := utf8.DecodeRuneInString(text[end:])
	before, after := strings.TrimSpace(text[:begin]), strings.TrimSpace(text[end+mark:])
	words := before + " " + after
	return len(words) > 3 && len(words) < 90 && len(strings.Fields(words)) < 9 && !strings.ContainsAny(words, ".!?\n。！？") &&
		!ofOneself.MatchString(before) && tapbacks.MatchString(words)
}

const quotationMarks = "\"“”„‟«»「」『』‹›"

// ofOneself: how people begin who write themselves.
var ofOneself = late.Compile(`(?i)^(?:i|we|you|ich|wir|nous|yo|nosotros|eu|nós|io|noi|ik|wij|we|jag|vi|jeg|ja|my|já|minä|я|мы|ben|biz)\s`)

// emoji reports whether a character is a picture, or belongs to one.
func emoji(r rune) bool {
	return pictures(r) || r == 0x200d || r == 0xfe0f || r == 0x20e3
}

func pictures(r rune) bool {
	return r >= 0x1f000 && r <= 0x1faff || r >= 0x2600 && r <= 0x27bf || r >= 0x2b00 && r <= 0x2bff || r == 0x2764
}
