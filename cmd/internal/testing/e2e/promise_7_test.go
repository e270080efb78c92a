package e2e

import (
	"testing"
)

// Open tickets are with a team that the new people.yaml does not have any more. Nothing of what was saved with it comes into force, and the admin hears why.
func TestATeamInUseStays(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		ack, _, _ := w.ask() // with the front desk
		hash := w.app.Hash()
		w.swap(map[string]string{
			"rules/10-routing.yaml": "rules:\n  - {name: all is low, do: [{set: {priority: low}}]}\n",
			"service.yaml":          "tiers:\n  - {level: 1, name: Technicians, team: technicians}\n  - {level: 2, name: Experts, team: engineering}\n",
			"people.yaml": `agents:
  ann: {full_name: Ann Able, address: ` + ann + `, teams: [technicians]}
  eve: {full_name: Eve Early, address: ` + eve + `, teams: [engineering]}
teams: {technicians: {}, engineering: {}}
`})
		w.next(admin).has("people.yaml", `"frontdesk"`)
		if w.app.Hash() != hash {
			t.Error("the new folder is in force")
		}
		w.send(letter{from: jane, to: support, subject: "Outage", text: "All is down."})
		w.next(jane)
		if up := w.next(tess); up.Header.Get("X-Tierdesk-Priority") != "urgent" {
			t.Error("the old rules do not hold any more")
		}
		w.answer(max, ack, "Is anybody there?")
		w.next(ann).has("Is anybody there?")
		w.next(ben).has("Is anybody there?")
		w.nothing(admin)
	}, linked)
}

// A template that cannot be read keeps out the rules that were saved with it.
func TestAFolderIsTakenWhole(t *testing.T) {
	stories(t, func(t *testing.T, w *world) {
		w.swap(map[string]string{
			"templates/acknowledgement.md": "Subject: {{.NoSuchThing}}\n\n{{if}}\n",
			"rules/10-routing.yaml":        "rules:\n  - {name: all is low, do: [{set: {priority: low}}]}\n",
		})
		w.next(admin).has("acknowledgement.md:")
		w.send(letter{from: jane, to: support, subject: "Outage", text: "All is down."})
		w.next(jane).has("[#1]", "Outage")
		if up := w.next(tess); up.Header.Get("X-Tierdesk-Priority") != "urgent" {
			t.Error("half of the new folder is in force")
		}
	}, linked)
}
