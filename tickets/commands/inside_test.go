package commands

import (
	"slices"
	"strings"
	"testing"
)

// likeNote reports whether a text is doubted as one that is for the house.
func likeNote(text string) bool {
	return slices.ContainsFunc(Parse(text, desk()).Doubts, func(d Doubt) bool { return d.Reason == LikeNote })
}

// What says further down that it is for the house, or not for the customer, is not sent; a mere "Note:" there is the customer's.
func TestInsideFurtherDown(t *testing.T) {
	for _, line := range []string{
		"Internal: she sends everything back", "(internal) she sends everything back", "[internal note: she sends everything back]", "PS (internal): she sends everything back",
		"PS: internal only: she sends everything back", "FYI - just for us: she sends everything back", "Only for us: she sends everything back", "For us only: she sends everything back",
		"Note: for the team: she sends everything back", "She sends everything back. #internal", "She sends everything back #note", "(not for the customer: she sends everything back)",
		"It is the pump. (internal: she sends everything back)", "Es ist die Pumpe [intern: sie schickt alles zurück].",
		"Intern: sie schickt alles zurück", "PS nur für uns: sie schickt alles zurück", "Nur intern: sie schickt alles zurück", "Note interne : elle renvoie tout", "Strictement interne : elle renvoie tout",
		"Nota interna: lo devuelve todo", "Solo para uso interno: lo devuelve todo", "Solo per uso interno: rende tutto", "Uso interno: devolve tudo", "Alleen voor ons: zij stuurt alles terug",
		"Internt: hon skickar tillbaka allt", "Kun internt: hun sender alt tilbage", "Tylko dla nas: odsyła wszystko", "Pouze pro nás: všechno vrací", "Для внутреннего использования: всё возвращает",
		"Внутренняя заметка: всё возвращает", "Sadece bizim için: her şeyi geri gönderiyor", "※社内メモ：いつも返品です", "【社内限】いつも返品です", "【仅限内部】总是退货", "内部备注：总是退货", "내부 메모: 늘 반품합니다",
		"Please do not tell the customer yet.", "Never forward this to the client!", "Do not mention the price to the customer, please.", "Bitte nicht an den Kunden weiterleiten.", "Sag der Kundin bitte nichts davon.",
		"Dem Kunden bitte nichts sagen.", "Ne le transmettez pas au client.", "No se lo envíes al cliente.", "Non inoltrare al cliente.", "Não encaminhar ao cliente.", "Niet doorsturen naar de klant.", "Skicka inte detta till kunden.",
		"Nie wysyłaj tego do klienta.", "Neposílat to zákazníkovi.", "Не пересылайте это клиенту.", "Bunu müşteriye iletme.", "お客様には伝えない方針です", "고객에게 보내지 마세요", "不要发给客户", "Keep this internal, please.", "Das bleibt unter uns.",
		"Do not mention this to the customer as he never pays.", "Please don't let the customer know.", "The customer must not know this.", "Bitte nicht dem Kunden sagen.", "Der Kunde darf das nicht erfahren.", "N'envoyez pas cela au client.", "N'en parlez pas au client.", "Le client ne doit pas le savoir.", "Stuur dit niet door naar de klant.",
	} {
		for _, frame := range []string{"%", "Dear Jim,\n\nit comes on Monday.\n\n%", "It comes on Monday.\n%\n\nRegards", "/take\n\nIt comes.\n\n%",
			"The external van stands outside.\n\n%"} {
			if text := strings.ReplaceAll(frame, "%", line); !likeNote(text) {
				t.Errorf("%q is not doubted", text)
			}
		}
		if text := "/note\nIt comes.\n\n" + line; likeNote(text) {
			t.Errorf("%q is a note, and doubted", text)
		}
	}
	if !likeNote("It comes on Monday.\n\n#internal she sends everything back") {
		t.Error("a tag below the text is not doubted")
	}
	for _, line := range []string{
		"Note: we close at noon.", "PS: we close at noon.", "NB: the lamp is red.", "Internal error 500 is fixed.", "The internal port is 8080.", "Intern: 10.0.0.1", "Interne Adresse: 10.0.0.1\nExterne Adresse: 84.0.0.1",
		"Internal: the left port\nExternal: the right port", "Nur für Mac-Nutzer: F1 drücken.", "Only for Windows: press F1.", "Solo para Mac: pulse F1.", "For you: the manual. For us: the pump.", "#internal { color: red }", "#include <note.h>",
		"# Notes", "Take /internal/api.", "See https://acme.example/a#note.", "Do not send the client certificate by mail.", "Do not tell the customer number to anybody.", "Your customers get nothing.", "Ihre Kunden sehen das nicht.",
		"The disk (internal: SSD) is new.", "The printer (see note: page 4) is fine.", "The ports (internal: 8080, external: 80) are open.", "The message should not be shown in the client.", "Never send passwords through the client.", "Leave this internal cable plugged in.", "Use the network that is internal, not the guest one.",
		"Die Bestätigung wurde nicht an den Kunden gesendet, weil die Adresse fehlte.", "Die Mails gehen nicht an die Kunden raus.", "Ce port ne dispose pas d'un accès aux clients VPN.", "Le serveur ne transmet pas l'adresse au client VPN.",
		"No pasa nada, al cliente VPN le falta un archivo.", "El servidor no envía la configuración al cliente.", "Il programma non invia la fattura al cliente.", "De e-mail wordt niet naar de klant gestuurd.",
		"U kunt niet inloggen met klant 4711.", "Fakturan gick inte till kunden.",
		"Please do not forward this mail to your customers.", "Kunden schicken das nicht zurück.", "This is internal to the pump.", "Notre client ne marche pas.", "Le client VPN ne se lance pas.", "内部エラーです。", "内部错误已修复。", "내부 오류입니다.",
	} {
		for _, frame := range []string{"Dear Jim,\n\nit comes on Monday.\n\n%", "It comes on Monday.\n%\n\nRegards"} {
			if text := strings.ReplaceAll(frame, "%", line); likeNote(text) {
				t.Errorf("%q is doubted", text)
			}
		}
	}
}

