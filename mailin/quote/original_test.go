package quote

import (
	"testing"

	"tierdesk/mailin"
)

// What mail clients make of a forward, in their languages.
func TestOriginals(t *testing.T) {
	const body = "The lift is stuck.\n\nRia"
	for name, text := range map[string]string{
		"gmail":             "---------- Forwarded message ---------\nFrom: Ria Rook <ria@client.example>\nDate: Mon, 2 Nov 2026 at 09:12\nSubject: Lift\nTo: Ann <ann@staff.example>\n\n\n" + body,
		"gmail bold":        "---------- Forwarded message ---------\nFrom: *Ria Rook* <ria@client.example>\nDate: Mon, 2 Nov 2026 at 09:12\nSubject: Lift\nTo: <ann@staff.example>\n\n\n" + body,
		"gmail de":          "---------- Forwarded message ---------\nVon: Ria Rook <ria@client.example>\nDate: Mo., 2. Nov. 2026 um 09:12 Uhr\nSubject: Lift\nTo: <ann@staff.example>\n\n" + body,
		"outlook en":        "________________________________\nFrom: Ria Rook <ria@client.example>\nSent: Monday, November 2, 2026 9:12 AM\nTo: Ann Able <ann@staff.example>\nSubject: Lift\n\n" + body,
		"outlook old":       "-----Original Message-----\nFrom: Ria Rook [mailto:ria@client.example]\nSent: Monday, November 2, 2026 9:12 AM\nTo: Ann Able\nCc: Bob\nSubject: Lift\nImportance: High\n\n" + body,
		"outlook de":        "Von: Ria Rook <ria@client.example>\nGesendet: Montag, 2. November 2026 09:12\nAn: Ann Able <ann@staff.example>\nBetreff: Lift\n\n" + body,
		"outlook fr":        "De : Ria Rook <ria@client.example>\nEnvoyé : lundi 2 novembre 2026 09:12\nÀ : Ann Able <ann@staff.example>\nObjet : Lift\n\n" + body,
		"outlook es":        "De: Ria Rook <ria@client.example>\nEnviado: lunes, 2 de noviembre de 2026 9:12\nPara: Ann Able <ann@staff.example>\nAsunto: Lift\n\n" + body,
		"outlook it":        "Da: Ria Rook <ria@client.example>\nInviato: lunedì 2 novembre 2026 09:12\nA: Ann Able <ann@staff.example>\nOggetto: Lift\n\n" + body,
		"outlook nl":        "Van: Ria Rook <ria@client.example>\nVerzonden: maandag 2 november 2026 09:12\nAan: Ann Able <ann@staff.example>\nOnderwerp: Lift\n\n" + body,
		"outlook pl":        "Od: Ria Rook <ria@client.example>\nWysłano: poniedziałek, 2 listopada 2026 09:12\nDo: Ann Able <ann@staff.example>\nTemat: Lift\n\n" + body,
		"outlook sv":        "Från: Ria Rook <ria@client.example>\nSkickat: den 2 november 2026 09:12\nTill: Ann Able <ann@staff.example>\nÄmne: Lift\n\n" + body,
		"outlook ru":        "От: Ria Rook <ria@client.example>\nОтправлено: 2 ноября 2026 г. 9:12\nКому: Ann Able <ann@staff.example>\nТема: Lift\n\n" + body,
		"outlook ja":        "差出人: Ria Rook <ria@client.example>\n送信日時: 2026年11月2日 9:12\n宛先: Ann Able <ann@staff.example>\n件名: Lift\n\n" + body,
		"outlook zh":        "发件人：Ria Rook <ria@client.example>\n发送时间：2026年11月2日 9:12\n收件人：Ann Able\n主题：Lift\n\n" + body,
		"apple mail":        "Begin forwarded message:\n\n> From: Ria Rook <ria@client.example>\n> Subject: Lift\n> Date: 2 November 2026 at 09:12:00 CET\n> To: Ann Able <ann@staff.example>\n> \n> The lift is stuck.\n> \n> Ria",
		"apple mail de":     "Anfang der weitergeleiteten Nachricht:\n\n> Von: Ria Rook <ria@client.example>\n> Betreff: Lift\n> Datum: 2. November 2026 um 09:12:00 MEZ\n> An: ann@staff.example\n> \n> The lift is stuck.\n> \n> Ria",
		"iphone":            "Begin forwarded message:\n\nFrom: Ria Rook <ria@client.example>\nDate: 2 November 2026 at 09:12:00 CET\nTo: ann@staff.example\nSubject: Lift\n\n" + body,
		"thunderbird":       "-------- Forwarded Message --------\nSubject: \tLift\nDate: \tMon, 2 Nov 2026 09:12:00 +0100\nFrom: \tRia Rook <ria@client.example>\nTo: \tann@staff.example\n\n\n\n" + body,
		"thunderbird de":    "-------- Weitergeleitete Nachricht --------\nBetreff: \tLift\nDatum: \tMon, 2 Nov 2026 09:12:00 +0100\nVon: \tRia Rook <ria@client.example>\nAn: \tann@staff.example\n\n" + body,
		"mutt":              "----- Forwarded message from Ria Rook <ria@client.example> -----\n\nDate: Mon, 2 Nov 2026 09:12:00 +0100\nFrom: Ria Rook <ria@client.example>\nTo: ann@staff.example\nSubject: Lift\nUser-Agent: NeoMutt\n\n" + body + "\n\n----- End forwarded message -----",
		"android":           "-------- Original message --------\nFrom: Ria Rook <ria@client.example>\nDate: 02/11/2026 09:12 (GMT+01:00)\nTo: ann@staff.example\nSubject: Lift\n\n" + body,
		"yahoo":             "----- Forwarded Message -----\nFrom: \"Ria Rook\" <ria@client.example>\nTo: \"Ann Able\" <ann@staff.example>\nSent: Monday, November 2, 2026, 09:12:00 AM GMT+1\nSubject: Lift\n\n" + body,
		"name below":        "From: Ria Rook\n<ria@client.example>\nSent: Monday\nTo: Ann\nSubject: Lift\n\n" + body,
		"on behalf":         "From: Frontoffice <office@client.example> On Behalf Of Ria Rook <ria@client.example>\nSent: Monday\nTo: Ann\nSubject: Lift\n\n" + body,
		"address as a link": "From: Ria Rook <ria@client.example<mailto:ria@client.example>>\nSent: Monday\nTo: Ann\nSubject: Lift\n\n" + body,
	} {
		got := originalsIn(text)
		if len(got) != 1 {
			t.Errorf("%s: %d originals: %+v", name, len(got), got)
			continue
		}
		o := got[0]
		if o.From.Address != "ria@client.example" || o.From.Name != "Ria Rook" || o.Subject != "Lift" {
			t.Errorf("%s: %+v", name, o)
		}
		if o.Text != body {
			t.Errorf("%s: text %q", name, o.Text)
		}
	}
}

