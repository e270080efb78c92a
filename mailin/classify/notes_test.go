package classify

import (
	"testing"

	"tierdesk/mailin"
)

// A note of absence without any field, in reply to a mail of ours, is known by its words.
func TestNotesOfAbsence(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Hello,\n\nI am out of the office until 12 March and will read your mail when I return. In urgent cases call Ida.\n\nEva",
		"Hello,\n\nI am\nout of\ntown until 12 March. In urgent cases call Ida.\n\nEva",
		"Hallo,\n\nich bin bis 12. März im Urlaub. In dringenden Fällen hilft Ida.\n\nEva",
		"Bonjour,\n\nje suis absente du bureau jusqu'au 12 mars. En cas d'urgence, veuillez contacter Ida.",
		"Hola:\n\nEstoy de vacaciones hasta el 12 de marzo. Para asuntos urgentes contacte con Ida.",
		"Olá,\n\nestou de férias até 12 de março. Em caso urgente, contacte a Ida.",
		"Salve,\n\nsono in ferie fino al 12 marzo. Per urgenze rivolgersi a Ida.",
		"Hallo,\n\nik ben met vakantie tot 12 maart. Neem voor dringende zaken contact op met Ida.",
		"Hej,\n\njag är på semester till och med 12 mars. Kontakta Ida om det är brådskande.",
		"Hej,\n\njeg er på ferie til og med 12. marts. Kontakt Ida, hvis det haster.",
		"Hei,\n\nolen lomalla 12.3. asti. Kiireellisissä asioissa ota yhteyttä Idaan.",
		"Dzień dobry,\n\njestem na urlopie do 12 marca. W pilnych sprawach proszę o kontakt z Idą.",
		"Dobrý den,\n\njsem na dovolené do 12. března. V naléhavých případech volejte Idu.",
		"Jó napot!\n\nSzabadságon vagyok március 12-ig. Sürgős esetben forduljon Idához.",
		"Bună ziua,\n\nsunt în concediu până pe 12 martie. Pentru urgențe contactați-o pe Ida.",
		"Здравствуйте!\n\nЯ в отпуске до 12 марта. По срочным вопросам обращайтесь к Иде.",
		"Merhaba,\n\n12 Mart tarihine kadar izindeyim. Acil durumlarda Ida ile iletişime geçin.",
		"Καλημέρα,\n\nβρίσκομαι σε άδεια μέχρι τις 12 Μαρτίου. Για επείγοντα επικοινωνήστε με την Ίντα.",
		"お世話になっております。\n\n3月12日まで休暇をいただいております。お急ぎの方はイダまでご連絡ください。",
		"您好，我正在休假，直到3月12日。紧急情况请联系艾达。",
		"안녕하세요. 3월 12일까지 휴가 중입니다. 급한 용무는 이다에게 연락해 주세요.",
		"Kaixo,\n\nOporretan nago martxoaren 12ra arte. Presazko gaietarako jarri harremanetan Idarekin.",
		"Ola,\n\nestarei de vacacións ata o 12 de marzo. Para asuntos urxentes contacten con Ida.",
		"Почитувани,\n\nмоментално сум на годишен одмор до 12 март. За итни случаи контактирајте ја Ида.",
		"Poštovani,\n\ntrenutno sam na godišnjem odmoru do 12. marta. U hitnim slučajevima kontaktirajte Idu.",
		"Përshëndetje,\n\njam me pushime deri më 12 mars. Për raste urgjente kontaktoni Idën.",
		"გამარჯობა,\n\nშვებულებაში ვარ 12 მარტამდე. გადაუდებელ შემთხვევაში დაუკავშირდით იდას.",
		"Helo,\n\nrwyf allan o'r swyddfa tan 12 Mawrth. Os yw'n fater brys cysylltwch ag Ida.",
		"Habari,\n\nniko likizo hadi tarehe 12 Machi. Kwa jambo la dharura wasiliana na Ida.",
		"Goeie dag,\n\nek is met verlof tot 12 Maart. Vir dringende sake, kontak Ida.",
		"Grüezi\n\nIch weile bis am 12. März in den Ferien. Ihre E-Mail wird nicht weitergeleitet.",
		"Pozdravljeni,\n\nv službi me ni do 12. marca. V nujnih primerih pokličite Ido.",
	} {
		m := mailWith("Subject: Re: [#77] Printer")
		m.Text, m.Reply = text, text
		if got := Classify(m, self); got.Kind != mailin.KindAutoReply || !got.NoAutoReply {
			t.Errorf("%q: %s %q", text, got.Kind, got.Reasons)
		}
		if !MayBeNote(m) {
			t.Errorf("%q is no brief note", text)
		}
	}
	for _, text := range []string{
		"Hello,\n\nI am on vacation from Friday, please come before. The printer jams.",
		"I am out of the office tomorrow. Can you come on Thursday until 12?",
		"The till is down again. My colleague is out of the office until Monday, and in urgent cases nobody answers.",
		"Hallo,\n\nich bin ab Montag im Urlaub, könnt ihr bis dahin die Weiterleitung einrichten?",
		"Eva is back on Monday. Her laptop does not work.",
		"Our office is closed on Fridays, please send the part on Thursday.",
		"Ek is weg na die drukker, hy werk nie.",
		"Ich genieße die Ferien, aber der Drucker geht nicht.",
	} {
		m := mailWith("Subject: Re: [#77] Printer")
		m.Text, m.Reply = text, text
		if got := Classify(m, self); got.Kind != mailin.KindPerson {
			t.Errorf("%q: %s %q", text, got.Kind, got.Reasons)
		}
	}
}

