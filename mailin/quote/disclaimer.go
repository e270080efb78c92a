package quote

import (
	"math/bits"
	"slices"
	"strings"

	"tierdesk/mailin/internal/late"
	"tierdesk/mailin/internal/wordset"
)

// disclaimer returns the line at which a closing disclaimer begins, -1 if there is none.
func (t *splitter) disclaimer(from, to int) int {
	found := t.notice(from, to)
	if found >= 0 {
		to = found // what another pattern finds above it goes with it
	}
	for i := from; i < to; i++ {
		if t.kinds[i] != kindText || i > from && t.bare[i-1] != "" && !ruler(t.bare[i-1]) {
			continue
		}
		b := t.bare[i]
		if disclaims(b) && !t.has(kindQuoted, i, to) && t.noticeFrom(i, to) {
			if i > from && ruler(t.bare[i-1]) {
				i--
			}
			if found >= 0 && i == from {
				return found
			}
			return i
		}
	}
	return found
}

// onlyDisclaims reports whether a text is a notice of lawyers from its first paragraph to its last:
// no message of the writer's, however long it is.
func onlyDisclaims(text string) bool {
	any := false
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		lines := strings.Split(trimSpace(paragraph), "\n")
		if lines[0] == "" {
			continue
		}
		if !legalese(lines, leastLegalese) && !(disclaims(lines[0]) && legalese(lines, 2)) {
			return false
		}
		any = true
	}
	return any
}

// noticeFrom reports whether the paragraph at line i is a notice and no words of the writer stand
// below it: people write of confidential mails, too, and their names below.
func (t *splitter) noticeFrom(i, to int) bool {
	end := t.paragraph(i, to)
	if p := t.bare[i:end]; !legalese(p, 2) && !noticeWords.MatchString(strings.Join(p, " ")) {
		return false
	}
	return !t.writerBelow(end, to)
}

// writerBelow reports whether a paragraph from line i on is the writer's own: no notice, no
// tagline, and nothing in it that business cards have, an address, a number.
func (t *splitter) writerBelow(i, to int) bool {
	for n := 0; i < to && n < 10; n++ {
		if t.bare[i] == "" || ruler(t.bare[i]) {
			i++
			continue
		}
		end := t.paragraph(i, to)
		text := strings.Join(t.bare[i:end], " ")
		if !strings.ContainsAny(text, "@0123456789/|©®") && !disclaims(t.bare[i]) && !t.isTagline(t.bare[i]) &&
			!legalese(t.bare[i:end], 2) && !noticeWords.MatchString(text) {
			return true
		}
		i = end
	}
	return false
}

// maxNotices is how many paragraphs at the end may be notices of lawyers: those above are the
// letter.
const maxNotices = 4

// leastLegalese is how many of the five things a notice says.
const leastLegalese = 3

// notice returns the line at which the last paragraphs begin that are notices of lawyers by their
// words, -1 if there are none. What stands below the first of them is part of it: addresses,
// registers of companies.
func (t *splitter) notice(from, to int) int {
	found := -1
	bottom := to // of the paragraphs that may ask: that matters only where a notice stands above
	for n := 0; n < maxNotices; n++ {
		for to > from && t.bare[to-1] == "" {
			to--
		}
		first, size := to, 0
		for first > from && t.bare[first-1] != "" && t.kinds[first-1] == kindText {
			first--
			size += len(t.bare[first])
		}
		if first == to || first <= from {
			break
		}
		paragraph := t.bare[first:to]
		legal := size >= 100 && size < 6000 && legalese(paragraph, leastLegalese)
		if !legal && !slices.ContainsFunc(paragraph, contacts) &&
			(found < 0 || !disclaims(paragraph[0]) && !noticeWords.MatchString(strings.Join(paragraph, " "))) {
			break // words of the writer: those above are part of their letter
		}
		if legal {
			if t.asksIn(first, bottom) {
				break
			}
			found, bottom = first, first
		}
		to = first
	}
	if found > from && ruler(t.bare[found-1]) {
		found--
	}
	if found >= 0 && t.onlyGreets(from, found) {
		return -1 // a letter stands below its greeting
	}
	return found
}

// contacts reports whether a line holds what addresses and numbers of telephones are made of.
func contacts(b string) bool { return strings.ContainsAny(b, "@0123456789/") }

// asksIn reports whether the writer asks in one of the paragraphs between two lines.
func (t *splitter) asksIn(from, to int) bool {
	for from < to {
		end := t.paragraph(from, to)
		if asks.MatchString(strings.Join(t.bare[from:end], " ")) {
			return true
		}
		from = end + 1
	}
	return false
}

// asks finds a question, or a writer who speaks of themselves: notices do neither.
var asks = late.Compile(`[?？](?:[\s"'»)]|$)|(?:^|[\s,("])(?:I|I'[a-z]+|(?i:ich|ik|jag|jeg|j'ai|je (?:vous|voudrais|suis)))[\s,]`)

