package agent

import (
	"testing"

	"tierdesk/tickets"
)

// What is addressed to a colleague, or holds their words below their name, is no answer. A name in a sentence is.
func TestColleagueIn(t *testing.T) {
	people := &tickets.Directory{Agents: []tickets.Agent{{Name: "ida", FullName: "Ida Lind"}, {Name: "tom", FullName: "Tom Reed"}, {Name: "sam", FullName: "Sam"},
		{Name: "uma", FullName: "Uma-Lou Hay"}, {Name: "leo", FullName: "Prof. Dr. Leo Ott"}, {Name: "dr", FullName: "Dr."}}}
	ida := &people.Agents[0]
	for _, c := range []struct {
		text, whose string
		parts       []tickets.Participant
	}{
		{"Tom, he never pays.", "Tom Reed", nil},
		{"\nHi Tom!\n\nHe never pays.", "Tom Reed", nil},
		{"Lieber Tom: er zahlt nie.", "Tom Reed", nil},
		{"hallo tom und sam, er zahlt nie", "Tom Reed", nil},
		{"Sam - he never pays.", "Sam", nil},
		{"It comes on Monday.\n\nTom Reed wrote:\nHe never pays.", "Tom Reed", nil},
		{"It comes on Monday.\n\n[09:00] Tom Reed: he never pays", "Tom Reed", nil},
		{"It comes on Monday.\n\n[30.11.26, 09:00 Uhr] Tom Reed\nhe never pays", "Tom Reed", nil},
		{"It comes on Monday.\n\nTom Reed, 09:00:\nHe never pays.", "Tom Reed", nil},
		{"It comes on Monday.\n\n== Tom Reed ==\nHe never pays.", "Tom Reed", nil},
		{"It comes on Monday.\n\n*From:* Tom Reed\n*To:* Ida\n\nHe never pays.", "Tom Reed", nil},
		{"It comes on Monday.\n\nVon: Tom\n\nEr zahlt nie.", "Tom Reed", nil},
		{"Hi Tom\n\nShe sends everything back, take your time.", "Tom Reed", nil},
		{"Hi, Tom.\nShe sends everything back.", "Tom Reed", nil},
		{"Hey Tom?\nHave you met her?", "Tom Reed", nil},
		{"Dear Tom Reed\n\nShe sends everything back.", "Tom Reed", nil},
		{"Good morning Tom,\nshe sends everything back", "Tom Reed", nil},
		{"Guten Morgen Tom\n\nsie schickt alles zurück", "Tom Reed", nil},
		{"Dobrý den, Tom!\nVšechno vrací.", "Tom Reed", nil},
		{"Buenos días Tom:\nlo devuelve todo", "Tom Reed", nil},
		{"Uma-Lou, she sends everything back.", "Uma-Lou Hay", nil},
		{"Hallo Uma-Lou\n\nsie schickt alles zurück", "Uma-Lou Hay", nil},
		{"Leo, she sends everything back.", "Prof. Dr. Leo Ott", nil},
		{"Lieber Dr. Leo Ott\n\nsie schickt alles zurück", "Prof. Dr. Leo Ott", nil},
		{"Tomorrow.\n\nLeo Ott wrote:\nShe sends everything back.", "Prof. Dr. Leo Ott", nil},
		{"Tomorrow.\n\nFrom: Prof. Dr. Leo Ott\n\nShe sends everything back.", "Prof. Dr. Leo Ott", nil},
		{"Dear Mr Reed,\nshe sends everything back", "Tom Reed", nil},
		{"Sehr geehrter Herr Reed\n\nsie schickt alles zurück", "Tom Reed", nil},
		{"Bonjour Monsieur Reed,\nelle renvoie tout", "Tom Reed", nil},
		{"Hallo Herr Dr. Ott,\nsie schickt alles zurück", "Prof. Dr. Leo Ott", nil},
		{"Tomさん、いつも返品です", "Tom Reed", nil},
		{"Tom，她总是退货", "Tom Reed", nil},
		{"> PS for Tom: thanks\nHe says thanks, too.", "", nil},
		{"Dear Mr Reed,\nit comes on Monday.", "", []tickets.Participant{{Name: "Jim Reed"}}},
		{"Dear Mr Reedham,\nit comes on Monday.", "", nil},
		{"Dear Reed family,\nit comes on Monday.", "", nil},
		{"Hi\u00a0Tom\u00a0–\u00a0she sends everything back", "Tom Reed", nil},
		{"\u200bTom\u200b, she sends everything back", "Tom Reed", nil},
		{"FYI @Tom Reed: she sends everything back", "Tom Reed", nil},
		{"It comes on Monday. I think @tom knows more.", "Tom Reed", nil},
		{"For Tom: she sends everything back", "Tom Reed", nil},
		{"Attn: Tom Reed\n\nShe sends everything back.", "Tom Reed", nil},
		{"z.Hd. Tom Reed\n\nSie schickt alles zurück.", "Tom Reed", nil},
		{"Thanks Tom, she sends everything back", "Tom Reed", nil},
		{"Tom? She sends everything back.", "Tom Reed", nil},
		{"Cc: Tom\n\nShe sends everything back.", "Tom Reed", nil},
		{"Szia Tom!\n\nMindent visszaküld.", "Tom Reed", nil},
		{"It comes on Monday.\n\nTom Reed  10:02 AM\nshe sends everything back", "Tom Reed", nil},
		{"It comes on Monday.\n\n30/11/2026, 10:02 - Tom: she sends everything back", "Tom Reed", nil},
		{"It comes on Monday.\n\n[10:02] Tom R.: she sends everything back", "Tom Reed", nil},
		{"It comes on Monday.\n\nMnamo 30.11.2026 saa 10:00, Tom Reed aliandika:\nShe sends everything back.", "Tom Reed", nil},
		{"It comes on Monday.\n\nTom Reed գրել է 30.11.2026 10:00-ին՝\nShe sends everything back.", "Tom Reed", nil},
		{"Tomさん\n\nお疲れ様です。いつも返品です", "Tom Reed", nil},
		{"Tom / Sam,\n\nshe sends everything back.", "Tom Reed", nil},
		{"+Tom\n\nShe sends everything back.", "Tom Reed", nil},
		{"It comes on Monday.\n\nTom: she sends everything back.\nMe: I know.", "Tom Reed", nil},
		{"It comes on Monday.\n\nPS for Tom: she sends everything back.", "Tom Reed", nil},
		{"Question to Tom Reed: does she send everything back?", "Tom Reed", nil},
		{"Es kommt am Montag.\n\nFrage an Tom: schickt sie alles zurück?", "Tom Reed", nil},
		{"It comes on Monday.\n\ntom.reed [9:02 AM]\nshe sends everything back", "Tom Reed", nil},
		{"It comes on Monday.\n\nTom Reed\n09:02\nshe sends everything back", "Tom Reed", nil},
		{"It comes on Monday.\n\nFrom:\nTom Reed\nTo:\nIda\n\nShe sends everything back.", "Tom Reed", nil},
		{"It comes on Monday.\n\nTom Reed added a comment - 30/Nov/26 9:02 AM\nShe sends everything back.", "Tom Reed", nil},
		{"It comes on Monday.\n\nTom Reed commented:\n\nShe sends everything back.", "Tom Reed", nil},
		{"They come:\nTom: 10:00 to 11:00\nSam: 11:00 to 12:00", "", nil},
		{"They come:\nTom: Monday\nSam: Tuesday", "", nil},
		{"Instructions for the pump: turn it off.", "", nil},
		{"+49 30 12 is the number of Tom.", "", nil},
		{"Tom Reed\n10:00 to 11:00, hall 2", "", nil},
		{"Tom Reed left the key at the gate.", "", nil},
		{"Tom Reed is there at 10:00: hall 2, the back door.", "", nil},
		{"Tom Reed brings you these:\n\na fuse", "", nil},
		{"Write to tom@gold.example or info@tom.example.", "", nil},
		{"Run: npm i @tom/core", "", nil},
		{"Please set @Tom(10) there.", "", nil},
		{"Bitte @tom[0] setzen.", "", nil},
		{"Mettez @tom=1 dans le fichier.", "", nil},
		{"Abra @tom\\lib y @sam{}.", "", nil},
		{"Wpisz @Tom<int>.", "", nil},
		{"It comes on Monday, @tom/@sam know more.", "Tom Reed", nil},
		{"It comes on Monday (@tom).", "Tom Reed", nil},
		{"Run @tom/core, says @tom", "Tom Reed", nil},
		{"@Tom(urgent): he never pays", "Tom Reed", nil}, {"@Tom => he never pays", "Tom Reed", nil}, {"@Tom=> he never pays", "Tom Reed", nil},
		{"@Tom, it comes on Monday.", "", []tickets.Participant{{Name: "Tom Muster"}}},
		{"It comes on Monday at 10:02, Tom Reed brings it.", "", nil},
		{"Thanks, it comes on Monday with Tom.", "", nil},
		{"10:00 to 11:00: Tomorrow", "", nil},
		// A mail that went round in the house, below the answer, whatever its labels mean.
		{"It comes on Monday.\n\nOddi wrth: Tom Reed\nAnfonwyd: Dydd Llun, 30 Tachwedd 2026 10:00\nAt: Ida Lind\nPwnc: RE: parcel\n\nShe sends everything back.", "Tom Reed", nil},
		{"It comes on Monday.\n\nკუსგან: Reed, Tom\nროდის: 30.11.2026 10:00\nვის: Lind, Ida\nთემა: parcel\n\nShe sends everything back.", "Tom Reed", nil},
		{"It comes on Monday.\n\nՈւմից՝ Tom Reed\nԵրբ՝ 30.11.2026 10:00\nՈւմ՝ Ida Lind\nԹեմա՝ parcel\n\nShe sends everything back.", "Tom Reed", nil},
		{"It comes on Monday.\n\n*Kutoka:* Pat Post\n*Imetumwa:* 30 Novemba 2026 10:00\n*Kwa:* Ida Lind\n*Mada:* RE: parcel\n\nShe sends everything back.", "Pat Post", nil},
		{"Your appointment\n\nDay: 30.11.2026\nTime: 10:00\nTechnician: Tom Reed\nPlace: hall 2", "", nil},
		{"Please enter this:\n\nServer: mail.acme.example\nPort: 587\nUser: jim\nContact: Ida Lind, 10:00 to 11:00", "", nil},
		{"Hi Tom\n\nit comes on Monday.", "", []tickets.Participant{{Shown: "tom@gold.example"}}},
		{"Guten Morgen Uma-Lou,\nsie kommt morgen.", "", []tickets.Participant{{Name: "Uma-Lou Berg"}}},
		{"Hi Leo.\nIt comes on Monday.", "", []tickets.Participant{{Name: "Dr. Leo Berg"}}},
		{"Hi Uma,\nit comes on Monday.", "", nil},
		{"Tom-Tom, it comes on Monday.", "", nil},
		{"Tom\n\nis the name of the new router.", "", nil},
		{"Hi Tom is there on Monday.", "", nil},
		{"Hitom.", "", nil},
		{"Tom, it comes on Monday.", "", []tickets.Participant{{Name: "Tom Muster"}}},
		{"Ida here: it comes on Monday.", "", nil},
		{"Tom Reed comes on Monday.", "", nil},
		{"Tom will come, I think.", "", nil},
		{"Your technician: Tom Reed", "", nil},
		{"Please ask Tom Reed: he has the key.", "", nil},
		{"On Monday from 9:00 to 10:00 Tom Reed is there.", "", nil},
		{"It comes on Monday.\n\nTom Reed\nAcme Support", "", nil},
		{"Tomorrow, it comes.", "", nil},
		{"", "", nil},
	} {
		if got := colleagueIn(c.text, people, ida, conversation{parts: c.parts, subject: "parcel"}); got != c.whose {
			t.Errorf("%q: %q, wanted %q", c.text, got, c.whose)
		}
	}
}

