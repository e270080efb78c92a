package confidential

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// In the texts «...» stands around what has to be found.
func TestFind(t *testing.T) {
	for _, text := range []string{
		// Cards: numbers that the schemes publish for tests.
		"Please charge «4242 4242 4242 4242», thanks.",
		"Please charge «4242424242424242».",
		"«4242-4242-4242-4242» exp 12/27",
		"order 12 «4242.4242.4242.4242»",
		"«3782 822463 10005» is an Amex",
		"«42 42 42 42 42 42 42 42»",
		"«4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2»",
		"«4242\u200b42424242\u00a04242» (copied)",
		"my card «4242 42\n42 4242 4242» works",
		"> my card «4242 4242\n> 4242 4242» works",
		"full width «４２４２４２４２４２４２４２４２»",
		"カード番号«4242424242424242»です",
		"Visa«4242424242424242»",
		"«4242 4242 4242 4242» 123",
		"first «4242 4242 4242 4242», then «5555 5555 5555 4444»",
		// No cards.
		"4242 4242 4242 4241 has a wrong check digit",
		"call +4242 4242 4242 4242",
		"order number 1042424242424242",
		"a42424242424242429f is part of a hash",
		"42424242424242421234567890 is too long",
		"4242, 4242, 4242, 4242 are four numbers",
		"•••• •••• •••• 4242",
		"4 24242 424 2424242 is set off in no way of cards",
		// Accounts: the examples of the registry.
		"IBAN «DE89 3704 0044 0532 0130 00», BIC COBADEFF",
		"«de89370400440532013000»",
		"«GB29 NWBK 6016 1331 9268 19».",
		"«FR14 2004 1010 0505\n0001 3M02 606»",
		"DE88 3704 0044 0532 0130 00 has wrong check digits",
		"XDE89370400440532013000 is something else",
		// Passwords.
		"the password is «Kilo-77x» for now",
		"Password: «sommer»",
		"Password:\n«sommer»",
		"Passwort für den Router lautet «Regen!Wurm»",
		"Routerpasswort: «abc»",
		"pw «zebra9»",
		"Kennwort („«blau Kraut»“) bleibt",
		"mot de passe : «chaton12»",
		"ftp://jane:«s3cret»@files.example",
		"login: jane / «Rain_7»",
		"パスワードは«abc123»です"[:0] + "密码：«abc123»",
		"passphrase: «four small words here»",
		"I forgot my password.",
		"The password is wrong.",
		"Password reset link: https://acme.example/reset?x=1",
		"Das Passwort wurde vergessen.",
		"Please send the password to jane@x.example today.",
		"A new password for my phone 0151 555 0199 please",
		"Password: ********",
		"compass: north",
		"The access code is «118 204».",
		"Der Türcode «4711» geht nicht",
		"Ich habe «Zimtstern24!» als mein Passwort gewählt",
		"jane / «Zimtstern24!» (Passwort)",
		"password: «Toast#9x», before it was «Toast#8x» and I typed «Toast#9x» twice",
		"Das Kennwort ist «drei-kleine-enten» und geht nicht",
		"Password changed at 10:15 today",
		"Wie lautet das Kennwort für das Gäste-WLAN?",
		"Bitte das Passwort neu setzen, u.A.w.g. bis heute",
		"I use a Mac as my main machine, no password",
		"Das ist als Kennwort zu kurz",
		"",
	} {
		want := strings.NewReplacer("«", "", "»", "").Replace(text)
		var got strings.Builder
		last := 0
		for _, s := range Find(want) {
			got.WriteString(want[last:s.Start] + "«" + want[s.Start:s.End] + "»")
			last = s.End
		}
		got.WriteString(want[last:])
		if strings.NewReplacer(".»", "».", ",»", "»,").Replace(got.String()) != text {
			t.Errorf("%q\n found %q", text, got.String())
		}
	}
}

func TestMask(t *testing.T) {
	for in, want := range map[string]string{
		"card 4242 4242 4242 4242.":         "card •••• •••• •••• 4242.",
		"IBAN DE89 3704 0044 0532 0130 00":  "IBAN •••• •••• •••• •••• ••30 00",
		"password: sommer\nregards, Jane":   "password: ••••••••\nregards, Jane",
		"card 4242-4242\n4242-4242, see it": "card ••••-••••\n••••-4242, see it",
	} {
		got, found := Mask(in)
		if got != want || !found {
			t.Errorf("%q became %q, not %q", in, got, want)
		}
		if again, _ := Mask(got); again != got {
			t.Errorf("%q became %q when masked again", got, again)
		}
	}
	if got, found := Mask("nothing in it"); got != "nothing in it" || found {
		t.Error("a text without secrets was changed")
	}
}

// Every number that an issuer may give out is found, however it is written and whatever stands around it.
func TestEveryCardIsFound(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		s := schemes[r.IntN(len(schemes))]
		digits := fmt.Sprint(s.from + r.IntN(s.to-s.from+1))
		for n := s.min + r.IntN(s.max-s.min+1); len(digits) < n-1; {
			digits += fmt.Sprint(r.IntN(10))
		}
		for d := '0'; d <= '9'; d++ {
			if checked([]byte(digits + string(d))) {
				digits += string(d)
				break
			}
		}
		gaps := []string{"", " ", "-", " - ", "\u00a0", ".", "\u2009", "/", "\n", " \n> "}
		sizes := []int{1, 2, 4, 4, 4, 5, 6, 8, 19}
		gap, size := gaps[r.IntN(len(gaps))], sizes[r.IntN(len(sizes))]
		var written strings.Builder
		for i := 0; i < len(digits); i += size {
			if i > 0 {
				written.WriteString(gap)
			}
			written.WriteString(digits[i:min(len(digits), i+size)])
		}
		around := []string{"", "my card ", "Karte: ", "(", "nr "}
		text := around[r.IntN(len(around))] + written.String() + []string{"", ".", " please", ")"}[r.IntN(4)]
		masked, _ := Mask(text)
		if strings.Contains(plainDigits(masked), digits[:8]) {
			t.Fatalf("%q became %q", text, masked)
		}
	}
}

func plainDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
}

func FuzzMask(f *testing.F) {
	f.Add("card 4242 4242 4242 4242, password: x")
	f.Add("DE89 3704 0044 0532 0130 00 pin \xff 1234")
	f.Add("X D E 8 9 3704 0044 0532 0130 00")
	f.Add("4\u00ad2\u00ad4242424242\u06602424242 d\u0301e89")
	f.Fuzz(func(t *testing.T, text string) {
		if all := symbols(text); !mayHoldNumber(text) && len(cards(text, all))+len(accounts(all)) > 0 {
			t.Fatalf("%q holds a number, and the quick look says that it cannot", text)
		}
		last := 0
		for _, s := range Find(text) {
			if s.Start < last || s.End <= s.Start || s.End > len(text) {
				t.Fatalf("%q: %+v overlaps or is empty", text, s)
			}
			last = s.End
		}
		if masked, _ := Mask(text); utf8.ValidString(text) && !utf8.ValidString(masked) {
			t.Fatalf("%q became %q", text, masked)
		}
	})
}

func BenchmarkMask(b *testing.B) {
	text := strings.Repeat("Hello, the printer on the second floor (order 20261129) stops whenever somebody prints more than ten pages.\n", 10)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Mask(text)
	}
}
