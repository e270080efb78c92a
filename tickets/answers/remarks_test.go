package answers

import (
	"testing"

	"tierdesk/tickets"
)

// rowing is what a club asks of who wants to join: two days, hours, a yes or no, and a choice.
var rowing = tickets.Form{Name: "rowing", Questions: []tickets.Question{
	{Name: "rower", Kind: tickets.AskText, Ask: worded("Who is going to row (full name)?", "Wer möchte rudern (voller Name)?", "Qui va ramer (nom complet) ?",
		"¿Quién va a remar (nombre completo)?", "Chi vuole remare (nome completo)?", "Wie gaat er roeien (volledige naam)?")},
	{Name: "born", Kind: tickets.AskDate, Ask: worded("What is the date of birth?", "Wie lautet das Geburtsdatum?", "Quelle est la date de naissance ?",
		"¿Cuál es la fecha de nacimiento?", "Qual è la data di nascita?", "Wat is de geboortedatum?")},
	{Name: "begin", Kind: tickets.AskDate, Ask: worded("From which day would you like to train?", "Ab welchem Tag möchten Sie trainieren?",
		"À partir de quel jour souhaitez-vous vous entraîner ?", "¿A partir de qué día desea entrenar?", "Da quale giorno desidera allenarsi?",
		"Vanaf welke dag wilt u trainen?")},
	{Name: "hours", Kind: tickets.AskNumber, Ask: worded("How many hours a week?", "Wie viele Stunden in der Woche?", "Combien d'heures par semaine ?",
		"¿Cuántas horas a la semana?", "Quante ore alla settimana?", "Hoeveel uur per week?")},
	{Name: "boat", Kind: tickets.AskChoice, Choices: choiceOf("Skiff", "Gig", "Achter").Choices, Ask: worded("Which boat?", "Welches Boot?", "Quel bateau ?",
		"¿Qué barco?", "Quale barca?", "Welke boot?")},
	{Name: "locker", Kind: tickets.AskYesNo, Ask: worded("Do you need a locker?", "Brauchen Sie einen Spind?", "Avez-vous besoin d'un casier ?",
		"¿Necesita una taquilla?", "Le serve un armadietto?", "Hebt u een kluisje nodig?")},
}}

// What stands in brackets behind an answer tells of it, or changes it.
func TestRemarksInBrackets(t *testing.T) {
	hours, boat := &rowing.Questions[3], &rowing.Questions[4]
	checkSayings(t, hours, []saying{
		{"en", "6 hours (Tue and Thu 6-9)", ""}, {"en", "20 hours (Mon to Fri 8-12)", "20"}, {"de", "6 (2 am Tag)", "6"}, {"fr", "6 h (3 séances)", "6"}, {"es", "6 (dos por sesión)", "6"}, {"it", "6 (3 allenamenti)", "6"},
		{"nl", "6 uur (drie keer 2)", "6"}, {"en", "6 (7)", ""}, {"en", "6 (8 with weekends)", ""}, {"en", "6 (or 7)", ""}, {"en", "6 (maybe 4)", ""}, {"en", "6 (4 from May on)", ""},
		{"de", "6 (8 mit Wochenende)", ""}, {"de", "6 (oder 7)", ""}, {"de", "6 (inzwischen 4)", ""}, {"de", "6 (ohne Samstag 4)", ""}, {"fr", "6 (ou 7)", ""}, {"fr", "6 (8 avec le dimanche)", ""},
		{"es", "6 (o 7)", ""}, {"es", "6 (8 con el domingo)", ""}, {"it", "6 (o 7)", ""}, {"it", "6 (8 con la domenica)", ""}, {"nl", "6 (of 7)", ""}, {"nl", "6 (8 met zondag)", ""},
		{"en", "6 (4?)", ""}, {"en", "6 (actually no, I mean 4)", "4"}, {"en", "6 (+2)", ""}, {"en", "6 (max. 8)", ""}, {"de", "6 (höchstens 8)", ""},
	})
	checkSayings(t, boat, []saying{
		{"en", "Skiff (my brother rows in the gig)", "Skiff"}, {"de", "Skiff (mein Bruder sitzt im Achter)", "Skiff"}, {"en", "Skiff (Gig)", ""}, {"en", "Skiff (or a gig)", ""},
		{"en", "Skiff (the gig would also do)", ""}, {"de", "Skiff (der Achter geht auch)", ""}, {"de", "Skiff (sonst eben der Achter)", ""}, {"fr", "Skiff (le gig irait aussi)", ""},
		{"es", "Skiff (el gig también vale)", ""}, {"it", "Skiff (va bene anche il gig)", ""}, {"nl", "Skiff (de gig mag ook)", ""}, {"en", "Skiff (no, rather the gig please)", ""},
	})
	lamps := tickets.Question{Kind: tickets.AskNumber, Ask: worded("How many lamps are out?", "Wie viele Lampen sind dunkel?", "Combien de lampes sont éteintes ?",
		"¿Cuántas lámparas están apagadas?", "Quante lampade sono spente?", "Hoeveel lampen zijn er uit?")}
	checkSayings(t, &lamps, []saying{
		{"en", "9 (one is dark)", ""}, {"de", "9 (davon 2 dunkel)", ""}, {"fr", "9 (dont 2 éteintes)", ""}, {"es", "9 (2 apagadas)", ""}, {"it", "9 (di cui 2 spente)", ""}, {"nl", "9 (waarvan 2 uit)", ""},
	})
}

