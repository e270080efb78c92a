package config

import (
	"testing"

	"tierdesk/tickets/desk"
)

// Each action that a rule may name a capability for has a capability that carries it out.
func TestEveryActionIsCarriedOut(t *testing.T) {
	able := desk.Actions()
	for kind := range ruleNames(&Policy{}, nil).Carried {
		if able[kind].Do == nil {
			t.Errorf("rules may say %q, and nothing does it", kind)
		}
	}
}