// Appointments, contacts and what a colleague will do are answers, whatever dates and names they hold.
func TestAppointmentsAreAnswers(t *testing.T) {
	people := &tickets.Directory{Agents: []tickets.Agent{{Name: "ann", FullName: "Ann Able", Address: "ann@staff.example"}, {Name: "tess", FullName: "Tess Tall", Address: "tess@staff.example"}}}
	for _, text := range []string{
		"Datum: 3. Dezember\nUhrzeit: 10:00\nAnsprechpartner: Ann Able\nLink: https://zoom.example/j/1",
		"Datum: 3. Dezember 2026, 10:00\nOrt: online\nAnsprechpartner: Ann Able\nLink: https://zoom.example/j/1",
		"Tel: 01.23.45.67.89\nMobil: 06.12.34.56.78\nMail: ann@staff.example\nWeb: https://acme.example",
		"Termin: 3. Dezember 2026, 10:00 Uhr\nTechnikerin: Tess Tall\nVertretung: Ann Able\nOrt: Halle 2",
		"Date : 3 décembre 2026 à 10:00\nTechnicienne : Tess Tall\nContact : Ann Able\nLien : https://zoom.example/j/1",
		"Fecha: 03/12/2026 10:00\nTécnica: Tess Tall\nContacto: ann@staff.example\nEnlace: https://zoom.example/j/1",
		"Data: 3 grudnia 2026, 10:00\nTechnik: Tess Tall\nKontakt: Ann Able\nMiejsce: hala 2",
		"日時：2026年12月3日 10:00\n担当：Tess Tall\n連絡先：Ann Able\n場所：第二ホール",
		"Tel: +49 30 12.34.56\nFax: 030/12.34\nContact: Tess Tall\nWeb: http://acme.example",
		"Tess Tall kommt morgen um 10:00 Uhr. Bitte bereithalten:\n- Ausweis",
		"Tess Tall kommt am 3. Dezember 2026 um 10:00 Uhr. Bitte bereithalten:\n- Ausweis",
		"Our engineer Tess Tall will call you at 10:00 and needs the following:\n- the key",
		"Our engineer Tess Tall will call you on 3 December 2026 at 10:00 and needs the following:\n- the key",
		"Notre technicienne Tess Tall passera le 3 décembre 2026 à 10:00. Merci de préparer :\n- la clé",
		"Nuestra técnica Tess Tall irá mañana a las 10:00 y necesita lo siguiente:\n- la llave",
		"La nostra tecnica Tess Tall verrà il 03/12/2026 alle 10:00. Serviranno:\n- la chiave",
		"Tess Tall komt op 3 december 2026 om 10:00 uur. Graag klaarleggen:\n- de sleutel",
	} {
		if got := colleagueIn(text, people, &people.Agents[0], conversation{subject: "Printer in hall 2"}); got != "" {
			t.Errorf("%q: %q", text, got)
		}
	}
	for _, text := range []string{
		"Kutoka: Pat Post\nImetumwa: 30 Novemba 2026 10:00\nKwa: Ann Able\nMada: RE: [#12] Printer in hall 2",
		"Oddi wrth: Tess Tall\nAnfonwyd: 30.11.2026 10:00:12\nAt: pat@staff.example\nPwnc: RE: the printer again",
		"Oddi wrth: Tess Tall\nAnfonwyd: 30.11.2026 10:00\nAt: Ann Able\nPwnc: Printer in hall 2",
		"Le lun. 30 nov. 2026 à 10:00, Tess Tall <tess@staff.example> kirjoitti:\nhe never pays",
		"Em seg., 30 de nov. de 2026 às 10:00, Tess Tall apsakė:\nhe never pays",
		"Vào Th 2, 30 thg 11, 2026 vào lúc 10:00 Tess Tall <tess@staff.example> đã viết:\nhe never pays",
		"Tess Tall schrieb am Mo., 30. Nov. 2026 um 10:00 Uhr folgendes:\nhe never pays",
	} {
		if got := colleagueIn(text, people, &people.Agents[0], conversation{subject: "Printer in hall 2"}); got == "" {
			t.Errorf("%q is not held", text)
		}
	}
}

