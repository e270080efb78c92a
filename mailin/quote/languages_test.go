package quote

import (
	"html"
	"strings"
	"testing"

	"tierdesk/mailin/internal/htmltext"
)

// languages are how clients lead to a quote, in the words of each language.
var languages = map[string]struct {
	reply, attribution, fields, outlook string
}{
	"en": {"Thanks, that works now.\n\nBest regards\nAnna", "On Mon, 2 Nov 2026 at 10:00, Desk Support <support@desk.example> wrote:",
		"From: Desk Support <support@desk.example>\nSent: Monday, November 2, 2026 10:00 AM\nTo: Anna Berg <anna@far.example>\nSubject: [#4] Question", "Get Outlook for iOS"},
	"de": {"Danke, jetzt geht es wieder.\n\nViele Grüße\nAnna", "Am Mo., 2. Nov. 2026 um 10:00 Uhr schrieb Desk Support <support@desk.example>:",
		"Von: Desk Support <support@desk.example>\nGesendet: Montag, 2. November 2026 10:00\nAn: Anna Berg <anna@far.example>\nBetreff: [#4] Frage", "Outlook für iOS beziehen"},
	"fr": {"Merci, cela marche.\n\nCordialement\nAnna", "Le lun. 2 nov. 2026 à 10:00, Desk Support <support@desk.example> a écrit :",
		"De : Desk Support <support@desk.example>\nEnvoyé : lundi 2 novembre 2026 10:00\nÀ : Anna Berg <anna@far.example>\nObjet : [#4] Question", "Obtenir Outlook pour iOS"},
	"es": {"Gracias, ya funciona.\n\nUn saludo\nAnna", "El lun, 2 nov 2026 a las 10:00, Desk Support (<support@desk.example>) escribió:",
		"De: Desk Support <support@desk.example>\nEnviado: lunes, 2 de noviembre de 2026 10:00\nPara: Anna Berg <anna@far.example>\nAsunto: [#4] Pregunta", "Obtener Outlook para iOS"},
	"pt": {"Obrigada, já funciona.\n\nCumprimentos\nAnna", "Desk Support <support@desk.example> escreveu (segunda, 2/11/2026 à(s) 10:00):",
		"De: Desk Support <support@desk.example>\nEnviado: segunda-feira, 2 de novembro de 2026 10:00\nPara: Anna Berg <anna@far.example>\nAssunto: [#4] Pergunta", "Obter o Outlook para iOS"},
	"it": {"Grazie, ora funziona.\n\nCordiali saluti\nAnna", "Il giorno lun 2 nov 2026 alle ore 10:00 Desk Support <support@desk.example> ha scritto:",
		"Da: Desk Support <support@desk.example>\nInviato: lunedì 2 novembre 2026 10:00\nA: Anna Berg <anna@far.example>\nOggetto: [#4] Domanda", "Ottieni Outlook per iOS"},
	"nl": {"Dank u, het werkt weer.\n\nMet vriendelijke groet\nAnna", "Op ma 2 nov 2026 om 10:00 schreef Desk Support <support@desk.example>:",
		"Van: Desk Support <support@desk.example>\nVerzonden: maandag 2 november 2026 10:00\nAan: Anna Berg <anna@far.example>\nOnderwerp: [#4] Vraag", "Outlook voor iOS downloaden"},
	"sv": {"Tack, nu fungerar det.\n\nHälsningar\nAnna", "Den mån 2 nov. 2026 kl 10:00 skrev Desk Support <support@desk.example>:",
		"Från: Desk Support <support@desk.example>\nSkickat: den 2 november 2026 10:00\nTill: Anna Berg <anna@far.example>\nÄmne: [#4] Fråga", "Skaffa Outlook för iOS"},
	"da": {"Tak, nu virker det.\n\nVenlig hilsen\nAnna", "Den man. 2. nov. 2026 kl. 10.00 skrev Desk Support <support@desk.example>:",
		"Fra: Desk Support <support@desk.example>\nSendt: 2. november 2026 10:00\nTil: Anna Berg <anna@far.example>\nEmne: [#4] Spørgsmål", "Hent Outlook til iOS"},
	"no": {"Takk, nå virker det.\n\nHilsen\nAnna", "man. 2. nov. 2026 kl. 10:00 skrev Desk Support <support@desk.example>:",
		"Fra: Desk Support <support@desk.example>\nSendt: mandag 2. november 2026 10:00\nTil: Anna Berg <anna@far.example>\nEmne: [#4] Spørsmål", "Skaff deg Outlook for iOS"},
	"fi": {"Kiitos, nyt se toimii.\n\nTerveisin\nAnna", "ma 2. marrask. 2026 klo 10.00 Desk Support (support@desk.example) kirjoitti:",
		"Lähettäjä: Desk Support <support@desk.example>\nLähetetty: maanantai 2. marraskuuta 2026 10.00\nVastaanottaja: Anna Berg <anna@far.example>\nAihe: [#4] Kysymys", "Hanki Outlook for iOS"},
	"pl": {"Dziękuję, już działa.\n\nPozdrawiam\nAnna", "pon., 2 lis 2026 o 10:00 Desk Support <support@desk.example> napisał(a):",
		"Od: Desk Support <support@desk.example>\nWysłano: poniedziałek, 2 listopada 2026 10:00\nDo: Anna Berg <anna@far.example>\nTemat: [#4] Pytanie", "Pobierz aplikację Outlook dla systemu iOS"},
	"cs": {"Děkuji, už to funguje.\n\nS pozdravem\nAnna", "po 2. 11. 2026 v 10:00 odesílatel Desk Support <support@desk.example> napsal:",
		"Od: Desk Support <support@desk.example>\nOdesláno: pondělí 2. listopadu 2026 10:00\nKomu: Anna Berg <anna@far.example>\nPředmět: [#4] Dotaz", "Získejte Outlook pro iOS"},
	"sk": {"Ďakujem, už to funguje.\n\nS pozdravom\nAnna", "po 2. 11. 2026 o 10:00 Desk Support <support@desk.example> napísal(a):",
		"Od: Desk Support <support@desk.example>\nOdoslané: pondelok 2. novembra 2026 10:00\nKomu: Anna Berg <anna@far.example>\nPredmet: [#4] Otázka", "Získajte Outlook pre iOS"},
	"hu": {"Köszönöm, már működik.\n\nÜdvözlettel\nAnna", "Desk Support <support@desk.example> ezt írta (időpont: 2026. nov. 2., H, 10:00):",
		"Feladó: Desk Support <support@desk.example>\nElküldve: 2026. november 2., hétfő 10:00\nCímzett: Anna Berg <anna@far.example>\nTárgy: [#4] Kérdés", "Az Outlook iOS-re letöltése"},
	"ro": {"Mulțumesc, acum funcționează.\n\nCu stimă\nAnna", "lun., 2 nov. 2026 la 10:00, Desk Support <support@desk.example> a scris:",
		"De la: Desk Support <support@desk.example>\nTrimis: luni, 2 noiembrie 2026 10:00\nCătre: Anna Berg <anna@far.example>\nSubiect: [#4] Întrebare", "Obțineți Outlook pentru iOS"},
	"ru": {"Спасибо, теперь работает.\n\nС уважением\nАнна", "пн, 2 нояб. 2026 г. в 10:00, Desk Support <support@desk.example>:",
		"От: Desk Support <support@desk.example>\nОтправлено: понедельник, 2 ноября 2026 г. 10:00\nКому: Anna Berg <anna@far.example>\nТема: [#4] Вопрос", "Скачать Outlook для iOS"},
	"uk": {"Дякую, тепер працює.\n\nЗ повагою\nАнна", "пн, 2 лист. 2026 р. о 10:00 Desk Support <support@desk.example> пише:",
		"Від: Desk Support <support@desk.example>\nНадіслано: понеділок, 2 листопада 2026 р. 10:00\nКому: Anna Berg <anna@far.example>\nТема: [#4] Питання", "Отримати Outlook для iOS"},
	"tr": {"Teşekkürler, şimdi çalışıyor.\n\nSaygılarımla\nAnna", "Desk Support <support@desk.example>, 2 Kas 2026 Pzt, 10:00 tarihinde şunu yazdı:",
		"Kimden: Desk Support <support@desk.example>\nGönderildi: 2 Kasım 2026 Pazartesi 10:00\nKime: Anna Berg <anna@far.example>\nKonu: [#4] Soru", "iOS için Outlook'u edinin"},
	"el": {"Ευχαριστώ, τώρα λειτουργεί.\n\nΜε εκτίμηση\nΆννα", "Στις Δευ 2 Νοε 2026 στις 10:00 π.μ., ο/η Desk Support <support@desk.example> έγραψε:",
		"Από: Desk Support <support@desk.example>\nΣτάλθηκε: Δευτέρα, 2 Νοεμβρίου 2026 10:00\nΠρος: Anna Berg <anna@far.example>\nΘέμα: [#4] Ερώτηση", "Λήψη του Outlook για iOS"},
	"ja": {"ありがとうございます。動きました。", "2026年11月2日(月) 10:00 Desk Support <support@desk.example>:",
		"差出人: Desk Support <support@desk.example>\n送信日時: 2026年11月2日 10:00\n宛先: Anna Berg <anna@far.example>\n件名: [#4] 質問", "Outlook for iOS を入手"},
	"zh": {"谢谢，现在可以用了。", "Desk Support <support@desk.example> 于2026年11月2日周一 10:00写道：",
		"发件人: Desk Support <support@desk.example>\n发送时间: 2026年11月2日 10:00\n收件人: Anna Berg <anna@far.example>\n主题: [#4] 问题", "获取 Outlook for iOS"},
	"zh-tw": {"謝謝，現在可以用了。", "Desk Support <support@desk.example> 於 2026年11月2日 週一 上午10:00寫道：",
		"寄件者: Desk Support <support@desk.example>\n寄件日期: 2026年11月2日 上午 10:00\n收件者: Anna Berg <anna@far.example>\n主旨: [#4] 問題", "取得 iOS 版 Outlook"},
	"ko": {"감사합니다. 이제 작동합니다.", "2026년 11월 2일 (월) 오전 10:00, Desk Support <support@desk.example>님이 작성:",
		"보낸 사람: Desk Support <support@desk.example>\n보낸 날짜: 2026년 11월 2일 월요일 오전 10:00\n받는 사람: Anna Berg <anna@far.example>\n제목: [#4] 질문", "iOS용 Outlook 다운로드"},
}