// A question behind an answer asks for something else, or takes it back.
func TestAQuestionBehindAnAnswer(t *testing.T) {
	checkSayings(t, &rowing.Questions[5], []saying{
		{"en", "No. Do I need a lock of my own for it?", No}, {"de", "Ja. Was kostet der denn?", Yes}, {"fr", "Non. Faut-il un cadenas ?", No}, {"es", "Sí. ¿Cuánto cuesta?", Yes},
		{"it", "No. Quanto costa al mese?", No}, {"nl", "Nee. Wat kost dat per maand?", No},
		{"en", "No. Or do I need one?", ""}, {"de", "Nein. Oder brauche ich einen?", ""}, {"fr", "Non. Ou faut-il oui ?", ""}, {"en", "Yes. Is that right?", ""}, {"en", "Do I need one?", ""},
		{"en", "Maybe. What does it cost?", ""}, {"nl", "Ja. Of toch niet?", ""}, {"es", "Sí. ¿O no?", ""}, {"it", "Sì. O forse no?", ""},
	})
	checkSayings(t, &rowing.Questions[3], []saying{
		{"en", "6. When does the season start?", "6"}, {"en", "6. Or is 8 better?", ""}, {"de", "6. Reichen auch 4 Stunden?", ""}, {"fr", "6. Ou plutôt huit ?", ""},
	})
	checkSayings(t, &rowing.Questions[4], []saying{
		{"en", "Skiff. When is it free?", "Skiff"}, {"en", "Skiff. Would the gig be cheaper?", ""}, {"de", "Skiff. Oder ist der Achter besser?", ""},
	})
	checkSayings(t, &rowing.Questions[2], []saying{
		{"en", "1 April. Where do we meet?", "2026-04-01"}, {"en", "1 April. Or is the 8th of April better?", ""}, {"de", "1. April. Wann genau fängt es an?", "2026-04-01"},
	})
}

// Who gives the reason first concludes with a yes or no.
func TestAConclusion(t *testing.T) {
	checkSayings(t, &rowing.Questions[5], []saying{
		{"en", "Only for my shoes, so yes please.", Yes}, {"de", "Ich wohne nebenan, also nein", No}, {"fr", "J'habite à côté, donc non", No}, {"es", "Vivo lejos, así que sí", ""},
		{"it", "Abito qui, quindi no", No}, {"nl", "Ik woon ver weg, dus ja", Yes}, {"en", "Only for my shoes, so maybe yes", ""}, {"en", "so yes, so no", ""},
		{"en", "My brother said no, so I asked him again", ""}, {"de", "Mal nein, mal also ja", ""},
	})
}

