package thread

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestIsForward(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"Fwd: Pump": true, "FW: Pump": true, "WG: Pumpe": true, "TR: Pompe": true, "RV: Bomba": true, "转发: 泵": true, "轉寄：泵": true, "Pump (fwd)": true, "[petra@holm.example: [#7] Pump]": true, "Fwd: Re: Pump": true,
		"Pump": false, "Re: Fwd: Pump": false, "[#7] Fwd: Pump": false, "AW: WG: Pumpe": false, "[list] Pump": false, "": false, "Answer: Pump": false,
	} {
		if IsForward(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
}

// A colon is found where strings.IndexAny finds it, also in what is no UTF-8.
func TestColon(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", ":", "：", "\xef", "\xbc", "\x9a", "é", "回复"})).Draw(t, "s"), "")
		if got, want := colon(s), strings.IndexAny(s, ":："); got != want {
			t.Fatalf("%q: %d, not %d", s, got, want)
		}
	})
}

func TestSameSubject(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"Re: [#7] Pump", "[#7] Pump", true},
		{"AW: EXTERNAL: Pump", "[#7] Pump", true},
		{"RE: Something else [#7]", "[#7] Pump", true},
		{"Re: Pump [EXTERNAL]", "Pump", true},
		{"Pump (External) [spam]", "[#7] Pump", true},
		{"⚠\ufe0f Re: Pump", "Pump", true},
		{"⚠ [#7\u200b] Boiler", "[#7] Pump", true},
		{"⚠ Pump", "Pump", false},
		{"Pump [left]", "Pump", false},
		{"[External]", "", false},
		{"Atb.: Pump", "[#7] Pump", true},
		{"Antw.: Pump", "[#7] Pump", true},
		{"ตอบ: Pump", "[#7] Pump", true},
		{"Something else", "[#7] Pump", false},
		{"[#8] Something else", "[#7] Pump", false},
	} {
		if SameSubject(c.a, c.b) != c.want {
			t.Errorf("%q and %q: %v", c.a, c.b, !c.want)
		}
	}
}

func TestHasMark(t *testing.T) {
	for s, want := range map[string]bool{"Re: [#12] Where is /close": true, "[list] AW: Drucker": true, "EXTERNAL: Fwd: printer": true, "WG: Drucker": true, "回复：打印机": true,
		" RV: impresora": true, "/close": false, "[#12] Printer": false, "Printer: none": false, "": false, "[list]": false} {
		if HasMark(s) != want {
			t.Errorf("%q: wanted %v", s, want)
		}
	}
}

func TestHasUnknownMark(t *testing.T) {
	for s, want := range map[string]bool{
		"העבר: [#12] Printer": true, "\u200fהעבר: [#12] Printer": true, "Byt: [#12] Printer": true, "XY： [#12] Printer": true,
		"Re: [#12] Printer": false, "AW: [#12] Printer": false, "Fwd: [#12] Printer": false, "EXTERNAL: [#12] Printer": false,
		"[#12] Printer": false, "Printer: it jams": false, "Printer 7: [#12]": false, ": [#12]": false, "": false,
	} {
		if HasUnknownMark(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
}

func TestIsLeftOf(t *testing.T) {
	t.Parallel()
	const base = "boiler of house nine loses water since the last visit"
	for subject, want := range map[string]bool{
		base: true, base[:40]: true, base[:20] + "...": true, base[:20] + "…": true, base + ".": true, base + " - [spam]": true,
		base + " (external)": true, base + " https://gate.example/v3/x": true, "https://gate.example/" + " " + base: true,
		base[:20]: false, base[:8] + "…": false, base + " again": false, "another boiler": false, "": false, "...": false, "boiler": false,
	} {
		if IsLeftOf(subject, base, false) != want {
			t.Errorf("%q: %v", subject, !want)
		}
	}
	if !IsLeftOf(base[:20], base, true) || IsLeftOf(base[:10], base, true) {
		t.Error("a number beside the subject")
	}
	if IsLeftOf("", "", true) || IsLeftOf("boiler now", "boiler", true) ||
		!IsLeftOf("error at https://gate.example/?u=1", "error at https://shop.example/a", false) {
		t.Error("two empty ones, a short one with a word behind it, or one URL for another")
	}
}

func TestMarksJoinedByADash(t *testing.T) {
	t.Parallel()
	for s, reply := range map[string]bool{"RE - Pump": true, "Re – [#7] Pump": true, "AW - Pump": true, "R - Pump": false, "Na - Pump": false,
		"Reed - Pump": false, "FW - Pump": false, "Pump - re - x": false} {
		if IsReply(s) != reply {
			t.Errorf("%q: %v", s, !reply)
		}
	}
	if BaseSubject("RE - Pump") != "pump" || BaseSubject("Re: {Disarmed} Pump") != "pump" || BaseSubject("[#7]: Pump") != "pump" {
		t.Error(BaseSubject("RE - Pump"), BaseSubject("Re: {Disarmed} Pump"))
	}
	for _, s := range []string{"[＃１０４２] Pump", "［#1042］ Pump", "[\u200e#1042\u00a0] Pump"} {
		if n := Numbers(s); len(n) != 1 || n[0] != 1042 {
			t.Errorf("%q: %v", s, n)
		}
	}
}
