package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"time"

	"tierdesk/tickets"
)

// chapter is a part of the story.
type chapter struct {
	title, about string
	play         func(s *stage)
}

func story() []chapter {
	return []chapter{
		{"A question is answered", "A customer writes to the support address. Agents work from their own mail clients: they reply to the desk's notice, and the customer gets the answer.", question},
		{"An outage at night", "Ten in the evening. A rule of the desk folder makes an outage at a gold customer urgent, and what is urgent does not wait for the office to open. Nobody answers, and the desk goes on asking.", outage},
		{"A note, and a misspelt command", "Lines that begin with / at the top of an agent's reply are commands. What the desk does not understand is never sent on.", note},
		{"Somebody pretends to be an agent", "Anybody can write a name into a From line. That alone makes nobody an agent.", forged},
		{"Colleagues, and somebody who knows", "Two agents answer at once, one with a table and a picture. An expert outside is asked; they see the question alone. Then an agent searches.", together},
		{"An article answers", "Tier 0: the acknowledgement offers an article of the folder kb. If it helps, nobody at the desk is disturbed.", article},
		{"A form, and somebody's yes", "A rule answers with the questions of forms/access.yaml. What the customer asks for needs the yes of somebody else.", request},
		{"A vendor", "Tier 4: a ticket goes to another company and comes back, without telling them whose it is.", vendor},
		{"One fault, five customers", "Tier 3: tickets with one cause are a problem. What there is to say is written once and answers each of them.", fault},
	}
}

func question(s *stage) {
	s.writes(marc, "Printer jams", "Hello,\nthe printer on floor 2 has been jamming since this morning.\nMarc")
	s.gets(wanted{what: "the acknowledgement", has: []string{"[#1]", "Printer jams"}, lacks: []string{"staff.example"}}, marc)
	notice := s.gets(wanted{what: "the notice of the new ticket", event: "agent-new",
		has: []string{"the printer on floor 2 has been jamming", "Your reply goes to Marc Muster"}, whole: true}, ann, ben)

	s.later(12 * time.Minute)
	s.says("Ann replies to that notice, as she would to any mail.")
	s.answers(ann, notice, "Please open flap B and pull the paper out.\n\n-- \nAnn Able, room 12, ann@staff.example")
	s.hidden("Ann's private address and signature", "room 12")
	answer := s.gets(wanted{what: "Ann's answer", has: []string{"Please open flap B", "[#1]"},
		lacks: []string{"ann@staff.example", "room 12", "Your reply goes to"}}, marc)
	s.gets(wanted{what: "word that Ann has it", event: "agent-note", has: []string{"Ann Able has answered and taken this ticket."}}, ben)

	s.later(9 * time.Minute)
	s.answers(marc, answer, "That helped, thanks a lot!")
	s.gets(wanted{what: "word that it is solved", has: []string{"should be solved"}}, marc)
	s.gets(wanted{what: "the customer's thanks", event: "agent-note", has: []string{"Marc Muster says that it is solved"}}, ann)
	s.stands(1, tickets.Solved)

	s.pass(5*24*time.Hour+time.Minute, "nobody writes any more")
	s.stands(1, tickets.Closed)
	s.nobodyElse()
}