// A ticket without a subject, or with one that ends many a line, makes no appointment a mail.
func TestAShortSubject(t *testing.T) {
	people := &tickets.Directory{Agents: []tickets.Agent{{Name: "ann", FullName: "Ann Able"}, {Name: "tess", FullName: "Tess Tall"}}}
	for _, subject := range []string{"", "Re:", "2", "le 2", "[#12]"} {
		text := "Termin: 3. Dezember 2026, 10:00 Uhr\nTechnikerin: Tess Tall\nVertretung: Ann Able\nOrt: Halle 2"
		if got := colleagueIn(text, people, &people.Agents[0], conversation{subject: subject}); got != "" {
			t.Errorf("%q: %q", subject, got)
		}
	}
}

// A customer whose mails show no name of theirs may be called as a colleague is: they sign so.
func TestTheCustomerIsCalledAsAColleagueIs(t *testing.T) {
	people := &tickets.Directory{Agents: []tickets.Agent{{Name: "ann", FullName: "Ann Able", Address: "ann@staff.example"}, {Name: "hans", FullName: "Hans Müller", Address: "hans@staff.example"}}}
	shop := []tickets.Participant{{Address: "info@shop.example", Shown: "info@shop.example", Name: "Buchhaltung"}}
	for _, c := range []struct {
		text, wrote, whose string
		parts              []tickets.Participant
	}{
		{"Sehr geehrte Frau Müller,\ndas Konto ist frei.", "Der Zugang geht nicht.\n\nPetra Müller\nBuchhaltung", "", shop},
		{"Sehr geehrte Frau Müller,\ndas Konto ist frei.", "Der Zugang geht nicht.\n\n-- \ni.A. P. Müller | Einkauf | Tel. 12", "", shop},
		{"Dear Ms Müller,\nit is done.", "It does not work.\n\nKind regards, Petra Müller", "", shop},
		{"Bonjour Madame Müller,\nc'est fait.", "Ça ne marche pas.\n\nCordialement\nPetra Anna Müller (achats)", "", shop},
		{"Buenos días señora Müller:\nya está.", "No funciona.\n\nPetra Müller – Compras", "", shop},
		{"Gentile signora Müller,\nfatto.", "Non va.\n\nPetra Müller, Acquisti", "", shop},
		{"Hallo Hans,\ndas Konto ist frei.", "Der Zugang geht nicht.\n\nHans Weber\nEinkauf", "", shop},
		{"Hallo Hans,\ndas Konto ist frei.", "Der Zugang geht nicht.\n\nViele Grüße\nHans", "", shop},
		{"Hallo Hans,\nsie zahlt nie.", "Ja.\n> Hans", "Hans Müller", shop},
		{"Sehr geehrte Frau Müller,\nsie zahlt nie.", "Der Zugang geht nicht.\n\nPetra Weber", "Hans Müller", shop},
		{"Sehr geehrter Herr Müller,\nsie zahlt nie.", "Hallo Herr Müller,\nder Zugang geht nicht.\n\nPetra Weber", "Hans Müller", shop},
		{"Sehr geehrter Herr Müller,\nsie zahlt nie.", "Ja.\n\nVon: Hans Müller\nAn: info\n\nNein.\n\nHans Müller\nAcme", "Hans Müller", shop},
		{"Sehr geehrter Herr Müller,\nsie zahlt nie.", "Ja.\n\n> Petra Müller", "Hans Müller", shop},
		{"Sehr geehrter Herr Müller,\nsie zahlt nie.", "Ich sprach mit Müller.\nFrau Müller", "Hans Müller", shop},
		{"Hallo Hans,\nsie zahlt nie.", "Ja.\n\nHans\n\nam Montag", "Hans Müller", shop},
		{"Sehr geehrte Frau Müller,\nsie zahlt nie.", "Petra Müller", "Hans Müller", []tickets.Participant{{Address: "pat@staff.example"}}},
		{"Sehr geehrte Frau Müller,\nsie zahlt nie.", "Petra Müller", "Hans Müller", append(shop, tickets.Participant{Address: "jim@gold.example"})},
	} {
		if got := colleagueIn(c.text, people, &people.Agents[0], conversation{parts: c.parts, wrote: []string{c.wrote}}); got != c.whose {
			t.Errorf("%q, to who wrote %q: %q, wanted %q", c.text, c.wrote, got, c.whose)
		}
	}
}