// Wherever a client breaks its attribution, below a block of fields, and below the line of Outlook on a telephone: what was written
// is the reply, in every language.
func TestLanguages(t *testing.T) {
	t.Parallel()
	const quoted = "> Hello Anna,\n>\n> please restart the printer.\n>\n> Desk Support\n"
	for name, l := range languages {
		at := strings.Index(l.attribution, "<support")
		if at < 0 {
			at = strings.Index(l.attribution, "(support")
		}
		broken := strings.TrimRight(l.attribution[:at], " (") + "\n" + l.attribution[at:]
		const quote = `<blockquote type="cite"><p>Hello Anna,</p><p>please restart the printer.</p></blockquote>`
		paragraphs := "<p>" + strings.ReplaceAll(strings.ReplaceAll(html.EscapeString(l.reply), "\n\n", "</p><p>"), "\n", "<br>") + "</p>"
		doc := `<div class="moz-cite-prefix">` + html.EscapeString(l.attribution) + "<br></div>" + quote + paragraphs
		if got := HTML(doc, htmltext.Text(doc), Options{}).Reply; got != l.reply {
			t.Errorf("%s, the answer below in HTML: %q", name, got)
		}
		for shape, text := range map[string]string{
			"an attribution":                  l.reply + "\n\n" + l.attribution + "\n\n" + quoted,
			"broken before the address":       l.reply + "\n\n" + broken + "\n\n" + quoted,
			"the answer below":                l.attribution + "\n" + quoted + "\n" + l.reply,
			"fields":                          l.reply + "\n\n" + l.fields + "\n\nHello Anna,\n\nplease restart the printer.\n",
			"the answer below fields":         l.fields + "\n\n" + quoted + "\n" + l.reply,
			"Outlook's line with its link":    l.reply + "\n\n" + l.outlook + "<https://aka.example/o0ukef>\n________________________________\n" + l.fields + "\n\nHello Anna,\n",
			"Outlook's line and nothing more": l.reply + "\n\n" + l.outlook + "\n",
		} {
			if got := Text(text, Options{}).Reply; got != l.reply {
				t.Errorf("%s, %s: %q", name, shape, got)
			}
		}
	}
}