// Whoever asks for a number gets none in words alone.
func TestNoNumberInWords(t *testing.T) {
	pole := tickets.Question{Kind: tickets.AskText, Ask: worded("What number is on the pole?", "Welche Nummer steht am Mast?", "Quel numéro figure sur le poteau ?",
		"¿Qué número figura en el poste?", "Quale numero c'è sul palo?", "Welk nummer staat er op de paal?")}
	checkSayings(t, &pole, []saying{
		{"en", "none visible", ""}, {"de", "da steht keine dran", ""}, {"fr", "il n'y en a pas", ""}, {"es", "no tiene", ""}, {"it", "non c'è", ""}, {"nl", "staat er niet op", ""},
		{"de", "die steht doch auf dem Mast", ""}, {"en", "it is covered with posters", ""}, {"en", "A-17", "A-17"}, {"en", "3308", "3308"}, {"en", "QX", "QX"},
	})
	where := tickets.Question{Kind: tickets.AskText, Ask: worded("Where is it (street and number)?", "Wo ist es (Straße und Nummer)?", "Où est-ce (rue et numéro) ?",
		"¿Dónde está (calle y número)?", "Dov'è (via e numero)?", "Waar is het (straat en nummer)?")}
	checkSayings(t, &where, []saying{{"en", "Mill Lane, no number, beside the school", "Mill Lane, no number, beside the school"}, {"de", "Am Anger, ohne Hausnummer", "Am Anger, ohne Hausnummer"}})
}

// When somebody was born needs its year, and may have it in two digits.
func TestBorn(t *testing.T) {
	checkSayings(t, &rowing.Questions[1], []saying{
		{"de", "30.06.94", "1994-06-30"}, {"de", "07.07.70", "1970-07-07"}, {"fr", "3/4/65", "1965-04-03"}, {"de", "3.3.24", "2024-03-03"}, {"en", "30 June 1994", "1994-06-30"},
		{"en", "30 June", ""}, {"de", "30. Juni", ""}, {"en", "12 May 65", ""}, {"de", "30.6.", ""}, {"es", "2-3-1988", "1988-03-02"}, {"nl", "11-09-2024", "2024-09-11"},
	})
	stories(t, &rowing, nil, []saying{
		{"en", "My daughter Ivy Poe was born on 12 May 2017. We would like to train from 1 April, 6 hours a week.", "rower=Ivy Poe born=2017-05-12 begin=2026-04-01 hours=6"},
		{"de", "Es geht um meinen Enkel Max Poe, geboren am 4. November 2016. Trainieren möchte er ab dem 13. April.", "rower=Max Poe born=2016-11-04 begin=2026-04-13"},
		{"fr", "Mon fils Luc Poe, né le 19 mars 2015, voudrait commencer à partir du 8 avril. Il n'est pas libre le 3 avril.", "rower=Luc Poe born=2015-03-19 begin=2026-04-08"},
		{"es", "Mi hija Ana Poe nació el 30 de agosto de 2010 y quiere entrenar a partir del 1 de mayo.", "rower=Ana Poe born=2010-08-30 begin=2026-05-01"},
		{"it", "Mio figlio Leo Poe è nato il 2 gennaio 2012 e vorrebbe cominciare dal 1° maggio.", "rower=Leo Poe born=2012-01-02 begin=2026-05-01"},
		{"nl", "Mijn zoon Tim Poe is geboren op 2 januari 2012 en wil vanaf 1 mei trainen.", "rower=Tim Poe born=2012-01-02 begin=2026-05-01"},
		{"en", "My daughter Ivy Poe was born on 12 May 2017. Her birthday party is on 16 May 2026.", "rower=Ivy Poe born=2017-05-12"},
		{"de", "Meine Tochter Ida Poe ist am 12. Mai 2017 geboren. Ihr Geburtstag ist am 16. Mai 2026.", "rower=Ida Poe born=2017-05-12"},
		{"en", "She had a trial lesson on 5 March and liked it. Her birthday is on 12 May.", ""},
		{"de", "Das Probetraining war am 5. März. Ihr Geburtstag ist am 12. Mai.", ""},
		{"fr", "Nous étions chez vous le 5 mars. Son anniversaire est le 12 mai.", ""},
	})
}