// A greeting to several colleagues is for nobody who takes part, unless they are of the house or several.
func TestToColleagues(t *testing.T) {
	people := &tickets.Directory{Agents: []tickets.Agent{{Name: "ida", FullName: "Ida Lind", Address: "ida@staff.example"}}}
	jim, jane, inside := tickets.Participant{Address: "jim@gold.example"}, tickets.Participant{Address: "jane@gold.example"}, tickets.Participant{Address: "pat@staff.example"}
	for _, c := range []struct {
		text  string
		parts []tickets.Participant
		want  bool
	}{
		{"Hallo Kollegen,\n\nwer nimmt das?", []tickets.Participant{jim}, true},
		{"Liebe Kolleginnen und Kollegen,\n\nwer nimmt das?", []tickets.Participant{jim}, true},
		{"Dear\u00a0colleagues,\n\nwho takes this?", []tickets.Participant{jim}, true},
		{"Chers collègues,\n\nqui le prend ?", []tickets.Participant{jim}, true},
		{"Коллеги, кто возьмёт?", []tickets.Participant{jim}, true},
		{"Hallo Kollegen,\n\nwer nimmt das?", []tickets.Participant{jim, jane}, false},
		{"Hallo Kollegen,\n\nwer nimmt das?", []tickets.Participant{inside}, false},
		{"Hi team, can somebody take this?", []tickets.Participant{jim}, true},
		{"Liebes Team,\n\nsie schickt alles zurück.", []tickets.Participant{jim}, true},
		{"Salut l’équipe,\n\nelle renvoie tout.", []tickets.Participant{jim}, true},
		{"Hallo zusammen, wer übernimmt das Ticket?", []tickets.Participant{jim}, true},
		{"Guys, can anyone take this?", []tickets.Participant{jim}, true},
		{"谁能处理一下这个工单？", []tickets.Participant{jim}, true},
		{"誰\u200bかこれ対応お願いします。", []tickets.Participant{jim}, true},
		{"Hola a todos, ¿alguien puede tomar este ticket?", []tickets.Participant{jim}, true},
		{"Arkadaşlar, bunu kim alabilir?", []tickets.Participant{jim}, true},
		{"Hi team, it comes on Monday.", []tickets.Participant{{Address: "it-team@gold.example"}}, false},
		{"Hello all,\n\nit comes on Monday.", []tickets.Participant{jim}, false},
		{"Dear Gold team,\n\nit comes on Monday.", []tickets.Participant{jim}, false},
		{"Kann jemand von euch das übernehmen?", []tickets.Participant{jim}, true},
		{"Qui peut prendre ce ticket ?", []tickets.Participant{jim}, true},
		{"Qualcuno può prendere questo ticket?", []tickets.Participant{jim}, true},
		{"Chi se ne occupa?", []tickets.Participant{jim}, true},
		{"¿Quién lo toma?", []tickets.Participant{jim}, true},
		{"Alguém pode pegar este ticket?", []tickets.Participant{jim}, true},
		{"Wie pakt dit op?", []tickets.Participant{jim}, true},
		{"Kan iemand dit overnemen?", []tickets.Participant{jim}, true},
		{"Kto weźmie to zgłoszenie?", []tickets.Participant{jim}, true},
		{"Vem tar det?", []tickets.Participant{jim}, true},
		{"Qui peut prendre l'appel demain ?", []tickets.Participant{jim}, false},
		{"Qui peut reprendre la licence ?", []tickets.Participant{jim}, false},
		{"Chi prende il pacco?", []tickets.Participant{jim}, false},
		{"Qualcuno può prendere una foto?", []tickets.Participant{jim}, false},
		{"¿Alguien puede tomar una foto?", []tickets.Participant{jim}, false},
		{"Quem pegou o equipamento?", []tickets.Participant{jim}, false},
		{"Wie neemt deze telefoon op?", []tickets.Participant{jim}, false},
		{"Wie zet dit op?", []tickets.Participant{jim}, false},
		{"Wer von Ihnen soll das Postfach übernehmen?", []tickets.Participant{jim}, false},
		{"Kann jemand von Ihnen das Gerät übernehmen?", []tickets.Participant{jim}, false},
		{"Wer soll das annehmen?", []tickets.Participant{jim}, false},
		{"> Could somebody take this over?\nYes, I will.", []tickets.Participant{jim}, false},
		{"> Wer übernimmt das?\nIch.", []tickets.Participant{jim}, false},
		{"Can somebody take a picture of the lamp?", []tickets.Participant{jim}, false},
		{"Can you take this to the gate?", []tickets.Participant{jim}, false},
		{"Wer nimmt das Paket an?", []tickets.Participant{jim}, false},
		{"Dear Jim,\n\nmy colleagues come on Monday.", []tickets.Participant{jim}, false},
		{"Colleagues of mine come on Monday.", []tickets.Participant{jim}, false},
		{"", []tickets.Participant{jim}, false},
	} {
		if got := toColleagues(c.text, people, conversation{parts: c.parts}); got != c.want {
			t.Errorf("%q, %v: %v", c.text, c.parts, got)
		}
	}
}