// What programs send in a person's name, or a help desk in its own, is known by its words where no field says so.
func TestKindsByWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		subject, text string
		want          mailin.Kind
	}{
		{"Read: Printer", "Your message\n\n  To: Eva\n  Subject: Printer\n\nwas read on 12 March 2026 09:00.", mailin.KindReceipt},
		{"Return receipt", "This is a return receipt for the mail that you sent to eva@y.example.", mailin.KindReceipt},
		{"Gelesen: Drucker", "Ihre Nachricht\n\n  An: Eva\n  Betreff: Drucker\n\n wurde am Montag, 2. November 2026 09:14:05 (UTC+01:00) Brüssel, Kopenhagen, Madrid, Paris gelesen.", mailin.KindReceipt},
		{"Gelesen: Drucker", "Ihre Nachricht\n\n  An: Eva\n\nwurde am 12.3.2026 09:00 gelesen.", mailin.KindReceipt},
		{"Lu : Imprimante", "Votre message\n\n  À : Eva\n\na été lu le 12/3/2026.", mailin.KindReceipt},
		{"Read: Printer", "I read your message about the printer on Monday and tried it. It jams all the same?", mailin.KindPerson},
		{"Recall: Printer", "Eva Lind would like to recall the message, \"Printer\".", mailin.KindRecall},
		{"Rückruf: Drucker", "Eva Lind möchte die Nachricht \"Drucker\" zurückrufen.", mailin.KindRecall},
		{"Printer", "I would like to recall the message of last week: you wrote that the part is on its way. Where is it?", mailin.KindPerson},
		{"Re: Printer", "👍\n\nEva Lind reacted via Gmail", mailin.KindReaction},
		{"Re: Printer", "❤️ Eva Lind reacted to your message:", mailin.KindReaction},
		{"Re: Drucker", "👍 Eva Lind hat über Gmail reagiert", mailin.KindReaction},
		{"Re: Printer", "The skin reacted to the toner. Is it poisonous?", mailin.KindPerson},
		{"Accepted: Printer check @ Mon 9am", "Eva Lind has accepted this invitation.", mailin.KindCalendar},
		{"Zugesagt: Druckerprüfung", "", mailin.KindCalendar},
		{"Prihvaćeno: Pregled", "", mailin.KindCalendar},
		{"Acceptat: Verificare", "Eva Lind a acceptat această invitație.", mailin.KindCalendar},
		{"Re: Printer", "👍 Eva Lind a reacționat la mesajul dvs.", mailin.KindReaction},
		{"Re: Printer", "👍 Eva Lind відреагувала на ваше повідомлення", mailin.KindReaction},
		{"تمت القراءة: Printer", "تمت قراءة رسالتك\n\nإلى: Eva Lind\nفي 12 مارس 2026 10:05", mailin.KindReceipt},
		{"Pročitano: Printer", "Vaša poruka\n\n  Za: Eva Lind\n\n je pročitana 12.3.2026.", mailin.KindReceipt},
		{"Declined: my card", "The till says declined for my card. Please look.", mailin.KindPerson},
		{"Printer", "Please click on the following link to be added to the list of allowed senders, so that your mail is delivered:\n\nhttps://guard.y.example/1", mailin.KindChallenge},
		{"Printer", "Please open https://y.example/printer and see the error.", mailin.KindPerson},
		{"[#9] Re: Printer", "Your request (4711) has been received. An agent will respond within 24 hours.", mailin.KindAutoReply},
		{"Ihre Anfrage", "Vielen Dank für Ihre Anfrage. Sie ist unter der Nummer 4711 eingegangen, ein Mitarbeiter wird sich melden.", mailin.KindAutoReply},
		{"Invoice", "We have received your invoice 4711 and wonder about the second line. Can you explain it?", mailin.KindPerson},
	} {
		m := mailWith("Subject: " + c.subject)
		m.Text, m.Reply = c.text, c.text
		if got := Classify(m, self); got.Kind != c.want {
			t.Errorf("%q %q: %s %q, want %s", c.subject, c.text, got.Kind, got.Reasons, c.want)
		}
	}
}