// A client that shows to whom answers go says so in its language.
func TestOriginalsReplyTo(t *testing.T) {
	for _, label := range []string{"Reply-To", "Antwort an", "Répondre à", "Responder a", "Rispondi a", "Antwoord aan"} {
		got := originalsIn("From: Form <form@client.example>\nDate: Monday\n" + label + ": Ria Rook <ria@client.example>\nSubject: Lift\n\nStuck.")
		if len(got) != 1 || got[0].ReplyTo != (mailin.Address{Name: "Ria Rook", Address: "ria@client.example"}) || got[0].From.Address != "form@client.example" ||
			got[0].Subject != "Lift" || got[0].Text != "Stuck." {
			t.Errorf("%s: %+v", label, got)
		}
	}
}

// What is no forward, or names nobody, has no original; what was forwarded twice has two.
func TestOriginalsInDoubt(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":           "",
		"a name alone":      "From: Ria Rook\nSent: Monday, November 2, 2026 9:12 AM\nTo: Ann Able\nSubject: Lift\n\nThe lift is stuck.",
		"a From line alone": "From: Ria Rook <ria@client.example>\n\nThe lift is stuck.",
		"a sentence":        "Please write to ria@client.example: the lift is stuck.",
		"a form":            "Name: Ria\nMail: ria@client.example\nFloor: 2",
	} {
		if got := originalsIn(text); len(got) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	twice := "From: Bob <bob@staff.example>\nSent: Monday\nTo: Ann\nSubject: FW: Lift\n\nLook.\n\nFrom: Ria Rook <ria@client.example>\nSent: Sunday\nTo: Bob\nSubject: Lift\n\nThe lift is stuck."
	got := originalsIn(twice)
	if len(got) != 2 || got[0].From.Address != "bob@staff.example" || got[1].From.Address != "ria@client.example" || got[1].Text != "The lift is stuck." {
		t.Errorf("forwarded twice: %+v", got)
	}
	if got := Originals(&mailin.Message{Text: twice, Forwarded: "From: A <a@x.example>\nDate: Monday\n\nHello"}); len(got) != 1 || got[0].From.Address != "a@x.example" {
		t.Errorf("what the reader has found to be forwarded comes first: %+v", got)
	}
}