// "She has none" says something of who is to row; of anybody else it says nothing.
func TestWhoHasNone(t *testing.T) {
	licence := tickets.Form{Name: "licence", Questions: []tickets.Question{rowing.Questions[0], {Name: "licence", Kind: tickets.AskYesNo,
		Ask: worded("Do you already have a racing licence?", "Haben Sie schon einen Rennpass?", "Avez-vous déjà une licence de course ?",
			"¿Tiene ya una licencia de regatas?", "Ha già una licenza di gara?", "Hebt u al een wedstrijdlicentie?")}, rowing.Questions[3]}}
	stories(t, &licence, nil, []saying{
		{"en", "My daughter Ivy Poe wants 6 hours a week. She doesn't have a licence yet.", "rower=Ivy Poe licence=no hours=6"},
		{"es", "Para mi hija Ana Poe, 6 horas a la semana. No tiene licencia.", "rower=Ana Poe licence=no hours=6"},
		{"de", "Für meine Tochter Ida Poe, 6 Stunden in der Woche. Einen Rennpass hat sie noch keinen.", "rower=Ida Poe licence=no hours=6"},
		{"en", "My daughter Ivy Poe wants 6 hours a week. Her brother has no licence either.", "rower=Ivy Poe hours=6"},
		{"en", "My daughter Ivy Poe wants 6 hours a week. The coach lost his licence.", "rower=Ivy Poe hours=6"},
		{"de", "Für meine Tochter Ida Poe, 6 Stunden in der Woche. Ihr Trainer hat keinen Rennpass.", "rower=Ida Poe hours=6"},
		{"fr", "Pour ma fille Léa Poe, 6 heures par semaine. Son cousin a déjà sa licence.", "rower=Léa Poe hours=6"},
	})
}

// What is counted by the week is no number a day, and what has run out is had no more.
func TestOtherPeriods(t *testing.T) {
	checkSayings(t, &rowing.Questions[3], []saying{
		{"en", "8 hours a day", ""}, {"de", "8 Stunden am Tag", ""}, {"fr", "8 heures par jour", ""}, {"es", "8 horas al día", ""}, {"it", "8 ore al giorno", ""}, {"nl", "8 uur per dag", ""},
		{"en", "8 hours a week", "8"}, {"de", "8 Stunden pro Woche", "8"}, {"fr", "une vingtaine d'heures", "20"}, {"it", "una ventina di ore", "20"}, {"en", "8, 32 a month", ""},
	})
	licence := tickets.Question{Kind: tickets.AskYesNo, Ask: worded("Do you have a licence?", "Haben Sie einen Schein?", "Avez-vous une licence ?", "¿Tiene una licencia?", "Ha una licenza?",
		"Hebt u een licentie?")}
	checkSayings(t, &licence, []saying{
		{"en", "yes, but it has expired", ""}, {"de", "ja, ist aber abgelaufen", ""}, {"fr", "oui mais périmée", ""}, {"es", "sí, pero caducó", ""}, {"it", "sì, ma scaduta", ""}, {"nl", "ja, maar verlopen", ""},
	})
}

// An excuse between two answers corrects the first one, and anything else says nothing.
func TestAnExcuseBetweenTwo(t *testing.T) {
	checkSayings(t, &rowing.Questions[3], []saying{
		{"en", "9, sorry, 10", "10"}, {"fr", "9, pardon, 10 heures", "10"}, {"it", "9, scusi, 10", "10"}, {"es", "9, perdón, 10", "10"}, {"de", "9, Verzeihung, 10", "10"}, {"nl", "9, sorry, 10", "10"},
		{"en", "9, sorry, 10 - found another evening", "10"}, {"en", "9, sorry, not 10", ""}, {"en", "9, sorry, maybe 10", ""}, {"en", "9, sorry for the delay", "9"}, {"de", "9, sorry, oder 10", ""},
	})
	checkSayings(t, &rowing.Questions[2], []saying{
		{"fr", "le 15 juin, pardon le 22 juin", "2026-06-22"}, {"en", "15 June, sorry, 22 June", "2026-06-22"}, {"en", "15 June, sorry, 22 June is full", ""}, {"de", "15. Juni, sorry, nicht der 22. Juni", ""},
	})
}