// A subject that says it, and a note below a signature, where nobody would get it.
func TestInsideElsewhere(t *testing.T) {
	for subject, want := range map[string]bool{
		"Re: [#12] Printer [internal]": true, "AW: [#12] Drucker (intern)": true, "Note: [#12] Printer": true, "Re: internal: [#12] Printer": true, "回复: 【内部】[#12] 打印机": true,
		"Re: [#12] Printer": false, "Re: [EXTERNAL] [#12] Printer": false, "Re: [#12] Internal server error": false, "Re: [#12] Note for Mac users": false, "Re: [#12] Printer (hall 2)": false, "": false,
	} {
		if got := len(InSubject(subject, "[#12] Printer", desk())) > 0; got != want {
			t.Errorf("%q: %v", subject, got)
		}
	}
	if d := InSubject("Re: [#12] The phone list [internal]", "[#12] The phone list [internal]", desk()); len(d) > 0 {
		t.Errorf("what the customer called it is doubted: %v", d)
	}
	for signature, want := range map[string]bool{
		"Best regards\nAnn\n\nInternal: she sends everything back": true, "-- \nAnn\n-----\nfor us only: she sends everything back": true, "Ann Able\nIntern: 4711": false, "Ann Able\nInternal": false,
		"Ann Able\nInterno: int. 12": false, "Ann Able\nInternal: https://desk.example/ann": false, "Ann Able\nIntern: ann@home.example": false,
		"Ann Able\nSensitivity: Internal": false, "Ann Able\nPhone (internal): 12": false, "": false,
	} {
		if got := len(InsideSignature(signature, desk())) > 0; got != want {
			t.Errorf("%q: %v", signature, got)
		}
	}
}

// Things with their labels are no note, and neither is what is asked of the reader; what is said below such a label is.
func TestInsideList(t *testing.T) {
	for text, want := range map[string]bool{
		"Internal: Samsung SSD\nExternal: USB stick": false, "CPU: Intel i5\nInternal: Samsung SSD\nRAM: 8 GB": false, "Private: yes\nBusiness: no": false, "Memo: 64 GB\nDisk: 1 TB": false,
		"Nur für uns: Welche Version haben Sie?": false, "Just for us: which version do you have?": false, "Pour nous : quelle version avez-vous ?": false,
		"Für die Kollegen: bitte neu starten": false,
		"Internal: Samsung SSD":               true, "Internal: they never pay\nPriority: low": true, "Internal: they never pay\nExternal: say we look": true, "Private: they drink a lot\nBusiness: no": true,
		"Nur für uns: Sie zahlt nie, oder?": true, "Für die Kollegen: bitte übernehmen": true, "Für die Kollegen: der zahlt nie": true, "Just for us: they never pay, do they?": true,
		"Aktennotiz: Kundin zahlt nie": true, "Internal use only. They never pay.": true, "Off the record, they never pay.": true,
	} {
		if likeNote(text) != want {
			t.Errorf("%q: doubted is %v", text, !want)
		}
	}
}