// Customers speak of links, confirmations and deliveries, and thank for a mail: they are persons, or somebody hears of the mail.
func TestPersonsInTheWordsOfMachines(t *testing.T) {
	t.Parallel()
	const person, challenge, auto, sure, guessed = mailin.KindPerson, mailin.KindChallenge, mailin.KindAutoReply, false, true
	for _, c := range []struct {
		text    string
		kind    mailin.Kind
		guessed bool
	}{
		{"Hallo,\n\nich habe gestern die Bestätigung bekommen (https://laden.example/b/77). Wann wird die Lampe zugestellt?", person, sure},
		{"Hallo,\n\nich habe gestern die Bestätigung bekommen (https://laden.example/b/77). Die Lampe wird laut Seite heute zugestellt, sie ist aber nicht da.", person, sure},
		{"Ihre Mail mit dem Link https://laden.example/b/77 ist da. Ich habe den Termin bestätigt, die Ware wurde nicht zugestellt.", person, sure},
		{"Bonjour,\n\nla lampe https://suivi.example/77 n'a pas encore été remise, le colis n'a pas encore été remis. Pouvez-vous confirmer le jour ?", person, sure},
		{"Bonjour,\n\nle colis https://suivi.example/77 n'a pas encore été remis. Merci de me confirmer la date, votre message d'hier ne la donne pas.", person, sure},
		{"My registration at https://portal.far.example has been pending approval since Monday. I confirmed my e-mail address the same hour.", person, sure},
		{"Thank you for your mail. My order https://shop.far.example/7 has been waiting for approval since Monday, and I have verified my e-mail twice.", person, sure},
		{"I clicked on the link https://portal.far.example/7 to verify your offer, and it was not delivered to my inbox.", person, sure},
		{"Our shop https://far.example is protected against unwanted visitors, and since Monday each link in it is dead.", person, sure},
		{"Our mailbox is protected against spam, see https://far.example/rules. The printer jams since your mail of Monday.", person, sure},
		{"Is that yours? Your mail to ida@far.example is held until you confirm your address: https://far.example/c/7", person, sure},
		{"Your mail to ida@far.example is held until you prove to be a person. Click the link below to confirm your address:\n\nhttps://far.example/c/7", challenge, guessed},
		{"Ihre Nachricht wartet. Bitte bestätigen Sie einmal Ihre Adresse, damit Ihre Nachricht zugestellt wird: https://far.example/c/7", challenge, guessed},
		{"Votre message à ida@far.example n'a pas encore été remis. Merci de le confirmer ici : https://far.example/c/7", challenge, guessed},

		{"Vielen Dank für Ihre Nachricht. Wir haben die neue Fassung heute bearbeitet und melden uns, sobald sie läuft.", person, sure},
		{"Thank you for your mail. I have raised this with our support staff and will get back to you as soon as I know more.", person, sure},
		{"Thank you for your mail. A colleague will look at it. I will get back to you as soon as she has.", auto, guessed},
		{"Thank you for your mail. I have opened case 47110 with the maker, who will respond within 2 days.", auto, guessed},
		{"Vielen Dank für Ihre Nachricht. Ein Kollege wird sich darum kümmern, wir melden uns in Kürze.", auto, guessed},
		{"Thank you for contacting us. Your request 47110 has been received, and an agent will respond within 24 hours.", auto, sure},
		{"Vielen Dank für Ihre Anfrage. Sie wird unter der Vorgangsnummer 47110 bearbeitet, ein Mitarbeiter meldet sich.", auto, sure},
	} {
		m := mailWith("Subject: Re: [#77] Lamp")
		m.Text, m.Reply = c.text, c.text
		if got := Classify(m, self); got.Kind != c.kind || got.Guessed != c.guessed {
			t.Errorf("%q: %s, guessed %v %q; want %s, %v", c.text, got.Kind, got.Guessed, got.Reasons, c.kind, c.guessed)
		}
		if c.kind == person {
			continue
		}
		m = mailWith("Subject: Re: [#77] Lamp", "Auto-Submitted: auto-generated")
		m.Text, m.Reply = c.text, c.text
		if got := Classify(m, self); got.Kind != c.kind || got.Guessed {
			t.Errorf("%q, marked: %s, guessed %v", c.text, got.Kind, got.Guessed)
		}
	}
}

