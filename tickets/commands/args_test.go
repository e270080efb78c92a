package commands

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// Tags and names of fields are read as these patterns say.
func TestTagsAndFieldNames(t *testing.T) {
	tag := regexp.MustCompile(`^[\pL\pN][\pL\pN_.:-]{0,49}$`)
	field := regexp.MustCompile(`^([\pL][\pL\pN_.-]{0,39})=`)
	check := func(s string) {
		t.Helper()
		if got, want := isTag(s), tag.MatchString(s); got != want {
			t.Errorf("isTag(%q) is %v", s, got)
		}
		name, value, ok := cutField(s)
		m := field.FindStringSubmatch(s)
		if ok != (m != nil) || ok && (name != m[1] || value != s[len(m[0]):]) {
			t.Errorf("cutField(%q) is %q, %q, %v", s, name, value, ok)
		}
	}
	for _, n := range []int{0, 1, 39, 40, 41, 49, 50, 51, 52} {
		for _, c := range []string{"a", "é", "あ", "٣", "½", "_", "\xff"} {
			check(strings.Repeat(c, n))
			check(strings.Repeat(c, n) + "=x")
			check("a" + strings.Repeat(c, n))
			check("a" + strings.Repeat(c, n) + "=x=y")
			check(strings.Repeat(c, n) + "\n")
		}
	}
	signs := []rune("aZé9٣½_.:-=# \n\uFFFDあ\u0301")
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		var s strings.Builder
		for range rnd.IntN(8) {
			s.WriteRune(signs[rnd.IntN(len(signs))])
		}
		check(s.String())
	}
}