func outage(s *stage) {
	s.morning()
	s.evening()
	s.writes(jane, "Outage: the whole office is down", "Nothing has worked since 21:50, neither mail nor telephone.\nJane")
	s.gets(wanted{what: "the acknowledgement", has: []string{"[#2]"}, quiet: true}, jane)
	s.gets(wanted{what: "the notice of the outage", event: "agent-new", has: []string{"Nothing has worked", "urgent"}, whole: true},
		tess, tom)

	s.pass(24*time.Minute, "nobody has answered, and half an hour was promised")
	s.gets(wanted{what: "the warning", event: "sla-warning", has: []string{"due soon"}}, tess, tom)
	s.pass(6*time.Minute, "still no answer")
	s.gets(wanted{what: "word of the missed promise", event: "sla-missed", has: []string{"deadline missed"}}, lea)

	s.later(5 * time.Minute)
	s.says("Meanwhile somebody asks what can wait until the office opens. Marc is told so, and nobody is woken for it.")
	s.writes(marc, "Toner", "The printer needs toner. Where do I find some?")
	s.gets(wanted{what: "an acknowledgement that says by when", has: []string{"[#3]", "We will answer by 13:00 UTC tomorrow"}}, marc)
	toner := s.gets(wanted{what: "the notice of the new ticket", event: "agent-new", has: []string{"needs toner"}, quiet: true}, ann, ben)

	s.pass(3*time.Hour+25*time.Minute, "four hours since the outage, the promised time to solve it")
	up := s.gets(wanted{what: "the escalation", event: "escalation", has: []string{"Nothing has worked since", "tier 3, Experts"}}, eve)
	s.later(4 * time.Minute)
	s.answers(eve, up, "/solve\nA core switch had failed. It is replaced, and everything runs again.")
	s.gets(wanted{what: "the receipt", event: "receipt", has: []string{"/solve"}, quiet: true}, eve)
	s.gets(wanted{what: "the expert's answer", has: []string{"A core switch had failed"}, lacks: []string{"/solve", "eve@staff.example"}},
		jane)
	s.stands(2, tickets.Solved)

	s.dawn()
	s.answers(ann, toner, "/solve\nIn the cupboard beside the printer.")
	s.gets(wanted{what: "the receipt", event: "receipt", quiet: true}, ann)
	s.gets(wanted{what: "the answer", has: []string{"In the cupboard"}, quiet: true}, marc)
	s.gets(wanted{what: "word that Ann has it", event: "agent-note", quiet: true}, ben)
	s.stands(3, tickets.Solved)
	s.nobodyElse()
}

func note(s *stage) {
	s.morning()
	s.writes(marc, "Invoice 4711", "I have paid invoice 4711 twice by mistake. What now?")
	s.gets(wanted{what: "the acknowledgement", has: []string{"[#4]"}, quiet: true}, marc)
	notice := s.gets(wanted{what: "the notice of the new ticket", event: "agent-new", has: []string{"invoice 4711"}}, ann, ben)

	s.later(5 * time.Minute)
	s.answers(ann, notice, "/note\nHe did the same in March. Bookkeeping is slow with him, please check.")
	s.hidden("Ann's note about the customer", "did the same in March")
	s.gets(wanted{what: "the receipt for the note", event: "receipt", has: []string{"Your text is a note"}}, ann)
	s.gets(wanted{what: "Ann's note", event: "agent-note", has: []string{"He did the same in March"}}, ben)

	s.later(20 * time.Minute)
	s.says("Now she types the command wrongly. Another program would have sent this to the customer.")
	s.answers(ann, notice, "/noet\nI would let him wait until Friday.")
	s.hidden("the mail with the misspelt command", "let him wait until Friday")
	held := s.gets(wanted{what: "the held mail", event: "held", has: []string{"/noet", "/note", "let him wait until Friday"}}, ann)

	s.later(2 * time.Minute)
	s.answers(ann, held, "/solve\nWe send the money back today.")
	s.gets(wanted{what: "the receipt", event: "receipt", quiet: true}, ann)
	s.gets(wanted{what: "the answer", has: []string{"We send the money back today."}}, marc)
	s.gets(wanted{what: "word that Ann has it", event: "agent-note",
		has: []string{"Ann Able has answered and taken this ticket."}, quiet: true}, ben)
	s.stands(4, tickets.Solved)
	s.nobodyElse()
}

func forged(s *stage) {
	s.morning()
	s.writes(jane, "Contract", "May I end our contract in December?")
	ack := s.gets(wanted{what: "the acknowledgement", has: []string{"[#5]"}, quiet: true}, jane)
	notice := s.gets(wanted{what: "the notice of the new ticket", event: "agent-new", has: []string{"in December"}, quiet: true}, ann, ben)

	s.later(15 * time.Minute)
	s.forges(ann, ack.Subject, "/close\n\nNo. Your contract runs for ten more years.")
	s.hidden("the forged mail", "ten more years")
	question := s.gets(wanted{what: "the question whether the mail was hers", event: "confirm",
		has: []string{"in your name", "ten more years"}}, ann)
	s.stands(5, tickets.New)

	s.later(3 * time.Minute)
	s.answers(ann, question, "/drop")
	s.gets(wanted{what: "the receipt", event: "receipt", has: []string{"/drop"}}, ann)
	s.answers(ann, notice, "/solve\nYes, of course. It ends on 31 December.")
	s.gets(wanted{what: "the receipt", event: "receipt", quiet: true}, ann)
	s.gets(wanted{what: "Ann's real answer", has: []string{"Yes, of course."}}, jane)
	s.gets(wanted{what: "word that Ann has it", event: "agent-note",
		has: []string{"Ann Able has answered and taken this ticket."}, quiet: true}, ben)
	s.stands(5, tickets.Solved)
	s.nobodyElse()
}