// The name of a field has to be that of an answer; many fields only hold such a word.
func TestFieldsOfResponders(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]mailin.Kind{
		"X-Auto-Response-Supress: All": mailin.KindPerson, "X-Auto-Response-Suppress: DR": mailin.KindPerson, "X-No-Auto-Reply: yes": mailin.KindPerson,
		"X-Disable-Autoresponder: 1": mailin.KindPerson, "X-Allow-Autoreply: yes": mailin.KindPerson, "X-Vacation-Rental-Id: 77": mailin.KindPerson,
		"X-Autoreply: no": mailin.KindPerson, "X-Autoresponders-Off: 1": mailin.KindPerson, "X-Vacation-Home: Lindholm": mailin.KindPerson,
		"X-Autoreply: yes": mailin.KindAutoReply, "X-AutoReply-From: ida@far.example": mailin.KindAutoReply, "X-Autoresponder: 1": mailin.KindAutoReply,
		"X-Autorespond: Printer": mailin.KindAutoReply, "X-Mail-Auto-Reply: true": mailin.KindAutoReply, "X-Zimbra-Auto-Reply: yes": mailin.KindAutoReply,
		"X-Vacation-Message: yes": mailin.KindAutoReply, "X-Autoresponder-Loop: ida": mailin.KindAutoReply, "X-cPanel-Autoresponder: 1": mailin.KindAutoReply,
		"X-Autoreply-Sender: ida@far.example": mailin.KindAutoReply,
		"X-Out-Of-Office-Reply: 1":            mailin.KindAutoReply, "X-Vacation: 1": mailin.KindAutoReply, "Auto-Reply: yes": mailin.KindAutoReply,
	} {
		if got := Classify(mailWith(line), self); got.Kind != want {
			t.Errorf("%s: %s %q, want %s", line, got.Kind, got.Reasons, want)
		}
	}
}

