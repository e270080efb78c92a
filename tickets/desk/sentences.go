package desk

import "fmt"

// sentence is something the desk says to an agent inside of a mail, before it is known in which language.
type sentence struct {
	text string // English, a format
	args []any
}

// say makes a sentence. Each has to be in the table below; a test looks.
func say(text string, args ...any) sentence { return sentence{text, args} }

// quote is a sentence that somebody else wrote, shown as it is.
func quote(text string) sentence { return sentence{"%s", []any{text}} }

// in gives the sentence in a language, in English where there is none of it.
func (s sentence) in(language string) string {
	text := s.text
	if language == "de" {
		if t, ok := german[s.text]; ok {
			text = t
		}
	}
	args := make([]any, len(s.args))
	for i, a := range s.args {
		if inner, ok := a.(sentence); ok {
			a = inner.in(language)
		}
		args[i] = a
	}
	return fmt.Sprintf(text, args...)
}

// all gives sentences in a language.
func all(sentences []sentence, language string) []string {
	out := make([]string, 0, len(sentences))
	for _, s := range sentences {
		if text := s.in(language); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// german has the German of every sentence. Formats take the same arguments in the same order.
var german = map[string]string{
	// Why a mail was held.
	"The mail belongs to no ticket that the desk can tell: answer a notice of the ticket.":                                       "Die Mail gehört zu keinem Ticket, das der Desk erkennt: Antworten Sie auf eine Benachrichtigung des Tickets.",
	"You answered the question whether a mail was yours. Write /send if it was, /drop if not; nothing else is taken from there.": "Sie haben auf die Frage geantwortet, ob eine Mail von Ihnen war. Schreiben Sie /send, wenn ja, /drop, wenn nicht; anderes wird dort nicht angenommen.",
	"The mail is larger than the desk takes.": "Die Mail ist größer, als der Desk annimmt.",
	"/%s needs more proof than a reply address that it was you who wrote. Answer this mail with /send if it was.":                                      "/%s braucht mehr Beweis als eine Antwortadresse, dass Sie geschrieben haben. Antworten Sie auf diese Mail mit /send, wenn es so war.",
	"Nobody outside takes part in this ticket: there is nobody to answer. Write /note above the text to keep it as a note, or /cc + to name somebody.": "An diesem Ticket ist niemand von außen beteiligt: Es gibt niemanden, dem Sie antworten könnten. Schreiben Sie /note über den Text für eine Notiz, oder nennen Sie jemanden mit /cc +.",
	"Something was written that you had not seen when you answered.":                                                                                   "Es wurde etwas geschrieben, das Sie noch nicht gesehen hatten, als Sie geantwortet haben.",
	"The desk does not know this button.": "Diesen Knopf kennt der Desk nicht.",
	"A mail came in your name, but %s.":   "Eine Mail kam in Ihrem Namen, aber %s.",
	"The last check before sending has stopped this mail, because it would have told the customer something internal: %s.":                      "Die letzte Prüfung vor dem Versand hat diese Mail angehalten, weil sie dem Kunden etwas Internes gesagt hätte: %s.",
	"Answer again without it. The mail that was stopped stays in the outbox as number %d.":                                                      "Antworten Sie noch einmal ohne das. Die angehaltene Mail bleibt als Nummer %d im Ausgang.",
	"the virus scanner found %s in this mail, and it was let in all the same: open nothing of it":                                               "der Virenscanner hat in dieser Mail %s gefunden, und sie wurde trotzdem hereingelassen: Öffnen Sie nichts davon",
	"the virus scanner could not be asked about the attachments":                                                                                "der Virenscanner konnte zu den Anhängen nicht befragt werden",
	"%s The agents are warned of %s in it.":                                                                                                     "%s Die Agenten werden vor %s darin gewarnt.",
	"Not done: the virus scanner found %s in this mail, and agents would get it. Whoever has to let it in all the same writes /%s %d infected.": "Nicht getan: Der Virenscanner hat in dieser Mail %s gefunden, und Agenten bekämen sie. Wer sie trotzdem hereinlassen muss, schreibt /%s %d infected.",
	// Why somebody is believed or not; they end a sentence.
	"it was confirmed from the address that we know":            "sie wurde von der bekannten Adresse bestätigt",
	"the sender's address failed authentication":                "die Echtheit der Absenderadresse ist widerlegt",
	"our own server vouches for the sender":                     "unser eigener Server bürgt für den Absender",
	"the reply address is not one that the desk gave out":       "die Antwortadresse hat der Desk nie vergeben",
	"nothing in it is known to its sender alone":                "nichts darin kann nur der Absender wissen",
	"it answers a notice to somebody else":                      "sie antwortet auf eine Benachrichtigung an jemand anderen",
	"the notice that it answers has been used up or is too old": "die Benachrichtigung, auf die sie antwortet, ist verbraucht oder zu alt",
	"it answers a notice that only this agent was sent":         "sie antwortet auf eine Benachrichtigung, die nur dieser Agent bekam",
	"the signed mail is not addressed to the desk":              "die unterschriebene Mail ist nicht an den Desk gerichtet",
	"the signed mail is from another time":                      "die unterschriebene Mail ist aus einer anderen Zeit",
	"the domain has signed it":                                  "die Domain hat sie unterschrieben",
	"it comes from %s, which is no address of %s":               "sie kommt von %s, und das ist keine Adresse von %s",
	// What a command did.
	"Your text goes to the customer.":                    "Ihr Text geht an den Kunden.",
	"Your text is a note; the customer does not see it.": "Ihr Text ist eine Notiz; der Kunde sieht sie nicht.",
	"Done.":                          "Erledigt.",
	"It was %s already.":             "Das war schon %s.",
	"%s, was %s.":                    "%s, war %s.",
	"It was with that team already.": "Es war schon bei diesem Team.",
	"With team %s now.":              "Jetzt bei Team %s.",
	"%s is a colleague, whose address the customer must not see: use /note or /assign.": "%s ist eine Kollegin oder ein Kollege, und der Kunde darf die Adresse nicht sehen: Nehmen Sie /note oder /assign.",
	"Nothing to change.":               "Es gab nichts zu ändern.",
	"Tags: %s":                         "Tags: %s",
	"You will hear of it again on %s.": "Sie hören wieder davon: %s.",
	"It is yours.":                     "Es gehört Ihnen.",
	"Nobody has it now.":               "Jetzt hat es niemand.",
	"%s has it now.":                   "%s hat es jetzt.",
	"This is the highest tier inside; the lead is told.": "Das ist die höchste Stufe im Haus; die Leitung weiß Bescheid.",
	"There is no tier below.":                            "Darunter ist keine Stufe.",
	"It was there already.":                              "Es war schon dort.",
	"At tier %d (%s) now.":                               "Jetzt auf Stufe %d (%s).",
	"The held mail was dropped.":                         "Die angehaltene Mail ist verworfen.",
	"The held mail was done as it was.":                  "Die angehaltene Mail wurde ausgeführt, wie sie war.",
	"No mail of yours is held here.":                     "Hier wird keine Mail von Ihnen angehalten.",
	// What colleagues are told.
	"%s set the priority to %s (was %s).":                                                        "%s hat die Priorität auf %s gesetzt (war %s).",
	"%s has taken this ticket.":                                                                  "%s hat dieses Ticket übernommen.",
	"%s has given this ticket back: nobody has it.":                                              "%s hat dieses Ticket zurückgegeben: Niemand hat es.",
	"You asked to be reminded of this ticket.":                                                   "Sie wollten an dieses Ticket erinnert werden.",
	"The rule %q wants you to know of this ticket.":                                              "Die Regel %q will, dass Sie von diesem Ticket wissen.",
	"The answer to %s has not left for hours; the desk goes on trying. The mail server said: %s": "Die Antwort an %s geht seit Stunden nicht hinaus; der Desk versucht es weiter. Der Mailserver sagte: %s",
	// Why a ticket climbs.
	"%d %% of the time for the %s is used up.": "%d %% der Zeit für die %s sind verbraucht.",
	"No agent has answered for %s.":            "Seit %s hat kein Agent geantwortet.",
	"The promised %s was missed.":              "Die versprochene %s wurde versäumt.",
	"There is no higher tier inside.":          "Im Haus gibt es keine höhere Stufe.",
	"first reply":                              "erste Antwort",
	"next reply":                               "nächste Antwort",
	"resolution":                               "Lösung",
	// Odd senders, floods, quarantine.
	"from another address, %s":                                                "von einer anderen Adresse, %s",
	"authentication failed: the sender may be another than he says":           "die Prüfung des Absenders ist fehlgeschlagen: Er ist vielleicht ein anderer, als er sagt",
	"he asks for answers at %s; yours goes to the address that he wrote from": "Antworten sollen an %s gehen; Ihre geht an die Adresse, von der er geschrieben hat",
	"the display name looks like %s, the address is not ours":                 "der Anzeigename sieht aus wie %s, die Adresse ist keine von uns",
	"This address has opened too many tickets. What else it writes is gathered in this one, without a notice and without an acknowledgement, until it pauses for ten minutes.": "Diese Adresse hat zu viele Tickets eröffnet. Was sie noch schreibt, wird ohne Benachrichtigung und ohne Eingangsbestätigung in diesem gesammelt, bis sie zehn Minuten Pause macht.",
	"This address has written too much within ten minutes. What else it writes is added to this ticket without a notice, until it pauses.":                                     "Diese Adresse hat in zehn Minuten zu viel geschrieben. Was sie noch schreibt, kommt ohne Benachrichtigung in dieses Ticket, bis sie Pause macht.",
	"It was taken for spam, and is none.":                                                                             "Es galt als Spam und ist keiner.",
	"It was taken for spam already.":                                                                                  "Es galt schon als Spam.",
	"The ticket is closed; its first mail is no longer kept.":                                                         "Das Ticket ist geschlossen; seine erste Mail ist nicht mehr aufbewahrt.",
	"The ticket is closed, its first mail in quarantine; nobody outside is told.":                                     "Das Ticket ist geschlossen, seine erste Mail in Quarantäne; niemand draußen erfährt davon.",
	"The ticket is closed; nobody outside is told.":                                                                   "Das Ticket ist geschlossen; niemand draußen erfährt davon.",
	"Nobody has asked in this ticket.":                                                                                "In diesem Ticket hat niemand gefragt.",
	"Not done: that is an address of the desk or of an agent.":                                                        "Nicht geschehen: Das ist eine Adresse des Desks oder eines Agenten.",
	"%s may write; the spam filter does not stop that address any more.":                                              "%s darf schreiben; der Spamfilter hält diese Adresse nicht mehr auf.",
	"%s is blocked: what comes from there goes to quarantine.":                                                        "%s ist gesperrt: Was von dort kommt, geht in Quarantäne.",
	"That mail is too old to be answered, or was answered to somebody else as well. The next digest can be answered.": "Diese Mail ist zu alt für eine Antwort, oder die Antwort ging auch an andere. Die nächste Übersicht kann beantwortet werden.",
	"Nothing of the mail was done, since not all of it was understood.":                                               "Nichts aus der Mail ist geschehen, weil nicht alles verstanden wurde.",
	"It was let in.":                                "Sie ist hereingelassen.",
	"It is in ticket #%d now.":                      "Sie ist jetzt in Ticket #%d.",
	"%s The spam filter does not stop %s any more.": "%s Der Spamfilter hält %s nicht mehr auf.",
	"%s is blocked, and the mail filed away.":       "%s ist gesperrt und die Mail abgelegt.",
	"It was filed away.":                            "Sie ist abgelegt.",
	"There is no such mail in quarantine.":          "Diese Mail gibt es in der Quarantäne nicht.",
	// Buttons.
	"Take it":          "Übernehmen",
	"Close it":         "Schließen",
	"Snooze 1 day":     "1 Tag zurückstellen",
	"Write a note":     "Notiz schreiben",
	"Send it as it is": "So senden",
	"Drop it":          "Verwerfen",
	"Yes, it was me":   "Ja, das war ich",
	"No":               "Nein",
}
