package config

import "testing"

func TestMissing(t *testing.T) {
	d, err := Load(t.Context(), "testdata/design")
	must(t, err)
	used := Used{
		Priorities: map[string]int{"urgent": 2, "": 1, "p1": 1},
		Teams:      map[string]int{"frontdesk": 1, "": 4, "billing": 12, "gone": 0},
		Agents:     map[string]int{"jane": 1, "": 9, "bob": 2},
		Vendors:    map[string]int{"routers": 1},
		Tiers:      map[int]int{0: 1, 4: 1, 7: 3},
	}
	got := ""
	for i, l := range d.Missing(used) {
		numbers := []int64{4, 9, 12}[:min(i, 3, l.Tickets)]
		got += l.Fault(numbers).Error() + "\n"
	}
	golden(t, "testdata/missing.txt", got)
	if l := d.Missing(Used{Tiers: map[int]int{1: 5}, Teams: map[string]int{"network": 1}}); len(l) != 0 {
		t.Errorf("nothing is missing: %v", l)
	}
}