func TestReaction(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"👍":                             "👍",
		"👍🏽 🎉":                          "👍🏽 🎉",
		"❤️":                            "❤️",
		":-)":                           ":-)",
		"=) <3":                         "=) <3",
		":-(":                           "",
		":":                             "",
		"a) :-)":                        "",
		"👍 thanks":                      "",
		"42":                            "",
		"🎉 Eva reacted to your message": "🎉",
	} {
		m := mailWith()
		m.Text, m.Reply = text, text
		m.Class = Classify(m, self)
		if got := Reaction(m); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// That something or somebody reacted is what programs say of a sign, and what people say of a printer or of an answer that they miss.
func TestWhoSaysReacted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]mailin.Kind{
		"A nyomtató nem reagált, csak egy hibaüzenet jelent meg.": mailin.KindPerson,
		"A nyomtató reagált, de csak egy hibaüzenet jelent meg.":  mailin.KindPerson,
		"Senki nem reagált az üzenetére.":                         mailin.KindPerson,
		"Programul nu a reacționat, apare un mesaj de eroare.":    mailin.KindPerson,
		"Programul a reacționat și apare un mesaj de eroare.":     mailin.KindPerson,
		"אף אחד לא הגיב להודעה שלי":                               mailin.KindPerson,
		"אף אחד לא הגיב להודעה שלך":                               mailin.KindPerson,
		"Ніхто не відреагував на ваше звернення.":                 mailin.KindPerson,
		"Ніхто не відреагував на ваше повідомлення.":              mailin.KindPerson,
		"Никто не отреагировал на ваше письмо.":                   mailin.KindPerson,
		"Aplikasi tidak bereaksi dan muncul pesan kesalahan.":     mailin.KindPerson,
		"Aplikasi bereaksi lalu muncul pesan kesalahan.":          mailin.KindPerson,
		"لم يتفاعل البرنامج وظهرت رسالة خطأ في رسالتي":            mailin.KindPerson,
		"Ο εκτυπωτής αντέδρασε, και είδα στο μήνυμα ένα σφάλμα.":  mailin.KindPerson,
		"Der Drucker hat reagiert, druckt aber nur leere Seiten.": mailin.KindPerson,
		"Der Server hat mit Fehler 5 reagiert.":                   mailin.KindPerson,
		"Niemand hat auf Ihre Nachricht reagiert.":                mailin.KindPerson,
		"The printer reacted with an error.":                      mailin.KindPerson,
		"Nobody reacted to your message.":                         mailin.KindPerson,
		"El servidor reaccionó con un error.":                     mailin.KindPerson,
		"O programa reagiu com um erro.":                          mailin.KindPerson,
		"Le serveur a réagi avec une erreur.":                     mailin.KindPerson,
		"De printer heeft met een fout gereageerd.":               mailin.KindPerson,
		"Skrivaren reagerade med ett fel.":                        mailin.KindPerson,
		"Nikt nie zareagował na państwa wiadomość.":               mailin.KindPerson,
		"昨日のメールにリアクションがありません。":                                    mailin.KindPerson,
		"没有人对您的邮件做出回应。":                                           mailin.KindPerson,
		"어제 보낸 메일에 반응이 없습니다.":                                     mailin.KindPerson,

		"Eva reacted to your message":               mailin.KindReaction,
		"Eva reacted via Gmail":                     mailin.KindReaction,
		"Eva reacted with 👍":                        mailin.KindReaction,
		"Eva hat über Gmail reagiert":               mailin.KindReaction,
		"Eva hat mit 👍 reagiert":                    mailin.KindReaction,
		"Eva hat auf Ihre Nachricht mit 👍 reagiert": mailin.KindReaction,
		"Eva a réagi avec 👍":                        mailin.KindReaction,
		"Eva reaccionó con 👍":                       mailin.KindReaction,
		"Eva heeft met 👍 gereageerd":                mailin.KindReaction,
		"👍 Eva reagált az üzenetedre":               mailin.KindReaction,
		"Eva a Gmailen keresztül reagált":           mailin.KindReaction,
		"👍 Eva a reacționat la mesajul dvs.":        mailin.KindReaction,
		"Eva a reacționat prin Gmail":               mailin.KindReaction,
		"אווה הגיבה באמצעות Gmail":                  mailin.KindReaction,
		"👍 אווה הגיבה להודעה שלך":                   mailin.KindReaction,
		"Єва відреагувала на ваше повідомлення":     mailin.KindReaction,
		"Eva bereaksi terhadap pesan Anda":          mailin.KindReaction,
		"Eva bereaksi melalui Gmail":                mailin.KindReaction,
		"تفاعلت إيفا عبر Gmail":                     mailin.KindReaction,
		"Η Εύα αντέδρασε στο μήνυμά σας":            mailin.KindReaction,
		"田中さんがあなたのメッセージにリアクションしました":                 mailin.KindReaction,
		"Eva 对您的邮件做出了回应":                            mailin.KindReaction,
		"에바님이 메일에 반응했습니다":                           mailin.KindReaction,
	} {
		m := mailWith("Subject: Re: [#77] Printer")
		m.Text, m.Reply = text, text
		if got := Classify(m, self); got.Kind != want {
			t.Errorf("%q: %s %q", text, got.Kind, got.Reasons)
		}
	}
}