// onlyGreets reports whether the lines hold no more than one that ends as a greeting does.
func (t *splitter) onlyGreets(from, to int) bool {
	greets := false
	for i := from; i < to; i++ {
		switch b := t.bare[i]; {
		case b == "" || ruler(b):
		case greets || !strings.HasSuffix(b, ",") && !strings.HasSuffix(b, "!") && !strings.HasSuffix(b, ":"):
			return false
		default:
			greets = true
		}
	}
	return greets
}

// noticeStems are stems of the words of notices that lawyers made, in thirty languages, a row for
// each thing that they say: that the mail is confidential, for whom it is, that it may have gone
// astray, what to do then, what is forbidden. In lower case.
var noticeStems = stemsOfEach(
	"confidential privileged proprietary vertraulich confidentiel confidencial riservat confidenzial vertrouwelijk konfident fortrolig poufn důvěrn dôvern bizalmas конфиденц конфіденц поверител εμπιστευτικ gizli luottamuksel povjerljiv poverljiv zaupn konfidenc 机密 機密 保密 기밀 חסוי סודי سري rahasia bảo_mật",
	"intended recipient addressee solely adressat empfänger bestimmt destinataire destinatari geadresseerde mottagar modtager mottaker adresatů adresat adresát címzett destinatar получател адресат одержувач παραλήπτ alıcı vastaanottaja primatelj primalac naslovnik 收件人 受信者 宛先 수신인 수신자 נמען المستلم penerima người_nhận",
	"in_error by_mistake inadvertently irrtümlich versehentlich fehlgeleitet par_erreur por_error por_engano per_errore ten_onrechte abusievelijk av_misstag ved_feil ved_fejl ved_en_fejl ved_en_feil omyłk pomyłk omylem tévedés din_greșeală din_greseala по_ошибке помилк по_погрешка κατά_λάθος yanlışlıkla vahingossa erehdyks greškom pomotoma nicht_der_richtige 误收 誤って 잘못",
	"delete destroy notify_the_sender inform_the_sender advise_the_sender löschen lösche vernichten détrui supprim elimin borrar bórrelo destruir apag cancell distrugg verwijder vernietig radera förstör slett slette usunięci usunąć zniszcz smaž vymaž znič töröl șterg удал сообщите_отправител повідом изтри διαγρά silin poista hävitä obriš izbriš uništ 删除 削除 삭제 hapus",
	"unauthorised unauthorized disclos disseminat strictly_prohibited copying unbefugt unerlaubt nicht_gestattet untersagt divulg toute_utilisation interdit no_autorizad prohibid não_autorizad proibid diffus vietat openbaarmak verspreid obehörig otillåt uautoris uberettiget forbud rozpowszechni zabron neoprávněn zakáz jogosulatlan tilos neautoriz interzis запрещ заборон забран απαγορεύ yasak kielletty zabranj prepoved 禁止 금지 dilarang",
)

// stemsOfEach makes one set of several lists, each with a bit of its own.
func stemsOfEach(lists ...string) *wordset.Stems {
	all := &wordset.Stems{}
	for i, list := range lists {
		all.Add(stemList(list), 1<<i)
	}
	return all
}

// legalese reports whether a paragraph says at least so many of the five things.
func legalese(paragraph []string, least int) bool {
	var buffer [1024]byte
	low := buffer[:0]
	for _, line := range paragraph {
		low = append(wordset.Lower(low, line), ' ')
	}
	return bits.OnesCount16(noticeStems.Bits(low)) >= least
}

// noticeWords: notices that are none of lawyers, and headlines of theirs.
var noticeWords = late.Compile(`(?i)virus|viren|vírus|wirus|вирус|malware|scanned|print|imprim|druck|stampa|печат|environment|umwelt|environnement|medio ambiente|meio ambiente|milieu|miljø|miljö|środowisk|disclaimer|legal (?:notice|disclaimer)|confidential(?:ity)? (?:notice|note)|(?:privileged|private) (?:and|&)|vertraulichkeit|rechtlicher hinweis|^\W*(?:avis|aviso|avviso)\b`)

// disclaims reports whether a paragraph that begins with this line is a disclaimer.
func disclaims(b string) bool {
	if len(b) <= 20 {
		return false
	}
	word, rest, _ := strings.Cut(stripPrefix(b, " 	*_-=#"), " ")
	if strings.EqualFold(word, "the") || strings.EqualFold(word, "this") { // many sentences begin so
		second, _, _ := strings.Cut(rest, " ")
		if disclaimerThings.Bits(trimSigns(second, ".,:;*_-")) == 0 {
			return false
		}
	}
	b = b[:min(len(b), 160)]
	return disclaimerWords.Bits(trimSigns(word, ".,:;*_-")) != 0 && mayDisclaim(b) && disclaimerPattern.MatchString(b)
}

// mayDisclaim reports whether a line holds a word that disclaimerPattern needs: it has many
// alternatives and is slow.
func mayDisclaim(b string) bool {
	var buffer [256]byte
	return disclaimerStems.In(wordset.Lower(buffer[:0], b))
}