func together(s *stage) {
	s.morning()
	s.writes(marc, "Colours of the network cables", "Which cable is for the telephone, and which for the computer?")
	s.gets(wanted{what: "the acknowledgement", has: []string{"[#6]"}, quiet: true}, marc)
	notice := s.gets(wanted{what: "the notice of the new ticket", event: "agent-new", has: []string{"Which cable"}, quiet: true}, ann, ben)

	s.later(4 * time.Minute)
	s.answers(ann, notice, "/consult mona@maker.example\nHello Mona, does the orange cable carry power?")
	s.gets(wanted{what: "the receipt", event: "receipt", quiet: true}, ann)
	s.gets(wanted{what: "word that Mona was asked", event: "agent-note", quiet: true}, ben)
	question := s.gets(wanted{what: "the question", has: []string{"does the orange cable carry power?"},
		lacks: []string{"Which cable", "marc@", "ann@"}}, mona)
	s.later(25 * time.Minute)
	s.answers(mona, question, "It does, 48 volts: never plug it into a computer.")
	told := s.gets(wanted{what: "Mona's answer", event: "consult-reply", has: []string{"48 volts"}}, ann, ben)

	s.later(6 * time.Minute)
	s.says("Ann answers with a table and a picture, as she would to anybody.")
	s.answersWith(ann, told, "The colours are:\n\nOrange  telephone\nBlue    computer\n\nNever plug the orange one into a computer.",
		"<p>The colours are:</p><table border=\"1\"><tr><td>Orange</td><td>telephone</td></tr><tr><td>Blue</td><td>computer</td></tr></table>"+
			"<p><img src=\"cid:picture\" alt=\"\"></p><p><b>Never</b> plug the orange one into a computer.</p>", swatch())
	s.gets(wanted{what: "the answer with its table", has: []string{"Orange", "telephone", "Never"},
		shows: []string{"<table", ">Orange</td>", "<b>Never</b>", "cid:"}, lacks: []string{"48 volts", "mona@"}}, marc)
	s.gets(wanted{what: "word that Ann has it", event: "agent-note",
		has: []string{"Ann Able has answered and taken this ticket."}, quiet: true}, ben)

	s.later(time.Minute)
	s.says("Ben has seen neither, and answers the notice that lies open before them.")
	s.answers(ben, told, "Any cable will do.")
	s.hidden("Ben's answer, which came too late", "Any cable will do")
	held := s.gets(wanted{what: "the held answer", event: "held", has: []string{"Any cable will do", "The colours are"}}, ben)
	s.answers(ben, held, "/drop")
	s.gets(wanted{what: "the receipt", event: "receipt", quiet: true}, ben)

	s.asks(ben, "/search cable")
	s.gets(wanted{what: "what was found", event: "found", has: []string{"Colours of the network cables"}}, ben)
	s.answers(ann, notice, "/solve")
	s.gets(wanted{what: "the receipt", event: "receipt", quiet: true}, ann)
	s.gets(wanted{what: "word that it is solved", has: []string{"should be solved"}, quiet: true}, marc)
	s.stands(6, tickets.Solved)
	s.nobodyElse()
}

func article(s *stage) {
	s.morning()
	s.writes(marc, "I have forgotten my password",
		"Hello,\nI have forgotten my password for the portal and cannot log in. How do I set a new one?\nMarc")
	offer := s.gets(wanted{what: "the acknowledgement with the article",
		has: []string{"[#7]", "Setting a new password", "It works for one hour", "That solved it", "I need a person"}, whole: true}, marc)
	s.later(11 * time.Minute)
	s.says("It helped. Marc clicks on “That solved it” and sends the mail that opens.")
	s.presses(marc, offer, "That solved it")
	s.gets(wanted{what: "word that it is solved", has: []string{"should be solved"}}, marc)
	s.stands(7, tickets.Solved)
	s.nobodyElse()
}