// A short note above a quoted mail is no more than a sentence: it may be one.
func TestMayBeNote(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"I am out of the office until 12 March.": true,
		"Ich bin bis 12. März nicht im Hause.":   true, "Ich bin im Mutterschutz.": true, "I'm away this week.": true, "I am currently away with limited access to email.": true,
		"En ole tänään toimistolla.": true, "Nejsem dnes v kanceláři.": true, "Trenutno nisam u uredu.": true,
		"Olen tänään toimistolla, voitte soittaa.": false, "Olen tavoitettavissa puhelimitse.": false, "Jsem v kanceláři do 17 hodin.": false, "Jsem k zastižení na čísle 5.": false,
		"Som v kancelárii.": false, "Trenutno sam u uredu.": false, "Sem v pisarni.": false, "Trenutno sam u kancelariji.": false,
		"Ich bin bis 12. März nicht im Büro.":                                   true,
		"Je suis absente jusqu'au 12 mars.":                                     true,
		"Estoy de vacaciones hasta el 12 de marzo.":                             true,
		"Sono in ferie fino al 12 marzo.":                                       true,
		"Ik ben op vakantie tot 12 maart.":                                      true,
		"Jestem na urlopie do 12 marca.":                                        true,
		"Jag är på semester till 12 mars.":                                      true,
		"Я в отпуске до 12 марта.":                                              true,
		"12月7日まで休暇をいただいております。":                                                  true,
		"我正在休假，12月7日回来。":                                                        true,
		"Ich bin krankgeschrieben und lese keine E-Mails.":                      true,
		"I am on parental leave. My colleague Ida looks after my mail.":         true,
		"It is the fuse. We come on Friday.":                                    false,
		"Our office is closed on Fridays.":                                      false,
		"Unser Büro ist am Freitag geschlossen.":                                false,
		"Notre bureau est fermé le vendredi.":                                   false,
		"The technician is out of the office until Monday, and then they come.": false,
		"I am out of the office until Monday. Does Tuesday suit you?":           false,
		"I am out of the office tomorrow, please call me today.":                false,

		"Hi Jane,\n\nI am currently out of the office until 12 March.":             true,
		"Guten Tag, derzeit bin ich bis zum 12. März im Urlaub.":                   true,
		"Ich habe bis zum 12. März Urlaub.":                                        true,
		"Ich bin vom 3. bis 12. März nicht erreichbar.":                            true,
		"Bonjour,\nje suis actuellement en congé.":                                 true,
		"Estoy fuera de la oficina hasta el lunes.":                                true,
		"Estou de férias até 12 de março.":                                         true,
		"Jeg er på ferie til 12. marts.":                                           true,
		"Jeg har ferie til 12. mars.":                                              true,
		"Olen lomalla 12.3. asti.":                                                 true,
		"Jsem na dovolené do 12. března.":                                          true,
		"Szabadságon vagyok március 12-ig.":                                        true,
		"Sunt în concediu până pe 12 martie.":                                      true,
		"12 Mart tarihine kadar izindeyim.":                                        true,
		"Βρίσκομαι σε άδεια μέχρι τις 12 Μαρτίου.":                                 true,
		"3월 12일까지 휴가 중입니다.":                                                        true,
		"Моментално сум на годишен одмор до 12 март.":                              true,
		"V službi me ni do 12. marca.":                                             true,
		"Hallo Frau Holm, das Konto habe ich soeben freigeschaltet.":               false,
		"Ich arbeite daran und melde mich bis Freitag.":                            false,
		"Ich bin gerade unterwegs zu Ihnen.":                                       false,
		"Ich habe den Port 443 heute frei geschaltet.":                             false,
		"Ich bin sicher, dass der Server wieder erreichbar ist, der Drucker nicht": false,
		"Ich bin dran, der Server ist noch nicht erreichbar.":                      false,
		"Die Praxis ist ab Montag geschlossen, wir kommen am Dienstag.":            false,
		"Je suis désolé, le serveur est indisponible.":                             false,
		"Je suis désolé que la pièce soit absente du carton.":                      false,
		"Je ne lis pas la pièce jointe, elle est vide.":                            false,
		"Je suis en formation avec Paul sur ce point.":                             false,
		"No tengo acceso a su servidor.":                                           false,
		"Estoy revisando el equipo, está fuera de servicio.":                       false,
		"Estou a verificar, o servidor está fora do ar.":                           false,
		"Não tenho acesso ao servidor.":                                            false,
		"Non leggo errori nel registro, il server è fuori servizio.":               false,
		"Jag har startat om servern och felet är borta.":                           false,
		"Jeg har genstartet den, og fejlen er væk.":                                false,
		"Jeg har byttet kabelen og feilen er borte.":                               false,
		"Olen poistanut virheen.":                                                  false,
		"Ik lees in het logboek geen fouten.":                                      false,
		"Ik ben ermee bezig, de storing is niet ziek.":                             false,
		"Nie mam dostępu do Państwa serwera.":                                      false,
		"Nemám přístup k vašemu serveru.":                                          false,
		"I have no access to your server yet.":                                     false,
		"I am not available on Friday, we come on Monday.":                         false,
		"I am travelling to you on Monday and bring the part.":                     false,
		"Техник будет на месте завтра, я сейчас смотрю журнал.":                    false,
		"担当者に会議で確認し、明日ご連絡いたします。":                                                   false,
		"我已经帮您提交了休假申请。":                                                            false,
		"Hi Jane,\n\nOur office is closed on Friday.":                              false,
		"Guten Tag, unser Büro ist am Freitag geschlossen.":                        false,
		"Bonjour,\nnotre bureau est fermé le vendredi.":                            false,
		"Hola, nuestra oficina está cerrada el viernes.":                           false,
		"Hallo, ons kantoor is op vrijdag gesloten.":                               false,
		"Hej, kontoret har stängt på fredag.":                                      false,
		"Dzień dobry, nasze biuro jest w piątek zamknięte.":                        false,
	} {
		m := mailWith("Subject: Re: [#77] Printer")
		m.Text, m.Reply = text, text
		if MayBeNote(m) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}
