package answers

import (
	"testing"

	"tierdesk/tickets"
)

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