func request(s *stage) {
	s.morning()
	s.writes(jane, "Please give me access", "Could I have access to the plans for next year?\nJane")
	form := s.gets(wanted{what: "the questions", has: []string{"[#8]", "1. Which folder?", "read or write"}}, jane)
	s.gets(wanted{what: "the notice of the new ticket", event: "agent-new", has: []string{"A rule sent the form"}, quiet: true}, ann, ben)

	s.later(20 * time.Minute)
	s.says("She answers as people do. The desk reads the answers, and asks whoever decides; of the ticket they see nothing else.")
	s.answers(jane, form, "1. Plans 2027\n2. write\n\nThank you!")
	s.gets(wanted{what: "the completed form", event: "agent-reply",
		has: []string{"Plans 2027", "write", "oda@gold.example was asked"}, quiet: true}, ann, ben)
	question := s.gets(wanted{what: "the question", has: []string{"Access to a folder", "Plans 2027", "Yes, I approve"},
		lacks: []string{"for next year", "jane@gold.example"}, whole: true}, oda)

	s.later(30 * time.Minute)
	s.answers(oda, question, "Yes.\n\nShe plans the new hall.")
	s.gets(wanted{what: "the decision", has: []string{"has been approved"}, lacks: []string{"new hall", "oda@gold.example"}}, jane)
	told := s.gets(wanted{what: "the approved request", event: "consult-reply",
		has: []string{"has approved", "Plans 2027", "2 Technicians"}, whole: true}, tess, tom)
	s.answers(tess, told, "/solve\nThe folder is open to you now.")
	s.gets(wanted{what: "the receipt", event: "receipt", quiet: true}, tess)
	s.gets(wanted{what: "the answer", has: []string{"The folder is open to you now."}}, jane)
	s.gets(wanted{what: "word that Tess has it", event: "agent-note", quiet: true}, tom)
	s.stands(8, tickets.Solved)
	s.nobodyElse()
}

func vendor(s *stage) {
	s.morning()
	s.writes(marc, "Router", "The router in room 2.14 restarts every hour.\nMarc Muster, Tel. 0171 2345678")
	s.gets(wanted{what: "the acknowledgement", has: []string{"[#9]"}, quiet: true}, marc)
	notice := s.gets(wanted{what: "the notice of the new ticket", event: "agent-new", has: []string{"restarts every hour"},
		quiet: true}, ann, ben)

	s.later(10 * time.Minute)
	s.says("Ann hands it to the maker of the router. She names the customer; the vendor must not know them, and will not.")
	s.answers(ann, notice,
		"/take\n/vendor routers\nA router of Marc Muster (marc@customer.example, Tel. 0171 2345678) restarts every hour.")
	s.gets(wanted{what: "the receipt", event: "receipt", has: []string{"Router Works"}, quiet: true}, ann)
	s.gets(wanted{what: "word that Ann has it", event: "agent-note", quiet: true}, ben)
	asked := s.gets(wanted{what: "Ann's request", has: []string{"router of [customer]", "restarts every hour", "C-4711"},
		lacks: []string{"Muster", "customer.example", "2345678"}}, rita)
	s.stands(9, tickets.OnHold)

	s.later(time.Hour)
	s.answers(rita, asked, "That is the power supply. We send you a new one today, our cost 80 EUR.\n\nThe case is solved.")
	s.hidden("what the vendor wrote", "our cost 80")
	back := s.gets(wanted{what: "the vendor's answer", event: "consult-reply",
		has: []string{"says that it is solved", "power supply"}}, ann)
	s.later(5 * time.Minute)
	s.answers(ann, back, "/solve\nA new power supply comes today. Please plug it in, and all is well.")
	s.gets(wanted{what: "the receipt", event: "receipt", quiet: true}, ann)
	s.gets(wanted{what: "Ann's answer", has: []string{"A new power supply comes today"}, lacks: []string{"Rita", "routers.example"}}, marc)
	s.stands(9, tickets.Solved)
	s.nobodyElse()
}

