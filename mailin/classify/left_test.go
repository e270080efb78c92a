package classify

import (
	"strings"
	"testing"

	"tierdesk/mailin"
)

// Notes of people who have left, and of such as are away, in six languages, with and without fields that say that a machine wrote. Only a
// note of its own sender's, or of the mailbox, says that somebody has left; one that tells of a colleague who did says nothing of the kind.
func TestWhoHasLeft(t *testing.T) {
	t.Parallel()
	const marked, plain = true, false
	for _, c := range []struct {
		marked  bool
		name    string // of jane.doe@gold.example
		text    string
		left    bool
		instead string
	}{
		// English
		{marked, "Jane Doe", "Thank you for your message. I have left Gold Ltd. For anything about invoices, please write to bob.miller@gold.example.\n\nJane Doe", true, "bob.miller@gold.example"},
		{marked, "Jane Doe", "Jane Doe no longer works for Gold. Please contact office@gold.example instead.", true, "office@gold.example"},
		{marked, "", "Jane has retired after thirty years with us. Your mail is not forwarded.", true, ""},
		{marked, "Jane Doe", "My last day at Gold was 30 October. You can reach me privately at jane@home.example; for work matters ask Bob (bob@gold.example).", true, "jane@home.example bob@gold.example"},
		{marked, "Jane Doe", "This mailbox is no longer monitored. Please use help@gold.example.", true, "help@gold.example"},
		{plain, "Jane Doe", "Hello,\n\nI no longer work at Gold Ltd. Please send your requests to bob@gold.example from now on.\n\nKind regards\nJane", true, "bob@gold.example"},
		{marked, "Jane Doe", "I am out of the office until 12 March. In urgent cases please write to bob@gold.example.", false, ""},
		{marked, "Jane Doe", "I am on leave until Monday. Note that my colleague Bob Miller has left the company; please contact Eve (eve@gold.example) instead of him.", false, ""},
		{marked, "Jane Doe", "Thanks for your mail. I am travelling this week and will answer on Monday. Bob no longer works here, so write to Eve if it is urgent.", false, ""},
		{marked, "Jane Doe", "I have left the office for today and will read your mail tomorrow.", false, ""},
		{marked, "Jane Doe", "I no longer work on Fridays. You will hear from me on Monday.", false, ""},
		// German
		{marked, "Doe, Jane", "Guten Tag,\n\nich bin seit dem 1. Oktober nicht mehr für die Gold GmbH tätig. Bitte wenden Sie sich an Herrn Müller (mueller@gold.example).", true, "mueller@gold.example"},
		{marked, "Jane Doe", "Vielen Dank für Ihre Nachricht. Frau Doe hat unser Unternehmen verlassen. Ihre Mail wird nicht weitergeleitet.", true, ""},
		{marked, "Jane Doe", "Ich bin im Ruhestand. Meine Nachfolgerin ist Eva Berg, eva.berg@gold.example.", true, "eva.berg@gold.example"},
		{plain, "Jane Doe", "Hallo,\n\nich arbeite nicht mehr bei Gold. Bitte schreiben Sie künftig an zentrale@gold.example.\n\nJane", true, "zentrale@gold.example"},
		{marked, "Jane Doe", "Ich bin bis zum 12. März im Urlaub. Meine Kollegin Frau Berg ist nicht mehr bei uns tätig, bitte schreiben Sie an Herrn Müller.", false, ""},
		{marked, "Jane Doe", "Ich bin heute nicht mehr im Büro. Ihre Mail lese ich morgen.", false, ""},
		{marked, "Jane Doe", "Derzeit bin ich in Elternzeit und ab dem 1. Juni wieder da. Mich vertritt Eva Berg (berg@gold.example).", false, ""},
		// French
		{marked, "Jane Doe", "Bonjour,\n\nj'ai quitté la société Gold le 30 septembre. Merci d'écrire désormais à contact@gold.example.", true, "contact@gold.example"},
		{marked, "Jane Doe", "Madame Doe ne fait plus partie de nos effectifs. Veuillez vous adresser à M. Martin : martin@gold.example", true, "martin@gold.example"},
		{plain, "Jane Doe", "Bonjour,\n\nje ne travaille plus chez Gold. Veuillez contacter martin@gold.example.", true, "martin@gold.example"},
		{marked, "Jane Doe", "Je suis en congés jusqu'au 12 mars. En cas d'urgence : martin@gold.example. Mon collègue Paul Petit a quitté l'entreprise.", false, ""},
		{marked, "Jane Doe", "Je suis absente du bureau et de retour le 12 mars.", false, ""},
		// Spanish
		{marked, "Jane Doe", "Hola: ya no trabajo en Gold. Para cualquier consulta, escriba a ventas@gold.example.", true, "ventas@gold.example"},
		{marked, "Jane Doe", "Jane Doe ha dejado la empresa. Contacte con Luis en luis@gold.example.", true, "luis@gold.example"},
		{marked, "Jane Doe", "Me he jubilado. Mi sustituto es Luis Gil, luis@gold.example.", true, "luis@gold.example"},
		{marked, "Jane Doe", "Estoy de vacaciones hasta el 12 de marzo. Mi compañera Ana ha dejado la empresa; escriba a luis@gold.example.", false, ""},
		{marked, "Jane Doe", "Estaré fuera de la oficina hasta el lunes. Atentamente, Jane", false, ""},
		// Italian
		{marked, "Jane Doe", "Buongiorno, non lavoro più per Gold. Potete scrivere a info@gold.example.", true, "info@gold.example"},
		{marked, "Jane Doe", "La dott.ssa Doe ha lasciato l'azienda. Si prega di contattare rossi@gold.example.", true, "rossi@gold.example"},
		{marked, "Jane Doe", "Questa casella non è più attiva. Scrivere a info@gold.example", true, "info@gold.example"},
		{marked, "Jane Doe", "Sono in ferie fino al 12 marzo. Il mio collega Rossi non lavora più con noi: per urgenze info@gold.example.", false, ""},
		{marked, "Jane Doe", "Sono fuori ufficio e rientro lunedì.", false, ""},
		// Dutch
		{marked, "Jane Doe", "Ik ben niet meer werkzaam bij Gold. Neem contact op met Piet: piet@gold.example.", true, "piet@gold.example"},
		{marked, "Jane Doe", "Jane Doe is uit dienst. Uw bericht wordt niet doorgestuurd.", true, ""},
		{plain, "Jane Doe", "Goedendag,\n\nik werk niet meer bij Gold. Stuur uw bericht naar piet@gold.example.", true, "piet@gold.example"},
		{marked, "Jane Doe", "Ik ben met vakantie tot 12 maart. Mijn collega Jan is niet meer in dienst, mail daarom naar piet@gold.example.", false, ""},
		{marked, "Jane Doe", "Ik ben vandaag niet op kantoor en antwoord morgen.", false, ""},
		// Portuguese
		{marked, "Jane Doe", "Já não trabalho na Gold. Por favor escreva para geral@gold.example.", true, "geral@gold.example"},
		{marked, "Jane Doe", "Estou de férias até 12 de março. O meu colega Rui já não trabalha connosco.", false, ""},
		// Of all of them, in other words
		{marked, "Jane Doe", "As of October 1st I am no longer with Gold Ltd. All mail to this address is deleted unread. Please resend to sales@gold.example", true, "sales@gold.example"},
		{marked, "Jane Doe", "Hi there! I've moved on to pastures new. For all marketing enquiries drop Kate a line at kate@gold.example.", true, "kate@gold.example"},
		{marked, "Jane Doe", "Please note that this email address is not in use any more. My new address is jane@new.example", true, "jane@new.example"},
		{marked, "Jane Doe", "Thank you for contacting Gold. This employee is no longer with the company. Please call +49 30 1234.", true, ""},
		{marked, "Jane Doe", "I'm currently on maternity leave and expect to return in June. Bob Miller, who used to cover for me, has left Gold. Please email team@gold.example.", false, ""},
		{marked, "Jane Doe", "I am away from my desk. Our receptionist has left, so the phone may ring for a while.", false, ""},
		{marked, "Jane Doe", "I have moved to the Berlin office and my new number is 1234. My address stays the same.", false, ""},
		{marked, "Jane Doe", "Sehr geehrte Damen und Herren, zum 30.09.2026 habe ich die Gold GmbH verlassen. Ihre E-Mail wurde nicht weitergeleitet.", true, ""},
		{marked, "Jane Doe", "Danke für Ihre Mail! Diese E-Mail-Adresse wird nicht mehr verwendet. Bitte benutzen Sie info@gold.example.", true, "info@gold.example"},
		{marked, "Jane Doe", "Ich bin ab 17 Uhr nicht mehr erreichbar, morgen ab 8 Uhr wieder.", false, ""},
		{marked, "Jane Doe", "Bin im Urlaub. Herr Schulz arbeitet nicht mehr hier, Vertretung ist Frau Kern, kern@gold.example", false, ""},
		{marked, "Jane Doe", "Ich habe mich in den Ruhestand verabschiedet und danke für die gute Zusammenarbeit. Meine Aufgaben übernimmt Herr Kern.", true, ""},
		{marked, "Jane Doe", "Je suis désormais à la retraite. Pour toute demande : accueil@gold.example", true, "accueil@gold.example"},
		{marked, "Jane Doe", "J'ai quitté mes fonctions au sein de Gold. Mon remplaçant est Luc Roy (roy@gold.example).", true, "roy@gold.example"},
		{marked, "Jane Doe", "Absent ce jour, je vous réponds demain. Notre stagiaire nous a quittés.", false, ""},
		{marked, "Jane Doe", "A partir del 1 de octubre dejé de formar parte de Gold. Mi nuevo correo es jane@new.example", true, "jane@new.example"},
		{marked, "Jane Doe", "Dal 1 ottobre non faccio più parte di Gold. Contattate rossi@gold.example", true, "rossi@gold.example"},
		{marked, "Jane Doe", "Sinds 1 oktober heb ik Gold verlaten. Voor vragen: info@gold.example", true, "info@gold.example"},
		{marked, "Jane Doe", "Ik ben met pensioen! Mijn opvolger is Piet, piet@gold.example", true, "piet@gold.example"},
		{marked, "Jane Doe", "Ik ben op vakantie. Let op: Kees is met pensioen, mail Piet.", false, ""},
		{marked, "Jane Doe", "Jane Doe n'est plus employée chez Gold.", true, ""},
		{marked, "Jane Doe", "Unfortunately Jane passed away in September. Please write to office@gold.example.", true, "office@gold.example"},
		{marked, "Jane Doe", "I work part time and am not in the office on Wednesdays. I no longer handle invoices; those go to bills@gold.example.", false, ""},
		{marked, "Jane Doe", "Ihre Nachricht ist eingegangen. Wir melden uns. Dieses Postfach wird während der Ferien nicht mehr gelesen.", false, ""},
	} {
		m := mailWith("Subject: Re: [#77] Printer")
		if c.marked {
			m = mailWith("Subject: Automatic reply: [#77] Printer", "Auto-Submitted: auto-replied")
		}
		m.From = []mailin.Address{{Name: c.name, Address: "jane.doe@gold.example"}}
		m.Text, m.Reply = c.text, c.text
		got := Classify(m, self)
		if got.Kind != mailin.KindAutoReply || got.Left != c.left || strings.Join(got.Instead, " ") != c.instead {
			t.Errorf("%q\n  is %s, left %v, instead %q; want left %v, %q", c.text, got.Kind, got.Left, got.Instead, c.left, c.instead)
		}
	}
}