// clearance asks what kind of thing shall be taken, where it stands and how many there are.
var clearance = tickets.Form{Name: "clearance", Questions: []tickets.Question{
	{Name: "kind", Kind: tickets.AskText, Ask: worded("What kind of waste is it?", "Was für ein Abfall ist es?", "Quel type de déchet est-ce ?", "¿Qué tipo de residuo es?",
		"Che tipo di rifiuto è?", "Wat voor afval is het?")},
	{Name: "where", Kind: tickets.AskText, Ask: worded("Where does the container stand?", "Wo steht der Container?", "Où se trouve le conteneur ?", "¿Dónde está el contenedor?",
		"Dove si trova il cassonetto?", "Waar staat de container?")},
	{Name: "bags", Kind: tickets.AskNumber, Ask: worded("How many bags are there?", "Wie viele Säcke sind es?", "Combien de sacs y a-t-il ?", "¿Cuántas bolsas hay?", "Quanti sacchi ci sono?",
		"Hoeveel zakken zijn het?")},
	{Name: "glass", Kind: tickets.AskYesNo, Ask: worded("Is there any glass in it?", "Gibt es Glas darin?", "Y a-t-il du verre ?", "¿Hay vidrio?", "C'è del vetro?", "Zit er glas in, of is er glas bij?")},
}}

// What something is, and where, is said in a sentence of its own; what is thought of it is none.
func TestWhatItIsAndWhere(t *testing.T) {
	stories(t, &clearance, nil, []saying{
		{"en", "It's an old carpet. The container is outside 12 Mill Lane, next to the gate. 4 bags. No glass.", "kind=old carpet where=The container is outside 12 Mill Lane, next to the gate bags=4 glass=no"},
		{"de", "Es ist ein alter Teppich. Der Container steht in der Mühlgasse 12. Es sind 4 Säcke. Es gibt kein Glas.", "kind=alter Teppich where=Der Container steht in der Mühlgasse 12 bags=4 glass=no"},
		{"fr", "C'est un vieux tapis. Le conteneur est au 12 rue du Moulin. Il y a 4 sacs. Il n'y a pas de verre.", "where=Le conteneur est au 12 rue du Moulin bags=4"},
		{"es", "Es una alfombra vieja. El contenedor está en la calle Sol 12. Hay 4 bolsas. No hay vidrio.", "kind=alfombra vieja where=El contenedor está en la calle Sol 12 bags=4 glass=no"},
		{"it", "È un vecchio tappeto. Il cassonetto è in via Roma 12. Ci sono 4 sacchi. Non c'è vetro.", "kind=vecchio tappeto where=Il cassonetto è in via Roma 12 bags=4 glass=no"},
		{"nl", "Het is een oud tapijt. De container staat in de Molenstraat 12. Er zijn 4 zakken. Er is geen glas.", "kind=oud tapijt where=De container staat in de Molenstraat 12 bags=4 glass=no"},
		{"en", "It's an old carpet. I wrote to you about it.", ""},
		{"en", "It's a shame that nobody came. 4 bags. No glass.", "bags=4 glass=no"},
		{"de", "Es ist eine Frechheit. Es sind 4 Säcke. Es gibt kein Glas.", "bags=4 glass=no"},
		{"en", "It's a shame that nobody came. The container has been full for weeks.", ""},
		{"en", "It's broken and it smells. I walk down Mill Lane every day.", ""},
		{"en", "It's on Monday that we need it. The container is not in Mill Lane.", ""},
		{"de", "Es ist eine Frechheit. Der Container war in der Mühlgasse, glaube ich.", ""},
		{"fr", "C'est dommage. Le conteneur n'est pas dans la rue.", ""},
		{"es", "Es una vergüenza. El contenedor no está en la calle Sol.", ""},
		{"it", "È un peccato. Il cassonetto non è in via Roma.", ""},
		{"nl", "Het is een schande. De container staat misschien in de Molenstraat.", ""},
		{"en", "It's an old carpet, or maybe two. Just one bag. The neighbour's glass is not mine.", ""},
	})
}

// A company that has the writer's name is not who takes part.
func TestACompanyIsNoPerson(t *testing.T) {
	stories(t, &rowing, nil, []saying{{"en", "The invoice goes to Muster Boats. 6 hours a week, the skiff please.", "hours=6 boat=Skiff"}})
}
