package demo

import "strings"

// person is a person with a mailbox in the demo.
type person struct {
	name, address string
	role          string
	customer      bool // or another person outside the desk, who must not see anything internal
}

func (p person) String() string { return p.name + " <" + p.address + ">" }

// The people of the demo. The desk folder knows the agents too.
var (
	desk = person{name: "Acme Support", address: "support@acme.example", role: "the desk's mailbox"}
	marc = person{name: "Marc Muster", address: "marc@customer.example", role: "a customer", customer: true}
	jane = person{name: "Jane Doe", address: "jane@gold.example", role: "a customer with the plan gold", customer: true}
	ann  = person{name: "Ann Able", address: "ann@staff.example", role: "agent, tier 1 Front desk"}
	ben  = person{name: "Ben Brown", address: "ben@staff.example", role: "agent, tier 1 Front desk"}
	tess = person{name: "Tess Tall", address: "tess@staff.example", role: "agent, tier 2 Technicians"}
	tom  = person{name: "Tom Thin", address: "tom@staff.example", role: "agent, tier 2 Technicians"}
	eve  = person{name: "Eve Early", address: "eve@staff.example", role: "agent, tier 3 Experts"}
	lea  = person{name: "Lea Long", address: "lea@staff.example", role: "lead of all teams"}
	nina = person{name: "Nina Nord", address: "nina@north.example", role: "a customer who writes German", customer: true}
	olaf = person{name: "Olaf Ost", address: "olaf@east.example", role: "a customer", customer: true}
	pia  = person{name: "Pia Platt", address: "pia@south.example", role: "a customer", customer: true}
	mona = person{name: "Mona Maker", address: "mona@maker.example", role: "somebody who knows the network", customer: true}
	oda  = person{name: "Oda Owner", address: "oda@gold.example", role: "Jane's boss, who decides on her requests", customer: true}
	rita = person{name: "Rita Router", address: "rita@routers.example", role: "of the vendor Router Works", customer: true}
	it   = person{name: "Ida Tell", address: "it@acme.example", role: "the admin"}
)

// everybody returns all people with a mailbox. The desk's own mailbox is not included.
func everybody() []person {
	return []person{marc, jane, nina, olaf, pia, mona, oda, rita, ann, ben, tess, tom, eve, lea, it}
}

func addresses() []string {
	out := []string{desk.address}
	for _, p := range everybody() {
		out = append(out, p.address)
	}
	return out
}

// at reports whether mail to the address, which may have a plus part, goes to the person.
func at(address string, p person) bool {
	local, domain, _ := strings.Cut(strings.ToLower(address), "@")
	local, _, _ = strings.Cut(local, "+")
	return local+"@"+domain == p.address
}