// disclaimerStems: one of them stands in all that disclaimerPattern finds.
var disclaimerStems = stemsOf("e-mail email vir vír wirus avast confiden disclaimer legal intended privileged proprietary in_error environment vertraulich bestimmt enthält rechtlicher umwelt destin pièce dirigid contiene contém informa presente riservatezza vertrouwelijk bestemd" +
	" konfidentiel niniejsza конфиденциал scanned checked certified protected вирус проверено print druck imprim stampare voordat milieu miljö miljø ambiente środowisk zanim tiskem природе печатать messaggio")

// disclaimerThings stand behind "this" and "the" at the front of disclaimers.
var disclaimerThings = wordsOf("information content contents message e-mail email mail communication transmission electronic")

// disclaimerWords are the first words of disclaimers.
var disclaimerWords = wordsOf("confidentiality disclaimer legal privileged private the this if please diese vertraulichkeitshinweis vertraulichkeithinweis rechtlicher bitte ce avis este aviso esta questo la le avviso dit de detta niniejsza это scanned virus-free virusfree avast cet courriel l'absence virenfrei keine correo mensaje el o este sem livre libre questo privo deze virusvrij denne denna den ta ten wolny tato tento проверено before think do save pensez merci n'imprimez avant antes prima voordat denk tänk tænk tenk piense pense pensa pomyśl před подумайте прежде")

// disclaimerPattern finds the beginning of a disclaimer.
var disclaimerPattern = late.Compile(`(?i)^[\s*_\-=#]*(?:confidentiality (?:notice|note)|confidentiality:|disclaimer\b|legal (?:notice|disclaimer)|privileged (?:and|&) confidential|private (?:and|&) confidential|` +
	`(?:the|this) (?:information|contents?|message|e-?mail|communication|transmission|electronic)\b.{0,80}(?:confidential|intended|privileged|proprietary)|(?:this|the) e-?mail.{0,60}(?:and any|including|contains|is)\b.{0,60}|if you (?:are not|have received).{0,40}(?:intended|in error)|please consider the environment|` +
	`diese (?:e-?mail|nachricht).{0,80}(?:vertraulich|bestimmt|enthält)|vertraulichkeits?hinweis|rechtlicher hinweis|bitte denken sie an die umwelt|ce (?:message|courriel|mail|e-mail).{0,80}(?:confidentiel|destin|pièce)|avis de confidentialité|este (?:mensaje|correo|e-?mail).{0,80}(?:confidencial|dirigid|contiene|contém)|aviso (?:legal|de confidencialidad)|esta mensagem.{0,80}(?:confidencia|destina)|` +
	`(?:questo messaggio|la presente (?:e-?mail|comunicazione)|le informazioni contenute).{0,80}|avviso di riservatezza|dit (?:bericht|e-?mail).{0,80}(?:vertrouwelijk|bestemd)|de informatie (?:in|verzonden).{0,60}|detta (?:meddelande|mail).{0,60}konfidentiel|niniejsza wiadomość.{0,60}|это (?:сообщение|электронное).{0,60}конфиденциал|this (?:message|email|e-mail) (?:has been|was) scanned|scanned by|virus-?free|avast|(?:this|the) (?:e-?mail|message|mail) (?:has been|was|is) (?:checked|scanned|certified|protected|virus)|(?:cet? |l')?(?:e-?mail|message|courriel|courrier).{0,20} (?:a été|ne contient|est) .{0,60}(?:virus|avast)|l'absence de virus|diese (?:e-?mail|nachricht) wurde .{0,60}(?:viren|virus|avast)|virenfrei|keine viren|(?:este|el) (?:correo|mensaje|e-?mail).{0,60}(?:virus|avast)|libre de virus|el software de antivirus|(?:este|o) e-?mail foi .{0,60}(?:vírus|virus|avast)|sem vírus|livre de vírus|(?:questa|questo|la presente) (?:e-?mail|messaggio).{0,60}(?:virus|avast)|privo di virus|deze e-?mail is .{0,60}(?:virus|avast)|virusvrij|den(?:ne|na|tta|här) .{0,60}(?:virus|avast)|(?:ta|ten) (?:wiadomość|e-?mail) .{0,60}(?:wirus|avast)|wolny od wirusów|(?:tato zpráva|tento e-?mail) .{0,60}(?:vir|avast)|это (?:сообщение|письмо) .{0,60}(?:вирус|avast)|проверено на вирусы|` +
	`(?:please |do you really |think |before |save ).{0,40}print(?:ing)? this (?:e-?mail|message|mail)|bitte .{0,60}(?:e-?mail|mail|nachricht) (?:wirklich )?(?:aus)?(?:drucken|gedruckt)|(?:pensez|merci de penser) .{0,60}imprim|(?:n'imprimez|avant d'imprimer) .{0,60}|(?:antes de imprimir|prima di stampare|voordat u (?:deze|dit)|denk aan het milieu|tänk på miljön|tænk på miljøet|tenk på miljøet|piense en el medio ambiente|pense (?:no meio ambiente|antes de imprimir)|pensa all'ambiente|pomyśl (?:o środowisku|zanim)|před tiskem|подумайте о природе|прежде чем (?:рас)?печатать).{0,80}|questo messaggio e' stato analizzato)`)
