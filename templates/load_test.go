package templates

import "testing"

func TestBuiltinsLoad(t *testing.T) {
	s, faults := Load(nil)
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	for _, n := range s.Names() {
		t.Log(n, s.Languages(n))
	}
}