func fault(s *stage) {
	s.morning()
	who := []person{marc, nina, jane, olaf, pia}
	s.writes(marc, "VPN tunnel", "The VPN tunnel does not come up since eight.")
	s.later(3 * time.Minute)
	s.writes(nina, "VPN geht nicht", "Guten Tag,\nseit heute früh wird der VPN-Tunnel nicht mehr aufgebaut. Können Sie das bitte prüfen?\nNina Nord")
	s.says("Within minutes three more customers write of the same.")
	for _, p := range who[2:] {
		s.later(2 * time.Minute)
		s.writesToo(p, "No VPN", "I get no VPN tunnel today.")
	}
	for _, p := range who {
		s.gets(wanted{what: "the acknowledgement", has: []string{"[#1"}, quiet: true}, p)
		s.gets(wanted{what: "the notice of the new ticket", event: "agent-new", has: []string{"VPN"}, quiet: true}, ann, ben)
	}
	alike := s.gets(wanted{what: "the proposal", event: "problem-news",
		has: []string{"5 tickets", "look alike", "#10 #11 #12 #13 #14"}}, lea)

	s.later(2 * time.Minute)
	s.answers(lea, alike, "/problem new The VPN gateway is down #10 #11 #12 #13 #14")
	s.gets(wanted{what: "the receipt", event: "receipt", has: []string{"Problem 1 is open", "Tickets: 5"}, quiet: true}, lea)
	s.later(50 * time.Minute)
	s.says("The gateway runs again. Lea says so once; before anything is sent she sees whom it will reach.")
	s.answers(lea, alike, "/problem 1 fixed")
	s.gets(wanted{what: "the receipt", event: "receipt", has: []string{"fixed"}, quiet: true}, lea)
	s.answers(lea, alike, "/publish 1\nThe VPN works again since ten o'clock. Please dial in once more.")
	held := s.gets(wanted{what: "the list of customers", event: "held",
		has: []string{"#10: Marc Muster", "#11: Nina Nord", "#12: Jane Doe", "#13: Olaf Ost", "#14: Pia Platt"}}, lea)
	s.sends(lea, held)
	s.gets(wanted{what: "the receipt", event: "receipt", quiet: true}, lea)
	for i, p := range who {
		var others []string
		for _, o := range who {
			if o != p {
				others = append(others, o.name, o.address)
			}
		}
		s.gets(wanted{what: "the published text", has: []string{fmt.Sprintf("[#%d]", 10+i), "The VPN works again", p.name},
			lacks: others, quiet: i > 1}, p)
	}
	s.says("All five have it, each in their own thread and with a greeting in their own language; nobody reads of another.")
	s.gets(wanted{what: "what customers were told", event: "problem-news",
		has: []string{"Lea Long has written to every customer", "kb/drafts/problem-1-1.md"}},
		ann, ben, tess, tom, lea)
	for i := range who {
		s.stands(int64(10+i), tickets.Solved)
	}
	s.nobodyElse()
}

// swatch is a picture: an orange square.
func swatch() []byte {
	picture := image.NewPaletted(image.Rect(0, 0, 48, 48), color.Palette{color.RGBA{R: 255, G: 127, A: 255}})
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		panic(err) // a picture in memory can always be encoded
	}
	return b.Bytes()
}

// summary checks that nobody saw what they should not, and sums up the tour.
func (s *stage) summary(took time.Duration) error {
	s.later(s.clock.left()) // from now on the story's time is the real time
	s.nobodyElse()
	if s.err == nil {
		_, _, s.err = s.decisions() // solved tickets close on the way, which need not be shown
	}
	customers, agents := 0, 0
	for _, p := range everybody() {
		if s.err != nil {
			return s.err
		}
		var all []mail
		if all, s.err = s.mails(p, 0); !p.customer {
			agents += len(all)
			continue
		}
		customers += len(all)
		for _, m := range all {
			for _, hidden := range append(s.secrets, secret{"an agent's private address", "@staff.example"}) {
				if m.holds(hidden.words) {
					return fmt.Errorf("%s can read %s in the mail %q", p.name, hidden.what, m.Subject)
				}
			}
		}
	}
	if s.err != nil {
		return s.err
	}
	solved, err := s.allSolved()
	if err != nil {
		return err
	}
	in, out := s.passed.counts()
	if out != customers+agents {
		return fmt.Errorf("%d mails left the desk, and %d lie in the mailboxes", out, customers+agents)
	}
	s.show.heading("What happened")
	s.show.plain("",
		fmt.Sprintf("  %d mails came to the desk, %d left it: %d to customers and others outside, %d to agents.", in, out, customers,
			agents),
		fmt.Sprintf("  %d tickets, all solved. It took %s.", solved, took.Round(time.Second)),
		"",
		"  In no customer's mailbox, searched byte by byte:")
	for _, hidden := range append(s.secrets, secret{"any agent's private address", "@staff.example"}) {
		s.show.plain(fmt.Sprintf("   · %s: “%s”", hidden.what, hidden.words))
	}
	return nil
}
